"""What Home Assistant adds: setting up, from a meter's event to a command, and memory."""

import gc
from statistics import median, quantiles
from time import thread_time
import tracemalloc

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from tests.integration.house import worked_ns
from tests.integration.yard import AMPERE, Yard, charger, make_yard_entry

TURNS = 10


@pytest.fixture(autouse=True)
def _custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant find the integration."""


@pytest.mark.parametrize(
    ("count", "setup_s", "event_ms"), [(1, 1.0, 20.0), (10, 3.0, 40.0)]
)
async def test_inside(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    count: int,
    setup_s: float,
    event_ms: float,
) -> None:
    """Processor time of setting up and its memory; wall time from an overload to the first command."""
    names = tuple(f"box{number}" for number in range(count))
    yard = Yard(hass, freezer, names=names)
    entry = make_yard_entry(
        {name: charger(name) for name in names}, main_fuse=20 * count + 10
    )
    gc.collect()
    tracemalloc.start()
    begin_s = thread_time()
    await yard.set_up(entry)
    took_s = thread_time() - begin_s
    memory_mb = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    await yard.charge(*names)
    assert all(yard.offered_a(name) == 16 for name in names)
    answers_ms = await _overloads(hass, yard, names)
    print(  # noqa: T201
        f"{count} chargers: set up in {took_s * 1000.0:.0f} ms (traced), "
        f"{memory_mb:.1f} MB, event to command {median(answers_ms):.1f} ms, "
        f"p95 {quantiles(answers_ms, n=20)[-1]:.1f} ms"
    )
    assert took_s < setup_s * 3.0
    assert median(answers_ms) < event_ms


async def _overloads(
    hass: HomeAssistant, yard: Yard, names: tuple[str, ...]
) -> list[float]:
    """Overload the main fuse again and again; return how long each answer took."""
    answers_ms = []
    for turn in range(TURNS):
        yard.calls.clear()
        begin_ns = worked_ns()
        hass.states.async_set(
            "sensor.grid_l1", str(20 * len(names) + 30 + turn / 10), AMPERE
        )
        answers_ms.append((worked_ns() - begin_ns) / 1e6)
        assert yard.calls
        await yard.pass_time(300)
    return answers_ms
