import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import followup.kinds
import goals.models.fields
import goals.periods
from django.conf import settings
from django.db import migrations, models


def deadlines_of_rounds(apps, schema_editor):
    """Until now every report had the deadline of its round."""
    submissions = apps.get_model('followup', 'Submission').objects.filter(deadline=None)
    rounds = apps.get_model('followup', 'Round').objects.filter(pk=models.OuterRef('round'))
    submissions.update(deadline=models.Subquery(rounds.values('entry_deadline')[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0001_initial'),
        ('goals', '0002_decisions_and_origin'),
        ('organisation', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='hvorfor vi lader det være')),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'accept af afvigelse',
            },
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=300, verbose_name='Hvad?')),
                ('due_date', models.DateField(verbose_name='Hvornår?')),
                ('expected_effect', models.TextField(blank=True, verbose_name='Hvad venter vi, at det fører til?')),
                ('state', models.CharField(choices=[('open', 'i gang'), ('done', 'udført'), ('dropped', 'droppet')], default=followup.kinds.ActionState['OPEN'], max_length=7, verbose_name='tilstand')),
                ('worked', models.CharField(blank=True, choices=[('yes', 'ja, det virkede'), ('partly', 'det virkede delvist'), ('no', 'nej, det virkede ikke'), ('unknown', 'det kan ikke ses endnu')], max_length=7, verbose_name='Virkede det?')),
                ('result', models.TextField(blank=True, verbose_name='hvad der kom ud af det')),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name': 'handling',
                'ordering': ['due_date', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_closed', models.BooleanField(default=False, verbose_name='lukket punkt')),
                ('closed_reason', models.CharField(blank=True, help_text='Skriv, hvorfor netop dette punkt er lukket', max_length=300, verbose_name='grund til lukning')),
                ('public_title', models.CharField(blank=True, help_text='En neutral titel, som alle må se', max_length=200, verbose_name='offentlig titel')),
                ('public_text', models.TextField(blank=True, help_text='Så langt tavshedspligten tillader det', verbose_name='beslutning, der kan offentliggøres')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='punkt')),
                ('title', models.CharField(max_length=200, verbose_name='overskrift')),
                ('text', models.TextField(blank=True, verbose_name='sagen kort')),
                ('recommendation', models.TextField(blank=True, verbose_name='indstilling')),
                ('is_for_decision', models.BooleanField(default=True, verbose_name='til beslutning')),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name': 'punkt på dagsordenen',
                'ordering': ['position', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Board',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='navn')),
                ('rule', models.CharField(help_text='Fx hver 14. dag eller hver måned', max_length=120, verbose_name='møder')),
                ('first_meeting', models.DateField(verbose_name='første møde')),
                ('meeting_time', models.TimeField(blank=True, null=True, verbose_name='klokken')),
                ('is_active', models.BooleanField(default=True, verbose_name='i brug')),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name': 'tavle',
                'ordering': ['unit__position', 'name'],
            },
        ),
        migrations.CreateModel(
            name='BoardMeeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='dag')),
                ('state', models.CharField(choices=[('planned', 'planlagt'), ('open', 'i gang'), ('closed', 'afsluttet')], default=followup.kinds.MeetingState['PLANNED'], max_length=7)),
                ('opened_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('note', models.TextField(blank=True, verbose_name='hvad vi ellers talte om')),
                ('shown', models.JSONField(blank=True, default=list)),
            ],
            options={
                'verbose_name': 'tavlemøde',
                'ordering': ['-day'],
            },
        ),
        migrations.CreateModel(
            name='BoardPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('explanation', models.TextField(verbose_name='forklaring')),
                ('written_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'forklaring på tavlen',
            },
        ),
        migrations.CreateModel(
            name='BoardSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('focus_area', models.CharField(max_length=60, verbose_name='fokusområde')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='rækkefølge')),
            ],
            options={
                'verbose_name': 'indikator på tavlen',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'kalenderadresse',
            },
        ),
        migrations.CreateModel(
            name='FollowUpSettings',
            fields=[
                ('authority', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='followup_settings', serialize=False, to='organisation.authority')),
                ('division', models.CharField(choices=[('few', 'Byrådet følger få mål'), ('broad', 'Byrådet følger sine egne og udvalgenes mål'), ('committees', 'Kun udvalgene følger mål')], default=followup.kinds.Division['FEW'], max_length=10, verbose_name='arbejdsdeling')),
                ('agenda_days', models.PositiveSmallIntegerField(default=4, verbose_name='dagsordenen er ude, hverdage før mødet')),
                ('material_days', models.PositiveSmallIntegerField(default=3, verbose_name='materialet er ude, hverdage før mødet')),
                ('answer_days', models.PositiveSmallIntegerField(default=3, verbose_name='spørgsmål er besvaret, hverdage før mødet')),
                ('constitution_day_counts', models.BooleanField(default=True, verbose_name='Grundlovsdag er en hverdag')),
                ('christmas_eve_counts', models.BooleanField(default=True, verbose_name='24. december er en hverdag')),
                ('new_years_eve_counts', models.BooleanField(default=True, verbose_name='31. december er en hverdag')),
            ],
            options={
                'verbose_name': 'indstillinger for opfølgning',
            },
        ),
        migrations.CreateModel(
            name='Intervention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', goals.models.fields.PeriodCodeField(verbose_name='periode')),
                ('period_end', models.DateField()),
                ('text', models.CharField(max_length=200, verbose_name='hvad vi gjorde')),
                ('freezes_median', models.BooleanField(default=True, verbose_name='fasthold medianen herfra')),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'ændring, der er gjort',
                'ordering': ['period_end', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('message_id', models.CharField(max_length=200, unique=True)),
                ('subject', models.CharField(max_length=300)),
                ('text', models.TextField()),
                ('html', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('waiting', 'venter'), ('sent', 'sendt'), ('kept', 'gemt, ingen mailserver'), ('given_up', 'kunne ikke sendes')], default=followup.kinds.MailState['WAITING'], max_length=8)),
                ('created_at', models.DateTimeField()),
                ('next_try_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'mail',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='MailOptOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(choices=[('ahead', 'frister, der ligger 14 og 3 dage ude i fremtiden'), ('answers', 'svar på spørgsmål'), ('reports', 'rapporter, der er klar')], max_length=8)),
            ],
            options={
                'verbose_name': 'fravalg af mail',
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period_kind', models.CharField(choices=[('day', 'hver dag'), ('week', 'hver uge'), ('fortnight', 'hver 14. dag'), ('month', 'hver måned'), ('quarter', 'hvert kvartal'), ('tertial', 'hvert tertial'), ('half_year', 'hvert halvår'), ('year', 'hvert år'), ('school_year', 'hvert skoleår'), ('span', 'flere år ad gangen'), ('wave', 'ved hver undersøgelse')], default=goals.periods.PeriodKind['QUARTER'], max_length=12, verbose_name='følger op på')),
                ('rule', models.CharField(help_text='Fx kvartalsvis, hver måned eller 1. tirsdag i marts og september', max_length=120, verbose_name='hvor tit')),
                ('first_meeting', models.DateField(help_text='Ugedagen og rytmen regnes herfra', verbose_name='første møde')),
                ('meeting_time', models.TimeField(blank=True, null=True, verbose_name='klokken')),
                ('meeting_place', models.CharField(blank=True, max_length=100, verbose_name='sted')),
                ('follows', models.CharField(choices=[('own', 'egne mål'), ('own_and_below', 'egne mål og de højest prioriterede mål i enhederne'), ('chosen', 'udvalgte indikatorer')], default=followup.kinds.Follows['OWN'], max_length=14, verbose_name='det følges')),
                ('most_below', models.PositiveSmallIntegerField(default=3, help_text='De højest prioriterede', verbose_name='så mange mål fra hver enhed')),
                ('entry_days', models.PositiveSmallIntegerField(default=15, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(90)], verbose_name='enhederne har sendt')),
                ('department_days', models.PositiveSmallIntegerField(default=13, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(90)], verbose_name='afdelingerne har sendt')),
                ('directorate_days', models.PositiveSmallIntegerField(default=12, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(90)], verbose_name='forvaltningerne har sendt')),
                ('approval_days', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(90)], verbose_name='alt er godkendt')),
                ('conclusion_days', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(90)], verbose_name='konklusionen er skrevet')),
                ('is_active', models.BooleanField(default=True, verbose_name='i brug')),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name': 'plan for opfølgning',
                'ordering': ['body__position', 'period_kind'],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_closed', models.BooleanField(default=False, verbose_name='lukket punkt')),
                ('closed_reason', models.CharField(blank=True, help_text='Skriv, hvorfor netop dette punkt er lukket', max_length=300, verbose_name='grund til lukning')),
                ('public_title', models.CharField(blank=True, help_text='En neutral titel, som alle må se', max_length=200, verbose_name='offentlig titel')),
                ('public_text', models.TextField(blank=True, help_text='Så langt tavshedspligten tillader det', verbose_name='beslutning, der kan offentliggøres')),
                ('text', models.TextField(verbose_name='spørgsmål')),
                ('asked_at', models.DateTimeField()),
                ('due_date', models.DateField(verbose_name='besvares senest')),
                ('answer', models.TextField(blank=True, verbose_name='svar')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'spørgsmål',
                'ordering': ['-asked_at', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('object_id', models.BigIntegerField()),
                ('stage', models.SmallIntegerField(null=True)),
                ('day', models.DateField()),
            ],
            options={
                'verbose_name': 'påmindelse',
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='visit', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('day', models.DateField()),
                ('before', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'besøg',
            },
        ),
        migrations.CreateModel(
            name='YearEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('meeting', 'møde uden opfølgning'), ('fixed_point', 'budget og regnskab'), ('vacation', 'ferie')], max_length=12, verbose_name='art')),
                ('title', models.CharField(blank=True, max_length=100, verbose_name='tekst')),
                ('day', models.DateField(verbose_name='dag')),
                ('last_day', models.DateField(blank=True, null=True, verbose_name='til og med')),
            ],
            options={
                'verbose_name': 'fast punkt',
                'ordering': ['day', 'pk'],
            },
        ),
        migrations.RenameField(
            model_name='assessment',
            old_name='narrative',
            new_name='what_happened',
        ),
        migrations.AddField(
            model_name='assessment',
            name='beyond_numbers',
            field=models.TextField(blank=True, help_text='Resultater, der kan ses, men ikke tælles', verbose_name='Det, tallene ikke viser'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='computed_light',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name='assessment',
            name='own_light',
            field=models.CharField(blank=True, max_length=10, verbose_name='lederens vurdering'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='own_reason',
            field=models.TextField(blank=True, verbose_name='begrundelse'),
        ),
        migrations.AlterField(
            model_name='assessment',
            name='what_happened',
            field=models.TextField(blank=True, verbose_name='Hvad er sket?'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='what_we_do',
            field=models.TextField(blank=True, verbose_name='Hvad gør vi nu?'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='why',
            field=models.TextField(blank=True, verbose_name='Hvorfor?'),
        ),
        migrations.AddField(
            model_name='round',
            name='agenda_date',
            field=models.DateField(blank=True, null=True, verbose_name='dagsordenen er ude'),
        ),
        migrations.AddField(
            model_name='round',
            name='concluded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='round',
            name='concluded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='round',
            name='conclusion',
            field=models.TextField(blank=True, verbose_name='konklusion'),
        ),
        migrations.AddField(
            model_name='round',
            name='conclusion_date',
            field=models.DateField(blank=True, null=True, verbose_name='konklusionen er skrevet'),
        ),
        migrations.AddField(
            model_name='round',
            name='department_deadline',
            field=models.DateField(blank=True, null=True, verbose_name='frist for afdelinger'),
        ),
        migrations.AddField(
            model_name='round',
            name='directorate_deadline',
            field=models.DateField(blank=True, null=True, verbose_name='frist for forvaltninger'),
        ),
        migrations.AddField(
            model_name='round',
            name='material_date',
            field=models.DateField(blank=True, null=True, verbose_name='materialet er ude'),
        ),
        migrations.AddField(
            model_name='round',
            name='meeting_place',
            field=models.CharField(blank=True, max_length=100, verbose_name='sted'),
        ),
        migrations.AddField(
            model_name='round',
            name='meeting_time',
            field=models.TimeField(blank=True, null=True, verbose_name='klokken'),
        ),
        migrations.AddField(
            model_name='submission',
            name='deadline',
            field=models.DateField(null=True, verbose_name='frist'),
        ),
        migrations.RunPython(deadlines_of_rounds, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='submission',
            name='deadline',
            field=models.DateField(verbose_name='frist'),
        ),
        migrations.AddField(
            model_name='submission',
            name='late_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='begrundelse'),
        ),
        migrations.AddField(
            model_name='submission',
            name='late_until',
            field=models.DateField(blank=True, null=True, verbose_name='må indberette til og med'),
        ),
        migrations.AddField(
            model_name='submission',
            name='reviewed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='submission',
            name='reviewed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='submission',
            name='state',
            field=models.CharField(choices=[('draft', 'kladde'), ('submitted', 'sendt til godkendelse'), ('in_review', 'under behandling'), ('returned', 'sendt tilbage'), ('approved', 'godkendt')], default=followup.kinds.SubmissionState['DRAFT'], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('own_light', ''), models.Q(('own_reason', ''), _negated=True), _connector='OR'), name='assessment_own_light_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_review'), _negated=True), ('reviewed_by__isnull', False), _connector='OR'), name='submission_reviewed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('late_until__isnull', True), models.Q(('late_reason', ''), _negated=True), _connector='OR'), name='submission_late_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('decided_by', models.F('submitted_by')), _negated=True), _connector='OR'), name='submission_approved_by_another'),
        ),
        migrations.AddField(
            model_name='acceptance',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acceptances', to='organisation.authority'),
        ),
        migrations.AddField(
            model_name='acceptance',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='acceptance',
            name='goal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='acceptances', to='goals.goal'),
        ),
        migrations.AddField(
            model_name='acceptance',
            name='round',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='acceptances', to='followup.round'),
        ),
        migrations.AddField(
            model_name='acceptance',
            name='series',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='acceptances', to='goals.series'),
        ),
        migrations.AddField(
            model_name='action',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='organisation.authority'),
        ),
        migrations.AddField(
            model_name='action',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='action',
            name='decision',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='goals.decision', verbose_name='følger af'),
        ),
        migrations.AddField(
            model_name='action',
            name='goal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='goals.goal', verbose_name='for målet'),
        ),
        migrations.AddField(
            model_name='action',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to=settings.AUTH_USER_MODEL, verbose_name='Hvem?'),
        ),
        migrations.AddField(
            model_name='action',
            name='series',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='goals.series', verbose_name='for indikatoren'),
        ),
        migrations.AddField(
            model_name='action',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='organisation.unit', verbose_name='enhed'),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agenda_items', to='organisation.authority'),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agenda_items', to='organisation.unit', verbose_name='udvalg'),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='decision',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agenda_item', to='goals.decision', verbose_name='beslutning'),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='goal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='agenda_items', to='goals.goal', verbose_name='om målet'),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agenda_items', to='followup.round', verbose_name='opfølgning'),
        ),
        migrations.AddField(
            model_name='board',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='boards', to='organisation.authority'),
        ),
        migrations.AddField(
            model_name='board',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='boards', to='organisation.unit', verbose_name='enhed'),
        ),
        migrations.AddField(
            model_name='boardmeeting',
            name='board',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='followup.board'),
        ),
        migrations.AddField(
            model_name='boardmeeting',
            name='closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='boardmeeting',
            name='opened_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='action',
            name='meeting',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='actions', to='followup.boardmeeting', verbose_name='tavlemøde'),
        ),
        migrations.AddField(
            model_name='acceptance',
            name='meeting',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='acceptances', to='followup.boardmeeting'),
        ),
        migrations.AddField(
            model_name='boardpoint',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='followup.boardmeeting'),
        ),
        migrations.AddField(
            model_name='boardpoint',
            name='series',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='goals.series'),
        ),
        migrations.AddField(
            model_name='boardpoint',
            name='written_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='boardseries',
            name='board',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='board_series', to='followup.board'),
        ),
        migrations.AddField(
            model_name='boardseries',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ansvarlig'),
        ),
        migrations.AddField(
            model_name='boardseries',
            name='series',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='board_series', to='goals.series'),
        ),
        migrations.AddField(
            model_name='calendarfeed',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feeds', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='intervention',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='intervention',
            name='series',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interventions', to='goals.series'),
        ),
        migrations.AddField(
            model_name='mail',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='organisation.authority'),
        ),
        migrations.AddField(
            model_name='mail',
            name='to',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mailoptout',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mail_opt_outs', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='plan',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='plans', to='organisation.authority'),
        ),
        migrations.AddField(
            model_name='plan',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='organisation.unit', verbose_name='udvalg'),
        ),
        migrations.AddField(
            model_name='plan',
            name='series',
            field=models.ManyToManyField(blank=True, related_name='plans', to='goals.series', verbose_name='indikatorer'),
        ),
        migrations.AddField(
            model_name='round',
            name='plan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='rounds', to='followup.plan'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('department_deadline__isnull', True), models.Q(('department_deadline__gte', models.F('entry_deadline')), ('department_deadline__lte', models.F('approval_deadline'))), _connector='OR'), name='round_departments_after_units'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('directorate_deadline__isnull', True), models.Q(('directorate_deadline__gte', django.db.models.functions.comparison.Coalesce('department_deadline', 'entry_deadline')), ('directorate_deadline__lte', models.F('approval_deadline'))), _connector='OR'), name='round_directorates_after_departments'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('agenda_date__isnull', True), ('agenda_date__lte', django.db.models.functions.comparison.Coalesce('material_date', 'meeting_date')), _connector='OR'), name='round_agenda_before_material'),
        ),
        migrations.AddField(
            model_name='question',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='questions_answered', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='question',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions_asked', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='question',
            name='assigned_to',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions_assigned', to=settings.AUTH_USER_MODEL, verbose_name='besvares af'),
        ),
        migrations.AddField(
            model_name='question',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='organisation.authority'),
        ),
        migrations.AddField(
            model_name='question',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='organisation.unit', verbose_name='udvalg'),
        ),
        migrations.AddField(
            model_name='question',
            name='goal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='goals.goal', verbose_name='om målet'),
        ),
        migrations.AddField(
            model_name='question',
            name='series',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='goals.series', verbose_name='om indikatoren'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reminder',
            name='mail',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reminders', to='followup.mail'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='yearevent',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='year_events', to='organisation.authority'),
        ),
        migrations.AddField(
            model_name='yearevent',
            name='body',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='year_events', to='organisation.unit', verbose_name='udvalg'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(('is_closed', False), models.Q(models.Q(('closed_reason', ''), _negated=True), models.Q(('public_title', ''), _negated=True)), _connector='OR'), name='agendaitem_closed_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='board',
            constraint=models.UniqueConstraint(fields=('unit', 'name'), name='board_name_once_per_unit'),
        ),
        migrations.AddConstraint(
            model_name='boardmeeting',
            constraint=models.UniqueConstraint(fields=('board', 'day'), name='board_meeting_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='boardmeeting',
            constraint=models.UniqueConstraint(condition=models.Q(('state', followup.kinds.MeetingState['OPEN'])), fields=('board',), name='board_meeting_one_open'),
        ),
        migrations.AddConstraint(
            model_name='boardmeeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', followup.kinds.MeetingState['CLOSED']), _negated=True), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='board_meeting_closed_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(fields=['owner', 'state', 'due_date'], name='action_of_owner'),
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(fields=['authority', 'state', 'due_date'], name='action_of_authority'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', followup.kinds.ActionState['OPEN'])), models.Q(models.Q(('state', followup.kinds.ActionState['OPEN']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='action_ended_when_not_open'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', followup.kinds.ActionState['DONE']), _negated=True), models.Q(('worked', ''), _negated=True), _connector='OR'), name='action_done_says_whether_it_worked'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', followup.kinds.ActionState['DROPPED']), _negated=True), models.Q(('result', ''), _negated=True), _connector='OR'), name='action_dropped_says_why'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('goal__isnull', False), ('meeting__isnull', True), ('round__isnull', False), ('series__isnull', True)), models.Q(('goal__isnull', True), ('meeting__isnull', False), ('round__isnull', True), ('series__isnull', False)), _connector='OR'), name='acceptance_of_goal_or_series'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='acceptance_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.UniqueConstraint(condition=models.Q(('round__isnull', False)), fields=('round', 'goal'), name='acceptance_once_per_goal'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.UniqueConstraint(condition=models.Q(('meeting__isnull', False)), fields=('meeting', 'series'), name='acceptance_once_per_series'),
        ),
        migrations.AddConstraint(
            model_name='boardpoint',
            constraint=models.UniqueConstraint(fields=('meeting', 'series'), name='board_point_once_per_series'),
        ),
        migrations.AddConstraint(
            model_name='boardseries',
            constraint=models.UniqueConstraint(fields=('board', 'series'), name='board_series_once'),
        ),
        migrations.AddConstraint(
            model_name='calendarfeed',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('user',), name='calendar_feed_one_in_use'),
        ),
        migrations.AddConstraint(
            model_name='intervention',
            constraint=models.UniqueConstraint(fields=('series', 'period_end'), name='intervention_once_per_period'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('state', followup.kinds.MailState['WAITING'])), fields=['next_try_at'], name='mail_waiting'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(fields=['authority', '-created_at'], name='mail_log'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', followup.kinds.MailState['SENT']), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='mail_sent_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='mailoptout',
            constraint=models.UniqueConstraint(fields=('user', 'topic'), name='mail_opt_out_once'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(fields=('body', 'period_kind'), name='plan_once_per_rhythm'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(('entry_days__gte', models.F('department_days')), ('department_days__gte', models.F('directorate_days')), ('directorate_days__gte', models.F('approval_days')), ('approval_days__gte', models.F('conclusion_days'))), name='plan_lowest_level_first'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['assigned_to', 'answered_at', 'due_date'], name='question_of_person'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['body', '-asked_at'], name='question_of_body'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('is_closed', False), models.Q(models.Q(('closed_reason', ''), _negated=True), models.Q(('public_title', ''), _negated=True)), _connector='OR'), name='question_closed_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='question_answered_whole'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='question_has_text'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(fields=['kind', 'object_id', '-day'], name='reminder_of_object'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(condition=models.Q(('stage__isnull', False)), fields=('kind', 'object_id', 'user', 'stage'), name='reminder_once_per_stage'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(condition=models.Q(('stage__isnull', True)), fields=('kind', 'object_id', 'user', 'day'), name='reminder_by_hand_once_a_day'),
        ),
        migrations.AddIndex(
            model_name='yearevent',
            index=models.Index(fields=['authority', 'day'], name='year_event_of_authority'),
        ),
        migrations.AddConstraint(
            model_name='yearevent',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('day')), _connector='OR'), name='year_event_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='yearevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', followup.kinds.EventKind['MEETING']), _negated=True), ('body__isnull', False), _connector='OR'), name='year_event_meeting_of_body'),
        ),
    ]
