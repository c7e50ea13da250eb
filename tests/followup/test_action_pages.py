"""The register of actions, and starting, changing and ending one in a browser."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.kinds import ActionState
from followup.models import Action
from organisation.models import HistoryEntry
from organisation.permissions import Role
from tests import factories
from tests.followup.flow import html

TODAY = factories.TODAY


@pytest.fixture
def place(town, clock):
    town.goal = factories.goal(town.school, title="Færre er væk", short_name="Fravær")
    town.series = factories.series(factories.indicator(town.authority, name="Fravær i pct."), town.school, town.goal)
    return town


def page(sign_in, person, address: str = "") -> str:
    return html(sign_in(person).get(f"/handlinger/{address}"))


# ---- the register ----------------------------------------------------------------------------------------------------


@pytest.fixture
def register(place):
    """Four actions: mine, another's that is late, one that is done, and one of another school's."""
    place.mine = factories.action(place.school, place.manager, what="Ring hjem", goal=place.goal)
    late = TODAY - timedelta(days=1)
    place.late = factories.action(
        place.school, place.head, what="Skriv til forældre", due_date=late, series=place.series
    )
    place.done = factories.action(
        place.school, place.head, what="Hold møde", state=ActionState.DONE, worked="no", ended_at=factories.NOW
    )
    place.other = factories.action(place.other_school, place.other_manager, what="Byg skur")
    return place


def test_ones_own_come_first(register, sign_in):
    text = page(sign_in, register.manager)
    assert text.index("Mine handlinger") < text.index("Ring hjem") < text.index("Alle handlinger")
    assert "Mine handlinger" not in page(sign_in, register.director)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Ring hjem", "Skriv til forældre", "Byg skur"}),
        ("?tilstand=forsinket", {"Skriv til forældre"}),
        ("?tilstand=done", {"Hold møde"}),
        ("?tilstand=alle", {"Ring hjem", "Skriv til forældre", "Hold møde", "Byg skur"}),
        ("?q=forældre", {"Skriv til forældre"}),
        ("?enhed={other_school}", {"Byg skur"}),
        ("?ejer={head}", {"Skriv til forældre"}),
        ("?udvalg={committee}", {"Ring hjem", "Skriv til forældre", "Byg skur"}),
        ("?udvalg={other_committee}", set()),
        ("?maal={goal}", {"Ring hjem", "Skriv til forældre"}),
        ("?maal=abc&ejer=x", {"Ring hjem", "Skriv til forældre", "Byg skur"}),
    ],
)
def test_the_address_narrows(register, sign_in, query, shown):
    ids = {name: one.pk for name, one in vars(register).items() if hasattr(one, "pk")}
    text = page(sign_in, register.reader, query.format(**ids))
    every = {"Ring hjem", "Skriv til forældre", "Hold møde", "Byg skur"}
    assert {what for what in every if f">{what}</a>" in text} == shown


def test_a_list_of_many_asks_the_same_as_a_list_of_few(register, sign_in):
    client = sign_in(register.manager)

    def count() -> int:
        client.get("/handlinger/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/handlinger/")
        return len(captured)

    few = count()
    for _ in range(60):
        goal = factories.goal(register.school)
        factories.action(register.school, factories.user(Role.MANAGER, register.school), goal=goal)
        factories.action(register.school, register.manager, series=register.series)
    assert count() == few <= 15
    assert "Side 1 af 3" in html(client.get("/handlinger/"))


def test_a_goal_page_fetches_its_few(register, sign_in):
    answer = sign_in(register.reader).get(
        f"/handlinger/?maal={register.goal.pk}&tilstand=alle", headers={"HX-Request": "true"}
    )
    text = html(answer)
    assert "<html" not in text
    assert "Ring hjem" in text
    assert "Skriv til forældre" in text
    assert "Start handling" not in text  # a reader starts none
    assert f"/handlinger/?maal={register.goal.pk}" in html(sign_in(register.reader).get(f"/maal/{register.goal.pk}/"))


def test_another_authoritys_actions_do_not_exist(register, sign_in):
    stranger = factories.municipality()
    assert "Ring hjem" not in page(sign_in, stranger.consultant, "?tilstand=alle")
    assert sign_in(stranger.consultant).get(f"/handlinger/{register.mine.pk}/").status_code == 404


# ---- starting --------------------------------------------------------------------------------------------------------


def new(place, **fields):
    due = (TODAY + timedelta(days=30)).isoformat()
    return {"what": "Ring hjem", "owner": place.manager.pk, "due_date": due, "unit": place.school.pk, **fields}


@pytest.mark.parametrize(("word", "about"), [("maal", "goal"), ("serie", "series")])
def test_started_for_a_goal_or_a_series(place, sign_in, word, about):
    client, address = sign_in(place.manager), f"/handlinger/ny/?{word}={getattr(place, about).pk}"
    form = html(client.get(address))
    assert f'<option value="{place.manager.pk}" selected>' in form
    assert f'<option value="{place.school.pk}" selected>' in form
    assert client.post(address, new(place)).status_code == 302
    one = Action.objects.get()
    assert getattr(one, about) == getattr(place, about)
    assert (one.unit, one.owner, one.created_by) == (place.school, place.manager, place.manager)


def test_started_because_a_body_decided(place, sign_in):
    decision = factories.decision(place.committee)
    sign_in(place.manager).post(f"/handlinger/ny/?beslutning={decision.pk}", new(place))
    one = Action.objects.get()
    assert one.decision == decision
    assert "Beslutning i Børne- og Skoleudvalget" in page(sign_in, place.reader, f"{one.pk}/")


def test_a_closed_decision_is_not_told_to_others(place, sign_in):
    closed = {"is_closed": True, "closed_reason": "Navne", "public_title": "En personsag", "title": "Hemmelig sag"}
    decision = factories.decision(place.committee, **closed)
    assert sign_in(place.manager).get(f"/handlinger/ny/?beslutning={decision.pk}").status_code == 404
    one = factories.action(place.school, place.manager, decision=decision)
    assert "Hemmelig sag" not in page(sign_in, place.manager, f"{one.pk}/")
    assert "Hemmelig sag" in page(sign_in, place.director, f"{one.pk}/")


@pytest.mark.parametrize("word", ["maal", "serie", "beslutning", "moede", "indberetning", "enhed"])
def test_what_is_not_seen_starts_nothing(place, sign_in, word):
    assert sign_in(place.manager).get(f"/handlinger/ny/?{word}=999999").status_code == 404


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"what": ""}, "Dette felt er påkrævet."),
        ({"due_date": (TODAY - timedelta(days=1)).isoformat()}, "Datoen er passeret."),
        ({"owner": "other_manager"}, "har ingen rolle i Bakkeskolen"),
        ({"owner": "reader"}, "gyldig valgmulighed"),
        ({"unit": "other_school"}, "gyldig valgmulighed"),
    ],
)
def test_errors_stand_beside_their_field(place, sign_in, fields, says):
    ids = {key: getattr(getattr(place, str(value), value), "pk", value) for key, value in fields.items()}
    who = place.head if fields.get("owner") == "other_manager" else place.manager
    answer = sign_in(who).post("/handlinger/ny/", new(place, **ids))
    assert answer.status_code == 422
    assert says in html(answer)
    assert not Action.objects.exists()


def test_among_many_people_one_may_search(place, sign_in):
    for n in range(101):
        factories.user(Role.PROFESSIONAL, place.school, first_name=f"Nr{n}")
    assert "Find en person" in page(sign_in, place.manager, "ny/")
    found = page(sign_in, place.manager, "ny/?person=nr77")
    assert "Nr77" in found
    assert "Nr78" not in found


# ---- changing and ending ---------------------------------------------------------------------------------------------


def test_changed_in_a_browser(register, sign_in):
    one, client = register.mine, sign_in(register.manager)
    fields = new(register, what="Ring hjem samme dag", version=1)
    assert client.post(f"/handlinger/{one.pk}/ret/", fields).status_code == 302
    one.refresh_from_db()
    assert one.what == "Ring hjem samme dag"


def test_an_owner_changes_ones_own_without_the_units_leave(register, sign_in):
    one = factories.action(register.other_school, register.professional)
    fields = new(register, owner=register.professional.pk, version=1)
    assert sign_in(register.professional).post(f"/handlinger/{one.pk}/ret/", fields).status_code == 302
    assert sign_in(register.manager).post(f"/handlinger/{one.pk}/ret/", fields).status_code == 403


def test_two_at_once_are_told_apart(register, sign_in):
    one = register.mine
    sign_in(register.head).post(f"/handlinger/{one.pk}/ret/", new(register, what="Deres", version=1))
    answer = sign_in(register.manager).post(f"/handlinger/{one.pk}/ret/", new(register, what="Mit", version=1))
    assert answer.status_code == 422
    assert "Nu står der ”Deres”. Du skrev ”Mit”." in html(answer)
    assert Action.objects.get(pk=one.pk).what == "Deres"


def test_a_late_day_is_moved_with_a_reason(register, sign_in):
    one, client = register.late, sign_in(register.head)
    fields = new(register, owner=register.head.pk, version=1)
    answer = client.post(f"/handlinger/{one.pk}/ret/", fields)
    assert answer.status_code == 422
    assert "Handlingen har været forsinket. Skriv, hvorfor datoen flyttes." in html(answer)
    assert client.post(f"/handlinger/{one.pk}/ret/", fields | {"reason": "Sygdom"}).status_code == 302
    assert HistoryEntry.objects.about(one).first().reason == "Sygdom"
    assert "”Sygdom”" in page(sign_in, register.reader, f"{one.pk}/")


def test_ended_with_whether_it_worked(register, sign_in):
    one, client = register.mine, sign_in(register.manager)
    answer = client.post(f"/handlinger/{one.pk}/afslut/", {"finish": "1", "version": 1, "result": "Lidt bedre"})
    assert answer.status_code == 422  # whether it worked must be said
    fields = {"finish": "1", "worked": "partly", "result": "Lidt bedre", "version": 1}
    assert client.post(f"/handlinger/{one.pk}/afslut/", fields).status_code == 302
    text = page(sign_in, register.reader, f"{one.pk}/")
    assert "Det virkede delvist." in text
    assert "Lidt bedre" in text
    again = client.post(f"/handlinger/{one.pk}/afslut/", fields | {"version": 2}, follow=True)
    assert "Handlingen er afsluttet af en anden." in html(again)


def test_dropped_with_why(register, sign_in):
    one, client = register.mine, sign_in(register.manager)
    assert client.post(f"/handlinger/{one.pk}/afslut/", {"drop": "1", "why": "", "version": 1}).status_code == 422
    client.post(f"/handlinger/{one.pk}/afslut/", {"drop": "1", "why": "Ingen penge", "version": 1})
    assert "Ingen penge" in page(sign_in, register.reader, f"{one.pk}/")
