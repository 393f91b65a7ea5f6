"""What all emulated chargers share: a wallbox with a car, an address, and being switched off."""

from abc import ABC, abstractmethod
from contextlib import suppress
from typing import override

from aiohttp import web

from simulation.car import Car, CarConfig
from simulation.phases import Phases
from simulation.wallbox import CommandRejectedError, Wallbox, WallboxConfig

HOST = "127.0.0.1"
VOLTAGE_V: Phases = (230.0, 230.0, 230.0)


class Device(ABC):
    """A charger on the network, with a car in its plug."""

    def __init__(
        self, *, phases: int, max_current_a: float, whole_amps: bool = True
    ) -> None:
        """Build it, not reachable yet, charging with all it has, as most do when nobody asks."""
        self.car = CarConfig(
            phases=phases, max_current_a=max_current_a, down_a_per_s=8.0
        )
        self.wallbox = Wallbox(
            WallboxConfig(
                max_current_a=max_current_a,
                current_a=max_current_a,
                enabled=True,
                phases=phases,
                switches_phases=phases == 3,
                whole_amps=whole_amps,
                car=self.car,
            )
        )
        self.wanted_phases = phases
        """Taken over in the next pause."""
        self.now_s = 0.0
        self.port = 0
        """Where it is reached; 0 before the first start."""

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{HOST}:{self.port}"

    @abstractmethod
    async def start(self) -> None:
        """Be reachable, at the same address each time."""

    @abstractmethod
    async def stop(self) -> None:
        """Be gone from the network; the wallbox goes on as it was told last."""

    def reboot(self) -> None:
        """Be without power for a moment: the car has to begin anew."""
        if self.wallbox.car is not None:
            self.wallbox.car.plug()

    def allow(self, *, charging: bool) -> None:
        """Let it charge, or not."""
        if charging:
            self.wallbox.resume()
        else:
            self.wallbox.pause()

    def plug(self) -> None:
        """Plug the car in."""
        self.wallbox.plug(Car(self.car))

    def unplug(self) -> None:
        """Take the car off."""
        self.wallbox.unplug()

    async def advance(self, dt_s: float) -> None:
        """Let time go by."""
        self.now_s += dt_s
        self.wallbox.advance(VOLTAGE_V, dt_s, self.now_s)
        if self.wallbox.phases != self.wanted_phases:
            with suppress(CommandRejectedError):
                self.wallbox.set_phases(self.wanted_phases)


class HttpDevice(Device):
    """A charger with a web server."""

    _runner: web.AppRunner | None = None

    @abstractmethod
    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is answered at which address."""

    @override
    async def start(self) -> None:
        app = web.Application()
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    @override
    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
