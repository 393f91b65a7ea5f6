"""What a step of control returns."""

from dataclasses import dataclass
from enum import StrEnum

from .decision import Decision, SiteView
from .promise import Outcome
from .session import Session
from .state import EngineState


class Tempo(StrEnum):
    """How a decision came about."""

    GUARD = "guard"
    """On a new meter reading: it may only lower."""
    CONTROL = "control"
    """Every few seconds, and on every event that matters."""


class EventKind(StrEnum):
    """What others may want to hear of."""

    SESSION_STARTED = "session_started"
    SESSION_FINISHED = "session_finished"
    LIMIT_ACTIVE = "limit_active"
    """A limit has begun to hold a charger back."""
    PLAN_AT_RISK = "plan_at_risk"
    """A promise will be missed as things stand."""
    PLAN_MET = "plan_met"
    BOOST_ENDED = "boost_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in a step."""

    kind: EventKind
    charger_id: str
    session: Session | None = None
    outcome: Outcome | None = None
    """Of a promise, where the event is about one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Decisions for all chargers, what to remember, and what the site looks like."""

    decisions: tuple[Decision, ...]
    state: EngineState
    view: SiteView
    events: tuple[Event, ...] = ()
    hold_battery: bool = False
    """The home battery is to discharge nothing, so that it feeds no car that charges from the grid."""
    error: Exception | None = None
    """Why all chargers went to their safe current, where control itself has failed."""

    def decision(self, charger_id: str) -> Decision | None:
        """Return the decision for a charger, None for one that the site doesn't have."""
        return next(
            (one for one in self.decisions if one.charger_id == charger_id), None
        )
