"""Secret words in closed items, in citizens' comments and in a personal goal; then every page and file as every person.

Each word is told to those who may read it, on the pages that are for that, and to nobody else.
"""

import pytest
from django.urls import reverse

from tests.malstyring import test_closed_items as closed
from tests.malstyring import test_comments_stay as comments
from tests.malstyring import test_personal_stay as personal
from tests.malstyring.test_urls import PEOPLE, place
from tests.malstyring.walking import everything

__all__ = ["place"]

# A paper is a third of a second's work and has what its page has: it is read as one who may read it all, and as others.
READ_PAPERS = ("politician", "reader", "other_manager", "consultant", "stranger")
# One who may read closed items and one who may not walk on both databases; each walk is some fifteen seconds.
ON_BOTH = ("politician", "reader")


@pytest.fixture
def it(place):
    comments.plant(place)
    personal.plant(place)
    closed.plant(place)
    return place


def may_tell_personal(it, path: str, who: str) -> bool:
    """Whether the page is one of those that may tell it to the leader or the leader's manager."""
    path = path.partition(" ")[0].partition("?")[0]
    allowed = ["/personlige-maal/", reverse("followup:goal_divergences", args=[it.goal.pk])]
    if who == "manager":
        allowed.append(reverse("organisation:account_data"))  # one's own file
    return path.startswith(tuple(allowed))


@pytest.mark.parametrize(
    "who", [who if who in ON_BOTH else pytest.param(who, marks=pytest.mark.once) for who in PEOPLE]
)
def test_no_page_or_file_tells_it_to_others(it, sign_in, who):
    person = getattr(it, who)
    seen = everything(sign_in(person), it, () if who in READ_PAPERS else ("/pdf/",))

    def told(secret: str) -> set[str]:
        return {path for path, text in seen.items() if secret in text}

    if who == "manager":  # who is to answer reads the questions, wherever they are shown
        for words in closed.ASKED:
            seen = {path: text.replace(words, "") for path, text in seen.items()}
    if closed.may_read(person, it):
        assert {
            reverse("followup:decision_detail", args=[it.secret_decision.pk]),
            reverse("followup:agenda_item_detail", args=[it.secret_item.pk]),
            reverse("followup:meeting_detail", args=[it.committee.pk, it.round.pk]),
        } <= told(closed.SECRET)
    else:
        assert told(closed.SECRET) == set()
    if comments.may_read(person, it):
        assert reverse("citizens:comment_list", args=[it.closed_survey.pk]) in told(comments.SECRET)
        assert all(path.startswith("/undersoegelser/") for path in told(comments.SECRET))
    else:
        assert told(comments.SECRET) == set()
    if who in ("manager", "head"):
        assert {
            reverse("goals:personal_detail", args=[it.personal.pk]),
            reverse("followup:goal_divergences", args=[it.goal.pk]),
        } <= told(personal.SECRET)
        assert [path for path in told(personal.SECRET) if not may_tell_personal(it, path, who)] == []
    else:
        assert told(personal.SECRET) == set()
