"""A real Home Assistant as a process of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import os
from pathlib import Path
import signal

import aiohttp

from .installation import PROJECT, Installation

START_S = 180
"""How long a start may take, in seconds; the first one makes a database."""

STOP_S = 30
"""How long Home Assistant may take to write its states and end, in seconds."""


class StartError(Exception):
    """Home Assistant did not start; the text says what its log says."""


def executable() -> Path:
    """Return the program that ``scripts/setup --hass`` installs.

    Raises:
        StartError: it is not there.
    """
    program = PROJECT / ".venv-hass/bin/hass"
    if not program.exists():
        raise StartError("Home Assistant is not installed: run scripts/setup --hass")
    return program


@asynccontextmanager
async def running(
    installation: Installation,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run Home Assistant on the installation; leave it ended.

    Raises:
        StartError: the process ended, or its page did not come up in time.
    """
    process = await asyncio.create_subprocess_exec(
        executable(),
        *("--config", installation.folder, "--skip-pip"),
        *("--log-file", installation.log, "--log-no-color"),
        env={
            **os.environ,
            "PYTHONPATH": str(installation.modules),
            "SETUP_PORT": str(installation.port),
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        # Ctrl-C is for us: we end Home Assistant ourselves and wait for it.
        start_new_session=True,
    )
    try:
        await _wait_for_page(installation, process)
        yield process
    finally:
        await _end(process)


async def _wait_for_page(
    installation: Installation, process: asyncio.subprocess.Process
) -> None:
    try:
        async with asyncio.timeout(START_S), aiohttp.ClientSession() as session:
            while process.returncode is None:
                if await _answers(session, f"{installation.url}/manifest.json"):
                    return
                await asyncio.sleep(0.3)
    except TimeoutError:
        raise StartError(
            f"no page after {START_S} s; {installation.log_tail()}"
        ) from None
    raise StartError(
        f"Home Assistant ended with {process.returncode}; {installation.log_tail()}"
    )


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
