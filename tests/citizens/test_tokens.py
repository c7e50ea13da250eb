import hashlib
import math

from hypothesis import given
from hypothesis import strategies as st

from citizens.tokens import ALPHABET, LENGTH, hash_of, looks_like_token, new_token


def test_a_token_has_128_bits_or_more():
    assert LENGTH * math.log2(len(ALPHABET)) >= 128
    assert len(set(ALPHABET)) == len(ALPHABET)


def test_no_two_signs_look_alike():
    assert not set("01ilouv") & set(ALPHABET)


def test_tokens_differ_and_use_every_sign():
    tokens = {new_token() for _ in range(2000)}
    assert len(tokens) == 2000
    assert set("".join(tokens)) == set(ALPHABET)
    assert all(looks_like_token(token) for token in tokens)


def test_the_hash_is_sha_256_of_the_token():
    assert hash_of("abc") == hashlib.sha256(b"abc").hexdigest()
    assert hash_of(" ABC\n") == hash_of("abc")


@given(st.text())
def test_no_text_breaks_it(text):
    assert isinstance(looks_like_token(text), bool)


def test_what_is_no_token():
    token = new_token()
    for wrong in ("", token[:-1], token + "2", token.replace(token[3], "0"), "hjaelp-i-hjemmet"):
        assert not looks_like_token(wrong)
