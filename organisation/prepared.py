"""Queries compiled once per process: for a page, building and compiling a queryset costs more than asking it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

from organisation.permissions import Grant, Role, Viewer

Row = tuple[Any, ...]
Parameters = tuple[tuple[bool, Any], ...]  # (is an argument, its place or the constant itself)
# Stand-ins: no query holds such a number or such a day of its own.
A_NUMBER = 7_310_000_000_000_000_000
A_DAY = date(9871, 1, 1)
SHAPES = 64


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A query's SQL, with what each parameter is: a constant, or the place of an argument in the list of all.

    Constants that are texts or whole numbers are in the SQL itself.
    """

    sql: str
    parameters: Parameters
    converters: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]
    read_object: Callable[[Row], Any] | None  # None for plain rows


class Prepared:
    """A queryset as a function of keys, days, lists of keys, and who asks (a `Viewer`).

    `build` is called once for each shape of the arguments, with stand-ins for them. It puts keys, days and lists
    into the query as they are and decides nothing by their values; it may decide by a text, a boolean or None, by how
    long a list is, and by the viewer's roles. Texts become part of the SQL kept, so they are the program's own, never
    what somebody typed.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self.build = build
        self._compiled = lru_cache(maxsize=SHAPES)(self._compile)

    def rows(self, *arguments: Any) -> list[Row]:
        """The rows of a `values_list`, each a tuple or a list."""
        compiled = self._compiled(connection.vendor, *map(_shape, arguments))
        return self._ask(compiled, arguments) if compiled else []

    def objects(self, *arguments: Any) -> list[Any]:
        """The model objects, with what `select_related` and `annotate` add to them."""
        compiled = self._compiled(connection.vendor, *map(_shape, arguments))
        if not compiled:
            return []
        assert compiled.read_object is not None
        return [compiled.read_object(row) for row in self._ask(compiled, arguments)]

    def _ask(self, compiled: _Compiled, arguments: Sequence[Any]) -> list[Row]:
        flat = list(_flat(arguments))
        values = [flat[it] if is_argument else it for is_argument, it in compiled.parameters]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # Django's own cursor writes the values into the text; apart from it, the server may keep the plan.
                # The plain one would look for `%s` in long texts anew each time.
                cursor.cursor = psycopg.RawCursor(connection.connection)
            cursor.execute(compiled.sql, values)
            rows = cursor.fetchall()
        return _converted(rows, compiled.converters) if compiled.converters else rows

    def _compile(self, vendor: str, *shapes: Any) -> _Compiled | None:
        stand_ins = list(_stand_ins(shapes))
        query = self.build(*stand_ins)
        compiler = query.query.get_compiler(query.db)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        places = {_key(value): place for place, value in enumerate(_flat(stand_ins))}
        found = tuple((True, places[_key(value)]) if _key(value) in places else (False, value) for value in parameters)
        if changed := [value for is_argument, value in found if not is_argument and _is_stand_in(value)]:
            raise ValueError(f"an argument is not put into the query as it is: {changed}")
        fields = [one[0] for one in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(fields)
        return _Compiled(
            *_written(sql, found, vendor),
            tuple((at, tuple(functions), field) for at, (functions, field) in converters.items()),
            _reader(compiler, query.db) if compiler.klass_info else None,
        )


def _written(sql: str, parameters: Parameters, vendor: str) -> tuple[str, Parameters]:
    """The SQL with constant texts and whole numbers in it, and the parameters that are left: `%s`, or `$1` and so on.

    SQLite plans anew at every execution a statement that compares a parameter with what a partial index is of:
    a millisecond for the menu's counts. Written out, the database also sees that the index is enough.
    """
    is_numbered = vendor == "postgresql"
    percent = "%" if is_numbered else "%%"
    rest = iter(parameters)
    kept = []

    def written(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return percent
        is_argument, value = next(rest)
        if not is_argument and isinstance(value, str):
            return "'{}'".format(value.replace("'", "''").replace("%", percent))
        if not is_argument and isinstance(value, int) and not isinstance(value, bool):
            return str(int(value))
        kept.append((is_argument, value))
        return f"${len(kept)}" if is_numbered else "%s"

    return re.sub("%%|%s", written, sql), tuple(kept)


def _shape(argument: Any) -> Any:
    """What decides the SQL text: how long a list is, that there is a number or a day, or the argument itself."""
    if isinstance(argument, list | tuple):
        return list, len(argument)
    if isinstance(argument, Viewer):
        places = {pk: place for place, pk in enumerate(_authorities(argument))}
        return Viewer, tuple((grant.role, places[grant.authority_id]) for grant in argument.all_grants)
    if isinstance(argument, bool | str | None):
        return argument
    return type(argument)


def _authorities(viewer: Viewer) -> list[int]:
    return sorted({grant.authority_id for grant in viewer.all_grants})


def _stand_ins(shapes: Iterable[Any]) -> Iterator[Any]:
    number, day = A_NUMBER, A_DAY
    for shape in shapes:
        if isinstance(shape, tuple) and shape[0] is Viewer:
            yield _viewer(number, shape[1])
            number += 1 + 2 * len(shape[1])
        elif isinstance(shape, tuple):
            yield list(range(number, number + shape[1]))
            number += shape[1]
        elif shape is date:
            yield day
            day += timedelta(days=1)
        elif shape is int:
            yield number
            number += 1
        elif isinstance(shape, type):
            raise TypeError(f"no stand-in for {shape}")
        else:
            yield shape


def _is_stand_in(value: Any) -> bool:
    """Whether a constant was made of a stand-in: the next day, a list in another order, a number as text."""
    if isinstance(value, list | tuple):
        return any(map(_is_stand_in, value))
    return str(value).startswith((str(A_NUMBER)[:15], f"{A_DAY.year}-"))


def _viewer(number: int, grants: Sequence[tuple[Role, int]]) -> Viewer:
    """Somebody with the roles, in authorities and units that are stand-ins too."""
    units = number + 1 + len(grants)
    return Viewer(
        number,
        tuple(Grant(role, units + at, number + 1 + authority, date.min) for at, (role, authority) in enumerate(grants)),
    )


def _flat(arguments: Iterable[Any]) -> Iterator[Any]:
    """Every value that may be a parameter, in order: lists whole, and their members after them."""
    for argument in arguments:
        if isinstance(argument, Viewer):
            yield argument.pk
            yield from _authorities(argument)
            yield from (grant.unit_id for grant in argument.all_grants)
        elif isinstance(argument, list | tuple):
            yield list(argument)
            yield from argument
        elif isinstance(argument, date):
            yield connection.ops.adapt_datefield_value(argument)
        elif not isinstance(argument, bool | str | None):
            yield argument


def _key(value: Any) -> Any:
    """A parameter as something to look up; a day is a text in some databases, and not yet in raw SQL."""
    return tuple(value) if isinstance(value, list) else str(value) if isinstance(value, date) else value


def _converted(rows: Iterable[Row], converters: Iterable[tuple[int, tuple[Callable[..., Any], ...], Any]]) -> list[Row]:
    converted: list[Any] = [list(row) for row in rows]
    for at, functions, field in converters:
        for row in converted:
            value = row[at]
            if value is not None:
                for function in functions:
                    value = function(value, field, connection)
                row[at] = value
    return converted


def _reader(compiler: Any, db: str) -> Callable[[Row], Any]:
    """From a row to a model object, as Django's own iterator makes it."""
    info = compiler.klass_info
    model, first, last = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    names = [one[0].target.attname for one in compiler.select[first:last]]
    related = get_related_populators(info, compiler.select, db)
    annotations = list(compiler.annotation_col_map.items())

    def read(row: Row) -> Any:
        found = model.from_db(db, names, row[first:last])
        for populator in related:
            populator.populate(row, found)
        for name, at in annotations:
            setattr(found, name, row[at])
        return found

    return read
