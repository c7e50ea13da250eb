"""The files of open data, read back by independent readers."""

import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pyjstat import pyjstat

from organisation.models import Authority
from reports.views import opendata
from tests import factories
from tests.reports.opendata import body_of, get, lines_of, open_town, values_in, with_numbers

EXAMPLES = Path(settings.BASE_DIR) / "tests" / "data" / "jsonstat-px"


@pytest.fixture
def it(db):
    return with_numbers(open_town())


def test_the_page_says_what_there_is(it):
    page = get("/data/").content.decode()
    assert "2 serier" in page and "CC BY 4.0" in page and f"Kilde: {it.authority.name}, Åbne mål." in page
    assert f"/data/serier/{it.series.pk}.csv" in page


def test_search_narrows_the_series(it):
    page = get("/data/?q=fravær").content.decode()
    assert f"/data/serier/{it.series.pk}.csv" in page and f"/data/serier/{it.price.pk}.csv" not in page
    assert "Ingen indikatorer hedder noget med" in get("/data/?q=zzz").content.decode()


# ---- CSV -------------------------------------------------------------------------------------------------------------


def test_csv_has_a_line_for_each_approved_number(it):
    lines = lines_of(f"/data/serier/{it.series.pk}.csv")
    assert [line["Periode"] for line in lines] == ["2025K4", "2026K1", "2026K2", "2026K3"]
    first, _second, missing, zero = lines
    assert (first["Værdi"], first["Tæller"], first["Nævner"]) == ("12,0", "12", "100")
    assert (first["Første dag"], first["Sidste dag"]) == ("2025-10-01", "2025-12-31")
    assert (missing["Værdi"], missing["Grundkode"], missing["Hvorfor intet tal"]) == (
        "", "not_reported", "ikke indberettet"
    )  # fmt: skip
    assert (zero["Værdi"], zero["Grundkode"]) == ("0,0", "")


def test_csv_shows_a_correction_with_both_numbers(it):
    (line,) = lines_of(f"/data/serier/{it.price.pk}.csv")
    assert (line["Værdi"], line["Rettet"], line["Værdi før rettelsen"]) == ("1250,25", "ja", "1234,50")


def test_csv_is_what_a_danish_spreadsheet_opens(it):
    body = body_of(get("/data/tal.csv"))
    assert body.startswith(b"\xef\xbb\xbf") and b"\r\n" in body
    assert "'=Pris pr. elev" in body.decode("utf-8-sig")  # a spreadsheet would compute it


def test_bulk_holds_exactly_the_lines_of_each_series(it):
    apart = [line for series in (it.series, it.price) for line in lines_of(f"/data/serier/{series.pk}.csv")]
    assert sorted(map(str, lines_of("/data/tal.csv"))) == sorted(map(str, apart))


@pytest.mark.parametrize(
    ("query", "periods"),
    [
        ("?fra=2026", {"2026K1", "2026K2", "2026K3"}),
        ("?til=2025-12-31", {"2025K4"}),
        ("?fra=2026K2&til=2026K2", {"2026K2"}),
        ("?fra=2030", set()),
    ],
)
def test_some_periods_only(it, query, periods):
    assert {line["Periode"] for line in lines_of(f"/data/serier/{it.series.pk}.csv{query}")} == periods


@pytest.mark.parametrize("path", ["/data/tal.csv?fra=i+går", "/data/serier.csv?til=99", "/data/tal.xlsx?fra=2026X1"])
def test_days_that_cannot_be_read_are_refused(it, path):
    answer = get(path)
    assert answer.status_code == 422
    assert "Vi kan ikke læse" in answer.content.decode()


def test_the_description_names_every_column_and_the_terms(it):
    about = json.loads(get(f"/data/serier/{it.series.pk}-om.json").content)
    body = body_of(get(f"/data/serier/{it.series.pk}.csv")).decode("utf-8-sig")
    assert [column["titles"] for column in about["tableSchema"]["columns"]] == body.splitlines()[0].split(";")
    assert about["url"] == f"http://testserver/data/serier/{it.series.pk}.csv"
    assert about["dc:license"]["@id"].startswith("https://creativecommons.org/licenses/by/4.0")
    assert about["dc:description"] == "Elever med over 10 pct. fravær"
    assert about["dialect"]["delimiter"] == ";"
    assert 'rel="describedby"' in get(f"/data/serier/{it.series.pk}.csv").headers["Link"]


def test_the_list_of_series_has_definition_source_and_terms(it):
    lines = {line["Serie"]: line for line in lines_of("/data/serier.csv")}
    line = lines[str(it.series.pk)]
    assert (line["Definition"], line["Kilde"], line["Vilkår"]) == (
        "Elever med over 10 pct. fravær", "Skolernes system", "CC BY 4.0"
    )  # fmt: skip
    about = json.loads(get("/data/serier-om.json").content)
    assert [column["titles"] for column in about["tableSchema"]["columns"]] == list(line)


def test_own_terms_of_an_indicator_go_before_the_authoritys(it):
    it.share.licence = "Statistikbankens vilkår"
    it.share.save()
    about = json.loads(get(f"/data/serier/{it.series.pk}-om.json").content)
    assert about["dc:license"] == "Statistikbankens vilkår"
    cube = json.loads(get(f"/data/serier/{it.series.pk}.json").content)
    assert cube["extension"]["license"]["name"] == "Statistikbankens vilkår"


# ---- JSON-stat -------------------------------------------------------------------------------------------------------


def check_cube(cube):
    """What JSON-stat 2.0 asks of a dataset, by hand."""
    assert (cube["version"], cube["class"]) == ("2.0", "dataset")
    assert len(cube["id"]) == len(cube["size"]) == len(cube["dimension"])
    cells = 1
    for name, size in zip(cube["id"], cube["size"], strict=True):
        category = cube["dimension"][name]["category"]
        assert len(category["index"]) == len(set(category["index"])) == size
        assert set(category.get("label", category["index"])) == set(category["index"])
        assert set(category.get("unit", {})) <= set(category["index"])
        cells *= size
    assert len(cube["value"]) == cells
    assert all(value is None or isinstance(value, int | float) for value in cube["value"])
    assert all(0 <= int(at) < cells for at in cube.get("status", {}))
    roles = [name for names in cube.get("role", {}).values() for name in names]
    assert len(roles) == len(set(roles)) and set(roles) <= set(cube["id"])


def test_a_cube_is_sound(it):
    check_cube(json.loads(get(f"/data/serier/{it.series.pk}.json").content))
    check_cube(json.loads(get(f"/data/indikatorer/{it.share.pk}.json").content))


def test_a_cube_is_built_as_those_of_statistics_offices(it):
    """Top-level members of the real files are there, and of the same type."""
    theirs = json.loads((EXAMPLES / "ssb_12134_jsonstat2.json").read_bytes())
    ours = json.loads(get(f"/data/serier/{it.series.pk}.json").content)
    for key in ("version", "class", "label", "id", "size", "dimension", "value"):
        assert type(ours[key]) is type(theirs[key]), key
    for cube in (theirs, ours):
        for name in cube["id"]:
            assert {"label", "category"} <= set(cube["dimension"][name])


def test_a_cube_is_read_by_pyjstat(it):
    text = get(f"/data/serier/{it.series.pk}.json").content.decode()
    frame = pyjstat.Dataset.read(text).write("dataframe")
    assert list(frame["Periode"]) == ["4. kvartal 2025", "1. kvartal 2026", "2. kvartal 2026", "3. kvartal 2026"]
    assert list(frame["value"].dropna()) == [12, 10, 0]


def test_a_missing_number_says_why_in_the_status(it):
    cube = json.loads(get(f"/data/serier/{it.series.pk}.json").content)
    assert cube["value"] == [12, 10, None, 0] and cube["status"] == {"2": "not_reported"}
    assert cube["extension"]["statusLabel"] == {"not_reported": "ikke indberettet"}
    assert cube["dimension"]["indikator"]["category"]["unit"] == {"fravaer": {"decimals": 1, "label": "pct."}}


def test_the_cube_of_an_indicator_has_every_unit_and_period(it):
    other = factories.series(it.share, it.other_school, it.below)
    factories.measurement(other, "2026K1", 20, numerator=20, denominator=100)
    cube = json.loads(get(f"/data/indikatorer/{it.share.pk}.json").content)
    check_cube(cube)
    assert cube["size"] == [1, 2, 4]
    names, rows = cube["dimension"]["enhed"]["category"]["label"].values(), (cube["value"][:4], cube["value"][4:])
    rows = dict(zip(names, rows, strict=True))
    assert rows == {"Bakkeskolen": [12, 10, None, 0], "Elmeskolen": [None, 20, None, None]}


def test_bulk_json_has_a_cube_for_each_series(it):
    bundle = zipfile.ZipFile(io.BytesIO(body_of(get("/data/jsonstat.zip"))))
    assert set(bundle.namelist()) == {f"{it.series.pk}.json", f"{it.price.pk}.json"}
    for name in bundle.namelist():
        cube = json.loads(bundle.read(name))
        check_cube(cube)
        alone = json.loads(get(f"/data/serier/{name}").content)
        del alone["updated"]
        assert cube == alone


def test_the_collection_leads_to_every_cube(it):
    listed = json.loads(get("/data/serier.json").content)
    assert (listed["version"], listed["class"]) == ("2.0", "collection")
    for item in listed["link"]["item"]:
        assert json.loads(get(item["href"].removeprefix("http://testserver")).content)["label"] == item["label"]


# ---- XLSX ------------------------------------------------------------------------------------------------------------


def test_the_workbook_has_numbers_and_what_they_are(it):
    book = load_workbook(io.BytesIO(body_of(get(f"/data/serier/{it.series.pk}.xlsx"))))
    assert book.sheetnames == ["Om tallene", "Tal"]
    about = {row[0].value: row[1].value for row in book["Om tallene"].iter_rows()}
    assert about["Definition"] == "Elever med over 10 pct. fravær"
    assert about["Vilkår"].startswith("CC BY 4.0") and about["Sådan henviser du"].startswith("Kilde:")
    heads, *rows = book["Tal"].iter_rows(values_only=True)
    lines = lines_of(f"/data/serier/{it.series.pk}.csv")
    assert list(heads) == list(lines[0])
    value = heads.index("Værdi")
    assert [row[value] for row in rows] == [12, 10, None, 0]
    assert rows[0][heads.index("Sidste dag")].isoformat() == "2025-12-31T00:00:00"


def test_a_workbook_of_too_many_numbers_is_refused_and_says_what_to_do(it, monkeypatch):
    monkeypatch.setattr(opendata, "MOST_IN_WORKBOOK", 4)
    answer = get("/data/tal.xlsx")
    assert (answer.status_code, "tal.csv" in answer.content.decode()) == (422, True)
    assert get("/data/tal.xlsx?fra=2026K2").status_code == 200


def test_the_workbook_leaves_formulas_texts(it):
    book = load_workbook(io.BytesIO(body_of(get(f"/data/serier/{it.price.pk}.xlsx"))))
    cell = book["Tal"]["C2"]
    assert (cell.value, cell.data_type) == ("=Pris pr. elev", "s")


def test_the_same_numbers_give_the_same_bytes(it):
    for path in ("/data/tal.xlsx", "/data/jsonstat.zip", "/data/tal.csv", "/data/katalog.ttl"):
        assert body_of(get(path)) == body_of(get(path)), path


# ---- addresses -------------------------------------------------------------------------------------------------------

FILES = ("tal.csv", "tal-om.json", "tal.xlsx", "jsonstat.zip", "serier.csv", "serier-om.json", "serier.json",
         "katalog.ttl", "katalog.jsonld")  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_has_not_changed_is_not_sent_again(it, name):
    first = get(f"/data/{name}")
    again = get(f"/data/{name}", if_none_match=first.headers["ETag"])
    assert (first.status_code, again.status_code) == (200, 304)
    assert body_of(again) == b"" and again.headers["ETag"] == first.headers["ETag"]
    if name.startswith("tal") or name == "jsonstat.zip":
        factories.measurement(it.price, "2026K2", 5)
        assert name == "tal-om.json" or get(f"/data/{name}", if_none_match=first.headers["ETag"]).status_code == 200


@pytest.mark.parametrize("name", ["", "api/", *FILES])
def test_open_data_know_nobody(it, name, sign_in):
    answer = get(f"/data/{name}")
    known = sign_in(it.consultant).get(f"/data/{name}")
    assert answer.cookies == {} and known.cookies == {}
    assert body_of(answer) == body_of(known)
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize("name", FILES)
def test_files_may_be_read_from_other_sites(it, name):
    assert get(f"/data/{name}").headers["Access-Control-Allow-Origin"] == "*"


def test_last_modified_is_when_a_number_was_last_written(it):
    assert get(f"/data/serier/{it.series.pk}.csv").headers["Last-Modified"] == "Tue, 21 Jul 2026 07:00:00 GMT"
    assert get(f"/data/serier/{it.price.pk}.csv").headers["Last-Modified"] == "Mon, 10 Aug 2026 07:00:00 GMT"


def test_nothing_is_found_while_the_portal_is_closed(it):
    Authority.objects.update(is_portal_open=False)
    for name in ("", "api/", *FILES, f"serier/{it.series.pk}.csv", f"indikatorer/{it.share.pk}.json"):
        assert get(f"/data/{name}").status_code == 404


@pytest.mark.parametrize("path", ["serier/{}.csv", "serier/{}.json", "serier/{}.xlsx", "serier/{}-om.json"])
def test_an_unknown_series_is_not_found(it, path):
    assert get("/data/" + path.format(999_999_999)).status_code == 404


def test_each_authority_has_its_own_addresses(it):
    other = with_numbers(open_town())
    assert get("/data/").status_code == 404  # whose?
    for mine, theirs in ((it, other), (other, it)):
        home = f"/m/{mine.authority.code}/data/"
        assert {line["Serie"] for line in lines_of(f"{home}tal.csv")} == {str(mine.series.pk), str(mine.price.pk)}
        assert get(f"{home}serier/{theirs.series.pk}.csv").status_code == 404
        assert get(f"{home}indikatorer/{theirs.share.pk}.json").status_code == 404
        assert theirs.authority.name not in get(f"{home}katalog.ttl").getvalue().decode()
        about = json.loads(get(f"{home}serier/{mine.series.pk}-om.json").content)
        assert about["url"] == f"http://testserver{home}serier/{mine.series.pk}.csv"


def test_a_host_name_shows_only_its_own(it):
    other = with_numbers(open_town(host_name="maal.example.dk"))
    settings.ALLOWED_HOSTS.append("maal.example.dk")
    answer = Client().get("/data/tal.csv", headers={"host": "maal.example.dk"})
    assert {line.split(";")[0] for line in body_of(answer).decode().splitlines()[1:]} == {
        str(other.series.pk), str(other.price.pk)
    }  # fmt: skip
    assert Client().get(f"/m/{it.authority.code}/data/", headers={"host": "maal.example.dk"}).status_code == 404


# ---- size ------------------------------------------------------------------------------------------------------------


def count(path):
    with CaptureQueriesContext(connection) as queries:
        body_of(get(path))
    return len(queries)


@pytest.mark.parametrize("name", ["", "tal.csv", "tal.xlsx", "jsonstat.zip", "serier.csv", "katalog.ttl"])
def test_queries_do_not_grow_with_the_series(it, name):
    few = count(f"/data/{name}")
    for number in range(30):
        indicator = factories.indicator(it.authority, name=f"Indikator {number:02}")
        for unit in (it.school, it.department):
            series = factories.series(indicator, unit, it.goal)
            factories.measurement(series, "2026K1", number)
    assert count(f"/data/{name}") <= few


def test_an_excel_reader_gets_numbers_not_texts(it):
    assert values_in("/data/tal.csv")[("Byrådet", "2026K1")] == "1250,25"
    assert Decimal(values_in("/data/tal.csv")[("Byrådet", "2026K1")].replace(",", ".")) == Decimal("1250.25")


def test_an_amount_says_which_kroner_it_is_in(it):
    it.cost.price_level, it.cost.price_year = "fixed", 2026
    it.cost.save()
    said = {line["Indikatorkode"]: (line["Prisniveau"], line["Prisår"]) for line in lines_of("/data/tal.csv")}
    assert said == {"pris": ("fixed", "2026"), "fravaer": ("", "")}
    told = get(f"/data/serier/{it.price.pk}.json").json()
    assert "kr., faste priser, 2026-niveau" in str(told["dimension"]["indikator"])
    assert get(f"/api/v1/series/{it.price.pk}").json()["price_year"] == 2026
    book = load_workbook(io.BytesIO(body_of(get(f"/data/serier/{it.price.pk}.xlsx"))))
    head, *rows = book["Tal"].iter_rows(values_only=True)
    assert {row[-2:] for row in rows} == {("fixed", 2026)} and head[-2:] == ("Prisniveau", "Prisår")
