"""What a body decided: recorded once on an item, followed to its end, and read by those who may."""

from contextlib import nullcontext
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from followup.actions import decisions as actions
from followup.actions.agenda import AlreadyDecided
from followup.actions.decisions import close_decision, record_decision
from followup.models import AgendaItem, Question
from goals.actions.decisions import DecisionMade, decision_for
from goals.actions.versions import Stale
from goals.kinds import DecisionKind, LeadsTo
from goals.models import Decision
from organisation.models import HistoryEntry
from tests import factories
from tests.factories import NOW
from tests.followup.flow import html
from tests.races import at_once, needs_rows_locked

CLOSED = {"is_closed": True, "closed_reason": "Priser i et tilbud", "public_title": "Sag om indkøb"}
SAID = {
    "kind": "approved",
    "title": "Fælles indsats",
    "text": "Alle skoler ringer hjem.",
    "date": "2026-08-10",
    "reference": "punkt 1",
    "leads_to": "nothing",
    "responsible": "",
    "goal": "",
}


@pytest.fixture
def it(town, clock):
    town.round = factories.round_(town.committee, meeting_date=date(2026, 9, 2))
    town.item = factories.agenda_item(town.round)
    return town


def new_decision(it, **fields) -> Decision:
    said = {
        "body": it.committee,
        "title": "Indsats",
        "text": "Godkendt.",
        "date": NOW.date(),
        "reference": "punkt 1",
        **fields,
    }
    return Decision(**said)


# ---- recorded --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(DecisionKind))
def test_each_of_the_seven_outcomes_is_recorded_on_its_item(it, sign_in, kind):
    url = reverse("followup:decision_record", args=[it.item.pk])
    client = sign_in(it.director)
    assert client.get(url).context["form"]["title"].value() == it.item.title
    assert client.post(url, {**SAID, "kind": kind.value}).status_code == 302
    it.item.refresh_from_db()
    decision = it.item.decision
    assert (decision.kind, decision.body, decision.authority) == (kind, it.committee, it.authority)
    assert (decision.date, decision.reference, decision.text) == (NOW.date(), "punkt 1", "Alle skoler ringer hjem.")
    assert [HistoryEntry.objects.about(one).get().verb for one in (decision, it.item)] == ["recorded", "decided"]


@pytest.mark.parametrize("leads_to", [one for one in LeadsTo if one != LeadsTo.NOTHING])
def test_what_asks_for_something_has_somebody_who_sees_to_it(it, sign_in, leads_to):
    url = reverse("followup:decision_record", args=[it.item.pk])
    client = sign_in(it.director)
    refused = client.post(url, {**SAID, "leads_to": leads_to.value})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["responsible"])
    assert client.post(url, {**SAID, "leads_to": leads_to.value, "responsible": it.head.pk}).status_code == 302
    assert Decision.objects.get().is_pending


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("text", {"text": ""}),
        ("title", {"title": ""}),
        ("date", {"date": "2026-08-11"}),
        ("kind", {"kind": "glemt"}),
        ("public_title", {"is_closed": "on", "closed_reason": "Priser"}),
        ("responsible", {"responsible": "politician"}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(it, sign_in, field, wrong):
    wrong = {name: getattr(it, text).pk if hasattr(it, text) else text for name, text in wrong.items()}
    response = sign_in(it.director).post(reverse("followup:decision_record", args=[it.item.pk]), {**SAID, **wrong})
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not Decision.objects.exists()


@pytest.mark.parametrize("guarded", [False, True])
def test_an_item_is_decided_once(it, monkeypatch, guarded):
    """Two had the form open. Without the guard the item loses the first decision; with it the second is told."""
    if not guarded:
        monkeypatch.setattr(actions, "_undecided", lambda item: item)
    mine, theirs = AgendaItem.objects.get(pk=it.item.pk), AgendaItem.objects.get(pk=it.item.pk)
    first = record_decision(new_decision(it), item=mine, by=it.director, now=NOW)
    with pytest.raises(AlreadyDecided) if guarded else nullcontext():
        record_decision(new_decision(it, text="Udsat."), item=theirs, by=it.consultant, now=NOW)
    it.item.refresh_from_db()
    assert (it.item.decision == first) is guarded
    assert Decision.objects.count() == (1 if guarded else 2)


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told(it):
    def decide(person, text: str) -> Decision:
        item = AgendaItem.objects.select_related("round").get(pk=it.item.pk)
        return record_decision(new_decision(it, text=text), item=item, by=person, now=NOW)

    results = at_once(partial(decide, it.director, "Det ene."), partial(decide, it.consultant, "Det andet."))
    assert sum(isinstance(one, AlreadyDecided) for one in results) == 1
    assert Decision.objects.get() in results
    assert AgendaItem.objects.get(pk=it.item.pk).decision == Decision.objects.get()


def test_the_second_who_decides_is_led_to_the_first(it, sign_in):
    decision = record_decision(new_decision(it), item=it.item, by=it.director, now=NOW)
    url = reverse("followup:decision_record", args=[it.item.pk])
    response = sign_in(it.consultant).post(url, SAID, follow=True)
    assert response.redirect_chain[0][0] == reverse("followup:decision_detail", args=[decision.pk])
    assert "Punktet er allerede besluttet. Intet er overskrevet." in html(response)


@pytest.mark.parametrize("kind", [DecisionKind.POSTPONED, DecisionKind.SENT_BACK])
def test_what_is_not_over_is_on_the_next_agenda(it, kind):
    factories.round_(it.committee, "2026K1", meeting_date=date(2026, 8, 21))
    later = factories.round_(it.committee, "2026K3", meeting_date=date(2026, 12, 2))
    factories.agenda_item(later, position=4)
    for name, value in CLOSED.items():
        setattr(it.item, name, value)
    it.item.save()
    record_decision(new_decision(it, kind=kind), item=it.item, by=it.director, now=NOW)
    again = later.agenda_items.get(position=5)
    assert (again.title, again.decision, again.is_closed) == (it.item.title, None, True)
    assert AgendaItem.objects.count() == 3


def test_what_is_recommended_is_on_the_councils_next_agenda(it, sign_in):
    later = factories.round_(it.council, "2026K3", meeting_date=date(2026, 12, 2), state="ready")
    decision = new_decision(it, kind=DecisionKind.RECOMMENDED, text="To lærere mere.")
    record_decision(decision, item=it.item, by=it.director, now=NOW)
    item = later.agenda_items.get()
    assert (item.title, item.recommendation, item.recommended_in) == (it.item.title, "To lærere mere.", decision)
    assert HistoryEntry.objects.about(item).get().verb == "sent_up"
    meeting = html(sign_in(it.politician).get(reverse("followup:meeting_detail", args=[it.council.pk, later.pk])))
    assert f"{it.committee.name} anbefaler: To lærere mere." in meeting
    page = html(sign_in(it.politician).get(reverse("followup:agenda_item_detail", args=[item.pk])))
    assert f"{it.committee.name} anbefaler</h2>" in page
    assert reverse("followup:decision_detail", args=[decision.pk]) in page


def test_a_closed_recommendation_stays_closed(it):
    later = factories.round_(it.council, "2026K3", meeting_date=date(2026, 12, 2))
    decision = new_decision(it, kind=DecisionKind.RECOMMENDED, **CLOSED)
    record_decision(decision, by=it.director, now=NOW)
    item = later.agenda_items.get()
    assert (item.is_closed, item.public_title) == (True, CLOSED["public_title"])


def test_the_council_recommends_to_nobody(it):
    later = factories.round_(it.council, "2026K3", meeting_date=date(2026, 12, 2))
    record_decision(new_decision(it, kind=DecisionKind.RECOMMENDED, body=it.council), by=it.director, now=NOW)
    assert not later.agenda_items.exists()


def test_what_is_over_is_not(it):
    later = factories.round_(it.committee, "2026K3", meeting_date=date(2026, 12, 2))
    record_decision(new_decision(it), item=it.item, by=it.director, now=NOW)
    assert not later.agenda_items.exists()


def test_a_decision_without_an_agenda(it, sign_in):
    url = reverse("followup:decision_create")
    client = sign_in(it.consultant)
    assert client.get(url, {"udvalg": it.committee.pk}).context["form"]["body"].value() == it.committee.pk
    elsewhere = factories.municipality()
    assert client.post(url, {**SAID, "body": elsewhere.council.pk}).status_code == 422
    assert client.post(url, {**SAID, "body": it.committee.pk}).status_code == 302
    assert Decision.objects.get().body == it.committee


def test_a_goals_decision_is_the_one_that_was_recorded(it):
    recorded = record_decision(new_decision(it), by=it.director, now=NOW)
    assert decision_for(DecisionMade(it.committee, NOW.date(), "punkt 1")) == recorded
    assert decision_for(DecisionMade(it.committee, NOW.date(), "punkt 1", "Godkendt.")) == recorded
    assert decision_for(DecisionMade(it.committee, NOW.date(), "punkt 1", "Noget andet.")) != recorded
    assert decision_for(DecisionMade(it.committee, NOW.date(), "punkt 2")) != recorded


# ---- corrected and followed to its end -------------------------------------------------------------------------------


def test_a_decision_is_corrected_and_stale_changes_refused(it, sign_in):
    decision = record_decision(new_decision(it), by=it.director, now=NOW)
    url = reverse("followup:decision_edit", args=[decision.pk])
    client = sign_in(it.consultant)
    assert client.post(url, {**SAID, "text": "Rettet.", "version": 1}).status_code == 302
    stale = client.post(url, {**SAID, "text": "Igen.", "version": 1})
    assert stale.status_code == 422
    assert "Nu står der ”Rettet.”. Du skrev ”Igen.”." in html(stale)
    entry = HistoryEntry.objects.about(decision).filter(verb="changed").get()
    assert entry.changes["text"] == ["Godkendt.", "Rettet."]


def test_what_came_of_it_is_said_once(it, sign_in):
    decision = record_decision(new_decision(it, leads_to="action", responsible=it.head), by=it.director, now=NOW)
    url = reverse("followup:decision_close", args=[decision.pk])
    client = sign_in(it.director)
    assert client.post(url, {"outcome": ""}).status_code == 422
    assert client.post(url, {"outcome": "Alle ringer hjem."}).status_code == 302
    decision.refresh_from_db()
    assert (decision.outcome, decision.done_on, decision.is_pending) == ("Alle ringer hjem.", NOW.date(), False)
    again = client.post(url, {"outcome": "Noget andet."})
    assert again.status_code == 422
    assert "allerede fulgt til dørs: ”Alle ringer hjem.”" in html(again)
    with pytest.raises(Stale):
        close_decision(decision, outcome="Nej", by=it.director, now=NOW)


def test_what_asks_for_nothing_is_not_followed(it, sign_in):
    decision = record_decision(new_decision(it), by=it.director, now=NOW)
    url = reverse("followup:decision_close", args=[decision.pk])
    assert sign_in(it.director).post(url, {"outcome": "Færdig"}).status_code == 422


# ---- the register ----------------------------------------------------------------------------------------------------


@pytest.fixture
def register(it):
    """One decision of each sort, in two bodies and two council terms."""
    make = partial(factories.decision, it.committee)
    it.pending = make(title="Følges", leads_to="action", kind="approved")
    it.done = make(title="Fulgt", leads_to="action", outcome="Gjort", done_on=date(2026, 2, 1), kind="noted")
    it.over = make(title="Slut", kind="rejected")
    it.before = make(title="Før valget", date=date(2025, 12, 31))
    it.other = factories.decision(it.other_committee, title="Andet udvalg")
    it.secret = make(title="HEMMELIGT", text="HEMMELIGT", kind="rejected", leads_to="action", **CLOSED)
    return it


def found(it, sign_in, who: str = "politician", **asked) -> set[Decision]:
    return set(sign_in(getattr(it, who)).get(reverse("followup:decision_list"), asked).context["page"].object_list)


def test_the_register_is_narrowed(register, sign_in):
    it = register
    everything = {it.pending, it.done, it.over, it.before, it.other, it.secret}
    assert found(it, sign_in) == everything
    factories.decision(factories.municipality().council, title="En anden kommunes")
    assert found(it, sign_in, udvalg=it.other_committee.pk) == {it.other}
    assert found(it, sign_in, udfald="rejected") == {it.over, it.secret}
    assert found(it, sign_in, status="aaben") == {it.pending, it.secret}
    assert found(it, sign_in, status="fulgt") == {it.done}
    assert found(it, sign_in, periode="2022") == {it.before}
    assert found(it, sign_in, periode="2026") == everything - {it.before}


def test_a_filter_gives_nothing_away(register, sign_in):
    it = register
    assert it.secret in found(it, sign_in, "reader")
    for asked in ({"udfald": "rejected"}, {"status": "aaben"}, {"status": "fulgt"}):
        assert it.secret not in found(it, sign_in, "reader", **asked), asked
    shown = html(sign_in(it.reader).get(reverse("followup:decision_list")))
    assert "HEMMELIGT" not in shown
    assert "Sag om indkøb" in shown


def test_of_a_closed_decision_others_read_what_is_published(register, sign_in):
    Decision.objects.filter(pk=register.secret.pk).update(public_text="Der er truffet en afgørelse.")
    url = reverse("followup:decision_detail", args=[register.secret.pk])
    readers = set()
    for who in ("politician", "director", "consultant", "head", "manager", "administrator", "reader", "professional"):
        shown = html(sign_in(getattr(register, who)).get(url))
        assert "Der er truffet en afgørelse." in shown
        if "HEMMELIGT" in shown:
            readers.add(who)
        else:
            assert "Ikke godkendt" not in shown
    assert readers == {"politician", "director", "consultant"}


def test_another_authoritys_decision_is_not_found(register, sign_in):
    stranger = factories.municipality().director
    for name in ("decision_detail", "decision_edit", "decision_close"):
        assert sign_in(stranger).get(reverse(f"followup:{name}", args=[register.pending.pk])).status_code == 404


# ---- what the database refuses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["closed_reason", "public_title"])
def test_nothing_is_closed_without_a_reason_and_a_title(it, missing):
    half = {**CLOSED, missing: ""}
    for make in (
        lambda: factories.decision(it.committee, **half),
        lambda: factories.agenda_item(it.round, **half),
        lambda: factories.question(it.committee, it.head, asked_by=it.politician, **half),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_no_half_answers_and_no_end_without_an_outcome(it):
    question = factories.question(it.committee, it.head)
    for half in ({"answer": "Ja."}, {"answered_at": NOW}, {"answer": "Ja.", "answered_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Question.objects.filter(pk=question.pk).update(**half)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.decision(it.committee, leads_to="action", done_on=NOW.date() - timedelta(days=1))
