"""`./dev bench`: every figure that is promised, against its floor in the same run. Exit 1 when one does not hold."""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.posting import people, send
from benchmarks.server import ROOT, Server, Visitor
from benchmarks.table import Figure, show, write

FULL = (10_000, 20_000, 100)
QUICK = (1_000, 2_000, 100)
# As many series a goal as the others have, so that a page shows as much and only what lies behind it is less.
SMALL = (50, 100, 100)
MOST_TICK_SECONDS, MOST_TICK_QUERIES = 30, 500
HEAT, MOST_HEAT_MS, MOST_HEAT_TO_BARE = (50, 100), 60, 12
LONG_REPORT, MOST_LINEAR, MOST_KEPT_MS = (42, 3), 1.15, 20  # 100 pages; linear but for what a report has once
ANSWERS_A_SECOND, MOST_ANSWER_MS = 100, 150
MOST_OPEN_CSV = 14  # times the bare writer, which neither reads the numbers nor looks for what to hide
MOST_ADVICE_MS = 5
MOST_WORKBOOK = 2.7  # two seconds, where calamine takes 0.31 and a bare upsert 0.44
NEW_YEARS, STORED_YEAR = (1990, 1995, 2000), 2019
MOST_CHAIN_MS, MOST_TO_LONE, MOST_GUARDED = 200, 1.5, 1.1
MOST_QUERIES, MOST_FOR_A_CELL, MOST_FOR_A_PASTE = 12, 10, 15
# Public pages. New York's front page lists fifty goals and its feed tells of them; the demo's council has five.
MOST_PUBLIC, MOST_KEPT_PAGE, MOST_ANEW, MOST_FRONT_ANEW = 8, 1.3, 2, 5
# The parts: on both databases, and on one or none.
ON_BOTH = (
    "pages", "entry", "heat_map", "portal", "workbook", "paper", "open_data", "kept_report", "tick", "chain",
)  # fmt: skip
ON_ONE = ("answers", "advice", "importing")


@dataclass(frozen=True, slots=True)
class Installed:
    """A loaded installation: its database's address, and what `inside.prepare` tells of it."""

    url: str
    made: dict[str, Any]


class Bench:
    """One run over both databases."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder, self.quick = folder, quick
        self.full = QUICK if quick else FULL
        self.rounds = 40 if quick else 120
        self.postgres = os.environ["BENCH_POSTGRES"]
        self.figures: list[Figure] = []
        self.installed: dict[tuple[str, str], Installed] = {}

    def url(self, database: str, name: str) -> str:
        """An empty database's address."""
        if database == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite3"
        subprocess.run(["psql", "-q", self.postgres, "-c", f"CREATE DATABASE {name}"], check=True)
        return urlsplit(self.postgres)._replace(path=f"/{name}").geturl()

    def inside(self, url: str, case: str, *arguments: object, module: str = "benchmarks.inside") -> Any:
        """What `benchmarks.inside` measures, or another module makes, in a process of its own."""
        command = [sys.executable, "-m", module, case, *map(str, arguments)]
        env = {**os.environ, "DATABASE_URL": url}
        done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(done.stdout.strip().splitlines()[-1])

    def installation(self, database: str, size: str = "full") -> Installed:
        """The installation of that size, `full` or `small`; loaded when it is first asked for."""
        if (database, size) not in self.installed:
            url = self.url(database, f"bench_{size}")
            made = self.inside(url, "prepare", *(self.full if size == "full" else SMALL))
            self.installed[database, size] = Installed(url, made)
        return self.installed[database, size]

    def add(self, figure: Figure) -> None:
        """Keep a figure and show it at once."""
        self.figures.append(figure)
        print(show([figure]).splitlines()[-1], flush=True)

    # ---- pages -------------------------------------------------------------------------------------------------------

    @contextmanager
    def serving(self, url: str, made: dict[str, Any]) -> Iterator[tuple[Visitor, Visitor]]:
        """Our application and the bare page, each with a signed-in visitor."""
        env = {"DATABASE_URL": url, "SERVER_TIMING": "1"}
        with Server("malstyring.wsgi", env) as ours, Server("benchmarks.floor_wsgi", env) as floor:
            yield Visitor(ours, made["session"]), Visitor(floor, made["floor_session"])

    def pages(self, database: str) -> None:
        """Each page at full size: queries, time against the bare page, time against itself at 100 series."""
        small, full = self.installation(database, "small"), self.installation(database)
        with (
            self.serving(small.url, small.made) as (before, _floor),
            self.serving(full.url, full.made) as (visitor, floor),
        ):
            for name, path in full.made["pages"].items():
                asked = ((visitor, path), (floor, "/gulv/"), (before, small.made["pages"][name]))
                ours, bare, itself = self._alternate(*asked)
                self.add(Figure(f"{name}: queries", database, visitor.queries, "queries", MOST_QUERIES))
                self.add(Figure(f"{name}: p50 to a bare page", database, ours, "ms", 3, bare))
                self.add(Figure(f"{name}: p50 to itself at 100 series", database, ours, "ms", 1.2, itself))

    def heat_map(self, database: str) -> None:
        """A map of 50 goals and 100 units, every cell filled: queries, milliseconds, and to the bare page."""
        url = self.url(database, "bench_heat")
        made = self.inside(url, "prepare_heat", *HEAT)
        with self.serving(url, made) as (visitor, floor):
            ours, bare = self._alternate((visitor, made["pages"]["heat map"]), (floor, "/gulv/"))
            case = "heat map of {} goals × {} units".format(*HEAT)
            self.add(Figure(f"{case}: queries", database, visitor.queries, "queries", MOST_QUERIES))
            self.add(Figure(f"{case}: p50", database, ours, "ms", MOST_HEAT_MS))
            self.add(Figure(f"{case}: p50 to a bare page", database, ours, "ms", MOST_HEAT_TO_BARE, bare))
            for name in ("dashboard", "over time", "red thread"):
                self._alternate((visitor, made["pages"][name]))
                case = f"{name} on the same installation: queries"
                self.add(Figure(case, database, visitor.queries, "queries", MOST_QUERIES))

    def portal(self, database: str) -> None:
        """Public pages of New York to those of the demo: as they are kept, and made anew (a query of their own)."""
        url = self.url(database, "bench_portal")
        made = self.inside(url, "prepare_portal")
        with self.serving(url, made) as (visitor, floor):
            for name, path in made["new_york"].items():
                ours, demo, bare = self._alternate((visitor, path), (visitor, made["demo"][name]), (floor, "/gulv/"))
                case = f"public {name} of New York"
                self.add(Figure(f"{case}: p50 to the demo's", database, ours, "ms", MOST_KEPT_PAGE, demo))
                self.add(Figure(f"{case}: p50 to a bare page", database, ours, "ms", 1, bare))
                ours, demo = self._alternate((visitor, f"{path}?ny"), (visitor, f"{made['demo'][name]}?ny"))
                most = MOST_FRONT_ANEW if name in ("front", "feed") else MOST_ANEW
                self.add(Figure(f"{case}, made anew: p50 to the demo's", database, ours, "ms", most, demo))
                self.add(Figure(f"{case}, made anew: queries", database, visitor.queries, "queries", MOST_PUBLIC))

    def _alternate(self, *asked: tuple[Visitor, str]) -> list[float]:
        """p50 in milliseconds of each page, asked in turn so that all meet the same machine."""
        for _ in range(5):
            for visitor, path in asked:
                visitor.get(path)
        rounds = [[visitor.get(path)[0] for visitor, path in asked] for _ in range(self.rounds)]
        return [statistics.median(times) * 1000 for times in zip(*rounds, strict=True)]

    # ---- entry -------------------------------------------------------------------------------------------------------

    def entry(self, database: str) -> None:
        """Queries of saving one cell and of pasting 30 rows, at both sizes."""
        counts = {}
        for size in ("small", "full"):
            one = self.installation(database, size)
            with self.serving(one.url, one.made) as (visitor, _floor):
                counts[size] = self._save(visitor, one.made["grid"])
        for at, (name, most) in enumerate((("one cell", MOST_FOR_A_CELL), ("a paste of 30 rows", MOST_FOR_A_PASTE))):
            self.add(Figure(f"saving {name}: queries", database, counts["full"][at], "queries", most))
            self.add(
                Figure(f"saving {name}: queries to the small one", database, counts["full"][at], "queries", 1,
                       counts["small"][at])
            )  # fmt: skip

    def _save(self, visitor: Visitor, grid: str) -> tuple[int, int]:
        _seconds, page = visitor.get(grid)
        cells = re.findall(r'name="v-(\d+)"', page.decode())[:31]
        assert len(cells) > 1, f"{len(cells)} cells in the grid"

        def body(chosen: list[str]) -> str:
            return urlencode([pair for pk in chosen for pair in ((f"v-{pk}", "50"), (f"x-{pk}", ""))])

        visitor.post(f"{grid}gem/", body(cells[:1]))
        one = visitor.queries
        visitor.post(f"{grid}gem/", body(cells[1:]))
        return one, visitor.queries

    # ---- files and paper ---------------------------------------------------------------------------------------------

    def answers(self) -> None:
        """100 citizens a second answer one survey: two workers, the database and those who send on the same cores."""
        url = self.url("postgresql", "bench_answers")
        made = self.inside(url, "prepare", module="benchmarks.survey")
        env = {"DATABASE_URL": url, "BEHIND_PROXY": "1"}
        seconds = 10 if self.quick else 30
        with Server("malstyring.wsgi", env, workers=2, threads=4) as server:
            send(server.port, people(100, made["path"], seed=2), rate=50)
            came = send(server.port, people(seconds * ANSWERS_A_SECOND, made["path"]), rate=ANSWERS_A_SECOND)
        full = self.installation("postgresql")
        with Server("benchmarks.floor_wsgi", {"DATABASE_URL": full.url}) as floor:
            (bare,) = self._alternate((Visitor(floor, full.made["floor_session"]), "/gulv/"))
        case = f"{ANSWERS_A_SECOND} answers a second for {seconds} s"
        lost = seconds * ANSWERS_A_SECOND - came.statuses[303]
        self.add(Figure(f"{case}: acknowledged a second", "postgresql", came.rate, "answers/s", 99, at_least=True))
        self.add(Figure(f"{case}: not acknowledged", "postgresql", lost, "answers", 0))
        self.add(Figure(f"{case}: p95", "postgresql", came.percentile(0.95), "ms", MOST_ANSWER_MS))
        self.add(Figure(f"{case}: p50 to a bare page", "postgresql", came.percentile(0.5), "ms", 3, bare))

    def chain(self, database: str) -> None:
        """Moving and closing a goal with a thousand below it, to one that nothing serves; a file to one unguarded."""
        url = self.url(database, "bench_chain")
        made = self.inside(url, "prepare", 10, 3, module="benchmarks.chain")
        pair = made["moved"], made["lone"]
        for verb, more in (("move", made["parents"]), ("close", ())):
            told = self.inside(url, verb, *pair, *more, module="benchmarks.chain")
            case = f"{verb} a goal with {made['below']:,} below"
            self.add(Figure(case, database, told["ms"], "ms", MOST_CHAIN_MS))
            self.add(Figure(f"{case}: to one with none", database, told["ms"], "ms", MOST_TO_LONE, told["floor"]))
        count = self.full[0]
        told = self.inside(self.url(database, "bench_load"), "load", count, module="benchmarks.chain")
        case = f"load_goals of {count:,} goals, guarded to not"
        self.add(Figure(case, database, told["guarded"], "s", MOST_GUARDED, told["bare"]))

    def advice(self) -> None:
        """Advice on 2,000 characters of goals, and on the text of that length that is hardest to read."""
        taken = self.inside(self.url("sqlite", "none"), "advise_texts")
        self.add(Figure("advice on 2,000 characters", "–", taken["ordinary"], "ms", MOST_ADVICE_MS))
        self.add(Figure("advice on the hardest 2,000 characters", "–", taken["hardest"], "ms", MOST_ADVICE_MS))

    def importing(self) -> None:
        """Storing validated values on PostgreSQL, against COPY and INSERT … ON CONFLICT."""
        count = 100_000 if self.quick else 1_000_000
        url = self.url("postgresql", "bench_import")
        self.inside(url, "prepare", 100, count // 50, 1)
        floor = self.inside(url, "store_floor", count)
        ours = self.inside(url, "store_values", count)
        for name, limit in (("empty", 0.5), ("existing", 0.35)):
            speed, bare = count / ours[name], count / floor[name]
            case = f"import_values, {count:,} values, table {name}"
            self.add(Figure(case, "postgresql", speed, "rows/s", limit, bare, at_least=True))
        self.add(Figure(f"import_values, {count:,} values: memory", "postgresql", ours["memory_mb"], "MB", 300))

    def workbook(self, database: str) -> None:
        """A 100,000-row workbook from its bytes to stored values, new ones and ones that change: the best of three."""
        url = self.installation(database).url
        path, peaks = self.folder / "tal.xlsx", []
        # Months before any that there are, and months that all have a value.
        for name, years in (("new values", NEW_YEARS), ("each changes one", [STORED_YEAR] * len(NEW_YEARS))):
            runs, floors = [], []
            for shift, year in enumerate(years):
                rows = self.inside(url, "write_workbook", path, 100_000, year, shift)["rows"]
                runs.append(self.inside(url, "import_workbook", path))
                if database == "sqlite":
                    floors.append(self.inside(url, "workbook_floor", path)["cpu"])
            cpu, case = min(one["cpu"] for one in runs), f"XLSX of {rows:,} rows, {name}: CPU"
            peaks += [one["memory_mb"] for one in runs]
            self.add(Figure(case, database, cpu, "s", 2))
            if floors:
                self.add(Figure(f"{case} to calamine and upsert", database, cpu, "s", MOST_WORKBOOK, min(floors)))
        self.add(Figure(f"XLSX of {rows:,} rows: memory", database, max(peaks), "MB", 300))

    def paper(self, database: str) -> None:
        """A report of some 30 pages, one of 100,000 values, and queries with few, with 30 and with 60 indicators."""
        url = self.installation(database).url
        paper = self.inside(url, "report", 12, 3)
        case = f"PDF of {paper['pages']} pages"
        self.add(Figure(f"{case} to WeasyPrint alone", database, paper["ours"], "s", 1.2, paper["alone"]))
        alone, whole = (self.inside(url, way, 12, 3)["memory_mb"] for way in ("report_alone", "report_whole"))
        self.add(Figure(f"{case}: memory to WeasyPrint alone", database, whole, "MB", 1.3, alone))
        child = self.inside(url, "report_in_child", 12, 3)["memory_mb"]
        self.add(Figure(f"{case}: the child's memory to it", database, child, "MB", 1.3, alone))
        long = self.inside(url, "report", *LONG_REPORT)
        each, long_each = paper["ours"] / paper["pages"] * 1000, long["ours"] / long["pages"] * 1000
        self.add(Figure(f"PDF of {long['pages']} pages: a page to one of {paper['pages']}", database, long_each, "ms",
                        MOST_LINEAR, each))  # fmt: skip
        self.add(Figure(f"PDF of {long['pages']} pages: queries", database, long["queries"], "queries", 25))
        self.add(Figure(f"{case}: queries", database, paper["queries"], "queries", 25))
        few, some, many = (
            self.inside(url, "report_queries", goals, each)["queries"] for goals, each in ((2, 1), (10, 3), (10, 6))
        )
        self.inside(url, "lay_out", 1, 1)
        out = self.inside(url, "write_report_workbook", 100_000)
        self.add(Figure(f"report as XLSX of {out['rows']:,} rows: CPU", database, out["cpu"], "s", 4))
        self.add(Figure(f"report as XLSX of {out['rows']:,} rows: memory", database, out["memory_mb"], "MB", 200))
        self.add(Figure("PDF: queries with 60 indicators to 30", database, many, "queries", 1, some))
        self.add(Figure("PDF: queries with 30 indicators to 2", database, some, "queries", 1, few))

    def open_data(self, database: str) -> None:
        """All open numbers as CSV, from the database to the disk, against the bare writer given the same cells."""
        url = self.installation(database).url
        out = self.inside(url, "open_csv", 100_000)
        case = f"open data as CSV, {out['rows']:,} rows"
        self.add(Figure(f"{case}: CPU to the bare writer", database, out["cpu"], "s", MOST_OPEN_CSV, out["floor"]))
        self.add(Figure(f"{case}: memory", database, out["memory_mb"], "MB", 250))

    def kept_report(self, database: str) -> None:
        """A report that was made and that nothing has changed since, from the address to the last byte."""
        url = self.installation(database).url
        made = self.inside(url, "keep_report", 12, 3)
        with self.serving(url, made) as (visitor, _floor):
            (ours,) = self._alternate((visitor, made["path"]))
            self.add(Figure("PDF that was made: p50", database, ours, "ms", MOST_KEPT_MS))
            self.add(Figure("PDF that was made: queries", database, visitor.queries, "queries", MOST_QUERIES))

    def tick(self, database: str) -> None:
        """Reminders to 103 authorities with 5,000 leaders, 200,000 values due and one in a hundred late; and tick."""
        url = self.url(database, "bench_tick")
        self.inside(url, "load_many")
        made = self.inside(url, "fill")
        first, again, floor = made["first"], made["again"], made["floor"]
        case = f"outbox of {first['result']:,} mails"
        self.add(Figure(f"{case}: seconds", database, first["seconds"], "s", MOST_TICK_SECONDS))
        self.add(Figure(f"{case}: to plain rows", database, first["seconds"], "s", 40, floor["seconds"]))
        self.add(Figure(f"{case}: queries", database, first["queries"], "queries", MOST_TICK_QUERIES))
        self.add(Figure(f"{case}: memory", database, made["memory_mb"], "MB", 300))
        self.add(Figure("outbox filled again: new mails", database, again["result"], "mails", 0))
        self.add(
            Figure("outbox filled again: seconds to the first", database, again["seconds"], "s", 0.5, first["seconds"])
        )
        whole = self.inside(url, "tick")
        self.add(Figure(f"the rest of tick, {whole['first']['result']:,} lights turn", database,
                        whole["first"]["seconds"], "s", MOST_TICK_SECONDS))  # fmt: skip
        self.add(Figure("tick again: what it does", database, whole["again"]["result"], "acts", 0))
        self.add(Figure("tick again", database, whole["again"]["seconds"], "s", MOST_TICK_SECONDS / 6))

    def run(self, parts: Collection[str]) -> None:
        """The parts that are named, in their own order: SQLite first."""
        # As in production: hashed names of static files, looked up in the manifest.
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": self.url("sqlite", "none")}, check=True)
        for database in ("sqlite", "postgresql"):
            for name in ON_BOTH:
                if name in parts:
                    getattr(self, name)(database)
        for name in ON_ONE:
            if name in parts:
                getattr(self, name)()


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("--quick", action="store_true", help="small sizes, about two minutes")
    every = (*ON_BOTH, *ON_ONE)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"only these: {', '.join(every)}")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(every):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(every)}")
    with tempfile.TemporaryDirectory(prefix="malstyring-bench-") as folder:
        bench = Bench(Path(folder), quick=arguments.quick)
        bench.run(arguments.parts or every)
    print()
    print(show(bench.figures))
    write(bench.figures, ROOT / "var" / "bench.json")
    failed = [one for one in bench.figures if not one.holds]
    print(f"{len(bench.figures)} figures, {len(failed)} do not hold")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
