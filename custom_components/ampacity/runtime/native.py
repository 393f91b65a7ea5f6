"""Watches that what a charger does by itself, and must not, stays switched off."""

from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval

from ..chargers.native import watched_features
from ..const import SUBENTRY_CHARGER
from ..coordinator import AmpacityConfigEntry
from ..flows.preview import async_words
from ..issues import IssueKeeper, Trouble, native_troubles

CHECK_INTERVAL = timedelta(seconds=60)


@callback
def async_watch_native(hass: HomeAssistant, entry: AmpacityConfigEntry) -> None:
    """Tell in a repair issue of each feature that fights, until the entry is unloaded.

    Not before it has lasted for a while: its owner may be trying something.
    """
    issues = IssueKeeper(hass, entry)

    async def check(_now: datetime) -> None:
        troubles = await _async_troubles(hass, entry)
        issues.update(troubles, entry.runtime_data.state.clock_s)

    for unsubscribe in (
        async_track_time_interval(hass, check, CHECK_INTERVAL, cancel_on_shutdown=True),
        issues.clear,
    ):
        entry.async_on_unload(unsubscribe)


async def _async_troubles(
    hass: HomeAssistant, entry: AmpacityConfigEntry
) -> list[Trouble]:
    words = await async_words(hass)
    found = (
        (subentry, feature, words.say(feature.feature, of="native_feature"))
        for subentry in entry.get_subentries_of_type(SUBENTRY_CHARGER)
        for feature in watched_features(hass, subentry.data)
    )
    return native_troubles(entry, found)
