"""What the recorder knows of the past: of the house, and of the sun."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.energy.data import (
    EnergyPreferencesUpdate,
    async_get_manager,
)
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_import_statistics,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ampacity.sources.house_forecast import async_house_hours
from custom_components.ampacity.sources.solar_history import async_solar_hours
from tests.integration.house import ENERGY, ENTRY_ID, SOLAR, House, make_entry

NOW = datetime(2026, 5, 20, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOME = "sensor.home_household_power"


@pytest.fixture(autouse=True)
async def _recorder(
    recorder_mock: object, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(NOW)
    await hass.config.async_set_time_zone("Europe/Berlin")


async def had_power(
    hass: HomeAssistant, entity_id: str, kilowatts: Iterable[float]
) -> None:
    """Let the recorder know hourly means, the newest an hour old."""
    values = list(kilowatts)
    rows = [
        StatisticData(start=NOW - (len(values) - n) * HOUR, mean=kw)
        for n, kw in enumerate(values)
    ]
    metadata = StatisticMetaData(
        mean_type=StatisticMeanType.ARITHMETIC,
        has_sum=False,
        name=None,
        source="recorder",
        statistic_id=entity_id,
        unit_class="power",
        unit_of_measurement="kW",
    )
    await _import(hass, metadata, rows)


async def counted(
    hass: HomeAssistant, entity_id: str, kilowatt_hours: Iterable[float]
) -> None:
    """Let the recorder know a counter that grew by this in each hour, the newest an hour old."""
    values, total = list(kilowatt_hours), 500.0
    rows = [StatisticData(start=NOW - (len(values) + 1) * HOUR, state=total, sum=total)]
    for n, kwh in enumerate(values):
        total += kwh
        start = NOW - (len(values) - n) * HOUR
        rows.append(StatisticData(start=start, state=total, sum=total))
    metadata = StatisticMetaData(
        mean_type=StatisticMeanType.NONE,
        has_sum=True,
        name=None,
        source="recorder",
        statistic_id=entity_id,
        unit_class="energy",
        unit_of_measurement="kWh",
    )
    await _import(hass, metadata, rows)


async def _import(
    hass: HomeAssistant, metadata: StatisticMetaData, rows: list[StatisticData]
) -> None:
    async_import_statistics(hass, metadata, rows)
    recorder, wanted = get_instance(hass), {metadata["statistic_id"]}
    for _ in range(20):  # a busy database has the recorder try once more
        await recorder.async_block_till_done()
        known = await recorder.async_add_executor_job(
            statistics_during_period,
            hass,
            rows[0]["start"],
            None,
            wanted,
            "hour",
            None,
            {"mean", "sum"},
        )
        if len(known.get(metadata["statistic_id"], ())) >= len(rows):
            return
    pytest.fail("The recorder does not take the statistics")


async def dashboard(hass: HomeAssistant, *sources: dict[str, Any]) -> None:
    """Set the Energy dashboard up."""
    hass.config.components.add("energy")
    update = cast(
        EnergyPreferencesUpdate,
        {"energy_sources": list(sources), "device_consumption": []},
    )
    await (await async_get_manager(hass)).async_update(update)


GRID = {
    "type": "grid",
    "stat_energy_from": "sensor.import",
    "stat_energy_to": "sensor.export",
}
PLANT = {"type": "solar", "stat_energy_from": "sensor.pv"}
BATTERY = {
    "type": "battery",
    "stat_energy_from": "sensor.out",
    "stat_energy_to": "sensor.into",
}


async def test_house_by_our_own_sensor(house: House) -> None:
    """Hours that our own sensor measured count as they are, in W."""
    await house.set_up()
    await had_power(house.hass, HOME, [0.3, 0.4, 2.5])
    entry = house.hass.config_entries.async_get_entry(ENTRY_ID)
    assert entry is not None
    assert await async_house_hours(house.hass, entry, NOW) == [
        (NOW - 3 * HOUR, 300.0),
        (NOW - 2 * HOUR, 400.0),
        (NOW - HOUR, 2500.0),
    ]


async def test_house_by_the_dashboard(hass: HomeAssistant) -> None:
    """What grid, sun and battery brought, less what was exported, stored and charged."""
    entry = make_entry()
    entry.add_to_hass(hass)
    await dashboard(
        hass, GRID, PLANT, BATTERY, {"type": "gas", "stat_energy_from": "sensor.gas"}
    )
    await counted(hass, "sensor.import", [1.0, 8.0, 0.0, 0.1])
    await counted(hass, "sensor.export", [0.0, 0.0, 3.0, 0.5])
    await counted(hass, "sensor.pv", [0.2, 0.0, 5.0, 0.0])
    await counted(hass, "sensor.out", [0.3, 0.0, 0.0, 0.0])
    await counted(hass, "sensor.into", [0.0, 0.0, 1.5, 0.0])
    await counted(hass, ENERGY, [7.5, 0.0, 0.0])
    hours = await async_house_hours(hass, entry, NOW)
    assert [mean_w for _, mean_w in hours] == pytest.approx([1500.0, 500.0, 500.0, 0.0])


async def test_own_sensor_first_then_the_dashboard(house: House) -> None:
    """Before our sensor was there, the dashboard's counters tell."""
    await house.set_up()
    await dashboard(house.hass, GRID)
    await counted(house.hass, "sensor.import", [1.0, 1.0, 1.0])
    await counted(house.hass, "sensor.export", [0.0, 0.0, 0.0])
    await had_power(house.hass, HOME, [0.7])
    entry = house.hass.config_entries.async_get_entry(ENTRY_ID)
    assert entry is not None
    hours = await async_house_hours(house.hass, entry, NOW)
    assert [mean_w for _, mean_w in hours] == pytest.approx([1000.0, 1000.0, 700.0])


@pytest.mark.parametrize("known", [(), ("sensor.import",), ("sensor.export",)])
async def test_a_counter_that_is_not_known(
    hass: HomeAssistant, known: tuple[str, ...]
) -> None:
    """Half of a balance is none."""
    entry = make_entry()
    entry.add_to_hass(hass)
    await dashboard(hass, GRID)
    for statistic_id in known:
        await counted(hass, statistic_id, [1.0, 1.0])
    assert await async_house_hours(hass, entry, NOW) == []


async def test_sun_by_power_then_by_counter(hass: HomeAssistant) -> None:
    """Power sensors count where they have history, the dashboard's counters before."""
    await dashboard(hass, PLANT)
    await counted(hass, "sensor.pv", [1.0, 2.0, 3.0])
    await had_power(hass, SOLAR, [2.2, 3.3])
    hours = await async_solar_hours(hass, [SOLAR], NOW - timedelta(days=1))
    assert hours == pytest.approx(
        {NOW - 3 * HOUR: 1000.0, NOW - 2 * HOUR: 2200.0, NOW - HOUR: 3300.0}
    )


async def test_one_inverter_of_two_has_no_history(hass: HomeAssistant) -> None:
    """Half of the plant is not taken for the whole."""
    await had_power(hass, SOLAR, [2.0])
    assert await async_solar_hours(hass, [SOLAR, "sensor.other"], NOW - HOUR) == {}


async def test_a_recorder_that_fails(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A broken database is told, and leaves the defaults; nothing else depends on it."""

    def broken(*_: object) -> None:
        raise RuntimeError("database is locked")

    monkeypatch.setattr(
        "homeassistant.components.recorder.statistics.statistics_during_period", broken
    )
    await house.set_up()
    await house.hass.async_block_till_done(wait_background_tasks=True)
    assert "Statistics cannot be read" in caplog.text
    outlook = house.coordinator.outlook.current(dt_util.utcnow())
    assert outlook is not None
    assert outlook.house_w[-1] == 400.0


async def test_history_reaches_the_outlook(house: House) -> None:
    """What house and plant did is what is expected of them."""
    await had_power(house.hass, HOME, [0.25] * 24 * 14)
    await had_power(
        house.hass,
        SOLAR,
        [3.0 if 8 <= (NOW + n * HOUR).hour < 16 else 0.0 for n in range(24 * 5)],
    )
    await house.set_up()
    await house.hass.async_block_till_done(wait_background_tasks=True)
    outlook = house.coordinator.outlook.current(dt_util.utcnow())
    assert outlook is not None
    assert outlook.house_w[-1] == 250.0
    assert outlook.house_high_w[-1] == 250.0
    by_hour = {outlook.begin(n).hour: w for n, w in enumerate(outlook.solar_w)}
    assert by_hour[12] == pytest.approx(3000.0)
    assert by_hour[20] == 0.0
