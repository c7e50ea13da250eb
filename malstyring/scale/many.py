"""A whole installation on the morning after a deadline: many authorities, each with a leader for every institution.

Every institution owes one round the same number of values. Of all the values a share is late, one to an institution;
the rest are in, and institutions that lack nothing have sent their report.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle, islice

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection, transaction
from django.utils import timezone

from followup.kinds import RoundState, SubmissionState
from followup.models import DueValue, GoalStanding, Round, Submission
from goals.kinds import GoalState, PathKind, ToleranceKind
from goals.models import Decision, Goal, GoalSeries, Indicator, Series
from goals.periods import Period, PeriodKind
from malstyring.scale.rows import continue_numbering, write_rows
from malstyring.scale.values import COLUMNS
from organisation.models import Authority, BodyLink, Membership, Unit, UnitKind, User
from organisation.permissions import Role

LONG_AGO = date(2010, 1, 1)
BATCH = 2000
COUNCIL_GOALS = 4
GOALS = 4  # of each institution
LEADERS_ABOVE = 2  # the director and the head of the directorate


@dataclass(frozen=True, slots=True)
class Many:
    """How large the installation is."""

    authorities: int = 103
    leaders: int = 5_000
    due: int = 200_000
    late: int = 2_000


class ManyBuilder:
    """Stores the installation. Everything is example data, and nobody can sign in."""

    def __init__(self, size: Many, *, now: datetime) -> None:
        self.size, self.now, self.today = size, now, timezone.localdate(now)
        self.quarter = Period.containing(self.today, PeriodKind.QUARTER).previous()
        self.institutions = size.leaders - LEADERS_ABOVE * size.authorities
        self.each = -(-size.due // self.institutions)

    @transaction.atomic
    def build(self) -> None:
        """Store it, with lights as they were the day before."""
        self._build_units()
        self._build_people()
        self._build_goals()
        self._build_series()
        self._build_rounds()
        self._build_values()

    def _build_units(self) -> None:
        self.authorities = Authority.objects.bulk_create(
            Authority(code=f"T{n}", name=f"Målby {n} Kommune", is_example=True) for n in range(self.size.authorities)
        )
        council = self._units(UnitKind.COUNCIL, "Byrådet", [None] * len(self.authorities), self.authorities)
        self.councils = council
        self.committees = self._units(UnitKind.COMMITTEE, "Udvalget", council, self.authorities)
        self.boards = self._units(UnitKind.EXECUTIVE_BOARD, "Direktionen", council, self.authorities)
        self.directorates = self._units(UnitKind.DIRECTORATE, "Forvaltningen", self.boards, self.authorities)
        BodyLink.objects.bulk_create(
            BodyLink(unit=unit, body=body, first_day=LONG_AGO)
            for unit, body in zip(self.directorates, self.committees, strict=True)
        )
        above = list(islice(cycle(self.directorates), self.institutions))
        self.schools = self._units(UnitKind.INSTITUTION, "Institution", above, [unit.authority for unit in above])

    def _units(self, kind: UnitKind, name: str, above: list, authorities: list[Authority]) -> list[Unit]:
        numbered = kind == UnitKind.INSTITUTION
        return Unit.objects.bulk_create(
            [
                Unit(
                    authority=authority,
                    parent=parent,
                    kind=kind,
                    code=f"{kind}{n}",
                    name=f"{name} {n + 1}" if numbered else name,
                    position=n,
                    valid_from=LONG_AGO,
                )
                for n, (parent, authority) in enumerate(zip(above, authorities, strict=True))
            ],
            batch_size=BATCH,
        )

    def _build_people(self) -> None:
        directors = self._people("direktoer", Role.DIRECTOR, self.boards)
        self.approvers = {unit.authority_id: one.pk for unit, one in zip(self.boards, directors, strict=True)}
        self._people("chef", Role.MANAGER, self.directorates)
        self.leaders = self._people("leder", Role.MANAGER, self.schools)
        self._people("konsulent", Role.GOAL_CONSULTANT, self.councils)

    def _people(self, name: str, role: Role, units: list[Unit]) -> list[User]:
        people = User.objects.bulk_create(
            [
                User(
                    username=f"{name}-{n}",
                    first_name=name.capitalize(),
                    last_name=str(n),
                    email=f"{name}-{n}@example.dk",
                    password=UNUSABLE_PASSWORD_PREFIX,
                )
                for n, _ in enumerate(units)
            ],
            batch_size=BATCH,
        )
        Membership.objects.bulk_create(
            [
                Membership(user=person, unit=unit, role=role, first_day=LONG_AGO)
                for person, unit in zip(people, units, strict=True)
            ],
            batch_size=BATCH,
        )
        return people

    def _build_goals(self) -> None:
        decisions = Decision.objects.bulk_create(
            Decision(authority=council.authority, body=council, date=self.today, reference="punkt 4")
            for council in self.councils
        )
        of_authority = {one.authority_id: one for one in decisions}
        top = self._goals(self.councils, COUNCIL_GOALS, of_authority, {})
        above = {(one.authority_id, one.rank): one for one in top}
        self.goals = self._goals(self.schools, GOALS, of_authority, above)
        below: dict[int, int] = {one.pk: 0 for one in top}
        for goal in self.goals:
            below[goal.parent_id] += 1
        standings = [GoalStanding(goal=one, light="nodata", below={"notarget": below[one.pk]}) for one in top]
        standings += [GoalStanding(goal=one, light="notarget", below={}) for one in self.goals]
        GoalStanding.objects.bulk_create(standings, batch_size=BATCH)

    def _goals(self, units, count: int, decisions: dict[int, Decision], above: dict[tuple[int, int], Goal]):
        return Goal.objects.bulk_create(
            [
                Goal(
                    authority_id=unit.authority_id,
                    owner_unit=unit,
                    parent=above.get((unit.authority_id, rank)),
                    title=f"{unit.name}: mål {rank}",
                    short_name=f"Mål {rank}",
                    rank=rank,
                    state=GoalState.ADOPTED,
                    adopted_by=decisions[unit.authority_id],
                )
                for unit in units
                for rank in range(1, count + 1)
            ],
            batch_size=BATCH,
        )

    def _build_series(self) -> None:
        """Of each institution so many series, divided among its goals."""
        made = Indicator.objects.bulk_create(
            [
                Indicator(
                    authority=authority,
                    code=f"I{n}",
                    name=f"Indikator {n + 1}",
                    unit_of_measure="personer",
                    frequency=PeriodKind.QUARTER,
                )
                for authority in self.authorities
                for n in range(self.each)
            ],
            batch_size=BATCH,
        )
        places = {authority.pk: at * self.each for at, authority in enumerate(self.authorities)}
        self.series = [
            (pk, school, made[places[school.authority_id] + n].pk, n)
            for pk, (school, n) in enumerate(((school, n) for school in self.schools for n in range(self.each)), 1)
        ]
        write_rows(
            "goals_series",
            "id, authority_id, indicator_id, unit_id, baseline_period, tolerance_kind, path, reporting_lag_days,"
            " is_rolled_up, source_note, version",
            (
                (pk, school.authority_id, indicator, school.pk, "", ToleranceKind.ABSOLUTE.value,
                 PathKind.LINEAR.value, 0, False, "", 1)
                for pk, school, indicator, _n in self.series
            ),
        )  # fmt: skip
        goals = [self.goals[at * GOALS + n % GOALS].pk for at in range(len(self.schools)) for n in range(self.each)]
        write_rows(
            "goals_goalseries",
            "goal_id, series_id, rank, is_prioritised",
            ((goal, row[0], row[3] + 1, True) for goal, row in zip(goals, self.series, strict=True)),
        )
        continue_numbering(Series, GoalSeries)

    def _build_rounds(self) -> None:
        """A round of each committee whose deadline was yesterday."""
        deadline = self.today - timedelta(days=1)
        rounds = Round.objects.bulk_create(
            Round(
                authority=body.authority,
                body=body,
                period=self.quarter.code,
                period_end=self.quarter.last,
                opens=min(self.quarter.last, deadline),
                entry_deadline=deadline,
                approval_deadline=self.today + timedelta(days=10),
                meeting_date=self.today + timedelta(days=30),
                state=RoundState.OPEN,
            )
            for body in self.committees
        )
        of_authority = {one.authority_id: one for one in rounds}
        self.submissions = Submission.objects.bulk_create(
            [
                Submission(
                    round=of_authority[school.authority_id],
                    unit=school,
                    deadline=deadline,
                    state=SubmissionState.DRAFT if self._is_late(at) else SubmissionState.SUBMITTED,
                    submitted_by=None if self._is_late(at) else self.leaders[at],
                    submitted_at=None if self._is_late(at) else self.now - timedelta(days=1),
                )
                for at, school in enumerate(self.schools)
            ],
            batch_size=BATCH,
        )
        code, last = self.quarter.code, self.quarter.last.isoformat()
        write_rows(
            "followup_duevalue",
            "submission_id, series_id, period, period_end",
            ((self.submissions[at // self.each].pk, row[0], code, last) for at, row in enumerate(self.series)),
        )
        continue_numbering(DueValue)

    def _is_late(self, school: int) -> bool:
        """Spread evenly over the authorities."""
        late = self.size.late
        return (school + 1) * late // self.institutions > school * late // self.institutions

    def _build_values(self) -> None:
        write_rows("followup_measurement", COLUMNS, self._values())

    def _values(self) -> Iterator[tuple[object, ...]]:
        """Every value but the first of each institution that is late."""
        code, last = self.quarter.code, self.quarter.last.isoformat()
        at_time = (self.now - timedelta(days=8)).astimezone(timezone.get_fixed_timezone(0))
        entered = at_time.isoformat() if connection.vendor == "postgresql" else f"{at_time:%Y-%m-%d %H:%M:%S}"
        for at, (pk, school, _indicator, n) in enumerate(self.series):
            if n == 0 and self._is_late(at // self.each):
                continue
            yield (
                school.authority_id, pk, code, last, str(at % 900), None, None, "", None, None, "", False, False,
                self.leaders[at // self.each].pk, entered, self.approvers[school.authority_id], entered, 1,
            )  # fmt: skip
