"""A virtual house with sun, loads, a main fuse, a meter, wallboxes and cars.

Plain Python, no Home Assistant: the closed-loop tests, the bench and the demo
run the same house. Deterministic by seed, steps of any length.

Signs: + is import, consumption and charging. Powers in W, currents in A (of the
active power, at power factor 1), energies in Wh, times in s since the start.
"""

from .house import House, HouseConfig

__all__ = ["House", "HouseConfig"]
