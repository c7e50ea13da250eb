import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import organisation.models.person
import organisation.permissions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('organisation', '0001_initial'),
        ('organisation', '0002_last_of_the_history'),
        ('organisation', '0003_host_name'),
        ('organisation', '0004_portal_open'),
        ('organisation', '0005_portal'),
        ('organisation', '0006_own_words'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Authority',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='Kode hos Danmarks Statistik, fx 169', max_length=10, unique=True, verbose_name='kode')),
                ('name', models.CharField(db_collation='"da-x-icu"', max_length=100, verbose_name='navn')),
                ('kind', models.CharField(choices=[('municipality', 'kommune'), ('region', 'region')], default='municipality', max_length=12, verbose_name='art')),
                ('is_example', models.BooleanField(default=False, verbose_name='eksempeldata')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='adresse')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='telefon')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='mail')),
                ('host_name', models.CharField(blank=True, help_text='Fx maal.kommune.dk. Uden værtsnavn ligger de åbne mål under /m/KODE/', max_length=200, verbose_name='værtsnavn for åbne mål')),
                ('is_portal_open', models.BooleanField(default=False, help_text='Alle kan se de mål og tal, I har valgt at vise', verbose_name='åbne mål er åbne')),
                ('words', models.JSONField(blank=True, default=dict, editable=False, verbose_name='ord')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'verbose_name': 'myndighed',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('host_name', ''), _negated=True), fields=('host_name',), name='authority_host_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('council', 'byråd'), ('finance_committee', 'økonomiudvalg'), ('committee', 'udvalg'), ('executive_board', 'direktion'), ('directorate', 'forvaltning'), ('department', 'afdeling'), ('institution', 'institution'), ('team', 'team')], max_length=20, verbose_name='niveau')),
                ('code', models.CharField(help_text='Kendes igen, når der indlæses filer', max_length=40, verbose_name='kode')),
                ('name', models.CharField(db_collation='"da-x-icu"', max_length=150, verbose_name='navn')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='rækkefølge')),
                ('valid_from', models.DateField(verbose_name='gælder fra')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='gælder til og med')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='organisation.authority')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='organisation.unit', verbose_name='hører under')),
            ],
            options={
                'verbose_name': 'enhed',
                'ordering': ['position', 'name'],
                'constraints': [models.UniqueConstraint(fields=('authority', 'code'), name='unit_code_once_per_authority'), models.UniqueConstraint(condition=models.Q(('kind', 'council')), fields=('authority',), name='unit_one_council_per_authority'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='unit_dates_in_order'), models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='unit_not_its_own_parent')],
            },
        ),
        migrations.CreateModel(
            name='BodyLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='fra')),
                ('last_day', models.DateField(blank=True, null=True, verbose_name='til og med')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reporting_links', to='organisation.unit', verbose_name='udvalg')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='body_links', to='organisation.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'first_day'), name='body_link_once_per_day'), models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='body_link_dates_in_order')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('first_name', models.CharField(blank=True, db_collation='"da-x-icu"', max_length=100, verbose_name='fornavn')),
                ('last_name', models.CharField(blank=True, db_collation='"da-x-icu"', max_length=100, verbose_name='efternavn')),
                ('title', models.CharField(blank=True, max_length=100, verbose_name='stilling')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'ordering': ['first_name', 'last_name', 'username'],
            },
            managers=[
                ('objects', organisation.models.person.PersonManager()),
            ],
        ),
        migrations.CreateModel(
            name='HistoryEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('verb', models.CharField(max_length=40)),
                ('subject_kind', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('changes', models.JSONField(blank=True, default=dict)),
                ('reason', models.TextField(blank=True)),
                ('authority', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='history', to='organisation.authority')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historik',
                'indexes': [models.Index(fields=['subject_kind', 'subject_id', '-at'], name='history_of_subject'), models.Index(fields=['authority', '-id'], name='history_last')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[(organisation.permissions.Role['POLITICIAN'], 'politiker'), (organisation.permissions.Role['MANAGER'], 'leder'), (organisation.permissions.Role['DIRECTOR'], 'direktør'), (organisation.permissions.Role['GOAL_CONSULTANT'], 'målkonsulent'), (organisation.permissions.Role['PROFESSIONAL'], 'medarbejder'), (organisation.permissions.Role['READER'], 'læser'), (organisation.permissions.Role['ADMINISTRATOR'], 'administrator')], max_length=20, verbose_name='rolle')),
                ('first_day', models.DateField(verbose_name='fra')),
                ('last_day', models.DateField(blank=True, null=True, verbose_name='til og med')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organisation.unit', verbose_name='enhed')),
            ],
            options={
                'verbose_name': 'rolle',
                'constraints': [models.UniqueConstraint(fields=('user', 'unit', 'role', 'first_day'), name='membership_once'), models.CheckConstraint(condition=models.Q(('last_day__isnull', True), ('last_day__gte', models.F('first_day')), _connector='OR'), name='membership_dates_in_order'), models.CheckConstraint(condition=models.Q(('role__in', ['politician', 'manager', 'director', 'goal_consultant', 'professional', 'reader', 'administrator'])), name='membership_role_known')],
            },
        ),
        migrations.CreateModel(
            name='AccessRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('last_day', models.DateField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='access_requests', to=settings.AUTH_USER_MODEL)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='access_requests', to='organisation.unit')),
            ],
            options={
                'verbose_name': 'anmodning om adgang',
                'indexes': [models.Index(fields=['user', 'body', 'last_day'], name='access_request_open')],
            },
        ),
        migrations.CreateModel(
            name='Portal',
            fields=[
                ('authority', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='portal', serialize=False, to='organisation.authority')),
                ('depth', models.CharField(choices=[('council', 'kun byrådet'), ('committees', 'til og med udvalgene'), ('directorates', 'til og med forvaltninger og afdelinger'), ('institutions', 'til og med institutionerne'), ('all', 'alle enheder')], default='committees', max_length=12, verbose_name='hvor langt ned')),
                ('left_out', models.JSONField(blank=True, default=list, verbose_name='enheder, der ikke vises')),
                ('intro', models.TextField(blank=True, max_length=600, verbose_name='indledning')),
                ('licence', models.CharField(default='CC BY 4.0', max_length=100, verbose_name='vilkår for brug af tallene')),
                ('licence_url', models.URLField(blank=True, default='https://creativecommons.org/licenses/by/4.0/deed.da', verbose_name='vilkårenes adresse')),
                ('contact', models.CharField(blank=True, max_length=200, verbose_name='kontakt')),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name': 'åbne mål',
            },
        ),
    ]
