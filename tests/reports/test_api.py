"""The API: what it answers, in parts, again, too often, and to nonsense."""

import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goals.kinds import GoalState
from goals.models import GoalSeries
from organisation.models import Authority
from reports.api.access import MOST, limiter
from reports.models import Edition, EditionFile, Report
from reports.views.opendata import ADDRESSES
from tests import factories
from tests.reports.opendata import get, open_town, with_numbers

API = "/api/v1"
PROBLEM = "application/problem+json"


@pytest.fixture
def it(db):
    limiter.forget()
    return with_numbers(open_town())


def api(path, **headers):
    answer = get(f"{API}{path}", **headers)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


# ---- what it says ----------------------------------------------------------------------------------------------------


def test_it_begins_with_the_addresses_of_the_rest(it):
    assert api("/")["openapi"] == "http://testserver/api/v1/openapi.json"


def test_an_authority_with_its_terms(it):
    (told,) = api("/authorities")
    assert told == api(f"/authorities/{it.authority.code}")
    assert (told["code"], told["name"]) == (it.authority.code, it.authority.name)
    assert told["licence"]["name"] == "CC BY 4.0" and told["data"] == "http://testserver/data/"


def test_a_goal_with_light_and_links(it):
    helped = factories.goal(it.department)
    it.below.contributions.create(to_goal=helped)
    told = api(f"/goals/{it.below.pk}")
    assert (told["title"], told["parent"], told["contributes_to"]) == (it.below.title, it.goal.pk, [helped.pk])
    assert (told["light"], told["series"]) == ({"key": "reached", "word": "Nået"}, [it.series.pk])
    assert told["unit"] == {
        "id": it.school.pk, "code": it.school.code, "name": "Bakkeskolen", "level": "institution"
    }  # fmt: skip
    assert api(f"/goals/{it.goal.pk}")["why"] == "Fravær koster læring"
    assert get(told["page"].removeprefix("http://testserver")).status_code == 200


def test_a_closed_goal_has_no_light(it):
    closed = factories.goal(it.council, state=GoalState.CLOSED)
    told = api(f"/goals/{closed.pk}")
    assert (told["state"], told["light"], told["closed_on"]) == ("closed", None, "2026-01-28")


def test_series_and_values(it):
    told = api(f"/series/{it.series.pk}")
    assert told["baseline"] == {"period": "2025K4", "value": 12.0}
    assert told["targets"] == [{"period": "2028K4", "value": 8.0, "low": None, "high": None}]
    assert told["files"]["csv"] == f"http://testserver/data/serier/{it.series.pk}.csv"
    values = api(f"/series/{it.series.pk}/values")
    assert [(one["period"], one["value"], one["missing"]) for one in values] == [
        ("2025K4", 12.0, ""), ("2026K1", 10.0, ""), ("2026K2", None, "not_reported"), ("2026K3", 0.0, "")
    ]  # fmt: skip
    assert (values[0]["numerator"], values[0]["denominator"], values[0]["first"]) == (12.0, 100.0, "2025-10-01")
    assert [one for one in api("/values?limit=500")["items"] if one["series"] == it.series.pk] == values


def test_a_corrected_number_has_both(it):
    (told,) = api(f"/series/{it.price.pk}/values")
    assert (told["value"], told["is_corrected"], told["corrected_from"]) == (1250.25, True, 1234.5)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/goals?unit={school}", 1),
        ("/goals?parent={goal}", 1),
        ("/goals?q=følger", 1),
        ("/goals?q=zzz", 0),
        ("/indicators?q=fravær", 1),
        ("/series?unit={school}", 1),
        ("/series?indicator={share}", 1),
        ("/series?goal={goal}", 1),
        ("/values?unit={school}&from=2026-01-01", 3),
        ("/values?series_=1&goal={goal}", 1),
        ("/values?to=2025-12-31", 1),
        ("/decisions?body={council}", 1),
        ("/decisions?body={school}", 0),
    ],
)
def test_choosing(it, path, found):
    names = {name: getattr(it, name).pk for name in ("school", "goal", "share", "council")}
    assert api(path.format(**names))["count"] == found


def test_published_reports_with_the_codes_of_their_files(it):
    round_ = factories.round_(it.committee)
    at = datetime(2026, 9, 3, tzinfo=UTC)
    report = Report.objects.create(round=round_, state="published", approved_by=it.director, approved_at=at)
    edition = Edition.objects.create(
        report=report, number=1, content="{}", sha256="c" * 64, published_by=it.director, published_at=at
    )
    EditionFile.objects.create(edition=edition, kind="pdf", data=b"%PDF", sha256="d" * 64)
    (told,) = api("/reports")["items"]
    assert (told["period"], told["sha256"], told["files"]) == (
        "2026K2", "c" * 64, [{"kind": "pdf", "sha256": "d" * 64, "url": told["files"][0]["url"]}]
    )  # fmt: skip
    assert get(told["files"][0]["url"].removeprefix("http://testserver")).content == b"%PDF"
    Edition.objects.update(withdrawn_at=at, withdrawn_by=it.director, withdrawn_reason="Fejl")
    assert api("/reports")["items"] == []


# ---- parts -----------------------------------------------------------------------------------------------------------


def test_following_next_gives_everything_once(it):
    for number in range(7):
        factories.goal(it.council, rank=number + 2)
    every = [one["id"] for one in api("/goals?limit=500")["items"]]
    found, path = [], "/goals?limit=4"
    while path:
        part = api(path)
        found += [one["id"] for one in part["items"]]
        path = part["next"] and part["next"].removeprefix(f"http://testserver{API}")
    assert found == every and part["count"] == len(every) == 9
    assert part["previous"].endswith("offset=4")


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "offset=-1", "limit=mange", "unit=0", f"unit={10**20}"])
def test_what_cannot_be_read_is_told(it, query):
    answer = get(f"{API}/goals?{query}")
    told = json.loads(answer.content)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, PROBLEM)
    assert told["errors"][0]["field"] == query.partition("=")[0]
    assert told["detail"] and told["detail_en"]


def test_fifty_unless_asked(it):
    assert api("/goals")["limit"] == 50


# ---- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/goals/999999", "/series/999999", "/series/999999/values", "/indicators/999999", "/authorities/000",
             "/goals?authority=000", "/findes/ikke"]
)  # fmt: skip
def test_not_found_in_both_languages(it, path):
    answer = get(f"{API}{path}")
    told = json.loads(answer.content)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)
    assert (told["status"], told["title"], told["title_en"]) == (404, "Findes ikke", "Not found")


@pytest.mark.parametrize("path", ["/goals/0", "/goals/x", "/goals/99999999999999999999"])
def test_a_number_that_is_none_is_refused(it, path):
    assert get(f"{API}{path}").status_code == 422


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_read_only(it, method):
    answer = getattr(Client(enforce_csrf_checks=True), method)(f"{API}/goals")
    assert (answer.status_code, answer.headers["Content-Type"]) == (405, PROBLEM)
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_several_authorities_ask_for_one(it):
    open_town()
    answer = get(f"{API}/goals")
    assert (answer.status_code, json.loads(answer.content)["title_en"]) == (404, "Choose an authority")
    assert api(f"/goals?authority={it.authority.code}")["count"] == 2
    assert api(f"/goals/{it.goal.pk}")["authority"] == it.authority.code


def test_a_closed_portal_answers_nothing(it):
    Authority.objects.update(is_portal_open=False)
    assert api("/authorities") == []
    for path in ("/goals", f"/goals/{it.goal.pk}", "/values", f"/series/{it.series.pk}/values", "/decisions"):
        assert get(f"{API}{path}").status_code == 404


# ---- headers ---------------------------------------------------------------------------------------------------------

PATHS = ("/", "/authorities", "/goals", "/indicators", "/series", "/values", "/decisions", "/reports", "/openapi.json")


@pytest.mark.parametrize("path", PATHS)
def test_not_sent_again_and_open_to_other_sites(it, path):
    first = get(f"{API}{path}")
    again = get(f"{API}{path}", if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["Access-Control-Allow-Origin"] == again.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in first.headers


def test_a_changed_number_is_sent(it):
    path = f"{API}/series/{it.series.pk}/values"
    first = get(path)
    assert first.headers["Last-Modified"] == "Tue, 21 Jul 2026 07:00:00 GMT"
    factories.correction(it.zero, 5)
    changed = get(path, if_none_match=first.headers["ETag"])
    assert changed.status_code == 200
    assert changed.headers["Last-Modified"] == "Mon, 10 Aug 2026 07:00:00 GMT"


@pytest.mark.parametrize("path", PATHS)
def test_it_knows_nobody(it, path, sign_in):
    known = sign_in(it.consultant).get(f"{API}{path}")
    assert known.cookies == {} and "Cookie" not in known.headers.get("Vary", "")
    assert known.content == get(f"{API}{path}").content


def test_only_reading_is_offered_to_other_sites(it):
    answer = Client().options(f"{API}/goals", headers={"origin": "https://example.dk"})
    assert answer.status_code == 204 and "POST" not in answer.headers["Access-Control-Allow-Methods"]


def test_head_is_answered_without_a_body(it):
    answer = Client().head(f"{API}/goals")
    assert (answer.status_code, answer.content) == (200, b"") and answer.headers["ETag"]


def test_too_many_calls_are_told_to_wait(it, monkeypatch):
    monkeypatch.setattr(limiter, "clock", lambda: 1000.0)
    limiter.forget()
    answers = [get(f"{API}/") for _ in range(MOST + 1)]
    assert [answer.status_code for answer in answers[:MOST]] == [200] * MOST
    told = json.loads(answers[-1].content)
    assert answers[-1].status_code == 429 and answers[-1].headers["Retry-After"] == "10"
    assert told["detail"] == "For mange kald. Højst 60 i minuttet. Prøv igen om 10 sekunder."
    limiter.forget()
    assert get(f"{API}/").status_code == 200


# ---- the description -------------------------------------------------------------------------------------------------


def test_the_page_lists_exactly_what_the_description_has(it):
    paths = api("/openapi.json")["paths"]
    described = {
        path.removeprefix("/api/v1"): {one["name"] for one in operation["get"]["parameters"] if one["in"] == "query"}
        for path, operation in paths.items()
    }
    del described["/"]
    assert {one.path: set(one.parameters) for one in ADDRESSES} == described
    page = get("/data/api/").content.decode()
    assert all(one.path in page for one in ADDRESSES)


def test_the_description_has_examples_and_every_error(it):
    for operation in (path["get"] for path in api("/openapi.json")["paths"].values()):
        assert operation["summary"]
        for status in ("404", "422", "429"):
            if status in operation["responses"]:
                assert operation["responses"][status]["content"][PROBLEM]["example"]["status"] == int(status)
        assert {"200", "304"} <= set(operation["responses"])
        assert "ETag" in operation["responses"]["200"]["headers"]


def test_no_page_of_the_api_needs_a_script_from_elsewhere(it):
    page = get("/data/api/").content.decode()
    hosts = {urlsplit(part.split('"')[0]).netloc for part in page.split('="')[1:] if part.startswith("http")}
    assert "<script" not in page and hosts <= {"testserver"}


# ---- size ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/goals", "/series", "/values", "/indicators", "/decisions", "/reports"])
def test_queries_do_not_grow_with_the_rows(it, path):
    few = queries(path)
    for number in range(20):
        goal = factories.goal(it.school, it.goal)
        it.below.contributions.create(to_goal=goal)
        indicator = factories.indicator(it.authority, name=f"Indikator {number}")
        series = factories.series(indicator, it.school, goal)
        GoalSeries.objects.create(goal=it.below, series=series)
        factories.measurement(series, "2026K1", number)
    assert queries(path) == few <= 16


def queries(path):
    with CaptureQueriesContext(connection) as seen:
        api(path)
    return len(seen)
