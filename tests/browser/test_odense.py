"""The model of Odense, day by day: citizens assess the help by three methods, and hear what it led to.

The clock stands where the test puts it; the mails go to a real SMTP server; everything else is done in a browser.
Citizens have a phone without JavaScript.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import mean, stdev
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from citizens.kinds import SurveyState
from citizens.models import AnswerSubscriber, InvitedAddress, Survey
from followup.models import Round
from goals.models import Goal, Series
from organisation.models import Unit
from tests.browser.conftest import Clock, load_demo
from tests.browser.looking import faults_of_page
from tests.browser.test_main_job import Mouse
from tests.citizens.conftest import forgotten  # noqa: F401  a process that has met nobody yet
from tests.smtp import MailServer

pytestmark = pytest.mark.usefixtures("forgotten")

TITLE = "Hvordan går det med hjælpen hjemme hos dig?"
SCALES = ("q1", "q2", "q3", "q4")
MEASURED = {"q1": "borger-maal", "q2": "borger-indsats", "q3": "borger-effekt", "q4": "borger-samarbejde"}
INVITED = {"SYD": 10, "NORD": 9, "OER": 4, "NAT": 3}
# Method -> group -> how many answer that way: 40, of whom 7 are in the two groups that are never shown.
ANSWERED = {
    "invitation": {"SYD": 6, "NORD": 6, "OER": 4, "NAT": 3},
    "link": {"MIDT": 8, "NORD": 6},
    "papir": {"SYD": 7},
}
NAMES = {
    "NORD": "Hjemmeplejen Nord", "MIDT": "Hjemmeplejen Midt", "SYD": "Hjemmeplejen Syd", "OER": "Hjemmeplejen Øerne",
    "NAT": "Nattevagten",
}  # fmt: skip
SHOWN, HIDDEN = ("NORD", "MIDT", "SYD"), ("OER", "NAT")
WRITTEN = (
    "Jeg vil gerne selv kunne gå ned efter posten.",
    "Der kommer stadig mange nye ansigter om aftenen.",
    "Fru Jensen er den eneste, der har tid til mig.",
    "De spørger, før de gør noget.",
)
CUT = WRITTEN[2].removeprefix("Fru Jensen er ")
HEARD = "Aftenerne er utrygge, fordi der kommer så mange forskellige."
DOING = "De samme fire hjælpere deler aftenerne fra 1. januar."
OUTCOME = "I januar og februar mødte de fleste højst fire om aftenen."


def _path(url: str) -> str:
    return urlsplit(url).path


@dataclass(frozen=True)
class Citizen:
    """One who answers."""

    number: int
    method: str
    group: str

    @property
    def answers(self) -> dict[str, str]:
        """Question -> what is ticked; one does not know whether the help makes a difference."""
        rows = {"q1": "54435424", "q2": "34243", "q3": "4534", "q4": "55453"}
        ticked = {code: row[self.number % len(row)] for code, row in rows.items()}
        return ticked | ({"q3": "dont_know"} if self.number == 7 else {})

    @property
    def words(self) -> str:
        return WRITTEN[self.number // 9] if self.number % 9 == 3 and self.number // 9 < len(WRITTEN) else ""


def everybody() -> Iterator[Citizen]:
    number = 0
    for method, groups in ANSWERED.items():
        for group, count in groups.items():
            for _one in range(count):
                yield Citizen(number, method, group)
                number += 1


CITIZENS = list(everybody())
GROUP_SIZES = Counter(one.group for one in CITIZENS)


def scores(code: str, group: str = "") -> list[int]:
    """What was ticked on the scale, of everybody or of one group, by counting."""
    asked = [one for one in CITIZENS if group in ("", one.group)]
    return [int(one.answers[code]) for one in asked if one.answers[code].isdecimal()]


def danish(value: float, decimals: int = 2) -> str:
    """`3,88`."""
    exact = Decimal(repr(round(value, 9)))
    return str(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)).replace(".", ",")


def half_width(values: list[int]) -> float:
    """Of the 95 % interval of a mean; Student's t for 39 and 38 degrees of freedom from a printed table."""
    return {40: 2.0227, 39: 2.0244}[len(values)] * stdev(values) / math.sqrt(len(values))


class Wave:
    """One survey from the chef's first draft to the next one, and everybody's part in it."""

    def __init__(self, visit, clock: Clock, mails: MailServer) -> None:
        self.visit, self.clock, self.mails = visit, clock, mails
        self.goal, self.unit = Goal.objects.get(code="A1"), Unit.objects.get(code="HJM")
        self.body = Unit.objects.get(code="AHU")
        self.today = clock.now.date()
        # The half year that is asked about has ended by then, so its figure counts.
        self.closes, self.promised = date(2027, 1, 5), date(2027, 1, 19)
        self.phone, self.lens = visit(width=390, script=False), visit(width=390)
        self.found: list[str] = []
        for visitor in (self.phone, self.lens):
            visitor.page.set_default_timeout(8000)
        self.people, self.visitors = {}, [self.phone, self.lens]

    def as_(self, name: str) -> Mouse:
        """Signed in once a day."""
        if name not in self.people:
            self.people[name] = self.visit(name)
            self.people[name].page.set_default_timeout(8000)
            self.visitors.append(self.people[name])
        return Mouse(self.people[name])

    def on(self, day: date) -> None:
        """The morning of another day: sessions have not outlived the night."""
        self.clock.tick(day)
        self.people = {}

    def looks_right(self, visitor) -> None:
        """Nothing that axe finds serious, and nothing beside the page. Axe needs a script: the phone lends it one."""
        if visitor is self.phone:
            self.lens.page.goto(visitor.page.url)
            visitor = self.lens
        self.found += faults_of_page(visitor.page, [visitor.page.viewport_size["width"]])

    @property
    def own(self) -> str:
        return f"/undersoegelser/{self.survey.pk}/"

    # ---- set up and opened -------------------------------------------------------------------------------------------

    def chef_sets_it_up(self) -> None:
        """From the ready questions: what it is about, when, for which groups, and which indicators it measures."""
        chef = self.as_("odense-chef")
        chef.visitor.go(f"/undersoegelser/ny/?maal={self.goal.pk}")
        chef.write("[name=title]", TITLE)
        chef.page.locator("[name=unit]").select_option(str(self.unit.pk))
        expect(chef.page.locator("[name=goal]")).to_have_value(str(self.goal.pk))
        self.looks_right(chef.visitor)
        chef.press("button", "Opret kladde")
        self.survey = Survey.objects.get(title=TITLE)
        chef.write("[name=purpose]", "gøre hjælpen hjemme bedre")
        chef.write("[name=period]", "2026H2")
        for name, day in (("opens_on", self.today), ("closes_on", self.closes), ("answer_by", self.promised)):
            chef.write(f"[name={name}]", day.isoformat())
        chef.write("[name=addresses_until]", self.promised.isoformat())
        chef.page.get_by_label("Alle med linket kan svare").check(force=True)
        for name in NAMES.values():
            chef.page.get_by_label(name, exact=True).check(force=True)
        self.looks_right(chef.visitor)
        chef.press("button", "Gem")
        for code, indicator in MEASURED.items():
            series = Series.objects.get(indicator__code=indicator, unit=self.unit)
            chef.visitor.go(f"{self.own}maaler/")
            chef.page.locator("[name=series]").select_option(str(series.pk))
            chef.page.locator("[name=question_code]").select_option(code)
            chef.press("button", "Tilføj")
        self.looks_right(chef.visitor)
        assert self.survey.measures.count() == 4, chef.visitor.text

    def chef_opens_it(self) -> None:
        """After a look at it as citizens meet it."""
        chef = self.as_("odense-chef")
        chef.visitor.go(f"{self.own}vis/")
        expect(chef.page.locator("main")).to_contain_text("Målet med hjælpen er vigtigt for mig.")
        self.looks_right(chef.visitor)
        chef.visitor.go(f"{self.own}aabn/")
        expect(chef.page.locator("main")).to_contain_text("for at gøre hjælpen hjemme bedre")
        self.looks_right(chef.visitor)
        chef.press("button", "Åbn undersøgelsen")
        self.survey.refresh_from_db()
        assert self.survey.state == SurveyState.OPEN, chef.visitor.text

    def chef_invites(self) -> None:
        """A code for the wall, a list of addresses, and one mail to each with a link that works once."""
        chef = self.as_("odense-chef")
        self.addresses = {f"{code.lower()}{at}@example.dk": code for code, n in INVITED.items() for at in range(n)}
        chef.visitor.go(f"{self.own}metoder/")
        expect(chef.page.locator(".m-place svg").first).to_be_visible()
        self.open_links = {
            code: chef.page.locator(".m-place", has_text=NAMES[code]).locator(".m-place__address").inner_text()
            for code in ANSWERED["link"]
        }
        for path, begins in (("metoder/qr/?g=MIDT", b"<?xml"), ("plakat/a4/?g=MIDT", b"%PDF"), ("papir/", b"%PDF")):
            assert chef.page.request.get(chef.visitor.address + self.own + path).body().startswith(begins), path
        chef.press("link", "Inviter fra liste")
        lines = [f"{address};{NAMES[code]}" for address, code in self.addresses.items()]
        chef.write("[name=pasted]", "\n".join(lines))
        self.looks_right(chef.visitor)
        chef.press("button", "Læs listen")
        expect(chef.page.locator("main")).to_contain_text("26 bliver inviteret")
        self.looks_right(chef.visitor)
        chef.press("button", "Gem listen")
        self.clock.tick(self.today)
        invited = [one for one in self.mails.taken if one["Subject"] == TITLE]
        assert sorted(one["To"] for one in invited) == sorted(self.addresses)
        self.links: dict[str, list[str]] = {code: [] for code in INVITED}
        for one in invited:
            text = one.get_body(("plain",)).get_content()
            [link] = [path for path in map(_path, re.findall(r"http://\S+", text)) if path.startswith("/svar/")]
            self.links[self.addresses[one["To"]]].append(link)
        chef.visitor.go(f"{self.own}metoder/")
        self.looks_right(chef.visitor)
        expect(chef.page.locator("#invitation + p + dl")).to_contain_text("26")

    # ---- answers -----------------------------------------------------------------------------------------------------

    def citizens_answer(self) -> None:
        """By the links of their mails, and by the code on the wall."""
        page = self.phone.page
        for citizen in CITIZENS:
            if citizen.method == "papir":
                continue
            if citizen.method == "invitation":
                path = self.last = self.links[citizen.group].pop()
            else:
                path = self.open_links[citizen.group].removeprefix(self.phone.address)
            assert self.phone.go(path).status == 200, self.phone.text
            if citizen.number == 0:
                self.looks_right(self.phone)
            for code, ticked in citizen.answers.items():
                page.locator(f"[name={code}][value='{ticked}']").check(force=True)
            page.fill("[name=q99]", citizen.words)
            page.get_by_role("button", name="Send svar").click()
            expect(page.locator("h1")).to_have_text("Tak for dit svar")
        self.looks_right(self.phone)
        page.fill("[name=mail]", "inge@example.dk")
        page.get_by_role("button", name="Giv mig besked").click()
        expect(page.locator("main")).to_contain_text("sletter så adressen")
        assert self.phone.go(self.last).status == 410
        expect(page.locator("main")).to_contain_text("Linket er brugt")
        self.looks_right(self.phone)
        assert not self.phone.context.cookies()

    def employee_keys_in_paper(self) -> None:
        """What came on paper to a team is keyed in by somebody of that team."""
        employee = self.as_("odense-medarbejder")
        employee.visitor.go("/undersoegelser/")
        employee.press("link", TITLE)
        employee.press("link", "Tast skemaer ind")
        self.looks_right(employee.visitor)
        for citizen in CITIZENS:
            if citizen.method != "papir":
                continue
            employee.page.locator("[name=gruppe]").select_option(label=NAMES[citizen.group])
            for code, ticked in citizen.answers.items():
                employee.write(f"[name={code}]", ticked)
            employee.write("[name=q99]", citizen.words)
            employee.press("button", "Gem og næste")
        expect(employee.page.locator(".m-keys__said")).to_contain_text("Skema nr. 7 er gemt.")

    # ---- results -----------------------------------------------------------------------------------------------------

    def it_closes_and_shows_results(self) -> None:
        """The day after the last one, with the small groups hidden; and the figures stand at the goal."""
        self.on(self.closes + timedelta(days=1))
        self.survey.refresh_from_db()
        assert self.survey.state == SurveyState.CLOSED
        leader = self.as_("odense-leder")
        leader.visitor.go(self.own)
        self.looks_right(leader.visitor)
        text = leader.visitor.text
        assert all(way in text for way in ("invitation 19", "åbent link 14", "papir 7")), text
        for code in SCALES:
            assert danish(mean(scores(code))) in text
        rows = leader.page.locator(".m-table--cards tbody tr")
        for group in SHOWN:
            row = rows.filter(has_text=NAMES[group]).inner_text()
            decimals = 2 if GROUP_SIZES[group] >= 10 else 1  # of few, too exact a mean says what each answered
            assert all(danish(mean(scores(code, group)), decimals) in row for code in SCALES), row
            assert str(GROUP_SIZES[group]) in row
        for group in HIDDEN:
            row = rows.filter(has_text=NAMES[group])
            assert row.get_by_text("vises ikke").count() == 5, row.inner_text()

    def goal_shows_the_measurement(self) -> None:
        """Of half a year that ought to be at 3,94: 3,88 with an interval around that. The effort is below 3,98."""
        leader = self.as_("odense-leder")
        for code, expected, light in (("q1", 3.94, "Usikker"), ("q2", 3.98, "Ikke på rette vej")):
            values = scores(code)
            low, high = mean(values) - half_width(values), mean(values) + half_width(values)
            assert (light == "Usikker") == (low < expected < high)
            series = Series.objects.get(indicator__code=MEASURED[code], unit=self.unit)
            leader.visitor.go(f"/serier/{series.pk}/")
            self.looks_right(leader.visitor)
            main = leader.page.locator("main")
            expect(main).to_contain_text(danish(mean(values)))
            expect(main).to_contain_text(light)
            expect(main).to_contain_text(TITLE)
        leader.visitor.go(f"/maal/{self.goal.pk}/")
        self.looks_right(leader.visitor)
        expect(leader.page.locator("main")).to_contain_text(f"{danish(mean(scores('q1')))} point. Med så få svar")
        said = leader.page.locator("#_goal_said")
        expect(said).to_contain_text(f"{danish(mean(scores('q2')))} af 5")
        expect(said).to_contain_text("Borgerne er lovet et svar")

    # ---- the answer --------------------------------------------------------------------------------------------------

    def chef_reads_comments(self) -> None:
        """The one that names somebody is held back until it is cut."""
        chef = self.as_("odense-chef")
        chef.visitor.go(f"{self.own}kommentarer/")
        self.looks_right(chef.visitor)
        expect(chef.page.locator("main")).to_contain_text(WRITTEN[1])
        expect(chef.page.locator("main")).not_to_contain_text("Fru Jensen")
        chef.press("link", "Gennemgå dem")
        expect(chef.page.locator("main")).to_contain_text("Fru Jensen")
        chef.press("link", re.compile("^Gennemgå"))
        self.looks_right(chef.visitor)
        chef.write("#ret_text", CUT)
        chef.press("button", "Gem den uden det")
        chef.visitor.go(f"{self.own}kommentarer/")
        expect(chef.page.locator("main")).to_contain_text(CUT)

    def chef_answers(self) -> None:
        """Not in the citizens' words; half an answer is not published, a whole one is."""
        chef = self.as_("odense-chef")
        chef.visitor.go("/")
        chef.page.get_by_role("link", name=re.compile(f"Skriv svar.*{re.escape(TITLE)}", re.DOTALL)).click()
        chef.write("[name=heard]", WRITTEN[1])
        chef.press("button", "Gem punktet")
        expect(chef.page.locator("main")).to_contain_text("Det gentager, hvad en borger har skrevet.")
        chef.write("[name=heard]", HEARD)
        chef.page.get_by_label("Udvalget skal tage stilling").check(force=True)
        self.looks_right(chef.visitor)
        chef.press("button", "Gem punktet")
        chef.visitor.go(f"{self.own}svar-til-borgerne/offentliggoer/")
        expect(chef.page.locator("main")).to_contain_text("Borgerne mangler et svar.")
        chef.visitor.go(f"{self.own}svar-til-borgerne/")
        chef.press("link", re.compile("^Ret"))
        chef.write("[name=doing]", DOING)
        self.looks_right(chef.visitor)
        chef.press("button", "Gem")
        chef.press("link", "Se og offentliggør")
        self.looks_right(chef.visitor)
        expect(chef.page.locator("main")).to_contain_text("1 har bedt om at få svaret på mail")
        chef.press("button", "Offentliggør")
        self.survey.refresh_from_db()
        assert self.survey.state == SurveyState.FINISHED, chef.visitor.text
        chef.visitor.go(self.own)
        self.looks_right(chef.visitor)

    def everybody_reads_it(self) -> None:
        """On the goal's page and the survey's, which say nothing of the small groups nor in citizens' own words."""
        self.phone.go("/")
        self.looks_right(self.phone)
        expect(self.phone.page.locator("main")).to_contain_text(HEARD)
        assert self.phone.go(f"/aabne-maal/maal/{self.goal.pk}/").status == 200
        self.looks_right(self.phone)
        said = self.phone.page.locator("section", has=self.phone.page.locator("h2#siger"))
        expect(said).to_contain_text(HEARD)
        expect(said).to_contain_text("40 har svaret.")
        said.get_by_role("link", name="Se undersøgelsen").click()
        assert urlsplit(self.phone.page.url).path == f"/aabne-maal/undersoegelser/{self.survey.pk}/"
        self.looks_right(self.phone)
        for words in (HEARD, DOING, "40 har svaret", *(danish(mean(scores(code))) for code in SCALES)):
            expect(self.phone.page.locator("main")).to_contain_text(words)
        for words in (*(NAMES[group] for group in HIDDEN), *WRITTEN, CUT):
            assert words not in self.phone.text
        self.phone.go("/aabne-maal/undersoegelser/")
        self.looks_right(self.phone)
        assert not self.phone.context.cookies()

    def subscriber_hears_of_it(self) -> None:
        """Once, and the address is gone."""
        self.mails.taken.clear()
        self.on(self.closes + timedelta(days=2))
        [mail] = [one for one in self.mails.taken if one["To"] == "inge@example.dk"]
        text = mail.get_body(("plain",)).get_content()
        assert HEARD in text.replace("\n", " ")
        assert f"/aabne-maal/undersoegelser/{self.survey.pk}/" in text
        assert not AnswerSubscriber.objects.exists()

    def next_meeting_has_it(self) -> None:
        """On the committee's agenda, for decision."""
        round_ = Round.objects.filter(body=self.body, meeting_date__gte=self.clock.now.date()).order_by("meeting_date")
        politician = self.as_("odense-politiker")
        politician.visitor.go(f"/udvalg/{self.body.pk}/moeder/{round_[0].pk}/")
        self.looks_right(politician.visitor)
        politician.press("link", f"Det siger borgerne: {TITLE}")
        self.looks_right(politician.visitor)
        for words in ("40 har svaret.", HEARD, DOING, "At udvalget tager stilling"):
            expect(politician.page.locator("main")).to_contain_text(words)

    # ---- the next wave -----------------------------------------------------------------------------------------------

    def addresses_are_deleted(self) -> None:
        """On the declared day."""
        assert InvitedAddress.objects.filter(survey=self.survey).count() == len(self.addresses)
        self.on(self.promised)
        assert not InvitedAddress.objects.filter(survey=self.survey).exists()

    def next_wave_shows_what_came_of_it(self) -> None:
        """Those who answer again read what the last answer led to."""
        chef = self.as_("odense-chef")
        chef.visitor.go(f"{self.own}svar-til-borgerne/")
        chef.press("link", re.compile("^Skriv, hvad der kom af det"))
        chef.write("[name=outcome]", OUTCOME)
        self.looks_right(chef.visitor)
        chef.press("button", "Offentliggør")
        chef.visitor.go(f"{self.own}gentag/")
        chef.press("button", "Opret kladde")
        again = Survey.objects.get(previous=self.survey)
        today = self.clock.now.date()
        chef.write("[name=period]", "2027H1")
        for name, days in (
            ("opens_on", 0),
            ("closes_on", 14),
            ("answer_by", 40),
            ("addresses_until", 40),
            ("answers_until", 999),
        ):
            chef.write(f"[name={name}]", (today + timedelta(days=days)).isoformat())
        chef.press("button", "Gem")
        chef.visitor.go(f"/undersoegelser/{again.pk}/aabn/")
        chef.press("button", "Åbn undersøgelsen")
        expect(chef.page.locator("main")).to_contain_text(OUTCOME)
        self.looks_right(chef.visitor)
        self.phone.go(f"/svar/{again.slug}/")
        self.phone.page.locator("[name=q1][value='4']").check(force=True)
        self.phone.page.get_by_role("button", name="Send svar").click()
        for words in (HEARD, DOING, OUTCOME):
            expect(self.phone.page.locator("main")).to_contain_text(words)
        self.looks_right(self.phone)


@pytest.fixture
def demo(clock, transactional_db, settings, monkeypatch):
    settings.ALLOW_DEMO = True
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    load_demo("odense")


def test_a_wave(visit, clock, mails):
    wave = Wave(visit, clock, mails)
    wave.chef_sets_it_up()
    wave.chef_opens_it()
    wave.chef_invites()
    wave.citizens_answer()
    wave.employee_keys_in_paper()
    wave.it_closes_and_shows_results()
    wave.goal_shows_the_measurement()
    wave.chef_reads_comments()
    wave.chef_answers()
    wave.everybody_reads_it()
    wave.subscriber_hears_of_it()
    wave.next_meeting_has_it()
    wave.addresses_are_deleted()
    wave.next_wave_shows_what_came_of_it()
    assert not wave.found, "\n".join(wave.found)
    assert not [fault for visitor in wave.visitors for fault in visitor.faults]
