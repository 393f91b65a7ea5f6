"""The forms of a charger that was found, and what is said of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..chargers.detect import FoundCharger
from ..const import (
    CONF_BOOST_DURATION,
    CONF_CIRCUIT,
    CONF_FAILSAFE,
    CONF_LINK,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_PHASE_MAP,
    CONF_PHASES,
    CONF_PHASES_INTERVAL,
    CONF_PHASES_KIND,
    CONF_PHASES_PAUSE,
    CONF_SAFE_CURRENT,
    CONF_SETTLE_TIME,
    CONF_START_STOP_KIND,
    CONF_WATCH_NATIVE,
    CONF_WEIGHT,
)
from .charger_forms import PHASE_MAPS
from .circuit_forms import MAIN_FUSE
from .fields import amount, choice
from .form import Form, Problem
from .preview import Words
from .site_forms import PHASE_OPTIONS

CONF_FOUND_CHARGER = "found_charger"
"""Which of the chargers that were found; asked for, never stored."""
OTHER_CHARGER = "other"
CONF_ENABLE = "enable_entities"
"""Whether disabled entities are to be enabled; asked for, never stored."""
CONF_NATIVE_OFF = "native_off"
"""Whether the charger's own features are to be switched off; asked for, never stored."""

_OWNERS = frozenset(
    {
        CONF_NAME,
        CONF_BOOST_DURATION,
        CONF_CIRCUIT,
        CONF_FAILSAFE,
        CONF_LINK,
        CONF_MAX_CURRENT,
        CONF_MIN_CURRENT,
        CONF_PHASE_MAP,
        CONF_PHASES,
        CONF_PHASES_INTERVAL,
        CONF_PHASES_PAUSE,
        CONF_SAFE_CURRENT,
        CONF_SETTLE_TIME,
        CONF_WATCH_NATIVE,
        CONF_WEIGHT,
    }
)
"""What stays when a charger is replaced: what its owner has set, and the wires in the wall."""


def device_form(
    chargers: Sequence[FoundCharger], other: str | None, _: Mapping[str, Any]
) -> Form:
    """Return the choice among chargers; ``other`` is what none of them is called."""
    options = [
        SelectOptionDict(value=str(number), label=_label(found))
        for number, found in enumerate(chargers)
    ]
    if other is not None:
        options.append(SelectOptionDict(value=OTHER_CHARGER, label=other))
    field = vol.Required(CONF_FOUND_CHARGER, default=options[0]["value"])
    mode = SelectSelectorMode.LIST
    selector = SelectSelector(SelectSelectorConfig(options=options, mode=mode))
    return Form({field: selector})


def _label(found: FoundCharger) -> str:
    """Return the name of a device with what it is."""
    name, parts = found.name, " ".join(found.parts.values())
    kind = found.profile.name
    if name == kind:
        return f"{kind} ({parts})" if parts else kind
    return f"{name} – {kind}"


def proposed_data(
    found: FoundCharger, names: Sequence[str], site_phases: int
) -> dict[str, Any]:
    """Return what a charger's forms are filled in with.

    ``names`` are those that are taken. A charger has no more phases than its site.
    """
    name, number = found.name, 1
    while name in names:
        number += 1
        name = f"{found.name} {number}"
    data = {CONF_NAME: name, **found.data}
    if site_phases == 1:
        data[CONF_PHASES] = 1
        if data.get(CONF_PHASES_KIND):
            data[CONF_PHASES_KIND] = "none"
    return data


def found_form(
    found: FoundCharger,
    _: Mapping[str, Any],
    *,
    site_phases: int,
    circuits: SelectSelector | None,
) -> Form:
    """Return the form of what a found charger does not tell of itself."""
    fields: dict[Any, Any] = {vol.Required(CONF_NAME): TextSelector()}
    if site_phases == 3:
        counts = (found.profile.phase_count,) if found.profile.phase_count else (3, 1)
        if len(counts) > 1:
            marker = vol.Required(CONF_PHASES, default="3")
            fields[marker] = choice(CONF_PHASES, PHASE_OPTIONS)
        maps = dict.fromkeys(one for count in counts for one in PHASE_MAPS[count])
        marker = vol.Required(CONF_PHASE_MAP, default="unknown")
        fields[marker] = choice(CONF_PHASE_MAP, tuple(maps))
    if CONF_MAX_CURRENT not in found.data:
        fields[vol.Required(CONF_MAX_CURRENT)] = amount("A")
    if circuits is not None:
        fields[vol.Required(CONF_CIRCUIT, default=MAIN_FUSE)] = circuits
    return Form(fields | _offers(found))


def _offers(found: FoundCharger) -> dict[Any, Any]:
    """Return what can be done for the charger right now, each as it should be."""
    offers = {
        CONF_ENABLE: bool(found.disabled),
        CONF_NATIVE_OFF: any(native.fights for native in found.native),
        CONF_FAILSAFE: found.failsafe is not None,
    }
    return {
        vol.Required(key, default=True): BooleanSelector()
        for key, is_there in offers.items()
        if is_there
    }


def hidden(found: FoundCharger) -> frozenset[str]:
    """Return the entities that are disabled."""
    return frozenset(entity.entity_id for entity in found.disabled)


def enable(hass: HomeAssistant, found: FoundCharger) -> None:
    """Enable what a charger needs; its integration shows it half a minute later."""
    registry = er.async_get(hass)
    for entity_id in hidden(found):
        registry.async_update_entity(entity_id, disabled_by=None)


def check_enabled(found: FoundCharger, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Tell when the charger could not be controlled for want of an entity."""
    if found.needs_enabling and not data.get(CONF_ENABLE):
        yield Problem(field=CONF_ENABLE, error="enabling_needed")


def what_it_can(words: Words, found: FoundCharger) -> str:
    """Return what of a charger can be controlled, what cannot, and what its owner must know."""
    profile, data = found.profile, found.data
    can = {
        "current": profile.can_limit,
        "pause": data[CONF_START_STOP_KIND] != "none",
        "phases": data.get(CONF_PHASES_KIND, "none") != "none",
    }
    if profile.phase_count == 1:
        del can["phases"]
    parts = {
        key: ", ".join(
            words.say(one, of="charger_ability")
            for one, is_so in can.items()
            if is_so is yes
        )
        for key, yes in (("can", True), ("cannot", False))
    }
    said = [
        words.say(key, of="charger_ability", what=what)
        for key, what in parts.items()
        if what
    ]
    said += [words.say(note, of="charger_note") for note in found.notes]
    fighting = [
        f"**{words.say(native.feature, of='native_feature')}**"
        for native in found.native
        if native.fights
    ]
    if fighting:
        features = ", ".join(dict.fromkeys(fighting))
        said.append(words.say("fighting", of="charger_ability", what=features))
    return "\n".join(f"- {one}" for one in said)


def what_is_disabled(hass: HomeAssistant, words: Words, found: FoundCharger) -> str:
    """Return which of its entities are disabled, by their names; nothing where none is."""
    if not found.disabled:
        return ""
    names = ", ".join(sorted(_name(hass, one.entity_id) for one in found.disabled))
    return f"- {words.say('disabled', of='charger_ability', what=names)}"


def _name(hass: HomeAssistant, entity_id: str) -> str:
    """Return what an entity is called; its id where it has no name."""
    entry = er.async_get(hass).async_get(entity_id)
    return (entry and (entry.name or entry.original_name)) or entity_id


def instead_of(data: Mapping[str, Any], found: FoundCharger) -> dict[str, Any]:
    """Return a charger's data with another device in its place; what its owner has set stays."""
    kept = {key: value for key, value in data.items() if key in _OWNERS}
    new = {
        key: value
        for key, value in found.data.items()
        if key not in _OWNERS or key not in kept
    }
    return kept | new
