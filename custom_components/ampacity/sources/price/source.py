"""The prices that one entity leads to: by its integration's action, its attributes, its state."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ...const import CONF_PRICE_ENTITY
from ...engine.outlook import SLOT
from ...engine.prices import PriceSeries, PriceSpan
from .actions import async_by_action
from .attributes import from_attributes
from .request import PriceError, Request
from .spans import begin_of_slot, described, number

_LOGGER = logging.getLogger(__name__)

TIMEOUT_S = 30.0


@dataclass(slots=True)
class PriceSource:
    """Published prices, as they are before the contract's formula."""

    entity_id: str
    is_feed_in: bool = False
    """It tells what feeding in brings; some integrations keep a list of its own for that."""
    problem: str | None = None
    """Why the newest fetch brought less than it should, in words for the log."""
    has_forecast: bool = False
    """It has told more than its present price at some time."""
    by_action: bool = False
    """The newest fetch was answered by an action, which may have asked a server."""

    @classmethod
    def from_config(cls, options: Mapping[str, Any]) -> PriceSource | None:
        """Return the source of import prices that a site's options name, if they name one."""
        entity_id = options.get(CONF_PRICE_ENTITY)
        return cls(entity_id) if entity_id else None

    async def async_fetch(
        self, hass: HomeAssistant, start: datetime, end: datetime
    ) -> PriceSeries | None:
        """Return the published prices between two moments, as far as they are told.

        In currency per kWh. An entity without a list of prices gives the present quarter of an
        hour only. None where nothing could be understood; ``problem`` then says why, and is
        logged when it is another one than before. Never raises.
        """
        problem: str | None = None
        try:
            spans, problem = await self._async_spans(hass, start, end)
            series = PriceSeries.of(spans)
        except Exception as err:  # noqa: BLE001 - prices must never be in the way
            series, problem = PriceSeries(), described(err)
        self._note(problem)
        return series.within(start, end) if series.spans else None

    async def _async_spans(
        self, hass: HomeAssistant, start: datetime, end: datetime
    ) -> tuple[list[PriceSpan], str | None]:
        request = self._request(hass, start, end)
        problem = None
        try:
            async with asyncio.timeout(TIMEOUT_S):
                spans = await async_by_action(request)
        except (PriceError, HomeAssistantError, vol.Invalid, TimeoutError) as err:
            spans, problem = [], described(err)
        self.by_action = bool(spans)
        spans = spans or from_attributes(request)
        self.has_forecast = self.has_forecast or bool(spans)
        now = dt_util.utcnow()
        present = _present(request, now)
        if not spans and present is None and problem is None:
            problem = "the entity tells no price"
        if present is not None and not any(one.start <= now < one.end for one in spans):
            spans = [present, *spans]
        return spans, problem

    def _request(self, hass: HomeAssistant, start: datetime, end: datetime) -> Request:
        return Request(
            hass=hass,
            entity_id=self.entity_id,
            state=hass.states.get(self.entity_id),
            entry=er.async_get(hass).async_get(self.entity_id),
            start=start,
            end=end,
            is_feed_in=self.is_feed_in,
        )

    def _note(self, problem: str | None) -> None:
        """Log a problem when it is new, and its end."""
        if problem == self.problem:
            return
        if problem is not None:
            _LOGGER.warning("Prices of %s: %s", self.entity_id, problem)
        else:
            _LOGGER.info("Prices of %s are there again", self.entity_id)
        self.problem = problem


def _present(request: Request, now: datetime) -> PriceSpan | None:
    """Return the entity's state as the price of the present quarter of an hour."""
    price = number(request.state.state) if request.state else None
    if price is None:
        return None
    begin = begin_of_slot(now, SLOT)
    return PriceSpan(start=begin, end=begin + SLOT, price=price * request.factor)
