"""Surveys that are open today, and links to answer them; what is not about answering is in `making`."""

from datetime import timedelta

from citizens.kinds import Anonymity, QuestionKind, SurveyState
from citizens.models import Invitation, Participant, Question, Questionnaire, Survey
from citizens.tokens import hash_of, new_token
from tests import factories

WORDS = ["Slet ikke", "I mindre grad", "I nogen grad", "I høj grad", "I meget høj grad"]
OPTIONS = [("bus", "Bussen"), ("cykel", "Cykel"), ("gang", "Til fods")]


def survey(unit, **fields) -> Survey:
    """An open survey with an open link, about an effort of the unit."""
    today = factories.date.today()
    defaults = {
        "authority": unit.authority,
        "unit": unit,
        "title": "Hvordan oplever du hjælpen i hjemmet?",
        "effort": "Hjælpen i hjemmet",
        "state": SurveyState.OPEN,
        "period": f"{today.year}",
        "purpose": "gøre hjælpen i hjemmet bedre",
        "contact": "hjaelp@example.dk",
        "phone": "72 10 00 00",
        "opens_on": today - timedelta(days=2),
        "closes_on": today + timedelta(days=20),
        "answer_by": today + timedelta(days=60),
        "addresses_until": today + timedelta(days=40),
        "answers_until": today + timedelta(days=900),
        "has_open_link": True,
        "slug": "hjaelp",
        "opened_at": factories.NOW,
    }
    if fields.get("state") in (SurveyState.CLOSED, SurveyState.FINISHED):
        defaults["closed_at"] = defaults["finished_at"] = factories.NOW
    return Survey.objects.create(**{**defaults, **fields})


def questionnaire(survey: Survey, *questions: Question, number: int = 1) -> Questionnaire:
    """A version with these questions (`scale`, `text` …); without any: four scales and a free text."""
    version = Questionnaire.objects.create(survey=survey, number=number, made_at=factories.NOW)
    for position, question in enumerate(questions or the_four(), 1):
        question.questionnaire, question.position = version, position
        question.save()
    return version


def the_four() -> list[Question]:
    """Odense's assessments and a free text."""
    return [
        scale("maal", "Går hjælpen ud på det, der er vigtigt for dig?", assesses="goal"),
        scale("indsats", "Er hjælpen den rigtige for dig?", assesses="effort"),
        scale("effekt", "Klarer du mere i hverdagen, end før du fik hjælpen?", assesses="effect"),
        scale("samarbejde", "Er samarbejdet med dem, der hjælper dig, godt?", assesses="cooperation"),
        text("mere", "Vil du fortælle mere?"),
    ]


def scale(code: str, words: str = "Hvor godt?", **fields) -> Question:
    texts = {"da": words, **fields.pop("texts", {})}
    return Question(code=code, kind=QuestionKind.SCALE, text=texts, scale=[{"da": word} for word in WORDS], **fields)


def text(code: str, words: str = "Vil du fortælle mere?", **fields) -> Question:
    return Question(code=code, kind=QuestionKind.TEXT, text={"da": words}, **fields)


def choice(code: str, kind: str = QuestionKind.SINGLE, words: str = "Hvordan kommer du?", **fields) -> Question:
    options = [{"code": value, "text": {"da": label}} for value, label in OPTIONS]
    return Question(code=code, kind=kind, text={"da": words}, options=options, **fields)


def yes_no(code: str, words: str = "Får du hjælp?", **fields) -> Question:
    return Question(code=code, kind=QuestionKind.YES_NO, text={"da": words}, **fields)


def invitation(survey: Survey, **fields) -> str:
    """The token of a link that works once."""
    token = new_token()
    Invitation.objects.create(survey=survey, token_hash=hash_of(token), **fields)
    return token


def participant(survey: Survey, code: str = "K1", **fields) -> str:
    """The token of somebody in a survey with codes."""
    assert survey.anonymity == Anonymity.PSEUDONYMOUS
    token = new_token()
    Participant.objects.create(survey=survey, code=code, token_hash=hash_of(token), **fields)
    return token


ALL = {"maal": "4", "indsats": "3", "effekt": "5", "samarbejde": "dont_know"}
