"""The brand images, as Home Assistant and its store want them."""

from pathlib import Path
import struct

import pytest

BRAND = Path(__file__).parent.parent / "custom_components" / "ampacity" / "brand"


def png_size(name: str) -> tuple[int, int]:
    """Return width and height of a PNG with transparency, from its header."""
    with open(BRAND / name, "rb") as file:
        head = file.read(26)
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, _depth, color = struct.unpack(">IIBB", head[16:26])
    assert color == 6, "not RGB with transparency"
    return width, height


@pytest.mark.parametrize("prefix", ["", "dark_"])
def test_icons_are_square(prefix: str) -> None:
    """Icons have the sizes that the frontend shows them in."""
    assert png_size(f"{prefix}icon.png") == (256, 256)
    assert png_size(f"{prefix}icon@2x.png") == (512, 512)


@pytest.mark.parametrize("prefix", ["", "dark_"])
def test_logos_are_wide(prefix: str) -> None:
    """Logos are between 128 and 256 px high, and twice that for sharp screens."""
    width, height = png_size(f"{prefix}logo.png")
    assert width > height
    assert 128 <= height <= 256
    wide, high = png_size(f"{prefix}logo@2x.png")
    assert high == 2 * height
    assert wide == pytest.approx(2 * width, abs=1)
