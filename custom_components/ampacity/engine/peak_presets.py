"""Peak tariffs that are in use. Prices differ from one grid company to the next and are left out.

Sources, as published by the grid companies and regulators:

* Belgium, Flanders: the highest mean of a quarter of an hour of the month, 2.5 kW at least; the
  year's bill is the mean of twelve such months (Fluvius and the Flemish regulator, since 2023).
* Norway: the mean of the three highest hours on three different days of the month chooses a step;
  5.00 kW is in the step from 5 kW on (Griug, Vissi, Lysna and others; since July 2022). Some
  companies take the highest hour alone (Lede): rank 1 there.
* Sweden has as many tariffs as companies, and no law demands one any more: three highest hours on
  three different days (Göteborg Energi); the same with half the power counting from 22 to 6
  (Ellevio); the highest hour on weekdays from 7 to 20, November to March (Telge Nät); the three
  highest hours on weekdays from 7 to 19 (Sollentuna). Public holidays, which are free in the last
  two, are not known here and count like any weekday.
"""

from collections.abc import Mapping

from .tariffs import HOUR_S, PeakTariff

_WORKDAYS = frozenset(range(5))

PRESETS: Mapping[str, PeakTariff] = {
    "belgium": PeakTariff(floor_w=2500.0),
    "norway": PeakTariff(
        window_s=HOUR_S,
        rank=3,
        distinct_days=True,
        steps_w=(2e3, 5e3, 10e3, 15e3, 20e3, 25e3, 50e3, 75e3, 100e3),
    ),
    "sweden_three_days": PeakTariff(window_s=HOUR_S, rank=3, distinct_days=True),
    "sweden_half_by_night": PeakTariff(
        window_s=HOUR_S,
        rank=3,
        distinct_days=True,
        reduced_hours=(22, 6),
        reduced_share=0.5,
    ),
    "sweden_winter_workdays": PeakTariff(
        window_s=HOUR_S,
        hours=(7, 20),
        weekdays=_WORKDAYS,
        months=frozenset({11, 12, 1, 2, 3}),
    ),
    "sweden_workdays": PeakTariff(
        window_s=HOUR_S, rank=3, hours=(7, 19), weekdays=_WORKDAYS
    ),
}
