"""The solar share of a day, with sessions that cross midnight."""

from datetime import UTC, datetime

import pytest

from custom_components.ampacity.engine.session import Session
from custom_components.ampacity.sensors.solar_share import Day

YESTERDAY = datetime(2026, 6, 1, 22, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 6, 2, tzinfo=UTC)
NOON = datetime(2026, 6, 2, 12, 0, tzinfo=UTC)


def session(
    started: datetime,
    energy_wh: float,
    solar_wh: float,
    ended: datetime | None = None,
) -> Session:
    """Return a session."""
    return Session(started=started, ended=ended, energy_wh=energy_wh, solar_wh=solar_wh)


def test_nothing_charged_is_unknown() -> None:
    """No energy has no share."""
    assert Day.begin(MIDNIGHT, []).solar_share([]) is None
    assert Day.begin(MIDNIGHT, []).solar_share([session(NOON, 0.0, 0.0)]) is None


def test_all_sessions_of_today_count() -> None:
    """Finished and running ones are taken together, earlier days are left out."""
    day = Day.begin(MIDNIGHT, [])
    sessions = [
        session(YESTERDAY, 9000.0, 9000.0, ended=YESTERDAY),
        session(MIDNIGHT, 3000.0, 0.0, ended=NOON),
        session(NOON, 1000.0, 1000.0),
    ]
    assert day.solar_share(sessions) == pytest.approx(0.25)


def test_what_came_before_midnight_does_not_count() -> None:
    """A session that runs into the day counts with what it adds to it."""
    day = Day.begin(MIDNIGHT, [session(YESTERDAY, 5000.0, 5000.0)])
    assert day.solar_share([session(YESTERDAY, 5000.0, 5000.0)]) is None
    assert day.solar_share([session(YESTERDAY, 7000.0, 5500.0)]) == pytest.approx(0.25)
    ended = session(YESTERDAY, 7000.0, 5500.0, ended=NOON)
    assert day.solar_share([ended]) == pytest.approx(0.25)


def test_a_session_that_ends_with_the_first_look_of_the_day() -> None:
    """What is already finished when the day begins had it all before."""
    ended = session(YESTERDAY, 5000.0, 5000.0, ended=MIDNIGHT)
    assert Day.begin(MIDNIGHT, [ended]).solar_share([ended]) is None


def test_a_day_survives_storage() -> None:
    """What was stored is the same day again."""
    day = Day.begin(MIDNIGHT, [session(YESTERDAY, 5000.0, 4000.0)])
    assert Day.from_dict(day.as_dict()) == day


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"start": "x", "before": {}},
        {"start": None, "before": {}},
        {"start": MIDNIGHT.isoformat(), "before": []},
        {"start": MIDNIGHT.isoformat(), "before": {"a": [1]}},
        {"native_value": 3, "native_unit_of_measurement": "%"},
    ],
)
def test_a_broken_storage_starts_over(stored: dict[str, object]) -> None:
    """What cannot be read is not a day."""
    assert Day.from_dict(stored) is None
