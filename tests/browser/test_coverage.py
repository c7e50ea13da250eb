"""The coverage matrices by keyboard alone: every cell is reached in the order it is read, opened, and left again."""

import pytest

from goals.models import Goal
from organisation.models import Unit
from tests.browser.test_main_job import Keyboard

FOCUSED = "document.activeElement"


@pytest.fixture
def keys(visit):
    return Keyboard(visit("konsulent"))


def walked(keys: Keyboard, count: int) -> list[str]:
    """Where the next so many presses of Tab lead, as addresses."""
    found = []
    for _ in range(count):
        keys.page.keyboard.press("Tab")
        found.append(keys.page.evaluate(f"{FOCUSED}.getAttribute('href')"))
        assert keys.page.evaluate(f"{FOCUSED}.matches(':focus-visible')")
    return found


def links(keys: Keyboard) -> list[str]:
    """The links of the matrix, row by row."""
    return keys.page.locator(".m-heat__box a").evaluate_all("all => all.map(one => one.getAttribute('href'))")


def seen_in_box(keys: Keyboard) -> bool:
    """Whether the middle of what has focus, where its sign stands, is seen: in the box, and not behind fixed heads.

    The browser leaves what it shows half of where it is (WCAG 2.2, 2.4.11: not wholly hidden).
    """
    return keys.page.evaluate(
        """() => {
            const box = document.querySelector('.m-heat__box').getBoundingClientRect();
            const one = document.activeElement.getBoundingClientRect();
            const middle = one.left + one.width / 2;
            const at = document.elementFromPoint(middle, one.top + one.height / 2);
            return middle >= box.left && middle <= box.right
                && (document.activeElement.contains(at) || at.contains(document.activeElement));
        }"""
    )


@pytest.mark.parametrize("path", ["/daekning/", "/daekning/omraader/"])
def test_every_cell_is_reached_in_the_order_it_is_read(keys, path):
    keys.visitor.go(path)
    box = keys.page.locator(".m-heat__box")
    keys.reach(box)
    wanted = links(keys)
    assert len(wanted) > 10
    assert walked(keys, len(wanted)) == wanted
    keys.page.keyboard.press("Shift+Tab")
    assert keys.page.evaluate(f"{FOCUSED}.getAttribute('href')") == wanted[-2]
    assert not keys.visitor.faults


@pytest.mark.parametrize("path", ["/daekning/", "/daekning/omraader/"])
def test_what_has_focus_is_seen_where_the_matrix_scrolls(visit, path):
    keys = Keyboard(visit("konsulent", width=820))
    keys.visitor.go(path)
    keys.reach(keys.page.locator(".m-heat__box"))
    before = keys.page.evaluate(f"{FOCUSED}.scrollLeft")
    keys.page.keyboard.press("ArrowRight")
    keys.page.wait_for_timeout(300)
    is_wider = keys.page.evaluate(f"{FOCUSED}.scrollWidth > {FOCUSED}.clientWidth")
    assert keys.page.evaluate(f"{FOCUSED}.scrollLeft") > before or not is_wider
    keys.page.keyboard.press("ArrowLeft")
    keys.page.wait_for_timeout(500)
    unseen = []
    for href in links(keys):
        keys.page.keyboard.press("Tab")
        for _ in range(20):  # a busy machine scrolls late
            if seen_in_box(keys):
                break
            keys.page.wait_for_timeout(50)
        else:
            unseen.append(href)
    assert unseen == []


def test_a_cell_is_opened_and_left_and_the_tabs_lead_on(keys):
    council = Goal.objects.get(code="M2")
    committee = Unit.objects.get(code="BSU")
    keys.visitor.go("/daekning/")
    cell = keys.page.locator(f'.m-heat__box a[href="/daekning/{council.pk}/{committee.pk}/"]')
    assert committee.name in (cell.get_attribute("aria-label") or cell.inner_text() or "") or cell.inner_text().strip()
    keys.reach(cell)
    keys.page.keyboard.press("Enter")
    keys.page.wait_for_url(f"**/daekning/{council.pk}/{committee.pk}/")
    assert "Elevernes fravær falder" in keys.visitor.text
    keys.press("link", "Dækning")
    keys.press("link", "Serviceområder")
    assert "Hvilke områder er der mål for?" in keys.visitor.text
    keys.press("link", "Fritid og klub")
    assert keys.page.locator("h1").inner_text() == "Fritid og klub"
    keys.visitor.go("/daekning/")
    keys.press("link", "Det, der mangler")
    assert "Fritid og klub" in keys.visitor.text or "område" in keys.visitor.text


def test_on_a_phone_the_list_takes_the_matrix_place(visit):
    keys = Keyboard(visit("konsulent", width=390))
    for path in ("/daekning/", "/daekning/omraader/"):
        keys.visitor.go(path)
        assert not keys.page.locator(".m-heat__box").is_visible()
        wanted = keys.page.locator(".m-heat__list a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        keys.reach(keys.page.locator(".m-heat__list a").first)
        assert [wanted[0], *walked(keys, len(wanted) - 1)] == wanted
