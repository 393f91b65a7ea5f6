"""What a charger still needs for its promise."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Energy that a charger has yet to take, losses included, and what it can take it with."""

    deadline: datetime
    firm_wh: float
    """Promised, whatever it costs."""
    max_w: float
    """The most that car and charger take together, where no limit of the site stops them."""
    min_w: float
    """The least with which they charge."""
    extra_wh: float = 0.0
    """Wanted beyond that at no more than ``price_limit``."""
    price_limit: float | None = None
    """Currency per kWh."""
