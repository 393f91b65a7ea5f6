"""OpenEVSE with its WiFi gateway, as firmware 5.1 answers over HTTP and pushes over a websocket.

Sources: api.yml, web_server.cpp, input.cpp, evse_man.cpp and manual.cpp of the firmware.
A manual override is a claim on the charger that is kept in memory: it says whether to charge and
with how much, up to the limit in the settings, which it leaves as it is.
"""

from typing import Any, override

from aiohttp import WSMsgType, web

from simulation.wallbox import WallboxStatus

from .device import HttpDevice

SERIAL = "a1b2c3d4e5f6"
CONFIGURED_A = 32
"""The limit in the settings: ``max_current_soft``."""
_STATES = {
    WallboxStatus.NO_CAR: 1,
    WallboxStatus.READY: 2,
    WallboxStatus.FINISHED: 2,
    WallboxStatus.CHARGING: 3,
    WallboxStatus.PAUSED: 254,
    WallboxStatus.ERROR: 6,
}
_IDLE_S = 30
"""Between two reports while no car charges; else there is one each second."""


class OpenEvse(HttpDevice):
    """One OpenEVSE on one phase."""

    def __init__(self) -> None:
        """Build it as it leaves the installer."""
        super().__init__(phases=1, max_current_a=32.0)
        self.override: dict[str, Any] = {}
        self.solar_divert = True
        self.listeners: set[web.WebSocketResponse] = set()
        self._version = 0
        self._told: dict[str, Any] = {}
        self._told_s = 0.0
        self._obey()

    @property
    def is_on(self) -> bool:
        """Whether it may charge."""
        return bool(self.override.get("state", "active") == "active")

    @override
    def reboot(self) -> None:
        super().reboot()
        self.override = {}
        self._obey()

    def _obey(self) -> None:
        """Bring the wallbox to what the override and the settings say together."""
        wanted_a = self.override.get("charge_current", CONFIGURED_A)
        self.wallbox.set_current(max(6, min(wanted_a, CONFIGURED_A)))
        self.allow(charging=self.is_on)

    def _claim(self, override: dict[str, Any]) -> None:
        self.override = override
        self._version += 1
        self._obey()

    @override
    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/config", self._get_config),
            web.get("/status", self._get_status),
            web.get("/override", self._get_override),
            web.post("/override", self._post_override),
            web.patch("/override", self._toggle_override),
            web.delete("/override", self._delete_override),
            web.post("/divertmode", self._post_divert),
            web.get("/ws", self._listen),
        ]

    async def _get_config(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "firmware": "8.2.3",
                "protocol": "-",
                "version": "5.1.5",
                "buildenv": "openevse_wifi_v1",
                "wifi_serial": SERIAL,
                "hostname": "openevse-7856",
                "service": 2,
                "min_current_hard": 6,
                "max_current_hard": 32,
                "max_current_soft": CONFIGURED_A,
                "divert_enabled": self.solar_divert,
                "charge_mode": "fast",
            }
        )

    def _live(self) -> dict[str, Any]:
        """Return what is pushed while it charges."""
        wallbox = self.wallbox
        state = _STATES[wallbox.status] if self.is_on else 254
        return {
            "evse_connected": 1,
            "amp": round(wallbox.current_a[0] * 1000),
            "voltage": 230,
            "power": round(wallbox.power_w),
            "pilot": round(wallbox.current_limit_a),
            "max_current": CONFIGURED_A,
            "state": state,
            "status": "active" if self.is_on else "disabled",
            "flags": 0,
            "vehicle": int(wallbox.car is not None),
            "manual_override": int(bool(self.override)),
            "session_energy": round(wallbox.session_wh),
            "total_energy": round(812.5 + wallbox.total_wh / 1000, 3),
        }

    def _status(self) -> dict[str, Any]:
        return self._live() | {
            "mode": "STA",
            "eth_connected": 0,
            "srssi": -61,
            "temp": 282,
            "temp_max": False,
            "gfcicount": 0,
            "nogndcount": 0,
            "stuckcount": 0,
            "divertmode": 2 if self.solar_divert else 1,
            "shaper": 0,
            "ota_update": 0,
            "elapsed": round(self.now_s),
            "config_version": 1,
            "override_version": self._version,
        }

    async def _get_status(self, _: web.Request) -> web.Response:
        return web.json_response(self._status())

    async def _get_override(self, _: web.Request) -> web.Response:
        return web.json_response(self.override)

    async def _post_override(self, request: web.Request) -> web.Response:
        self._claim({"auto_release": True} | await request.json())
        return web.json_response({"msg": "Created"}, status=201)

    async def _toggle_override(self, _: web.Request) -> web.Response:
        state = "disabled" if self.is_on else "active"
        toggled = {"state": state, "auto_release": True}
        self._claim({} if self.override else toggled)
        return web.json_response({"msg": "Updated"})

    async def _delete_override(self, _: web.Request) -> web.Response:
        self._claim({})
        return web.json_response({"msg": "Deleted"})

    async def _post_divert(self, request: web.Request) -> web.Response:
        self.solar_divert = (await request.text()).endswith("2")
        return web.Response(text="Divert Mode changed")

    async def _listen(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(self._status())
        self.listeners.add(socket)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await socket.send_json({"pong": 1})
        finally:
            self.listeners.discard(socket)
        return socket

    @override
    async def advance(self, dt_s: float) -> None:
        await super().advance(dt_s)
        await self._push()

    async def _push(self) -> None:
        """Tell those who listen what has changed, and now and then that nothing has."""
        now, before = self._live(), self._told
        told = {key: now[key] for key in ("state", "status", "vehicle", "pilot")}
        told["override_version"] = self._version
        is_due = now["state"] == 3 or self.now_s - self._told_s >= _IDLE_S
        if told == before and not is_due:
            return
        if before.get("override_version") != self._version:
            now["override_version"] = self._version
        self._told, self._told_s = told, self.now_s
        for socket in list(self.listeners):
            await socket.send_json(now)

    @override
    async def stop(self) -> None:
        for socket in list(self.listeners):
            await socket.close()
        await super().stop()
