"""A known charger: where its levers and sensors are found, and what is peculiar about it.

Each file in ``profiles/`` describes one charger; ``docs/contributing-a-charger.md`` explains its
fields. An entity is named by the unique id that its integration gives it, never by its entity id.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import load_yaml_dict

from ..engine.model import Link
from .profile_schema import SCHEMA, Lever, Native, Ref, levers

FOLDER = Path(__file__).parent / "profiles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """What the engine must know about a charger and nobody should have to look up."""

    link: Link = Link.LOCAL
    settle_s: float | None = None
    """How long it needs to follow, where it is known; else that is learned."""
    raise_every_s: float = 0.0
    """At least this long between a command and a raise that only follows the sun."""
    writes_per_day: float | None = None
    """What its memory or its cloud stands; None for the usual number of its link."""
    step_a: float | None = None
    """The finest step, where no entity tells it."""
    vague_finish: bool = False
    """It also calls a car finished that was told to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A kind of charger in Home Assistant."""

    id: str
    """The name of its file."""
    name: str
    integrations: tuple[str, ...]
    """Domains of the integrations that make its entities."""
    origin: str
    """``core``, or the repository of the integration."""
    checked: str | None
    """The version of the integration whose source was read; None where it could not be."""
    sources: tuple[str, ...]
    """Files in which the facts stand."""
    is_vehicle: bool
    """It is the car itself that is told how much to draw."""
    anchor: Ref | None
    """The entity by which such a charger is known; None where it cannot be found."""
    limit: Lever
    start_stop: Lever
    status: Lever
    phases: Lever | None
    sensors: Mapping[str, tuple[Ref, ...]]
    """By field of the charger's configuration; the first that is there."""
    native: tuple[Native, ...]
    """What the charger does by itself and must not while it is controlled."""
    failsafe: Lever | None
    """What it does when nobody talks to it any more."""
    quirks: Quirks
    durability: str
    """Where a limit is kept: ``ram``, ``flash`` or ``cloud``."""
    limits: Mapping[str, float] = field(default_factory=dict)
    """The currents that it takes, where no entity tells them: ``min_current``, ``max_current``."""
    phase_count: int | None = None
    """1 for chargers that never have three phases."""
    notes: tuple[str, ...] = ()
    """Keys of texts that its owner must read: ``selector.charger_note``."""

    @property
    def can_limit(self) -> bool:
        """Whether its current can be set at all."""
        return self.limit.kind != "none"

    @property
    def can_control(self) -> bool:
        """Whether anything of it can be commanded."""
        return self.can_limit or self.start_stop.kind != "none"

    @property
    def refs(self) -> Iterable[Ref]:
        """All entities that it names."""
        parts = (self.limit, self.start_stop, self.status, self.phases, self.failsafe)
        for part in filter(None, parts):
            for refs in part.refs.values():
                yield from refs
        for refs in self.sensors.values():
            yield from refs
        yield from (native.ref for native in self.native)


@cache
def load_profiles() -> Mapping[str, Profile]:
    """Return all known chargers by id; reads files the first time, so not in the event loop.

    Raises vol.Invalid for a file that breaks the schema.
    """
    return {path.stem: read_profile(path) for path in sorted(FOLDER.glob("*.yaml"))}


async def async_load_profiles(hass: HomeAssistant) -> Mapping[str, Profile]:
    """Return all known chargers by id, read outside of the event loop."""
    return await hass.async_add_executor_job(load_profiles)


def profile(profile_id: str | None) -> Profile | None:
    """Return a known charger; None for one that isn't. They must have been loaded before."""
    return load_profiles().get(profile_id) if profile_id else None


def quirks_of(profile_id: str | None) -> Quirks:
    """Return what is peculiar about a charger, the usual where it isn't a known one."""
    known = profile(profile_id)
    return known.quirks if known else Quirks()


def read_profile(path: Path) -> Profile:
    """Return what a file describes; vol.Invalid where it breaks the schema."""
    raw: dict[str, Any] = SCHEMA(load_yaml_dict(str(path)))
    parts = levers(raw)
    return Profile(
        id=path.stem,
        name=raw["name"],
        integrations=tuple(raw["integration"]),
        origin=raw["origin"],
        checked=raw.get("checked"),
        sources=tuple(raw["sources"]),
        is_vehicle=raw["kind"] == "vehicle",
        anchor=_anchor(raw, parts),
        limit=parts["limit"],
        start_stop=parts["start_stop"],
        status=parts["status"],
        phases=parts.get("phases"),
        failsafe=parts.get("failsafe"),
        sensors=parts["sensors"].refs,
        native=tuple(Native.from_raw(one) for one in raw["native"]),
        quirks=Quirks(**raw["quirks"], link=Link(raw["link"])),
        durability=raw["durability"],
        limits={key: raw[key] for key in ("min_current", "max_current") if key in raw},
        phase_count=raw.get("phase_count"),
        notes=tuple(raw["notes"]),
    )


def _anchor(raw: Mapping[str, Any], parts: Mapping[str, Lever]) -> Ref | None:
    """Return the entity by which the charger is known: as it says, else its most telling one."""
    if "anchor" in raw:
        return Ref.from_raw(raw["anchor"], "sensor")
    for name in ("limit", "start_stop", "status"):
        for refs in parts[name].refs.values():
            return refs[0]
    return None
