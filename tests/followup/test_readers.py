"""Tables as they come. The numbers asserted are those of tests/data/SOURCE.md and of the data's own README."""

import gc
import io
import json
import time
import weakref
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from django.conf import settings
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from followup.readers import Table, read_table
from goals.kinds import MissingReason
from organisation.danish import format_number
from organisation.sheets import FileProblem, read_sheets

COPIES = Path(__file__).parents[1] / "data"
SHARED = Path(settings.BASE_DIR).parent / "shared" / "data"
SKOLENKATEN = "se-skolenkaten/excelrapport-elever-grundskola-ak-8-2022.xlsx"
KOLADA = "se-kolada/kolada_values_14kpi.csv"
TORONTO = "survey-toronto/toronto_public_engagement_survey_cp1252.csv"
NYC = "us-nyc-mmr/nyc_mmr_indicators_shared_agencies.csv"
CODES = "dk-statbank-csv/FOLK1A_codes_12_areas.csv"


def table_in(folder: Path, name: str, **named) -> Table:
    path = folder / name
    return read_table(read_sheets(path.read_bytes(), path.name), **named)


def table_of(text: str, **named) -> Table:
    return read_table(read_sheets(text.encode(), "tal.csv"), **named)


def workbook_table(write, **named) -> Table:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        write(book.add_worksheet())
    return read_table(read_sheets(stream.getvalue(), "tal.xlsx"), **named)


def counts(table: Table) -> tuple[int, int, int]:
    return table.rows, table.totals.values, sum(table.totals.missing.values())


def rounded(total: Decimal, as_written: str) -> Decimal:
    return total.quantize(Decimal(as_written))


def found(table: Table, period: str, *labels: str, column: str | None = None) -> list[Decimal | None]:
    """The values of a period in the rows that have all these labels."""
    return [
        one.value
        for one in table.values()
        if one.period
        and one.period.code == period
        and set(labels) <= set(one.labels.values())
        and column in (None, one.column)
    ]


# Shapes: name, rows, numbers, missing, sum

WHOLE = [
    ("dk-statbank-xlsx/RAS200_employment_rate_2008-2017.xlsx", 116, 1160, 0, "84877.1"),
    ("dk-statbank-xlsx/INDKP107_income_2004-2017.xlsx", 115, 1610, 0, "546178955"),
    ("dk-statbank-xlsx/ARE207_area_2019.xlsx", 105, 105, 0, "128813.6"),
    ("dk-statbank-xlsx/FOLK1A_population_2008Q1-2022Q4.xlsx", 99, 5940, 0, "341203118"),
    ("dk-statbank-xlsx/PRIS111_da_missing-dots.xlsx", 1152, 36496, 368, "1315955.5"),
    ("dk-statbank-csv/FOLK1A_da_bom_hele_landet.csv", 52, 52, 0, "294206202"),
    ("dk-statbank-csv/FOLK1A_da_kommuner_2020K1.csv", 525, 525, 0, "34936578"),
    ("dk-statbank-api/data_STRAF42_csv_en.csv", 1, 1, 0, "233454"),
    ("dk-municipal-long/municipality_inequality_gini.csv", 1683, 1683, 0, "44109.95"),
    ("dk-codelists/kommunerne_region_latin1.csv", 97, 0, 0, "0"),
    ("dk-codelists/municipality_codes_lau1.csv", 99, 0, 0, "0"),
    ("dk-codelists/dst_kommunegrupper.csv", 103, 0, 0, "0"),
    ("dk-goals/randers_jobindsats_baseline.xlsx", 4, 4, 0, "5604.3"),
    ("dk-goals/randers_klimamonitor_maal.csv", 4, 4, 0, "11133.55"),
    ("sdg-uk-ons/data/indicator_5-5-1.csv", 130, 130, 0, "2120.8397"),
    ("sdg-uk-ons/data/indicator_16-1-1.csv", 363, 358, 5, "414.3526"),
    ("sdg-uk-ons/data/indicator_3-8-1.csv", 1, 0, 1, "0"),
    ("sdg-city-bristol/data/indicator_3-d-2.csv", 104, 104, 0, "475.7732"),
    ("sdg-city-bristol/data/indicator_16-1-4.csv", 148, 148, 0, "9798.8814"),
]
CUT = [
    (CODES, 312, 312, 0, "1653180"),
    (KOLADA, 827, 803, 24, "175084.34675840"),
    ("sdg-uk-ons/data/indicator_8-6-1.csv", 192, 192, 0, "2180.57071682453449"),
    (NYC, 68, 508, 36, "727919.4122400181025"),
    ("se-skolverket/grundskolan_elever_per_arskurs_2009.csv", 101, 1060, 455, "57705"),
    (SKOLENKATEN, 30, 939, 561, "299030.356"),
    (TORONTO, 97, 0, 0, "0"),
]
SHARED_ONLY = [
    (CODES, 31200, 31200, 0, "157511234"),
    ("dk-municipal-long/municipality_unemployment.csv", 1666, 1666, 0, "6875.7"),
    ("dk-municipal-long/municipality_population.csv", 1584, 1584, 0, "91245192.25"),
    ("se-kolada/kolada_kpi_metadata.csv", 5872, 0, 0, "0"),
    ("se-kolada/kolada_municipalities.csv", 312, 0, 0, "0"),
    (KOLADA, 82650, 79900, 2750, "16581377.2731"),
    ("sdg-uk-ons/data/indicator_8-6-1.csv", 1917, 1917, 0, "21736.3971"),
    ("sdg-uk-ons/data/indicator_1-2-1.csv", 294, 294, 0, "5482.7"),
    ("sdg-uk-ons/data/indicator_3-6-1.csv", 432, 432, 0, "1248.191"),
    ("sdg-uk-ons/data/indicator_11-6-2.csv", 842, 842, 0, "10939.65"),
    ("sdg-uk-ons/data/indicator_4-4-1.csv", 278, 278, 0, "12810.0"),
    ("sdg-uk-ons/data/indicator_12-6-1.csv", 89, 88, 1, "5675.0"),
    ("sdg-uk-ons/data/indicator_7-2-1.csv", 576, 576, 0, "250.3163"),
    ("sdg-city-bristol/data/indicator_4-1-1.csv", 102, 102, 0, "8282.0"),
    ("sdg-city-bristol/data/indicator_4-2-1.csv", 567, 567, 0, "45135.5"),
    ("sdg-city-bristol/data/indicator_8-5-1.csv", 233, 233, 0, "3385.0"),
]
shared_only = pytest.mark.skipif(not SHARED.is_dir(), reason="the whole files are not here")


@pytest.mark.parametrize(("name", "rows", "values", "missing", "total"), [*WHOLE, *CUT])
def test_copy_reads_to_its_counts_and_sum(name, rows, values, missing, total):
    table = table_in(COPIES, name)
    assert counts(table) == (rows, values, missing)
    assert rounded(table.totals.sum, total) == Decimal(total)


@shared_only
@pytest.mark.parametrize(("name", "rows", "values", "missing", "total"), [*WHOLE, *SHARED_ONLY])
def test_whole_file_reads_to_its_counts_and_sum(name, rows, values, missing, total):
    table = table_in(SHARED, name)
    assert counts(table) == (rows, values, missing)
    assert rounded(table.totals.sum, total) == Decimal(total)


@shared_only
@pytest.mark.parametrize(
    ("year", "rows", "total", "period"),
    [
        (2009, 4655, 891591, "2009/2010"),
        (2016, 4845, 1023772, "2016/2017"),
        (2022, 4719, 1111568, "2022/2023"),
    ],
)
def test_skolverket_totals(year, rows, total, period):
    name = f"se-skolverket/grundskolan_elever_per_arskurs_{year}.csv"
    table = table_in(SHARED, name, values=["Elever, årskurs 1-9"])
    assert table.rows == rows
    assert table.totals.sum == total
    assert table.periods == [period]


@shared_only
def test_every_open_sdg_file_is_read_whole():
    """Each row is a number, missing, or a problem; only ONS 3-8-1 (a sentence) and 5-5-1 (1974a, b) have problems."""
    problems = {}
    for path in sorted(SHARED.glob("sdg-*/data/*.csv")):
        table = table_in(SHARED, str(path.relative_to(SHARED)))
        assert (table.layout, table.period_column, table.value_columns) == ("long", "Year", ["Value"])
        assert table.totals.values + sum(table.totals.missing.values()) == table.rows
        problems |= {path.stem: table.totals.problems} if table.totals.problems else {}
    assert problems == {"indicator_3-8-1": 1, "indicator_5-5-1": 2}


@shared_only
def test_kolada_reasons():
    assert table_in(SHARED, KOLADA).totals.missing == {
        MissingReason.NOT_REPORTED: 1882,
        MissingReason.WITHHELD: 829,
        MissingReason.NOT_APPLICABLE: 39,
    }


@shared_only
def test_kolada_points():
    table = table_in(SHARED, KOLADA)
    assert found(table, "2023", "N15428", "0180", "T") == [Decimal("89.2288736")]
    assert found(table, "2023", "N11821", "1480", "T") == [Decimal("93.658959")]
    assert found(table, "2023", "U07417", "1280", "T") == [Decimal("6123.99311")]


@shared_only
def test_skolenkaten_marks_and_levels():
    """The source says six national rows; the workbook holds five and, at its end, an empty one."""
    table = table_in(SHARED, SKOLENKATEN)
    assert table.header_rows == 3
    texts = Counter(one.text for one in table.values() if one.missing)
    assert texts == {"-": 132119, "*": 46183, "**": 1426, "***": 98}
    levels = Counter((bool(one.labels["Orgnummer"]), bool(one.labels["Skolenhet"])) for one in table.values())
    columns = len(table.value_columns)
    assert levels == {(False, False): 5 * columns, (True, False): 330 * columns, (True, True): 839 * columns}
    huddinge = [one.value for one in table.values() if one.labels["Huvudman"] == "Huddinge kommun"]
    assert huddinge[:4] == [1041, 834, Decimal("0.801"), Decimal("6.1")]


@shared_only
def test_survey_answers():
    table = table_in(SHARED, TORONTO)
    ticked = next(name for name in table.headers if name.startswith("1.6"))
    assert table_in(SHARED, TORONTO, values=[ticked]).totals.sum == 533
    for start, answers in (
        ("3.1", {"strongly agree": 13, "agree": 163, "disagree": 170, "strongly disagree": 111, "": 255}),
        ("7.3", {"strongly agree": 331, "agree": 297, "disagree": 19, "strongly disagree": 18, "": 207}),
    ):
        name = next(name for name in table.headers if name.startswith(start))
        texts = Counter(one.text.casefold() for one in table_in(SHARED, TORONTO, values=[name]).values())
        assert {text: texts[text] for text in answers} == answers
    assert (table.rows, len(table.headers)) == (962, 100)


@shared_only
def test_new_york_years():
    table = table_in(SHARED, NYC)
    assert (table.rows, table.totals.values) == (544, 4017)
    assert rounded(table_in(SHARED, NYC, values=["2022"]).totals.sum, "0.01") == Decimal("5053457699.08")


@shared_only
def test_everything_else_is_no_table():
    others = [path for path in SHARED.rglob("*.*") if path.suffix in (".json", ".px", ".yml", ".md")]
    assert len(others) > 20
    for path in others:
        with pytest.raises(FileProblem) as caught:
            read_sheets(path.read_bytes(), path.name)
        assert caught.value.key == "not_a_table", path


# What is recognised


def test_statbank_workbook():
    table = table_in(COPIES, "dk-statbank-xlsx/RAS200_employment_rate_2008-2017.xlsx")
    assert (table.layout, table.header_rows, table.period_kind) == ("wide", 1, "year")
    assert table.label_columns == ["A", "B", "C", "D", "E"]
    assert table.periods == [str(year) for year in range(2008, 2018)]
    assert table.preamble[1] == "Units: per cent"
    points = {"Høje-Taastrup": "73.5", "Greve": "78.4", "Vejle": "76.2", "Odense": "67.2", "All Denmark": "73.6"}
    for area, value in points.items():
        assert found(table, "2017", "Employment rate", "Age, total", area) == [Decimal(value)]


def test_blocks_are_filled_down():
    table = table_in(COPIES, "dk-statbank-xlsx/PRIS111_da_missing-dots.xlsx")
    blocks = Counter(one.labels["A"] for one in table.values() if one.column == "2020M01")
    assert list(blocks.values()) == [384, 384, 384]
    assert table.totals.missing == {MissingReason.NOT_REPORTED: 368}
    assert [note.values for note in table.notes if note.key == "filled_down"] == [{"columns": ["A"]}]


def test_footnote_is_no_row():
    table = table_in(COPIES, "dk-statbank-xlsx/INDKP107_income_2004-2017.xlsx")
    assert table.footnotes[0].startswith("There is a databreak")
    assert found(table, "2016", "Greve") == [Decimal(406555)]


def test_codes_keep_their_zeros():
    table = table_in(COPIES, CODES)
    assert table.label_columns == ["OMRÅDE", "KØN", "ALDER"]
    assert (table.period_column, table.period_kind) == ("TID", "quarter")
    assert next(table.values()).labels == {"OMRÅDE": "000", "KØN": "1", "ALDER": "0"}


def test_school_years_and_two_value_columns():
    table = table_in(COPIES, "dk-uddannelsesstatistik/trivsel_fravaer_kommune_2019-2025.csv")
    assert (table.rows, table.period_kind, table.locale) == (1174, "school_year", "en")
    assert table.value_columns == ["fravaer_pct", "trivsel_score"]
    means = {}
    for column in table.value_columns:
        numbers = [one.value for one in table.values() if one.column == column and one.value is not None]
        means[column] = sum(numbers) / len(numbers)
    assert round(means["fravaer_pct"], 4) == Decimal("7.4486")
    assert round(means["trivsel_score"], 6) == Decimal("3.663971")
    assert found(table, "2024/2025", "Greve", "Mellemtrin")[0] == 9
    assert found(table, "2024/2025", "Høje-Taastrup", "Mellemtrin") == [Decimal("7.0"), Decimal("3.5444")]


def test_skolverket_preamble_footnotes_and_marks():
    table = table_in(COPIES, "se-skolverket/grundskolan_elever_per_arskurs_2009.csv")
    assert (table.header_rows, table.period_column, table.periods) == (1, None, ["2009/2010"])
    assert len(table.preamble) == 3
    assert len(table.headers) == 22
    assert len(table.label_columns) == 7
    assert table.totals.missing == {MissingReason.NOT_APPLICABLE: 368, MissingReason.NOT_REPORTED: 87}


def test_new_york_years_out_of_order():
    table = table_in(COPIES, NYC)
    assert (table.layout, table.periods[0], table.periods[-1]) == ("wide", "2016", "2023")
    assert table.value_columns == ["2019", "2023", "2016", "2021", "2018", "2017", "2020", "2022"]
    assert rounded(table_in(COPIES, NYC, values=["2022"]).totals.sum, "0.0001") == Decimal("75882.0108")


def test_three_stacked_header_rows():
    table = table_in(COPIES, SKOLENKATEN)
    assert table.header_rows == 3
    assert table.preamble == ["Skolenkäten 2022 - Elever årskurs 8"]
    assert table.label_columns == ["Orgnummer", "Huvudman", "Kommun", "Skolenhetskod", "Skolenhet"]
    question = "Hur ofta förklarar lärarna vad du ska göra på lektionerna så att du förstår?"
    assert f"{question} / Alltid / Andel" in table.headers
    assert "1. Information om utbildningen / Index" in table.headers
    # Levels are told by empty cells: nothing is filled down.
    assert Counter(bool(one.labels["Skolenhet"]) for one in table.values())[False] > 0
    assert table.totals.missing == {MissingReason.NOT_REPORTED: 414, MissingReason.WITHHELD: 147}


def test_sentence_for_a_year_is_reported():
    table = table_in(COPIES, "sdg-uk-ons/data/indicator_3-8-1.csv")
    ((line, problem),) = table.problems()
    assert (line, problem.key, problem.column) == (2, "period_unknown", "Year")
    assert problem.text == "There is no data for this indicator yet"


def test_numbers_kept_as_text():
    table = table_in(COPIES, "dk-goals/randers_jobindsats_baseline.xlsx")
    assert [one.value for one in table.values()] == [3500, 2100, Decimal("2.5"), Decimal("1.8")]


def test_danish_decimals_in_targets():
    table = table_in(COPIES, "dk-goals/randers_klimamonitor_maal.csv", period="mål_år", values=["mål_værdi"])
    assert found(table, "2030") == [9850, Decimal("0.30"), Decimal("0.25")]
    assert [problem.key for _, problem in table.problems()] == ["period_missing"]


def test_survey_columns_can_be_named():
    headers = table_in(COPIES, TORONTO).headers
    ticked = next(name for name in headers if name.startswith("1.6"))
    asked = next(name for name in headers if name.startswith("3.1"))
    table = table_in(COPIES, TORONTO, values=[ticked, asked])
    texts = Counter(one.text for one in table.values() if one.column == asked)
    assert texts["Neither agree nor disagree"] == 35 and texts[""] == 25
    assert table.totals.sum == 56


# Small tables


def test_stacked_headings_without_merged_cells():
    table = table_of("Sted;2023;;2024;\n;K1;K2;K1;K2\nGreve;1;2;3;4\nVejle;5;6;7;8\n")
    assert table.header_rows == 2
    assert table.headers == ["Sted", "2023 / K1", "2023 / K2", "2024 / K1", "2024 / K2"]
    first = next(table.values())
    assert (first.period.code, first.measure) == ("2023", "K1")


def test_years_below_groups():
    table = table_of("Sted;Mænd;;Kvinder;\n;2023;2024;2023;2024\nGreve;1;2;3;4\nVejle;5;6;7;8\n")
    assert (table.layout, table.periods) == ("wide", ["2023", "2024"])
    assert [(one.measure, one.period.code, one.value) for one in table.values()][:4] == [
        ("Mænd", "2023", 1),
        ("Mænd", "2024", 2),
        ("Kvinder", "2023", 3),
        ("Kvinder", "2024", 4),
    ]


def test_cells_merged_downward_count_for_each_row():
    def write(sheet):
        sheet.write_row(0, 0, ["Område", "Sted", "År", "Værdi"])
        sheet.merge_range(1, 0, 2, 0, "Skole")
        sheet.write_row(1, 1, ["Nord", 2023, 1])
        sheet.write_row(2, 1, ["Syd", 2023, 2])
        sheet.write_row(3, 0, ["Ældre", "Nord", 2023, 3])

    assert [one.labels["Område"] for one in workbook_table(write).values()] == ["Skole", "Skole", "Ældre"]


def test_blank_label_in_a_long_table_stays_blank():
    table = table_of("År,Sted,Værdi\n2023,Greve,1\n2023,,2\n")
    assert [one.labels["Sted"] for one in table.values()] == ["Greve", ""]


def test_row_beyond_the_headings_is_reported():
    table = table_of("Sted,2023\nGreve,1,5\nVejle,2\nOdense,3\n")
    ((line, problem),) = table.problems()
    assert (line, problem.key, problem.text) == (2, "row_too_wide", "5")


def test_column_decides_what_a_year_and_two_digits_is():
    months = table_of("Periode;Værdi\n2011-12;1\n2012-01;2\n2012-02;3\n")
    years = table_of("Periode;Værdi\n2011-12;1\n2012-13;2\n")
    neither = table_of("Periode;Værdi\n2011-12;1\n2010-11;2\n")
    assert (months.period_kind, years.period_kind) == ("month", "school_year")
    assert [problem.key for _, problem in neither.problems()] == ["period_ambiguous"] * 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", MissingReason.NOT_REPORTED),
        ("..", MissingReason.NOT_REPORTED),
        (":", MissingReason.NOT_REPORTED),
        ("NA", MissingReason.NOT_REPORTED),
        ("-", MissingReason.NOT_REPORTED),
        (".", MissingReason.NOT_APPLICABLE),
        ("*", MissingReason.WITHHELD),
        ("**", MissingReason.WITHHELD),
        ("***", MissingReason.WITHHELD),
        ("<10", MissingReason.WITHHELD),
        ("~100", MissingReason.WITHHELD),
    ],
)
def test_marks_have_reasons_and_are_never_zero(text, reason):
    table = table_of(f"Sted;2023;2024\nGreve;{text};0\nVejle;1;2\n")
    first, zero, *_ = table.values()
    assert (first.value, first.missing, first.problem) == (None, reason, None)
    assert (zero.value, zero.missing) == (0, None)


def test_dash_is_zero_when_the_file_says_so():
    text = "Sted;2023\nGreve;-\nVejle;1\n"
    assert table_of(text).totals.values == 1
    assert table_of(text, dash="zero").totals.values == 2
    assert "dash_missing" in [note.key for note in table_of(text).notes]
    assert "dash_zero" in [note.key for note in table_of(text, dash="zero").notes]


@pytest.mark.parametrize(
    ("cell", "key"),
    [("ca. 12", "value_text"), ("1.2.3", "value_number"), ("#N/A", "value_text"), ("12 eller 13", "value_text")],
)
def test_odd_cell_is_reported_with_its_text(cell, key):
    table = table_of(f"Sted;2023\nGreve;{cell}\nVejle;1\nOdense;2\n")
    ((line, problem),) = table.problems()
    assert (line, problem.key, problem.text, problem.column) == (2, key, cell, "2023")
    assert table.totals.values == 2


@pytest.mark.parametrize(
    ("texts", "locale", "values"),
    [
        (["12,5", "2.807"], "da", ["12.5", "2807"]),
        (["12.5", "2.807"], "en", ["12.5", "2.807"]),
        (["1,234.5", "3"], "en", ["1234.5", "3"]),
        (["1.234,5", "3"], "da", ["1234.5", "3"]),
        (["0.123", "0.456"], "en", ["0.123", "0.456"]),
        (["1 088", "−3"], "da", ["1088", "-3"]),
        (["12,5 %", "7"], "da", ["12.5", "7"]),
    ],
)
def test_file_says_how_numbers_are_written(texts, locale, values):
    table = table_of("Sted;2023\n" + "".join(f"Sted {at};{text}\n" for at, text in enumerate(texts)))
    assert table.locale == locale
    assert [one.value for one in table.values()] == [Decimal(value) for value in values]


def test_columns_may_be_written_differently():
    table = table_of("Sted;År;Andel;Pris\nA;2023;0.25;1,5\nB;2023;0.5;2,5\n")
    assert [one.value for one in table.values()] == [Decimal(text) for text in ("0.25", "1.5", "0.5", "2.5")]
    assert "mixed_locales" in [note.key for note in table.notes]


def test_ambiguous_numbers_are_noted_and_follow_the_given_locale():
    text = "Sted;2023\nGreve;2.807\nVejle;3.125\n"
    assert [one.value for one in table_of(text).values()] == [2807, 3125]
    assert [one.value for one in table_of(text, locale="en").values()] == [Decimal("2.807"), Decimal("3.125")]
    assert [note.values["count"] for note in table_of(text).notes if note.key == "ambiguous_numbers"] == [2]


def test_point_after_a_lone_zero_parts_decimals_in_danish_too():
    assert next(table_of("Sted;2023\nA;0.123\nB;1,5\n", locale="da").values()).value == Decimal("0.123")


def test_last_row_without_values_is_a_row():
    assert table_of("Sted;2023\nGreve;1\nVejle;\n").rows == 2


def test_notes_after_a_blank_line_are_footnotes():
    table = table_of("Sted;2023\nGreve;1\nVejle;2\n;\nKilde: os selv;\n")
    assert (table.rows, table.footnotes) == (2, ["Kilde: os selv"])


@pytest.mark.parametrize(
    ("text", "named", "key"),
    [
        ("Sted;2023\n", {}, "no_rows"),
        ("Sted;2023\nGreve;1\n", {"values": ["Tal"]}, "unknown_column"),
        ("Sted;2023\nGreve;1\n", {"period": "Tal"}, "unknown_column"),
        ("Sted;2023\nGreve;1\n", {"sheet": 1}, "no_sheet"),
    ],
)
def test_no_table(text, named, key):
    with pytest.raises(FileProblem) as caught:
        table_of(text, **named)
    assert caught.value.key == key


def test_empty_sheet_is_no_table():
    with pytest.raises(FileProblem) as caught:
        workbook_table(lambda sheet: None)
    assert caught.value.key == "no_rows"


# Properties


@given(st.lists(st.decimals(-(10**9), 10**9, places=4), min_size=2), st.integers(0, 4), st.booleans())
def test_danish_csv_reads_back_to_the_same_decimals(numbers, decimals, has_locale):
    numbers = [round(number, decimals) for number in numbers]
    lines = [f"Sted {at};2026K{at % 4 + 1};{format_number(number, decimals)}" for at, number in enumerate(numbers)]
    table = table_of("\n".join(["Sted;Periode;Værdi", *lines]), locale="da" if has_locale else None)
    assert [one.value for one in table.values()] == numbers
    assert table.totals.sum == sum(numbers)
    assert table.totals.problems == 0


def test_a_hundred_thousand_rows_are_read_fast():
    rows = "".join(f"Enhed {at % 500};{2010 + at % 15}M{at % 12 + 1:02};{at},{at % 100}\n" for at in range(100_000))
    file = read_sheets(("Enhed;Periode;Værdi\n" + rows).encode(), "tal.csv")
    start = time.process_time()
    table = read_table(file)
    assert table.totals.values == 100_000
    assert time.process_time() - start < 4  # 2 s on a quiet machine


# The command


def test_command_writes_what_was_recognised(capsys):
    path = COPIES / "dk-statbank-xlsx/FOLK1A_population_2008Q1-2022Q4.xlsx"
    call_command("read_table", str(path), "--json", "--rows", "6000")
    found_in_file = json.loads(capsys.readouterr().out)
    assert found_in_file["layout"] == "wide"
    assert (found_in_file["rows"], found_in_file["values"], found_in_file["sum"]) == (99, 5940, "341203118")
    assert (found_in_file["period_kind"], found_in_file["periods"][-1]) == ("quarter", "2022K4")
    last = {one["labels"]["B"]: one["value"] for one in found_in_file["sample"] if one["period"] == "2022K4"}
    assert (last["Høje-Taastrup"], last["Morsø"], len(last)) == ("54648", "20022", 99)


def test_command_takes_names_and_prints_for_people(capsys):
    path = COPIES / "dk-goals/randers_klimamonitor_maal.csv"
    call_command("read_table", str(path), "--period", "mål_år", "--value", "mål_værdi", "--locale", "da")
    shown = capsys.readouterr().out
    assert "Kan ikke læses: 1" in shown
    assert "2030" in shown


@pytest.mark.parametrize("name", ["jsonstat-px/ssb_12134_jsonstat2.json", "sdg-uk-ons/meta/3-8-1.md", "mangler.csv"])
def test_command_refuses_with_one_line_and_exit_code_2(name, capsys):
    with pytest.raises(SystemExit) as caught:
        call_command("read_table", str(COPIES / name))
    shown = capsys.readouterr()
    assert caught.value.code == 2
    assert (shown.out, shown.err.count("\n")) == ("", 1)
    assert shown.err.startswith("Filen ")


def test_a_table_is_let_go_of_at_once():
    """Without the collector: a file fills a hundred megabytes, and the errors about what is no period are kept."""
    gc.disable()
    try:
        table = table_of("Enhed;Indikator;Periode;Værdi\nA;B;2025K1;4\nA;C;2025K2;5\nD;C;foråret;6\n")
        assert [value.problem is not None for value in table.values()] == [False, False, True]
        watched = weakref.ref(table)
        del table
        assert watched() is None
    finally:
        gc.enable()
