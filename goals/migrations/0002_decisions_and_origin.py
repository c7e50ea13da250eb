import django.db.models.deletion
import goals.kinds
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0001_initial'),
        ('organisation', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='closed_reason',
            field=models.CharField(blank=True, help_text='Skriv, hvorfor netop dette punkt er lukket', max_length=300, verbose_name='grund til lukning'),
        ),
        migrations.AddField(
            model_name='decision',
            name='done_on',
            field=models.DateField(blank=True, null=True, verbose_name='fulgt til dørs'),
        ),
        migrations.AddField(
            model_name='decision',
            name='goal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='goals.goal', verbose_name='om målet'),
        ),
        migrations.AddField(
            model_name='decision',
            name='is_closed',
            field=models.BooleanField(default=False, verbose_name='lukket punkt'),
        ),
        migrations.AddField(
            model_name='decision',
            name='kind',
            field=models.CharField(choices=[('approved', 'godkendt'), ('noted', 'taget til efterretning'), ('discussed', 'drøftet'), ('recommended', 'anbefalet til byrådet'), ('postponed', 'udsat'), ('sent_back', 'sendt tilbage'), ('rejected', 'ikke godkendt')], default=goals.kinds.DecisionKind['APPROVED'], max_length=12, verbose_name='udfald'),
        ),
        migrations.AddField(
            model_name='decision',
            name='leads_to',
            field=models.CharField(choices=[('nothing', 'ikke mere nu'), ('new_effort', 'en ny indsats'), ('changed_goal', 'et ændret mål'), ('action', 'en handling')], default=goals.kinds.LeadsTo['NOTHING'], max_length=12, verbose_name='fører til'),
        ),
        migrations.AddField(
            model_name='decision',
            name='outcome',
            field=models.TextField(blank=True, verbose_name='hvad der kom af den'),
        ),
        migrations.AddField(
            model_name='decision',
            name='public_text',
            field=models.TextField(blank=True, help_text='Så langt tavshedspligten tillader det', verbose_name='beslutning, der kan offentliggøres'),
        ),
        migrations.AddField(
            model_name='decision',
            name='public_title',
            field=models.CharField(blank=True, help_text='En neutral titel, som alle må se', max_length=200, verbose_name='offentlig titel'),
        ),
        migrations.AddField(
            model_name='decision',
            name='responsible',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to=settings.AUTH_USER_MODEL, verbose_name='følges op af'),
        ),
        migrations.AddField(
            model_name='decision',
            name='title',
            field=models.CharField(blank=True, max_length=200, verbose_name='overskrift'),
        ),
        migrations.AddField(
            model_name='goal',
            name='replaced_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='goals.goal', verbose_name='afløst af'),
        ),
        migrations.AddField(
            model_name='indicator',
            name='origin',
            field=models.CharField(choices=[('national', 'nationalt'), ('regional', 'regionalt'), ('own', 'eget')], default=goals.kinds.IndicatorOrigin['OWN'], max_length=8, verbose_name='hvis indikator'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['body', '-date'], name='decision_of_body'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('is_closed', False), models.Q(models.Q(('closed_reason', ''), _negated=True), models.Q(('public_title', ''), _negated=True)), _connector='OR'), name='decision_closed_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('done_on__isnull', True), models.Q(('outcome', ''), _negated=True), _connector='OR'), name='decision_done_with_outcome'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('replaced_by__isnull', True), ('state', goals.kinds.GoalState['CLOSED']), _connector='OR'), name='goal_replaced_is_closed'),
        ),
    ]
