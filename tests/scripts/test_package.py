"""The file that is attached to a release is what Home Assistant installs."""

import json
from pathlib import Path
import shutil
import subprocess
import zipfile

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a copy of what is packed, and of the script that packs it."""
    for name in ("scripts", "custom_components"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    return tmp_path


def package(clone: Path, version: str) -> subprocess.CompletedProcess[str]:
    """Run the script."""
    return subprocess.run(
        [clone / "scripts/package", version],
        capture_output=True,
        text=True,
        check=False,
    )


def test_zip_holds_the_integration_at_its_root(clone: Path) -> None:
    """The manifest stands at the root, with the release's version, and no rubbish is in."""
    assert package(clone, "v1.2.3b4").returncode == 0
    source = json.loads(
        (clone / "custom_components/ampacity/manifest.json").read_text("utf-8")
    )
    with zipfile.ZipFile(clone / "dist/ampacity.zip") as packed:
        names = packed.namelist()
        manifest = json.loads(packed.read("manifest.json"))
    assert manifest == source | {"version": "1.2.3b4"}
    assert list(manifest)[:2] == ["domain", "name"]
    assert {"__init__.py", "translations/en.json", "engine/control.py"} <= set(names)
    assert not [name for name in names if "__pycache__" in name]


@pytest.mark.parametrize("version", ["latest", "v1", "1.2.3; rm -rf /", ""])
def test_refuses_what_is_no_version(clone: Path, version: str) -> None:
    """A release with another name is not packed."""
    assert package(clone, version).returncode != 0
    assert not (clone / "dist/ampacity.zip").exists()
