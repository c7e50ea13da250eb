"""Goals of a demo that pull different ways, and leaders' personal goals. All of it is invented."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from goals.actions.decisions import DecisionMade
from goals.actions.divergences import rank_divergence, register_divergence
from goals.actions.personal import follow_up, write_personal_goal
from goals.kinds import PersonalState
from goals.models import Goal, PersonalGoal
from malstyring.demo.builder import Builder


@dataclass(frozen=True)
class PullRow:
    """Two goals and where they meet; `first` goes first, by a decision of the `body`."""

    one: str
    other: str
    text: str
    first: str = ""
    body: str = ""
    reference: str = ""


@dataclass(frozen=True)
class PersonalRow:
    """A leader's goal, due in so many days; what was written about it so many days ago, by whom."""

    leader: str
    unit: str
    goal: str
    title: str
    text: str
    due_in: int
    notes: list[tuple[str, int, str]] = field(default_factory=list)
    is_reached: bool = False


PULLS = [
    PullRow(
        "S2",
        "S3",
        "Kommer hjælpen hurtigt, kommer den oftere fra én, borgeren ikke kender.",
        first="S3",
        body="SSU",
        reference="punkt 6",
    ),
    PullRow("S3", "O2", "Faste hjælpere kræver vagter, der ikke kan fyldes helt ud."),
    PullRow("B2", "O1", "Når vi afløser en syg lærer med en vikar, mister eleverne den voksne, de kender."),
]
PERSONAL = [
    PersonalRow(
        "leder",
        "BAK",
        "BAK1",
        "Jeg taler selv med familien, første gang en elev har højt fravær",
        "Jeg vil vide, hvad der ligger bag, før vi vælger en indsats. Det lykkes, når jeg har talt med alle inden for "
        "en uge.",
        120,
        [
            ("leder", 40, "Jeg har talt med fire familier. Det tager længere tid, end jeg troede."),
            ("direktoer", 33, "Godt begyndt. Tag to af dem med til vores næste samtale."),
            ("leder", 6, "Ni familier nu. Tre af dem handlede om skolevejen."),
        ],
    ),
    PersonalRow(
        "leder",
        "BAK",
        "",
        "Jeg er i klasserne mindst to timer om ugen",
        "",
        -20,
        [("leder", 15, "Det blev til to en halv time i snit.")],
        is_reached=True,
    ),
    PersonalRow("leder2", "ELM", "ELM3", "Jeg holder en samtale, anden gang nogen melder sig syg", "", 60),
]


class DivergingBuilder:
    """Registers the pairs, ranks those that a body has decided on, and lets leaders write their own goals.

    `goals` are those that a leader's own may belong to; also another authority's, where it is owned together.
    """

    def __init__(
        self,
        builder: Builder,
        pulls: Sequence[PullRow] = PULLS,
        personal: Sequence[PersonalRow] = PERSONAL,
        goals: Mapping[str, Goal] | None = None,
    ) -> None:
        self.it, self.today = builder, builder.today
        self.pulls, self.personal = pulls, personal
        self.goals = builder.goals if goals is None else goals

    def build(self) -> None:
        for row in self.pulls:
            self._pull(row)
        for one in self.personal:
            self._personal(one)

    def _pull(self, row: PullRow) -> None:
        it, by = self.it, self.it.consultant
        pair = register_divergence(it.goals[row.one], it.goals[row.other], row.text, by=by, now=self._at(60))
        if row.first:
            made = DecisionMade(it.units[row.body], self.today - timedelta(days=45), row.reference)
            rank_divergence(pair, it.goals[row.first], made, version=pair.version, by=by, now=self._at(44))

    def _personal(self, row: PersonalRow) -> None:
        it, leader = self.it, self.it.people[row.leader]
        personal = PersonalGoal(
            unit=it.units[row.unit],
            goal=self.goals.get(row.goal),
            title=row.title,
            text=row.text,
            due_date=self.today + timedelta(days=row.due_in),
        )
        personal = write_personal_goal(personal, by=leader, now=self._at(70))
        for place, (who, days, note) in enumerate(row.notes, 1):
            state = PersonalState.REACHED if row.is_reached and place == len(row.notes) else None
            asked = {"version": personal.version, "by": it.people[who], "now": self._at(days), "state": state}
            personal = follow_up(personal, note, **asked)

    def _at(self, days_ago: int) -> datetime:
        day: date = self.today - timedelta(days=days_ago)
        return timezone.make_aware(datetime.combine(day, time(9, 30)))
