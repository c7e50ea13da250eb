"""The answer that citizens get: "Det hørte vi · Det gør vi", and what it lacks before it is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from citizens.kinds import SurveyState
from citizens.models import PublishedAnswer, Survey
from citizens.said import Assessed, assessed_in
from followup.calendar_feed import bodies_of
from followup.kinds import RoundState
from followup.models import Round
from organisation.danish import format_number
from organisation.models import Unit


@dataclass(frozen=True, slots=True)
class Loop:
    """A survey's answer to the citizens, and last time's."""

    pairs: tuple[PublishedAnswer, ...]
    before: tuple[PublishedAnswer, ...] = ()  # of the survey that this one repeats

    @property
    def whole(self) -> int:
        return sum(pair.is_whole for pair in self.pairs)

    @property
    def half(self) -> int:
        """How many pairs say what was heard, and not what is done."""
        return len(self.pairs) - self.whole

    @property
    def is_ready(self) -> bool:
        """Whether it may be published: at least one whole pair, none half."""
        return bool(self.whole) and not self.half

    @property
    def needs_decision(self) -> bool:
        return any(pair.needs_decision for pair in self.pairs)


def loop_of(survey: Survey) -> Loop:
    """The pairs with who writes them and what they led to; those of the survey before, when it is answered. One query.

    Half pairs come last, as they were put last: the order is the writer's.
    """
    surveys = [survey.pk, *([survey.previous_id] if survey.previous_id else [])]
    rows = (
        PublishedAnswer.objects.filter(survey__in=surveys)
        .select_related("responsible", "action", "decision__body", "survey")
        .order_by("position", "pk")
    )
    found = list(rows)
    return Loop(
        tuple(one for one in found if one.survey_id == survey.pk),
        tuple(one for one in found if one.survey_id != survey.pk and one.survey.state == SurveyState.FINISHED),
    )


# ---- on the agenda ---------------------------------------------------------------------------------------------------


def owner_of(survey: Survey) -> Unit:
    """The unit whose work the survey is about: the goal's, else the series', else the one that asks."""
    if survey.goal is not None:
        return survey.goal.owner_unit
    return survey.series.unit if survey.series is not None else survey.unit


def next_round(survey: Survey, today: date) -> Round | None:
    """The coming meeting of the body that follows what the survey is about; None when none is planned."""
    unit = owner_of(survey)
    body = unit.pk if unit.is_body else bodies_of([unit], today)[unit.pk]
    coming = Round.objects.filter(body=body, meeting_date__gte=today).exclude(state=RoundState.CLOSED)
    return coming.select_related("body", "authority").order_by("meeting_date", "pk").first()


def agenda_text(survey: Survey, pairs: Sequence[PublishedAnswer], count: int | None) -> str:
    """The case in short: how many answered, what they assess, and what was heard and is done."""
    after = _pair_lines(pairs) if survey.state == SurveyState.FINISHED else _promise(survey)
    return "\n\n".join([*_facts(survey, count), *after])


def _facts(survey: Survey, count: int | None) -> list[str]:
    said = (
        _("%s har svaret.") % format_number(count, 0)
        if count is not None
        else _("Færre end %s har svaret, så tallene vises ikke.") % survey.least_shown
    )
    assessed = [_assessed_line(one) for one in assessed_in(survey.kept_results)]
    return [said, *(["\n".join(assessed)] if assessed else [])]


def _assessed_line(one: Assessed) -> str:
    return f"{one.label}: {one.words}" + (f" ({one.interval})" if one.interval else "")


def _promise(survey: Survey) -> list[str]:
    if survey.answer_by is None:
        return []
    return [_("Borgerne er lovet et svar senest %s.") % f"{survey.answer_by:%d-%m-%Y}"]


def _pair_lines(pairs: Sequence[PublishedAnswer]) -> list[str]:
    heard, doing = _("Det hørte vi"), _("Det gør vi")
    return [f"{heard}: {pair.heard}\n{doing}: {pair.doing}" for pair in pairs if pair.is_whole]
