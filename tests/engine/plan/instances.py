"""Random problems: from quiet to far too much, the same ones for the same seed."""

from math import inf, pi, sin
from random import Random

from custom_components.ampacity.engine.plan import Peak, PlanCar, Problem, Slot

LIMIT_WH = {"easy": 0.6, "tight": 1.1, "impossible": 1.8}
"""How much of what cars could take at most they want, at most."""


def prices(rng: Random, slots: int) -> list[float]:
    """Return prices as tariffs have them: flat, two rates, by the hour, by the quarter."""
    kind = rng.choice(["flat", "rates", "hours", "quarters", "wild"])
    if kind == "flat":
        return [0.30] * slots
    if kind == "rates":
        return [0.18 if (at // 4) % 24 < 7 else 0.34 for at in range(slots)]
    step = 1 if kind == "quarters" else 4
    low, high = (-0.15, 0.6) if kind == "wild" else (0.05, 0.45)
    found: list[float] = []
    while len(found) < slots:
        found += [round(rng.uniform(low, high), 4)] * step
    return found[:slots]


def slots_of(
    rng: Random, count: int, cars: int, names: tuple[str, ...]
) -> tuple[Slot, ...]:
    """Return slots with or without sun, with or without a tight connection."""
    tariff = prices(rng, count)
    top = rng.choice([0.0, 2500.0, 9000.0])
    feed_in = rng.choice([0.0, 0.05, 0.08])
    room = rng.choice([inf, 11000.0 + 2000.0 * cars, 9000.0 + 700.0 * cars, 4600.0])
    tight = {name: rng.choice([inf, 22000.0, 11000.0, 7400.0]) for name in names}
    start = rng.randrange(96)
    found = []
    for at, price in enumerate(tariff):
        day = (start + at) % 96
        bell = max(0.0, sin((day - 24) / 48 * pi)) if 24 <= day <= 72 else 0.0
        house = rng.uniform(200.0, 3000.0)
        found.append(
            Slot(
                import_price=price,
                feed_in_price=min(feed_in, price),
                sun_w=round(top * bell * rng.uniform(0.3, 1.0), 1),
                room_w=inf if room == inf else max(0.0, round(room - house, 1)),
                groups={name: watts for name, watts in tight.items() if watts < inf},
                hours=0.25
                if at or rng.random() < 0.5
                else rng.choice([0.05, 0.1, 0.2]),
                house_w=round(house, 1),
            )
        )
    return tuple(found)


def car(rng: Random, number: int, slots: int, hard: str, *, minimum: bool) -> PlanCar:
    """Return a car as they are: one or three phases, 16 or 32 A, plugged in now or later."""
    phases, amps = rng.choice([1, 1, 3, 3, 3, 2]), rng.choice([16, 16, 32])
    max_w = 230.0 * phases * amps
    first = rng.choice([0, 0, rng.randrange(slots // 2)])
    stop = rng.choice([slots, rng.randrange(first + 8, slots + 1)])
    could = min(max_w * 0.25 * (stop - first), 60000.0)
    firm = round(could * rng.uniform(0.05, LIMIT_WH[hard]), 1)
    extra = round(firm * rng.uniform(0.1, 0.8), 1) if rng.random() < 0.4 else 0.0
    caps = None
    if rng.random() < 0.15:
        caps = tuple(rng.choice([max_w, max_w, max_w / 2]) for _ in range(slots))
    outer = rng.choice([(), ("garage",), ("garage",)])
    inner = rng.choice([(), ("left",), ("right",)]) if outer else ()
    return PlanCar(
        id=f"car{number}",
        firm_wh=firm if rng.random() < 0.9 or not extra else 0.0,
        max_w=max_w,
        min_w=230.0 * phases * 6 if minimum else 0.0,
        extra_wh=extra,
        price_limit=rng.choice([0.1, 0.15, 0.25]),
        first=first,
        stop=stop,
        caps_w=caps,
        groups=inner + outer,
        charging=first == 0 and rng.random() < 0.2,
    )


def problem(seed: int, *, minimum: bool = False, peak: bool = False) -> Problem:
    """Return the problem of a seed."""
    rng = Random(seed)
    count, cars = rng.randint(48, 192), rng.randint(1, 8)
    hard = rng.choice(["easy", "easy", "tight", "impossible"])
    slots = slots_of(rng, count, cars, ("left", "right", "garage"))
    return Problem(
        slots=slots,
        cars=tuple(
            car(rng, number, count, hard, minimum=minimum) for number in range(cars)
        ),
        peak=Peak(price=rng.choice([0.001, 0.004]), paid_w=rng.choice([2500.0, 6000.0]))
        if peak
        else None,
        start_cost=rng.choice([0.0, 0.01, 0.03]) if minimum else 0.0,
    )
