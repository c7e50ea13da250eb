"""Every page in a real browser: accessible, within its width, nothing against the policy, nothing from elsewhere."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from citizens.kinds import HearingState, SurveyState
from citizens.models import AttainmentForm, Comment, Hearing, HearingTheme, Survey
from followup.models import (
    Action,
    AgendaItem,
    Mail,
    Measurement,
    Question,
    Round,
    RoundState,
    Submission,
    SubmissionState,
    YearEvent,
)
from goals.models import (
    Decision,
    Divergence,
    FocusArea,
    Goal,
    Indicator,
    PersonalGoal,
    Promise,
    Series,
    ServiceArea,
    Workshop,
)
from malstyring.demo.greve_coverage import OPEN_LINK
from organisation.models import Unit, User
from reports.kinds import ReportState
from tests.browser.looking import NARROWEST, WIDEST, axe, faults_of, faults_of_page, too_wide


def pages() -> dict[str, list[str]]:
    """Which pages each account looks at; between them every page of the menu and every kind of detail."""
    committee = Unit.objects.get(code="BSU")
    goal = Goal.objects.get(code="B3")
    series = Series.objects.get(indicator__code="hoejt-fravaer", unit__code="BAK")
    held = Round.objects.get(body=committee, state=RoundState.CLOSED)
    running = Round.objects.get(body=committee, state=RoundState.OPEN)
    ready = Round.objects.get(body__kind="council", state=RoundState.READY)
    school, sent = Unit.objects.get(code="BAK"), Submission.objects.filter(state=SubmissionState.SUBMITTED).first()
    value = Measurement.objects.approved().filter(series=series).first()
    indicator = Indicator.objects.get(code="sygefravaer")
    person, day = User.objects.get(username="leder"), YearEvent.objects.first()
    meeting = f"/udvalg/{committee.pk}/moeder/{running.pk}"
    written = Round.objects.get(reports__state=ReportState.APPROVED)
    item = AgendaItem.objects.get(round=running, is_closed=True)
    decision = Decision.objects.filter(body=committee).pending().first()
    asked, answered = (
        Question.objects.filter(body=committee, answered_at__isnull=one).first() for one in (True, False)
    )
    under_way = Action.objects.open().filter(owner=person).first()
    ended = Action.objects.filter(worked="no").first()
    mail = Mail.objects.filter(to=person).first()
    added = Measurement.objects.approved().filter(parts_expected__isnull=False, period_end__lte=ready.period_end)
    printed = added.filter(series__goal_series__goal__owner_unit=ready.body_id).order_by("-period_end").first()
    area, promise = ServiceArea.objects.get(code="10.1"), Promise.objects.get(text__startswith="Alle børn")
    document, top = promise.document, Goal.objects.get(code="M1")
    slow, pair = Goal.objects.get(code="S2"), Divergence.objects.order_by("pk")[0]
    own = PersonalGoal.objects.get(leader=person, state="open")
    also_own = PersonalGoal.objects.get(leader=person, state="reached")
    return {
        "": ["/", "/log-ind/", "/adgangskode/glemt/", "/was", "/privatliv/", "/ordforklaring/", "/findes-ikke/",
             "/m/901/data/", "/m/901/data/api/"],
        "borgmester": ["/", f"/udvalg/{ready.body_id}/", "/udvalg/", "/rapporter/", f"/rapporter/{ready.pk}/",
                       "/overblik/varmekort/", "/overblik/maal/", "/overblik/udvikling/?omfang=bidrag",
                       f"/maal/{goal.parent_id}/roed-traad/", f"/maal/{goal.parent_id}/kaede/", "/loefter/",
                       f"/rapporter/{ready.pk}/tal/{printed.series_id}/{printed.period}/"],
        "udvalgsformand": [
            "/", f"/udvalg/{committee.pk}/", f"/maal/{goal.pk}/", "/maal/", f"/maal/?aaben={goal.parent_id}",
            "/maal/?q=fravær", f"/serier/{series.pk}/", f"/rapporter/{held.pk}/", f"/enheder/{school.pk}/",
            f"/maal/{goal.pk}/trekant/", f"/enheder/{school.pk}/trekant/",
            f"/indikatorer/{indicator.pk}/", "/enheder/", "/opfoelgning/", f"/opfoelgning/{running.pk}/", "/konto/",
            f"/udvalg/{committee.pk}/moeder/", f"{meeting}/", f"/udvalg/{committee.pk}/moeder/{held.pk}/",
            f"/punkter/{item.pk}/", "/beslutninger/", f"/beslutninger/{decision.pk}/", "/spoergsmaal/",
            f"/spoergsmaal/nyt/?maal={goal.pk}", f"/spoergsmaal/{answered.pk}/",
            f"/opfoelgning/?udvalg={committee.pk}", "/opfoelgning/?vis=liste", "/opfoelgning/liste/",
            "/opfoelgning/planer/", "/opfoelgning/dage/", "/opfoelgning/kalender/",
        ],
        "leder": ["/", "/indberetning/", f"/indberetning/{running.pk}/{school.pk}/",
                  f"/indberetning/{held.pk}/{school.pk}/", "/import/", f"/serier/{series.pk}/",
                  "/handlinger/", f"/handlinger/ny/?maal={goal.pk}", f"/handlinger/{under_way.pk}/",
                  f"/handlinger/{under_way.pk}/ret/", f"/handlinger/{under_way.pk}/afslut/",
                  f"/handlinger/{ended.pk}/", "/personlige-maal/", f"/personlige-maal/nyt/?maal={own.goal_id}",
                  f"/personlige-maal/{own.pk}/", f"/personlige-maal/{own.pk}/ret/",
                  f"/personlige-maal/{own.pk}/slet/", f"/personlige-maal/{also_own.pk}/", f"/maal/{own.goal_id}/",
                  "/konto/mails/", f"/konto/mails/{mail.pk}/"],
        "direktoer": [
            f"/overblik/varmekort/?udvalg={committee.pk}&enhed={school.pk}&maal={goal.pk}",
            f"/maal/{goal.pk}/roed-traad/",
            f"/overblik/varmekort/{goal.pk}/{school.pk}/", f"/maal/{goal.pk}/enheder/?enhed={school.pk}",
            "/personlige-maal/", f"/personlige-maal/{own.pk}/",
            f"{meeting}/konklusion/", f"{meeting}/nyt-punkt/", f"/punkter/{item.pk}/ret/",
            f"/punkter/{item.pk}/beslut/",
            "/beslutninger/ny/", f"/beslutninger/{decision.pk}/ret/", f"/beslutninger/{decision.pk}/afslut/",
            f"/spoergsmaal/{asked.pk}/",
            "/", "/indberetning/", f"/indberetning/{sent.round_id}/{sent.unit_id}/godkend/",
            f"/serier/{series.pk}/ret-tal/{value.pk}/", f"/opfoelgning/{running.pk}/",
            f"/opfoelgning/{running.pk}/mangler/", f"/rapporter/{written.pk}/", f"/rapporter/{written.pk}/skriv/",
            f"/rapporter/{written.pk}/offentliggoer/", f"/rapporter/{written.pk}/udgaver/",
        ],
        "konsulent": [
            f"/maal/{goal.pk}/led/", f"/enheder/{school.pk}/opad/",
            f"/indstillinger/enheder/{school.pk}/laeg-sammen/", f"/indstillinger/enheder/{school.pk}/del/",
            "/", "/indstillinger/", "/indstillinger/enheder/", "/indstillinger/enheder/ny/",
            f"/indstillinger/enheder/{school.pk}/ret/", f"/indstillinger/enheder/{school.pk}/afslut/",
            "/indstillinger/personer/", "/indstillinger/personer/ny/", f"/indstillinger/personer/{person.pk}/ret/",
            "/indstillinger/mails/", f"/indstillinger/mails/{mail.pk}/", "/indstillinger/indlaes/",
            "/strategier/", "/strategier/ny/", "/maal/nyt/", f"/maal/{goal.pk}/ret/",
            "/maalloft/", f"/maalloft/{committee.pk}/", "/indstillinger/maalloft/",
            f"/indstillinger/maalloft/{committee.pk}/",
            f"/maal/{goal.pk}/flyt/", f"/maal/{goal.pk}/luk/", f"/maal/{goal.pk}/afloes/", f"/maal/{goal.pk}/bidrag/",
            f"/maal/{goal.pk}/omraader/", "/indstillinger/serviceomraader/", "/indstillinger/serviceomraader/nyt/",
            f"/indstillinger/serviceomraader/{area.pk}/ret/", "/indstillinger/serviceomraader/import/",
            "/daekning/", "/daekning/omraader/", f"/daekning/omraader/{area.pk}/", "/daekning/mangler/",
            f"/daekning/{top.pk}/{committee.pk}/", "/dokumenter/", "/dokumenter/nyt/",
            f"/dokumenter/{document.pk}/", f"/dokumenter/{document.pk}/ret/", f"/dokumenter/{document.pk}/nyt-loefte/",
            f"/loefter/{promise.pk}/ret/", f"/loefter/{promise.pk}/maal/", f"/maal/{top.pk}/kommer-fra/",
            f"/maal/{goal.pk}/effektkaede/", f"/maal/{goal.pk}/effektkaede/led/nyt/",
            f"/maal/{goal.pk}/effektkaede/antagelse/ny/", "/vaerksteder/", "/vaerksteder/nyt/",
            "/modsatrettede/", f"/maal/{slow.pk}/modsatrettet/", f"/maal/{slow.pk}/modsatrettede/",
            f"/modsatrettede/enhed/{slow.owner_unit_id}/", f"/maal/{slow.pk}/", f"/udvalg/{slow.owner_unit_id}/",
            f"/modsatrettede/{pair.pk}/ret/", f"/modsatrettede/{pair.pk}/prioriter/",
            f"/modsatrettede/{pair.pk}/afslut/", f"/maal/nyt/?loefte={promise.pk}",
            f"/maal/{goal.pk}/indikatorer/", "/indikatorer/", "/indikatorer/ny/", f"/indikatorer/{indicator.pk}/ret/",
            f"/serier/{series.pk}/ret/", f"/serier/{series.pk}/maaltal/", "/serier/ny/", "/opfoelgning/ny/",
            f"/opfoelgning/{running.pk}/ret/", "/opfoelgning/", "/opfoelgning/planer/ny/",
            f"/opfoelgning/planer/{running.plan_id}/ret/", "/opfoelgning/dage/", "/opfoelgning/dage/ny/",
            f"/opfoelgning/dage/{day.pk}/ret/", "/opfoelgning/indstillinger/",
            f"/indberetning/{running.pk}/{school.pk}/udsaet/", f"/opfoelgning/{running.pk}/mangler/",
        ],
        "administrator": ["/", "/indstillinger/personer/"],
        "medarbejder": ["/", "/indberetning/"],
        "laeser": ["/", "/maal/", "/beslutninger/"],
    }  # fmt: skip


def citizens_pages() -> dict[str, list[str]]:
    """The same for what citizens say: the accounts of the model of Odense, and everybody."""
    waiting = Survey.objects.get(state=SurveyState.CLOSED)
    answered = Survey.objects.filter(state=SurveyState.FINISHED).latest("closes_on")
    hearing, heard = (Hearing.objects.get(state=state) for state in (HearingState.OPEN, HearingState.ANSWERED))
    form, comment = AttainmentForm.objects.get(), Comment.objects.filter(survey=waiting, state="held")[0]
    readable, pair = Comment.objects.filter(survey=waiting, state="readable")[0], waiting.published_answers.all()[0]
    told, theme = answered.published_answers.all()[0], HearingTheme.objects.get()
    goal, council_goal, adopted = (Goal.objects.get(code=code) for code in ("A1", "S1", "A2"))
    series = Series.objects.get(indicator__code="borger-maal")
    body, unit = Unit.objects.get(code="AHU"), Unit.objects.get(code="HJM")
    coming = Round.objects.filter(body=body, state=RoundState.OPEN).latest("meeting_date")
    item = AgendaItem.objects.filter(survey_on_agenda__survey=waiting)[0]
    survey, public = f"/undersoegelser/{waiting.pk}", "/aabne-maal"
    return {
        "": [
            f"{public}/", f"{public}/maal/{goal.pk}/", f"{public}/maal/{council_goal.pk}/",
            f"{public}/maal/{adopted.pk}/", f"{public}/maal/{goal.pk}/kort/", f"{public}/udvalg/{body.pk}/",
            f"{public}/enheder/{unit.pk}/", f"{public}/serier/{series.pk}/", f"{public}/soeg/?q=hjælp",
            f"{public}/mangler/", f"{public}/rapporter/", f"{public}/beslutninger/", f"{public}/om/",
            f"{public}/undersoegelser/", f"{public}/undersoegelser/{answered.pk}/", f"{public}/hoeringer/",
            f"{public}/hoeringer/{hearing.pk}/", f"{public}/hoeringer/{heard.pk}/", "/eget-maal/",
            "/data/", "/data/api/",
        ],
        "odense-chef": [
            "/", "/undersoegelser/", "/undersoegelser/?vis=besvarede", "/undersoegelser/ny/", f"{survey}/",
            f"{survey}/metoder/", f"{survey}/maaler/", f"{survey}/historik/", f"{survey}/kommentarer/",
            f"{survey}/kommentarer/?vis=held", f"{survey}/kommentarer/{comment.pk}/",
            f"{survey}/kommentarer/{readable.pk}/citat/", f"{survey}/svar-til-borgerne/",
            f"{survey}/svar-til-borgerne/{pair.pk}/", f"{survey}/svar-til-borgerne/offentliggoer/", f"{survey}/gentag/",
            f"/undersoegelser/{answered.pk}/svar-til-borgerne/{told.pk}/", f"/undersoegelser/{answered.pk}/",
        ],
        "odense-konsulent": [
            "/hoeringer/", "/hoeringer/ny/", f"/hoeringer/{hearing.pk}/", f"/hoeringer/{hearing.pk}/tekster/",
            f"/hoeringer/{hearing.pk}/temaer/", f"/hoeringer/{heard.pk}/", f"/hoeringer/{heard.pk}/temaer/{theme.pk}/",
            f"/egne-maal/{form.pk}/ret/", "/indstillinger/aabne-maal/", "/undersoegelser/indlaes/",
        ],
        "odense-terapeut": ["/egne-maal/", f"/egne-maal/{form.pk}/"],
        "odense-politiker": [
            "/", f"/maal/{goal.pk}/", f"/maal/{goal.pk}/borgerne/", f"/maal/{adopted.pk}/hoering/",
            f"/serier/{series.pk}/", f"/enheder/{unit.pk}/", f"{survey}/", f"/punkter/{item.pk}/",
            f"/udvalg/{body.pk}/moeder/{coming.pk}/",
        ],
    }  # fmt: skip


def greve_pages() -> dict[str, list[str]]:
    """The kinds of page that only the model of Greve has content for, as its council sees them."""
    chosen, promise = FocusArea.objects.get(is_chosen=True), Promise.objects.get(text__startswith="Kysten")
    goals = [Goal.objects.get(code=code).pk for code in ("B1", "S1", "J1", "C4")]
    open_one = Workshop.objects.exclude(pk=chosen.workshop_id).get()
    return {
        "greve-politiker": [
            "/", *(f"/maal/{pk}/effektkaede/" for pk in goals), f"/maal/{chosen.goal_id}/",
            f"/maal/{chosen.goal_id}/kommer-fra/", "/daekning/", "/daekning/omraader/", "/daekning/mangler/",
            f"/dokumenter/{promise.document_id}/", "/vaerksteder/", f"/vaerksteder/{chosen.workshop_id}/",
            f"/vaerksteder/{open_one.pk}/", f"/vaerksted/{OPEN_LINK}/",
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    "who", ["", "borgmester", "udvalgsformand", "leder", "direktoer", "konsulent", "administrator", "medarbejder",
            "laeser"]
)  # fmt: skip
def test_pages(visit, who):
    paths = {path: 404 if path == "/findes-ikke/" else 200 for path in pages()[who]}
    found = faults_of(visit(who), paths)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("demo", ["odense"], indirect=True)
@pytest.mark.parametrize(
    "who", ["", "odense-chef", "odense-konsulent", "odense-terapeut", "odense-politiker"]
)  # fmt: skip
def test_pages_of_what_citizens_say(visit, who):
    found = faults_of(visit(who), citizens_pages()[who])
    assert not found, "\n".join(found)


@pytest.mark.parametrize("demo", ["greve"], indirect=True)
def test_pages_of_the_red_thread(visit):
    found = [fault for who, paths in greve_pages().items() for fault in faults_of(visit(who), paths)]
    assert not found, "\n".join(found)


def test_the_longest_menu_wraps_on_a_tablet(visit):
    visitor = visit("konsulent", width=820)
    visitor.go("/rapporter/")
    assert not too_wide(visitor.page)


def test_what_a_merger_will_do_is_told_before_it_is_done(visit):
    school, other = Unit.objects.get(code="BAK"), Unit.objects.get(code="ELM")
    visitor = visit("konsulent")
    page = visitor.page
    visitor.go(f"/indstillinger/enheder/{school.pk}/laeg-sammen/")
    page.get_by_label("Læg sammen med").select_option(str(other.pk))
    page.get_by_label("Den nye enheds navn").fill("Fjordskolen")
    page.get_by_label("Kode").fill("FJORD")
    page.get_by_label("Fra hvilken dag?").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Se, hvad der sker").click()
    page.get_by_role("button", name="Læg enhederne sammen").wait_for()
    assert faults_of_page(page) + too_wide(page, (NARROWEST, WIDEST)) + visitor.faults == []
    assert not Unit.objects.filter(code="FJORD").exists()


@pytest.mark.parametrize("width", [780, 820])
def test_long_names_of_indicators_break_on_a_tablet(visit, width):
    visitor = visit("direktoer", width=width)
    ready = Round.objects.get(body__kind="council", state=RoundState.READY)
    visitor.go(f"/rapporter/{ready.pk}.enhed.{Unit.objects.get(code='BAK').pk}/")
    assert "undervisningskompetence" in visitor.text
    assert not too_wide(visitor.page)


def test_the_heat_map_scrolls_in_its_own_box(visit):
    visitor = visit("borgmester", width=700)
    visitor.go("/overblik/varmekort/")
    box = visitor.page.locator(".m-heat__box")
    box.focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.wait_for_timeout(300)
    assert box.evaluate("box => box.scrollLeft") > 0
    assert not too_wide(visitor.page)
    goal = box.locator("tbody tr:nth-child(2) th")
    assert abs(goal.bounding_box()["x"] - box.bounding_box()["x"]) < 2  # the goals stay


def test_exploring_a_chart(visit):
    visitor = visit("borgmester")
    series = Series.objects.get(indicator__code="hoejt-fravaer", unit__code="BAK")
    visitor.go(f"/serier/{series.pk}/")
    visitor.page.get_by_role("button", name="Udforsk grafen").click()
    visitor.page.wait_for_selector(".m-chart__plot .main-svg")
    drawn = visitor.page.locator(".m-chart__plot .scatterlayer .trace").count()
    assert drawn >= 2  # the values and the path to the target
    choose = visitor.page.locator(".m-chart__choose select")
    assert choose.locator("option").first.inner_text() == "Bakkeskolen"
    choose.select_option(label="Elmeskolen")
    visitor.page.wait_for_timeout(300)
    assert not axe(visitor.page)
    assert not visitor.faults


def test_one_unit_against_the_rest(visit):
    visitor = visit("borgmester")
    goal, school = Goal.objects.get(title="Sygefraværet i kommunen falder"), Unit.objects.get(code="BAK")
    visitor.go(f"/maal/{goal.pk}/enheder/?enhed={school.pk}")
    fetched = "performance.getEntriesByType('resource').some(one => one.name.includes('plotly'))"
    assert not visitor.page.evaluate(fetched)
    visitor.page.get_by_role("button", name="Se alle enheder i én graf").click()
    visitor.page.wait_for_selector(".m-chart__plot .main-svg")
    choose = visitor.page.locator(".m-chart__choose select")
    assert choose.locator("option:checked").inner_text() == "Bakkeskolen"

    def in_colour() -> list[str]:
        lines = "document.querySelector('.m-chart__plot').data"
        return visitor.page.evaluate(f"{lines}.filter(one => one.line.color === '#0b4f6c').map(one => one.name)")

    assert in_colour() == ["Bakkeskolen"]
    choose.select_option(label="Elmeskolen")
    visitor.page.wait_for_timeout(300)
    assert in_colour() == ["Elmeskolen"]
    with visitor.page.expect_download() as picture:
        visitor.page.get_by_role("button", name="Hent som billede").click()
    assert picture.value.suggested_filename.endswith(".png")
    assert not axe(visitor.page)
    assert not visitor.faults


def test_walking_the_red_thread_by_keyboard(visit):
    visitor = visit("borgmester")
    goal = Goal.objects.get(code="B3")
    visitor.go(f"/maal/{goal.pk}/roed-traad/")
    visitor.page.locator(".m-walk__box").focus()
    visitor.page.keyboard.press("Tab")
    above = visitor.page.evaluate("document.activeElement.textContent")
    assert goal.parent.short_name in above
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(f"**/maal/{goal.parent_id}/roed-traad/")


def test_screenshots_for_the_readme(visit):
    """Kept in var/; UPDATE_SCREENSHOTS=1 puts them where README.md shows them."""
    folder = Path(settings.BASE_DIR) / ("docs" if os.environ.get("UPDATE_SCREENSHOTS") else "var") / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    committee, school = Unit.objects.get(code="BSU"), Unit.objects.get(code="BAK")
    running = Round.objects.get(body=committee, state=RoundState.OPEN)
    for who, path, name in (
        ("udvalgsformand", f"/udvalg/{committee.pk}/", "committee"),
        ("leder", f"/indberetning/{running.pk}/{school.pk}/", "entry"),
    ):
        visitor = visit(who)
        visitor.go(path)
        visitor.page.screenshot(path=folder / f"{name}.png")
        assert (folder / f"{name}.png").stat().st_size > 20_000
