"""What a demo's leaders write about their goals, and what they do about them; through the same acts as people use."""

from datetime import datetime, timedelta

from followup.actions.actions import drop_action, finish_action, start_action
from followup.actions.assessments import accept_deviation, keep_lights, save_assessment
from followup.deviations import Account, accounts_in
from followup.explaining import Stop, own_lights
from followup.goal_views import goal_views
from followup.kinds import RoundState, Worked
from followup.models import Assessment, Round, Submission
from followup.status import Light
from goals.models import Goal
from malstyring.demo.builder import Builder
from organisation.models import User

# For goals the model has no words of its own for.
PLAIN_WORDS = {
    "what_happened": "Tallet er længere fra det forventede end sidst.",
    "why": "Flere opgaver end planlagt og vakante stillinger i perioden.",
    "what_we_do": "Vi følger tallet hver måned og tager det op på personalemødet.",
}


class ActionBuilder:
    """Explains deviations and starts actions, so that every report that is sent could have been sent by a person."""

    def __init__(self, builder: Builder) -> None:
        self.it, self.today, self.now = builder, builder.today, builder.now
        self.words: dict[str, dict[str, str]] = builder.model.NARRATIVES
        self.accepted: dict[str, str] = builder.model.ACCEPTED

    def make_ready(self, submission: Submission, *, by: User, now: datetime) -> None:
        """What a report takes before it is sent: words and an action, or an acceptance, for what is off track."""
        accounts = accounts_in(submission, now.date())
        for account in accounts:
            if account.lacks or account.goal.code in self.words:
                self._write(submission.round, account.goal, by=by, now=now)
            if Stop.ACTION in account.lacks:
                self._act(submission, account, by=by, now=now)
        keep_lights(submission.round, accounts, now=now)

    def _write(self, round_: Round, goal: Goal, *, by: User, now: datetime) -> None:
        texts = self.words.get(goal.code, PLAIN_WORDS)
        save_assessment(round_, goal, texts=texts, version=0, by=by, now=now)

    def _act(self, submission: Submission, account: Account, *, by: User, now: datetime) -> None:
        goal = account.goal
        if goal.code in self.accepted:
            accept_deviation(submission.round, goal, reason=self.accepted[goal.code], by=by, now=now)
            return
        start_action(
            submission.unit,
            what=f"Plan for {goal.short_name.lower()} med tre tiltag",
            owner=by,
            due_date=now.date() + timedelta(days=150),
            expected_effect="Tallet er tilbage på vejen mod måltallet inden for to kvartaler.",
            goal=goal,
            by=by,
            now=now,
        )

    def build(self) -> None:
        """Words about the bodies' own goals, a judgement or two, and actions in every state."""
        for code in self.words:
            self._write_for_bodies(self.it.goals[code])
        for code, light, reason in self.it.model.JUDGEMENTS:
            self._judge(self.it.goals[code], light, reason)
        for row in self.it.model.ACTIONS:
            self._play(*row)

    def _write_for_bodies(self, goal: Goal) -> None:
        rounds = Round.objects.filter(body=goal.owner_unit, state__in=[RoundState.CLOSED, RoundState.READY])
        for round_ in rounds.exclude(assessments__in=Assessment.objects.filter(goal=goal, version__gt=0)):
            writer = goal.responsible or self.it.consultant
            self._write(round_, goal, by=writer, now=self._on(round_.entry_deadline))

    def _judge(self, goal: Goal, light: str, reason: str) -> None:
        """In the latest round where something is written, when the judgement says another thing than the figures."""
        found = (
            Assessment.objects.filter(goal=goal, version__gt=0).select_related("round").order_by("-round__period_end")
        )
        written = found.first()
        if written is None:
            return
        until = written.round.period_end
        computed = goal_views([goal], until=until, today=self.today)[0].light
        keep_lights(written.round, [Account(goal, computed, [])], now=self.now)
        if Light(light) in own_lights(computed):
            texts = {"own_light": light, "own_reason": reason}
            save_assessment(
                written.round, goal, texts=texts, version=written.version, by=goal.responsible, now=self.now
            )

    def _play(self, code: str, owner: str, what: str, expected: str, due_in: int, end: str, result: str) -> None:
        """An action that began 60 days before it was due; `end` is empty, `dropped`, or whether it worked."""
        goal, person = self.it.goals[code], self.it.people[owner]
        began = self.now + timedelta(days=min(due_in - 60, -3))
        due = self.today + timedelta(days=due_in)
        about = {"goal": goal, "what": what, "owner": person, "due_date": due, "expected_effect": expected}
        action = start_action(goal.owner_unit, **about, by=person, now=began)
        ended = {"version": action.version, "by": person, "now": self.now - timedelta(days=2)}
        if end == "dropped":
            drop_action(action, why=result, **ended)
        elif end:
            finish_action(action, worked=Worked(end), result=result, **ended)

    def _on(self, day) -> datetime:
        return min(self.now.replace(year=day.year, month=day.month, day=day.day, hour=10, minute=5), self.now)
