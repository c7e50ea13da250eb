"""The entry grid: what one unit owes one round, what was typed, and how it is read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followup.actions.measurements import CellOutcome, CellState, CellValue
from followup.models import DueValue, Measurement, Submission
from followup.presentation import corrected_from
from followup.series import SeriesRule
from followup.standing import reading_of, rule_of, split_targets, targets_of
from followup.statistics import far_from_history
from followup.status import Light, Reading, assess
from goals.kinds import MissingReason, ValueKind
from goals.labels import MISSING_REASONS
from goals.models import Goal, GoalSeries, Indicator
from goals.period_names import period_name, period_name_short
from goals.periods import parse_period
from organisation.danish import NumberError, format_number, format_value, is_ambiguous, parse_number

HISTORY = 3
LONGEST_KEY = 18  # digits that fit a key in every database


@dataclass
class Cell:
    """One value asked for: what is stored, what was typed, and what to say about it."""

    due: DueValue
    rule: SeriesRule
    history: list[Measurement]  # the last values before the period, oldest first
    measurement: Measurement | None = None
    typed: dict[str, str] = field(default_factory=dict)  # as posted, where it could not be stored
    error: str = ""
    conflict: CellOutcome | None = None
    today: date | None = None
    is_editable: bool = True
    is_sent: bool = False  # to approval, in another round that asks for the same value

    @property
    def pk(self) -> int:
        return self.due.pk

    @property
    def indicator(self):
        return self.due.series.indicator

    @property
    def is_ratio(self) -> bool:
        return self.indicator.value_kind == ValueKind.RATIO

    @property
    def is_rejected(self) -> bool:
        """Whether what was typed is not what is stored."""
        return bool(self.error or self.conflict)

    def shown(self, name: str) -> str:
        """What stands in a field: what was typed if it was refused, else what is stored."""
        if self.typed and self.is_rejected:
            return self.typed.get(name, "")
        return self.stored[name]

    @property
    def stored(self) -> dict[str, str]:
        """What is stored, field by field, as one types it."""
        stored = self.measurement
        if stored is None:
            return dict.fromkeys(("value", "numerator", "denominator", "missing", "comment"), "")
        least = {"value": self.indicator.decimals, "numerator": 0, "denominator": 0}
        numbers = {name: getattr(stored, name) for name in least}
        return {
            "missing": stored.missing,
            "comment": stored.comment,
            **{name: "" if v is None else plain_number(v, least[name]) for name, v in numbers.items()},
        }

    @property
    def value(self) -> str:
        return self.shown("value")

    @property
    def numerator(self) -> str:
        return self.shown("numerator")

    @property
    def denominator(self) -> str:
        return self.shown("denominator")

    @property
    def missing(self) -> str:
        return self.shown("missing")

    @property
    def comment(self) -> str:
        return self.shown("comment")

    @property
    def version(self) -> int | str:
        return self.measurement.version if self.measurement else ""

    @property
    def is_locked(self) -> bool:
        return not self.is_editable or self.is_sent or (self.measurement is not None and self.measurement.is_approved)

    @property
    def stored_words(self) -> str:
        """The stored value in words, for locked cells and conflicts."""
        return value_words(self.measurement, self.indicator) if self.measurement else _("intet tal")

    @property
    def corrected_from(self) -> str:
        """What stood there before it was corrected; empty when it never was."""
        return corrected_from(self.measurement, self.indicator.decimals) if self.measurement else ""

    @property
    def derived(self) -> str:
        """`81,5` of a pair."""
        stored = self.measurement
        if not self.is_ratio or stored is None or stored.value is None:
            return ""
        return format_number(stored.value, self.indicator.decimals)

    @property
    def light(self) -> Light:
        """The light of the stored draft; overdue or not due while there is none."""
        period = parse_period(self.due.period)
        deadline = self.due.submission.deadline
        today = self.today or deadline
        if self.measurement is not None:
            return assess(self.rule, reading_of(self.measurement, deadline), today).light
        return assess(self.rule, Reading(period, due=deadline), today).light

    @property
    def expected(self) -> str:
        verdict = assess(self.rule, Reading(parse_period(self.due.period), value=Decimal(0)), date.min)
        return format_number(verdict.expected, self.indicator.decimals) if verdict.expected is not None else "–"

    @property
    def target(self) -> str:
        targets = self.rule.targets
        if not targets:
            return "–"
        last = targets[-1]
        if last.value is None:
            low, high = (format_number(edge or Decimal(0), self.indicator.decimals) for edge in (last.low, last.high))
            return f"{low}–{high}"
        return format_number(last.value, self.indicator.decimals)

    @property
    def past(self) -> list[dict[str, str]]:
        """The last three values, oldest first, padded on the left."""
        decimals = self.indicator.decimals
        rows = [
            {
                "period": period_name_short(one.period),
                "value": format_number(one.value, decimals) if one.value is not None else "–",
                "corrected_from": corrected_from(one, decimals),
            }
            for one in self.history[-HISTORY:]
        ]
        return [{"period": "", "value": "–", "corrected_from": ""}] * (HISTORY - len(rows)) + rows

    @property
    def far(self) -> str:
        """`7,9–9,4` when the stored value lies far from these and nobody has said it is right."""
        stored = self.measurement
        if stored is None or stored.value is None or stored.is_confirmed or stored.is_approved:
            return ""
        values = [one.value for one in self.history if one.value is not None]
        edges = far_from_history(stored.value, values)
        if edges is None:
            return ""
        return "–".join(format_number(edge, self.indicator.decimals) for edge in edges)

    @property
    def state(self) -> str:
        """The cell's state as a CSS name."""
        if self.error:
            return "error"
        if self.conflict:
            return "conflict"
        if self.is_locked:
            return "locked"
        if self.measurement is None:
            return "empty"
        return "warn" if self.far else "reason" if self.measurement.missing else "saved"

    @property
    def period_name(self) -> str:
        return period_name(self.due.period)


def value_words(stored: Measurement, indicator: Indicator) -> str:
    """`8,3 pct.`, or why there is no number."""
    if stored.value is None:
        return str(MISSING_REASONS[MissingReason(stored.missing)])
    return format_value(stored.value, indicator.decimals, indicator.unit_of_measure)


def plain_number(value: Decimal, least: int) -> str:
    """A stored number as one types it: all its digits, no thousands, decimal comma."""
    text = format(value.normalize(), "f")
    digits = len(text.partition(".")[2])
    return (f"{value:.{least}f}" if digits < least else text).replace(".", ",")


def cells_of(due_values: Sequence[DueValue], today: date, *, is_editable: bool = True) -> list[Cell]:
    """The cells of these due values (read `for_grid`) in two queries."""
    ids = list({due.series_id for due in due_values})
    targets = targets_of(ids)
    last = max((due.period_end for due in due_values), default=today)
    found: dict[int, list[Measurement]] = defaultdict(list)
    count = 8 + max((sum(1 for d in due_values if d.series_id == pk) for pk in ids), default=0)
    for measurement in Measurement.objects.latest_of(ids, count, last, approved=False).select_related(
        "entered_by", "approved_by"
    ):
        found[measurement.series_id].append(measurement)
    cells = []
    for due in due_values:
        rows = sorted(found[due.series_id], key=lambda row: row.period_end)
        cells.append(
            Cell(
                due,
                rule_of(due.series, split_targets(targets[due.series_id])[0]),
                history=[row for row in rows if row.period_end < due.period_end],
                measurement=next((row for row in rows if row.period_end == due.period_end), None),
                today=today,
                is_editable=is_editable,
                is_sent=due.is_sent_elsewhere,
            )
        )
    return cells


@dataclass
class Group:
    """A goal and its rows in the grid; rows of series without a goal come last."""

    goal: Goal | None
    cells: list[Cell]
    form: Any = None  # what is written about the goal, set by whoever shows it

    @property
    def done(self) -> int:
        return sum(1 for cell in self.cells if cell.measurement is not None)


def groups_of(submission: Submission, cells: Sequence[Cell]) -> list[Group]:
    """The cells by the goal they are measured for, in the unit's own order; each cell once."""
    series = {cell.due.series_id for cell in cells}
    goals = list(
        Goal.objects.filter(goal_series__series__in=series, state="adopted")
        .select_related("parent", "owner_unit")
        .prefetch_related(Prefetch("goal_series", GoalSeries.objects.select_related("series")))
        .distinct()
        .order_by("rank", "pk")
    )
    # The unit's own goals before those of units above that borrow its series.
    goals.sort(key=lambda goal: (goal.owner_unit_id != submission.unit_id, goal.rank, goal.pk))
    left = {cell.pk: cell for cell in cells}
    groups = []
    for goal in goals:
        order = {link.series_id: link.rank for link in goal.goal_series.all()}
        mine = sorted(
            (cell for cell in left.values() if cell.due.series_id in order),
            key=lambda cell: (order[cell.due.series_id], cell.due.series_id, cell.due.period_end),
        )
        for cell in mine:
            del left[cell.pk]
        if mine:
            groups.append(Group(goal, mine))
    if left:
        groups.append(Group(None, list(left.values())))
    return groups


class CellError(ValueError):
    """What was typed cannot be a value; the message says what to do."""


def read_cell(posted: Mapping[str, str], cell: Cell) -> CellValue | None:
    """What was posted for a cell, or None when nothing was. Raises CellError with a message for the person."""
    typed = typed_of(posted, cell.pk)
    cell.typed = typed
    version = int(typed["version"]) if typed["version"].isdecimal() else None
    common: dict[str, Any] = {
        "series": cell.due.series,
        "period": parse_period(cell.due.period),
        "comment": typed["comment"] if typed["has_comment"] else None,
        "is_confirmed": bool(typed["confirm"]),
        "version": version,
        "deadline": cell.due.first_deadline,
    }
    if cell.is_sent:
        raise CellError(
            _("Tallet er sendt til godkendelse i en anden opfølgning. Træk den tilbage, hvis det skal rettes.")
        )
    number, missing = _number_or_reason(typed, cell)
    if number and cell.is_ratio:
        return CellValue(**common, **_read_pair(typed["numerator"], typed["denominator"], cell))
    if number:
        return CellValue(**common, value=_read_number(typed["value"], cell, limit=True))
    if missing:
        if missing not in list(MissingReason):
            raise CellError(_("Vælg, hvorfor tallet mangler."))
        return CellValue(**common, missing=missing)
    if cell.measurement is not None:
        raise CellError(_("Her stod %s. Skriv et tal, eller vælg, hvorfor det mangler.") % cell.stored_words)
    if typed["comment"]:
        raise CellError(_("Skriv også et tal, eller vælg, hvorfor det mangler. Så gemmes din kommentar."))
    return None


def _number_or_reason(typed: Mapping[str, str], cell: Cell) -> tuple[str, str]:
    """What stands for the number and what for the reason. Where both do, the one that is not stored is meant."""
    names = ("numerator", "denominator") if cell.is_ratio else ("value",)
    number, missing = "".join(typed[name] for name in names), typed["missing"]
    if not number or not missing:
        return number, missing
    if missing == cell.stored["missing"]:
        return number, ""
    if all(typed[name] == cell.stored[name] for name in names):
        return "", missing
    raise CellError(_("Her står både et tal og en årsag. Behold det ene."))


def posted_ids_in(texts: Iterable[str]) -> list[int]:
    """The numbers among the texts that can be keys, in order; other texts are no keys of ours."""
    return sorted({int(text) for text in texts if text.isdecimal() and len(text) <= LONGEST_KEY})


def without_nulls(text: str) -> str:
    """The text without the one character PostgreSQL cannot keep."""
    return text.replace("\x00", "")


def typed_of(posted: Mapping[str, str], pk: int) -> dict[str, str]:
    """The fields of one cell as they were posted."""
    names = {"value": "v", "numerator": "t", "denominator": "n", "missing": "m", "comment": "k", "version": "x"}
    typed = {name: without_nulls(posted.get(f"{letter}-{pk}", "")).strip() for name, letter in names.items()}
    return typed | {"confirm": posted.get(f"ok-{pk}", ""), "has_comment": "1" if f"k-{pk}" in posted else ""}


def _read_number(text: str, cell: Cell, *, limit: bool = False) -> Decimal:
    try:
        number = parse_number(text)
    except NumberError as error:
        raise CellError(
            _("”%s” er ikke et tal. Skriv fx 12,5, og skriv forbehold i kommentaren.") % error.text
        ) from error
    decimals = cell.indicator.decimals
    if limit and number != round(number, decimals):
        if is_ambiguous(text):
            raise CellError(_("”%s” kan betyde to ting. Skriv uden punktum, og brug komma før decimaler.") % text)
        if not decimals:
            raise CellError(_("Skriv et helt tal."))
        raise CellError(ngettext("Skriv højst %d decimal.", "Skriv højst %d decimaler.", decimals) % decimals)
    if abs(number) >= Decimal(10) ** 15:
        raise CellError(_("Tallet er for stort. Skriv højst 15 cifre."))
    return number


def _read_pair(numerator: str, denominator: str, cell: Cell) -> dict[str, Decimal]:
    if not numerator or not denominator:
        raise CellError(_("Skriv både tæller og nævner."))
    top, bottom = _read_number(numerator, cell), _read_number(denominator, cell)
    if bottom == 0:
        raise CellError(
            _("Nævneren er 0, så andelen kan ikke beregnes. Ret nævneren, eller vælg, hvorfor tallet mangler.")
        )
    if cell.indicator.unit_of_measure == "pct." and top > bottom:
        raise CellError(_("Andelen kan ikke være over 100 pct. Er tæller og nævner byttet om?"))
    return {"numerator": top, "denominator": bottom}


def take_outcomes(cells: Iterable[Cell], outcomes: Iterable[CellOutcome]) -> None:
    """Put what came of saving back on the cells."""
    by_key = {cell_key(cell): cell for cell in cells}
    for outcome in outcomes:
        cell = by_key[outcome.cell.key]
        cell.measurement = outcome.measurement
        if outcome.state is CellState.CONFLICT:
            cell.conflict = outcome
        elif outcome.state is CellState.LOCKED:
            cell.error = _("Tallet er godkendt og låst. Bed om en rettelse.")


def cell_key(cell: Cell) -> tuple[int, date]:
    """Series and last day of the period."""
    return cell.due.series_id, cell.due.period_end
