"""The psychiatry model plays two board meetings by keyboard alone; the second shows what the first decided."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from followup.boards import read_board
from followup.models import Board, Measurement
from organisation.danish import format_number
from tests.browser.looking import faults_of
from tests.browser.test_main_job import Keyboard

FORTNIGHT = timedelta(days=14)
LEADER = "psykiatrien-leder"


@pytest.fixture
def demo(transactional_db, settings, monkeypatch):
    """The psychiatry model instead of the municipality."""
    settings.ALLOW_DEMO = True
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    call_command("load_demo", model="psykiatrien", stdout=StringIO())


@pytest.fixture
def board(demo) -> Board:
    return Board.objects.select_related("unit", "authority").get()


@pytest.fixture
def later(monkeypatch):
    """Moves the clock on."""
    real = timezone.now

    def later(by: timedelta) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: real() + by)

    return later


def view_of(board: Board):
    return read_board(board, today=timezone.localdate(), drafts=True)


def write_values(driver: Keyboard, board: Board) -> None:
    """What each indicator showed last time, where the meeting lacks a number."""
    for tile in view_of(board).tiles:
        if not tile.is_unwritten:
            continue
        last = Measurement.objects.filter(series=tile.series, value__isnull=False).order_by("-period_end")[0]
        if last.denominator is None:
            driver.write(f"[name=v-{tile.series.pk}]", format_number(last.value, tile.series.indicator.decimals))
        else:
            driver.write(f"[name=t-{tile.series.pk}]", format_number(last.numerator, 0))
            driver.write(f"[name=n-{tile.series.pk}]", format_number(last.denominator, 0))
    driver.press("button", "Gem tallene")
    expect(driver.page.locator(".m-notice--success")).to_contain_text("Tallene er gemt")


def say(driver: Keyboard, series: int, **words: str) -> None:
    for name, text in words.items():
        driver.write(f"#id_{series}_{name}", text)
    button = driver.page.locator(f"#punkt-{series} button[type=submit]")
    driver.reach(button)
    with driver.page.expect_navigation():
        driver.page.keyboard.press("Enter")
    expect(driver.page.locator(".m-notice--success")).to_contain_text("Gemt")


def give_to(driver: Keyboard, series: int, person: str, day) -> None:
    """Who does it and when, by the keys of a select and a date field."""
    driver.reach(driver.page.locator(f"#id_{series}_owner"))
    driver.page.keyboard.type(person)
    pick(driver, f"#id_{series}_due_date", day)


def pick(driver: Keyboard, field: str, day) -> None:
    """A day typed into a date field, in the browser's own order of month and day."""
    driver.reach(driver.page.locator(field))
    driver.page.keyboard.type(f"{day:%m%d%Y}")
    expect(driver.page.locator(field)).to_have_value(day.isoformat())


def test_two_board_meetings(visit, board, later):
    today = timezone.localdate()
    leader = Keyboard(visit())
    leader.sign_in(LEADER)
    leader.press("link", "Tavler")
    leader.press("link", board.name)
    leader.press("button", "Start tavlemøde")

    # Nothing is answered yet: the meeting says what it lacks and does not end.
    leader.press("button", "Afslut mødet")
    stops = leader.page.locator("#afslut")
    for words in ("Genindlagt inden 30 dage", "Epikrise inden 1 døgn", "Fast aftale om udskrivning"):
        expect(stops).to_contain_text(words)

    write_values(leader, board)
    view = view_of(board)
    by_code = {tile.series.indicator.code: tile.series.pk for tile in view.stopping}
    assert {"genindlagt", "baelte", "vold"} <= set(by_code)

    late = view.overdue_actions[0]
    leader.reach(leader.page.locator(f"#id_handling{late.pk}_step"))
    leader.page.keyboard.type("Ny dato")
    pick(leader, f"#id_handling{late.pk}_due_date", today + timedelta(days=10))
    leader.write(f"#id_handling{late.pk}_text", "To kommuner har svaret")
    leader.press("button", f"Gem handlingen : {late.what}")

    leader.write(f"#id_{by_code['baelte']}_explanation", "Uroen begynder efter aftensmaden.")
    leader.write(f"#id_{by_code['baelte']}_what", "Gåtur hver aften")
    give_to(leader, by_code["baelte"], "Jon", today + timedelta(days=13))
    say(leader, by_code["baelte"])
    say(leader, by_code["genindlagt"], explanation="Stadig tre kommuner uden kontakt.")
    say(leader, by_code["vold"], explanation="Samtalen ved vagtskifte virker.", acceptance="Vi holder fast i den.")
    for tile in view_of(board).stopping:
        say(leader, tile.series.pk, explanation="Et udsving.", acceptance="Vi ser det an.")

    leader.press("button", "Afslut mødet")
    expect(leader.page.locator(".m-notice--success")).to_contain_text("Mødet er afsluttet")
    expect(leader.page.locator("main")).to_contain_text("Gåtur hver aften")

    # A fortnight later: what was decided, and how far it has come.
    later(FORTNIGHT)
    call_command("tick", stdout=StringIO())
    second = Keyboard(visit())
    second.sign_in("psykiatrien-medarbejder")
    second.press("link", "Tavler")
    second.press("link", board.name)
    second.press("button", "Start tavlemøde")
    main = second.page.locator("main")
    expect(main).to_contain_text("Besluttet")
    expect(second.page.locator("section[aria-labelledby=sidst]")).to_contain_text("Gåtur hver aften")
    expect(second.page.locator("section[aria-labelledby=sidst]")).to_contain_text("forsinket")
    write_values(second, board)
    told = second.page.locator(f"#punkt-{by_code['baelte']}")
    expect(told).to_contain_text("”Uroen begynder efter aftensmaden.”")
    expect(told).to_contain_text("Gåtur hver aften")
    expect(second.page.locator(f"#punkt-{by_code['vold']}")).to_contain_text("”Vi holder fast i den.”")
    assert not leader.visitor.faults
    assert not second.visitor.faults


def test_board_pages_are_accessible_and_within_their_width(visit, board):
    visitor = visit(LEADER)
    held = board.meetings.get(state="closed")
    visitor.go(f"/tavler/{board.pk}/")
    visitor.page.get_by_role("button", name="Start tavlemøde").click()
    visitor.page.wait_for_load_state()
    under_way = visitor.page.url.removeprefix(visitor.address)
    paths = ["", "?vis=vaeg", "?vis=tabel", "ret/", "moeder/", f"moede/{held.day}/"]
    pages = ["/tavler/", "/tavler/ny/", under_way, *(f"/tavler/{board.pk}/{path}" for path in paths)]
    found = faults_of(visitor, pages, [1280, 390, 1920])
    assert not found, "\n".join(found)


def test_the_wall_needs_no_scrolling_and_the_print_one_page(visit, board):
    visitor = visit(LEADER, width=1920)
    visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    visitor.go(f"/tavler/{board.pk}/?vis=vaeg")
    assert visitor.page.locator(".m-tile").count() == 21
    assert visitor.page.evaluate("document.documentElement.scrollHeight") <= 1080
    for layout in ("", "?vis=vaeg"):
        visitor.go(f"/tavler/{board.pk}/{layout}")
        pdf = visitor.page.pdf(prefer_css_page_size=True)
        assert pdf.count(b"/Type /Page\n") == 1
        assert b"/MediaBox [0 0 1191" in pdf  # A3, lying
