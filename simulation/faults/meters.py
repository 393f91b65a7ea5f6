"""Faults of the grid meter, and of the clock that its age is told by."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import nan

from simulation.meter import GridReading
from simulation.phases import ZERO
from simulation.publisher import Fault, Published, frozen, off, silent

from .kinds import Kitchen, Scene, fault

LATE_S = 6
"""As late as meters behind a cloud or an energy manager usually are."""


@contextmanager
def meter_with(scene: Scene, change: Fault[GridReading]) -> Iterator[None]:
    """Let the meter publish something else than it measures."""
    meter = scene.loop.house.meter
    meter.fault = change
    try:
        yield
    finally:
        meter.fault = None


@contextmanager
def telling(
    scene: Scene, change: Callable[[GridReading], GridReading]
) -> Iterator[None]:
    """Let the meter publish changed values at its usual times."""

    def changed(
        fresh: Published[GridReading], last: Published[GridReading] | None
    ) -> Published[GridReading]:
        return replace(fresh, value=change(fresh.value))

    with meter_with(scene, changed):
        yield


@fault(
    "repeats its last values at its usual times",
    "meter_frozen",
    kitchen=Kitchen.MODEST,
    has_meter=False,
)
def meter_frozen(scene: Scene) -> Iterator[None]:
    """It goes on reporting, but nothing moves."""
    with meter_with(scene, frozen):
        yield


@fault(
    f"values are {LATE_S} s old when they come",
    harmless="the fuse holds all the same; no reading tells its own delay",
)
def meter_late(scene: Scene) -> Iterator[None]:
    """It reports as if they were fresh."""
    waiting: deque[Published[GridReading]] = deque()

    def late(
        fresh: Published[GridReading], last: Published[GridReading] | None
    ) -> Published[GridReading]:
        waiting.append(fresh)
        while (
            len(waiting) > 1
            and waiting[1].measured_at_s <= fresh.measured_at_s - LATE_S
        ):
            waiting.popleft()
        return replace(waiting[0], published_at_s=fresh.published_at_s)

    with meter_with(scene, late):
        yield


@fault("is unavailable", "meter_stale", kitchen=Kitchen.MODEST, has_meter=False)
def meter_gone(scene: Scene) -> Iterator[None]:
    """Its entities are unavailable."""
    with meter_with(scene, off):
        yield


@fault("reports nothing new", "meter_stale", kitchen=Kitchen.MODEST, has_meter=False)
def meter_silent(scene: Scene) -> Iterator[None]:
    """Its last values stay and grow old."""
    with meter_with(scene, silent):
        yield


@fault("counts import as minus", "meter_sign", kitchen=Kitchen.MODEST)
def meter_sign_flipped(scene: Scene) -> Iterator[None]:
    """Somebody turned the current transformers or a setting round."""
    with telling(
        scene,
        lambda value: replace(
            value,
            power_w=-value.power_w,
            current_a=(-value.current_a[0], -value.current_a[1], -value.current_a[2]),
        ),
    ):
        yield


@fault(
    "tells kW and says W, currents stay right",
    harmless="the fuse is guarded by the currents; the sun is not seen, so less is charged",
)
def meter_power_in_kw(scene: Scene) -> Iterator[None]:
    """Its power is a thousandth of what it should be."""
    with telling(scene, lambda value: replace(value, power_w=value.power_w / 1000.0)):
        yield


@fault("tells mA and says A", "meter_absurd", "meter_implausible")
def meter_current_in_ma(scene: Scene) -> Iterator[None]:
    """Its currents are a thousand times what they should be."""
    with telling(
        scene,
        lambda value: replace(
            value,
            current_a=(
                value.current_a[0] * 1e3,
                value.current_a[1] * 1e3,
                value.current_a[2] * 1e3,
            ),
        ),
    ):
        yield


@fault(
    "all values a thousandth of what they are",
    "meter_implausible",
    kitchen=Kitchen.MODEST,
)
def meter_in_kilo(scene: Scene) -> Iterator[None]:
    """Power in kW and currents in kA, said to be W and A."""
    with telling(
        scene,
        lambda value: replace(
            value,
            power_w=value.power_w / 1000.0,
            current_a=(
                value.current_a[0] / 1e3,
                value.current_a[1] / 1e3,
                value.current_a[2] / 1e3,
            ),
        ),
    ):
        yield


@fault(
    "tells L1 as L2, L2 as L3, L3 as L1",
    harmless="cars on three phases load all alike; one on a single phase is held by its worst",
    kitchen=Kitchen.MODEST,
)
def meter_phases_swapped(scene: Scene) -> Iterator[None]:
    """The current transformers sit on the wrong wires."""
    with telling(
        scene,
        lambda value: replace(
            value,
            current_a=(value.current_a[2], value.current_a[0], value.current_a[1]),
        ),
    ):
        yield


@fault("has no value for L2", "meter_stale", kitchen=Kitchen.MODEST, has_meter=False)
def meter_phase_missing(scene: Scene) -> Iterator[None]:
    """One of its phases is unavailable."""
    with telling(
        scene,
        lambda value: replace(
            value, current_a=(value.current_a[0], nan, value.current_a[2])
        ),
    ):
        yield


@fault(
    "shows 9 A too much on a phase for a moment, now and then",
    harmless="each spike is taken for a load: cut at once and raised again after a minute",
)
def meter_spikes(scene: Scene) -> Iterator[None]:
    """A reading in a hundred is far too high."""
    random = scene.random

    def spiked(value: GridReading) -> GridReading:
        if random.random() > 0.01:
            return value
        l1, l2, l3 = value.current_a
        return replace(
            value, current_a=(l1 + 9.0, l2, l3), power_w=value.power_w + 2070.0
        )

    with telling(scene, spiked):
        yield


@fault(
    "is unavailable for 20 s, then shows zeros for 20 s, again and again",
    "meter_stale",
    "meter_recovering",
    kitchen=Kitchen.MODEST,
    has_meter=False,
)
def meter_zero_after_reconnect(scene: Scene) -> Iterator[None]:
    """It reconnects, and its first values are zeros."""

    def reconnecting(
        fresh: Published[GridReading], last: Published[GridReading] | None
    ) -> Published[GridReading] | None:
        second = fresh.published_at_s % 300.0
        if second < 20.0:
            return None
        if second < 40.0:
            value = replace(fresh.value, power_w=0.0, current_a=ZERO)
            return replace(fresh, value=value)
        return fresh

    with meter_with(scene, reconnecting):
        yield


@fault("tells NaN", "meter_stale", kitchen=Kitchen.MODEST, has_meter=False)
def meter_nan(scene: Scene) -> Iterator[None]:
    """Its values are no numbers."""
    with telling(
        scene, lambda value: replace(value, power_w=nan, current_a=(nan, nan, nan))
    ):
        yield


@fault(
    "the clock jumps an hour forward",
    harmless="timers count control time; a reading that seems old is fresh with the next report",
    length_s=(60.0, 120.0),
)
def clock_forward(scene: Scene) -> Iterator[None]:
    """Somebody, or a time server, sets the clock."""
    scene.loop.set_clock(3600.0)
    yield


@fault(
    "the clock jumps an hour back",
    harmless="timers count control time; readings from the future are replaced by the next report",
    length_s=(60.0, 120.0),
)
def clock_back(scene: Scene) -> Iterator[None]:
    """Somebody, or a time server, sets the clock."""
    scene.loop.set_clock(-3600.0)
    yield
