"""An open survey with Odense's four assessments and a free text, in an otherwise empty installation:
`python -m benchmarks.survey prepare` makes it and prints JSON.
"""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from benchmarks.cases import run
from citizens.kinds import Assesses, QuestionKind, SurveyState
from citizens.models import Question, Questionnaire, Survey
from organisation.models import Authority, Unit, UnitKind

WORDS = ["Meget utilfreds", "Utilfreds", "Hverken tilfreds eller utilfreds", "Tilfreds", "Meget tilfreds"]
ASKED = {
    "maal": Assesses.GOAL,
    "indsats": Assesses.EFFORT,
    "effekt": Assesses.EFFECT,
    "samarbejde": Assesses.COOPERATION,
}


def prepare() -> dict[str, str]:
    """Make it; the path of its form."""
    call_command("migrate", verbosity=0)
    today = timezone.localdate()
    authority = Authority.objects.create(code="901", name="Fjordby Kommune")
    council = Unit.objects.create(
        authority=authority, code="BYR", name="Byrådet", kind=UnitKind.COUNCIL, valid_from=today.replace(year=2020)
    )
    survey = Survey.objects.create(
        authority=authority,
        unit=council,
        title="Hvordan oplever du hjælpen i hjemmet?",
        effort="Hjælpen i hjemmet",
        state=SurveyState.OPEN,
        period=str(today.year),
        purpose="gøre hjælpen bedre",
        contact="hjaelp@example.dk",
        opens_on=today,
        closes_on=today + timedelta(days=30),
        answer_by=today + timedelta(days=60),
        addresses_until=today + timedelta(days=60),
        answers_until=today + timedelta(days=900),
        has_open_link=True,
        slug="hjaelp",
        opened_at=timezone.now(),
    )
    version = Questionnaire.objects.create(survey=survey, made_at=timezone.now())
    scale = [{"da": word} for word in WORDS]
    for position, (code, assesses) in enumerate(ASKED.items(), 1):
        Question.objects.create(
            questionnaire=version,
            position=position,
            code=code,
            kind=QuestionKind.SCALE,
            assesses=assesses,
            text={"da": f"Hvor tilfreds er du med {code}?"},
            scale=scale,
        )
    Question.objects.create(
        questionnaire=version, position=5, code="mere", kind=QuestionKind.TEXT, text={"da": "Vil du fortælle mere?"}
    )
    return {"path": "/svar/hjaelp/"}


if __name__ == "__main__":
    run(prepare)
