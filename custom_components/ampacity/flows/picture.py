"""The picture that shows where to read the main fuse, as the set-up's dialog can show it."""

from pathlib import Path

from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

PICTURE_URL = f"/{DOMAIN}/pictures/main_fuse.svg"
_FILE = Path(__file__).parent.parent / "pictures" / "main_fuse.svg"
_SERVED: HassKey[bool] = HassKey(f"{DOMAIN}_pictures")


async def async_picture(hass: HomeAssistant) -> str:
    """Return the picture as Markdown; nothing where Home Assistant serves no pages."""
    if "http" not in hass.config.components:
        return ""
    if _SERVED not in hass.data:
        hass.data[_SERVED] = True
        served = StaticPathConfig(PICTURE_URL, str(_FILE), cache_headers=True)
        await hass.http.async_register_static_paths([served])
    return f"![]({PICTURE_URL})"
