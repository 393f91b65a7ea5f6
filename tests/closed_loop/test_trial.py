"""In the virtual house: the test run of wallboxes that are slow, sleepy or disobedient."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.ampacity.engine.model import Link
from custom_components.ampacity.engine.trial import (
    TrialEnd,
    TrialReport,
    TrialStep,
    Verdict,
)
from custom_components.ampacity.engine.trial_watch import start_trial
from simulation.closed_loop import ClosedLoop
from simulation.meter import MeterConfig
from simulation.wallbox import WallboxConfig

from .rig import BIG, loop, steady

ONE_PHASE = replace(BIG, phases=1)
TURNED = (1, 2, 0)


def tried(running: ClosedLoop, minutes: int = 20) -> TrialReport:
    """Let the test run begin and end."""
    running.run(120)
    now = running.state.now
    assert now is not None
    running.state = start_trial(running.state, running.site.chargers[0], now)
    for _ in range(minutes * 6):
        running.run(10)
        if (report := running.state.charger("box").tested) is not None:
            return report
    raise AssertionError("the test run does not end")


@pytest.mark.parametrize(
    ("box", "charger"),
    [
        ({}, {}),
        ({"delay_s": 20.0}, {"link": Link.CLOUD, "settle_s": 45.0}),
    ],
)
@pytest.mark.parametrize(
    "meter", [MeterConfig(), MeterConfig(period_s=10.0, delay_s=5.0)]
)
def test_learns_the_wiring(
    meter: MeterConfig, box: dict[str, Any], charger: dict[str, Any]
) -> None:
    """All works, and with a car on one phase it is known on which it hangs."""
    wallbox = WallboxConfig(name="box", rotation=TURNED, car=ONE_PHASE, **box)
    running = loop(steady(wallboxes=(wallbox,), meter=meter), **charger)
    report = tried(running)
    assert report.end is TrialEnd.DONE
    assert report.verdicts == dict.fromkeys(TrialStep, Verdict.WORKS)
    assert report.phases == 1
    assert report.phase_map is not None
    assert report.phase_map[0] == TURNED[0]
    assert (report.ended - report.started).total_seconds() < 900
    assert running.house.fuse.theta_max < 0.9
