"""Start, stop and follow: one handler for each phase of a charger.

This is the only step that remembers. A handler takes a :class:`Context` and returns an
:class:`Outcome`; what is offered may rise only at the control tempo, and only on a meter reading
that is younger than the last command plus the time that charger and car need to follow.
"""

from collections.abc import Callable, Mapping

from ..state import Phase
from .adopting import adopting
from .charging import charging
from .context import Context, Outcome, with_room
from .paused import paused
from .switching import squeeze, switching
from .waking import waking

_HANDLERS: Mapping[Phase, Callable[[Context], Outcome]] = {
    Phase.ADOPTING: adopting,
    Phase.IDLE: paused,
    Phase.PAUSED: paused,
    Phase.CHARGING: charging,
    Phase.WAKING: waking,
}


def regulate(context: Context) -> Outcome:
    """Return what one charger offers from now on, and why."""
    context = with_room(context)
    if context.state.phase is Phase.SWITCHING:
        context, outcome = switching(context)
        if outcome is not None:
            return outcome
    return _HANDLERS[context.state.phase](context)


__all__ = ["Context", "Outcome", "regulate", "squeeze"]
