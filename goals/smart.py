"""What a goal lacks before it can be adopted. Pure: no Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

# The booklet's order: Specifik, Målbar, Attraktiv, Realistisk, Tidsbestemt.
ANSWERS = ("specific", "measurable", "attractive", "realistic", "timed")


class Lack(StrEnum):
    """One thing adoption needs. The first six are fields of the goal, the rest belong to its indicators."""

    SPECIFIC = "specific"
    MEASURABLE = "measurable"
    ATTRACTIVE = "attractive"
    REALISTIC = "realistic"
    TIMED = "timed"
    RESPONSIBLE = "responsible"
    INDICATOR = "indicator"
    UNIT_OF_MEASURE = "unit_of_measure"
    BASELINE = "baseline"
    TARGET = "target"


GOAL_FIELDS = frozenset({*ANSWERS, "responsible"})


@dataclass(frozen=True, slots=True)
class MeasuredBy:
    """One series of the goal: what of unit of measure, baseline and dated target it has."""

    has_unit_of_measure: bool
    has_baseline: bool
    has_target: bool

    @property
    def lacks(self) -> list[Lack]:
        """What the series itself lacks to be enough."""
        present = {
            Lack.UNIT_OF_MEASURE: self.has_unit_of_measure,
            Lack.BASELINE: self.has_baseline,
            Lack.TARGET: self.has_target,
        }
        return [lack for lack, has in present.items() if not has]


def lacks_for_adoption(
    answers: Mapping[str, str], *, has_responsible: bool, series: Sequence[MeasuredBy]
) -> list[Lack]:
    """Everything missing, in the order it is asked for. One whole series is enough, however many others are not."""
    lacks = [Lack(name) for name in ANSWERS if not answers.get(name, "").strip()]
    if not has_responsible:
        lacks.append(Lack.RESPONSIBLE)
    if not series:
        return [*lacks, Lack.INDICATOR]
    return [*lacks, *min((one.lacks for one in series), key=len)]
