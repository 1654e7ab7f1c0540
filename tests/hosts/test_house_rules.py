"""The AWS CLI's rules for its own commands, which our command keeps as well."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.hosts.installs import ROOT, Host
from tests.hosts.shell import Aws

# The frozen copy of version 2 has no Python of its own to run a script in.
pytestmark = pytest.mark.hosts("v1", "v1-old", "v2-debian")


def test_house_rules(host: Host, tmp_path: Path) -> None:
    aws = Aws(host, tmp_path)
    python = host.aws.with_name("python")
    if not python.exists():  # Debian's
        python = Path(host.aws.read_text().splitlines()[0].removeprefix("#!").strip())
    script = ROOT / "tests" / "hosts" / "house_rules.py"
    result = subprocess.run(
        [str(python), "-W", "ignore", str(script)],
        env=aws.environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr  # an example that does not parse, for one
    found = json.loads(result.stdout)
    assert "project-version-arn" in found["options"]
    assert found["shadows"] == []
    assert found["problems"] == []
    assert found["links"] == []
    blocks = (ROOT / "awscli_rekcl" / "help" / "examples.rst").read_text()
    assert len(found["commands"]) == blocks.count("aws rekognition delete-model-and-wait") > 9
