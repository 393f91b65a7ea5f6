"""What electricity costs: published prices by entity, the contract, and who keeps them fresh.

Whoever needs prices keeps one :class:`PriceKeeper` a site::

    keeper = PriceKeeper(hass, PriceConfig.from_options(entry.options))
    keeper.take_up(stored)                # once, with what `stored` gave before the restart
    await keeper.async_refresh(now)       # at each slot, and when one of `entity_ids` changed
    prices = keeper.prices(start, slots)  # at any time, instant, never blocked, nothing missing
"""

from .config import PriceConfig
from .keeper import PriceKeeper, SlotPrices
from .source import PriceSource

__all__ = ["PriceConfig", "PriceKeeper", "PriceSource", "SlotPrices"]
