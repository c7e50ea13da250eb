"""The pages that show goals, series, units and bodies. Each asks `goal_views` or `standings_of` once."""

from collections.abc import Container, Iterator, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import capfirst

from followup import page_queries as queries
from followup.additions import panels_of
from followup.chain_rule import BEHIND, holds, share_of
from followup.charts.plotly import plotly_many
from followup.charts.svg import line_svgs
from followup.entry import posted_ids_in
from followup.forms import GoalFilterForm
from followup.goal_views import GoalView, deviations_first, goal_views, stored_light
from followup.inbox import TaskKind, task_counts
from followup.models import Revision, Round
from followup.page_queries import HISTORY, PAGE, ValueSource
from followup.presentation import (
    NO_VALUE,
    basis,
    chart_of,
    corrected_from,
    figure_of,
    goal_reason,
    target_words,
)
from followup.rows import figure_rows, goal_row, node_row
from followup.standing import Standing, StoredValue, approved_values, point_of, reading_of, standing_of, standings_of
from followup.status import ON_COURSE, Light, assess, count_lights
from goals.broken_links import Broken, broken_links
from goals.chain_links import ties_of
from goals.kinds import GoalState
from goals.labels import MISSING_REASONS
from goals.models import Contribution, Goal, Indicator, Series, Target
from goals.models.goal import authorities_of
from goals.period_names import period_name, period_name_short
from goals.price_names import price_subtitle
from organisation.access import requires
from organisation.addresses import address_of
from organisation.danish import format_number, table_date
from organisation.models import Unit, UnitKind
from organisation.permissions import Permission, Viewer
from organisation.templatetags.components import light
from organisation.words.speaking import speak_of

MISSING_WORDS = {reason.value: word for reason, word in MISSING_REASONS.items()}


# ---- bodies ----------------------------------------------------------------------------------------------------------


@requires(Permission.SEE_AUTHORITY)
def body_list(request: HttpRequest) -> HttpResponse:
    """The council and its committees, each with its next meeting and how many goals it has."""
    bodies = (
        Unit.objects.filter(authority=request.authority)
        .bodies()
        .valid(request.today)
        .annotate(goal_count=Count("goals", filter=Q(goals__state=GoalState.ADOPTED)))
        .order_by("position", "name")
    )
    coming = Round.objects.filter(authority=request.authority, meeting_date__gte=request.today)
    next_rounds = {round_.body_id: round_ for round_ in coming.order_by("-meeting_date")}
    rows = [{"body": body, "round": next_rounds.get(body.pk)} for body in bodies]
    rows.sort(key=lambda row: (list(UnitKind).index(row["body"].kind), row["body"].position))
    return render(request, "followup/body_list.html", {"rows": rows})


def body_context(body: Unit, request: HttpRequest, *, with_words: bool = True) -> dict[str, Any]:
    """What a body's page and the overview show: the few goals, what changed, and the meetings.

    `with_words`: also what leaders write about the goals.
    """
    today = request.today
    rounds = queries.ROUNDS_OF_BODY.objects(body.pk)
    held = [round_ for round_ in rounds if round_.meeting_date < today]
    coming = [round_ for round_ in rounds if round_.meeting_date >= today]
    last = held[-1] if held else None
    goals = queries.GOALS_OF_BODY.objects(request.authority.pk, body.pk, request.user.as_viewer(today), today)
    before = last.period_end if last else None
    views = deviations_first(goal_views(goals, until=today, today=today, history=HISTORY, before=before, brief=goals))
    shown = [goal.pk for goal in goals] if with_words else []
    written = {one.goal_id: one for one in queries.ASSESSMENTS.objects(shown)}
    rows = [{**goal_row(view, today), "assessment": written.get(view.goal.pk)} for view in views]
    return {
        "body": body,
        "rows": rows,
        "deviating": [row for row in rows if row["view"].deviates],
        "without_status": [row for row in rows if not row["view"].deviates and not row["view"].is_on_course],
        "on_course": [row for row in rows if row["view"].is_on_course],
        "changed": [row for row in rows if row["view"].has_changed],
        "counts": count_lights(view.light for view in views),
        "last_round": last,
        "next_round": coming[0] if coming else None,
    }


@requires(Permission.SEE_AUTHORITY)
def body_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A body's few goals: how they go, why, what changed since the last meeting, and when the next is."""
    body = _one_or_404(queries.BODY.objects(pk, _my_authorities(request)))
    speak_of(body)
    return render(request, "followup/body_detail.html", body_context(body, request))


def _my_authorities(request: HttpRequest) -> list[int]:
    return authorities_of(request.user, request.today)


def _one_or_404(found: list[Any]) -> Any:
    if not found:
        raise Http404
    return found[0]


# ---- units -----------------------------------------------------------------------------------------------------------


@requires(Permission.SEE_AUTHORITY)
def unit_list(request: HttpRequest) -> HttpResponse:
    """The administration as a tree, 50 units a page, with the number of goals of each."""
    units = list(
        Unit.objects.filter(authority=request.authority)
        .valid(request.today)
        .annotate(goal_count=Count("goals", filter=Q(goals__state=GoalState.ADOPTED)))
        .order_by("position", "name")
    )
    page = Paginator(list(_depth_first(units)), PAGE).get_page(request.GET.get("side"))
    return render(request, "followup/unit_list.html", {"page": page})


def _depth_first(units: list[Unit]):
    """(depth, unit) in the order of a table of contents."""
    children: dict[int | None, list[Unit]] = {}
    known = {unit.pk for unit in units}
    for unit in units:
        children.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    stack = [(0, unit) for unit in reversed(children.get(None, []))]
    while stack:
        depth, unit = stack.pop()
        yield {"depth": min(depth, 5), "unit": unit}
        stack.extend((depth + 1, child) for child in reversed(children.get(unit.pk, [])))


@requires(Permission.SEE_AUTHORITY)
def unit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit: its goals with status, and the units below."""
    viewer, today = request.user.as_viewer(request.today), request.today
    unit = _one_or_404(queries.UNIT.objects(pk, _my_authorities(request)))
    speak_of(unit)
    goals = queries.GOALS_OF_UNIT.objects(request.authority.pk, unit.pk, viewer, today)
    views = deviations_first(goal_views(goals, until=today, today=today, history=HISTORY, brief=goals))
    context = {
        "unit": unit,
        "rows": [goal_row(view, today) for view in views],
        "counts": count_lights(view.light for view in views if view.goal.is_adopted),
        "panels": panels_of("followup:unit_detail", request),
        "children": [
            {"url": address_of("followup:unit_detail", pk), "name": name}
            for pk, name in queries.CHILDREN.rows(unit.pk, today)
        ],
        "may_edit": Permission.EDIT_GOALS in unit.permissions_of(viewer, today, unit.path),
    }
    return render(request, "followup/unit_detail.html", context)


# ---- goals -----------------------------------------------------------------------------------------------------------


@requires(Permission.SEE_AUTHORITY)
def goal_list(request: HttpRequest) -> HttpResponse:
    """The goal tree: the few at the top, opened step by step; with words or a filter, a flat list."""
    form = GoalFilterForm(request.GET, authority=request.authority)
    asked = request.authority.pk, request.user.as_viewer(request.today), request.today
    opened = posted_ids_in(request.GET.getlist("aaben"))[:20]
    request.task_counts = counts = task_counts(*asked)  # the menu need not ask again
    if form.is_narrowing():
        goals = form.narrow(queries.goals_for_tree(*asked)).order_by("rank", "pk")
        page = Paginator(goals, PAGE).get_page(request.GET.get("side"))
        tree = [(0, goal) for goal in page.object_list]
    else:
        page = Paginator([pk for (pk,) in queries.ROOT_IDS.rows(*asked)], PAGE).get_page(request.GET.get("side"))
        roots = queries.in_tree(page.object_list, *asked)
        below = queries.GOALS_SERVING.objects(asked[0], opened, *asked[1:]) if opened else []
        tree = list(_tree(roots, below))
    goals = [goal for _depth, goal in tree]
    views = goal_views(goals, until=request.today, today=request.today, brief=goals)
    rows = [
        {
            **goal_row(view, request.today),
            "depth": min(depth, 4),
            "is_open": goal.pk in opened,
            "serving_count": goal.serving_count,
        }
        for (depth, goal), view in zip(tree, views, strict=True)
    ]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "opened": opened,
        "is_tree": not form.is_narrowing(),
        "may_create": request.user.may_somewhere(Permission.EDIT_GOALS, request.today),
        "translation_count": counts.get(TaskKind.TRANSLATE, 0) + counts.get(TaskKind.ACCEPT, 0),
        "sees_translations": request.user.may_somewhere(Permission.SEE_DRAFTS, request.today),
    }
    return render(request, "followup/goal_list.html", context)


def _tree(roots: list[Goal], below: list[Goal]):
    children: dict[int, list[Goal]] = {}
    for goal in below:
        children.setdefault(goal.parent_id, []).append(goal)
    stack = [(0, goal) for goal in reversed(roots)]
    while stack:
        depth, goal = stack.pop()
        yield depth, goal
        stack.extend((depth + 1, child) for child in reversed(children.get(goal.pk, [])))


@requires(Permission.SEE_AUTHORITY)
def goal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One goal: its light and why, its figures, what the leader writes, and its red thread up and down."""
    viewer, today = request.user.as_viewer(request.today), request.today
    goal, above, below, parent = _family(pk, viewer, today)
    speak_of(goal.owner_unit)
    helping = queries.CONTRIBUTIONS.objects(goal.pk, viewer, today)
    others = [*above, *below]
    shown = goal_views([goal, *others], until=today, today=today, history=HISTORY, brief=others, whole=[goal])
    view, above_it, below_it = shown[0], shown[1 : 1 + len(above)], shown[1 + len(above) :]
    going_up = [one for one in below_it if one.goal.goes_up]
    written = queries.LAST_ASSESSMENT.objects(goal.pk)
    context = {
        "goal": goal,
        "view": view,
        "reason": goal_reason(figure_of(view.lead, today) if view.lead else None),
        "below": view.below,
        "below_count": view.below_count,
        "figures": figure_rows((standing for standing, _prioritised in view.standings), today),
        "side_count": len({one.series.indicator.side for one, _prioritised in view.standings} - {""}),
        "chart": chart_with_table(view.lead, today) if view.lead else None,
        "assessment": written[0] if written else None,
        "above": [node_row(one) for one in above_it],
        "here": node_row(view),
        "serving": [node_row(one) for one in deviations_first(going_up)],
        "staying": len(below_it) - len(going_up),
        **_held(view, going_up, helping, is_whole=len(below) < PAGE),
        "contributions": [link for link in helping if link.goal_id == goal.pk],
        "helped_by": [link for link in helping if link.to_goal_id == goal.pk and link.goal.goes_up],
        "my_authorities": _my_authorities(request),
        "history": queries.HISTORY_OF_GOAL.objects(goal.pk),
        "panels": panels_of("followup:goal_detail", request),
        **_broken(goal, parent, helping, is_served=bool(below)),
        "may_edit": Permission.EDIT_GOALS in goal.owner_unit.permissions_of(viewer, today, goal.owner_path),
        "may_ask": viewer.may_somewhere(Permission.ASK_QUESTIONS, today),
    }
    return render(request, "followup/goal_detail.html", context)


def _broken(goal: Goal, parent: str | None, helping: Sequence[Contribution], *, is_served: bool) -> dict[str, Any]:
    """What of the goal's own links is broken: `broken` is what kind of break there is above, empty for none."""
    helps = [link.to_goal.state for link in helping if link.goal_id == goal.pk]
    helped = any(link.to_goal_id == goal.pk and link.goal.is_adopted for link in helping)
    ties = ties_of(goal, parent=parent, helps=helps, is_served=is_served or helped)
    found = broken_links(ties) if goal.is_open else []
    return {
        "broken": next((one.value for one in found if one in (Broken.PARENT_CLOSED, Broken.LOOSE)), ""),
        "is_untranslated": Broken.UNSERVED in found,
    }


def _family(pk: int, viewer: Viewer, today: date) -> tuple[Goal, list[Goal], list[Goal], str | None]:
    """The goal, those it serves (topmost first), those that serve it, and the state of the one it serves itself.

    One query; 404 when it is not visible.
    """
    found = {one.pk: one for one in queries.FAMILY.objects(pk, viewer, today)}
    if pk not in found or not found[pk].is_visible:
        raise Http404
    above, at = [], found[pk].parent_id
    parent = found[at].state if at in found else None
    while at in found:
        above.append(found[at])
        at = found[at].parent_id
    shown = [one for one in reversed(above) if one.is_visible]
    return found[pk], shown, [one for one in found.values() if one.parent_id == pk], parent


def _held(
    view: GoalView, going_up: Sequence[GoalView], helping: Sequence[Contribution], *, is_whole: bool
) -> dict[str, Any]:
    """The goal beside those that serve it directly; nothing when there are more of them than the page reads."""
    own = view.goal.authority_id
    across = [
        link.goal
        for link in helping
        if link.to_goal_id == view.goal.pk and link.goal.goes_up and link.goal.authority_id == own
    ]
    lights = [one.light for one in going_up] + [stored_light(goal) for goal in across if goal.is_adopted]
    if not is_whole or not lights:
        return {"share": None}
    return {
        "share": share_of(lights),
        "holds": holds(view.light, lights),
        "is_on_course": view.light in ON_COURSE,
        "is_behind": view.light in BEHIND,
    }


# ---- indicators and series -------------------------------------------------------------------------------------------


@requires(Permission.SEE_AUTHORITY)
def indicator_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A definition, and every unit that reports it side by side, 50 a page."""
    indicator = get_object_or_404(Indicator.objects.visible_to(request.user, request.today), pk=pk)
    series = indicator.series.select_related("unit", "indicator").order_by("unit__position", "unit__name")
    page = Paginator(series, PAGE).get_page(request.GET.get("side"))
    standings = standings_of(list(page.object_list), until=request.today, today=request.today, history=HISTORY)
    context = {
        "indicator": indicator,
        "prices": price_subtitle(indicator.price_level, indicator.price_year),
        "page": page,
        "figures": [figure_of(standings[one.pk], request.today) for one in page.object_list],
        "may_edit": Indicator.objects.editable_by(request.user, request.today).filter(pk=pk).exists()
        if request.user.may_somewhere(Permission.EDIT_INDICATORS, request.today)
        else False,
    }
    return render(request, "followup/indicator_detail.html", context)


@requires(Permission.SEE_AUTHORITY)
def series_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One series: its light, the chart, every value with what was expected, and what has been changed."""
    viewer, today = request.user.as_viewer(request.today), request.today
    series = _one_or_404(queries.SERIES.objects(pk, viewer, today))
    may = series.unit.permissions_of(viewer, today, series.unit_path)
    targets = queries.TARGETS_OF_SERIES.objects(pk)
    stored = queries.values_of_series(pk, viewer, today)
    approved = [value for value, source in stored if source.approved_at is not None and value.period_end <= today]
    standing = standing_of(series, approved, targets, until=today, today=today)
    page = Paginator(stored[::-1], PAGE).get_page(request.GET.get("side"))
    shown = [value.pk for value, _source in page.object_list]
    revisions = queries.REVISIONS.objects(shown, Permission.SEE_DRAFTS not in may)
    context = {
        "series": series,
        "prices": price_subtitle(series.indicator.price_level, series.indicator.price_year),
        "figure": figure_of(standing, today),
        "chart": _chart(standing, standing.values),
        "page": page,
        "values": list(_explained_rows(page.object_list, series, standing, may, today)),
        "revisions": [_revision_row(revision, series) for revision in revisions],
        "panels": panels_of("followup:series_detail", request),
        "targets": [_target_row(target, standing) for target in targets],
        "goals": [
            {"url": address_of("followup:goal_detail", goal), "title": title, "unit": unit}
            for goal, title, unit in queries.GOALS_OF_SERIES.rows(pk, viewer, today)
        ],
        "may_edit": Permission.EDIT_INDICATORS in may,
        "may_ask": request.user.may_somewhere(Permission.ASK_QUESTIONS, request.today),
    }
    return render(request, "followup/series_detail.html", context)


def chart_with_table(standing: Standing, today: date) -> dict[str, Any]:
    """The chart of a series and the table behind it."""
    rows = [_value_row(value, standing, today) for value in reversed(standing.values[-24:])]
    return {**_chart(standing, standing.values), "rows": rows}


def _chart(standing: Standing, values: Sequence[StoredValue]) -> dict[str, Any]:
    """Both drawings and the address of the interactive one."""
    series = standing.series
    spec = chart_of(standing, values)
    drawable = any(value.value is not None for value in values)
    wide, narrow = line_svgs(spec, f"graf-{series.pk}") if drawable else ("", "")
    return {
        "spec": spec,
        "series": series,
        "wide": wide,
        "narrow": narrow,
        "has_example": any(value.is_example for value in values),
        "may_explore": True,
    }


def _value_row(value: StoredValue, standing: Standing, today: date) -> dict[str, Any]:
    """One value as tables print it, with what was expected then and how it stood."""
    verdict = assess(standing.rule, reading_of(value), today)
    decimals = standing.series.indicator.decimals
    return {
        "period": period_name_short(value.period),
        "value": format_number(value.value, decimals) if value.value is not None else NO_VALUE,
        "expected": format_number(verdict.expected, decimals) if verdict.expected is not None else NO_VALUE,
        "light": light(Light.NO_DATA if value.is_provisional else verdict.light),
        "is_example": value.is_example,
        "corrected_from": corrected_from(value, decimals),
    }


def _explained_rows(
    stored: Sequence[tuple[StoredValue, ValueSource]],
    series: Series,
    standing: Standing,
    may: Container[Permission],
    today: date,
) -> Iterator[dict[str, Any]]:
    """The values with their whole story, ready to print: a page holds fifty, so the template only prints."""
    for value, source in stored:
        is_entered = source.approved_at is not None and not value.parts_expected
        yield {
            **_value_row(value, standing, today),
            "period": period_name(value.period),
            "basis": basis(value),
            "is_draft": source.approved_at is None,
            "missing": capfirst(str(MISSING_WORDS[value.missing])) if value.missing else "",
            "filename": source.filename,
            "line": source.line,
            "parts_present": value.parts_present,
            "parts_expected": value.parts_expected,
            "entered_by": source.entered_by,
            "approved": f"{source.approved_by} {table_date(timezone.localdate(source.approved_at))}"
            if source.approved_at and source.approved_by
            else "",
            "comment": source.comment if Permission.SEE_DRAFTS in may else "",
            "correct_url": address_of("followup:value_correct", series.pk, value.pk)
            if Permission.CORRECT_VALUES in may and is_entered
            else "",
        }


def _revision_row(revision: Revision, series: Series) -> dict[str, Any]:
    decimals = series.indicator.decimals

    def text(value, missing):
        return format_number(value, decimals) if value is not None else missing or "–"

    return {
        "revision": revision,
        "period": period_name(revision.measurement.period),
        "before": text(revision.old_value, revision.old_missing),
        "after": text(revision.new_value, revision.new_missing),
    }


def _target_row(target: Target, standing: Standing) -> dict[str, Any]:
    return {"target": target, "words": target_words(point_of(target), standing)}


@requires(Permission.SEE_AUTHORITY)
def series_chart(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures for exploring: this series and the same indicator in other units, as JSON for Plotly."""
    series = get_object_or_404(
        Series.objects.visible_to(request.user, request.today).select_related("indicator", "unit"), pk=pk
    )
    others = series.indicator.series.exclude(pk=pk).select_related("indicator", "unit").order_by("unit__name")[:9]
    all_series = [series, *others]
    standings = standings_of(all_series, until=request.today, today=request.today)
    values = approved_values([one.pk for one in all_series])
    specs = [
        (one.unit.name, chart_of(standings[one.pk], values[one.pk]))
        for one in all_series
        if any(value.value is not None for value in values[one.pk])
    ]
    return JsonResponse({"figures": plotly_many(specs)})
