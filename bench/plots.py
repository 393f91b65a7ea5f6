"""Plots of the report: three days, costs against rivals, growth with chargers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
from matplotlib import dates
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .account import price_at
from .cases import CASES, Case, Forecast
from .expect import expected
from .inputs import ZONE, Visit, mean_w, minute_of, visits
from .jobs import BEST
from .ours import Engine
from .replay import Replay, prepared, span_of
from .speed import Timing
from .table import Row

mpl.use("agg")
# The same plot is the same file
mpl.rcParams["svg.hashsalt"] = "ampacity"

SUN, HOUSE, CARS, PRICE, OURS = "#f2b632", "#8a8f98", "#1f77b4", "#c0392b", "#1f77b4"
_STEP_MIN = 5
_STAY = timedelta(hours=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A day worth a picture."""

    name: str
    title: str
    case: Case
    start: datetime


def days() -> list[Day]:
    """Return a sunny, a cloudy and a dear day on which a car is there, found in the data."""
    by_day, both = CASES["both by day"], CASES["both"]
    sunny = _mornings(by_day.drivers[0])
    return [
        Day(name="sunny", title="A sunny day", case=by_day, start=max(sunny, key=_sun)),
        Day(
            name="cloudy",
            title="A cloudy day",
            case=by_day,
            start=max(sunny, key=_unrest),
        ),
        Day(
            name="dear",
            title="A day with dear hours",
            case=both,
            start=max(_noons(both.drivers[0]), key=_spread),
        ),
    ]


def _mornings(driver: str) -> list[datetime]:
    """Return the midnights of days on which a car stands there for long by daylight."""
    return [
        _local(stay, time())
        for stay in visits(driver)
        if _daylight(stay) >= _STAY and stay.energy_wh > 5000.0 and _is_inside(stay)
    ]


def _noons(driver: str) -> list[datetime]:
    """Return the noons before nights that a car stays."""
    return [
        _local(stay, time(12))
        for stay in visits(driver)
        if stay.unplugged - stay.plugged >= timedelta(hours=9)
        and _local(stay, time(14)) <= stay.plugged
        and stay.energy_wh > 10_000.0
        and _is_inside(stay)
    ]


def _is_inside(stay: Visit) -> bool:
    return 2 < stay.plugged.month < 12


def _daylight(stay: Visit) -> timedelta:
    return min(stay.unplugged, _local(stay, time(18))) - max(
        stay.plugged, _local(stay, time(8))
    )


def _local(stay: Visit, at: time) -> datetime:
    day = stay.plugged.astimezone(ZONE).date()
    return datetime.combine(day, at, ZONE).astimezone(UTC)


def _sun(start: datetime) -> float:
    first = minute_of(start)
    return mean_w(first, first + 1440)[1]


def _unrest(start: datetime) -> float:
    first = minute_of(start)
    sun_w = [mean_w(n, n + 5)[1] for n in range(first, first + 1440, 5)]
    return sum(abs(b - a) for a, b in pairwise(sun_w))


def _spread(start: datetime) -> float:
    case = CASES["both"]
    prices = [price_at(case, start + timedelta(hours=n)) for n in range(20)]
    return max(prices) - min(prices)


def draw_day(day: Day, folder: Path) -> None:
    """Run a day and draw what flowed and what it cost."""
    span = span_of(day.case, day.start, 1)
    home, account = prepared(day.case, span, 10.0)
    account.sampled = []
    outlook = expected(day.case, Forecast.REALISTIC, span.start)
    engine = Engine(case=day.case, house=home, outlook=outlook, meter_s=10.0)
    Replay(case=day.case, span=span, house=home, pilot=engine, account=account).run()
    figure = Figure(figsize=(9.0, 3.6), layout="constrained")
    power: Axes = figure.subplots()
    series = _means(account.sampled)
    hours = [day.start + timedelta(minutes=_STEP_MIN * n) for n in range(len(series))]
    clocks = [one.astimezone(ZONE).replace(tzinfo=None) for one in hours]
    local = dates.date2num(clocks)  # type: ignore[no-untyped-call]
    sun, house, cars = ([one[n] / 1000.0 for one in series] for n in range(3))
    power.fill_between(local, sun, color=SUN, alpha=0.5, label="sun", step="mid")
    power.step(local, house, color=HOUSE, label="house", where="mid")
    power.step(local, cars, color=CARS, label="car", where="mid", linewidth=1.8)
    power.set_ylabel("kW")
    price = power.twinx()
    cost = [100.0 * price_at(day.case, moment) for moment in hours]
    price.step(
        local,
        cost,
        color=PRICE,
        linewidth=1.0,
        linestyle=":",
        where="post",
        label="price",
    )
    price.set_ylabel("cent per kWh", color=PRICE)
    price.set_ylim(0.0)
    power.set_title(f"{day.title}: {day.start.astimezone(ZONE):%d %B %Y}")
    power.xaxis_date()
    clock = dates.DateFormatter("%H:%M")  # type: ignore[no-untyped-call]
    power.xaxis.set_major_formatter(clock)
    power.legend(loc="upper left", frameon=False)
    _save(figure, folder / f"day-{day.name}.svg")


def _means(
    sampled: Sequence[tuple[float, float, float, float]],
) -> list[tuple[float, float, float]]:
    """Return means of sun, house and cars in W over even steps of a day."""
    count = 1440 // _STEP_MIN
    sums = [[0.0] * 4 for _ in range(count)]
    before_s = 0.0
    for at_s, grid_w, sun_w, cars_w in sampled:
        index = int((at_s - 1e-6) // (60.0 * _STEP_MIN))
        if index >= count:
            break
        dt_s, before_s = at_s - before_s, at_s
        house_w = grid_w + sun_w - cars_w
        for place, value in enumerate((sun_w, house_w, cars_w, 1.0)):
            sums[index][place] += value * dt_s
    return [(s / (t or 1.0), h / (t or 1.0), c / (t or 1.0)) for s, h, c, t in sums]


def draw_costs(rows: Sequence[Row], folder: Path) -> None:
    """Draw which part of what can be saved each contender saves, by case."""
    found = [
        row for row in rows if row["captured"] is not None and row["contender"] != BEST
    ]
    cases = list(dict.fromkeys(row["case"] for row in found))
    names = list(
        dict.fromkeys(
            row["contender"] for row in found if row["contender"] != "at once"
        )
    )
    figure = Figure(figsize=(9.0, 0.62 * len(cases) + 1.8), layout="constrained")
    axes: Axes = figure.subplots()
    colours = mpl.colormaps["tab20"]
    for place, name in enumerate(names):
        own = [row for row in found if row["contender"] == name]
        axes.scatter(
            [max(-0.2, row["captured"]) for row in own],
            [cases.index(row["case"]) for row in own],
            s=70 if name.startswith("ampacity") else 28,
            marker="D" if name.startswith("ampacity") else "o",
            color=colours(place),
            label=name,
            zorder=3,
        )
    axes.set_yticks(range(len(cases)), cases)
    axes.invert_yaxis()
    axes.axvline(0.0, color=HOUSE, linewidth=0.8)
    axes.axvline(1.0, color=HOUSE, linewidth=0.8)
    axes.set_xlabel(
        "part of what can be saved: 0 is charging at once, 1 is perfect foresight"
    )
    axes.grid(axis="x", alpha=0.3)
    figure.legend(loc="outside lower center", ncols=4, frameon=False, fontsize=8)
    _save(figure, folder / "costs.svg")


def draw_growth(timings: Sequence[Timing], folder: Path) -> None:
    """Draw how decisions and plans grow."""
    figure = Figure(figsize=(6.0, 3.4), layout="constrained")
    axes: Axes = figure.subplots()
    for what in dict.fromkeys(one.what for one in timings):
        own = [one for one in timings if one.what == what]
        axes.loglog(
            [one.size for one in own], [one.ms for one in own], "o-", label=what
        )
    axes.set_xlabel("chargers or cars")
    axes.set_ylabel("ms")
    axes.grid(alpha=0.3, which="both")
    axes.legend(frameon=False)
    _save(figure, folder / "growth.svg")


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None})
