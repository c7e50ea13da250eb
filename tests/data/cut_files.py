"""Make the shortened copies in this folder from the whole files. Run as: python tests/data/cut_files.py FOLDER."""

import csv
import io
import shutil
import sys
from pathlib import Path

import openpyxl

HERE = Path(__file__).parent
WHOLE = [
    "dk-codelists/dst_kommunegrupper.csv",
    "dk-codelists/kommunerne_region_latin1.csv",
    "dk-codelists/municipality_codes_lau1.csv",
    "dk-goals/randers_jobindsats_baseline.xlsx",
    "dk-goals/randers_klimamonitor_maal.csv",
    "dk-municipal-long/municipality_inequality_gini.csv",
    "dk-statbank-api/data_STRAF42_csv_en.csv",
    "dk-statbank-csv/FOLK1A_da_bom_hele_landet.csv",
    "dk-statbank-csv/FOLK1A_da_kommuner_2020K1.csv",
    "dk-statbank-xlsx/ARE207_area_2019.xlsx",
    "dk-statbank-xlsx/FOLK1A_population_2008Q1-2022Q4.xlsx",
    "dk-statbank-xlsx/INDKP107_income_2004-2017.xlsx",
    "dk-statbank-xlsx/PRIS111_da_missing-dots.xlsx",
    "dk-statbank-xlsx/RAS200_employment_rate_2008-2017.xlsx",
    "dk-uddannelsesstatistik/trivsel_fravaer_kommune_2019-2025.csv",
    "jsonstat-px/ssb_12134_jsonstat2.json",
    "sdg-canada/indicator_calculation_components.yml",
    "sdg-city-bristol/data/indicator_16-1-4.csv",
    "sdg-city-bristol/data/indicator_3-d-2.csv",
    "sdg-uk-ons/data/indicator_3-8-1.csv",
    "sdg-uk-ons/data/indicator_5-5-1.csv",
    "sdg-uk-ons/data/indicator_16-1-1.csv",
    "sdg-uk-ons/meta/3-8-1.md",
]
# Lines kept at the start and at the end, and of those between every so manieth.
CUT = {
    "dk-statbank-csv/FOLK1A_codes_12_areas.csv": (1, 0, 100, "utf-8"),
    "se-kolada/kolada_values_14kpi.csv": (1, 0, 100, "utf-8"),
    "se-skolverket/grundskolan_elever_per_arskurs_2009.csv": (6, 40, 50, "utf-8"),
    "survey-toronto/toronto_public_engagement_survey_cp1252.csv": (1, 0, 10, "cp1252"),
    "us-nyc-mmr/nyc_mmr_indicators_shared_agencies.csv": (1, 0, 8, "utf-8"),
    "sdg-uk-ons/data/indicator_8-6-1.csv": (1, 0, 10, "utf-8"),
}
WORKBOOK = "se-skolenkaten/excelrapport-elever-grundskola-ak-8-2022.xlsx"
WORKBOOK_COLUMNS = 55
WORKBOOK_STEP = 40


def main(folder: Path) -> None:
    for name in WHOLE:
        shutil.copyfile(folder / name, _target(name))
    for name, (start, end, step, encoding) in CUT.items():
        _cut_text(folder / name, _target(name), start, end, step, encoding)
    _cut_workbook(folder / WORKBOOK, _target(WORKBOOK))


def _target(name: str) -> Path:
    target = HERE / name
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _cut_text(source: Path, target: Path, start: int, end: int, step: int, encoding: str) -> None:
    """Records, not lines: a quoted field may hold line breaks. The raw text of a record is kept byte for byte."""
    lines = io.StringIO(source.read_bytes().decode(encoding), newline="").readlines()
    taken, records = [0], []
    delimiter = ";" if "skolverket" in source.name or "FOLK1A" in source.name or "grundskolan" in source.name else ","
    reader = csv.reader(lines, delimiter=delimiter)
    for _ in reader:
        records.append("".join(lines[taken[-1] : reader.line_num]))
        taken.append(reader.line_num)
    last = len(records) - end
    kept = records[:start] + records[start:last:step] + records[last:]
    target.write_bytes("".join(kept).encode(encoding))


def _cut_workbook(source: Path, target: Path) -> None:
    """The first sheet's three header rows and every fortieth row, the first columns only, header merges kept."""
    whole = openpyxl.load_workbook(source).worksheets[0]
    book = openpyxl.Workbook()
    sheet = book.active
    for number, row in enumerate(whole.iter_rows(max_col=WORKBOOK_COLUMNS, values_only=True), 1):
        if number <= 3 or (number - 4) % WORKBOOK_STEP == 0:
            sheet.append(row)
    for merged in whole.merged_cells.ranges:
        if merged.max_col <= WORKBOOK_COLUMNS:
            sheet.merge_cells(str(merged))
    book.save(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
