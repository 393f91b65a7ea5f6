"""Commands to the wallbox, with its refusals as Home Assistant's errors."""

from collections.abc import Iterator
from contextlib import contextmanager

from homeassistant.exceptions import HomeAssistantError

from simulation.wallbox import CommandRejectedError, WallboxOfflineError

from .const import DOMAIN


@contextmanager
def wallbox_errors() -> Iterator[None]:
    """Turn what the wallbox raises into translated errors."""
    try:
        yield
    except WallboxOfflineError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="wallbox_offline"
        ) from error
    except CommandRejectedError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="command_rejected"
        ) from error
