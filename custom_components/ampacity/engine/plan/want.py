"""What energy is worth to one car that chooses."""

from math import inf
from typing import NamedTuple

from .problem import PlanCar


class Want(NamedTuple):
    """Energies in Wh, prices in currency per Wh, none below the next."""

    firm: float
    extra: float
    worth: float
    """Of firm energy."""
    limit: float
    """Of the extra."""
    over: float
    """Of what is beyond that: below 0, as it is of no use."""

    def value(self, energy: float) -> float:
        """Return what an energy is worth, less than 0 where firm energy is missing."""
        beyond = energy - self.firm
        if beyond <= 0.0:
            return beyond * self.worth
        wanted = min(beyond, self.extra)
        return wanted * self.limit + (beyond - wanted) * self.over

    def span(self, price: float) -> tuple[float, float]:
        """Return the least and the most that is best taken where all of it has one price."""
        low, high = 0.0, inf
        if price < self.worth:
            low = self.firm
        if price < self.limit:
            low = self.firm + self.extra
        if price > self.over:
            high = self.firm + self.extra
        if price > self.limit:
            high = self.firm
        if price > self.worth:
            high = 0.0
        return low, high

    def surplus(self, price: float) -> float:
        """Return how much what is best taken is worth beyond its price."""
        low, _ = self.span(price)
        return self.value(low) - price * low


def want_of(car: PlanCar, worth: float, over: float) -> Want:
    """Return what a car wants; firm energy has a worth, what is too much a price, per kWh."""
    limit = min(car.price_limit, worth) / 1000.0
    return Want(
        car.firm_wh, max(0.0, car.extra_wh), worth / 1000.0, limit, -over / 1000.0
    )
