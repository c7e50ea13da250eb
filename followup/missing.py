"""Who has not reported to a round yet, as one leader sees it: own approvals, then by area, then what was sent back."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from followup.entry import cells_of
from followup.kinds import EDITABLE, WAITING, ReminderKind
from followup.models import DueValue, Reminder, Round, Submission, SubmissionState
from organisation.leaders import leaders_of
from organisation.models import HistoryEntry, Unit, User
from organisation.permissions import Permission

APPROVALS = 20  # shown one by one; the rest are in the inbox
MINUTES_FOR_APPROVAL = 4
# How far a report has come, in the order of the bar.
PROGRESS = ("approved", "sent", "begun", "returned", "untouched")


@dataclass(frozen=True, slots=True)
class Place:
    """One unit's report in brief."""

    pk: int
    unit_id: int
    area: Unit  # the unit above it, or itself at the top: key and name
    state: str
    is_begun: bool

    @property
    def progress(self) -> str:
        match self.state:
            case SubmissionState.APPROVED:
                return "approved"
            case SubmissionState.RETURNED:
                return "returned"
            case SubmissionState.DRAFT:
                return "begun" if self.is_begun else "untouched"
        return "sent"

    @property
    def is_missing(self) -> bool:
        return self.state in EDITABLE


@dataclass(slots=True)
class Row:
    """A unit that has not sent."""

    submission: Submission
    progress: str
    leaders: list[User]
    reminded: date | None
    can_be_reminded: bool
    is_reminded_today: bool
    is_own: bool  # the reader is the leader

    @property
    def done(self) -> int:
        return self.submission.due_count - self.submission.missing_count


@dataclass(slots=True)
class Area:
    """A unit above, how many of those below it are in, and those that are not."""

    unit: Unit
    leaders: list[User]
    total: int
    sent: int
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Approval:
    """A report that waits for the reader."""

    submission: Submission
    counts: dict[str, int]
    waiting_below: int
    below: int


def remindable_units(user: User, today: date):
    """Units whose leaders the user may remind."""
    return Unit.objects.allowing(Permission.REMIND, user, today)


def places_of(round_: Round, user: User, today: date) -> list[Place]:
    """Every report to the round from units in the reader's reach, by area."""
    stored = DueValue.objects.filter(submission=OuterRef("pk")).present()
    rows = (
        Submission.objects.filter(round=round_, unit__in=remindable_units(user, today))
        .order_by("unit__parent__position", "unit__parent__name", "unit__position", "unit__name", "pk")
        .values_list("pk", "unit_id", "unit__name", "unit__parent_id", "unit__parent__name", "state", Exists(stored))
    )
    return [
        Place(pk, unit, Unit(pk=above or unit, name=above_name or name), state, begun)
        for pk, unit, name, above, above_name, state, begun in rows
    ]


def counts_of(places: Sequence[Place]) -> dict[str, int]:
    """How many reports have come how far."""
    counted = Counter(place.progress for place in places)
    return {key: counted[key] for key in PROGRESS}


def areas_of(places: Sequence[Place], chosen: Sequence[Place], user: User, today: date) -> list[Area]:
    """The areas of the chosen reports, with their rows; and with nothing missing, those that are all in."""
    submissions = _submissions([place.pk for place in chosen])
    by_area: dict[int, list[Place]] = defaultdict(list)
    for place in places:
        by_area[place.area.pk].append(place)
    shown = {place.area.pk for place in chosen} | {pk for pk, all_ in by_area.items() if not _missing(all_)}
    units = {pk: all_[0].area for pk, all_ in by_area.items() if pk in shown}
    leaders = leaders_of([*units.values(), *(one.unit for one in submissions.values())], today)
    reminded = _reminded(list(submissions))
    areas = {}
    for pk, unit in units.items():
        all_ = by_area[pk]
        areas[pk] = Area(unit, leaders[pk], len(all_), len(all_) - len(_missing(all_)))
    for place in chosen:
        one = submissions[place.pk]
        found = leaders[one.unit_id]
        last = reminded.get(place.pk)
        others = any(leader.email and leader != user for leader in found)
        row = Row(one, place.progress, found, last, others, is_reminded_today=last == today, is_own=user in found)
        areas[place.area.pk].rows.append(row)
    return list(areas.values())


def _missing(places: Sequence[Place]) -> list[Place]:
    return [place for place in places if place.is_missing]


def _submissions(ids: Sequence[int]) -> dict[int, Submission]:
    """The reports with their counts, and how often each was sent back."""
    returned = (
        HistoryEntry.objects.filter(
            subject_kind=Submission._meta.label_lower, subject_id=OuterRef("pk"), verb=SubmissionState.RETURNED
        )
        .order_by()
        .values("subject_id")
        .annotate(n=Count("pk"))
    )
    rows = Submission.objects.filter(pk__in=ids).select_related("unit", "decided_by").with_counts()
    rows = rows.annotate(times_returned=Coalesce(Subquery(returned.values("n"), output_field=IntegerField()), 0))
    return rows.in_bulk()


def _reminded(ids: Sequence[int]) -> dict[int, date]:
    found = Reminder.objects.filter(kind=ReminderKind.SUBMISSION, object_id__in=ids).order_by()
    return dict(found.values_list("object_id").annotate(last=Max("day")))


def approvals_of(round_: Round, places: Sequence[Place], user: User, today: date) -> list[Approval]:
    """What waits for the reader's approval, the lowest units first: those above wait for them."""
    mine = Submission.objects.approvable_by(user, today).filter(round=round_, state__in=WAITING)
    rows = list(mine.select_related("unit", "submitted_by", "reviewed_by").order_by("submitted_at", "pk")[:APPROVALS])
    if not rows:
        return []
    due = list(DueValue.objects.filter(submission__in=rows).for_grid())
    lights: dict[int, Counter[str]] = defaultdict(Counter)
    for cell in cells_of(due, today):
        lights[cell.due.submission_id][cell.light.value] += 1
    below = _below([one.unit for one in rows], places)
    approvals = [
        Approval(
            one,
            dict(lights[one.pk]),
            waiting_below=sum(1 for place in below[one.unit_id] if place.state != SubmissionState.APPROVED),
            below=len(below[one.unit_id]),
        )
        for one in rows
    ]
    return sorted(approvals, key=lambda approval: approval.waiting_below)


def _below(units: Sequence[Unit], places: Sequence[Place]) -> dict[int, list[Place]]:
    """The reports of units below each unit."""
    tree = dict(Unit.objects.below(*units).values_list("pk", "parent_id"))
    found: dict[int, list[Place]] = {unit.pk: [] for unit in units}
    for place in places:
        for above in _above(place.unit_id, tree):
            if above in found:
                found[above].append(place)
    return found


def _above(unit_id: int, tree: dict[int, int | None]) -> Iterator[int]:
    at = tree.get(unit_id)
    while at is not None:
        yield at
        at = tree.get(at)


def bar_of(counts: dict[str, int]) -> list[dict[str, object]]:
    """The counts that are not zero as parts of a bar, in per cent."""
    total, x, parts = sum(counts.values()), 0.0, []
    for key, count in counts.items():
        if count:
            width = 100 * count / total
            parts.append({"key": key, "count": count, "x": f"{x:.2f}", "width": f"{width:.2f}"})
            x += width
    return parts
