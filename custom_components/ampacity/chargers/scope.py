"""The entities among which those of one charger are looked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .profile_schema import Ref

_PLACEHOLDER = re.compile(r"\{(?P<name>[a-z_]+)(:(?P<glob>[^{}]*(\{\w+\}[^{}]*)*))?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One charger: its device, and what its entities' unique ids have in common."""

    anchor: er.RegistryEntry
    """The entity by which it is known."""
    parts: Mapping[str, str]
    """What the names in braces stand for."""
    entries: tuple[er.RegistryEntry, ...]
    """All entities of its integration's entry."""
    device: dr.DeviceEntry | dr.ChildDeviceEntry | None

    @classmethod
    def of_anchor(
        cls,
        hass: HomeAssistant,
        ref: Ref,
        entry: er.RegistryEntry,
        entries: Iterable[er.RegistryEntry],
    ) -> Scope | None:
        """Return the charger that an entity belongs to; None where it is none's anchor."""
        parts = ref.match(entry.unique_id, entry.translation_key)
        if parts is None or entry.domain != ref.domain:
            return None
        return cls(
            anchor=entry,
            parts=parts,
            entries=tuple(
                one for one in entries if one.config_entry_id == entry.config_entry_id
            ),
            device=dr.async_get(hass).async_get(entry.device_id)
            if entry.device_id
            else None,
        )

    @property
    def device_id(self) -> str | None:
        """The device of its anchor; None where its integration makes none."""
        return self.device.id if self.device else None

    @property
    def parent_id(self) -> str | None:
        """The device behind which its own hangs: a station with several sockets."""
        if isinstance(self.device, dr.ChildDeviceEntry):
            return self.device.parent_device_id
        return self.device.via_device_id if self.device else None

    @property
    def identity(self) -> tuple[object, ...]:
        """What tells it from every other charger of its integration."""
        return self.device_id, *sorted(self.parts.items())

    @property
    def name(self) -> str | None:
        """That of the device, as its owner calls it."""
        return (self.device.name_by_user or self.device.name) if self.device else None

    def find(self, refs: Iterable[Ref]) -> er.RegistryEntry | None:
        """Return the first of these that is there, rather an enabled one."""
        found = [entry for ref in refs if (entry := self._one(ref)) is not None]
        enabled = (entry for entry in found if entry.disabled_by is None)
        return next(enabled, found[0] if found else None)

    def _one(self, ref: Ref) -> er.RegistryEntry | None:
        """Return the entity that is meant; where several match, the one with the shortest id."""
        found = [entry for entry in self.entries if self._matches(ref, entry)]
        return min(
            found, key=lambda one: (len(one.unique_id), one.unique_id), default=None
        )

    def _matches(self, ref: Ref, entry: er.RegistryEntry) -> bool:
        """Return whether an entity is of this charger: by its device, or by what tells it apart."""
        if entry.domain != ref.domain:
            return False
        is_own = ref.names and ref.names <= self.parts.keys() and not ref.parent
        device_id = self.parent_id if ref.parent else self.anchor.device_id
        if not is_own and entry.device_id != device_id:
            return False
        parts = ref.match(entry.unique_id, entry.translation_key)
        if parts is None:
            return False
        return all(
            self.parts.get(name, value) == value for name, value in parts.items()
        )

    def fill(self, value: Any) -> Any:
        """Return a value with its placeholders filled in, at every depth.

        ``{device_id}``: of the device registry. ``{identifier}``: the integration's own name of
        the device. ``{button:pattern}``: the entity whose unique id matches. Else what a name in
        braces stands for in the unique ids.
        """
        if isinstance(value, Mapping):
            return {key: self.fill(item) for key, item in value.items()}
        if isinstance(value, str):
            return _PLACEHOLDER.sub(self._known, value)
        return value

    def _known(self, found: re.Match[str]) -> str:
        name, glob = found["name"], found["glob"]
        if glob:
            entry = self.find((Ref(domain=name, uid=glob),))
            return entry.entity_id if entry else found[0]
        if name == "device_id":
            return self.device_id or found[0]
        if name == "entity_id":
            return self.anchor.entity_id
        if name == "identifier" and self.device:
            return next(iter(self.device.identifiers))[1]
        return self.parts.get(name, found[0])
