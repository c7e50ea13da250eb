"""The Danish sentence for a file that cannot be read: what is wrong, and what to do."""

from django.utils.translation import gettext as _

from organisation.sheets import FileProblem


def file_message(problem: FileProblem) -> str:
    """One clear sentence or two about the problem."""
    values = {name: _kind_name(str(value)) if name == "kind" else value for name, value in problem.values.items()}
    sentence = _sentences().get(problem.key)
    return sentence % values if sentence else _("Filen kan ikke læses. Gem den som CSV eller XLSX, og prøv igen.")


def _sentences() -> dict[str, str]:
    return {
        "empty": _("Filen er tom. Vælg en fil med tal i."),
        "too_large": _("Filen er for stor. Den må højst fylde %(megabytes)s MB; del den i flere."),
        "too_many_cells": _("Arket er for stort. Slet indhold langt ude i arket, eller del det i flere filer."),
        "zip_bomb": _("Filen fylder alt for meget, når den pakkes ud. Gem den på ny som XLSX, og prøv igen."),
        "macros": _("Filen indeholder makroer. Gem den som XLSX uden makroer, og prøv igen."),
        "encrypted": _("Filen er beskyttet med adgangskode. Fjern adgangskoden, og prøv igen."),
        "broken_workbook": _("Projektmappen er beskadiget. Åbn den i Excel, gem den på ny, og prøv igen."),
        "not_what_it_says": _("Filen hedder %(suffix)s, men er %(kind)s. Gem den som CSV eller XLSX, og prøv igen."),
        "not_a_table": _("Filen er ikke en tabel, men %(kind)s. Gem tabellen som CSV eller XLSX, og prøv igen."),
        "encoding": _("Tegnene i linje %(line)s kan ikke læses. Gem filen som CSV UTF-8, og prøv igen."),
        "quotes": _("Anførselstegnene passer ikke sammen omkring linje %(line)s. Ret linjen, og prøv igen."),
        "no_rows": _("Der er ingen rækker med værdier i tabellen. Vælg en fil med tal i."),
        "no_sheet": _("Ark nummer %(sheet)s findes ikke. Filen har %(sheets)s ark."),
        "unknown_column": _("Kolonnen »%(column)s« findes ikke i filen. Skriv overskriften, som den står i filen."),
    }


def _kind_name(kind: str) -> str:
    names = {
        "csv": _("en CSV-fil"),
        "xlsx": _("en XLSX-fil"),
        "xls": _("en gammel Excel-fil (XLS)"),
        "ods": _("et ODS-regneark"),
        "pdf": _("en PDF-fil"),
        "html": _("en webside (HTML)"),
        "xml": _("en XML-fil"),
        "json": _("en JSON-fil"),
        "px": _("en PX-fil"),
        "word": _("et Word-dokument"),
        "image": _("et billede"),
        "archive": _("en pakket fil"),
        "text": _("almindelig tekst"),
    }
    return names.get(kind) or _("en ukendt filtype")
