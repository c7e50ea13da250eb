"""What is printed for those who are asked: posters, letters with links, and the form on paper. Tagged PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from citizens.actions.invitations import Link
from citizens.kinds import QuestionKind
from citizens.labels import BESIDE_LABELS
from citizens.methods import Place
from citizens.models import Question, Questionnaire, Survey
from citizens.paper_codes import printed_codes
from citizens.public_addresses import link_address, public_base, said_aloud
from citizens.qr import qr_svg
from citizens.specs import spec_of, worded
from organisation.pdf import render_pdf

SIZES = ("a4", "a3")
LONG_TITLE = 60  # characters; a longer question is set smaller


@dataclass(frozen=True, slots=True)
class Box:
    """One box to tick: what is keyed, and what it means."""

    code: str
    label: str
    is_beside: bool = False


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question as it is printed and keyed."""

    code: str
    number: int
    kind: QuestionKind
    text: str
    help: str
    boxes: tuple[Box, ...]
    condition: str = ""

    @property
    def is_row(self) -> bool:
        """Whether its boxes stand beside each other: a scale without words, from 0 to 10."""
        return self.kind == QuestionKind.TEN


def poster_pdf(survey: Survey, place: Place, size: str, now: datetime) -> bytes:
    """A poster for the wall: the question, the code, the address, and what answering takes."""
    context = {
        "place": place,
        "size": size,
        "code": qr_svg(place.address, _("QR-kode til %s") % place.printed),
        "is_long": len(survey.title) > LONG_TITLE,
    }
    return _pdf("citizens/poster.html", survey, now, context)


def paper_pdf(survey: Survey, questionnaire: Questionnaire, now: datetime) -> bytes:
    """The form on paper, with a code beside each box for keying."""
    context = {"questionnaire": questionnaire, "questions": paper_questions(questionnaire)}
    return _pdf("citizens/paper_form.html", survey, now, context)


def letters_pdf(survey: Survey, links: Sequence[Link], now: datetime) -> bytes:
    """A card for each link, to be cut out and put in a letter."""
    base = public_base(survey.authority)
    cards = [_card(link, link_address(base, link.token)) for link in links]
    return _pdf("citizens/paper_letters.html", survey, now, {"cards": cards})


def _card(link: Link, address: str) -> dict[str, Any]:
    printed = said_aloud(address)
    return {"address": printed, "link": link, "code": qr_svg(address, _("QR-kode til %s") % printed)}


def _pdf(template: str, survey: Survey, now: datetime, context: dict[str, Any]) -> bytes:
    context = {"survey": survey, "authority": survey.authority, "made_at": now, **context}
    return render_pdf(render_to_string(template, context))


def paper_questions(questionnaire: Questionnaire) -> list[PaperQuestion]:
    """The questions in their order, each with its boxes and when to pass it over."""
    questions = list(questionnaire.questions.all())
    by_code = {question.code: (at, question) for at, question in enumerate(questions, 1)}
    return [_printed(question, at, by_code) for at, question in enumerate(questions, 1)]


def _printed(question: Question, number: int, by_code: dict[str, tuple[int, Question]]) -> PaperQuestion:
    spec = spec_of(question)
    labels = labels_of(question)
    beside = set(spec.beside)
    boxes = tuple(Box(code, labels.get(value, ""), value in beside) for code, value in printed_codes(spec))
    return PaperQuestion(
        question.code,
        number,
        spec.kind,
        worded(question.text, "da"),
        worded(question.help, "da"),
        boxes,
        _condition(question, by_code),
    )


def labels_of(question: Question) -> dict[str, str]:
    """What each value of the question says in Danish."""
    labels = {"yes": _("Ja"), "no": _("Nej")} if question.kind == QuestionKind.YES_NO else {}
    labels |= {option["code"]: worded(option["text"], "da") for option in question.options}
    labels |= {str(at): worded(word, "da") for at, word in enumerate(question.scale, 1)}
    if question.kind == QuestionKind.TEN and len(question.scale) == 2:
        labels = {"0": worded(question.scale[0], "da"), "10": worded(question.scale[1], "da")}
    return labels | {value: str(label) for value, label in BESIDE_LABELS.items()}


def _condition(question: Question, by_code: dict[str, tuple[int, Question]]) -> str:
    """`Kun hvis du satte kryds ved 1 eller 2 i spørgsmål 3.`"""
    if not question.shown_if:
        return ""
    number, earlier = by_code[question.shown_if["question"]]
    chosen = set(question.shown_if["options"])
    codes = [code for code, value in printed_codes(spec_of(earlier)) if value in chosen]
    said = {"codes": _(" eller ").join(codes), "number": number}
    return _("Svar kun, hvis du satte kryds ved %(codes)s i spørgsmål %(number)s.") % said
