"""Charts, tables and the story of a series as the public pages print them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from followup.charts.svg import line_svgs
from followup.models import Revision
from followup.presentation import NO_VALUE, basis, chart_of, corrected_from, target_words
from followup.standing import Standing, StoredTarget, StoredValue, point_of, reading_of
from followup.status import Light, assess
from goals.labels import MISSING_REASONS
from goals.models import Target
from goals.period_names import period_name
from organisation.danish import format_number
from organisation.templatetags.components import light
from reports.opendata.hiding import are_persons, is_small_count
from reports.portal.opened import Opened

MISSING_WORDS = {reason.value: word for reason, word in MISSING_REASONS.items()}
TABLE = 24  # values in a table beside a chart


def chart(standing: Standing) -> dict[str, Any]:
    """Both drawings of the series, with what their marks mean."""
    spec = chart_of(standing, standing.values)
    drawable = any(value.value is not None for value in standing.values)
    wide, narrow = line_svgs(spec, f"graf-{standing.series.pk}") if drawable else ("", "")
    return {
        "spec": spec,
        "wide": mark_safe(wide),
        "narrow": mark_safe(narrow),
        "has_example": any(value.is_example for value in standing.values),
    }


def value_rows(standing: Standing, values: Iterable[StoredValue], it: Opened) -> Iterator[dict[str, Any]]:
    """The values, in the order given, with what was expected then and how it stood."""
    decimals = standing.series.indicator.decimals
    for value in values:
        verdict = assess(standing.rule, reading_of(value), it.today)
        yield {
            "period": period_name(value.period),
            "basis": basis(value),
            "value": format_number(value.value, decimals) if value.value is not None else NO_VALUE,
            "missing": capfirst(str(MISSING_WORDS[value.missing])) if value.missing else "",
            "expected": format_number(verdict.expected, decimals) if verdict.expected is not None else NO_VALUE,
            "light": light(Light.NO_DATA if value.is_provisional else verdict.light),
            "is_example": value.is_example,
            "corrected_from": corrected_from(value, decimals),
        }


def correction_rows(revisions: Iterable[Revision], standing: Standing, it: Opened) -> Iterator[dict[str, Any]]:
    """What was corrected, latest first; nothing of figures that are hidden, nor of numbers that are too small."""
    indicator = standing.series.indicator
    persons = are_persons(indicator.unit_of_measure)
    for one in revisions:
        is_hidden = (standing.series.pk, one.measurement.period_end) in it.hidden
        if is_hidden or (persons and (is_small_count(one.old_value) or is_small_count(one.new_value))):
            continue
        yield {
            "at": one.at,
            "period": period_name(one.measurement.period),
            "before": _number(one.old_value, one.old_missing, indicator.decimals),
            "after": _number(one.new_value, one.new_missing, indicator.decimals),
            "reason": one.reason,
        }


def _number(value: Any, missing: str, decimals: int) -> str:
    if value is not None:
        return format_number(value, decimals)
    return str(MISSING_WORDS.get(missing, NO_VALUE))


def target_rows(targets: Sequence[Target | StoredTarget], standing: Standing) -> list[dict[str, Any]]:
    """The targets, those since replaced among them; of a closed decision only its public title."""
    return [
        {
            "words": target_words(point_of(target), standing),
            "is_old": target.superseded_at is not None,
            "decision": getattr(target, "decision", None),
        }
        for target in targets
    ]
