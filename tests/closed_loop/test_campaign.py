"""A slice of the fault campaign; ``scripts/faults`` runs all of it."""

import pytest

from simulation.campaign import campaign, main
from simulation.faults import FAULTS

QUICK = (
    "meter_gone",
    "meter_nan",
    "charger_offline_at_start",
    "home_assistant_restarts",
    "engine_raises",
)


def test_registry() -> None:
    """At least 25 kinds, each named to the user or known to be harmless, each described."""
    assert len(FAULTS) >= 25
    assert all(bool(kind.named) != bool(kind.harmless) for kind in FAULTS.values())
    assert all(kind.description for kind in FAULTS.values())


def test_a_few_faults_for_an_hour() -> None:
    """The fuse holds, and each is told."""
    rows = campaign(QUICK, hours=1.0)
    assert [row.fault for row in rows if row.verdict != "ok"] == []
    assert len(rows) == len(QUICK)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", list(FAULTS))
def test_every_fault_for_six_hours(name: str) -> None:
    """Each kind by itself; a day for one that had no occasion to show itself in six hours."""
    (row,) = campaign([name], hours=6.0)
    if row.verdict == "not named":
        (row,) = campaign([name], hours=24.0)
    assert row.verdict == "ok", row


def test_unknown_fault() -> None:
    """A typing error is told before anything runs."""
    assert main(["--only", "meter_on_fire"]) == 2
