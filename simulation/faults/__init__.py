"""What can go wrong around the engine: a registry of faults that come and go in the virtual house.

Each fault is a function of its own: it begins, yields while it lasts, and ends. It changes the
house, the readings or the commands, and never the engine.
"""

from . import cars, chargers, meters, software
from .kinds import FAULTS, FaultKind, Kitchen, Scene

__all__ = [
    "FAULTS",
    "FaultKind",
    "Kitchen",
    "Scene",
    "cars",
    "chargers",
    "meters",
    "software",
]
