"""A demo's effect chains, through the same acts as people use; by the values the rule says which are weakened."""

from datetime import timedelta

from followup.actions.assumptions import weigh_everywhere
from goals.actions.effect_chain import add_assumption, add_step
from goals.models import Assumption, ChainStep
from malstyring.demo.builder import Builder
from malstyring.demo.rows import ChainRow

DRAWN_AGO = timedelta(days=240)
WEIGHED_AGO = timedelta(days=2)


class ChainBuilder:
    """Draws the chains as they were last spring, and weighs them as on the morning before yesterday."""

    def __init__(self, builder: Builder) -> None:
        self.it = builder
        self.acts = {"by": builder.consultant, "now": builder.now - DRAWN_AGO}

    def build(self) -> None:
        """After the rounds: the body's next meeting hears of what is weakened."""
        for row in self.it.model.CHAINS:
            self._draw(row)
        weigh_everywhere(self.it.now - WEIGHED_AGO)

    def _draw(self, row: ChainRow) -> None:
        goal, made = self.it.goals[row.goal], {}
        for key, kind, text, measured in row.steps:
            series = [self.it.series[one] for one in measured]
            made[key] = add_step(ChainStep(goal=goal, kind=kind, text=text), series=series, **self.acts)
        for arrow in row.arrows:
            assumption = Assumption(
                from_step=made[arrow.start],
                to_step=made[arrow.end],
                text=arrow.text,
                evidence=arrow.evidence,
                strength=arrow.strength,
                is_feedback=arrow.is_feedback,
            )
            add_assumption(assumption, **self.acts)
