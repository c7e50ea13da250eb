"""Stores a synthetic authority in bulk: everything that pages, entry, rounds and reports need, at any size."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from followup.actions.rounds import move_round, open_round
from followup.actions.standings import rebuild_standings
from followup.models import Round, RoundState, Submission, SubmissionState
from goals.kinds import Direction, GoalState, ToleranceKind, UnitRollup, ValueKind
from goals.models import Decision, Goal, GoalSeries, Indicator, Series, Strategy, Target
from goals.periods import Period, PeriodKind, last_of
from malstyring.scale.people import store_accounts, store_leaders
from malstyring.scale.shape import Plan, SeriesPlan, Size, plan_of
from malstyring.scale.values import AHEAD, FACTOR, Stored, Writer, numbers_of, write
from organisation.danish import round_half_up
from organisation.models import Authority, BodyLink, Unit, User

LONG_AGO = date(2010, 1, 1)
BATCH = 2000
UNIT_NAMES = {
    "council": "Byrådet",
    "executive_board": "Direktionen",
    "committee": "Udvalg",
    "directorate": "Forvaltning",
    "department": "Center",
    "institution": "Institution",
}
DRAFTS = 4  # every fourth institution has begun on the open round


class ScaleBuilder:
    """Stores one authority of a given size. Everything is example data."""

    def __init__(self, number: int, size: Size, *, seed: int, password: str, now: datetime) -> None:
        self.number, self.size, self.password, self.now = number, size, password, now
        self.today = timezone.localdate(now)
        self.random = Random(seed * 1000 + number)
        self.plan: Plan = plan_of(size, self.random)
        self.quarter = Period.containing(self.today, PeriodKind.QUARTER).previous()  # what the open round follows up
        latest = last_of(PeriodKind.MONTH, self.quarter.previous())
        self.periods = [latest.shift(at - size.periods + 1) for at in range(size.periods)]

    @transaction.atomic
    def build(self) -> Authority:
        """Store the authority with a round held and a round open for every committee."""
        self.authority = Authority.objects.create(
            code=f"S{self.number}", name=f"Målby {self.number} Kommune", is_example=True
        )
        self._build_units()
        self._build_people()
        self._build_goals()
        self._build_series()
        self._build_values()
        self._build_rounds()
        rebuild_standings(self.authority, today=self.today)
        return self.authority

    def _build_units(self) -> None:
        self.units: list[Unit] = []
        for at, one in enumerate(self.plan.units):
            name = UNIT_NAMES[one.kind]
            self.units.append(
                Unit(
                    authority=self.authority,
                    kind=one.kind,
                    code=f"E{at}",
                    name=name if one.kind in ("council", "executive_board") else f"{name} {one.number + 1}",
                    position=at,
                    valid_from=LONG_AGO,
                )
            )
        Unit.objects.bulk_create(self.units, batch_size=BATCH)
        for unit, one in zip(self.units, self.plan.units, strict=True):
            unit.parent = None if one.above is None else self.units[one.above]
        Unit.objects.bulk_update(self.units, ["parent"], batch_size=500)
        BodyLink.objects.bulk_create(
            BodyLink(unit=unit, body=self.units[one.reports_to], first_day=LONG_AGO)
            for unit, one in zip(self.units, self.plan.units, strict=True)
            if one.reports_to is not None
        )

    def _build_people(self) -> None:
        self.people = store_accounts(self.plan, self.units, password=self.password, since=LONG_AGO)
        self.leaders = store_leaders(self.plan, self.units, self.authority.code, since=LONG_AGO)
        own = self.plan.institutions()
        self.leaders |= dict(zip(own[:2], (self.people["leder"], self.people["leder2"]), strict=False))

    def _leader_of(self, unit: int) -> User:
        return self.leaders.get(unit, self.people["konsulent"])

    def _build_goals(self) -> None:
        council = self.units[0]
        adopted = Decision.objects.create(
            authority=self.authority, body=council, date=date(self.today.year - 2, 1, 28), reference="punkt 4"
        )
        self.decision = adopted
        strategy = Strategy.objects.create(
            authority=self.authority,
            owner_unit=council,
            name="Strategi",
            first_year=self.today.year - 4,
            last_year=self.today.year + 4,
            decision=adopted,
        )
        self.goals = [
            Goal(
                authority=self.authority,
                strategy=strategy if one.unit == 0 else None,
                owner_unit=self.units[one.unit],
                responsible=self._leader_of(one.unit),
                code=f"M{at}",
                title=f"{self.units[one.unit].name}: mål {one.number + 1} om bedre resultater for borgerne",
                short_name=f"Mål {one.number + 1}",
                rank=one.number + 1,
                state=GoalState.ADOPTED,
                adopted_by=adopted,
                specific="Flere når målet.",
            )
            for at, one in enumerate(self.plan.goals)
        ]
        Goal.objects.bulk_create(self.goals, batch_size=BATCH)
        for goal, one in zip(self.goals, self.plan.goals, strict=True):
            goal.parent = None if one.above is None else self.goals[one.above]
        Goal.objects.bulk_update([goal for goal in self.goals if goal.parent], ["parent"], batch_size=500)

    def _build_series(self) -> None:
        indicators = self._build_indicators()
        self.series = [
            Series(
                authority=self.authority,
                indicator=indicators[one.indicator],
                unit=self.units[one.unit],
                baseline_period=self.periods[0].code,
                baseline_value=_value(one, one.start),
                tolerance=Decimal("0.1"),
                tolerance_kind=ToleranceKind.SHARE,
                is_rolled_up=bool(one.parts),
                source_note="Eksempeldata",
            )
            for one in self.plan.series
        ]
        Series.objects.bulk_create(self.series, batch_size=BATCH)
        GoalSeries.objects.bulk_create(
            [
                GoalSeries(goal=self.goals[one.goal], series=series, rank=one.rank, is_prioritised=one.rank == 1)
                for one, series in zip(self.plan.series, self.series, strict=True)
            ],
            batch_size=BATCH,
        )
        ahead, last = self.periods[-1].shift(AHEAD // 3), self.periods[-1].shift(AHEAD)
        Target.objects.bulk_create(
            [
                Target(
                    series=series,
                    period=period.code,
                    period_end=period.last,
                    value=_value(one, one.start + (one.end - one.start) * share // 100),
                    decision=self.decision,
                    set_at=self.now,
                    set_by=self.people["konsulent"],
                )
                for one, series in zip(self.plan.series, self.series, strict=True)
                for period, share in ((ahead, 90), (last, 100))
            ],
            batch_size=BATCH,
        )

    def _build_indicators(self) -> dict[str, Indicator]:
        made = [
            Indicator(
                authority=self.authority,
                code=code,
                name=f"Indikator {code}",
                name_in_sentence="Andelen" if is_ratio else "Antallet",
                unit_of_measure="pct." if is_ratio else "personer",
                decimals=1 if is_ratio else 0,
                direction=Direction.LOWER if self._is_lower(code) else Direction.HIGHER,
                frequency=PeriodKind.MONTH,
                value_kind=ValueKind.RATIO if is_ratio else ValueKind.NUMBER,
                factor=FACTOR,
                unit_rollup=UnitRollup.RATIO if is_ratio else UnitRollup.SUM,
                source="Egen opgørelse",
            )
            for code, is_ratio in self.plan.indicators.items()
        ]
        return {one.code: one for one in Indicator.objects.bulk_create(made)}

    def _is_lower(self, code: str) -> bool:
        return next(one.is_lower_better for one in self.plan.series if one.indicator == code)

    def _build_values(self) -> None:
        writer = Writer(
            self.authority.pk,
            self.periods,
            approved_by=self.people["direktoer"].pk,
            now=self.now,
        )
        stored = [
            Stored(one, series.pk, self._leader_of(one.unit).pk)
            for one, series in zip(self.plan.series, self.series, strict=True)
        ]
        write(self._rows(writer, stored))

    def _rows(self, writer: Writer, stored: list[Stored]):
        """Entered series first, each added to those it is part of; then the rolled-up ones, nearest first."""
        over: dict[int, list[int]] = {}
        for place, one in enumerate(self.plan.series):
            for part in one.parts:
                over.setdefault(part, []).append(place)
        sums = {place: [0] * self.size.periods for place, one in enumerate(self.plan.series) if one.parts}
        coming = last_of(PeriodKind.MONTH, self.quarter).shift(-2)
        order = sorted(range(len(stored)), key=lambda place: (bool(stored[place].plan.parts), -place))
        for place in order:
            one = stored[place]
            numbers = sums[place] if one.plan.parts else numbers_of(one.plan, self.size.periods, self.random)
            for above in over.get(place, ()):
                sums[above] = [a + b for a, b in zip(sums[above], numbers, strict=True)]
            yield from writer.rows(one, numbers)
            unit = self.plan.units[one.plan.unit]
            if unit.kind == "institution" and unit.number % DRAFTS == DRAFTS - 1:
                yield writer.draft(one, coming, numbers[-1])

    # ---- rounds ------------------------------------------------------------------------------------------------------

    def _build_rounds(self) -> None:
        for unit, one in zip(self.units, self.plan.units, strict=True):
            if one.kind in ("committee", "council"):
                self._held(unit, self.quarter.previous())
                self._open(unit, self.quarter)

    def _held(self, body: Unit, period: Period) -> None:
        """A round whose meeting is over, with every report approved."""
        after = period.last
        days = [after + timedelta(days=count) for count in (1, 20, 27, 45)]
        round_ = open_round(self._round(body, period, days), by=self.people["konsulent"], now=self.now)
        Submission.objects.filter(round=round_).update(
            state=SubmissionState.APPROVED,
            submitted_by=self.people["leder"],
            submitted_at=self.now,
            decided_by=self.people["direktoer"],
            decided_at=self.now,
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE followup_measurement AS m SET approved_in_id = d.submission_id"
                " FROM followup_duevalue d JOIN followup_submission s ON s.id = d.submission_id"
                " WHERE s.round_id = %s AND m.series_id = d.series_id AND m.period_end = d.period_end",
                [round_.pk],
            )
        move_round(round_, RoundState.CLOSED, by=self.people["konsulent"], now=self.now)

    def _open(self, body: Unit, period: Period) -> None:
        days = [period.last + timedelta(days=1), *(self.today + timedelta(days=count) for count in (5, 10, 18))]
        open_round(self._round(body, period, days), by=self.people["konsulent"], now=self.now)

    def _round(self, body: Unit, period: Period, days: list[date]) -> Round:
        opens, entry, approval, meeting = days
        return Round.objects.create(
            authority=self.authority,
            body=body,
            period=period.code,
            period_end=period.last,
            opens=opens,
            entry_deadline=entry,
            approval_deadline=approval,
            meeting_date=meeting,
        )


def _value(plan: SeriesPlan, number: int) -> Decimal:
    """A planned number as targets and baselines print it."""
    if not plan.is_ratio:
        return Decimal(number)
    return round_half_up(Decimal(number) * FACTOR / plan.denominator, 1)


def tidy() -> None:
    """Let the database look at what has come, so that its plans fit."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")
