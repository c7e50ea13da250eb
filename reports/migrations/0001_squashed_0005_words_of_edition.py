import django.db.models.deletion
import reports.job_kinds
from django.conf import settings
from django.db import migrations, models

from reports.guards import guard, unguard


def put_up(apps, schema_editor):
    guard(schema_editor.connection)


def take_down(apps, schema_editor):
    unguard(schema_editor.connection)


class Migration(migrations.Migration):

    replaces = [
        ('reports', '0001_reports_and_editions'),
        ('reports', '0002_templates_and_subjects'),
        ('reports', '0003_made_in_the_background'),
        ('reports', '0004_subscriptions'),
        ('reports', '0005_words_of_edition'),
    ]

    initial = True

    dependencies = [
        ('followup', '0009_weakened_on_agenda'),
        ('goals', '0004_goals_that_steer'),
        ('organisation', '0006_own_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=8)),
                ('version', models.PositiveIntegerField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('cancelled', 'cancelled')], default=reports.job_kinds.JobState['WAITING'], max_length=9)),
                ('step', models.CharField(blank=True, choices=[('reading', 'reading'), ('pages', 'pages'), ('writing', 'writing'), ('files', 'files'), ('storing', 'storing')], max_length=8)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(null=True)),
                ('token', models.CharField(blank=True, max_length=32)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, choices=[('broken', 'broken'), ('crashed', 'crashed'), ('too_long', 'too_long'), ('disk_full', 'disk_full'), ('changed', 'changed'), ('not_possible', 'not_possible'), ('not_allowed', 'not_allowed')], max_length=12)),
                ('code', models.CharField(blank=True, max_length=4)),
                ('made_at', models.DateTimeField()),
                ('heartbeat', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='followup.round')),
            ],
            options={
                'verbose_name': 'job',
                'ordering': ['-made_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('state__in', (reports.job_kinds.JobState['WAITING'], reports.job_kinds.JobState['RUNNING']))), fields=['made_at'], name='job_queue'), models.Index(fields=['by', '-ended_at'], name='job_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', (reports.job_kinds.JobState['WAITING'], reports.job_kinds.JobState['RUNNING']))), models.Q(models.Q(('state__in', (reports.job_kinds.JobState['WAITING'], reports.job_kinds.JobState['RUNNING'])), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='job_ended_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', reports.job_kinds.JobState['RUNNING']), _negated=True), models.Q(('heartbeat__isnull', False), models.Q(('token', ''), _negated=True)), _connector='OR'), name='job_running_has_a_worker'), models.CheckConstraint(condition=models.Q(models.Q(('error__gt', ''), ('state', reports.job_kinds.JobState['FAILED'])), models.Q(models.Q(('state', reports.job_kinds.JobState['FAILED']), _negated=True), ('error', '')), _connector='OR'), name='job_failed_for_a_reason'), models.CheckConstraint(condition=models.Q(('total', None), ('done__lte', models.F('total')), _connector='OR'), name='job_done_of_total'), models.UniqueConstraint(condition=models.Q(('state__in', (reports.job_kinds.JobState['WAITING'], reports.job_kinds.JobState['RUNNING']))), fields=('report', 'kind', 'by'), name='job_asked_for_once')],
            },
        ),
        migrations.CreateModel(
            name='MadeFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=8)),
                ('fingerprint', models.CharField(max_length=64)),
                ('data', models.BinaryField()),
                ('pages', models.PositiveIntegerField(null=True)),
                ('made_at', models.DateTimeField()),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='followup.round')),
            ],
            options={
                'verbose_name': 'lavet fil',
                'constraints': [models.UniqueConstraint(fields=('report', 'kind'), name='made_file_once')],
            },
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('token', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('heartbeat', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'arbejder',
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('template', models.SlugField(blank=True, max_length=40, verbose_name='skabelon')),
                ('highlights', models.TextField(blank=True, verbose_name='fremhævet')),
                ('recommendation', models.TextField(blank=True, verbose_name='indstilling')),
                ('state', models.CharField(choices=[('draft', 'kladde'), ('approved', 'godkendt'), ('published', 'offentliggjort')], default='draft', max_length=10, verbose_name='tilstand')),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('goal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='goals.goal', verbose_name='mål')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='followup.round', verbose_name='opfølgning')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit', verbose_name='enhed')),
            ],
            options={
                'verbose_name': 'opfølgningsrapport',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='report_approved_by_somebody'), models.CheckConstraint(condition=models.Q(('unit__isnull', True), ('goal__isnull', True), _connector='OR'), name='report_about_a_unit_or_a_goal'), models.UniqueConstraint(condition=models.Q(('goal__isnull', True), ('unit__isnull', True)), fields=('round', 'template'), name='report_once'), models.UniqueConstraint(condition=models.Q(('unit__isnull', False)), fields=('round', 'template', 'unit'), name='report_once_a_unit'), models.UniqueConstraint(condition=models.Q(('goal__isnull', False)), fields=('round', 'template', 'goal'), name='report_once_a_goal')],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='udgave')),
                ('content', models.TextField()),
                ('words', models.JSONField(default=dict, editable=False)),
                ('sha256', models.CharField(max_length=64, verbose_name='kontrolkode')),
                ('published_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=500, verbose_name='begrundelse')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='reports.report')),
            ],
            options={
                'verbose_name': 'udgave',
                'ordering': ['report', '-number'],
                'constraints': [models.UniqueConstraint(fields=('report', 'number'), name='edition_number_once'), models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('report',), name='edition_one_in_force'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True), ('withdrawn_reason', '')), models.Q(('withdrawn_at__gte', models.F('published_at')), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='edition_withdrawn_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='EditionFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('data', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, verbose_name='kontrolkode')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reports.edition')),
            ],
            options={
                'verbose_name': 'fil',
                'constraints': [models.UniqueConstraint(fields=('edition', 'kind'), name='edition_file_kind_once')],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_wanted', models.BooleanField(default=True)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='organisation.unit')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'abonnement',
                'constraints': [models.UniqueConstraint(fields=('user', 'unit'), name='subscription_once')],
            },
        ),
        migrations.CreateModel(
            name='MonthlyMail',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='monthly_mail', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('since', models.DateField()),
            ],
            options={
                'verbose_name': 'månedsmail',
            },
        ),
        migrations.CreateModel(
            name='UnitLights',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('lights', models.JSONField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='monthly_lights', to='organisation.unit')),
            ],
            options={
                'verbose_name': 'månedens status',
                'constraints': [models.UniqueConstraint(fields=('unit', 'day'), name='unit_lights_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='ReportTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('byraad', 'Rapport til byrådet'), ('udvalg', 'Rapport til udvalget'), ('aar', 'Årsrapport om målene'), ('enhed', 'Status for en enhed'), ('tvaergaaende', 'Status for et tværgående mål'), ('plakat', 'Plakat')], max_length=14, verbose_name='slags')),
                ('slug', models.SlugField(max_length=40, verbose_name='adresse')),
                ('name', models.CharField(db_collation='"da-x-icu"', max_length=80, verbose_name='navn')),
                ('parts', models.JSONField(default=list, verbose_name='afsnit')),
                ('depth', models.CharField(choices=[('own', 'kun egne mål'), ('one_below', 'egne mål og målene lige under'), ('all', 'egne mål og alle mål under')], default='own', max_length=10, verbose_name='hvor dybt')),
                ('overview_pages', models.PositiveSmallIntegerField(choices=[(1, 'én side'), (2, 'to sider')], default=2, verbose_name='overblikket')),
                ('is_offered', models.BooleanField(default=True, verbose_name='kan vælges')),
                ('version', models.PositiveIntegerField(default=1)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='report_templates', to='organisation.authority')),
            ],
            options={
                'verbose_name': 'rapportskabelon',
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('authority', 'slug'), name='report_template_slug_once'), models.CheckConstraint(condition=models.Q(('overview_pages__in', [1, 2])), name='report_template_one_or_two_pages')],
            },
        ),
        migrations.RunPython(put_up, take_down),
    ]
