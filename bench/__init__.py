"""The year replayed: how close the engine comes to what is possible, and what others do beside it.

Prices, sun, load and sessions of real life drive the virtual house of :mod:`simulation`; the same
``decide`` and ``plan_site`` as in Home Assistant charge its cars. Rivals and the best that perfect
foresight could do run on the same days. See docs/benchmark.md.
"""
