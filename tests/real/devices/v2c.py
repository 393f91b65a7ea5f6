"""V2C Trydan with its local HTTP API.

Sources: the maker's description of the keywords and the client library pytrydan:
``/RealTimeData`` tells everything, ``/read/<keyword>`` one, ``/write/<keyword>=<value>`` sets one.
"""

from typing import Any, override

from aiohttp import web

from simulation.wallbox import WallboxStatus

from .device import HttpDevice

ID = "TRY0000123"
_STATES = {
    WallboxStatus.NO_CAR: 0,
    WallboxStatus.READY: 1,
    WallboxStatus.PAUSED: 1,
    WallboxStatus.FINISHED: 1,
    WallboxStatus.CHARGING: 2,
    WallboxStatus.ERROR: 4,
}


class Trydan(HttpDevice):
    """One Trydan on three phases; it keeps its settings over a restart."""

    def __init__(self) -> None:
        """Build it with its own control by the sun on, as many are set up."""
        super().__init__(phases=3, max_current_a=32.0)
        self.settings: dict[str, int] = {
            "Paused": 0,
            "Locked": 0,
            "Timer": 0,
            "Intensity": 32,
            "Dynamic": 1,
            "MinIntensity": 6,
            "MaxIntensity": 32,
            "PauseDynamic": 0,
            "DynamicPowerMode": 2,
            "ContractedPower": 10000,
            "ChargeMode": 1,
            "LightLED": 50,
            "LogoLED": 50,
            "VoltageInstallation": 230,
        }

    @override
    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/RealTimeData", self._get_all),
            web.get("/read/{keyword}", self._read),
            web.get("/write/{keyword}={value}", self._write),
        ]

    def _data(self) -> dict[str, Any]:
        wallbox = self.wallbox
        return {
            "ID": ID,
            "ChargeState": _STATES[wallbox.status],
            "ReadyState": 1,
            "ChargePower": round(wallbox.power_w, 1),
            "ChargeEnergy": round(wallbox.session_wh / 1000, 2),
            "SlaveError": 0,
            "ChargeTime": round(self.now_s),
            "HousePower": 0,
            "FVPower": 0,
            "BatteryPower": 0,
            **self.settings,
            "FirmwareVersion": "2.1.7",
            "SSID": "home",
            "IP": "127.0.0.1",
            "SignalStatus": 3,
        }

    async def _get_all(self, _: web.Request) -> web.Response:
        return web.json_response(self._data())

    async def _read(self, request: web.Request) -> web.Response:
        keyword = request.match_info["keyword"]
        if keyword not in self._data():
            return web.Response(status=404)
        return web.Response(text=str(self._data()[keyword]))

    async def _write(self, request: web.Request) -> web.Response:
        keyword, value = request.match_info["keyword"], int(request.match_info["value"])
        if keyword not in self.settings:
            return web.Response(status=404)
        self.settings[keyword] = value
        if keyword == "Intensity":
            self.wallbox.set_current(value)
        elif keyword == "Paused":
            self.allow(charging=not value)
        elif keyword == "ChargeMode":
            self.wanted_phases = 1 if value == 0 else 3
        return web.Response(text="OK")
