"""A whole quarter of one committee, day by day: from the plan to the decision, and the next round that shows it.

The clock stands where the test puts it; the mails go to a real SMTP server; everything else is done in a browser.
"""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from followup.actions.submissions import approve, submit
from followup.kinds import EDITABLE, WAITING
from followup.models import Acceptance, Assessment, Measurement, Plan, Round, RoundState, Submission, SubmissionState
from goals.models import Decision, Goal
from goals.period_names import period_name
from organisation.danish import long_date
from organisation.models import Unit, User
from tests.browser.conftest import Clock, load_demo
from tests.browser.test_main_job import Mouse, missing_cells
from tests.followup.flow import enter
from tests.smtp import MailServer


@pytest.fixture
def demo(clock, transactional_db, settings, monkeypatch):
    settings.ALLOW_DEMO = True
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    load_demo("hoeje-taastrup")


def mail_to(mails: MailServer, address: str, words: str):
    """The last mail to the address that holds the words in its subject."""
    found = [one for one in mails.taken if one["To"] == address and words in one["Subject"]]
    assert found, [(one["To"], one["Subject"]) for one in mails.taken]
    return found[-1]


def link_in(message, path: str) -> str:
    """The path of the mail's link that leads to the page."""
    text = message.get_body(("plain",)).get_content()
    found = [urlsplit(url).path for url in re.findall(r"http://\S+", text)]
    assert path in found, text
    return path


def settle_others(round_: Round, clock: Clock, *, but: int) -> None:
    """The other units report what they last reported, and somebody above approves: not what this test is about."""
    director, consultant = (User.objects.get(username=name) for name in ("direktoer", "konsulent"))
    others = round_.submissions.exclude(unit=but).exclude(state=SubmissionState.APPROVED).select_related("unit")
    for one in sorted(others, key=lambda one: -len(one.unit.path_ids())):
        for due in one.due_values.missing().select_related("series__indicator"):
            last = Measurement.objects.approved().filter(series=due.series).order_by("-period_end")[0]
            typed = {"numerator": last.numerator, "denominator": last.denominator} if last.denominator else {}
            enter(due.series, None if typed else last.value, due.period, by=consultant, **typed)
        for goal in Goal.objects.adopted().filter(owner_unit=one.unit):
            Assessment.objects.update_or_create(
                round=round_, goal=goal, defaults={"what_happened": "Som sidst.", "written_at": clock.now}
            )
            Acceptance.objects.get_or_create(
                round=round_, goal=goal,
                defaults={"authority": round_.authority, "reason": "Venter", "by": consultant, "at": clock.now},
            )  # fmt: skip
        if one.state in EDITABLE:
            submit(one, by=consultant, now=clock.now)
        approve(Submission.objects.get(pk=one.pk), by=director, now=clock.now)


class Quarter:
    """One round of the committee for schools, and everybody's part in it."""

    def __init__(self, visit, clock: Clock, mails: MailServer) -> None:
        self.visit, self.clock, self.mails = visit, clock, mails
        self.plan = Plan.objects.get(body__code="BSU")
        self.body = self.plan.body
        self.round_ = Round.objects.filter(body=self.body, state=RoundState.PLANNED).order_by("meeting_date")[0]

    def as_(self, name: str) -> Mouse:
        """Signed in anew: sessions do not outlive the days between."""
        return Mouse(self.visit(name, script=False))

    def plan_is_read(self) -> None:
        """The year wheel shows the meeting, and the plan says how often in words."""
        consultant = self.as_("konsulent")
        consultant.visitor.go(f"/opfoelgning/?aar={self.round_.meeting_date.year}&udvalg={self.body.pk}&vis=liste")
        expect(consultant.page.locator("main")).to_contain_text(f"{self.round_.meeting_date.day}.")
        consultant.visitor.go(f"/opfoelgning/planer/{self.plan.pk}/ret/")
        expect(consultant.page.locator("#id_rule")).to_have_value("hvert kvartal")

    def reminders_come(self) -> None:
        """It opens by itself, and a fortnight before the deadline a mail leads the leader to the right grid."""
        self.clock.tick(self.round_.opens)
        self.round_.refresh_from_db()
        assert self.round_.state == RoundState.OPEN
        self.submission = Submission.objects.get(round=self.round_, unit__code="BAK")
        self.mails.taken.clear()
        self.clock.tick(max(self.round_.opens, self.submission.deadline - timedelta(days=14)))
        self.clock.tick(self.submission.deadline - timedelta(days=3))
        reminder = mail_to(self.mails, "leder@example.dk", "Bakkeskolen")
        self.grid = link_in(reminder, f"/indberetning/{self.round_.pk}/{self.submission.unit_id}/")
        before = len(self.mails.taken)
        self.clock.tick(self.submission.deadline - timedelta(days=3))
        assert len(self.mails.taken) == before, "the same day sends nothing twice"

    def leader_enters(self) -> None:
        """Numbers, and what happened where a goal is off track; then to approval."""
        leader = self.as_("leder")
        leader.visitor.go(self.grid)
        for field, text in missing_cells(self.submission):
            leader.write(f"[name={field}]", text)
        leader.press("button", "Gem kladde")
        for box in leader.page.locator("[data-assess]:has([data-lacks])").all():
            goal = box.get_attribute("data-assess")
            leader.write(f"[name=a-{goal}-what_happened]", "Fraværet er højt i 8. klasse.")
            leader.write(f"[name=a-{goal}-why]", "To klasser har ny klasselærer.")
            leader.write(f"[name=a-{goal}-what_we_do]", "Vi ringer hjem samme dag.")
            acceptance = leader.page.locator(f"[name=a-{goal}-acceptance]")
            if acceptance.count():
                acceptance.fill("Handlingen fra sidste kvartal løber videre.")
        leader.press("button", "Gem kladde")
        leader.press("button", "Send til godkendelse")
        self.submission.refresh_from_db()
        assert self.submission.state == SubmissionState.SUBMITTED, leader.visitor.text

    def director_returns_it(self) -> None:
        """With a reason that the leader hears of and finds where the work is."""
        director = self.as_("direktoer")
        director.visitor.go(f"{self.grid}godkend/")
        director.press("button", "Tag op til behandling")
        expect(director.page.locator("main")).to_contain_text("under behandling")
        director.write("[name=reason]", "Skriv, hvad I gør i 7. klasse.")
        director.press("button", "Send tilbage")
        self.clock.tick(self.submission.deadline - timedelta(days=2))
        assert "Skriv, hvad I gør i 7. klasse." in mail_to(
            self.mails, "leder@example.dk", "sendt tilbage"
        ).get_body(("plain",)).get_content()  # fmt: skip
        leader = self.as_("leder")
        leader.visitor.go("/")
        expect(leader.page.locator(".m-inbox__row--back")).to_contain_text("Skriv, hvad I gør i 7. klasse.")
        leader.visitor.go(self.grid)
        self.goal = leader.page.locator("[data-assess]").first.get_attribute("data-assess")
        assert Goal.objects.get(pk=self.goal).owner_unit == self.submission.unit
        leader.write(f"[name=a-{self.goal}-what_we_do]", "Vi ringer hjem samme dag, også i 7. klasse.")
        leader.press("button", "Gem kladde")
        leader.press("button", "Send til godkendelse")

    def director_approves(self) -> None:
        """This unit in the browser, the others beside it; then the round is ready for the meeting."""
        director = self.as_("direktoer")
        director.visitor.go(f"{self.grid}godkend/")
        director.press("button", "Godkend")
        self.submission.refresh_from_db()
        assert self.submission.state == SubmissionState.APPROVED
        self.clock.tick(self.round_.entry_deadline + timedelta(days=1))
        settle_others(self.round_, self.clock, but=self.submission.unit_id)
        assert not self.round_.submissions.filter(state__in=[*EDITABLE, *WAITING]).exists()
        consultant = self.as_("konsulent")
        consultant.visitor.go(f"/opfoelgning/{self.round_.pk}/")
        consultant.press("button", "Klar til mødet")
        self.round_.refresh_from_db()
        assert self.round_.state == RoundState.READY

    def member_asks_and_leader_answers(self) -> None:
        """The committee reads the leader's words; a member asks, the leader answers, all members see it."""
        politician = self.as_("udvalgsformand")
        politician.visitor.go(f"/maal/{self.goal}/")
        expect(politician.page.locator("main")).to_contain_text("også i 7. klasse")
        politician.press("link", "Stil spørgsmål")
        politician.page.locator("[name=body]").select_option(str(self.body.pk))
        politician.write("[name=text]", "Hvorfor er det netop 8. klasse?")
        politician.press("button", "Send spørgsmål")
        self.clock.put(self.clock.now.date() + timedelta(days=1))
        leader = self.as_("leder")
        leader.visitor.go("/")
        leader.press("link", re.compile("Svar på spørgsmål fra"))
        leader.write("[name=answer]", "Fordi to klasser fik ny klasselærer i august.")
        leader.press("button", "Send svar")
        politician = self.as_("udvalgsformand")
        politician.visitor.go(f"/udvalg/{self.body.pk}/moeder/{self.round_.pk}/")
        expect(politician.page.locator("main")).to_contain_text("Hvorfor er det netop 8. klasse?")
        expect(politician.page.locator("main")).to_contain_text("ny klasselærer i august")

    def committee_decides(self) -> None:
        """An item, what was decided, and who does something about it before when."""
        consultant = self.as_("konsulent")
        consultant.visitor.go(f"/udvalg/{self.body.pk}/moeder/{self.round_.pk}/nyt-punkt/")
        consultant.write("[name=title]", "Samtaler efter fem dages fravær")
        consultant.press("button", "Gem")
        self.clock.put(self.round_.meeting_date, 18)
        consultant = self.as_("konsulent")
        consultant.visitor.go(f"/udvalg/{self.body.pk}/moeder/{self.round_.pk}/")
        consultant.press("link", "Samtaler efter fem dages fravær")
        consultant.press("link", "Skriv beslutning")
        consultant.write("[name=title]", "Samtaler efter fem dages fravær")
        consultant.write("[name=text]", "Alle skoler holder samtaler efter fem dages fravær.")
        consultant.write("[name=reference]", "punkt 3")
        consultant.page.locator("[name=leads_to]").select_option("action")
        consultant.page.locator("[name=responsible]").select_option(
            str(User.objects.get(username="direktoer").pk)
        )  # fmt: skip
        consultant.press("button", "Gem beslutningen")
        decision = Decision.objects.get(title="Samtaler efter fem dages fravær", date=self.round_.meeting_date)
        assert decision.is_pending
        director = self.as_("direktoer")
        director.visitor.go("/")
        expect(director.page.locator("main")).to_contain_text("Beslutning: Samtaler efter fem dages fravær")
        director.visitor.go(f"/handlinger/ny/?beslutning={decision.pk}")
        director.write("[name=what]", "Indfør samtaler på alle skoler")
        director.page.locator("[name=owner]").select_option(str(User.objects.get(username="direktoer").pk))
        director.write("[name=due_date]", (self.clock.now.date() + timedelta(days=40)).isoformat())
        director.page.locator("[name=unit]").select_option(str(Unit.objects.get(code="DIR").pk))
        director.press("button", "Start handling")
        expect(director.page.locator(".m-notice--success")).to_contain_text("Handlingen er startet")

    def number_is_corrected(self) -> None:
        """After approval a number changes only with a reason, and both are seen."""
        self.clock.tick(self.round_.meeting_date + timedelta(days=1))
        self.round_.refresh_from_db()
        assert self.round_.state == RoundState.CLOSED
        value = Measurement.objects.approved().filter(
            approved_in=self.submission, denominator=None, value__isnull=False, series__indicator__decimals=0
        ).select_related("series")[0]  # fmt: skip
        consultant = self.as_("konsulent")
        consultant.visitor.go(f"/serier/{value.series_id}/ret-tal/{value.pk}/")
        consultant.write("[name=value]", str(int(value.value) + 1))
        consultant.write("[name=reason]", "Et barn var glemt i optællingen.")
        consultant.press("button", "Ret tallet")
        consultant.visitor.go(f"/serier/{value.series_id}/")
        expect(consultant.page.locator(".m-corrected").first).to_contain_text("rettet")
        expect(consultant.page.locator("main")).to_contain_text("Et barn var glemt i optællingen.")

    def next_round_shows_what_became_of_it(self) -> None:
        """The same committee sees the decision and the action it led to."""
        later = Round.objects.filter(body=self.body, meeting_date__gt=self.round_.meeting_date)
        following = later.order_by("meeting_date")[0]
        self.clock.tick(following.opens)
        self.clock.put(following.meeting_date - timedelta(days=2))
        politician = self.as_("udvalgsformand")
        politician.visitor.go(f"/udvalg/{self.body.pk}/moeder/{following.pk}/")
        main = politician.page.locator("main")
        expect(main).to_contain_text("Samtaler efter fem dages fravær")
        expect(main).to_contain_text("Indfør samtaler på alle skoler")
        expect(main).to_contain_text(long_date(self.round_.meeting_date).replace("\u00a0", " "), use_inner_text=True)
        assert period_name(following.period) != period_name(self.round_.period)


def test_a_quarter(visit, clock, mails):
    quarter = Quarter(visit, clock, mails)
    quarter.plan_is_read()
    quarter.reminders_come()
    quarter.leader_enters()
    quarter.director_returns_it()
    quarter.director_approves()
    quarter.member_asks_and_leader_answers()
    quarter.committee_decides()
    quarter.number_is_corrected()
    quarter.next_round_shows_what_became_of_it()
