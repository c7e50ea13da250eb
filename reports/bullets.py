"""From a standing to its bullet chart: the numbers, and the sentence that says what it shows."""

from decimal import Decimal

from django.utils.html import mark_safe
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from followup.charts.bullet import BulletSpec, bullet_svg
from followup.presentation import target_words
from followup.standing import Standing
from organisation.danish import format_number, format_value
from organisation.templatetags.components import light_word


def bullet_of(standing: Standing) -> BulletSpec:
    """The numbers that the light is about, at the printed precision."""
    verdict, rule = standing.verdict, standing.rule
    target = verdict.target
    return BulletSpec(
        alt=bullet_alt(standing),
        decimals=rule.decimals,
        direction=rule.direction,
        value=verdict.value,
        expected=verdict.expected,
        target=target.value if target is not None else None,
        baseline=rule.baseline[1] if rule.baseline is not None else None,
        tolerance=verdict.tolerance or Decimal(0),
        low=target.low if target is not None else None,
        high=target.high if target is not None else None,
    )


def bullet_alt(standing: Standing) -> str:
    """`Fraværet er 8,3 pct. Udgangspunktet var 9,0, måltallet er højst 7,5 pct. i 2028. Status: …`"""
    verdict, indicator = standing.verdict, standing.series.indicator
    if verdict.value is None:
        return ""
    name = capfirst(indicator.name_in_sentence or indicator.name)
    value = format_value(verdict.value, indicator.decimals, indicator.unit_of_measure)
    parts = []
    if standing.rule.baseline is not None:
        parts.append(_("udgangspunktet var %s") % format_number(standing.rule.baseline[1], indicator.decimals))
    if verdict.expected is not None:
        parts.append(_("forventet nu er %s") % format_number(verdict.expected, indicator.decimals))
    if verdict.target is not None:
        parts.append(_("måltallet er %s") % target_words(verdict.target, standing))
    sentences = [_("%(name)s er %(value)s.") % {"name": name, "value": value}]
    if parts:
        sentences.append(f"{capfirst(', '.join(parts))}.")
    sentences.append(_("Status: %s. Tallene står i tabellen.") % light_word(standing.light))
    return " ".join(sentences).replace("..", ".")


def drawn_bullet(standing: Standing, name: str) -> SafeString:
    """The chart, ready to print; empty when there is nothing to draw. `name` makes its id unique."""
    return mark_safe(bullet_svg(bullet_of(standing), name))


def numbers_row(standing: Standing) -> dict[str, str]:
    """The same numbers for the table."""
    verdict, indicator, spec = standing.verdict, standing.series.indicator, bullet_of(standing)

    def text(value) -> str:
        return format_number(value, indicator.decimals) if value is not None else "–"

    return {
        "indicator": indicator.name,
        "unit": indicator.unit_of_measure,
        "baseline": text(spec.baseline),
        "now": text(spec.value),
        "expected": text(spec.expected),
        "tolerance": text(verdict.tolerance),
        "target": target_words(verdict.target, standing) or "–",
    }


def progress_words(standing: Standing) -> str:
    """`47 pct. af vejen` from the baseline to the last target; empty before the start, and where there is no way."""
    done = standing.verdict.progress
    if done is None or done < 0:
        return ""
    return _("%s pct. af vejen") % format_number(done * 100, 0)
