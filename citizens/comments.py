"""What citizens wrote in their own words, as staff read it: who may, when, and what is held back."""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from citizens.kinds import CommentState, SurveyState
from citizens.models import Comment, Survey, Theme
from organisation.danish import format_number

CPR_MARK = "cpr"
HELD_WORDS = {
    "cpr": gettext_lazy("%s ligner et CPR-nummer"),
    "name": gettext_lazy("%s nævner måske en person"),
    "unread": gettext_lazy("%s er ikke læst igennem"),
}
READ_IN = (SurveyState.CLOSED, SurveyState.FINISHED)


def answer_count(survey: Survey) -> int | None:
    """How many have answered, as it is published once the results are kept; None when fewer than may be shown."""
    if survey.kept_results is not None:
        return survey.kept_results["n"]
    count = survey.responses.filter(is_pilot=False).count()
    return count if count >= survey.least_shown else None


def are_readable(survey: Survey) -> bool:
    """Whether comments may be read at all.

    Not while the survey is open: a comment that turns up the day somebody has answered tells who wrote it.
    """
    return survey.state in READ_IN and answer_count(survey) is not None


def comments_of(survey: Survey) -> QuerySet[Comment]:
    """The comments that count. Their keys are random: the order tells nothing of who wrote when."""
    return Comment.objects.filter(survey=survey, is_pilot=False).order_by("pk")


def texts_of(survey: Survey) -> list[str]:
    """Everything that was written, whatever was decided about it."""
    return list(comments_of(survey).values_list("text", flat=True))


def mark_of(comment: Comment) -> str:
    """What a page remembers of the comment as it was shown, so that nobody decides on another text unseen."""
    return sha256(f"{comment.state}\n{comment.text}".encode()).hexdigest()[:20]


def held_sentence(survey: Survey) -> str:
    """How many are held back, and why; empty when none are. One query."""
    marks = comments_of(survey).filter(state=CommentState.HELD).values_list("marks", flat=True)
    counts = Counter(_why(one) for one in marks)
    if not counts:
        return ""
    count = counts.total()
    why = ", ".join(str(HELD_WORDS[key]) % in_words(counts[key]) for key in HELD_WORDS if counts[key])
    text = ngettext("%(n)s er holdt tilbage: %(why)s.", "%(n)s er holdt tilbage: %(why)s.", count)
    return text % {"n": in_words(count).capitalize(), "why": why}


def _why(marks: list[str]) -> str:
    return "unread" if not marks else "cpr" if CPR_MARK in marks else "name"


def in_words(count: int) -> str:
    """`tre`: small counts as words."""
    words = ("", _("én"), _("to"), _("tre"), _("fire"), _("fem"), _("seks"), _("syv"), _("otte"), _("ni"))
    return words[count] if 0 < count < len(words) else format_number(count, 0)


def themes_of(survey: Survey) -> Iterable[tuple[Theme, int | None]]:
    """The themes, each with how many comments it has; None when fewer than may be shown."""
    for theme in survey.themes.annotate(count=Count("comments")).order_by("name"):
        yield theme, theme.count if theme.count >= survey.least_shown else None
