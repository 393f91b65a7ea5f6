"""Heidelberg Energy Control over Modbus TCP, as behind a gateway to its RS-485 line.

Source: the maker's register table, layout 1.0.8. Input registers tell what is going on; holding
register 261 is the current in tenths of an ampere, where 0 pauses.
"""

from typing import override

from aiohttp.test_utils import unused_port
from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from simulation.wallbox import WallboxStatus

from .device import HOST, Device

UNIT_ID = 1
STATUS, CURRENTS, VOLTAGES, POWER, ENERGY = 5, 6, 10, 14, 17
"""Input registers; the energy since it was installed has two."""
MAX_CURRENT, FAILSAFE_CURRENT = 261, 262
"""Holding registers."""
_STATES = {
    WallboxStatus.NO_CAR: 3,
    WallboxStatus.PAUSED: 4,
    WallboxStatus.READY: 5,
    WallboxStatus.FINISHED: 5,
    WallboxStatus.CHARGING: 7,
    WallboxStatus.ERROR: 9,
}
_WRITE = (6, 16)


class EnergyControl(Device):
    """One Energy Control on three phases."""

    _server: ModbusTcpServer | None = None

    def __init__(self) -> None:
        """Build it as it leaves the installer."""
        super().__init__(phases=3, max_current_a=16.0, whole_amps=False)
        self.writes: list[tuple[int, int]] = []
        """All addresses and values that were written."""
        self._limit_da = 160

    async def _act(
        self,
        function: int,
        first: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        """Bring the registers up to date before they are read, and obey what is written."""
        if function in _WRITE and values:
            return self._obey(address, int(values[0]))
        for register, value in self._registers().items():
            registers[register - first] = value
        return None

    def _obey(self, address: int, value: int) -> ExcCodes | None:
        self.writes.append((address, value))
        if address != MAX_CURRENT:
            return ExcCodes.ILLEGAL_ADDRESS
        if value and not 60 <= value <= 160:
            return ExcCodes.ILLEGAL_VALUE
        self._limit_da = value
        if value:
            self.wallbox.set_current(value / 10)
        self.allow(charging=bool(value))
        return None

    def _registers(self) -> dict[int, int]:
        wallbox = self.wallbox
        energy_wh = 1_234_000 + round(wallbox.total_wh)
        return {
            4: 0x108,
            STATUS: _STATES[wallbox.status],
            **{CURRENTS + n: round(a * 10) for n, a in enumerate(wallbox.current_a)},
            9: 281,
            **dict.fromkeys(range(VOLTAGES, VOLTAGES + 3), 230),
            13: 1,
            POWER: round(wallbox.power_w),
            ENERGY: energy_wh >> 16,
            ENERGY + 1: energy_wh & 0xFFFF,
            MAX_CURRENT: self._limit_da,
            FAILSAFE_CURRENT: 0,
        }

    @override
    async def start(self) -> None:
        self.port = self.port or unused_port()
        registers = SimData(0, count=300, values=0, datatype=DataType.REGISTERS)
        unit = SimDevice(UNIT_ID, simdata=[registers], action=self._act)
        self._server = ModbusTcpServer(unit, address=(HOST, self.port))
        await self._server.serve_forever(background=True)

    @override
    async def stop(self) -> None:
        if self._server is not None:
            await self._server.shutdown()  # type: ignore[no-untyped-call]
            self._server = None
