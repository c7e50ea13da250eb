"""How far somebody has come through a questionnaire. The page carries it, signed; nothing is stored before it is sent.

Kinder than asking everything of everybody: questions that depend on others come once it is known that they are met.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.core import signing
from django.http import QueryDict

from citizens.answer_form import AnswerForm, given_from, numbered
from citizens.asking import Asking, questionnaire_of
from citizens.kinds import TEXT_LIMIT
from citizens.models import Questionnaire
from citizens.questionnaire import Answer, checked
from citizens.screens import may_follow, next_screen

# Names no question has: a code begins with a letter or a digit.
STATE, BACK, REMOVE = "_tilstand", "_tilbage", "_slet"
_SALT = "citizens.walk"


@dataclass(slots=True)
class Walk:
    """What was given so far, raw, and which screens have been passed."""

    questionnaire: Questionnaire
    is_one_a_screen: bool
    language: str
    given: dict[str, list[str]] = field(default_factory=dict)
    passed: list[list[str]] = field(default_factory=list)
    is_lost: bool = False  # the page's own memory could not be read
    _sent: frozenset[str] = frozenset()

    @property
    def carried(self) -> str:
        """What the page must bring back."""
        return signing.dumps([self.questionnaire.pk, self.given, self.passed], salt=_SALT, compress=True)

    @property
    def is_first(self) -> bool:
        return not self.passed

    def form(self, *, is_checked: bool = True) -> AnswerForm:
        """The present screen."""
        codes = self._next(self.passed)
        numbers, count = self._numbering(codes)
        return AnswerForm(
            self.questionnaire,
            self.given,
            language=self.language,
            only=codes,
            is_checked=is_checked,
            numbers=numbers,
            count=count,
        )

    def whole(self) -> AnswerForm:
        """Everything, to be stored."""
        return AnswerForm(self.questionnaire, self.given, language=self.language)

    def _numbering(self, codes: list[str]) -> tuple[dict[str, int], int]:
        """The numbers of the questions in the order they are met, and how many there are, or at most may be."""
        specs = {spec.code: spec for spec in self.whole().specs}
        seen = self._seen(self.passed)
        numbers = numbered(specs[code] for code in (*seen, *codes))
        if not self.is_one_a_screen:
            return numbers, len(numbers)
        later = may_follow(list(specs.values()), self._answers(seen), seen)
        return numbers, len(numbered(specs[code] for code in seen)) + len(numbered(later))

    def _seen(self, passed: list[list[str]]) -> list[str]:
        return [code for screen in passed for code in screen]

    def _answers(self, codes: Collection[str]) -> dict[str, Answer]:
        """What is answered of these questions."""
        given = {code: values for code, values in self.given.items() if code in codes}
        answers, _faults = checked(self.whole().specs, given, text_limit=TEXT_LIMIT)
        return answers

    def _next(self, passed: list[list[str]]) -> list[str]:
        seen = self._seen(passed)
        following = next_screen(self.whole().specs, self._answers(seen), seen, is_one_a_screen=self.is_one_a_screen)
        return [one.code for one in following]

    def take(self, post: QueryDict) -> None:
        """What was sent with the present screen; and what was sent beyond it, for those who know all questions."""
        sent = given_from(post, [spec.code for spec in self.whole().specs])
        present = self._next(self.passed)
        self.given = {code: values for code, values in self.given.items() if code not in present} | sent
        self._sent = frozenset(sent)

    def step(self) -> bool:
        """Pass the present screen, and those that were sent with it; whether another one follows."""
        self.passed.append(self._next(self.passed))
        while (codes := self._next(self.passed)) and self._sent.issuperset(codes):
            self.passed.append(codes)
        return bool(codes)

    def back(self) -> None:
        """To the screen before."""
        if self.passed:
            self.passed.pop()


def begin(asking: Asking, language: str) -> Walk:
    """The first screen."""
    return Walk(asking.questionnaire, asking.survey.is_one_a_screen, language)


def resumed(asking: Asking, language: str, post: QueryDict) -> Walk:
    """Where the page was; the first screen when it carries nothing, or nothing that is ours."""
    walk = begin(asking, language)
    state = post.get(STATE, "")
    if not state:
        return walk
    try:
        pk, given, passed = signing.loads(state, salt=_SALT)
    except signing.BadSignature:
        walk.is_lost = True
        return walk
    walk.questionnaire = questionnaire_of(asking, pk)
    walk.given, walk.passed = _known(given), passed
    return walk


def _known(given: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {code: list(values) for code, values in given.items()}
