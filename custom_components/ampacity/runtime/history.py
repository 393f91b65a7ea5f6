"""The last decisions with all that they were made of, to be replayed."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..engine.control import decide
from ..engine.decision import Decision, SiteView
from ..engine.model import Site, Snapshot
from ..engine.result import Result, Tempo
from ..engine.state import EngineState
from .codec import Codec

KEEP = 120
"""Decisions that are kept: 20 minutes of control ticks, or 2 minutes of a quick meter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One decision: what went in and what came out."""

    site: Site
    snapshot: Snapshot
    state: EngineState
    """Before the decision."""
    now: datetime
    tempo: Tempo
    decisions: tuple[Decision, ...]
    view: SiteView


RECORD = Codec(Record)


class History:
    """A ring of records. Objects are kept as they are and only encoded when asked for."""

    def __init__(self) -> None:
        """Start empty."""
        self._records: deque[Record] = deque(maxlen=KEEP)

    def __iter__(self) -> Iterator[Record]:
        """Iterate from the oldest record to the newest."""
        return iter(self._records)

    def add(self, record: Record) -> None:
        """Keep a record; the oldest one goes when there are too many."""
        self._records.append(record)

    def encode(self) -> list[dict[str, Any]]:
        """Return all records as JSON can hold them, the oldest first."""
        return [RECORD.encode(record) for record in self._records]


def replay(data: dict[str, Any]) -> tuple[Record, Result]:
    """Return a record read from :meth:`History.encode`, and what is decided on it now."""
    record = RECORD.decode(data)
    return record, decide(
        record.site, record.snapshot, record.state, record.now, record.tempo
    )
