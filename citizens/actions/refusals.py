"""What the state of a survey, or what is written, refuses."""

from collections.abc import Sequence


class NotPossible(Exception):
    """Why something is not done: a key, with the words or fields it is about. Templates and forms have the sentence."""

    def __init__(self, key: str, *, field: str = "", words: Sequence[str] = ()) -> None:
        super().__init__(key)
        self.key, self.field, self.words = key, field, tuple(words)
