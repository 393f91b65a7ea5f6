"""A charger that can only be started and paused, in the dialog."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ampacity.chargers.config import ChargerConfig

from .steps import CHARGER_STEPS, CONTROL, KINDS, go_through, send, start_charger


async def test_a_charger_without_a_limit_must_be_able_to_pause(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """It is refused while nothing can be commanded, and offers its highest current then."""
    flows = hass.config_entries.subentries
    result = await start_charger(hass, site.entry_id)
    for nothing in ("none", "zero"):
        kinds = KINDS | {"limit_kind": "none", "start_stop_kind": nothing}
        result = await send(flows, result, kinds)
        assert result["errors"] == {"start_stop_kind": "nothing_to_command"}
    result = await send(flows, result, KINDS | {"limit_kind": "none"})
    assert "limit_entity" not in result["data_schema"].schema
    control = {key: CONTROL[key] for key in CONTROL if key != "limit_entity"}
    result = await send(flows, result, control)
    result = await go_through(flows, result, CHARGER_STEPS)
    assert result["type"] == "create_entry"
    (charger,) = site.subentries.values()
    config = ChargerConfig.from_subentry(charger)
    assert (config.min_a, config.max_a, config.safe_a) == (16.0, 16.0, 0.0)
    assert config.limit_steps(hass).levels_a == (16.0,)
