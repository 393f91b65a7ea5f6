"""A charger whose memory wears out, or whose cloud counts, is written as seldom as it needs."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.ampacity.engine.model import Mode

from .conftest import CHARGER, Driven
from .single import drive

MINUTES = 20


class Sunny:
    """A car that takes what it is offered, under a sun that swings every five minutes."""

    def __init__(self, driven: Driven, words: tuple[str, str]) -> None:
        """Say how the charger calls a car that waits, and one that charges."""
        self.driven, self.words, self.clock_s = driven, words, 0
        data = driven.found.data
        self.limit = data["limit_entity"]
        self.raises_s: list[int] = []
        self.writes = 0

    async def go_on(self) -> None:
        """Let ten seconds pass."""
        driven, hass = self.driven, self.driven.hass
        self.clock_s += 10
        before_a = self.limit_a
        self._show(before_a if before_a >= 6.0 else 0.0)
        driven.calls.clear()
        driven.freezer.tick(timedelta(seconds=10))
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
        mine = [one for _, one in driven.calls if one.get("entity_id") == self.limit]
        self.writes += len(mine)
        if self.limit_a > before_a >= 6.0:
            self.raises_s.append(self.clock_s)

    @property
    def limit_a(self) -> float:
        """What the charger is set to."""
        state = self.driven.hass.states.get(self.limit)
        assert state is not None
        return float(state.state)

    def _show(self, taken_a: float) -> None:
        show = self.driven.built.show
        show("sensor.state", self.words[taken_a > 0.0])
        show("sensor.power", taken_a * 690.0)
        for phase in (1, 2, 3):
            show(f"sensor.l{phase}", taken_a)
        sun_w = 6000.0 + 4500.0 * (self.clock_s % 300) / 300.0
        grid_w = 690.0 + taken_a * 690.0 - sun_w
        states = self.driven.hass.states
        states.async_set(
            "sensor.meter", str(grid_w), {"unit_of_measurement": "W"}, True
        )
        for phase in (1, 2, 3):
            current_a = str(grid_w / 690.0)
            states.async_set(
                f"sensor.meter_l{phase}", current_a, {"unit_of_measurement": "A"}, True
            )


@pytest.mark.parametrize(
    ("profile_id", "words", "most_writes"),
    [
        ("webasto_next_modbus", ("preparing", "charging"), 60),
        ("alfen_wallbox", ("EV Connected", "Charging Normal"), 25),
    ],
)
async def test_pace(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    profile_id: str,
    words: tuple[str, str],
    most_writes: int,
) -> None:
    """Raises that follow the sun keep the distance that the profile asks for."""
    driven = await drive(hass, freezer, profile_id)
    await driven.set_up()
    driven.coordinator.async_update_charger(CHARGER, mode=Mode.SOLAR)
    sunny = Sunny(driven, words)
    for _ in range(6 * MINUTES):
        await sunny.go_on()
    quirks = driven.found.profile.quirks
    gaps = [
        later - earlier
        for earlier, later in zip(sunny.raises_s, sunny.raises_s[1:], strict=False)
    ]
    assert gaps
    assert min(gaps) >= quirks.raise_every_s
    if not quirks.raise_every_s:
        assert min(gaps) < 60.0
    assert 4 < sunny.writes < most_writes
