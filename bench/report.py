"""Writes the figures and plots into docs/benchmark.md, between the marks that it has for them."""

from pathlib import Path
import re

from .cases import CASES
from .plots import days, draw_costs, draw_day, draw_growth
from .speed import Timing, timings
from .table import Row

DOCS = Path(__file__).parent.parent / "docs"
PLOTS = DOCS / "images" / "benchmark"
_HEADS = (
    ("Who", "contender", ""),
    ("Cost", "cost", ".2f"),
    ("Captured", "captured", ".3f"),
    ("Unmet kWh", "unmet_kwh", ".2f"),
    ("Missed", "missed", "d"),
    ("Sun", "solar_share", ".1%"),
    ("θ max", "theta_max", ".2f"),
    ("Above fuse s", "above_fuse_s", ".0f"),
    ("Starts a day", "starts_per_day", ".1f"),
    ("Phase switches a day", "switches_per_day", ".1f"),
    ("Writes an hour", "writes_per_hour", ".1f"),
    ("Mean peak kW", "mean_day_peak_kw", ".1f"),
    ("Worst peak kW", "worst_peak_kw", ".1f"),
)


def write_report(rows: list[Row]) -> None:
    """Draw all plots and put the figures into the document."""
    PLOTS.mkdir(parents=True, exist_ok=True)
    found = timings()
    draw_costs(rows, PLOTS)
    draw_growth(found, PLOTS)
    for day in days():
        draw_day(day, PLOTS)
    path = DOCS / "benchmark.md"
    text = path.read_text(encoding="utf-8")
    text = _put(text, "figures", "\n\n".join(_blocks(rows)))
    text = _put(text, "engine", _engine(rows))
    text = _put(text, "speed", _speed(found))
    path.write_text(text, encoding="utf-8")


def _put(text: str, mark: str, content: str) -> str:
    """Return the text with what stands between two marks replaced."""
    begin, end = f"<!-- {mark} -->", f"<!-- end of {mark} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    return pattern.sub(lambda _: f"{begin}\n\n{content}\n\n{end}", text)


def _blocks(rows: list[Row]) -> list[str]:
    """Return a heading and a table for each case and meter."""
    blocks = []
    for case, meter_s in dict.fromkeys((row["case"], row["meter_s"]) for row in rows):
        own = [row for row in rows if (row["case"], row["meter_s"]) == (case, meter_s)]
        title = f"### {CASES[case].title} ({case}), meter {meter_s:.0f} s"
        text = f"{own[0]['days']:.0f} days, {own[0]['stays']} stays."
        lines = [[_cell(row, key, form) for _, key, form in _HEADS] for row in own]
        blocks.append(
            f"{title}\n\n{text}\n\n{_table([head for head, _, _ in _HEADS], lines)}"
        )
    return blocks


def _engine(rows: list[Row]) -> str:
    """Return what the engine itself took."""
    heads = ["Case", "Meter s", "ms a decision", "CPU s a day", "Memory MB"]
    lines = [
        [
            row["case"],
            f"{row['meter_s']:.0f}",
            f"{row['ms_per_decision']:.2f}",
            f"{row['cpu_s_per_day']:.1f}",
            f"{row['memory_mb']}",
        ]
        for row in rows
        if row["contender"] == "ampacity" and "ms_per_decision" in row
    ]
    return _table(heads, lines)


def _speed(found: list[Timing]) -> str:
    heads = ["What", "Size", "ms", "ms each"]
    return _table(
        heads,
        [
            [one.what, f"{one.size}", f"{one.ms:.2f}", f"{one.each_ms:.3f}"]
            for one in found
        ],
    )


def _cell(row: Row, key: str, form: str) -> str:
    value = row.get(key)
    return "" if value is None else format(value, form)


def _table(heads: list[str], lines: list[list[str]]) -> str:
    """Return a table in Markdown, its columns even."""
    widths = [max(len(row[n]) for row in [heads, *lines]) for n in range(len(heads))]
    rule = ["-" * width for width in widths]
    return "\n".join(
        "| "
        + " | ".join(
            f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)
        )
        + " |"
        for row in (heads, rule, *lines)
    )
