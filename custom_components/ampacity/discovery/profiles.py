"""How meters, inverters and batteries show themselves in Home Assistant, integration by integration.

Each profile holds the keys under which the integration's source registers its sensors. A key is a
regular expression; it stands at the end of a unique id, or is a whole translation key or name.
``{n}`` stands for the phase. Signs are those of the integrations' own documentation: ``inverted``
means that export (a battery: charging) is plus. What the user confirms in the end is what is read.

Cloud services that tell the power only every few minutes (Growatt, the SolarEdge and Enlighten
clouds) are no meters for a main fuse and are left out.
"""

from dataclasses import dataclass

ANYTHING = r"(?:.*[-_:. ])?"
"""What may stand before a key in a unique id or a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterProfile:
    """The sensors of one integration's grid meter."""

    platform: str
    power: str | None = None
    imported: str | None = None
    exported: str | None = None
    currents: str | tuple[str, str, str] | None = None
    """One key with ``{n}`` in it, or one for each phase; so are the two below."""
    powers: str | tuple[str, str, str] | None = None
    voltages: str | tuple[str, str, str] | None = None
    phases: str = "123"
    """What the integration calls L1, L2 and L3."""
    inverted: bool = False
    before: str = ANYTHING
    """What stands before each key."""
    after: str = ""
    of_entry: bool = False
    """Its sensors stand on several devices of one config entry."""
    model: str = ""
    """Regular expression that the device's model contains, where the integration has other devices."""
    certain: bool = True
    """Such a device always is the meter of a grid connection; else it may measure something else."""

    def pattern(self, key: str | tuple[str, str, str] | None, phase: int = 0) -> str:
        """Return the pattern of a key, of the given phase counted from 0; nothing fits no key."""
        if key is None:
            return "(?!)"
        one = key if isinstance(key, str) else key[phase]
        return f"{self.before}{one.replace('{n}', self.phases[phase])}{self.after}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SolarProfile:
    """The power sensor of one integration's solar plant."""

    platform: str
    power: str
    before: str = ANYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryProfile:
    """The sensors of one integration's home battery: one signed power or two, and charge level."""

    platform: str
    soc: str
    power: str | None = None
    charge: str | None = None
    discharge: str | None = None
    inverted: bool = False
    of_entry: bool = False
    before: str = ANYTHING
