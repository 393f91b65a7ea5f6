"""What the main fuse of a house usually is, by country.

It is shown beside the field and never taken: only the user knows the own fuse. Where the sizes
come from:

* Germany: VDE-AR-N 4100, selective main switch of 35, 50 or 63 A. Austria: TAEV, fuses before the
  meter. Switzerland and Liechtenstein: works regulations WV-CH (VSE). Luxembourg: TAB of Creos.
* Netherlands: connection categories of the grid operators' tariffs. Belgium: Synergrid C1/107.
* France: subscribed powers of Enedis, 6 to 12 kVA single-phase, NF C 14-100. Spain: REBT
  ITC-BT-10 and 25, main switch and contracted power. Portugal: contracted powers of E-REDES.
  Italy: contracted powers of ARERA, 3 kW upwards.
* Sweden: fuse subscriptions of the grid operators (Vattenfall Eldistribution: 16 A for most, 20 and
  25 A with electric heating). Slovenia: the fuses behind each billed power (Elektro Ljubljana).
  Norway: REN sheets, IT grids of 230 V.
  Denmark: tariffs of the grid companies by A. Finland, Estonia: connection sizes of the operators.
* United Kingdom: cut-out fuses, ENA. Ireland: ESB Networks, 12 and 16 kVA.
* Czechia, Slovakia: tariffs by main breaker. Poland, Hungary: usual connections.
* Australia: AS/NZS 3000 and service rules of the states. New Zealand: usual pole fuse.
* United States, Canada: services of 100 to 200 A in two legs, NEC 230.
"""

from dataclasses import dataclass
from enum import StrEnum


class FuseNote(StrEnum):
    """What a user should know beside the size of the fuse."""

    CONTRACT = "contract"
    """The contract limits the power as well, and often it is the lower limit."""
    NO_NEUTRAL = "no_neutral"
    """Many houses have 230 V between the phases and no neutral."""
    TWO_LEGS = "two_legs"
    """Houses have two legs of 120 V, which are not watched one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualFuse:
    """What is usual for houses of one country."""

    phases: int
    sizes_a: tuple[int, ...]
    """The common ones, smallest first, of a house with that many phases."""
    note: FuseNote | None = None


USUAL: dict[str, UsualFuse] = {
    "AT": UsualFuse(phases=3, sizes_a=(25, 35, 50)),
    "AU": UsualFuse(phases=1, sizes_a=(63, 80, 100)),
    "BE": UsualFuse(phases=1, sizes_a=(40, 50, 63)),
    "CA": UsualFuse(phases=1, sizes_a=(100, 200), note=FuseNote.TWO_LEGS),
    "CH": UsualFuse(phases=3, sizes_a=(25, 40, 63)),
    "CZ": UsualFuse(phases=3, sizes_a=(20, 25, 32)),
    "DE": UsualFuse(phases=3, sizes_a=(35, 50, 63)),
    "DK": UsualFuse(phases=3, sizes_a=(25, 35)),
    "EE": UsualFuse(phases=3, sizes_a=(16, 20, 25)),
    "ES": UsualFuse(phases=1, sizes_a=(25, 32, 40, 63), note=FuseNote.CONTRACT),
    "FI": UsualFuse(phases=3, sizes_a=(25, 35)),
    "FR": UsualFuse(phases=1, sizes_a=(30, 45, 60), note=FuseNote.CONTRACT),
    "GB": UsualFuse(phases=1, sizes_a=(60, 80, 100)),
    "HU": UsualFuse(phases=1, sizes_a=(16, 25, 32)),
    "IE": UsualFuse(phases=1, sizes_a=(63, 80)),
    "IT": UsualFuse(phases=1, sizes_a=(16, 25, 32), note=FuseNote.CONTRACT),
    "LI": UsualFuse(phases=3, sizes_a=(25, 40, 63)),
    "LU": UsualFuse(phases=3, sizes_a=(32, 40, 63)),
    "NL": UsualFuse(phases=3, sizes_a=(25, 35)),
    "NO": UsualFuse(phases=3, sizes_a=(40, 50, 63), note=FuseNote.NO_NEUTRAL),
    "NZ": UsualFuse(phases=1, sizes_a=(63,)),
    "PL": UsualFuse(phases=3, sizes_a=(20, 25, 32)),
    "PT": UsualFuse(phases=1, sizes_a=(20, 30, 45), note=FuseNote.CONTRACT),
    "SE": UsualFuse(phases=3, sizes_a=(16, 20, 25)),
    "SI": UsualFuse(phases=3, sizes_a=(16, 20, 25)),
    "SK": UsualFuse(phases=3, sizes_a=(20, 25)),
    "US": UsualFuse(phases=1, sizes_a=(100, 200), note=FuseNote.TWO_LEGS),
}


def usual_fuse(country: str | None) -> UsualFuse | None:
    """Return what is usual in a country, given by its ISO 3166 code; None where it isn't known."""
    return USUAL.get(country or "")
