"""One running demo for all tests with a real Home Assistant."""

from collections.abc import Generator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
import shutil

from playwright.async_api import Browser, async_playwright
import pytest
import pytest_socket

from demo.__main__ import demo
from demo.api import Api
from demo.house import Names
from demo.installation import Installation, free_port

from .background import Background, background

PORT = 18123
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# Without these a browser asks its maker's servers for all sorts of things.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is here, and keep it together in one process."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(400))
            item.add_marker(pytest.mark.xdist_group("e2e"))


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Let the demo's loop and its process live on from test to test."""


@dataclass
class House:
    """A demo that can be ended and started again."""

    installation: Installation
    background: Background
    stack: AsyncExitStack
    api: Api
    names: Names
    address: str

    async def stop(self) -> None:
        """End Home Assistant."""
        await self.stack.aclose()

    async def start(self) -> None:
        """Start Home Assistant again, on the folder that it left."""
        self.stack = AsyncExitStack()
        self.api, self.names, self.address = await self.stack.enter_async_context(
            demo(self.installation)
        )


async def _open(installation: Installation, background: Background) -> House:
    stack = AsyncExitStack()
    started = await stack.enter_async_context(demo(installation))
    api, names, address = started
    return House(installation, background, stack, api, names, address)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Generator[House]:
    """Run the demo, set up from nothing through its own API."""
    pytest_socket.enable_socket()
    installation = Installation(
        folder=tmp_path_factory.mktemp("demo"), port=free_port(PORT)
    )
    with background() as loop:
        running = loop.run(_open(installation, loop))
        yield running
        loop.run(running.stop())


@pytest.fixture(autouse=True)
def allow_sockets(socket_enabled: None) -> None:
    """Let the tests talk to the demo on this machine."""


@pytest.fixture(scope="session")
def browser(house: House) -> Generator[Browser]:
    """Run the system's Chromium."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail("no Chromium: run scripts/setup --browser")
    stack = AsyncExitStack()

    async def launch() -> Browser:
        playwright = await stack.enter_async_context(async_playwright())
        return await playwright.chromium.launch(
            executable_path=program, args=list(FLAGS)
        )

    opened = house.background.run(launch())
    yield opened
    house.background.run(opened.close())
    house.background.run(stack.aclose())
