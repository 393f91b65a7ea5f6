"""An event loop in a thread of its own, out of reach of the test package's hooks."""

import asyncio
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
import threading
from typing import Any


class Background:
    """Runs coroutines in another thread and waits for them."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run on ``loop``, which runs elsewhere."""
        self._loop = loop

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Return what ``work`` returns."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


@contextmanager
def background() -> Generator[Background]:
    """Keep a loop running for the time of a ``with`` block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="e2e", daemon=True)
    thread.start()
    try:
        yield Background(loop)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
