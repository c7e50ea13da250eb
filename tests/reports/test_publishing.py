"""A report's life: written, approved, published, withdrawn, and what can never change after."""

import codecs
import sqlite3
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from followup.actions.agenda import conclude
from followup.actions.measurements import CellValue, correct_value
from followup.models import Measurement, RoundState
from goals.actions.versions import Stale
from goals.periods import parse_period
from organisation.models import HistoryEntry
from organisation.words.terms import Gender, stored, suggested
from reports.actions import publishing
from reports.actions.publishing import (
    NotPossible,
    approve_report,
    publish_report,
    withdraw_edition,
    write_report,
)
from reports.content import report_content
from reports.editions import corrected_after, edition_in_force
from reports.files import KINDS, FileKind
from reports.frozen import FORM, control_code, frozen, thawed
from reports.guards import guard, unguard
from reports.integrity import edition_guards, editions
from reports.keys import ReportKey
from reports.kinds import ReportState, ReportStep, refusal
from reports.models import Edition, EditionFile, Report
from reports.subject import ordinary, subject_of
from tests import factories
from tests.followup.flow import html
from tests.races import at_once, needs_rows_locked

NOW = factories.NOW
LATER = NOW + timedelta(days=3)
WORDS = {"highlights": "Læsningen går tilbage.\nTrivslen stiger.", "recommendation": "At udvalget drøfter læsningen."}


@pytest.fixture(autouse=True)
def no_paper(request, monkeypatch):
    """The paper is drawn only where a test is about its bytes: it takes a second."""
    if "paper" not in request.keywords:
        kinds = {"pdf": FileKind("application/pdf", lambda _content: b"%PDF-1.7")}
        monkeypatch.setattr(publishing, "KINDS", kinds)


def write(it, **said):
    version = ordinary(it.round).report.version
    return write_report(ordinary(it.round), **{**WORDS, **said}, version=version, by=it.town.consultant, now=NOW)


def approve(it):
    return approve_report(ordinary(it.round), version=ordinary(it.round).report.version, by=it.town.director, now=NOW)


def publish(it, now=NOW, by=None):
    return publish_report(
        ordinary(it.round), version=ordinary(it.round).report.version, by=by or it.town.director, now=now
    )


@pytest.fixture
def published(reported):
    write(reported)
    approve(reported)
    reported.edition = publish(reported)
    return reported


def page(it, sign_in, who="politician") -> str:
    return html(sign_in(getattr(it.town, who)).get(reverse("reports:report_detail", args=[it.round.pk])))


# ---- the table -------------------------------------------------------------------------------------------------------

ALLOWED = {
    ("draft", "write"),
    ("draft", "approve"),
    ("approved", "write"),
    ("approved", "publish"),
    ("published", "withdraw"),
}


@pytest.mark.parametrize(("state", "step"), list(product(ReportState, ReportStep)))
def test_each_step_from_each_state(state, step):
    expected = None if (state, step) in ALLOWED else f"is_{state}"
    assert refusal(step, state, is_ready=True) == expected
    stops = step in ("approve", "publish") and expected is None
    assert refusal(step, state, is_ready=False) == ("round_not_ready" if stops else expected)


# ---- its life --------------------------------------------------------------------------------------------------------


def test_it_is_a_draft_before_anybody_writes(reported):
    assert ordinary(reported.round).report.state == ReportState.DRAFT
    assert not Report.objects.exists()


def test_what_is_written_stands_on_the_page(reported, sign_in):
    write(reported)
    shown = page(reported, sign_in)
    assert "<li>Læsningen går tilbage.</li><li>Trivslen stiger.</li>" in shown
    assert "At udvalget drøfter læsningen." in shown


def test_writing_in_an_approved_report_makes_it_a_draft(reported):
    write(reported)
    assert approve(reported).approved_by == reported.town.director
    report = write(reported, recommendation="At udvalget venter.")
    assert (report.state, report.approved_by, report.approved_at) == ("draft", None, None)


def test_saving_the_same_changes_nothing(reported):
    write(reported)
    approve(reported)
    assert write(reported).state == ReportState.APPROVED


def test_nothing_is_approved_before_the_round_is_ready(reported):
    reported.round.state = RoundState.OPEN
    reported.round.save()
    write(reported)
    with pytest.raises(NotPossible) as refused:
        approve(reported)
    assert refused.value.key == "round_not_ready"


def test_a_draft_is_not_published(reported):
    write(reported)
    with pytest.raises(NotPossible) as refused:
        publish(reported)
    assert refused.value.key == "is_draft"
    assert not Edition.objects.exists()


def test_each_step_is_in_the_history(published):
    withdraw(published)
    verbs = HistoryEntry.objects.about(published.edition.report).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["report_write", "report_approve", "report_publish", "report_withdraw"]


def test_of_two_who_write_the_second_sees_both(reported, sign_in):
    url = reverse("reports:report_write", args=[reported.round.pk])
    client = sign_in(reported.town.director)
    seen = client.get(url).context["form"].initial["version"]
    write(reported)
    response = client.post(url, {"highlights": "Mit.", "recommendation": "", "version": seen})
    assert response.status_code == 422
    assert "Nu står der ”Læsningen går tilbage." in html(response)
    assert ordinary(reported.round).report.highlights == WORDS["highlights"]
    again = {"highlights": "Mit.", "recommendation": "", "version": response.context["form"].data["version"]}
    assert client.post(url, again).status_code == 302
    assert ordinary(reported.round).report.highlights == "Mit."


def test_what_was_read_is_what_is_approved(reported):
    version = write(reported).version
    write(reported, recommendation="Noget andet.")
    with pytest.raises(Stale):
        approve_report(ordinary(reported.round), version=version, by=reported.town.director, now=NOW)


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_is_told(reported):
    write(reported)
    approve(reported)
    town = reported.town
    results = at_once(lambda: publish(reported, by=town.director), lambda: publish(reported, by=town.consultant))
    assert sum(isinstance(one, Edition) for one in results) == 1
    assert results.count("is_published") == 1
    assert Edition.objects.count() == 1


# ---- frozen ----------------------------------------------------------------------------------------------------------


def test_content_comes_back_as_it_was(reported):
    write(reported)
    content = report_content(ordinary(reported.round), now=NOW)
    text = frozen(content)
    assert thawed(text) == content
    assert frozen(thawed(text)) == text


def test_a_form_from_the_future_is_refused(reported):
    text = frozen(report_content(ordinary(reported.round), now=NOW)).replace(f'"form":{FORM}', f'"form":{FORM + 1}')
    with pytest.raises(ValueError, match=f"form {FORM + 1}"):
        thawed(text)


def test_an_edition_keeps_the_control_code_of_what_it_holds(published):
    edition = Edition.objects.get()
    assert edition.sha256 == sha256(edition.content.encode()).hexdigest() == control_code(edition.content)
    for file in edition.files.all():
        assert file.sha256 == sha256(bytes(file.data)).hexdigest()


def test_the_page_shows_the_code_and_who_published(published, sign_in):
    shown = page(published, sign_in)
    assert published.edition.sha256 in shown
    assert f"10. august 2026 af {published.town.director}." in shown


def test_the_page_says_the_same_after_everything_has_changed(published, sign_in):
    before = page(published, sign_in)
    start = before.index('<section class="r-part r-overview"')
    published.better.title = "Noget helt andet"
    published.better.save()
    published.round.conclusion = "Ny konklusion"
    published.round.save()
    after = page(published, sign_in)
    assert after[after.index('<section class="r-part r-overview"') :] == before[start:]
    assert "Noget helt andet" not in after


@pytest.mark.paper
def test_downloading_gives_the_very_files_whatever_has_changed(published, sign_in, monkeypatch):
    """Also when the templates are others than then."""
    client = sign_in(published.town.politician)
    urls = {kind: reverse(f"reports:report_{kind}", args=[published.round.pk]) for kind in KINDS}
    first = {kind: client.get(url).content for kind, url in urls.items()}
    assert {kind: data[:4] for kind, data in first.items()} == {
        "pdf": b"%PDF", "xlsx": b"PK\x03\x04", "docx": b"PK\x03\x04", "csv": first["csv"][:4],
    }  # fmt: skip
    assert first["csv"].startswith(codecs.BOM_UTF8)
    [front, *_rest] = PdfReader(BytesIO(first["pdf"])).pages
    assert published.edition.sha256 in front.extract_text().replace("\n", "")
    published.better.title = "Noget helt andet"
    published.better.save()
    others = {kind: FileKind(one.media_type, lambda _content: b"ny skabelon") for kind, one in KINDS.items()}
    monkeypatch.setattr("reports.views.downloads.KINDS", others)
    assert {kind: client.get(url).content for kind, url in urls.items()} == first
    kept = dict(EditionFile.objects.values_list("kind", "sha256"))
    assert kept == {kind: sha256(data).hexdigest() for kind, data in first.items()}


def test_a_corrected_number_stands_beside_the_old(published, sign_in):
    series = published.better.goal_series.get().series
    measurement = series.measurements.get(period="2026K2")
    cell = CellValue(series, parse_period("2026K2"), value=Decimal(74), version=measurement.version)
    correct_value(cell, reason="Et barn var glemt.", by=published.town.consultant, now=LATER)
    shown = page(published, sign_in)
    assert "1 tal er rettet, efter at rapporten blev offentliggjort" in shown
    assert "13. august 2026, efter at rapporten blev offentliggjort: nu 74,0, før 76,0." in shown
    assert "Grund: ”Et barn var glemt.”" in shown
    content = thawed(Edition.objects.get().content)
    assert content.sections[0].rows[0].figure.value == "76,0"


def test_numbers_of_later_periods_are_no_corrections(published):
    series = published.better.goal_series.get().series
    factories.measurement(series, "2026K3", 71, entered_at=LATER)
    assert corrected_after(thawed(published.edition.content), since=NOW) == []


def test_a_sum_that_changed_is_told_without_a_reason(published):
    series = published.better.goal_series.get().series
    Measurement.objects.filter(series=series, period="2026K2").delete()
    factories.measurement(series, "2026K2", 75, parts_present=2, parts_expected=2, entered_at=LATER)
    [one] = corrected_after(thawed(published.edition.content), since=NOW)
    assert (one.before, one.after, one.reason) == ("76,0", "75,0", "")


# ---- withdrawn -------------------------------------------------------------------------------------------------------


def withdraw(it, reason="Forkert tal i tabellen"):
    return withdraw_edition(
        ordinary(it.round), reason=reason, version=ordinary(it.round).report.version, by=it.town.director, now=LATER
    )


def test_a_withdrawn_edition_is_kept_and_the_next_has_the_next_number(published, sign_in):
    kept = Edition.objects.values("content", "sha256").get()
    withdraw(published)
    assert edition_in_force(ordinary(published.round)) is None
    shown = page(published, sign_in)
    assert "Offentliggjort" not in shown
    assert "Den 1. udgave blev trukket tilbage" in shown and "Forkert tal" not in shown
    approve(published)
    assert publish(published, now=LATER).number == 2
    assert Edition.objects.filter(number=1).values("content", "sha256").get() == kept
    listed = html(sign_in(published.town.consultant).get(reverse("reports:report_editions", args=[published.round.pk])))
    for words in ("1. udgave", "2. udgave", "”Forkert tal i tabellen”", "Trukket tilbage", "Gælder"):
        assert words in listed


def test_withdrawing_takes_a_reason(published, sign_in):
    url = reverse("reports:report_withdraw", args=[published.round.pk])
    version = ordinary(published.round).report.version
    response = sign_in(published.town.director).post(url, {"version": version, "reason": ""})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.update(withdrawn_at=LATER, withdrawn_by=published.town.director)


def test_what_is_published_beside_the_ordinary_reports_is_found(published, sign_in, django_assert_num_queries):
    def publish_further(slug, about=None):
        subject = subject_of(published.round, ReportKey(published.round.pk, slug, about))
        approve_report(subject, version=subject.report.version, by=published.town.director, now=NOW)
        publish_report(subject, version=subject.report.version, by=published.town.director, now=NOW)
        return subject

    client, url = sign_in(published.town.reader), reverse("reports:report_list")
    assert "Andre rapporter" not in html(client.get(url))
    publish_further("plakat")
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    unit = publish_further("enhed", published.town.school.pk)
    with django_assert_num_queries(len(one)):
        shown = html(client.get(url))
    assert shown.count("plakat/") == 1 and f"/rapporter/{unit.key}/" in shown
    assert "Status for Bakkeskolen, 2. kvartal 2026" in shown
    withdraw_edition(unit, reason="Forkert", version=unit.report.version, by=published.town.director, now=LATER)
    assert f"/rapporter/{unit.key}/" not in html(client.get(url))


# ---- the database's own guard ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda: Edition.objects.update(content="{}"),
        lambda: Edition.objects.update(sha256="0" * 64),
        lambda: Edition.objects.update(published_at=LATER),
        lambda: EditionFile.objects.update(data=b"andet"),
        lambda: EditionFile.objects.update(sha256="0" * 64),
    ],
)
def test_the_database_refuses_to_change_what_was_published(published, change):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        change()
    unguard(connection)
    with transaction.atomic():
        change()  # it was the guard that refused
        transaction.set_rollback(True)
    guard(connection)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        change()


def test_nothing_published_is_deleted_with_its_round(published):
    with pytest.raises(IntegrityError):
        published.round.delete()


def test_what_fails_leaves_nothing_half_published(reported, monkeypatch):
    """As when the disk is full: the last file cannot be stored."""
    write(reported)
    approve(reported)

    def full(**_fields):
        raise DatabaseError("disk full")

    monkeypatch.setattr(EditionFile.objects, "create", full)
    with pytest.raises(DatabaseError):
        publish(reported)
    assert ordinary(reported.round).report.state == ReportState.APPROVED
    assert not Edition.objects.exists()


# ---- the buttons -----------------------------------------------------------------------------------------------------


def test_the_whole_way_in_the_browser_without_script(reported, sign_in):
    client, pk = sign_in(reported.town.director), reported.round.pk

    def step(name: str, **said):
        url = reverse(f"reports:{name}", args=[pk])
        return html(client.post(url, {"version": ordinary(reported.round).report.version, **said}, follow=True))

    assert "Rapporten er gemt." in step("report_write", **WORDS)
    assert "Rapporten er en kladde. Den skal godkendes først." in step("report_publish")
    assert "Rapporten er ikke offentliggjort." in step("report_withdraw", reason="Forkert tal")
    assert "Rapporten er godkendt og kan offentliggøres." in step("report_approve")
    assert "allerede godkendt" in step("report_approve")
    assert "Offentliggjort. Kontrolkode" in step("report_publish")
    assert "kan ikke ændres" in step("report_write", highlights="Andet", recommendation="")
    assert "trukket tilbage" in step("report_withdraw", reason="Forkert tal")


def test_publishing_says_how_many_items_stay_closed(reported, sign_in):
    closed = {"is_closed": True, "closed_reason": "Priser", "public_title": "Sag om indkøb"}
    factories.agenda_item(reported.round, **closed)
    write(reported)
    approve(reported)
    shown = html(sign_in(reported.town.director).get(reverse("reports:report_publish", args=[reported.round.pk])))
    assert "1 lukket punkt bliver ikke offentligt." in shown
    assert "Den kan ikke ændres bagefter." in shown


def test_who_only_reads_is_offered_nothing(published, sign_in):
    shown = page(published, sign_in)
    for words in ("Træk tilbage", "Skriv i rapporten", "Udgaver og historik"):
        assert words not in shown


# ---- what is published is what was approved, and stays -------------------------------------------------------------


def test_a_conclusion_written_anew_is_approved_again(reported, sign_in):
    write(reported)
    approve(reported)
    conclude(reported.round, "Nu går det bedre.", seen=None, by=reported.town.director, now=LATER)
    reported.round.refresh_from_db()
    with pytest.raises(NotPossible, match="conclusion_changed"):
        publish(reported, now=LATER)
    shown = page(reported, sign_in, "director")
    assert "Rapporten skal godkendes igen" in shown and "Godkend rapporten" in shown
    version = ordinary(reported.round).report.version
    approve_report(ordinary(reported.round), version=version, by=reported.town.director, now=LATER + timedelta(hours=1))
    edition = publish(reported, now=LATER + timedelta(hours=2))
    assert thawed(edition.content).written.conclusion == "Nu går det bedre."


def test_the_bodys_conclusion_makes_no_units_report_outdated(reported):
    reported.round.concluded_at = LATER
    for about, expected in (({}, True), ({"unit": reported.town.school}, False), ({"goal": reported.better}, False)):
        assert Report(round=reported.round, approved_at=NOW, **about).is_outdated is expected


@pytest.mark.parametrize("outdated", [False, True])
def test_only_an_outdated_approval_is_given_again(outdated):
    found = refusal(ReportStep.APPROVE, ReportState.APPROVED, is_ready=True, is_outdated=outdated)
    assert found == (None if outdated else "is_approved")


def copied(table: str, columns: str) -> list[tuple]:
    """The table's rows after a backup of it was made and read back, by the database's own means."""
    if connection.vendor == "sqlite":
        restored = sqlite3.connect(":memory:")
        connection.connection.backup(restored)
        return restored.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} TO STDOUT") as copy:
            dumped = b"".join(copy)
        cursor.execute(f"CREATE TEMP TABLE restored (LIKE {table})")
        with cursor.copy("COPY restored FROM STDIN") as copy:
            copy.write(dumped)
        cursor.execute(f"SELECT {columns} FROM restored ORDER BY id")
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)  # a backup waits for what is under way
def test_what_is_restored_from_a_backup_is_the_same_bytes(published):
    kept = list(EditionFile.objects.order_by("pk").values_list("kind", "data", "sha256"))
    restored = copied("reports_editionfile", "kind, data, sha256")
    assert [kind for kind, _data, _code in restored] == ["pdf"]
    assert [(kind, bytes(data), code) for kind, data, code in restored] == [
        (kind, bytes(data), code) for kind, data, code in kept
    ]
    assert all(sha256(bytes(data)).hexdigest() == code for _kind, data, code in restored)


def test_integrity_checks_what_was_published(published, monkeypatch):
    today = NOW.date()
    monkeypatch.setattr("reports.integrity.KINDS", {"pdf": None})
    assert list(editions(today)) == list(edition_guards(today)) == []
    unguard(connection)
    try:
        assert len(list(edition_guards(today))) == 1
        EditionFile.objects.update(data=b"noget andet")
        Edition.objects.update(content="{}")
        assert [line.partition(": ")[2] for line in editions(today)] == [
            "its content is not what its control code says",
            "its pdf is not what its control code says",
        ]
        EditionFile.objects.all().delete()
        assert "has no pdf" in [line.partition(": ")[2] for line in editions(today)]
    finally:
        guard(connection)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite triggers cannot be switched off")
def test_a_guard_that_is_switched_off_is_none(db):
    assert list(edition_guards(NOW.date())) == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reports_editionfile DISABLE TRIGGER reports_editionfile_stands")
    assert len(list(edition_guards(NOW.date()))) == 1


def test_a_published_report_keeps_the_words_of_its_day(reported, sign_in):
    """What the authority calls things later changes only reports that come after."""
    authority = reported.town.authority
    authority.words = {"goal": stored(suggested("ambition", Gender.COMMON))}
    authority.save(update_fields=["words"])
    reported.round.authority = authority
    write(reported)
    approve(reported)
    edition = publish(reported)
    assert edition.words == authority.words
    client, url = sign_in(reported.town.politician), reverse("reports:report_detail", args=[reported.round.pk])
    before = html(client.get(url))
    assert "Ambition 1" in before and "Mål 1 " not in before
    type(authority).objects.filter(pk=authority.pk).update(words={})
    after = html(client.get(url))
    assert "Ambition 1" in after and "5 ambitioner" in after
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(words={})
