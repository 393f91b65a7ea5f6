"""Circuits: limits of their own, nested, with and without a meter."""

import pytest

from custom_components.ampacity.engine.circuits import carried_a, chain, chargers_of
from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import (
    Charger,
    ChargerStatus,
    Circuit,
    GridReading,
    Mode,
    Reading,
    Site,
)

from .driver import MISSING, Driver, car
from .test_headroom import take

GARAGE = Circuit(id="garage", fuse_a=20.0)
BARN = Circuit(id="barn", fuse_a=16.0, parent_id="garage")


def depot(*circuits: Circuit, **places: str | None) -> Driver:
    """Return a big site with fast chargers, each on a circuit or on none."""
    chargers = [
        car(key, mode=Mode.FAST, circuit_id=place) for key, place in places.items()
    ]
    return Driver(*chargers, fuse_a=100.0, fuse_margin=0.0, circuits=circuits)


def metered(circuit: Circuit) -> Circuit:
    """Return the circuit with a meter of its own."""
    return Circuit(
        id=circuit.id,
        fuse_a=circuit.fuse_a,
        parent_id=circuit.parent_id,
        has_meter=True,
    )


def load(*currents_a: float) -> GridReading:
    """Return what else hangs on a circuit."""
    return GridReading(current_a=tuple(Reading(value=one) for one in currents_a))


def offers(house: Driver) -> dict[str, float]:
    """Return what each charger offers."""
    return {key: house.offer(key) for key in house.boxes}


@pytest.mark.parametrize(
    ("circuits", "places", "expected"),
    [
        ((GARAGE,), {"a": "garage", "b": "garage", "c": None}, [10.0, 10.0, 16.0]),
        ((GARAGE, BARN), {"a": "barn", "b": "barn", "c": None}, [8.0, 8.0, 16.0]),
        ((GARAGE, BARN), {"a": "barn", "b": "garage", "c": None}, [10.0, 10.0, 16.0]),
        # Three on 20 A: two of them, 6 A cannot be divided further
        ((GARAGE,), {"a": "garage", "b": "garage", "c": "garage"}, [6.0, 6.0, 6.0]),
        # What hangs on a circuit that is gone hangs on the site
        ((), {"a": "garage"}, [16.0]),
        ((BARN,), {"a": "barn", "b": "barn"}, [8.0, 8.0]),
    ],
)
def test_each_circuit_above_a_charger_binds(
    circuits: tuple[Circuit, ...],
    places: dict[str, str | None],
    expected: list[float],
) -> None:
    """A charger fits into every circuit above it, whoever else is on it."""
    house = depot(*circuits, **places)
    house.run(400)
    assert list(offers(house).values()) == expected


def test_the_circuit_that_binds_is_named() -> None:
    """So that a person knows where to look."""
    house = depot(GARAGE, BARN, a="barn", b="barn")
    house.run(400)
    reason = house.decision("a").reason
    assert (reason.key, reason.circuit_id) == (ReasonKey.CIRCUIT, "barn")
    view = house.result.view.circuits
    assert (view["barn"].limiting, view["garage"].limiting) == (True, False)
    assert house.limiting()


def test_other_load_on_a_metered_circuit_counts() -> None:
    """12 A of something else leave 8 A, and too little pauses only who hangs there."""
    house = depot(metered(GARAGE), a="garage", b=None)
    house.circuits["garage"] = load(12.0, 2.0, 2.0)
    house.run(400)
    assert offers(house) == {"a": 8.0, "b": 16.0}
    assert house.result.view.circuits["garage"].headroom_a[0] == pytest.approx(0.0)
    house.circuits["garage"] = load(16.0, 2.0, 2.0)
    house.guard()
    assert offers(house) == {"a": 0.0, "b": 16.0}
    assert house.reason("a") is ReasonKey.CIRCUIT_PAUSED


def test_a_lost_circuit_meter_is_safe_for_those_below_only() -> None:
    """The site's own meter goes on, and so do all others."""
    house = depot(metered(GARAGE), BARN, a="barn", b=None)
    house.circuits["garage"] = load(1.0, 1.0, 1.0)
    house.run(400)
    assert offers(house) == {"a": 16.0, "b": 16.0}
    house.circuits["garage"] = GridReading(current_a=(MISSING,) * 3)
    house.guard()
    assert offers(house) == {"a": 6.0, "b": 16.0}
    assert house.reason("a") is ReasonKey.METER_STALE
    house.circuits["garage"] = load(1.0, 1.0, 1.0)
    house.run(120)
    assert offers(house) == {"a": 16.0, "b": 16.0}


def test_who_asks_for_nothing_still_counts_on_a_circuit_without_a_meter() -> None:
    """A charger that is switched off and draws on takes room that no meter shows."""
    house = depot(GARAGE, a="garage", b="garage")
    house.change("a", mode=Mode.OFF)
    house.boxes["a"].ignores_pause = True
    house.boxes["a"].enabled = True
    house.boxes["a"].limit_a = 10.0
    house.run(600)
    assert house.offer("b") <= 10.0


@pytest.mark.parametrize(("fuse_a", "expected_a"), [(20.0, 10.0), (30.0, 15.0)])
def test_who_is_gone_still_counts_on_a_circuit_without_a_meter(
    fuse_a: float, expected_a: float
) -> None:
    """A charger that is not reached any more goes on with its last current, until it is back."""
    house = depot(Circuit(id="garage", fuse_a=fuse_a), a="garage", b="garage")
    house.run(300)
    assert offers(house) == {"a": expected_a, "b": expected_a}
    house.boxes["a"].status = ChargerStatus.OFFLINE
    house.run(600)
    assert house.reason("a") is ReasonKey.OFFLINE
    assert offers(house) == {"a": expected_a, "b": expected_a}
    house.boxes["a"].plugged = False
    house.boxes["a"].status = None
    house.run(300)
    assert house.offer("b") == 16.0


def test_who_is_gone_before_it_heard_counts_with_what_it_had() -> None:
    """A command that did not arrive makes no room."""
    house = depot(GARAGE, a="garage", b="garage")
    house.run(300)
    before_a = house.boxes["a"].drawn_a[0]
    house.boxes["a"].ignores_pause = house.boxes["a"].write_failed = True
    house.change("a", mode=Mode.OFF)
    house.tick()
    house.boxes["a"].status = ChargerStatus.OFFLINE
    house.run(600)
    assert house.boxes["a"].drawn_a[0] == before_a
    assert house.offer("b") + before_a <= (GARAGE.fuse_a or 0.0)


def test_power_limit_of_a_circuit() -> None:
    """11 kW for two."""
    garage = Circuit(id="garage", power_limit_w=11_000.0)
    house = depot(garage, a="garage", b="garage")
    house.run(400)
    assert offers(house) == {"a": 7.0, "b": 7.0}


def test_parents_in_a_ring_end() -> None:
    """However the circuits came to hang on each other."""
    one = Circuit(id="one", fuse_a=10.0, parent_id="two")
    two = Circuit(id="two", fuse_a=10.0, parent_id="one")
    charger = car("a", circuit_id="one")
    site = Site(fuse_a=25.0, chargers=(charger,), circuits=(one, two))
    assert chain(site, charger) == (one, two)
    assert chargers_of(site) == {"one": [charger], "two": [charger]}


@pytest.mark.parametrize(
    ("charger", "taken_a", "expected"),
    [
        (Charger(id="a"), (10.0, 10.0, 10.0), (12.0, 13.0, 14.0)),
        (Charger(id="a", phase_map=(2, 0, 1)), (7.0, 8.0, 9.0), (10.0, 12.0, 11.0)),
        (Charger(id="a", phases=1, phase_map=(1,)), (16.0,), (2.0, 19.0, 4.0)),
        # Nobody knows on which phase it hangs
        (Charger(id="a", phases=1), (16.0,), (18.0, 19.0, 20.0)),
    ],
)
def test_what_chargers_carry_together(
    charger: Charger, taken_a: tuple[float, ...], expected: tuple[float, ...]
) -> None:
    """Each counts with the most that it may take, on the phases that it loads."""
    other = Charger(id="b")
    takes = {"a": take((0.0,), taken_a), "b": take((0.0,), (2.0, 3.0, 4.0))}
    site = Site(fuse_a=25.0, chargers=(charger, other))
    assert carried_a(site, (charger, other), takes) == expected
    assert carried_a(site, (), takes) == (0.0, 0.0, 0.0)
