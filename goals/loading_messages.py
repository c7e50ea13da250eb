"""The Danish sentence for a row that cannot be loaded: what is wrong, and what to write instead."""

from django.utils.translation import gettext as _

from goals.loading_rows import Problem


def problem_message(problem: Problem) -> str:
    """Why the row is refused."""
    value = problem.values[0] if problem.values else ""
    text = _sentences()[problem.key] % {"text": problem.text, "value": value}
    if problem.key.startswith("unknown_") and value:
        text += " " + _("Mente du ”%s”?") % value
    return text


def _sentences() -> dict[str, str]:
    return {**_cell_sentences(), **_row_sentences()}


def _cell_sentences() -> dict[str, str]:
    return {
        "no_header": _("Arket har ingen linje med overskrifterne %(value)s."),
        "heading": _("Overskriften ”%(text)s” kendes ikke. Skriv ”%(value)s”."),
        "required": _("Feltet skal udfyldes."),
        "number": _("”%(text)s” er ikke et tal. Skriv fx 12,5."),
        "number_large": _("Tallet er for stort. Skriv højst 15 cifre."),
        "whole": _("”%(text)s” er ikke et helt tal mellem 0 og %(value)s."),
        "period": _("Vi kender ikke perioden ”%(text)s”. Skriv fx 2026K3, 2026M07 eller 2025/2026."),
        "day": _("”%(text)s” er ikke en dato. Skriv fx 24-06-2026."),
        "yes": _("Skriv ja eller nej."),
        "choice": _("”%(text)s” kendes ikke. Vælg mellem %(value)s."),
        "too_long": _("Teksten er for lang. Skriv højst %(value)s tegn."),
        "unknown_unit": _("Der er ingen enhed med koden ”%(text)s”."),
        "unknown_goal": _("Der er intet mål med koden ”%(text)s”."),
        "unknown_indicator": _("Der er ingen indikator med koden ”%(text)s”."),
        "unknown_strategy": _("Der er ingen strategi med navnet ”%(text)s”."),
        "unknown_responsible": _("Der er ingen person med brugernavnet ”%(text)s”."),
        "unknown_series": _("Enheden har ingen serie af indikatoren. Skriv den på arket Serier."),
    }


def _row_sentences() -> dict[str, str]:
    return {
        "twice": _("Rækken står også i linje %(value)s."),
        "half_decision": _("Skriv hele beslutningen: hvem, hvornår og hvor det står."),
        "needs_decision": _("Tilstanden kræver en beslutning: hvem, hvornår og hvor det står."),
        "target_needs_decision": _("Måltallet hører til et vedtaget mål. Skriv den beslutning, der ændrer det."),
        "target_needs_owners": _("Måltallet hører til et tværgående mål. Det ændres kun, når alle ejere er enige."),
        "full": _(
            "Målet kommer over enhedens loft på %(value)s mål. Afslut et, eller skriv beslutningen, der hæver loftet."
        ),
        "closed": _("Målet er afsluttet og kan ikke ændres."),
        "ring": _("Målet kommer til at bidrage til sig selv."),
        "needs_ratio": _("Kræver, at tallet indberettes som tæller og nævner."),
        "factor": _("Skriv mindst 1."),
        "price_needs_level": _("Måleenheden er penge. Skriv løbende priser eller faste priser."),
        "price_needs_year": _("Faste priser skal have et prisår, fx 2026."),
        "price_has_year": _("Kun faste priser har et prisår."),
        "price_odd_year": _("Skriv årstallet med fire cifre, fx 2026."),
        "price_not_money": _("Kun beløb har et prisniveau. Skriv måleenheden i kr."),
        "in_use": _("Kan ikke ændres: der er tal, udgangspunkter eller måltal."),
        "half_baseline": _("Udgangspunktet skal have både periode og tal."),
        "period_kind": _("Perioden passer ikke til, hvor tit indikatoren opgøres."),
        "tolerance": _("Tolerancen kan ikke være negativ, og en andel skrives mellem 0 og 1."),
        "range_share": _("Når tallet skal ligge mellem to grænser, er tolerancen i måleenheden."),
        "no_rollup": _("Indikatorens tal lægges ikke sammen."),
        "target_value": _("Indikatoren har ét måltal: udfyld kun ”måltal”."),
        "target_range": _("Indikatoren skal ligge mellem to grænser: udfyld kun ”mindst” og ”højst”."),
        "ends": _("”Højst” skal være mindst så stort som ”mindst”."),
    }
