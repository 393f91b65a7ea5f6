"""The demo's folder and port keep away from every other Home Assistant."""

import fcntl
from pathlib import Path
import socket

import pytest

from demo.installation import Installation, free_port


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """Return an installation in an empty folder."""
    return Installation(folder=tmp_path / "demo", port=8123)


@pytest.mark.usefixtures("socket_enabled")
def test_taken_port_is_passed_over() -> None:
    """A port that somebody listens on, if only on this machine, is left to them."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken: int = other.getsockname()[1]
        assert free_port(taken) > taken


def test_prepares_links_and_forgets_the_old_port(installation: Installation) -> None:
    """The integrations are linked, and the port of an earlier start does not count."""
    installation.prepare()
    remembered = installation.folder / ".storage/http"
    remembered.write_text("{}", encoding="utf-8")
    installation.prepare()
    assert not remembered.exists()
    for name in ("ampacity", "virtual_house"):
        assert (installation.folder / "custom_components" / name).is_dir()
    assert (installation.modules / "simulation/__init__.py").exists()


def test_onboarding_is_not_begun_again(installation: Installation) -> None:
    """A later start keeps what the first one has done."""
    installation.prepare()
    onboarding = installation.folder / ".storage/onboarding"
    onboarding.write_text("all done", encoding="utf-8")
    installation.prepare()
    assert onboarding.read_text(encoding="utf-8") == "all done"


def test_in_use_while_locked(installation: Installation) -> None:
    """A folder that a Home Assistant has locked is in use, until it lets go."""
    assert not installation.is_in_use()
    installation.prepare()
    with (installation.folder / ".ha_run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert installation.is_in_use()
    assert not installation.is_in_use()


def test_tells_the_end_of_the_log(installation: Installation) -> None:
    """The end of the log is told; a missing one is said to be missing."""
    assert "does not exist" in installation.log_tail()
    installation.prepare()
    installation.log.write_text("first\nsecond\nthird\n", encoding="utf-8")
    assert installation.log_tail(2).endswith("second\nthird")
    assert "first" not in installation.log_tail(2)
