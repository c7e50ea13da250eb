"""Goals as the public pages print them: flat rows of ready texts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from citizens.said import Said, SaidState
from followup.goal_views import GoalView
from followup.presentation import NO_VALUE, chart_of, corrected_from, figure_of, when
from followup.standing import Standing
from followup.status import Light
from goals.labels import MISSING_REASONS
from goals.period_names import period_name
from organisation.danish import format_value, long_date
from organisation.templatetags.components import light
from reports.portal.drawing import portal_svg
from reports.portal.queries import Row
from reports.portal.words import Told, plain_words

# How long a correction is news.
NEWS = timedelta(days=183)
LATE = (Light.OVERDUE, Light.NOT_DUE)


@dataclass(frozen=True, slots=True)
class Doing:
    """What is done about a goal, and since when that is known."""

    text: str
    day: date | None


def told_of(standing: Standing) -> Told:
    """The standing in the plain values of `reports.portal.words`."""
    verdict, indicator = standing.verdict, standing.series.indicator
    targets = standing.rule.targets
    target = verdict.target or (targets[-1] if targets else None)
    latest = standing.latest
    return Told(
        name=indicator.name,
        name_in_sentence=indicator.name_in_sentence,
        unit=indicator.unit_of_measure,
        decimals=indicator.decimals,
        direction=standing.rule.direction,
        light=standing.light,
        value=verdict.value,
        last=latest.value if latest is not None and verdict.value is None else None,
        expected=verdict.expected,
        target=target.value if target else None,
        low=target.low if target else None,
        high=target.high if target else None,
        when=when(target.period) if target else "",
        interval=verdict.interval,
    )


def goal_text(view: GoalView) -> str:
    """The goal's latest figure in plain words."""
    return plain_words(told_of(view.lead)) if view.lead is not None else _("Målet har endnu ingen tal.")


def article(view: GoalView, number: int, said: Said | None, doing: Doing | None, today: date) -> dict[str, Any]:
    """One goal of the front page, with its chart."""
    lead = view.lead
    spec = chart_of(lead, lead.values) if lead is not None else None
    return {
        **short_row(view, today),
        "number": number,
        "text": goal_text(view),
        "chart": mark_safe(portal_svg(spec, f"graf-{view.goal.pk}")) if spec is not None else "",
        "caption": spec.subtitle if spec is not None else "",
        "doing": doing.text if doing else "",
        "said": said.sentence if said else "",
        "survey": said.survey_id if said and said.state is SaidState.ANSWERED else None,
    }


def short_row(view: GoalView, today: date) -> dict[str, Any]:
    """One goal in a list."""
    goal, lead = view.goal, view.lead
    figure = figure_of(lead, today) if lead is not None else None
    period = figure.period if figure else ""
    if lead is not None and figure is not None and figure.last_seen and lead.latest is not None:
        period = f"sidst: {period_name(lead.latest.period)}"
    return {
        "pk": goal.pk,
        "title": goal.title,
        "short": goal.short_name or goal.title,
        "owner": goal.owner_unit.name,
        "key": str(view.light),
        "light": light(view.light),
        "large": light(view.light, "large"),
        "period": period,
        "value": figure.value if figure and figure.value != NO_VALUE else "",
        "unit": figure.unit if figure else "",
        "target": figure.target if figure else "",
        "sparkline": figure.sparkline if figure else "",
    }


def missing_rows(views: Iterable[GoalView]) -> Iterator[dict[str, Any]]:
    """The figures that are late, not reported, or kept from the public, and those that are coming; the late first."""
    found: dict[int, dict[str, Any]] = {}
    for view in views:
        for standing, _prioritised in view.standings:
            if (row := _missing(view, standing)) is not None:
                found.setdefault(standing.series.pk, row)
    yield from sorted(found.values(), key=lambda row: (row["order"], row["coming"] or date.max, row["name"]))


def _missing(view: GoalView, standing: Standing) -> dict[str, Any] | None:
    reading, latest = standing.reading, standing.latest
    row = {
        "goal": view.goal,
        "series": standing.series.pk,
        "name": standing.series.indicator.name,
        "unit": standing.series.unit.name,
        "light": light(standing.light),
        "coming": None,
    }
    if standing.light in LATE and reading is not None and reading.due is not None:
        late = standing.light is Light.OVERDUE
        period = period_name(reading.period)
        why = f"Tallet for {period} skulle være indberettet senest {long_date(reading.due)}."
        if not late:
            why = f"Tallet for {period} er på vej."
        return {**row, "order": 0 if late else 2, "why": why, "coming": None if late else reading.due}
    if latest is not None and latest.missing:
        reason = capfirst(str(REASONS[latest.missing]))
        return {**row, "order": 1, "why": f"{reason} ({period_name(latest.period)})."}
    if latest is None:
        return {**row, "order": 1, "why": "Der er endnu ikke noget tal."}
    return None


REASONS = {reason.value: word for reason, word in MISSING_REASONS.items()}


def corrected_rows(views: Iterable[GoalView], today: date) -> list[dict[str, Any]]:
    """The figures corrected within half a year, the latest first: before and after."""
    found: dict[int, dict[str, Any]] = {}
    for view in views:
        for standing, _prioritised in view.standings:
            indicator = standing.series.indicator
            for value in standing.values:
                if value.corrected_at is None or value.corrected_at.date() < today - NEWS or value.value is None:
                    continue
                found[value.pk] = {
                    "goal": view.goal,
                    "series": standing.series.pk,
                    "name": indicator.name,
                    "period": period_name(value.period),
                    "before": corrected_from(value, indicator.decimals),
                    "after": format_value(value.value, indicator.decimals, indicator.unit_of_measure),
                    "at": value.corrected_at,
                }
    return sorted(found.values(), key=lambda row: row["at"], reverse=True)


def doing_of(goal_ids: Iterable[int], rows: Mapping[str, list[Row]]) -> dict[int, Doing]:
    """What is done about each goal: what was written for the last meeting, else the action that is due next."""
    found: dict[int, Doing] = {}
    for row in sorted(rows.get("action", ()), key=lambda row: row.day or date.max):
        if row.a is not None and row.a not in found:
            found[row.a] = Doing(_sentence(row.words), row.day)
    for row in rows.get("written", ()):
        if row.a is not None and row.further.strip():
            found[row.a] = Doing(row.further.strip(), row.day)
    return {pk: found[pk] for pk in goal_ids if pk in found}


def _sentence(words: str) -> str:
    words = words.strip()
    return words if words.endswith((".", "?", "!")) else f"{words}."
