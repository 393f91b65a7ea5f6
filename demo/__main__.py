"""Start the demo, or check it: see ``scripts/demo --help``."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
import json
from pathlib import Path
import signal
import sys
import tempfile

import aiohttp

from .api import Api, ApiError
from .check import LENGTH_S, Check
from .dashboard import show
from .house import Names, set_up
from .installation import PROJECT, Installation, free_port
from .observe import complaints
from .onboarding import log_in
from .process import StartError, running

FOLDER = PROJECT / ".demo"
PORT = 8123


def say(text: str) -> None:
    """Tell the person in front of the terminal; standard output is for the summary."""
    print(f"==> {text}", file=sys.stderr, flush=True)


@asynccontextmanager
async def demo(installation: Installation) -> AsyncIterator[tuple[Api, Names, str]]:
    """Run the demo: its API, the names of its entities, the address of its page."""
    installation.prepare()
    say(f"Starting Home Assistant on port {installation.port} (10 to 60 seconds)")
    async with running(installation), Api.connect(installation.url) as api:
        await log_in(api)
        await api.wait_until_running()
        say("Setting up the house, its meter, its wallbox and Ampacity")
        try:
            names = await set_up(api)
            page = await show(api, names)
        except ApiError:
            for line in await complaints(api):
                say(line)
            raise
        yield api, names, f"http://localhost:{installation.port}{page}"


async def start(installation: Installation) -> int:
    """Run the demo until somebody ends it."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with demo(installation) as (_, _, address):
        say(f"Open {address} (Ctrl-C ends the demo; log: {installation.log})")
        await stop.wait()
        say("Ending Home Assistant")
    return 0


async def check(installation: Installation, length_s: float) -> int:
    """Watch the demo for a while; print the summary as the last line."""
    async with demo(installation) as (api, names, _):
        say(f"Watching it for {length_s:.0f} seconds")
        summary = await Check(api, names).run(length_s)
    print(json.dumps(summary), flush=True)
    return 0 if summary["ok"] else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="watch it for three minutes, headless"
    )
    parser.add_argument("--fresh", action="store_true", help="begin from nothing")
    parser.add_argument("--port", type=int, default=PORT, help="the port wanted")
    parser.add_argument(
        "--seconds", type=float, default=LENGTH_S, help="how long --check watches"
    )
    return parser.parse_args()


def _run(wanted: argparse.Namespace) -> int:
    port = free_port(wanted.port)
    if wanted.check:
        with tempfile.TemporaryDirectory(prefix="ampacity-") as folder:
            own = Installation(folder=Path(folder), port=port)
            return asyncio.run(check(own, wanted.seconds))
    installation = Installation(folder=FOLDER, port=port)
    if installation.is_in_use():
        raise StartError("it runs already; end it first, or open its page")
    if wanted.fresh:
        installation.clear()
    return asyncio.run(start(installation))


def main() -> int:
    """Run what the command line asks for; say what went wrong in one line."""
    wanted = _arguments()
    try:
        return _run(wanted)
    except (StartError, ApiError, aiohttp.ClientError, OSError) as error:
        print(f"The demo failed: {error}", file=sys.stderr)
        if wanted.check:
            print(json.dumps({"ok": False, "error": str(error)}))
        return 1


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
