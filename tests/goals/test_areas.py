"""The list of service areas in a browser: by hand, from a file, and chosen for a goal."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from goals.actions.areas import AreaRefused, StaleList, change_area, fingerprint, preview_areas, store_areas
from goals.area_files import AreaLine
from goals.kinds import GoalState
from goals.models import GoalArea, ServiceArea
from organisation.models import HistoryEntry
from tests import factories
from tests.followup.flow import html

IMPORT = "/indstillinger/serviceomraader/import/"


def area(town, code, name="Område", parent=None):
    return ServiceArea.objects.create(authority=town.authority, code=code, name=name, parent=parent)


def csv_file(text, name="omraader.csv"):
    return SimpleUploadedFile(name, text.encode(), "text/csv")


def field(text, name="lines"):
    return text.split(f'name="{name}" value="')[1].split('"')[0]


def test_an_area_is_written_changed_and_ended(town, clock, sign_in):
    client = sign_in(town.consultant)
    posted = {"code": "10", "name": "Børn", "parent": "", "last_day": ""}
    assert client.post(reverse("goals:area_create"), posted).status_code == 302
    made = ServiceArea.objects.get()
    assert (made.authority, made.name) == (town.authority, "Børn")
    edit = reverse("goals:area_edit", args=[made.pk])
    assert client.post(edit, posted | {"last_day": "2026-08-01", "version": 1}).status_code == 302
    assert not ServiceArea.objects.in_use(factories.TODAY).exists()
    entry = HistoryEntry.objects.about(made)[0]
    assert (entry.verb, entry.changes) == ("changed", {"last_day": [None, "2026-08-01"]})
    # Another began from the first version.
    answer = client.post(edit, posted | {"name": "Unge", "version": 1})
    assert answer.status_code == 422
    assert "Nu står der ”Børn”. Du skrev ”Unge”." in html(answer)


def test_a_code_stands_once_and_no_area_lies_under_itself(town, clock, sign_in):
    above, below = area(town, "1"), area(town, "2")
    below.parent = above
    below.save()
    client = sign_in(town.consultant)
    answer = client.post(reverse("goals:area_create"), {"code": "1", "name": "Igen"})
    assert answer.status_code == 422
    assert "Koden bruges allerede af et andet område." in html(answer)
    posted = {"code": "1", "name": "Område", "parent": below.pk, "version": 1}
    answer = client.post(reverse("goals:area_edit", args=[above.pk]), posted)
    assert answer.status_code == 422
    assert "der selv hører under det" in html(answer)
    above.parent = below
    with pytest.raises(AreaRefused, match="ring"):
        change_area(above, version=1, by=town.consultant, now=factories.NOW)


def test_a_file_is_seen_line_by_line_and_then_stored(town, clock, sign_in):
    area(town, "10", "Børn")
    client = sign_in(town.consultant)
    text = "kode;navn;hører under\n10;Børn og unge;\n10.1;Dagtilbud;10\n10.2;Skole;99\n"
    answer = client.post(IMPORT, {"file": csv_file(text)})
    assert answer.status_code == 200
    shown = html(answer)
    assert "1 nye · 1 ændrede · 0 uændrede · 1 afvist" in shown
    assert "Koden, det skal høre under, findes hverken i listen eller i filen." in shown
    assert ServiceArea.objects.count() == 1
    assert client.post(IMPORT, {"lines": field(shown)}).status_code == 302
    stored = dict(ServiceArea.objects.values_list("code", "parent__code"))
    assert stored == {"10": None, "10.1": "10"}
    assert ServiceArea.objects.get(code="10").name == "Børn og unge"
    assert HistoryEntry.objects.filter(verb="areas_imported").get().changes == {
        "created": [None, "1"],
        "changed": [None, "1"],
    }
    # The same file changes nothing, but for the line that is refused again.
    assert "Filen ændrer intet." in html(client.post(IMPORT, {"file": csv_file(text)}))


def test_a_kle_file_of_ones_own_as_xlsx(town, clock, sign_in):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    for at, row in enumerate([("Emnenr", "Emnetitel"), ("27", "Sociale tilbud"), ("27.18", "Træning")]):
        sheet.write_row(at, 0, row)
    book.close()
    client = sign_in(town.consultant)
    shown = html(client.post(IMPORT, {"file": SimpleUploadedFile("kle.xlsx", content.getvalue())}))
    client.post(IMPORT, {"lines": field(shown)})
    assert ServiceArea.objects.get(code="27.18").parent.name == "Sociale tilbud"


def test_what_changed_since_the_preview_is_shown_again(town, clock, sign_in):
    client = sign_in(town.consultant)
    lines = field(html(client.post(IMPORT, {"file": csv_file("kode;navn\n1;Ældre\n2;Veje\n")})))
    area(town, "1", "Ældre")
    answer = client.post(IMPORT, {"lines": lines})
    assert answer.status_code == 422
    assert "Intet er gemt. Se den igennem igen." in html(answer)
    assert ServiceArea.objects.count() == 1
    read = [AreaLine(2, "9", "Ny")]
    expected = fingerprint(preview_areas(read, authority=town.authority))
    area(town, "9", "Anden")
    with pytest.raises(StaleList):
        store_areas(read, expected=expected, authority=town.authority, by=town.consultant, now=factories.NOW)


def test_nobody_stores_anothers_preview(town, clock, sign_in):
    lines = field(html(sign_in(town.consultant).post(IMPORT, {"file": csv_file("kode;navn\n1;Ældre\n2;Veje\n")})))
    other = factories.municipality()
    sign_in(other.consultant).post(IMPORT, {"lines": lines})
    assert not ServiceArea.objects.exists()


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (csv_file("navn;beløb\na;1\n"), "Filen har ikke kolonnerne ”kode” og ”navn”."),
        (csv_file("kode;navn\n"), "Der er ingen linjer under overskrifterne."),
        (csv_file(""), "Filen er tom."),
        (SimpleUploadedFile("a.csv", b"%PDF-1.7 x"), "Filen hedder .csv, men er en PDF-fil."),
        (SimpleUploadedFile("a.csv", b"x" * (20 * 1024 * 1024 + 1)), "Den må højst fylde 20 MB"),
    ],
)
def test_files_that_are_no_list(town, clock, sign_in, upload, said):
    upload.seek(0)
    answer = sign_in(town.consultant).post(IMPORT, {"file": upload})
    assert answer.status_code == 422
    assert said in html(answer)


def test_only_who_keeps_the_list_changes_it(town, clock, sign_in):
    elsewhere = factories.municipality()
    both = elsewhere.consultant
    factories.Membership.objects.create(user=both, unit=town.council, role="reader", first_day=factories.LONG_AGO)
    client = sign_in(both)
    session = client.session
    session["authority"] = town.authority.pk
    session.save()
    assert client.get(reverse("goals:area_create")).status_code == 403
    assert client.post(IMPORT, {"file": csv_file("kode;navn\n1;Ældre\n2;Veje\n")}).status_code == 403
    assert client.get(reverse("goals:area_edit", args=[area(town, "1").pk])).status_code == 403


def test_a_goal_is_said_to_be_about_areas(town, clock, sign_in):
    goal = factories.goal(town.school)
    one, two, foreign = area(town, "1", "Skole"), area(town, "2", "Veje"), area(factories.municipality(), "3")
    client, address = sign_in(town.manager), reverse("goals:goal_areas", args=[goal.pk])
    assert "Skole" in html(client.get(address))
    client.post(address, {"area": [one.pk, two.pk, foreign.pk, "x"]})
    assert set(goal.goal_areas.values_list("area", flat=True)) == {one.pk, two.pk}
    client.post(address, {"area": [two.pk]})
    assert list(goal.goal_areas.values_list("area", flat=True)) == [two.pk]
    assert HistoryEntry.objects.about(goal)[0].changes == {"areas": ["Skole, Veje", "Veje"]}
    before = HistoryEntry.objects.count()
    client.post(address, {"area": [two.pk]})
    assert HistoryEntry.objects.count() == before


def test_a_closed_goal_keeps_its_areas(town, clock, sign_in):
    goal = factories.goal(town.school, state=GoalState.CLOSED)
    answer = sign_in(town.manager).post(
        reverse("goals:goal_areas", args=[goal.pk]), {"area": [area(town, "1").pk]}, follow=True
    )
    assert "Målet er afsluttet og kan ikke ændres." in html(answer)
    assert not GoalArea.objects.exists()
