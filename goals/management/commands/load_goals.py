"""Loads goals, indicators, series and targets from a workbook or from CSV files. Format: docs/file-formats.md."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from goals.loading import Loaded, load_goals
from goals.loading_messages import problem_message
from goals.loading_rows import SheetKind
from organisation.file_messages import file_message
from organisation.models import Authority
from organisation.sheets import FileProblem, read_sheets

Rows = Sequence[Sequence[Any]]


class Command(BaseCommand):
    """Nothing is stored unless every row is valid; the same file twice changes nothing. Exit 1 when any is refused."""

    help = "Indlæser mål, indikatorer, serier og måltal fra XLSX eller CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="Projektmappe med arkene Mål, Indikatorer, Serier og Måltal")
        parser.add_argument("--sheet", action="append", default=[], metavar="NAVN=FIL", help="Ét ark som CSV")
        parser.add_argument("--authority", required=True, metavar="KODE")
        parser.add_argument("--dry-run", action="store_true", help="Læs og kontrollér, men gem intet")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        authority = Authority.objects.filter(code=options["authority"]).first()
        if authority is None:
            raise CommandError(f"Der er ingen myndighed med koden {options['authority']}.", returncode=2)
        sheets = self._sheets(options["file"], options["sheet"])
        loaded = load_goals(authority, sheets, by=None, now=timezone.now(), dry_run=options["dry_run"])
        self._print_json(loaded) if options["json"] else self._print(loaded, is_dry=options["dry_run"])
        if loaded.rejected:
            sys.exit(1)

    def _sheets(self, file: str | None, named: list[str]) -> dict[SheetKind, Rows]:
        found: dict[SheetKind, Rows] = {}
        if file:
            kinds = {kind.value.casefold(): kind for kind in SheetKind}
            for sheet in _read(file):
                if (kind := kinds.get(sheet.name.strip().casefold())) is not None:
                    found[kind] = sheet.rows
        for one in named:
            name, _, path = one.partition("=")
            try:
                found[SheetKind(name.capitalize())] = _read(path)[0].rows
            except ValueError as error:
                raise CommandError(f"Arket {name} kendes ikke.", returncode=2) from error
        if not found:
            raise CommandError("Filen har ingen af arkene " + ", ".join(SheetKind) + ".", returncode=2)
        return found

    def _print(self, loaded: Loaded, *, is_dry: bool) -> None:
        for problem in loaded.rejected:
            self.stderr.write(
                f"{problem.sheet}, linje {problem.line}, {problem.column}: ”{problem.text}”. {problem_message(problem)}"
            )
        if loaded.rejected:
            self.stderr.write(f"{len(loaded.rejected)} fejl. Intet er gemt.")
            return
        for kind in SheetKind:
            new, changed, same = (count[kind.value] for count in (loaded.created, loaded.updated, loaded.unchanged))
            self.stdout.write(f"{kind.value}: {new} nye, {changed} ændrede, {same} uændrede")
        if is_dry:
            self.stdout.write("Prøvekørsel: intet er gemt.")

    def _print_json(self, loaded: Loaded) -> None:
        rejected = [
            {
                "sheet": one.sheet,
                "line": one.line,
                "column": one.column,
                "text": one.text,
                "reason": problem_message(one),
            }
            for one in loaded.rejected
        ]
        counts = {name: dict(getattr(loaded, name)) for name in ("created", "updated", "unchanged")}
        self.stdout.write(json.dumps({**counts, "rejected": rejected}, ensure_ascii=False, indent=1))


def _read(path: str):
    """The sheets of a file; one clear line when it cannot be read."""
    try:
        return read_sheets(Path(path).read_bytes(), Path(path).name).sheets
    except OSError as error:
        raise CommandError(f"Filen {path} kan ikke åbnes.", returncode=2) from error
    except FileProblem as problem:
        raise CommandError(file_message(problem), returncode=2) from problem
