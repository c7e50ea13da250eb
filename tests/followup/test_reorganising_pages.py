"""The pages where units are merged and split: shared goals, ceilings, and who may."""

import pytest
from django.urls import reverse

from goals.actions.budgets import set_ceiling
from goals.actions.owners import make_cross_cutting
from goals.models import Goal, GoalBudget, GoalOwner
from organisation.models import HistoryEntry, Unit
from organisation.permissions import Role
from tests import factories
from tests.followup.flow import html
from tests.followup.reorganised import NOW, merged, past, split
from tests.goals.sharing import commitment, committed


def shared(place, goal: Goal) -> GoalOwner:
    """Both schools and one elsewhere are bound by the goal; that of the school that the goal belongs to."""
    elsewhere = factories.municipality()
    own = make_cross_cutting(goal, commitment(place.school, place.manager), by=place.director, now=NOW)
    committed(goal, place.other_school, place.other_manager, place.director)
    committed(goal, elsewhere.school, elsewhere.manager, elsewhere.director)
    return own


def owners(goal: Goal) -> list[tuple[str, str]]:
    return [(one.unit.name, one.state) for one in goal.owners.select_related("unit").order_by("pk")]


def test_two_owners_of_a_shared_goal_that_become_one_unit_are_one_owner(place):
    shared(place, place.goal)
    before = past(place)
    merged(place)
    assert owners(place.goal) == [
        ("Fjordskolen", "committed"), ("Elmeskolen", "withdrawn"), ("Bakkeskolen", "committed"),
    ]  # fmt: skip
    assert past(place) == before


def test_the_commitment_goes_where_the_shared_goal_goes(place):
    own = shared(place, place.second)
    before = past(place)
    _north, south = split(place)
    own.refresh_from_db()
    place.second.refresh_from_db()
    assert (own.unit, own.state, place.second.owner_unit) == (south, "committed", south)
    assert past(place) == before


def test_merging_in_the_browser(place, sign_in):
    client = sign_in(place.consultant)
    url = reverse("followup:unit_merge", args=[place.school.pk])
    assert url in html(client.get(reverse("organisation:unit_edit", args=[place.school.pk])))
    assert "Med Bakkeskolen følger 2 mål, 2 serier og 3 roller." in html(client.get(url))
    posted = {
        "other_1": place.other_school.pk, "name": "Fjordskolen", "code": "FJ", "parent": place.department.pk,
        "day": "2026-08-01",
    }  # fmt: skip
    empty = client.post(url, {})
    assert empty.status_code == 422
    taken = client.post(url, posted | {"code": place.department.code})
    assert taken.status_code == 422
    assert f"Koden bruges af {place.department}." in html(taken)
    assert 'value="Fjordskolen"' in html(taken)
    ahead = client.post(url, posted | {"day": "2026-09-01"})
    assert (ahead.status_code, "Vælg en dag, der er kommet" in html(ahead)) == (422, True)
    twice = client.post(url, posted | {"other_2": place.other_school.pk})
    assert "Vælg hver enhed én gang." in html(twice)
    told = client.post(url, posted)
    assert (told.status_code, Unit.objects.filter(code="FJ").exists()) == (200, False)
    assert "Den nye enhed overtager 3 mål, 4 serier og 4 roller." in html(told)
    done = client.post(url, posted | answers_of(told))
    made = Unit.objects.get(code="FJ")
    assert done.url == reverse("organisation:unit_edit", args=[made.pk])
    assert made.goals.count() == 3
    third = factories.unit(place.department)
    again = client.post(url, posted | {"code": "FJ2", "other_1": third.pk})
    assert again.status_code == 422
    assert "Bakkeskolen findes ikke den dag." in html(again)


def test_splitting_in_the_browser(place, sign_in):
    client = sign_in(place.consultant)
    url = reverse("followup:unit_split", args=[place.school.pk])
    assert place.goal.title in html(client.get(url))
    posted = {
        "name_1": "Nord", "code_1": "N", "name_2": "Syd", "code_2": "S", "parent": place.department.pk,
        "day": "2026-08-01", f"goal_{place.goal.pk}": "2", f"goal_{place.second.pk}": "1",
    }  # fmt: skip
    missing = client.post(url, {key: value for key, value in posted.items() if key != f"goal_{place.goal.pk}"})
    assert missing.status_code == 422
    unnamed = client.post(url, posted | {f"goal_{place.goal.pk}": "3"})
    assert (unnamed.status_code, "Enhed 3 har ikke noget navn." in html(unnamed)) == (422, True)
    half = client.post(url, posted | {"name_3": "Øst"})
    assert "Skriv både navn og kode." in html(half)
    same = client.post(url, posted | {"code_2": "n"})
    assert "To enheder kan ikke have samme kode." in html(same)
    assert client.post(url, posted).status_code == 302
    assert list(Unit.objects.get(code="S").goals.all()) == [place.goal]
    assert list(Unit.objects.get(code="N").goals.all()) == [place.second]


def answers_of(told) -> dict[str, str]:
    """What the page that tells what will happen has filled in."""
    return {name: str(told.context["form"][name].value()) for name in ("seen", "most")}


def test_the_merger_proposes_the_highest_ceiling_and_takes_what_is_typed(place, sign_in):
    client, url = sign_in(place.consultant), reverse("followup:unit_merge", args=[place.school.pk])
    third = factories.unit(place.department, name="Åskolen")
    for unit, most in ((place.school, 2), (place.other_school, 1)):
        set_ceiling(unit, most, version=0, by=place.consultant, now=NOW)
    posted = {
        "other_1": place.other_school.pk, "name": "Fjordskolen", "code": "FJ", "parent": place.department.pk,
        "day": "2026-08-01",
    }  # fmt: skip
    told = client.post(url, posted)
    assert answers_of(told)["most"] == "2", "never 3, their sum"
    assert "Vi foreslår målloftet 2, det højeste af de gamle." in html(told)
    assert "Den nye enhed får 3 vedtagne mål, flere end loftet på 2." in html(told)
    # Whoever chooses other units sees it again, whatever was typed for the first.
    again = client.post(url, posted | answers_of(told) | {"other_2": third.pk, "most": "9"})
    assert (again.status_code, Unit.objects.filter(code="FJ").exists()) == (200, False)
    assert "Åskolen" in html(again)
    assert answers_of(again)["most"] == "2"
    wrong = client.post(url, posted | answers_of(told) | {"most": "0"})
    assert (wrong.status_code, "most" in wrong.context["form"].errors) == (422, True)
    assert "Det sker, når enhederne lægges sammen" in html(wrong)
    client.post(url, posted | answers_of(told) | {"most": "5"})
    made = Unit.objects.get(code="FJ")
    assert made.goal_budget.most == 5
    entry = HistoryEntry.objects.about(made.goal_budget).get()
    assert (entry.verb, entry.by, entry.changes) == ("ceiling_set", place.consultant, {"most": [None, "5"]})
    assert place.school.goal_budget.most == 2


@pytest.mark.parametrize(("most", "stored"), [("", []), ("4", [4])])
def test_units_without_a_ceiling_get_one_only_when_it_is_typed(place, sign_in, most, stored):
    client, url = sign_in(place.consultant), reverse("followup:unit_merge", args=[place.school.pk])
    posted = {
        "other_1": place.other_school.pk, "name": "Fjordskolen", "code": "FJ", "parent": place.department.pk,
        "day": "2026-08-01",
    }  # fmt: skip
    told = client.post(url, posted)
    assert answers_of(told)["most"] == ""
    assert "Ingen af enhederne har et målloft" in html(told)
    client.post(url, posted | answers_of(told) | {"most": most})
    assert list(GoalBudget.objects.filter(unit__code="FJ").values_list("most", flat=True)) == stored


def test_a_split_gives_each_the_ceiling_that_stands_in_its_field(place, sign_in):
    client, url = sign_in(place.consultant), reverse("followup:unit_split", args=[place.school.pk])
    set_ceiling(place.school, 3, version=0, by=place.consultant, now=NOW)
    page = client.get(url)
    assert [page.context["form"][f"most_{n}"].value() for n in (1, 2)] == [3, 3]
    assert "Bakkeskolen har målloftet 3." in html(page)
    posted = {
        "name_1": "Nord", "code_1": "N", "name_2": "Syd", "code_2": "S", "parent": place.department.pk,
        "day": "2026-08-01", f"goal_{place.goal.pk}": "1", f"goal_{place.second.pk}": "2", "most_1": "3", "most_2": "",
        "most_3": "3", "most_4": "3",
    }  # fmt: skip
    wrong = client.post(url, posted | {"most_2": "501"})
    assert (wrong.status_code, "most_2" in wrong.context["form"].errors) == (422, True)
    assert client.post(url, posted).status_code == 302
    assert dict(GoalBudget.objects.filter(unit__code__in="NS").values_list("unit__code", "most")) == {"N": 3}


@pytest.mark.parametrize("name", ["followup:unit_merge", "followup:unit_split"])
def test_who_may(place, sign_in, name):
    url = reverse(name, args=[place.school.pk])
    people = ("consultant", "administrator", "director", "manager", "reader")
    statuses = [sign_in(getattr(place, person)).get(url).status_code for person in people]
    assert statuses == [200, 403, 403, 403, 403]
    assert sign_in(factories.municipality().consultant).get(url).status_code == 404
    elsewhere = factories.user(Role.GOAL_CONSULTANT, place.other_school)
    assert sign_in(elsewhere).get(url).status_code == 403
