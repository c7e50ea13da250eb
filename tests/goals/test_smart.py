"""What a goal lacks before it can be adopted."""

from goals.smart import ANSWERS, Lack, MeasuredBy, lacks_for_adoption

ANSWERED = dict.fromkeys(ANSWERS, "Svar")
WHOLE = MeasuredBy(has_unit_of_measure=True, has_baseline=True, has_target=True)
BARE = MeasuredBy(has_unit_of_measure=True, has_baseline=False, has_target=False)


def test_a_whole_goal_lacks_nothing():
    assert lacks_for_adoption(ANSWERED, has_responsible=True, series=[WHOLE]) == []


def test_an_empty_draft_lacks_everything_in_the_booklets_order():
    lacks = lacks_for_adoption({}, has_responsible=False, series=[])
    assert lacks == [
        Lack.SPECIFIC,
        Lack.MEASURABLE,
        Lack.ATTRACTIVE,
        Lack.REALISTIC,
        Lack.TIMED,
        Lack.RESPONSIBLE,
        Lack.INDICATOR,
    ]


def test_blanks_are_no_answer():
    assert lacks_for_adoption(ANSWERED | {"timed": "  "}, has_responsible=True, series=[WHOLE]) == [Lack.TIMED]


def test_one_whole_series_is_enough():
    assert lacks_for_adoption(ANSWERED, has_responsible=True, series=[BARE, WHOLE]) == []


def test_parts_of_two_series_do_not_make_one():
    half = MeasuredBy(has_unit_of_measure=True, has_baseline=True, has_target=False)
    other = MeasuredBy(has_unit_of_measure=True, has_baseline=False, has_target=True)
    assert lacks_for_adoption(ANSWERED, has_responsible=True, series=[half, other]) == [Lack.TARGET]


def test_what_the_series_lacks_is_named():
    assert lacks_for_adoption(ANSWERED, has_responsible=True, series=[BARE]) == [Lack.BASELINE, Lack.TARGET]
