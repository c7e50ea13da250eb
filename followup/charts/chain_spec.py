"""What an effect chain shows, in ready texts: for its drawing, its table, and a report that is kept. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A light of a step: its key and word, and of which indicator for whom."""

    key: str
    word: str
    name: str
    series_id: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step, with its number in the drawing and the table."""

    number: int
    pk: int
    kind: str
    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """An assumption between two steps by their numbers."""

    pk: int
    start: int
    end: int
    text: str
    evidence: str
    strength: str
    strength_word: str
    is_feedback: bool
    weakened: str  # why it is weakened; empty when it is not
    weakened_on: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Everything the drawing and its table show. Texts are ready to print."""

    title: str
    alt: str
    heads: tuple[tuple[str, str], ...]  # kind of step, its heading
    weakened: str  # the words on arrows
    feedback: str
    steps: tuple[Step, ...]
    arrows: tuple[Arrow, ...]

    @property
    def columns(self) -> list[tuple[str, str, list[Step]]]:
        """The kinds that occur, with their heading and steps; external factors last."""
        found = [(kind, head, [step for step in self.steps if step.kind == kind]) for kind, head in self.heads]
        return [column for column in found if column[2]]

    @property
    def rows(self) -> list[tuple[str, Step]]:
        """Each step with the heading of its kind, for the table."""
        return [(head, step) for _kind, head, steps in self.columns for step in steps]

    @property
    def ties(self) -> list[tuple[Step, Step, Arrow]]:
        """Each arrow with its steps, for the table."""
        by_number = {step.number: step for step in self.steps}
        return [(by_number[one.start], by_number[one.end], one) for one in self.arrows]

    @property
    def weakened_ties(self) -> list[tuple[Step, Step, Arrow]]:
        """Those of them that are weakened."""
        return [tie for tie in self.ties if tie[2].weakened]
