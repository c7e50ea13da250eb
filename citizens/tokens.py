"""Tokens of links that work once. Only their hash is stored: who reads the database cannot answer. Pure: no Django."""

import hashlib
import secrets

# Without what is mistaken for something else when a link is read aloud or off paper: 0 o, 1 i l, u v.
ALPHABET = "23456789abcdefghjkmnpqrstwxyz"
# 27 of 29 letters are 131 bits.
LENGTH = 27


def new_token() -> str:
    """A token that cannot be guessed, in lower case."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def hash_of(token: str) -> str:
    """What is stored of a token: its SHA-256 in hex. Capitals and surrounding blanks do not matter."""
    return hashlib.sha256(token.strip().lower().encode()).hexdigest()


def looks_like_token(text: str) -> bool:
    """Whether the text is formed as a token, whole and unharmed."""
    lowered = text.strip().lower()
    return len(lowered) == LENGTH and set(lowered) <= set(ALPHABET)
