"""Goals that pull different ways: registered, ranked, ended, shown where goals are ranked, and hinted at."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.actions.decisions import DecisionMade
from goals.actions.divergences import change_divergence, end_divergence, rank_divergence, register_divergence
from goals.actions.goals import NotPossible
from goals.actions.versions import Stale
from goals.models import Decision, Divergence
from organisation.models import HistoryEntry
from tests import factories
from tests.factories import NOW
from tests.followup.flow import html
from tests.races import at_once, needs_rows_locked


@pytest.fixture
def it(town, clock):
    """Two goals of the committee's and one of another committee's; two of them are registered."""
    town.quick = factories.goal(town.committee, title="Hjælpen kommer hurtigt", rank=2)
    town.cheap = factories.goal(town.other_committee, title="Budgettet holder", rank=4)
    town.calm = factories.goal(town.committee, title="Samme person kommer igen", rank=3)
    town.pair = register(town, town.cheap, town.quick)
    return town


def register(town, one, other, text="Hurtigere hjælp koster vikartimer"):
    return register_divergence(one, other, text, by=town.consultant, now=NOW)


def decided(town, first, version=1, reference="punkt 7"):
    made = DecisionMade(town.council, date(2026, 6, 24), reference)
    pair = Divergence.objects.get(pk=town.pair.pk)
    return rank_divergence(pair, first, made, version=version, by=town.consultant, now=NOW)


def told(goal) -> list[tuple[str, dict, str]]:
    return [(one.verb, one.changes, one.reason) for one in HistoryEntry.objects.about(goal)]


# ---- written ---------------------------------------------------------------------------------------------------------


def test_a_pair_is_stored_once_whichever_goal_one_began_from(it):
    assert (it.pair.goal, it.pair.other) == (it.quick, it.cheap)
    assert told(it.quick) == [("changed", {"diverges_from": [None, "Budgettet holder"]}, "")]
    assert told(it.cheap) == [("changed", {"diverges_from": [None, "Hjælpen kommer hurtigt"]}, "")]
    for one, other in ((it.quick, it.cheap), (it.cheap, it.quick)):
        with pytest.raises(NotPossible, match="diverges_already"):
            register(it, one, other)


def test_what_cannot_diverge(it):
    draft = factories.goal(it.committee, state="draft")
    closed = factories.goal(it.committee, state="closed")
    foreign = factories.goal(factories.municipality().committee)
    for other, key in ((it.quick, "itself"), (draft, "state"), (closed, "state"), (foreign, "elsewhere")):
        with pytest.raises(NotPossible, match=f"diverges_{key}"):
            register(it, it.quick, other)
    assert Divergence.objects.count() == 1


def test_a_decision_ranks_them_and_another_takes_its_place(it):
    pair = decided(it, it.cheap)
    assert (pair.first, pair.decision.reference, pair.version) == (it.cheap, "punkt 7", 2)
    assert told(it.quick)[0] == ("decided", {"goes_before": [None, "Budgettet holder"]}, "punkt 7")
    pair = decided(it, it.quick, version=2, reference="punkt 8")
    assert told(it.cheap)[0] == (
        "decided", {"goes_before": ["Budgettet holder", "Hjælpen kommer hurtigt"]}, "punkt 8"
    )  # fmt: skip
    assert Decision.objects.filter(reference__in=["punkt 7", "punkt 8"]).count() == 2
    with pytest.raises(Stale):
        decided(it, it.cheap, version=2)


def test_ending_says_why_on_both(it):
    with pytest.raises(Stale):
        end_divergence(it.pair, version=9, reason="Nyt budget", by=it.consultant, now=NOW)
    end_divergence(it.pair, version=1, reason="Nyt budget", by=it.consultant, now=NOW)
    assert not Divergence.objects.exists()
    assert told(it.quick)[0] == ("changed", {"diverges_from": ["Budgettet holder", None]}, "Nyt budget")
    assert told(it.cheap)[0][2] == "Nyt budget"


def test_other_words_keep_the_ranking(it):
    pair = decided(it, it.cheap)
    pair.text = "Aften og weekend"
    change_divergence(pair, version=2, by=it.consultant, now=NOW)
    pair.refresh_from_db()
    assert (pair.text, pair.first, pair.version) == ("Aften og weekend", it.cheap, 3)


def test_the_database_holds_the_pair(it):
    made = {"registered_by": it.consultant, "registered_at": NOW, "text": "x"}
    decision = factories.decision(it.council)
    wrong = [
        {"goal": it.cheap, "other": it.quick},
        {"goal": it.quick, "other": it.quick},
        {"goal": it.quick, "other": it.cheap},
        {"goal": it.quick, "other": it.calm, "first": it.quick},
        {"goal": it.quick, "other": it.calm, "decision": decision},
        {"goal": it.quick, "other": it.calm, "first": it.cheap, "decision": decision},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Divergence.objects.create(**made, **fields)


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_two_register_the_same_pair_at_once(clock):
    town = factories.municipality()
    one, other = factories.goal(town.committee), factories.goal(town.committee)
    results = at_once(lambda: register(town, one, other), lambda: register(town, other, one))
    assert "diverges_already" in results and Divergence.objects.count() == 1


# ---- pages -----------------------------------------------------------------------------------------------------------


def test_registered_from_the_goals_page(it, sign_in):
    client, url = sign_in(it.consultant), reverse("followup:divergence_create", args=[it.quick.pk])
    page = html(client.get(url))
    assert "Samme person kommer igen" in page and "Budgettet holder" not in page  # that one is registered
    empty = client.post(url, {})
    assert empty.status_code == 422
    assert 'id="id_other_error"' in html(empty) and 'id="id_text_error"' in html(empty)
    foreign = factories.goal(factories.municipality().committee)
    for other in (foreign.pk, it.quick.pk, it.cheap.pk, "x"):
        answer = client.post(url, {"other": other, "text": "Det her"})
        assert answer.status_code == 422 and "Det her" in html(answer)
    school_goal = factories.goal(it.school, title="Frivillige læser højt")
    assert "Frivillige læser højt" in html(client.get(url, {"q": "frivillige"}))
    kept = client.post(url, {"other": school_goal.pk, "text": " "})
    assert kept.status_code == 422 and "Frivillige læser højt" in html(kept)
    client.post(url, {"other": it.calm.pk, "text": "Faste folk er sværere at sende hurtigt"})
    assert Divergence.objects.filter(goal=it.quick, other=it.calm).exists()


def test_a_draft_goes_back_with_the_reason(it, sign_in):
    draft = factories.goal(it.committee, state="draft")
    answer = sign_in(it.consultant).get(reverse("followup:divergence_create", args=[draft.pk]), follow=True)
    assert "Begge mål skal være vedtaget og gælde." in html(answer)


def test_ranked_in_the_browser(it, sign_in):
    client, url = sign_in(it.consultant), reverse("goals:divergence_rank", args=[it.pair.pk])
    empty = client.post(url, {"version": 1})
    assert empty.status_code == 422 and "Vælg, hvilket mål der går forud." in html(empty)
    form = {
        "first": it.calm.pk, "body": it.council.pk, "decided_on": "2026-06-24", "reference": "punkt 7", "version": 1,
    }  # fmt: skip
    assert client.post(url, form).status_code == 422  # neither of the two
    assert client.post(url, {**form, "first": it.quick.pk, "decided_on": "2026-08-11"}).status_code == 422
    assert client.post(url, {**form, "first": it.quick.pk}).status_code == 302
    stale = client.post(url, {**form, "first": it.cheap.pk})
    assert stale.status_code == 422 and "mens du skrev" in html(stale)
    it.pair.refresh_from_db()
    assert it.pair.first == it.quick


def test_no_side_ranks_itself(it, sign_in):
    """The director registers decisions for what is below the board, not for what the committee owns."""
    own = factories.goal(it.school)
    other = factories.goal(it.committee)
    mixed = register(it, own, other)
    within = register(it, own, factories.goal(it.other_school))
    client = sign_in(it.director)
    assert client.get(reverse("goals:divergence_rank", args=[mixed.pk])).status_code == 403
    assert client.get(reverse("goals:divergence_rank", args=[within.pk])).status_code == 200
    assert client.get(reverse("goals:divergence_edit", args=[mixed.pk])).status_code == 200


def test_changed_and_ended_in_the_browser(it, sign_in):
    client = sign_in(it.consultant)
    edit, end = (reverse(f"goals:divergence_{name}", args=[it.pair.pk]) for name in ("edit", "end"))
    assert client.post(edit, {"text": "x" * 501, "version": 1}).status_code == 422
    client.post(edit, {"text": "Aften", "version": 1})
    stale = client.post(edit, {"text": "Nat", "version": 1})
    assert stale.status_code == 422 and "Nu står der ”Aften”. Du skrev ”Nat”." in html(stale)
    assert client.post(end, {"reason": "", "version": 2}).status_code == 422
    stale = client.post(end, {"reason": "Forbi", "version": 1})
    assert stale.status_code == 422 and 'name="version" value="2"' in html(stale)
    client.post(end, {"reason": "Forbi", "version": 2})
    assert not Divergence.objects.exists()


def test_both_goals_and_the_ranking_show_where_they_meet(it, sign_in):
    client = sign_in(it.politician)
    for goal, rank, unit in ((it.quick, 4, "Socialudvalget"), (it.cheap, 2, "Børne- og Skoleudvalget")):
        path = reverse("followup:goal_divergences", args=[goal.pk])
        text = html(client.get(path, headers={"HX-Request": "true"}))
        assert f"Mødes med nr. {rank} i {unit}:" in text and "koster vikartimer" in text
        assert "Ikke prioriteret endnu" in text and "Prioriter" not in text
        assert "Hjælpen" in html(client.get(path)) and path in html(
            client.get(reverse("followup:goal_detail", args=[goal.pk]))
        )
    decided(it, it.cheap)
    text = html(client.get(reverse("followup:goal_divergences", args=[it.cheap.pk])))
    assert "Dette mål går forud." in text and "punkt 7" in text
    assert "Det andet mål går forud." in html(client.get(reverse("followup:goal_divergences", args=[it.quick.pk])))
    for body in (it.committee, it.other_committee):
        path = reverse("followup:unit_divergences", args=[body.pk])
        assert path in html(client.get(reverse("followup:body_detail", args=[body.pk])))
        assert html(client.get(path)).index("Budgettet holder") < html(client.get(path)).index("går forud")
    assert "koster" not in html(client.get(reverse("followup:unit_divergences", args=[it.school.pk])))


def test_who_takes_part_writes_a_personal_goal_from_the_goals_page(it, sign_in):
    own = factories.goal(it.school)
    link = f"{reverse('goals:personal_create')}?maal={own.pk}"
    path = reverse("followup:goal_divergences", args=[own.pk])
    assert link in html(sign_in(it.manager).get(path))
    for person in (it.other_manager, it.consultant, it.professional, it.head):
        assert link not in html(sign_in(person).get(path))


def test_the_list_has_those_not_ranked_first_and_alone(it, sign_in):
    register(it, it.quick, it.calm, "Faste folk")
    decided(it, it.cheap)
    client, url = sign_in(it.reader), reverse("followup:divergence_list")
    text = html(client.get(url))
    assert text.index("Faste folk") < text.index("koster vikartimer")
    assert "1 af 2 er ikke prioriteret endnu." in text
    assert "koster vikartimer" not in html(client.get(url, {"vis": "uden"}))
    assert "koster" not in html(sign_in(factories.municipality().consultant).get(url))


def test_one_that_a_goal_left_by_closing_is_shown_no_more(it, sign_in):
    it.cheap.state, it.cheap.closed_by = "closed", factories.decision(it.council)
    it.cheap.save()
    for name, args in (
        ("divergence_list", []),
        ("goal_divergences", [it.quick.pk]),
        ("unit_divergences", [it.committee.pk]),
    ):
        assert "koster" not in html(sign_in(it.consultant).get(reverse(f"followup:{name}", args=args)))


@pytest.mark.xdist_group("divergence_counts")
@pytest.mark.parametrize("name", ["divergence_list", "goal_divergences", "unit_divergences", "divergence_create"])
def test_pages_ask_the_same_however_many(it, sign_in, name):
    args = {
        "goal_divergences": [it.quick.pk],
        "unit_divergences": [it.committee.pk],
        "divergence_create": [it.quick.pk],
    }
    client, url = sign_in(it.consultant), reverse(f"followup:{name}", args=args.get(name, []))
    asked = []
    for count in (2, 58):
        for _ in range(count):
            register(it, it.quick, factories.goal(it.committee))
            factories.goal(it.committee)
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url)
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 15
    if name != "divergence_create":
        assert len(answer.context["rows"]) == 50


# ---- hints -----------------------------------------------------------------------------------------------------------

PERIODS = ("2025K1", "2025K2", "2025K3", "2025K4", "2026K1", "2026K2")


def measured(goal, values, **indicator):
    series = factories.series(factories.indicator(goal.authority, **indicator), goal.owner_unit, goal)
    for period, value in zip(PERIODS, values, strict=False):
        if value is not None:
            factories.measurement(series, period, value)
    return series


def hinted(it, sign_in) -> list[tuple[str, int, int]]:
    answer = sign_in(it.consultant).get(reverse("followup:divergence_create", args=[it.quick.pk]))
    return [(hint.goal.title, hint.how.opposite, hint.how.steps) for hint in answer.context["hints"]]


def test_goals_whose_figures_went_opposite_ways_are_hinted_at(it, sign_in):
    measured(it.quick, [9, 8, 7, 6, 5, 4], direction="lower")  # ever better
    measured(it.calm, [9, 8, 7, 6, 6, 5], direction="higher")  # ever worse, once the same
    along = factories.goal(it.committee, title="Følges ad")
    measured(along, [1, 2, 3, 4, 5, 6], direction="higher")
    gaps = factories.goal(it.committee, title="Har huller")
    measured(gaps, [9, 8, None, 6, 5, 4], direction="higher")
    assert hinted(it, sign_in) == [("Samme person kommer igen", 4, 5)]
    page = html(sign_in(it.consultant).get(reverse("followup:divergence_create", args=[it.quick.pk])))
    assert "4 af 5 gange" in page and page.count("Samme person kommer igen") == 1


def test_the_one_that_decides_the_light_speaks_for_a_goal(it, sign_in):
    measured(it.quick, [9, 8, 7, 6, 5, 4], direction="lower")
    measured(it.calm, [1, 2, 3, 4, 5, 6], direction="higher")
    worse = measured(it.calm, [9, 8, 7, 6, 5, 4], direction="higher")
    it.calm.goal_series.exclude(series=worse).update(is_prioritised=False)
    it.calm.goal_series.filter(series=worse).update(is_prioritised=True)
    assert hinted(it, sign_in) == [("Samme person kommer igen", 5, 5)]


def test_without_figures_nothing_is_hinted(it, sign_in):
    measured(it.calm, [9, 8, 7, 6, 5, 4])
    assert hinted(it, sign_in) == []
