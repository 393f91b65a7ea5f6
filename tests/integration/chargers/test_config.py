"""Tests of a charger's description."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ampacity.chargers.limit import Steps
from custom_components.ampacity.engine.model import Charger, Link, Mode
from custom_components.ampacity.settings import ChargerSettings

from .common import (
    ACTION,
    ACTIONS,
    BINARY,
    BUTTONS,
    NEVER,
    OPTIONS,
    SELECT,
    SENSOR,
    ZERO,
    charger,
    show_limit,
    show_select,
)

WHOLE_RANGE = ChargerSettings(min_a=0.0, max_a=100.0)


def test_defaults() -> None:
    """A charger with nothing but its levers has ordinary electrical data."""
    assert charger().engine_charger(WHOLE_RANGE) == Charger(
        id="garage",
        phases=3,
        phase_map=None,
        min_a=6.0,
        max_a=16.0,
        mode=Mode.SOLAR,
        learns_settle=True,
    )


def test_everything() -> None:
    """All that was configured reaches the engine, with the user's settings."""
    config = charger(
        phases=3,
        phase_map="l2_l3_l1",
        min_current=8,
        max_current=32,
        safe_current=0,
        link="cloud",
        settle_time=20,
        boost_duration=15,
    )
    settings = ChargerSettings(mode=Mode.FAST, min_a=10.0, max_a=20.0, priority=1)
    assert config.engine_charger(settings, Steps(finest_a=0.1)) == Charger(
        id="garage",
        phases=3,
        phase_map=(1, 2, 0),
        min_a=10.0,
        max_a=20.0,
        step_a=0.1,
        safe_a=0.0,
        link=Link.CLOUD,
        settle_s=20.0,
        can_pause=True,
        mode=Mode.FAST,
        priority=1,
        boost_s=900.0,
    )


@pytest.mark.parametrize(
    ("data", "settings", "expected"),
    [
        ({}, (6, 16), (6, 16)),
        ({"max_current": 32}, (10, 20), (10, 20)),
        ({"min_current": 10}, (6, 16), (10, 16)),
        ({"max_current": 10}, (6, 16), (6, 10)),
        ({"min_current": 1}, (1, 16), (6, 16)),
        ({"max_current": 20}, (18, 10), (10, 10)),
        ({"max_current": 20}, (30, 3), (6, 6)),
        ({"min_current": 16, "max_current": 10}, (6, 16), (16, 16)),
    ],
)
def test_range(
    data: dict[str, Any], settings: tuple[float, float], expected: tuple[float, float]
) -> None:
    """The user's currents stay inside the hardware's; the maximum counts, and 6 A is the least."""
    wish = ChargerSettings(min_a=settings[0], max_a=settings[1])
    engine_charger = charger(data).engine_charger(wish)
    assert (engine_charger.min_a, engine_charger.max_a) == expected


@pytest.mark.parametrize(
    ("phase_map", "expected"),
    [
        (None, None),
        ("unknown", None),
        ("l1_l2_l3", (0, 1, 2)),
        ("l3_l2_l1", (2, 1, 0)),
        ("l2", (1,)),
    ],
)
def test_phase_map(phase_map: str | None, expected: tuple[int, ...] | None) -> None:
    """A mapping is the site's phase for each of the charger's."""
    assert charger(phase_map=phase_map).phase_map == expected


def test_link_decides_the_settle_time() -> None:
    """A charger behind a cloud needs longer to follow."""
    assert charger(link="local").settle_s == 10.0
    assert charger(link="cloud").settle_s == 45.0


def test_safe_current_is_not_above_the_maximum() -> None:
    """A safe current is never more than the charger may ever offer."""
    assert charger(safe_current=20, max_current=16).safe_a == 16.0


@pytest.mark.parametrize(
    ("part", "can_pause"),
    [(BUTTONS, True), (OPTIONS, True), (ACTIONS, True), (ZERO, True), (NEVER, False)],
)
def test_can_pause(part: dict[str, Any], can_pause: bool) -> None:
    """Only a charger without any lever for it cannot be paused."""
    assert charger(part).engine_charger(WHOLE_RANGE).can_pause is can_pause


@pytest.mark.parametrize(
    ("parts", "entity_ids"),
    [
        ([], ("number.limit", "switch.charge")),
        ([ZERO], ("number.limit",)),
        ([NEVER], ("number.limit",)),
        ([SELECT, OPTIONS], ("select.limit", "select.mode")),
        ([ACTION, ACTIONS], ()),
        ([ACTION, BUTTONS], ("button.start", "button.stop")),
        ([ZERO, SENSOR], ("number.limit", "sensor.status")),
        (
            [ZERO, BINARY],
            ("number.limit", "binary_sensor.plug", "binary_sensor.charging"),
        ),
        (
            [
                ZERO,
                {
                    "phases": 1,
                    "offered_sensor": "sensor.offered",
                    "power_sensor": "sensor.power",
                    "current_l1": "sensor.current",
                    "current_l2": "sensor.other",
                    "energy_sensor": "sensor.energy",
                    "soc_sensor": "sensor.power",
                },
            ],
            (
                "number.limit",
                "sensor.offered",
                "sensor.power",
                "sensor.current",
                "sensor.energy",
            ),
        ),
    ],
)
def test_entity_ids(parts: list[dict[str, Any]], entity_ids: tuple[str, ...]) -> None:
    """All entities of a charger are named, each once."""
    assert charger(*parts).entity_ids == entity_ids


@pytest.mark.parametrize(
    ("attributes", "step_a"),
    [
        ({}, 1.0),
        ({"step": 0.5}, 0.5),
        ({"step": 0.1}, 0.1),
        ({"step": 0.001}, 0.1),
        ({"step": 1000, "unit_of_measurement": "mA"}, 1.0),
        ({"step": 100, "unit_of_measurement": "mA"}, 0.1),
        ({"step": 1, "unit_of_measurement": "mA"}, 0.1),
        ({"step": 0}, 1.0),
        ({"step": -1}, 1.0),
        ({"step": "fine"}, 1.0),
        ({"step": float("nan")}, 1.0),
        ({"step": None}, 1.0),
        ({"unit_of_measurement": "kWh"}, 1.0),
        ({"unit_of_measurement": "W"}, 0.1),
    ],
)
def test_step(hass: HomeAssistant, attributes: dict[str, Any], step_a: float) -> None:
    """The step is that of the number, in A."""
    config = charger()
    show_limit(hass, **attributes)
    assert config.limit_steps(hass) == Steps(finest_a=step_a)


def test_step_without_a_number(hass: HomeAssistant) -> None:
    """Whole amperes are what everything else takes."""
    for parts in ({}, SELECT, ACTION):
        assert charger(parts).limit_steps(hass) == Steps()


def test_the_options_of_a_select_are_all_there_is(hass: HomeAssistant) -> None:
    """A select offers its currents and nothing between; others than currents don't count."""
    show_select(hass, "10 A", ["Auto", "16 A", "6 A", "10 A", "32 A"])
    steps = charger(SELECT).limit_steps(hass)
    assert steps == Steps(levels_a=(6.0, 10.0, 16.0, 32.0))
    config = charger(SELECT, min_current=6, max_current=16)
    assert config.engine_charger(WHOLE_RANGE, steps).levels_a == (6.0, 10.0, 16.0)
