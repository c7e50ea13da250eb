"""Which questions come next, against a plain reading of the rule."""

from hypothesis import given
from hypothesis import strategies as st

from citizens.kinds import QuestionKind
from citizens.questionnaire import Condition, QuestionSpec, shown
from citizens.screens import may_follow, most_minutes, next_screen


@st.composite
def questions(draw) -> list[QuestionSpec]:
    """Yes-no questions, each perhaps hanging on an earlier one."""
    made: list[QuestionSpec] = []
    for number in range(draw(st.integers(1, 8))):
        on = draw(st.none() | st.sampled_from(made)) if made else None
        options = frozenset(draw(st.sampled_from([{"yes"}, {"no"}, {"yes", "no"}]))) if on else frozenset()
        made.append(
            QuestionSpec(f"q{number}", QuestionKind.YES_NO, shown_if=Condition(on.code, options) if on else None)
        )
    return made


@given(questions(), st.booleans(), st.data())
def test_everybody_meets_exactly_what_is_shown_to_them(asked, is_one_a_screen, data):
    will = {one.code: data.draw(st.sampled_from(["yes", "no", None])) for one in asked}
    answers: dict[str, str] = {}
    seen: list[str] = []
    while screen := next_screen(asked, answers, seen, is_one_a_screen=is_one_a_screen):
        before = len(seen) + len(may_follow(asked, answers, seen))
        assert {one.code for one in screen} <= {one.code for one in may_follow(asked, answers, seen)}
        assert len(screen) == 1 or not is_one_a_screen
        seen += [one.code for one in screen]
        answers |= {one.code: will[one.code] for one in screen if will[one.code]}
        assert len(seen) + len(may_follow(asked, answers, seen)) <= before  # the road only gets shorter
    assert len(set(seen)) == len(seen)
    assert set(seen) == {one.code for one in shown(asked, answers)}
    assert not may_follow(asked, answers, seen)


def test_minutes():
    scale, text = QuestionSpec("a", QuestionKind.SCALE), QuestionSpec("t", QuestionKind.TEXT)
    assert most_minutes([]) == 1
    assert most_minutes([scale]) == 1
    assert most_minutes([scale] * 4 + [text]) == 2
    assert most_minutes([scale] * 20) == 5
