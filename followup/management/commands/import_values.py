"""Stores the values of a file, as the goal consultant would in the browser."""

import json
import sys
from hashlib import sha256
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from followup.actions.importing import Counts, compare, import_values
from followup.actions.submissions import NotPossible
from followup.import_sentences import refusal
from followup.readers import read_table
from followup.value_files import Known, Mapping, Reading, read_values, recognise
from organisation.file_messages import file_message
from organisation.models import Authority
from organisation.sheets import FileProblem, read_sheets

REFUSED = {
    "sent_elsewhere": "An approver has taken up a report with some of these values.",
    "changed_meanwhile": "Somebody changed some of these values meanwhile. Nothing is stored: run it again.",
}


class Command(BaseCommand):
    help = "Stores the values of a CSV or XLSX file as approved. Exit 1: lines were refused; 2: it cannot be read."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--authority", required=True, help="the authority's code")
        parser.add_argument("--mapping", type=Path, help="JSON: which columns hold what (docs/file-formats.md)")
        parser.add_argument("--dry-run", action="store_true", help="say what would be stored, store nothing")
        parser.add_argument("--partial", action="store_true", help="store what can be, though lines are refused")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, file, authority, mapping, **options):
        try:
            owner = Authority.objects.get(code=authority)
        except Authority.DoesNotExist:
            raise CommandError(f"No authority has the code {authority}.", returncode=2) from None
        try:
            content = file.read_bytes()
            reading = self._read(content, file.name, owner, mapping)
        except FileProblem as problem:
            raise CommandError(file_message(problem), returncode=2) from problem
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=2) from error
        is_stored = not options["dry_run"] and (options["partial"] or not reading.refused)
        if is_stored:
            try:
                counts = self._store(reading, content, file.name, owner)
            except NotPossible as refused:
                raise CommandError(REFUSED[refused.key]) from None
        else:
            counts = compare(reading.values, may_correct=True).counts
        self._report(reading, counts, as_json=options["json"], is_stored=is_stored)
        if reading.refused:
            sys.exit(1)

    def _read(self, content: bytes, name: str, owner: Authority, mapping_file: Path | None) -> Reading:
        mapping = Mapping()
        if mapping_file is not None:
            try:
                mapping = Mapping.from_json(json.loads(mapping_file.read_text(encoding="utf-8")))
            except (ValueError, TypeError) as error:
                raise CommandError(f"{mapping_file}: {error}", returncode=2) from error
        table = read_table(read_sheets(content, name), **mapping.reading)
        known = Known(owner)
        reading = read_values(table, recognise(table, mapping, known), known)
        if not reading.read and not reading.left_out:
            raise FileProblem("no_rows")
        return reading

    def _store(self, reading: Reading, content: bytes, name: str, owner: Authority) -> Counts:
        _batch, counts = import_values(
            reading.values,
            authority=owner,
            filename=name,
            sha256=sha256(content).hexdigest(),
            approve=True,
            rejected=len(reading.refused),
            by=None,
            now=timezone.now(),
        )
        return counts

    def _report(self, reading: Reading, counts: Counts, *, as_json: bool, is_stored: bool) -> None:
        rejected = [
            {"line": one.line, "column": one.column, "text": one.text, "reason": refusal(one)}
            for one in reading.refused
        ]
        numbers = {
            "read": reading.read,
            "created": counts.created,
            "updated": counts.updated,
            "unchanged": counts.unchanged,
            "missing": reading.missing,
        }
        if as_json:
            self.stdout.write(json.dumps({**numbers, "rejected": rejected}, ensure_ascii=False))
            return
        for row in rejected[:50]:
            self.stdout.write(f"{row['line']}, {row['column']}: {row['reason']}")
        words = ", ".join(f"{name} {count}" for name, count in numbers.items())
        self.stdout.write(f"{words}, rejected {len(rejected)}" + ("" if is_stored else " (nothing stored)"))
