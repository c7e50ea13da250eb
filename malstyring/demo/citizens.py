"""What citizens say in a demo: three waves of a survey by several methods, hearings, persons' own goals, the portal.

Played through the same actions as people use, around today.
"""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from citizens.actions.answers import store_response
from citizens.actions.attainments import begin, create_form, end, write_attainment
from citizens.actions.hearings import (
    add_theme,
    answer_hearing,
    change_theme,
    close_hearing,
    create_hearing,
    open_hearing,
    publish_proposal,
    sort_proposals,
)
from citizens.actions.invitations import make_links
from citizens.actions.keeping import keep_promises
from citizens.actions.loop import add_pair, finish_survey, tell_outcome
from citizens.actions.surveys import close_survey, create_survey, open_survey, repeat_survey, store_measures
from citizens.actions.voices import say, support
from citizens.attaining import code_of
from citizens.kinds import Method, ProposalKind, ProposalState, QuestionTemplateKey
from citizens.models import AttainmentForm, Hearing, Survey
from citizens.specs import current_questionnaire
from citizens.tokens import hash_of
from goals.actions.goals import create_goal, propose_goal
from goals.models import Goal
from goals.periods import Period, PeriodKind
from malstyring.demo.builder import Builder
from organisation.models import User
from organisation.models.portal import PORTAL_FIELDS, PortalDepth, portal_of
from reports.actions.portal import save_portal

NIGHT = time(10, 5)
ON_PAPER, BY_INTERVIEW = 0.18, 0.06
YEARS_KEPT = timedelta(days=3 * 365)


class CitizenBuilder:
    """Plays what citizens say in a model."""

    def __init__(self, builder: Builder) -> None:
        self.it, self.model = builder, builder.model
        self.today, self.now = builder.today, builder.now
        self.random = Random(903)
        newest = Period.containing(self.today, PeriodKind.HALF_YEAR).previous()
        self.waves = [newest.shift(-2), newest.shift(-1), newest]

    def build(self) -> None:
        """The waves, the oldest first; hearings; persons' own goals; and the portal that shows it."""
        survey: Survey | None = None
        for at, period in enumerate(self.waves):
            survey = self._wave(at, period, survey)
        self._answered_hearing()
        self._open_hearing()
        self._own_goals()
        open_portal(self.it)
        keep_promises(self.now)  # as every night: what was to be deleted by now is

    # ---- the survey --------------------------------------------------------------------------------------------------

    def _days(self, at: int, period: Period) -> tuple[date, date, date]:
        """The first and last day of a wave, and the day on which citizens have their answer."""
        if at == len(self.waves) - 1:
            # Closed before the meeting that approves its figure, and still without an answer today.
            closes = min(period.last + timedelta(days=25), self.today - timedelta(days=8))
            return closes - timedelta(days=30), closes, self.today + timedelta(days=8)
        first = period.last + timedelta(days=10)
        return first, first + timedelta(days=30), first + timedelta(days=80)

    def _wave(self, at: int, period: Period, before: Survey | None) -> Survey:
        opens, closes, answer_by = self._days(at, period)
        responsible = self.it.people[self.model.SURVEY["responsible"]]
        survey = self._again(before, opens, responsible) if before else self._first(opens, responsible)
        days = {"opens_on": opens, "closes_on": closes, "answer_by": answer_by}
        kept = {"addresses_until": max(closes + timedelta(days=30), answer_by), "answers_until": closes + YEARS_KEPT}
        fields = {**days, **kept, "period": period.code, "is_example": True}
        Survey.objects.filter(pk=survey.pk).update(**fields)
        survey.refresh_from_db()
        survey = open_survey(survey, by=responsible, now=self._at(opens))
        self._answers(survey, at, opens, closes)
        survey = close_survey(survey, by=responsible, now=self._at(closes))
        self._reply(survey, at, answer_by, responsible)
        return survey

    def _first(self, opens: date, by: User) -> Survey:
        about, now = self.model.SURVEY, self._at(opens - timedelta(days=9))
        fields = {
            "title": about["title"],
            "goal": self.it.goals[about["goal"]],
            "effort": about["effort"],
            "purpose": about["purpose"],
            "contact": self.model.AUTHORITY["email"],
            "phone": self.model.AUTHORITY["phone"],
            "intro": {"da": "Vi vil gerne vide, om hjælpen går ud på det, der er vigtigt for dig.",
                      "en": "We would like to know whether the help is about what matters to you."},
            "languages": ["en"],
            "has_open_link": False,
        }  # fmt: skip
        survey = create_survey(
            self.it.units[about["unit"]],
            fields=fields,
            template=QuestionTemplateKey.FOUR_ASSESSMENTS.value,
            groups=[self.it.units[code] for code in self.model.INVITED],
            by=by,
            now=now,
        )
        measures = [
            {"series": self.it.series[indicator, about["unit"]], "question_code": code, "kind": "mean",
             "share_options": []}
            for code, (indicator, _means) in self.model.ASSESSED.items()
        ]  # fmt: skip
        store_measures(survey, measures, by=by, now=now)
        return survey

    def _again(self, before: Survey, opens: date, by: User) -> Survey:
        """The next wave; first what came of what was promised last time is told."""
        for pair, row in zip(before.published_answers.all(), self.model.PAIRS[self.at_of(before)], strict=True):
            pair.outcome = row[3]
            tell_outcome(pair, version=pair.version, by=by, now=self._at(opens - timedelta(days=5)))
        return repeat_survey(before, by=by, now=self._at(opens - timedelta(days=4)))

    def at_of(self, survey: Survey) -> int:
        """Which of the waves it is."""
        return [one.code for one in self.waves].index(survey.period)

    def _answers(self, survey: Survey, at: int, opens: date, closes: date) -> None:
        """Most by invitation, some on paper, a few by interview."""
        groups = {group.code: group for group in survey.groups.all()}
        counts = [(groups[code], invited) for code, (invited, _answer) in self.model.INVITED.items()]
        links = make_links(survey, counts, by=survey.responsible, now=self._at(opens))
        questionnaire = current_questionnaire(survey)
        assert questionnaire is not None
        comments = iter(self.model.COMMENTS)
        for code, (_invited, answering) in self.model.INVITED.items():
            tokens = (link.token for link in links if link.group == groups[code])
            for _one in range(answering[at]):
                method = self._method()
                answers = self._four(at) | ({"q99": text} if (text := self._written(comments)) else {})
                store_response(
                    survey, questionnaire, answers=answers, method=method, group=groups[code], language="da",
                    day=opens + timedelta(days=self.random.randrange((closes - opens).days)),
                    token_hash=hash_of(next(tokens)) if method == Method.INVITATION else "",
                )  # fmt: skip

    def _method(self) -> Method:
        drawn = self.random.random()
        if drawn < BY_INTERVIEW:
            return Method.INTERVIEW
        return Method.PAPER if drawn < BY_INTERVIEW + ON_PAPER else Method.INVITATION

    def _written(self, comments) -> str:
        return next(comments, "") if self.random.random() < 0.12 else ""

    def _four(self, at: int) -> dict[str, str]:
        return {code: self._one(means[at]) for code, (_series, means) in self.model.ASSESSED.items()}

    def _one(self, mean: float) -> str:
        """An answer of 1–5, drawn so that many have the mean; now and then "ved ikke"."""
        if self.random.random() < 0.04:
            return "dont_know"
        value = round(self.random.gauss(mean, 0.95))
        return str(min(max(value, 1), 5))

    def _reply(self, survey: Survey, at: int, answer_by: date, responsible: User) -> None:
        """The pairs; all but the newest wave are finished."""
        for heard, doing, who, _outcome in self.model.PAIRS[at]:
            fields = {"heard": heard, "doing": doing, "responsible": self.it.people[who], "due_date": answer_by}
            add_pair(survey, fields=fields, by=responsible, now=self._at(survey.closes_on))
        if at < len(self.waves) - 1:
            survey.refresh_from_db()
            finish_survey(survey, version=survey.version, by=responsible, now=self._at(answer_by))

    # ---- hearings ----------------------------------------------------------------------------------------------------

    def _answered_hearing(self) -> None:
        about, by = self.model.HEARD, self.it.consultant
        goal = self.it.goals[about["goal"]]
        decided = goal.adopted_by.date
        first = decided - timedelta(days=70)
        hearing = self._hearing(about, [goal], first, first + timedelta(days=28))
        name, heard, answer = about["theme"]
        theme = add_theme(hearing, name=name, by=by, now=self._at(first + timedelta(days=30)))
        theme.heard, theme.answer, theme.goal, theme.decision = heard, answer, goal, goal.adopted_by
        change_theme(theme, version=theme.version, by=by, now=self._at(decided + timedelta(days=1)))
        hearing.refresh_from_db()
        hearing = close_hearing(hearing, version=hearing.version, by=by, now=self._at(hearing.closes_on))
        sort_proposals(
            hearing, {one.pk: theme.pk for one in hearing.proposals.all()}, by=by,
            now=self._at(decided + timedelta(days=1)),
        )  # fmt: skip
        answer_hearing(hearing, version=hearing.version, by=by, now=self._at(decided + timedelta(days=3)))

    def _open_hearing(self) -> None:
        about, unit = self.model.OPEN_HEARING, self.it.units["AHU"]
        goals = []
        for title, short in about["goals"]:
            goal = Goal(owner_unit=unit, title=title, short_name=short, responsible=self.it.consultant, rank=9)
            goals.append(propose_goal(create_goal(goal, by=self.it.consultant, now=self.now), by=self.it.consultant,
                                      now=self.now))  # fmt: skip
        self._hearing(about, goals, self.today - timedelta(days=9), self.today + timedelta(days=21))

    def _hearing(self, about: dict, goals: list[Goal], first: date, last: date) -> Hearing:
        """An open hearing in which some have spoken and been published."""
        by = self.it.consultant
        hearing = Hearing(
            unit=self.it.units["AHU"], title=about["title"], text=about["text"], opens_on=first, closes_on=last,
            answer_by=last + timedelta(days=60), is_example=True,
        )  # fmt: skip
        create_hearing(hearing, goals, by=by, now=self._at(first))
        hearing = open_hearing(hearing, version=hearing.version, by=by, now=self._at(first))
        for at, text in enumerate(about["said"]):
            day = first + timedelta(days=at + 1)
            proposal = say(hearing, kind=ProposalKind.PROPOSAL, text=text, goal=goals[0], day=day)
            publish_proposal(proposal, seen=ProposalState.WAITING, by=by, now=self._at(day))
            for _one in range(7 * (len(about["said"]) - at)):
                support(proposal, day=day)
        return hearing

    # ---- persons' own goals ------------------------------------------------------------------------------------------

    def _own_goals(self) -> None:
        about, by = self.model.OWN_GOALS, self.it.consultant
        form = AttainmentForm(
            unit=self.it.units[about["unit"]], name=about["name"], categories=about["categories"],
            series=self.it.series[about["series"], about["unit"]],
        )  # fmt: skip
        create_form(form, by=by, now=self._at(self.waves[0].first))
        for period in self.waves:
            for _one in range(34):
                self._own_goal(form, period)
            write_attainment(form, period, by=by, now=self._at(period.last + timedelta(days=3)))

    def _own_goal(self, form: AttainmentForm, period: Period) -> None:
        """Begun before the period and ended in it."""
        code = code_of(f"{self.random.getrandbits(128):x}", "demo")
        start = self.random.randint(2, 5)
        category = self.random.choice(form.categories)
        begin(form, code=code, category=category, start=start, day=period.first - timedelta(days=20))
        rise = self.random.choice((0, 1, 2, 2, 3, 3, 4))
        end(code=code, end=min(start + rise, 10), day=period.first + timedelta(days=self.random.randrange(150)))

    def _at(self, day: date) -> datetime:
        return min(timezone.make_aware(datetime.combine(day, NIGHT)), self.now)


def open_portal(builder: Builder, depth: str = PortalDepth.INSTITUTIONS) -> None:
    """Show the public the model's goals, down to the institutions."""
    portal = portal_of(builder.authority)
    fields = {name: getattr(portal, name) for name in PORTAL_FIELDS} | {"depth": depth}
    save_portal(
        builder.authority,
        portal=fields,
        is_open=True,
        host_name="",
        version=portal.version,
        by=builder.consultant,
        now=builder.now,
    )
