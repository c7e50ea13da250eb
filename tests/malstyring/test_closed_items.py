"""A secret word in every text of closed items; then every page, file and mail as every person.

Only those who may see closed items are told it.

Pages are found both by name, in the table of addresses, and by following every link from the first page on.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pypdfium2 import PdfDocument

from followup.actions.calendar_feeds import make_feed
from followup.actions.decisions import change_decision, close_decision
from followup.actions.questions import answer_question, ask_question
from followup.actions.reminders import fill_outbox
from followup.models import Mail, Question, RoundState
from organisation.models import HistoryEntry
from organisation.permissions import Permission, allows
from tests import factories
from tests.malstyring.addresses import ADDRESSES
from tests.malstyring.test_urls import PEOPLE, place

__all__ = ["place"]

SECRET = "Solsortevej"
TITLE = "Sag om en ejendom"
CLOSED = {"is_closed": True, "closed_reason": f"Køb af {SECRET} 3", "public_title": TITLE}
LINK = re.compile(r'(?:href|action)="(/[^"#]*)')
# What a question says, and nothing else: its text, its answer, and why it is closed.
ASKED = (f"Hvad koster {SECRET}?", f"{SECRET} koster 3 mio. kr.", f"Om {SECRET} 7")
MOST_PAGES = 1000
# One's own account file holds what one has done oneself; signing out ends the walk.
NEVER = ("/log-ud/", "/static/")
# A paper is a third of a second's work and has what its page has: it is read as one who may read it all, and as others.
READ_PAPERS = ("politician", "reader", "other_manager", "stranger")
# One who may read it and one who may not walk on both databases; each walk is some ten seconds.
ON_BOTH = ("politician", "reader")


@pytest.fixture
def it(place):
    """The town with a closed item, decision and question, tied to goals, targets and strategies in every way."""
    today, now = factories.date.today(), factories.NOW
    place.round.state = RoundState.READY
    place.round.save()
    place.secret_item = factories.agenda_item(
        place.round, position=3, title=f"Køb af {SECRET}", text=SECRET, recommendation=SECRET, goal=place.goal, **CLOSED
    )
    words = {"title": SECRET, "text": SECRET, "reference": f"punkt 3, {SECRET}"}
    responsible = {"leads_to": "action", "responsible": place.director}
    place.secret_decision = factories.decision(
        place.committee, date=today, goal=place.goal, **words, **responsible, **CLOSED
    )
    place.done = factories.decision(place.committee, date=today, **words, **responsible, **CLOSED)
    place.done.text += " rettet"
    change_decision(place.done, version=1, by=place.director, now=now)
    close_decision(place.done, outcome=SECRET, by=place.director, now=now)
    decided_item = factories.agenda_item(place.round, position=4, title=SECRET, decision=place.done, **CLOSED)
    _tie(place, decided_item.decision)
    place.secret_question = _ask(place, today + timedelta(days=3))
    place.answered = _ask(place, today - timedelta(days=8))
    place.answered.answer = ASKED[1]
    answer_question(place.answered, by=place.manager, now=now)
    return place


def _ask(place, due) -> Question:
    question = Question(
        body=place.committee,
        goal=place.goal,
        text=ASKED[0],
        assigned_to=place.manager,
        due_date=due,
        **{**CLOSED, "closed_reason": ASKED[2]},
    )
    return ask_question(question, by=place.politician, now=factories.NOW)


def _tie(place, decision) -> None:
    """Let goals, a target, a strategy and an action point to the closed decision."""
    place.goal.adopted_by = decision
    place.goal.save()
    factories.goal(place.committee, state="closed", adopted_by=decision, closed_by=decision, replaced_by=place.goal)
    factories.target(place.series, "2028K4", 7, decision=decision)
    place.strategy.decision = decision
    place.strategy.save()


def may_read(person, it) -> bool:
    return allows(
        Permission.SEE_CLOSED_ITEMS,
        person.all_grants,
        authority_id=it.authority.pk,
        unit_path=it.committee.path_ids(),
        on=factories.date.today(),
    )


def said(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers.get("Content-Type") == "application/pdf":
        return "".join(page.get_textpage().get_text_bounded() for page in PdfDocument(body))
    return body.decode(errors="replace")


def pages_by_name(it) -> list[str]:
    """Every address, once for each closed thing where it is about one."""
    found = []
    for name, address in ADDRESSES.items():
        if address.post:
            continue
        args = [*(getattr(it, arg).pk for arg in address.args), *address.words]
        found.append(reverse(name, args=args))
        if name.startswith("reports:report_") and address.args[:1] == ["round"]:
            for key in (f"{it.round.pk}.byraad", f"{it.round.pk}.plakat", f"{it.round.pk}.enhed.{it.school.pk}"):
                found.append(reverse(name, args=[key, *args[1:]]))
        kinds = {
            "agenda_item": [it.secret_item],
            "decision": [it.secret_decision, it.done],
            "question": [it.secret_question, it.answered],
        }
        found += [reverse(name, args=[one.pk]) for one in kinds.get(address.args[0] if address.args else "", [])]
    about = f"?maal={it.goal.pk}&udvalg={it.committee.pk}&beslutning={it.secret_decision.pk}&enhed={it.school.pk}"
    return found + [path + about for path in found if path.endswith(("/ny/", "/nyt/"))]


def walk(client: Client, never: tuple[str, ...]) -> dict[str, str]:
    """Every page that can be reached by links from the first, with what it says."""
    waiting, seen = ["/"], {}
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop().replace("&amp;", "&")
        if path in seen or path.startswith(NEVER) or path.endswith(never):
            continue
        answer = client.get(path)
        seen[path] = said(answer)
        if "html" in answer.headers.get("Content-Type", ""):
            waiting += LINK.findall(seen[path])
    assert len(seen) < MOST_PAGES
    return seen


@pytest.mark.parametrize(
    "who", [who if who in ON_BOTH else pytest.param(who, marks=pytest.mark.once) for who in PEOPLE]
)
def test_no_page_tells_the_secret_to_others(it, sign_in, who):
    person = getattr(it, who)
    client = sign_in(person)
    own = ASKED if who == "manager" else ()  # who is to answer reads the questions, wherever they are shown

    def tells(text: str) -> bool:
        for words in own:
            text = text.replace(words, "")
        return SECRET in text

    never = () if who in READ_PAPERS else ("/pdf/",)
    seen = walk(client, never)
    for path in pages_by_name(it):
        if path.endswith(never):
            continue
        if path not in seen:
            answer = client.get(path)
            seen[path] = said(answer)
            if "html" not in answer.headers.get("Content-Type", ""):
                continue  # a file has no fragments
        seen[f"{path} (fragment)"] = said(client.get(path, headers={"HX-Request": "true"}))
    told = {path for path, text in seen.items() if tells(text)}
    if may_read(person, it):
        assert reverse("followup:decision_detail", args=[it.secret_decision.pk]) in told
        assert reverse("followup:agenda_item_detail", args=[it.secret_item.pk]) in told
        assert reverse("followup:meeting_detail", args=[it.committee.pk, it.round.pk]) in told
    else:
        assert told == set()


def test_who_is_to_answer_reads_the_question(it, sign_in):
    for question in (it.secret_question, it.answered):
        assert ASKED[0] in said(sign_in(it.manager).get(reverse("followup:question_detail", args=[question.pk])))


def test_everybody_reads_the_neutral_title(it, sign_in):
    client = sign_in(it.reader)
    for path in (
        reverse("followup:meeting_detail", args=[it.committee.pk, it.round.pk]),
        reverse("followup:agenda_item_detail", args=[it.secret_item.pk]),
        reverse("followup:decision_detail", args=[it.secret_decision.pk]),
        reverse("followup:decision_list"),
        reverse("followup:question_detail", args=[it.secret_question.pk]),
        reverse("followup:goal_detail", args=[it.goal.pk]),
        reverse("goals:strategy_list"),
    ):
        assert TITLE in said(client.get(path)), path


def test_no_mail_tells_the_secret_to_anybody(it):
    for days in range(40):
        fill_outbox(factories.NOW + timedelta(days=days))
    mails = "\n".join(f"{mail.subject}{mail.text}{mail.html}" for mail in Mail.objects.all())
    assert mails
    assert SECRET not in mails
    assert TITLE not in mails


@pytest.mark.parametrize("who", PEOPLE)
def test_no_calendar_tells_the_secret(it, who):
    """Not even to who may read it: the address may have come into other hands."""
    token = make_feed(getattr(it, who), now=factories.NOW)
    calendar = said(Client().get(reverse("followup:calendar_feed", args=[token])))
    assert "BEGIN:VCALENDAR" in calendar
    assert SECRET not in calendar.replace("\r\n ", "")


def test_the_history_of_goals_and_units_says_nothing(it):
    told = [entry for entry in HistoryEntry.objects.all() if SECRET in f"{entry.changes}{entry.reason}"]
    assert {entry.subject_kind for entry in told} == {"goals.decision"}


def test_search_finds_nothing(it, sign_in):
    for who in PEOPLE:
        answer = sign_in(getattr(it, who)).get(reverse("followup:goal_list"), {"q": SECRET})
        assert answer.status_code == 403 or not answer.context["rows"], who
