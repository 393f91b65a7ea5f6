"""What is run: cases, contenders, meters and spans of time, on all processors."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from multiprocessing import get_context
import resource
from time import process_time

from tqdm import tqdm

from .account import Figures
from .cases import CASES, Case, Data, Forecast
from .expect import expected
from .foresight import foresight
from .inputs import FIRST_DAY, LAST_DAY, YEAR, ZONE, Contract
from .ours import Engine
from .replay import Replay, prepared, span_of
from .rivals import RIVALS, Controller

OURS = {
    "ampacity": Forecast.REALISTIC,
    "ampacity, perfect forecasts": Forecast.PERFECT,
    "ampacity, no forecast service": Forecast.PAST,
}
BEST = "perfect foresight"
_RIVALS = tuple(name for name in RIVALS if name != "surplus only")
_SUN_ONLY = ("ampacity", "at once", "surplus only")
_MEASURED = ("ampacity", "at once")
_USUAL_METER_S = 10.0
MEASURED_START = datetime(2006, 12, 17, 0, 0, tzinfo=UTC)
CLOUDS_START = datetime(2023, 6, 20, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One run."""

    case: str
    contender: str
    start: datetime
    days: float
    meter_s: float = 10.0
    contract: Contract | None = None
    """Instead of the case's own."""


def contenders(case: Case) -> tuple[str, ...]:
    """Return who runs in a case."""
    if case.data is Data.MEASURED:
        return _MEASURED
    if not case.promises:
        return _SUN_ONLY
    ours = (name for name, forecast in OURS.items() if forecast in case.forecasts)
    return (*ours, *_RIVALS, BEST)


def whole(names: Iterable[str]) -> list[Job]:
    """Return the runs of all cases over their months."""
    jobs = []
    for case in (CASES[name] for name in names):
        for meter_s in case.meters_s:
            for start, days in spans(case, meter_s):
                jobs += [
                    Job(
                        case=case.name,
                        contender=who,
                        start=start,
                        days=days,
                        meter_s=meter_s,
                    )
                    for who in contenders(case)
                ]
    return jobs


def spans(case: Case, meter_s: float) -> Iterator[tuple[datetime, float]]:
    """Yield beginning and days of the spans of a case; a quicker meter costs days."""
    if case.data is Data.CLOUDS:
        yield CLOUDS_START, 0.5
    elif case.data is Data.MEASURED:
        yield MEASURED_START, {10.0: 24.0, 5.0: 6.0}.get(meter_s, 2.0)
    else:
        for month in case.months:
            first = max(FIRST_DAY, date(YEAR, month, 1))
            after = date(YEAR + month // 12, month % 12 + 1, 1)
            last = min(LAST_DAY + timedelta(days=1), after)
            days = min(
                case.days if meter_s >= _USUAL_METER_S else 1, (last - first).days
            )
            spare = (last - first).days - days
            # Each month another part of it, so that all weekdays and weeks are met
            yield local_midnight(first + timedelta(days=month * 7 % (spare + 1))), days


def local_midnight(day: date) -> datetime:
    """Return when a day of the house begins, in UTC."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def run(job: Job) -> Figures:
    """Run one job and return its figures."""
    case = CASES[job.case]
    if job.contract is not None and case.contract.fixed is None:
        case = replace(case, contract=job.contract)
    span = span_of(case, job.start, job.days)
    if job.contender == BEST:
        return foresight(case, span)
    home, account = prepared(case, span, job.meter_s)
    if job.contender in RIVALS:
        style = RIVALS[job.contender]
        pilot = Controller(case=case, house=home, style=style)
        return Replay(
            case=case, span=span, house=home, pilot=pilot, account=account
        ).run()
    outlook = expected(case, OURS[job.contender], span.start)
    engine = Engine(case=case, house=home, outlook=outlook, meter_s=job.meter_s)
    begin_s = process_time()
    figures = Replay(
        case=case, span=span, house=home, pilot=engine, account=account
    ).run()
    figures.cpu_s = process_time() - begin_s
    figures.decisions, figures.decide_s = engine.decisions, engine.decide_s
    figures.errors = engine.errors
    figures.memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    return figures


def run_all(
    jobs: Sequence[Job], processes: int
) -> dict[tuple[str, str, float], Figures]:
    """Run all jobs and return the sums by case, contender and meter; a bar tells how far it is."""
    sums: dict[tuple[str, str, float], Figures] = {}
    # The long ones first, so that no process waits for the last
    ordered = sorted(
        jobs, key=lambda job: (job.contender not in OURS, -job.days / job.meter_s)
    )
    outcomes = _outcomes(ordered, processes)
    # Without a terminal there is no bar: each of its steps would be a line of a log
    for job, figures in tqdm(outcomes, total=len(jobs), unit="run", disable=None):
        key = job.case, job.contender, job.meter_s
        sums.setdefault(key, Figures()).add(figures)
    return sums


def _outcomes(jobs: Sequence[Job], processes: int) -> Iterator[tuple[Job, Figures]]:
    if processes <= 1:
        yield from map(_run_one, jobs)
        return
    with get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(_run_one, jobs)


def _run_one(job: Job) -> tuple[Job, Figures]:
    return job, run(job)
