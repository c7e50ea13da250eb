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
from tests.browser.test_every_page import axe
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
    "invitation": {"SYD": 8, "NORD": 7, "OER": 2, "NAT": 3},
    "link": {"MIDT": 8, "NORD": 4},
    "papir": {"SYD": 6, "OER": 2},
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
HEARD = "Aftenerne er utrygge, fordi der kommer så mange forskellige."
DOING = "De samme fire hjælpere deler aftenerne fra 1. januar."
OUTCOME = "I januar og februar mødte de fleste højst fire om aftenen."


@dataclass(frozen=True)
class Citizen:
    """One who answers."""

    number: int
    method: str
    group: str

    @property
    def answers(self) -> dict[str, str]:
        """Question -> what is ticked; one does not know whether the help makes a difference."""
        rows = {"q1": "54435424", "q2": "34243", "q3": "4534", "q4": "554"}
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
        self.closes, self.promised = self.today + timedelta(days=7), self.today + timedelta(days=21)
        self.phone = visit(width=390, script=False)
        self.found: list[str] = []
        self.people = {"": self.phone}

    def as_(self, name: str) -> Mouse:
        """Signed in once: all happens within the life of a session."""
        if name not in self.people:
            self.people[name] = self.visit(name)
        return Mouse(self.people[name])

    def looks_right(self, visitor) -> None:
        """Nothing that axe finds serious, and nothing beside the page."""
        path, width = urlsplit(visitor.page.url).path, visitor.page.viewport_size["width"]
        self.found += [f"{path} at {width}: {line}" for line in axe(visitor.page)]
        if visitor.page.evaluate("document.documentElement.scrollWidth") > width:
            self.found.append(f"{path} is wider than {width}")

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
        self.open_link = chef.page.locator(".m-place", has_text=NAMES["MIDT"]).get_by_role("link").first
        chef.press("link", "Inviter fra liste")
        lines = [f"{address};{NAMES[code]}" for address, code in self.addresses.items()]
        chef.write("[name=pasted]", "\n".join(lines))
        self.looks_right(chef.visitor)
        chef.press("button", "Læs listen")
        expect(chef.page.locator("main")).to_contain_text("26 bliver inviteret")
        self.looks_right(chef.visitor)
        chef.press("button", re.compile("^Inviter"))
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
            path = f"/svar/{self.survey.slug}/?g={citizen.group}"
            if citizen.method == "invitation":
                path = self.last = self.links[citizen.group].pop()
            assert self.phone.go(path).status == 200, self.phone.text
            if citizen.number == 0:
                self.looks_right(self.phone)
            for code, ticked in citizen.answers.items():
                page.locator(f"[name={code}][value={ticked}]").check(force=True)
            page.fill("[name=q99]", citizen.words)
            page.get_by_role("button", name="Send svar").click()
            expect(page.locator("h1")).to_have_text("Tak for dit svar")
        self.looks_right(self.phone)
        page.fill("[name=mail]", "inge@example.dk")
        page.get_by_role("button", name="Giv mig besked").click()
        expect(page.locator("main")).to_contain_text("sletter så adressen")
        assert self.phone.go(self.last).status == 410
        expect(page.locator("main")).to_contain_text("Tak")
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
        expect(employee.page.locator(".m-keys__said")).to_contain_text("Skema nr. 8 er gemt.")


def _path(url: str) -> str:
    return urlsplit(url).path


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
    assert not wave.found, "\n".join(wave.found)
    assert not [fault for visitor in wave.people.values() for fault in visitor.faults]
