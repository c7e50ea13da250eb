"""Walking a tree in the database: the same recursive query on SQLite and PostgreSQL.

A table is a tree when its `parent_id` points to its own `id`. Both functions start from the ids that a
SELECT gives, so that only the rows asked for are visited, however many trees the table holds.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import TextField
from django.db.models.expressions import RawSQL


def below(table: str, start: str, params: Sequence[Any], *, strictly: bool = False, only: str = "TRUE") -> RawSQL:
    """Ids of the rows that `start` selects and of all below them (`strictly`: without the first).

    `only`: a condition in SQL on each `child` that is followed.
    """
    first = (
        f"SELECT child.id FROM {table} child WHERE child.parent_id IN ({start}) AND {only}"
        if strictly
        else f"SELECT id FROM {table} WHERE id IN ({start})"
    )
    sql = (
        f"WITH RECURSIVE walk(id) AS ({first} "
        f"UNION SELECT child.id FROM {table} child JOIN walk ON child.parent_id = walk.id WHERE {only}) "
        "SELECT id FROM walk"
    )
    return RawSQL(sql, params)


def above(table: str, start: str, params: Sequence[Any], *, strictly: bool = False) -> RawSQL:
    """Ids of the rows that `start` selects and of all above them (`strictly`: without the first)."""
    first = (
        f"SELECT parent_id FROM {table} WHERE parent_id IS NOT NULL AND id IN ({start})"
        if strictly
        else f"SELECT id FROM {table} WHERE id IN ({start})"
    )
    sql = (
        f"WITH RECURSIVE walk(id) AS ({first} "
        f"UNION SELECT node.parent_id FROM {table} node JOIN walk ON node.id = walk.id) "
        # Asked inside the walk, SQLite would read the whole table first to answer it faster.
        "SELECT id FROM walk WHERE id IS NOT NULL"
    )
    return RawSQL(sql, params)


def path_text(table: str, column: str) -> RawSQL:
    """Ids of the row that the outer query's column points to and of all above it, as `7,3,1` in any order."""
    join = "string_agg(id::text, ',')" if connection.vendor == "postgresql" else "group_concat(id, ',')"
    sql = (
        "WITH RECURSIVE walk(id, parent_id) AS ("
        f"SELECT node.id, node.parent_id FROM {table} node WHERE node.id = {column} "
        f"UNION SELECT node.id, node.parent_id FROM {table} node JOIN walk ON node.id = walk.parent_id) "
        f"SELECT {join} FROM walk"
    )
    return RawSQL(sql, [], TextField())


def placeholders(ids: Sequence[int]) -> str:
    """As many `%s` as there are ids; NULL for none, which matches nothing."""
    return ", ".join(["%s"] * len(ids)) or "NULL"
