"""What staff do with what citizens wrote: release, cut or hide a comment, sort by theme, rewrite a quote.

The history tells that it was done, and never what was written: what is cut is gone.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from citizens.actions.refusals import NotPossible
from citizens.comments import comments_of, mark_of, texts_of
from citizens.kinds import CommentState, SurveyState
from citizens.labels import COMMENT_STATES
from citizens.models import Comment, Quote, Survey, Theme
from citizens.personal import cleaned, mask_cpr, name_marks
from citizens.rewording import only_cuts, repeated, reworded
from goals.actions.versions import Stale
from organisation.actions.history import record
from organisation.models import User


@transaction.atomic
def release_comment(comment: Comment, *, seen: str, by: User, now: datetime) -> Comment:
    """Let others read the comment as it stands."""
    stored = _as_seen(comment, seen)
    return _decided(stored, CommentState.READABLE, "comment_released", by=by, now=now)


@transaction.atomic
def cut_comment(comment: Comment, text: str, *, seen: str, by: User, now: datetime) -> Comment:
    """Take words out of the comment and let others read the rest. Nothing may be added; what is cut is not kept."""
    stored = _as_seen(comment, seen)
    rest = mask_cpr(cleaned(text).strip())[0]
    if not rest:
        raise NotPossible("nothing_left")
    if not only_cuts(rest, stored.text):
        raise NotPossible("added")
    stored.text = rest
    return _decided(stored, CommentState.READABLE, "comment_cut", by=by, now=now)


@transaction.atomic
def hide_comment(comment: Comment, *, seen: str, reason: str, by: User, now: datetime) -> Comment:
    """Let nobody read the comment. The reason must not repeat it."""
    stored = _as_seen(comment, seen)
    if repeated(reason, [stored.text]) is not None:
        raise NotPossible("repeats")
    return _decided(stored, CommentState.HIDDEN, "comment_hidden", reason=reason, by=by, now=now)


def _as_seen(comment: Comment, seen: str) -> Comment:
    stored = Comment.objects.select_for_update(of=("self",)).select_related("survey__authority").get(pk=comment.pk)
    if mark_of(stored) != seen:
        raise Stale(stored)
    return stored


def _decided(comment: Comment, state: CommentState, verb: str, *, reason: str = "", by: User, now: datetime) -> Comment:
    before, comment.state, comment.marks = comment.state, state, []
    comment.save(update_fields=["state", "marks", "text"])
    survey = comment.survey
    changes = {"comment": (COMMENT_STATES[CommentState(before)], COMMENT_STATES[state])}
    record(survey, verb, authority=survey.authority, by=by, now=now, changes=changes, reason=reason)
    return comment


# ---- themes ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def give_theme(survey: Survey, name: str, comments: Collection[str], *, by: User, now: datetime) -> Theme:
    """Sort the comments under the theme, which is made when there is none of that name."""
    theme, is_new = Theme.objects.get_or_create(survey=survey, name=name.strip())
    if is_new:
        record(survey, "theme_added", authority=survey.authority, by=by, now=now, changes={"theme": (None, theme.name)})
    theme.comments.add(*comments_of(survey).filter(pk__in=comments, state=CommentState.READABLE))
    return theme


@transaction.atomic
def take_theme(survey: Survey, theme: Theme, comments: Collection[str]) -> None:
    """Take the comments out of the theme; one that is left empty goes."""
    theme.comments.remove(*comments_of(survey).filter(pk__in=comments))
    if not theme.comments.exists() and not theme.quotes.exists():
        theme.delete()


# ---- quotes ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_quote(
    survey: Survey, comment: Comment, text: str, *, theme: Theme | None = None, by: User, now: datetime
) -> Quote:
    """Keep what the comment says in other words, to be published. No key leads from the quote to the comment."""
    text = _publishable(survey, text)
    if reworded(text, comment.text) is not None:
        raise NotPossible("repeats")
    quote = Quote.objects.create(survey=survey, theme=theme, text=text, position=survey.quotes.count() + 1)
    record(survey, "quote_added", authority=survey.authority, by=by, now=now, changes={"quote": (None, text)})
    return quote


@transaction.atomic
def change_quote(quote: Quote, text: str, *, seen: str, by: User, now: datetime) -> Quote:
    """Word a quote otherwise. `seen`: the text that the person began from."""
    stored = Quote.objects.select_for_update(of=("self",)).select_related("survey__authority").get(pk=quote.pk)
    if stored.text != seen:
        raise Stale(stored)
    survey = stored.survey
    stored.text = _publishable(survey, text)
    stored.save(update_fields=["text"])
    changes = {"quote": (seen, stored.text)}
    record(survey, "quote_changed", authority=survey.authority, by=by, now=now, changes=changes)
    return stored


@transaction.atomic
def remove_quote(quote: Quote, *, by: User, now: datetime) -> None:
    """Publish the quote no longer."""
    survey = quote.survey
    record(survey, "quote_removed", authority=survey.authority, by=by, now=now, changes={"quote": (quote.text, None)})
    quote.delete()


def _publishable(survey: Survey, text: str) -> str:
    """The text cleaned; refused when it repeats a comment of the survey, or names a person."""
    if survey.state not in (SurveyState.CLOSED, SurveyState.FINISHED):
        raise NotPossible("not_closed")
    text = cleaned(text).strip()
    refuse_personal(text)
    if repeated(text, texts_of(survey)) is not None:
        raise NotPossible("repeats")
    if marks := name_marks(text):
        raise NotPossible("names", words=marks)
    return text


def refuse_personal(text: str) -> None:
    """Refuse what looks like a CPR number in a text that is published."""
    if mask_cpr(text)[1]:
        raise NotPossible("cpr")
