"""Which questions somebody meets next, all on one page or one at a time. Pure: no Django.

Nothing is stored between screens: the page carries what was answered. Questions that depend on others come on a screen
of their own once it is known that they are met, so that nobody reads a question that is not for them.
"""

from collections.abc import Collection, Sequence

from citizens.questionnaire import Answers, QuestionSpec, shown


def next_screen(
    questions: Sequence[QuestionSpec], answers: Answers, seen: Collection[str], *, is_one_a_screen: bool
) -> list[QuestionSpec]:
    """The questions of the next screen for somebody who has seen some; empty when there are no more."""
    unseen = [question for question in shown(questions, answers) if question.code not in seen]
    return unseen[:1] if is_one_a_screen else unseen


def may_follow(questions: Sequence[QuestionSpec], answers: Answers, seen: Collection[str]) -> list[QuestionSpec]:
    """The unseen questions that are met, or that still may be, depending on what is answered next."""
    met = {question.code for question in shown(questions, answers)}
    open_codes = set(met)
    for question in questions:
        condition = question.shown_if
        if condition is not None and condition.question in open_codes and condition.question not in seen:
            open_codes.add(question.code)
    return [question for question in questions if question.code in open_codes and question.code not in seen]


def most_minutes(questions: Collection[QuestionSpec]) -> int:
    """How long it takes: four choices or one free text a minute, at least one minute."""
    quarters = sum(4 if not question.values else 1 for question in questions)
    return max(1, -(-quarters // 4))
