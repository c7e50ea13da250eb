"""The content of the report for a body and a round, made once and shown both in the browser and on paper."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from itertools import accumulate

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.charts.triangle_spec import Triangle
from followup.effect_chains import chains_of
from followup.goal_views import GoalView, goal_views
from followup.mails import site_url
from followup.models import Acceptance, Assessment, Round
from followup.triangles import triangle_of
from goals.kinds import Side
from goals.period_names import period_name_short
from organisation.danish import long_date, weekday_date
from reports.action_parts import Actions, actions_of
from reports.choosing import chosen_goals
from reports.further_parts import (
    agenda_of,
    heard_of,
    over_ceiling_of,
    over_time_of,
    owners_of,
    partners_of,
    units_of,
)
from reports.models import Report
from reports.outline import Part
from reports.overview import Numbered, anchor, overview_of
from reports.parts import Front, ReportContent, Section, Written
from reports.portal.scope import reported_views
from reports.sections import section_of
from reports.since import shifts_since
from reports.sources import reports_of, sources_of
from reports.subject import Subject

EARLIER = 4  # rounds that lights are told of over time
HISTORY = 24  # values in a chart: six years of quarters


def report_content(subject: Subject, *, now: datetime, report: Report | None = None) -> ReportContent:
    """Everything the report says; `report` is its row where that has been read.

    The number of queries does not depend on how many goals or indicators there are.
    Lights come from approved values up to the round's last day. What is late is told as of the meeting, so that an
    old report does not grow older.
    """
    round_, outline = subject.round, subject.outline
    today = min(timezone.localdate(now), round_.meeting_date)
    earlier = list(_earlier(round_)[:EARLIER])
    previous = earlier[0] if earlier else None
    chosen = chosen_goals(subject)
    views = goal_views(
        [goal for _number, goal in chosen.numbered],
        until=round_.period_end,
        today=today,
        history=HISTORY,
        before=previous.period_end if previous is not None else None,
    )
    views = reported_views(views, round_.authority, today, previous.period_end if previous is not None else None)
    numbered = [(number, view) for (number, _goal), view in zip(chosen.numbered, views, strict=True)]
    own = [one for one in numbered if one[1].goal.pk in chosen.own]
    actions = _actions(round_, numbered, since=previous.meeting_date if previous is not None else None, today=today)
    sections = _sections(round_, numbered, today, actions)
    sources = sources_of(numbered)
    has_example = any(source.is_example for source in sources) or any(
        table.has_example for section in sections for table in section.tables
    )
    measured = {standing.series.unit_id for view in views for standing, _prioritised in view.standings}
    units, more_units = units_of(subject, today) if outline.has(Part.UNITS) else ((), 0)
    owner = subject.unit or round_.body
    return ReportContent(
        kind=subject.kind,
        outline=outline,
        front=_front(subject, now),
        written=_written(subject, report or subject.report),
        overview=overview_of(own, previous, today, actions=actions),
        shifts=shifts_since(numbered, previous, owner_id=None if subject.goal else owner.pk, today=today),
        sections=sections,
        left_out=chosen.left_out,
        own=tuple(anchor(view) for _number, view in own),
        agenda=agenda_of(round_) if outline.has(Part.AGENDA) else (),
        over_ceiling=over_ceiling_of(subject, previous),
        over_time=over_time_of(numbered, earlier, round_) if outline.has(Part.OVER_TIME) else None,
        partners=partners_of(numbered, chosen.own) if outline.has(Part.PARTNERS) else (),
        units=units,
        more_units=more_units,
        citizens=heard_of(numbered, today) if outline.has(Part.CITIZENS) else (),
        sources=sources,
        reports=reports_of(round_, measured),
        has_example=has_example,
        made_at=now,
    )


def _earlier(round_: Round):
    """The body's rounds before this, the latest first."""
    earlier = Round.objects.filter(body=round_.body_id, period_end__lt=round_.period_end)
    return earlier.order_by("-period_end", "-pk")


def _actions(round_: Round, numbered: Sequence[Numbered], *, since: date | None, today: date) -> Actions:
    goals_of: dict[int, list[int]] = defaultdict(list)
    for _number, view in numbered:
        for standing, _prioritised in view.standings:
            goals_of[standing.series.pk].append(view.goal.pk)
    return actions_of(round_, [view.goal.pk for _number, view in numbered], goals_of, since=since, today=today)


def _sections(round_: Round, numbered: Sequence[Numbered], today: date, actions: Actions) -> tuple[Section, ...]:
    assessments = {
        one.goal_id: one
        for one in Assessment.objects.filter(
            round=round_, goal__in=[view.goal for _number, view in numbered]
        ).select_related("written_by", "judged_by")
    }
    accepted = dict(Acceptance.objects.filter(round=round_).values_list("goal", "reason"))
    drawn = [(view.goal.pk, view.goal.short_name) for _number, view in numbered if view.goal.has_chain]
    chains = chains_of(drawn, until=round_.period_end, today=today)
    owners = owners_of(numbered, today)
    # As `sources_of` numbers its lines.
    firsts = accumulate((len(view.standings) for _number, view in numbered), initial=1)
    return tuple(
        section_of(
            view,
            number,
            today=today,
            first_reference=first,
            assessment=assessments.get(view.goal.pk),
            acceptance=accepted.get(view.goal.pk, ""),
            actions=actions.by_goal.get(view.goal.pk, ()),
            chain=chains.get(view.goal.pk),
            triangle=_triangle(view, round_),
            owners=owners.get(view.goal.pk, ()),
        )
        for (number, view), first in zip(numbered, firsts, strict=False)
    )


def _triangle(view: GoalView, round_: Round) -> Triangle | None:
    """The goal's steering triangle where all three sides are measured."""
    standings = [standing for standing, _prioritised in view.standings]
    if len({one.series.indicator.side for one in standings} - {""}) < len(Side):
        return None
    return triangle_of(view.goal.short_name, standings, now=period_name_short(round_.covers), history=HISTORY)


def _written(subject: Subject, report: Report) -> Written:
    return Written(
        conclusion=subject.conclusion,
        highlights=tuple(line.strip() for line in report.highlights.splitlines() if line.strip()),
        recommendation=report.recommendation,
    )


def _front(subject: Subject, now: datetime) -> Front:
    round_ = subject.round
    period = round_.covers
    about = [(_("Enhed"), subject.unit.name)] if subject.unit is not None else []
    if subject.goal is not None:
        about = [(_("Mål"), subject.goal.title), (_("Ansvarlig enhed"), subject.goal.owner_unit.name)]
    basis = _("Datagrundlag: godkendte tal pr. %s") % long_date(timezone.localdate(now))
    return Front(
        title=subject.title,
        authority=round_.authority.name,
        body=round_.body.name,
        data_basis=basis,
        is_example=round_.authority.is_example,
        facts=(
            *about,
            (_("Møde"), f"{round_.body.name}, {weekday_date(round_.meeting_date)}"),
            (_("Periode"), f"{long_date(period.first)} – {long_date(period.last)}"),
            (_("Datagrundlag"), basis.partition(": ")[2]),
            (_("Tilstand"), round_.get_state_display()),
        ),
        address=site_url(reverse("reports:report_detail", args=[subject.key])),
    )
