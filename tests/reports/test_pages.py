"""Who may read a report, and what the pages say."""

from datetime import date, timedelta

import pytest

from followup.models import RoundState
from organisation.models import AccessRequest
from organisation.permissions import Role
from tests import factories


@pytest.fixture
def hidden(reported, monkeypatch):
    """The round before it is ready for the meeting, seen on the day of the test's clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.NOW)
    reported.round.state = RoundState.IN_APPROVAL
    reported.round.save()
    return reported


def pages(round_):
    files = ("", "pdf/", "xlsx/", "csv/", "docx/", "diagram/graf-1-1.svg")
    return [f"/rapporter/{round_.pk}/{path}" for path in files]


def test_strangers_are_sent_to_sign_in(reported, client):
    for page in ["/rapporter/", *pages(reported.round)]:
        assert client.get(page).status_code == 302


def test_another_authoritys_report_does_not_exist(reported, sign_in):
    other = factories.municipality()
    for page in pages(reported.round):
        assert sign_in(other.consultant).get(page).status_code == 404


def test_ready_report_is_open_to_everybody_in_the_authority(reported, sign_in):
    for person in (reported.town.politician, reported.town.reader, reported.town.professional):
        assert sign_in(person).get(f"/rapporter/{reported.round.pk}/").status_code == 200


def test_report_is_open_after_the_meeting_whatever_the_state(hidden, sign_in, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.NOW + timedelta(days=30))
    assert sign_in(hidden.town.reader).get(f"/rapporter/{hidden.round.pk}/").status_code == 200


def test_before_it_is_ready_only_the_bodys_own_people_read_it(hidden, sign_in):
    town = hidden.town
    for person, status in [
        (town.politician, 200),
        (town.consultant, 200),
        (town.director, 200),
        (town.administrator, 200),
        (town.reader, 403),
        (town.manager, 403),
        (town.professional, 403),
    ]:
        assert sign_in(person).get(f"/rapporter/{hidden.round.pk}/").status_code == status


def test_other_committees_politician_is_offered_to_ask_and_then_reads(hidden, sign_in):
    other = factories.user(Role.POLITICIAN, hidden.town.other_committee)
    client = sign_in(other)
    for page in pages(hidden.round):
        refused = client.get(page)
        assert refused.status_code == 403
        assert "Medlemmer af andre udvalg kan bede om adgang" in refused.content.decode()
        assert "Trivsel" not in refused.content.decode()
    AccessRequest.objects.create(
        user=other, body=hidden.town.committee, asked_at=factories.NOW, last_day=date(2026, 9, 9)
    )
    assert client.get(pages(hidden.round)[0]).status_code == 200


def test_an_access_request_that_has_run_out_opens_nothing(hidden, sign_in):
    other = factories.user(Role.POLITICIAN, hidden.town.other_committee)
    AccessRequest.objects.create(
        user=other, body=hidden.town.committee, asked_at=factories.NOW, last_day=factories.TODAY - timedelta(days=1)
    )
    assert sign_in(other).get(pages(hidden.round)[0]).status_code == 403


def test_a_reader_is_not_offered_to_ask(hidden, sign_in):
    refused = sign_in(hidden.town.reader).get(pages(hidden.round)[0])
    assert "bede om adgang" not in refused.content.decode()
    assert "Når den er klar, kan alle i myndigheden læse den" in refused.content.decode()


def test_page_shows_every_goal_with_its_reason(reported, sign_in):
    page = sign_in(reported.town.reader).get(f"/rapporter/{reported.round.pk}/").content.decode()
    for goal in (reported.better, reported.worse, reported.same, reported.missing, reported.bare):
        assert f'<h2 data-bookmark="{goal.rank}. {goal.short_name}">{goal.title}</h2>' in page
    assert "Læsningen er gået tilbage." in page
    assert page.count("<h1") == 1
    assert 'style="' not in page


def test_list_shows_which_reports_are_ready(hidden, sign_in):
    page = sign_in(hidden.town.reader).get("/rapporter/").content.decode()
    assert f'href="/rapporter/{hidden.previous.pk}/pdf/"' in page
    assert f'href="/rapporter/{hidden.round.pk}/pdf/"' not in page


def test_list_runs_the_same_number_of_queries_for_many(town, sign_in, django_assert_num_queries):
    client = sign_in(town.reader)
    for year in (2020, 2021):
        factories.round_(town.committee, str(year), state="closed")
    with django_assert_num_queries(9):
        client.get("/rapporter/")
    for year in range(1960, 2012):
        factories.round_(town.committee, str(year), state="closed")
    with django_assert_num_queries(9):
        page = client.get("/rapporter/").content.decode()
    assert page.count("Opfølgning på") == 50
    assert "Side 1 af 2" in page


def test_rounds_that_are_only_planned_have_no_report_yet(town, sign_in):
    factories.round_(town.committee)
    assert "Der er ingen rapporter endnu" in sign_in(town.reader).get("/rapporter/").content.decode()


def test_empty_list_says_so(town, sign_in):
    assert "Der er ingen rapporter endnu" in sign_in(town.reader).get("/rapporter/").content.decode()


def test_body_without_goals_has_a_report(town, sign_in):
    round_ = factories.round_(town.other_committee, state=RoundState.READY)
    client = sign_in(town.reader)
    assert "Der er ingen mål at følge op på" in client.get(f"/rapporter/{round_.pk}/").content.decode()
    assert client.get(f"/rapporter/{round_.pk}/pdf/").status_code == 200
