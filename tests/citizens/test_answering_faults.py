"""What is wrong is said beside its field, and nothing that was typed is lost."""

import html
import re

import pytest
from django.db import connection
from django.test import Client

from citizens.kinds import TEXT_LIMIT, CommentState, QuestionKind
from citizens.models import Comment, Response
from citizens.personal import MASK
from tests.citizens import asked
from tests.citizens.asked import ALL


@pytest.fixture
def survey(town):
    survey = asked.survey(town.school)
    asked.questionnaire(survey)
    return survey


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


def body(answer) -> str:
    return answer.content.decode()


def typed(answer, code: str = "mere") -> str:
    """What stands in the free text's field."""
    found = re.search(rf'<textarea[^>]*name="{code}"[^>]*>\n?(.*?)</textarea>', body(answer), re.DOTALL)
    assert found
    return html.unescape(found[1])


def is_chosen(answer, code: str, value: str) -> bool:
    return f'id="q-{code}-{value}" value="{value}" checked' in body(answer)


def refused(client, data, path="/svar/hjaelp/"):
    """The page after a post that must not be stored."""
    before = Response.objects.count()
    page = client.post(path, data)
    assert page.status_code == 422, page.status_code
    assert Response.objects.count() == before
    assert not Comment.objects.exists()
    return page


def test_what_must_be_answered(client, town):
    survey = asked.survey(town.school)
    asked.questionnaire(
        survey,
        asked.scale("maal", is_required=True),
        asked.scale("effekt", is_required=True, has_dont_know=False),
        asked.text("mere", is_required=True),
    )
    page = refused(client, {"maal": "4"})
    assert "Ret 2 ting" in body(page)
    assert '<a href="#q-effekt-1">Spørgsmål 2: Vælg et svar</a>' in body(page)
    assert '<a href="#q-mere">Din kommentar: Skriv et svar</a>' in body(page)
    assert 'aria-describedby="q-effekt-error"' in body(page)
    assert "<title>Fejl: " in body(page)
    assert is_chosen(page, "maal", "4")
    assert "vælg ”Ved ikke”" not in body(page)
    assert client.post("/svar/hjaelp/", {"maal": "4", "effekt": "1", "mere": "ord"}).status_code == 303


def test_a_megabyte_of_text_is_kept_in_its_field(client, survey):
    text = "Æblegrød. " * 105_000
    page = refused(client, {**ALL, "mere": text})
    assert typed(page).strip() == text.strip()
    assert "Skriv højst 4.000 tegn. Her er 1.050.000." in body(page)
    assert is_chosen(page, "maal", "4")


def test_the_longest_text_that_may_be_sent(client, survey):
    assert client.post("/svar/hjaelp/", {"mere": "å" * TEXT_LIMIT}).status_code == 303
    assert Comment.objects.get().text == "å" * TEXT_LIMIT
    refused_page = client.post("/svar/hjaelp/", {"mere": "å" * (TEXT_LIMIT + 1)})
    assert refused_page.status_code == 422


def test_more_than_anybody_writes(client, survey):
    page = client.post("/svar/hjaelp/", {"mere": "x" * (9 * 1024 * 1024)})
    assert page.status_code == 413
    assert "for stort" in body(page)
    assert "Intet er gemt" in body(page)


def test_more_fields_than_any_form_has(client, survey):
    page = client.post("/svar/hjaelp/", "&".join(f"x{n}=1" for n in range(20_001)), "application/x-www-form-urlencoded")
    assert page.status_code == 413


def test_a_body_that_is_no_form(client, survey):
    kind = "multipart/form-data; boundary=x"
    assert client.post("/svar/hjaelp/", b"\xff\xfe--x\r\nContent-Disposition", content_type=kind).status_code == 422
    assert client.post("/svar/hjaelp/", b'{"maal": 4', content_type="application/json").status_code == 422
    broken = client.post("/svar/hjaelp/", b"x", content_type="multipart/form-data")  # no boundary
    assert broken.status_code == 400
    assert not Response.objects.exists()
    assert "Intet er gemt" in body(broken)


def test_bytes_that_are_no_text(client, survey):
    page = client.post("/svar/hjaelp/", b"maal=4&mere=%ff%fe%c3", content_type="application/x-www-form-urlencoded")
    assert page.status_code == 303
    assert Response.objects.get().answers == {"maal": "4"}


@pytest.mark.parametrize("value", ["6", "0", "-1", "4 ", "<script>", "' OR 1=1 --", "dont-know", "٤", "4\x00"])
def test_options_that_do_not_exist(client, survey, value):
    page = client.post("/svar/hjaelp/", {**ALL, "maal": value})
    if value == "4\x00":  # without what no text may hold, it is an answer
        assert Response.objects.get().answers["maal"] == "4"
        return
    assert page.status_code == 422
    assert "Vælg et af svarene" in body(page)
    assert "<script>" not in body(page)
    assert not Response.objects.exists()


def test_unknown_questions_are_left_out(client, survey):
    assert client.post("/svar/hjaelp/", {**ALL, "findes_ikke": "1", "id": "7"}).status_code == 303
    assert Response.objects.get().answers == ALL


def test_a_field_sent_twice(client, survey):
    """No browser does; the first counts, and never two."""
    assert client.post("/svar/hjaelp/", {"maal": ["4", "5"]}).status_code == 303
    assert Response.objects.get().answers == {"maal": "4"}


def test_an_answer_and_dont_know(client, town):
    survey = asked.survey(town.school)
    asked.questionnaire(survey, asked.choice("rejse", QuestionKind.MULTIPLE))
    page = refused(client, {"rejse": ["bus", "dont_know"]})
    assert "Vælg enten et svar eller ”Ved ikke”" in body(page)
    assert is_chosen(page, "rejse", "bus")
    assert is_chosen(page, "rejse", "dont_know")
    assert client.post("/svar/hjaelp/", {"rejse": ["gang", "bus"]}).status_code == 303
    assert Response.objects.get().answers == {"rejse": ["bus", "gang"]}  # in the question's order


def test_a_ranking(client, town):
    survey = asked.survey(town.school)
    asked.questionnaire(survey, asked.choice("vigtigst", QuestionKind.RANKING))
    page = refused(client, {"vigtigst": ["gang", "gang", ""]})
    assert "Du har valgt det samme to gange" in body(page)
    assert body(page).count('<option value="gang" selected>') == 2
    assert client.post("/svar/hjaelp/", {"vigtigst": ["gang", "bus", ""]}).status_code == 303
    assert Response.objects.get().answers == {"vigtigst": ["gang", "bus"]}


def test_scripts_are_only_text(client, survey):
    text = "<script>alert(1)</script>{{ 7|add:7 }}<b>fed</b>"
    page = client.post("/svar/hjaelp/", {"mere": text, "maal": "9"})
    assert typed(page) == text
    assert "<script>alert" not in body(page)
    client.post("/svar/hjaelp/", {"mere": text})
    assert Comment.objects.get().text == text


def test_signs_that_are_no_text_are_left_out(client, survey):
    client.post("/svar/hjaelp/", {"mere": "\u202eGodt\u202c\x00\x07 a\u030a\r\nog\u200b \u2066pænt\u2069\ufeff"})
    assert Comment.objects.get().text == "Godt å\nog pænt"


BLANKS = " \r\n\u200b\t "


def test_nothing_but_blanks_is_no_comment(client, survey):
    client.post("/svar/hjaelp/", {**ALL, "mere": BLANKS})
    assert Response.objects.exists()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("data", [{}, {"mere": BLANKS}])
def test_an_empty_form_is_no_answer(client, survey, data):
    assert "Svar på mindst ét spørgsmål" in body(refused(client, data))


def test_a_free_text_alone_is_an_answer(client, survey):
    assert client.post("/svar/hjaelp/", {"mere": "Fint"}).status_code == 303
    assert Response.objects.get().answers == {}


NUMBER = "010190-1234"


def test_a_cpr_number_is_flagged_before_it_is_sent(client, survey):
    text = f"Min mor, {NUMBER}, venter længe."
    page = refused(client, {**ALL, "mere": text})
    assert "Din kommentar: Slet CPR-nummeret" in body(page)
    assert "ligner et CPR-nummer" in body(page)
    assert "Slet nummeret, og send" in body(page)
    assert typed(page) == text
    assert body(page).count(NUMBER) == 1  # in the field, and nowhere else
    assert client.post("/svar/hjaelp/", {**ALL, "mere": text}).status_code == 422  # not by pressing again


def test_the_number_is_removed_and_the_rest_sent(client, survey):
    sent = client.post("/svar/hjaelp/", {**ALL, "mere": f"Min mor, {NUMBER}, venter.", "_slet": "1"})
    assert sent.status_code == 303
    comment = Comment.objects.get()
    assert comment.text == f"Min mor, {MASK}, venter."
    assert comment.state == CommentState.HELD
    assert Response.objects.get().answers == ALL
    assert NUMBER[:6] not in dump()


def test_a_name_is_held_back(client, survey):
    client.post("/svar/hjaelp/", {"mere": "Min hjælper Karen er altid flink."})
    comment = Comment.objects.get()
    assert (comment.state, comment.marks) == (CommentState.HELD, ["Karen"])


def dump() -> str:
    """Every value of every table, as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += [str(row) for row in cursor.fetchall()]
    return "\n".join(rows)
