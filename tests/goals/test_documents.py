"""The register of steering documents in a browser, and its promises."""

import io
import zipfile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from goals.document_files import LIMIT
from goals.kinds import GoalState
from goals.models import Promise, SteeringDocument
from organisation.models import HistoryEntry
from tests import factories
from tests.followup.flow import html

MEGABYTE = 1024 * 1024


def pdf(pages=3, password=""):
    made, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.save(out, encryption=pikepdf.Encryption(owner=password, user=password) if password else False)
    return out.getvalue()


def packed(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            package.writestr(name, "<x/>")
    return out.getvalue()


def posted(body, **fields):
    return {"title": "Strategi 2028", "kind": "strategy", "body": body.pk, "decided_on": "2026-01-28"} | fields


def document(town, **fields):
    defaults = {"title": "Strategi 2028", "decided_on": factories.date(2026, 1, 28), "url": "https://x.dk/a.pdf"}
    return SteeringDocument.objects.create(authority=town.authority, body=town.council, **{**defaults, **fields})


@pytest.fixture
def client(town, clock, sign_in):
    return sign_in(town.consultant)


def test_a_document_with_its_file(town, client):
    factories.decision(town.council, reference="Punkt 4")
    upload = SimpleUploadedFile("min strategi.PDF", pdf(7))
    answer = client.post("/dokumenter/nyt/", posted(town.council, upload=upload, reference="punkt 4"))
    made = SteeringDocument.objects.get()
    assert answer.url == reverse("followup:document_detail", args=[made.pk])
    assert (made.filename, made.file_kind, made.pages, made.decision.reference) == (
        "min strategi.pdf", "pdf", 7, "Punkt 4"
    )  # fmt: skip
    sent = client.get(reverse("goals:document_file", args=[made.pk]))
    assert (sent.content, sent["Content-Type"]) == (bytes(made.file), "application/pdf")
    assert sent["Content-Disposition"] == 'inline; filename="strategi-2028.pdf"'
    assert HistoryEntry.objects.about(made).get().verb == "created"


def test_a_word_document_is_fetched_and_not_shown(town, client):
    upload = SimpleUploadedFile("a.docx", packed("[Content_Types].xml", "word/document.xml"))
    client.post("/dokumenter/nyt/", posted(town.council, upload=upload, pages=9))
    made = SteeringDocument.objects.get()
    assert (made.file_kind, made.pages) == ("docx", 9)
    sent = client.get(reverse("goals:document_file", args=[made.pk]))
    assert sent["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Filen er tom."),
        (b"hej", "Filen er hverken PDF eller Word (DOCX)."),
        (b"<html></html>", "Filen er hverken PDF eller Word (DOCX)."),
        (packed("xl/workbook.xml"), "Filen er hverken PDF eller Word (DOCX)."),
        (packed("word/document.xml", "word/vbaProject.bin"), "Filen indeholder makroer."),
        (b"PK\x03\x04 ikke pakket", "Filen er beskadiget"),
        (b"%PDF-1.7\nikke mere", "Filen er beskadiget"),
        (pdf(1, "hemmelig"), "Filen er beskyttet med adgangskode."),
        (pdf(1) + b" " * LIMIT, "Filen er for stor. Den må højst fylde 20 MB."),
        (b"%PDF-1.7" + b"x" * (40 * MEGABYTE), "Filen er for stor. Den må højst fylde 20 MB."),
    ],
    ids=["empty", "text", "html", "xlsx", "macros", "no zip", "no pdf", "password", "over 20 MB", "40 MB"],
)
def test_files_that_are_not_kept(town, client, content, said):
    upload = SimpleUploadedFile("dokument.pdf", content)
    answer = client.post("/dokumenter/nyt/", posted(town.council, upload=upload, url="https://x.dk/"))
    assert answer.status_code == 422
    assert said in html(answer)
    assert not SteeringDocument.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"url": ""}, "Skriv en adresse, eller vælg en fil"),
        ({"url": "javascript:alert(1)"}, "gyldig"),
        ({"url": "ftp://x.dk/a"}, "gyldig"),
        ({"url": "https://x.dk/", "reference": "punkt 99"}, "Byrådet har ingen beslutning med den henvisning den dag."),
        ({"url": "https://x.dk/", "decided_on": "2026-08-11"}, "Datoen ligger i fremtiden."),
        ({"url": "https://x.dk/", "title": "   "}, "påkrævet"),
    ],
)
def test_what_is_not_registered(town, client, fields, said):
    answer = client.post("/dokumenter/nyt/", posted(town.council, **fields))
    assert answer.status_code == 422
    assert said in html(answer)
    assert not SteeringDocument.objects.exists()


def test_a_closed_decision_keeps_its_words_and_its_place(town, client, sign_in):
    closed = factories.decision(
        town.council, reference="Hemmeligt punkt", is_closed=True, closed_reason="Personsag", public_title="Et punkt",
        public_text="Besluttet",
    )  # fmt: skip
    made = document(town, decision=closed)
    address = reverse("goals:document_edit", args=[made.pk])
    assert "Hemmeligt punkt" not in html(client.get(address))
    client.post(address, posted(town.council, title="Ny titel", url="https://x.dk/", version=1))
    made.refresh_from_db()
    assert (made.title, made.decision) == ("Ny titel", closed)
    shown = html(sign_in(town.reader).get(reverse("followup:document_detail", args=[made.pk])))
    assert "Et punkt" in shown
    assert "Hemmeligt punkt" not in shown


def test_two_change_a_document_at_once(town, client):
    made = document(town)
    address = reverse("goals:document_edit", args=[made.pk])
    fields = {"url": "https://x.dk/a.pdf", "version": 1}
    assert client.post(address, posted(town.council, title="Først", **fields)).status_code == 302
    answer = client.post(address, posted(town.council, title="Så", **fields))
    assert answer.status_code == 422
    assert "Nu står der ”Først”. Du skrev ”Så”." in html(answer)


def test_another_file_takes_the_place_of_the_old(town, client):
    made = document(town, file=pdf(2), filename="a.pdf", file_kind="pdf", pages=2)
    address = reverse("goals:document_edit", args=[made.pk])
    client.post(address, posted(town.council, upload=SimpleUploadedFile("a.pdf", pdf(5)), version=1))
    made.refresh_from_db()
    assert (made.pages, made.version) == (5, 2)
    kept = bytes(made.file)
    assert len(pikepdf.open(io.BytesIO(kept)).pages) == 5
    # Without a file the old one stays.
    client.post(address, posted(town.council, title="Omdøbt", pages=5, version=2))
    made.refresh_from_db()
    assert (made.title, bytes(made.file)) == ("Omdøbt", kept)


def test_a_promise_is_written_changed_and_taken_away(town, client):
    made = document(town, pages=4)
    create = reverse("goals:promise_create", args=[made.pk])
    for page, said in (("5", "Dokumentet har kun 4 sider."), ("0", "større end eller lig"), ("", "påkrævet")):
        answer = client.post(create, {"page": page, "text": "Flere i skole"})
        assert answer.status_code == 422
        assert said in html(answer)
    assert client.post(create, {"page": "2", "text": "   "}).status_code == 422
    answer = client.post(create, {"page": "2", "text": "Flere i skole"})
    promise = Promise.objects.get()
    assert answer.url == reverse("goals:promise_goals", args=[promise.pk])
    edit = reverse("goals:promise_edit", args=[promise.pk])
    client.post(edit, {"page": "3", "text": "Flere i skole", "version": 1})
    promise.refresh_from_db()
    assert promise.page == 3
    answer = client.post(reverse("goals:document_edit", args=[made.pk]), posted(town.council, pages=2, version=1))
    assert "Dokumentet har et løfte på side 3" in html(answer)
    client.post(edit, {"remove": "1"})
    assert not Promise.objects.exists()
    assert HistoryEntry.objects.about(made)[0].changes == {"promises": ["Flere i skole", None]}


def test_a_promise_goes_into_goals_in_force_of_the_same_authority(town, client):
    promise = Promise.objects.create(document=document(town), page=1, text="Flere i skole")
    goal, draft = factories.goal(town.committee), factories.goal(town.committee, state=GoalState.DRAFT)
    foreign = factories.goal(factories.municipality().council)
    address = reverse("goals:promise_goals", args=[promise.pk])
    client.post(address, {"goal": [goal.pk, draft.pk, foreign.pk]})
    assert list(promise.goals.all()) == [goal]
    client.post(address, {"goal": [goal.pk]})
    assert HistoryEntry.objects.about(promise).count() == 1
    client.post(address, {"remove": goal.pk})
    assert not promise.goals.exists()
    assert client.post(address, {"remove": goal.pk}).status_code == 404
    assert "Vælg et mål." in html(client.post(address, {}, follow=True))


# ---- a goal written for a promise ------------------------------------------------------------------------------------


def test_a_goal_written_for_a_promise_is_told_of_once_it_is_adopted(town, client):
    promise = document(town).promises.create(page=3, text="Alle børn lærer at cykle")
    write = f"{reverse('goals:goal_create')}?loefte={promise.pk}"
    listed = html(client.get(reverse("followup:promise_list")))
    assert f'href="{write}"' in listed
    page = html(client.get(write))
    assert "Skrives for løftet" in page and "Alle børn lærer at cykle" in page
    form = {"title": "Alle 3. klasser cykler", "short_name": "Cykler", "owner_unit": town.school.pk, "kind": "effect"}
    answer = client.post(write, {**form, "title": "", "rank": 1})
    assert answer.status_code == 422 and "Skrives for løftet" in html(answer)
    client.post(write, {**form, "rank": 1})
    goal = promise.goals.get()
    assert (goal.title, goal.state) == ("Alle 3. klasser cykler", GoalState.DRAFT)
    assert Promise.objects.without_goals().count() == 1
    assert "Alle børn lærer at cykle" in html(client.get(reverse("followup:goal_comes_from", args=[goal.pk])))
    told = HistoryEntry.objects.about(goal).filter(verb="changed").get()
    assert told.changes == {"promises": [None, "Alle børn lærer at cykle"]}
    assert not HistoryEntry.objects.about(promise).exists()
    goal.adopted_by, goal.state = factories.decision(town.council), GoalState.ADOPTED
    goal.save()
    assert "Alle 3. klasser cykler" in html(client.get(reverse("followup:promise_list")))


def test_a_promise_that_is_not_there_or_is_anothers(town, client):
    foreign = document(factories.municipality()).promises.create(page=1, text="Et andet sted")
    for pk in (foreign.pk, 999999):
        assert client.get(f"{reverse('goals:goal_create')}?loefte={pk}").status_code == 404
    assert client.get(f"{reverse('goals:goal_create')}?loefte=x").status_code == 200


def test_who_sees_no_drafts_is_told_of_none(town, client, sign_in):
    promise = document(town).promises.create(page=3, text="Alle børn lærer at cykle")
    elsewhere = factories.goal(town.committee, state=GoalState.DRAFT, title="Kladde hos udvalget")
    promise.goals.add(elsewhere)
    url = reverse("goals:promise_goals", args=[promise.pk])
    assert "Kladde hos udvalget" in html(client.get(url))
    assert "Kladde hos udvalget" not in html(sign_in(town.director).get(url))
