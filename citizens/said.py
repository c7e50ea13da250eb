"""What citizens say about goals: the latest survey of each, in one sentence and with its assessments.

Public pages, the report and the pages of goals ask here, for all their goals at once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens.kinds import LEAST_SHOWN, QuestionKind, SurveyState
from citizens.labels import ASSESSES
from citizens.models import Survey
from citizens.suppression import decimals_of
from organisation.danish import NBSP, format_number, long_date

# How a survey is about a goal: itself, or by a series that the goal is measured by.
THROUGH = {
    "own": F("goal"),
    "of_series": F("series__goal_series__goal"),
    "of_measure": F("measures__series__goal_series__goal"),
}
SURVEY_FIELDS = (
    "pk", "state", "title", "opens_on", "closes_on", "answer_by", "least_shown", "finished_at", "has_open_link", "slug",
)  # fmt: skip
TOPS = {QuestionKind.SCALE.value: 5, QuestionKind.TEN.value: 10}


class SaidState(StrEnum):
    """How far the municipality has come with asking about a goal."""

    ANSWERED = "answered"  # asked, and "Det hørte vi · Det gør vi" is published
    WAITING = "waiting"  # asked, and the citizens wait for an answer
    OPEN = "open"  # being asked now, for the first time
    PLANNED = "planned"  # not asked yet, and it is known when
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Assessed:
    """How one of the four, goal, effort, effect and cooperation, is assessed: a mean with its 95 % interval.

    In words it has the decimals of the survey's own page, so that all pages print the same figure.
    """

    key: str
    question: str
    mean: Decimal
    n: int | None  # None where it would tell too much
    top: int  # of the scale
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def label(self) -> str:
        return str(ASSESSES[self.key])  # type: ignore[index]

    @property
    def words(self) -> str:
        """`3,92 af 5`."""
        return _("%(mean)s af %(top)s") % {"mean": format_number(self.mean, decimals_of(self.mean)), "top": self.top}

    @property
    def interval(self) -> str:
        """`3,71–4,08`; empty without one."""
        if self.low is None or self.high is None:
            return ""
        return "–".join(format_number(edge, decimals_of(edge)) for edge in (self.low, self.high))


@dataclass(frozen=True, slots=True)
class Pair:
    """What was heard, what is done about it, and what came of it."""

    heard: str
    doing: str
    outcome: str = ""
    action_id: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What citizens say about one goal. `survey_id` is the survey that it is read from; None when none was held."""

    goal_id: int
    state: SaidState = SaidState.NOT_ASKED
    survey_id: int | None = None
    title: str = ""
    n: int | None = None  # None: fewer than may be shown
    least_shown: int = LEAST_SHOWN
    assessed: tuple[Assessed, ...] = ()
    pairs: tuple[Pair, ...] = ()
    closed_on: date | None = None
    answer_by: date | None = None
    open_id: int | None = None  # a survey that is open now, also when an earlier one is answered
    open_until: date | None = None
    open_slug: str = ""  # names its open link, if it has one
    next_opens_on: date | None = None

    @property
    def sentence(self) -> str:
        """What public pages print under "Det siger borgerne"."""
        match self.state:
            case SaidState.ANSWERED:
                return " ".join(self._answered())
            case SaidState.WAITING:
                return _("Vi har spurgt. Senest %s kan du læse, hvad vi hørte, og hvad vi gør.") % _day(self.answer_by)
            case SaidState.OPEN:
                return _("Vi spørger nu, til og med %s.") % _day(self.open_until)
            case SaidState.PLANNED if self.next_opens_on is not None:
                return _("Vi har ikke spurgt endnu. Det gør vi i %s.") % _month(self.next_opens_on)
        return _("Vi har ikke spurgt borgerne om dette mål.")

    @property
    def count_sentence(self) -> str:
        """How many answered, when that may be told."""
        if self.n is None:
            return _("Færre end %s har svaret, så tallene vises ikke.") % self.least_shown
        return _("%s har svaret.") % format_number(self.n, 0)

    @property
    def lead(self) -> Assessed | None:
        """The assessment that a sentence has room for: the effect, else the first there is."""
        by_key = {one.key: one for one in self.assessed}
        return by_key.get("effect") or next(iter(self.assessed), None)

    def _answered(self) -> Iterable[str]:
        if self.pairs:
            yield self.pairs[0].heard
        if self.lead is not None:
            yield f"{self.lead.label}: {self.lead.words}."
        yield self.count_sentence


def _day(day: date | None) -> str:
    return long_date(day) if day is not None else ""


def _month(day: date) -> str:
    return long_date(day).partition(NBSP)[2]


def said_about(goal_ids: Collection[int], *, today: date, is_public: bool = True) -> dict[int, Said]:
    """What citizens say about each of the goals; every goal is in the answer. Two queries, whatever their number.

    For the public it is read from the latest survey that is answered; for staff from the latest that is closed. As it
    stood on the day: what was answered later is not told.
    """
    by_goal: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for goal_id, row in _surveys(goal_ids, today):
        by_goal[goal_id].append(row)
    chosen = {goal: _chosen(rows, is_public=is_public) for goal, rows in by_goal.items()}
    told = _told({row["pk"] for row in chosen.values() if row is not None})
    return {
        goal: _said(goal, by_goal[goal], told.get(row["pk"], []) if row else [], row)
        for goal in goal_ids
        for row in [chosen.get(goal)]
    }


def measured_in_part(series: int) -> list[Survey]:
    """The surveys that closed before the period was over that the series got their value for, the latest first."""
    ended = Survey.objects.filter(state__in=[SurveyState.CLOSED, SurveyState.FINISHED], measures__series=series)
    dated = ended.only("period", "opens_on", "closes_on").order_by("-closes_on", "-pk")
    return [survey for survey in dated if survey.is_of_part]


def _surveys(goal_ids: Collection[int], today: date) -> Iterable[tuple[int, dict[str, Any]]]:
    """Each survey of each goal once, the latest first: on the goal itself, or on a series that it is measured by."""
    goals = list(goal_ids)
    about = Q(own__in=goals) | Q(of_series__in=goals) | Q(of_measure__in=goals)
    planned = Q(state__in=[SurveyState.DRAFT, SurveyState.PILOT], opens_on__gte=today)
    rows = (
        Survey.objects.annotate(**THROUGH)
        .filter(about, planned | ~Q(state__in=[SurveyState.DRAFT, SurveyState.PILOT]))
        .order_by("-closes_on", "-pk")
        .values(*SURVEY_FIELDS, *THROUGH)
    )
    seen, wanted = set(), set(goals)
    for row in rows:
        for goal in {row[name] for name in THROUGH} & wanted:
            if (goal, row["pk"]) not in seen:
                seen.add((goal, row["pk"]))
                yield goal, {**row, "state": _state_on(row, today)}


def _state_on(row: dict[str, Any], today: date) -> SurveyState:
    """How far the survey had come on the day."""
    state = SurveyState(row["state"])
    if state == SurveyState.FINISHED and timezone.localdate(row["finished_at"]) > today:
        state = SurveyState.CLOSED
    if state in (SurveyState.CLOSED, SurveyState.FINISHED) and row["closes_on"] > today:
        state = SurveyState.OPEN
    return SurveyState.DRAFT if state == SurveyState.OPEN and row["opens_on"] > today else state


def _chosen(rows: list[dict[str, Any]], *, is_public: bool) -> dict[str, Any] | None:
    """The survey that is told of."""
    told = [SurveyState.FINISHED] if is_public else [SurveyState.FINISHED, SurveyState.CLOSED]
    return next((row for row in rows if row["state"] in told), None)


def _told(surveys: set[int]) -> dict[int, list[dict[str, Any]]]:
    """The kept results and the pairs of the surveys; a survey without pairs is one row."""
    pair = {f"its_{name}": F(f"published_answers__{name}") for name in ("heard", "doing", "outcome", "action")}
    found: QuerySet[Survey, dict[str, Any]] = (
        Survey.objects.filter(pk__in=surveys)
        .order_by("pk", "published_answers__position", "published_answers__pk")
        .values("pk", "kept_results", **pair)
    )
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in found if surveys else ():
        rows[row["pk"]].append(row)
    return rows


def _said(goal: int, rows: list[dict[str, Any]], told: list[dict[str, Any]], chosen: dict[str, Any] | None) -> Said:
    is_open = next((row for row in rows if row["state"] == SurveyState.OPEN), None)
    planned = [row["opens_on"] for row in rows if row["state"] in (SurveyState.DRAFT, SurveyState.PILOT)]
    waiting = next((row for row in rows if row["state"] == SurveyState.CLOSED), None)
    coming = {
        "open_id": is_open["pk"] if is_open else None,
        "open_until": is_open["closes_on"] if is_open else None,
        "open_slug": is_open["slug"] if is_open and is_open["has_open_link"] else "",
        "next_opens_on": min(planned, default=None),
    }
    if chosen is None:
        about = waiting or is_open
        state = SaidState.WAITING if waiting else SaidState.OPEN if is_open else SaidState.NOT_ASKED
        if about is None and planned:
            state = SaidState.PLANNED
        return Said(goal, state, answer_by=about["answer_by"] if about else None, **coming)
    kept = told[0]["kept_results"] if told else None
    is_answered = chosen["state"] == SurveyState.FINISHED
    return Said(
        goal,
        SaidState.ANSWERED if is_answered else SaidState.WAITING,
        survey_id=chosen["pk"],
        title=chosen["title"],
        n=(kept or {}).get("n"),
        least_shown=chosen["least_shown"],
        assessed=tuple(assessed_in(kept)),
        pairs=tuple(_pairs(told)) if is_answered else (),  # until then they are drafts
        closed_on=chosen["closes_on"],
        answer_by=chosen["answer_by"],
        **coming,
    )


def _pairs(told: list[dict[str, Any]]) -> Iterable[Pair]:
    for row in told:
        if row["its_heard"]:
            yield Pair(row["its_heard"], row["its_doing"], row["its_outcome"], row["its_action"])


def assessed_in(kept: Mapping[str, Any] | None) -> Iterable[Assessed]:
    """The assessments of kept results, in the order goal, effort, effect, cooperation; the first question of each."""
    questions = [one for one in (kept or {}).get("questions", []) if one["mean"] is not None and one["kind"] in TOPS]
    for key in ASSESSES:
        one = next((one for one in questions if one["assesses"] == key), None)
        if one is not None:
            low, high = (_decimal(one[name]) for name in ("low", "high"))
            yield Assessed(key.value, one["label"], Decimal(one["mean"]), one["n"], TOPS[one["kind"]], low, high)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
