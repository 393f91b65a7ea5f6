"""The grid meter: what flows through the connection, as a meter reports it."""

from dataclasses import dataclass

from .phases import ZERO, Phases, quantize, quantize_phases
from .publisher import Fault, Published, Publisher


@dataclass(frozen=True, kw_only=True, slots=True)
class MeterConfig:
    """How often, how late and how coarsely the meter reports."""

    period_s: float = 1.0
    delay_s: float = 0.0
    power_step_w: float = 1.0
    current_step_a: float = 0.1
    voltage_step_v: float = 0.1
    signed_current: bool = True
    """False: currents are amounts, as many meters report them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GridReading:
    """One sample of the connection at one moment; + is import."""

    power_w: float
    phase_power_w: Phases
    current_a: Phases
    voltage_v: Phases
    import_wh: float
    export_wh: float


class Meter:
    """Samples the connection and publishes readings.

    Powers and currents are those of the moment; the energy registers count the sum
    of the phases, as meters do that net the phases against each other.
    """

    __slots__ = (
        "_config",
        "_publisher",
        "_voltage_v",
        "_watts",
        "export_wh",
        "import_wh",
    )

    def __init__(self, config: MeterConfig) -> None:
        """Start with both registers at zero."""
        self._config = config
        self._publisher = Publisher[GridReading](
            period_s=config.period_s, delay_s=config.delay_s
        )
        self._watts = ZERO
        self._voltage_v = ZERO
        self.import_wh = 0.0
        self.export_wh = 0.0

    @property
    def reading(self) -> Published[GridReading] | None:
        """What the outside sees now; None before the first reading and while unavailable."""
        return self._publisher.latest

    @property
    def fault(self) -> Fault[GridReading] | None:
        """The present fault: `off`, `frozen`, `silent` of publisher.py or a function of one's own."""
        return self._publisher.fault

    @fault.setter
    def fault(self, fault: Fault[GridReading] | None) -> None:
        self._publisher.fault = fault

    def advance(
        self, power_w: Phases, voltage_v: Phases, dt_s: float, now_s: float
    ) -> None:
        """Let a constant power flow for `dt_s` up to `now_s`."""
        total_w = power_w[0] + power_w[1] + power_w[2]
        energy_wh = total_w * dt_s / 3600
        if energy_wh > 0:
            self.import_wh += energy_wh
        else:
            self.export_wh -= energy_wh
        self._watts = power_w
        self._voltage_v = voltage_v
        self._publisher.advance(now_s, self._sample)

    def _sample(self) -> GridReading:
        """Return the connection's present values, rounded."""
        config = self._config
        watts, voltage = self._watts, self._voltage_v
        current = currents_a(watts, voltage)
        if not config.signed_current:
            current = (abs(current[0]), abs(current[1]), abs(current[2]))
        return GridReading(
            power_w=quantize(sum(watts), config.power_step_w),
            phase_power_w=quantize_phases(watts, config.power_step_w),
            current_a=quantize_phases(current, config.current_step_a),
            voltage_v=quantize_phases(voltage, config.voltage_step_v),
            import_wh=self.import_wh,
            export_wh=self.export_wh,
        )


def currents_a(power_w: Phases, voltage_v: Phases) -> Phases:
    """Return the signed currents of the powers at power factor 1; 0 A where there is no voltage."""
    p1, p2, p3 = power_w
    v1, v2, v3 = voltage_v
    return (p1 / v1 if v1 else 0.0, p2 / v2 if v2 else 0.0, p3 / v3 if v3 else 0.0)
