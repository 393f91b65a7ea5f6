"""What limits leave for cars in the slots to come."""

from typing import Any

import pytest

from custom_components.ampacity.engine.capacity import Pool, energy_wh, pools
from custom_components.ampacity.engine.model import Charger, Circuit, Site
from custom_components.ampacity.engine.state import (
    Cap,
    ChargerState,
    EngineState,
    Switching,
)

from .planning.scene import outlook

EXPECTED = outlook(slots=8, house_high_w=3000.0)
FUSE_W = 25.0 * 0.95 * 230.0 * 3


def site(*chargers: Charger, **changes: Any) -> Site:
    """Return a site behind 25 A."""
    known: dict[str, Any] = {"fuse_a": 25.0, "chargers": chargers}
    return Site(**known | changes)


def by_id(found: tuple[Pool, ...]) -> dict[str, Pool]:
    """Return pools by their names."""
    return {pool.id: pool for pool in found}


@pytest.mark.parametrize(
    ("changes", "cap", "expected_w"),
    [
        ({}, None, [FUSE_W - 3000.0] * 8),
        ({"power_limit_w": 10_000.0}, None, [6500.0] * 8),
        ({}, Cap(power_w=5000.0), [2000.0] * 8),
        ({}, Cap(power_w=2000.0), [0.0] * 8),
        (
            {},
            Cap(power_w=5000.0, remaining_s=1800.0),
            [2000.0] * 2 + [FUSE_W - 3000.0] * 6,
        ),
        ({}, Cap(current_a=10.0), [3900.0] * 8),
    ],
)
def test_the_connection_less_the_house(
    changes: dict[str, Any], cap: Cap | None, expected_w: list[float]
) -> None:
    """The tightest of fuse, power limit and cap counts, for as long as it lasts."""
    found = by_id(
        pools(site(Charger(id="a"), **changes), EXPECTED, EngineState(cap=cap))
    )
    assert found["site"].room_w == pytest.approx(expected_w)
    assert found["site"].members == {"a"}


def test_circuits_hold_for_what_hangs_below_them() -> None:
    """A nested circuit holds for its own, the outer one for both."""
    found = by_id(
        pools(
            site(
                Charger(id="a", circuit_id="outer"),
                Charger(id="b", circuit_id="inner"),
                Charger(id="c"),
                circuits=(
                    Circuit(id="outer", fuse_a=20.0),
                    Circuit(id="inner", power_limit_w=4000.0, parent_id="outer"),
                    Circuit(id="empty", fuse_a=1.0),
                ),
            ),
            EXPECTED,
            EngineState(),
        )
    )
    assert found["outer"].members == {"a", "b"}
    assert found["outer"].room_w == pytest.approx([20.0 * 0.95 * 230.0 * 3] * 8)
    assert found["inner"].members == {"b"}
    assert found["inner"].room_w == pytest.approx([3800.0] * 8)
    assert "empty" not in found


def test_single_phase_cars_share_their_phase() -> None:
    """Two cars on L2 share that phase, one on L1 and one on all are not among them."""
    found = by_id(
        pools(
            site(
                Charger(id="a", phases=1, phase_map=(1,)),
                Charger(id="b", phases=1, phase_map=(1,)),
                Charger(id="c", phases=1, phase_map=(0,)),
                Charger(id="d", phases=3),
            ),
            EXPECTED,
            EngineState(),
        )
    )
    assert found["phase 2"].members == {"a", "b"}
    assert found["phase 2"].room_w == pytest.approx([FUSE_W / 3 - 1000.0] * 8)
    assert found["phase 1"].members == {"c"}
    assert "phase 3" not in found


@pytest.mark.parametrize("uses_one", [False, True])
def test_charger_on_one_phase_for_now_is_bound_to_it_only_by_its_car(
    uses_one: bool,
) -> None:
    """What it is promised may need all phases, so it is not to seem late for having left them."""
    charger = Charger(id="a", phases=1, wired_phases=3, can_switch_phases=True)
    held = ChargerState(switching=Switching(phases=1, uses_one=uses_one))
    state = EngineState().with_charger("a", held)
    found = by_id(pools(site(charger), EXPECTED, state))
    assert ("phase 1" in found) is uses_one


def test_pools_that_overlap_are_left_out() -> None:
    """A circuit and a phase with one car in common and one each do not nest."""
    found = by_id(
        pools(
            site(
                Charger(id="a", phases=1, phase_map=(1,), circuit_id="x"),
                Charger(id="b", phases=1, phase_map=(1,)),
                Charger(id="c", phases=1, phase_map=(0,), circuit_id="x"),
                circuits=(Circuit(id="x", fuse_a=20.0),),
            ),
            EXPECTED,
            EngineState(),
        )
    )
    assert "phase 2" not in found
    assert {"site", "x", "phase 1"} <= found.keys()


@pytest.mark.parametrize(
    ("span", "expected_wh"),
    [
        ((0.0, 900.0), 250.0),
        ((450.0, 900.0), 125.0),
        ((0.0, 1800.0), 750.0),
        ((450.0, 1350.0), 375.0),
        ((0.0, 3600.0), 1750.0),
        ((1800.0, 2700.0), 500.0),
        ((900.0, 450.0), 0.0),
    ],
)
def test_energy_between_two_moments(
    span: tuple[float, float], expected_wh: float
) -> None:
    """Parts of slots count in part; beyond the last it stays as in the last."""
    assert energy_wh([1000.0, 2000.0], 0.0, *span) == pytest.approx(expected_wh)


def test_a_slot_that_has_begun_counts_for_what_is_left() -> None:
    """Slots may begin before the moment from which is counted."""
    assert energy_wh([1000.0, 2000.0], -450.0, 0.0, 900.0) == pytest.approx(375.0)
