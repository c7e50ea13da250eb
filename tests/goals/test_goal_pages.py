"""Writing goals in the browser: what is stored, what is refused, and what is said beside the field."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from goals.kinds import GoalState
from goals.models import Contribution, Goal, GoalOwner, GoalSeries, Strategy
from organisation.models import HistoryEntry
from tests import factories

ANSWERS = dict.fromkeys(("specific", "measurable", "attractive", "realistic", "timed"), "Svar")
FIELDS = {
    "title": "Flere elever læser",
    "short_name": "Læsning",
    "description": "",
    "responsible": "",
    "strategy": "",
    "kind": "effect",
    "rank": "1",
    "code": "",
    **dict.fromkeys(ANSWERS, ""),
}


def decided(unit) -> dict[str, object]:
    return {"body": unit.pk, "decided_on": "2026-06-24", "reference": "punkt 4", "text": ""}


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def goal(town):
    return factories.goal(town.school, title="Gammelt", short_name="Kort", state=GoalState.DRAFT)


def fields_of(goal, **changed) -> dict[str, object]:
    return {**FIELDS, "title": goal.title, "short_name": goal.short_name, "owner_unit": goal.owner_unit_id} | {
        "version": goal.version,
        **changed,
    }


# ---- strategies ------------------------------------------------------------------------------------------------------


def test_a_strategy_is_written_with_its_decision_and_changed(town, sign_in):
    client = sign_in(town.consultant)
    asked = {"name": "Strategi 2030", "owner_unit": town.council.pk, "first_year": 2026, "last_year": 2030}
    asked |= {"description": "Læring for alle", **decided(town.council)}
    assert client.post(reverse("goals:strategy_create"), asked).status_code == 302
    strategy = Strategy.objects.get()
    assert (strategy.text, strategy.decision.reference) == ("Læring for alle", "punkt 4")
    page = client.get(reverse("goals:strategy_edit", args=[strategy.pk]))
    assert "punkt 4" in html(page)
    assert "Strategi 2030" in html(client.get(reverse("goals:strategy_list")))


def test_a_strategy_ends_after_it_begins(town, sign_in):
    asked = {"name": "Strategi", "owner_unit": town.council.pk, "first_year": 2030, "last_year": 2026}
    response = sign_in(town.consultant).post(reverse("goals:strategy_create"), asked)
    assert response.status_code == 422
    assert "last_year" in response.context["form"].errors


def test_half_a_decision_is_refused_beside_its_field(town, sign_in):
    asked = {"name": "Strategi", "owner_unit": town.council.pk, "first_year": 2026, "last_year": 2030}
    response = sign_in(town.consultant).post(reverse("goals:strategy_create"), asked | {"reference": "punkt 4"})
    assert set(response.context["form"].errors) == {"body", "decided_on"}


# ---- goals -----------------------------------------------------------------------------------------------------------


def test_a_goal_is_created_under_the_goal_it_was_opened_from(town, sign_in):
    parent = factories.goal(town.council, title="Byrådets mål")
    client = sign_in(town.manager)
    page = client.get(reverse("goals:goal_create"), {"enhed": town.school.pk, "serves": parent.pk})
    assert "Byrådets mål" in html(page)
    response = client.post(reverse("goals:goal_create"), {**FIELDS, "owner_unit": town.school.pk, "parent": parent.pk})
    goal = Goal.objects.get(title="Flere elever læser")
    assert response.url == reverse("goals:goal_edit", args=[goal.pk])
    assert (goal.parent, goal.state, goal.owner_unit) == (parent, GoalState.DRAFT, town.school)


def test_a_goal_cannot_be_given_to_a_unit_out_of_reach(town, sign_in):
    response = sign_in(town.manager).post(reverse("goals:goal_create"), {**FIELDS, "owner_unit": town.other_school.pk})
    assert response.status_code == 422
    assert "owner_unit" in response.context["form"].errors


def test_a_missing_title_is_named_beside_its_field(town, sign_in):
    response = sign_in(town.manager).post(
        reverse("goals:goal_create"), {**FIELDS, "title": "", "owner_unit": town.school.pk}
    )
    assert response.status_code == 422
    assert 'id="id_title_error"' in html(response)


def test_a_code_is_used_once(town, sign_in, goal):
    factories.goal(town.council, code="M1")
    url = reverse("goals:goal_edit", args=[goal.pk])
    response = sign_in(town.manager).post(url, fields_of(goal, code="M1"))
    assert response.status_code == 422
    assert "code" in response.context["form"].errors


def test_the_edit_page_names_what_is_missing_and_leads_on(town, sign_in, goal):
    page = html(sign_in(town.manager).get(reverse("goals:goal_edit", args=[goal.pk])))
    for words in ("svar på Specifik", "målansvarlig", "indikator"):
        assert words in page
    for name in ("goal_move", "goal_series", "goal_contributions", "goal_propose"):
        assert reverse(f"goals:{name}", args=[goal.pk]) in page
    assert reverse("goals:goal_adopt", args=[goal.pk]) not in page


def test_a_stale_form_shows_both_values_and_loses_nothing(town, sign_in, goal):
    url = reverse("goals:goal_edit", args=[goal.pk])
    assert sign_in(town.head).post(url, fields_of(goal, title="Deres titel")).status_code == 302
    client = sign_in(town.manager)
    response = client.post(url, fields_of(goal, title="Min titel"))
    assert response.status_code == 422
    page = html(response)
    assert str(town.head) in page
    assert "Deres titel" in page
    assert 'value="Min titel"' in page
    assert Goal.objects.get(pk=goal.pk).title == "Deres titel"
    again = fields_of(goal, title="Min titel", version=response.context["form"]["version"].value())
    assert client.post(url, again).status_code == 302
    assert Goal.objects.get(pk=goal.pk).title == "Min titel"
    assert HistoryEntry.objects.about(goal).count() == 2


def test_an_adopted_goal_keeps_its_answers(town, sign_in):
    goal = factories.goal(town.school, **ANSWERS)
    url = reverse("goals:goal_edit", args=[goal.pk])
    response = sign_in(town.manager).post(url, fields_of(goal, **ANSWERS | {"timed": ""}))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["timed"]


# ---- moved -----------------------------------------------------------------------------------------------------------


def test_a_goal_is_moved(town, sign_in, goal):
    parent = factories.goal(town.council, title="Nyt ophav")
    url = reverse("goals:goal_move", args=[goal.pk])
    client = sign_in(town.manager)
    assert "Nyt ophav" in html(client.get(url, {"q": "ophav"}))
    assert client.post(url, {"parent": parent.pk, "version": 1}).status_code == 302
    assert Goal.objects.get(pk=goal.pk).parent == parent
    assert client.post(url, {"version": 2}).status_code == 422
    assert client.post(url, {"parent": "", "version": 2}).status_code == 302
    assert Goal.objects.get(pk=goal.pk).parent is None


def test_a_ring_is_refused(town, sign_in, goal):
    below = factories.goal(town.school, factories.goal(town.school, goal))
    url = reverse("goals:goal_move", args=[goal.pk])
    client = sign_in(town.manager)
    assert below.title not in html(client.get(url))
    response = client.post(url, {"parent": below.pk, "version": 1})
    assert response.status_code == 422
    assert "selv bidrager" in html(response)
    assert client.post(url, {"parent": goal.pk, "version": 1}).status_code == 422
    assert Goal.objects.get(pk=goal.pk).parent is None


def test_another_authoritys_goal_is_no_choice(town, sign_in, goal):
    other = factories.goal(factories.municipality().council)
    response = sign_in(town.manager).post(
        reverse("goals:goal_move", args=[goal.pk]), {"parent": other.pk, "version": 1}
    )
    assert response.status_code == 422


def test_a_stale_move_is_refused(town, sign_in, goal):
    parent = factories.goal(town.council)
    Goal.objects.filter(pk=goal.pk).update(version=2)
    url = reverse("goals:goal_move", args=[goal.pk])
    assert sign_in(town.manager).post(url, {"parent": parent.pk, "version": 1}).status_code == 422


# ---- proposed, adopted, closed ---------------------------------------------------------------------------------------


def test_a_draft_is_proposed(town, sign_in, goal):
    url = reverse("goals:goal_propose", args=[goal.pk])
    assert sign_in(town.manager).get(url).status_code == 405
    sign_in(town.manager).post(url)
    assert Goal.objects.get(pk=goal.pk).state == GoalState.PROPOSED


def adoptable(town) -> Goal:
    goal = factories.goal(town.school, state=GoalState.PROPOSED)
    series = factories.series(
        factories.indicator(town.authority), town.school, goal, baseline_period="2024", baseline_value=Decimal(9)
    )
    factories.target(series, "2028", 7)
    return goal


def test_adoption_names_what_is_missing_beside_its_field(town, sign_in, goal):
    url = reverse("goals:goal_adopt", args=[goal.pk])
    response = sign_in(town.director).post(url, {**decided(town.committee), "specific": "Svar", "version": 1})
    assert response.status_code == 422
    errors = set(response.context["form"].errors)
    assert errors == {"measurable", "attractive", "realistic", "timed", "responsible"}
    assert html(response).count("Mangler, før målet kan vedtages.") == 2 * len(errors)
    assert "indikator" in html(response)
    assert Goal.objects.get(pk=goal.pk).state == GoalState.DRAFT


def test_answers_without_an_indicator_are_not_enough(town, sign_in, goal):
    asked = {**decided(town.committee), **ANSWERS, "responsible": town.manager.pk, "version": 1}
    response = sign_in(town.director).post(reverse("goals:goal_adopt", args=[goal.pk]), asked)
    assert response.status_code == 422
    assert "Målet kan ikke vedtages endnu. Der mangler: indikator." in html(response)
    assert Goal.objects.get(pk=goal.pk).specific == ""


def test_a_whole_goal_is_adopted(town, sign_in):
    goal = adoptable(town)
    url = reverse("goals:goal_adopt", args=[goal.pk])
    asked = {**decided(town.committee), **ANSWERS, "responsible": town.manager.pk, "version": 1}
    assert sign_in(town.director).post(url, asked).status_code == 302
    goal.refresh_from_db()
    assert (goal.state, goal.adopted_by.body, goal.adopted_by.date) == ("adopted", town.committee, date(2026, 6, 24))
    assert (goal.responsible, goal.timed) == (town.manager, "Svar")


def test_a_decision_of_tomorrow_is_refused(town, sign_in):
    goal = adoptable(town)
    asked = {**decided(town.committee), **ANSWERS, "responsible": town.manager.pk, "version": 1}
    response = sign_in(town.director).post(
        reverse("goals:goal_adopt", args=[goal.pk]), asked | {"decided_on": "2999-01-01"}
    )
    assert list(response.context["form"].errors) == ["decided_on"]


def test_another_authoritys_body_decides_nothing_here(town, sign_in):
    goal = adoptable(town)
    asked = {**decided(factories.municipality().council), **ANSWERS, "responsible": town.manager.pk, "version": 1}
    response = sign_in(town.director).post(reverse("goals:goal_adopt", args=[goal.pk]), asked)
    assert list(response.context["form"].errors) == ["body"]


def test_a_goal_is_closed_with_a_reason(town, sign_in):
    goal = factories.goal(town.school)
    factories.goal(town.school, goal)
    url = reverse("goals:goal_close", args=[goal.pk])
    client = sign_in(town.director)
    assert "1 vedtaget mål bidrager" in html(client.get(url))
    assert client.post(url, decided(town.committee)).status_code == 422
    assert client.post(url, {**decided(town.committee), "reason": "Nået"}).status_code == 302
    goal.refresh_from_db()
    assert (goal.state, goal.closed_by.reference) == (GoalState.CLOSED, "punkt 4")
    assert client.get(reverse("followup:goal_detail", args=[goal.pk])).status_code == 200
    assert client.get(reverse("goals:goal_edit", args=[goal.pk])).status_code == 302
    assert client.post(url, {**decided(town.committee), "reason": "Igen"}).status_code == 422


def test_a_goal_is_replaced_and_both_tell_of_it(town, sign_in):
    old = factories.goal(town.school, title="Gammelt mål")
    new = adoptable(town)
    url = reverse("goals:goal_replace", args=[old.pk])
    client = sign_in(town.director)
    assert new.title in html(client.get(url))
    asked = {**decided(town.committee), "successor": new.pk, "reason": "Ny politik"}
    refused = client.post(url, asked)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["successor"]
    assert "Der mangler:" in html(refused)
    Goal.objects.filter(pk=new.pk).update(**ANSWERS, responsible=town.manager)
    assert list(client.post(url, {**asked, "reference": ""}).context["form"].errors) == ["reference"]
    assert client.post(url, asked).url == reverse("followup:goal_detail", args=[new.pk])
    assert "Afløst af" in html(client.get(reverse("followup:goal_detail", args=[old.pk])))
    page = html(client.get(reverse("followup:goal_detail", args=[new.pk])))
    assert "Afløser" in page
    assert "Gammelt mål" in page


def test_only_goals_of_the_same_unit_are_offered_as_successors(town, sign_in):
    old = factories.goal(town.school)
    mine = factories.goal(town.school, state=GoalState.PROPOSED)
    factories.goal(town.other_school)
    form = sign_in(town.director).get(reverse("goals:goal_replace", args=[old.pk])).context["form"]
    assert list(form.fields["successor"].queryset) == [mine]


# ---- ties ------------------------------------------------------------------------------------------------------------


def test_contributions_reach_what_other_authorities_share_only(town, sign_in, goal):
    other = factories.municipality(name="Naboby Kommune")
    adopted = factories.goal(other.council, title="Fælles klima", code="K7", is_cross_cutting=True)
    factories.goal(other.council, title="Eget klima", is_cross_cutting=True)
    GoalOwner.objects.create(goal=adopted, unit=town.department, invited_by=town.consultant, invited_at=factories.NOW)
    factories.goal(other.council, title="Hemmelig klimakladde", state=GoalState.DRAFT)
    url = reverse("goals:goal_contributions", args=[goal.pk])
    client = sign_in(town.manager)
    page = html(client.get(url, {"q": "klima"}))
    assert "Fælles klima" in page
    assert "Naboby Kommune" in page
    assert "Hemmelig" not in page
    assert "Eget klima" not in page
    assert "Fælles klima" in html(client.get(url, {"q": "k7"}))
    assert client.post(url, {"action": "add", "to_goal": adopted.pk, "note": "Sammen"}).status_code == 302
    link = Contribution.objects.get()
    assert "Sammen" in html(client.get(url))
    assert client.post(url, {"action": "add", "to_goal": adopted.pk}).status_code == 422
    assert client.post(url, {"action": "remove", "contribution": link.pk}).status_code == 302
    assert not Contribution.objects.exists()
    assert client.post(url, {"action": "remove", "contribution": "x"}).status_code == 404


def test_series_are_chosen_for_a_goal(town, sign_in, goal):
    indicator = factories.indicator(town.authority, name="Fravær")
    series, other = factories.series(indicator, town.school), factories.series(indicator, town.department)
    elsewhere = factories.municipality()
    foreign = factories.series(factories.indicator(elsewhere.authority), elsewhere.school)
    url = reverse("goals:goal_series", args=[goal.pk])
    client = sign_in(town.manager)
    assert "Fravær" in html(client.get(url, {"q": "frav"}))
    for one in (series, other):
        assert client.post(url, {"action": "attach", "series": one.pk}).status_code == 302
    assert client.post(url, {"action": "attach", "series": foreign.pk}).status_code == 422
    assert client.post(url, {"action": "attach"}).status_code == 422
    first, second = GoalSeries.objects.filter(goal=goal).order_by("rank")
    asked = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "form-0-id": first.pk, "form-1-id": second.pk}
    wrong = {**asked, "form-0-rank": "", "form-1-rank": "1"}
    assert client.post(url, wrong).status_code == 422
    right = {**asked, "form-0-rank": "1", "form-0-DELETE": "on", "form-1-rank": "1", "form-1-is_prioritised": "on"}
    assert client.post(url, right).status_code == 302
    assert list(GoalSeries.objects.filter(goal=goal).values_list("series", "rank", "is_prioritised")) == [
        (other.pk, 1, True)
    ]
    assert client.post(url, {}).status_code == 422


# ---- advice ----------------------------------------------------------------------------------------------------------


def test_advice_is_given_while_writing_and_stores_nothing(town, sign_in):
    asked = {"title": "At styrke trivslen", **dict.fromkeys(ANSWERS, ""), "timed": "I 2028"}
    page = html(sign_in(town.manager).post(reverse("goals:goal_advice"), asked))
    assert "<mark>styrke</mark>" in page and "Hvem handler det om?" in page and "Hvornår?" not in page
    assert "<h1" not in page and not Goal.objects.exists()


def test_without_javascript_advice_is_there_after_saving(town, goal, sign_in):
    client, address = sign_in(town.manager), reverse("goals:goal_edit", args=[goal.pk])
    answer = client.post(address, fields_of(goal, title="At styrke trivslen", advise="1"))
    assert answer.url == address
    assert "<mark>styrke</mark>" in html(client.get(address))
    answer = client.post(address, fields_of(Goal.objects.get(), short_name=""))
    assert answer.status_code == 422 and "<mark>styrke</mark>" in html(answer)


def test_a_draft_that_gets_all_advice_is_stored(town, sign_in):
    title = "Vi vil styrke og understøtte sammenhæng og trivsel samt udvikle gode rammer, " + "mere " * 20
    asked = {**FIELDS, "title": title, "owner_unit": town.school.pk}
    answer = sign_in(town.manager).post(reverse("goals:goal_create"), asked)
    assert answer.status_code == 302 and Goal.objects.get().title == title.strip()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", "a" * 5000),
        ("title", "   "),
        ("short_name", "  "),
        ("specific", "a" * 5000),
        ("description", "a" * 5000),
    ],
)
def test_too_long_and_empty_words_are_refused_beside_the_field(town, sign_in, field, typed):
    asked = {**FIELDS, "owner_unit": town.school.pk, field: typed}
    answer = sign_in(town.manager).post(reverse("goals:goal_create"), asked)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert not Goal.objects.exists()


def test_what_is_typed_is_shown_and_never_run(town, sign_in):
    asked = {"title": "At styrke <script>alert(1)</script>"}
    page = html(sign_in(town.manager).post(reverse("goals:goal_advice"), asked))
    assert "<script>" not in page and "&lt;script&gt;" in page
