"""What the kroner of an amount are called in Danish text."""

from django.utils.translation import gettext as _

from goals.kinds import PriceLevel


def price_words(level: str, year: int | None) -> str:
    """`2026-priser` or `løbende priser`, after a unit of measure; empty where nothing is said."""
    if level == PriceLevel.FIXED:
        return _("%s-priser") % year
    return _("løbende priser") if level == PriceLevel.CURRENT else ""


def price_subtitle(level: str, year: int | None) -> str:
    """`faste priser, 2026-niveau` or `løbende priser`, under a heading; empty where nothing is said."""
    if level == PriceLevel.FIXED:
        return _("faste priser, %s-niveau") % year
    return _("løbende priser") if level == PriceLevel.CURRENT else ""
