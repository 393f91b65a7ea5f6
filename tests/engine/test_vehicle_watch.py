"""Which car is at which charger, and what follows from that, through the engine's own steps."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.ampacity.engine.model import Mode, Reading, VehicleReading
from custom_components.ampacity.engine.vehicle import (
    GUEST,
    KnownBy,
    Vehicle,
    VehicleMemory,
)
from custom_components.ampacity.engine.vehicle_plug import choose_vehicle

from .driver import Driver, car

USUAL = Vehicle(id="usual", capacity_wh=50_000.0, default_charger_id="a")
OTHER = Vehicle(id="other", capacity_wh=40_000.0)
MINUTE = 60.0


def yard(*vehicles: Vehicle, chargers: str = "ab", mode: Mode = Mode.OFF) -> Driver:
    """Return a site without a car on any cable."""
    house = Driver(
        *(car(key, mode=mode, max_a=10.0) for key in chargers),
        vehicles=vehicles,
        fuse_a=50.0,
    )
    for box in house.boxes.values():
        box.plugged = False
    house.run(MINUTE)
    return house


def say(house: Driver, vehicle_id: str, **words: Any) -> None:
    """Let a car say something of itself."""
    before = house.vehicles.get(vehicle_id, VehicleReading())
    if (soc := words.pop("soc", None)) is not None:
        words["soc"] = Reading(value=soc)
    house.vehicles[vehicle_id] = replace(before, **words)


def plug(house: Driver, charger_id: str = "a", *, after_s: float = 10.0) -> None:
    """Plug a car in, and let some time pass."""
    house.boxes[charger_id].plugged = True
    house.run(after_s)


def unplug(house: Driver, charger_id: str = "a") -> None:
    """Unplug the car."""
    house.boxes[charger_id].plugged = False
    house.tick()


def who(house: Driver, charger_id: str = "a") -> tuple[str | None, KnownBy | None]:
    """Return the car at a charger and how it is known."""
    parked = house.of(charger_id).parked
    return parked.vehicle_id, parked.known_by


def memory(house: Driver, vehicle_id: str) -> VehicleMemory:
    """Return what is remembered of a car."""
    return house.state.vehicles[vehicle_id]


def choose(house: Driver, charger_id: str, vehicle_id: str | None) -> None:
    """Choose a car for a charger."""
    house.state = choose_vehicle(house.state, charger_id, vehicle_id)
    house.tick()


def test_usual_car_is_taken_for_granted() -> None:
    """It is at its charger from plug-in to unplug, and at no other."""
    house = yard(USUAL, OTHER)
    assert who(house) == (None, None)
    plug(house)
    assert who(house) == ("usual", KnownBy.DEFAULT)
    plug(house, "b")
    assert who(house, "b") == (None, None)
    unplug(house)
    assert who(house) == (None, None)


@pytest.mark.parametrize(("vehicles", "chargers"), [((OTHER,), "a"), ((OTHER,), "ab")])
def test_only_car_at_the_only_charger(
    vehicles: tuple[Vehicle, ...], chargers: str
) -> None:
    """Nobody has to say where it usually charges; with two chargers somebody has."""
    house = yard(*vehicles, chargers=chargers)
    plug(house)
    assert who(house)[0] == ("other" if chargers == "a" else None)


def test_two_usual_cars_are_none() -> None:
    """A charger that two cars usually use tells nothing."""
    house = yard(USUAL, replace(OTHER, default_charger_id="a"))
    plug(house)
    assert who(house) == (None, None)


@pytest.mark.parametrize("late_s", [-MINUTE, 0.0, 20 * MINUTE])
def test_car_is_recognised_by_its_plug(late_s: float) -> None:
    """Its own word may come a little earlier or much later than the charger's."""
    house = yard(USUAL, OTHER)
    say(house, "other", plugged_in=False)
    house.tick()
    if late_s < 0.0:
        say(house, "other", plugged_in=True)
        house.run(-late_s)
    plug(house)
    if late_s >= 0.0:
        house.run(late_s)
        say(house, "other", plugged_in=True)
        house.tick()
    assert who(house) == ("other", KnownBy.RECOGNISED)
    say(house, "other", plugged_in=False)
    house.run(MINUTE)
    assert who(house) == ("other", KnownBy.RECOGNISED)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"plugged_in": True}, "other"),
        ({"plugged_in": True, "at_home": True}, "other"),
        ({"plugged_in": True, "at_home": False}, "usual"),
        ({"plugged_in": False, "at_home": True}, "usual"),
        ({"at_home": True}, "usual"),
        ({}, "usual"),
    ],
    ids=["plugged", "and at home", "elsewhere", "not plugged", "at home", "silent"],
)
def test_what_a_car_has_said_all_along(words: dict[str, Any], expected: str) -> None:
    """A plug that was in before we knew tells something, being at home does not."""
    house = yard(USUAL, OTHER)
    say(house, "other", **words)
    house.tick()
    plug(house)
    assert who(house)[0] == expected


def test_car_plugged_in_at_work_is_not_here() -> None:
    """It said so hours ago, and its place is not known."""
    house = yard(USUAL, OTHER)
    say(house, "other", plugged_in=False)
    house.tick()
    say(house, "other", plugged_in=True)
    house.run(3600.0, step_s=30.0)
    plug(house)
    assert who(house)[0] == "usual"


@pytest.mark.parametrize(("before_s", "expected"), [(300.0, "other"), (1800.0, None)])
def test_car_is_recognised_by_coming_home(
    before_s: float, expected: str | None
) -> None:
    """The one that came home minutes ago was plugged in."""
    house = yard(OTHER)
    say(house, "other", at_home=False)
    house.tick()
    say(house, "other", at_home=True)
    house.run(before_s, step_s=30.0)
    plug(house)
    assert who(house)[0] == expected


def test_two_that_came_home_are_told_apart_by_habit() -> None:
    """The usual one of two candidates is taken, and nobody where neither is."""
    for expected, vehicles in (
        ("usual", (USUAL, OTHER)),
        (None, (replace(USUAL, default_charger_id=None), OTHER)),
    ):
        house = yard(*vehicles)
        for one in vehicles:
            say(house, one.id, at_home=False)
        house.tick()
        for one in vehicles:
            say(house, one.id, at_home=True)
        plug(house)
        assert who(house)[0] == expected


def test_usual_car_that_is_away() -> None:
    """It is not at its charger, until its place turns out to be late."""
    house = yard(USUAL, OTHER)
    say(house, "usual", at_home=False)
    house.tick()
    plug(house, after_s=300.0)
    assert who(house) == (None, None)
    say(house, "usual", at_home=True)
    house.tick()
    assert who(house)[0] == "usual"


def test_usual_car_that_is_not_plugged_in() -> None:
    """Its word may be late for half an hour; then it is believed."""
    house = yard(USUAL, OTHER)
    say(house, "usual", plugged_in=False)
    plug(house, after_s=29 * MINUTE)
    assert who(house)[0] == "usual"
    house.run(2 * MINUTE)
    assert who(house) == (None, None)


def test_recognised_car_leaves_its_usual_charger() -> None:
    """Taken for granted at one charger, it turns up at another."""
    house = yard(USUAL, OTHER)
    say(house, "usual", plugged_in=False)
    plug(house)
    assert who(house)[0] == "usual"
    plug(house, "b")
    say(house, "usual", plugged_in=True)
    house.state = choose_vehicle(house.state, "b", "usual")
    house.tick()
    assert who(house) == (None, None)
    assert who(house, "b") == ("usual", KnownBy.CHOSEN)


def test_choice_counts_until_unplugged() -> None:
    """Made before or after plug-in, it beats what is recognised, for one time."""
    house = yard(USUAL, OTHER)
    say(house, "usual", plugged_in=True)
    choose(house, "a", "other")
    assert who(house) == (None, None)
    plug(house)
    assert who(house) == ("other", KnownBy.CHOSEN)
    choose(house, "a", GUEST)
    assert who(house) == (None, KnownBy.CHOSEN)
    choose(house, "a", None)
    assert who(house)[0] == "usual"
    choose(house, "a", "other")
    unplug(house)
    plug(house)
    assert who(house)[0] == "usual"


def test_car_is_chosen_at_one_charger_only() -> None:
    """The newest choice counts."""
    house = yard(USUAL, OTHER)
    plug(house)
    plug(house, "b")
    choose(house, "a", "other")
    choose(house, "b", "other")
    assert who(house) == ("usual", KnownBy.DEFAULT)
    assert who(house, "b") == ("other", KnownBy.CHOSEN)


def test_removed_car_is_forgotten() -> None:
    """What is plugged in is unknown then, and charging goes on."""
    house = yard(OTHER, mode=Mode.FAST)
    plug(house)
    choose(house, "a", "other")
    house.run(MINUTE)
    house.change(vehicles=())
    house.tick()
    assert who(house) == (None, None)
    assert house.state.vehicles == {}
    assert house.result.error is None
    assert house.offer("a") == 10.0


def charged(house: Driver, wh: float) -> None:
    """Charge so much at charger a, 6.9 kW."""
    house.run(wh / 6900.0 * 3600.0, step_s=20.0)


def test_energy_goes_into_the_car() -> None:
    """What the charger counts raises the estimate and what was added in the session."""
    house = yard(USUAL, mode=Mode.FAST)
    say(house, "usual", soc=40.0)
    house.tick()
    say(house, "usual", soc=None)
    house.vehicles.clear()
    plug(house, after_s=MINUTE)
    start_wh = memory(house, "usual").added_wh
    charged(house, 5000.0)
    found = memory(house, "usual")
    assert found.added_wh - start_wh == pytest.approx(5000.0, abs=50.0)
    assert found.soc == pytest.approx(40.0 + found.added_wh * 0.88 / 500.0, abs=0.1)
    assert house.of("a").parked.soc == found.soc
    unplug(house)
    assert memory(house, "usual").added_wh == found.added_wh
    house.boxes["a"].enabled = False
    plug(house)
    assert memory(house, "usual").added_wh < 50.0


def test_energy_moves_with_a_better_guess() -> None:
    """Who is found out late gets all of the session, and the usual car gives it back."""
    house = yard(USUAL, OTHER, mode=Mode.FAST)
    for key in ("usual", "other"):
        say(house, key, soc=40.0, plugged_in=False)
    house.tick()
    house.vehicles = {key: VehicleReading(plugged_in=False) for key in house.vehicles}
    plug(house, after_s=MINUTE)
    charged(house, 2000.0)
    assert (memory(house, "usual").soc or 0.0) > 42.0
    say(house, "other", plugged_in=True)
    house.tick()
    session = house.of("a").session
    assert session is not None
    assert memory(house, "other").added_wh == pytest.approx(session.energy_wh, abs=1.0)
    assert (memory(house, "other").soc or 0.0) > 43.0
    assert memory(house, "usual").added_wh == 0.0
    assert memory(house, "usual").soc == pytest.approx(40.0)


def test_chargers_own_sensor_tells_of_the_car() -> None:
    """It counts for a car that says nothing itself, and for one that nobody knows."""
    house = yard(USUAL)
    house.boxes["a"].soc = 66.0
    house.boxes["b"].soc = 33.0
    plug(house)
    plug(house, "b")
    assert memory(house, "usual").soc == 66.0
    assert house.of("b").parked.soc == 33.0
    house.boxes["b"].soc = None
    house.tick()
    assert house.of("b").parked.soc == 33.0
    unplug(house, "b")
    assert house.of("b").parked.soc is None


def test_guest_has_no_charge_level_of_another() -> None:
    """What was known of the usual car does not hold for the one that is chosen instead."""
    house = yard(USUAL)
    say(house, "usual", soc=79.5)
    plug(house)
    assert house.of("a").parked.soc == 79.5
    choose(house, "a", GUEST)
    assert house.of("a").parked.soc is None
