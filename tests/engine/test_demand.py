"""What each charger asks for, before anybody decides what it gets."""

from typing import Any

import pytest

from custom_components.ampacity.engine.decision import Reason, ReasonKey
from custom_components.ampacity.engine.demand import Demand, DemandClass, demand
from custom_components.ampacity.engine.model import (
    Charger,
    ChargerReading,
    ChargerStatus,
    GridReading,
    Mode,
    OffPeak,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.state import (
    Boost,
    Cap,
    ChargerState,
    Manual,
    Phase,
)

from .driver import NOON


def asked(
    mode: Mode = Mode.FAST,
    status: ChargerStatus = ChargerStatus.CONNECTED,
    off_peak: OffPeak | None = None,
    site: Site | None = None,
    settings: dict[str, Any] | None = None,
    **state: Any,
) -> Demand | Reason:
    """Return what a charger asks for."""
    charger = Charger(id="a", mode=mode, **settings or {})
    snapshot = Snapshot(
        grid=GridReading(),
        chargers={"a": ChargerReading(status=status)},
        off_peak=off_peak,
    )
    return demand(
        site or Site(fuse_a=25.0), charger, snapshot, ChargerState(**state), NOON
    )


def wanted(**given: Any) -> Demand:
    """Return a demand that is one."""
    found = asked(**given)
    assert isinstance(found, Demand)
    return found


@pytest.mark.parametrize(
    ("mode", "klass", "floor_a", "on_surplus"),
    [
        (Mode.FAST, DemandClass.FAST, 6.0, False),
        (Mode.SOLAR_MIN, DemandClass.SOLAR_MIN, 6.0, True),
        (Mode.SOLAR, DemandClass.SURPLUS, 0.0, True),
        (Mode.OFF_PEAK, DemandClass.SURPLUS, 0.0, True),
    ],
)
def test_modes(
    mode: Mode, klass: DemandClass, floor_a: float, on_surplus: bool
) -> None:
    """Floor, wish, and where it may come from."""
    found = wanted(mode=mode)
    assert (found.klass, found.floor_a, found.wish_a) == (klass, floor_a, 16.0)
    assert found.on_surplus is on_surplus


def test_cheap_hours() -> None:
    """Full current, below fast ones."""
    found = wanted(mode=Mode.OFF_PEAK, off_peak=OffPeak(active=True, until=NOON))
    assert (found.klass, found.on_surplus) == (DemandClass.OFF_PEAK, False)
    assert found.reason.until == NOON


def test_running_on_the_sun_keeps_its_minimum() -> None:
    """A cloud does not take its place."""
    assert wanted(mode=Mode.SOLAR, phase=Phase.CHARGING).floor_a == 6.0


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"mode": Mode.OFF}, ReasonKey.OFF),
        ({"status": ChargerStatus.DISCONNECTED}, ReasonKey.NOT_CONNECTED),
        ({"status": ChargerStatus.OFFLINE}, ReasonKey.OFFLINE),
        ({"status": ChargerStatus.AUTH}, ReasonKey.NEEDS_AUTH),
        ({"status": ChargerStatus.ERROR}, ReasonKey.CHARGER_ERROR),
        ({"site": Site(fuse_a=25.0, charging_enabled=False)}, ReasonKey.DISABLED),
        ({"cap": Cap(current_a=5.9)}, ReasonKey.LIMIT_PAUSED),
        ({"manual": Manual(enabled=False)}, ReasonKey.MANUAL_OFF),
    ],
)
def test_what_must_not_charge_has_a_reason(
    given: dict[str, Any], key: ReasonKey
) -> None:
    """Instead of a demand."""
    found = asked(**given)
    assert isinstance(found, Reason)
    assert found.key is key


@pytest.mark.parametrize(
    ("given", "wish_a"),
    [
        ({"boost": Boost(remaining_s=60.0), "mode": Mode.OFF}, 16.0),
        ({"boost": Boost(remaining_s=60.0, current_a=9.9)}, 9.0),
        ({"boost": Boost(remaining_s=60.0), "manual": Manual(enabled=False)}, 16.0),
        ({"manual": Manual(current_a=11.0, enabled=True), "mode": Mode.OFF}, 11.0),
        ({"manual": Manual(current_a=99.0, enabled=True)}, 16.0),
        ({"boost": Boost(remaining_s=60.0), "cap": Cap(current_a=8.0)}, 8.0),
    ],
)
def test_boost_is_above_hand_and_hand_above_mode(
    given: dict[str, Any], wish_a: float
) -> None:
    """And a cap above them all."""
    assert wanted(**given).wish_a == wish_a


@pytest.mark.parametrize(
    ("settings", "min_a", "max_a"),
    [
        ({}, 6.0, 16.0),
        ({"min_a": 20.0, "max_a": 16.0}, 16.0, 16.0),
        ({"min_a": 0.0}, 6.0, 16.0),
        ({"min_a": 6.5, "max_a": 15.5}, 7.0, 15.0),
        ({"min_a": 7.0, "levels_a": (6.0, 10.0, 16.0)}, 10.0, 16.0),
        ({"max_a": 15.0, "levels_a": (6.0, 10.0, 16.0)}, 6.0, 10.0),
        ({"min_a": 6.3, "max_a": 7.25, "step_a": 0.1}, 6.3, 7.2),
    ],
)
def test_range_is_what_the_charger_can_be_set_to(
    settings: dict[str, Any], min_a: float, max_a: float
) -> None:
    """A minimum above the maximum is the maximum."""
    found = wanted(settings=settings)
    assert (found.min_a, found.wish_a) == pytest.approx((min_a, max_a))
