"""The model of Central Denmark Region, played: a goal from its first words to a target that owners in two authorities
changed together, a leader's own goal, and the triangle. Nothing else of another authority is seen on the way."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from goals.models import Goal, GoalOwner, Indicator, PersonalGoal, Series, TargetProposal
from organisation.models import Unit, User
from tests.browser.looking import NARROW, WIDE, faults_of_page, too_wide
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
        self.found += faults_of_page(person.page, [WIDE]) + too_wide(person.page, [NARROW])

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

    # ---- owned by several --------------------------------------------------------------------------------------------

    def commit(self, person: Mouse, series: Series, leader: str, contribution: str, resource: str) -> None:
        """Binds a unit in writing, on the form that is open."""
        person.write("[name=contribution]", contribution)
        person.write("[name=resource]", resource)
        self.choose(person, "series", series)
        self.choose(person, "responsible", User.objects.get(username=f"midtjylland-{leader}"))

    def consultant_shares_it(self) -> None:
        """From the goal's page: its own unit commits first, then others are asked, two of them of another authority."""
        consultant = self.as_("konsulent")
        consultant.visitor.go(f"/maal/{self.goal.pk}/")
        consultant.press("link", re.compile("^Gør målet tværgående"))
        self.commit(consultant, self.series, "naer", "Vi samler op på alle udskrivninger hver uge.", "1 årsværk")
        self.looks_right(consultant)
        consultant.press("button", "Forpligt jer, og gør målet tværgående")
        self.page = f"/tvaergaaende/{self.goal.pk}/"
        for authority, unit in (("906", "MHN"), ("907", "SO"), ("909", "SO")):
            asked = Unit.objects.get(authority__code=authority, code=unit)
            consultant.visitor.go(f"{self.page}inviter/?myndighed={asked.authority_id}")
            self.choose(consultant, "unit", asked)
            consultant.write("[name=note]", "Vi vil det samme. Vil I være med?")
            if authority == "909":
                self.looks_right(consultant)
            consultant.press("button", "Send invitationen")
            expect(consultant.page.locator("main")).to_contain_text(f"{asked.name} er inviteret.")
        self.looks_right(consultant)

    def owners_commit(self) -> None:
        """Each finds the invitation on the first page. One says no, and sees the goal no more."""
        for name, authority, unit, code, words in (
            ("hospital", "906", "MHN", "egen-plan", ("Afdelingen ringer til kommunen kl. 10.", "En koordinator")),
            ("kommune", "907", "SO", "genindlagt", ("Vi tænder for varmen og sætter mad ind.", "0,5 årsværk")),
        ):
            leader = self.as_(name)
            leader.visitor.go("/")
            leader.press("link", re.compile(f"{TITLE}$"))
            expect(leader.page.locator("main")).to_contain_text("Vi vil det samme. Vil I være med?")
            series = Series.objects.get(authority__code=authority, unit__code=unit, indicator__code=code)
            if "Forpligt jer" not in leader.page.locator("main form").all_inner_texts()[-1]:
                leader.press("link", re.compile("^Forpligt jer"))
            self.commit(leader, series, name, *words)
            self.looks_right(leader)
            leader.press("button", "Forpligt jer")
            expect(leader.page.locator("main")).to_contain_text(words[0])
            self.looks_right(leader)
        other = self.as_("kommune3")
        owner = GoalOwner.objects.get(goal=self.goal, unit__authority__code="909")
        other.visitor.go(f"/tvaergaaende/ejere/{owner.pk}/nej/")
        other.write("[name=reason]", "Vi har ingen på arbejde i weekenden.")
        self.looks_right(other)
        other.press("button", "Sig nej")
        assert other.visitor.go(self.page).status == 404
        assert Counter(self.goal.owners.values_list("state", flat=True)) == {"committed": 3, "declined": 1}

    def nothing_else_is_seen(self) -> None:
        """Neither goals, figures, units nor people of the other authority, by address, list or search."""
        leader, consultant = self.as_("kommune"), self.as_("konsulent")
        for person, own, theirs in ((leader, "907", "906"), (consultant, "906", "907")):
            closed = [
                *(f"/maal/{pk}/" for pk in Goal.objects.filter(authority__code=theirs).values_list("pk", flat=True)),
                *(
                    f"/serier/{pk}/"
                    for pk in Series.objects.filter(authority__code=theirs).values_list("pk", flat=True)
                ),
                *(f"/enheder/{pk}/" for pk in Unit.objects.filter(authority__code=theirs).values_list("pk", flat=True)),
            ]
            statuses = {path: person.page.request.get(person.visitor.address + path).status for path in closed}
            assert set(statuses.values()) == {404}, {path: code for path, code in statuses.items() if code != 404}
            shared = Goal.objects.filter(is_cross_cutting=True, authority__code=theirs).values("pk")
            hidden = Goal.objects.filter(authority__code=theirs).exclude(pk__in=shared)
            for path in (self.page, "/tvaergaaende/", "/", "/maal/", "/soeg/?q=patient"):
                person.visitor.go(path)
                for goal in hidden:
                    assert goal.title not in person.visitor.text, (own, path, goal.title)
        # The one that said no is told nothing more, and strangers nothing at all.
        for name in ("kommune3", "kommune2"):
            assert self.as_(name).visitor.go(self.page).status == 404

    # ---- a target changed together -----------------------------------------------------------------------------------

    def two_want_another_target(self) -> None:
        """Both have the form open: the second is told who was first, and loses nothing that was typed."""
        hospital, municipality = self.as_("hospital"), self.as_("kommune")
        for person in (hospital, municipality):
            person.visitor.go(self.page)
            person.press("link", re.compile("^Foreslå et nyt måltal"))
        for person, value, body in ((hospital, "97", "MHU"), (municipality, "92", "SSU")):
            person.write("[name=value]", value)
            person.write("[name=reason]", f"Vi mener, at {value} pct. er muligt.")
            there = "906" if person is hospital else "907"
            self.choose(person, "body", Unit.objects.get(authority__code=there, code=body))
            person.write("[name=decided_on]", (timezone.localdate() - timedelta(days=2)).isoformat())
            person.write("[name=reference]", "punkt 6")
        self.looks_right(hospital)
        hospital.press("button", "Send forslaget til de andre ejere")
        municipality.press("button", "Send forslaget til de andre ejere")
        told = municipality.page.locator("main")
        expect(told).to_contain_text("Morten Skovgaard, Hospitalet Nordlyst, kom først og foreslår mindst 97,0 pct.")
        expect(municipality.page.locator("[name=value]")).to_have_value("92")
        self.looks_right(municipality)
        assert self.target() == 95

    def all_agree(self) -> None:
        """The target is the old one until the last has agreed."""
        proposal = TargetProposal.objects.get(goal=self.goal)
        for name in ("kommune", "naer"):
            assert self.target() == 95
            person = self.as_(name)
            person.visitor.go("/")
            person.press("link", re.compile(f"^Svar på nyt måltal: {TITLE}"))
            person.page.locator("[name=agrees][value=yes]").check(force=True)
            self.looks_right(person)
            person.press("button", "Send svaret")
        expect(person.page.locator("main")).to_contain_text("Alle er enige. Måltallet er ændret.")
        assert self.target() == 97
        proposal.refresh_from_db()
        assert proposal.state == "agreed"
        # Every owner reads it, and the old target stays on record.
        for name in ("hospital", "kommune"):
            self.as_(name).visitor.go(self.page)
            expect(self.as_(name).page.locator("main")).to_contain_text("mindst 97,0 pct.")
        assert [target.value for target in self.series.targets.order_by("set_at")] == [95, 97]

    def target(self) -> int:
        return int(self.series.targets.in_force().get().value)

    # ---- a leader's own goal, and the triangle -----------------------------------------------------------------------

    def leader_writes_a_goal_of_their_own(self) -> None:
        """Tied to the shared goal; the manager reads it, a colleague and the goal consultant do not know of it."""
        leader = self.as_("hospital")
        leader.visitor.go("/personlige-maal/nyt/")
        leader.write("[name=title]", "Jeg ringer selv til to patienter hver uge")
        leader.write("[name=due_date]", (timezone.localdate() + timedelta(days=90)).isoformat())
        self.choose(leader, "unit", Unit.objects.get(code="MHN"))
        self.choose(leader, "goal", self.goal)
        self.looks_right(leader)
        leader.press("button", re.compile("^Gem"))
        own = PersonalGoal.objects.get(goal=self.goal)
        address = f"/personlige-maal/{own.pk}/"
        leader.visitor.go(address)
        expect(leader.page.locator("main")).to_contain_text(TITLE)
        self.looks_right(leader)
        manager = self.as_("direktoer")
        manager.visitor.go("/personlige-maal/")
        manager.press("link", own.title)
        expect(manager.page.locator("h1")).to_have_text(own.title)
        self.looks_right(manager)
        for name in ("hospital2", "konsulent", "kommune"):
            stranger = self.as_(name)
            assert stranger.visitor.go(address).status == 404
            for path in ("/personlige-maal/", f"/maal/{self.goal.pk}/", self.page):
                stranger.visitor.go(path)
                assert own.title not in stranger.page.content()

    def politician_reads_the_triangle(self) -> None:
        """Economy, activity and quality of the eighth goal and of a hospital: in words, as a drawing and as a table."""
        politician = self.as_("politiker")
        eighth = Goal.objects.get(code="N8", authority__code="906")
        politician.visitor.go(f"/maal/{eighth.pk}/")
        for path in (f"/maal/{eighth.pk}/trekant/", f"/enheder/{Unit.objects.get(code='MHN').pk}/trekant/"):
            politician.visitor.go(path)
            for side in ("Økonomi", "Aktivitet", "Kvalitet"):
                expect(politician.page.get_by_role("heading", name=side, exact=True)).to_be_visible()
            expect(politician.page.locator("main")).to_contain_text("2026-priser")
            self.looks_right(politician)
        expect(politician.page.locator("main")).to_contain_text("kan hverken sammenlignes eller lægges sammen")


def test_a_goal_of_several(visit):
    play = Play(visit)
    play.consultant_writes_a_goal()
    play.consultant_measures_it()
    play.consultant_has_it_adopted()
    play.consultant_shares_it()
    play.owners_commit()
    play.nothing_else_is_seen()
    play.two_want_another_target()
    play.all_agree()
    play.leader_writes_a_goal_of_their_own()
    play.politician_reads_the_triangle()
    assert not play.found, "\n".join(play.found)
    assert not [fault for person in play.people.values() for fault in person.visitor.faults]
