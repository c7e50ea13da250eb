"""The personal calendar: its secret address, what is in it, and what never is."""

import re
from datetime import date, time, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from followup.actions.calendar_feeds import TOKEN_BYTES, hash_of, make_feed, revoke_feed
from followup.actions.plans import plan_ahead
from followup.actions.rounds import open_round
from followup.kinds import EventKind
from followup.models import Action, CalendarFeed, Round, YearEvent
from goals.models import Decision
from organisation.models import Membership
from organisation.permissions import Role
from tests import factories
from tests.followup.flow import html

pytestmark = pytest.mark.usefixtures("clock")
NOW = factories.NOW


@pytest.fixture
def owed_year(town):
    """The school owes the committee's open round a number; three more rounds are planned."""
    factories.series(factories.indicator(town.authority), town.school, factories.goal(town.committee))
    factories.plan(town.committee, meeting_time=time(16), meeting_place="Mødelokale 2")
    plan_ahead(town.authority, now=NOW)
    town.round = town.committee.rounds.get(period="2026K2")
    open_round(town.round, by=town.consultant, now=NOW)
    return town


def feed(person) -> dict[str, dict[str, object]]:
    """The person's calendar as a calendar reads it: uid -> day, title and the rest."""
    answer = Client().get(f"/kalender/{make_feed(person, now=NOW)}.ics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    return {
        str(event["uid"]): {
            "day": event.decoded("dtstart"),
            "end": event.decoded("dtend"),
            "title": str(event["summary"]),
            "place": str(event.get("location", "")),
            "url": str(event["url"]),
        }
        for event in Calendar.from_ical(answer.content).walk("VEVENT")
    }


def titles(person) -> list[str]:
    return [event["title"] for event in feed(person).values()]


def test_a_leader_sees_the_own_units_deadlines(owed_year):
    found = feed(owed_year.manager)
    first = found[f"frist-{owed_year.round.pk}-{owed_year.school.pk}@maalstyring"]
    assert first["title"] == "Frist: Bakkeskolen indberetter for 2.\u00a0kvartal\u00a02026"
    assert first["day"] == date(2026, 8, 15)
    assert first["end"] == date(2026, 8, 16)  # the whole day
    assert first["url"] == f"http://testserver/indberetning/{owed_year.round.pk}/{owed_year.school.pk}/"
    assert len(found) == 5


def test_a_department_has_its_own_later_deadline(owed_year):
    days = {event["day"] for event in feed(owed_year.head).values()}
    assert date(2026, 11, 17) in days  # the department's for 3rd quarter, three days after the units'


def test_a_unit_that_is_not_ones_own_is_not_there(owed_year):
    assert not any("Bakkeskolen" in title for title in titles(owed_year.other_manager))
    assert titles(owed_year.reader) == []


def test_what_is_sent_is_no_deadline_any_more(owed_year):
    owed_year.round.submissions.update(state="submitted")
    assert len(feed(owed_year.manager)) == 4


def test_a_member_sees_the_bodys_meetings(owed_year):
    YearEvent.objects.create(
        authority=owed_year.authority, body=owed_year.committee, kind=EventKind.MEETING, day=date(2026, 10, 7)
    )
    YearEvent.objects.create(
        authority=owed_year.authority, body=owed_year.other_committee, kind=EventKind.MEETING, day=date(2026, 10, 7)
    )
    found = feed(owed_year.politician)
    meeting = found[f"moede-{owed_year.round.pk}@maalstyring"]
    assert meeting["title"] == "Møde i Børne- og Skoleudvalget: opfølgning på 2.\u00a0kvartal\u00a02026"
    assert (meeting["day"], meeting["place"]) == (date(2026, 9, 2), "Mødelokale 2")
    assert "Møde i Børne- og Skoleudvalget" in [event["title"] for event in found.values()]
    assert not any("Socialudvalget" in event["title"] for event in found.values())


def test_a_moved_meeting_keeps_its_identity(owed_year):
    before = set(feed(owed_year.politician))
    Round.objects.filter(pk=owed_year.round.pk).update(meeting_date=date(2026, 9, 9))
    after = feed(owed_year.politician)
    assert set(after) == before
    assert after[f"moede-{owed_year.round.pk}@maalstyring"]["day"] == date(2026, 9, 9)


def action(town, **fields) -> Action:
    defaults = {"what": "Ring hjem samme dag", "owner": town.manager, "due_date": date(2026, 9, 15)}
    return Action.objects.create(
        authority=town.authority, unit=town.school, created_by=town.manager, created_at=NOW, **{**defaults, **fields}
    )


def test_own_open_actions_are_there(owed_year):
    mine = action(owed_year)
    action(owed_year, what="En andens", owner=owed_year.head)
    action(owed_year, what="Færdig", state="done", worked="yes", ended_at=NOW)
    found = feed(owed_year.manager)
    assert found[f"handling-{mine.pk}@maalstyring"]["title"] == "Handling: Ring hjem samme dag"
    assert not any("andens" in event["title"] or "Færdig" in event["title"] for event in found.values())


def test_what_is_treated_behind_closed_doors_is_never_there(owed_year):
    closed = factories.decision(
        owed_year.committee, is_closed=True, closed_reason="En bestemt person", public_title="Personalesag",
        title="Om rektor", kind="approved",
    )  # fmt: skip
    assert isinstance(closed, Decision)
    action(owed_year, what="Tal med rektor", decision=closed)
    answer = Client().get(f"/kalender/{make_feed(owed_year.manager, now=NOW)}.ics").content.decode()
    assert "rektor" not in answer
    assert "Personalesag" not in answer


# ---- the address -----------------------------------------------------------------------------------------------------


def test_only_the_hash_is_kept_and_it_cannot_be_guessed(town):
    token = make_feed(town.manager, now=NOW)
    stored = CalendarFeed.objects.get()
    assert stored.token_hash == hash_of(token)
    assert token not in str(stored.__dict__)
    assert TOKEN_BYTES * 8 >= 128
    assert make_feed(town.manager, now=NOW) != token


@pytest.mark.parametrize("token", ["hest", "A" * 32, "-" * 32])
def test_an_unknown_address_opens_nothing(town, token):
    make_feed(town.manager, now=NOW)
    assert Client().get(f"/kalender/{token}.ics").status_code == 404


def test_the_hash_is_no_address(town):
    make_feed(town.manager, now=NOW)
    assert Client().get(f"/kalender/{CalendarFeed.objects.get().token_hash}.ics").status_code == 404


def test_a_revoked_address_opens_nothing(town):
    token = make_feed(town.manager, now=NOW)
    revoke_feed(town.manager, now=NOW)
    assert Client().get(f"/kalender/{token}.ics").status_code == 404


def test_a_new_address_ends_the_old(town):
    old = make_feed(town.manager, now=NOW)
    new = make_feed(town.manager, now=NOW)
    assert Client().get(f"/kalender/{old}.ics").status_code == 404
    assert Client().get(f"/kalender/{new}.ics").status_code == 200


def test_who_is_shut_out_loses_the_calendar(town):
    token = make_feed(town.manager, now=NOW)
    town.manager.is_active = False
    town.manager.save()
    assert Client().get(f"/kalender/{token}.ics").status_code == 404


def test_a_role_that_ended_shows_nothing_more(owed_year):
    Membership.objects.filter(user=owed_year.manager).update(last_day=factories.TODAY - timedelta(days=1))
    assert titles(owed_year.manager) == []


def test_the_address_is_shown_once_and_revoked_on_the_page(owed_year, sign_in):
    client = sign_in(owed_year.manager)
    assert "/opfoelgning/kalender/" in html(client.get("/konto/"))
    page = html(client.post("/opfoelgning/kalender/ny/"))
    address = re.search(r"http://testserver(/kalender/[\w-]+\.ics)", page)[1]
    assert Client().get(address).status_code == 200
    assert address not in html(client.get("/opfoelgning/kalender/"))
    assert "Adressen er lukket" in html(client.post("/opfoelgning/kalender/luk/", follow=True))
    assert Client().get(address).status_code == 404


def test_a_person_of_two_authorities_has_both(owed_year):
    other = factories.municipality()
    Membership.objects.create(user=owed_year.manager, unit=other.committee, role=Role.POLITICIAN,
                              first_day=factories.LONG_AGO)  # fmt: skip
    factories.round_(other.committee, "2026K3")
    assert any(title.startswith("Møde i ") for title in titles(owed_year.manager))
