"""Base load and appliances."""

from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

from simulation.appliance import (
    FRIDGE,
    HOB,
    KETTLE,
    OVEN,
    WASHING_MACHINE,
    Appliance,
    ApplianceConfig,
)
from simulation.load import BaseLoadConfig, base_load


def _watts(appliance: Appliance, since_s: int, until_s: int) -> list[float]:
    """Return the total power for each second."""
    return [sum(appliance.power_w(float(t_s))) for t_s in range(since_s, until_s)]


def test_base_load_wanders_around_its_mean() -> None:
    """On every phase, and never to nothing."""
    config = BaseLoadConfig()
    load = base_load(config, Random(3))
    day = [load.power_w(float(t_s)) for t_s in range(86_400)]
    for phase in range(3):
        values = [watts[phase] for watts in day]
        assert sum(values) / len(values) == pytest.approx(
            config.mean_w[phase], rel=0.03
        )
        assert min(values) >= 0.25 * config.mean_w[phase]
        assert len(set(values)) > 2000


def test_base_load_never_falls_to_nothing() -> None:
    """However widely it wanders."""
    load = base_load(BaseLoadConfig(spread=2.0), Random(3))
    assert min(load.power_w(float(t_s))[0] for t_s in range(86_400)) == 37.5


def test_oven_preheats_then_cycles_on_l1() -> None:
    """Full power for about 5 min, then its thermostat."""
    oven = Appliance(OVEN, Random(1))
    oven.switch(on=True, now_s=10.0)
    assert oven.power_w(11.0) == (2400.0, 0.0, 0.0)
    watts = _watts(oven, 12, 3600)
    assert watts.index(0.0) + 12 == pytest.approx(310, abs=32)
    cycling = watts[400:]
    assert 0.3 < sum(cycling) / len(cycling) / 2400 < 0.5
    assert oven.on
    oven.switch(on=False, now_s=3600.0)
    assert _watts(oven, 3600, 3700) == [0.0] * 100


@pytest.mark.parametrize(
    ("config", "lasts_s"),
    [(KETTLE, 180), (WASHING_MACHINE, 4320)],
    ids=lambda c: str(c),
)
def test_programmes_end_by_themselves(config: ApplianceConfig, lasts_s: int) -> None:
    """And the appliance is off then."""
    appliance = Appliance(config, Random(1))
    appliance.switch(on=True, now_s=0.0)
    assert _watts(appliance, 0, int(lasts_s * 0.85))[-1] > 0
    _watts(appliance, int(lasts_s * 0.85), int(lasts_s * 1.15))
    assert not appliance.on


def test_hob_loads_three_phases_until_it_is_switched_off() -> None:
    """7.2 kW for as long as somebody cooks."""
    hob = Appliance(HOB, Random(1))
    hob.switch(on=True, now_s=0.0)
    assert hob.power_w(1e6) == (2400.0, 2400.0, 2400.0)


def test_fridge_runs_from_the_start() -> None:
    """A third of the time."""
    watts = _watts(Appliance(FRIDGE, Random(1)), 0, 86_400)
    assert sum(watts) / 86_400 / 90 == pytest.approx(1 / 3, rel=0.1)


def test_oven_by_itself() -> None:
    """Now and then for 40 s; by hand it stays on, afterwards it goes on by itself again."""
    oven = Appliance(
        replace(OVEN, auto_gap_s=(130.0, 190.0), auto_run_s=40.0), Random(1)
    )
    watts = _watts(oven, 0, 3600)
    starts = [t for t in range(1, 3600) if watts[t] and not watts[t - 1]]
    gaps = [b - a for a, b in pairwise(starts)]
    assert 169 <= min(gaps) <= max(gaps) <= 231
    assert sum(watts) / 2400 / len(starts) == pytest.approx(40, abs=1.5)

    oven.switch(on=True, now_s=3600.0)
    assert min(_watts(oven, 3600, 3860)) == 2400.0
    oven.switch(on=False, now_s=3860.0)
    after = _watts(oven, 3860, 4060)
    assert 129 <= after.index(2400.0) <= 191

    oven.switch(on=False, now_s=4060.0)
    oven.automatic = False
    assert not any(_watts(oven, 4060, 8000))
    oven.automatic = True
    assert any(_watts(oven, 8000, 8200))


def test_long_jump_catches_up() -> None:
    """Asked an hour later, it is where it would be second by second."""
    stepped, jumped = Appliance(OVEN, Random(9)), Appliance(OVEN, Random(9))
    for oven in (stepped, jumped):
        oven.switch(on=True, now_s=0.0)
    _watts(stepped, 0, 3600)
    assert jumped.power_w(3600.0) == stepped.power_w(3600.0)


@pytest.mark.parametrize(
    "changes", [{"stages": ()}, {"stages": ((1.0, 0.0),)}, {"auto_gap_s": (0.0, 5.0)}]
)
def test_refuses_programmes_that_never_let_time_pass(
    changes: dict[str, object],
) -> None:
    """They would hang the house."""
    with pytest.raises(ValueError, match="positive"):
        ApplianceConfig(
            name="broken",
            rated_w=(1.0, 0.0, 0.0),
            **changes,  # type: ignore[arg-type]
        )
