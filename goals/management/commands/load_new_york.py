"""Loads the New York Mayor's Management Report as an authority with agencies, services, goals and indicators."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from goals.loading_messages import problem_message
from goals.loading_new_york import NotTheReport, load_new_york, read_report
from goals.loading_rows import SheetKind
from organisation.file_messages import file_message
from organisation.sheets import FileProblem


class Command(BaseCommand):
    """The same file twice changes nothing. Values are imported apart, by `goals.loading_new_york.values_of`."""

    help = "Indlæser New Yorks Mayor's Management Report som myndigheden NYC."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="Rapportens CSV-fil")
        parser.add_argument("--dry-run", action="store_true", help="Læs og kontrollér, men gem intet")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            rows = read_report(path.read_bytes(), path.name)
        except OSError as error:
            raise CommandError(f"Filen {path} kan ikke åbnes.", returncode=2) from error
        except FileProblem as problem:
            raise CommandError(file_message(problem), returncode=2) from problem
        except NotTheReport as error:
            raise CommandError(f"Filen har ingen kolonne {error.missing}.", returncode=2) from error
        loaded = load_new_york(rows, by=None, now=timezone.now(), dry_run=options["dry_run"])
        for problem in loaded.rejected:
            self.stderr.write(f"{problem.sheet}, linje {problem.line}, {problem.column}: {problem_message(problem)}")
        if loaded.rejected:
            sys.exit(1)
        for kind in SheetKind:
            new, changed, same = (count[kind.value] for count in (loaded.created, loaded.updated, loaded.unchanged))
            self.stdout.write(f"{kind.value}: {new} nye, {changed} ændrede, {same} uændrede")
