"""Many cars behind one connection: a depot by night, a campus by day."""

from dataclasses import replace

import pytest

from custom_components.ampacity.engine.model import Charger, Circuit, Mode, Site
from simulation.car import CarConfig
from simulation.closed_loop import ClosedLoop
from simulation.fuse import FuseConfig
from simulation.meter import MeterConfig
from simulation.wallbox import WallboxConfig

from .rig import steady

DEPOT_W = 100_000.0


def jain(values: list[float]) -> float:
    """Return Jain's index of fairness: 1 where all are equal, 1/n where one has all."""
    squares = sum(value * value for value in values)
    return sum(values) ** 2 / (len(values) * squares) if squares else 1.0


def fleet(count: int, car: CarConfig, **box: object) -> tuple[WallboxConfig, ...]:
    """Return wallboxes with a car each, spread over the phases."""
    rotations = ((0, 1, 2), (1, 2, 0), (2, 0, 1))
    return tuple(
        WallboxConfig(
            name=f"{number:02}",
            rotation=rotations[number % 3],
            car=replace(car, soc=car.soc + 0.002 * (number % 7)),
            **box,  # type: ignore[arg-type]
        )
        for number in range(count)
    )


def many(
    boxes: tuple[WallboxConfig, ...],
    fuse_a: float,
    *,
    power_limit_w: float | None = None,
    circuits: tuple[Circuit, ...] = (),
    phases: int = 3,
    max_a: float = 16.0,
) -> ClosedLoop:
    """Return a site where all want all they can get, at equal priority."""
    house = steady(
        (3000.0, 3000.0, 3000.0),
        wallboxes=boxes,
        fuse=FuseConfig(rated_a=fuse_a),
        meter=MeterConfig(period_s=10.0),
        source_ohm=0.002,
    )
    leaves = [one.id for one in circuits if one.parent_id is not None]
    chargers = tuple(
        Charger(
            id=box.name,
            mode=Mode.FAST,
            phases=phases,
            phase_map=box.rotation[:phases],
            max_a=max_a,
            circuit_id=leaves[number % len(leaves)] if leaves else None,
        )
        for number, box in enumerate(boxes)
    )
    site = Site(
        fuse_a=fuse_a, power_limit_w=power_limit_w, chargers=chargers, circuits=circuits
    )
    return ClosedLoop(house=house, site=site)


def depot(hours: float) -> tuple[ClosedLoop, float]:
    """Run 20 vans of 7.2 kW on 100 kW; return the loop and the highest steady power."""
    van = CarConfig(
        phases=1,
        max_current_a=31.5,
        soc=0.5,
        capacity_wh=75_000.0,
        down_a_per_s=10.0,
        undertake_a=0.3,
    )
    boxes = fleet(20, van, phases=1, max_current_a=32.0)
    loop = many(boxes, 250.0, power_limit_w=DEPOT_W, phases=1, max_a=31.5)
    loop.run(300)
    most_w = 0.0
    for _ in range(int(hours * 60)):
        loop.run(60)
        most_w = max(most_w, sum(loop.house.grid_w))
    return loop, most_w


def charged(loop: ClosedLoop) -> list[float]:
    """Return what each car got."""
    return [box.total_wh for box in loop.house.wallboxes]


def test_depot_for_an_hour() -> None:
    """The limit less its margin, all of it used, and all vans alike."""
    loop, most_w = depot(0.5)
    assert most_w <= 0.95 * DEPOT_W * 1.005
    assert most_w >= 0.88 * DEPOT_W
    index = jain(charged(loop))
    print(f"Jain index of the depot: {index:.4f}")  # noqa: T201
    assert index > 0.98


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_depot_is_served_by_morning() -> None:
    """All plugged in at 18:00, all full at 6:00."""
    loop, most_w = depot(12.0)
    assert most_w <= 0.95 * DEPOT_W * 1.005
    assert all(box.car and box.car.full for box in loop.house.wallboxes)
    print(f"Jain index of the night: {jain(charged(loop)):.4f}")  # noqa: T201


def campus(count: int) -> ClosedLoop:
    """Return cars behind five outlets of two buildings on one connection."""
    circuits = (
        Circuit(id="east", fuse_a=100.0),
        Circuit(id="west", fuse_a=80.0),
        *(Circuit(id=f"east {n}", fuse_a=63.0, parent_id="east") for n in range(3)),
        *(Circuit(id=f"west {n}", fuse_a=50.0, parent_id="west") for n in range(2)),
    )
    car = CarConfig(soc=0.3, capacity_wh=60_000.0)
    return many(fleet(count, car), 200.0, circuits=circuits)


def highest_a(loop: ClosedLoop, circuit: Circuit) -> float:
    """Return the current on the fullest phase of a circuit."""
    inside = {circuit.id} | {
        one.id for one in loop.site.circuits if one.parent_id == circuit.id
    }
    names = {one.id for one in loop.site.chargers if one.circuit_id in inside}
    boxes = [box for box in loop.house.wallboxes if box.config.name in names]
    return max(sum(box.grid_w[phase] for box in boxes) / 230.0 for phase in range(3))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_campus_of_fifty() -> None:
    """No circuit above its fuse, everybody has had some by the end of the day."""
    loop = campus(50)
    loop.run(600)
    for _ in range(9 * 30):
        loop.run(120)
        assert loop.result is not None
        assert loop.result.error is None
        for circuit in loop.site.circuits:
            assert circuit.fuse_a is not None
            assert highest_a(loop, circuit) <= circuit.fuse_a
    assert loop.house.fuse.theta_max < 0.9
    index = jain(charged(loop))
    print(f"Jain index of the campus: {index:.4f}")  # noqa: T201
    assert min(charged(loop)) > 5_000.0
    assert index > 0.9


def test_jain() -> None:
    """All equal is 1, one of four is a quarter, nothing at all is fair."""
    assert jain([5.0] * 4) == pytest.approx(1.0)
    assert jain([1.0, 0.0, 0.0, 0.0]) == pytest.approx(0.25)
    assert jain([0.0, 0.0]) == 1.0
