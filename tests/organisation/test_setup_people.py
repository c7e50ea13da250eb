"""The setup pages of people and roles: who may, what is stored, and what is refused."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisation.actions import people
from organisation.actions.people import PersonRefused
from organisation.models import HistoryEntry, Membership, User
from organisation.permissions import Role
from tests import factories


def role_of(person) -> Membership:
    return Membership.objects.get(user=person)


def person_data(person, **changes):
    fields = ("first_name", "last_name", "title", "email", "username")
    return {**{field: getattr(person, field) for field in fields}, **changes}


def new_person(town, **changes):
    data = {
        "first_name": "Asta",
        "last_name": "Åkjær",
        "title": "Skoleleder",
        "email": "asta@example.dk",
        "username": "asta",
        "role": "manager",
        "unit": town.school.pk,
        "first_day": "2026-08-01",
        "last_day": "",
    }
    return {**data, **changes}


@pytest.fixture
def local(town):
    """An administrator of one directorate only."""
    return factories.user(Role.ADMINISTRATOR, town.directorate)


def test_pages_by_person(town, sign_in, client):
    pages = [
        reverse("organisation:person_list"),
        reverse("organisation:person_create"),
        reverse("organisation:person_edit", args=[town.manager.pk]),
        reverse("organisation:membership_add", args=[town.manager.pk]),
        reverse("organisation:membership_end", args=[role_of(town.manager).pk]),
    ]
    stranger = factories.user(Role.GOAL_CONSULTANT, factories.municipality().council)
    neighbour = factories.user(Role.ADMINISTRATOR, town.other_school)
    for url in pages:
        assert client.get(url).status_code == 302
        assert sign_in(town.reader).get(url).status_code == 403
        assert sign_in(town.consultant).get(url).status_code == 200
        assert sign_in(town.administrator).get(url).status_code == 200
    for url in pages[2:]:
        assert sign_in(stranger).get(url).status_code == 404
        assert sign_in(neighbour).get(url).status_code == 403


def test_the_list_shows_people_within_reach_with_their_roles(town, sign_in):
    neighbour = factories.user(Role.ADMINISTRATOR, town.other_school)
    text = sign_in(neighbour).get(reverse("organisation:person_list")).text
    assert town.other_manager.username in text
    assert "leder, Elmeskolen" in text
    assert town.manager.username not in text


def test_search_takes_every_word(town, sign_in):
    factories.user(Role.READER, town.school, first_name="Sørine", last_name="Østergård")
    client, url = sign_in(town.consultant), reverse("organisation:person_list")
    assert "Sørine Østergård" in client.get(url, {"q": "sør øster"}).text
    assert "Ingen resultater" in client.get(url, {"q": "sør vester"}).text


def test_the_list_takes_as_many_queries_for_many_people(town, sign_in, django_assert_num_queries):
    client, url = sign_in(town.consultant), reverse("organisation:person_list")
    with django_assert_num_queries(7):
        client.get(url)
    for _n in range(55):
        factories.user(Role.READER, town.school)
    with django_assert_num_queries(7):
        assert "Side 1 af 2" in client.get(url).text


def test_create_a_person_with_a_role(town, sign_in):
    sign_in(town.consultant).post(reverse("organisation:person_create"), new_person(town))
    asta = User.objects.get(username="asta")
    assert not asta.has_usable_password()
    role = role_of(asta)
    assert (role.role, role.unit, role.first_day, role.last_day) == ("manager", town.school, date(2026, 8, 1), None)
    assert {entry.verb for entry in HistoryEntry.objects.about(asta)} == {"created", "role_given"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "PERSON1"),
        ("email", "P1@EXAMPLE.DK"),
        ("first_name", ""),
        ("role", "king"),
        ("last_day", "2026-07-31"),
    ],
)
def test_what_a_new_person_cannot_have(town, sign_in, field, value):
    factories.user(Role.READER, town.school, username="person1", email="p1@example.dk")
    data = new_person(town, **{field: value})
    answer = sign_in(town.consultant).post(reverse("organisation:person_create"), data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not User.objects.filter(username="asta").exists()


def test_no_role_beyond_ones_reach(town, sign_in, local):
    for url in (
        reverse("organisation:person_create"),
        reverse("organisation:membership_add", args=[town.manager.pk]),
    ):
        answer = sign_in(local).post(url, new_person(town, unit=town.board.pk))
        assert answer.status_code == 422
        assert "unit" in answer.context["form"].errors


def test_change_a_person(town, sign_in):
    url = reverse("organisation:person_edit", args=[town.manager.pk])
    assert sign_in(town.consultant).post(url, person_data(town.manager, title="Rektor")).status_code == 302
    town.manager.refresh_from_db()
    assert town.manager.title == "Rektor"
    assert HistoryEntry.objects.about(town.manager).get().changes == {"title": ["", "Rektor"]}


def test_somebody_with_roles_beyond_reach_is_not_ones_own_to_change(town, sign_in, local):
    """Else a local administrator could take over the goal consultant's account by giving it a role below."""
    Membership.objects.create(user=town.consultant, unit=town.school, role=Role.READER, first_day=factories.LONG_AGO)
    client, pk = sign_in(local), town.consultant.pk
    page = client.get(reverse("organisation:person_edit", args=[pk]))
    assert page.status_code == 200
    assert "Lav link" not in page.text
    assert client.post(reverse("organisation:person_edit", args=[pk]), person_data(town.consultant)).status_code == 403
    for name in ("person_password", "person_activity"):
        assert client.post(reverse(f"organisation:{name}", args=[pk])).status_code == 403
    # A role below may still be ended and given.
    data = {"role": "manager", "unit": town.school.pk, "first_day": "2026-08-01", "last_day": ""}
    assert client.post(reverse("organisation:membership_add", args=[pk]), data).status_code == 302


def test_the_same_role_twice_is_refused(town, sign_in):
    url = reverse("organisation:membership_add", args=[town.manager.pk])
    data = {"role": "manager", "unit": town.school.pk, "first_day": "2026-08-01", "last_day": ""}
    answer = sign_in(town.consultant).post(url, data)
    assert answer.status_code == 422
    assert "01-01-2020" in answer.context["form"].errors["role"][0]


def test_a_role_is_ended_and_stays(town, sign_in):
    role = role_of(town.manager)
    url = reverse("organisation:membership_end", args=[role.pk])
    assert sign_in(town.consultant).post(url, {"last_day": "2019-01-01"}).status_code == 422
    assert sign_in(town.consultant).post(url, {"last_day": "2026-01-31"}).status_code == 302
    role.refresh_from_db()
    assert role.last_day == date(2026, 1, 31)
    assert HistoryEntry.objects.about(town.manager).get().verb == "role_ended"


def test_a_role_does_not_grow_into_the_next(town):
    now, role = factories.NOW, role_of(town.manager)
    people.end_role(role, date(2026, 6, 30), by=town.consultant, now=now)
    people.give_role(town.manager, town.school, Role.MANAGER, first_day=date(2026, 9, 1), by=town.consultant, now=now)
    with pytest.raises(PersonRefused, match="role_overlaps"):
        people.end_role(role, date(2026, 9, 1), by=town.consultant, now=now)
    assert people.end_role(role, date(2026, 8, 31), by=town.consultant, now=now)


def test_the_last_manager_of_people_stays(town, sign_in):
    client = sign_in(town.consultant)
    last_day = {"last_day": timezone.localdate().isoformat()}
    end_other = reverse("organisation:membership_end", args=[role_of(town.administrator).pk])
    assert client.post(end_other, last_day).status_code == 302
    answer = client.post(reverse("organisation:membership_end", args=[role_of(town.consultant).pk]), last_day)
    assert answer.status_code == 422
    assert "ingen længere styre enheder og personer i Byrådet" in answer.context["form"].errors["last_day"][0]


def test_a_successor_frees_the_last_manager(town):
    now, last_day = factories.NOW, date(2026, 8, 31)
    people.end_role(role_of(town.administrator), last_day, by=town.consultant, now=now)
    with pytest.raises(PersonRefused, match="last_manager"):
        people.end_role(role_of(town.consultant), last_day, by=town.consultant, now=now)
    starts = last_day + timedelta(days=1)
    people.give_role(town.manager, town.council, Role.GOAL_CONSULTANT, first_day=starts, by=town.consultant, now=now)
    assert people.end_role(role_of(town.consultant), last_day, by=town.consultant, now=now)


def test_somebody_below_is_no_successor(town):
    factories.user(Role.ADMINISTRATOR, town.directorate)
    people.deactivate_person(town.administrator, authority=town.authority, by=town.consultant, now=factories.NOW)
    with pytest.raises(PersonRefused, match="last_manager"):
        people.deactivate_person(town.consultant, authority=town.authority, by=town.consultant, now=factories.NOW)
    town.consultant.refresh_from_db()
    assert town.consultant.is_active


def test_two_roles_of_one_person_are_one_manager(town):
    people.deactivate_person(town.administrator, authority=town.authority, by=town.consultant, now=factories.NOW)
    Membership.objects.create(
        user=town.consultant, unit=town.council, role=Role.ADMINISTRATOR, first_day=factories.LONG_AGO
    )
    with pytest.raises(PersonRefused, match="last_manager"):
        people.deactivate_person(town.consultant, authority=town.authority, by=town.consultant, now=factories.NOW)


def test_shut_out_and_let_in(town, sign_in):
    url = reverse("organisation:person_activity", args=[town.manager.pk])
    signed_in, client = sign_in(town.manager), sign_in(town.consultant)
    assert signed_in.get(reverse("organisation:account")).status_code == 200
    client.post(url, {"aktiv": "0"})
    assert signed_in.get(reverse("organisation:account")).status_code == 302
    client.post(url, {"aktiv": "1"})
    assert signed_in.get(reverse("organisation:account")).status_code == 200
    assert client.get(url).status_code == 405


def test_the_last_manager_is_not_shut_out(town, sign_in):
    sign_in(town.consultant).post(reverse("organisation:person_activity", args=[town.administrator.pk]), {"aktiv": "0"})
    url = reverse("organisation:person_activity", args=[town.consultant.pk])
    answer = sign_in(town.consultant).post(url, {"aktiv": "0"}, follow=True)
    assert "kan ingen længere styre" in answer.text


def test_a_link_lets_the_person_choose_a_password(town, sign_in):
    answer = sign_in(town.consultant).post(reverse("organisation:person_password", args=[town.manager.pk]))
    assert "no-store" in answer.headers["Cache-Control"]
    assert HistoryEntry.objects.about(town.manager).get().verb == "password_link"
    link = answer.context["link"]
    assert link in answer.text
    newcomer = Client()
    form = newcomer.get(link, follow=True)
    path = form.redirect_chain[-1][0]
    newcomer.post(path, {"password1": "et langt hemmeligt ord", "password2": "et langt hemmeligt ord"})
    town.manager.refresh_from_db()
    assert town.manager.check_password("et langt hemmeligt ord")
    assert "for gammelt" in Client().get(link, follow=True).text


def test_nobody_shut_out_gets_a_link(town, sign_in):
    people.deactivate_person(town.manager, authority=town.authority, by=town.consultant, now=factories.NOW)
    answer = sign_in(town.consultant).post(reverse("organisation:person_password", args=[town.manager.pk]))
    assert answer.status_code == 302


def test_the_former_mail_opens_nothing(town, sign_in):
    client, pk = sign_in(town.consultant), town.manager.pk
    client.post(reverse("organisation:person_password", args=[pk]))
    assert town.manager.emailaddress_set.exists()
    client.post(reverse("organisation:person_edit", args=[pk]), person_data(town.manager, email="ny@example.dk"))
    assert not town.manager.emailaddress_set.exists()
