"""What is known of one charger, gathered for its entities."""

from dataclasses import dataclass

from .coordinator import AmpacityCoordinator
from .engine.decision import Decision
from .engine.finish import believed_status
from .engine.model import Charger, ChargerReading, ChargerStatus
from .engine.schedule import ChargerPlan
from .engine.session import Session
from .engine.state import ChargerState
from .engine.vehicle import Vehicle
from .engine.vehicle_target import vehicle_at
from .settings import ChargerSettings


@dataclass(frozen=True, slots=True)
class ChargerView:
    """What is known of one charger right now, for its entities to show."""

    coordinator: AmpacityCoordinator
    id: str

    @property
    def charger(self) -> Charger:
        """It, as the engine knows it."""
        chargers = self.coordinator.site.chargers
        return next(one for one in chargers if one.id == self.id)

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
        if self.reading is None:
            return ChargerStatus.OFFLINE
        charger = self.coordinator.configs[self.id]
        vague = charger.quirks.vague_finish
        return believed_status(self.reading.status, self.state, vague=vague)

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
    def vehicle(self) -> Vehicle | None:
        """The vehicle that is plugged in; None for none, and for one that nobody knows."""
        return vehicle_at(self.coordinator.site, self.state)

    @property
    def target_soc(self) -> float | None:
        """Percent to which it charges; None where neither charger nor car has a target."""
        set_soc, vehicle = self.settings.target_soc, self.vehicle
        if set_soc or vehicle is None:
            return set_soc or None
        return vehicle.target_soc

    @property
    def session(self) -> Session | None:
        """The running session, else the last one; None before the first."""
        if running := self.state.session:
            return running
        finished = self.coordinator.sessions(self.id)
        return finished[-1] if finished else None
