"""From an offer to the least that has to be written."""

from typing import Any

import pytest

from custom_components.ampacity.engine.decision import Command
from custom_components.ampacity.engine.model import Mode

from .driver import Driver, car


def told(house: Driver, mode: Mode, seconds: float = 60.0) -> list[Command]:
    """Return the commands that a change of mode brings."""
    house.box.commands.clear()
    house.change("a", mode=mode)
    house.run(seconds)
    return house.box.commands


@pytest.mark.parametrize(
    ("settings", "start", "stop"),
    [
        ({}, Command(current_a=16.0, enabled=True), Command(enabled=False)),
        ({"can_pause": False}, Command(current_a=16.0), Command(current_a=6.0)),
    ],
)
def test_start_and_stop(
    settings: dict[str, Any], start: Command, stop: Command
) -> None:
    """The current comes before the start, the pause leaves the current alone."""
    house = Driver(car(mode=Mode.OFF, **settings))
    house.box.enabled = house.site.chargers[0].can_pause is False
    house.run(60)
    assert told(house, Mode.FAST) == [start]
    assert told(house, Mode.OFF) == [stop]


def test_change_writes_the_current_alone() -> None:
    """What is on is not switched on again."""
    house = Driver(car(mode=Mode.FAST))
    house.run(60)
    assert told(house, Mode.SOLAR_MIN) == [Command(current_a=6.0)]


def test_charger_at_rest_is_not_compared() -> None:
    """Without a car, nobody cares what it says."""
    house = Driver(car(mode=Mode.FAST))
    house.box.plugged = False
    house.run(60)
    house.box.by_hand(limit_a=13.0)
    house.box.commands.clear()
    house.run(600)
    assert not house.box.commands
