"""Read a table as the importer does, without storing anything, and say what was recognised."""

import json
import sys
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from followup.readers import Problem, ReadValue, Table, read_table
from organisation.file_messages import file_message
from organisation.sheets import File, FileProblem, read_sheets

PROBLEMS_SHOWN = 20


class Command(BaseCommand):
    help = "Læser en tabel fra en CSV- eller XLSX-fil og viser, hvordan den er forstået. Intet gemmes."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--sheet", type=int, default=1, help="arkets nummer, det første er 1")
        parser.add_argument("--period", metavar="COLUMN", help="overskriften på kolonnen med perioder")
        parser.add_argument("--value", metavar="COLUMN", action="append", default=[], help="en kolonne med værdier")
        parser.add_argument("--locale", choices=["da", "en"], help="da: 1.234,5 · en: 1,234.5")
        parser.add_argument("--dash", choices=["missing", "zero"], default="missing", help="hvad en streg betyder")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--rows", type=int, default=10, help="hvor mange værdier der vises")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            file = read_sheets(path.read_bytes(), path.name)
            table = read_table(
                file,
                sheet=options["sheet"] - 1,
                period=options["period"],
                values=options["value"],
                locale=options["locale"],
                dash=options["dash"],
            )
            found = described(file, table, options["rows"])
        except FileProblem as problem:
            self._refuse(file_message(problem))
        except OSError:
            self._refuse(_("Filen %(name)s kan ikke åbnes.") % {"name": path.name})
        else:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) if options["json"] else as_text(found))

    def _refuse(self, sentence: str) -> None:
        """One line, and exit code 2."""
        self.stderr.write(sentence)
        sys.exit(2)


def described(file: File, table: Table, rows: int) -> dict[str, Any]:
    """What `read_table --json` prints; the keys are part of the contract."""
    totals = table.totals
    return {
        "layout": table.layout,
        "kind": file.kind,
        "encoding": file.encoding,
        "delimiter": file.delimiter,
        "header_rows": table.header_rows,
        "label_columns": table.label_columns,
        "period_column": table.period_column,
        "value_columns": table.value_columns,
        "period_kind": table.period_kind,
        "periods": table.periods,
        "locale": table.locale,
        "rows": table.rows,
        "values": totals.values,
        "sum": f"{totals.sum:f}",
        "missing": {reason.value: count for reason, count in totals.missing.items()},
        "problems": totals.problems,
        "problem_list": [_problem(*one) for one in islice(table.problems(), PROBLEMS_SHOWN)],
        "notes": [{"key": note.key, **note.values} for note in table.notes],
        "sample": [_sample(one) for one in islice(table.values(), max(0, rows))],
    }


def _sample(one: ReadValue) -> dict[str, Any]:
    return {
        "line": one.line,
        "column": one.column,
        "labels": one.labels,
        "period": one.period.code if one.period else None,
        "value": None if one.value is None else f"{one.value:f}",
        "missing": one.missing.value if one.missing else None,
        "text": one.text,
    }


def _problem(line: int, problem: Problem) -> dict[str, Any]:
    return {"line": line, "column": problem.column, "text": problem.text, "reason": problem.key}


def as_text(found: dict[str, Any]) -> str:
    """The same for people."""
    missing = ", ".join(f"{reason} {count}" for reason, count in found["missing"].items())
    layout = _("perioder som kolonner") if found["layout"] == "wide" else _("en række pr. værdi")
    lines = [
        f"{_('Opstilling')}: {layout}",
        f"{_('Tegnsæt og skilletegn')}: {found['encoding'] or '–'} {found['delimiter'] or ''}".rstrip(),
        f"{_('Rækker')}: {found['rows']}",
        f"{_('Kolonner med tekst')}: {' · '.join(found['label_columns']) or '–'}",
        f"{_('Perioder')}: {_range(found['periods'])}",
        f"{_('Kolonner med værdier')}: {' · '.join(found['value_columns']) or '–'}",
        f"{_('Tal')}: {found['values']}, {_('sum')} {found['sum']}",
        f"{_('Mangler')}: {missing or 0}",
        f"{_('Kan ikke læses')}: {found['problems']}",
    ]
    for one in found["problem_list"]:
        lines.append(f"  {_('linje')} {one['line']}, {one['column']}: »{one['text']}« ({one['reason']})")
    for one in found["sample"]:
        labels = " · ".join(text for text in one["labels"].values() if text)
        lines.append(f"  {labels} | {one['period'] or '–'} | {one['column']} | {one['value'] or one['missing'] or '?'}")
    return "\n".join(lines)


def _range(periods: list[str]) -> str:
    if not periods:
        return "–"
    return periods[0] if len(periods) == 1 else f"{periods[0]} – {periods[-1]} ({len(periods)})"
