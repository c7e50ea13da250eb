"""The public pages in a real browser: still, silent, accessible, and whole without a script."""

import pytest

from goals.models import Goal, Series
from organisation.models import Unit
from tests.browser.looking import WIDTHS, axe, faults_of_page

# Every jump of what is already drawn, added up as Chromium does for "cumulative layout shift".
SHIFTS = """
window.shifts = 0;
new PerformanceObserver(list => {
  for (const one of list.getEntries()) window.shifts += one.value;
}).observe({type: 'layout-shift', buffered: true});
"""


def paths() -> list[str]:
    """Every public page of the portal."""
    goal, council_goal = Goal.objects.get(code="B3"), Goal.objects.filter(owner_unit__kind="council").first()
    series = Series.objects.get(indicator__code="hoejt-fravaer", unit__code="BAK")
    body, unit = Unit.objects.get(code="BSU"), Unit.objects.get(code="BAK")
    about = [f"maal/{goal.pk}/", f"maal/{council_goal.pk}/", f"udvalg/{body.pk}/", f"enheder/{unit.pk}/",
             f"serier/{series.pk}/", f"maal/{goal.pk}/kort/"]  # fmt: skip
    lists = ["", "soeg/", "soeg/?q=fravær", "mangler/", "rapporter/", "beslutninger/", "om/"]
    return ["/", *(f"/aabne-maal/{one}" for one in (*lists, *about))]


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_still_silent_and_accessible(visit, width):
    visitor = visit(width=width)
    visitor.context.add_init_script(SHIFTS)
    said: list[str] = []
    visitor.page.on("console", lambda message: said.append(message.text))
    found = []
    for path in paths():
        assert visitor.go(path).status == 200, path
        visitor.page.wait_for_load_state("load")
        assert visitor.page.locator("h1").count() == 1, path
        if (shifted := visitor.page.evaluate("window.shifts")) > 0:
            found.append(f"{path} moves by {shifted}")
        # The first page lets go of what a tablet kept; it shows the same without.
        scripts = visitor.page.locator('script:not([src$="/forget.js"])').count()
        if scripts:
            found.append(f"{path} has {scripts} scripts")
        found += faults_of_page(visitor.page, [width])
    found += [*visitor.faults, *said]
    assert not found, "\n".join(found)
    assert not visitor.context.cookies()


def test_everything_is_there_without_a_script(visit):
    visitor = visit(width=390, script=False)
    for path in paths():
        assert visitor.go(path).status == 200, path
    visitor.go("/aabne-maal/")
    assert "Byrådets fem pejlemærker" in visitor.text
    visitor.page.get_by_role("link", name="Tal og historik").first.click()
    assert "Den røde tråd" in visitor.page.inner_text("aside")
    visitor.page.get_by_text("Vis tallene som tabel").click()
    assert visitor.page.locator("details table").is_visible()
    visitor.page.get_by_role("link", name="Alle tal, rettelser og kilde").click()
    assert "Alle tal" in visitor.text
    visitor.go("/aabne-maal/")
    visitor.page.get_by_label("Søg i mål, indikatorer og enheder").fill("FRAVÆR")
    visitor.page.get_by_role("button", name="Søg").click()
    assert "Elevernes fravær falder" in visitor.text
    assert not visitor.faults
    assert not visitor.context.cookies()


def test_the_card_in_another_page(visit):
    """Its own origin frames it here; that every origin may, the header says (tests/reports/test_portal_pages.py)."""
    goal = Goal.objects.filter(owner_unit__kind="council").first()
    visitor = visit()
    visitor.go(f"/aabne-maal/maal/{goal.pk}/")
    code = visitor.page.locator(".m-portal-code").inner_text()
    assert f'title="Pejlemærke: {goal.title}"' in code
    visitor.page.set_content(f"<main>{code}</main>")
    card = visitor.page.frame_locator("iframe")
    card.locator("h1").wait_for()
    assert card.locator("h1").inner_text() == goal.title


def test_the_consultant_closes_the_portal(visit):
    consultant, stranger = visit("konsulent"), visit()
    consultant.go("/indstillinger/aabne-maal/")
    assert not axe(consultant.page)
    consultant.page.uncheck("[name=is_open]")
    consultant.page.get_by_role("button", name="Gem").click()
    assert "Målene er ikke åbne" in consultant.text
    assert stranger.go("/aabne-maal/").status == 404
    consultant.page.get_by_role("link", name="Se forsiden").click()
    assert "Byrådets fem pejlemærker" in consultant.text
    assert not axe(consultant.page)
    consultant.go("/indstillinger/aabne-maal/")
    consultant.page.check("[name=is_open]")
    consultant.page.get_by_role("button", name="Gem").click()
    assert stranger.go("/aabne-maal/").status == 200
    assert not consultant.faults
    assert not stranger.faults
