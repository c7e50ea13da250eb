"""The page of broken links: what is listed, for whom, with what to do; and the count that other pages fetch."""

from datetime import timedelta

import pytest

from goals.actions.translations import ask_translation
from goals.kinds import GoalState
from goals.models import Contribution, Goal
from tests import factories
from tests.factories import NOW, TODAY
from tests.followup.flow import html

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def broken(town):
    """One broken link of each kind, in the committee's and the department's part of the tree."""
    town.top = factories.goal(town.council, title="Øverst")
    town.served = factories.goal(town.committee, town.top, title="Bæres af skolen")
    town.low = factories.goal(town.school, town.served, title="Skolens mål")
    town.unserved = factories.goal(town.department, town.top, title="Uden nogen under", responsible=town.director)
    town.loose = factories.goal(town.other_school, title="Uden noget over")
    closed = factories.goal(town.committee, town.top, title="Et afsluttet", state=GoalState.CLOSED)
    Goal.objects.filter(pk=closed.pk).update(replaced_by=town.served)
    town.orphan = factories.goal(town.school, closed, title="Under et afsluttet")
    Contribution.objects.create(goal=town.low, to_goal=closed)
    day = NOW - timedelta(days=30)
    [town.late] = ask_translation(town.served, [town.other_school], due_date=TODAY - timedelta(days=3),
                                  by=town.consultant, now=day)  # fmt: skip
    return town


def rows(answer):
    return [(row.kind.value, row.goal.title) for row in answer.context["rows"]]


ALL = [
    ("late", "Bæres af skolen"),
    ("parent_closed", "Under et afsluttet"),
    ("loose", "Uden noget over"),
    ("unserved", "Uden nogen under"),
    ("helps_closed", "Skolens mål"),
]


def test_everything_broken_with_who_answers_for_it_and_what_to_do(broken, sign_in):
    answer = sign_in(broken.consultant).get("/maal/brudte-led/")
    assert rows(answer) == ALL
    text = html(answer)
    assert "5 brudte led" in text
    people = {row.kind.value: [str(one) for one in row.people] for row in answer.context["rows"]}
    assert people == {
        "late": [str(broken.other_manager)],
        "parent_closed": [str(broken.manager)],
        "loose": [str(broken.other_manager)],
        "unserved": [str(broken.director)],
        "helps_closed": [str(broken.manager)],
    }
    for path in (
        f"/oversaettelser/{broken.late.pk}/", f"/maal/{broken.orphan.pk}/flyt/", f"/maal/{broken.loose.pk}/flyt/",
        f"/maal/{broken.unserved.pk}/send-ned/", f"/maal/{broken.low.pk}/bidrag/",
    ):  # fmt: skip
        assert f'href="{path}"' in text
    assert "Elmeskolen skulle svare senest 7. august 2026." in text
    assert "Afløst af" in text


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("udvalg={committee}", ["late", "parent_closed", "loose", "unserved", "helps_closed"]),
        ("udvalg={other_committee}", []),
        ("enhed={school}", ["parent_closed", "helps_closed"]),
        ("enhed={department}", ["late", "parent_closed", "loose", "unserved", "helps_closed"]),
        ("enhed={other_school}&slags=loose", ["loose"]),
        ("udvalg={committee}&enhed={school}", ["parent_closed", "helps_closed"]),
        ("slags=unserved", ["unserved"]),
        ("slags=x&udvalg=x&enhed=999999", ["late", "parent_closed", "loose", "unserved", "helps_closed"]),
    ],
)
def test_filters(broken, sign_in, query, kinds):
    units = {name: getattr(broken, name).pk for name in ("committee", "other_committee", "school", "department",
                                                         "other_school")}  # fmt: skip
    answer = sign_in(broken.consultant).get(f"/maal/brudte-led/?{query.format(**units)}")
    assert [row.kind.value for row in answer.context["rows"]] == kinds
    if not kinds:
        assert "Ingen brudte led passer til dine valg." in html(answer)


def test_who_may_not_mend_is_told_whom_to_ask(broken, sign_in):
    text = html(sign_in(broken.politician).get("/maal/brudte-led/"))
    assert "/send-ned/" not in text
    assert "Spørg, hvem der skal oversætte målet." in text
    assert "Elmeskolen skulle svare" not in text  # what is not answered is seen by those who see drafts
    text = html(sign_in(broken.other_manager).get("/maal/brudte-led/"))
    assert "Oversæt målet" in text
    assert f'href="/maal/{broken.loose.pk}/flyt/"' in text
    assert f'href="/maal/{broken.orphan.pk}/flyt/"' not in text


def test_what_is_sent_says_how_far_it_is(broken, sign_in):
    ask_translation(broken.unserved, [broken.school, broken.other_school], due_date=TODAY, by=broken.head, now=NOW)
    text = html(sign_in(broken.head).get("/maal/brudte-led/"))
    assert "Sendt til 2 enheder, 0 har svaret." in text
    assert f'href="/oversaettelser/?maal={broken.unserved.pk}"' in text


def test_nothing_broken(town, sign_in):
    assert "Alle led hænger sammen." in html(sign_in(town.reader).get("/maal/brudte-led/"))
    assert "Ingen brudte led" in html(sign_in(town.reader).get("/maal/brudte-led/antal/"))


def test_the_count_is_that_of_the_page(broken, sign_in):
    client = sign_in(broken.consultant)
    for query in ("", f"?udvalg={broken.committee.pk}", f"?enhed={broken.school.pk}"):
        total = client.get(f"/maal/brudte-led/{query}").context["total"]
        text = html(client.get(f"/maal/brudte-led/antal/{query}"))
        assert f'href="/maal/brudte-led/{query}">{total} brud' in text
    assert f'hx-get="/maal/brudte-led/antal/?udvalg={broken.committee.pk}"' in html(
        client.get(f"/udvalg/{broken.committee.pk}/")
    )
    assert 'hx-get="/maal/brudte-led/antal/"' in html(client.get("/maal/"))


@pytest.mark.parametrize("size", [2, 60])
def test_the_same_few_questions_and_fifty_a_page(town, sign_in, size, django_assert_max_num_queries):
    top = factories.goal(town.council)
    for _one in range(size):
        factories.goal(town.school)
        factories.goal(town.department, top)
    client = sign_in(town.consultant)
    client.get("/maal/brudte-led/")
    with django_assert_max_num_queries(19):
        answer = client.get("/maal/brudte-led/")
    assert len(answer.context["rows"]) == min(2 * size, 50)
    assert answer.context["total"] == 2 * size


def test_the_goals_page_says_the_same_as_the_list(broken, sign_in):
    client = sign_in(broken.consultant)
    for goal, said in (
        (broken.unserved, "Brudt led: mangler oversættelse"),
        (broken.loose, "Målet bidrager ikke til et mål længere oppe."),
        (broken.orphan, "Målet ovenover er afsluttet."),
    ):
        text = html(client.get(f"/maal/{goal.pk}/"))
        assert said in text, goal
    for goal in (broken.top, broken.served, broken.low):
        assert "Brudt led" not in html(client.get(f"/maal/{goal.pk}/")), goal
