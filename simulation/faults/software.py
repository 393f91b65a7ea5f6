"""Faults of the software around the engine: restarts, and exceptions anywhere."""

from collections.abc import Iterator, Mapping
from typing import Any, Never, override

from custom_components.ampacity.engine.model import ChargerReading, Snapshot

from .kinds import Kitchen, Scene, fault


@fault(
    "Home Assistant restarts, and is away for two to four minutes",
    "starting_up",
    kitchen=Kitchen.MODEST,
    length_s=(120.0, 240.0),
    has_meter=False,
)
def home_assistant_restarts(scene: Scene) -> Iterator[None]:
    """It lowers the chargers, saves what lasts, and takes up what runs."""
    scene.loop.lower()
    scene.loop.stopped = True
    yield
    scene.loop.restart()
    scene.loop.stopped = False


@fault(
    "reading the meter raises",
    "control_error",
    kitchen=Kitchen.MODEST,
    has_meter=False,
)
def source_raises(scene: Scene) -> Iterator[None]:
    """A bug, or a value that nobody thought of."""
    scene.loop.broken.add("grid")
    yield
    scene.loop.broken.discard("grid")


@fault("reading the inverter raises", "control_error")
def solar_source_raises(scene: Scene) -> Iterator[None]:
    """A bug, or a value that nobody thought of."""
    scene.loop.broken.add("solar")
    yield
    scene.loop.broken.discard("solar")


@fault("reading a charger raises", "control_error", kitchen=Kitchen.MODEST)
def charger_source_raises(scene: Scene) -> Iterator[None]:
    """A bug, or a value that nobody thought of."""
    what = f"{scene.box.config.name} reading"
    scene.loop.broken.add(what)
    yield
    scene.loop.broken.discard(what)


@fault(
    "deciding raises",
    "control_error",
    kitchen=Kitchen.MODEST,
    has_meter=False,
)
def engine_raises(scene: Scene) -> Iterator[None]:
    """A bug in the engine itself, on every step."""
    scene.loop.alter = _exploding
    yield
    scene.loop.alter = None


@fault("planning raises", "planning_failed")
def planner_raises(scene: Scene) -> Iterator[None]:
    """A bug in the planner: the last schedule stays, and grows old."""
    scene.loop.broken.add("planner")
    yield
    scene.loop.broken.discard("planner")


@fault(
    "prices and forecasts are missing",
    harmless="what is promised is charged in time without them",
)
def outlook_gone(scene: Scene) -> Iterator[None]:
    """No source answers, and nothing is expected any more."""
    outlook, scene.loop.outlook = scene.loop.outlook, None
    yield
    scene.loop.outlook = outlook


class _Exploding(dict[str, ChargerReading]):
    """Raises as soon as anybody looks into it."""

    @override
    def get(self, *args: Any) -> Never:
        raise RuntimeError("A bug")


def _exploding(snapshot: Snapshot) -> Snapshot:
    readings: Mapping[str, ChargerReading] = _Exploding(snapshot.chargers)
    return Snapshot(grid=snapshot.grid, chargers=readings)
