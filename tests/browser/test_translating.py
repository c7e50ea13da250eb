"""A broken link is found, sent down, answered in the unit's own words, accepted, and gone: by keyboard, and by mouse
without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from goals.models import Goal, Translation
from organisation.models import Unit
from tests.browser.looking import faults_of
from tests.browser.test_main_job import Keyboard, Mouse

TITLE = "Undervisningen har lærere med de rette kompetencer"
MENU = re.compile(r"^Mål\b")
OWN = "Matematik har en uddannet lærer i alle timer i 2027"


def untick(driver, box) -> None:
    if isinstance(driver, Keyboard):
        driver.reach(box)
        driver.page.keyboard.press("Space")
    else:
        box.uncheck()
    expect(box).not_to_be_checked()


@pytest.mark.parametrize(("driver", "script"), [(Keyboard, True), (Keyboard, False), (Mouse, False)])
def test_a_broken_link_is_mended(visit, driver, script):
    goal = Goal.objects.get(title=TITLE)
    above = driver(visit(script=script))
    above.sign_in("direktoer")
    above.press("link", MENU)
    above.press("link", re.compile("brudte led", re.IGNORECASE))
    row = above.page.get_by_role("row", name=TITLE)
    expect(row).to_contain_text("Ingen har oversat målet")
    expect(row).to_contain_text("Mette Holm")

    # The three schools are suggested; only one of them is asked.
    above.press("link", re.compile("^Send målet ned ?: Kompetencer"))
    for code in ("ELM", "AAS"):
        untick(above, above.page.locator(f"#id_units_{Unit.objects.get(code=code).pk}"))
    above.write("#id_note", "Hvilket fag begynder I med?")
    above.press("button", "Send målet ned")
    expect(above.page.locator(".m-notice--success")).to_contain_text("Målet er sendt til én enhed.")
    sent = Translation.objects.get(goal=goal)
    assert sent.unit.code == "BAK"

    leader = driver(visit(script=script))
    leader.sign_in("leder")
    leader.press("link", re.compile("^Oversæt målet: Undervisningen"))
    expect(leader.page.locator("main")).to_contain_text("Hvilket fag begynder I med?")
    leader.press("link", "Skriv jeres eget mål")
    leader.write("#id_title", OWN)
    leader.write("#id_attractive", "Eleverne lærer mest af den, der kan faget.")
    leader.write("#id_short_name", "Uddannede i matematik")
    leader.press("button", "Gem kladden")
    expect(leader.page.locator("main")).to_contain_text("Før målet kan vedtages, mangler:")
    leader.press("button", "Send jeres mål")
    expect(leader.page.locator(".m-notice--success")).to_contain_text("Jeres mål er sendt til Center for Skole.")
    own = Goal.objects.get(title=OWN)
    assert (own.parent, own.owner_unit.code, own.state) == (goal, "BAK", "draft")

    # Until it is accepted, the link is broken.
    above.press("link", MENU)
    above.press("link", re.compile("brudte led", re.IGNORECASE))
    expect(above.page.get_by_role("row", name=TITLE)).to_contain_text("Sendt til 1 enhed, 1 har svaret.")
    above.press("link", "Overblik")
    above.press("link", re.compile("^Godkend Bakkeskolen, der har oversat"))
    expect(above.page.locator("main")).to_contain_text(OWN)
    above.press("button", "Godkend oversættelsen")
    expect(above.page.locator(".m-notice--success")).to_contain_text("Oversættelsen er godkendt.")
    above.press("link", MENU)
    above.press("link", re.compile("brudte led", re.IGNORECASE))
    expect(above.page.get_by_role("heading", name="Brudte led")).to_be_visible()
    expect(above.page.get_by_role("row", name=TITLE)).to_have_count(0)
    above.visitor.go(f"/maal/{goal.pk}/")
    expect(above.page.locator("main")).not_to_contain_text("mangler oversættelse")
    if script:
        expect(above.page.locator("#_translations")).to_contain_text("Sendt til 1 enhed: 1 godkendt")
    assert not above.visitor.faults + leader.visitor.faults


def test_every_page_of_it(visit):
    """Every state of the demo, for those who answer and those who decide, at both widths."""
    found = Translation.objects.select_related("unit")
    every = [f"/oversaettelser/{one.pk}/" for one in found]
    late = found.get(unit__code="JVO")
    paths = [
        *every, "/maal/brudte-led/", "/oversaettelser/", "/oversaettelser/?vis=alle", f"/maal/{late.goal_id}/send-ned/",
        f"/maal/{late.goal_id}/oversaettelser/", f"/maal/{late.goal_id}/", f"/maal/nyt/?oversaettelse={late.pk}", "/",
    ]  # fmt: skip
    assert not faults_of(visit("konsulent"), paths)
    assert not faults_of(visit("jobchef"), [f"/oversaettelser/{late.pk}/", "/", "/maal/"])
