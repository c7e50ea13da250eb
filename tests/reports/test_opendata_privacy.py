"""What the public must not learn: small counts, withheld numbers and what they follow from; drafts; what is not shown.

An attacker reads every file and every answer of the API, and puts them together.
"""

import json
from decimal import Decimal
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from citizens.models import PublishedAnswer
from citizens.results import Choice, GroupResult, QuestionResult, SurveyResults
from goals.kinds import GoalState
from goals.models import GoalSeries
from reports.api.access import limiter
from tests import factories
from tests.citizens import making
from tests.citizens.attack import recovered
from tests.reports.opendata import body_of, get, lines_of, open_town, ratio, rolled_up, values_in, with_numbers

API = "/api/v1"


@pytest.fixture
def it(db):
    limiter.forget()
    return open_town()


def api(path):
    return json.loads(get(f"{API}{path}").content)


def known(it):
    """Every number of the count that some file or answer tells: by series and period. They must agree."""
    found = {}
    ids = [it.total.pk, *(series.pk for series in it.schools.values())]
    told = chain(
        ((int(line["Serie"]), line["Periode"], line["Værdi"].replace(",", ".")) for line in lines_of("/data/tal.csv")),
        ((pk, line["Periode"], line["Værdi"]) for pk in ids for line in csv_of(pk)),
        (
            (one["series"], one["period"], one["value"] if one["value"] is not None else "")
            for one in api("/values?limit=500")["items"]
        ),
        (cell for pk in ids for cell in cube_of(pk)),
    )
    for pk, period, value in told:
        if value != "":
            assert found.setdefault((pk, period), Decimal(str(value))) == Decimal(str(value))
    return found


def csv_of(pk):
    return lines_of(f"/data/serier/{pk}.csv") if get(f"/data/serier/{pk}.csv").status_code == 200 else []


def cube_of(pk):
    answer = get(f"/data/serier/{pk}.json")
    if answer.status_code != 200:
        return
    cube = json.loads(answer.content)
    periods = cube["dimension"]["periode"]["category"]["index"]
    for period, value in zip(periods, cube["value"], strict=True):
        yield pk, period, "" if value is None else value


def by_name(it, found):
    names = {series.pk: name for name, series in it.schools.items()} | {it.total.pk: "i alt"}
    return {names[pk]: int(value) for (pk, _period), value in found.items() if pk in names}


# ---- small counts and sums -------------------------------------------------------------------------------------------


def test_a_small_count_and_the_smallest_beside_it_are_hidden(it):
    rolled_up(it, {"A": 3, "B": 10, "C": 20})
    assert by_name(it, known(it)) == {"C": 20, "i alt": 33}
    hidden = [line for line in lines_of("/data/tal.csv") if line["Værdi"] == ""]
    assert {(line["Enhed"], line["Grundkode"]) for line in hidden} == {("A", "withheld"), ("B", "withheld")}


def test_zero_is_shown(it):
    rolled_up(it, {"A": 0, "B": 10, "C": 20})
    assert by_name(it, known(it)) == {"A": 0, "B": 10, "C": 20, "i alt": 30}


def test_schools_that_are_not_public_cover_the_small_one(it):
    rolled_up(it, {"A": 3, "B": 10, "C": 20}, public=False)
    assert by_name(it, known(it)) == {"i alt": 33}


def test_a_withheld_number_is_in_no_computed_sum(it):
    rolled_up(it, {"A": None, "B": 10, "C": 20})
    assert by_name(it, known(it)) == {"B": 10, "C": 20, "i alt": 30}


def test_a_sum_that_waits_for_a_unit_is_told_later(it):
    rolled_up(it, {"A": 30, "B": 10})
    factories.restate(it.total.measurements.all(), parts_present=2, parts_expected=3)
    assert by_name(it, known(it)) == {"A": 30, "B": 10}
    (line,) = [one for one in lines_of("/data/tal.csv") if one["Serie"] == str(it.total.pk)]
    assert line["Grundkode"] == "not_due"


def test_an_entered_sum_hides_a_neighbour_of_what_is_withheld(it):
    rolled_up(it, {"A": None, "B": 10, "C": 20})
    it.total.is_rolled_up = False
    it.total.save()
    factories.restate(it.total.measurements.all(), value=37, parts_present=None, parts_expected=None)
    assert by_name(it, known(it)) == {"C": 20, "i alt": 37}


def test_a_share_is_hidden_with_both_its_counts(it):
    share = factories.indicator(it.authority, name="Andel", value_kind="ratio", unit_rollup="ratio")
    goal = factories.goal(it.department)
    above = factories.series(share, it.department, goal, is_rolled_up=True)
    for school, numerator, denominator in ((it.school, 43, 45), (it.other_school, 20, 50)):
        ratio(factories.series(share, school, goal), "2026K2", numerator, denominator)
    ratio(above, "2026K2", 63, 95, parts_present=2, parts_expected=2)
    lines = lines_of("/data/tal.csv")
    shown = {line["Enhed"]: (line["Tæller"], line["Nævner"], line["Værdi"] != "") for line in lines}
    assert shown == {
        "Bakkeskolen": ("", "", False),  # all but two
        "Elmeskolen": ("", "", False),
        "Center for Skole": ("63", "95", True),
    }


def test_what_stood_before_a_correction_is_hidden_when_small(it):
    rolled_up(it, {"A": 30, "B": 10})
    factories.correction(it.schools["A"].measurements.get(), 31)
    factories.correction(it.schools["B"].measurements.get(), 11)
    factories.restate(it.schools["B"].measurements.all(), corrected_from=2)
    before = {line["Enhed"]: line["Værdi før rettelsen"] for line in lines_of("/data/tal.csv")}
    assert (before["A"], before["B"]) == ("30", "")


def test_a_baseline_that_is_hidden_as_a_value_is_hidden(it):
    rolled_up(it, {"A": 3, "B": 10, "C": 20})
    for series in it.schools.values():
        series.baseline_period, series.baseline_value = "2026K2", series.measurements.get().value
        series.save()
    baselines = {one["unit"]["name"]: one["baseline"] for one in api("/series")["items"]}
    assert baselines["A"] is None and baselines["B"] is None
    assert baselines["C"] == {"period": "2026K2", "value": 20.0}
    assert api(f"/series/{it.schools['A'].pk}")["baseline"] is None


def test_a_hidden_number_gives_no_light(it):
    goal = factories.goal(it.council)
    count = factories.indicator(it.authority, unit_of_measure="elever", decimals=0)
    series = factories.series(count, it.council, goal, baseline_period="2023K4", baseline_value=9, tolerance=1)
    factories.target(series, "2024K4", 20)
    factories.measurement(series, "2024K2", 3)
    (told,) = api("/goals")["items"]
    assert told["light"]["key"] == "nodata"
    factories.restate(series.measurements.all(), value=30)
    (told,) = api("/goals")["items"]
    assert told["light"]["key"] == "reached"


def test_few_answers_behind_a_number_hide_it(it):
    mean = factories.indicator(it.authority, unit_of_measure="point")
    series = factories.series(mean, it.council, factories.goal(it.council))
    factories.measurement(series, "2026K1", "4.2", sample_size=3, standard_deviation=1)
    factories.measurement(series, "2026K2", "4.2", sample_size=60, standard_deviation=1)
    assert [line["Værdi"] for line in lines_of("/data/tal.csv")] == ["", "4,2"]


def test_growth_through_the_year_is_a_count_too(it):
    count = factories.indicator(it.authority, unit_of_measure="elever", decimals=0, accumulates=True)
    series = factories.series(count, it.council, factories.goal(it.council))
    for period, number in (("2026K1", 5), ("2026K2", 7), ("2026K3", 12)):
        factories.measurement(series, period, number)
    assert [line["Værdi"] for line in lines_of("/data/tal.csv")] == ["5", "", "12"]


def test_a_part_of_the_years_hides_the_same(it):
    rolled_up(it, {"A": 3, "B": 10, "C": 20})
    whole = values_in("/data/tal.csv")
    assert values_in("/data/tal.csv?fra=2026K2&til=2026K2") == whole
    assert values_in("/data/tal.csv?fra=2026&til=2026") == whole


class TestAnySchools(TestCase):
    """Whatever the schools' numbers: nothing hidden is the one difference of what is told."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.one_of(st.none(), st.integers(0, 30)), min_size=1, max_size=5))
    def test_nothing_hidden_is_a_difference(self, numbers):
        limiter.forget()
        it = rolled_up(open_town(), {f"S{at}": number for at, number in enumerate(numbers)})
        at = f"/m/{it.authority.code}/data/tal.csv"
        names = {str(series.pk): name for name, series in it.schools.items()} | {str(it.total.pk): "i alt"}
        told = {names[line["Serie"]]: int(line["Værdi"]) for line in lines_of(at) if line["Værdi"]}
        truth = {name: series.measurements.get().value for name, series in it.schools.items()}
        assert not any(0 < number < 4 for number in told.values())
        hidden = [name for name, number in truth.items() if number is not None and name not in told]
        if "i alt" in told and hidden:
            assert len(hidden) > 1
            assert told["i alt"] - sum(number for name, number in told.items() if name != "i alt") >= 6


# ---- what is not public at all ---------------------------------------------------------------------------------------

ADDRESSES = ("/data/", "/data/tal.csv", "/data/serier.csv", "/data/serier.json", "/data/katalog.ttl",
             "/data/katalog.jsonld", f"{API}/goals", f"{API}/series", f"{API}/indicators", f"{API}/values",
             f"{API}/decisions", f"{API}/reports", f"{API}/authorities")  # fmt: skip


def everything():
    """All that the files and the API say, in one text."""
    return "\n".join(body_of(get(path)).decode("utf-8-sig") for path in ADDRESSES)


def test_drafts_and_numbers_that_are_not_approved_are_nowhere(it):
    with_numbers(it)
    proposed = factories.goal(it.council, state=GoalState.PROPOSED, title="Foreslået mål om havnen")
    secret = factories.indicator(it.authority, name="Hemmelig indikator")
    draft = factories.series(secret, it.school, it.draft)
    factories.measurement(draft, "2026K1", 88123)
    factories.series(secret, it.council, proposed)
    it.unapproved.value = 77123
    it.unapproved.save()
    said = everything()
    for text in ("Hemmelig", "Foreslået", "77123", "88123"):
        assert text not in said
    for path in (f"/data/serier/{draft.pk}.csv", f"{API}/series/{draft.pk}", f"{API}/goals/{it.draft.pk}",
                 f"{API}/series/{draft.pk}/values", f"{API}/indicators/{secret.pk}"):  # fmt: skip
        assert get(path).status_code == 404, path


def test_what_no_public_goal_is_measured_by_is_nowhere(it):
    loose = factories.indicator(it.authority, name="Løs indikator")
    series = factories.series(loose, it.council)
    factories.measurement(series, "2026K1", 1)
    assert "Løs" not in everything()
    assert get(f"{API}/series/{series.pk}").status_code == 404


@pytest.mark.parametrize(("depth", "shown"), [("council", 1), ("committees", 1), ("institutions", 2), ("all", 2)])
def test_levels_that_are_not_shown_are_nowhere(it, depth, shown):
    with_numbers(it)
    it.portal.depth = depth
    it.portal.save()
    said = everything()
    assert ("Bakkeskolen" in said) is (shown == 2)
    assert api("/goals")["count"] == api("/series")["count"] == shown
    assert get(f"{API}/goals/{it.below.pk}").status_code == (200 if shown == 2 else 404)
    assert get(f"/data/serier/{it.series.pk}.csv").status_code == (200 if shown == 2 else 404)


def test_a_unit_left_out_is_nowhere(it):
    with_numbers(it)
    it.portal.left_out = [it.school.pk]
    it.portal.save()
    assert "Bakkeskolen" not in everything()
    assert get(f"/data/serier/{it.series.pk}.json").status_code == 404


def test_a_goal_tells_of_no_goal_or_series_that_is_not_public(it):
    with_numbers(it)
    it.portal.depth = "council"
    it.portal.save()
    hidden = factories.goal(it.school)
    GoalSeries.objects.create(goal=it.goal, series=factories.series(it.share, it.other_school))
    it.goal.contributions.create(to_goal=hidden)
    it.goal.parent = factories.goal(it.school, state=GoalState.DRAFT)
    it.goal.save()
    told = api(f"/goals/{it.goal.pk}")
    assert (told["parent"], told["contributes_to"]) == (None, [])


def test_closed_items_are_nowhere(it):
    secret = {"is_closed": True, "closed_reason": "Køb af Solsortevej 3", "public_title": "Sag om en ejendom"}
    factories.decision(it.committee, title="Solsortevej", text="Solsortevej", reference="Solsortevej", **secret)
    factories.decision(it.committee, title="Åben sag", text="Vi gør det")
    said = everything()
    assert "Solsortevej" not in said and "Åben sag" in said
    assert api("/decisions")["count"] == 1


def test_of_another_authority_nothing(it):
    with_numbers(it)
    other = with_numbers(open_town())
    mine, theirs = it.authority.code, other.authority.code
    for path in ("goals", "series", "indicators", "values", "decisions", "reports"):
        items = api(f"/{path}?authority={mine}&limit=500")["items"]
        assert theirs not in {one.get("authority") for one in items}
        if path == "values":
            assert {one["series"] for one in items} == {it.series.pk, it.price.pk}


def test_a_host_name_of_its_own_answers_for_nobody_else(it, settings):
    with_numbers(it)
    other = with_numbers(open_town(host_name="maal.example.dk"))
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "maal.example.dk"]
    at = {"host": "maal.example.dk"}
    assert [one["code"] for one in json.loads(get(f"{API}/authorities", **at).content)] == [other.authority.code]
    for path in (f"goals/{it.goal.pk}", f"series/{it.series.pk}", f"series/{it.series.pk}/values",
                 f"indicators/{it.share.pk}", f"authorities/{it.authority.code}",
                 f"goals?authority={it.authority.code}"):  # fmt: skip
        assert get(f"{API}/{path}", **at).status_code == 404, path
    other.authority.is_portal_open = False
    other.authority.save()
    assert json.loads(get(f"{API}/authorities", **at).content) == []


# ---- surveys ---------------------------------------------------------------------------------------------------------


def read_back(told):
    """What the API says of a survey, in the shape that the attacker of `tests.citizens.attack` reads."""

    def decimal(value):
        return None if value is None else Decimal(str(value))

    def question(one):
        choices = tuple(
            Choice(choice["code"], choice["label"], choice["count"], decimal(choice["mean_place"]))
            for choice in one["choices"]
        )
        plain = {name: one[name] for name in ("code", "label", "kind", "assesses", "is_shown", "n", "beside")}
        numbers = {name: decimal(one[name]) for name in ("mean", "low", "high", "share")}
        return QuestionResult(**plain, choices=choices, is_merged=one["is_merged"], **numbers)

    def group(one):
        questions = tuple(map(question, one["questions"]))
        return GroupResult(one["code"], one["label"], one["invited"], one["n"], questions)

    return SurveyResults(
        n=told["n"],
        invited=told["invited"],
        methods=tuple((one["method"], one["n"]) for one in told["methods"]),
        questions=tuple(map(question, told["questions"])),
        groups=tuple(map(group, told["groups"])),
        backgrounds=tuple((one["question"], tuple(map(group, one["groups"]))) for one in told["backgrounds"]),
        least_shown=told["least_shown"],
    )


def survey_with(it, *counts, state="finished"):
    """A survey of two schools' parents with one scale."""
    made = making.survey(it.school, state=state, finished_at=factories.NOW if state == "finished" else None)
    form = making.questionnaire(made)
    making.question(form, "tryg")
    for code, some in zip(("nord", "syd"), counts, strict=False):
        making.answers(made, making.spread("tryg", *some), group=making.group(made, code))
    return made


@pytest.mark.parametrize(
    "counts",
    [((0, 1, 4, 6, 9), (1, 0, 2, 0, 0)), ((3, 3, 3, 3, 3), (5, 5, 5, 5, 5)), ((0, 0, 0, 0, 8),), ((1, 0, 1, 0, 1),)],
)
def test_of_a_survey_nothing_hidden_is_recovered(it, counts):
    made = survey_with(it, *counts)
    results = read_back(api(f"/surveys/{made.pk}"))
    assert recovered(results) == []
    assert (results.n is None) is (sum(map(sum, counts)) < 6)


@pytest.mark.parametrize("state", ["draft", "pilot", "open", "closed"])
def test_a_survey_that_is_not_answered_is_nowhere(it, state):
    made = survey_with(it, (0, 1, 4, 6, 9), state=state)
    assert api("/surveys")["items"] == []
    assert get(f"{API}/surveys/{made.pk}").status_code == 404


def test_a_survey_tells_nothing_anybody_wrote(it):
    made = survey_with(it, (0, 1, 4, 6, 9))
    form = made.questionnaires.get()
    making.question(form, "ord", "text")
    making.comment(made, "Solsortevej er farlig")
    PublishedAnswer.objects.create(survey=made, heard="I vil have lys", doing="Vi sætter lys op")
    told = get(f"{API}/surveys/{made.pk}").content.decode()
    assert "Solsortevej" not in told and "I vil have lys" in told
