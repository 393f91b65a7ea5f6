"""Names of the virtual house."""

from enum import StrEnum

DOMAIN = "virtual_house"


class Device(StrEnum):
    """The devices that the house shows, as translation keys."""

    METER = "smart_meter"
    INVERTER = "pv_inverter"
    WALLBOX = "wallbox"
    HOUSE = "house"
    CAR = "car"
    MARKET = "day_ahead"


DEVICE_NAMES = {
    Device.METER: "Smart meter",
    Device.INVERTER: "PV inverter",
    Device.WALLBOX: "Wallbox",
    Device.HOUSE: "House",
    Device.CAR: "Car",
    Device.MARKET: "Day-ahead",
}
