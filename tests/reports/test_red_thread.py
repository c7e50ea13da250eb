"""The page of the red thread: which goals are in it, where its links lead, who sees what, and how few questions."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followup.models import GoalStanding
from goals.kinds import GoalState
from goals.models import Contribution, Goal
from tests import factories

MOST = 12


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ").split())


def boxes(html: str) -> list[str]:
    """The words of each box that is a link, in order."""
    picture = html[html.index('class="m-walk__svg"') : html.index("</svg></div>")]
    return [text(box) for box in re.findall(r"<a .*?</a>", picture)]


def listed(html: str) -> str:
    return text(html[html.index('id="liste"') :])


def standing(goal, light):
    GoalStanding.objects.create(goal=goal, light=light)
    return goal


@pytest.fixture
def it(town):
    town.top = standing(factories.goal(town.council, short_name="Fravær"), "ontrack")
    town.middle = standing(factories.goal(town.committee, town.top, short_name="Skolefravær"), "atrisk")
    town.low = standing(factories.goal(town.department, town.middle, short_name="Ro i skolen"), "overdue")
    town.lowest = standing(factories.goal(town.school, town.low, short_name="Ringe hjem"), "offtrack")
    town.too_low = factories.goal(town.other_school, town.lowest, short_name="For langt nede")
    town.across = standing(factories.goal(town.other_committee, short_name="Ungdomsliv"), "reached")
    Contribution.objects.create(goal=town.across, to_goal=town.middle)
    town.beside = standing(factories.goal(town.other_committee, short_name="Godt hjem"), "reached")
    Contribution.objects.create(goal=town.middle, to_goal=town.beside)
    factories.goal(town.school, town.middle, short_name="Kladden", state=GoalState.DRAFT)
    return town


@pytest.fixture
def page(it, sign_in):
    def page(goal, query="", person=None) -> str:
        answer = sign_in(person or it.reader).get(reverse("reports:red_thread", args=[goal.pk]) + query)
        assert answer.status_code == 200
        return answer.content.decode()

    return page


def test_the_thread_above_and_two_levels_below(it, page):
    html = page(it.middle)
    assert boxes(html) == [
        "På rette vej Fravær Byrådet",
        "Nået Godt hjem På tværs: Socialudvalget",
        "Kræver opmærksomhed Skolefravær Børne- og Skoleudvalget",
        "Mangler Ro i skolen Center for Skole",
        "Ikke på rette vej Ringe hjem Bakkeskolen",
        "Nået Ungdomsliv På tværs: Socialudvalget",
    ]
    assert "2 mål bidrager direkte: 1 mangler · 1 nået. Et af dem bidrager på tværs." in text(html)


def test_what_stays_in_its_unit_is_not_in_the_thread(it, page):
    Goal.objects.filter(pk__in=[it.low.pk, it.across.pk]).update(goes_up=False)
    html = page(it.middle)
    for name in ("Ro i skolen", "Ringe hjem", "Ungdomsliv"):
        assert name not in html


def test_boxes_lead_along_the_thread_and_the_middle_one_to_its_own_page(it, page):
    html = page(it.middle)
    for goal in (it.top, it.low, it.lowest):
        assert f'href="/maal/{goal.pk}/roed-traad/"' in html
    assert f'<a href="/maal/{it.middle.pk}/" aria-current=' in html


def test_the_list_says_the_same(it, page):
    words = listed(page(it.middle))
    for one in ("Fravær På rette vej Byrådet", "Ringe hjem Ikke på rette vej Bakkeskolen",
                "Ungdomsliv Nået På tværs: Socialudvalget"):  # fmt: skip
        assert one in words


def test_broken_links_are_said(it, page):
    assert "Brudt led" not in page(it.across)  # it helps a goal in force, if only across
    html = page(factories.goal(it.school))
    assert "Brudt led: målet bidrager ikke til et mål længere oppe." in listed(html)
    orphan = factories.goal(it.school, factories.goal(it.committee, it.top, state=GoalState.CLOSED))
    assert "Brudt led: målet ovenover er afsluttet." in listed(page(orphan))
    lonely = factories.goal(it.committee, it.top)
    assert "Brudt led: ingen enhed har oversat målet til sin egen opgave." in listed(page(lonely))
    assert "Brudt led" not in page(it.too_low)


def test_a_goal_of_another_authority_is_named_without_link_or_light(it, page):
    stranger = factories.municipality()
    foreign = standing(factories.goal(stranger.school, short_name="Fælles bus"), "offtrack")
    Contribution.objects.create(goal=foreign, to_goal=it.middle)
    html = page(it.middle)
    assert f"Fælles bus På tværs: Bakkeskolen, {stranger.authority.name}" in listed(html)
    assert f"/maal/{foreign.pk}/" not in html


def test_drafts_and_strangers(it, page, sign_in):
    assert "Kladden" not in page(it.middle)
    draft = factories.goal(it.school, it.middle, state=GoalState.DRAFT)
    url = reverse("reports:red_thread", args=[draft.pk])
    assert sign_in(it.reader).get(url).status_code == 404
    assert sign_in(it.manager).get(url).status_code == 200
    assert sign_in(factories.municipality().director).get(url).status_code == 404


def test_many_goals_are_folded_and_unfolded_in_the_address(it, page):
    for n in range(50):
        standing(factories.goal(it.school, it.top, short_name=f"Nr. {n}"), "offtrack" if n < 3 else "ontrack")
    html = page(it.top)
    assert "50 mål i Bakkeskolen 3 ikke på rette vej 47 på rette vej Vis dem" in boxes(html)[1]
    key = f"{it.top.pk}-{it.school.pk}"
    assert f'href="?aaben={key}#boks-{key}"' in html
    assert f'href="?aaben={key}#linje-{key}"' in html
    opened = page(it.top, f"?aaben={key}&aaben=x&aaben=1-2-3")
    assert sum("Nr. " in box for box in boxes(opened)) == 50
    assert f'href="/maal/{it.top.pk}/roed-traad/#boks-{key}"' in opened


@pytest.mark.xdist_group("thread_queries")
@pytest.mark.parametrize("many", [2, 30])
def test_the_same_few_questions_however_many(it, sign_in, many):
    for n in range(many):
        school = factories.unit(it.department)
        one = standing(factories.goal(school, it.middle, rank=n), "ontrack")
        standing(factories.goal(school, one), "ontrack")
    client, url = sign_in(it.reader), reverse("reports:red_thread", args=[it.middle.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    assert len(captured) <= MOST, [one["sql"][:90] for one in captured]
