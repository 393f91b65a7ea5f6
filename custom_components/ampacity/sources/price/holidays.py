"""Which days are holidays: from a calendar, or from the workday sensor."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import voluptuous as vol

_LOGGER = logging.getLogger(__name__)
_SATURDAY = 5
_DAY = timedelta(days=1)


async def async_holidays(
    hass: HomeAssistant, entity_id: str, start: datetime, end: datetime
) -> frozenset[date] | None:
    """Return the local days between two moments that are holidays; None where nobody tells.

    Of a calendar each day with an event that lasts all day. Of a workday sensor each day from
    Monday to Friday that is no workday, asked by its action ``workday.check_date``.
    """
    first = dt_util.as_local(start).date()
    count = (dt_util.as_local(end).date() - first).days + 1
    days = [first + index * _DAY for index in range(count)]
    try:
        if entity_id.startswith("calendar."):
            return await _async_of_calendar(hass, entity_id, days)
        return await _async_of_workday(hass, entity_id, days)
    except (HomeAssistantError, vol.Invalid, TimeoutError) as err:
        _LOGGER.debug("Holidays of %s: %s", entity_id, err)
        return None


async def _async_of_calendar(
    hass: HomeAssistant, entity_id: str, days: list[date]
) -> frozenset[date] | None:
    answer = await _async_ask(
        hass,
        "calendar.get_events",
        entity_id,
        start_date_time=dt_util.start_of_local_day(days[0]).isoformat(),
        end_date_time=dt_util.start_of_local_day(days[-1] + _DAY).isoformat(),
    )
    events = answer.get("events") if isinstance(answer, Mapping) else None
    if not isinstance(events, list):
        return None
    return frozenset(day for event in events for day in _all_day(event))


def _all_day(event: Any) -> Iterator[date]:
    """Yield the days of an event that lasts all day; its end is the day after, as in iCalendar."""
    if not isinstance(event, Mapping):
        return
    start, end = (
        dt_util.parse_date(str(event.get(key, ""))) for key in ("start", "end")
    )
    day = start
    while day is not None and end is not None and day < end:
        yield day
        day += _DAY


async def _async_of_workday(
    hass: HomeAssistant, entity_id: str, days: list[date]
) -> frozenset[date] | None:
    holidays = set()
    for day in days:
        if day.weekday() >= _SATURDAY:
            continue
        answer = await _async_ask(
            hass, "workday.check_date", entity_id, check_date=day.isoformat()
        )
        works = answer.get("workday") if isinstance(answer, Mapping) else None
        if works is None:
            return None
        if not works:
            holidays.add(day)
    return frozenset(holidays)


async def _async_ask(
    hass: HomeAssistant, action: str, entity_id: str, **data: Any
) -> Any:
    """Return what an action answers for one entity; None where there is no such action."""
    domain, name = action.split(".")
    if not hass.services.has_service(domain, name):
        return None
    answer = await hass.services.async_call(
        domain,
        name,
        data,
        target={"entity_id": entity_id},
        blocking=True,
        return_response=True,
    )
    return answer.get(entity_id) if isinstance(answer, Mapping) else None
