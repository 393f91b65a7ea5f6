"""The folder that a demo's Home Assistant lives in, and the port it listens on."""

from dataclasses import dataclass
import errno
import fcntl
import json
from pathlib import Path
import shutil
import socket

PROJECT = Path(__file__).resolve().parents[1]

# Whoever reaches the page from this machine or its own network is logged in: the
# house is not real, and nothing but the demo runs in this Home Assistant.
CONFIGURATION = """\
homeassistant:
  name: Demo house
  latitude: 48.137
  longitude: 11.575
  elevation: 519
  unit_system: metric
  currency: EUR
  country: DE
  time_zone: Europe/Berlin
  auth_providers:
    - type: trusted_networks
      trusted_networks:
        - 127.0.0.0/8
        - ::1/128
        - 10.0.0.0/8
        - 172.16.0.0/12
        - 192.168.0.0/16
        - fd00::/8
      allow_bypass_login: true
    - type: homeassistant

frontend:
config:
energy:
history:
logbook:
recorder:
  commit_interval: 1
sun:

logger:
  default: warning
  logs:
    custom_components.ampacity: info
    # They miss programs for pictures and sound, which the house does not have.
    haffmpeg: critical
    homeassistant.components.camera: critical
"""

NO_IPV6 = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL)

LINKS = {
    "custom_components/ampacity": PROJECT / "custom_components/ampacity",
    "custom_components/virtual_house": PROJECT / "demo/custom_components/virtual_house",
    "modules/simulation": PROJECT / "simulation",
}

# The configuration above says where the house is. Asked by its API, Home Assistant would
# add a weather forecast, a radio and a voice too, which need the internet.
ONBOARDING = {
    "version": 4,
    "minor_version": 1,
    "key": "onboarding",
    "data": {"done": ["core_config"]},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Installation:
    """A configuration folder of Home Assistant and the port to serve it on."""

    folder: Path
    """Absolute path of the configuration folder."""

    port: int
    """TCP port of the page and the API."""

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """File that Home Assistant logs to, anew at each start."""
        return self.folder / "home-assistant.log"

    @property
    def modules(self) -> Path:
        """Folder of what the house's integration imports beside Home Assistant."""
        return self.folder / "modules"

    def log_tail(self, lines: int = 25) -> str:
        """Return the end of the log, for somebody who wonders what went wrong."""
        if not self.log.exists():
            return f"{self.log} does not exist"
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join([f"the end of {self.log}:", *text.splitlines()[-lines:]])

    def is_in_use(self) -> bool:
        """Return whether a Home Assistant runs on the folder now."""
        try:
            with (self.folder / ".ha_run.lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def prepare(self) -> None:
        """Write the configuration and link the integrations into the folder."""
        for name in ("custom_components", "modules", ".storage"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        # A package of its own, lest a folder of that name elsewhere on the path hides it.
        (self.folder / "custom_components/__init__.py").touch()
        (self.folder / "configuration.yaml").write_text(CONFIGURATION, encoding="utf-8")
        for name, target in LINKS.items():
            link = self.folder / name
            link.unlink(missing_ok=True)
            link.symlink_to(target, target_is_directory=True)
        onboarding = self.folder / ".storage/onboarding"
        if not onboarding.exists():
            onboarding.write_text(json.dumps(ONBOARDING), encoding="utf-8")
        # Home Assistant remembers the port of the start before; the port of this one counts.
        (self.folder / ".storage/http").unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget everything: the next start begins from nothing."""
        shutil.rmtree(self.folder, ignore_errors=True)


def free_port(wanted: int) -> int:
    """Return the first port from ``wanted`` on that nobody listens on.

    Raises:
        OSError: none of the next hundred ports is free.
    """
    for port in range(wanted, wanted + 100):
        if _is_free(port):
            return port
    raise OSError(f"no free port from {wanted} to {wanted + 99}")


def _is_free(port: int) -> bool:
    for family, host in ((socket.AF_INET, ""), (socket.AF_INET6, "::")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind((host, port))
        except OSError as error:
            if family == socket.AF_INET6 and error.errno in NO_IPV6:
                continue
            return False
    return True
