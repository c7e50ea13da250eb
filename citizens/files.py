"""The results as files: exactly what the page shows, one figure a line."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _

from citizens.labels import METHODS
from citizens.published import GroupResult, QuestionResult, SurveyResults
from organisation.danish import NBSP
from organisation.spreadsheets import guarded

Cell = str | int | Decimal | None


def heading() -> list[str]:
    return [_("Del"), _("Gruppe"), _("Kode"), _("Spørgsmål"), _("Størrelse"), _("Svar"), _("Værdi")]


def result_rows(results: SurveyResults) -> Iterator[list[Cell]]:
    """A line for each figure: of everybody, of each group, and by each background question. Hidden ones say so."""
    everybody = _("Alle")
    yield [everybody, "", "", "", _("Besvarelser"), "", _shown(results.n)]
    if results.invited is not None:
        yield [everybody, "", "", "", _("Inviterede"), "", results.invited]
    for method, count in results.methods:
        yield [everybody, "", "", "", _("Besvarelser"), str(METHODS[method]), _shown(count)]
    for question in results.questions:
        yield from _question([everybody, ""], question)
    yield from _groups(_("Gruppe"), results.groups)
    for code, groups in results.backgrounds:
        asked = results.question(code)
        yield from _groups(asked.label if asked else code, groups)


def _shown(value: Cell) -> Cell:
    return _("vises ikke") if value is None else value


def _groups(name: str, groups: tuple[GroupResult, ...]) -> Iterator[list[Cell]]:
    for group in groups:
        yield [name, group.label, "", "", _("Besvarelser"), "", _shown(group.n)]
        if group.invited is not None:
            yield [name, group.label, "", "", _("Inviterede"), "", group.invited]
        for question in group.questions:
            yield from _question([name, group.label], question)


def _question(where: list[Cell], question: QuestionResult) -> Iterator[list[Cell]]:
    place = [*where, question.code, question.label]
    if not question.is_shown:
        yield [*place, _("Resultat"), "", _shown(None)]
        return
    figures = [
        (_("Svar"), question.n),
        (_("Ved ikke eller ikke relevant"), question.beside),
        (_("Middel"), question.mean),
        (_("Andel, der svarer ja, pct."), question.share),
        (_("Usikkerhed fra"), question.low),
        (_("Usikkerhed til"), question.high),
        (_("Standardafvigelse"), question.sd),
    ]
    for name, value in figures:
        if value is not None:
            yield [*place, name, "", value]
    for choice in question.choices:
        yield [*place, _("Antal"), choice.label, _shown(choice.count)]
        if choice.mean_place is not None:
            yield [*place, _("Gennemsnitlig plads"), choice.label, choice.mean_place]


def csv_of(results: SurveyResults) -> bytes:
    """The lines as a Danish Excel opens them: byte order mark, semicolons, decimal comma."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(heading())
    writer.writerows([_text(cell) for cell in row] for row in result_rows(results))
    return out.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return str(cell).replace(".", ",")
    return guarded(str(cell).replace(NBSP, " "))


def xlsx_of(results: SurveyResults, title: str) -> bytes:
    """The same lines as a workbook."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title})
    sheet, bold = book.add_worksheet(_("Resultater")), book.add_format({"bold": True})
    sheet.write_row(0, 0, heading(), bold)
    for at, row in enumerate(result_rows(results), 1):
        for column, cell in enumerate(row):
            if isinstance(cell, int | Decimal):
                sheet.write_number(at, column, cell)
            elif cell:
                sheet.write_string(at, column, cell.replace(NBSP, " "))
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    book.close()
    return out.getvalue()
