"""A file of units and people: read, previewed line by line, and stored as previewed."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from organisation.actions.setup_file import Result, StaleFile, preview_lines, store_lines
from organisation.models import BodyLink, HistoryEntry, Membership, Unit, User
from organisation.permissions import Role
from organisation.setup_files import FileKind, Line, SetupFileError, nearest, parse_day, read_lines
from organisation.sheets import Sheet, read_sheets
from tests import factories

UNIT_HEADER = "kode;navn;niveau;hører under (kode);gælder fra;gælder til;udvalg (kode)"
PERSON_HEADER = "brugernavn;fornavn;efternavn;mail;stilling;rolle;enhed (kode);fra;til"


@pytest.fixture
def town(town):
    """The town with codes that files name."""
    for name in ("council", "committee", "other_committee", "board", "directorate", "department", "school"):
        unit = getattr(town, name)
        unit.code = name.upper()
        unit.save()
    return town


def lines_of(*rows: str, header: str = UNIT_HEADER) -> list[Line]:
    return read_lines(read_sheets("\r\n".join([header, *rows, ""]).encode(), "liste.csv").sheets)


def context(town, by=None) -> dict:
    return {
        "authority": town.authority,
        "by": by or town.consultant,
        "now": factories.NOW,
        "today": factories.TODAY,
    }


def preview(town, *rows, by=None, header=UNIT_HEADER):
    return preview_lines(lines_of(*rows, header=header), **context(town, by))


def store(town, *rows, by=None, header=UNIT_HEADER):
    lines = lines_of(*rows, header=header)
    expected = preview_lines(lines, **context(town, by)).fingerprint()
    return store_lines(lines, expected=expected, **context(town, by))


def results(result) -> list[str]:
    return [one.result.value for one in result.lines]


# ---- reading ---------------------------------------------------------------------------------------------------------


def test_columns_in_any_order_after_a_title():
    rows = [["Enheder i kommunen"], [], ["Navn", "Telefon", "KODE"], ["Bakkeskolen", "12", 417.0], [None, "", " "]]
    [line] = read_lines([Sheet("Ark1", rows)])
    assert (line.sheet, line.number, line.kind) == ("Ark1", 4, FileKind.UNIT)
    assert line.cells == {"name": "Bakkeskolen", "code": "417"}


def test_a_line_survives_the_way_to_the_browser():
    [line] = lines_of("A;Afdeling A;afdeling;BOARD;;;")
    assert Line.from_plain(line.as_plain()) == line


def test_units_come_before_people():
    people = Sheet("Personer", [["Brugernavn"], ["asta"]])
    units = Sheet("Enheder", [["Kode", "Navn"], ["A", "Afdeling"]])
    other = Sheet("Noter", [["Husk"]])
    assert [line.sheet for line in read_lines([people, other, units])] == ["Enheder", "Personer"]


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([["Navn", "Adresse"], ["x", "y"]], "no_columns"),
        ([], "no_columns"),
        ([["Kode", "Navn"], [None, ""]], "no_lines"),
        ([["Brugernavn"], *([["x"]] * 5001)], "too_many_lines"),
    ],
)
def test_a_file_that_cannot_be_used(rows, key):
    with pytest.raises(SetupFileError) as problem:
        read_lines([Sheet("Ark1", rows)])
    assert problem.value.key == key


@pytest.mark.parametrize("text", ["14-08-2026", "14.8.2026", "14/8/2026", "2026-08-14"])
def test_dates_as_people_write_them(text):
    assert parse_day(text) == date(2026, 8, 14)


@pytest.mark.parametrize("text", ["31-02-2026", "august", "08-2026", "14-8-26"])
def test_what_is_no_date(text):
    with pytest.raises(ValueError):
        parse_day(text)


def test_the_nearest_names():
    names = {"Bakkeskolen": "Bakkeskolen (B1)", "b1": "Bakkeskolen (B1)", "Elmeskolen": "Elmeskolen (E1)"}
    assert nearest("bakkeskole", names)[0] == "Bakkeskolen (B1)"
    assert nearest("Kulturhuset", names) == []


# ---- units -----------------------------------------------------------------------------------------------------------


def test_new_units_in_any_order(town):
    result = store(
        town,
        "TEAM1;Team 1;team;SKOLE9;01-08-2026;;",
        "SKOLE9;Niende Skole;Institution;DEPARTMENT;01-08-2026;31-07-2030;",
    )
    assert results(result) == ["created", "created"]
    team = Unit.objects.get(code="TEAM1")
    assert (team.parent.code, team.parent.valid_to) == ("SKOLE9", date(2030, 7, 31))
    assert HistoryEntry.objects.about(team).get().by == town.consultant


def test_a_preview_keeps_nothing(town):
    before = Unit.objects.count()
    assert results(preview(town, "X;Ny;team;SCHOOL;;;")) == ["created"]
    assert Unit.objects.count() == before
    assert not HistoryEntry.objects.exists()


def test_the_same_file_twice_changes_nothing(town):
    rows = (
        "DEPARTMENT;Center for Læring;afdeling;DIRECTORATE;;;OTHER_COMMITTEE",
        "NY;Ny skole;institution;DEPARTMENT;;;COMMITTEE",
    )
    assert results(store(town, *rows)) == ["changed", "created"]
    entries = HistoryEntry.objects.count()
    assert results(store(town, *rows)) == ["unchanged", "unchanged"]
    assert HistoryEntry.objects.count() == entries


def test_a_change_is_told_with_before_and_after(town):
    [line] = preview(town, "SCHOOL;Bakkeskolen;team;DIRECTORATE;;31-07-2027;").lines
    assert [(one.name, one.before, one.after) for one in line.changes] == [
        ("niveau", "institution", "team"),
        ("hører under", "Center for Skole", "Børn og Unge"),
        ("gælder til", "–", "31-07-2027"),
    ]


def test_a_blank_cell_changes_nothing(town):
    town.school.valid_to = date(2030, 1, 1)
    town.school.save()
    assert results(store(town, "SCHOOL;Bakkeskolen;;;;;")) == ["unchanged"]
    assert results(store(town, "SCHOOL;Bakkeskolen", header="kode;navn")) == ["unchanged"]


def test_the_committee_becomes_a_dated_link(town):
    assert results(store(town, "DIRECTORATE;Børn og Unge;;;;;OTHER_COMMITTEE")) == ["changed"]
    former, new = BodyLink.objects.filter(unit=town.directorate).order_by("first_day")
    assert (former.last_day, new.first_day) == (date(2026, 8, 9), factories.TODAY)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (";Uden kode;team;SCHOOL;;;", "Koden mangler."),
        ("X;;team;SCHOOL;;;", "Navnet mangler."),
        ("X;Ny;;SCHOOL;;;", "Niveauet mangler."),
        ("X;Ny;gruppe;SCHOOL;;;", "Vi kender ikke niveauet ”gruppe”."),
        ("X;Ny;team;;;;", "Skriv, hvilken enhed den hører under."),
        ("X;Ny;team;SCOOL;;;", "Mener du Bakkeskolen (SCHOOL)?"),
        ("X;Ny;team;Bakkeskole;;;", "Mener du Bakkeskolen (SCHOOL)"),
        ("X;Ny;team;QQQQQQQQ;;;", "Ingen enhed ligner."),
        ("X;Ny;team;SCHOOL;i går;;", "”i går” er ikke en dato."),
        ("X;Ny;team;SCHOOL;01-08-2026;31-07-2026;", "Den sidste dag ligger før den første."),
        ("X;Ny;team;SCHOOL;;;SCHOOL", "”SCHOOL” er ikke et udvalg."),
        ("X;Ny;team;COMMITTEE;;;", "Et udvalg kan ikke have enheder under sig."),
        ("X;Ny;udvalg;BOARD;;;", "Et udvalg hører direkte under byrådet."),
        ("X;Ny;byråd;COUNCIL;;;", "Kun byrådet står øverst."),
        ("DIRECTORATE;Børn og Unge;;SCHOOL;;;", "En enhed kan ikke høre under sig selv"),
        ("DIRECTORATE;Børn og Unge;;DIRECTORATE;;;", "En enhed kan ikke høre under sig selv"),
        (f"{'X' * 41};Ny;team;SCHOOL;;;", "højst 40 tegn"),
        (f"X;{'n' * 151};team;SCHOOL;;;", "er for langt"),
    ],
)
def test_a_refused_unit_line_says_why(town, row, words):
    result = preview(town, row, "GOD;God linje;team;SCHOOL;;;")
    assert results(result) == ["refused", "created"]
    assert words in result.lines[0].reason


def test_what_hangs_on_a_refused_line_is_refused(town):
    result = preview(town, "BARN;Barn;team;NYSKOLE;;;", "NYSKOLE;Ny;gruppe;DEPARTMENT;;;")
    assert results(result) == ["refused", "refused"]


def test_lines_that_point_at_each_other_are_refused(town):
    assert results(preview(town, "A1;A;team;B1;;;", "B1;B;team;A1;;;")) == ["refused", "refused"]


def test_a_code_twice_is_refused_the_second_time(town):
    result = preview(town, "NY;Ny;team;SCHOOL;;;", "ny;Anden;team;SCHOOL;;;")
    assert results(result) == ["created", "refused"]
    assert "linje 2" in result.lines[1].reason


def test_nothing_beyond_ones_reach(town):
    local = factories.user(Role.ADMINISTRATOR, town.department)
    result = preview(
        town,
        "BOARD;Ny direktion;;;;;",
        "X;Ny;team;DIRECTORATE;;;",
        "SCHOOL;Ny Bakkeskole;;;;;",
        "DEPARTMENT;Skolecentret;;DIRECTORATE;;;",
        by=local,
    )
    assert results(result) == ["refused", "refused", "changed", "changed"]
    assert result.lines[0].reason == "Direktionen ligger uden for det, du kan styre."


# ---- people ----------------------------------------------------------------------------------------------------------


def people(town, *rows, by=None):
    return store(town, *rows, by=by, header=PERSON_HEADER)


def test_new_people_with_roles(town):
    result = people(
        town,
        "asta;Asta;Åkjær;asta@example.dk;Rektor;Leder;SCHOOL;01-08-2026;",
        "asta;;;;;medarbejder;DEPARTMENT;01-09-2026;31-12-2026",
    )
    assert results(result) == ["created", "changed"]
    asta = User.objects.get(username="asta")
    assert (asta.get_full_name(), asta.title, asta.email) == ("Asta Åkjær", "Rektor", "asta@example.dk")
    roles = set(asta.memberships.values_list("role", "unit__code", "last_day"))
    assert roles == {("manager", "SCHOOL", None), ("professional", "DEPARTMENT", date(2026, 12, 31))}


def test_the_same_people_twice(town):
    rows = ("asta;Asta;Åkjær;;;leder;SCHOOL;;", "bo;Bo;Dam;;;læser;SCHOOL;01-01-2026;31-12-2026")
    assert results(people(town, *rows)) == ["created", "created"]
    assert results(people(town, *rows)) == ["unchanged", "unchanged"]


def test_details_and_last_day_change(town):
    username = town.manager.username
    result = people(town, f"{username.upper()};Prøve;Ny;;;leder;SCHOOL;;31-12-2026")
    assert results(result) == ["changed"]
    assert [(one.name, one.after) for one in result.lines[0].changes] == [
        ("efternavn", "Ny"),
        ("leder, Bakkeskolen, til og med", "31-12-2026"),
    ]
    assert Membership.objects.get(user=town.manager).last_day == date(2026, 12, 31)


def test_a_person_and_the_unit_in_one_workbook(town):
    book = Workbook()
    book.active.title = "Personer"
    book.active.append(["Brugernavn", "Fornavn", "Rolle", "Enhed (kode)", "Fra"])
    book.active.append(["asta", "Asta", "leder", 42, date(2026, 8, 1)])
    units = book.create_sheet("Enheder")
    units.append(["Kode", "Navn", "Niveau", "Hører under (kode)"])
    units.append([42, "Ny skole", "institution", "DEPARTMENT"])
    content = io.BytesIO()
    book.save(content)
    lines = read_lines(read_sheets(content.getvalue(), "liste.xlsx").sheets)
    result = preview_lines(lines, **context(town))
    assert [(one.line.sheet, one.result) for one in result.lines] == [
        ("Enheder", Result.CREATED),
        ("Personer", Result.CREATED),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (";Asta;;;;leder;SCHOOL;;", "Brugernavnet mangler."),
        ("as ta!;Asta;;;;leder;SCHOOL;;", "kan ikke bruges som brugernavn"),
        ("asta;Asta;;;;;;;", "En ny person skal have en rolle og en enhed."),
        ("asta;;;;;leder;SCHOOL;;", "Navnet mangler."),
        ("asta;Asta;;;;chef;SCHOOL;;", "Vi kender ikke rollen ”chef”. Skriv politiker, leder"),
        ("asta;Asta;;;;leder;;;", "Skriv, hvilken enhed rollen gælder for."),
        ("asta;Asta;;;;leder;Bakeskolen;;", "Mener du Bakkeskolen (SCHOOL)"),
        ("asta;Asta;;asta;;leder;SCHOOL;;", "er ikke en mailadresse"),
        ("asta;Asta;;leder@EXAMPLE.dk;;leder;SCHOOL;;", "Mailadressen bruges af en anden person."),
        ("asta;Asta;;;;leder;SCHOOL;01-08-2026;01-07-2026", "Den sidste dag ligger før den første."),
        ("leder;;;;;leder;SCHOOL;01-08-2026;", "Personen har rollen i forvejen fra 01-01-2020."),
        ("fremmed;;;;;leder;SCHOOL;;", "Brugernavnet er i brug et andet sted."),
    ],
)
def test_a_refused_person_line_says_why(town, row, words):
    factories.user(Role.MANAGER, town.school, username="leder", email="leder@example.dk")
    factories.user(Role.MANAGER, factories.municipality().school, username="fremmed")
    result = preview(town, row, header=PERSON_HEADER)
    assert results(result) == ["refused"]
    assert words in result.lines[0].reason


def test_people_beyond_ones_reach(town):
    local = factories.user(Role.ADMINISTRATOR, town.school)
    factories.user(Role.READER, town.school, username="begge")
    Membership.objects.create(
        user=User.objects.get(username="begge"), unit=town.board, role=Role.DIRECTOR, first_day=factories.LONG_AGO
    )
    result = preview(
        town,
        f"{town.head.username};;;;;leder;SCHOOL;;",
        "begge;Nyt;Navn;;;;;;",
        "begge;;;;;leder;SCHOOL;;",
        "ny;Ny;;;;leder;BOARD;;",
        by=local,
        header=PERSON_HEADER,
    )
    assert results(result) == ["refused", "refused", "changed", "refused"]
    assert "kun roller uden for" in result.lines[0].reason
    assert "også roller uden for" in result.lines[1].reason


def test_a_file_cannot_end_the_last_manager(town):
    result = people(
        town,
        f"{town.administrator.username};;;;;administrator;COUNCIL;;31-08-2026",
        f"{town.consultant.username};;;;;målkonsulent;COUNCIL;;31-08-2026",
    )
    assert results(result) == ["changed", "refused"]
    assert "kan ingen længere styre" in result.lines[1].reason


# ---- the pages -------------------------------------------------------------------------------------------------------


def upload(*rows, header=UNIT_HEADER, name="liste.csv"):
    return {"file": SimpleUploadedFile(name, "\r\n".join([header, *rows]).encode())}


URL = "/indstillinger/indlaes/"


def test_who_may_import(town, sign_in, client):
    assert reverse("organisation:people_import") == URL
    assert client.get(URL).status_code == 302
    assert sign_in(town.manager).get(URL).status_code == 403
    assert sign_in(town.administrator).get(URL).status_code == 200


def test_preview_then_store(town, sign_in):
    client = sign_in(town.consultant)
    page = client.post(URL, upload("NY;Ny skole;institution;DEPARTMENT;;;", "X;Skæv;gruppe;SCHOOL;;;"))
    assert page.status_code == 200
    assert "1 nye · 0 ændrede · 0 uændrede · 1 afvist" in page.text
    assert "Vi kender ikke niveauet ”gruppe”" in page.text
    assert page.text.index("Skæv") < page.text.index("Ny skole")
    assert not Unit.objects.filter(code="NY").exists()
    answer = client.post(URL, {"lines": page.context["signed"]}, follow=True)
    assert "1 linje er gemt." in answer.text
    assert Unit.objects.filter(code="NY").exists()


def test_a_file_that_is_none_is_answered_beside_the_field(town, sign_in):
    client = sign_in(town.consultant)
    for data, words in (
        (upload("x;y", header="fornavn;adresse"), "hverken enheder eller personer"),
        ({"file": SimpleUploadedFile("tom.csv", b" ")}, "tom"),
        ({"file": SimpleUploadedFile("x.pdf", b"%PDF-1.4 fil")}, ""),
        ({}, ""),
    ):
        answer = client.post(URL, data)
        assert answer.status_code == 422
        assert words in str(answer.context["form"].errors["file"])


def test_a_file_that_changes_nothing_offers_nothing_to_store(town, sign_in):
    page = sign_in(town.consultant).post(URL, upload("SCHOOL;Bakkeskolen;;;;;"))
    assert "Filen ændrer intet." in page.text
    assert "Gem</button>" not in page.text


def test_a_preview_is_ones_own_and_cannot_be_changed(town, sign_in):
    signed = sign_in(town.consultant).post(URL, upload("NY;Ny;team;SCHOOL;;;")).context["signed"]
    for client, text in ((sign_in(town.administrator), signed), (sign_in(town.consultant), signed + "x")):
        answer = client.post(URL, {"lines": text}, follow=True)
        assert "Forhåndsvisningen er for gammel" in answer.text
    assert not Unit.objects.filter(code="NY").exists()


def test_an_old_preview_is_refused(town, sign_in, monkeypatch):
    client = sign_in(town.consultant)
    signed = client.post(URL, upload("NY;Ny;team;SCHOOL;;;")).context["signed"]
    monkeypatch.setattr("organisation.views.people_import.VALID_SECONDS", -1)
    assert "for gammel" in client.post(URL, {"lines": signed}, follow=True).text
    assert not Unit.objects.filter(code="NY").exists()


def test_what_changed_since_the_preview_is_shown_anew(town, sign_in):
    client = sign_in(town.consultant)
    page = client.post(URL, upload("NY;Ny;team;SCHOOL;;;"))
    factories.unit(town.school, code="NY", name="Ny", kind="team")
    answer = client.post(URL, {"lines": page.context["signed"]})
    assert answer.status_code == 422
    assert "Noget er ændret" in answer.text
    assert "1 uændrede" in answer.text


def test_stale_stores_nothing(town):
    lines = lines_of("NY;Ny;team;SCHOOL;;;")
    with pytest.raises(StaleFile):
        store_lines(lines, expected="noget andet", **context(town))
    assert not Unit.objects.filter(code="NY").exists()


def test_a_long_file_is_paged_without_a_new_upload(town, sign_in):
    client = sign_in(town.consultant)
    page = client.post(URL, upload(*(f"N{n};Enhed {n};team;SCHOOL;;;" for n in range(250))))
    assert "Side 1 af 2" in page.text
    second = client.post(URL, {"lines": page.context["signed"], "side": "2"})
    assert "Side 2 af 2" in second.text
    assert second.text.count("<tr><td") == 50
    client.post(URL, {"lines": second.context["signed"]})
    assert Unit.objects.filter(code__startswith="N").count() == 250
