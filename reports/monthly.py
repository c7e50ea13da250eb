"""What the monthly mail says of each unit that people follow, read set by set for everybody at once.

The lights of a month ago are those that were kept when last month's mail was written (`UnitLights`): what was entered
late or corrected since does not change what people were told then.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.urls import reverse

from followup.kinds import EDITABLE
from followup.mails import Part, site_url
from followup.models import FollowUpSettings, GoalStanding, Round, Submission
from followup.status import Light
from followup.workdays import Workdays
from goals.kinds import GoalState
from goals.period_names import period_name
from organisation.models import Authority, Membership, Unit
from organisation.templatetags.components import distribution_words, light_word
from reports.models import Edition, MonthlyMail, Subscription, UnitLights
from reports.overview import steps_between
from reports.subscribing import followed, followed_by_role

WINDOW = timedelta(days=7)  # after the first hverdag, when tick has not run
AHEAD = timedelta(days=35)
MOST = 6  # goals told one by one

Lights = Mapping[str, str]  # the goal's key as text -> light


@dataclass(frozen=True, slots=True)
class Reader:
    """A person who is to have this month's mail from an authority, and the units it is about."""

    user: int
    authority: int
    units: frozenset[int]


@dataclass(slots=True)
class Month:
    """Everything the mails of one month say, by unit."""

    units: dict[int, Unit] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # of goals, by key as text
    now: dict[int, dict[str, str]] = field(default_factory=dict)
    before: dict[int, Lights] = field(default_factory=dict)
    published: dict[int, list[Edition]] = field(default_factory=dict)
    meetings: dict[int, Round] = field(default_factory=dict)
    owed: dict[int, list[Submission]] = field(default_factory=dict)


def first_workday(day: date, workdays: Workdays) -> date:
    """The first hverdag of the day's month."""
    first = day.replace(day=1)
    while not workdays.is_hverdag(first):
        first += timedelta(days=1)
    return first


def authorities_due(today: date) -> dict[int, tuple[Authority, date]]:
    """Authorities where somebody wants the mail and it is time for it, each with the month's first hverdag."""
    wanted = Membership.objects.current(today).filter(user__in=MonthlyMail.objects.values("user"))
    found = Authority.objects.filter(pk__in=wanted.values("unit__authority")).select_related("followup_settings")
    firsts = {one.pk: (one, first_workday(today, FollowUpSettings.objects.of(one).workdays)) for one in found}
    return {pk: (one, first) for pk, (one, first) in firsts.items() if first <= today < first + WINDOW}


def readers_of(due: Mapping[int, tuple[Authority, date]], today: date) -> list[Reader]:
    """Who wants the mail of each authority, and follows something there."""
    since = dict(MonthlyMail.objects.filter(user__is_active=True).values_list("user", "since"))
    held = Membership.objects.current(today).filter(user__in=MonthlyMail.objects.values("user"))
    grants = defaultdict(list)
    for membership in held.select_related("unit__authority"):
        grants[membership.user_id].append(membership.as_grant())
    chosen: dict[int, dict[int, bool]] = defaultdict(dict)
    where = {grant.unit_id: grant.authority_id for some in grants.values() for grant in some}
    rows = Subscription.objects.filter(user__in=MonthlyMail.objects.values("user"))
    for user, unit, authority, is_wanted in rows.values_list("user", "unit", "unit__authority", "is_wanted"):
        chosen[user][unit], where[unit] = is_wanted, authority
    found = []
    for user, theirs in sorted(grants.items()):
        units = followed(followed_by_role(theirs, today), chosen[user])
        for authority in sorted({grant.authority_id for grant in theirs} & set(due)):
            own = frozenset(unit for unit in units if where[unit] == authority)
            if own and user in since and since[user] <= due[authority][1]:
                found.append(Reader(user, authority, own))
    return found


def month_of(authorities: Collection[int], units: Collection[int], today: date) -> Month:
    """What there is to say: the same few queries however many units and people."""
    month = Month(units={one.pk: one for one in Unit.objects.filter(pk__in=units).valid(today)})
    rows = GoalStanding.objects.filter(goal__authority__in=authorities, goal__state=GoalState.ADOPTED).exclude(light="")
    ranked = rows.order_by("goal__owner_unit", "goal__rank", "goal")
    for unit, goal, name, light in ranked.values_list("goal__owner_unit", "goal", "goal__short_name", "light"):
        month.now.setdefault(unit, {})[str(goal)] = light
        month.names[str(goal)] = name
    this_month = today.replace(day=1)
    earlier = UnitLights.objects.filter(
        unit__authority__in=authorities, day__lt=this_month, day__gte=this_month - relativedelta(months=1)
    )
    month.before = dict(earlier.order_by("day").values_list("unit", "lights"))
    _read_coming(month, today)
    return month


def _read_coming(month: Month, today: date) -> None:
    """Reports since last month, the next meeting, and what is owed."""
    since = today - relativedelta(months=1)
    editions = Edition.objects.filter(
        report__template="", report__round__body__in=month.units, withdrawn_at=None, published_at__date__gte=since
    )
    for edition in editions.defer("content").select_related("report__round").order_by("published_at", "pk"):
        month.published.setdefault(edition.report.round.body_id, []).append(edition)
    rounds = Round.objects.filter(body__in=month.units, meeting_date__gte=today)
    for round_ in rounds.order_by("meeting_date", "pk"):
        month.meetings.setdefault(round_.body_id, round_)
    owed = Submission.objects.under_way(today).filter(
        unit__in=month.units, state__in=EDITABLE, deadline__gte=today, deadline__lte=today + AHEAD
    )
    for submission in owed.select_related("round").order_by("deadline", "pk"):
        month.owed.setdefault(submission.unit_id, []).append(submission)


def parts_of_reader(reader: Reader, month: Month) -> list[Part]:
    """A part for each unit of which there is something to say."""
    units = [month.units[pk] for pk in reader.units if pk in month.units]
    units.sort(key=lambda unit: (not unit.is_body, unit.position, unit.name))
    said = (_part(unit, place, month) for place, unit in enumerate(units))
    return [part for part in said if part is not None]


def _part(unit: Unit, place: int, month: Month) -> Part | None:
    now, before = month.now.get(unit.pk, {}), month.before.get(unit.pk)
    published, meeting, owed = month.published.get(unit.pk, []), month.meetings.get(unit.pk), month.owed.get(unit.pk)
    if not (now or published or meeting or owed):
        return None
    worse, better = _moved(now, before or {}, month.names)
    route = "followup:body_detail" if unit.is_body else "followup:unit_detail"
    return Part(
        rank=(place,),
        subject="",
        heading=unit.name,
        template="monthly",
        url=site_url(reverse(route, args=[unit.pk])),
        context={
            "unit": unit.name,
            "goal_count": len(now),
            "lights": distribution_words(Counter(now.values())),
            "is_compared": before is not None,
            "lights_before": distribution_words(Counter((before or {}).values())),
            "worse": worse[:MOST],
            "more_worse": max(len(worse) - MOST, 0),
            "better": better[:MOST],
            "more_better": max(len(better) - MOST, 0),
            "published": [
                {"period": period_name(one.report.round.period), "date": one.published_at} for one in published
            ],
            "meeting": meeting,
            "owed": [{"period": period_name(one.round.period), "deadline": one.deadline} for one in owed or ()],
        },
    )


Moved = list[dict[str, str]]


def _moved(now: Lights, before: Lights, names: Mapping[str, str]) -> tuple[Moved, Moved]:
    """The goals whose light is worse, and those whose light is better, than a month ago."""
    steps = {goal: steps_between(Light(before[goal]), Light(light)) for goal, light in now.items() if goal in before}

    def told(goals: Iterable[str]) -> Moved:
        return [{"name": names[one], "before": light_word(before[one]), "now": light_word(now[one])} for one in goals]

    return told(one for one, step in steps.items() if step < 0), told(one for one, step in steps.items() if step > 0)


def lights_to_keep(month: Month, today: date) -> Sequence[UnitLights]:
    """What next month compares with."""
    return [UnitLights(unit_id=unit, day=today, lights=lights) for unit, lights in month.now.items()]
