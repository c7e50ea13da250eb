"""What later apps keep about a person, for the file that the person fetches. Filled in `malstyring.additions`."""

from collections.abc import Callable, Iterator

from organisation.models import User

# Subject, when, what and value: the columns of the file.
Line = tuple[str, str, str, str]
Lines = Callable[[User], Iterator[Line]]
_lines: list[Lines] = []


def add_own_data(lines: Lines) -> None:
    """Put these lines in the file too. Twice adds nothing."""
    if lines not in _lines:
        _lines.append(lines)


def added_own_data(person: User) -> Iterator[Line]:
    """The lines of later apps."""
    for lines in _lines:
        yield from lines(person)
