"""What is known of one charger, gathered for its entities."""

from dataclasses import dataclass

from .coordinator import AmpacityCoordinator
from .engine.decision import Decision
from .engine.model import ChargerReading, ChargerStatus
from .engine.schedule import ChargerPlan
from .engine.session import Session
from .engine.state import ChargerState
from .settings import ChargerSettings


@dataclass(frozen=True, slots=True)
class ChargerView:
    """What is known of one charger right now, for its entities to show."""

    coordinator: AmpacityCoordinator
    id: str

    @property
    def settings(self) -> ChargerSettings:
        """What the user chose."""
        return self.coordinator.settings.chargers[self.id]

    @property
    def reading(self) -> ChargerReading | None:
        """What the charger says; None before it was first asked."""
        return self.coordinator.snapshot.chargers.get(self.id)

    @property
    def status(self) -> ChargerStatus:
        """What the charger says of itself."""
        return self.reading.status if self.reading else ChargerStatus.OFFLINE

    @property
    def answers(self) -> bool:
        """Whether the charger knows what is going on at its plug."""
        return self.status not in {ChargerStatus.OFFLINE, ChargerStatus.ERROR}

    @property
    def decision(self) -> Decision | None:
        """What was decided for it."""
        return self.coordinator.data.decision(self.id)

    @property
    def state(self) -> ChargerState:
        """What the engine remembers of it."""
        return self.coordinator.charger_state(self.id)

    @property
    def plan(self) -> ChargerPlan | None:
        """What is planned for it; None while nothing is."""
        schedule = self.coordinator.snapshot.schedule
        return schedule.plans.get(self.id) if schedule is not None else None

    @property
    def session(self) -> Session | None:
        """The running session, else the last one; None before the first."""
        if running := self.state.session:
            return running
        finished = self.coordinator.sessions(self.id)
        return finished[-1] if finished else None
