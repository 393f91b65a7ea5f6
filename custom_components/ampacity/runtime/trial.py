"""Tells in plain words what a test run has shown, in a notification that stays until it is read."""

from datetime import datetime

from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN
from ..coordinator import AmpacityConfigEntry
from ..engine.trial import TrialReport
from ..flows.preview import Words, async_words

_STEPS = "test_run_step"
_ENDS = "test_run_end"
_TEXTS = "test_run"


@callback
def async_report_test_runs(hass: HomeAssistant, entry: AmpacityConfigEntry) -> None:
    """Notify of each test run that ends, until the entry is unloaded."""
    coordinator = entry.runtime_data
    told: dict[str, datetime | None] = {
        key: _ended(coordinator.charger_state(key).tested)
        for key in coordinator.charger_ids
    }

    @callback
    def look() -> None:
        for key in coordinator.charger_ids:
            report = coordinator.charger_state(key).tested
            if report is None or told.get(key) == report.ended:
                continue
            told[key] = report.ended
            name = coordinator.subentries[key].title
            entry.async_create_task(
                hass, _async_notify(hass, key, name, report), "ampacity test run"
            )

    entry.async_on_unload(coordinator.async_add_listener(look))


def _ended(report: TrialReport | None) -> datetime | None:
    return report.ended if report else None


async def _async_notify(
    hass: HomeAssistant, charger_id: str, name: str, report: TrialReport
) -> None:
    words = await async_words(hass)
    persistent_notification.async_create(
        hass,
        await async_report_text(hass, report),
        title=words.say("title", of=_TEXTS, name=name),
        notification_id=f"{DOMAIN}_test_run_{charger_id}",
    )


async def async_report_text(hass: HomeAssistant, report: TrialReport) -> str:
    """Return what a test run has shown, in the user's language, a line for each thing."""
    words = await async_words(hass)
    low, high = (
        words.number(f"{current_a:g} A") for current_a in (report.low_a, report.high_a)
    )
    lines = [words.say(report.end.value, of=_ENDS)]
    lines += [
        f"- {words.say(f'{one.step}_{one.verdict}', of=_STEPS, low=low, high=high)}"
        for one in report.results
    ]
    lines += [f"- {line}" for line in _learned(words, report)]
    return "\n".join(lines)


def _learned(words: Words, report: TrialReport) -> list[str]:
    """Return what was measured and learned on the way."""
    said = []
    if report.settle_s is not None:
        said.append(words.say("settle", of=_TEXTS, seconds=f"{report.settle_s:.0f}"))
    if report.phases is not None:
        key = "one_phase" if report.phases == 1 else "phases"
        said.append(words.say(key, of=_TEXTS, phases=str(report.phases)))
    if report.phase_map is not None:
        order = ", ".join(f"L{phase + 1}" for phase in report.phase_map)
        said.append(words.say("phase_map", of=_TEXTS, order=order))
    elif report.phases is not None and report.phases > 1:
        said.append(words.say("phase_map_unknown", of=_TEXTS))
    return said
