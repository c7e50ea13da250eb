"""Importing answers in a browser: the real file from Toronto, files that do not fit, and the same file twice."""

import time
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.kinds import CommentState, Method, QuestionKind, SurveyState
from citizens.models import Comment, Question, Response, Survey
from followup.models import Upload
from organisation.models import HistoryEntry
from tests import factories
from tests.citizens import asked
from tests.citizens.test_importing import TORONTO
from tests.factories import TODAY
from tests.followup.flow import html
from tests.races import at_once, needs_rows_locked

START = "/undersoegelser/indlaes/"
FILE = "Nr;1. Hvordan kommer du?;2. Vil du fortælle mere?\n{}"
BUSES = "1;Bussen;Godt\n2;Bussen;Skidt, 010190-1234\n3;Cykel;\n4;Cykel;Hils Mette Holm\n5;Bussen;\n6;Cykel;\n"


@pytest.fixture(autouse=True)
def morning(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.NOW)


@pytest.fixture
def boss(town, sign_in):
    return sign_in(town.manager)


def choose(client, content, name="svar.csv"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(START, {"file": SimpleUploadedFile(name, content)})


def details(town, **fields):
    said = {
        "title": "Byens beboere", "unit": town.school.pk, "effort": "Inddragelse", "audience": "citizen",
        "day": "2026-06-30", "period": "2026K2", "purpose": "lytte bedre", "answer_by": "2026-10-01",
        "answers_until": "2029-12-31", "store": "1",
    }  # fmt: skip
    return {**said, **fields}


# ---- the real file ---------------------------------------------------------------------------------------------------


@pytest.fixture
def toronto(town, boss):
    began = time.monotonic()
    page = choose(boss, TORONTO.read_bytes(), TORONTO.name)
    answer = boss.post(page.url, details(town))
    town.seconds = time.monotonic() - began
    assert answer.status_code == 302
    town.survey = Survey.objects.get()
    return town


def code_of(survey, words):
    questions = Question.objects.filter(questionnaire__survey=survey)
    return next(one.code for one in questions if one.text["da"].startswith(words))


def test_toronto_is_stored_as_a_closed_survey(toronto):
    survey = toronto.survey
    assert (survey.state, survey.opens_on.isoformat(), survey.period) == (SurveyState.CLOSED, "2026-06-30", "2026K2")
    rows = Response.objects.filter(survey=survey, method=Method.IMPORT, is_pilot=False, day="2026-06-30")
    assert rows.count() == 959
    answers = list(rows.values_list("answers", flat=True))
    ideas = [row.get(code_of(survey, "The City considers my ideas")) for row in answers]
    assert [ideas.count(step) for step in "54321"] == [13, 163, 250, 170, 111]
    meetings = [row.get(code_of(survey, "Virtual meetings are more convenient")) for row in answers]
    assert [meetings.count(step) for step in "54321"] == [331, 297, 90, 19, 18]
    ticks = Question.objects.get(questionnaire__survey=survey, code="i1")
    survey_tick = next(one["code"] for one in ticks.options if one["text"]["da"].startswith("Completed a City survey"))
    assert sum(survey_tick in row.get("i1", ()) for row in answers) == 533
    assert toronto.seconds < 60


def test_toronto_free_text_is_held_back(toronto):
    comments = Comment.objects.filter(survey=toronto.survey)
    assert comments.filter(question_code=code_of(toronto.survey, "What do you think the City does well")).count() == 388
    assert comments.filter(question_code=code_of(toronto.survey, "What do you think the City could")).count() == 487
    assert set(comments.values_list("state", flat=True)) == {CommentState.HELD}
    texts = set(Question.objects.filter(kind=QuestionKind.TEXT).values_list("code", flat=True))
    for answers in Response.objects.values_list("answers", flat=True):
        assert not texts & answers.keys()


def test_toronto_is_stored_in_few_queries(town, boss):
    page = choose(boss, TORONTO.read_bytes())
    with CaptureQueriesContext(connection) as captured:
        boss.post(page.url, details(town))
    assert len(captured) < 100  # in batches: 959 responses and 1,287 texts


def test_answers_are_stored_in_no_order(town, boss, monkeypatch):
    """The order of the rows would be that of arrival; answers and texts are shuffled apart."""
    shuffled = []

    class Turning:
        def sample(self, rows, count):
            shuffled.append(count)
            return list(reversed(rows))

    made = Response.objects.bulk_create
    stored = []
    monkeypatch.setattr("citizens.actions.importing.SystemRandom", Turning)
    monkeypatch.setattr(Response.objects, "bulk_create", lambda rows, **kw: stored.extend(rows) or made(rows, **kw))
    boss.post(choose(boss, FILE.format(BUSES)).url, details(town))
    assert shuffled == [6, 3]
    assert [one.answers["i1"] for one in stored] == ["o2", "o1", "o2", "o2", "o1", "o1"]  # the file from its end
    assert set(Response.objects.values_list("is_shuffled", flat=True)) == {True}  # so nothing is left for `tick`


def test_the_preview_names_what_every_column_becomes(town, boss):
    text = html(boss.get(choose(boss, TORONTO.read_bytes()).url))
    assert "959 besvarelser" in text
    assert "3 linjer uden svar springes over" in text
    assert "Completed a City survey either online, by telephone, or in-person: <b>533</b>" in text
    assert 'value="Spørgsmål 1 (sæt kryds)"' in text
    assert "Intet er gemt endnu" in text
    assert not Survey.objects.exists()


def test_the_same_file_twice_is_refused(toronto, boss):
    upload = choose(boss, TORONTO.read_bytes(), "kopi.csv")
    text = html(boss.get(upload.url))
    assert "De samme svar er allerede indlæst i ”Byens beboere”. Intet er gemt igen." in text
    answer = boss.post(upload.url, details(toronto, title="Igen"))
    assert answer.status_code == 422
    assert (Survey.objects.count(), Response.objects.count()) == (1, 959)


# ---- choosing what a column is ---------------------------------------------------------------------------------------


def read_as(client, page, roles, **fields):
    """Press "Læs filen igen" with these roles."""
    posted = {f"col-{index}": role for index, role in enumerate(roles)}
    return client.post(page.url, {**posted, "read": "1", **fields})


def test_a_column_may_be_read_in_another_way(town, boss):
    page = choose(boss, FILE.format(BUSES))
    assert read_as(boss, page, ["skip", "background", "skip"]).status_code == 302
    boss.post(page.url, details(town))
    survey = Survey.objects.get()
    question = Question.objects.get(questionnaire__survey=survey)
    assert (question.kind, question.is_background) == (QuestionKind.SINGLE, True)
    assert not Comment.objects.exists()
    assert survey.responses.count() == 6


def test_free_text_is_masked_and_its_names_marked(town, boss):
    page = choose(boss, FILE.format(BUSES))
    boss.post(page.url, details(town))
    texts = {one.text: one.marks for one in Comment.objects.all()}
    assert "010190-1234" not in str(texts)
    assert texts["Godt"] == []
    assert any("cpr" in marks for marks in texts.values())
    assert any("Mette" in mark for marks in texts.values() for mark in marks)
    assert set(Comment.objects.values_list("state", flat=True)) == {CommentState.HELD}


def test_an_answer_that_does_not_fit_is_named_and_nothing_stored(town, boss):
    page = choose(boss, FILE.format(BUSES))
    read_as(boss, page, ["skip", "scale", "text"])
    text = html(boss.get(page.url))
    assert "Kolonne B: ”Bussen” er ikke et svar på spørgsmålet (3 linjer)." in text
    assert boss.post(page.url, details(town)).status_code == 422
    assert not Survey.objects.exists()


def test_cpr_numbers_as_answers_are_refused(town, boss):
    page = choose(boss, "Område;1. Nummer\nN;010190-1234\nS;010190-1234\nS;020285-4321\n")
    read_as(boss, page, ["single", "single"])
    text = html(boss.get(page.url))
    assert "Kolonne B ser ud til at indeholde CPR-numre (3 linjer)." in text
    assert boss.post(page.url, details(town)).status_code == 422
    assert not Survey.objects.exists()


def test_mail_addresses_cannot_be_chosen(town, boss):
    page = choose(boss, "Svar;Kontakt\nEnig;a@b.dk\nUenig;c@d.dk\n")
    assert "mailadresser; de kan ikke gemmes" in html(boss.get(page.url))
    assert read_as(boss, page, ["scale", "text"]).status_code == 422
    assert "a@b.dk" not in html(boss.get(page.url))


@pytest.mark.parametrize("role", ["scale9", "", "tick"])
def test_a_forged_role_is_refused_or_read(town, boss, role):
    page = choose(boss, FILE.format(BUSES))
    status = read_as(boss, page, ["skip", role, "skip"]).status_code
    assert status == (302 if role == "tick" else 422)
    assert boss.get(page.url).status_code == 200


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": ""}, "Dette felt er påkrævet."),
        ({"purpose": ""}, "Dette felt er påkrævet."),
        ({"effort": ""}, "Vælg et mål, eller skriv, hvilken indsats det handler om."),
        ({"day": "2026-08-11"}, "Datoen ligger i fremtiden."),
        ({"answer_by": "2026-06-30"}, "Datoen ligger før den sidste dag, man kan svare."),
        ({"unit": "other_school"}, "gyldig"),
        ({"period": "engang"}, "Vi kender ikke perioden"),
    ],
)
def test_what_must_be_said_of_the_survey(town, boss, fields, says):
    page = choose(boss, FILE.format(BUSES))
    ids = {key: getattr(getattr(town, value, None), "pk", value) for key, value in fields.items()}
    answer = boss.post(page.url, details(town, **ids))
    assert answer.status_code == 422
    assert says in html(answer)
    assert not Survey.objects.exists()


# ---- into a survey that is open --------------------------------------------------------------------------------------


@pytest.fixture
def open_one(town):
    survey = asked.survey(town.school, opens_on=TODAY, closes_on=TODAY)
    asked.questionnaire(survey, asked.choice("q1"), asked.text("q2"))
    return survey


def test_more_answers_to_an_open_survey(town, boss, open_one):
    page = choose(boss, FILE.format(BUSES))
    read_as(boss, page, ["skip", "single", "text"], survey=open_one.pk)
    assert "Læg svarene til ”Hvordan oplever du hjælpen i hjemmet?”" in html(boss.get(page.url))
    assert boss.post(page.url, {"day": TODAY.isoformat(), "store": "1"}).status_code == 302
    answers = sorted(str(row["q1"]) for row in open_one.responses.values_list("answers", flat=True))
    assert answers == ["bus", "bus", "bus", "cykel", "cykel", "cykel"]
    assert set(open_one.responses.values_list("method", flat=True)) == {Method.IMPORT}
    assert open_one.comments.filter(question_code="q2").count() == 3
    assert HistoryEntry.objects.about(open_one).filter(verb="survey_imported").exists()


def test_unknown_questions_are_named_and_nothing_stored(town, boss, open_one):
    page = choose(boss, "Nr;1. Hvordan kommer du?;9. Hvad koster det?\n1;Bussen;Meget\n2;Cykel;Lidt\n")
    read_as(boss, page, ["skip", "single", "text"], survey=open_one.pk)
    text = html(boss.get(page.url))
    assert "Kolonne C: Undersøgelsen har ikke spørgsmålet ”Hvad koster det?”. Spring kolonnen over." in text
    assert boss.post(page.url, {"day": TODAY.isoformat()}).status_code == 422
    assert not Response.objects.exists()
    read_as(boss, page, ["skip", "single", "skip"], survey=open_one.pk)
    assert boss.post(page.url, {"day": TODAY.isoformat()}).status_code == 302
    assert Response.objects.count() == 2


def test_an_option_that_the_survey_does_not_have_is_named(town, boss, open_one):
    page = choose(boss, "Nr;1. Hvordan kommer du?\n1;Bussen\n2;Raket\n")
    read_as(boss, page, ["skip", "single"], survey=open_one.pk)
    assert "Kolonne B: ”Raket” er ikke et svar på spørgsmålet (1 linjer)." in html(boss.get(page.url))
    assert boss.post(page.url, {"day": TODAY.isoformat()}).status_code == 422


def test_a_day_when_it_was_not_open_is_refused(town, boss, open_one):
    page = choose(boss, FILE.format(BUSES))
    read_as(boss, page, ["skip", "single", "text"], survey=open_one.pk)
    answer = boss.post(page.url, {"day": "2026-01-01"})
    assert answer.status_code == 422
    assert "Vælg en dag, hvor undersøgelsen har været åben." in html(answer)


def test_somebody_elses_survey_cannot_be_chosen(town, boss):
    other = asked.survey(town.other_school)
    asked.questionnaire(other, asked.choice("q1"), asked.text("q2"))
    page = choose(boss, FILE.format(BUSES))
    assert read_as(boss, page, ["skip", "single", "text"], survey=other.pk).status_code == 422


# ---- files that are none ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        ("", "tom.csv", "Filen er tom."),
        ("Nr;1. Enig?\n", "kun-hoved.csv", "Der er ingen svar i filen."),
        ("%PDF-1.7 x", "svar.pdf", "Filen er ikke en tabel"),
        (b"PK\x03\x04 nonsense", "svar.xlsx", "Projektmappen er beskadiget."),
        ("a;b\n" + "x;y\n" * 6_000_000, "stor.csv", "Filen er for stor."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_with_a_reason(town, boss, content, name, says):
    answer = choose(boss, content, name)
    assert answer.status_code == 422
    assert says in html(answer)
    assert not Upload.objects.exists()


def test_nothing_is_kept_when_nothing_is_stored(town, boss):
    page = choose(boss, FILE.format(BUSES))
    assert boss.post(page.url, {"cancel": "1"}).url == START
    assert not Upload.objects.exists()
    assert boss.get(page.url).status_code == 404


def test_the_file_is_deleted_when_its_answers_are_stored(town, boss):
    boss.post(choose(boss, FILE.format(BUSES)).url, details(town))
    assert Survey.objects.count() == 1
    assert not Upload.objects.exists()


def test_another_persons_file_is_not_found(town, boss, sign_in):
    page = choose(boss, FILE.format(BUSES))
    assert sign_in(town.head).get(page.url).status_code == 404
    assert sign_in(town.reader).get(START).status_code == 403


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_two_store_the_same_file_at_once_and_one_does(town, boss, sign_in):
    pages = [(client, choose(client, FILE.format(BUSES)).url) for client in (boss, sign_in(town.head))]
    at_once(*[lambda client=client, url=url: client.post(url, details(town)) for client, url in pages])
    assert (Survey.objects.count(), Response.objects.count()) == (1, 6)


def test_a_series_may_be_measured_afterwards(toronto, boss):
    """An imported survey is closed from the start: an indicator that is linked later gets its number at once."""
    series = factories.series(factories.indicator(toronto.authority, decimals=2), toronto.school)
    code = code_of(toronto.survey, "The City considers my ideas")
    asked_for = {"series": series.pk, "question_code": code, "kind": "mean"}
    assert boss.post(f"/undersoegelser/{toronto.survey.pk}/maaler/", asked_for).status_code == 302
    value = series.measurements.get()
    # (13·5 + 163·4 + 250·3 + 170·2 + 111·1) / 707 = 1918 / 707
    assert (value.period, round(value.value, 4), value.sample_size) == ("2026K2", Decimal("2.7129"), 707)
    assert value.approved_by == toronto.manager
    one = toronto.survey.measures.get()
    boss.post(f"/undersoegelser/{toronto.survey.pk}/maaler/", {"remove": str(one.pk)})
    assert toronto.survey.measures.count() == 1  # what was written stays


def test_a_sensitive_subject_is_shown_later(town, boss):
    boss.post(choose(boss, FILE.format(BUSES)).url, details(town, is_sensitive="on"))
    assert Survey.objects.get().least_shown == 10
