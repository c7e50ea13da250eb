"""What must be true of every page, whatever is on it: accessible, and no wider than the window."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

AXE = Path(__file__).parent.parent / "vendor" / "axe" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
WIDE, NARROW = 1280, 390
WIDTHS = (WIDE, NARROW)
NARROWEST, WIDEST = 360, 1920


def axe(page: Page) -> list[str]:
    """Serious and critical findings, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", TAGS
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in result["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def address(page: Page) -> str:
    """Where the page is, without the server."""
    return urlsplit(page.url)._replace(scheme="", netloc="").geturl()


def too_wide(page: Page, widths: Iterable[int] = ()) -> list[str]:
    """Whether there is something beside the page as it stands, or at each of the widths."""
    found, before = [], page.viewport_size
    for width in widths or [before["width"]]:
        page.set_viewport_size({"width": width, "height": before["height"]})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{address(page)} is wider than {width}")
    page.set_viewport_size(before)
    return found


def faults_of_page(page: Page, widths: Iterable[int] = WIDTHS) -> list[str]:
    """What is wrong with the page as it stands, at each width; then the window is as before."""
    found, before = [], page.viewport_size
    for width in widths:
        page.set_viewport_size({"width": width, "height": before["height"]})
        found += too_wide(page)
        found += [f"{address(page)} at {width}: {line}" for line in axe(page)]
    page.set_viewport_size(before)
    return found


def faults_of(visitor, paths: Iterable[str] | Mapping[str, int], widths: Iterable[int] = WIDTHS) -> list[str]:
    """What is wrong with the pages at each width, and went wrong on the way; nothing is beside them at any width.

    Each is fetched once, and answers 200 or what is said.
    """
    statuses = paths if isinstance(paths, Mapping) else dict.fromkeys(paths, 200)
    found = []
    for path, status in statuses.items():
        assert visitor.go(path).status == status, path
        assert visitor.page.locator("h1").count() == 1, path
        found += faults_of_page(visitor.page, widths) + too_wide(visitor.page, (NARROWEST, WIDEST))
    return found + visitor.faults
