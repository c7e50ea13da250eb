"""What is measured inside Django, one case a process: `python -m benchmarks.inside CASE [ARGUMENTS]` prints JSON."""

import csv
import io
import random
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from tempfile import TemporaryFile

import pikepdf
import xlsxwriter
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook
from weasyprint import HTML

from benchmarks.cases import run
from followup.actions.due import do_what_is_due
from followup.actions.importing import import_values, store
from followup.actions.reminders import fill_outbox
from followup.actions.standings import goals_were_changed
from followup.models import GoalStanding, ImportBatch, Mail, Measurement, Revision, Round, RoundState, Submission
from followup.readers import read_table
from followup.status import Light
from followup.value_files import Incoming, Known, Mapping, read_values, recognise
from goals.advice import advise
from goals.kinds import GoalState
from goals.loading_new_york import CODE as NEW_YORK
from goals.models import Goal, GoalSeries, Series
from goals.period_names import period_name
from goals.periods import Period, PeriodKind
from malstyring.scale.builder import tidy
from malstyring.scale.many import Many, ManyBuilder
from organisation.models import Authority, Portal, PortalDepth, Unit, User
from organisation.pdf import BASE, StaticOnly
from organisation.sheets import read_sheets
from reports.content import report_content
from reports.exports.xlsx import xlsx_of
from reports.making import file_now
from reports.models import Job, MadeFile
from reports.opendata.files import Numbers, csv_file
from reports.opendata.kinds import Licence, Publisher
from reports.opendata.public import public_series
from reports.opendata.values import open_series
from reports.parts import IndicatorRow, ReportContent, Value
from reports.rendering import paper_html, report_pdf
from reports.subject import ordinary
from reports.worker import WorkerProcess

MORNING = datetime(2026, 8, 15, 4, 0, tzinfo=UTC)


def prepare(goals: str, series: str, periods: str) -> dict[str, object]:
    """Load an installation; the address of each page, and a session for our pages and one for the bare one."""
    call_command("migrate", verbosity=0)
    call_command("load_scale", goals=int(goals), series=int(series), periods=int(periods), stdout=io.StringIO())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    # An institution's: it serves three goals above and four serve it, however large the installation.
    goal = Goal.objects.filter(owner_unit__kind="institution", serving__isnull=False).order_by("pk").first()
    linked = GoalSeries.objects.filter(goal=goal).first()
    council, committee = Unit.objects.get(kind="council"), Unit.objects.filter(kind="committee").first()
    unit = Unit.objects.filter(kind="institution", goals__isnull=False).first()
    asked = Submission.objects.filter(round__state=RoundState.OPEN).with_counts().order_by("-missing_count").first()
    return {
        "pages": {
            "overview": "/",
            "council": f"/udvalg/{council.pk}/",
            "body": f"/udvalg/{committee.pk}/",
            "goal": f"/maal/{goal.pk}/",
            "series": f"/serier/{linked.series_id}/",
            "unit": f"/enheder/{unit.pk}/",
            "tree": "/maal/",
        },
        "grid": f"/indberetning/{asked.round_id}/{asked.unit_id}/",
        "session": session_of("konsulent", "allauth.account.auth_backends.AuthenticationBackend"),
        "floor_session": session_of("konsulent", "django.contrib.auth.backends.ModelBackend"),
    }


def prepare_portal() -> dict[str, object]:
    """The demo and the New York report; the same public pages of both, and a session for the bare page."""
    call_command("migrate", verbosity=0)
    call_command("load_demo", stdout=io.StringIO())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return {
        "demo": public_pages("901"),
        "new_york": public_pages(NEW_YORK),
        "session": "",
        "floor_session": session_of("konsulent", "django.contrib.auth.backends.ModelBackend"),
    }


def public_pages(code: str) -> dict[str, str]:
    """The addresses of one page of each kind of the authority's portal."""
    linked = GoalSeries.objects.filter(goal__authority__code=code, goal__state=GoalState.ADOPTED).order_by("pk").first()
    portal = f"/m/{code}/aabne-maal/"
    return {
        "front": portal,
        "goal": f"{portal}maal/{linked.goal_id}/",
        "series": f"{portal}serier/{linked.series_id}/",
        "missing": f"{portal}mangler/",
        "feed": f"{portal}feed/",
    }


def prepare_heat(goals: str, units: str) -> dict[str, object]:
    """An installation whose council has so many goals, each served by a goal in every one of so many units."""
    made = prepare("50", "100", "4")
    council, lights = Unit.objects.get(kind="council"), random_lights()
    council.goals.update(state=GoalState.DRAFT)
    board = Unit.objects.get(kind="executive_board")
    common = {"authority": council.authority, "valid_from": date(2020, 1, 1), "kind": "institution", "parent": board}
    schools = Unit.objects.bulk_create(
        Unit(code=f"H{n}", name=f"Skolen ved vej {n}", **common) for n in range(int(units))
    )
    decided = Goal.objects.filter(adopted_by__isnull=False).first().adopted_by
    fields = {"authority": council.authority, "state": GoalState.ADOPTED, "adopted_by": decided}
    tops = Goal.objects.bulk_create(
        Goal(title=f"Mål {n}", short_name=f"Mål {n}", rank=n, owner_unit=council, **fields) for n in range(int(goals))
    )
    below = Goal.objects.bulk_create(
        Goal(title=top.title, short_name=top.short_name, rank=top.rank, owner_unit=school, parent=top, **fields)
        for top in tops
        for school in schools
    )
    GoalStanding.objects.bulk_create(GoalStanding(goal=goal, light=next(lights)) for goal in (*tops, *below))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return {
        **made,
        "pages": {
            "heat map": "/overblik/varmekort/",
            "dashboard": "/overblik/maal/",
            "over time": "/overblik/udvikling/",
            "red thread": f"/maal/{tops[0].pk}/roed-traad/",
        },
    }


def random_lights() -> Iterator[str]:
    """Lights as they are found: most on track, a few of each other."""
    maker = random.Random(3)
    lights = list(Light)
    while True:
        yield maker.choices(lights, weights=(3, 1, 3, 1, 12, 4, 1, 1, 1))[0].value


def session_of(username: str, backend: str) -> str:
    """The key of a new session, signed in by the backend."""
    person = User.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def plain_series() -> QuerySet[Series]:
    """Monthly series of plain numbers that somebody enters."""
    entered = Series.objects.filter(is_rolled_up=False, indicator__value_kind="number", indicator__frequency="month")
    return entered.order_by("pk")


def incoming(count: int, shift: int = 0) -> Iterator[Incoming]:
    """So many validated values, 50 months of as many series as it takes, made as they are asked for."""
    # Read at once: the connection answers nothing else while rows are copied.
    ids = list(Series.objects.order_by("pk").values_list("pk", flat=True)[: count // 50])
    assert len(ids) * 50 == count, f"{len(ids)} series for {count} values"
    return _made(ids, shift)


def _made(ids: list[int], shift: int) -> Iterator[Incoming]:
    last = Period.containing(date(2025, 12, 31), PeriodKind.MONTH)
    periods = [last.shift(-n) for n in range(50)]
    numbers = [Decimal(n) / 10 for n in range(1000)]
    maker, line = random.Random(2), 0
    for pk in ids:
        for period in periods:
            line += 1
            yield Incoming(pk, period, numbers[(maker.randrange(500) + shift) % 1000], None, None, "", line)


def store_values(count: str) -> dict[str, float]:
    """Seconds for storing into an empty table, and again with every value changed, each with its revision."""
    Measurement.objects.all().delete()
    authority, now = Authority.objects.first(), timezone.now()
    seconds = {}
    for name, shift in (("empty", 0), ("existing", 500)):
        batch = ImportBatch.objects.create(authority=authority, at=now, by=None, filename="bench", sha256="0" * 64)
        began = time.perf_counter()
        with transaction.atomic():
            values = incoming(int(count), shift)
            stored, _changing = store(values, batch=batch, approve=True, reason="bench", by=None, now=now)
        seconds[name] = time.perf_counter() - began
        assert stored.created + stored.updated == int(count), stored
    assert Revision.objects.count() == int(count)
    return {**seconds, "memory_mb": peak_memory()}


def store_floor(count: str) -> dict[str, float]:
    """Seconds for COPY to a temporary table and INSERT … ON CONFLICT of series, day and value: nothing else kept."""
    seconds = {}
    _floor_table("bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY")
    for name, shift in (("empty", 0), ("existing", 500)):
        rows = ((one.series_id, one.period.last, one.value) for one in incoming(int(count), shift))
        began = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            _floor_upsert(cursor, rows)
        seconds[name] = time.perf_counter() - began
    return seconds


def _floor_table(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_floor")
        cursor.execute(
            f"CREATE TABLE bench_floor (id {key}, series_id bigint NOT NULL, period_end date NOT NULL,"
            " value numeric(23,8) NOT NULL, UNIQUE (series_id, period_end))"
        )


def _floor_upsert(cursor: object, rows: Iterable[tuple[object, ...]]) -> None:
    cursor.execute("CREATE TEMP TABLE stage (series_id bigint, period_end date, value numeric(23,8)) ON COMMIT DROP")
    with cursor.copy("COPY stage (series_id, period_end, value) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(
        "INSERT INTO bench_floor (series_id, period_end, value) SELECT * FROM stage"
        " ON CONFLICT (series_id, period_end) DO UPDATE SET value = excluded.value"
    )


def write_workbook(path: str, count: str, year: str, shift: str) -> dict[str, int]:
    """An XLSX of so many values: unit, indicator, one of 50 months from the year on, and number, by the shift."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Tal")
    sheet.write_row(0, 0, ["Enhed", "Indikator", "Periode", "Værdi"])
    pairs = list(plain_series().values_list("unit__code", "indicator__code")[: int(count) // 50])
    first = Period.containing(date(int(year), 1, 31), PeriodKind.MONTH)
    periods = [first.shift(n).code for n in range(50)]
    rows = ((unit, indicator, period) for unit, indicator in pairs for period in periods)
    for at, row in enumerate(rows, 1):
        sheet.write_row(at, 0, [*row, ((at + int(shift)) * 37 % 1000) / 10])
    book.close()
    return {"rows": len(pairs) * 50}


def workbook_floor(path: str) -> dict[str, float]:
    """Seconds of CPU for the workbook's cells from calamine, and an upsert of them into a bare SQLite table."""
    _floor_table("integer PRIMARY KEY")
    with open(path, "rb") as file:
        content = file.read()
    began = time.process_time()
    cells = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    pairs: dict[tuple[object, object], int] = {}
    rows = ((pairs.setdefault((unit, name), len(pairs)), period, value) for unit, name, period, value in cells[1:])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bench_floor (series_id, period_end, value) VALUES (%s, %s, %s)"
            " ON CONFLICT (series_id, period_end) DO UPDATE SET value = excluded.value",
            rows,
        )
    return {"cpu": time.process_time() - began}


def import_workbook(path: str) -> dict[str, float]:
    """Seconds of CPU from the bytes of the file to stored values, with the memory it took."""
    authority, now = Authority.objects.first(), timezone.now()
    with open(path, "rb") as file:
        content = file.read()
    began = time.process_time()
    table = read_table(read_sheets(content, "tal.xlsx"))
    known = Known(authority)
    reading = read_values(table, recognise(table, Mapping(), known), known)
    assert not reading.refused, reading.refused[0]
    read = time.process_time() - began
    digest = sha256(content).hexdigest()
    import_values(
        reading.values, authority=authority, filename="tal.xlsx", sha256=digest, approve=True, by=None, now=now
    )
    total = time.process_time() - began
    return {"rows": len(reading.values), "read": read, "cpu": total, "memory_mb": peak_memory()}


def report(goals: str, series_each: str) -> dict[str, float]:
    """Seconds for WeasyPrint alone on the report's HTML, and for the whole way from the database to the PDF."""
    round_, now = _round_with(int(goals), int(series_each)), timezone.now()
    with CaptureQueriesContext(connection) as captured:
        html = paper_html(report_content(ordinary(round_), now=now))
    alone, ours = [], []
    for _ in range(3):
        began = time.perf_counter()
        paper = HTML(string=html, url_fetcher=StaticOnly(), base_url=BASE).write_pdf(pdf_variant="pdf/ua-1")
        alone.append(time.perf_counter() - began)
        began = time.perf_counter()
        report_pdf(report_content(ordinary(round_), now=now))
        ours.append(time.perf_counter() - began)
    pages = len(pikepdf.open(io.BytesIO(paper)).pages)
    return {"pages": pages, "alone": min(alone), "ours": min(ours), "queries": len(captured)}


def report_alone(goals: str, series_each: str) -> dict[str, float]:
    """The most memory that WeasyPrint takes by itself on the report's HTML."""
    html = paper_html(report_content(ordinary(_round_with(int(goals), int(series_each))), now=timezone.now()))
    HTML(string=html, url_fetcher=StaticOnly(), base_url=BASE).write_pdf(pdf_variant="pdf/ua-1")
    return {"memory_mb": peak_memory()}


def report_whole(goals: str, series_each: str) -> dict[str, float]:
    """The most memory that the report takes from the database to the finished PDF."""
    report_pdf(report_content(ordinary(_round_with(int(goals), int(series_each))), now=timezone.now()))
    return {"memory_mb": peak_memory()}


def report_in_child(goals: str, series_each: str) -> dict[str, float]:
    """The most memory that the worker's child takes from the job to the stored PDF."""
    round_ = _round_with(int(goals), int(series_each))
    Job.objects.all().delete()
    MadeFile.objects.all().delete()
    person = User.objects.get(username="konsulent")
    Job.objects.create(round=round_, report=str(round_.pk), kind="pdf", by=person, made_at=timezone.now())
    WorkerProcess().run(until_empty=True)
    assert MadeFile.objects.exists(), Job.objects.get().error
    return {"memory_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}


def keep_report(goals: str, series_each: str) -> dict[str, object]:
    """The address of a PDF that was made and still holds, with a session that may read it."""
    round_ = _round_with(int(goals), int(series_each))
    Round.objects.filter(pk=round_.pk).update(state=RoundState.CLOSED)
    file_now(ordinary(Round.objects.select_related("body", "authority").get(pk=round_.pk)), "pdf", now=timezone.now())
    return {
        "path": f"/rapporter/{round_.pk}/pdf/",
        "session": session_of("konsulent", "allauth.account.auth_backends.AuthenticationBackend"),
        "floor_session": session_of("konsulent", "django.contrib.auth.backends.ModelBackend"),
    }


def report_queries(goals: str, series_each: str) -> dict[str, int]:
    """How many queries the report takes."""
    round_ = _round_with(int(goals), int(series_each))
    with CaptureQueriesContext(connection) as captured:
        paper_html(report_content(ordinary(round_), now=timezone.now()))
    return {"queries": len(captured)}


def lay_out(goals: str, series_each: str) -> dict[str, int]:
    """Make the report's committee have so many goals, for a case that is not to have that in its memory."""
    return {"round": _round_with(int(goals), int(series_each)).pk}


def write_report_workbook(count: str) -> dict[str, float]:
    """Seconds of CPU for the XLSX of a report with so many values, and the memory of it all: after `lay_out 1 1`."""
    content = _content_of(int(count))
    began = time.process_time()
    workbook = xlsx_of(content)
    seconds = time.process_time() - began
    memory = peak_memory()
    rows = len(read_sheets(workbook, "rapport.xlsx").sheets[1].rows) - 1
    assert rows == int(count), f"{rows} rows"
    return {"rows": rows, "cpu": seconds, "memory_mb": memory}


def open_csv(count: str) -> dict[str, float]:
    """Seconds of CPU for the file of so many open values, from the database to the disk, and for the bare writer.

    The bare one is given the same cells ready made. Each in the best of three.
    """
    authority = Authority.objects.get()
    Portal.objects.update_or_create(authority=authority, defaults={"depth": PortalDepth.ALL})
    authority = Authority.objects.get()
    # Whole indicators, as in the file: what is hidden of a number is found by those of all units.
    chosen = public_series(authority).filter(pk__in=plain_series().values("pk")).order_by("indicator_id", "pk")
    values = Measurement.objects.approved().filter(series__in=plain_series().order_by().values("pk")).order_by()
    counts = dict(values.values_list("series").annotate(Count("pk")))
    picked, rows = list[int](), 0
    for pk in chosen.values_list("pk", flat=True):
        if rows < int(count):
            picked.append(pk)
            rows += counts[pk]
    series = open_series(Series.objects.filter(pk__in=picked))
    licence = Licence("CC BY 4.0")
    publisher = Publisher(authority.code, authority.name, "", licence, "http://localhost/data/")
    numbers = Numbers(authority, publisher, series, date(2026, 8, 15), None, "Tal")
    ours = min(_cpu(lambda: csv_file(numbers).file) for _ in range(3))
    memory = peak_memory()
    made = csv_file(numbers).file
    cells = list(csv.reader(io.StringIO(made.read().decode("utf-8-sig"), newline=""), delimiter=";"))
    floor = min(_cpu(lambda: _bare_csv(cells)) for _ in range(3))
    return {"rows": len(cells) - 1, "cpu": ours, "floor": floor, "memory_mb": memory}


def _cpu(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


def _bare_csv(rows: list[list[str]]) -> None:
    with TemporaryFile("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)


def _content_of(count: int, goals: int = 100, series_each: int = 5) -> ReportContent:
    """A report of so many values: that of one goal, many times, each series with months of its own."""
    content = report_content(ordinary(_its_round()), now=timezone.now())
    section, source = content.sections[0], content.sources[0]
    each = count // (goals * series_each)
    months = [Period.containing(date(2025, 12, 31), PeriodKind.MONTH).shift(-n) for n in range(each)]
    maker = random.Random(3)

    def row(number: int) -> IndicatorRow:
        values = tuple(
            Value(one.code, period_name(one), one.last, Decimal(maker.randrange(10**6)) / 100, "", False, None, False)
            for one in months
        )
        one = section.rows[0]
        figure = replace(one.figure, unit_name=f"{one.figure.unit_name} {number}")
        return replace(one, figure=figure, numbers=replace(one.numbers, decimals=2, values=values))

    sections = tuple(
        replace(section, number=str(number), rows=tuple(row(number * series_each + n) for n in range(series_each)))
        for number in range(1, goals + 1)
    )
    return replace(content, sections=sections, sources=(source,) * (goals * series_each))


def _its_round() -> Round:
    return Round.objects.filter(state=RoundState.CLOSED).first() or Round.objects.first()


def _round_with(goals: int, series_each: int) -> Round:
    """A round whose committee has exactly so many goals in force, with so many series each."""
    round_ = _its_round()
    body = round_.body
    first = body.goals.order_by("rank", "pk").first()
    lacking = range(body.goals.count(), goals)
    fields = {"authority": first.authority, "owner_unit": body, "adopted_by": first.adopted_by}
    Goal.objects.bulk_create(
        Goal(title=f"{first.title} {number}", short_name=f"Mål {number}", rank=number, **fields) for number in lacking
    )
    chosen = list(body.goals.order_by("rank", "pk").values_list("pk", flat=True))[:goals]
    body.goals.exclude(pk__in=chosen).update(state=GoalState.DRAFT)
    body.goals.filter(pk__in=chosen).update(state=GoalState.ADOPTED)
    GoalSeries.objects.filter(goal__owner_unit=body).delete()
    # Entered ones first: few and many are then of a kind.
    series = iter(Series.objects.order_by("is_rolled_up", "pk").values_list("pk", flat=True)[: goals * series_each])
    links = [
        GoalSeries(goal_id=goal, series_id=next(series), rank=rank)
        for goal in chosen
        for rank in range(1, series_each + 1)
    ]
    GoalSeries.objects.bulk_create(links)
    assert len(links) == goals * series_each, f"{len(links)} links"
    goals_were_changed(set(body.goals.values_list("pk", flat=True)), timezone.now())
    return round_


def load_many() -> dict[str, float]:
    """Seconds for storing 103 authorities with 5,000 leaders on the morning after a deadline."""
    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    ManyBuilder(Many(), now=MORNING).build()
    seconds = time.perf_counter() - began
    tidy()
    return {"load": seconds}


def fill() -> dict[str, float]:
    """Filling the outbox, once and again, and the least that it takes: as many plain rows of mail."""
    first, again = _measured(lambda: fill_outbox(MORNING)), _measured(lambda: fill_outbox(MORNING))
    rows = list(Mail.objects.all())
    for at, row in enumerate(rows):
        row.pk, row.key, row.message_id = None, f"floor {at}", f"<floor-{at}@example.dk>"
    floor = _measured(lambda: len(Mail.objects.bulk_create(rows, batch_size=500)))
    Mail.objects.filter(key__startswith="floor").delete()
    return {"first": first, "again": again, "floor": floor, "memory_mb": peak_memory()}


def tick() -> dict[str, float]:
    """The whole of tick on an installation whose outbox is full: rounds move, lights turn; and once more."""
    first = _measured(lambda: do_what_is_due(MORNING, send=False).lights)
    again = _measured(lambda: sum(vars(do_what_is_due(MORNING, send=False)).values()))
    return {"first": first, "again": again}


def _measured(run: Callable[[], int]) -> dict[str, float]:
    """Seconds, queries, and what came out."""
    with CaptureQueriesContext(connection) as captured:
        began = time.perf_counter()
        result = run()
        seconds = time.perf_counter() - began
    return {"seconds": seconds, "queries": len(captured), "result": result}


def peak_memory() -> float:
    """The most memory the process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def advise_texts() -> dict[str, float]:
    """Milliseconds to advise on 2,000 characters of goals, and on 2,000 that are hardest to read."""
    ordinary = "At styrke borgernes trivsel og sundhed gennem øget fokus på sammenhængende forløb inden 2028. " * 30
    # The shorter the words, the more places a pattern may begin at.
    return {name: _advise(text[:2000]) for name, text in (("ordinary", ordinary), ("hardest", "i " * 1000))}


def _advise(text: str) -> float:
    times = []
    for _ in range(20):
        began = time.process_time()
        advise(text, {"measurable": text, "timed": text})
        times.append(time.process_time() - began)
    return sorted(times)[10] * 1000


if __name__ == "__main__":
    run(
        prepare,
        prepare_heat,
        prepare_portal,
        store_values,
        store_floor,
        write_workbook,
        import_workbook,
        workbook_floor,
        report,
        report_alone,
        report_whole,
        report_in_child,
        keep_report,
        report_queries,
        lay_out,
        write_report_workbook,
        load_many,
        fill,
        tick,
        open_csv,
        advise_texts,
    )
