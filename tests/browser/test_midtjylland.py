"""The model of Central Denmark Region, played: a goal from its first words to a target that owners in two authorities
changed together, a leader's own goal, and the triangle. Nothing else of another authority is seen on the way."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from goals.models import Goal, Indicator, Series
from organisation.models import Unit, User
from tests.browser.test_every_page import axe
from tests.browser.test_main_job import Mouse

pytestmark = pytest.mark.parametrize("demo", ["midtjylland"], indirect=True)

FIRST_WORDS = "Vi vil styrke samarbejdet om ældre patienter"
TITLE = "Ingen patient over 65 år kommer hjem til en kold lejlighed"
ANSWERS = {
    "specific": "Kommunen har varmet boligen op og sat mad i køleskabet, når patienten kommer hjem.",
    "measurable": "Andelen af udskrivninger, der er meldt til kommunen dagen før.",
    "attractive": "Den, der kommer hjem til varme og mad, kommer sig hurtigere.",
    "realistic": "Hver afdeling har en koordinator i forvejen.",
    "timed": "Senest ved udgangen af 2028.",
}


class Play:
    """Everybody has a window of their own."""

    def __init__(self, visit) -> None:
        self.visit = visit
        self.people: dict[str, Mouse] = {}
        self.found: list[str] = []

    def as_(self, name: str, width: int = 1280) -> Mouse:
        """`hospital` is `midtjylland-hospital`."""
        if name not in self.people:
            self.people[name] = Mouse(self.visit(f"midtjylland-{name}", width=width))
            self.people[name].page.set_default_timeout(10_000)
        return self.people[name]

    @staticmethod
    def choose(person: Mouse, name: str, one) -> None:
        person.page.locator(f"[name={name}]").select_option(str(one.pk))

    def looks_right(self, person: Mouse) -> None:
        """Nothing that axe finds serious, and nothing beside the page, wide or narrow."""
        page, size = person.page, person.page.viewport_size
        where = page.url.removeprefix(person.visitor.address)
        self.found += [f"{where}: {line}" for line in axe(page)]
        for width in (size["width"], 390):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                self.found.append(f"{where} is wider than {width}")
        page.set_viewport_size(size)

    # ---- from the first words to a goal in force ---------------------------------------------------------------------

    def consultant_writes_a_goal(self) -> None:
        """The advice reads along: vague words get an example, and clear ones are left in peace."""
        writer = self.as_("konsulent")
        self.home = Unit.objects.get(code="MNS")
        writer.visitor.go(f"/maal/nyt/?enhed={self.home.pk}")
        writer.write("[name=title]", FIRST_WORDS)
        advice = writer.page.locator("#goal")
        expect(advice).to_contain_text("styrke", timeout=10_000)
        self.looks_right(writer)
        writer.write("[name=title]", TITLE)
        writer.write("[name=short_name]", "Varmt hjem")
        self.choose(writer, "responsible", User.objects.get(username="midtjylland-naer"))
        for name, text in ANSWERS.items():
            writer.write(f"[name={name}]", text)
        writer.press("button", "Gem kladden")
        self.goal = Goal.objects.get(title=TITLE)
        expect(writer.page.locator("main")).to_contain_text("Målet er oprettet som kladde")
        self.looks_right(writer)

    def consultant_measures_it(self) -> None:
        """By a series of the unit's own, with a baseline and a target."""
        writer = self.as_("konsulent")
        writer.visitor.go(f"/serier/ny/?enhed={self.home.pk}")
        self.choose(writer, "indicator", Indicator.objects.get(code="melding"))
        for name, text in (("baseline_period", "2026M06"), ("baseline_value", "60"), ("tolerance", "3")):
            writer.write(f"[name={name}]", text)
        writer.press("button", "Gem")
        self.series = Series.objects.get(unit=self.home, indicator__code="melding")
        writer.visitor.go(f"/serier/{self.series.pk}/maaltal/")
        writer.write("[name=period]", "2028M12")
        writer.write("[name=value]", "95")
        writer.press("button", "Gem måltallet")
        writer.visitor.go(f"/maal/{self.goal.pk}/indikatorer/")
        writer.page.get_by_label(re.compile("Udskrivninger meldt.*Nære Sundhedstilbud")).check(force=True)
        writer.press("button", "Tilføj")
        assert self.goal.goal_series.get().series == self.series

    def consultant_has_it_adopted(self) -> None:
        writer = self.as_("konsulent")
        writer.visitor.go(f"/maal/{self.goal.pk}/ret/")
        writer.press("button", "Foreslå målet")
        writer.visitor.go(f"/maal/{self.goal.pk}/vedtag/")
        self.choose(writer, "body", Unit.objects.get(code="MNU"))
        writer.write("[name=decided_on]", (timezone.localdate() - timedelta(days=1)).isoformat())
        writer.write("[name=reference]", "punkt 3")
        self.looks_right(writer)
        writer.press("button", "Målet er vedtaget")
        self.goal.refresh_from_db()
        assert self.goal.is_adopted, writer.visitor.text


def test_a_goal_of_several(visit):
    play = Play(visit)
    play.consultant_writes_a_goal()
    play.consultant_measures_it()
    play.consultant_has_it_adopted()
    assert not play.found, "\n".join(play.found)
    assert not [fault for person in play.people.values() for fault in person.visitor.faults]
