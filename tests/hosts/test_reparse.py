"""A line to type is read back by the parser of every host as what it was made of."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil

import pytest

from awscli_rekcl import rerun
from awscli_rekcl.options import Options
from tests.hosts import installs
from tests.hosts.command import COMMAND
from tests.hosts.installs import ROOT
from tests.hosts.shell import Aws
from tests.unit.fakes import options

NAMES = ["v1", "--yes", "--", "-", "-v1", "-1", "--version-names", "None", "3", "_.-", "all"]


@pytest.mark.hosts(*installs.NAMES)
def test_every_host_reads_a_line_back(aws: Aws) -> None:
    """Whatever a version is called, and whatever options go with it."""
    meant = [
        options(
            project_name="cats",
            version_names=json.dumps(names),
            yes=bool(number % 2),
            timeout=[None, "0", "1e-9", "90.5"][number % 4],
            stop_if_running=bool(number % 3),
        )
        for number, names in enumerate(
            [*([a] for a in NAMES), *([a, b] for a in NAMES for b in NAMES if a != b), []]
        )
    ]
    meant.append(options(project_name="--cats", all_versions=True, keep_newest="7"))
    lines = [shlex.split(rerun.line(each)) for each in meant]
    arguments = aws.home / "arguments"
    arguments.write_text(json.dumps([line[line.index(COMMAND[1]) + 1 :] for line in lines]))
    (aws.home / "plugins").mkdir(exist_ok=True)
    shutil.copy(ROOT / "tests" / "hosts" / "reparse.py", aws.home / "plugins")
    config = aws.config.read_text().replace("[plugins]\n", "[plugins]\nreparse = reparse\n")
    aws.config.write_text(config)
    path = os.pathsep.join([str(aws.home / "plugins"), aws.environment.get("PYTHONPATH", "")])
    result = aws.run("--version", env={"REKCL_ARGUMENTS": str(arguments), "PYTHONPATH": path})
    assert result.returncode == 0, result.stderr
    parsed = json.loads(arguments.with_suffix(".parsed").read_text())
    assert [Options.parse(argparse.Namespace(**each), None) for each in parsed] == meant
