"""The control engine: plain Python, pure, without a clock of its own and without I/O.

Data goes one way: a :class:`~.model.Snapshot` becomes headroom and surplus, demands, an
allocation, and by regulation a :class:`~.decision.Decision` per charger. :func:`decide` is all
that the outside needs.
"""

from .control import decide
from .result import Event, EventKind, Result, Tempo

__all__ = ["Event", "EventKind", "Result", "Tempo", "decide"]
