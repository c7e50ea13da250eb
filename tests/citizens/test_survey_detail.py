"""A survey's page and its files, as somebody in the authority sees them."""

import csv
import io
import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from citizens.actions.measures import write_measures
from citizens.kinds import Assesses, Method, QuestionKind, SurveyState
from citizens.results import keep_results, survey_results
from followup import additions
from followup.additions import Panel, add_panel
from goals.kinds import IntervalKind
from tests import factories
from tests.citizens import making
from tests.followup.flow import html


@pytest.fixture
def place(town, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.NOW)
    town.goal = factories.goal(town.school, title="Længst muligt i eget liv")
    town.survey = making.survey(town.school, goal=town.goal, responsible=town.manager, closes_on=date(2026, 8, 1))
    making.four(making.questionnaire(town.survey))
    return town


def answered(place) -> None:
    """Two groups that are shown and two that are not; a mean of 3.35 in the whole."""
    counts = {"nord": (1, 1, 3, 3, 2), "midt": (1, 2, 2, 3, 2), "syd": (0, 1, 0, 1, 0), "oe": (1, 0, 1, 1, 2)}
    for code, some in counts.items():
        group = making.group(place.survey, code)
        making.invited(place.survey, 2 * sum(some), group)
        making.answers(place.survey, making.spread("goal", *some), group=group, method=Method.INVITATION)


def page(sign_in, person, survey, ending: str = "") -> str:
    return unescape(html(sign_in(person).get(f"/undersoegelser/{survey.pk}/{ending}")))


def test_the_page_of_a_closed_survey(place, sign_in):
    answered(place)
    text = page(sign_in, place.reader, place.survey)
    assert "<h1>Hvordan oplever du hjælpen i hjemmet?</h1>" in text
    assert "Borgerne mangler et svar" in text
    assert "Svaret er lovet senest 1. september 2026." in text
    assert "Længst muligt i eget liv" in text
    assert re.search(r"Inviteret</dt><dd>54<", text)
    assert re.search(r"Svar</dt><dd>27<", text)
    assert re.search(r"Svarprocent</dt><dd>50 pct\.", text)
    assert "De fire vurderinger" in text
    assert "vises ikke" in text


def test_groups_that_are_hidden_say_why(place, sign_in):
    answered(place)
    text = page(sign_in, place.reader, place.survey)
    rows = re.findall(r'<tr><th scope="row">(\w+)</th>(.*?)</tr>', text)
    cells = {name: re.findall(r"<span[^>]*>([^<]+)</span>", row)[:3] for name, row in rows if name in ("Nord", "Oe")}
    assert cells == {"Nord": ["20", "10", "3,40"], "Oe": ["10", "vises ikke", "vises ikke"]}
    assert "Mindst én gruppe mere er skjult med" in text


def test_the_light_and_target_of_the_series_it_feeds(place, sign_in):
    answered(place)
    series = factories.series(
        factories.indicator(place.authority, interval=IntervalKind.MEAN, decimals=2), place.school, place.goal
    )
    factories.target(series, "2026K2", "3.6")
    making.measures(place.survey, series, "goal")
    write_measures(place.survey, by=place.manager, now=factories.NOW)
    factories.measurement(series, "2026K3", 5)  # a later period is no business of this survey
    text = page(sign_in, place.reader, place.survey)
    assert "Mål: usikker." in text
    assert "intervallet rummer måltallet" in text
    assert ">3,60<" in text


def test_what_the_bar_says_aloud(place, sign_in):
    making.answers(place.survey, making.spread("goal", 1, 2, 3, 10, 4))
    making.answers(place.survey, [{"goal": "dont_know"}] * 3)
    text = page(sign_in, place.reader, place.survey)
    assert (
        "Mål: 5 pct. slet ikke, 10 pct. i mindre grad, 15 pct. i nogen grad, 50 pct. i høj grad, "
        "20 pct. i meget høj grad. 3 svarede ved ikke. Tallene står i tabellen."
    ) in text


def test_an_open_survey_tells_how_many_and_why_no_more(place, sign_in):
    answered(place)
    place.survey.state = SurveyState.OPEN
    place.survey.save()
    text = page(sign_in, place.reader, place.survey)
    assert re.search(r"Svar</dt><dd>27<", text)
    assert "Resultaterne kommer, når den lukker." in text
    assert "vurderinger" not in text and "<svg xmlns" not in text and ".csv" not in text


def test_too_few_answers(place, sign_in):
    making.answers(place.survey, making.spread("goal", 1, 2, 2))
    text = page(sign_in, place.reader, place.survey)
    assert re.search(r"Svar</dt><dd>under 6<", text)
    assert "Færre end 6 har svaret." in text
    assert ".csv" not in text


def test_a_draft_is_seen_by_those_who_run_surveys_there(place, sign_in):
    place.survey.state = SurveyState.DRAFT
    place.survey.save()
    path = f"/undersoegelser/{place.survey.pk}/"
    assert sign_in(place.manager).get(path).status_code == 200
    assert sign_in(place.other_manager).get(path).status_code == 404
    assert sign_in(place.reader).get(path).status_code == 404


@pytest.mark.parametrize("ending", ["", "resultater.csv", "resultater.xlsx"])
def test_another_authority_does_not_see_it(place, sign_in, ending):
    stranger = factories.municipality().consultant
    assert sign_in(stranger).get(f"/undersoegelser/{place.survey.pk}/{ending}").status_code == 404


# ---- over time -------------------------------------------------------------------------------------------------------


def test_earlier_surveys_are_drawn_where_the_wording_is_the_same(place, sign_in):
    earlier = making.survey(place.school, goal=place.goal, period="2025K2", closes_on=date(2025, 8, 1))
    form = making.questionnaire(earlier)
    making.four(form)
    form.questions.filter(code="effect").update(wording=2)
    rows = [{**one, "effect": one["goal"]} for one in making.spread("goal", 5, 5, 5, 1, 1)]
    making.answers(earlier, rows)
    keep_results(earlier)
    place.survey.previous = earlier
    place.survey.save()
    making.answers(place.survey, [{**one, "effect": one["goal"]} for one in making.spread("goal", 1, 1, 5, 15, 15)])
    text = page(sign_in, place.reader, place.survey)
    assert "Mål er højere end i 2. kvt. 2025" in text
    assert "2 målinger." in text
    assert "Effekt, middel og 95 pct.-interval" not in text  # only one of its times is the same question


def test_a_changed_question_says_so(place, sign_in):
    """Three times, the first with another wording: two are drawn."""
    chain = None
    for year in (2024, 2025, 2026):
        survey = place.survey
        if year < 2026:
            survey = making.survey(place.school, goal=place.goal, period=f"{year}K2", closes_on=date(year, 8, 1))
            making.four(making.questionnaire(survey))
        if year == 2024:
            survey.questionnaires.get().questions.filter(code="goal").update(wording=2)
        making.answers(survey, making.spread("goal", 2, 3, 5, 6, 4))
        survey.previous = chain
        survey.save()
        keep_results(survey)
        chain = survey
    text = page(sign_in, place.reader, place.survey)
    assert "Mål: ingen sikker ændring" in text
    assert "Vi sammenligner kun målinger med samme formulering." in text
    assert text.count('data-value="3.35"') == 2


# ---- files -----------------------------------------------------------------------------------------------------------


def lines(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_files_say_what_the_results_say_and_no_more(place, sign_in):
    answered(place)
    results = survey_results(place.survey)
    head, *rows = lines(page(sign_in, place.reader, place.survey, "resultater.csv"))
    assert head == ["Del", "Gruppe", "Kode", "Spørgsmål", "Størrelse", "Svar", "Værdi"]
    means = {row[1]: row[6] for row in rows if row[2] == "goal" and row[4] == "Middel"}
    assert means == {"": "3,37", "Nord": "3,40", "Midt": "3,30"}
    counts = [int(row[6]) for row in rows if row[:3] == ["Alle", "", "goal"] and row[4] == "Antal"]
    assert counts == [choice.count for choice in results.question("goal").choices]
    answered_by = [row[6] for row in rows if row[0] == "Gruppe" and row[4] == "Besvarelser"]
    assert answered_by == ["10", "10", "vises ikke", "vises ikke"]


def test_the_workbook_has_the_same_lines(place, sign_in):
    answered(place)
    _head, *rows = lines(page(sign_in, place.reader, place.survey, "resultater.csv"))
    content = sign_in(place.reader).get(f"/undersoegelser/{place.survey.pk}/resultater.xlsx").content
    _head, *cells = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    plain = [[f"{one:g}".replace(".", ",") if isinstance(one, float) else one for one in row] for row in cells]
    wanted = [[re.sub(r",?0+$", "", one) if re.fullmatch(r"\d+,\d+", one) else one for one in row] for row in rows]
    assert plain == wanted


def test_a_text_that_a_spreadsheet_would_compute(place, sign_in):
    place.survey.questionnaires.get().questions.filter(code="goal").update(text={"da": "=1+1"})
    answered(place)
    rows = lines(page(sign_in, place.reader, place.survey, "resultater.csv"))
    assert {row[3] for row in rows if row[2] == "goal"} == {"'=1+1"}


# ---- bounds ----------------------------------------------------------------------------------------------------------


def test_the_page_takes_twelve_queries_at_any_size(place, sign_in):
    counts = []
    for questions in (3, 60):
        survey = making.survey(place.school, goal=place.goal)
        form = making.questionnaire(survey)
        for at in range(questions):
            making.question(form, f"q{at}", assesses=Assesses.GOAL if at < 2 else "")
            series = factories.series(factories.indicator(place.authority), place.school)
            making.measures(survey, series, f"q{at}")
        for at in range(questions // 3):
            making.answers(survey, making.spread("q0", 3, 4, 5), group=making.group(survey, f"g{at}"))
        write_measures(survey, by=place.manager, now=factories.NOW)  # as closing does
        client = sign_in(place.manager)
        client.get("/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/undersoegelser/{survey.pk}/").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 12, counts


def test_texts_are_escaped(place, sign_in):
    bad = "<script>alert(1)</script>"
    form = making.questionnaire(place.survey, 2)
    making.question(form, "goal", assesses=Assesses.GOAL, text={"da": bad}, scale=[{"da": bad}] * 5)
    options = [{"code": code, "text": {"da": bad}} for code in "ab"]
    making.question(form, "en", QuestionKind.SINGLE, options)
    making.group(place.survey, "nord", name=bad)
    making.answers(place.survey, [{"goal": value, "en": "ab"[int(value) % 2]} for value in "12345" * 4])
    text = html(sign_in(place.reader).get(f"/undersoegelser/{place.survey.pk}/"))
    assert bad not in text
    assert "&lt;script&gt;" in text


def test_later_apps_add_their_panels(place, sign_in, monkeypatch):
    monkeypatch.setitem(additions._panels, "citizens:survey_detail", [])
    panel = Panel("components/_pagination.html", lambda request: {"pk": request.resolver_match.kwargs["pk"]})
    add_panel("citizens:survey_detail", panel)
    shown = sign_in(place.reader).get(f"/undersoegelser/{place.survey.pk}/").context["panels"]
    assert shown == [{"template": "components/_pagination.html", "pk": place.survey.pk}]


def test_many_questions_go_down_and_groups_across(place, sign_in):
    form = making.questionnaire(place.survey, 2)
    for at in range(12):
        making.question(form, f"q{at}")
    for code in ("nord", "syd"):
        making.answers(place.survey, making.spread("q3", 3, 4, 5), group=making.group(place.survey, code))
    text = page(sign_in, place.reader, place.survey)
    table = text[text.index('id="grupper"') :]
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)<', table) == ["Spørgsmål", "Nord", "Syd"]
    assert re.search(r'<th scope="row">Spørgsmål q3</th><td[^>]*><span>2,17</span></td>', table)
