"""Databases that other processes work on: copies of the test's own, as it is at that moment."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.db import connection


@dataclass
class Copy:
    """A database of its own that another process works on."""

    url: str
    query: Callable[[str], list[tuple]]

    def end_state(self) -> tuple[list[tuple], list[tuple]]:
        """Mails and reminders without what is drawn at random."""
        mails = self.query("SELECT key, address, subject, text, state FROM followup_mail ORDER BY key")
        columns = "kind, object_id, user_id, counted_from, stage"
        reminders = self.query(f"SELECT {columns} FROM followup_reminder ORDER BY {columns}")
        return mails, [tuple(map(str, row)) for row in reminders]

    def message_ids(self) -> list[str]:
        return [row[0] for row in self.query("SELECT message_id FROM followup_mail")]


@pytest.fixture
def copies(transactional_db, tmp_path: Path) -> Iterator[Callable[[], Copy]]:
    """Makes copies of the test's database as it is now."""
    made: list[str] = []
    address = connection.settings_dict
    host = address["HOST"] or address["OPTIONS"].get("host", "")

    def on_sqlite() -> Copy:
        path = tmp_path / f"{len(made)}.sqlite3"
        made.append(str(path))
        with sqlite3.connect(path) as target:
            connection.ensure_connection()
            connection.connection.backup(target)
        # As `migrate` leaves it: of several that make the change at once, SQLite tells one that the file is locked.
        assert target.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
        target.close()

        def query(sql: str) -> list[tuple]:
            with sqlite3.connect(path) as reader:
                return reader.execute(sql).fetchall()

        return Copy(f"sqlite:///{path}", query)

    def connect(name: str) -> psycopg.Connection:
        return psycopg.connect(
            host=host or None,
            port=address["PORT"] or None,
            user=address["USER"] or None,
            password=address["PASSWORD"] or None,
            dbname=name,
            autocommit=True,
        )

    def on_postgres() -> Copy:
        source = connection.settings_dict["NAME"]
        name = f"{source}_copy{len(made)}"
        made.append(name)
        connection.close()
        with connect("postgres") as admin:
            # A server thread of an earlier test may still hold a connection; nobody may while it is copied.
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')

        def query(sql: str) -> list[tuple]:
            with connect(name) as reader:
                return reader.execute(sql).fetchall()

        place = f"/{name}?host={host}" if host.startswith("/") else f"{host}:{address['PORT'] or 5432}/{name}"
        who = address["USER"] + (f":{address['PASSWORD']}" if address["PASSWORD"] else "")
        return Copy(f"postgres://{who}@{place}", query)

    is_postgres = connection.vendor == "postgresql"
    yield on_postgres if is_postgres else on_sqlite
    if is_postgres:
        connection.close()
        with connect("postgres") as admin:
            for name in made:
                admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
