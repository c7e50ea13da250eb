"""Hearings in a browser: staff make, moderate and answer; everybody reads, writes, supports and ranks."""

import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens import limits
from citizens.kinds import HearingState, ProposalState
from citizens.models import Hearing, Proposal, Ranking
from citizens.personal import MASK
from citizens.views import public_hearings
from citizens.views.hearings import REMOVED, without_names
from goals.kinds import GoalState
from malstyring.logs import NoAnswerPages
from tests import factories
from tests.citizens import hearings
from tests.followup.flow import html

ONE = timedelta(days=1)


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch):
    """Each test begins with addresses that have posted nothing."""
    for limiter in (limits.fresh, limits.waited, public_hearings.agreed):
        monkeypatch.setattr(limiter, "clock", lambda: 0.0)  # no bucket fills while a slow test runs
        limiter.forget()


@pytest.fixture
def place(town):
    town.today = factories.date.today()
    town.goals = [
        hearings.draft_goal(town.school, title="Alle børn læser sikkert", description="Når de forlader 3. klasse"),
        hearings.draft_goal(town.school, title="Flere børn cykler i skole"),
    ]
    town.hearing = hearings.hearing(town.school, *town.goals, today=town.today)
    hearings.open_portal(town.authority)
    return town


def staff(name, *args):
    return reverse(f"citizens:{name}", args=args)


# ---- staff -----------------------------------------------------------------------------------------------------------


def days(place, **moved):
    found = {"opens_on": place.today, "closes_on": place.today + 14 * ONE, "answer_by": place.today + 60 * ONE}
    return {name: day.isoformat() for name, day in (found | moved).items()}


def test_made_about_draft_goals_of_the_unit_and_below(place, sign_in):
    adopted = factories.goal(place.school, title="Vedtaget for længst")
    above = hearings.draft_goal(place.department, title="Centerets eget udkast")
    client = sign_in(place.manager)
    page = html(client.get(staff("hearing_create")))  # the only unit is chosen at once
    assert "Alle børn læser sikkert" in page
    assert adopted.title not in page
    assert above.title not in page
    sent = {"title": "Hvad nu?", "text": "Skriv.", "goals": [place.goals[1].pk], **days(place)}
    answer = client.post(staff("hearing_create"), sent)
    made = Hearing.objects.get(title="Hvad nu?")
    assert answer.url == staff("hearing_detail", made.pk)
    assert (made.state, made.unit, made.authority) == ("draft", place.school, place.authority)
    assert [one.goal for one in made.hearing_goals.all()] == [place.goals[1]]


def test_who_has_several_units_chooses_first(place, sign_in):
    client = sign_in(place.head)
    assert "Hvem spørger?" in html(client.get(staff("hearing_create")))
    page = html(client.get(staff("hearing_create") + f"?enhed={place.school.pk}"))
    assert "Alle børn læser sikkert" in page
    assert client.get(staff("hearing_create") + f"?enhed={place.council.pk}").status_code == 404


@pytest.mark.parametrize(
    ("moved", "field"),
    [
        ({"closes_on": -1}, "closes_on"),
        ({"opens_on": 20}, "closes_on"),
        ({"answer_by": 13}, "answer_by"),
    ],
)
def test_days_out_of_order_are_told_beside_the_field(place, sign_in, moved, field):
    moved = {name: place.today + days * ONE for name, days in moved.items()}
    sent = {"title": "Hvad nu?", "text": "Skriv.", **days(place, **moved)}
    answer = sign_in(place.manager).post(staff("hearing_create"), sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Hvad nu?" in html(answer)


def test_changed_by_two_nothing_is_lost(place, sign_in):
    Hearing.objects.update(version=2, title="En andens")
    sent = {"title": "Min", "text": "x", "version": 1, **days(place)}
    answer = sign_in(place.manager).post(staff("hearing_edit", place.hearing.pk), sent)
    assert answer.status_code == 422
    assert "Nu står der ”En andens”. Du skrev ”Min”." in html(answer)


def test_opened_from_its_page(place, sign_in):
    draft = hearings.hearing(place.school, place.goals[0], state="draft", today=place.today)
    client = sign_in(place.manager)
    assert "Åbn nu" in html(client.get(staff("hearing_detail", draft.pk)))
    page = html(client.post(staff("hearing_move", draft.pk), {"step": "open", "version": 1}, follow=True))
    assert "Høringen er åben." in page
    assert "Luk nu" in page


def test_a_draft_is_seen_by_those_who_run_it(place, sign_in):
    draft = hearings.hearing(place.school, place.goals[0], state="draft", title="Hemmelig kladde")
    for who, code in (("manager", 200), ("head", 200), ("reader", 404), ("other_manager", 404)):
        assert sign_in(getattr(place, who)).get(staff("hearing_detail", draft.pk)).status_code == code
    assert "Hemmelig kladde" not in html(sign_in(place.reader).get(staff("hearing_list")))
    assert "Hemmelig kladde" in html(sign_in(place.manager).get(staff("hearing_list")))


def test_readers_see_what_is_public_and_nothing_that_waits(place, sign_in):
    hearings.proposal(place.hearing, "Det her er offentligt")
    hearings.proposal(place.hearing, "Det her venter", state=ProposalState.WAITING)
    hearings.proposal(place.hearing, "Det her er skjult", state=ProposalState.HIDDEN, hidden_reason="Grunden")
    page = html(sign_in(place.reader).get(staff("hearing_detail", place.hearing.pk)))
    assert "Det her er offentligt" in page
    assert "Det her venter" not in page
    assert "Det her er skjult" not in page
    assert "Gennemse tekster" not in page
    assert sign_in(place.reader).get(staff("proposal_list", place.hearing.pk)).status_code == 403


def test_the_queue_marks_names_and_numbers(place, sign_in):
    hearings.proposal(place.hearing, "Min søn Mikkel keder sig", state=ProposalState.WAITING)
    hearings.proposal(place.hearing, f"Jeg hedder {MASK}", state=ProposalState.WAITING)
    page = html(sign_in(place.manager).get(staff("proposal_list", place.hearing.pk)))
    assert "Teksten nævner måske en person: Mikkel." in page
    assert "Et CPR-nummer er slettet af teksten." in page
    assert page.count("Fjern navnene, og offentliggør") == 1


def decide(client, place, one, **sent):
    return client.post(staff("proposal_decide", place.hearing.pk, one.pk), sent)


def test_published_without_the_names(place, sign_in):
    one = hearings.proposal(place.hearing, "Min søn Mikkel keder sig", state=ProposalState.WAITING)
    answer = decide(sign_in(place.manager), place, one, seen="waiting", redact="1")
    one.refresh_from_db()
    assert (one.state, one.text) == ("published", f"Min søn {REMOVED} keder sig")
    assert answer.url == staff("proposal_list", place.hearing.pk) + "?tilstand=waiting"


def test_a_name_inside_a_word_stays():
    text = without_names("Hos Karen er der karensdage og Karenskolen")
    assert "karensdage" in text
    assert f"Hos {REMOVED}" in text


def test_hidden_needs_a_reason(place, sign_in):
    one = hearings.proposal(place.hearing, "Grim tekst", state=ProposalState.WAITING)
    client = sign_in(place.manager)
    answer = decide(client, place, one, seen="waiting", hide="1", reason=" ")
    assert answer.status_code == 422
    one.refresh_from_db()
    assert one.state == "waiting"
    decide(client, place, one, seen="waiting", hide="1", reason="Et skældsord")
    one.refresh_from_db()
    assert (one.state, one.hidden_reason) == ("hidden", "Et skældsord")


def test_the_later_moderator_is_told(place, sign_in):
    one = hearings.proposal(place.hearing, state=ProposalState.PUBLISHED)
    client = sign_in(place.head)
    answer = client.post(
        staff("proposal_decide", place.hearing.pk, one.pk), {"seen": "waiting", "hide": "1", "reason": "x"}, follow=True
    )
    assert "En anden har taget stilling til teksten imens." in html(answer)


def test_a_text_of_another_hearing_is_not_found(place, sign_in):
    elsewhere = hearings.hearing(place.other_school, hearings.draft_goal(place.other_school))
    one = hearings.proposal(elsewhere, state=ProposalState.WAITING)
    assert decide(sign_in(place.manager), place, one, seen="waiting", publish="1").status_code == 404


def test_sorted_under_themes_by_what_was_changed_only(place, sign_in):
    ro, mad = hearings.theme(place.hearing, "Ro"), hearings.theme(place.hearing, "Mad")
    one, two = hearings.proposal(place.hearing), hearings.proposal(place.hearing, theme=ro)
    client, url = sign_in(place.manager), staff("hearing_themes", place.hearing.pk)
    Proposal.objects.filter(pk=two.pk).update(theme=mad)  # a colleague, after the page was fetched
    sent = {
        f"tema-{one.pk}": ro.pk, f"initial-tema-{one.pk}": "",
        f"tema-{two.pk}": ro.pk, f"initial-tema-{two.pk}": ro.pk,
        "tema-nonsense": ro.pk, "sort": "1",
    }  # fmt: skip
    page = html(client.post(url, sent, follow=True))
    assert "1 tekst flyttet." in page
    assert [row.theme for row in Proposal.objects.filter(pk__in=[one.pk, two.pk]).order_by("theme__name")] == [mad, ro]


def test_a_themes_name_is_taken_once(place, sign_in):
    url = staff("hearing_themes", place.hearing.pk)
    client = sign_in(place.manager)
    client.post(url, {"add": "1", "name": "Ro"})
    answer = client.post(url, {"add": "1", "name": "Ro"})
    assert answer.status_code == 422
    assert "allerede et tema" in html(answer)


def test_answered_from_theme_to_goal_page(place, sign_in):
    decision = factories.decision(place.school, date=place.today)
    theme = hearings.theme(place.hearing, "Ro", heard="", answer="", decision=None)
    hearings.proposal(place.hearing, "Flere voksne", theme=theme)
    client = sign_in(place.manager)
    sent = {"name": "Ro", "heard": "Uro", "answer": "To voksne", "decision": decision.pk, "goal": place.goals[0].pk}
    client.post(staff("hearing_theme", place.hearing.pk, theme.pk), {**sent, "version": 1})
    Hearing.objects.update(state=HearingState.CLOSED, opens_on=place.today - 9 * ONE, closes_on=place.today - ONE)
    client.post(staff("hearing_move", place.hearing.pk), {"step": "answer", "version": 1})
    goal = place.goals[0]
    goal.state, goal.adopted_by = GoalState.ADOPTED, decision
    goal.save()
    reader, address = sign_in(place.reader), f"/maal/{goal.pk}/hoering/"
    assert address in html(reader.get(f"/maal/{goal.pk}/"))
    page, part = html(reader.get(address)), html(reader.get(address, headers={"HX-Request": "true"}))
    assert "<html" not in part
    for words in ("Målet kom af en høring", "Uro", "To voksne"):
        assert words in page
        assert words in part
    public = html(Client().get(reverse("citizens:public_hearing", args=[place.hearing.pk])))
    assert "Det hørte vi" in public
    assert "To voksne" in public


@pytest.mark.parametrize(("state", "is_shown"), [(GoalState.DRAFT, False), (GoalState.ADOPTED, True)])
def test_a_theme_tells_of_its_goal_when_that_is_adopted(place, sign_in, state, is_shown):
    goal = factories.goal(place.school, state=state, title="Et mål med et hemmeligt navn")
    hearings.theme(place.hearing, goal=goal)
    Hearing.objects.update(state=HearingState.ANSWERED)
    public = html(Client().get(reverse("citizens:public_hearing", args=[place.hearing.pk])))
    assert (goal.title in public) is is_shown
    assert (goal.title in html(sign_in(place.reader).get(staff("hearing_detail", place.hearing.pk)))) is is_shown
    assert goal.title in html(sign_in(place.manager).get(staff("hearing_detail", place.hearing.pk)))


def test_a_goal_without_a_hearing_says_nothing_of_one(place, sign_in):
    address = f"/maal/{factories.goal(place.school).pk}/hoering/"
    assert "Målet kom ikke af en høring." in html(sign_in(place.reader).get(address))
    assert not html(sign_in(place.reader).get(address, headers={"HX-Request": "true"})).strip()


def test_not_answered_while_something_waits(place, sign_in):
    Hearing.objects.update(state=HearingState.CLOSED)
    hearings.proposal(place.hearing, state=ProposalState.WAITING)
    client = sign_in(place.manager)
    page = html(client.get(staff("hearing_detail", place.hearing.pk)))
    assert "1 tekst venter på gennemsyn." in page
    assert "Offentliggør svaret" not in page
    page = html(client.post(staff("hearing_move", place.hearing.pk), {"step": "answer", "version": 1}, follow=True))
    assert "Det kan ikke lade sig gøre endnu. 1 tekst venter på gennemsyn." in page


# ---- everybody -------------------------------------------------------------------------------------------------------


def public(place):
    return reverse("citizens:public_hearing", args=[place.hearing.pk])


def write(place, client=None, **sent):
    return (client or Client(enforce_csrf_checks=True)).post(
        reverse("citizens:public_hearing_write", args=[place.hearing.pk]), sent
    )


def test_read_without_sign_in_cookie_or_script(place):
    hearings.proposal(place.hearing, "Offentlig tekst", support=3)
    hearings.proposal(place.hearing, "Ventende tekst", state=ProposalState.WAITING)
    answer = Client().get(public(place))
    page = html(answer)
    assert "Alle børn læser sikkert" in page
    assert "Når de forlader 3. klasse" in page
    assert "Offentlig tekst" in page
    assert "3 er enige" in page
    assert "Ventende tekst" not in page
    assert "<script" not in page
    assert not answer.cookies
    assert "Vary" not in answer or "Cookie" not in answer["Vary"]


def test_who_is_signed_in_writes_as_a_stranger(place, sign_in):
    sent = {"kind": "comment", "text": ""}
    answer = write(place, sign_in(place.manager), **sent)
    assert answer.status_code == 422
    assert not answer.cookies
    assert not answer.wsgi_request.COOKIES


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [
        ("/aabne-maal/hoeringer/7/skriv/", False),
        ("/m/901/aabne-maal/hoeringer/7/skriv/", False),
        ("/eget-maal/", False),
        ("/eget-maal/WzEsIng:abc/", False),
        ("/aabne-maal/hoeringer/7/", True),
        ("/egne-maal/7/", True),
    ],
)
def test_no_log_keeps_who_wrote(path, is_kept):
    record = logging.makeLogRecord({"levelno": logging.WARNING, "request": SimpleNamespace(path=path)})
    assert NoAnswerPages().filter(record) is is_kept


def test_kept_by_caches_but_asked_for_anew_while_it_is_open(place):
    answer = Client().get(public(place))
    assert answer["Cache-Control"] == "public, no-cache"
    assert Client().get(public(place), headers={"If-None-Match": answer["ETag"]}).status_code == 304
    write(place, support=hearings.proposal(place.hearing).pk)
    assert Client().get(public(place), headers={"If-None-Match": answer["ETag"]}).status_code == 200
    Hearing.objects.update(state="closed")
    assert "max-age" in Client().get(public(place))["Cache-Control"]


def test_a_draft_is_not_public(place):
    Hearing.objects.update(state="draft")
    assert Client().get(public(place)).status_code == 404
    assert place.hearing.title not in html(Client().get(reverse("citizens:public_hearing_list")))


def test_a_text_is_sent_and_waits(place):
    answer = write(place, kind="proposal", goal=place.goals[1].pk, text="Byg en cykelsti")
    assert answer.status_code == 302
    assert "Din tekst er sendt" in html(Client().get(answer.url.partition("#")[0]))
    one = Proposal.objects.get()
    assert (one.kind, one.goal, one.text, one.state) == ("proposal", place.goals[1], "Byg en cykelsti", "waiting")
    assert "Byg en cykelsti" not in html(Client().get(public(place)))
    assert not answer.cookies


def test_a_cpr_number_is_told_first_and_never_repeated_or_stored(place):
    sent = {"kind": "comment", "text": "Jeg er 010203-1234, og jeg vil gerne cykle"}
    answer = write(place, **sent)
    page = html(answer)
    assert answer.status_code == 422
    assert "ligner et CPR-nummer" in page
    assert "Slet nummeret, og send" in page
    assert page.count("010203-1234") == 1  # in the field, where it can be deleted
    assert not Proposal.objects.exists()
    assert write(place, **sent, slet_nummer="1").status_code == 302
    assert Proposal.objects.get().text == f"Jeg er {MASK}, og jeg vil gerne cykle"


@pytest.mark.parametrize("text", ["", "   \n", "\u202e\u200f"])
def test_an_empty_text_is_refused(place, text):
    answer = write(place, kind="comment", text=text)
    assert answer.status_code == 422
    assert "Skriv, hvad du mener, før du sender." in html(answer)
    assert not Proposal.objects.exists()


def test_a_megabyte_is_refused_and_kept_in_the_field(place):
    answer = write(place, kind="comment", text="æ" * 1_000_000)
    assert answer.status_code == 422
    assert "Gør den kortere" in html(answer)
    assert "æ" * 1_000_000 in answer.content.decode()


@pytest.mark.parametrize(("length", "code"), [(4000, 302), (4001, 422)])
def test_the_limit_of_a_text(place, length, code):
    assert write(place, kind="comment", text="a" * length).status_code == code


def test_scripts_and_turned_letters_do_no_harm(place):
    write(place, kind="comment", text="<script>alert(1)</script> \u202eomvendt\x00")
    one = Proposal.objects.get()
    assert one.text == "<script>alert(1)</script> omvendt"
    Proposal.objects.update(state=ProposalState.PUBLISHED)
    assert "<script>alert" not in Client().get(public(place)).content.decode()


@pytest.mark.parametrize("sent", [{"kind": "vote"}, {"goal": "999999"}, {"goal": "x"}, {}])
def test_what_no_field_offers_is_refused_and_the_text_kept(place, sent):
    base = {} if sent == {} else {"kind": "comment"}
    answer = write(place, **{**base, **sent}, text="Min lange tekst")
    assert answer.status_code == 422
    assert "Min lange tekst" in html(answer)
    assert not Proposal.objects.exists()


def test_another_hearings_goal_is_no_choice(place):
    foreign = hearings.draft_goal(place.other_school)
    assert write(place, kind="comment", goal=foreign.pk, text="x").status_code == 422


def test_agreeing_is_counted_once_a_minute_from_an_address(place):
    one = hearings.proposal(place.hearing)
    first, again = write(place, support=one.pk), write(place, support=one.pk)
    assert "sendt=support" in first.url
    assert "sendt=again" in again.url
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert "sendt=support" in write(place, elsewhere, support=one.pk).url
    one.refresh_from_db()
    assert one.support == 2


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_agreeing_with_nothing(place, key):
    assert write(place, support=key).status_code == 302


def test_agreeing_with_what_is_not_public(place):
    one = hearings.proposal(place.hearing, state=ProposalState.WAITING)
    answer = write(place, support=one.pk)
    one.refresh_from_db()
    assert one.support == 0
    assert "sendt" not in answer.url


def test_ranked_without_script(place):
    answer = write(place, rank="1", **{f"plads-{place.goals[0].pk}": 2, f"plads-{place.goals[1].pk}": 1})
    assert "sendt=rank" in answer.url
    assert Ranking.objects.get().order == [place.goals[1].pk, place.goals[0].pk]


@pytest.mark.parametrize("places", [("1", "1"), ("", ""), ("3", "1"), ("x", "1")])
def test_a_ranking_that_is_none_stays_on_the_page(place, places):
    sent = {f"plads-{goal.pk}": value for goal, value in zip(place.goals, places, strict=True)}
    answer = write(place, rank="1", **sent)
    assert answer.status_code == 422
    assert not Ranking.objects.exists()
    if places == ("1", "1"):
        assert answer.content.decode().count('<option value="1" selected>') == 2


@pytest.mark.parametrize("days", [8, 9])
def test_after_the_last_day_nothing_is_sent_and_nothing_lost(place, days):
    Hearing.objects.update(closes_on=place.today - ONE, opens_on=place.today - 9 * ONE)
    answer = write(place, kind="comment", text="Kom for sent med denne")
    assert answer.status_code == 409
    assert "Høringen er lukket, og teksten er ikke sendt." in html(answer)
    assert "Kom for sent med denne" in html(answer)
    assert not Proposal.objects.exists()
    page = html(Client().get(public(place)))
    assert "Send teksten" not in page
    assert "Svaret kommer senest" in page


def test_on_the_last_day_it_is_open(place):
    Hearing.objects.update(closes_on=place.today)
    assert write(place, kind="comment", text="Lige i tide").status_code == 302


def test_many_posts_from_one_address_wait_and_lose_nothing(place):
    codes = [write(place, kind="comment", text=f"Tekst {n}").status_code for n in range(limits.BURST + 3)]
    assert codes[0] == 302
    assert codes[-1] == 429
    answer = write(place, kind="comment", text="Den ærlige nabo")
    assert answer.status_code == 429
    assert "Den ærlige nabo" in html(answer)
    assert "Vent" in html(answer)
    assert 'name="_vent"' in answer.content.decode()
    assert write(place, Client(REMOTE_ADDR="192.0.2.9"), kind="comment", text="En anden").status_code == 302


def test_get_of_the_write_address_goes_to_the_hearing(place):
    answer = Client().get(reverse("citizens:public_hearing_write", args=[place.hearing.pk]))
    assert answer.url == public(place)


def test_under_its_own_prefix_links_stay_there(place):
    factories.municipality()
    prefix = f"/m/{place.authority.code}/aabne-maal/hoeringer/"
    page = Client().get(f"{prefix}{place.hearing.pk}/").content.decode()
    assert f'action="{prefix}{place.hearing.pk}/skriv/' in page
    other = Hearing.objects.exclude(authority=place.authority)
    assert not other.exists()
    assert Client().get(f"/m/0000/aabne-maal/hoeringer/{place.hearing.pk}/").status_code == 404


def test_another_authoritys_prefix_does_not_show_it(place):
    other = factories.municipality()
    hearings.open_portal(other.authority)
    url = f"/m/{other.authority.code}/aabne-maal/hoeringer/{place.hearing.pk}/"
    assert Client().get(url).status_code == 404
    assert Client().post(f"{url}skriv/", {"kind": "comment", "text": "x"}).status_code == 404


def test_the_list_says_what_is_open_and_what_was_answered(place):
    hearings.hearing(place.school, title="Venter på svar", state="closed", today=place.today)
    hearings.hearing(place.school, title="Er besvaret", state="answered", today=place.today)
    page = html(Client().get(reverse("citizens:public_hearing_list")))
    at = [page.index(word) for word in (place.hearing.title, "Venter på svar", "Er besvaret")]
    assert at == sorted(at)
    Hearing.objects.all().delete()
    assert "Der er ingen åbne høringer lige nu." in html(Client().get(reverse("citizens:public_hearing_list")))


@pytest.mark.parametrize("url", ["citizens:public_hearing", "citizens:hearing_detail", "citizens:proposal_list"])
def test_many_texts_ask_the_same_as_few(place, sign_in, url):
    client = sign_in(place.manager)
    path = reverse(url, args=[place.hearing.pk])

    def fill(n):
        for _ in range(n):
            theme = hearings.theme(place.hearing, f"Tema {Proposal.objects.count()}")
            for state in (ProposalState.PUBLISHED, ProposalState.WAITING):
                hearings.proposal(place.hearing, theme=theme, goal=place.goals[0], state=state)

    def count() -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    fill(2)
    few = count()
    fill(60)
    assert count() == few <= 16
