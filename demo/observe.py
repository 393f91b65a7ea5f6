"""Watching a running demo: samples of its states, and waiting for one to come true."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
import re
import time

from .api import Api, Json

# Our code in a log, and the integration's name, but no folder that is called like it.
CODE = re.compile(r"custom_components[./](ampacity|virtual_house)\b")
NAME = re.compile(r"(?<![\w./-])ampacity(?![\w/-])")

UNKNOWN = {"unavailable", "unknown"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """The states of the house at one moment."""

    at_s: float
    """Seconds since the watch began."""

    states: dict[str, Json] = field(repr=False)
    """All states of Home Assistant, by entity id."""

    def number(self, entity_id: str) -> float:
        """Return a state as a number; 0 where there is none."""
        state = self.text(entity_id)
        return 0.0 if state in UNKNOWN else float(state)

    def text(self, entity_id: str) -> str:
        """Return a state; ``unknown`` where the entity is missing."""
        found: str = self.states.get(entity_id, {}).get("state", "unknown")
        return found

    @property
    def allowed_a(self) -> float:
        """Current that the wallbox allows the car, in A; 0 while it is paused."""
        if self.text("switch.wallbox_charging") != "on":
            return 0.0
        return self.number("number.wallbox_current_limit")

    @property
    def charging_w(self) -> float:
        """Power that the car takes, in W."""
        return self.number("sensor.wallbox_power")

    @property
    def grid_w(self) -> float:
        """Grid power in W, import positive."""
        return self.number("sensor.smart_meter_power")

    @property
    def solar_w(self) -> float:
        """PV power in W."""
        return self.number("sensor.pv_inverter_power")

    @property
    def fuse_heat(self) -> float:
        """Heat of the main fuse's hottest phase, in percent of what opens it."""
        return self.number("sensor.house_main_fuse_heat")


class Watch:
    """Samples a running demo and keeps what it saw."""

    def __init__(self, api: Api, period_s: float = 0.5) -> None:
        """Watch through ``api``, with a sample every ``period_s`` seconds."""
        self._api = api
        self._period_s = period_s
        self._start = time.monotonic()
        self.samples: list[Sample] = []

    @property
    def elapsed_s(self) -> float:
        """Seconds since the watch began."""
        return time.monotonic() - self._start

    async def sample(self) -> Sample:
        """Take a sample and keep it."""
        states = await self._api.states()
        taken = Sample(at_s=self.elapsed_s, states=states)
        self.samples.append(taken)
        return taken

    async def until(
        self, wanted: Callable[[Sample], bool], timeout_s: float
    ) -> Sample | None:
        """Return the first sample that is as wanted; None when none comes in time."""
        end = self.elapsed_s + timeout_s
        while True:
            taken = await self.sample()
            if wanted(taken):
                return taken
            if self.elapsed_s >= end:
                return None
            await asyncio.sleep(self._period_s)

    async def rest(self, until_s: float) -> None:
        """Go on sampling until so many seconds since the watch began."""
        await self.until(lambda taken: taken.at_s >= until_s, until_s - self.elapsed_s)


async def complaints(api: Api) -> list[str]:
    """Return the warnings and errors that Ampacity logged or had a part in."""
    records = await api.command("system_log/list")
    return [_told(record) for record in records if _is_ours(record)]


def _told(record: Json) -> str:
    """Return a record of the log as a line: the exception's last line says what it was."""
    message = " / ".join(record["message"])
    raised = record["exception"].strip().rpartition("\n")[2]
    return " ".join(filter(None, (record["level"], record["name"], message, raised)))


def _is_ours(record: Json) -> bool:
    # Home Assistant itself warns once of every custom integration that it loads.
    if record["name"] == "homeassistant.loader":
        return False
    code = (record["name"], record["source"][0], record["exception"])
    return any(CODE.search(text) for text in code) or any(
        NAME.search(text) for text in record["message"]
    )
