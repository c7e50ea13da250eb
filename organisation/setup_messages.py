"""The sentences for what a file with units or people, or a change on the setup pages, cannot have."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from organisation.setup_files import MOST_LINES

FILE_PROBLEMS = {
    "no_columns": _(
        "Vi finder hverken enheder eller personer i filen. En liste over enheder har kolonnerne ”kode” og ”navn”, "
        "en liste over personer har kolonnen ”brugernavn”. Intet er gemt."
    ),
    "no_lines": _("Filen har overskrifter, men ingen linjer. Intet er gemt."),
    "too_many_lines": _("Filen har mere end %(most)s linjer. Del den op. Intet er gemt."),
}
REASONS = {
    "cycle": _("En enhed kan ikke høre under sig selv eller en enhed, der hører under den."),
    "under_committee": _("Et udvalg kan ikke have enheder under sig."),
    "body_place": _("Et udvalg hører direkte under byrådet."),
    "council_place": _("Kun byrådet står øverst. Alle andre enheder hører under en enhed."),
    "last_manager": _(
        "Så kan ingen længere styre enheder og personer i %(unit)s. Giv først en anden rollen målkonsulent eller "
        "administrator."
    ),
    "role_overlaps": _("Personen har rollen i forvejen fra %(first_day)s."),
    "ends_before_start": _("Rollen begynder %(first_day)s og kan ikke slutte før."),
    "body_linked": _("Enheden hører politisk under %(body)s fra %(first_day)s. Vælg andre datoer."),
    "code_missing": _("Koden mangler."),
    "code_too_long": _("Koden er for lang. Skriv højst 40 tegn."),
    "name_missing": _("Navnet mangler."),
    "text_too_long": _("”%(text)s” er for langt."),
    "kind_missing": _("Niveauet mangler."),
    "kind_unknown": _("Vi kender ikke niveauet ”%(text)s”. Skriv %(known)s."),
    "parent_missing": _("Skriv, hvilken enhed den hører under."),
    "unit_missing": _("Skriv, hvilken enhed rollen gælder for."),
    "unit_unknown": _("Vi kender ikke enheden ”%(text)s”. Ingen enhed ligner."),
    "unit_unknown_near": _("Vi kender ikke enheden ”%(text)s”. Mener du %(near)s?"),
    "unit_beyond": _("%(unit)s ligger uden for det, du kan styre."),
    "body_unknown": _("”%(text)s” er ikke et udvalg."),
    "day_unreadable": _("”%(text)s” er ikke en dato. Skriv fx 14-08-2026."),
    "days_order": _("Den sidste dag ligger før den første."),
    "line_repeats": _("Koden står også på linje %(number)s."),
    "username_missing": _("Brugernavnet mangler."),
    "username_wrong": _("”%(text)s” kan ikke bruges som brugernavn."),
    "username_taken": _("Brugernavnet er i brug et andet sted. Vælg et andet."),
    "person_beyond": _("Personen har kun roller uden for det, du kan styre."),
    "details_beyond": _("Personen har også roller uden for det, du kan styre. Derfor kan du ikke rette navn og mail."),
    "email_wrong": _("”%(text)s” er ikke en mailadresse."),
    "email_taken": _("Mailadressen bruges af en anden person."),
    "role_missing": _("En ny person skal have en rolle og en enhed."),
    "role_unknown": _("Vi kender ikke rollen ”%(text)s”. Skriv %(known)s."),
}


def sentence(key: str, values: Mapping[str, Any] | None = None) -> str:
    """The reason in words."""
    return str(REASONS[key]) % (values or {})


def file_problem(key: str) -> str:
    """Why the file as a whole cannot be read."""
    return str(FILE_PROBLEMS[key]) % {"most": f"{MOST_LINES:,}".replace(",", ".")}
