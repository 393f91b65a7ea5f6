"""What an outlook was learned from, which outlives a restart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import logging
from typing import Any, Self

from ..engine.solar_learning import SolarMemory
from .codec import Codec

_LOGGER = logging.getLogger(__name__)
_SOLAR = Codec(SolarMemory)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookMemory:
    """What a site knows of its plant and of its prices."""

    solar: SolarMemory = field(default_factory=SolarMemory)
    prices: Mapping[str, Any] = field(default_factory=dict)
    """As the price keeper stores it."""

    def encode(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {"solar": _SOLAR.encode(self.solar), "prices": dict(self.prices)}

    @classmethod
    def decode(cls, data: object) -> Self:
        """Return what :meth:`encode` made; what cannot be read is left out, with a warning."""
        if not isinstance(data, Mapping):
            return cls()
        solar = SolarMemory()
        if (saved := data.get("solar")) is not None:
            try:
                solar = _valid(_SOLAR.decode(saved))
            except ValueError, LookupError, TypeError, AttributeError:
                _LOGGER.warning("What was learned of the solar plant cannot be read")
        prices = data.get("prices")
        return cls(solar=solar, prices=prices if isinstance(prices, Mapping) else {})


def _valid(solar: SolarMemory) -> SolarMemory:
    """Return the memory; raises ValueError for a day that has not 24 hours."""
    for day in solar.days:
        if len(day.measured_wh) != 24 or len(day.forecast_wh) != 24:
            raise ValueError("A day needs 24 hours")
    return solar
