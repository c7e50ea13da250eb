"""Owners in two authorities share a goal and change its target together, by keyboard and without scripts."""

import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from goals.actions.owners import commit_owner, invite_owner, make_cross_cutting
from malstyring.management.commands.load_demo import FIXED_PASSWORD
from tests import factories
from tests.browser.looking import axe
from tests.browser.test_main_job import Keyboard
from tests.goals.sharing import commitment

PAGE = re.compile(r"/tvaergaaende/\d+/$")


@pytest.fixture
def demo(transactional_db):
    """Two small authorities instead of the demo: a goal with a target here, a hospital with its director there."""
    it = SimpleNamespace(town=factories.municipality(name="Prøveby Kommune"), region=factories.municipality())
    it.region.authority.name = "Region Prøve"
    it.region.authority.save()
    it.hospital = factories.unit(it.region.directorate, name="Hospital Vest")
    it.goal = factories.goal(it.town.school, title="Færre børn bliver indlagt igen", short_name="Genindlæggelser")
    it.series = factories.series(
        factories.indicator(it.town.authority, name="Genindlagte børn", direction="lower", frequency="year"),
        it.town.school, it.goal, baseline_period="2024", baseline_value=Decimal(14),
    )  # fmt: skip
    factories.target(it.series, "2027", 10)
    factories.measurement(it.series, "2024", 14)
    factories.measurement(it.series, "2025", 12)
    for name, unit in (
        ("Opkald samme dag", it.town.school),
        ("Hjembesøg", it.town.other_school),
        ("Tider", it.hospital),
    ):
        factories.series(factories.indicator(unit.authority, name=name), unit)
    names = {
        "by-direktoer": it.town.director,
        "by-konsulent": it.town.consultant,
        "region-direktoer": it.region.director,
    }
    for name, person in names.items():
        person.username = name
        person.set_password(FIXED_PASSWORD)
        person.save()
    return it


class Owner(Keyboard):
    """Somebody who answers for a unit."""

    def choose(self, selector: str, begins: str) -> None:
        self.reach(self.page.locator(selector))
        self.page.keyboard.type(begins)

    def commit(self, contribution: str, indicator: str, leader: str, button: str) -> None:
        self.write("[name=contribution]", contribution)
        self.choose("[name=series]", indicator)
        self.write("[name=resource]", "2 årsværk")
        self.choose("[name=responsible]", leader)
        self.press("button", button)

    def answer(self) -> None:
        self.reach(self.page.locator("[name=agrees]").first)
        self.page.keyboard.press("Space")
        self.press("button", "Send svaret")

    def write_day(self, selector: str, day: date) -> None:
        """In the browser's own order of month and day."""
        self.reach(self.page.locator(selector))
        self.page.keyboard.type(f"{day:%m%d%Y}")

    def told(self) -> str:
        return self.page.locator(".m-notice").first.inner_text()


def share(it) -> None:
    """The goal is owned by both schools and the hospital."""
    director, now = it.town.director, timezone.now()
    make_cross_cutting(it.goal, commitment(it.town.school, it.town.manager), by=director, now=now)
    for unit, leader in ((it.hospital, it.region.manager), (it.town.other_school, it.town.other_manager)):
        owner = invite_owner(it.goal, unit, by=director, now=now)
        commit_owner(owner, commitment(unit, leader), version=owner.version, by=director, now=now)


def signed_in(visit, name: str, script: bool = True) -> Owner:
    owner = Owner(visit(script=script))
    owner.sign_in(name)
    return owner


def test_a_goal_gets_an_owner_in_another_authority(visit, demo):
    director = signed_in(visit, "by-direktoer")
    director.visitor.go(f"/maal/{demo.goal.pk}/")
    director.press("link", re.compile("Gør målet tværgående"))
    director.commit("Skolen ringer hjem samme dag", "Opkald", str(demo.town.manager), "Forpligt jer, og gør målet")
    expect(director.page).to_have_url(PAGE)
    director.press("link", "Invitér en ejer")
    director.choose("[name=myndighed]", "Region")
    director.press("button", "Vis enhederne")
    director.choose("[name=unit]", "Hospital")
    director.write("[name=note]", "Vi har brug for jer")
    assert not axe(director.page)
    director.press("button", "Send invitationen")
    assert "Hospital Vest er inviteret" in director.told()

    region = signed_in(visit, "region-direktoer")
    region.press("link", re.compile("^Invitation"))
    expect(region.page.locator("blockquote")).to_contain_text("Vi har brug for jer")
    region.commit("Hospitalet ringer efter tre dage", "Tider", str(demo.region.manager), "Forpligt jer")
    expect(region.page).to_have_url(PAGE)
    assert not axe(region.page)
    region.visitor.go("/maal/?q=Genindl")
    assert demo.goal.title not in region.visitor.text, "the goal's other pages are its own authority's"
    assert not director.visitor.faults and not region.visitor.faults


@pytest.mark.parametrize("script", [True, False])
def test_three_owners_in_two_authorities_change_a_target_together(visit, demo, script):
    share(demo)
    director, region = (signed_in(visit, name, script) for name in ("by-direktoer", "region-direktoer"))
    for owner in (region, director):
        owner.visitor.go(f"/tvaergaaende/{demo.goal.pk}/")
        owner.press("link", re.compile("^Foreslå et nyt måltal"))
    # Both have the form open: the hospital is first, and the school's director is told.
    for owner, value in ((region, "9"), (director, "8")):
        owner.write("[name=value]", value)
        owner.write("[name=reason]", "Vi er længere, end vi troede")
        owner.choose("[name=body]", "Byrådet")
        owner.write_day("[name=decided_on]", date(2026, 6, 24))
        owner.write("[name=reference]", "punkt 9")
        owner.press("button", "Send forslaget til de andre ejere")
    assert "Forslaget er sendt" in region.told()
    expect(director.page.locator("main")).to_contain_text("Hospital Vest, kom først og foreslår højst 9,0 pct. i 2027")

    director.visitor.go("/")
    director.press("link", re.compile("^Svar på nyt måltal"))
    director.choose("[name=owner]", "Bakkeskolen")
    director.answer()
    assert "når alle er enige" in director.told()
    assert not demo.series.targets.filter(value=9).exists()
    consultant = signed_in(visit, "by-konsulent", script)
    consultant.visitor.go("/tvaergaaende/")
    consultant.press("link", re.compile("^Svar ?: "))
    if script:
        assert not axe(consultant.page)
    consultant.answer()
    assert "Alle er enige. Måltallet er ændret." in consultant.told()
    region.visitor.go(f"/tvaergaaende/{demo.goal.pk}/")
    expect(region.page.locator(".m-card")).to_contain_text("højst 9,0 pct. i 2027")
    if script:
        assert not axe(region.page)
    region.page.set_viewport_size({"width": 390, "height": 844})
    assert region.page.evaluate("document.documentElement.scrollWidth") == 390
    assert not any(owner.visitor.faults for owner in (director, region, consultant))


def test_one_owner_withdraws_and_all_see_it(visit, demo):
    share(demo)
    region = signed_in(visit, "region-direktoer")
    region.visitor.go(f"/tvaergaaende/{demo.goal.pk}/")
    region.press("link", re.compile("^Træk jer"))
    region.write("[name=reason]", "Hospitalet bliver lagt sammen med et andet")
    region.press("button", "Træk jer fra målet")
    expect(region.page).to_have_url(re.compile("/tvaergaaende/$"))
    assert not axe(region.page)
    assert region.visitor.go(f"/tvaergaaende/{demo.goal.pk}/").status == 404
    director = signed_in(visit, "by-direktoer")
    director.visitor.go(f"/tvaergaaende/{demo.goal.pk}/")
    expect(director.page.locator("#historik + ol")).to_contain_text("Hospitalet bliver lagt sammen med et andet")
