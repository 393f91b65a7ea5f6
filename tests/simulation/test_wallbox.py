"""Commands, status, wiring and faults of the wallbox."""

from dataclasses import replace

import pytest

from simulation.car import Car, CarConfig
from simulation.phases import Phases
from simulation.wallbox import (
    CommandRejectedError,
    Wallbox,
    WallboxConfig,
    WallboxOfflineError,
    WallboxStatus,
)

VOLTAGE: Phases = (230.0, 230.0, 230.0)
CONFIG = WallboxConfig(car=CarConfig(), response_s=2.0)


class Bench:
    """A wallbox with a clock of its own."""

    def __init__(self, config: WallboxConfig = CONFIG) -> None:
        """Connect the wallbox."""
        self.box = Wallbox(config)
        self.now_s = 0.0

    def run(self, seconds: int) -> Wallbox:
        """Let some seconds go by."""
        for _ in range(seconds):
            self.now_s += 1
            self.box.advance(VOLTAGE, 1.0, self.now_s)
        return self.box

    def charge(self, current_a: float = 16.0) -> Wallbox:
        """Charge at a current until it is steady."""
        self.box.set_current(current_a)
        self.box.resume()
        return self.run(30)


def test_commands_take_effect_after_the_response_time() -> None:
    """Two seconds here, in the order given."""
    bench = Bench()
    bench.run(5)
    bench.box.set_current(12.0)
    bench.box.resume()
    assert bench.run(1).offered_a == 0
    assert bench.run(1).offered_a == 12.0


def test_pause_and_resume() -> None:
    """The limit survives a pause."""
    bench = Bench()
    assert bench.charge(10.0).current_a == (9.5, 9.5, 9.5)
    bench.box.pause()
    assert bench.run(10).current_a == (0.0, 0.0, 0.0)
    assert bench.box.status is WallboxStatus.PAUSED
    bench.box.resume()
    assert bench.run(30).current_a == (9.5, 9.5, 9.5)


@pytest.mark.parametrize(
    ("whole_amps", "shown_a"), [(True, 9.0), (False, 9.7)], ids=["whole", "tenths"]
)
def test_whole_amps(whole_amps: bool, shown_a: float) -> None:
    """A wallbox of whole amps goes to the lower one."""
    bench = Bench(replace(CONFIG, whole_amps=whole_amps))
    bench.box.set_current(9.7)
    assert bench.run(3).current_limit_a == shown_a


@pytest.mark.parametrize("current_a", [0.0, 5.9, 16.1, -6.0, float("nan")])
def test_refuses_currents_outside_its_limits(current_a: float) -> None:
    """Nothing between 0 and 6 A, and 0 is not a current."""
    with pytest.raises(CommandRejectedError):
        Bench().box.set_current(current_a)


@pytest.mark.parametrize(
    ("car_phases", "box_phases", "rotation", "loaded"),
    [
        (3, 3, (0, 1, 2), (True, True, True)),
        (1, 3, (0, 1, 2), (True, False, False)),
        (1, 3, (1, 2, 0), (False, True, False)),
        (2, 3, (1, 2, 0), (False, True, True)),
        (2, 3, (2, 0, 1), (True, False, True)),
        (3, 1, (2, 0, 1), (False, False, True)),
    ],
)
def test_wiring(
    car_phases: int,
    box_phases: int,
    rotation: tuple[int, int, int],
    loaded: tuple[bool, bool, bool],
) -> None:
    """What the wallbox calls L1 may be L2 of the grid."""
    bench = Bench(
        replace(
            CONFIG,
            car=CarConfig(phases=car_phases),
            phases=box_phases,
            rotation=rotation,
        )
    )
    box = bench.charge(10.0)
    assert box.grid_w == tuple(9.5 * 230 if on else 0.0 for on in loaded)
    assert box.power_w == pytest.approx(sum(loaded) * 9.5 * 230)
    assert box.current_a[0] == 9.5


def test_status_over_a_session() -> None:
    """From no car to finished."""
    bench = Bench(replace(CONFIG, car=None))
    assert bench.run(2).status is WallboxStatus.NO_CAR
    bench.box.plug(Car(CarConfig(soc=0.9999)))
    assert bench.run(2).status is WallboxStatus.PAUSED
    bench.box.resume()
    assert bench.run(3).status is WallboxStatus.READY
    assert bench.run(8).status is WallboxStatus.CHARGING
    assert bench.run(120).status is WallboxStatus.FINISHED
    bench.box.failed = True
    assert bench.run(1).status is WallboxStatus.ERROR
    assert bench.box.offered_a == 0
    bench.box.failed = False
    bench.box.unplug()
    assert bench.run(1).status is WallboxStatus.NO_CAR


def test_energy_counters() -> None:
    """The session starts at the plug, the total goes on."""
    bench = Bench()
    box = bench.charge()
    before_wh = box.session_wh
    bench.run(3600)
    assert box.session_wh - before_wh == pytest.approx(3 * 15.5 * 230, rel=1e-6)
    total_wh = box.total_wh
    car = box.unplug()
    assert bench.run(10).session_wh == box.total_wh == total_wh
    assert car is not None
    box.plug(car)
    assert box.session_wh == 0
    assert bench.run(5).total_wh == pytest.approx(total_wh)


def test_phase_switch_needs_a_pause_and_no_current() -> None:
    """Refused while charging and while the current still falls."""
    bench = Bench(replace(CONFIG, switches_phases=True))
    bench.charge(10.0)
    with pytest.raises(CommandRejectedError):
        bench.box.set_phases(1)
    bench.box.pause()
    bench.run(3)
    with pytest.raises(CommandRejectedError):
        bench.box.set_phases(1)
    bench.run(5)
    bench.box.set_phases(1)
    assert bench.run(1).phases == 3
    assert bench.run(1).phases == 1
    bench.box.resume()
    assert bench.run(30).current_a == (9.5, 0.0, 0.0)


def test_phase_switch_does_nothing_when_a_resume_comes_first() -> None:
    """Commands work in their order: nothing is switched while current is offered."""
    bench = Bench(replace(CONFIG, switches_phases=True))
    bench.box.resume()
    bench.box.set_phases(1)
    assert bench.run(30).phases == 3


@pytest.mark.parametrize(
    ("switches", "phases"), [(False, 1), (True, 2), (True, 0)], ids=str
)
def test_refuses_phases_it_has_not(switches: bool, phases: int) -> None:
    """A wallbox goes to one or three phases, where it can at all."""
    bench = Bench(replace(CONFIG, switches_phases=switches))
    with pytest.raises(CommandRejectedError):
        bench.box.set_phases(phases)


def test_offline_refuses_commands_and_goes_on() -> None:
    """It can't be reached, and the car charges on."""
    bench = Bench()
    bench.charge(10.0)
    bench.box.offline = True
    with pytest.raises(WallboxOfflineError):
        bench.box.pause()
    assert bench.run(10).reading is None
    assert bench.box.current_a == (9.5, 9.5, 9.5)
    bench.box.offline = False
    assert bench.run(1).reading is not None


def test_ignores_limit() -> None:
    """Takes a limit without an error and goes on with the old one; a pause works."""
    bench = Bench()
    bench.charge(16.0)
    bench.box.ignores_limit = True
    bench.box.set_current(6.0)
    assert bench.run(20).current_a[0] == 15.5
    bench.box.pause()
    assert bench.run(20).current_a[0] == 0


def test_ignores_pause() -> None:
    """Takes a pause without an error and goes on; a limit works."""
    bench = Bench()
    bench.charge(16.0)
    bench.box.ignores_pause = True
    bench.box.pause()
    assert bench.run(20).current_a[0] == 15.5
    bench.box.set_current(6.0)
    assert bench.run(20).current_a[0] == 5.5


def test_sleeping_car_wakes_by_a_toggle() -> None:
    """Pause and resume once more."""
    bench = Bench(replace(CONFIG, car=CarConfig(sleeps_after_s=60.0)))
    bench.charge(10.0)
    bench.box.pause()
    bench.run(90)
    bench.box.resume()
    assert bench.run(60).status is WallboxStatus.READY
    bench.box.pause()
    bench.run(10)
    bench.box.resume()
    assert bench.run(30).status is WallboxStatus.CHARGING


def test_reading_is_rounded_and_dated() -> None:
    """Every 5 s, 1 s late, in steps of 1 W and 0.1 A."""
    bench = Bench(
        replace(CONFIG, car=CarConfig(undertake_a=0.33), period_s=5.0, delay_s=1.0)
    )
    bench.charge(10.0)
    box = bench.run(3)
    assert box.reading is not None
    assert box.reading.measured_at_s == 30
    assert box.reading.published_at_s == 31
    assert box.reading.value.current_a == (9.7, 9.7, 9.7)
    assert box.reading.value.power_w == round(3 * 9.67 * 230)
    assert box.reading.value.current_limit_a == 10.0


def test_dead_phase_carries_nothing() -> None:
    """Where the fuse has opened the car takes nothing."""
    box = Wallbox(replace(CONFIG, enabled=True))
    for second in range(1, 31):
        box.advance((230.0, 0.0, 230.0), 1.0, float(second))
    assert box.current_a == (5.5, 0.0, 5.5)
    assert box.power_w == pytest.approx(2 * 5.5 * 230)


@pytest.mark.parametrize(
    "changes",
    [
        {"min_current_a": 5.0},
        {"min_current_a": 17.0},
        {"rotation": (0, 0, 1)},
        {"phases": 2},
    ],
    ids=str,
)
def test_refuses_impossible_wallboxes(changes: dict[str, object]) -> None:
    """Limits in order, every phase once."""
    with pytest.raises(ValueError, match="phase|limits"):
        WallboxConfig(**changes)  # type: ignore[arg-type]
