"""The questions of a survey and what they measure, in a browser."""

import re

import pytest

from citizens.actions.questions import questions_of
from citizens.models import Survey
from tests import factories
from tests.citizens.test_survey_actions import draft, measure, opened
from tests.followup.flow import html


@pytest.fixture(autouse=True)
def morning(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.NOW)


@pytest.fixture
def place(town):
    town.goal = factories.goal(town.school, title="Alle trives")
    town.indicator = factories.indicator(town.authority, name="Trivsel", unit_of_measure="point")
    town.series = factories.series(town.indicator, town.school, town.goal)
    town.survey = draft(town)
    return town


def at(survey, page: str) -> str:
    return f"/undersoegelser/{survey.pk}/{page}"


def fresh(survey) -> Survey:
    return Survey.objects.get(pk=survey.pk)


# ---- questions -------------------------------------------------------------------------------------------------------


def posted_question(survey, **fields):
    return {"version": survey.version, "text_da": "Hvordan går det?", **fields}


def test_a_question_of_every_kind_is_added(place, sign_in):
    client = sign_in(place.manager)
    options = {"rows": "3", "option-0-da": "Bus", "option-1-da": "Cykel", "option-1-nr": "1", "option-0-nr": "2"}
    extra = {"scale": {"words": "frequency"}, "single": options, "multiple": options, "ranking": options}
    for kind in ("scale", "ten", "yes_no", "single", "multiple", "ranking", "text"):
        address = at(place.survey, f"spoergsmaal/nyt/?slags={kind}")
        assert client.get(address).status_code == 200
        fields = posted_question(fresh(place.survey), **extra.get(kind, {}))
        assert client.post(address, fields).status_code == 302, kind
    added = questions_of(place.survey)[5:]
    assert [one["kind"] for one in added] == ["scale", "ten", "yes_no", "single", "multiple", "ranking", "text"]
    assert [one["code"] for one in added] == [f"q{number}" for number in range(100, 107)]
    assert added[0]["scale"][0] == {"da": "Aldrig", "en": "Never"}
    assert [option["text"]["da"] for option in added[3]["options"]] == ["Cykel", "Bus"]  # by their numbers
    assert "Hvordan går det?" in html(client.get(at(place.survey, "spoergsmaal/")))


def test_more_rows_keep_what_was_typed(place, sign_in):
    fields = posted_question(place.survey, **{"rows": "3", "option-2-da": "Tog", "more": "1"})
    answer = sign_in(place.manager).post(at(place.survey, "spoergsmaal/nyt/?slags=single"), fields)
    text = html(answer)
    assert answer.status_code == 200
    assert 'value="Tog"' in text
    assert 'name="option-7-da"' in text
    assert 'name="option-8-da"' not in text
    assert "Ret dette" not in text


def test_an_option_keeps_its_code_when_it_is_reworded_and_loses_it_when_emptied(place, sign_in):
    client, address = sign_in(place.manager), at(place.survey, "spoergsmaal/nyt/?slags=single")
    rows = {"rows": "3", "option-0-da": "Bus", "option-1-da": "Cykel", "option-2-da": "Tog"}
    client.post(address, posted_question(place.survey, **rows))
    edit = at(place.survey, "spoergsmaal/q100/ret/")
    changed = {
        "rows": "6", "option-0-code": "o1", "option-0-da": "Bussen", "option-1-code": "o2", "option-1-da": "",
        "option-2-code": "o3", "option-2-da": "Tog", "option-3-da": "Bil",
        "option-4-code": "o1; drop", "option-4-da": "Fly",
    }  # fmt: skip
    client.post(edit, posted_question(fresh(place.survey), **changed))
    options = {one["code"]: one["text"]["da"] for one in questions_of(place.survey)[5]["options"]}
    assert options == {"o1": "Bussen", "o3": "Tog", "o4": "Bil", "o5": "Fly"}


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        ("scale", {"text_da": ""}, "Skriv spørgsmålet på dansk."),
        ("scale", {"text_da": "x" * 5000}, "(den har 5000)"),
        ("scale", {"words": ""}, "Skriv et ord for hvert af de fem trin."),
        ("single", {"rows": "3", "option-0-da": "Én"}, "Skriv mindst to svar at vælge mellem."),
        ("single", {"rows": "3"}, "Skriv mindst to svar at vælge mellem."),
        ("text", {"shown_if": ["q1|9"]}, "gyldig"),
        ("text", {"shown_if": ["q1|4", "q2|4"]}, "Vælg svar fra ét spørgsmål."),
        ("text", {"version": "x"}, "heltal"),
    ],
)
def test_a_broken_question_is_refused(place, sign_in, kind, fields, says):
    address = at(place.survey, f"spoergsmaal/nyt/?slags={kind}")
    answer = sign_in(place.manager).post(address, posted_question(place.survey, **fields))
    assert answer.status_code == 422
    assert says in html(answer)
    assert len(questions_of(place.survey)) == 5


def test_an_unknown_kind_or_question_is_not_found(place, sign_in):
    client = sign_in(place.manager)
    assert client.get(at(place.survey, "spoergsmaal/nyt/?slags=essay")).status_code == 404
    assert client.get(at(place.survey, "spoergsmaal/q77/ret/")).status_code == 404
    gone = client.post(at(place.survey, "spoergsmaal/q77/slet/"), follow=True)  # pressed twice
    assert "Spørgsmålet er allerede slettet." in html(gone)
    assert place.survey.version == fresh(place.survey).version


def test_shown_only_after_an_earlier_answer(place, sign_in):
    client = sign_in(place.manager)
    fields = posted_question(place.survey, shown_if=["q1|1", "q1|2"])
    client.post(at(place.survey, "spoergsmaal/nyt/?slags=text"), fields)
    assert questions_of(place.survey)[5]["shown_if"] == {"question": "q1", "options": ["1", "2"]}
    text = html(client.get(at(place.survey, "spoergsmaal/")))
    assert "Vises kun, hvis svaret på spørgsmål 1 er: 1 Helt uenig og 2 Uenig" in text
    # What it depends on can neither go nor come after it.
    gone = html(client.post(at(place.survey, "spoergsmaal/q1/slet/"), follow=True))
    assert "kan kun afhænge af et spørgsmål, der står før det" in gone
    for _ in range(4):
        client.post(at(place.survey, "spoergsmaal/q100/flyt/"), {"til": "op"})
    last = html(client.post(at(place.survey, "spoergsmaal/q100/flyt/"), {"til": "op"}, follow=True))
    assert "kan kun afhænge af et spørgsmål, der står før det" in last
    assert [one["code"] for one in questions_of(place.survey)] == ["q1", "q100", "q2", "q3", "q4", "q99"]


def test_moved_and_deleted(place, sign_in):
    client = sign_in(place.manager)
    client.post(at(place.survey, "spoergsmaal/q2/flyt/"), {"til": "op"})
    client.post(at(place.survey, "spoergsmaal/q99/flyt/"), {"til": "ned"})  # the last stays
    client.post(at(place.survey, "spoergsmaal/q3/slet/"))
    assert [one["code"] for one in questions_of(place.survey)] == ["q2", "q1", "q4", "q99"]
    assert client.get(at(place.survey, "spoergsmaal/q1/slet/")).status_code == 405


def test_somebody_elses_change_is_not_overwritten(place, sign_in):
    client, seen = sign_in(place.manager), place.survey.version
    client.post(at(place.survey, "spoergsmaal/q1/slet/"), {"version": seen})
    stale = client.post(at(place.survey, "spoergsmaal/q2/slet/"), {"version": seen}, follow=True)
    assert "ændret af en anden imens" in html(stale)
    answer = client.post(
        at(place.survey, "spoergsmaal/q2/ret/"), {"version": seen, "text_da": "Mit", "words": "agreement"}
    )
    assert answer.status_code == 422
    assert "Gem igen for at gemme dit." in html(answer)
    assert f'name="version" value="{fresh(place.survey).version}"' in html(answer)
    assert len(questions_of(place.survey)) == 4


def test_missing_translations_are_named(place, sign_in):
    client = sign_in(place.manager)
    client.post(at(place.survey, "sprog/"), {"sprog": "uk"})
    assert fresh(place.survey).languages == ["uk"]
    text = html(client.get(at(place.survey, "spoergsmaal/")))
    assert text.count("Mangler på ukrainsk") == 5
    assert "Spørgsmål på ukrainsk" in html(client.get(at(place.survey, "spoergsmaal/q1/ret/")))
    assert "5 spørgsmål mangler på ukrainsk." in html(client.get(at(place.survey, "aabn/")))
    client.post(at(place.survey, "sprog/"), {"sprog": "klingon"})
    assert fresh(place.survey).languages == ["uk"]


def test_an_open_survey_takes_a_note_and_lists_its_versions(place, sign_in):
    survey, client = opened(place), sign_in(place.manager)
    edit = at(survey, "spoergsmaal/q1/ret/")
    fields = posted_question(fresh(survey), words="agreement", text_da="Er målet vigtigt?")
    assert client.post(edit, fields).status_code == 422  # a note is needed
    assert client.post(edit, fields | {"change_note": "Kortere"}).status_code == 302
    text = html(client.get(at(survey, "versioner/")))
    assert re.search("Version 2.*”Kortere”.*Ændret ordlyd eller svar.*Version 1", text, re.S)
    assert "<del>Målet med hjælpen er vigtigt for mig.</del> <ins>Er målet vigtigt?</ins>" in text
    assert "ordlyd nr. 2" in html(client.get(at(survey, "spoergsmaal/")))


# ---- what it measures ------------------------------------------------------------------------------------------------


def test_an_indicator_is_linked_and_taken_off(place, sign_in):
    client, page = sign_in(place.manager), at(place.survey, "maaler/")
    share = {"series": place.series.pk, "question_code": "q1", "kind": "share", "share_options": ["q1|4", "q1|5"]}
    assert client.post(page, share).status_code == 302
    one = place.survey.measures.get()
    assert (one.series, one.question_code, one.kind, one.share_options) == (place.series, "q1", "share", ["4", "5"])
    text = html(client.get(page))
    assert "Andel: 4 Enig og 5 Helt enig" in text
    assert client.post(page, {"remove": str(one.pk)}).status_code == 302
    assert not place.survey.measures.exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "share"}, "Vælg de svar, der tæller med i andelen."),
        ({"kind": "share", "share_options": ["q2|4"]}, "Vælg kun svar på det spørgsmål, du har valgt."),
        ({"kind": "share", "share_options": ["q1|9"]}, "gyldig"),
        ({"question_code": "q99"}, "gyldig"),  # free text
        ({"series": "elsewhere"}, "gyldig"),
        ({"series": "rolled"}, "gyldig"),
        ({"series": "yearly"}, "Ret undersøgelsens periode først."),
    ],
)
def test_what_cannot_be_measured(place, sign_in, fields, says):
    place.elsewhere = factories.series(place.indicator, place.other_school)
    place.rolled = factories.series(factories.indicator(place.authority), place.school, is_rolled_up=True)
    place.yearly = factories.series(factories.indicator(place.authority, frequency="year"), place.school)
    ids = {key: getattr(getattr(place, str(value), None), "pk", value) for key, value in fields.items()}
    asked_for = {"series": place.series.pk, "question_code": "q1", "kind": "mean", **ids}
    answer = sign_in(place.manager).post(at(place.survey, "maaler/"), asked_for)
    assert answer.status_code == 422
    assert says in html(answer)


def test_a_question_that_measures_cannot_go(place, sign_in):
    measure(place, "q1")
    answer = sign_in(place.manager).post(at(place.survey, "spoergsmaal/q1/slet/"), follow=True)
    assert "Spørgsmålet måler en indikator." in html(answer)
