"""Perfect foresight is at least as good as anything that can be thought of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bench.account import Figures, price_at
from bench.cases import CASES, FULL_W, LEAST_W
from bench.foresight import Moment, foresight
from bench.inputs import Visit
from bench.jobs import Job, run
from bench.replay import Span
from bench.rivals import RIVALS

EVENING = datetime(2023, 11, 7, 18, 0, tzinfo=UTC)
SOME = ("at once", "cheapest", "surplus late")


def moment(net_w: float, price: float) -> Moment:
    """Return an hour of a house."""
    return Moment(hours=1.0, net_w=net_w, room_w=50_000.0, price=price, feed_in=0.08)


NEAR_W = 2875.0
"""What a car takes of 13 A on one phase; of 12 A it takes 230 W less."""


@pytest.mark.parametrize(
    ("net_w", "price", "cars", "expected"),
    [
        (500.0, 0.30, 1, [(FULL_W, 0.30)]),
        # Sun between two currents: the last of it costs a part from the grid
        (
            80.0 - NEAR_W,
            0.30,
            1,
            [
                (NEAR_W - 230.0, 0.08),
                (230.0, (150.0 * 0.08 + 80.0 * 0.30) / 230.0),
                (FULL_W - NEAR_W, 0.30),
            ],
        ),
        # Sun between 13 A for one car, and for two that leave half an ampere each
        (
            35.0 - NEAR_W,
            0.30,
            3,
            [
                (NEAR_W - 115.0, 0.08),
                (115.0, (80.0 * 0.08 + 35.0 * 0.30) / 115.0),
                (3 * FULL_W - NEAR_W, 0.30),
            ],
        ),
        # Too little sun for the minimum: only a whole minimum can be had
        (
            -690.0,
            0.30,
            2,
            [
                (LEAST_W, (690.0 * 0.08 + (LEAST_W - 690.0) * 0.30) / LEAST_W),
                (2 * FULL_W - LEAST_W, 0.30),
            ],
        ),
        # The grid pays more than the sun costs: the more the better
        (
            -3000.0,
            -0.10,
            1,
            [(FULL_W, (3000.0 * 0.08 - 0.10 * (FULL_W - 3000.0)) / FULL_W)],
        ),
    ],
    ids=["no sun", "sun", "sun for three", "little sun", "negative price"],
)
def test_what_a_slot_costs(
    net_w: float, price: float, cars: int, expected: list[tuple[float, float]]
) -> None:
    """Slopes rise, so that a linear program takes the cheap part first."""
    slot = moment(net_w, price)
    found = slot.segments(slot.powers_w(cars))
    assert len(found) == len(expected)
    for (width_w, slope), (wanted_w, wanted) in zip(found, expected, strict=True):
        assert width_w == pytest.approx(wanted_w)
        assert slope == pytest.approx(wanted)


def test_no_current_is_beyond_the_fuse() -> None:
    """Room for 7.9 A on each phase: three times seven, less what a car leaves, is the most."""
    slot = replace(moment(0.0, 0.30), room_w=7.9 * 690.0)
    assert slot.powers_w(1)[-1] == pytest.approx(7.5 * 690.0)
    narrow = replace(slot, room_w=1000.0)
    assert narrow.segments(narrow.powers_w(1)) == []


def test_charges_all_that_fits() -> None:
    """Two cars behind one fuse: what cannot be carried is missing, and told."""
    stay = Visit(
        plugged=EVENING, unplugged=EVENING + timedelta(hours=1), energy_wh=10_000.0
    )
    span = Span(
        start=EVENING, end=EVENING + timedelta(hours=2), visits=((stay,), (stay,), ())
    )
    wide = foresight(replace(CASES["three at 35 A"], fuse_a=63.0), span)
    narrow = foresight(CASES["three at 16 A"], span)
    assert wide.unmet_wh == pytest.approx(0.0, abs=1.0)
    assert 6000.0 < narrow.charged_wh <= 3 * 16 * 230.0
    assert narrow.unmet_wh == pytest.approx(20_000.0 - narrow.charged_wh, abs=1.0)


def test_keeps_the_promise_where_it_can() -> None:
    """An hour, the last six minutes of which are cheaper, but too late."""
    unplugged = datetime(2023, 11, 7, 22, 6, tzinfo=UTC)
    plugged = unplugged - timedelta(hours=1)
    case = CASES["prices"]
    dear, cheap = price_at(case, plugged), price_at(case, unplugged)
    assert cheap < dear

    def best(energy_wh: float) -> Figures:
        stay = Visit(plugged=plugged, unplugged=unplugged, energy_wh=energy_wh)
        return foresight(case, Span(start=EVENING, end=unplugged, visits=((stay,),)))

    assert best(7_000.0).cost == pytest.approx(7.0 * dear, rel=1e-3)
    late = best(10_500.0)
    assert late.unmet_wh == pytest.approx(0.0, abs=1.0)
    assert late.cost < 10.5 * dear


def test_each_month_has_its_peak() -> None:
    """A span over midnight of the last of November, with a car on each day."""
    last = datetime(2023, 11, 30, 12, 0, tzinfo=UTC)
    stays = tuple(
        Visit(
            plugged=last + timedelta(days=day),
            unplugged=last + timedelta(days=day, hours=2),
            energy_wh=14_000.0,
        )
        for day in (0, 1)
    )
    both = foresight(
        CASES["peak"],
        Span(start=last, end=last + timedelta(days=2), visits=(stays,)),
    )
    one = foresight(
        CASES["peak"],
        Span(start=last, end=last + timedelta(hours=11), visits=(stays[:1],)),
    )
    per_kw = 50.0 / 12.0
    assert one.peak_cost >= 5.0 * per_kw
    assert both.peak_cost >= one.peak_cost + 5.0 * per_kw


@pytest.mark.parametrize("rival", SOME)
def test_no_rival_is_better(rival: str) -> None:
    """A day with sun and prices; a rival that misses nothing costs more."""
    start = datetime(2023, 6, 19, 22, 0, tzinfo=UTC)
    jobs = [
        Job(case="both by day", contender=who, start=start, days=1)
        for who in (rival, "perfect foresight")
    ]
    mine, best = map(run, jobs)
    assert mine.charged_wh == pytest.approx(best.charged_wh, rel=0.01)
    assert mine.total >= best.total - 0.01
    assert mine.visits == best.visits > 0
    assert rival in RIVALS
