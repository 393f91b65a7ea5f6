"""What the steps of a charger tell of its wiring and of how fast it is."""

from hypothesis import given, strategies as st
import pytest

from custom_components.ampacity.engine.learned import (
    SETTLE_KEPT,
    SETTLE_MAX_S,
    SETTLE_MIN_S,
    Learned,
    PhaseMap,
    Sighting,
    Watching,
    contradiction,
    settle_s,
    with_settle,
    with_sighting,
)

MAPS: st.SearchStrategy[PhaseMap] = st.permutations((0, 1, 2)).map(tuple)


def saw(carried: str, moved: str) -> Sighting:
    """Return a sighting from phases written as "12", counted from 1."""
    return Sighting(
        carried=tuple(int(one) - 1 for one in carried),
        moved=tuple(int(one) - 1 for one in moved),
    )


def after(
    *sightings: Sighting, phases: int = 3, configured: PhaseMap | None = None
) -> Learned:
    """Return what a charger's sightings have taught."""
    learned = Learned()
    for sighting in sightings:
        learned = with_sighting(
            learned,
            sighting,
            charger_phases=phases,
            site_phases=3,
            configured=configured,
        )
    return learned


@pytest.mark.parametrize(
    ("phases", "sightings", "known"),
    [
        (1, [], None),
        (1, [saw("1", "2")] * 2, None),
        (1, [saw("1", "2")] * 3, (1,)),
        (1, [saw("1", "2"), saw("1", "3"), saw("1", "2"), saw("1", "2")], None),
        (1, [saw("1", "3"), *[saw("1", "2")] * 4], (1,)),
        (3, [saw("1", "2")] * 3, (1, 2, 0)),
        (3, [saw("12", "13")] * 3, (2, 0, 1)),
        (3, [saw("1", "2"), saw("12", "12"), saw("1", "2")], (1, 0, 2)),
        (3, [saw("1", "1")] * 3, (0, 1, 2)),
        (3, [*[saw("1", "2")] * 3, saw("1", "3")], (1, 2, 0)),
        (3, [*[saw("1", "2")] * 3, *[saw("1", "3")] * 2], None),
        (3, [*[saw("1", "2")] * 3, *[saw("1", "3")] * 12], (2, 0, 1)),
    ],
)
def test_wiring(phases: int, sightings: list[Sighting], known: PhaseMap | None) -> None:
    """Three steps that agree, a stray one forgiven, two in a row doubted."""
    assert after(*sightings, phases=phases).phase_map == known


@pytest.mark.parametrize(
    ("configured", "count", "found"),
    [
        ((0, 1, 2), 4, None),
        ((0, 1, 2), 5, (1, 2, 0)),
        ((1, 0, 2), 5, None),
        ((1, 2, 0), 12, None),
        (None, 12, None),
    ],
)
def test_contradiction(
    configured: PhaseMap | None, count: int, found: PhaseMap | None
) -> None:
    """Five steps against a configured wiring; what fits it is no contradiction."""
    learned = after(*[saw("1", "2")] * count, configured=configured)
    assert contradiction(learned, configured) == found


@given(truth=MAPS, data=st.data())
def test_true_wiring_is_found_whatever_cars_come(
    truth: PhaseMap, data: st.DataObject
) -> None:
    """Cars of one and two phases in any order: what is known explains what was seen."""
    counts = data.draw(st.lists(st.sampled_from([1, 2]), min_size=3, max_size=12))
    sightings = [
        Sighting(
            carried=tuple(range(count)),
            moved=tuple(sorted(truth[phase] for phase in range(count))),
        )
        for count in counts
    ]
    known = after(*sightings).phase_map
    assert known is not None
    assert all(sighting.fits(known) for sighting in sightings[-3:])
    if {1, 2} <= set(counts[-3:]):
        assert known == truth


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([], None),
        ([4.0, 6.0], None),
        ([4.0, 6.0, 5.0], 8.5),
        ([0.0, 0.0, 0.0], SETTLE_MIN_S),
        ([4.0, 90.0, 5.0], SETTLE_MAX_S),
        ([40.0, *[4.0] * SETTLE_KEPT], 6.0),
    ],
)
def test_settle_time(samples: list[float], expected: float | None) -> None:
    """The slowest of the last steps and a quarter more; an old slow one is forgotten."""
    learned = Learned()
    for sample in samples:
        learned = with_settle(learned, sample)
    assert settle_s(learned) == expected


@pytest.mark.parametrize(
    ("seen", "phases"),
    [
        ([], None),
        ([saw("1", "2")], None),
        ([saw("1", "2")] * 2, 1),
        ([saw("12", "23"), saw("1", "2")], None),
        ([saw("123", "123")] * 2, 3),
    ],
)
def test_phases_of_a_car(seen: list[Sighting], phases: int | None) -> None:
    """Two steps that agree."""
    assert Watching(car=tuple(seen)).car_phases == phases
