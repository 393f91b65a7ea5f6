"""Period, delay and faults of what instruments publish."""

import pytest

from simulation.publisher import Fault, Published, Publisher, frozen, off, silent


def _run(
    publisher: Publisher[float], until_s: float, since_s: float = 0.0, dt_s: float = 1.0
) -> list[Published[float] | None]:
    """Advance step by step with the time itself as the value; return what was seen."""
    seen = []
    now_s = since_s
    while now_s < until_s - 1e-9:
        now_s += dt_s
        publisher.advance(now_s, lambda at_s=now_s: at_s)  # type: ignore[misc]
        seen.append(publisher.latest)
    return seen


@pytest.mark.parametrize("period_s", [1.0, 2.0, 5.0, 10.0])
@pytest.mark.parametrize("delay_s", [0.0, 1.0, 3.0])
def test_publishes_every_period_after_the_delay(
    period_s: float, delay_s: float
) -> None:
    """Samples at multiples of the period, seen when the delay has passed."""
    publisher = Publisher[float](period_s=period_s, delay_s=delay_s)
    seen = {
        reading.published_at_s: reading.value
        for reading in _run(publisher, 60)
        if reading and reading.value >= period_s
    }
    samples = [n * period_s for n in range(1, int((60 - delay_s) / period_s) + 1)]
    assert seen == {sample + delay_s: sample for sample in samples}


def test_nothing_before_the_first_publication() -> None:
    """A meter just started shows nothing yet."""
    publisher = Publisher[float](period_s=1.0, delay_s=3.0)
    assert _run(publisher, 3) == [None, None, None]


@pytest.mark.parametrize("dt_s", [0.1, 0.25, 0.3, 1.0])
def test_period_holds_for_short_steps(dt_s: float) -> None:
    """Steps shorter than the period don't publish more often."""
    publisher = Publisher[float](period_s=5.0)
    readings = _run(publisher, 60, dt_s=dt_s)
    assert len({reading.measured_at_s for reading in readings if reading}) in (12, 13)


@pytest.mark.parametrize(
    ("fault", "value", "published_at_s"),
    [(off, None, None), (frozen, 10.0, 20.0), (silent, 10.0, 10.0)],
)
def test_faults(
    fault: Fault[float], value: float | None, published_at_s: float | None
) -> None:
    """Off shows nothing, frozen the old value with new times, silent the old reading."""
    publisher = Publisher[float](period_s=1.0)
    _run(publisher, 10)
    publisher.fault = fault
    _run(publisher, 20, since_s=10)
    latest = publisher.latest
    assert (latest.value if latest else None) == value
    assert (latest.published_at_s if latest else None) == published_at_s
    assert (latest.measured_at_s if latest else None) == value
    publisher.fault = None
    _run(publisher, 21, since_s=20)
    assert publisher.latest == Published(
        value=21.0, measured_at_s=21.0, published_at_s=21.0
    )


def test_frozen_before_the_first_reading_freezes_the_first() -> None:
    """There is nothing older to show."""
    publisher = Publisher[float](period_s=1.0, fault=frozen)
    _run(publisher, 5)
    assert publisher.latest is not None
    assert publisher.latest.value == 1.0


@pytest.mark.parametrize(
    ("period_s", "delay_s"), [(0.0, 0.0), (-1.0, 0.0), (1.0, -1.0)]
)
def test_refuses_impossible_times(period_s: float, delay_s: float) -> None:
    """A period is positive, a delay is not negative."""
    with pytest.raises(ValueError, match="period"):
        Publisher[float](period_s=period_s, delay_s=delay_s)
