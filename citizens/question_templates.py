"""Ready questionnaires to begin from, in Danish and English. Pure: no Django. Their names are in `citizens.labels`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from citizens.editing import whole
from citizens.kinds import Assesses, Audience, QuestionKind, QuestionTemplateKey

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class QuestionTemplate:
    """Questions that have proved useful, who they are for, and what the citizen reads first."""

    key: QuestionTemplateKey
    audience: Audience
    intro: Texts
    questions: tuple[dict[str, Any], ...]


def _said(danish: str, english: str) -> Texts:
    return {"da": danish, "en": english}


AGREEMENT = (
    _said("Helt uenig", "Strongly disagree"),
    _said("Uenig", "Disagree"),
    _said("Hverken enig eller uenig", "Neither agree nor disagree"),
    _said("Enig", "Agree"),
    _said("Helt enig", "Strongly agree"),
)
SATISFACTION = (
    _said("Meget utilfreds", "Very dissatisfied"),
    _said("Utilfreds", "Dissatisfied"),
    _said("Hverken tilfreds eller utilfreds", "Neither satisfied nor dissatisfied"),
    _said("Tilfreds", "Satisfied"),
    _said("Meget tilfreds", "Very satisfied"),
)
FREQUENCY = (
    _said("Aldrig", "Never"),
    _said("Sjældent", "Seldom"),
    _said("En gang imellem", "Sometimes"),
    _said("Tit", "Often"),
    _said("Meget tit", "Very often"),
)
# The words a scale may be given without writing them.
SCALES: Mapping[str, tuple[Texts, ...]] = {
    "agreement": AGREEMENT,
    "satisfaction": SATISFACTION,
    "frequency": FREQUENCY,
}


def _scale(code: str, danish: str, english: str, words: tuple[Texts, ...] = AGREEMENT, **fields: Any) -> dict[str, Any]:
    return whole({"code": code, "text": _said(danish, english), "scale": [dict(word) for word in words], **fields})


def _chosen(code: str, danish: str, english: str, options: Mapping[str, Texts], **fields: Any) -> dict[str, Any]:
    listed = [{"code": key, "text": text} for key, text in options.items()]
    kind = QuestionKind.SINGLE.value
    return whole({"code": code, "kind": kind, "text": _said(danish, english), "options": listed, **fields})


def _written(code: str, danish: str, english: str) -> dict[str, Any]:
    plain = {"has_dont_know": False, "has_not_relevant": False}
    return whole({"code": code, "kind": QuestionKind.TEXT.value, "text": _said(danish, english), **plain})


_DIFFERENTLY = _written(
    "q99",
    "Er der noget, vi skal gøre anderledes? Skriv ikke navne.",
    "Is there anything we should do differently? Do not write names.",
)
_AGE = _chosen(
    "q90",
    "Hvor gammel er du?",
    "How old are you?",
    {
        "a": _said("Under 30 år", "Under 30"),
        "b": _said("30–49 år", "30–49"),
        "c": _said("50–66 år", "50–66"),
        "d": _said("67–79 år", "67–79"),
        "e": _said("80 år eller mere", "80 or more"),
    },
    is_background=True,
    has_not_relevant=False,
)

_ODENSE = QuestionTemplate(
    QuestionTemplateKey.FOUR_ASSESSMENTS,
    Audience.CITIZEN,
    _said(
        "Vi vil gerne vide, om vi hjælper dig med det, der er vigtigt for dig.",
        "We would like to know whether we help you with what matters to you.",
    ),
    (
        _scale(
            "q1", "Målet med hjælpen er vigtigt for mig.", "The aim of the help is important to me.",
            assesses=Assesses.GOAL.value,
        ),
        _scale(
            "q2", "Hjælpen passer til det, jeg har brug for.", "The help fits what I need.",
            assesses=Assesses.EFFORT.value,
        ),
        _scale(
            "q3", "Hjælpen gør en forskel i min hverdag.", "The help makes a difference in my everyday life.",
            assesses=Assesses.EFFECT.value,
        ),
        _scale(
            "q4", "Medarbejderne lytter til mig.", "The staff listen to me.", assesses=Assesses.COOPERATION.value
        ),
        _DIFFERENTLY,
    ),
)  # fmt: skip

_USERS = QuestionTemplate(
    QuestionTemplateKey.USER_SATISFACTION,
    Audience.USER,
    _said(
        "Vi vil gerne vide, hvordan du oplever os.",
        "We would like to know how you experience our service.",
    ),
    (
        _scale("q1", "Hvor tilfreds er du alt i alt?", "How satisfied are you overall?", SATISFACTION),
        _scale(
            "q2", "Hvor tilfreds er du med den information, du har fået?",
            "How satisfied are you with the information you were given?", SATISFACTION,
        ),
        _scale(
            "q3", "Hvor tilfreds er du med ventetiden?", "How satisfied are you with the waiting time?", SATISFACTION
        ),
        _scale(
            "q4", "Hvor tilfreds er du med den måde, du blev mødt på?",
            "How satisfied are you with the way you were met?", SATISFACTION, assesses=Assesses.COOPERATION.value,
        ),
        whole({
            "code": "q5", "kind": QuestionKind.TEN.value,
            "text": _said(
                "Hvor sandsynligt er det, at du vil anbefale os til andre?",
                "How likely are you to recommend us to others?",
            ),
            "help": _said("0 er slet ikke sandsynligt, 10 er meget sandsynligt.", "0: not at all, 10: very likely."),
        }),
        _AGE,
        _DIFFERENTLY,
    ),
)  # fmt: skip

_PUPILS = QuestionTemplate(
    QuestionTemplateKey.PUPIL_WELLBEING,
    Audience.USER,
    _said(
        "Vi vil gerne vide, hvordan du har det i skolen. Der er ingen rigtige og forkerte svar.",
        "We would like to know how you are at school. There are no right or wrong answers.",
    ),
    (
        _scale("q1", "Er du glad for at gå i skole?", "Do you like going to school?", FREQUENCY),
        _scale("q2", "Føler du dig tryg i din klasse?", "Do you feel safe in your class?", FREQUENCY),
        _scale(
            "q3", "Har du nogen at være sammen med i frikvarteret?", "Do you have somebody to be with in the breaks?",
            FREQUENCY,
        ),
        _scale(
            "q4", "Hjælper de voksne dig, når du har brug for det?", "Do the adults help you when you need it?",
            FREQUENCY, assesses=Assesses.COOPERATION.value,
        ),
        _scale("q5", "Lærer du noget, du synes er spændende?", "Do you learn things you find interesting?", FREQUENCY),
        _scale(
            "q6", "Er der så meget larm i timerne, at du ikke kan arbejde?",
            "Is there so much noise in class that you cannot work?", FREQUENCY, is_reversed=True,
        ),
        _chosen(
            "q90", "Hvilket klassetrin går du på?", "Which grade are you in?",
            {
                "a": _said("0.–3. klasse", "Grades 0–3"),
                "b": _said("4.–6. klasse", "Grades 4–6"),
                "c": _said("7.–9. klasse", "Grades 7–9"),
            },
            is_background=True, has_not_relevant=False,
        ),
        _DIFFERENTLY,
    ),
)  # fmt: skip

_AFTER_CONTACT = {"question": "q1", "options": ["yes"]}
_BUSINESSES = QuestionTemplate(
    QuestionTemplateKey.BUSINESS_SERVICE,
    Audience.BUSINESS,
    _said(
        "Vi vil gerne gøre det lettere at drive virksomhed her.",
        "We would like to make it easier to run a business here.",
    ),
    (
        whole({
            "code": "q1", "kind": QuestionKind.YES_NO.value, "is_required": True, "has_not_relevant": False,
            "text": _said(
                "Har virksomheden haft kontakt med kommunen inden for det seneste år?",
                "Has your business been in contact with the municipality within the past year?",
            ),
        }),
        _scale(
            "q2", "Hvor tilfreds er du med den tid, sagen tog?", "How satisfied are you with the time the case took?",
            SATISFACTION, shown_if=_AFTER_CONTACT,
        ),
        _scale(
            "q3", "Hvor tilfreds er du med den vejledning, I fik?",
            "How satisfied are you with the guidance you were given?", SATISFACTION, shown_if=_AFTER_CONTACT,
        ),
        _scale(
            "q4", "Vi fik et svar, der var til at forstå.", "We got an answer that was easy to understand.",
            shown_if=_AFTER_CONTACT, assesses=Assesses.COOPERATION.value,
        ),
        _scale(
            "q5", "Hvor tilfreds er du alt i alt med kommunen som sted at drive virksomhed?",
            "How satisfied are you overall with the municipality as a place to run a business?", SATISFACTION,
        ),
        _chosen(
            "q90", "Hvor mange ansatte har virksomheden?", "How many employees does the business have?",
            {
                "a": _said("Ingen ud over ejeren", "None besides the owner"),
                "b": _said("1–9", "1–9"),
                "c": _said("10–49", "10–49"),
                "d": _said("50 eller flere", "50 or more"),
            },
            is_background=True, has_not_relevant=False,
        ),
        _DIFFERENTLY,
    ),
)  # fmt: skip

_PULSE = QuestionTemplate(
    QuestionTemplateKey.PULSE,
    Audience.USER,
    _said("Vi vil gerne vide, hvordan det gik.", "We would like to know how it went."),
    (
        _scale(
            "q1", "Hvor tilfreds er du med den hjælp, du fik i dag?", "How satisfied are you with today's help?",
            SATISFACTION, is_required=True,
        ),
    ),
)  # fmt: skip

TEMPLATES = {one.key: one for one in (_ODENSE, _USERS, _PUPILS, _BUSINESSES, _PULSE)}


def question_template(key: str) -> QuestionTemplate:
    """The template of this name; ValueError when there is none."""
    return TEMPLATES[QuestionTemplateKey(key)]
