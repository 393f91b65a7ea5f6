"""The figures as a table for people and as JSON."""

from collections.abc import Iterator, Mapping
from statistics import fmean
from typing import Any

from .account import Figures
from .cases import CASES
from .jobs import BEST, OURS

type Sums = Mapping[tuple[str, str, float], Figures]
type Row = dict[str, Any]

_COLUMNS = (
    ("", "contender", "<32", ""),
    ("cost", "cost", ">8", ".2f"),
    ("captured", "captured", ">9", ".3f"),
    ("unmet kWh", "unmet_kwh", ">10", ".2f"),
    ("missed", "missed", ">7", "d"),
    ("sun", "solar_share", ">6", ".0%"),
    ("grid", "grid_share", ">7", ".1%"),
    ("θ max", "theta_max", ">6", ".2f"),
    ("> fuse", "above_fuse_s", ">7", ".0f"),
    ("starts/d", "starts_per_day", ">9", ".1f"),
    ("phases/d", "switches_per_day", ">9", ".1f"),
    ("writes/h", "writes_per_hour", ">9", ".1f"),
    ("peak kW", "mean_day_peak_kw", ">8", ".1f"),
    ("worst", "worst_peak_kw", ">6", ".1f"),
    ("ms/dec", "ms_per_decision", ">7", ".2f"),
    ("s/day", "cpu_s_per_day", ">6", ".1f"),
    ("MB", "memory_mb", ">5", ".0f"),
)


def rows(sums: Sums) -> list[Row]:
    """Return a row for each case, contender and meter, in the order of the cases."""
    return [
        _row(case, contender, meter_s, figures, sums)
        for case, contender, meter_s, figures in _ordered(sums)
    ]


def _ordered(sums: Sums) -> Iterator[tuple[str, str, float, Figures]]:
    order = [*OURS, "at once"]
    for case in CASES:
        keys = [key for key in sums if key[0] == case]
        keys.sort(
            key=lambda key: (
                -key[2],
                key[1] == BEST,
                order.index(key[1]) if key[1] in order else 9,
                -sums[key].total,
            )
        )
        for key in keys:
            yield *key, sums[key]


def _row(
    case: str, contender: str, meter_s: float, figures: Figures, sums: Sums
) -> Row:
    charged = figures.charged_wh or 1.0
    row: Row = {
        "case": case,
        "contender": contender,
        "meter_s": meter_s,
        "days": round(figures.days, 2),
        "stays": figures.visits,
        "cost": round(figures.total, 3),
        "charged_kwh": round(figures.charged_wh / 1000.0, 2),
        "captured": captured(case, contender, meter_s, sums),
        "unmet_kwh": round(figures.unmet_wh / 1000.0, 3),
        "missed": figures.missed,
        "solar_share": round(figures.solar_wh / charged, 4),
        "grid_share": round(1.0 - figures.solar_wh / charged, 4),
    }
    if contender != BEST:
        row |= _of_control(figures)
    if figures.decisions:
        row |= {
            "ms_per_decision": round(1000.0 * figures.decide_s / figures.decisions, 3),
            "cpu_s_per_day": round(figures.cpu_s / figures.days, 2),
            "memory_mb": round(figures.memory_mb),
            "errors": figures.errors,
        }
    return row


def _of_control(figures: Figures) -> Row:
    days = figures.days or 1.0
    plugged_h = figures.plugged_s / 3600.0 or 1.0
    peaks_kw = [watts / 1000.0 for watts in figures.day_peaks_w] or [0.0]
    return {
        "theta_max": round(figures.theta_max, 3),
        "above_fuse_s": round(figures.above_fuse_s, 1),
        "starts_per_day": round(figures.starts / days, 2),
        "switches_per_day": round(figures.switches / days, 2),
        "writes_per_hour": round(figures.writes / plugged_h, 2),
        "mean_day_peak_kw": round(fmean(peaks_kw), 3),
        "worst_peak_kw": round(max(peaks_kw), 3),
    }


def captured(case: str, contender: str, meter_s: float, sums: Sums) -> float | None:
    """Return which part of what can be saved against charging at once was saved.

    None where there is nothing to compare with, or nothing to save.
    """
    at_once, best = (
        sums.get((case, "at once", meter_s)),
        sums.get((case, BEST, meter_s)),
    )
    if at_once is None or best is None or at_once.total - best.total < 0.01:
        return None
    mine = sums[case, contender, meter_s]
    return round((at_once.total - mine.total) / (at_once.total - best.total), 4)


def table(lines: list[Row]) -> str:
    """Return the rows as a table for people, a block for each case and meter."""
    head = "".join(f"{title:{width}}" for title, _, width, _ in _COLUMNS)
    text: list[str] = []
    block = None
    for row in lines:
        if (row["case"], row["meter_s"]) != block:
            block = row["case"], row["meter_s"]
            case = CASES[row["case"]]
            meter = f"meter {row['meter_s']:.0f} s, {row['days']:.0f} days, {row['stays']} stays"
            text += ["", f"{case.title} ({case.name}; {meter})", head]
        text.append("".join(_cell(row, *column[1:]) for column in _COLUMNS))
    return "\n".join(text)


def _cell(row: Row, key: str, width: str, form: str) -> str:
    value = row.get(key)
    return f"{'' if value is None else format(value, form):{width}}"
