"""What a site's options say of prices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Any

from homeassistant.const import WEEKDAYS

from ...const import (
    CONF_ADDEND,
    CONF_DAYS,
    CONF_END,
    CONF_FACTOR,
    CONF_FEED_IN_ADDEND,
    CONF_FEED_IN_ENTITY,
    CONF_FEED_IN_FACTOR,
    CONF_FEED_IN_PRICE,
    CONF_HOLIDAYS_ENTITY,
    CONF_IMPORT_PRICE,
    CONF_MONTHS,
    CONF_PRICE,
    CONF_PRICE_ADDEND,
    CONF_PRICE_ENTITY,
    CONF_PRICE_FACTOR,
    CONF_PRICE_KIND,
    CONF_PRICE_SURCHARGES,
    CONF_PRICE_WINDOWS,
    CONF_START,
)
from ...engine.tariff import Formula, Tariff, TariffWindow


class PriceKind(StrEnum):
    """How a site's import price is told."""

    FIXED = "fixed"
    WINDOWS = "windows"
    ENTITY = "entity"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceConfig:
    """The contract of a site, and which entities tell what it needs."""

    kind: PriceKind
    tariff: Tariff
    """What a kWh from the grid costs."""
    feed_in: Tariff
    """What one that is fed in brings."""
    price_entity: str | None = None
    feed_in_entity: str | None = None
    holidays_entity: str | None = None
    otherwise: float = 0.0
    """The published price while none was ever seen."""

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> PriceConfig:
        """Return what a site's options say; options of before there were kinds are a fixed price."""
        kind = PriceKind(options.get(CONF_PRICE_KIND, PriceKind.FIXED))
        feed_in_entity = options.get(CONF_FEED_IN_ENTITY)
        return cls(
            kind=kind,
            tariff=_tariff(kind, options),
            feed_in=_feed_in(options),
            price_entity=(
                options.get(CONF_PRICE_ENTITY) if kind is PriceKind.ENTITY else None
            ),
            feed_in_entity=feed_in_entity,
            holidays_entity=(
                None if kind is PriceKind.FIXED else options.get(CONF_HOLIDAYS_ENTITY)
            ),
            otherwise=options.get(CONF_IMPORT_PRICE, 0.0),
        )

    @property
    def is_configured(self) -> bool:
        """Whether prices may differ between hours, so that more than one number is needed."""
        return self.kind is not PriceKind.FIXED or self.feed_in_entity is not None

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """All entities that tell prices or holidays."""
        told = (self.price_entity, self.feed_in_entity, self.holidays_entity)
        return tuple(dict.fromkeys(entity_id for entity_id in told if entity_id))


def _tariff(kind: PriceKind, options: Mapping[str, Any]) -> Tariff:
    fixed = Tariff.fixed(options.get(CONF_IMPORT_PRICE, 0.0))
    match kind:
        case PriceKind.FIXED:
            return fixed
        case PriceKind.WINDOWS:
            windows = options.get(CONF_PRICE_WINDOWS) or ()
            return Tariff(formula=fixed.formula, windows=_windows(windows))
        case PriceKind.ENTITY:
            formula = Formula(
                factor=options.get(CONF_PRICE_FACTOR, 1.0),
                addend=options.get(CONF_PRICE_ADDEND, 0.0),
            )
            surcharges = options.get(CONF_PRICE_SURCHARGES) or ()
            return Tariff(formula=formula, windows=_windows(surcharges))


def _feed_in(options: Mapping[str, Any]) -> Tariff:
    if not options.get(CONF_FEED_IN_ENTITY):
        return Tariff.fixed(options.get(CONF_FEED_IN_PRICE, 0.0))
    formula = Formula(
        factor=options.get(CONF_FEED_IN_FACTOR, 1.0),
        addend=options.get(CONF_FEED_IN_ADDEND, 0.0),
    )
    return Tariff(formula=formula)


def _windows(items: Iterable[Mapping[str, Any]]) -> tuple[TariffWindow, ...]:
    return tuple(_window(item) for item in items)


def _window(item: Mapping[str, Any]) -> TariffWindow:
    """Return a window; without days it is for every day, without months for the whole year."""
    if CONF_PRICE in item:
        formula = Formula(factor=0.0, addend=float(item[CONF_PRICE]))
    else:
        formula = Formula(
            factor=float(item.get(CONF_FACTOR, 1.0)),
            addend=float(item.get(CONF_ADDEND, 0.0)),
        )
    return TariffWindow(
        formula=formula,
        days=frozenset(WEEKDAYS.index(day) for day in item.get(CONF_DAYS) or WEEKDAYS),
        start=time.fromisoformat(item[CONF_START]),
        end=time.fromisoformat(item[CONF_END]),
        months=frozenset(int(month) for month in item.get(CONF_MONTHS) or range(1, 13)),
    )
