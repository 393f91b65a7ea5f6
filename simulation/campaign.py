"""The fault campaign: every kind of fault in the virtual house, against the same day without it.

``python -m simulation.campaign`` prints a table and, as its last line, the same in JSON; it ends
with 1 if a criterion fails. See --help.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
import json
from multiprocessing import get_context
import os
from random import Random
import sys
from time import perf_counter
from typing import TextIO

from .closed_loop import ClosedLoop
from .faults import FAULTS, FaultKind, Kitchen, Scene
from .faults.homes import HOUR_S, SIZES, Guests, home
from .wallbox import Wallbox

MOST_THETA = 1.0
"""Here the fuse opens: never, whatever fails."""
MOST_THETA_METERED = 0.9
"""The goal while there is a reading of the meter."""
TROUBLES = frozenset(
    {
        "car_not_taking",
        "charger_error",
        "control_error",
        "finished",
        "manual",
        "manual_off",
        "meter_absurd",
        "meter_frozen",
        "meter_implausible",
        "meter_recovering",
        "meter_sign",
        "meter_stale",
        "not_obeying",
        "offline",
        "planning_failed",
        "starting_up",
    }
)
"""Reasons and issues that tell of a fault rather than of ordinary charging."""
_SLOT_S = 3.0 * HOUR_S
_LENGTH_S = (600.0, 2400.0)
_AFTER_S = 120
"""What a fault leaves behind may be told this long after it."""
_STEP_S = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One run: a house, and a fault in it or none."""

    fault: str | None
    size: int
    kitchen: Kitchen
    hours: float
    seed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of a run."""

    theta_max: float
    above_s: float
    charged_wh: float
    commands: int
    starts: int
    told: dict[str, int] = field(default_factory=dict)
    """Seconds under each reason or issue that tells of trouble, while there was some."""
    errors: int = 0
    """Seconds with an error inside the engine."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A line of the table."""

    fault: str
    cars: int
    theta_max: float
    above_fuse_s: float
    energy_lost_percent: float
    told: list[str]
    starts: int
    writes: int
    verdict: str
    """``ok``, or what failed."""
    note: str


def tasks(names: Sequence[str], hours: float, seed: int) -> list[Task]:
    """Return a run for each fault, in houses of one to six chargers in turn."""
    found = []
    for index, kind in enumerate(FAULTS.values()):
        if kind.name not in names:
            continue
        size = kind.chargers or SIZES[index % len(SIZES)]
        found.append(
            Task(
                fault=kind.name,
                size=size,
                kitchen=kind.kitchen,
                hours=hours,
                seed=seed,
            )
        )
    return found


def without(task: Task) -> Task:
    """Return the same run without its fault."""
    return Task(
        fault=None,
        size=task.size,
        kitchen=task.kitchen,
        hours=task.hours,
        seed=task.seed,
    )


def run(task: Task) -> Outcome:
    """Let a house run, its fault coming and going."""
    loop = home(task.size, task.kitchen, task.seed)
    guests = Guests(loop=loop, seed=task.seed)
    told: dict[str, int] = {}
    errors = 0
    end_s = task.hours * HOUR_S
    if task.fault is None:
        while loop.house.now_s < end_s:
            guests.advance()
            loop.run(_STEP_S)
    else:
        for watched in _with_fault(FAULTS[task.fault], loop, guests, task):
            result = loop.result
            errors += result is not None and result.error is not None
            if watched:
                for key in _troubles(loop):
                    told[key] = told.get(key, 0) + _STEP_S
    poles = loop.house.fuse.poles
    return Outcome(
        theta_max=loop.house.fuse.theta_max,
        above_s=max(pole.above_rated_s for pole in poles),
        charged_wh=loop.tally.charged_wh,
        commands=loop.tally.commands,
        starts=loop.tally.starts,
        told=told,
        errors=errors,
    )


def _with_fault(
    kind: FaultKind, loop: ClosedLoop, guests: Guests, task: Task
) -> Iterator[bool]:
    """Let the time pass step by step; yield whether the fault is, or just was, there."""
    random = Random(f"{task.seed} {kind.name}")
    end_s = task.hours * HOUR_S
    slot_s = min(_SLOT_S, end_s / 3.0)
    lengths_s = kind.length_s or tuple(one * slot_s / _SLOT_S for one in _LENGTH_S)
    while loop.house.now_s < end_s - 1.0:
        slot_end_s = loop.house.now_s + slot_s
        yield from _quiet(loop, guests, slot_s * random.uniform(0.25, 0.5))
        with ExitStack() as stack:
            scene = Scene(loop=loop, box=_target(loop, random), random=random)
            stack.enter_context(kind.effect(scene))
            for _ in range(round(random.uniform(*lengths_s) / _STEP_S)):
                yield from _one_step(loop, guests, watched=True)
        for _ in range(_AFTER_S // _STEP_S):
            yield from _one_step(loop, guests, watched=True)
        yield from _quiet(loop, guests, slot_end_s - loop.house.now_s)


def _quiet(loop: ClosedLoop, guests: Guests, seconds: float) -> Iterator[bool]:
    for _ in range(round(seconds / _STEP_S)):
        yield from _one_step(loop, guests, watched=False)


def _one_step(loop: ClosedLoop, guests: Guests, *, watched: bool) -> Iterator[bool]:
    guests.advance()
    loop.run(_STEP_S)
    yield watched


def _target(loop: ClosedLoop, random: Random) -> Wallbox:
    """Return the charger that the fault hits: one that charges, if there is any."""
    boxes = loop.house.wallboxes
    busy = [box for box in boxes if box.power_w > 0.0]
    return random.choice(busy or [box for box in boxes if box.car] or boxes)


def _troubles(loop: ClosedLoop) -> set[str]:
    """Return the reasons and issues that tell of trouble now."""
    result = loop.result
    keys = {one.reason.key.value for one in result.decisions} if result else set()
    if loop.fails:
        keys.add("control_error")
    if "planner" in loop.broken:
        keys.add("planning_failed")
    return keys & TROUBLES


def judge(task: Task, outcome: Outcome, plain: Outcome) -> Row:
    """Return the line of a run, compared with the same without the fault."""
    kind = FAULTS[str(task.fault)]
    most = MOST_THETA_METERED if kind.has_meter else MOST_THETA
    problems = []
    if outcome.theta_max >= most:
        problems.append(f"θ ≥ {most}")
    if plain.theta_max >= MOST_THETA_METERED:
        problems.append(f"θ {plain.theta_max:.2f} without the fault")
    if kind.named and not kind.named & outcome.told.keys():
        problems.append("not named")
    if outcome.errors and "control_error" not in kind.named:
        problems.append("engine raised")
    lost = 1.0 - outcome.charged_wh / plain.charged_wh if plain.charged_wh else 0.0
    return Row(
        fault=kind.name,
        cars=task.size,
        theta_max=round(outcome.theta_max, 3),
        above_fuse_s=round(outcome.above_s, 1),
        energy_lost_percent=round(100.0 * lost, 1),
        told=sorted(outcome.told, key=lambda key: -outcome.told[key]),
        starts=outcome.starts,
        writes=outcome.commands,
        verdict=", ".join(problems) or "ok",
        note=kind.harmless,
    )


def campaign(
    names: Sequence[str], *, hours: float = 24.0, jobs: int = 1, seed: int = 0
) -> list[Row]:
    """Run faults and the same days without them; progress goes to standard error."""
    faulty = tasks(names, hours, seed)
    todo = list(dict.fromkeys([*map(without, faulty), *faulty]))
    # The long ones first, so that no process waits for the last
    todo.sort(key=lambda task: (task.size > 3, -task.size))
    outcomes: dict[Task, Outcome] = {}
    start_s = perf_counter()
    for task, outcome in _run_all(todo, jobs):
        outcomes[task] = outcome
        name = task.fault or "no fault"
        passed_s = perf_counter() - start_s
        _say(f"{passed_s:4.0f} s  {len(outcomes)}/{len(todo)}  {name}", sys.stderr)
    return [judge(task, outcomes[task], outcomes[without(task)]) for task in faulty]


def _run_all(todo: Sequence[Task], jobs: int) -> Iterator[tuple[Task, Outcome]]:
    if jobs <= 1:
        yield from map(_run_one, todo)
        return
    with get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap_unordered(_run_one, todo)


def _run_one(task: Task) -> tuple[Task, Outcome]:
    return task, run(task)


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table for people."""
    lines = [
        f"{'fault':<27}{'cars':>4}{'θ max':>7}{'> fuse':>8}{'lost':>7}"
        f"{'starts':>7}{'writes':>7}  verdict  told"
    ]
    lines += [
        f"{row.fault:<27}{row.cars:>4}{row.theta_max:>7.2f}{row.above_fuse_s:>6.0f} s"
        f"{row.energy_lost_percent:>6.1f}%{row.starts:>7}{row.writes:>7}  {row.verdict}"
        f"  {', '.join(row.told[:4]) or '-'}{f' ({row.note})' if row.note else ''}"
        for row in rows
    ]
    return "\n".join(lines)


def main(words: Sequence[str] | None = None) -> int:
    """Run the campaign as told by the command line; return the exit status."""
    options = _options(words)
    if options.list:
        for kind in FAULTS.values():
            _say(f"{kind.name:<27} {kind.description}")
        return 0
    unknown = set(options.only) - FAULTS.keys()
    if unknown:
        _say(f"No such fault: {', '.join(sorted(unknown))}", sys.stderr)
        return 2
    rows = campaign(
        options.only or list(FAULTS),
        hours=options.hours,
        jobs=options.jobs,
        seed=options.seed,
    )
    failed = [row.fault for row in rows if row.verdict != "ok"]
    _say(table(rows))
    _say(f"{len(rows) - len(failed)} of {len(rows)} faults as they should be")
    summary = {
        "hours": options.hours,
        "seed": options.seed,
        "failed": failed,
        "faults": [asdict(row) for row in rows],
    }
    _say(json.dumps(summary, ensure_ascii=False))
    return 1 if failed else 0


def _say(text: str, stream: TextIO = sys.stdout) -> None:
    stream.write(f"{text}\n")
    stream.flush()


def _options(words: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(
        prog="scripts/faults", description=(__doc__ or "").split("\n\n", maxsplit=1)[0]
    )
    parser.add_argument("--hours", type=float, default=24.0, help="simulated hours")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="only this fault"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--list", action="store_true", help="name all faults, and end")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
