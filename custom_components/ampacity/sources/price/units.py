"""Units of prices, as integrations write them: EUR/kWh, €/MWh, ct/kWh, öre/kWh, p/kWh."""

_ENERGY = {"wh": 1000.0, "kwh": 1.0, "mwh": 0.001, "gwh": 0.000001}
_HUNDREDTHS = frozenset(
    {"c", "ct", "cent", "cents", "¢", "€c", "c€", "eurocent", "eurocents"}
    | {"p", "pence", "penny", "øre", "öre", "ore", "gr", "grosz", "hal", "haléř"}
)

_NO_MONEY = ("g", "co2", "co2e", "co2eq", "km", "mi")
"""Ends of units of emissions and distances, which come by the kWh as well."""


def price_factor(unit: object) -> float:
    """Return what a price in a unit has to be multiplied with to be currency per kWh.

    A unit that says nothing of energy or of money, or none at all, is taken for currency per kWh.
    """
    if not isinstance(unit, str):
        return 1.0
    money, _, energy = unit.strip().lower().partition("/")
    factor = _ENERGY.get(energy.strip(), 1.0)
    return factor / 100.0 if money.strip() in _HUNDREDTHS else factor


def is_price_unit(unit: object) -> bool:
    """Return whether a unit is one of money for energy."""
    if not isinstance(unit, str) or "/" not in unit:
        return False
    money, _, energy = unit.lower().partition("/")
    return energy.strip() in _ENERGY and not money.strip().endswith(_NO_MONEY)
