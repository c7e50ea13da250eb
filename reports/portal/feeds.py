"""What is new about the goals: figures, lights, corrections, reports and answers, as entries of a feed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from citizens.kinds import SurveyState
from citizens.models import Survey
from followup.goal_views import GoalView
from followup.models import Measurement, Revision
from goals.models import Goal
from goals.period_names import period_name
from organisation.danish import format_value
from organisation.templatetags.components import light_word
from reports.portal.atom import Entry
from reports.portal.front import seen_views
from reports.portal.lists import public_editions
from reports.portal.opened import Opened
from reports.portal.queries import asked, goals_of, shaped

MOST = 60  # entries
GOALS = 50
NEWS = timedelta(days=400)
Address = Callable[..., str]
Key = tuple[int, date]


def authority_entries(it: Opened, address: Address) -> list[Entry]:
    """What is new in the authority: of its topmost goals, its reports and its answers to citizens."""
    goals = list(goals_of(it.portal)[:GOALS])
    entries = [*_entries_of(it, goals, address), *_published(it, address)]
    return _latest(entries)


def goal_entries(it: Opened, goal: Goal, address: Address) -> list[Entry]:
    """What is new about the goal."""
    return _latest(_entries_of(it, [goal], address))


def _latest(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.updated, entry.key), reverse=True)[:MOST]


def _entries_of(it: Opened, goals: Sequence[Goal], address: Address) -> Iterator[Entry]:
    views = seen_views(it, goals, [])
    shown = {standing.series.pk: standing for view in views for standing, _prioritised in view.standings}
    since = it.today - NEWS
    approved = {
        (series, last): (at, pk)
        for series, last, at, pk in Measurement.objects.approved()
        .filter(series__in=list(shown), approved_at__date__gte=since)
        .order_by()
        .values_list("series", "period_end", "approved_at", "pk")
    }
    code = it.authority.code
    for pk, standing in shown.items():
        indicator = standing.series.indicator
        for value in standing.values:
            at = approved.get((pk, value.period_end))
            if at is None or value.value is None:
                continue
            told = format_value(value.value, indicator.decimals, indicator.unit_of_measure)
            yield Entry(
                f"{code}/serie/{pk}/{value.period}",
                f"{indicator.name}: {told}",
                f"Nyt tal for {period_name(value.period)}, {standing.series.unit.name}.",
                address("reports:portal_series", pk),
                at[0],
            )
    for view in views:
        yield from _changed_lights(view, {key: at for key, (at, _pk) in approved.items()}, code, address)
    yield from _corrections(it, list(shown), shown, address)


def _changed_lights(view: GoalView, approved: Mapping[Key, datetime], code: str, address: Address) -> Iterator[Entry]:
    """When the goal's light became another: as of the last days of its values."""
    known: dict[date, datetime] = {}
    for standing, _prioritised in view.standings:
        for value in standing.values:
            at = approved.get((standing.series.pk, value.period_end))
            if at is not None:
                known[value.period_end] = max(at, known.get(value.period_end, at))
    days = sorted({value.period_end for standing, _prioritised in view.standings for value in standing.values})
    before = None
    for day in days:
        now = view.light_at(day)
        if before is not None and now is not before and day in known:
            yield Entry(
                f"{code}/maal/{view.goal.pk}/status/{day.isoformat()}",
                f"{view.goal.title}: {light_word(now)}",
                f"Status er ændret fra {light_word(before)} til {light_word(now)}.",
                address("reports:portal_goal", view.goal.pk),
                known[day],
            )
        before = now


def _corrections(it: Opened, series: Sequence[int], shown: Mapping[int, object], address: Address) -> Iterator[Entry]:
    told = Revision.objects.filter(measurement__series__in=series, was_approved=True, at__date__gte=it.today - NEWS)
    for one in told.select_related("measurement__series__indicator").order_by("-at", "-pk")[:MOST]:
        measurement = one.measurement
        indicator = measurement.series.indicator
        if (measurement.series_id, measurement.period_end) in it.hidden or one.new_value is None:
            continue
        now = format_value(one.new_value, indicator.decimals, indicator.unit_of_measure)
        yield Entry(
            f"{it.authority.code}/rettelse/{one.pk}",
            f"Rettet: {indicator.name}, {period_name(measurement.period)}",
            f"Tallet er rettet til {now}." + (f" Grund: {one.reason}" if one.reason else ""),
            address("reports:portal_series", measurement.series_id),
            one.at,
        )


def _published(it: Opened, address: Address) -> Iterator[Entry]:
    """Reports and answers to citizens. One question."""
    code, since = it.authority.code, it.today - NEWS
    rows = asked(
        shaped(
            public_editions(it).select_related(None).order_by().filter(published_at__date__gte=since),
            "edition",
            a="pk",
            words="report__round__body__name",
            more="report__round__period",
            day="published_at",
        ),
        shaped(
            Survey.objects.filter(
                authority=it.authority, state=SurveyState.FINISHED, finished_at__date__gte=since
            ).order_by(),
            "survey",
            a="pk",
            words="title",
            day="finished_at",
        ),
    )
    for row in rows.get("edition", []):
        yield Entry(
            f"{code}/rapport/{row.a}",
            f"Rapport til {row.words}",
            f"Opfølgningen på {period_name(row.more)} er offentliggjort.",
            address("reports:portal_reports"),
            row.day,
        )
    for row in rows.get("survey", []):
        yield Entry(
            f"{code}/undersoegelse/{row.a}",
            f"Svar til borgerne: {row.words}",
            "Nu kan du læse, hvad vi hørte, og hvad vi gør.",
            address("citizens:public_survey", row.a),
            row.day,
        )
