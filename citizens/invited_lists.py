"""Reading a list of those to be invited: addresses, and perhaps a group and a code. Pure: no Django.

Nothing else of a list is taken; a column that looks like CPR numbers refuses all of it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from citizens.personal import mask_cpr
from organisation.sheets import Cell

ADDRESS_LENGTH = 254
CODE_LENGTH = 20
_ADDRESS = re.compile(r"[^@\s,;<>\"()\[\]]{1,64}@[^@\s,;<>\"()\[\]]+\.[^@\s.,;<>\"()\[\]]{2,}")
_NAMED = re.compile(r"<\s*([^<>\s]+)\s*>")  # Lise Holm <lise@example.dk>
_GROUP_HEADS = ("gruppe", "enhed", "område", "afdeling", "skole", "group")
_CODE_HEADS = ("kode", "deltager", "deltagerkode", "id", "code")


@dataclass(frozen=True, slots=True)
class Invitee:
    """One to be invited. `code` is what stands for the person in a pseudonymous survey."""

    address: str
    group: str = ""  # the group's code
    code: str = ""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that invites nobody: `no_address`, `twice`, `known`, `group_unknown`, `code_twice` or `code_long`."""

    line: int
    text: str
    key: str
    earlier: int = 0  # the line it repeats


@dataclass(slots=True)
class InvitedList:
    """What a list says. `cpr`: columns (letter, lines) that look like CPR numbers; then nobody is on the list."""

    invitees: list[Invitee] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)
    cpr: list[tuple[str, int]] = field(default_factory=list)


def pasted_rows(text: str) -> list[list[Cell]]:
    """Pasted text as rows of cells. A line of nothing but addresses is a row for each."""
    rows: list[list[Cell]] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"[;\t]|,(?!\d)", line)]
        filled = [cell for cell in cells if cell]
        if len(filled) > 1 and all(_address(cell) for cell in filled):
            rows.extend([cell] for cell in filled)
        else:
            rows.append(list(cells))
    return rows


def read_list(
    rows: Sequence[Sequence[Cell]],
    *,
    groups: Mapping[str, str],
    known: Iterable[str] = (),
    known_codes: Iterable[str] = (),
) -> InvitedList:
    """Who is on the list. `groups`: code or name in lower case -> code; `known`: addresses invited before."""
    texts = [[_text(cell) for cell in row] for row in rows]
    if cpr := _cpr_columns(texts):
        return InvitedList(cpr=cpr)
    columns = _Columns.of(texts)
    found = InvitedList()
    seen = dict.fromkeys(known, 0)
    codes = dict.fromkeys(known_codes, 0)
    for at, row in enumerate(texts, 1):
        if (at == 1 and columns.has_head) or not any(row):
            continue
        taken = _invitee(row, columns, groups)
        key, earlier = _refusal(taken, row, columns, seen, codes)
        if key:
            found.refused.append(RefusedLine(at, " ".join(filter(None, row))[:120], key, earlier))
            continue
        seen[taken.address], codes[taken.code] = at, at
        found.invitees.append(taken)
    return found


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand in the list; -1: nowhere."""

    address: int
    group: int
    code: int
    has_head: bool

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]]) -> "_Columns":
        counts = Counter(at for row in texts for at, cell in enumerate(row) if _address(cell))
        address = max(counts, key=lambda at: (counts[at], -at)) if counts else 0
        head = [cell.lower() for cell in texts[0]] if texts else []
        has_head = bool(head) and any(head) and not any("@" in cell for cell in head)
        if has_head:
            return cls(address, _among(head, _GROUP_HEADS), _among(head, _CODE_HEADS), True)
        width = max((len(row) for row in texts), default=0)
        return cls(address, 1 - address if width == 2 and address < 2 else -1, -1, False)


def _among(head: Sequence[str], words: Sequence[str]) -> int:
    return next((at for at, cell in enumerate(head) if cell in words), -1)


def _invitee(row: Sequence[str], columns: _Columns, groups: Mapping[str, str]) -> Invitee:
    group = _at(row, columns.group)
    return Invitee(_address(_at(row, columns.address)), groups.get(group.lower(), "?") if group else "",
                   _at(row, columns.code))  # fmt: skip


def _refusal(
    taken: Invitee, row: Sequence[str], columns: _Columns, seen: Mapping[str, int], codes: Mapping[str, int]
) -> tuple[str, int]:
    """Why the line invites nobody, and the line it repeats."""
    if not taken.address:
        return "no_address", 0
    if taken.address in seen:
        earlier = seen[taken.address]
        return ("twice", earlier) if earlier else ("known", 0)
    if taken.group == "?":
        return "group_unknown", 0
    if len(taken.code) > CODE_LENGTH:
        return "code_long", 0
    if taken.code and taken.code in codes:
        return "code_twice", codes[taken.code]
    return "", 0


def _at(row: Sequence[str], at: int) -> str:
    return row[at] if 0 <= at < len(row) else ""


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _address(text: str) -> str:
    """The address in the cell in lower case; empty when it holds none."""
    named = _NAMED.search(text)
    address = (named[1] if named else text).strip().removeprefix("mailto:").lower()
    return address if len(address) <= ADDRESS_LENGTH and _ADDRESS.fullmatch(address) else ""


def _cpr_columns(texts: Sequence[Sequence[str]]) -> list[tuple[str, int]]:
    counts = Counter(at for row in texts for at, cell in enumerate(row) if _is_cpr(cell))
    return [(_letter(at), counts[at]) for at in sorted(counts)]


def _is_cpr(cell: str) -> bool:
    # A workbook that keeps numbers has lost the leading zero.
    return bool(mask_cpr(cell.zfill(10) if cell.isdecimal() and len(cell) == 9 else cell)[1])


def _letter(at: int) -> str:
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
