"""What all tests share."""

import pytest

# The test package brings a custom_components of its own, which would hide ours unless ours is
# imported first
import custom_components.ampacity  # noqa: F401


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Return a configuration folder of its own, as Home Assistant writes blueprints to it."""
    return hass_tmp_config_dir
