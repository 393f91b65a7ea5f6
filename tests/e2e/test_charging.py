"""The main job in a real Home Assistant, watched through its API."""

from demo.api import Json
from demo.check import Check
from demo.observe import Watch, complaints

from .conftest import House


def test_set_up_through_the_api(house: House) -> None:
    """The flows made the site with its charger, and the entities of both."""
    entries: list[Json] = house.background.run(
        house.api.command("config_entries/get", domain="ampacity")
    )
    assert [entry["state"] for entry in entries] == ["loaded"]
    assert {"grid_power", "headroom_l1", "surplus_power"} <= set(house.names.site)
    assert {"mode", "reason", "boost", "charging_power"} <= set(house.names.charger)


def test_surplus_load_jump_and_boost(house: House) -> None:
    """The car charges on surplus, gives way to the hob, and is boosted for a while."""
    summary: Json = house.background.run(Check(house.api, house.names).run(0))
    kept = {
        name: result["ok"]
        for name, result in summary.items()
        if isinstance(result, dict)
    }
    assert kept == dict.fromkeys(
        ("surplus", "load_jump", "boost", "boost_end", "plan", "log"), True
    ), summary
    assert summary["fuse_heat_max_percent"] < 90


def test_restart_in_mid_charge(house: House) -> None:
    """A restart keeps the session, and charging goes on."""
    house.background.run(_restart(house))


async def _restart(house: House) -> None:
    session = house.names.charger["session_energy"]
    watch = Watch(house.api)
    before = await watch.until(
        lambda seen: seen.charging_w > 1000 and seen.number(session) > 0, 90
    )
    assert before, watch.samples[-1]
    await house.stop()
    await house.start()
    watch = Watch(house.api)
    after = await watch.until(
        lambda seen: seen.charging_w > 1000 and seen.number(session) > 0, 90
    )
    assert after, watch.samples[-1]
    assert after.number(session) >= before.number(session)
    assert after.text(house.names.charger["mode"]) == "solar"
    assert await complaints(house.api) == []
