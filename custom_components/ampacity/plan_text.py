"""Says a plan in plain words, in the language of the server.

The texts are translations of the calendar ``plan``: titles and descriptions of what is planned, and
the sentences that the action ``get_plan`` answers with. Values are given to them with their units.
"""

from dataclasses import dataclass
from datetime import datetime

from .const import DOMAIN
from .engine.promise import Goal
from .engine.promise_risk import RiskReason
from .engine.schedule import ChargerPlan, SlotReason
from .plan_run import Run, runs
from .sentence import Sentences

_PREFIX = f"component.{DOMAIN}.entity.calendar.plan.state_attributes"
_TITLE = f"{_PREFIX}.message.state."
_SENTENCE = f"{_PREFIX}.description.state."


@dataclass(frozen=True, slots=True)
class PlanTexts:
    """The words for plans."""

    sentences: Sentences
    currency: str

    def title(self, run: Run) -> str:
        """Return in some words what is charged, and from what."""
        return self._text(_TITLE, run.reason.value, energy=self._kwh(run.energy_wh))

    def description(self, run: Run, goal: Goal | None, now: datetime) -> str:
        """Return what it is for, and what it costs."""
        parts = []
        if goal is not None:
            parts.append(self._of_goal("goal", goal, now))
        values = {
            "power": self.sentences.power(run.power_w),
            "price": self._price(run.price),
        }
        key = "run_sun" if run.reason is SlotReason.SUN else "run"
        parts.append(self._text(_SENTENCE, key, **values))
        return " ".join(parts)

    def sentence(
        self,
        goal: Goal | None,
        plan: ChargerPlan | None,
        now: datetime,
        *,
        away: bool = False,
    ) -> str:
        """Return in one or two sentences what is promised, when it is charged and at what cost.

        ``away`` says that no car is plugged in.
        """
        if goal is None:
            return self._text(_SENTENCE, "none")
        if goal.met:
            return self._of_goal("met", goal, now)
        is_late = goal.ready_by <= now
        parts = [self._of_goal("late" if is_late else "goal", goal, now)]
        planned = runs(plan.slots) if plan is not None else ()
        if plan is None or not planned:
            key = "away" if away else "unplanned"
            return " ".join([*parts, self._text(_SENTENCE, key)])
        parts.append(self._planned(plan, planned, now))
        if goal.at_risk and not is_late:
            parts.append(self._missing(goal, plan, now))
        return " ".join(parts)

    def risk(self, reason: RiskReason) -> str:
        """Return in one sentence why a promise will be missed."""
        return self._text(_SENTENCE, f"risk_{reason}")

    def _of_goal(self, key: str, goal: Goal, now: datetime) -> str:
        return self._text(
            _SENTENCE,
            key,
            amount=self._amount(goal),
            ready_by=self.sentences.moment(goal.ready_by, now),
        )

    def _planned(
        self, plan: ChargerPlan, planned: tuple[Run, ...], now: datetime
    ) -> str:
        start, end = max(now, planned[0].start), planned[-1].end
        values = {
            "energy": self._kwh(plan.energy_wh),
            "start": self.sentences.moment(start, now),
            "end": self.sentences.moment(end, now, after=start),
            "cost": self._money(plan.cost),
            "saving": self._money(plan.cost_at_once - plan.cost),
        }
        is_late = plan.ready_by <= now
        is_saving = round(plan.cost_at_once - plan.cost, 2) > 0.0 and not is_late
        return self._text(_SENTENCE, "saving" if is_saving else "cost", **values)

    def _missing(self, goal: Goal, plan: ChargerPlan, now: datetime) -> str:
        missing = self._kwh(plan.unmet_wh)
        if plan.ready_at is None or plan.ready_at <= plan.ready_by:
            if goal.soc is None or plan.soc_reached is None:
                return self._text(_SENTENCE, "missing", missing=missing)
            soc = f"{plan.soc_reached:.0f} %"
            return self._text(_SENTENCE, "missing_soc", missing=missing, soc=soc)
        ready_at = self.sentences.moment(plan.ready_at, now)
        return self._text(
            _SENTENCE, "missing_until", missing=missing, ready_at=ready_at
        )

    def _amount(self, goal: Goal) -> str:
        if goal.soc is not None:
            return f"{goal.soc:.0f} %"
        return self._kwh(goal.energy_wh or 0.0)

    def _kwh(self, energy_wh: float) -> str:
        return f"{self.sentences.number(energy_wh / 1000.0, 1)} kWh"

    def _money(self, amount: float) -> str:
        return f"{self.sentences.decimals(amount, 2)} {self.currency}"

    def _price(self, price: float) -> str:
        return f"{self.sentences.decimals(price, 3)} {self.currency}/kWh"

    def _text(self, prefix: str, key: str, **values: str) -> str:
        """Return a text with its values filled in; its key where it is not translated."""
        return self.sentences.texts.get(f"{prefix}{key}", key).format_map(values)
