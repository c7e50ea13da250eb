from datetime import date

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.kinds import (
    Direction,
    GoalKind,
    IndicatorOrigin,
    IntervalKind,
    PriceLevel,
    TimeRollup,
    UnitRollup,
    ValueKind,
)
from goals.labels import (
    DIRECTIONS,
    INDICATOR_KINDS,
    INDICATOR_ORIGINS,
    INTERVALS,
    PERIOD_KINDS,
    PRICE_LEVELS,
    SIDES,
    TIME_ROLLUPS,
    UNIT_ROLLUPS,
    VALUE_KINDS,
    choices,
)
from goals.models.goal import authorities_of
from goals.periods import PeriodKind
from organisation.collation import DANISH
from organisation.models import Authority, Unit
from organisation.permissions import Permission

# What a form, a file and the history know of an indicator besides its code.
INDICATOR_FIELDS = (
    "name",
    "name_in_sentence",
    "definition",
    "unit_of_measure",
    "decimals",
    "direction",
    "kind",
    "origin",
    "frequency",
    "value_kind",
    "factor",
    "unit_rollup",
    "time_rollup",
    "interval",
    "accumulates",
    "side",
    "price_level",
    "price_year",
    "source",
    "source_url",
    "licence",
)


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    """Indicators by who may see and change them."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority sees its indicators."""
        return self.filter(authority__in=authorities_of(user, today))

    def editable_by(self, user, today: date):
        """Indicators belong to the whole authority: editable where the user edits at its council."""
        roots = Unit.objects.allowing(Permission.EDIT_INDICATORS, user, today).filter(parent=None)
        return self.filter(authority__in=roots.values("authority"))


class Indicator(models.Model):
    """What is measured, and how: one definition shared by all units that report it."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="indicators")
    code = models.CharField(_("kode"), max_length=60, help_text=_("Kendes igen, når der indlæses filer"))
    name = models.CharField(_("navn"), max_length=200, db_collation=DANISH)
    name_in_sentence = models.CharField(
        _("navn i sætning"), max_length=120, blank=True, help_text=_("Fx Sygefraværet. Ellers skriver vi Værdien")
    )
    definition = models.TextField(_("definition"), blank=True)
    unit_of_measure = models.CharField(_("måleenhed"), max_length=40, help_text=_("Fx pct., dage, kr."))
    decimals = models.PositiveSmallIntegerField(_("decimaler"), default=1, validators=[MaxValueValidator(8)])
    direction = models.CharField(_("retning"), max_length=6, choices=choices(DIRECTIONS), default=Direction.HIGHER)
    kind = models.CharField(_("viser"), max_length=10, choices=choices(INDICATOR_KINDS), default=GoalKind.RESULT)
    origin = models.CharField(
        _("hvis indikator"), max_length=8, choices=choices(INDICATOR_ORIGINS), default=IndicatorOrigin.OWN
    )
    frequency = models.CharField(_("opgøres"), max_length=12, choices=choices(PERIOD_KINDS), default=PeriodKind.QUARTER)
    value_kind = models.CharField(
        _("indberettes som"), max_length=6, choices=choices(VALUE_KINDS), default=ValueKind.NUMBER
    )
    factor = models.PositiveIntegerField(
        _("gange med"), default=100, help_text=_("Tæller delt med nævner ganges med dette: 100 giver pct.")
    )
    unit_rollup = models.CharField(
        _("flere enheder"), max_length=5, choices=choices(UNIT_ROLLUPS), default=UnitRollup.NONE
    )
    time_rollup = models.CharField(
        _("flere perioder"), max_length=5, choices=choices(TIME_ROLLUPS), default=TimeRollup.NONE
    )
    interval = models.CharField(_("usikkerhed"), max_length=5, choices=choices(INTERVALS), default=IntervalKind.NONE)
    accumulates = models.BooleanField(
        _("tæller op gennem året"), default=False, help_text=_("Tallet er år til dato; måltallet gælder hele året")
    )
    side = models.CharField(
        _("side i styringstrekanten"),
        max_length=8,
        choices=choices(SIDES),
        blank=True,
        help_text=_("Økonomi, aktivitet eller kvalitet. Tom: ikke med i trekanten"),
    )
    price_level = models.CharField(
        _("prisniveau"), max_length=7, choices=choices(PRICE_LEVELS), blank=True, help_text=_("Kun for beløb")
    )
    price_year = models.PositiveSmallIntegerField(
        _("prisår"), null=True, blank=True, help_text=_("Kun ved faste priser, fx 2026")
    )
    source = models.CharField(_("kilde"), max_length=300, blank=True)
    source_url = models.URLField(_("kildens adresse"), blank=True)
    licence = models.CharField(_("vilkår"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("indikator")
        constraints = [
            models.UniqueConstraint(fields=["authority", "code"], name="indicator_code_once_per_authority"),
            models.CheckConstraint(condition=Q(factor__gte=1), name="indicator_factor_positive"),
            models.CheckConstraint(
                condition=~Q(unit_rollup=UnitRollup.RATIO) | Q(value_kind=ValueKind.RATIO),
                name="indicator_ratio_rollup_needs_ratio",
            ),
            models.CheckConstraint(
                condition=Q(price_level=PriceLevel.FIXED, price_year__isnull=False)
                | (~Q(price_level=PriceLevel.FIXED) & Q(price_year__isnull=True)),
                name="indicator_fixed_prices_have_a_year",
            ),
        ]

    def __str__(self):
        return self.name
