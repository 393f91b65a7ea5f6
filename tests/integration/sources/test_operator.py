"""What the grid operator's entities say."""

from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.ampacity.engine.tariffs import OperatorSignal
from custom_components.ampacity.sources.operator import OperatorSource

SIGNAL = "binary_sensor.dim"
LIMIT = "sensor.limit"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
END = NOW + timedelta(minutes=30)
MISSING = OperatorSignal(active=False, missing=True)
OFF = OperatorSignal(active=False)
ON = OperatorSignal(active=True)


def source(*fields: str) -> OperatorSource:
    """Return a source with these entities."""
    known = {"operator_entity": SIGNAL, "operator_limit_entity": LIMIT}
    return OperatorSource.from_config({field: known[field] for field in fields})


@pytest.mark.parametrize(
    ("state", "attributes", "expected"),
    [
        (None, {}, MISSING),
        ("unavailable", {}, MISSING),
        ("unknown", {}, MISSING),
        ("maybe", {}, MISSING),
        ("off", {}, OFF),
        ("off", {"until": END}, OFF),
        ("on", {}, ON),
        ("on", {"until": END}, OperatorSignal(active=True, until=END)),
        ("on", {"end_time": END.isoformat()}, OperatorSignal(active=True, until=END)),
        ("on", {"until": NOW - timedelta(hours=1)}, ON),
        ("on", {"until": "soon"}, ON),
    ],
)
async def test_signal(
    hass: HomeAssistant,
    state: str | None,
    attributes: dict[str, Any],
    expected: OperatorSignal,
) -> None:
    """On, off, or nobody knows; and until when, where the entity tells."""
    if state is not None:
        hass.states.async_set(SIGNAL, state, attributes)
    assert source("operator_entity").read(hass, NOW) == expected


@pytest.mark.parametrize(
    ("value", "unit", "limit_w"),
    [
        ("4200", "W", 4200.0),
        ("7.56", "kW", 7560.0),
        ("0", "W", 0.0),
        ("-1", "kW", 0.0),
        ("unavailable", "W", None),
        ("4200", "°C", None),
        ("nan", "W", None),
    ],
)
async def test_limit(
    hass: HomeAssistant, value: str, unit: str, limit_w: float | None
) -> None:
    """A limit alone always holds; beside a signal it holds while that is on."""
    hass.states.async_set(LIMIT, value, {"unit_of_measurement": unit})
    alone = source("operator_limit_entity").read(hass, NOW)
    both = source("operator_entity", "operator_limit_entity")
    hass.states.async_set(SIGNAL, "on")
    if limit_w is None:
        assert alone == MISSING
        assert both.read(hass, NOW) == ON
    else:
        assert alone == OperatorSignal(active=True, limit_w=limit_w)
        assert both.read(hass, NOW) == alone
    hass.states.async_set(SIGNAL, "off")
    assert both.read(hass, NOW) == OFF


def test_nothing_configured(hass: HomeAssistant) -> None:
    """Nobody listens."""
    assert source().read(hass, NOW) is None
    assert source().entity_ids == ()
    assert source("operator_entity", "operator_limit_entity").entity_ids == (
        SIGNAL,
        LIMIT,
    )
