"""Loading goals, indicators, series and targets from a file: whole or not at all, and twice is as once."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from time import process_time

import pytest
import xlsxwriter
from django.conf import settings
from django.core.management import CommandError, call_command

from followup.models import GoalStanding
from goals.kinds import GoalState
from goals.loading import load_goals
from goals.loading_messages import problem_message
from goals.loading_rows import COLUMNS, SheetKind
from goals.models import BudgetException, Contribution, Goal, GoalBudget, GoalSeries, Indicator, Series, Target
from organisation.models import HistoryEntry, UnitKind
from tests import factories
from tests.factories import NOW

GOALS = [
    [
        *("kode", "mål", "enhed", "bidrager til", "bidrager også til", "tilstand"),
        *("vedtaget af", "vedtaget dato", "vedtaget henvisning", "prioritet"),
    ],
    ["B1", "Børn læser bedre", "BYR", "", "", "vedtaget", "BYR", "28-01-2026", "punkt 4", 1],
    ["S1", "Alle i 3. klasse læser", "SKO", "B1", "B2", "kladde", "", None, "", 2],
    ["B2", "Børn trives", "BYR", "", "", "vedtaget", "BYR", date(2026, 1, 28), "punkt 4", 2],
]
INDICATORS = [
    ["kode", "navn", "måleenhed", "retning", "opgøres", "decimaler"],
    ["LÆS", "Gode læsere", "pct.", "højere er bedre", "hvert kvartal", 1],
    ["BEL", "Belægning", "pct.", "skal ligge mellem", "hvert kvartal", 0],
]
SERIES = [
    ["indikator", "enhed", "mål", "afgør status", "udgangspunktets periode", "udgangspunkt", "tolerance"],
    ["LÆS", "SKO", "S1;B1", "ja", "2024K4", "60,5", Decimal("1.5")],
    ["BEL", "SKO", "S1", "nej", "", None, ""],
]
TARGETS = [
    ["indikator", "enhed", "periode", "måltal", "mindst", "højst", "begrundelse"],
    ["LÆS", "SKO", "2028", "80", "", "", ""],
    ["BEL", "SKO", "2027K4", None, 90, 100, "Aftalt"],
]


def sheets(**changed) -> dict[SheetKind, list[list[object]]]:
    named = {"goals": GOALS, "indicators": INDICATORS, "series": SERIES, "targets": TARGETS} | changed
    return {SheetKind[name.upper()]: [list(row) for row in rows] for name, rows in named.items()}


@pytest.fixture
def town(db):
    it = factories.municipality()
    for unit, code in ((it.council, "BYR"), (it.school, "SKO")):
        unit.code = code
        unit.save()
    return it


def load(town, **changed):
    return load_goals(town.authority, sheets(**changed), by=None, now=NOW)


def reasons(loaded) -> list[tuple[str, int, str, str]]:
    return [(one.sheet, one.line, one.column, one.key) for one in loaded.rejected]


def with_cell(rows, line: int, column: str, value) -> list[list[object]]:
    changed = [list(row) for row in rows]
    changed[line - 1][changed[0].index(column)] = value
    return changed


# ---- stored ----------------------------------------------------------------------------------------------------------


def test_everything_in_the_file_is_stored(town):
    loaded = load(town)
    assert loaded.rejected == []
    assert loaded.created == {"Mål": 3, "Indikatorer": 2, "Serier": 2, "Måltal": 2}
    goal = Goal.objects.get(code="S1")
    assert (goal.parent.code, goal.owner_unit, goal.state, goal.rank) == ("B1", town.school, GoalState.DRAFT, 2)
    assert goal.short_name == "Alle i 3. klasse læser"
    council = Goal.objects.get(code="B1")
    assert (council.adopted_by.date, council.adopted_by) == (date(2026, 1, 28), Goal.objects.get(code="B2").adopted_by)
    series = Series.objects.get(indicator__code="LÆS")
    assert (series.baseline_value, series.tolerance) == (Decimal("60.5"), Decimal("1.5"))
    assert set(series.goal_series.values_list("goal__code", "is_prioritised")) == {("S1", True), ("B1", True)}
    assert Target.objects.get(series=series).value == 80
    assert Target.objects.get(period="2027K4").high == 100
    assert Contribution.objects.get().to_goal.code == "B2"
    assert GoalStanding.objects.count() == 3
    assert HistoryEntry.objects.about(series).get(verb="created")
    assert HistoryEntry.objects.about(series).get(verb="target_set")


def test_the_same_file_twice_changes_nothing(town):
    load(town)
    before = HistoryEntry.objects.count()
    loaded = load(town)
    assert loaded.unchanged == {"Mål": 3, "Indikatorer": 2, "Serier": 2, "Måltal": 2}
    assert not loaded.created
    assert not loaded.updated
    assert HistoryEntry.objects.count() == before
    assert (Goal.objects.count(), Target.objects.count(), GoalSeries.objects.count()) == (3, 2, 3)


def test_what_differs_is_changed_with_the_old_in_the_history(town):
    load(town)
    decision = ("BYR", "24-06-2026", "punkt 9")
    targets = [
        [*TARGETS[0], "besluttet af", "besluttet dato", "henvisning"],
        *([*row, *decision] for row in TARGETS[1:]),
    ]
    loaded = load(town, goals=with_cell(GOALS, 3, "mål", "Alle læser"), targets=with_cell(targets, 2, "måltal", "85"))
    assert (loaded.updated["Mål"], loaded.updated["Måltal"]) == (1, 1)
    goal = Goal.objects.get(code="S1")
    assert (goal.title, goal.version) == ("Alle læser", 2)
    entry = HistoryEntry.objects.about(goal).first()
    assert entry.changes == {"title": ["Alle i 3. klasse læser", "Alle læser"]}
    targets = Target.objects.filter(series__indicator__code="LÆS").order_by("pk")
    assert [(one.value, one.superseded_at) for one in targets] == [(80, NOW), (85, None)]


def test_a_target_of_an_adopted_goal_is_changed_by_decision_only(town):
    load(town)
    loaded = load(town, targets=with_cell(TARGETS, 2, "måltal", "85"))
    assert reasons(loaded) == [("Måltal", 2, "besluttet af", "target_needs_decision")]
    assert Target.objects.get(series__indicator__code="LÆS").value == 80


def test_a_goal_may_move_and_the_counts_follow(town):
    load(town, goals=with_cell(GOALS, 3, "tilstand", "kladde"))
    load(town, goals=with_cell(GOALS, 3, "bidrager til", "B2"))
    goal = Goal.objects.get(code="S1")
    assert goal.parent.code == "B2"
    assert HistoryEntry.objects.about(goal).first().changes == {"parent": ["Børn læser bedre", "Børn trives"]}


def test_a_blank_cell_or_a_column_left_out_leaves_what_is_stored(town):
    load(town)
    Goal.objects.filter(code="S1").update(description="Skrevet i browseren", state=GoalState.PROPOSED)
    load(town, series=with_cell(SERIES, 2, "tolerance", ""))
    goal = Goal.objects.get(code="S1")
    assert Series.objects.get(indicator__code="LÆS").tolerance == Decimal("1.5")
    assert (goal.description, goal.state) == ("Skrevet i browseren", GoalState.PROPOSED)


def test_a_dry_run_stores_nothing(town):
    loaded = load_goals(town.authority, sheets(), by=None, now=NOW, dry_run=True)
    assert loaded.created["Mål"] == 3
    assert not Goal.objects.exists()


# ---- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "line", "column", "value", "key"),
    [
        ("goals", 3, "enhed", "SKOL", "unknown_unit"),
        ("goals", 3, "mål", "", "required"),
        ("goals", 3, "mål", "x" * 301, "too_long"),
        ("goals", 3, "kode", "B1", "twice"),
        ("goals", 3, "bidrager til", "B9", "unknown_goal"),
        ("goals", 3, "tilstand", "igang", "choice"),
        ("goals", 3, "prioritet", "først", "number"),
        ("goals", 3, "prioritet", "1,5", "whole"),
        ("goals", 2, "bidrager til", "S1", "ring"),
        ("goals", 2, "vedtaget dato", "i går", "day"),
        ("goals", 2, "vedtaget henvisning", "", "half_decision"),
        ("indicators", 2, "retning", "op", "choice"),
        ("indicators", 2, "decimaler", "9", "whole"),
        ("series", 2, "indikator", "LÆSE", "unknown_indicator"),
        ("series", 2, "mål", "S1;S2", "unknown_goal"),
        ("series", 2, "afgør status", "måske", "yes"),
        ("series", 2, "udgangspunkt", "", "half_baseline"),
        ("series", 2, "udgangspunkt", "halvtreds", "number"),
        ("series", 2, "udgangspunktets periode", "2024M12", "period_kind"),
        ("series", 2, "tolerance", "-1", "tolerance"),
        ("targets", 2, "periode", "snart", "period"),
        ("targets", 2, "periode", "2028M01", "period_kind"),
        ("targets", 2, "måltal", "", "target_value"),
        ("targets", 2, "mindst", "3", "target_value"),
        ("targets", 3, "mindst", "", "target_range"),
        ("targets", 3, "højst", "80", "ends"),
    ],
)
def test_a_wrong_row_stops_the_whole_file(town, sheet, line, column, value, key):
    rows = with_cell(
        {"goals": GOALS, "indicators": INDICATORS, "series": SERIES, "targets": TARGETS}[sheet], line, column, value
    )
    loaded = load(town, **{sheet: rows})
    found = [one for one in loaded.rejected if one.key == key and one.line == line]
    assert found, reasons(loaded)
    assert found[0].sheet == SheetKind[sheet.upper()].value
    assert problem_message(found[0])
    assert not Goal.objects.exists()
    assert not Indicator.objects.exists()


def test_a_target_needs_its_series(town):
    loaded = load(town, series=SERIES[:2])
    assert reasons(loaded) == [("Måltal", 3, "enhed", "unknown_series")]


def test_the_nearest_code_is_suggested(town):
    loaded = load(town, goals=with_cell(GOALS, 3, "enhed", "SKOL"))
    assert problem_message(loaded.rejected[0]) == "Der er ingen enhed med koden ”SKOL”. Mente du ”SKO”?"


def test_a_missing_header_is_named(town):
    loaded = load(town, goals=[["noget", "andet"], ["B1", "Mål"]])
    assert ("Mål", 1, "", "no_header") in reasons(loaded)


def test_a_misspelt_heading_is_never_silently_left_out(town):
    goals = [[*GOALS[0], "målansvarli"], *([*row, ""] for row in GOALS[1:])]
    assert ("Mål", 1, "målansvarli", "heading") in reasons(load(town, goals=goals))


def test_an_adopted_goal_needs_its_decision(town):
    goals = with_cell(GOALS, 3, "tilstand", "vedtaget")
    assert reasons(load(town, goals=goals)) == [("Mål", 3, "vedtaget af", "needs_decision")]


def test_a_closed_goal_is_left_alone(town):
    load(town)
    decision = factories.decision(town.council)
    Goal.objects.filter(code="B2").update(state=GoalState.CLOSED, closed_by=decision)
    assert load(town).rejected == []
    changed = load(town, goals=with_cell(GOALS, 4, "mål", "Andet"))
    assert reasons(changed) == [("Mål", 4, "kode", "closed")]


def test_what_values_rest_on_stays(town):
    load(town)
    loaded = load(town, indicators=with_cell(INDICATORS, 2, "opgøres", "hver måned"))
    assert ("Indikatorer", 2, "opgøres", "in_use") in reasons(loaded)


# ---- the ceiling -----------------------------------------------------------------------------------------------------

RAISED = ("loftet hævet af", "loftet hævet dato", "loftet hævet henvisning")
DECIDED = ("vedtaget", "BYR", "28-01-2026", "punkt 4")


def ceiling_of_two(town, *in_force: str) -> None:
    """The school may have two goals, and has those."""
    GoalBudget.objects.create(unit=town.school, most=2)
    for code in in_force:
        factories.goal(town.school, code=code)


def loaded_goals(town, *rows):
    """Loads goals of the school by code, state, decision, and what the raised ceiling rests on, if anything."""
    heads = ["kode", "mål", "enhed", "tilstand", "vedtaget af", "vedtaget dato", "vedtaget henvisning", *RAISED]
    heads += ["afsluttet af", "afsluttet dato", "afsluttet henvisning"]
    lines = [[code, f"Mål {code}", "SKO", *more, *[""] * (10 - len(more))] for code, *more in rows]
    return load_goals(town.authority, {SheetKind.GOALS: [heads, *lines]}, by=None, now=NOW)


def test_a_goal_above_the_ceiling_is_refused_with_its_line(town):
    ceiling_of_two(town, "A1")
    loaded = loaded_goals(town, ("N1", *DECIDED), ("N2", "kladde"), ("N3", *DECIDED), ("N4", *DECIDED))
    assert reasons(loaded) == [("Mål", 4, "enhed", "full"), ("Mål", 5, "enhed", "full")]
    assert problem_message(loaded.rejected[0]) == (
        "Målet kommer over enhedens loft på 2 mål. Afslut et, eller skriv beslutningen, der hæver loftet."
    )
    assert Goal.objects.count() == 1 and not BudgetException.objects.exists()


def test_with_the_decision_that_raised_it_the_next_report_hears_of_it(town):
    ceiling_of_two(town, "A1", "A2")
    raised = ("BYR", "24-06-2026", "punkt 9")
    loaded = loaded_goals(town, ("N1", *DECIDED, *raised), ("N2", *DECIDED, *raised))
    assert loaded.rejected == []
    told = BudgetException.objects.values_list("goal__code", "decision__reference", "number", "most", "at")
    assert list(told.order_by("pk")) == [("N1", "punkt 9", 3, 2, NOW), ("N2", "punkt 9", 4, 2, NOW)]
    again = loaded_goals(town, ("N1", *DECIDED), ("N2", *DECIDED))
    assert again.unchanged["Mål"] == 2 and BudgetException.objects.count() == 2


def test_half_a_decision_raises_nothing(town):
    ceiling_of_two(town, "A1", "A2")
    loaded = loaded_goals(town, ("N1", *DECIDED, "BYR", "", "punkt 9"))
    assert ("Mål", 2, "loftet hævet dato", "half_decision") in reasons(loaded)
    assert not Goal.objects.filter(code="N1").exists()


def test_what_the_file_ends_makes_room(town):
    ceiling_of_two(town, "A1", "A2", "A3")  # one too many already
    ended = ("A1", "afsluttet", "", "", "", "", "", "", "BYR", "24-06-2026", "punkt 9")
    assert reasons(loaded_goals(town, ("N1", *DECIDED))) == [("Mål", 2, "enhed", "full")]
    assert reasons(loaded_goals(town, ("N1", *DECIDED), ("N2", *DECIDED), ended)) == [("Mål", 3, "enhed", "full")]
    assert loaded_goals(town, ("N1", *DECIDED), ended).rejected == []
    assert Goal.objects.adopted().filter(owner_unit=town.school).count() == 3


def test_a_goal_in_force_that_moves_in_takes_a_place_too(town):
    ceiling_of_two(town, "A1", "A2")
    factories.goal(town.council, code="B7")
    assert reasons(loaded_goals(town, ("B7", "vedtaget"))) == [("Mål", 2, "enhed", "full")]
    Goal.objects.filter(code="A2").update(owner_unit=town.council)
    assert loaded_goals(town, ("B7", "vedtaget")).rejected == []


def test_a_draft_and_what_is_in_force_already_take_no_place(town):
    ceiling_of_two(town, "A1", "A2", "A3")
    assert loaded_goals(town, ("A1", "vedtaget"), ("A2", "vedtaget"), ("N1", "foreslået")).rejected == []


def test_the_council_has_a_ceiling_that_nobody_set(town):
    rows = [[f"B{n}", f"Mål {n}", "BYR", *DECIDED] for n in range(1, 12)]
    sheet = [["kode", "mål", "enhed", "tilstand", "vedtaget af", "vedtaget dato", "vedtaget henvisning"], *rows]
    loaded = load_goals(town.authority, {SheetKind.GOALS: sheet}, by=None, now=NOW)
    assert reasons(loaded) == [("Mål", 12, "enhed", "full")]


def test_a_ring_through_goals_without_a_code_is_found(town):
    load(town)
    without = factories.goal(town.school, Goal.objects.get(code="S1"))
    Contribution.objects.all().delete()
    Goal.objects.filter(code="B2").update(parent=without)
    loaded = load(town, goals=with_cell(GOALS, 3, "bidrager til", "B2"))
    assert ("Mål", 3, "bidrager til", "ring") in reasons(loaded)


def test_a_ring_through_another_authority_is_found(town):
    load(town)
    Contribution.objects.all().delete()
    elsewhere = factories.goal(factories.municipality().council)
    above = factories.goal(elsewhere.owner_unit, elsewhere)
    Contribution.objects.create(goal=Goal.objects.get(code="B2"), to_goal=above)
    Contribution.objects.create(goal=elsewhere, to_goal=Goal.objects.get(code="S1"))
    loaded = load(town, goals=with_cell(GOALS, 3, "bidrager til", "B2"))
    assert ("Mål", 3, "bidrager til", "ring") in reasons(loaded)


def test_a_ring_of_a_parent_and_a_contribution_is_found(town):
    """S1 helps B2; B2 is now to serve S1."""
    load(town)
    loaded = load(town, goals=with_cell(GOALS, 4, "bidrager til", "S1"))
    assert ("Mål", 4, "bidrager til", "ring") in reasons(loaded)
    assert Goal.objects.get(code="B2").parent is None


def test_a_tree_may_be_turned_upside_down(town):
    """On the way from one tree to the other the database sees no ring."""
    top, middle, low = (factories.goal(town.school, code=code) for code in ("X1", "X2", "X3"))
    factories.goal(town.council, code="X4")
    Goal.objects.filter(pk=middle.pk).update(parent=top)
    Goal.objects.filter(pk=low.pk).update(parent=middle)
    row = dict(zip(GOALS[0], GOALS[2], strict=True))
    turned = [
        list((row | {"kode": code, "bidrager til": above, "bidrager også til": ""}).values())
        for code, above in (("X1", "X2"), ("X2", "X3"), ("X3", "X4"))
    ]
    loaded = load_goals(town.authority, {SheetKind.GOALS: [GOALS[0], *turned]}, by=None, now=NOW)
    assert loaded.rejected == []
    parents = dict(Goal.objects.filter(code__startswith="X").values_list("code", "parent__code"))
    assert parents == {"X1": "X2", "X2": "X3", "X3": "X4", "X4": None}
    assert HistoryEntry.objects.about(middle).first().changes["parent"] == [top.title, row["mål"]]


# ---- the command -----------------------------------------------------------------------------------------------------


def workbook(path, tables) -> str:
    book = xlsxwriter.Workbook(path)
    for kind, rows in tables.items():
        sheet = book.add_worksheet(kind.value)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, [cell.isoformat() if isinstance(cell, date) else cell for cell in row])
    book.close()
    return str(path)


def csv_file(path, rows) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8-sig")
    return str(path)


def test_a_workbook_is_loaded_and_loaded_again(town, tmp_path, capsys):
    path = workbook(tmp_path / "maal.xlsx", sheets())
    call_command("load_goals", path, authority=town.authority.code)
    assert "Mål: 3 nye, 0 ændrede, 0 uændrede" in capsys.readouterr().out
    call_command("load_goals", path, authority=town.authority.code)
    assert "Mål: 0 nye, 0 ændrede, 3 uændrede" in capsys.readouterr().out


def test_csv_files_are_given_sheet_by_sheet(town, tmp_path):
    named = [f"{kind.value}={csv_file(tmp_path / f'{kind.name}.csv', rows)}" for kind, rows in sheets().items()]
    call_command("load_goals", sheet=named, authority=town.authority.code)
    assert Target.objects.count() == 2


def test_refused_rows_are_told_and_the_exit_is_1(town, tmp_path, capsys):
    path = workbook(tmp_path / "maal.xlsx", sheets(goals=with_cell(GOALS, 3, "enhed", "SKOL")))
    with pytest.raises(SystemExit) as left:
        call_command("load_goals", path, authority=town.authority.code, json=True)
    assert left.value.code == 1
    refused = json.loads(capsys.readouterr().out)["rejected"]
    assert refused[0]["line"] == 3
    assert (refused[0]["column"], refused[0]["text"]) == ("enhed", "SKOL")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nope", b"kode;navn\n1;2\n"])
def test_an_unreadable_file_gives_one_clear_line(town, tmp_path, content):
    path = tmp_path / "maal.xlsx"
    path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("load_goals", str(path), authority=town.authority.code)
    assert refused.value.returncode == 2


def test_every_column_is_documented():
    text = (settings.BASE_DIR / "docs" / "file-formats.md").read_text(encoding="utf-8")
    for kind, columns in COLUMNS.items():
        section = text.split(f"### {kind.value}\n")[1].split("\n### ")[0]
        for column in columns:
            assert f"| {column.name} |" in section, (kind, column.name)


def test_a_large_authority_takes_seconds(town):
    units = [
        factories.unit(town.department, UnitKind.INSTITUTION, code=f"U{n}", name=f"Institution {n}") for n in range(50)
    ]
    goals = [["kode", "mål", "enhed", "bidrager til"]]
    goals += [[f"G{n}", f"Mål {n}", units[n % 50].code, f"G{n // 10}" if n else ""] for n in range(500)]
    indicators = [["kode", "navn", "måleenhed"], *([f"I{n}", f"Indikator {n}", "pct."] for n in range(40))]
    pairs = [(f"I{n % 40}", units[n // 40].code, f"G{n % 500}") for n in range(2000)]
    series = [["indikator", "enhed", "mål"], *(list(pair) for pair in pairs)]
    targets = [["indikator", "enhed", "periode", "måltal"], *([i, u, "2028", "7"] for i, u, _g in pairs)]
    started = process_time()
    loaded = load(town, goals=goals, indicators=indicators, series=series, targets=targets)
    assert loaded.rejected == []
    assert Series.objects.count() == 2000
    assert process_time() - started < 15
