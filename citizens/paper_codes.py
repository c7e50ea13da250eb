"""What is printed beside the boxes of a paper form, and how what is keyed from it is read. Pure: no Django.

A scale is keyed as its number; yes and no as 1 and 2; options as 1, 2, 3 … in their printed order. "Ved ikke" is v and
"ikke relevant" i: letters, because every digit may be an answer. Several choices are keyed one after the other, parted
by blanks or commas, and run together where no code has two digits.
"""

import re
from collections.abc import Sequence

from citizens.kinds import DONT_KNOW, NO, NOT_RELEVANT, YES, QuestionKind
from citizens.questionnaire import QuestionSpec

BESIDE_CODES = {DONT_KNOW: "v", NOT_RELEVANT: "i"}
_OTHER_WORDS = {"j": YES, "ja": YES, "n": NO, "nej": NO}
_MANY = (QuestionKind.MULTIPLE, QuestionKind.RANKING)
_PARTED = re.compile(r"[\s,;./+]+")


class UnknownCode(ValueError):
    """What was keyed is no code of the question's; `code` is the first that is not."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def printed_codes(question: QuestionSpec) -> list[tuple[str, str]]:
    """(what is printed, what is stored) of everything that may be ticked; empty for free text."""
    if question.kind in (QuestionKind.SCALE, QuestionKind.TEN):
        chosen = [(value, value) for value in question.values]
    else:
        chosen = [(str(at), value) for at, value in enumerate(question.values, 1)]
    return [*chosen, *((BESIDE_CODES[value], value) for value in question.beside)]


def read_keyed(question: QuestionSpec, keyed: str) -> list[str]:
    """The stored values of what was keyed; empty when nothing was. `UnknownCode` when it is no code."""
    if question.kind == QuestionKind.TEXT:
        return [keyed] if keyed.strip() else []
    codes = dict(printed_codes(question))
    parts: Sequence[str] = [part for part in _PARTED.split(keyed.strip().lower()) if part]
    if len(parts) == 1:
        parts = _taken_apart(question, parts[0], codes)
    return [_stored(question, part, codes) for part in parts]


def _taken_apart(question: QuestionSpec, part: str, codes: dict[str, str]) -> Sequence[str]:
    """`134` as 1, 3 and 4, where that can mean nothing else."""
    is_short = all(len(code) == 1 for code in codes)
    return part if question.kind in _MANY and is_short and part not in codes else [part]


def _stored(question: QuestionSpec, part: str, codes: dict[str, str]) -> str:
    if part in codes:
        return codes[part]
    if question.kind == QuestionKind.YES_NO and part in _OTHER_WORDS:
        return _OTHER_WORDS[part]
    raise UnknownCode(part)
