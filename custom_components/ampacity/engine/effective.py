"""The chargers as they are right now: their configuration with what was learned of them."""

from dataclasses import replace

from .learned import Watching, settle_s
from .model import Charger, ChargerReading, Site, Snapshot
from .state import ChargerState, EngineState

FLOWS_A = 1.0
"""More than this on a phase, and the car uses it."""


def effective_site(site: Site, snapshot: Snapshot, state: EngineState) -> Site:
    """Return the site with its chargers as they are right now."""
    chargers = tuple(
        effective(
            site,
            charger,
            snapshot.chargers.get(charger.id),
            state.charger(charger.id),
        )
        for charger in site.chargers
    )
    return site if chargers == site.chargers else replace(site, chargers=chargers)


def effective(
    site: Site, charger: Charger, reading: ChargerReading | None, state: ChargerState
) -> Charger:
    """Return a charger with its learned settle time and wiring, on the phases that its car uses.

    What the user configured comes before what was learned.
    """
    changes: dict[str, float | tuple[int, ...] | None] = {}
    if charger.learns_settle and (learned_s := settle_s(state.learned)) is not None:
        changes["settle_s"] = learned_s
    wiring = charger.phase_map or state.learned.phase_map
    if wiring is not None and len(wiring) < charger.phases:
        wiring = None
    if wiring != charger.phase_map:
        changes["phase_map"] = wiring
    phases = _car_phases(site, charger, reading, state, wiring)
    if phases < charger.phases:
        changes["phases"] = phases
        changes["phase_map"] = wiring and wiring[:phases]
    return replace(charger, **changes) if changes else charger  # type: ignore[arg-type]


def _car_phases(
    site: Site,
    charger: Charger,
    reading: ChargerReading | None,
    state: ChargerState,
    wiring: tuple[int, ...] | None,
) -> int:
    """Return on how many of the charger's phases the car charges; on all unless that is sure."""
    phases = state.watching.car_phases
    if phases is None or phases >= charger.phases or reading is None:
        return charger.phases
    if not _explains(state.watching, wiring, phases):
        return charger.phases
    return charger.phases if _takes_more(site, reading, state, phases) else phases


def _explains(watching: Watching, wiring: tuple[int, ...] | None, phases: int) -> bool:
    """Whether the car uses the first phases of the charger, and these hang where they should."""
    first = tuple(range(phases))
    return all(
        one.carried == first and (wiring is None or one.fits(wiring))
        for one in watching.car
    )


def _takes_more(
    site: Site, reading: ChargerReading, state: ChargerState, phases: int
) -> bool:
    """Whether the charger's sensors show more than a car on so many phases can take."""
    if any(one.ok and abs(one.value) > FLOWS_A for one in reading.current_a[phases:]):
        return True
    power = reading.power_w
    if power is None or not power.ok or reading.current_a:
        return False
    orders = state.orders
    most_a = max(orders.offer_a, orders.before_a, orders.before_now_a) + FLOWS_A
    return abs(power.value) > 1.1 * phases * most_a * site.voltage_v
