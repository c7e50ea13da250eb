from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from goals.kinds import MissingReason
from goals.labels import MISSING_REASONS, choices
from goals.models import Series
from goals.models.fields import PeriodCodeField, ValueField
from organisation.models import Authority, Unit
from organisation.permissions import Permission
from organisation.trees import placeholders

EVERY = 10_000  # more values than any series has


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    """Values in the words of the field."""

    def approved(self):
        """Values that everybody may see and that lights are computed from."""
        return self.filter(approved_at__isnull=False)

    def visible_to(self, user, today: date):
        """Approved values of the user's authorities, and drafts where the user may see drafts."""
        authorities = {grant.authority_id for grant in user.all_grants if grant.holds_on(today)}
        drafts = Q(series__unit__in=Unit.objects.allowing(Permission.SEE_DRAFTS, user, today))
        return self.filter(Q(authority__in=authorities) & (Q(approved_at__isnull=False) | drafts))

    def latest_of(
        self,
        series_ids: Sequence[int],
        count: int,
        until: date,
        *,
        whole: Sequence[int] = (),
        approved: bool = True,
    ):
        """The last `count` values of each series up to `until`, newest first: one index walk per series.

        `whole`: further series, of which every value comes.
        """
        picks = [_last_of(series_ids, count, until, approved=approved)]
        if whole:
            picks.append(_last_of(whole, EVERY, until, approved=approved))
        sql = " UNION ALL ".join(sql for sql, _params in picks)
        params = [param for _sql, params in picks for param in params]
        return self.filter(pk__in=RawSQL(sql, params)).order_by("series_id", "-period_end")


def _last_of(series_ids: Sequence[int], count: int, until: date, *, approved: bool) -> tuple[str, list[object]]:
    ids = list(series_ids)
    only = "AND m.approved_at IS NOT NULL " if approved else ""
    pick = (
        "SELECT m.id FROM followup_measurement m WHERE m.series_id = s.id AND m.period_end <= %s "
        f"{only}ORDER BY m.period_end DESC LIMIT %s"
    )
    if connection.vendor == "postgresql":
        return f"SELECT l.id FROM unnest(%s::bigint[]) AS s(id) CROSS JOIN LATERAL ({pick}) l", [ids, until, count]
    named = f"s.id IN ({placeholders(ids)})"
    sql = f"SELECT v.id FROM goals_series s, followup_measurement v WHERE {named} AND v.id IN ({pick})"
    return sql, [*ids, until, count]


class Measurement(models.Model):
    """The value of one series in one period: a number, numerator and denominator, or why there is none.

    A draft until the submission it belongs to is approved. Every change of a value is kept as a `Revision`.
    The keys to authority, people and files carry no database constraint: a million of them are written at a time,
    and `manage.py integrity` checks them (docs/adr). That to the series is kept by triggers on PostgreSQL
    (`followup.series_key`).
    """

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    series = models.ForeignKey(Series, models.PROTECT, related_name="measurements", db_index=False)
    period = PeriodCodeField()
    period_end = models.DateField()
    value = ValueField(null=True, blank=True)
    numerator = ValueField(null=True, blank=True)
    denominator = ValueField(null=True, blank=True)
    missing = models.CharField(max_length=14, blank=True, choices=choices(MISSING_REASONS))
    sample_size = models.PositiveIntegerField(null=True, blank=True)
    standard_deviation = ValueField(null=True, blank=True)
    # A roll-up says how many units it was made of; fewer than expected is provisional and has no light.
    parts_present = models.PositiveSmallIntegerField(null=True, blank=True)
    parts_expected = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.TextField(blank=True)
    is_example = models.BooleanField(default=False)
    is_confirmed = models.BooleanField(default=False)  # far from history, and the leader said it is right
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    entered_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_in = models.ForeignKey(
        "Submission", models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    # The latest correction, written with its revision: shown wherever the value is, without asking for revisions.
    corrected_from = ValueField(null=True, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    batch = models.ForeignKey(
        "ImportBatch", models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    batch_line = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("tal")
        constraints = [
            # Also the index that "the latest value" walks.
            models.UniqueConstraint(fields=["series", "period_end"], name="measurement_once_per_period"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, missing="") | (Q(value__isnull=True) & ~Q(missing="")),
                name="measurement_value_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | (Q(numerator__isnull=False, denominator__isnull=False) & ~Q(denominator=0)),
                name="measurement_ratio_whole",
            ),
            models.CheckConstraint(
                condition=Q(missing__in=["", *[reason.value for reason in MissingReason]]),
                name="measurement_reason_known",
            ),
        ]

    def __str__(self):
        return f"{self.series_id} {self.period}: {self.value if self.value is not None else self.missing}"

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None

    @property
    def is_corrected(self) -> bool:
        """Whether it was changed after it was approved."""
        return self.corrected_at is not None

    @property
    def is_provisional(self) -> bool:
        """Whether it is a roll-up that still lacks units."""
        return self.parts_expected is not None and (self.parts_present or 0) < self.parts_expected


class Revision(models.Model):
    """What a value was before a change: who changed it, when, from what, to what and why."""

    measurement = models.ForeignKey(Measurement, models.CASCADE, related_name="revisions", db_constraint=False)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    old_value = ValueField(null=True)
    old_numerator = ValueField(null=True)
    old_denominator = ValueField(null=True)
    old_missing = models.CharField(max_length=14, blank=True)
    new_value = ValueField(null=True)
    new_numerator = ValueField(null=True)
    new_denominator = ValueField(null=True)
    new_missing = models.CharField(max_length=14, blank=True)
    was_approved = models.BooleanField(default=False)  # then the change is a correction and is shown as such
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("ændring")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.measurement_id}: {self.old_value} → {self.new_value}"
