"""Reports read on a tablet: kept once opened, without a network, and gone with the sign-in."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Error

from followup.kinds import READY_ROUNDS
from followup.models import Round
from organisation.models import User
from reports.actions.publishing import approve_report, publish_report
from reports.models import Report
from reports.subject import ordinary
from tests import factories
from tests.browser.looking import faults_of


@pytest.fixture
def published(demo) -> str:
    """The address of a published report to be read."""
    round_ = Round.objects.filter(state__in=READY_ROUNDS, body__code="BSU").latest("meeting_date")
    subject, director = ordinary(round_), User.objects.get(username="direktoer")
    if subject.report.state == "draft":
        approve_report(subject, version=subject.report.version, by=director, now=factories.NOW)
    if subject.report.state == "approved":
        publish_report(subject, version=subject.report.version, by=director, now=factories.NOW)
    return f"/laes/{round_.pk}/"


def opened(visitor, path: str):
    """The report has been opened, and the page says that it is kept."""
    visitor.go(path)
    visitor.page.wait_for_selector('[data-when="kept"]:not([hidden])')
    return visitor


def kept(visitor) -> list[str]:
    """The paths that the browser keeps."""
    return visitor.page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) if (name.startsWith("laes-sider-"))
            for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
          return found;
        }"""
    )


def cannot_be_read(visitor, path: str) -> bool:
    try:
        visitor.page.goto(visitor.address + path)
    except Error as error:
        return "ERR_" in str(error)
    return False


def test_a_report_is_read_without_a_network_with_charts_fonts_and_symbols(visit, published):
    visitor = opened(visit("borgmester", width=820), published)
    before = visitor.text
    Session.objects.all().delete()  # so that the server would not give it
    visitor.context.set_offline(True)
    visitor.page.reload()
    visitor.page.wait_for_selector('[data-when="offline"]:not([hidden])')
    assert visitor.text.replace("Du læser uden net.\n", "").split() == before.split()
    assert visitor.page.locator(".m-chart__svg").count() > 0
    drawn = visitor.page.evaluate(
        """async () => {
          await document.fonts.ready;
          const use = document.querySelector(".m-light__sym use");
          const styles = [...document.styleSheets].map((sheet) => sheet.cssRules.length);
          const fonts = [...document.fonts].filter((font) => font.status === "loaded").map((font) => font.weight);
          return {symbol: use.getBBox().width, fonts, styles};
        }"""
    )
    assert drawn["symbol"] > 0
    assert {"400", "600"} <= set(drawn["fonts"])
    assert min(drawn["styles"]) > 0
    assert not visitor.page.locator("form").count()
    assert str(User.objects.get(username="borgmester")) not in visitor.page.content()
    assert not visitor.faults


def test_the_list_says_what_is_kept_and_empties_it(visit, published):
    visitor = opened(visit("borgmester"), published)
    visitor.go("/laes/")
    link = visitor.page.locator(".r-reading__kept a")
    round_ = Round.objects.get(pk=published.split("/")[2])
    assert link.inner_text().replace("\u00a0", " ") == f"{ordinary(round_).title}, {round_.body.name}".replace(
        "\u00a0", " "
    )
    assert link.get_attribute("href") == published
    visitor.context.set_offline(True)
    visitor.page.reload()
    visitor.page.wait_for_selector('[data-when="some"]:not([hidden])')
    assert visitor.page.locator(".r-reading__kept a").count() == 1
    visitor.page.click("[data-forget]")
    visitor.page.wait_for_selector('[data-when="none"]:not([hidden])')
    assert cannot_be_read(visitor, published)
    assert not visitor.faults


def test_the_list_is_reached_without_a_network_from_the_report(visit, published):
    visitor = opened(visit("borgmester"), published)
    visitor.page.wait_for_function("() => caches.match('/laes/').then(Boolean)")
    visitor.context.set_offline(True)
    visitor.page.click(".r-reading__bar a[href='/laes/']")
    visitor.page.wait_for_selector('[data-when="some"]:not([hidden])')
    visitor.page.click(".r-reading__kept a")
    visitor.page.wait_for_url(f"**{published}")
    assert "Overblik" in visitor.text


def test_only_reading_pages_come_from_what_is_kept(visit, published):
    visitor = opened(visit("borgmester"), published)
    for path in ("/", "/rapporter/", published.replace("laes", "rapporter")):
        visitor.go(path)
    assert set(kept(visitor)) <= {published, "/laes/"}
    visitor.context.set_offline(True)
    for path in ("/", "/rapporter/", published.replace("laes", "rapporter")):
        assert cannot_be_read(visitor, path), path


def test_a_draft_is_never_kept(visit, demo):
    round_ = Round.objects.exclude(pk__in=Report.objects.filter(state="published").values("round")).filter(
        state__in=READY_ROUNDS
    )[0]
    visitor = visit("direktoer")
    visitor.go(f"/laes/{round_.pk}/")
    assert visitor.page.url.endswith(f"/rapporter/{round_.pk}/")
    assert kept(visitor) == []


def test_signing_out_leaves_nothing(visit, published):
    visitor = opened(visit("borgmester"), published)
    visitor.go("/log-ud/")
    visitor.page.click("main button[type=submit]")
    visitor.page.wait_for_load_state("networkidle")
    assert kept(visitor) == []
    assert visitor.page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    visitor.context.set_offline(True)
    assert cannot_be_read(visitor, published)


def test_the_page_of_somebody_signed_out_empties_it(visit, published):
    visitor = opened(visit("borgmester"), published)
    Session.objects.all().delete()
    visitor.go("/")
    for _attempt in range(20):
        if kept(visitor) == []:
            break
        visitor.page.wait_for_timeout(250)
    assert kept(visitor) == []


def test_another_sign_in_deletes_what_was_kept(visit, published):
    """Also where the browser knows no Clear-Site-Data: the key is another."""
    visitor = opened(visit("borgmester"), published)
    other = visit("leder")
    cookie = next(one for one in other.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME)
    visitor.context.add_cookies([cookie])
    visitor.go("/laes/")
    assert kept(visitor) == ["/laes/"]


def test_past_its_time_it_is_not_shown_and_deleted(visit, published, settings):
    settings.READING_MINUTES = 0.05  # three seconds
    visitor = visit("borgmester")
    visitor.go(published)
    visitor.page.wait_for_timeout(4000)
    visitor.context.set_offline(True)
    assert cannot_be_read(visitor, published)
    visitor.context.set_offline(False)
    visitor.go("/rapporter/")
    assert kept(visitor) == []


def test_what_is_withdrawn_is_no_longer_kept(visit, published):
    visitor = opened(visit("borgmester"), published)
    report = Report.objects.get(state="published", round=int(published.split("/")[2]))
    Report.objects.filter(pk=report.pk).update(state="draft", approved_by=None, approved_at=None)
    report.editions.update(
        withdrawn_at=factories.NOW, withdrawn_by=User.objects.get(username="direktoer"), withdrawn_reason="Forkert"
    )
    visitor.go(published)
    assert published not in kept(visitor)


def test_without_javascript_it_is_simply_a_page(visit, published):
    visitor = visit("borgmester", script=False)
    assert visitor.go(published).status == 200
    assert "Overblik" in visitor.text


def test_the_pages_are_accessible_and_within_their_width(visit, published):
    visitor = opened(visit("borgmester"), published)
    assert faults_of(visitor, [published, "/laes/", "/rapporter/paa-mail/", "/konto/mails/"], [390, 820, 1280]) == []


def test_a_printed_page_has_no_menu_and_its_charts_in_proportion(visit, published):
    visitor = visit("borgmester", width=700)  # A4 within its margins
    visitor.page.emulate_media(media="print")
    visitor.go(published.replace("laes", "rapporter"))
    for hidden in (".m-header__toggle", ".m-crumbs", ".m-footer", ".r-front .m-actions"):
        assert not visitor.page.locator(hidden).first.is_visible(), hidden
    charts = visitor.page.locator(".r-charts .m-chart__svg")
    assert max(one.bounding_box()["width"] for one in charts.all()) <= 340
    assert visitor.page.locator(".r-goaltable thead").bounding_box()["height"] > 5  # a table, not a list
    family = visitor.page.evaluate("getComputedStyle(document.querySelector('.r-verdict')).fontFamily")
    assert family.startswith('"IBM Plex Sans"')
