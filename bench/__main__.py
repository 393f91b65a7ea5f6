"""The command line of the bench."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
import json
import os
from pathlib import Path
import sys
from time import monotonic

from .baseline import BASELINE, compare, store
from .cases import CASES
from .inputs import Contract
from .jobs import (
    BEST,
    CLOUDS_START,
    MEASURED_START,
    Job,
    local_midnight,
    run_all,
    whole,
)
from .table import Row, rows, table

_SAMPLE = (
    ("both", (date(2023, 3, 13), date(2023, 6, 20), date(2023, 11, 7)), 2),
    ("sun", (date(2023, 4, 17), date(2023, 9, 5)), 2),
    ("prices", (date(2023, 10, 16),), 3),
    ("three at 20 A", (date(2023, 5, 9),), 2),
    ("peak", (date(2023, 11, 14),), 3),
    ("solar only", (date(2023, 7, 11),), 2),
)
"""Days that were chosen before anything had been measured on them."""
_QUICK = ("ampacity", "at once", "cheapest", "surplus 30 s", "surplus late", BEST)
_QUICK_SUN = ("ampacity", "at once", "surplus only")


def quick() -> list[Job]:
    """Return the runs of the fixed sample."""
    jobs = [
        Job(case=name, contender=who, start=local_midnight(day), days=days)
        for name, starts, days in _SAMPLE
        for day in starts
        for who in (_QUICK if CASES[name].promises else _QUICK_SUN)
    ]
    for who in ("ampacity", "at once"):
        jobs.append(Job(case="clouds", contender=who, start=CLOUDS_START, days=0.25))
        jobs.append(
            Job(case="measured house", contender=who, start=MEASURED_START, days=0.5)
        )
    return jobs


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; return the exit status."""
    options = _options(words)
    unknown = set(options.case) - CASES.keys()
    if unknown:
        print(f"No such case: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    if options.speed:
        from .speed import speed  # noqa: PLC0415 - Home Assistant's imports take seconds

        return speed()
    if options.figures:
        return _finish(
            options, json.loads(Path(options.figures).read_text("utf-8"))["rows"]
        )
    jobs = quick() if options.quick else whole(options.case or CASES)
    if options.case:
        jobs = [job for job in jobs if job.case in options.case]
    if options.days:
        jobs = [replace(job, days=min(job.days, options.days)) for job in jobs]
    contract = Contract(
        addend=options.addend, factor=options.factor, feed_in=options.feed_in
    )
    if contract != Contract():
        jobs = [replace(job, contract=contract) for job in jobs]
    begin_s = monotonic()
    lines = rows(run_all(jobs, options.jobs))
    print(table(lines))
    print(f"\n{len(jobs)} runs in {monotonic() - begin_s:.0f} s")
    return _finish(options, lines)


def _finish(options: Namespace, lines: list[Row]) -> int:
    if options.quick and options.keep:
        store(lines)
    worse = []
    if options.quick and BASELINE.exists() and not options.case:
        worse = compare(lines)
        print(
            "\n".join(f"Worse: {one}" for one in worse)
            or "Nothing is worse than before."
        )
    text = json.dumps({"worse": worse, "rows": lines}, ensure_ascii=False)
    if options.json:
        Path(options.json).write_text(text + "\n", encoding="utf-8")
    print(text)
    if options.report:
        from .report import write_report  # noqa: PLC0415 - plots take a library that nothing else needs

        write_report(lines)
    return 1 if worse else 0


def _options(words: Sequence[str] | None) -> Namespace:
    contract = Contract()
    parser = ArgumentParser(
        prog="scripts/bench", description="Replays a year through the engine."
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--quick", action="store_true", help="a fixed sample of days, guarded"
    )
    what.add_argument(
        "--speed", action="store_true", help="how long decisions and plans take"
    )
    parser.add_argument(
        "--report", action="store_true", help="write docs/benchmark.md too"
    )
    parser.add_argument(
        "--days", type=float, help="at most so many of each span: a thin year"
    )
    parser.add_argument(
        "--keep", action="store_true", help="make --quick the new baseline"
    )
    parser.add_argument(
        "--case", action="append", default=[], metavar="NAME", help="only this one"
    )
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes"
    )
    parser.add_argument(
        "--figures", metavar="FILE", help="of an earlier --json, instead of running"
    )
    parser.add_argument("--json", metavar="FILE", help="write the figures there too")
    parser.add_argument(
        "--addend", type=float, default=contract.addend, help="added to the price"
    )
    parser.add_argument(
        "--factor", type=float, default=contract.factor, help="times the sum"
    )
    parser.add_argument(
        "--feed-in", type=float, default=contract.feed_in, help="for a kWh"
    )
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
