"""Which promise a charger works on: the occurrences that are open, and the next of them.

There is one goal at a time: the open occurrence that is due first. A larger one that is due
later is not lost, it becomes the goal as soon as the first one is met. A promise that its car is
late for goes on for as long as the car stays plugged in; one that was due while the car was away
is over, and so is one that is met once its car leaves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf

from .model import Charger, Site
from .promise import Goal, Promise, PromiseSource
from .promise_times import last_occurrence, next_occurrence
from .vehicle import Vehicle

FULL_SOC = 100.0
FALLEN = 3.0
"""Percent that a car must have less for a promise to be open again that it had enough for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A promise and when it is due now."""

    promise: Promise
    ready_by: datetime

    @property
    def is_met(self) -> bool:
        """Whether nothing more is to be charged for it."""
        return self.promise.met == self.ready_by


def up_to_date(
    site: Site, promises: Iterable[Promise], now: datetime, *, away: bool
) -> tuple[Promise, ...]:
    """Return the promises with what is over marked as over; ``away`` where no car is plugged in.

    Single ones that are over are left out; those of a calendar only once their time has passed,
    as the event that they come from is still there until then.
    """
    closed = (_closed(site, promise, now, away=away) for promise in promises)
    return tuple(
        promise
        for promise in closed
        if due(site, promise, now) is not None
        or (promise.source is PromiseSource.CALENDAR and promise.ready_by > now)
    )


def open_occurrences(
    site: Site, promises: Iterable[Promise], now: datetime
) -> tuple[Occurrence, ...]:
    """Return the occurrence of each promise that counts now, of promises that are up to date."""
    found = ((promise, due(site, promise, now)) for promise in promises)
    return tuple(
        Occurrence(promise=promise, ready_by=ready_by)
        for promise, ready_by in found
        if ready_by is not None
    )


def due(site: Site, promise: Promise, now: datetime) -> datetime | None:
    """Return when a promise that is up to date is due, late or next; None when it is over."""
    return last_occurrence(promise, now, site.time_zone) or next_occurrence(
        promise, now, site.time_zone
    )


def _closed(site: Site, promise: Promise, now: datetime, *, away: bool) -> Promise:
    """Return the promise with what is over marked as over."""
    late = last_occurrence(promise, now, site.time_zone)
    if late is not None and (away or promise.met == late):
        promise = replace(promise, over=late)
    if away and promise.met is not None:
        over = promise.over if promise.effortless else promise.met
        return replace(promise, over=over, met=None, effortless=False, met_soc=None)
    return promise


def reopened(
    promises: Iterable[Promise],
    charger: Charger,
    vehicle: Vehicle | None,
    soc: float | None,
) -> tuple[Promise, ...]:
    """Return the promises with those open again whose car turns out to be less full.

    Many a car tells for some minutes after plugging in how full it was before it drove. What has
    been charged for and is met stays met.
    """
    if soc is None:
        return tuple(promises)
    return tuple(
        replace(one, met=None, effortless=False, met_soc=None)
        if one.met_soc is not None
        and soc < min(one.met_soc, _amount(one, charger, vehicle)[0] or 0.0) - FALLEN
        else one
        for one in promises
    )


def chosen(occurrences: Iterable[Occurrence]) -> Occurrence | None:
    """Return the occurrence to work on: the first that is not met, else the first of all."""
    return min(
        occurrences,
        key=lambda one: (one.is_met, one.ready_by, -_size(one.promise)),
        default=None,
    )


def _size(promise: Promise) -> float:
    """Return what comes first of two that are due together: the larger one."""
    if promise.soc is None and promise.energy_wh is None:
        return inf
    return promise.soc if promise.soc is not None else promise.energy_wh or 0.0


def goal_of(
    occurrence: Occurrence,
    charger: Charger,
    vehicle: Vehicle | None,
    before: Goal | None,
) -> Goal:
    """Return an occurrence as the goal to work on; what is remembered of the same one goes on."""
    promise = occurrence.promise
    if not (
        before is not None
        and before.promise_id == promise.id
        and before.ready_by == occurrence.ready_by
    ):
        before = Goal(promise_id=promise.id, ready_by=occurrence.ready_by)
    soc, energy_wh = _amount(promise, charger, vehicle)
    return replace(
        before,
        soc=soc,
        energy_wh=energy_wh,
        price_limit=promise.price_limit,
        below_limit_soc=promise.below_limit_soc,
        met=occurrence.is_met,
        warned=promise.warned == occurrence.ready_by,
    )


def _amount(
    promise: Promise, charger: Charger, vehicle: Vehicle | None
) -> tuple[float | None, float | None]:
    """Return what is promised, as percent or as Wh: the promise's, the charger's or the car's."""
    if promise.soc is not None or promise.energy_wh is not None:
        return promise.soc, None if promise.soc is not None else promise.energy_wh
    if charger.target_soc is not None or charger.target_energy_wh is not None:
        soc = charger.target_soc
        return soc, None if soc is not None else charger.target_energy_wh
    return vehicle.target_soc if vehicle is not None else FULL_SOC, None
