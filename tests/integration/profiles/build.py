"""Builds what an integration makes of a charger in the registries, from a fixture.

A fixture is written from the integration's source, not from our profile. Entity ids are of no
use to whoever reads them, as those of a user who has renamed or translated everything.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.typing import UNDEFINED
from homeassistant.util.yaml import load_yaml_dict
from pytest_homeassistant_custom_component.common import MockConfigEntry

FIXTURES = Path(__file__).parent / "fixtures"
IDS = tuple(path.stem for path in sorted(FIXTURES.glob("*.yaml")))

_ATTRIBUTES = ("min", "max", "step", "options")


def load(profile_id: str) -> dict[str, Any]:
    """Return a fixture."""
    return load_yaml_dict(str(FIXTURES / f"{profile_id}.yaml"))


@dataclass
class Built:
    """A charger in the registries."""

    hass: HomeAssistant
    fixture: dict[str, Any]
    number: int = 1
    """Of this charger among its like."""
    entry: MockConfigEntry | None = None
    device_id: str | None = None
    entity_ids: dict[str, str] = field(default_factory=dict)
    """By their names in the fixture."""

    def __post_init__(self) -> None:
        """Make the entry, the device, the entities and their states."""
        raw = self.fixture
        if not raw.get("no_device"):
            self.entry = MockConfigEntry(domain=raw["integration"])
            self.entry.add_to_hass(self.hass)
            parent = self.device(raw["via"], "Station") if "via" in raw else None
            self.device_id = self.device(raw["identifier"], "Charger", parent)
        for name, entity in raw["entities"].items():
            self.add(name, entity)

    def device(self, identifier: str, name: str, parent: str | None = None) -> str:
        """Make a device of the entry, which may hang behind another; return its id."""
        assert self.entry is not None
        device = dr.async_get(self.hass).async_get_or_create(
            config_entry_id=self.entry.entry_id,
            identifiers={(self.fixture["integration"], self.identifier(identifier))},
            name=f"{name} {self.number}",
            via_device_id=parent or UNDEFINED,
        )
        return device.id

    def text(self, text: str) -> str:
        """Return a text of this charger: the second of its like has another serial number."""
        return (
            text if self.number == 1 else text.replace(self.serial, self.other_serial)
        )

    def identifier(self, text: str) -> str:
        """Return the identifier of a device, which each charger has for itself."""
        own = self.text(text)
        return own if self.number == 1 or own != text else f"{text}_{self.number}"

    @property
    def serial(self) -> str:
        """What the unique ids of one charger have in common."""
        return str(self.fixture.get("serial", self.fixture.get("identifier")))

    @property
    def other_serial(self) -> str:
        """That of the charger's second."""
        return f"{self.serial}{self.number}"

    def add(self, name: str, entity: dict[str, Any]) -> str:
        """Make an entity with its state; return its entity id."""
        domain = name.partition(".")[0]
        attributes = {key: entity[key] for key in _ATTRIBUTES if key in entity}
        off = entity.get("disabled")
        device_id = self.device_id
        if "device" in entity:
            device_id = self.device(entity["device"], entity["device"])
        entry = er.async_get(self.hass).async_get_or_create(
            domain,
            self.fixture["integration"],
            self.text(entity["uid"]),
            suggested_object_id=f"geraet_{self.number}_{len(self.entity_ids)}",
            config_entry=self.entry,
            device_id=device_id,
            translation_key=entity.get("key"),
            unit_of_measurement=entity.get("unit"),
            capabilities=attributes or None,
            disabled_by=er.RegistryEntryDisabler(off) if off else None,
        )
        self.entity_ids[name] = entry.entity_id
        if not off:
            self.show(name, entity["state"])
        return entry.entity_id

    def show(self, name: str, state: object) -> None:
        """Set the state of an entity."""
        entity = self.fixture["entities"][name]
        attributes = {key: entity[key] for key in _ATTRIBUTES if key in entity}
        if "unit" in entity:
            attributes["unit_of_measurement"] = entity["unit"]
        self.hass.states.async_set(
            self.entity_ids[name], str(state), attributes, force_update=True
        )

    def real(self, value: Any) -> Any:
        """Return expected data with the names of the fixture turned into what was made of them."""
        if isinstance(value, dict):
            return {key: self.real(item) for key, item in value.items()}
        if not isinstance(value, str):
            return value
        if value == "{device_id}":
            return self.device_id
        return self.entity_ids.get(value, self.text(value))
