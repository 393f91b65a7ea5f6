"""What every charger must do, however Home Assistant reaches it."""

import pytest

from .place import Place

SUN_W = 7500.0
START_S = 240
"""Until the sun has lasted, phases are switched and the car has begun."""


def follows(place: Place) -> bool:
    """Return whether the device offers what Ampacity says it does, and the car takes it."""
    box, offered_a = place.device.wallbox, place.number("offered_current")
    return (
        abs(box.offered_a - offered_a) < 0.5
        and max(box.current_a) > 5.0
        and place.said("status") == "charging"
    )


LEARNS_S = 300
"""After that it is known what the car leaves of its offer, and the offer is steady."""


async def charge_on_sun(place: Place) -> None:
    """Start on surplus alone: what is taken stays below what the sun gives."""
    place.solar_w = SUN_W
    await place.choose("solar")
    await place.until(lambda: follows(place), START_S)
    await place.pass_time(40)
    assert place.said("reason").startswith("solar"), place.summary()
    assert 0.6 * SUN_W < place.device.wallbox.power_w < SUN_W, place.summary()


async def charge_fast(place: Place, max_current_a: float, tells_s: int) -> None:
    """Charge with all that the charger has, and show what flows."""
    await place.choose("fast")
    box = place.device.wallbox
    await place.until(lambda: box.offered_a == max_current_a, 60)
    await place.pass_time(tells_s + 10)
    assert place.said("reason") == "fast"
    assert place.number("offered_current") == max_current_a
    assert place.number("charging_power") == pytest.approx(box.power_w, rel=0.02)


async def pause(place: Place, tells_s: int) -> None:
    """Stop, with the car still in its plug."""
    await place.choose("off")
    box = place.device.wallbox
    await place.until(lambda: box.offered_a == 0.0 and box.power_w == 0.0, 20)
    await place.pass_time(tells_s)
    assert place.number("offered_current") == 0.0
    assert place.said("plugged_in", "binary_sensor") == "on"
    assert place.said("charging", "binary_sensor") == "off"


async def leave(place: Place, tells_s: int) -> None:
    """Take the car off: that is seen, also while it is paused."""
    place.device.unplug()
    await place.until(lambda: place.said("status") == "disconnected", tells_s)
    assert place.said("plugged_in", "binary_sensor") == "off"


async def vanish(place: Place, gone_s: int) -> None:
    """Be gone while it charges: that is seen, and its last current still counts."""
    await place.pass_time(LEARNS_S)
    before_a = place.number("offered_current")
    assert before_a >= 6.0
    await place.device.stop()
    await place.until(lambda: place.said("status") == "offline", gone_s)
    assert place.said("reason") == "offline"
    assert place.number("offered_current") == before_a


async def come_back(place: Place, back_s: int) -> None:
    """Be there again: it is controlled as before."""
    await place.device.start()
    await recover(place, back_s)


async def recover(place: Place, back_s: int) -> None:
    """Be found again by Home Assistant, and do what Ampacity says."""
    await place.until(lambda: place.said("status") != "offline", back_s)
    await place.until(lambda: follows(place), START_S)
