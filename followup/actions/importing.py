"""Storing values from a file: one set of statements however many rows, each change kept as a revision."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction

from followup.actions.standings import refresh_after_drafts, refresh_after_values
from followup.actions.submissions import NotPossible
from followup.kinds import SENT, SubmissionState
from followup.models import DueValue, ImportBatch, ImportMapping, Submission
from followup.value_files import Incoming, Mapping
from goals.periods import Period
from organisation.collecting import without_collecting
from organisation.models import Authority, User

INCOMING = (
    "series_id bigint, period varchar(24), period_end date, value numeric(23,8), numerator numeric(23,8),"
    " denominator numeric(23,8), missing varchar(14), line integer"
)
SAME_KEY = "m.series_id = i.series_id AND m.period_end = i.period_end"
DIFFERS = (
    "(m.value IS DISTINCT FROM i.value OR m.numerator IS DISTINCT FROM i.numerator"
    " OR m.denominator IS DISTINCT FROM i.denominator OR m.missing <> i.missing)"
)


@dataclass(frozen=True)
class Counts:
    """What storing comes to."""

    created: int
    updated: int
    unchanged: int


class Changing(NamedTuple):
    """Stored values that a file changes, as one who looked saw them: another row, version or approval differs."""

    count: int = 0
    ids: int = 0  # the sum
    versions: int = 0  # the sum
    approved: int = 0


@dataclass(frozen=True)
class Comparison:
    """What storing would do: the counts, and the place in the list of values of each by outcome."""

    counts: Counts
    changing: Changing
    created: list[int]
    updated: list[tuple[int, Decimal | None]]  # with the number stored now
    unchanged: list[int]
    locked: list[int]  # approved, or sent to approval: only a correction changes them


def stage(values: Iterable[Incoming]) -> None:
    """Make `incoming` of the values: a temporary table that the transaction ends, or a view. Must run inside one."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TABLE IF EXISTS incoming")
            cursor.execute(f"CREATE TEMP TABLE incoming ({INCOMING}) ON COMMIT DROP")
            with cursor.copy("COPY incoming FROM STDIN") as copy:
                for block in _blocks(values):
                    copy.write(block)
            cursor.execute("ANALYZE incoming")
        else:
            # The driver's own connection: Django's cursor would look through every statement.
            _stage_on_sqlite(values, cursor.cursor.connection.execute)


# SQLite takes a row in the time that its fields take: a period is given once, and of most values only these.
PLAIN = ("series_id", "span", "line", "value")
WHOLE = (*PLAIN, "numerator", "denominator", "missing")
ROWS = 100  # in one statement: three quarters of the time that one by one would take


def _stage_on_sqlite(values: Iterable[Incoming], execute: Callable[..., object]) -> None:
    """`incoming` as a view of what is staged: rows that point to their periods."""
    for kind, name in (("VIEW", "incoming"), ("TABLE", "staged"), ("TABLE", "spans")):
        execute(f"DROP {kind} IF EXISTS temp.{name}")
    execute("CREATE TEMP TABLE spans (span integer PRIMARY KEY, period varchar(24), period_end date)")
    execute(
        "CREATE TEMP TABLE staged (series_id bigint, span integer, line integer, value decimal, numerator decimal,"
        " denominator decimal, missing varchar(14) DEFAULT '')"
    )
    # CROSS JOIN keeps the order: from each row to its period, never from a period to all its rows.
    execute("CREATE TEMP VIEW incoming AS SELECT * FROM staged CROSS JOIN spans USING (span)")
    spans: dict[Period, int] = {}
    plain, whole = list[object](), list[object]()
    for series, period, value, top, bottom, missing, line in values:
        if (span := spans.get(period)) is None:
            span = spans[period] = len(spans)
            execute("INSERT INTO spans VALUES (?, ?, ?)", (span, period.code, period.last.isoformat()))
        if value is None or top is not None:
            numbers = (None if one is None else str(one) for one in (value, top, bottom))
            whole += (series, span, line, *numbers, missing)
            if len(whole) == ROWS * len(WHOLE):
                _insert(WHOLE, whole, execute)
        else:
            plain += (series, span, line, str(value))
            if len(plain) == ROWS * len(PLAIN):
                _insert(PLAIN, plain, execute)
    _insert(WHOLE, whole, execute)
    _insert(PLAIN, plain, execute)


def _insert(columns: Sequence[str], fields: list[object], execute: Callable[..., object]) -> None:
    """Stage rows, given as their fields one after another, which are taken out of the list."""
    if fields:
        row = f"({', '.join('?' * len(columns))})"
        places = ", ".join([row] * (len(fields) // len(columns)))
        execute(f"INSERT INTO staged ({', '.join(columns)}) VALUES {places}", fields)
        fields.clear()


class _Days(dict[Period, tuple[str, str]]):
    """The code and last day of each period, as COPY takes them."""

    def __missing__(self, period: Period) -> tuple[str, str]:
        self[period] = found = period.code, period.last.isoformat()
        return found


def _blocks(values: Iterable[Incoming]) -> Iterator[str]:
    """The rows as COPY text, in blocks. No field can hold a tab, a line end or a backslash."""
    days, lines = _Days(), []
    null = "\\N"
    for series, period, value, top, bottom, missing, line in values:
        code, last = days[period]
        lines.append(
            f"{series}\t{code}\t{last}\t{null if value is None else value}\t{null if top is None else top}\t"
            f"{null if bottom is None else bottom}\t{missing}\t{line}\n"
        )
        if len(lines) >= 4000:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def compare(values: list[Incoming], *, may_correct: bool) -> Comparison:
    """What storing the values would do, without storing anything."""
    with transaction.atomic(), connection.cursor() as cursor:
        stage(values)
        cursor.execute(
            f"SELECT i.series_id, i.period_end, m.id, m.version, {DIFFERS}, m.approved_at IS NOT NULL, m.value"
            f" FROM incoming i LEFT JOIN followup_measurement m ON {SAME_KEY}"
        )
        stored = {(series, _day(last)): rest for series, last, *rest in cursor.fetchall()}
    sent = _held_back(values, may_correct=may_correct)
    created, updated, unchanged, locked = [], [], [], []
    changing: list[tuple[int, int, bool]] = []
    for at, one in enumerate(values):
        key = one.series_id, one.period.last
        pk, version, differs, is_approved, old = stored[key]
        if pk is not None and not differs and (is_approved or not may_correct):
            unchanged.append(at)
        elif key in sent or (is_approved and not may_correct):
            locked.append(at)
        elif pk is None:
            created.append(at)
        else:
            updated.append((at, None if old is None else Decimal(str(old))))
            changing.append((pk, version, bool(is_approved)))
    counts = Counts(len(created), len(updated), len(unchanged))
    summed = Changing(len(changing), *map(sum, zip(*changing, strict=True))) if changing else Changing()
    return Comparison(counts, summed, created, updated, unchanged, locked)


def _day(value: date | str) -> date:
    """SQLite gives the dates of plain SQL as text."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _held_back(values: list[Incoming], *, may_correct: bool) -> set[tuple[int, date]]:
    """Those asked for in a report that an approver has taken up; without the right to correct, in any that is sent."""
    due = DueValue.objects.filter(
        series__in={one.series_id for one in values},
        submission__state__in=[SubmissionState.IN_REVIEW] if may_correct else SENT,
    )
    return set(due.values_list("series", "period_end"))


def _hold_reports(values: list[Incoming]) -> None:
    """Hold the reports that ask for the values: none is sent or taken up while they are stored."""
    due = DueValue.objects.filter(series__in={one.series_id for one in values})
    asking = Submission.objects.select_for_update(of=("self",)).filter(pk__in=due.values("submission"))
    list(asking.exclude(state=SubmissionState.APPROVED).order_by("pk").values_list("pk", flat=True))


@without_collecting()
def import_values(
    values: list[Incoming],
    *,
    authority: Authority,
    filename: str,
    sha256: str,
    approve: bool,
    rejected: int = 0,
    reason: str = "",
    expected: Comparison | None = None,
    by: User | None,
    now: datetime,
) -> tuple[ImportBatch, Counts]:
    """Store the values: new ones created, different ones changed with a revision, the rest left alone.

    `approve` stores them as approved and may correct approved ones, for `reason` (else the file's name); without it
    they are drafts, and what is approved or sent must not be changed by them (`compare` finds it). `expected`: what the
    person was told will come of it. Raises NotPossible, and nothing is stored, when a report is in the way
    ("sent_elsewhere") or others have changed what was seen ("changed_meanwhile").
    """

    def store_all() -> tuple[ImportBatch, Counts]:
        return _import(
            values,
            ImportBatch(authority=authority, at=now, by=by, filename=filename[:200], sha256=sha256, rejected=rejected),
            approve=approve,
            reason=reason or filename,
            expected=expected,
        )

    try:
        return store_all()
    except IntegrityError:
        # Somebody entered one of the new values between our look and our write: now it can be seen.
        return store_all()


@transaction.atomic
def _import(
    values: list[Incoming], batch: ImportBatch, *, approve: bool, reason: str, expected: Comparison | None
) -> tuple[ImportBatch, Counts]:
    _hold_reports(values)
    # Files of one authority take turns: none finds half of another's.
    Authority.objects.select_for_update(no_key=True).get(pk=batch.authority_id)
    held = _held_back(values, may_correct=approve)
    batch.save()
    counts, changed = store(values, batch=batch, approve=approve, reason=reason, by=batch.by, now=batch.at)
    if expected is not None and (counts, changed) != (expected.counts, expected.changing):
        raise NotPossible("changed_meanwhile")
    if held and not held.isdisjoint(_written(batch)):
        raise NotPossible("sent_elsewhere")
    batch.created, batch.updated, batch.unchanged = counts.created, counts.updated, counts.unchanged
    batch.save(update_fields=["created", "updated", "unchanged"])
    if counts.created or counts.updated:
        keys = ((one.series_id, one.period.last) for one in values)
        if approve:
            refresh_after_values(keys, now=batch.at)
        else:
            refresh_after_drafts(keys, now=batch.at)
    return batch, counts


def _written(batch: ImportBatch) -> list[tuple[int, date]]:
    """Which values the file has written: what it repeats is not among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT i.series_id, i.period_end FROM incoming i JOIN followup_measurement m ON {SAME_KEY}"
            " WHERE m.batch_id = %s",
            [batch.pk],
        )
        return [(series, _day(last)) for series, last in cursor.fetchall()]


def store(
    values: Iterable[Incoming], *, batch: ImportBatch, approve: bool, reason: str, by: User | None, now: datetime
) -> tuple[Counts, Changing]:
    """The statements of `import_values`, without what follows from the values.

    Raises NotPossible when somebody changes one of the stored values meanwhile, and IntegrityError when somebody
    enters one of the new ones.
    """
    stage(values)
    who = by.pk if by is not None else None
    free = "" if approve else " AND m.approved_at IS NULL"
    changed = f"({DIFFERS} OR m.approved_at IS NULL)" if approve else DIFFERS
    at = connection.ops.adapt_datetimefield_value(now)  # as the ORM writes it: SQLite sorts times as text
    approved = (who, at) if approve else (None, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM incoming")
        total = cursor.fetchone()[0]
        # What is new and what changes is found once, in one look: what others do after it is noticed below.
        on_commit = "ON COMMIT DROP " if connection.vendor == "postgresql" else ""
        # SQLite writes rows one by one: in their order it need not look for the page of each.
        in_order = "" if connection.vendor == "postgresql" else " ORDER BY m.id"
        cursor.execute("DROP TABLE IF EXISTS changes")
        cursor.execute(
            f"CREATE TEMP TABLE changes {on_commit}AS SELECT m.id, i.series_id, i.period, i.period_end, i.value,"
            " i.numerator, i.denominator, i.missing, i.line, m.value AS old_value, m.numerator AS old_numerator,"
            " m.denominator AS old_denominator, m.missing AS old_missing, m.version, m.approved_at IS NOT NULL AS"
            f" was_approved, {DIFFERS} AS differs FROM incoming i LEFT JOIN followup_measurement m ON {SAME_KEY}"
            f" WHERE m.id IS NULL OR ({changed}{free}){in_order}"
        )
        cursor.execute(
            "SELECT count(*), count(id), coalesce(sum(id), 0), coalesce(sum(version), 0),"
            " count(CASE WHEN was_approved THEN id END) FROM changes"
        )
        found, *sums = map(int, cursor.fetchone())
        changing = Changing(*sums)
        cursor.execute(
            "INSERT INTO followup_revision (measurement_id, at, by_id, old_value, old_numerator, old_denominator,"
            " old_missing, new_value, new_numerator, new_denominator, new_missing, was_approved, reason)"
            " SELECT id, %s, %s, old_value, old_numerator, old_denominator, old_missing, value, numerator, denominator,"
            " missing, was_approved, %s FROM changes WHERE differs AND id IS NOT NULL",
            [at, who, reason[:500]],
        )
        # Changed before the new ones are entered, in the order in which others lock and enter.
        cursor.execute(
            "UPDATE followup_measurement AS m SET value = i.value, numerator = i.numerator,"
            " denominator = i.denominator, missing = i.missing, entered_by_id = %s, entered_at = %s,"
            " approved_by_id = %s, approved_at = %s, batch_id = %s, batch_line = i.line, version = m.version + 1,"
            " is_example = %s, is_confirmed = %s, sample_size = NULL, standard_deviation = NULL,"
            " corrected_from = CASE WHEN m.approved_at IS NULL THEN m.corrected_from ELSE m.value END,"
            " corrected_at = CASE WHEN m.approved_at IS NULL THEN m.corrected_at ELSE %s END"
            f" FROM changes AS i WHERE m.id = i.id AND m.version = i.version{free}",
            [who, at, *approved, batch.pk, False, False, at],
        )
        if cursor.rowcount != changing.count:
            raise NotPossible("changed_meanwhile")
        cursor.execute(
            "INSERT INTO followup_measurement (authority_id, series_id, period, period_end, value, numerator,"
            " denominator, missing, comment, is_example, is_confirmed, entered_by_id, entered_at, approved_by_id,"
            " approved_at, batch_id, batch_line, version)"
            " SELECT %s, series_id, period, period_end, value, numerator, denominator, missing, '', %s,"
            " %s, %s, %s, %s, %s, %s, line, 1 FROM changes WHERE id IS NULL",
            [batch.authority_id, False, False, who, at, *approved, batch.pk],
        )
    return Counts(found - changing.count, changing.count, total - found), changing


def remember_mapping(authority: Authority, fingerprint: str, mapping: Mapping, *, now: datetime) -> None:
    """Keep how files with these headings are read, for the next one."""
    ImportMapping.objects.update_or_create(
        authority=authority, fingerprint=fingerprint, defaults={"mapping": mapping.to_json(), "used_at": now}
    )
