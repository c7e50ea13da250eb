"""Goals of a demo that were sent down to units, in several states, through the same acts as people use."""

from datetime import datetime, timedelta

from goals.actions.translations import (
    accept_translation,
    answer_translation,
    ask_translation,
    choose_answer,
    decline_translation,
    return_translation,
    write_answer,
)
from goals.models import Goal, Series, Translation
from malstyring.demo.builder import Builder
from malstyring.demo.rows import TranslationRow


class TranslationBuilder:
    """Sends the model's goals down as its rows say, and lets the units answer as far as they have come."""

    def __init__(self, builder: Builder) -> None:
        self.it = builder

    def build(self) -> None:
        for row in self.it.model.TRANSLATIONS:
            self._play(row)

    def _play(self, row: TranslationRow) -> None:
        goal, unit = self.it.goals[row.goal], self.it.units[row.unit]
        asker, leader = self._above(goal), self.it.leader_of(unit)
        asked_at = self.it.now - timedelta(days=row.days_ago)
        due = self.it.today + timedelta(days=row.due_in)
        [one] = ask_translation(goal, [unit], due_date=due, note=row.note, by=asker, now=asked_at)
        if row.state == "asked":
            return
        said_at, decided_at = asked_at + timedelta(days=2), asked_at + timedelta(days=4)
        if row.state == "declined":
            decline_translation(one, reason=row.reason, version=one.version, by=leader, now=said_at)
            return
        one = self._answered(one, row, leader, said_at)
        if row.state == "accepted":
            accept_translation(one, version=one.version, by=asker, now=decided_at)
        if row.state == "returned":
            return_translation(one, reason=row.reason, version=one.version, by=asker, now=decided_at)

    def _answered(self, one: Translation, row: TranslationRow, leader, at: datetime) -> Translation:
        made = {"by": leader, "now": at}
        if row.own:
            choose_answer(one, self.it.goals[row.own], version=one.version, **made)
        else:
            draft = Goal(title=row.title, short_name=row.short_name, responsible=leader, specific=f"{row.title}.")
            write_answer(one, draft, version=one.version, **made)
        one.refresh_from_db()
        series = Series.objects.filter(unit=one.unit, indicator__code=row.indicator).first() if row.indicator else None
        return answer_translation(one, series=series, version=one.version, **made)

    def _above(self, goal: Goal):
        """Whoever edits the goal: the leader of its unit, of a body's the goal consultant."""
        return self.it.leader_of(goal.owner_unit)
