"""The demo, watched for three minutes: does it do what it promises?"""

from collections.abc import Awaitable, Callable
import re
from typing import Any

from .api import Api, Json
from .house import Names
from .observe import UNKNOWN, Sample, Watch, complaints

LENGTH_S = 180
"""How long the demo is watched, in seconds."""

START_S = 90
"""How long the car may take to charge on surplus, in seconds."""

LOWER_S = 15
"""How long the charger may take to give way, in seconds."""

RAISE_S = 30
"""How long it may take to offer more: longer, as it waits until the meter shows the last change."""

BOOST_S = 45
"""How long the boost is asked for, in seconds."""

PLAN_S = 30
"""How long it may take until there is a plan, in seconds."""

HOB = "switch.house_hob"


class Check:
    """One run through the demo's promises, in an order that leaves nothing behind."""

    def __init__(self, api: Api, names: Names) -> None:
        """Check the demo behind ``api``."""
        self._api = api
        self._names = names
        self._watch = Watch(api)
        self.results: dict[str, Json] = {}

    @property
    def passed(self) -> bool:
        """Whether all that was checked so far is as it should be."""
        return all(result["ok"] for result in self.results.values())

    async def run(self, length_s: float = LENGTH_S) -> Json:
        """Go through all promises; return the summary."""
        steps: list[Callable[[], Awaitable[None]]] = [
            self.surplus,
            self.load_jump,
            self.boost,
            self.plan,
        ]
        for step in steps:
            await step()
        await self._watch.rest(length_s)
        await self.log()
        return self.summary()

    def summary(self) -> Json:
        """Return what was seen, in numbers."""
        seen = self._watch.samples
        return {
            "ok": self.passed,
            "seconds": round(self._watch.elapsed_s),
            **self.results,
            "fuse_heat_max_percent": max(taken.fuse_heat for taken in seen),
            "charging_max_w": round(max(taken.charging_w for taken in seen)),
            "import_max_w": round(max(taken.grid_w for taken in seen)),
        }

    async def surplus(self) -> None:
        """Charging starts by itself, on surplus."""
        began = await self._watch.until(
            lambda taken: taken.charging_w > 1000 and taken.grid_w < 500, START_S
        )
        self._note(
            "surplus",
            began,
            lambda taken: taken.solar_w > taken.charging_w,
            reason=self._reason,
        )

    async def load_jump(self) -> None:
        """A load that takes the surplus lowers the charging, and nothing else does."""
        for name in ("switch.house_clouds", "switch.house_oven_automatic"):
            await self._turn(name, on=False)
        before = await self._watch.until(
            lambda taken: taken.allowed_a >= 9 and taken.charging_w > 5000, START_S
        )
        jump_s = self._watch.elapsed_s
        await self._turn(HOB, on=True)
        after = before and await self._watch.until(
            lambda taken: taken.allowed_a < before.allowed_a, LOWER_S
        )
        followed = after and await self._watch.until(
            lambda taken: taken.charging_w < after.charging_w - 1000, LOWER_S
        )
        self._note(
            "load_jump",
            followed,
            # Not a cloud's doing.
            lambda taken: taken.solar_w > 0.95 * (before or taken).solar_w,
            from_a=before and before.allowed_a,
            after_s=_between(jump_s, after),
            car_after_s=_between(jump_s, followed),
        )

    async def boost(self) -> None:
        """A boost raises the current above what the surplus gives, and ends by itself."""
        before = await self._watch.sample()
        asked_s = self._watch.elapsed_s
        await self._api.call(
            "ampacity.boost",
            {
                "device_id": self._names.charger_device_id,
                "duration": {"seconds": BOOST_S},
            },
        )
        raised = await self._watch.until(
            lambda taken: taken.allowed_a > before.allowed_a, RAISE_S
        )
        followed = raised and await self._watch.until(
            lambda taken: taken.charging_w > before.charging_w + 1000, LOWER_S
        )
        self._note(
            "boost",
            followed,
            from_a=before.allowed_a,
            after_s=_between(asked_s, raised),
            car_after_s=_between(asked_s, followed),
        )
        ended = raised and await self._watch.until(
            lambda taken: (
                taken.allowed_a < raised.allowed_a and self._reason(taken) != "boost"
            ),
            BOOST_S + LOWER_S,
        )
        self._note(
            "boost_end",
            ended,
            lambda taken: taken.at_s - asked_s > BOOST_S - 5,
            after_s=_between(asked_s, ended),
        )
        await self._turn(HOB, on=False)

    async def plan(self) -> None:
        """There is a plan, its sensors show its times, and it is told in a sentence."""
        charger = self._names.charger
        seen = await self._watch.until(
            lambda taken: taken.text(charger["plan_end"]) not in UNKNOWN, PLAN_S
        )
        answer = await self._api.call_for(
            "ampacity.get_plan", {"device_id": self._names.charger_device_id}
        )
        sentence = str(answer["sentence"])
        told = re.fullmatch(r"80 % by .*\d\d:\d\d\. Charges .+ kWh .+\.", sentence)
        taken = seen or self._watch.samples[-1]
        self.results["plan"] = {
            "ok": seen is not None and told is not None,
            "start": taken.text(charger["plan_start"]),
            "end": taken.text(charger["plan_end"]),
            "sentence": sentence,
        }

    async def log(self) -> None:
        """The integration has logged no warning and no error."""
        said = await complaints(self._api)
        self.results["log"] = {"ok": not said, "complaints": said}

    async def _turn(self, entity_id: str, *, on: bool) -> None:
        await self._api.call(
            f"switch.turn_{'on' if on else 'off'}", {"entity_id": entity_id}
        )

    def _reason(self, taken: Sample) -> str:
        return taken.text(self._names.charger["reason"])

    def _note(
        self,
        name: str,
        seen: Sample | None,
        also: Callable[[Sample], bool] = lambda _: True,
        **more: Any,
    ) -> None:
        """Keep whether a promise was kept, with the numbers of the moment."""
        result: Json = {"ok": seen is not None and also(seen)}
        taken = seen or self._watch.samples[-1]
        result |= {
            "at_s": round(taken.at_s, 1),
            "allowed_a": taken.allowed_a,
            "charging_w": round(taken.charging_w),
            "solar_w": round(taken.solar_w),
            "grid_w": round(taken.grid_w),
        }
        self.results[name] = result | {
            key: value(taken) if callable(value) else value
            for key, value in more.items()
        }


def _between(since_s: float, seen: Sample | None) -> float | None:
    """Return the seconds until something was seen, None where it was not."""
    return None if seen is None else round(seen.at_s - since_s, 1)
