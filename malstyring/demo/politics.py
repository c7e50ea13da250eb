"""Agendas, decisions and questions of a demo's bodies, before and after the last meeting. All of it is invented."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from followup.actions.actions import finish_action, start_action
from followup.actions.agenda import add_item, conclude
from followup.actions.decisions import close_decision, record_decision
from followup.actions.questions import answer_question, ask_question
from followup.kinds import RoundState, Worked
from followup.models import AgendaItem, Question, Round
from followup.questions import answerer_of, due_date_of
from goals.kinds import DecisionKind, LeadsTo
from goals.models import Decision
from malstyring.demo.builder import Builder
from organisation.models import Unit
from reports.actions.publishing import approve_report, write_report
from reports.subject import ordinary


@dataclass(frozen=True)
class ItemRow:
    """An item: `kind` is the outcome at the held meeting, empty for what is still to come."""

    title: str
    text: str
    recommendation: str = ""
    goal: str = ""
    is_for_decision: bool = True
    kind: str = ""
    decided: str = ""
    leads_to: str = LeadsTo.NOTHING
    responsible: str = ""
    outcome: str = ""
    actions: list[tuple[str, str, str, int, str]] = field(default_factory=list)  # what, unit, owner, days, result
    closed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class QuestionRow:
    """A question: asked so many days ago, answered if there is an answer; `late` days after it should have been."""

    text: str
    goal: str
    asked_by: str
    days_ago: int
    answer: str = ""
    late: int = 0


HELD = {
    "BSU": [
        ItemRow(
            "Fælles indsats mod fravær i udskolingen",
            "Fraværet stiger igen i udskolingen. Skolerne griber ind på hver sin måde og på hver sin dag.",
            "At alle skoler ringer hjem samme dag, og at udvalget følger fraværet hver måned.",
            goal="B3",
            kind=DecisionKind.APPROVED,
            decided="Alle skoler ringer hjem på første fraværsdag. Udvalget vil se tallene for hver skole næste gang.",
            leads_to=LeadsTo.ACTION,
            responsible="direktoer",
            actions=[
                ("Ring hjem på første fraværsdag i 7.–9. klasse", "BAK", "leder", -20, "Alle klasser gør det nu."),
                ("Saml skolernes erfaringer med samtaler efter fem dages fravær", "SKO", "direktoer", -4, ""),
            ],
        ),
        ItemRow(
            "Sprogvejledere i børnehusene",
            "To børnehuse har ingen sprogvejleder. Det koster 0,9 mio. kr. om året at ansætte to.",
            "At der ansættes to sprogvejledere inden for rammen.",
            goal="B1",
            kind=DecisionKind.APPROVED,
            decided="Der ansættes to sprogvejledere.",
            leads_to=LeadsTo.NEW_EFFORT,
            responsible="dagtilbud",
            outcome="Begge er ansat fra den 1. i måneden. 38 børn er i et sprogforløb.",
        ),
        ItemRow(
            "Overgangen fra 9. klasse",
            "De første tal for de unge, der gik ud af 9. klasse i sommer.",
            goal="B4",
            is_for_decision=False,
            kind=DecisionKind.NOTED,
            decided="Taget til efterretning.",
        ),
        ItemRow(
            "Ny måling af elevernes trivsel",
            "Den nationale måling giver ét tal om året. Elevrådene ønsker en kort måling hvert kvartal.",
            "At udvalget drøfter, om skolerne skal måle hvert kvartal.",
            goal="B2",
            kind=DecisionKind.POSTPONED,
            decided="Udsat. Udvalget ønsker elevrådenes mening først.",
        ),
    ],
    "EBU": [
        ItemRow(
            "Nyt måltal for langtidsledige",
            "Efter lukningen af papirfabrikken kan måltallet ikke nås i tide.",
            "At byrådet ændrer måltallet for langtidsledige.",
            goal="E2",
            kind=DecisionKind.RECOMMENDED,
            decided="Anbefales til byrådet.",
            leads_to=LeadsTo.CHANGED_GOAL,
            responsible="jobchef",
        ),
        ItemRow(
            "Samarbejde med virksomhederne",
            "Jobcentret og erhvervsforeningen foreslår et fast kvartalsmøde.",
            goal="E1",
            is_for_decision=False,
            kind=DecisionKind.DISCUSSED,
            decided="Drøftet. Udvalget bakker op om et fast kvartalsmøde.",
        ),
    ],
    "SSU": [
        ItemRow(
            "Kortere ventetid på genoptræning",
            "Ventetiden er længst for knæ og hofte. Forvaltningen foreslår aftenhold.",
            "At der oprettes to aftenhold.",
            goal="S2",
            kind=DecisionKind.SENT_BACK,
            decided="Sendt tilbage. Udvalget ønsker prisen for aftenhold belyst.",
        )
    ],
    "OKU": [
        ItemRow(
            "Ekstra kampagne mod sygefravær",
            "Forslag om en kampagne til 0,4 mio. kr.",
            "At kampagnen sættes i gang.",
            goal="O1",
            kind=DecisionKind.REJECTED,
            decided="Ikke godkendt. Pengene bruges på de steder, hvor fraværet er højest.",
        )
    ],
}
COMING = {
    "BSU": [
        ItemRow(
            "To lærere mere til de skoler, der har højest fravær",
            "Fraværet falder på Elmeskolen, hvor der er en fast kontaktlærer, men ikke på de andre skoler. To "
            "stillinger koster 1,1 mio. kr. om året.",
            "At Bakkeskolen og Åskolen får en kontaktlærer hver fra næste kvartal.",
            goal="B3",
        ),
        ItemRow(
            "Tilbud på kørsel til Åskolen",
            "Tre vognmænd har givet tilbud. Det laveste er på 840.000 kr., og forskellen er 210.000 kr.",
            "At det laveste tilbud antages.",
            closed={
                "closed_reason": "Punktet nævner priserne i tre tilbud, som endnu ikke er afgjort.",
                "public_title": "Sag om indkøb",
            },
        ),
        ItemRow(
            "Sprogvurderinger i børnehusene",
            "Alle treårige er nu vurderet. Tallene er med i opfølgningen.",
            goal="B1",
            is_for_decision=False,
        ),
    ],
    "EBU": [
        ItemRow(
            "60 omskolingspladser mere",
            "De første 60 borgere fra papirfabrikken er i omskoling, og 22 er i job. Der er 48 på venteliste.",
            "At der købes 60 pladser til for 1,8 mio. kr.",
            goal="E2",
        )
    ],
    "SSU": [
        ItemRow(
            "Faste teams i hjemmeplejen",
            "Hjemmeplejen Øst har prøvet faste teams i tre måneder.",
            "At modellen udbredes til hele kommunen.",
            goal="S3",
        )
    ],
    "BY": [
        ItemRow(
            "Matematikvejledere på alle skoler",
            "Prøveresultaterne ligger under det forventede, især i matematik.",
            "At der afsættes 1,4 mio. kr. til et fælles hold af matematikvejledere.",
            goal="M2",
        ),
        ItemRow(
            "Unge, der falder fra",
            "Ungeteamet ringer til alle, der har mere end 10 pct. fravær.",
            goal="M3",
            is_for_decision=False,
        ),
    ],
}
QUESTIONS = {
    "BSU": [
        QuestionRow(
            "Er det de samme elever, der er fraværende hvert kvartal?",
            "B3",
            "udvalgsformand",
            40,
            answer="Ja, godt halvdelen. 46 elever stod for 38 pct. af fraværet i begge kvartaler. Alle har en plan nu.",
        ),
        QuestionRow("Hvad koster en sprogvejleder pr. barn?", "B1", "udvalgsformand", 6),
        QuestionRow("Hvornår kan vi se trivslen for hver skole?", "B2", "udvalgsformand", 45, late=5),
    ],
    "SSU": [QuestionRow("Hvor mange af de ventende er i arbejde?", "S2", "politiker", 4)],
    "BY": [
        QuestionRow(
            "Hvor mange unge har Ungeteamet talt med?",
            "M3",
            "borgmester",
            20,
            answer="128 unge siden 1. juli. 71 af dem er tilbage på deres uddannelse.",
        )
    ],
}
CONCLUSIONS = {
    "BY": "Flere børn får sproget i tide, og flere begynder på en ungdomsuddannelse. Prøveresultaterne i matematik "
    "trækker den anden vej. Byrådet skal tage stilling til et fælles hold af matematikvejledere.",
    "EBU": "Ledigheden er lav, men gruppen uden arbejde i mere end et år vokser efter lukningen af papirfabrikken. "
    "Omskoling virker for dem, der får en plads. Udvalget skal tage stilling til flere pladser.",
    "BSU": "Den tidlige sprogindsats virker, og flere unge går direkte i gang med en uddannelse. Fraværet i "
    "udskolingen er det, der bekymrer. Udvalget skal tage stilling til to kontaktlærere.",
}


# What is written in the report of a round that is ready: highlights, and what the administration recommends.
WRITTEN = {
    "EBU": (
        "Ledigheden er lav.\nFor mange er uden arbejde i mere end et år.",
        "at udvalget drøfter de langtidsledige\nat udvalget tager opfølgningen til efterretning",
    ),
}


@dataclass(frozen=True)
class Politics:
    """What the bodies of a model treat: at the last meeting and the next, what is asked, concluded and written."""

    held: dict[str, list[ItemRow]]
    coming: dict[str, list[ItemRow]]
    questions: dict[str, list[QuestionRow]]
    conclusions: dict[str, str]
    written: dict[str, tuple[str, str]]


FJORDBY = Politics(HELD, COMING, QUESTIONS, CONCLUSIONS, WRITTEN)


class PoliticsBuilder:
    """Plays the bodies' meetings of a model through the same actions as people use."""

    def __init__(self, builder: Builder) -> None:
        self.it = builder
        self.today, self.now = builder.today, builder.now
        self.consultant, self.director = builder.consultant, builder.director
        self.rows: Politics = getattr(builder.model, "POLITICS", FJORDBY)

    def build(self) -> None:
        """Agendas and decisions of the last meeting, the next one's agenda, questions and conclusions."""
        for code, rows in self.rows.held.items():
            held = self._rounds(code).filter(state=RoundState.CLOSED).order_by("meeting_date").last()
            for row in rows if held else []:
                self._decide(self._item(held, row), row)
        for code, rows in self.rows.coming.items():
            coming = self._rounds(code).filter(meeting_date__gte=self.today).order_by("meeting_date").first()
            for row in rows if coming else []:
                self._item(coming, row)
            if coming and code in self.rows.conclusions:
                conclude(coming, self.rows.conclusions[code], seen=None, by=self.director, now=self.now)
            if coming and code in self.rows.written and coming.state == RoundState.READY:
                self._report(coming, *self.rows.written[code])
        for code, rows in self.rows.questions.items():
            for row in rows:
                self._ask(self.it.units[code], row)

    def _rounds(self, code: str):
        return Round.objects.filter(body=self.it.units[code]).select_related("body", "authority")

    def _report(self, round_: Round, highlights: str, recommendation: str) -> None:
        """Written by the consultant and approved by the director; publishing it is left to the visitor."""
        subject = ordinary(round_)
        said = {"highlights": highlights, "recommendation": recommendation}
        report = write_report(subject, **said, version=1, by=self.consultant, now=self.now)
        approve_report(subject, version=report.version, by=self.director, now=self.now)

    def _item(self, round_: Round, row: ItemRow) -> AgendaItem:
        item = AgendaItem(
            round=round_,
            position=round_.next_position(),
            title=row.title,
            text=row.text,
            recommendation=row.recommendation,
            is_for_decision=row.is_for_decision,
            goal=self.it.goals.get(row.goal),
            is_closed=bool(row.closed),
            **row.closed,
        )
        return add_item(item, by=self.consultant, now=self._before(round_.meeting_date - timedelta(days=5)))

    def _decide(self, item: AgendaItem, row: ItemRow) -> None:
        day = item.round.meeting_date
        decision = Decision(
            body=item.round.body,
            date=day,
            reference=f"punkt {item.position}",
            title=row.title,
            text=row.decided,
            kind=row.kind,
            leads_to=row.leads_to,
            goal=item.goal,
            responsible=self.it.people.get(row.responsible),
        )
        record_decision(decision, item=item, by=self.consultant, now=self._before(day))
        for what, unit, owner, days, result in row.actions:
            action = start_action(
                self.it.units[unit],
                what=what,
                owner=self.it.people[owner],
                due_date=self.today + timedelta(days=days),
                goal=item.goal,
                decision=decision,
                by=self.director,
                now=self._before(day + timedelta(days=2)),
            )
            if result:
                done = self._before(self.today + timedelta(days=days))
                finish_action(
                    action, worked=Worked.PARTLY, result=result, version=1, by=self.it.people[owner], now=done
                )
        if row.outcome:
            close_decision(
                decision, outcome=row.outcome, by=self.consultant, now=self._before(self.today - timedelta(days=9))
            )

    def _ask(self, body: Unit, row: QuestionRow) -> None:
        asked = self.today - timedelta(days=row.days_ago)
        goal = self.it.goals[row.goal]
        person = answerer_of(body, goal, None, asked)
        assert person is not None
        due = self.today - timedelta(days=row.late) if row.late else due_date_of(body, asked)
        question = Question(body=body, goal=goal, text=row.text, assigned_to=person, due_date=due)
        ask_question(question, by=self.it.people[row.asked_by], now=self._before(asked))
        if row.answer:
            question.answer = row.answer
            answer_question(question, by=person, now=self._before(asked + timedelta(days=7)))

    def _before(self, day: date) -> datetime:
        """That morning, and never in the future."""
        return min(timezone.make_aware(datetime.combine(day, time(9, 30))), self.now)
