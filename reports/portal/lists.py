"""The public lists: what is not reported, what is found, the published reports, and the register of decisions."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.utils.text import capfirst

from followup.models import DueValue, Measurement
from followup.standing import asked_of
from followup.status import Light
from goals.kinds import MissingReason
from goals.models import Decision
from goals.period_names import period_name
from organisation.danish import long_date
from organisation.models.unit import BODY_KINDS
from organisation.templatetags.components import light
from reports.models import Edition, EditionFile
from reports.models.template import templates_of
from reports.portal.figures import MISSING_WORDS
from reports.portal.opened import Opened
from reports.portal.scope import public_goals, public_series, public_units, shown_units
from reports.subject import Subject, ordinary_kind

PAGE = 50
FOUND = 20  # of each sort
MOST = 1000  # figures that are late or coming
LEAST_WORD = 2


# ---- what is not reported --------------------------------------------------------------------------------------------


def missing_page(it: Opened, page: str | None) -> dict[str, Any]:
    """Figures that are late, that are kept back or not reported, and those that are coming; 50 a page."""
    series = public_series(it.portal).of_adopted_goals().order_by().values("pk")
    rows = [*_asked(series, it), *_without_a_number(series, it)]
    rows.sort(key=lambda row: (row["order"], row["coming"] or date.max, row["name"], row["unit"]))
    return {"page": Paginator(rows, PAGE).get_page(page), "count": len(rows)}


def _asked(series: Any, it: Opened) -> Iterator[dict[str, Any]]:
    answered = Measurement.objects.filter(series=OuterRef("series"), period_end=OuterRef("period_end"))
    due = asked_of(series, it.today, it.today).filter(~Exists(answered))
    seen = set()
    for one in due.select_related("series__indicator", "series__unit", "submission").order_by(
        "submission__deadline", "pk"
    )[:MOST]:
        if (one.series_id, one.period) not in seen:
            seen.add((one.series_id, one.period))
            yield _asked_row(one, it.today)


def _asked_row(one: DueValue, today: date) -> dict[str, Any]:
    deadline = one.submission.deadline
    is_late = deadline < today
    words = {"period": period_name(one.period), "day": long_date(deadline)}
    return {
        "series": one.series_id,
        "name": one.series.indicator.name,
        "unit": one.series.unit.name,
        "light": light(Light.OVERDUE if is_late else Light.NOT_DUE),
        "why": "Tallet for {period} skulle være indberettet senest {day}.".format(**words)
        if is_late
        else "Tallet for {period} er på vej.".format(**words),
        "coming": None if is_late else deadline,
        "order": 0 if is_late else 2,
    }


def _without_a_number(series: Any, it: Opened) -> Iterator[dict[str, Any]]:
    """Series whose latest value says why there is no number."""
    later = Measurement.objects.approved().filter(series=OuterRef("series"), period_end__gt=OuterRef("period_end"))
    last = Measurement.objects.approved().filter(series__in=series, period_end__lte=it.today).exclude(missing="")
    last = last.exclude(missing=MissingReason.NOT_APPLICABLE).filter(~Exists(later))
    for one in last.select_related("series__indicator", "series__unit").order_by("series__indicator__name", "pk")[
        :MOST
    ]:
        yield {
            "series": one.series_id,
            "name": one.series.indicator.name,
            "unit": one.series.unit.name,
            "light": light(Light.NO_DATA),
            "why": f"{capfirst(str(MISSING_WORDS[one.missing]))} ({period_name(one.period)}).",
            "coming": None,
            "order": 1,
        }


# ---- search ----------------------------------------------------------------------------------------------------------


def search_page(it: Opened, words: str) -> dict[str, Any]:
    """Goals, figures and units with the words in their names. Three questions."""
    words = " ".join(words.replace("\0", "").split())[:80]
    if len(words) < LEAST_WORD:
        return {"words": words, "is_empty": True}
    goals = public_goals(it.portal).filter(Q(title__icontains=words) | Q(short_name__icontains=words))
    series = public_series(it.portal).filter(Q(indicator__name__icontains=words) | Q(unit__name__icontains=words))
    units = public_units(it.portal).valid(it.today).filter(name__icontains=words, parent__isnull=False)
    found = {
        "goals": list(goals.select_related("owner_unit").order_by("owner_unit__kind", "rank", "pk")[: FOUND + 1]),
        "series": list(series.select_related("indicator", "unit").order_by("indicator__name", "pk")[: FOUND + 1]),
        "units": list(units.order_by("position", "name")[: FOUND + 1]),
    }
    return {
        "words": words,
        "has_more": any(len(rows) > FOUND for rows in found.values()),
        "is_nothing": not any(found.values()),
        "bodies": BODY_KINDS,
        **{name: rows[:FOUND] for name, rows in found.items()},
    }


# ---- reports and decisions -------------------------------------------------------------------------------------------


def public_editions(it: Opened):
    """The editions in force, without their content, of bodies, units and goals that are shown."""
    round_, unit, goal = ("report__round__body__", "report__unit__", "report__goal")
    shown = Edition.objects.filter(
        shown_units(it.portal, round_),
        Q(report__unit=None) | shown_units(it.portal, unit),
        Q(report__goal=None) | Q(**{f"{goal}__in": public_goals(it.portal).order_by()}),
        report__round__authority=it.authority,
        withdrawn_at=None,
    )
    related = ("report__round__body", "report__unit", "report__goal")
    return shown.select_related(*related).defer("content").order_by("-published_at", "-pk")


def reports_page(it: Opened, page: str | None) -> dict[str, Any]:
    """Every published report with its files, the latest first; 50 a page."""
    shown = Paginator(public_editions(it), PAGE).get_page(page)
    editions = list(shown.object_list)
    kinds: dict[int, list[EditionFile]] = {}
    for file in EditionFile.objects.filter(edition__in=editions).defer("data").order_by("-kind"):
        kinds.setdefault(file.edition_id, []).append(file)
    templates = {template.slug: template for template in templates_of(it.authority)}
    rows = [
        {"edition": one, "title": _title(one, templates), "key": one.report.key, "files": kinds.get(one.pk, [])}
        for one in editions
    ]
    return {"page": shown, "rows": rows}


def _title(edition: Edition, templates: Any) -> str:
    report = edition.report
    template = templates.get(report.template or ordinary_kind(report.round.body).value)
    if template is None:
        return period_name(report.round.period)
    title: str = Subject(report.round, template, unit=report.unit, goal=report.goal).title
    return title


def public_decisions(it: Opened):
    """What bodies that are shown decided; of closed ones only what may be published is printed."""
    shown = Decision.objects.filter(shown_units(it.portal, "body__"), authority=it.authority, body__kind__in=BODY_KINDS)
    return shown.filter(date__lte=it.today).select_related("body")


def decisions_page(it: Opened, page: str | None) -> dict[str, Any]:
    """The register's open part, the latest first; 50 a page."""
    shown = Paginator(public_decisions(it).order_by("-date", "-pk"), PAGE).get_page(page)
    rows = [_decision_row(one) for one in shown.object_list]
    return {"page": shown, "rows": rows}


def _decision_row(one: Decision) -> dict[str, Any]:
    if one.is_closed:
        return {"decision": one, "title": one.public_title, "text": one.public_text, "kind": "", "outcome": ""}
    return {
        "decision": one,
        "title": one.heading,
        "text": one.text,
        "kind": one.get_kind_display(),
        "outcome": one.outcome if one.done_on else "",
    }
