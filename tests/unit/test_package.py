"""What is published: the same wheel for the same commit, with all that belongs in it."""

from __future__ import annotations

import email
import re
import zipfile
from pathlib import Path

import pytest

from tests.wheel import ROOT, build


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("first"), 1_000_000_000)


def test_the_same_commit_makes_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    assert build(tmp_path, 1_500_000_000).read_bytes() == wheel.read_bytes()


def test_every_module_and_help_text_is_in_it(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = ROOT / "awscli_rekcl"
    files = [*package.rglob("*.py"), *package.rglob("*.rst")]
    assert names == {file.relative_to(ROOT).as_posix() for file in files}


def test_the_metadata_claims_no_address_and_requires_nothing(wheel: Path) -> None:
    zipped = zipfile.ZipFile(wheel)
    (name,) = (name for name in zipped.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = email.message_from_bytes(zipped.read(name))
    assert not metadata.get_all("Project-URL")
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata.get_all("Provides-Extra") == ["dev"]
    assert all("extra ==" in required for required in metadata.get_all("Requires-Dist", []))


def test_workflows() -> None:
    """Every action by its commit, no credentials on the disk, an end, and one job with rights."""
    for workflow in (ROOT / ".github" / "workflows").iterdir():
        text = workflow.read_text()
        for action in re.findall(r"uses: (.+)", text):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", action), action
        checkout = r"uses: actions/checkout@.*\n +with:\n +persist-credentials: false"
        assert len(re.findall(checkout, text)) == text.count("actions/checkout@")
        _, *jobs = re.split(r"^  (\w+):\n", text.split("\njobs:\n")[1], flags=re.MULTILINE)
        for name, job in zip(jobs[::2], jobs[1::2]):
            assert "    timeout-minutes: " in job, name
            if "write" in job:  # runs nothing that was not built without this right
                assert name == "publish"
                assert " run: " not in job
                assert "checkout" not in job
