"""The house that is replayed has the load of its data, in each quarter of an hour."""

from datetime import UTC, datetime

import pytest

from bench.cases import CASES, house
from bench.inputs import mean_w, minute_of
from bench.ours import peaks_before
from bench.replay import span_of

EVENING = datetime(2023, 11, 16, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize("step_s", [1.0, 5.0, 60.0])
def test_quarters_of_an_hour_are_those_of_the_data(step_s: float) -> None:
    """The peak of an evening comes to the same, however long the steps are."""
    home = house(CASES["peak"], EVENING, 10.0)
    first = minute_of(EVENING)
    for quarter in range(4):
        energy_ws = 0.0
        for _ in range(round(900.0 / step_s)):
            home.step(step_s, step_s)
            energy_ws += sum(home.grid_w) * step_s
        begin = first + 15 * quarter
        load_w, sun_w = mean_w(begin, begin + 15)
        assert energy_ws / 900.0 == pytest.approx(load_w - sun_w, abs=0.5)


def test_peaks_of_the_weeks_before_are_known() -> None:
    """Four weeks of days, and fewer where the data begin."""
    days_w = peaks_before(EVENING).house_days_w
    assert len(days_w) == 28
    assert max(days_w) == pytest.approx(4358.0, abs=1.0)
    assert len(peaks_before(datetime(2023, 1, 11, tzinfo=UTC)).house_days_w) == 10


def test_a_peak_is_replayed_in_months_that_are_seen_as_a_whole() -> None:
    """The last stay of November goes on into December, of which there is nothing else."""
    start = datetime(2023, 11, 28, 23, 0, tzinfo=UTC)
    with_peak, without = (span_of(CASES[name], start, 2.0) for name in ("peak", "both"))
    left_out = set(without.visits[0]) - set(with_peak.visits[0])
    assert [stay.unplugged.month for stay in left_out] == [12]
    assert with_peak.visits[0]
