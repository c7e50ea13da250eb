"""Whether a text repeats what a citizen wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.rewording import LONGEST_RUN, Repeats, repeated, reworded, words_of

COMMENT = "Der kommer stadig nye ansigter hver uge, og så skal jeg forklare det hele igen."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (COMMENT, Repeats.WHOLE),
        ("DER KOMMER stadig nye\nansigter hver uge – og så skal jeg forklare det hele igen", Repeats.WHOLE),
        (f"En borger siger: ”{COMMENT}”", Repeats.WHOLE),
        ("Jeg synes, at der kommer stadig nye ansigter.", Repeats.RUN),
        ("Hver uge kommer nye ansigter. Forklare stadig, hele igen!", Repeats.WORDS),
        ("Mange møder skiftende hjælpere og må fortælle forfra.", None),
        ("En borger er træt af, at der kommer stadig nye hjælpere.", None),  # four in a row
    ],
)
def test_a_quote_is_in_other_words(text, expected):
    assert reworded(text, COMMENT) == expected


@pytest.mark.parametrize(
    ("comment", "heard", "expected"),
    [
        ("Ja", "Ja, de fleste er glade for hjælpen.", None),
        ("Ja", "ja!", Repeats.WHOLE),
        ("Maden er kold", "Nogle siger, at maden er kold om søndagen.", Repeats.WHOLE),
        ("Maden er kold", "Nogle får kold mad.", None),
        ("", "Intet", None),
        ("…!?", "Intet", None),
    ],
)
def test_what_we_heard_repeats_no_comment(comment, heard, expected):
    assert repeated(heard, ["Noget helt andet, som ingen gentager", comment]) == expected


def test_letters_that_look_the_same_are_the_same():
    assert reworded("Vi ﬁk for lidt hjælp i går", "vi fik for lidt hjælp i går") == Repeats.WHOLE


some_words = st.lists(st.sampled_from(["en", "to", "hjælper", "maden", "uge", "ny", "glad", "væk"]), max_size=14)


def longest_common_run(one: list[str], other: list[str]) -> int:
    """The obvious way: try every start and length."""
    best = 0
    for a in range(len(one)):
        for b in range(len(other)):
            length = 0
            while a + length < len(one) and b + length < len(other) and one[a + length] == other[b + length]:
                length += 1
            best = max(best, length)
    return best


@given(some_words, some_words)
def test_a_long_common_run_is_always_found_and_never_invented(one, other):
    found = repeated(" ".join(one), [" ".join(other)])
    run = longest_common_run(one, other)
    is_whole = run == len(other) and (len(other) >= 3 or (other and one == other))
    assert (found is not None) == (run >= LONGEST_RUN or bool(is_whole))


@given(st.text(max_size=60))
def test_the_same_text_is_never_in_other_words(text):
    if words_of(text):
        assert reworded(text, text) is not None
