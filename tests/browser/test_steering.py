"""Triangle, effect chain and workshop in a real browser: accessible at both widths, and by the keyboard alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from citizens import limits
from citizens.actions.workshops import make_workshop
from goals.models import Assumption, ChainStep, Goal, Workshop, WorkshopNote, WorkshopVote
from organisation.models import Unit, User
from tests.browser.looking import axe, faults_of, too_wide


def tab_to(page, name: str, most: int = 120) -> None:
    """Press Tab until what has the focus is named so; fails when it cannot be reached."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(document.activeElement.textContent || '').trim().replace(/\\s+/g, ' ')").startswith(name):
            return
    raise AssertionError(f"{name} is not reached by Tab")


def tab_to_field(page, field: str, most: int = 120) -> None:
    """Press Tab until the field with the name has the focus."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == field:
            return
    raise AssertionError(f"{field} is not reached by Tab")


def is_visible_focus(page) -> bool:
    """Whether what has the focus is drawn so."""
    look = "getComputedStyle(document.activeElement)"
    return page.evaluate(f"{look}.outlineStyle !== 'none' || {look}.boxShadow !== 'none'")


# ---- the triangle ----------------------------------------------------------------------------------------------------


@pytest.fixture
def triangles(demo) -> list[str]:
    """The goal and the unit of the demo that are measured on all three sides."""
    goal, unit = Goal.objects.get(code="B2"), Unit.objects.get(code="SKO")
    return [f"/maal/{goal.pk}/trekant/", f"/enheder/{unit.pk}/trekant/"]


def test_the_triangle_at_every_width(visit, triangles):
    visitor = visit("udvalgsformand")
    for path in (*triangles, *(path.removesuffix("trekant/") for path in triangles)):
        assert faults_of(visitor, [path], [1280, 820, 390, 360]) == []
        for width in (1280, 820, 390, 360):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            assert visitor.page.locator("svg.m-triangle__svg").is_visible(), f"{path} at {width}"


def test_the_triangle_by_the_keyboard_from_the_goals_page(visit, triangles):
    path = triangles[0]
    visitor = visit("udvalgsformand")
    visitor.go(path.removesuffix("trekant/"))
    tab_to(visitor.page, "Se tallene bag trekanten")
    assert is_visible_focus(visitor.page)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(f"**{path}")
    tab_to(visitor.page, "Udgift pr. elev")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/serier/*/")
    assert "faste priser, 2026-niveau" in visitor.text


def test_the_triangle_without_javascript(visit, triangles):
    visitor = visit("udvalgsformand", script=False)
    visitor.go(triangles[1].removesuffix("trekant/"))
    visitor.page.get_by_role("link", name="Se økonomi, aktivitet og kvalitet sammen").click()
    assert visitor.page.locator("svg.m-triangle__svg").is_visible()
    assert "kr., 2026-priser" in visitor.text


# ---- the effect chain ------------------------------------------------------------------------------------------------


def test_an_effect_chain_is_built_and_moved_by_the_keyboard(visit, demo):
    """Two steps and the arrow between, then the first moved down: no mouse."""
    goal = Goal.objects.get(code="BAK1")
    visitor = visit("leder")
    page = visitor.page
    for kind, text in (
        ("aktiviteter", "Vi ringer hjem"),
        ("aktiviteter", "Vi holder møde"),
        ("effekter på kort", "Mødt"),
    ):
        visitor.go(f"/maal/{goal.pk}/effektkaede/")
        tab_to(page, f"Tilføj led: {kind}")
        assert is_visible_focus(page)
        page.keyboard.press("Enter")
        page.wait_for_url("**/led/nyt/**")
        tab_to_field(page, "text")
        page.keyboard.type(text)
        tab_to(page, "Gem")
        page.keyboard.press("Enter")
        page.wait_for_url("**/effektkaede/#led-*")
    tab_to(page, "Ny antagelse")
    page.keyboard.press("Enter")
    page.wait_for_url("**/antagelse/ny/**")
    tab_to_field(page, "from_step")
    page.keyboard.press("ArrowDown")
    tab_to_field(page, "to_step")
    page.keyboard.press("End")
    tab_to_field(page, "text")
    page.keyboard.type("forældre hjælper")
    tab_to(page, "Gem")
    page.keyboard.press("Enter")
    page.wait_for_url("**/effektkaede/#led-*")
    arrow = Assumption.objects.get(from_step__goal=goal)
    assert (arrow.from_step.text, arrow.to_step.text, arrow.text) == ("Vi ringer hjem", "Mødt", "forældre hjælper")
    tab_to(page, "↓Flyt led 1 ned")
    page.keyboard.press("Enter")
    expect(page.locator(".m-chaincard__text").first).to_contain_text("Vi holder møde")
    moved = ChainStep.objects.filter(goal=goal, kind="activity").order_by("position")
    assert [step.text for step in moved] == ["Vi holder møde", "Vi ringer hjem"]
    assert not axe(page)
    assert not visitor.faults


# ---- a workshop on a phone -------------------------------------------------------------------------------------------


def test_a_workshop_by_the_keyboard_on_a_phone(visit, demo):
    """By the link alone: role, two votes, send; then a comment."""
    limits.fresh.forget()
    now = timezone.now()
    workshop = Workshop(
        unit=Unit.objects.get(code="BAK"),
        title="Hvad skal vi samle os om?",
        votes_each=2,
        closes_on=timezone.localdate(now) + timedelta(days=7),
    )
    token = make_workshop(workshop, ["Læsning", "Trivsel", "Fravær"], by=User.objects.get(username="leder"), now=now)
    visitor = visit(width=390)
    page = visitor.page
    visitor.go(f"/vaerksted/{token}/")
    assert not too_wide(page)
    assert not axe(page)
    tab_to_field(page, "role")
    page.keyboard.press("Space")
    tab_to_field(page, "areas")
    assert is_visible_focus(page)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, "Send stemmer")
    page.keyboard.press("Enter")
    page.wait_for_url("**sendt=stemmer**")
    assert "Dine stemmer er talt med." in page.inner_text("body")
    assert sorted(WorkshopVote.objects.filter(count__gt=0).values_list("focus_area__text", flat=True)) == [
        "Fravær",
        "Læsning",
    ]
    tab_to_field(page, "area")
    page.keyboard.press("ArrowDown")
    tab_to_field(page, "text")
    page.keyboard.type("Husk de yngste")
    tab_to(page, "Send kommentar")
    page.keyboard.press("Enter")
    page.wait_for_url("**sendt=kommentar**")
    note = WorkshopNote.objects.get()
    assert (note.focus_area.text, note.text) == ("Læsning", "Husk de yngste")
    assert not axe(page)
    assert not visitor.faults
