"""Very many stored values as plain rows, past Django's converters, which on SQLite take longer than the question."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from organisation.danish import STORED_DECIMALS

CHUNK = 2000  # rows held at a time
_UNIT = Decimal(1).scaleb(-STORED_DECIMALS)


def plain_rows(rows: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a `values_list` one after another, numbers as the driver gives them: `Numbers` makes them exact.

    On SQLite a time has no zone, and what is true or false in an expression is 1 or 0.
    """
    connection = connections[rows.db]
    if connection.vendor == "postgresql":  # the driver's own are right
        yield from rows.iterator(chunk_size=CHUNK)
        return
    with connection.cursor() as cursor:
        cursor.execute(*rows.query.sql_with_params())
        while chunk := cursor.fetchmany(CHUNK):
            yield from chunk


class Numbers(dict[Decimal | float | None, Decimal | None]):
    """The exact number of each that a driver gives, worked out once: PostgreSQL's is exact, SQLite's of 15 digits."""

    def __missing__(self, number: Decimal | float | None) -> Decimal | None:
        is_exact = number is None or isinstance(number, Decimal)
        self[number] = exact = number if is_exact else Decimal(repr(number)).quantize(_UNIT)
        return exact
