"""NRGkick Gen2 with its local JSON API.

Sources: the maker's description of the local API and the client library nrgkick-api: ``/info``,
``/control`` (which also sets what its query names) and ``/values``.
"""

from typing import Any, override

from aiohttp import web

from simulation.wallbox import WallboxStatus

from .device import HttpDevice

SERIAL = "00:11:22:33:44:55"
_STATES = {
    WallboxStatus.NO_CAR: 1,
    WallboxStatus.READY: 2,
    WallboxStatus.PAUSED: 2,
    WallboxStatus.FINISHED: 2,
    WallboxStatus.CHARGING: 3,
    WallboxStatus.ERROR: 6,
}


class NrgKick(HttpDevice):
    """One NRGkick on three phases; it keeps its settings over a restart."""

    def __init__(self) -> None:
        """Build it as it comes out of its box."""
        super().__init__(phases=3, max_current_a=16.0, whole_amps=False)
        self.current_set_a = 16.0
        self.is_paused = False

    @override
    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/info", self._get_info),
            web.get("/control", self._control),
            web.get("/values", self._get_values),
        ]

    async def _get_info(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "general": {
                    "serial_number": SERIAL,
                    "device_name": "NRGkick",
                    "model_type": "NRGkick Gen2",
                    "rated_current": 32.0,
                },
                "connector": {
                    "phase_count": 3,
                    "max_current": 16.0,
                    "type": 1,
                    "serial": "C-1",
                },
                "grid": {"voltage": 230.0, "frequency": 50.0, "phases": 7},
                "network": {
                    "ip_address": "127.0.0.1",
                    "mac_address": "00:11:22:33:44:55",
                    "ssid": "home",
                    "rssi": -58,
                },
                "versions": {"sw_sm": "4.0.0.1", "hw_sm": "1.2"},
            }
        )

    async def _control(self, request: web.Request) -> web.Response:
        if "current_set" in request.query:
            current_a = float(request.query["current_set"])
            if not 6.0 <= current_a <= 16.0:
                return web.json_response({"Response": "Invalid current"})
            self.current_set_a = current_a
            self.wallbox.set_current(current_a)
        if "charge_pause" in request.query:
            self.is_paused = request.query["charge_pause"] == "1"
            self.allow(charging=not self.is_paused)
        if "phase_count" in request.query:
            self.wanted_phases = int(request.query["phase_count"])
        return web.json_response(
            {
                "current_set": self.current_set_a,
                "charge_pause": int(self.is_paused),
                "energy_limit": 0,
                "phase_count": self.wanted_phases,
            }
        )

    async def _get_values(self, _: web.Request) -> web.Response:
        wallbox = self.wallbox
        return web.json_response(
            {
                "energy": {
                    "total_charged_energy": 420_000 + round(wallbox.total_wh),
                    "charged_energy": round(wallbox.session_wh),
                },
                "powerflow": self._powerflow(),
                "general": {
                    "status": _STATES[wallbox.status],
                    "charging_rate": 0,
                    "vehicle_connect_time": 60,
                    "vehicle_charging_time": 30,
                    "charge_count": 12,
                    "charge_permitted": int(not self.is_paused),
                    "relay_state": 15,
                    "rcd_trigger": 0,
                    "warning_code": 0,
                    "error_code": 0,
                },
                "temperatures": {
                    "housing": 31.0,
                    "connector_l1": 28.0,
                    "connector_l2": 29.0,
                    "connector_l3": 28.5,
                    "domestic_plug_1": 27.0,
                    "domestic_plug_2": 27.0,
                },
            }
        )

    def _powerflow(self) -> dict[str, Any]:
        wallbox = self.wallbox
        phases = {
            f"l{number}": {
                "voltage": 230.0,
                "current": round(current_a, 2),
                "active_power": round(current_a * 230),
                "reactive_power": 0,
                "apparent_power": round(current_a * 230),
                "power_factor": 100,
            }
            for number, current_a in enumerate(wallbox.current_a, 1)
        }
        return {
            **phases,
            "n": {"current": 0.0},
            "charging_voltage": 230.0,
            "charging_current": round(max(wallbox.current_a), 2),
            "grid_frequency": 50.0,
            "peak_power": 11000,
            "total_active_power": round(wallbox.power_w),
            "total_reactive_power": 0,
            "total_apparent_power": round(wallbox.power_w),
            "total_power_factor": 100,
        }
