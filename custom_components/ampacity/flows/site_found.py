"""What was found of a house, as a proposal for the site's configuration and in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from ..const import (
    CONF_FEED_IN_ENTITY,
    CONF_FEED_IN_PRICE,
    CONF_GRID_CURRENT_PHASES,
    CONF_GRID_POWER_PHASES,
    CONF_GRID_VOLTAGE_PHASES,
    CONF_IMPORT_PRICE,
    CONF_PRICE_ENTITY,
)
from ..discovery import FoundHouse
from ..discovery.fuse import FuseNote, usual_fuse
from ..discovery.meters import FoundMeter
from .meter import GRID_FIELDS
from .preview import Words

OTHER_METER = "other"
"""Chosen instead of a meter that was found: the user names the sensors."""

_PER_PHASE = (
    CONF_GRID_POWER_PHASES,
    CONF_GRID_CURRENT_PHASES,
    CONF_GRID_VOLTAGE_PHASES,
)
_VOLTAGE_V = {FuseNote.TWO_LEGS: 240.0}
"""Between the legs, where that is what a charger hangs on."""


def usual_phases(hass: HomeAssistant, house: FoundHouse) -> int:
    """Return how many phases a house probably has: those of its meter, else what is usual."""
    usual = usual_fuse(hass.config.country)
    meter = house.meter(None)
    known = meter.phases if meter else None
    return known or (usual.phases if usual else 3)


def usual_voltage(hass: HomeAssistant) -> float | None:
    """Return the voltage of a country where it isn't the one of most others."""
    usual = usual_fuse(hass.config.country)
    return _VOLTAGE_V.get(usual.note) if usual and usual.note else None


def limits_power(hass: HomeAssistant) -> bool:
    """Return whether contracts of the country limit the power, so that it should be asked for."""
    usual = usual_fuse(hass.config.country)
    return usual is not None and usual.note is FuseNote.CONTRACT


def meter_proposal(meter: FoundMeter, phases: int) -> dict[str, Any]:
    """Return what a meter brings to a site with so many phases; what is not complete is left out."""
    data = dict(meter.data)
    for fields in _PER_PHASE:
        own, beyond = fields[:phases], fields[phases:]
        dropped = beyond if all(field in data for field in own) else fields
        data = {key: value for key, value in data.items() if key not in dropped}
    return data


def proposal(
    house: FoundHouse, meter: FoundMeter | None, phases: int
) -> dict[str, Any]:
    """Return what the site's configuration would be; no entity is used twice."""
    data = meter_proposal(meter, phases) if meter else {}
    used = {data[field] for field in GRID_FIELDS if field in data}
    for plant in (house.solar, house.battery):
        own = [value for value in plant.data.values() if isinstance(value, list)]
        entities = {entity for value in own for entity in value}
        if not entities & used:
            data |= plant.data
            used |= entities
    return data


def what_was_found(
    words: Words, house: FoundHouse, meter: FoundMeter | None, currency: str
) -> str:
    """Return what was found and what is missing, one line of Markdown for each."""
    lines = [
        *_meter_lines(words, house, meter),
        *_plant_lines(words, house),
        *_price_lines(words, house.prices(meter), currency),
    ]
    return "\n".join(f"- {line}" for line in lines)


def what_is_used(
    words: Words,
    house: FoundHouse,
    meter: FoundMeter | None,
    data: Mapping[str, Any],
    prices: Mapping[str, Any],
    currency: str,
) -> str:
    """Return where the values come from that are read, and what is missing."""
    lines = list(_meter_lines(words, house, meter)) if meter else []
    for kind, plant in (("solar", house.solar), ("battery", house.battery)):
        if plant.data and plant.data.items() <= data.items():
            lines.append(_named(words, kind, plant.names))
    lines += _price_lines(words, prices, currency)
    return "\n".join(f"- {line}" for line in lines)


def usual_sizes(words: Words, hass: HomeAssistant) -> str:
    """Return in a sentence or two what is usual in the user's country, and what to know there."""
    usual = usual_fuse(hass.config.country)
    if usual is None:
        return words.say("unknown", of="fuse")
    *others, last = (f"{size_a} A" for size_a in usual.sizes_a)
    sizes = words.say("or", of="fuse", some=", ".join(others), last=last)
    text = words.say(
        f"usual_{usual.phases}", of="fuse", sizes=sizes if others else last
    )
    if usual.note is None:
        return text
    return f"{text} {words.say(usual.note.value, of='fuse')}"


def _meter_lines(
    words: Words, house: FoundHouse, meter: FoundMeter | None
) -> Iterator[str]:
    if meter is None:
        yield words.say("no_meter", of="found")
    else:
        kind = "meter_phases" if meter.has_currents else "meter_total"
        yield words.say(kind, of="found", name=meter.name)
        if meter.disabled:
            yield words.say("disabled", of="found", entities=", ".join(meter.disabled))
        if not meter.certain:
            yield words.say("uncertain", of="found", name=meter.name)
    if meter is not None and meter.from_energy:
        return
    energy = house.energy
    if not energy.configured:
        yield words.say("no_energy", of="found")
    for statistic in energy.external:
        yield words.say("external", of="found", statistic=statistic)
    for counter in energy.powerless:
        yield words.say("powerless", of="found", entity=counter)


def _plant_lines(words: Words, house: FoundHouse) -> Iterator[str]:
    for kind, plant in (("solar", house.solar), ("battery", house.battery)):
        if plant.data:
            yield _named(words, kind, plant.names)
        else:
            yield words.say(f"no_{kind}", of="found")


def _named(words: Words, kind: str, names: tuple[str, ...]) -> str:
    return words.say(kind, of="found", name=", ".join(names))


def _price_lines(
    words: Words, prices: Mapping[str, Any], currency: str
) -> Iterator[str]:
    for kind, keys in (
        ("price", (CONF_PRICE_ENTITY, CONF_IMPORT_PRICE)),
        ("feed_in", (CONF_FEED_IN_ENTITY, CONF_FEED_IN_PRICE)),
    ):
        told = next((prices[key] for key in keys if key in prices), None)
        if told is not None:
            value = words.price(told, currency) if isinstance(told, float) else told
            yield words.say(kind, of="found", price=value)
