"""What counts as a complaint of Ampacity in Home Assistant's log."""

from typing import override

import pytest

from demo.api import Api, Json
from demo.observe import complaints


class Log(Api):
    """A Home Assistant that has nothing but a log."""

    def __init__(self, *records: Json) -> None:
        """Hold these records."""
        self._records = records

    @override
    async def command(self, kind: str, **fields: object) -> list[Json]:
        """Answer the one command that is asked."""
        assert kind == "system_log/list"
        return list(self._records)


def record(
    name: str = "homeassistant.core",
    message: str = "something",
    exception: str = "",
    source: str = "core.py",
) -> Json:
    """Return a record as Home Assistant's log shows it."""
    return {
        "level": "ERROR",
        "name": name,
        "message": [message],
        "exception": exception,
        "source": [source, 1],
    }


@pytest.mark.parametrize(
    "ours",
    [
        record(name="custom_components.ampacity.coordinator"),
        record(message="Setup failed for custom integration 'ampacity'"),
        record(message="Error while setting up ampacity platform for sensor"),
        record(source="custom_components/ampacity/sensor.py"),
        record(
            exception='File "/x/custom_components/ampacity/a.py", line 3\nKeyError: 1'
        ),
        record(name="custom_components.virtual_house"),
    ],
)
async def test_ours(ours: Json) -> None:
    """A record that Ampacity or the house wrote or had a part in is told."""
    told = await complaints(Log(record(), ours))
    assert len(told) == 1
    assert told[0].startswith("ERROR ")


@pytest.mark.parametrize(
    "other",
    [
        record(name="homeassistant.loader", message="custom integration ampacity"),
        record(exception='File "/home/me/ampacity/.venv/lib/met.py"\nImportError: x'),
        record(message="cannot write /home/me/ampacity/.demo/tts"),
    ],
)
async def test_not_ours(other: Json) -> None:
    """Neither Home Assistant's own warning nor a folder of that name is one."""
    assert await complaints(Log(other)) == []
