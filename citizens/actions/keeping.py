"""Keeping what was promised: answers in no order, and everything deleted on the day that was declared.

Run by `tick`; each survey in a transaction of its own, so that what is killed has done all of one survey or nothing.
"""

import random
import uuid
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from citizens.kinds import SurveyState
from citizens.models import (
    Comment,
    Invitation,
    InvitedAddress,
    Participant,
    Response,
    Survey,
)
from citizens.results import keep_results
from organisation.actions.history import record

BATCH = 500
EARLY = (SurveyState.DRAFT, SurveyState.PILOT)
HOLDS = {"addresses": (InvitedAddress, Invitation, Participant), "answers": (Response, Comment)}
ENDED = (SurveyState.CLOSED, SurveyState.FINISHED)
_random = random.SystemRandom()


def keep_promises(now: datetime) -> int:
    """Everything that is due at the moment; for how many surveys something was done. Twice does nothing more."""
    today = timezone.localdate(now)
    done = [pk for pk in _due("addresses", today) if forget_who(pk, now)]
    done += [pk for pk in _due("answers", today) if forget_answers(pk, now)]
    done += [pk for pk in _unshuffled(today) if shuffle(pk)]
    return len(set(done))


def _due(what: str, today: date) -> list[int]:
    """Surveys whose declared day has come, while there is something to delete. The day itself counts: "slettes …"."""
    due = Survey.objects.filter(**{f"{what}_until__lte": today, f"{what}_deleted_on": None})
    # A draft's days may still be moved, so it is never done with; but nothing of it is kept either.
    holds = [Exists(model.objects.filter(survey=OuterRef("pk"))) for model in HOLDS[what]]
    due = due.filter(~Q(state__in=EARLY) | reduce(or_, holds, Q()))
    return list(due.order_by("pk").values_list("pk", flat=True))


# ---- in no order -----------------------------------------------------------------------------------------------------


def _unshuffled(today: date) -> list[int]:
    """Surveys with answers of an earlier day, or of any day once nobody answers any more, in the order they came."""
    new = Response.objects.filter(survey=OuterRef("pk"), is_shuffled=False, participant_link=None)
    is_due = Exists(new.filter(day__lt=today)) | (Q(state__in=ENDED) & Exists(new))
    return list(Survey.objects.filter(is_due).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def shuffle(survey_pk: int) -> bool:
    """Write the survey's answers, comments and invitations anew, in shuffled order and with new random keys.

    All of them, not the new ones only: PostgreSQL keeps beside each row the transaction that wrote it, and those of
    one night would else stand together, a single answer beside a single link. Answers that a code still leads to wait.
    """
    if _locked(survey_pk) is None:
        return False
    of_survey = {"survey": survey_pk}
    count = _rewrite(Response.objects.filter(participant_link=None, **of_survey))
    _rewrite(Invitation.objects.filter(**of_survey), kept=Q(is_used=False))
    _rewrite_comments(Comment.objects.filter(**of_survey))
    return bool(count)


def _locked(survey_pk: int) -> Survey | None:
    return Survey.objects.select_for_update(of=("self",)).select_related("authority").filter(pk=survey_pk).first()


def _rewrite(rows: models.QuerySet, kept: Q | None = None) -> int:
    """Delete and store the rows again with new keys; those that match `kept` stay as they are."""
    found = list((rows.exclude(kept) if kept is not None else rows).select_for_update(of=("self",)))
    rows.model.objects.filter(pk__in=[one.pk for one in found]).delete()
    for one in found:
        one.pk, one.is_shuffled = uuid.uuid4(), True
    _store(rows.model, found)
    return len(found)


def _rewrite_comments(comments: models.QuerySet[Comment]) -> None:
    """As answers. One that was shuffled before keeps its key, which says nothing: staff may be working with it."""
    found = list(comments.select_for_update(of=("self",)))
    through = Comment.themes.through
    themes = list(through.objects.filter(comment__in=found).order_by("pk"))
    new_keys = {one.pk: one.pk if one.is_shuffled else uuid.uuid4() for one in found}
    Comment.objects.filter(pk__in=list(new_keys)).delete()
    for one in found:
        one.pk, one.is_shuffled = new_keys[one.pk], True
    _store(Comment, found)
    through.objects.bulk_create(
        through(comment_id=new_keys[theme.comment_id], theme_id=theme.theme_id) for theme in themes
    )


def _store(model: type[models.Model], rows: list) -> None:
    _random.shuffle(rows)
    model.objects.bulk_create(rows, BATCH)


# ---- deleted on the declared day -------------------------------------------------------------------------------------


@transaction.atomic
def forget_who(survey_pk: int, now: datetime) -> bool:
    """Delete addresses, invitations and what links a code to a person; only how many were invited is kept."""
    survey = _locked(survey_pk)
    if survey is None or survey.addresses_deleted_on is not None:
        return False
    _keep_counts(survey)
    deleted = {
        "addresses": _delete(InvitedAddress.objects.filter(survey=survey)),
        "invitations": _delete(Invitation.objects.filter(survey=survey)),
        "participants": _delete(Participant.objects.filter(survey=survey)),
    }
    if not survey.is_anonymous:
        # No code leads to them any more.
        shuffle(survey_pk)
    survey.linkers.clear()
    survey.addresses_deleted_on = None if survey.state in EARLY else timezone.localdate(now)
    survey.save(update_fields=["addresses_deleted_on", "invited_before"])
    _record(survey, "survey_forgot_who", deleted, now)
    return True


def _keep_results(survey: Survey) -> None:
    """What is shown stays as it is. Closing has kept it already; a survey never opened has nothing to show."""
    if survey.state not in EARLY:
        keep_results(survey)


def _keep_counts(survey: Survey) -> None:
    """How many were invited, for the methods page; the results have it once they are kept."""
    if survey.state in EARLY:
        return
    if survey.state in ENDED:
        _keep_results(survey)
    rows = Invitation if survey.is_anonymous else Participant
    counts = dict(rows.objects.filter(survey=survey).order_by().values_list("group").annotate(n=Count("pk")))
    survey.invited_before += counts.pop(None, 0)
    for group in survey.groups.filter(pk__in=counts):
        group.invited_before += counts[group.pk]
        group.save(update_fields=["invited_before"])


@transaction.atomic
def forget_answers(survey_pk: int, now: datetime) -> bool:
    """Delete what was answered and written; the results stay as they were shown."""
    survey = _locked(survey_pk)
    if survey is None or survey.answers_deleted_on is not None:
        return False
    _keep_results(survey)
    deleted = {
        "responses": _delete(Response.objects.filter(survey=survey)),
        "comments": _delete(Comment.objects.filter(survey=survey)),
    }
    survey.answers_deleted_on = None if survey.state in EARLY else timezone.localdate(now)
    survey.save(update_fields=["answers_deleted_on"])
    _record(survey, "survey_forgot_answers", deleted, now)
    return True


def _delete(rows: models.QuerySet) -> int:
    """Delete the rows; how many of the kind itself."""
    return rows.delete()[1].get(rows.model._meta.label, 0)


def _record(survey: Survey, verb: str, deleted: dict[str, int], now: datetime) -> None:
    changes = {what: (count, 0) for what, count in deleted.items() if count}
    record(survey, verb, authority=survey.authority, by=None, now=now, changes=changes)
