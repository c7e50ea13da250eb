"""The setup pages of units: who may, what is stored, and what is refused."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organisation.ending import warnings_of_ending
from organisation.models import BodyLink, HistoryEntry, Unit, UnitKind
from organisation.permissions import Role
from tests import factories


def today():
    return timezone.localdate()


def unit_data(unit, **changes):
    data = {
        "name": unit.name,
        "code": unit.code,
        "kind": unit.kind,
        "parent": unit.parent_id or "",
        "position": unit.position,
        "valid_from": unit.valid_from.isoformat(),
        "valid_to": "",
    }
    return {**data, **changes}


@pytest.fixture
def local(town):
    """An administrator of one directorate only."""
    return factories.user(Role.ADMINISTRATOR, town.directorate)


def pages(town):
    link = BodyLink.objects.get(unit=town.directorate)
    return [
        reverse("organisation:setup"),
        reverse("organisation:unit_list"),
        reverse("organisation:unit_create"),
        reverse("organisation:unit_edit", args=[town.school.pk]),
        reverse("organisation:unit_end", args=[town.school.pk]),
        reverse("organisation:body_link_create", args=[town.school.pk]),
        reverse("organisation:body_link_end", args=[link.pk]),
    ]


def test_the_consultant_and_the_administrator_see_every_page(town, sign_in):
    for person in (town.consultant, town.administrator):
        for url in pages(town):
            assert sign_in(person).get(url).status_code == 200, url


def test_others_are_turned_away(town, sign_in, client):
    for url in pages(town):
        assert client.get(url).status_code == 302
        for person in (town.reader, town.manager, town.director, town.politician):
            assert sign_in(person).get(url).status_code == 403, url


def test_a_fragment_asked_for_when_signed_out_says_so(town, client):
    answer = client.get(reverse("organisation:unit_list"), headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "Du er logget ud" in answer.text
    assert 'target="_blank"' in answer.text


def test_the_same_role_elsewhere_reaches_nothing(town, sign_in):
    stranger = factories.user(Role.ADMINISTRATOR, factories.municipality().council)
    neighbour = factories.user(Role.ADMINISTRATOR, town.other_school)
    url = reverse("organisation:unit_edit", args=[town.school.pk])
    assert sign_in(stranger).get(url).status_code == 404
    assert sign_in(neighbour).get(url).status_code == 403
    assert sign_in(neighbour).post(url, unit_data(town.school, name="Min skole")).status_code == 403
    assert Unit.objects.get(pk=town.school.pk).name == "Bakkeskolen"


def test_the_tree_shows_only_what_is_within_reach(town, sign_in, local):
    text = sign_in(local).get(reverse("organisation:unit_list")).text
    assert "Bakkeskolen" in text
    assert "Direktionen" not in text


def test_search_finds_names_and_codes(town, sign_in):
    client, url = sign_in(town.consultant), reverse("organisation:unit_list")
    assert "Bakkeskolen" in client.get(url, {"q": "bakke"}).text
    assert "Elmeskolen" not in client.get(url, {"q": "bakke"}).text
    assert "Ingen resultater for ”zzz”" in client.get(url, {"q": "zzz"}).text


def test_the_tree_takes_as_many_queries_for_many_units(town, sign_in, django_assert_num_queries):
    client, url = sign_in(town.consultant), reverse("organisation:unit_list")
    with django_assert_num_queries(7):
        client.get(url)
    for _n in range(60):
        factories.unit(town.department)
    with django_assert_num_queries(7):
        answer = client.get(url)
    assert "Side 1 af 2" in answer.text


def test_create_a_unit(town, sign_in):
    data = {
        "name": "Lærkeskolen",
        "code": "LÆR",
        "kind": UnitKind.INSTITUTION,
        "parent": town.department.pk,
        "position": 3,
        "valid_from": "2026-08-01",
        "valid_to": "",
    }
    answer = sign_in(town.consultant).post(reverse("organisation:unit_create"), data)
    made = Unit.objects.get(code="LÆR")
    assert answer.headers["Location"] == reverse("organisation:unit_edit", args=[made.pk])
    assert (made.authority, made.parent, made.valid_from) == (town.authority, town.department, date(2026, 8, 1))
    entry = HistoryEntry.objects.about(made).get()
    assert (entry.verb, entry.by) == ("created", town.consultant)
    assert entry.changes["name"] == [None, "Lærkeskolen"]


def test_no_unit_beyond_reach_and_no_code_twice(town, sign_in, local):
    data = unit_data(town.school, code=town.school.code.lower(), parent=town.board.pk)
    answer = sign_in(local).post(reverse("organisation:unit_create"), data)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"code", "parent"}
    assert "Bakkeskolen" in form.errors["code"][0]


def test_rename_and_move_a_unit(town, sign_in):
    url = reverse("organisation:unit_edit", args=[town.school.pk])
    sign_in(town.consultant).post(url, unit_data(town.school, name="Ny Bakkeskole", parent=town.directorate.pk))
    town.school.refresh_from_db()
    assert (town.school.name, town.school.parent) == ("Ny Bakkeskole", town.directorate)
    entry = HistoryEntry.objects.about(town.school).get()
    assert entry.changes == {
        "name": ["Bakkeskolen", "Ny Bakkeskole"],
        "parent": ["Center for Skole", "Børn og Unge"],
    }


def test_saving_what_stands_changes_nothing(town, sign_in):
    url = reverse("organisation:unit_edit", args=[town.school.pk])
    assert sign_in(town.consultant).post(url, unit_data(town.school)).status_code == 302
    assert not HistoryEntry.objects.exists()


@pytest.mark.parametrize(
    ("moved", "under", "sentence"),
    [
        ("directorate", "school", "under sig selv"),
        ("directorate", "directorate", "under sig selv"),
        ("school", "committee", "Et udvalg kan ikke have enheder"),
        ("committee", "board", "direkte under byrådet"),
    ],
)
def test_a_place_that_breaks_the_tree_is_refused(town, sign_in, moved, under, sentence):
    unit, parent = getattr(town, moved), getattr(town, under)
    url = reverse("organisation:unit_edit", args=[unit.pk])
    answer = sign_in(town.consultant).post(url, unit_data(unit, parent=parent.pk))
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors["parent"][0]
    before = unit.parent_id
    unit.refresh_from_db()
    assert unit.parent_id == before


def test_the_council_can_be_renamed_and_stays_on_top(town, sign_in):
    url = reverse("organisation:unit_edit", args=[town.council.pk])
    assert sign_in(town.consultant).post(url, unit_data(town.council, name="Kommunalbestyrelsen")).status_code == 302
    town.council.refresh_from_db()
    assert (town.council.name, town.council.kind, town.council.parent) == (
        "Kommunalbestyrelsen",
        UnitKind.COUNCIL,
        None,
    )


def test_the_top_of_ones_reach_keeps_its_parent(town, sign_in, local):
    url = reverse("organisation:unit_edit", args=[town.directorate.pk])
    assert sign_in(local).post(url, unit_data(town.directorate, name="Børn og Familie")).status_code == 302
    town.directorate.refresh_from_db()
    assert (town.directorate.name, town.directorate.parent) == ("Børn og Familie", town.board)


def test_end_a_unit(town, sign_in):
    url = reverse("organisation:unit_end", args=[town.school.pk])
    client = sign_in(town.consultant)
    assert "roller gælder her" in client.get(url).text
    answer = client.post(url, {"last_day": "2019-12-31"})
    assert answer.status_code == 422
    assert client.post(url, {"last_day": "2026-12-31"}).status_code == 302
    town.school.refresh_from_db()
    assert town.school.valid_to == date(2026, 12, 31)
    assert HistoryEntry.objects.about(town.school).get().verb == "ended"


def test_what_hangs_on_a_unit_is_said(town):
    assert warnings_of_ending(town.department, factories.TODAY)[0] == "2 enheder hører under den."
    assert warnings_of_ending(town.other_committee, factories.TODAY) == []
    factories.goal(town.other_committee)
    factories.goal(town.other_committee, state="closed")
    assert warnings_of_ending(town.other_committee, factories.TODAY) == ["1 mål er ikke afsluttet."]


def test_a_new_link_ends_the_former_the_day_before(town, sign_in):
    url = reverse("organisation:body_link_create", args=[town.directorate.pk])
    data = {"body": town.other_committee.pk, "first_day": "2026-09-01", "last_day": ""}
    assert sign_in(town.consultant).post(url, data).status_code == 302
    former, new = BodyLink.objects.filter(unit=town.directorate).order_by("first_day")
    assert former.last_day == date(2026, 8, 31)
    assert (new.body, new.last_day) == (town.other_committee, None)
    verbs = {entry.verb for entry in HistoryEntry.objects.about(town.directorate)}
    assert verbs == {"body_linked", "body_link_ended"}


def test_a_link_over_a_later_one_is_refused(town, sign_in):
    url = reverse("organisation:body_link_create", args=[town.directorate.pk])
    data = {"body": town.other_committee.pk, "first_day": "2019-01-01", "last_day": ""}
    answer = sign_in(town.consultant).post(url, data)
    assert answer.status_code == 422
    assert "Børne- og Skoleudvalget fra 01-01-2020" in answer.context["form"].errors["first_day"][0]
    data["last_day"] = "2019-12-31"
    assert sign_in(town.consultant).post(url, data).status_code == 302


def test_end_a_link(town, sign_in):
    link = BodyLink.objects.get(unit=town.directorate)
    url = reverse("organisation:body_link_end", args=[link.pk])
    assert sign_in(town.consultant).post(url, {"last_day": "2026-12-31"}).status_code == 302
    link.refresh_from_db()
    assert link.last_day == date(2026, 12, 31)


def test_a_link_does_not_grow_into_the_next(town, sign_in):
    next_link = BodyLink.objects.create(
        unit=town.directorate, body=town.other_committee, first_day=date(2027, 1, 1), last_day=None
    )
    link = BodyLink.objects.get(unit=town.directorate, body=town.committee)
    url = reverse("organisation:body_link_end", args=[link.pk])
    assert sign_in(town.consultant).post(url, {"last_day": "2026-12-31"}).status_code == 302
    answer = sign_in(town.consultant).post(url, {"last_day": "2027-01-01"})
    assert answer.status_code == 422
    assert str(next_link.body) in answer.context["form"].errors["last_day"][0]


def test_the_overview_counts_and_lists(town, sign_in):
    sign_in(town.politician).post(reverse("organisation:access_request", args=[town.other_committee.pk]))
    answer = sign_in(town.consultant).get(reverse("organisation:setup"))
    assert answer.context["unit_count"] == 8
    assert answer.context["person_count"] == 9
    assert f"{today() + timedelta(days=30):%d-%m-%Y}" in answer.text
    assert "Børne- og Skoleudvalget" in answer.text
