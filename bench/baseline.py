"""The figures that must not get worse, and by how much they may."""

import json
from pathlib import Path
from typing import Any

from .jobs import OURS
from .table import Row

BASELINE = Path(__file__).parent / "baseline.json"
_NOBODY = ("ms_per_decision", "cpu_s_per_day", "memory_mb")

TOLERANCES: dict[str, tuple[float, float]] = {
    "cost": (0.015, 0.02),
    "unmet_kwh": (0.0, 0.1),
    "missed": (0.0, 0.0),
    "theta_max": (0.0, 0.03),
    "above_fuse_s": (0.1, 15.0),
    "starts_per_day": (0.1, 0.5),
    "switches_per_day": (0.1, 0.5),
    "writes_per_hour": (0.15, 1.0),
    "errors": (0.0, 0.0),
}
"""How much a figure may be above the baseline: as a part of it, or in all."""


def guarded(rows: list[Row]) -> dict[str, dict[str, Any]]:
    """Return what is kept of the rows: the guarded figures of the engine."""
    return {
        f"{row['case']} | {row['contender']} | {row['meter_s']:.0f} s": {
            key: row[key] for key in TOLERANCES
        }
        for row in rows
        if row["contender"] in OURS
    }


def compare(rows: list[Row], path: Path = BASELINE) -> list[str]:
    """Return what has become worse than the baseline by more than its tolerance."""
    before = json.loads(path.read_text(encoding="utf-8"))
    worse = []
    now = guarded(rows)
    for name, figures in before.items():
        if name not in now:
            worse.append(f"{name}: was not run")
            continue
        for key, old in figures.items():
            part, whole = TOLERANCES[key]
            most = old + max(abs(old) * part, whole)
            if now[name][key] > most + 1e-9:
                worse.append(
                    f"{name}: {key} {now[name][key]:g}, was {old:g}, may be {most:g}"
                )
    return worse


def store(rows: list[Row], path: Path = BASELINE) -> None:
    """Make the rows the new baseline."""
    path.write_text(json.dumps(guarded(rows), indent=2) + "\n", encoding="utf-8")
