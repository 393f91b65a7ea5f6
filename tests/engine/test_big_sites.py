"""Properties of sharing on sites of up to 20 chargers under up to three levels of circuits."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.allocate import Ask, allocate
from custom_components.ampacity.engine.demand import DemandClass
from custom_components.ampacity.engine.headroom import Bound, BoundKind

FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
EXAMPLES = pytest.mark.parametrize(
    "examples",
    [
        pytest.param(FEW, id="few"),
        pytest.param(
            settings(FEW, max_examples=2000),
            id="many",
            marks=[pytest.mark.slow, pytest.mark.timeout(900)],
        ),
    ],
)

type Yard = tuple[list[Ask], list[Bound]]


@st.composite
def yards(draw: st.DrawFn, *, equal: bool = False) -> Yard:
    """Return demands, each at a place like ``012``, and bounds of site and circuits.

    A circuit's name is the beginning of its chargers' places; the site's is empty.
    """
    phases_of_site = draw(st.sampled_from([1, 3]))
    asks = []
    for number in range(draw(st.integers(1, 20))):
        place = "".join(draw(st.lists(st.sampled_from("01"), max_size=3)))
        asks.append(_ask(draw, f"{place}/{number}", phases_of_site, equal=equal))
    bounds = []
    names = {ask.charger_id.split("/")[0][:depth] for ask in asks for depth in range(4)}
    for name in sorted(names):
        room_a = draw(st.floats(-5.0, 20.0 + 60.0 / (len(name) + 1)))
        members = frozenset(one.charger_id for one in asks if _is_below(one, name))
        bounds += [
            Bound(
                kind=BoundKind.CIRCUIT if name else BoundKind.FUSE,
                phase=phase,
                sure=room_a + phase,
                hoped=room_a + phase,
                circuit_id=name or None,
                members=members if name else None,
            )
            for phase in range(phases_of_site)
        ]
    return asks, bounds


def _is_below(ask: Ask, circuit: str) -> bool:
    return ask.charger_id.split("/")[0].startswith(circuit)


def _ask(draw: st.DrawFn, charger_id: str, site_phases: int, *, equal: bool) -> Ask:
    single = (draw(st.integers(0, site_phases - 1)),)
    phases = draw(st.sampled_from([single, tuple(range(site_phases))]))
    min_a = draw(st.sampled_from([6.0, 8.0]))
    return Ask(
        charger_id=charger_id,
        klass=DemandClass.FAST
        if equal
        else draw(st.sampled_from([DemandClass.FAST, DemandClass.OFF_PEAK])),
        priority=1 if equal else draw(st.integers(1, 3)),
        phases=phases,
        w_per_a=230.0 * len(phases),
        floor_a=min_a,
        min_a=min_a,
        wish_a=min_a + draw(st.floats(0.0, 26.0)),
        turn=(draw(st.integers(0, 2)), 0.0),
    )


def granted(asks: list[Ask], bounds: list[Bound]) -> dict[str, float]:
    """Return what each may have."""
    grants = allocate(asks, bounds, None)
    return {key: grant.current_a for key, grant in grants.items()}


def used(bound: Bound, asks: list[Ask], grants: dict[str, float]) -> float:
    """Return what is given under a bound."""
    return sum(
        grants[one.charger_id] * bound.usage(one.phases, one.w_per_a, one.charger_id)
        for one in asks
    )


def explore(
    examples: settings, yard: st.SearchStrategy[Yard], check: Callable[[Yard], None]
) -> None:
    """Try a property on many sites."""
    examples(given(yard)(check))()


@EXAMPLES
def test_every_bound_holds(examples: settings) -> None:
    """No limit at any level is exceeded, no charger is between 0 and its minimum."""

    def check(yard: Yard) -> None:
        asks, bounds = yard
        grants = granted(asks, bounds)
        for bound in bounds:
            assert used(bound, asks, grants) <= max(0.0, bound.sure) + 1e-6
        for one in asks:
            current_a = grants[one.charger_id]
            assert (
                current_a == 0.0 or one.min_a - 1e-6 <= current_a <= one.wish_a + 1e-6
            )

    explore(examples, yards(), check)


@EXAMPLES
def test_order_of_chargers_does_not_matter(examples: settings) -> None:
    """The other way round, the same comes out."""

    def check(yard: Yard) -> None:
        asks, bounds = yard
        turned = granted(asks[::-1], bounds[::-1])
        assert turned == pytest.approx(granted(asks, bounds), abs=1e-9)

    explore(examples, yards(), check)


@EXAMPLES
def test_a_lower_class_takes_nothing_from_a_higher(examples: settings) -> None:
    """Without those who come last, the first get the same."""

    def check(yard: Yard) -> None:
        asks, bounds = yard
        fast = [one for one in asks if one.klass is DemandClass.FAST]
        grants = granted(asks, bounds)
        alone = granted(fast, bounds)
        assert {key: grants[key] for key in alone} == pytest.approx(alone, abs=1e-9)

    explore(examples, yards(), check)


@EXAMPLES
def test_equals_share_max_min(examples: settings) -> None:
    """Who has less than it wishes meets a full bound under which nobody could give it more."""

    def check(yard: Yard) -> None:
        asks, bounds = yard
        grants = granted(asks, bounds)
        for one in asks:
            current_a = grants[one.charger_id]
            if 0.0 < current_a < one.wish_a - 1e-6:
                assert any(
                    _is_fair(bound, one, asks, grants)
                    for bound in bounds
                    if bound.usage(one.phases, one.w_per_a, one.charger_id)
                )

    explore(examples, yards(equal=True), check)


def _is_fair(bound: Bound, one: Ask, asks: list[Ask], grants: dict[str, float]) -> bool:
    """Whether a bound is full and no other under it has more than this one and its own minimum."""
    if used(bound, asks, grants) < bound.sure - 1e-6:
        return False
    return all(
        grants[other.charger_id] <= max(grants[one.charger_id], other.min_a) + 1e-6
        for other in asks
        if bound.usage(other.phases, other.w_per_a, other.charger_id)
    )


@EXAMPLES
def test_more_room_is_never_held_against_one(examples: settings) -> None:
    """A charger alone gets at least as much when every limit is higher."""

    def check(yard: Yard) -> None:
        asks, bounds = yard
        higher = [replace(bound, sure=bound.sure + 3.0) for bound in bounds]
        for one in asks:
            less = granted([one], bounds)[one.charger_id]
            assert granted([one], higher)[one.charger_id] >= less - 1e-9

    explore(examples, yards(), check)
