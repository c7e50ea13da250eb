"""The report as a workbook: an overview, every number in one tidy table, and what the numbers are."""

import io
from collections.abc import Iterator, Sequence
from datetime import UTC
from decimal import Decimal
from zipfile import ZipFile

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from organisation.danish import STORED_DECIMALS
from organisation.spreadsheets import looks_like_formula
from organisation.templatetags.components import LIGHT_WORDS, count_words
from reports.exports.lights import SHAPES, colour_of, word_of
from reports.exports.package import package
from reports.exports.rows import filled_sheet
from reports.exports.text import plain_text, xml_text
from reports.exports.tidy import headings, series_rows
from reports.parts import ReportContent, Section

A4 = 9
TIDY_PART = "xl/worksheets/sheet2.xml"
TIDY_WIDTHS = (8, 28, 36, 28, 14, 12, 22, 14, 14, 24, 9, 16, 14, 15, 9)
INK, MUTED, LINE, HEAD = "#1a1a1a", "#5c6670", "#d8dde1", "#e3eef3"
FONT = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "top"}


def xlsx_of(content: ReportContent) -> bytes:
    """The workbook. The same content gives the same bytes."""
    rows = sum(len(series.values) for series in series_rows(content))
    scaffold = ZipFile(io.BytesIO(_scaffold(content, rows)))
    return package(
        (name, filled_sheet(scaffold, name, content, rows) if name == TIDY_PART else [scaffold.read(name)])
        for name in scaffold.namelist()
    )


def _scaffold(content: ReportContent, rows: int) -> bytes:
    """The workbook with a specimen row where the tidy rows go."""
    out = io.BytesIO()
    # Numbers and texts are written as what they are; nothing is guessed from how a text begins.
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        front = content.front
        book.set_properties(
            {
                "title": plain_text(f"{front.title}, {front.body}"),
                "author": xml_text(front.authority),
                "comments": plain_text(front.data_basis),
                "created": content.made_at.astimezone(UTC),
            }
        )
        looks = _Looks(book)
        _Overview(book.add_worksheet(_("Overblik")), looks, content).write()
        _write_tidy(book.add_worksheet(_("Tal")), looks, rows)
        _Definitions(book.add_worksheet(_("Definitioner")), looks, content).write()
        if any(section.owners for section in content.sections):
            _Owners(book.add_worksheet(_("Ejere")), looks, content).write()
    return out.getvalue()


class _Looks:
    """The formats of cells. Number formats name no language: each Excel shows its own points and commas."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.text = book.add_format({**FONT, "text_wrap": True})
        self.quoted = book.add_format({**FONT, "text_wrap": True, "quote_prefix": True})
        self.line = book.add_format(FONT)
        self.quoted_line = book.add_format({**FONT, "quote_prefix": True})
        self.note = book.add_format({**FONT, "font_color": MUTED})
        self.title = book.add_format({**FONT, "font_size": 16, "bold": True})
        self.verdict = book.add_format({**FONT, "font_size": 12, "bold": True})
        self.head = book.add_format({**FONT, "bold": True, "text_wrap": True, "bg_color": HEAD, "bottom": 1})
        self.date = book.add_format({**FONT, "num_format": "dd-mm-yyyy"})
        self.whole = book.add_format({**FONT, "num_format": "0"})
        self.ink = book.add_format(FONT)
        self.decimals = [
            book.add_format({**FONT, "num_format": "#,##0" + ("." + "0" * count if count else "")})
            for count in range(STORED_DECIMALS + 1)
        ]
        self.shapes = {light: book.add_format({**FONT, "font_color": f"#{colour_of(light)}"}) for light in LIGHT_WORDS}

    def of_decimals(self, count: int) -> Format:
        return self.decimals[min(count, STORED_DECIMALS)]


class _Table:
    """A table on a sheet, written row by row and cell by cell from the left."""

    def __init__(self, sheet: Worksheet, looks: _Looks, content: ReportContent) -> None:
        self.sheet, self.looks, self.content = sheet, looks, content
        self.row = self.column = 0

    def heads(self, columns: Sequence[tuple[str, int]]) -> None:
        """The column heads, each with its width; they stay in sight, and are repeated on paper."""
        _set_up(self.sheet, columns, self.looks, at=self.row)
        self.next()

    def next(self) -> None:
        self.row, self.column = self.row + 1, 0

    def text(self, text: str, look: Format | None = None) -> None:
        """A text; what Excel might compute stays text, also when somebody edits the cell."""
        text = plain_text(text)
        quoted = self.looks.quoted if look is None else self.looks.quoted_line
        chosen = quoted if looks_like_formula(text) else look or self.looks.text
        self.sheet.write_string(self.row, self.column, text, chosen)
        self.column += 1

    def goal_number(self, number: str) -> None:
        """`2` as a number, `2.10` as text."""
        if number.isdecimal():
            self.number(int(number), self.looks.whole)
        else:
            self.text(number)

    def number(self, value: Decimal | int | None, look: Format) -> None:
        """A number as a number; an empty cell for none."""
        if value is not None:
            self.sheet.write_number(self.row, self.column, value, look)
        self.column += 1

    def light(self, light: str) -> None:
        """Shape in the light's colour, and its word; nothing for none."""
        if light:
            shape, word = (self.looks.shapes[light], f"{SHAPES[light]} "), (self.looks.ink, word_of(light))
            self.sheet.write_rich_string(self.row, self.column, *shape, *word, self.looks.text)
        self.column += 1


class _Overview(_Table):
    """The verdict, and a row for each goal."""

    def write(self) -> None:
        content, looks = self.content, self.looks
        self._line(content.front.title, looks.title)
        self._line(f"{content.front.authority} · {content.front.body}", looks.line)
        self._line(" · ".join(f"{label}: {text}" for label, text in content.front.facts), looks.note)
        self._line(content.overview.verdict, looks.verdict)
        counts = content.overview.counts
        self._line(" · ".join(count_words(key, counts[key]) for key in LIGHT_WORDS if counts.get(key)), looks.line)
        for note in self._notes():
            self._line(note, looks.note)
        self.next()
        self.heads(
            (
                (_("Nr."), 6),
                (_("Mål"), 40),
                (_("Status"), 24),
                (_("Status sidst, hvis en anden"), 24),
                (_("Begrundelse"), 60),
                (_("Indikator, der afgør status"), 34),
                (_("Enhed"), 28),
                (_("Værdi"), 12),
                (_("Måleenhed"), 12),
                (_("Forventet nu"), 12),
                (_("Måltal"), 12),
                (_("Måltallet i ord"), 26),
                (_("Eksempeldata"), 14),
            )
        )
        for section in content.sections:
            self._goal(section)

    def _line(self, text: str, look: Format) -> None:
        self.text(text, look)
        self.next()

    def _notes(self) -> Iterator[str]:
        front = self.content.front
        if front.is_example:
            yield _("Eksempeldata. %s og personerne er opdigtet.") % front.authority
        elif self.content.has_example:
            yield _("Nogle af tallene er eksempeldata.")
        if self.content.left_out:
            yield (
                ngettext(
                    "%d mål længere nede i rækkefølgen er ikke med i rapporten.",
                    "%d mål længere nede i rækkefølgen er ikke med i rapporten.",
                    self.content.left_out,
                )
                % self.content.left_out
            )

    def _goal(self, section: Section) -> None:
        self.goal_number(section.number)
        self.text(section.title)
        self.light(section.light)
        self.light(section.before)
        self.text(section.reason)
        if section.lead is not None:
            figure, numbers = section.lead.figure, section.lead.numbers
            look = self.looks.of_decimals(numbers.decimals)
            self.text(figure.name)
            self.text(figure.unit_name)
            self.number(numbers.value, look)
            self.text(figure.unit)
            self.number(numbers.expected, look)
            self.number(numbers.target, look)
            self.text(figure.target or section.lead.target)
            self.text(_("ja") if figure.is_example else _("nej"))
        self.next()


class _Definitions(_Table):
    """What each number is made of, where it comes from, and who answers for it."""

    def write(self) -> None:
        self.heads(
            (
                (_("Mål nr."), 8),
                (_("Mål"), 28),
                (_("Indikator"), 36),
                (_("Enhed"), 28),
                (_("Måleenhed"), 14),
                (_("Tallet består af"), 20),
                (_("Udgangspunkt"), 14),
                (_("Udgangspunktets periode"), 18),
                (_("Måltallet i ord"), 26),
                (_("Kilde"), 48),
                (_("Seneste periode"), 18),
                (_("Indberettet"), 34),
                (_("Godkendt"), 34),
                (_("Eksempeldata"), 14),
                (_("Priser"), 16),
            )
        )
        shown = [(section, row) for section in self.content.sections for row in section.rows]
        # Both are made from the goals' series in their order.
        for (section, row), source in zip(shown, self.content.sources, strict=True):
            self.goal_number(section.number)
            for text in (section.short_name, row.figure.name, row.figure.unit_name, row.figure.unit, row.figure.basis):
                self.text(text)
            self.number(row.numbers.baseline, self.looks.of_decimals(row.numbers.decimals))
            for text in (
                row.baseline_period,
                row.figure.target or row.target,
                source.source,
                source.period,
                source.entered,
                source.approved,
                _("ja") if source.is_example else _("nej"),
                row.figure.prices,
            ):
                self.text(text)
            self.next()


class _Owners(_Table):
    """Who owns each cross-cutting goal together: a row for each owner."""

    def write(self) -> None:
        self.heads(((_("Mål nr."), 8), (_("Mål"), 40), (_("Enhed"), 34), (_("Myndighed"), 28), (_("Forpligtet"), 12)))
        for section in self.content.sections:
            for owner in section.owners:
                self.goal_number(section.number)
                is_committed = _("ja") if owner.is_committed else _("nej")
                for text in (section.short_name, owner.unit, owner.authority, is_committed):
                    self.text(text)
                self.next()


def _write_tidy(sheet: Worksheet, looks: _Looks, rows: int) -> None:
    """The heads, and the specimen row that shows `reports.exports.rows` the styles."""
    _set_up(sheet, list(zip(headings(), TIDY_WIDTHS, strict=True)), looks, at=0)
    if rows:
        sheet.autofilter(0, 0, rows, len(TIDY_WIDTHS) - 1)
    for column, look in enumerate((looks.quoted_line, looks.date, *looks.decimals)):
        sheet.write_blank(1, column, None, look)


def _set_up(sheet: Worksheet, columns: Sequence[tuple[str, int]], looks: _Looks, *, at: int) -> None:
    """Heads in the row, column widths, what stays in sight, and how the sheet is printed."""
    for column, (name, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(at, column, name, looks.head)
    sheet.freeze_panes(at + 1, 0)
    sheet.repeat_rows(at)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
