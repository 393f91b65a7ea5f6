"""Faults of a charger: of what it says, of what it is told, and of what it does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import override

from custom_components.ampacity.engine.model import (
    ChargerReading,
    Fault,
    Mode,
    Reading,
    Snapshot,
)
from simulation.publisher import silent
from simulation.wallbox import CommandRejectedError, Wallbox

from .kinds import Kitchen, Scene, fault

DEFAULT_A = 16.0
"""What a charger offers after a restart."""
_LOST = Reading(fault=Fault.MISSING)


@contextmanager
def configured(
    box: Wallbox, **changes: float | bool | tuple[int, int, int]
) -> Iterator[None]:
    """Let a charger have other properties for a while."""
    before = box.config
    box.config = replace(before, **changes)  # type: ignore[arg-type]
    try:
        yield
    finally:
        box.config = before


@fault(
    "its sensors of current, power and limit say nothing",
    harmless="counted at what it is offered, so that the fuse is safe",
)
def charger_without_sensors(scene: Scene) -> Iterator[None]:
    """It tells its state and no more."""
    name = scene.box.config.name

    def without(snapshot: Snapshot) -> Snapshot:
        reading = snapshot.chargers[name]
        mute: ChargerReading = replace(
            reading,
            offered_a=_LOST,
            enabled=None,
            power_w=_LOST,
            current_a=(_LOST,) * len(reading.current_a),
            energy_wh=_LOST,
        )
        return replace(snapshot, chargers={**snapshot.chargers, name: mute})

    scene.loop.alter = without
    yield
    scene.loop.alter = None


@fault(
    "its readings stay as they are and grow old",
    harmless="counted at the worst of what it said last and what it is offered",
)
def charger_silent(scene: Scene) -> Iterator[None]:
    """It obeys and tells nothing new."""
    scene.box.fault = silent
    yield
    scene.box.fault = None


@fault(
    "does as told after 30 s",
    "not_obeying",
    "manual",
    "manual_off",
    kitchen=Kitchen.MODEST,
)
def charger_slow(scene: Scene) -> Iterator[None]:
    """A local charger becomes as slow as one behind a cloud."""
    with configured(scene.box, response_s=30.0):
        yield


@fault(
    "takes limits and goes on with the old one", "not_obeying", kitchen=Kitchen.MODEST
)
def charger_ignores_limit(scene: Scene) -> Iterator[None]:
    """Its current stays where it was."""
    scene.box.ignores_limit = True
    yield
    scene.box.ignores_limit = False


@fault(
    "takes pauses and goes on charging, while its mode is set to off",
    "not_obeying",
    kitchen=Kitchen.MODEST,
)
def charger_ignores_pause(scene: Scene) -> Iterator[None]:
    """It cannot be stopped."""
    loop, name = scene.loop, scene.box.config.name
    mode = next(one.mode for one in loop.site.chargers if one.id == name)
    scene.box.ignores_pause = True
    loop.change(name, mode=Mode.OFF)
    yield
    scene.box.ignores_pause = False
    loop.change(name, mode=mode)


class _Refusing(Wallbox):
    """Refuses every command."""

    __slots__ = ()

    @override
    def set_current(self, current_a: float) -> None:
        raise CommandRejectedError(self.config.name)

    @override
    def pause(self) -> None:
        raise CommandRejectedError(self.config.name)

    @override
    def resume(self) -> None:
        raise CommandRejectedError(self.config.name)


@fault("rejects every command", "not_obeying", kitchen=Kitchen.MODEST)
def charger_rejects(scene: Scene) -> Iterator[None]:
    """Each action fails with an error."""
    scene.box.__class__ = _Refusing
    yield
    scene.box.__class__ = Wallbox


@fault(
    "its integration raises on every command",
    "not_obeying",
    kitchen=Kitchen.MODEST,
    chargers=4,
)
def charger_raises(scene: Scene) -> Iterator[None]:
    """An exception inside the service call."""
    name = scene.box.config.name
    scene.loop.broken.add(name)
    yield
    scene.loop.broken.discard(name)


@fault(
    "takes whole amperes only, is told fractions",
    harmless="it rounds down, and what it reads back is within half an ampere or told again",
)
def charger_integer_only(scene: Scene) -> Iterator[None]:
    """The configuration believes that it can be set in steps of 0.1 A."""
    name = scene.box.config.name
    scene.loop.change(name, step_a=0.1)
    yield
    scene.loop.change(name, step_a=1.0)


@fault("cannot be reached", "offline", kitchen=Kitchen.MODEST)
def charger_offline(scene: Scene) -> Iterator[None]:
    """It goes on with what it was last told."""
    scene.box.offline = True
    yield
    scene.box.offline = False


@fault(
    "cannot be reached while Home Assistant starts",
    "offline",
    kitchen=Kitchen.MODEST,
)
def charger_offline_at_start(scene: Scene) -> Iterator[None]:
    """Nothing is known of it, and it may be charging."""
    scene.box.offline = True
    scene.loop.restart()
    yield
    scene.box.offline = False


@fault(
    f"restarts, and comes back offering {DEFAULT_A:g} A",
    "offline",
    length_s=(30.0, 60.0),
)
def charger_restarts(scene: Scene) -> Iterator[None]:
    """It is off the network and off for a while, then has its own setting."""
    box = scene.box
    box.offline = True
    box.enabled = False
    yield
    box.offline = False
    box.current_limit_a = DEFAULT_A
    box.enabled = True


@fault(
    "is changed in its own app, to 13 A",
    "manual",
    length_s=(1200.0, 2400.0),
)
def charger_by_hand(scene: Scene) -> Iterator[None]:
    """Somebody sets another current; the driver takes it back with a mode at the end."""
    scene.box.current_limit_a = 13.0
    scene.box.enabled = True
    yield
    scene.loop.release(scene.box.config.name)


@fault("is stopped in its own app", "manual_off", length_s=(600.0, 1200.0))
def charger_stopped_by_hand(scene: Scene) -> Iterator[None]:
    """Somebody stops it; the driver takes it back with a mode at the end."""
    scene.box.enabled = False
    yield
    scene.loop.release(scene.box.config.name)


@fault("reports a fault and offers nothing", "charger_error")
def charger_failed(scene: Scene) -> Iterator[None]:
    """A fault current, or a contactor that sticks."""
    scene.box.failed = True
    yield
    scene.box.failed = False


@fault(
    "its phases hang on others than configured",
    harmless="on three phases all are loaded alike; on fewer, the load of a phase nobody is "
    "known to be on counts as the house's",
    kitchen=Kitchen.MODEST,
)
def charger_wired_otherwise(scene: Scene) -> Iterator[None]:
    """An electrician has changed the order."""
    l1, l2, l3 = scene.box.config.rotation
    with configured(scene.box, rotation=(l2, l3, l1)):
        yield
