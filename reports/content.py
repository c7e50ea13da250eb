"""The content of the report for a body and a round, made once and shown both in the browser and on paper."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.goal_views import GoalView, goal_views
from followup.models import Acceptance, Assessment, Round
from goals.kinds import GoalState
from goals.models import Goal
from organisation.danish import long_date, weekday_date
from reports.action_parts import Actions, actions_of
from reports.overview import overview_of
from reports.parts import Front, ReportContent, Section, Written
from reports.sections import section_of
from reports.since import shifts_since
from reports.sources import reports_of, sources_of
from reports.subject import Subject

MOST_GOALS = 100  # what one report shows; a body has five to fifteen
HISTORY = 24  # values in a chart: six years of quarters


def report_content(subject: Subject, *, now: datetime) -> ReportContent:
    """Everything the report says. The number of queries does not depend on how many goals or indicators there are.

    Lights come from approved values up to the round's last day. What is late is told as of the meeting, so that an
    old report does not grow older.
    """
    round_ = subject.round
    today = min(timezone.localdate(now), round_.meeting_date)
    previous = _previous(round_)
    goals = list(_goals(round_)[: MOST_GOALS + 1])
    left_out = _goals(round_).count() - MOST_GOALS if len(goals) > MOST_GOALS else 0
    views = goal_views(
        goals[:MOST_GOALS],
        until=round_.period_end,
        today=today,
        history=HISTORY,
        before=previous.period_end if previous is not None else None,
    )
    numbered = list(zip(_numbers(views), views, strict=True))
    actions = _actions(round_, numbered, since=previous.meeting_date if previous is not None else None, today=today)
    sections = _sections(round_, numbered, today, actions)
    sources = sources_of(numbered)
    has_example = any(source.is_example for source in sources) or any(
        table.has_example for section in sections for table in section.tables
    )
    units = {standing.series.unit_id for view in views for standing, _prioritised in view.standings}
    return ReportContent(
        front=_front(subject, now),
        written=_written(subject),
        overview=overview_of(numbered, previous, today, actions=actions),
        shifts=shifts_since(numbered, previous, body_id=round_.body_id, today=today),
        sections=sections,
        left_out=left_out,
        sources=sources,
        reports=reports_of(round_, units),
        has_example=has_example,
        made_at=now,
    )


def _previous(round_: Round) -> Round | None:
    earlier = Round.objects.filter(body=round_.body_id, period_end__lt=round_.period_end)
    return earlier.order_by("-period_end", "-pk").first()


def _goals(round_: Round):
    """The body's goals in its own order: those in force, and those closed after the meeting."""
    shown = Q(state=GoalState.ADOPTED) | Q(state=GoalState.CLOSED, closed_by__date__gt=round_.meeting_date)
    return (
        Goal.objects.filter(shown, owner_unit=round_.body_id)
        .select_related("owner_unit", "parent", "responsible", "adopted_by__body", "standing")
        .order_by("rank", "pk")
    )


def _numbers(views: Sequence[GoalView]) -> list[int]:
    """The body's own ranks; counted from one where two goals share a rank."""
    ranks = [view.goal.rank for view in views]
    return ranks if len(set(ranks)) == len(ranks) else list(range(1, len(ranks) + 1))


def _actions(round_: Round, numbered: Sequence[tuple[int, GoalView]], *, since: date | None, today: date) -> Actions:
    goals_of: dict[int, list[int]] = defaultdict(list)
    for _number, view in numbered:
        for standing, _prioritised in view.standings:
            goals_of[standing.series.pk].append(view.goal.pk)
    return actions_of(round_, [view.goal.pk for _number, view in numbered], goals_of, since=since, today=today)


def _sections(
    round_: Round, numbered: Sequence[tuple[int, GoalView]], today: date, actions: Actions
) -> tuple[Section, ...]:
    assessments = {
        one.goal_id: one
        for one in Assessment.objects.filter(
            round=round_, goal__in=[view.goal for _number, view in numbered]
        ).select_related("written_by", "judged_by")
    }
    accepted = dict(Acceptance.objects.filter(round=round_).values_list("goal", "reason"))
    return tuple(
        section_of(
            view,
            number,
            today=today,
            assessment=assessments.get(view.goal.pk),
            acceptance=accepted.get(view.goal.pk, ""),
            actions=actions.by_goal.get(view.goal.pk, ()),
        )
        for number, view in numbered
    )


def _written(subject: Subject) -> Written:
    report = subject.report
    return Written(
        conclusion=subject.round.conclusion,
        highlights=tuple(line.strip() for line in report.highlights.splitlines() if line.strip()),
        recommendation=report.recommendation,
    )


def _front(subject: Subject, now: datetime) -> Front:
    round_ = subject.round
    period = round_.covers
    basis = _("Datagrundlag: godkendte tal pr. %s") % long_date(timezone.localdate(now))
    return Front(
        title=subject.title,
        authority=round_.authority.name,
        body=round_.body.name,
        data_basis=basis,
        is_example=round_.authority.is_example,
        facts=(
            (_("Møde"), f"{round_.body.name}, {weekday_date(round_.meeting_date)}"),
            (_("Periode"), f"{long_date(period.first)} – {long_date(period.last)}"),
            (_("Datagrundlag"), basis.partition(": ")[2]),
            (_("Tilstand"), round_.get_state_display()),
        ),
    )
