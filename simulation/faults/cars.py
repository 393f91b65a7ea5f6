"""Faults of a car: what it takes, when, and on which phases."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from simulation.wallbox import Wallbox

from .kinds import Kitchen, Scene, fault


@contextmanager
def car_with(box: Wallbox, **changes: float | None) -> Iterator[None]:
    """Let the car in the plug have other properties for a while."""
    car = box.car
    if car is None:
        yield
        return
    before = car.config
    car.config = replace(before, **changes)  # type: ignore[arg-type]
    try:
        yield
    finally:
        car.config = before


@fault("takes 2.5 A more than it is offered", "not_obeying", kitchen=Kitchen.MODEST)
def car_overdraws(scene: Scene) -> Iterator[None]:
    """It does not keep to the signal."""
    with car_with(scene.box, undertake_a=-2.5, max_current_a=18.5):
        yield


@fault("falls asleep in each pause and wakes at no offer", "car_not_taking")
def car_asleep(scene: Scene) -> Iterator[None]:
    """It sleeps from the first pause on."""
    with car_with(scene.box, sleeps_after_s=30.0, wakes_after_offers=99):
        if scene.box.car:
            scene.box.car.asleep = True
        yield
    if scene.box.car:
        scene.box.car.asleep = False


@fault(
    "starts after a minute and follows slowly",
    harmless="its takes are an interval until it has settled",
)
def car_slow(scene: Scene) -> Iterator[None]:
    """Down within the 6 s of the standard, up in its own time."""
    with car_with(
        scene.box,
        start_delay_s=50.0,
        up_delay_s=8.0,
        up_a_per_s=0.2,
        down_delay_s=2.0,
        down_a_per_s=5.0,
    ):
        yield


@fault(
    "takes one phase, which is L2 of the grid",
    harmless="its wiring is known, so its current is counted where it flows",
)
def car_on_l2_only(scene: Scene) -> Iterator[None]:
    """Wired and configured L2, L3, L1, and the car has one phase."""
    box, loop = scene.box, scene.loop
    before = box.config
    box.config = replace(before, rotation=(1, 2, 0))
    loop.change(before.name, phase_map=(1, 2, 0))
    with car_with(box, phases=1):
        yield
    box.config = before
    loop.change(before.name, phase_map=before.rotation)


@fault(
    "takes less and less, as a battery that gets full",
    harmless="what it leaves goes to the others",
)
def car_tapers(scene: Scene) -> Iterator[None]:
    """It is above the charge level from which it takes less."""
    with car_with(scene.box, taper_soc=0.05):
        yield


@fault("takes nothing of what it is offered", "car_not_taking", "finished")
def car_refuses(scene: Scene) -> Iterator[None]:
    """Its own timer or app holds it back."""
    with car_with(scene.box, charge_to_soc=0.0):
        yield
