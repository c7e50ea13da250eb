"""Rows written at the database's full speed."""

from collections.abc import Iterable, Iterator

from django.core.management.color import no_style
from django.db import connection, models


def write_rows(table: str, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Store rows; `columns` names them, parted by commas. Days and times come as text."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for block in _blocks(rows):
                    copy.write(block)
        else:
            places = ", ".join("?" * len(columns.split(",")))
            # The driver's own cursor: Django's would adapt every parameter of every row.
            cursor.cursor.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def _blocks(rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """COPY text; no field holds a tab, a line end or a backslash."""
    lines: list[str] = []
    for row in rows:
        lines.append("\t".join(["\\N" if cell is None else str(cell) for cell in row]))
        if len(lines) == 4000:
            yield "\n".join(lines) + "\n"
            lines.clear()
    if lines:
        yield "\n".join(lines) + "\n"


def continue_numbering(*written: type[models.Model]) -> None:
    """Let the next keys follow those that were written."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(written)):
            cursor.execute(statement)
