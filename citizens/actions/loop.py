"""The answer to the citizens: its pairs, publishing it, what came of it, and the next meeting's agenda."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens import results
from citizens.actions.comments import refuse_personal
from citizens.actions.refusals import NotPossible
from citizens.comments import answer_count, texts_of
from citizens.kinds import SurveyState
from citizens.loop import agenda_text, loop_of, next_round
from citizens.models import PublishedAnswer, Survey, SurveyOnAgenda
from citizens.rewording import repeated
from followup.actions.agenda import AlreadyDecided, add_item, change_item
from followup.models import AgendaItem
from goals.actions.versions import locked, store
from organisation.actions.history import record
from organisation.models import User

PAIR = ("heard", "doing", "responsible", "due_date", "action", "decision", "needs_decision")
PUBLISHED = ("heard", "doing", "outcome")  # what everybody reads
WRITTEN_IN = (SurveyState.OPEN, SurveyState.CLOSED)
TOLD = (SurveyState.CLOSED, SurveyState.FINISHED)
NEWS = timedelta(days=365)  # what closed longer ago is put on no agenda by itself


@transaction.atomic
def add_pair(survey: Survey, *, fields: Mapping[str, Any], by: User, now: datetime) -> PublishedAnswer:
    """Write what was heard, and, now or later, what is done about it."""
    stored = _writable(survey)
    last = stored.published_answers.aggregate(last=Max("position"))["last"] or 0
    pair = PublishedAnswer(survey=stored, position=last + 1, **fields)
    _refuse_words(pair, texts_of(stored))
    pair.save()
    record(pair, "created", authority=stored.authority, by=by, now=now)
    return pair


@transaction.atomic
def change_pair(pair: PublishedAnswer, *, version: int, by: User, now: datetime) -> PublishedAnswer:
    """Store the pair's changed fields. What is published is changed no more."""
    survey, stored = _writable(pair.survey), locked(pair, version)
    _refuse_words(pair, texts_of(survey))
    if changes := store(pair, stored, PAIR):
        record(pair, "changed", authority=survey.authority, by=by, now=now, changes=changes)
    return pair


@transaction.atomic
def remove_pair(pair: PublishedAnswer, *, by: User, now: datetime) -> None:
    """Take a pair out of the answer."""
    survey = _writable(pair.survey)
    record(survey, "pair_removed", authority=survey.authority, by=by, now=now, changes={"heard": (pair.heard, None)})
    PublishedAnswer.objects.filter(pk=pair.pk).delete()


@transaction.atomic
def move_pair(pair: PublishedAnswer, *, up: bool) -> None:
    """Let the pair change places with the one before it, or after it."""
    pairs = list(_writable(pair.survey).published_answers.order_by("position", "pk"))
    at = next((place for place, one in enumerate(pairs) if one.pk == pair.pk), None)
    to = at - 1 if up else at + 1
    if 0 <= to < len(pairs):
        pairs[at], pairs[to] = pairs[to], pairs[at]
    for position, one in enumerate(pairs, 1):
        one.position = position
    PublishedAnswer.objects.bulk_update(pairs, ["position"])


@transaction.atomic
def tell_outcome(pair: PublishedAnswer, *, version: int, by: User, now: datetime) -> PublishedAnswer:
    """Publish what came of a pair whose survey is answered."""
    stored = locked(pair, version)
    if stored.survey.state != SurveyState.FINISHED:
        raise NotPossible("not_finished")
    _refuse_words(pair, texts_of(stored.survey))
    if changes := store(pair, stored, ("outcome",)):
        record(pair, "outcome_told", authority=stored.survey.authority, by=by, now=now, changes=changes)
    return pair


def _writable(survey: Survey) -> Survey:
    """The survey, locked; refused unless it is open or closed: before, nothing was heard; after, it is published."""
    stored = _locked(survey)
    if stored.state not in WRITTEN_IN:
        raise NotPossible("finished" if stored.state == SurveyState.FINISHED else "not_open")
    return stored


def _locked(survey: Survey) -> Survey:
    rows = Survey.objects.select_for_update(of=("self",)).select_related("authority", "unit")
    return rows.get(pk=survey.pk)


def _refuse_words(pair: PublishedAnswer, texts: Collection[str]) -> None:
    """Refuse what repeats a comment word for word, or looks like a CPR number, naming the field."""
    for field in PUBLISHED:
        text = getattr(pair, field)
        try:
            refuse_personal(text)
        except NotPossible as refusal:
            raise NotPossible(refusal.key, field=field) from refusal
        if repeated(text, texts) is not None:
            raise NotPossible("repeats", field=field)


# ---- publishing ------------------------------------------------------------------------------------------------------


@transaction.atomic
def finish_survey(survey: Survey, *, version: int, by: User, now: datetime) -> Survey:
    """Publish the answer, keep the results as they are, and let the next meeting know.

    Refused as `survey_unanswered` without at least one whole pair, or with half ones. Those who asked for the answer
    get it by `send_answers`.
    """
    stored = locked(survey, version)
    if stored.state != SurveyState.CLOSED:
        raise NotPossible("finished" if stored.state == SurveyState.FINISHED else "not_closed")
    loop = loop_of(stored)
    if not loop.is_ready:
        raise NotPossible("survey_unanswered")
    texts = texts_of(stored)
    for pair in loop.pairs:
        _refuse_words(pair, texts)
    _keep(stored)
    stored.state, stored.finished_at, stored.version = SurveyState.FINISHED, now, stored.version + 1
    stored.save(update_fields=["state", "finished_at", "version"])
    changes = {"state": (SurveyState.CLOSED.value, SurveyState.FINISHED.value)}
    record(stored, "survey_finished", authority=stored.authority, by=by, now=now, changes=changes)
    put_on_agenda(stored, by=by, now=now)
    return stored


def _keep(survey: Survey) -> None:
    results.keep_results(survey)
    survey.refresh_from_db(fields=["kept_results"])


# ---- on the agenda ---------------------------------------------------------------------------------------------------


@transaction.atomic
def put_on_agenda(survey: Survey, *, by: User | None, now: datetime) -> AgendaItem | None:
    """Let the body's next meeting hear of a survey that is closed or answered, once each.

    An item that its meeting has not treated yet is brought up to date instead of a second one.
    """
    survey, today = _locked(survey), timezone.localdate(now)
    if survey.state not in TOLD or survey.on_agenda.filter(stage=survey.state).exists():
        return None
    standing = _standing_item(survey, today)
    if standing is not None:
        item = _brought_up_to_date(standing, survey, by=by, now=now)
    else:
        item = _new_item(survey, today, by=by, now=now)
    if item is not None:
        # The item stands at one stage only.
        survey.on_agenda.filter(item=item).update(item=None)
        SurveyOnAgenda.objects.create(survey=survey, stage=survey.state, item=item)
    return item


def _standing_item(survey: Survey, today: date) -> AgendaItem | None:
    """The item that the survey already has at a meeting to come, not decided on."""
    items = AgendaItem.objects.filter(survey_on_agenda__survey=survey, decision=None, round__meeting_date__gte=today)
    return items.first()


def _brought_up_to_date(item: AgendaItem, survey: Survey, *, by: User | None, now: datetime) -> AgendaItem:
    for name, value in _content(survey).items():
        setattr(item, name, value)
    try:
        return change_item(item, version=item.version, by=by, now=now)
    except AlreadyDecided as decided:
        return decided.item


def _new_item(survey: Survey, today: date, *, by: User | None, now: datetime) -> AgendaItem | None:
    round_ = next_round(survey, today)
    if round_ is None:
        return None
    last = round_.agenda_items.aggregate(last=Max("position"))["last"] or 0
    return add_item(AgendaItem(round=round_, position=last + 1, **_content(survey)), by=by, now=now)


def _content(survey: Survey) -> dict[str, Any]:
    loop = loop_of(survey)
    needs = survey.state == SurveyState.FINISHED and loop.needs_decision
    return {
        "title": (_("Det siger borgerne: %s") % survey.title)[:200],
        "text": agenda_text(survey, loop.pairs, answer_count(survey)),
        "recommendation": _("At udvalget tager stilling til det, vi gør.") if needs else "",
        "is_for_decision": needs,
        "goal": survey.goal,
    }


def put_due_on_agenda(now: datetime) -> int:
    """Put what closed or was answered on agendas that did not exist then; how many. For `tick`."""
    done = SurveyOnAgenda.objects.filter(survey=OuterRef("pk"), stage=OuterRef("state"))
    recent = timezone.localdate(now) - NEWS
    waiting = Survey.objects.filter(~Exists(done), state__in=TOLD, closes_on__gte=recent)
    waiting = waiting.select_related("goal__owner_unit", "series__unit", "unit", "authority")
    return sum(_put(survey, now) for survey in waiting.order_by("pk"))


def _put(survey: Survey, now: datetime) -> int:
    try:
        return put_on_agenda(survey, by=None, now=now) is not None
    except IntegrityError:  # somebody else did meanwhile
        return 0
