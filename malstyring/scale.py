"""A synthetic installation for benchmarks: a municipality of any size, with a goal tree as deep as a real one.

Each institution keeps the same indicators, one series of each; the goals of a unit serve those of the unit above.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from followup.actions.importing import store
from followup.actions.rounds import open_round
from followup.actions.standings import rebuild_standings
from followup.models import ImportBatch, Round, RoundState
from followup.value_files import Incoming
from goals.kinds import Direction, GoalState
from goals.models import Decision, Goal, GoalSeries, Indicator, Series, Target
from goals.periods import Period, PeriodKind
from organisation.models import Authority, BodyLink, Membership, Unit, UnitKind, User
from organisation.permissions import Role

COMMITTEES, DEPARTMENTS_EACH, INDICATORS = 5, 4, 50
COUNCIL_GOALS, COMMITTEE_GOALS = 8, 10
FIRST_DAY = date(2010, 1, 1)
BLOCK = 200_000
ACCOUNTS = (
    ("borgmester", Role.POLITICIAN, "council"),
    ("udvalgsformand", Role.POLITICIAN, "committee"),
    ("politiker", Role.POLITICIAN, "committee"),
    ("direktoer", Role.DIRECTOR, "board"),
    ("leder", Role.MANAGER, "first"),
    ("leder2", Role.MANAGER, "second"),
    ("medarbejder", Role.PROFESSIONAL, "first"),
    ("konsulent", Role.GOAL_CONSULTANT, "council"),
    ("administrator", Role.ADMINISTRATOR, "council"),
    ("laeser", Role.READER, "council"),
)


class Scale:
    """Makes one authority with so many goals, series and periods; the same seed gives the same rows."""

    def __init__(self, number: int, *, goals: int, series: int, periods: int, seed: int, now: datetime) -> None:
        self.number, self.goal_count, self.series_count, self.period_count = number, goals, series, periods
        self.now, self.today = now, timezone.localdate(now)
        self.random = random.Random(seed * 1000 + number)
        self.units: dict[str, Unit] = {}
        self.institutions: list[Unit] = []

    @transaction.atomic
    def build(self) -> Authority:
        """Store everything."""
        self.authority = Authority.objects.create(
            code=f"S{self.number}", name=f"Målby {self.number} Kommune", is_example=True
        )
        self._build_units()
        self._build_goals()
        self._build_series()
        self._build_values()
        self._build_rounds()
        rebuild_standings(self.authority, today=self.today)
        return self.authority

    def _unit(self, name: str, kind: str, parent: Unit | None) -> Unit:
        return Unit(
            authority=self.authority, code=f"{kind}-{name}", name=name, kind=kind, parent=parent, valid_from=FIRST_DAY
        )

    def _build_units(self) -> None:
        council = self._unit("Målby Byråd", UnitKind.COUNCIL, None)
        council.save()
        board = self._unit("Direktionen", UnitKind.EXECUTIVE_BOARD, council)
        board.save()
        self.committees = [self._unit(f"Udvalg {n}", UnitKind.COMMITTEE, council) for n in range(1, COMMITTEES + 1)]
        Unit.objects.bulk_create(self.committees)
        directorates = [self._unit(f"Forvaltning {n}", UnitKind.DIRECTORATE, board) for n in range(1, COMMITTEES + 1)]
        Unit.objects.bulk_create(directorates)
        BodyLink.objects.bulk_create(
            BodyLink(unit=unit, body=body, first_day=FIRST_DAY)
            for unit, body in zip(directorates, self.committees, strict=True)
        )
        self.departments = [
            self._unit(f"Afdeling {at}.{n}", UnitKind.DEPARTMENT, unit)
            for at, unit in enumerate(directorates, 1)
            for n in range(1, DEPARTMENTS_EACH + 1)
        ]
        Unit.objects.bulk_create(self.departments)
        wanted = max(2, -(-self.series_count // INDICATORS))
        self.institutions = [
            self._unit(f"Institution {n}", UnitKind.INSTITUTION, self.departments[n % len(self.departments)])
            for n in range(wanted)
        ]
        Unit.objects.bulk_create(self.institutions)
        self.units = {
            "council": council,
            "committee": self.committees[0],
            "board": board,
            "first": self.institutions[0],
            "second": self.institutions[1],
        }

    def _build_goals(self) -> None:
        """Few at the council, more at committees and departments, most at institutions."""
        council, decisions = self.units["council"], {}
        for body in (council, *self.committees):
            decisions[body.pk] = Decision.objects.create(
                authority=self.authority, body=body, date=date(self.today.year - 2, 1, 28), reference="punkt 4"
            )
        top = self._goals(council, [None] * min(COUNCIL_GOALS, self.goal_count), decisions[council.pk])
        left = self.goal_count - len(top)
        middle: dict[int, list[Goal]] = {}
        for body in self.committees:
            parents = [top[n % len(top)] for n in range(min(COMMITTEE_GOALS, left))]
            middle[body.pk] = self._goals(body, parents, decisions[body.pk])
            left -= len(parents)
        lower: dict[int, list[Goal]] = {}
        each = min(25, max(1, left // (4 * len(self.departments))))
        for at, unit in enumerate(self.departments):
            body = self.committees[at // DEPARTMENTS_EACH]
            parents = [middle[body.pk][n % len(middle[body.pk])] for n in range(min(each, left))] if middle[body.pk] else []
            lower[unit.pk] = self._goals(unit, parents, decisions[body.pk])
            left -= len(parents)
        self.leaves: dict[int, list[Goal]] = {unit.pk: [] for unit in self.institutions}
        per, extra = divmod(max(left, 0), len(self.institutions))
        for at, unit in enumerate(self.institutions):
            above = lower[unit.parent_id]
            body = self.committees[self.departments.index(unit.parent) // DEPARTMENTS_EACH]
            count = (per + (at < extra)) if above else 0
            self.leaves[unit.pk] = self._goals(unit, [above[n % len(above)] for n in range(count)], decisions[body.pk])
        self.upper = [*top, *(goal for goals in (*middle.values(), *lower.values()) for goal in goals)]

    def _goals(self, unit: Unit, parents: list[Goal | None], decision: Decision) -> list[Goal]:
        return Goal.objects.bulk_create(
            [
                Goal(
                    authority=self.authority,
                    owner_unit=unit,
                    parent=parent,
                    title=f"Mål {rank} for {unit.name}: flere borgere oplever, at indsatsen virker",
                    short_name=f"Mål {rank}, {unit.name}"[:60],
                    rank=rank,
                    state=GoalState.ADOPTED,
                    adopted_by=decision,
                )
                for rank, parent in enumerate(parents, 1)
            ],
            batch_size=2000,
        )

    def _build_series(self) -> None:
        indicators = Indicator.objects.bulk_create(
            Indicator(
                authority=self.authority,
                code=f"I{n}",
                name=f"Indikator {n}",
                unit_of_measure="pct.",
                frequency=PeriodKind.MONTH,
                direction=Direction.LOWER if n % 3 == 0 else Direction.HIGHER,
            )
            for n in range(INDICATORS)
        )
        self.last = Period.containing(self.today, PeriodKind.MONTH).previous()
        self.first = self.last.shift(1 - self.period_count)
        end = self.last.shift(18)
        pairs = [(one, unit) for unit in self.institutions for one in indicators][: self.series_count]
        self.series = Series.objects.bulk_create(
            [
                Series(
                    authority=self.authority,
                    indicator=indicator,
                    unit=unit,
                    baseline_period=self.first.code,
                    baseline_value=Decimal(50),
                    tolerance=Decimal(2),
                )
                for indicator, unit in pairs
            ],
            batch_size=2000,
        )
        Target.objects.bulk_create(
            [
                Target(
                    series=one,
                    period=end.code,
                    period_end=end.last,
                    value=Decimal(40 if one.indicator.direction == Direction.LOWER else 60),
                    set_at=self.now - timedelta(days=700),
                )
                for one in self.series
            ],
            batch_size=2000,
        )
        self._link()

    def _link(self) -> None:
        """Two series for each goal: the unit's own for institutions, spread ones for the goals above."""
        own: dict[int, list[Series]] = {}
        for one in self.series:
            own.setdefault(one.unit_id, []).append(one)
        links = []
        for unit in self.institutions:
            mine = own.get(unit.pk, [])
            for at, goal in enumerate(self.leaves[unit.pk]):
                for rank in range(min(2, len(mine))):
                    series = mine[(at * 2 + rank) % len(mine)]
                    links.append(GoalSeries(goal=goal, series=series, rank=rank + 1, is_prioritised=rank == 0))
        for at, goal in enumerate(self.upper):
            for rank in range(min(2, len(self.series))):
                series = self.series[(at * 7919 + rank * 31) % len(self.series)]
                links.append(GoalSeries(goal=goal, series=series, rank=rank + 1, is_prioritised=rank == 0))
        GoalSeries.objects.bulk_create(links, batch_size=4000, ignore_conflicts=True)

    def _build_values(self) -> None:
        batch = ImportBatch.objects.create(authority=self.authority, at=self.now, by=None, filename="scale", sha256="0" * 64)
        block: list[Incoming] = []
        for value in self._values():
            block.append(value)
            if len(block) == BLOCK:
                store(block, batch=batch, approve=True, reason="", by=None, now=self.now)
                block = []
        store(block, batch=batch, approve=True, reason="", by=None, now=self.now)

    def _values(self) -> Iterator[Incoming]:
        periods = [self.first.shift(n) for n in range(self.period_count)]
        line = 0
        for one in self.series:
            better = -1 if one.indicator.direction == Direction.LOWER else 1
            # Where the series ends, in tolerances from the path: most are on it, some behind.
            drift = self.random.choice((1, 1, 1, 0, 0, -1, -2, -3)) * better
            for at, period in enumerate(periods):
                line += 1
                wanted = 50 + better * 10 * at / (self.period_count + 17)
                value = wanted + drift * 1.5 * at / self.period_count + self.random.uniform(-0.8, 0.8)
                yield Incoming(one.pk, period, Decimal(round(value * 10)) / 10, None, None, "", line)

    def _build_rounds(self) -> None:
        """For the first committee: one held, one open; it asks each institution for the month under way."""
        body = self.units["committee"]
        for period, state in ((self.last, RoundState.CLOSED), (self.last.next(), RoundState.PLANNED)):
            held = state == RoundState.CLOSED
            day = self.today - timedelta(days=20) if held else self.today
            round_ = Round.objects.create(
                authority=self.authority,
                body=body,
                period=period.code,
                period_end=period.last,
                opens=day - timedelta(days=5),
                entry_deadline=day + timedelta(days=5),
                approval_deadline=day + timedelta(days=8),
                meeting_date=day + timedelta(days=15),
                state=state,
            )
            if not held:
                open_round(round_, by=None, now=self.now)

    def add_accounts(self, password: str) -> None:
        """The demo accounts, in this authority."""
        hashed = make_password(password)
        for name, role, place in ACCOUNTS:
            person, _ = User.objects.get_or_create(
                username=name, defaults={"first_name": name.capitalize(), "password": hashed}
            )
            Membership.objects.create(user=person, unit=self.units[place], role=role, first_day=FIRST_DAY)
