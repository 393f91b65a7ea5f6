"""What the main fuse usually is."""

import pytest

from custom_components.ampacity.discovery.fuse import USUAL, FuseNote, usual_fuse


@pytest.mark.parametrize(
    ("country", "phases", "size_a", "note"),
    [
        ("DE", 3, 63, None),
        ("NL", 3, 25, None),
        ("BE", 1, 40, None),
        ("GB", 1, 100, None),
        ("ES", 1, 25, FuseNote.CONTRACT),
        ("NO", 3, 63, FuseNote.NO_NEUTRAL),
        ("US", 1, 200, FuseNote.TWO_LEGS),
    ],
)
def test_countries(
    country: str, phases: int, size_a: int, note: FuseNote | None
) -> None:
    """Some that differ."""
    usual = usual_fuse(country)
    assert usual is not None
    assert (usual.phases, usual.note) == (phases, note)
    assert size_a in usual.sizes_a


@pytest.mark.parametrize("country", [None, "", "XX"])
def test_unknown(country: str | None) -> None:
    """Nothing is said of a country that is not known, or not set."""
    assert usual_fuse(country) is None


@pytest.mark.parametrize("country", USUAL)
def test_sizes_make_sense(country: str) -> None:
    """Each is a fuse that the form takes, and they come in order."""
    usual = USUAL[country]
    assert usual.phases in (1, 3)
    assert list(usual.sizes_a) == sorted(set(usual.sizes_a))
    assert all(6 <= size_a <= 200 for size_a in usual.sizes_a)
