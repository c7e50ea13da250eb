"""The account page, the data file, changing authority, and asking for access."""

import csv
import io

from django.urls import reverse
from django.utils import timezone

from organisation.actions.access import request_access
from organisation.models import AccessRequest, HistoryEntry, Membership
from organisation.permissions import Role
from tests import factories


def test_everybody_with_a_role_sees_the_account(town, sign_in, client):
    url = reverse("organisation:account")
    assert client.get(url).status_code == 302
    assert sign_in(factories.user()).get(url).status_code == 403
    answer = sign_in(town.reader).get(url)
    assert answer.status_code == 200
    assert "Læser" in answer.text
    assert "Bakkeskolen" in answer.text
    assert "01-01-2020" in answer.text
    assert "Skift myndighed" not in answer.text


def test_switch_authority(town, sign_in):
    other = factories.municipality()
    Membership.objects.create(user=town.reader, unit=other.school, role=Role.READER, first_day=factories.LONG_AGO)
    client = sign_in(town.reader)
    assert "Skift myndighed" in client.get(reverse("organisation:account")).text
    url = reverse("organisation:authority_switch")
    answer = client.post(url, {"authority": other.authority.pk}, follow=True)
    assert answer.context["authority"] == other.authority
    assert client.get(url).status_code == 405


def test_no_switch_to_where_one_has_no_role_today(town, sign_in):
    other = factories.municipality()
    Membership.objects.create(
        user=town.reader,
        unit=other.school,
        role=Role.READER,
        first_day=factories.LONG_AGO,
        last_day=factories.LONG_AGO,
    )
    client = sign_in(town.reader)
    answer = client.post(reverse("organisation:authority_switch"), {"authority": other.authority.pk}, follow=True)
    assert answer.context["authority"] == town.authority
    assert "Du har ingen rolle dér." in answer.text


def test_a_setup_page_shows_only_the_chosen_authority(town, sign_in):
    other = factories.municipality()
    Membership.objects.create(
        user=town.consultant, unit=other.council, role=Role.GOAL_CONSULTANT, first_day=factories.LONG_AGO
    )
    client, url = sign_in(town.consultant), reverse("organisation:unit_edit", args=[other.school.pk])
    assert client.get(url).status_code == 404
    client.post(reverse("organisation:authority_switch"), {"authority": other.authority.pk})
    assert client.get(url).status_code == 200


def test_the_data_file_holds_what_is_stored_about_me(town, sign_in):
    person = factories.user(Role.MANAGER, town.school, title="=1+1")
    request_access(person, town.committee, now=factories.NOW)
    answer = sign_in(person).get(reverse("organisation:account_data"))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == ["Emne", "Hvornår", "Hvad", "Værdi"]
    assert ["Person", "", "Brugernavn", person.username] in rows
    assert ["Person", "", "Stilling", "'=1+1"] in rows
    assert any(row[0] == "Rolle" and "leder, Bakkeskolen" in row[2] for row in rows)
    assert any(row[0] == "Anmodning om adgang" and row[3] == "09-09-2026" for row in rows)
    assert any(row[0] == "Det, du har gjort" and "access_requested" in row[2] for row in rows)
    assert town.reader.email not in text


def test_access_is_open_for_thirty_days_and_logged(town):
    asked = request_access(town.politician, town.other_committee, now=factories.NOW)
    assert f"{asked.last_day}" == "2026-09-09"
    assert request_access(town.politician, town.other_committee, now=factories.NOW) == asked
    entry = HistoryEntry.objects.about(asked).get()
    assert (entry.by, entry.changes["body"]) == (town.politician, [None, "Socialudvalget"])
    assert list(AccessRequest.objects.open(asked.last_day)) == [asked]
    assert not AccessRequest.objects.open(asked.last_day.replace(day=10)).exists()


def test_asking_for_access(town, sign_in, client):
    url = reverse("organisation:access_request", args=[town.other_committee.pk])
    assert client.post(url).status_code == 302
    assert sign_in(town.reader).post(url).status_code == 403
    member = sign_in(town.politician)
    assert member.get(url).status_code == 405
    assert member.post(url, {"next": f"/udvalg/{town.other_committee.pk}/"}).headers["Location"].startswith("/udvalg/")
    assert AccessRequest.objects.open(timezone.localdate()).count() == 1
    assert member.post(url, {"next": "https://example.com/"}).headers["Location"] == "/"
    stranger = factories.municipality().politician
    assert sign_in(stranger).post(url).status_code == 404
    school = reverse("organisation:access_request", args=[town.school.pk])
    assert member.post(school).status_code == 404


def test_one_link_for_a_forgotten_password_and_none_between_name_and_password(client, db):
    page = client.get(reverse("account_login")).text
    assert page.count(reverse("account_reset_password")) == 1
    assert page.index('name="login"') < page.index('name="password"') < page.index(reverse("account_reset_password"))
