"""In whose words a report is told: its authority's, those it had when the report was published."""

from collections.abc import Iterator
from contextlib import contextmanager

from organisation.models import Unit
from organisation.words.speaking import heard, level_of, speak_for
from reports.models import Edition
from reports.subject import Subject


def told_of(subject: Subject) -> Unit:
    """Whose goals the report is about first of all."""
    if subject.goal is not None:
        return subject.goal.owner_unit
    return subject.unit or subject.round.body


def speak_as(subject: Subject, edition: Edition | None = None) -> None:
    """From here on, texts are in the words of the report, or of the edition."""
    own = edition.words if edition is not None else None
    speak_for(subject.round.authority, level_of(told_of(subject)), own=own)


@contextmanager
def words_of_report(subject: Subject, edition: Edition | None = None) -> Iterator[None]:
    """Meanwhile, texts are in the words of the report."""
    with heard():
        speak_as(subject, edition)
        yield
