"""The methods page, lists with preview, letters, and what is printed: posters whose codes a camera reads."""

import re
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pikepdf
import pypdf
import pypdfium2
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image, ImageDraw
from xlsxwriter import Workbook

from citizens.actions.answers import store_response
from citizens.kinds import Anonymity, Method, QuestionKind, SurveyState
from citizens.models import Invitation, InvitedAddress, Participant, Question, Response, Survey
from organisation.models import HistoryEntry
from tests import factories
from tests.citizens import asked, making
from tests.reports.pdf_checks import faults

LONG = "lang tekst " * 20
TITLES = {
    "short": "Hvordan går det?",
    "two lines": "Hvordan oplever du hjælpen i hjemmet?",
    "long": "Hvordan oplever du samarbejdet med skolen om dit barns trivsel og læring?",
    "longest": ("Hvordan oplever du det forløb, du har fået hos kommunen, og hvad skal vi gøre anderledes? " * 3)[:200],
}


@pytest.fixture
def survey(town, settings):
    settings.SITE_URL = "https://maal.example.dk"
    survey = asked.survey(town.school, responsible=town.manager)
    asked.questionnaire(survey)
    return survey


@pytest.fixture
def manager(town, sign_in):
    return sign_in(town.manager)


def body(answer) -> str:
    return answer.content.decode()


def url(name: str, survey: Survey, *words: str) -> str:
    return reverse(f"citizens:{name}", args=[survey.pk, *words])


def answered(survey, count: int, method: Method) -> None:
    for _one in range(count):
        store_response(
            survey, survey.questionnaires.get(), answers=asked.ALL, method=method, group=None, language="da",
            day=factories.date.today(),
        )  # fmt: skip


def read_codes(pdf: bytes, scale: float = 2) -> list[str]:
    """What a scanner reads on every page."""
    pages = pypdfium2.PdfDocument(pdf)
    found = [zxingcpp.read_barcodes(page.render(scale=scale).to_pil().convert("L")) for page in pages]
    pages.close()
    return [code.text for page in found for code in page]


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# ---- the page --------------------------------------------------------------------------------------------------------


def test_each_method_with_its_own_count_and_few_are_not_told(manager, survey):
    answered(survey, 6, Method.LINK)
    answered(survey, 5, Method.PAPER)
    page = body(manager.get(url("methods", survey)))
    counts = re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", page)
    assert counts == [("åbent link", "6"), ("papir", "<small>færre end 6</small>")]


def test_links_of_groups_open_the_form_for_the_group(manager, survey):
    north = making.group(survey, "nord")
    page = body(manager.get(url("methods", survey)))
    assert "https://maal.example.dk/svar/hjaelp/?g=nord" in page
    assert "https://maal.example.dk/svar/hjaelp/skaerm/?g=nord" in page
    Client().post("/svar/hjaelp/?g=nord", asked.ALL)
    Client().post("/svar/hjaelp/skaerm/?g=nord", asked.ALL)
    assert [(one.group, one.method) for one in Response.objects.order_by("method")] == [
        (north, "kiosk"),
        (north, "link"),
    ]


def test_without_an_open_link_there_is_no_poster(manager, survey):
    Survey.objects.update(has_open_link=False)
    assert "intet åbent link" in body(manager.get(url("methods", survey)))
    assert manager.get(url("poster", survey, "a4")).status_code == 404
    assert manager.get(url("qr_code", survey)).status_code == 404


def test_used_links_are_counted_from_six(manager, survey):
    for _one in range(9):
        asked.invitation(survey)

    def told() -> dict[str, str]:
        return dict(re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", body(manager.get(url("methods", survey)))))

    ids = list(Invitation.objects.values_list("pk", flat=True))
    Invitation.objects.filter(pk__in=ids[:5]).update(is_used=True)
    assert told() == {"Inviteret": "9", "Har svaret": "<small>færre end 6</small>"}
    Invitation.objects.filter(pk__in=ids[:6]).update(is_used=True)
    assert told() == {"Inviteret": "9", "Har svaret": "6"}


def test_page_asks_as_much_for_many_groups_and_answers_as_for_few(manager, survey):
    making.group(survey, "g0")
    answered(survey, 1, Method.LINK)
    few = _queries(manager, survey)
    for number in range(1, 50):
        making.group(survey, f"g{number}")
    answered(survey, 8, Method.LINK)
    assert _queries(manager, survey) == few <= 16


def _queries(client, survey) -> int:
    client.get(url("methods", survey))
    with CaptureQueriesContext(connection) as asked_for:
        client.get(url("methods", survey))
    return len(asked_for)


def test_the_surveys_page_leads_each_person_to_their_ways_in(survey, town, sign_in):
    def ways(person) -> list[str]:
        page = body(sign_in(person).get(url("survey_detail", survey)))
        return [
            name for name in ("methods", "key_in_paper", "interview", "participant_list") if url(name, survey) in page
        ]

    assert ways(town.manager) == ["methods", "key_in_paper", "interview"]
    assert ways(town.professional) == ["key_in_paper", "interview"]
    assert ways(town.reader) == ways(town.politician) == []
    survey.linkers.add(town.reader)
    assert ways(town.reader) == ["participant_list"]
    Survey.objects.update(state=SurveyState.CLOSED, closed_at=factories.NOW)
    assert ways(town.professional) == []


# ---- what is printed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["a4", "a3"])
@pytest.mark.parametrize("title", TITLES)
def test_a_camera_reads_the_poster_and_it_is_one_page_for_all_readers(manager, survey, size, title):
    Survey.objects.update(title=TITLES[title])
    answer = manager.get(url("poster", survey, size))
    assert answer["Content-Type"] == "application/pdf"
    assert read_codes(answer.content) == ["https://maal.example.dk/svar/hjaelp/"]
    with pikepdf.open(BytesIO(answer.content)) as document:
        assert faults(document) == []
        assert len(document.pages) == 1
        width = round(float(document.pages[0].MediaBox[2]) / 72 * 25.4)
    assert width == {"a4": 210, "a3": 297}[size]
    said = text_of(answer.content)
    words = (
        "2 minutter. Du er anonym.",
        "maal.example.dk/svar/hjaelp",
        "Du kan svare til og med",
        survey.authority.name,
    )
    for one in (TITLES[title].strip(), *words):
        assert one in said


def test_poster_of_a_group_leads_to_the_group(manager, survey):
    making.group(survey, "nord & øst", name="Nord og øst")
    answer = manager.get(url("poster", survey, "a4"), {"g": "nord & øst"})
    [address] = read_codes(answer.content)
    assert parse_qs(urlsplit(address).query) == {"g": ["nord & øst"]}
    assert "Nord og øst" in text_of(answer.content)
    assert manager.get(url("poster", survey, "a4"), {"g": "findes ikke"}).status_code == 404
    assert manager.get(url("poster", survey, "a5")).status_code == 404


def test_the_code_as_svg_is_the_same_and_has_no_style_attribute(manager, survey):
    answer = manager.get(url("qr_code", survey))
    assert answer["Content-Type"] == "image/svg+xml"
    assert "style" not in body(answer)
    assert _drawn(body(answer)) == ["https://maal.example.dk/svar/hjaelp/"]


def _drawn(svg: str) -> list[str]:
    """Read the drawn runs as a scanner sees them, pixel by pixel."""
    size = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    picture = Image.new("L", (size * 6, size * 6), 255)
    pen = ImageDraw.Draw(picture)
    dark = re.search(r'fill="#000000" d="([^"]+)"', svg)[1]
    for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", dark):
        left, top, right = int(x) * 6, int(y) * 6, (int(x) + int(wide)) * 6
        pen.rectangle((left, top, right - 1, top + 5), fill=0)
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def test_authorities_beside_each_other_have_addresses_of_their_own(manager, survey, town):
    factories.municipality()
    assert f"https://maal.example.dk/m/{town.authority.code}/svar/hjaelp/" in body(manager.get(url("methods", survey)))
    town.authority.host_name = "maal.proeveby.dk"
    town.authority.save()
    assert "https://maal.proeveby.dk/svar/hjaelp/" in body(manager.get(url("methods", survey)))


def test_the_form_on_paper_has_a_code_at_every_box_and_its_version(manager, survey):
    questions = [
        asked.scale("maal"),
        asked.choice("valg", QuestionKind.MULTIPLE),
        asked.choice("orden", QuestionKind.RANKING),
        asked.yes_no("ja", shown_if={"question": "valg", "options": ["bus", "gang"]}),
        Question(
            code="ti", kind=QuestionKind.TEN, text={"da": "Vil du anbefale os?"}, scale=[{"da": "Nej"}, {"da": "Ja"}]
        ),
        asked.text("mere"),
    ]
    asked.questionnaire(survey, *questions, number=2)
    answer = manager.get(url("paper_form", survey))
    with pikepdf.open(BytesIO(answer.content)) as document:
        assert faults(document) == []
    said = text_of(answer.content)
    for words in (
        "1 Slet ikke",
        "5 I meget høj grad",
        "v Ved ikke",
        "i Ikke relevant for mig",
        "1 Bussen 2 Cykel 3 Til fods",
        "Svar kun, hvis du satte kryds ved 1 eller 3 i spørgsmål 2.",
        "Sæt gerne flere krydser.",
        "Skriv 1 i feltet ved det vigtigste",
        "Vil du fortælle mere?",
        "Skriv ikke navne",
        "version 2",
        survey.authority.name,
        "Ring 72 10 00 00",
    ):
        assert words in said, words


def test_a_long_form_is_whole(manager, survey):
    asked.questionnaire(survey, *[asked.scale(f"s{n}", f"Spørgsmål {n} " + LONG) for n in range(30)], number=2)
    answer = manager.get(url("paper_form", survey))
    with pikepdf.open(BytesIO(answer.content)) as document:
        assert faults(document) == []
    text = text_of(answer.content)
    assert all(f"Spørgsmål {n} lang" in text for n in range(30))


# ---- lists -----------------------------------------------------------------------------------------------------------

LIST = "\n".join(f"p{n}@example.dk" for n in range(8))


def signed(page: str) -> str:
    return re.search(r'name="signed" value="([^"]+)"', page)[1]


def test_a_pasted_list_is_shown_then_stored(manager, survey):
    page = manager.post(url("invite_people", survey), {"pasted": LIST + "\np1@example.dk\nikke en adresse"})
    assert page.status_code == 200
    assert not InvitedAddress.objects.exists()
    assert "8 bliver inviteret. 2 linjer er ikke med. Intet er gemt endnu." in body(page)
    assert "Samme adresse som i linje 2" in body(page) and "Ingen mailadresse" in body(page)
    stored = manager.post(url("invite_people", survey), {"signed": signed(body(page))})
    assert stored.url == url("methods", survey)
    assert (InvitedAddress.objects.count(), Invitation.objects.count()) == (8, 8)
    again = manager.post(url("invite_people", survey), {"signed": signed(body(page))})
    assert (again.status_code, InvitedAddress.objects.count()) == (422, 8)
    assert "Alle på listen er inviteret i forvejen" in body(again)


@pytest.mark.parametrize("name", ["liste.csv", "liste.xlsx"])
def test_a_file_with_groups(manager, survey, name):
    north = making.group(survey, "nord", name="Hjemmeplejen Nord")
    rows = [
        ["Mail", "Gruppe"],
        *[[f"p{n}@example.dk", "hjemmeplejen nord"] for n in range(7)],
        ["q@example.dk", "Vest"],
    ]
    page = manager.post(url("invite_people", survey), {"file": _file(name, rows)})
    assert "Vi kender ikke gruppen" in body(page)
    manager.post(url("invite_people", survey), {"signed": signed(body(page))})
    assert Invitation.objects.filter(group=north).count() == Invitation.objects.count() == 7


def test_a_file_with_one_column(manager, survey):
    page = manager.post(url("invite_people", survey), {"file": _file("liste.csv", [[line] for line in LIST.split()])})
    assert "8 bliver inviteret." in body(page)


def _file(name: str, rows: list[list[str]]):
    if name.endswith(".csv"):
        return SimpleUploadedFile(name, "\n".join(";".join(row) for row in rows).encode())
    out = BytesIO()
    with Workbook(out) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return SimpleUploadedFile(name, out.getvalue())


def test_a_list_with_cpr_numbers_is_refused_and_not_sent_back(manager, survey):
    rows = [["cpr", "mail"], *[[f"0101{n:02}-1234", f"p{n}@example.dk"] for n in range(10, 20)]]
    for sent in ({"file": _file("liste.csv", rows)}, {"pasted": "\n".join(";".join(row) for row in rows)}):
        page = manager.post(url("invite_people", survey), sent)
        assert page.status_code == 422
        assert "Kolonne A ser ud til at indeholde CPR-numre (10 linjer). Fjern kolonnen" in body(page)
        assert "-1234" not in body(page)
        assert not InvitedAddress.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Vælg en fil, eller sæt adresserne ind."),
        ({"pasted": "   \n "}, "Vælg en fil, eller sæt adresserne ind."),
        ({"file": ("liste.csv", b"")}, "Filen er tom"),
        ({"file": ("liste.pdf", b"%PDF-1.7 x")}, "Filen er ikke en tabel"),
        ({"file": ("liste.csv", b"a@example.dk"), "pasted": "b@example.dk"}, "Vælg enten filen eller"),
    ],
)
def test_bad_lists(manager, survey, sent, words):
    data = {name: SimpleUploadedFile(*value) if name == "file" else value for name, value in sent.items()}
    page = manager.post(url("invite_people", survey), data)
    assert page.status_code == 422
    assert words in body(page)


def test_too_few_are_shown_but_not_stored(manager, survey):
    page = manager.post(url("invite_people", survey), {"pasted": "a@example.dk\nb@example.dk"})
    assert "Inviter mindst 6 ad gangen" in body(page)
    stored = manager.post(url("invite_people", survey), {"signed": signed(body(page))})
    assert stored.status_code == 422
    assert not InvitedAddress.objects.exists()


def test_a_forged_preview_or_that_of_another_survey_stores_nothing(manager, survey, town):
    other = asked.survey(town.school, slug="anden")
    page = body(manager.post(url("invite_people", survey), {"pasted": LIST}))
    for target, text in ((other, signed(page)), (survey, signed(page)[:-2] + "xx"), (survey, "")):
        assert manager.post(url("invite_people", target), {"signed": text}).status_code == 302
    assert not InvitedAddress.objects.exists()


def test_the_reminder_asks_first_and_tells_when_it_cannot(manager, survey):
    assert "får én mail mere" in body(manager.get(url("invite_remind", survey)))
    answer = manager.post(url("invite_remind", survey), follow=True)
    assert "Ingen har fået en invitation endnu." in body(answer)
    InvitedAddress.objects.create(survey=survey, address="a@example.dk", invited_on=factories.TODAY)
    assert "1 får en påmindelse." in body(manager.post(url("invite_remind", survey), follow=True))
    assert "Vi skriver kun én gang mere" in body(manager.post(url("invite_remind", survey), follow=True))


# ---- letters ---------------------------------------------------------------------------------------------------------


def test_letters_as_csv_are_links_that_open_the_form(manager, survey):
    answer = manager.post(url("invite_letters", survey), {"antal": "7", "kind": "csv"})
    assert answer["Cache-Control"] == "no-store"
    head, *lines = answer.content.decode("utf-8-sig").splitlines()
    assert (head, len(lines)) == ("Link;Gruppe;Kode", 7)
    address = urlsplit(lines[0].split(";")[0])
    assert address.netloc == "maal.example.dk"
    assert Client().get(address.path).status_code == 200
    assert not any(urlsplit(line.split(";")[0]).path.split("/")[2] in str(_all_stored()) for line in lines)


def _all_stored():
    return [list(model.objects.values()) for model in (Invitation, InvitedAddress, HistoryEntry)]


def test_letters_as_pdf_have_a_code_for_each(manager, survey):
    for code in ("nord", "syd"):
        making.group(survey, code)
    groups = {f"antal_{group.pk}": "5" for group in survey.groups.all()}
    answer = manager.post(url("invite_letters", survey), {**groups, "kind": "pdf"})
    with pikepdf.open(BytesIO(answer.content)) as document:
        assert faults(document) == []
    codes = read_codes(answer.content, 3)
    assert len(set(codes)) == 10
    assert all(Client().get(urlsplit(address).path).status_code == 200 for address in codes)
    assert text_of(answer.content).count("Syd") == 5


@pytest.mark.parametrize(("sent", "words"), [
    ({"antal": "0"}, "Skriv mellem 1 og 5000"), ({"antal": "5"}, "mindst 6 ad gangen"), ({"antal": "-1"}, ""),
    ({"antal": "5001"}, ""), ({"antal": "mange"}, ""), ({}, ""),
])  # fmt: skip
def test_bad_counts_of_letters(manager, survey, sent, words):
    page = manager.post(url("invite_letters", survey), {"kind": "csv", **sent})
    assert page.status_code == 422
    assert words in body(page)
    assert not Invitation.objects.exists()


def test_nobody_is_invited_to_a_closed_survey(manager, survey):
    Survey.objects.update(state=SurveyState.CLOSED, closed_at=factories.NOW)
    page = manager.post(url("invite_letters", survey), {"antal": "7", "kind": "csv"})
    assert (page.status_code, "Undersøgelsen er lukket" in body(page)) == (422, True)
    assert url("invite_people", survey) not in body(manager.get(url("methods", survey)))


# ---- the two who may link --------------------------------------------------------------------------------------------


@pytest.fixture
def secret(town):
    survey = asked.survey(town.school, anonymity=Anonymity.PSEUDONYMOUS, slug="koder", state=SurveyState.DRAFT)
    asked.questionnaire(survey)
    return survey


def test_two_are_named_and_only_they_see_who_takes_part(secret, town, sign_in):
    manager = sign_in(town.manager)
    twice = manager.post(url("invite_linkers", secret), {"first": town.manager.pk, "second": town.manager.pk})
    assert (twice.status_code, "Vælg to forskellige" in body(twice)) == (422, True)
    manager.post(url("invite_linkers", secret), {"first": town.manager.pk, "second": town.head.pk})
    assert set(secret.linkers.all()) == {town.manager, town.head}
    for person, status in ((town.manager, 200), (town.head, 200), (town.consultant, 404), (town.director, 404)):
        assert sign_in(person).get(url("participant_list", secret)).status_code == status


def test_a_participants_answers_are_shown_corrected_and_deleted(secret, town, sign_in):
    Survey.objects.update(state=SurveyState.OPEN)
    secret.linkers.add(town.manager)
    token = asked.participant(secret, "K1", address="a@example.dk")
    InvitedAddress.objects.create(survey=secret, address="a@example.dk", invited_on=factories.TODAY)
    Client().post(f"/svar/{token}/", {**asked.ALL, "mere": "Det går godt"})
    manager, person = sign_in(town.manager), Participant.objects.get()
    page = url("participant_detail", secret, person.pk)
    shown = body(manager.get(page))
    assert re.search(r'id="q-maal-4" value="4" checked', shown)
    assert "Det går godt" not in shown
    refused = manager.post(page, {"maal": "9"})
    assert (refused.status_code, Response.objects.get().answers) == (422, asked.ALL)
    assert manager.post(page, {"maal": "1", "indsats": "3"}).status_code == 302
    assert Response.objects.get().answers == {"maal": "1", "indsats": "3"}
    assert manager.post(page, {"slet": "1"}).url == url("participant_list", secret)
    assert not Response.objects.exists() and not Participant.objects.exists() and not InvitedAddress.objects.exists()
    assert Client().get(f"/svar/{token}/").status_code == 404
    told = HistoryEntry.objects.about(secret).values_list("verb", "changes", "reason")
    assert {one[0] for one in told} == {"participant_corrected", "participant_deleted"}
    assert all(one[1] == {} and one[2] == "" for one in told)


def test_after_the_day_the_page_is_gone(secret, town, sign_in):
    secret.linkers.add(town.manager)
    Survey.objects.update(addresses_deleted_on=factories.TODAY)
    assert sign_in(town.manager).get(url("participant_list", secret)).status_code == 404
