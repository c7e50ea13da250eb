import uuid
from datetime import date

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.models import Series
from goals.models.goal import authorities_of
from organisation.models import Authority, Unit
from organisation.permissions import Permission


class AttainmentFormQuerySet(models.QuerySet["AttainmentForm"]):
    """Forms for persons' own goals, by who may see and use them."""

    def visible_to(self, user, today: date):
        """Those of the user's authorities."""
        return self.filter(authority__in=authorities_of(user, today))

    def editable_by(self, user, today: date):
        """Those of units where the user runs surveys."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.RUN_SURVEYS, user, today))

    def enterable_by(self, user, today: date):
        """Those of units where the user hands the form out."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.ENTER_ANSWERS, user, today))


class AttainmentForm(models.Model):
    """Where persons say for themselves how near they are to their own goal, at the start and at the end."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="attainment_forms")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="attainment_forms", verbose_name=_("enhed"))
    name = models.CharField(_("navn"), max_length=120)
    categories = models.JSONField(_("kategorier"), default=list)  # texts, e.g. "Klare mig selv i hjemmet"
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="attainment_forms", verbose_name=_("indikator")
    )
    least_rise = models.PositiveSmallIntegerField(
        _("når målet"), default=2, help_text=_("Så mange trin op, før det tæller som nået")
    )
    version = models.PositiveIntegerField(default=1)

    objects = AttainmentFormQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("skema til personers egne mål")

    def __str__(self):
        return self.name


class Attainment(models.Model):
    """One person's own goal: category, own assessment 0–10 at the start and the end, and the days. Nothing else.

    `code_hash` finds the row again when the person comes back with the code of their slip; emptied at the end.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(AttainmentForm, models.CASCADE, related_name="attainments")
    category = models.CharField(max_length=120)
    started_on = models.DateField()
    start = models.PositiveSmallIntegerField(validators=[MaxValueValidator(10)])
    ended_on = models.DateField(null=True, blank=True)
    end = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(10)])
    code_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("persons eget mål")
        constraints = [
            models.CheckConstraint(condition=Q(start__lte=10), name="attainment_start_to_ten"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end__isnull=True)
                | Q(ended_on__isnull=False, end__lte=10, code_hash=""),
                name="attainment_ended_whole",
            ),
            # Also the index that finds the row by the code of a slip.
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="attainment_by_code"),
        ]
        indexes = [
            models.Index(fields=["form", "ended_on"], name="attainment_ended"),
        ]

    def __str__(self):
        return f"{self.form_id}: {self.category}"
