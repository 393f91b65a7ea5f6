"""A plan in a real Home Assistant: made by the action, shown by entities, told in a sentence."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from demo.api import Json
from demo.house import first_morning
from demo.observe import UNKNOWN, Watch, complaints

from .conftest import House

BERLIN = ZoneInfo("Europe/Berlin")


def test_plan_for_the_morning(house: House) -> None:
    """What is promised is shown as it is answered, and the log has nothing to complain of."""
    house.background.run(_plan(house))


async def _plan(house: House) -> None:
    api, charger = house.api, house.names.charger
    target = {"device_id": house.names.charger_device_id}
    ready_by = first_morning(datetime.now(BERLIN))
    await api.call(
        "ampacity.set_plan", {**target, "id": "trip", "ready_by": ready_by, "soc": 95}
    )
    watch = Watch(api)
    seen = await watch.until(
        lambda taken: taken.text(charger["plan_end"]) not in UNKNOWN, 30
    )
    assert seen, watch.samples[-1]
    answer: Json = await api.call_for("ampacity.get_plan", target)
    assert answer["plan"]["id"] == "trip"
    assert answer["sentence"].startswith("95 % by ")
    why: Json = await api.call_for("ampacity.explain", target)
    assert why["plan"]["id"] == "trip"
    assert why["plan"]["planned"]["soc_reached"] == 95
    assert why["vehicle"]["name"] == "Zoe"
    start, end = (
        datetime.fromisoformat(seen.text(charger[key]))
        for key in ("plan_start", "plan_end")
    )
    morning = datetime.fromisoformat(ready_by).replace(tzinfo=BERLIN)
    assert datetime.now(BERLIN) - timedelta(minutes=20) < start < end <= morning
    assert datetime.fromisoformat(seen.text(charger["ready_by"])) == morning
    assert seen.states[charger["plan"]]["attributes"]["message"].startswith("Charge ")
    await api.call("ampacity.clear_plan", {**target, "id": "trip"})
    assert await complaints(api) == []
