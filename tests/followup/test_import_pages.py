"""Importing in the browser: the file is read and shown first, and what is shown is what is stored."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from followup.actions.submissions import submit
from followup.models import ImportBatch, ImportMapping, Measurement, Revision, Upload
from organisation.sheets import MEGABYTE
from tests import factories
from tests.followup.flow import enter, explain, html, stored

HEADER = "enhed;indikator;periode;værdi"


@pytest.fixture
def importer(owed, sign_in):
    """Somebody's browser with a file put in: `importer(person, *rows)` gives the preview."""
    factories.series(owed.number.indicator, owed.town.other_school)

    def importer(person, *rows: str, header: str = HEADER) -> Preview:
        return Preview(sign_in(person)).put("\r\n".join([header, *rows, ""]).encode())

    return importer


class Preview:
    """One person's import, from the file to the button."""

    def __init__(self, client) -> None:
        self.client, self.response, self.url = client, None, ""

    def put(self, content: bytes, name: str = "tal.csv") -> "Preview":
        self.response = self.client.post("/import/", {"file": SimpleUploadedFile(name, content)}, follow=True)
        if self.response.redirect_chain:
            self.url = self.response.redirect_chain[-1][0]
        return self

    def show(self, tab: str = "") -> str:
        self.response = self.client.get(self.url, {"vis": tab} if tab else {})
        return html(self.response)

    @property
    def counts(self) -> dict[str, int]:
        return self.response.context["counts"]

    def read_again(self, **changed: object):
        form = self.response.context["mapping_form"]
        fields = {bound.name: bound.value() if bound.value() is not None else "" for bound in form}
        self.response = self.client.post(self.url, {**fields, **changed, "read": "1"}, follow=True)
        return self

    def store(self, **fields: str):
        seen = self.response.context["seen"]
        self.response = self.client.post(self.url, {"seen": seen, **fields}, follow=True)
        return html(self.response)


# ---- shown, then stored ----------------------------------------------------------------------------------------------


def test_a_file_is_shown_before_anything_is_stored(owed, importer):
    factories.measurement(owed.number, "2024K4", 7)
    preview = importer(
        owed.town.consultant,
        "Bakkeskolen;FRAV;2026K1;8,5",
        "Bakkeskolen;FRAV;2024K4;7",
        "Bakkeskolen;FRAV;2024K3;6,5",
        "Elmeskolen;FRAV;2024K3;*",
        "Bakkskolen;FRAV;2024K2;6",
    )
    assert preview.counts == {"refused": 1, "updated": 1, "created": 2, "missing": 1, "unchanged": 1}
    assert "Mener du Bakkeskolen" in preview.show("refused")
    updated = preview.show("updated")
    assert "<del>8,2</del>" in updated
    assert "<b>8,5 pct.</b>" in updated
    assert "6,5 pct." in preview.show("created")
    assert "skjult af hensyn til personer" in preview.show("missing")
    assert "7,0 pct." in preview.show("unchanged")
    assert "Gem 3 tal" in preview.show()
    assert stored(owed.number, "2024K3") is None
    page = preview.store(reason="Nye tal fra skolen")
    assert "3 tal er gemt." in page
    assert stored(owed.number, "2026K1").value == Decimal("8.5")
    assert stored(owed.number, "2024K3").is_approved
    batch = ImportBatch.objects.get()
    assert (batch.created, batch.updated, batch.unchanged, batch.rejected) == (2, 1, 1, 1)
    assert (batch.by, batch.at, batch.filename) == (owed.town.consultant, factories.NOW, "tal.csv")
    assert "tal.csv" in page
    assert not Upload.objects.exists()


def test_what_is_changed_keeps_what_was_there_and_why(owed, importer):
    importer(owed.town.consultant, "Bakkeskolen;FRAV;2026K1;8,5").store(reason="Talt om")
    kept = Revision.objects.get()
    assert (kept.old_value, kept.new_value, kept.reason, kept.by, kept.was_approved) == (
        Decimal("8.2"),
        Decimal("8.5"),
        "Talt om",
        owed.town.consultant,
        True,
    )


def test_approved_numbers_are_not_changed_without_a_reason(owed, importer):
    preview = importer(owed.town.consultant, "Bakkeskolen;FRAV;2026K1;8,5")
    assert "1 tal er allerede godkendt." in html(preview.response)
    page = preview.store(reason=" ")
    assert preview.response.status_code == 422
    assert "id_reason_error" in page
    assert stored(owed.number, "2026K1").value == Decimal("8.2")


def test_no_reason_is_asked_where_nothing_approved_changes(owed, importer):
    preview = importer(owed.town.consultant, "Bakkeskolen;FRAV;2024K1;8,5")
    assert "id_reason" not in html(preview.response)
    assert "1 tal er gemt." in preview.store()


def test_what_changed_since_it_was_shown_is_not_stored(owed, importer):
    preview = importer(owed.town.consultant, "Bakkeskolen;FRAV;2024K1;8,5")
    factories.measurement(owed.number, "2024K1", 4)
    page = preview.store(reason="Talt om")
    assert "Tallene er ændret, siden du så dem." in page
    assert stored(owed.number, "2024K1").value == 4
    preview.show()
    assert "1 tal er gemt." in preview.store(reason="Talt om")


def test_the_file_can_be_left(owed, importer):
    preview = importer(owed.town.consultant, "Bakkeskolen;FRAV;2024K1;8,5")
    page = html(preview.client.post(preview.url, {"cancel": "1"}, follow=True))
    assert "intet er ændret" in page
    assert not Upload.objects.exists()
    assert stored(owed.number, "2024K1") is None


def test_long_tabs_are_paged(owed, importer):
    rows = [f"Bakkeskolen;FRAV;{year}K{quarter};{quarter}" for year in range(2004, 2024) for quarter in (1, 2, 3, 4)]
    preview = importer(owed.town.consultant, *rows)
    assert preview.counts["created"] == 80
    assert len(preview.response.context["rows"]) == 50
    second = preview.client.get(preview.url, {"vis": "created", "side": 2})
    assert len(second.context["rows"]) == 30


def test_more_rows_take_no_more_queries(owed, importer):
    def queries(years: range) -> tuple[int, int]:
        rows = [f"Bakkeskolen;FRAV;{year}K{quarter};{quarter}" for year in years for quarter in (1, 2, 3, 4)]
        preview = importer(owed.town.consultant, *rows)
        with CaptureQueriesContext(connection) as shown:
            preview.show()
        with CaptureQueriesContext(connection) as kept:
            preview.store()
        return len(shown), len(kept)

    queries(range(1980, 1981))
    few = queries(range(1981, 1982))
    assert queries(range(1990, 2024)) == few
    assert Measurement.objects.filter(series=owed.number, period__gte="1990", period__lt="2024").count() == 136


# ---- a manager's file ------------------------------------------------------------------------------------------------


def test_a_managers_numbers_are_drafts(owed, importer):
    preview = importer(owed.town.manager, "Bakkeskolen;FRAV;2026K2;8,5")
    assert "skal godkendes" in html(preview.response)
    assert "De er kladder" in preview.store()
    value = stored(owed.number)
    assert (value.value, value.is_approved, value.entered_by) == (Decimal("8.5"), False, owed.town.manager)
    grid = preview.client.get(f"/indberetning/{owed.round.pk}/{owed.town.school.pk}/")
    assert 'value="8,5"' in html(grid)


def test_a_managers_file_changes_drafts_and_keeps_what_was_there(owed, importer):
    enter(owed.number, Decimal(8), by=owed.town.manager)
    preview = importer(owed.town.manager, "Bakkeskolen;FRAV;2026K2;8,5")
    assert preview.counts["updated"] == 1
    preview.store()
    assert (stored(owed.number).value, stored(owed.number).version) == (Decimal("8.5"), 2)
    assert Revision.objects.get().was_approved is False


def test_what_is_approved_is_locked_for_a_manager(owed, importer):
    preview = importer(owed.town.manager, "Bakkeskolen;FRAV;2026K1;9,9", "Bakkeskolen;FRAV;2026K2;8,5")
    assert preview.counts["refused"] == 1
    assert "godkendt og låst" in preview.show("refused")
    assert "1 tal er gemt." in preview.store()
    assert stored(owed.number, "2026K1").value == Decimal("8.2")


def test_what_is_sent_is_locked_for_a_manager(owed, importer):
    enter(owed.number, Decimal(8), by=owed.town.manager)
    enter(owed.share, None, by=owed.town.manager, missing="withheld")
    explain(owed.round, owed.goal, by=owed.town.manager)
    submit(owed.submission, by=owed.town.manager, now=factories.NOW)
    preview = importer(owed.town.manager, "Bakkeskolen;FRAV;2026K2;8,5")
    assert preview.counts["refused"] == 1
    preview.store()
    assert stored(owed.number).value == 8


def test_what_is_sent_may_be_repeated_by_a_managers_file(owed, importer):
    """A file for the year so far holds what was sent before, unchanged."""
    enter(owed.number, Decimal(8), by=owed.town.manager)
    enter(owed.share, None, by=owed.town.manager, missing="withheld")
    explain(owed.round, owed.goal, by=owed.town.manager)
    submit(owed.submission, by=owed.town.manager, now=factories.NOW)
    preview = importer(owed.town.manager, "Bakkeskolen;FRAV;2026K2;8", "Bakkeskolen;FRAV;2025K1;7,5")
    assert (preview.counts["refused"], preview.counts["created"], preview.counts["unchanged"]) == (0, 1, 1)
    assert "1 tal er gemt." in preview.store()
    assert (stored(owed.number).value, stored(owed.number, "2025K1").value) == (8, Decimal("7.5"))


def test_another_units_rows_are_refused(owed, importer):
    preview = importer(owed.town.manager, "Elmeskolen;FRAV;2026K2;8,5", "Bakkeskolen;FRAV;2026K2;8,5")
    assert "Du kan ikke indberette for Elmeskolen." in preview.show("refused")
    preview.store()
    assert Measurement.objects.filter(series__unit=owed.town.other_school).count() == 0


def test_a_file_without_units_is_the_managers_own(owed, importer):
    preview = importer(owed.town.manager, "FRAV;2026K2;8,5", header="indikator;periode;værdi")
    assert preview.counts["created"] == 1
    preview.store()
    assert stored(owed.number).value == Decimal("8.5")


# ---- how the file is read --------------------------------------------------------------------------------------------


def unknown_field(preview: Preview) -> str:
    [name] = [bound.name for bound in preview.response.context["mapping_form"].names]
    return name


def test_an_unknown_name_is_asked_about_and_remembered(owed, importer):
    rows = ["Bakkens Skole;FRAV;2024K1;8,5", "Elmeskolen;FRAV;2024K1;7"]
    preview = importer(owed.town.consultant, *rows)
    assert "Hvad er ”Bakkens Skole”?" in html(preview.response)
    preview.read_again(**{unknown_field(preview): owed.town.school.code})
    assert preview.counts["created"] == 2
    preview.store()
    assert stored(owed.number, "2024K1").value == Decimal("8.5")
    assert ImportMapping.objects.get().authority == owed.town.authority
    again = importer(owed.town.consultant, "Bakkens Skole;FRAV;2024K2;8,1", "Elmeskolen;FRAV;2024K2;7")
    assert again.counts == {"refused": 0, "updated": 0, "created": 2, "missing": 0, "unchanged": 0}


def test_lines_of_an_unknown_name_can_be_skipped(owed, importer):
    preview = importer(owed.town.consultant, "I alt;FRAV;2024K1;8,5", "Elmeskolen;FRAV;2024K1;7")
    preview.read_again(**{unknown_field(preview): "-"})
    assert (preview.counts["refused"], preview.counts["created"]) == (0, 1)
    assert "1 felter er valgt fra." in html(preview.response)


def test_a_mapping_stays_with_its_municipality(owed, importer):
    importer(owed.town.consultant, "I alt;FRAV;2024K1;8,5", "Elmeskolen;FRAV;2024K1;7")
    preview = importer(owed.town.consultant, "I alt;FRAV;2024K1;8,5", "Elmeskolen;FRAV;2024K1;7")
    preview.read_again(**{unknown_field(preview): "-"}).store()
    other = factories.municipality()
    factories.series(factories.indicator(other.authority, code="FRAV"), other.school)
    theirs = importer(other.consultant, "I alt;FRAV;2024K1;8,5", "Bakkeskolen;FRAV;2024K1;7")
    assert theirs.counts["refused"] == 1


def test_how_numbers_and_dashes_are_read_can_be_chosen(owed, importer):
    preview = importer(owed.town.consultant, "Bakkeskolen;FRAV;2024K1;2.807", "Elmeskolen;FRAV;2024K1;-")
    assert "kan betyde to ting" in html(preview.response)
    assert "streg" in html(preview.response)
    assert "2.807,0 pct." in preview.show("created")
    preview.read_again(locale="en", dash="zero")
    assert preview.counts["missing"] == 0
    page = preview.show("created")
    assert "2,8 pct." in page
    assert "0,0 pct." in page


def test_a_file_for_one_indicator_says_which(owed, importer):
    rows = ["Bakkeskolen;2024K1;8", "Elmeskolen;2024K1;7"]
    preview = importer(owed.town.consultant, *rows, header="skole;kvartal;antal")
    assert preview.counts["created"] == 0
    preview.read_again(indicator="", fixed_indicator="FRAV")
    assert preview.counts["created"] == 2


@pytest.fixture
def book():
    """A workbook with the numbers on its second sheet, and nothing on its third."""
    made = Workbook()
    made.active.title = "Andet"
    for row in (["enhed", "indikator", "periode", "værdi"], ["Elmeskolen", "FRAV", "2024K2", 1]):
        made.active.append(row)
    sheet = made.create_sheet("Tal")
    for row in (["Skole", "Nøgletal", "Kvartal", "Resultat"], ["Bakkeskolen", "FRAV", "2024K1", 8.5]):
        sheet.append(row)
    made.create_sheet("Tomt")
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def test_another_sheet_is_read_by_its_own_headings(owed, importer, sign_in, book):
    importer(owed.town.consultant, "Elmeskolen;FRAV;2024K1;7")
    preview = Preview(sign_in(owed.town.consultant)).put(book, "tal.xlsx")
    preview.read_again(sheet="1")
    assert preview.counts["created"] == 1
    preview.store()
    assert stored(owed.number, "2024K1").value == Decimal("8.5")


def test_a_sheet_that_is_no_table_is_refused_beside_the_choice(owed, sign_in, book):
    preview = Preview(sign_in(owed.town.consultant)).put(book, "tal.xlsx")
    preview.read_again(sheet="2")
    assert preview.response.status_code == 422
    assert "Intet er gemt endnu" in html(preview.response)
    assert preview.client.get(preview.url).status_code == 200


def test_a_remembered_mapping_that_does_not_fit_is_left(owed, importer, sign_in, book):
    preview = Preview(sign_in(owed.town.consultant)).put(book, "tal.xlsx")
    preview.read_again(sheet="1").store()
    factories.series(owed.share.indicator, owed.town.other_school)
    again = importer(owed.town.consultant, "Bakkeskolen;FRAV;2024K3;7")
    assert again.counts["created"] == 1


# ---- files that cannot be read ---------------------------------------------------------------------------------------


def workbook(name: str, content: bytes) -> bytes:
    """A small workbook with one part more."""
    file = io.BytesIO()
    Workbook().save(file)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "tal.csv", "Filen er tom."),
        (b"\r\n\r\n", "tal.csv", "Filen er tom."),
        (b"%PDF-1.7\n1 0 obj", "tal.xlsx", "er en PDF-fil."),
        (b"<html><body><table></table></body></html>", "tal.csv", "en webside"),
        (workbook("xl/vbaProject.bin", b"x"), "tal.xlsx", "Filen indeholder makroer."),
        (workbook("xl/media/a.bin", b" " * (60 * MEGABYTE)), "tal.xlsx", "når den pakkes ud"),
        (b"PK\x03\x04" + b"\0" * 50, "tal.xlsx", "beskadiget"),
        (b"enhed;periode;tal\n" + b"Bakkeskolen;2024K1;8\n" * (MEGABYTE + 1), "tal.csv", "højst fylde 20 MB"),
        (b"Bare en linje tekst.\nOg en til.\n", "brev.txt", "ikke en tabel"),
        (b'enhed;tal\nA;1\n"B;2\n', "tal.csv", "Anførselstegnene"),
    ],
)
def test_a_bad_file_is_refused_with_one_sentence_beside_the_field(owed, sign_in, content, name, words):
    preview = Preview(sign_in(owed.town.consultant)).put(content, name)
    assert preview.response.status_code == 422
    assert words in html(preview.response)
    assert list(preview.response.context["form"].errors) == ["file"]
    assert len(preview.response.context["form"].errors["file"]) == 1
    assert not Upload.objects.exists()


def test_no_file_at_all_is_said_beside_the_field(owed, sign_in):
    response = sign_in(owed.town.consultant).post("/import/", {})
    assert response.status_code == 422
    assert "id_file_error" in html(response)


# ---- who may ---------------------------------------------------------------------------------------------------------


def test_a_file_is_seen_by_the_one_who_put_it_in_only(owed, importer, sign_in):
    preview = importer(owed.town.consultant, "Bakkeskolen;FRAV;2024K1;8,5")
    for other in (owed.town.director, owed.town.manager, factories.municipality().consultant):
        client = sign_in(other)
        assert client.get(preview.url).status_code == 404
        assert client.post(preview.url, {"cancel": "1"}).status_code == 404
    assert Upload.objects.count() == 1


@pytest.mark.parametrize("who", ["politician", "professional", "reader", "administrator"])
def test_others_do_not_import(owed, importer, sign_in, who):
    preview = importer(owed.town.consultant, "Bakkeskolen;FRAV;2024K1;8,5")
    client = sign_in(getattr(owed.town, who))
    assert client.get("/import/").status_code == 403
    assert client.get(preview.url).status_code == 403


def test_a_role_that_ended_since_the_preview_stores_nothing(owed, importer):
    preview = importer(owed.town.manager, "Bakkeskolen;FRAV;2026K2;8,5")
    owed.town.manager.memberships.update(last_day=factories.LONG_AGO)
    preview.client.post(preview.url, {"seen": preview.response.context["seen"]})
    assert stored(owed.number) is None
