"""What is printed for those who are asked: posters, letters with links, and the form on paper. Tagged PDF."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from citizens.actions.invitations import Link
from citizens.answer_form import AnswerForm, Asked
from citizens.kinds import QuestionKind
from citizens.methods import Place
from citizens.models import Questionnaire, Survey
from citizens.paper_codes import printed_codes
from citizens.public_addresses import link_address, public_base, said_aloud
from citizens.qr import qr_svg
from citizens.questionnaire import QuestionSpec
from organisation.danish import join_words
from organisation.pdf import render_pdf

SIZES = ("a4", "a3")
# A question of so many characters or more is set smaller.
LENGTHS = ((110, "verylong"), (50, "long"))


@dataclass(frozen=True, slots=True)
class Box:
    """One box to tick: what is keyed, and what it means."""

    code: str
    label: str
    is_beside: bool = False


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question as it is printed and keyed."""

    asked: Asked
    number: int
    boxes: tuple[Box, ...]
    condition: str = ""

    @property
    def is_row(self) -> bool:
        """Whether its boxes stand in one row: 0 to 10."""
        return self.asked.kind == QuestionKind.TEN

    @property
    def chosen(self) -> list[Box]:
        """The boxes that say something."""
        return [box for box in self.boxes if not box.is_beside]

    @property
    def beside(self) -> list[Box]:
        """Ved ikke and ikke relevant."""
        return [box for box in self.boxes if box.is_beside]


def poster_pdf(survey: Survey, place: Place, size: str, now: datetime) -> bytes:
    """A poster for the wall: the question, the code, the address, and what answering takes."""
    context = {
        "place": place,
        "size": size,
        "code": qr_svg(place.address, _("QR-kode til %s") % place.printed),
        "length": next((name for least, name in LENGTHS if len(survey.title) >= least), ""),
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
    code = qr_svg(address, _("QR-kode til %s") % printed)
    return {"site": printed.removesuffix(link.token), "token": link.token, "link": link, "code": code}


def _pdf(template: str, survey: Survey, now: datetime, context: dict[str, Any]) -> bytes:
    context = {"survey": survey, "authority": survey.authority, "made_at": now, **context}
    return render_pdf(render_to_string(template, context))


def paper_questions(questionnaire: Questionnaire) -> list[PaperQuestion]:
    """The questions in their order, each with its boxes and when to pass it over."""
    form = AnswerForm(questionnaire)
    numbers = {spec.code: number for number, spec in enumerate(form.specs, 1)}
    specs = {spec.code: spec for spec in form.specs}
    return [
        PaperQuestion(asked, numbers[spec.code], tuple(_boxes(asked, spec)), _condition(spec, specs, numbers))
        for asked, spec in zip(form.asked, form.specs, strict=True)
    ]


def _boxes(asked: Asked, spec: QuestionSpec) -> Iterator[Box]:
    labels = {option.value: option.label for option in (*asked.options, *asked.beside)}
    for code, value in printed_codes(spec):
        yield Box(code, labels[value], value in spec.beside)


def _condition(spec: QuestionSpec, specs: Mapping[str, QuestionSpec], numbers: Mapping[str, int]) -> str:
    """`Svar kun, hvis du satte kryds ved 1 eller 2 i spørgsmål 3.`"""
    if spec.shown_if is None:
        return ""
    earlier = specs[spec.shown_if.question]
    codes = [code for code, value in printed_codes(earlier) if value in spec.shown_if.options]
    said = {"codes": join_words(codes, _("eller")), "number": numbers[earlier.code]}
    return _("Svar kun, hvis du satte kryds ved %(codes)s i spørgsmål %(number)s.") % said
