"""A questionnaire as the form that people answer, on a phone, a tablet or beside an employee."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citizens.kinds import BESIDE, TEXT_LIMIT, QuestionKind
from citizens.labels import ASSESSES, BESIDE_LABELS
from citizens.models import Question, Questionnaire
from citizens.personal import cleaned, mask_cpr
from citizens.questionnaire import SCALES, Answer, Fault, QuestionSpec, checked, shown
from citizens.specs import spec_of, worded
from organisation.danish import format_number

Given = Mapping[str, Sequence[str]]
CPR = "cpr"  # a fault beside those of `questionnaire.Fault`
BOTH = "both"  # an answer and "ved ikke"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    id: str
    number: str = ""  # of a scale
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a ranking, with what may stand there."""

    label: str
    id: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is drawn."""

    code: str
    kind: str
    id: str
    number: int | None  # None: free text is not counted
    assesses: str
    text: str
    help: str
    is_required: bool
    options: tuple[Option, ...]
    beside: tuple[Option, ...]
    places: tuple[Place, ...]
    value: str  # of a free text
    error: str
    hint: str  # the error in the list at the top

    @property
    def is_text(self) -> bool:
        return self.kind == QuestionKind.TEXT

    @property
    def is_ranking(self) -> bool:
        return self.kind == QuestionKind.RANKING

    @property
    def is_multiple(self) -> bool:
        return self.kind == QuestionKind.MULTIPLE

    @property
    def is_across(self) -> bool:
        """Whether its answers stand side by side where there is room."""
        return self.kind in (QuestionKind.SCALE, QuestionKind.TEN, QuestionKind.YES_NO)

    @property
    def first_id(self) -> str:
        """The control that a link from the list of errors leads to."""
        if self.is_text:
            return self.id
        return (self.places or self.options)[0].id

    @property
    def described_by(self) -> str:
        """The ids of hint and error."""
        parts = (("hint", self.help), ("error", self.error))
        return " ".join(f"{self.id}-{part}" for part, text in parts if text)


class AnswerForm:
    """Questions, what was answered so far, and what is wrong with it.

    `given` has the raw values by question (`given_from`); None when nothing has been sent. `only` leaves out all other
    questions: a screen, whose questions may be `numbers` of `count`. `is_checked` False shows what was given without
    judging it.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        given: Given | None = None,
        *,
        language: str = "da",
        only: Collection[str] | None = None,
        is_checked: bool = True,
        flags_cpr: bool = True,
        numbers: Mapping[str, int] | None = None,
        count: int | None = None,
    ) -> None:
        self.questionnaire, self.given, self.language = questionnaire, given or {}, language
        self._numbers, self._count = numbers, count
        self.only, self.is_checked, self.flags_cpr = only, is_checked and given is not None, flags_cpr

    @property
    def questions(self) -> list[Question]:
        """All questions of the version."""
        return _read(self.questionnaire)[0]

    @property
    def specs(self) -> list[QuestionSpec]:
        """The same in plain values."""
        return _read(self.questionnaire)[1]

    @cached_property
    def _checked(self) -> tuple[dict[str, Answer], list[Fault]]:
        return checked(self.specs, self.given, text_limit=TEXT_LIMIT)

    @property
    def answers(self) -> dict[str, Answer]:
        """What is stored, free text among it."""
        return self._checked[0]

    @cached_property
    def faults(self) -> dict[str, str]:
        """Question code -> what is wrong: the keys of `Fault`, `cpr` and `both`."""
        if not self.is_checked:
            return {}
        found = {one.question: self._named(one) for one in self._checked[1]}
        if self.flags_cpr:
            found |= {code: CPR for code in self.texts_with_cpr if code not in found}
        return {code: key for code, key in found.items() if self.only is None or code in self.only}

    def _named(self, fault: Fault) -> str:
        values = set(self.given.get(fault.question, ()))
        return BOTH if fault.key == "unknown_option" and values & set(BESIDE) else fault.key

    @cached_property
    def texts_with_cpr(self) -> list[str]:
        """The free texts in which something looks like a CPR number."""
        texts = [question.code for question in self.specs if question.kind == QuestionKind.TEXT]
        return [code for code in texts if any(mask_cpr(value)[1] for value in self.given.get(code, ()))]

    def without_cpr(self) -> dict[str, list[str]]:
        """What was given, with those numbers removed."""
        masked = self.texts_with_cpr
        return {
            code: [mask_cpr(value)[0] for value in values] if code in masked else list(values)
            for code, values in self.given.items()
        }

    def is_valid(self) -> bool:
        return self.is_checked and not self.faults

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The numbers of the questions; free text has none."""
        if self._numbers is not None:
            return self._numbers
        return numbered(shown(self.specs, self.answers if self.given else {}))

    @property
    def count(self) -> int:
        """How many numbered questions there are."""
        return len(self.numbers) if self._count is None else self._count

    @cached_property
    def asked(self) -> list[Asked]:
        """The questions as they are drawn; on a screen only its own."""
        return [
            self._asked(question, spec, self.numbers.get(spec.code))
            for question, spec in zip(self.questions, self.specs, strict=True)
            if self.only is None or spec.code in self.only
        ]

    @property
    def faulty(self) -> list[Asked]:
        return [one for one in self.asked if one.error]

    def _asked(self, question: Question, spec: QuestionSpec, number: int | None) -> Asked:
        given = list(self.given.get(spec.code, ()))
        options = tuple(self._options(question, spec, given))
        fault = self.faults.get(spec.code, "")
        return Asked(
            code=spec.code,
            kind=spec.kind,
            id=f"q-{spec.code}",
            number=number,
            assesses=str(ASSESSES[question.assesses]) if question.assesses else "",
            text=worded(question.text, self.language),
            help=worded(question.help, self.language) or (no_names(spec) if spec.kind == QuestionKind.TEXT else ""),
            is_required=spec.is_required,
            options=options,
            beside=tuple(_option(spec, code, str(BESIDE_LABELS[code]), given) for code in spec.beside),
            places=tuple(_places(spec, options, given)) if spec.kind == QuestionKind.RANKING else (),
            value=given[0] if given and spec.kind == QuestionKind.TEXT else "",
            error=error_text(fault, spec, given),
            hint=error_hint(fault, spec),
        )

    def _options(self, question: Question, spec: QuestionSpec, given: list[str]) -> Iterable[Option]:
        if spec.kind in SCALES:
            words = [worded(text, self.language) for text in question.scale]
            for value, label in zip(spec.values, _scale_labels(spec, words), strict=True):
                number = "" if spec.kind == QuestionKind.YES_NO else value
                yield _option(spec, value, label, given, number)
            return
        for option in question.options:
            yield _option(spec, option["code"], worded(option["text"], self.language), given)


def _read(questionnaire: Questionnaire) -> tuple[list[Question], list[QuestionSpec]]:
    """Its questions, read and understood once for as long as the object lives: a version never changes."""
    if "read_questions" not in questionnaire.__dict__:
        questions = list(questionnaire.questions.all())
        questionnaire.__dict__["read_questions"] = questions, [spec_of(question) for question in questions]
    found: tuple[list[Question], list[QuestionSpec]] = questionnaire.__dict__["read_questions"]
    return found


def given_from(post: QueryDict, codes: Iterable[str]) -> dict[str, list[str]]:
    """Every value of every question as it was sent, without what no text should hold (`personal.cleaned`)."""
    return {code: [cleaned(value) for value in post.getlist(code)] for code in codes if code in post}


def numbered(specs: Iterable[QuestionSpec]) -> dict[str, int]:
    """The numbers of these questions in their order, free text apart."""
    codes = (spec.code for spec in specs if spec.kind != QuestionKind.TEXT)
    return {code: number for number, code in enumerate(codes, 1)}


def _option(spec: QuestionSpec, value: str, label: str, given: list[str], number: str = "") -> Option:
    return Option(value, label, f"q-{spec.code}-{value}", number, value in given)


def _scale_labels(spec: QuestionSpec, words: list[str]) -> list[str]:
    """The words of a scale; with fewer words than steps the first and last belong to its ends."""
    if spec.kind == QuestionKind.YES_NO:
        return [words[0], words[1]] if len(words) == 2 else [_("Ja"), _("Nej")]
    steps = len(spec.values)
    if len(words) == steps:
        return words
    if len(words) < 2:
        return [""] * steps
    return [words[0], *[""] * (steps - 2), words[-1]]


def _places(spec: QuestionSpec, options: tuple[Option, ...], given: list[str]) -> Iterable[Place]:
    chosen = [value for value in given if value in spec.values]
    for number in range(len(options)):
        at = chosen[number] if number < len(chosen) else ""
        yield Place(
            label=_("Vigtigst") if number == 0 else _("Nummer %(number)d") % {"number": number + 1},
            id=f"q-{spec.code}-{number + 1}",
            options=tuple(Option(one.value, one.label, "", "", one.value == at) for one in options),
        )


def no_names(spec: QuestionSpec) -> str:
    """What stands at every free text."""
    if spec.is_required:
        return _("Skriv ikke navne eller CPR-nummer.")
    return _("Det er frivilligt. Skriv ikke navne eller CPR-nummer.")


def error_text(fault: str, spec: QuestionSpec, given: Sequence[str] = ()) -> str:
    """What stands beside the field; empty without a fault. Never repeats what was typed."""
    if fault == "required":
        return _required_text(spec)
    length = len(given[0]) if given else 0
    return {
        "": "",
        "too_long": _("Skriv højst %(limit)s tegn. Her er %(length)s. Det, du skrev, står her stadig.")
        % {"limit": format_number(TEXT_LIMIT, 0), "length": format_number(length, 0)},
        "twice": _("Du har valgt det samme to gange."),
        "unknown_option": _("Vælg et af svarene."),
        BOTH: _("Vælg enten et svar eller ”Ved ikke”, ikke begge dele."),
        CPR: _("Der står noget, der ligner et CPR-nummer. Slet det, før du sender. Vi skal ikke vide, hvem du er."),
    }[fault]


def _required_text(spec: QuestionSpec) -> str:
    if spec.kind == QuestionKind.TEXT:
        return _("Skriv et svar.")
    if spec.has_dont_know:
        return _("Vælg et svar. Kan du ikke svare, så vælg ”Ved ikke”.")
    return _("Vælg et svar.")


def error_hint(fault: str, spec: QuestionSpec) -> str:
    """The same in the list at the top, in few words."""
    return {
        "": "",
        "required": _("Skriv et svar") if spec.kind == QuestionKind.TEXT else _("Vælg et svar"),
        "too_long": _("Gør teksten kortere"),
        "twice": _("Vælg hver ting én gang"),
        "unknown_option": _("Vælg et af svarene"),
        BOTH: _("Vælg enten et svar eller ”Ved ikke”"),
        CPR: _("Slet CPR-nummeret"),
    }[fault]


def errors_heading(count: int) -> str:
    """The heading of the list at the top."""
    return ngettext(
        "Svaret er ikke sendt endnu. Ret én ting:", "Svaret er ikke sendt endnu. Ret %(count)d ting:", count
    ) % {"count": count}
