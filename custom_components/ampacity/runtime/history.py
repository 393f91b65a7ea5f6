"""The last decisions with all that they were made of, to be replayed."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
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

AS_BEFORE = "as before"
_LASTING = ("outlook", "schedule")
"""Parts of a snapshot that stay the same for minutes."""


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
        """Return all records as JSON can hold them, the oldest first.

        What is expected and planned changes seldom and would be most of it all: where it is what it
        was in the record before, :data:`AS_BEFORE` stands for it.
        """
        encoded = []
        before: Snapshot | None = None
        for record in self._records:
            encoded.append(_encoded(record, before))
            before = record.snapshot
        return encoded


def _encoded(record: Record, before: Snapshot | None) -> dict[str, Any]:
    snapshot = record.snapshot
    same = [
        part
        for part in _LASTING
        if before is not None and getattr(snapshot, part) is getattr(before, part)
    ]
    slim = replace(
        snapshot,
        outlook=None if "outlook" in same else snapshot.outlook,
        schedule=None if "schedule" in same else snapshot.schedule,
    )
    data = RECORD.encode(replace(record, snapshot=slim))
    data["snapshot"] |= dict.fromkeys(same, AS_BEFORE)
    return data


def replay(records: Iterable[dict[str, Any]]) -> Iterator[tuple[Record, Result]]:
    """Yield records read from :meth:`History.encode`, each with what is decided on it now."""
    before: dict[str, Any] = {}
    for data in records:
        snapshot = data["snapshot"]
        lasting = {
            part: before[part] if snapshot[part] == AS_BEFORE else snapshot[part]
            for part in _LASTING
        }
        before = lasting
        record = RECORD.decode({**data, "snapshot": {**snapshot, **lasting}})
        yield (
            record,
            decide(
                record.site, record.snapshot, record.state, record.now, record.tempo
            ),
        )
