"""A demo's ceilings and workshops, through the same acts as people use: one finished, and its choice a goal by now."""

from datetime import datetime, timedelta

from citizens.actions.workshops import choose_focus_area, comment, draft_goal_of, make_workshop, vote
from citizens.tokens import hash_of
from goals.actions.budgets import set_ceiling
from goals.actions.decisions import DecisionMade
from goals.actions.goals import adopt_goal, change_goal, propose_goal
from goals.actions.links import attach_series
from goals.models import Decision, FocusArea, Workshop
from malstyring.demo.builder import Builder
from malstyring.demo.rows import CeilingRow, ChosenRow, WorkshopRow

OPEN_FOR = timedelta(days=21)
RAISED_AFTER = timedelta(days=30)  # from a workshop's last day to the decision about what was chosen


class WorkshopBuilder:
    """Sets the ceilings, plays the workshops, and lets the chosen focus area become a goal above the ceiling."""

    def __init__(self, builder: Builder) -> None:
        self.it, self.by = builder, builder.consultant
        self.raised: dict[str, Decision] = {}
        self.chosen = {row.area: row for row in builder.model.CHOSEN}

    def build(self) -> None:
        """Before the rounds, which ask about the goals there are."""
        for row in self.it.model.CEILINGS:
            self._ceiling(row)
        for row in self.it.model.WORKSHOPS:
            self._workshop(row)

    def _ceiling(self, row: CeilingRow) -> None:
        body = self.it.units[row.body]
        set_ceiling(body, row.most, version=0, by=self.by, now=self.it.now - timedelta(days=400))
        if row.raised:
            self.raised[row.body] = Decision.objects.create(
                authority=self.it.authority,
                body=body,
                date=self.it.today - timedelta(days=225),
                reference=row.reference,
                title=row.raised,
                text="Udvalget hæver målloftet med ét mål til udgangen af valgperioden.",
            )

    def _workshop(self, row: WorkshopRow) -> None:
        last = self.it.today + timedelta(days=row.last_day)
        held = min(self.it.now, self.it.now + timedelta(days=row.last_day)) - timedelta(days=1)
        workshop = Workshop(
            unit=self.it.units[row.unit], goal=self.it.goals[row.goal], title=row.title, closes_on=last, votes_each=3
        )
        make_workshop(workshop, [area.text for area in row.areas], by=self.by, now=held - OPEN_FOR)
        if row.link:
            workshop.token_hash = hash_of(row.link)
            workshop.save(update_fields=["token_hash"])
        for area, focus in zip(workshop.focus_areas.all(), row.areas, strict=True):
            for role, count in focus.votes.items():
                for _one in range(count):
                    vote(workshop, [area], role=role, now=held)
            for role, words in focus.notes:
                comment(workshop, area, words, role=role, now=held)
            if area.text in self.chosen:
                self._choose(area, self.chosen[area.text], held + timedelta(days=2))

    def _choose(self, area: FocusArea, row: ChosenRow, now: datetime) -> None:
        """From the vote to the goal: drafted, written, measured, proposed, and adopted above the ceiling."""
        acts = {"by": self.by, "now": now}
        choose_focus_area(area, is_chosen=True, **acts)
        goal = draft_goal_of(area, **acts)
        goal.code, goal.short_name, goal.responsible = row.code, row.short_name, self.it.people[row.responsible]
        for name, text in row.answers.items():
            setattr(goal, name, text)
        change_goal(goal, version=goal.version, **acts)
        for key in row.series:
            attach_series(goal, self.it.series[key], **acts)
        propose_goal(goal, **acts)
        goal.refresh_from_db()
        raised = self.raised[self._code_of(goal.owner_unit_id)]
        made = DecisionMade(goal.owner_unit, raised.date, raised.reference)
        adopt_goal(goal, made, version=goal.version, raised_by=raised, by=self.by, now=now + RAISED_AFTER)
        self.it.goals[row.code] = goal

    def _code_of(self, unit_id: int) -> str:
        return next(code for code, unit in self.it.units.items() if unit.pk == unit_id)
