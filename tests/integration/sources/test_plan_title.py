"""Titles of calendar events: what is a plan, and what is somebody's lunch."""

import pytest

from custom_components.ampacity.sources.plan_title import TitleWish, read_title

NAMES = {"Zoe": "zoe", "ID.3": "id3", "Garage": "garage", "Garage links": "left"}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("car 80 %", TitleWish(soc=80.0)),
        ("Car 80%", TitleWish(soc=80.0)),
        ("Charge the car to 80 percent", TitleWish(soc=80.0)),
        ("80 %", TitleWish(soc=80.0)),
        ("80%", TitleWish(soc=80.0)),
        ("EV: 62.5 %", TitleWish(soc=62.5)),
        ("100 % charged", TitleWish(soc=100.0)),
        ("20 kWh", TitleWish(energy_wh=20_000.0)),
        ("charge 7.5kWh", TitleWish(energy_wh=7_500.0)),
        ("Auto 80 %", TitleWish(soc=80.0)),
        ("laden 60 %", TitleWish(soc=60.0)),
        ("E-Auto auf 80,5 % laden", TitleWish(soc=80.5)),
        ("Elektroauto 80 Prozent", TitleWish(soc=80.0)),
        ("Wallbox 10,5 kWh", TitleWish(energy_wh=10_500.0)),
        ("Zoe 80%", TitleWish(soc=80.0, key="zoe")),
        ("ZOE laden: 80 %", TitleWish(soc=80.0, key="zoe")),
        ("80 % Zoe", TitleWish(soc=80.0, key="zoe")),
        ("ID.3 90 %", TitleWish(soc=90.0, key="id3")),
        ("Garage 20 kWh", TitleWish(energy_wh=20_000.0, key="garage")),
        ("Garage links 70 %", TitleWish(soc=70.0, key="left")),
    ],
)
def test_plans(title: str, expected: TitleWish) -> None:
    """English and German, with and without a name, however it is written."""
    assert read_title(title, NAMES) == expected


@pytest.mark.parametrize(
    "title",
    [
        "",
        "car",
        "Zoe to the garage",
        "Sale 20 %",
        "Lunch with Zoe 80 %",
        "20 kW heater",
        "car 0 %",
        "car 101 %",
        "car 2080 %",
        "car -5 kWh 80 % 60 %",
        "car 0 kWh",
        "car 9999999 kWh",
        "Team meeting 10:30",
        "Zoe Garage 80 %",
        "Kona 80 %",
    ],
)
def test_no_plans(title: str) -> None:
    """A word too much, an amount that cannot be, none or two: about something else."""
    assert read_title(title, NAMES) is None


def test_names_that_are_words_for_any_car() -> None:
    """Who calls a charger Car means it."""
    assert read_title("My car 80 %", {"My car": "a"}) == TitleWish(soc=80.0, key="a")
    assert read_title("80 %", {"": "a", "!": "b"}) == TitleWish(soc=80.0)
