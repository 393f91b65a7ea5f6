"""What a run cost and how it went, counted on the true values of the house."""

from collections import defaultdict
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta

from simulation.house import House

from .cases import FULL_W, Case
from .inputs import HOUR_S, ZONE, Visit, day_ahead

UNMET_PRICE = 0.60
"""Currency for each kWh that a driver lacks and has to buy on the road."""
_QUARTER_S = 900.0
_CHARGES_W = 300.0
_SLACK_WH = 150.0
_SLACK_SHARE = 0.02
"""A driver does not notice that so much is missing."""
_READY_S = 60.0
"""From the plug to full power, at the least."""


@dataclass(kw_only=True, slots=True)
class Figures:
    """Sums over a run; two runs can be added."""

    days: float = 0.0
    visits: int = 0
    missed: int = 0
    """Stays that lack noticeably of what could have been charged."""
    cost: float = 0.0
    """What the house's bill is higher for the cars, feed-in that is lost included; no peaks."""
    peak_cost: float = 0.0
    """What the months' peaks of the whole house cost."""
    charged_wh: float = 0.0
    unmet_wh: float = 0.0
    solar_wh: float = 0.0
    """Of what was charged, what the house would have exported."""
    starts: int = 0
    switches: int = 0
    writes: int = 0
    plugged_s: float = 0.0
    """Of all cars together."""
    above_fuse_s: float = 0.0
    theta_max: float = 0.0
    day_peaks_w: list[float] = field(default_factory=list)
    """Highest mean import of a quarter of an hour, of each day with a car."""
    decisions: int = 0
    decide_s: float = 0.0
    """Processor time inside of the engine."""
    cpu_s: float = 0.0
    memory_mb: float = 0.0
    errors: int = 0

    def add(self, other: Figures) -> None:
        """Take another run's figures in."""
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            highest = one.name in ("theta_max", "memory_mb")
            setattr(self, one.name, max(mine, theirs) if highest else mine + theirs)

    @property
    def total(self) -> float:
        """What the cars cost in all: the bill, its peaks, and what is missing."""
        return self.cost + self.peak_cost + self.unmet_wh / 1000.0 * UNMET_PRICE


def possible_wh(visit: Visit) -> float:
    """Return what of a stay's energy could be charged within it at full power."""
    stay_s = (visit.unplugged - visit.plugged).total_seconds()
    return min(visit.energy_wh, FULL_W * max(0.0, stay_s - _READY_S) / HOUR_S)


@dataclass(kw_only=True, slots=True)
class Account:
    """Counts while a house runs."""

    case: Case
    house: House
    figures: Figures = field(default_factory=Figures)
    sampled: list[tuple[float, float, float, float]] | None = None
    """Time, import, sun and cars in W of each step, where somebody wants to draw them."""
    _hour: int = -1
    _price: float = 0.0
    _window: int = -1
    _window_wh: float = 0.0
    _month_w: dict[str, float] = field(default_factory=dict)
    _day_w: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _charging: dict[str, bool] = field(default_factory=dict)
    _phases: dict[str, int] = field(default_factory=dict)

    def count(self, dt_s: float) -> None:
        """Count a step that has just been made."""
        house = self.house
        grid_w, cars_w = sum(house.grid_w), sum(house.cars_w)
        self._count_window(grid_w, dt_s)
        if self.sampled is not None:
            self.sampled.append((house.now_s, grid_w, house.pv_power_w, cars_w))
        self._count_moves()
        if cars_w <= 0.0:
            return
        without_w = grid_w - cars_w
        kwh = dt_s / HOUR_S / 1000.0
        figures = self.figures
        figures.cost += (self._bill(grid_w) - self._bill(without_w)) * kwh
        figures.charged_wh += cars_w * kwh * 1000.0
        figures.solar_wh += min(cars_w, max(0.0, -without_w)) * kwh * 1000.0

    def left(self, visit: Visit, charged_wh: float) -> None:
        """Count a car that has just left with what it got."""
        figures = self.figures
        figures.visits += 1
        figures.plugged_s += (visit.unplugged - visit.plugged).total_seconds()
        if not self.case.promises:
            return
        wanted_wh = possible_wh(visit)
        missing_wh = max(0.0, wanted_wh - charged_wh)
        figures.unmet_wh += missing_wh
        figures.missed += missing_wh > _SLACK_WH + _SLACK_SHARE * wanted_wh

    def close(self) -> Figures:
        """Return all figures, at the end of the run."""
        figures, house = self.figures, self.house
        self._close_window()
        figures.days = house.now_s / 86_400.0
        figures.theta_max = house.fuse.theta_max
        figures.above_fuse_s = max(pole.above_rated_s for pole in house.fuse.poles)
        per_w = self.case.peak_per_kw / 12.0 / 1000.0
        figures.peak_cost = per_w * sum(self._month_w.values())
        figures.day_peaks_w = list(self._day_w.values())
        return figures

    def _bill(self, grid_w: float) -> float:
        """Return what a power costs, as the price of a kWh times W."""
        hour = int(self.house.now_s // HOUR_S)
        if hour != self._hour:
            self._hour, self._price = hour, price_at(self.case, self.house.now)
        if grid_w >= 0.0:
            return grid_w * self._price
        return grid_w * self.case.contract.feed_in

    def _count_window(self, grid_w: float, dt_s: float) -> None:
        # A step ends at now_s: what ends a window still belongs to it
        window = int((self.house.now_s - dt_s / 2.0) // _QUARTER_S)
        if window != self._window:
            self._close_window()
            self._window = window
        if grid_w > 0.0:
            self._window_wh += grid_w * dt_s / HOUR_S

    def _close_window(self) -> None:
        mean_w, self._window_wh = self._window_wh * HOUR_S / _QUARTER_S, 0.0
        begin_s = self._window * _QUARTER_S
        local = self.house.config.start + timedelta(seconds=begin_s)
        day = f"{local.astimezone(ZONE):%Y-%m-%d}"
        self._month_w[day[:7]] = max(mean_w, self._month_w.get(day[:7], 0.0))
        self._day_w[day] = max(mean_w, self._day_w[day])

    def _count_moves(self) -> None:
        for box in self.house.wallboxes:
            name, charges = box.config.name, box.power_w > _CHARGES_W
            self.figures.starts += charges and not self._charging.get(name, False)
            self._charging[name] = charges
            self.figures.switches += box.phases != self._phases.get(name, box.phases)
            self._phases[name] = box.phases


def price_at(case: Case, moment: datetime) -> float:
    """Return what an imported kWh costs at a moment, in currency."""
    if case.contract.fixed is not None:
        return case.contract.fixed
    hour = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return case.contract.price(day_ahead()[hour])
