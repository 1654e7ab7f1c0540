"""TAB and auto-prompt, with the completion that the installer makes."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import pexpect
import pytest

from awscli_rekcl.arguments import ARG_TABLE
from tests.hosts.command import seed_model
from tests.hosts.installs import ROOT
from tests.hosts.shell import Aws, Running
from tests.simulator.client import Simulator

LINE = "aws rekognition delete-model-and-wait"
OPTIONS = {f"--{option['name']}" for option in ARG_TABLE}


def run_installer(aws: Aws, *args: str) -> str:
    words = [sys.executable, f"{ROOT}/awscli_rekcl", *args]
    # Without Debian's version 2, which may be on the PATH of this machine.
    env = {**aws.environment, "PATH": str(aws.home / "bin")}
    return subprocess.run(words, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout


def install(aws: Aws) -> None:
    aws.config.write_text("[default]\nregion = us-east-1\n")
    assert "Completion is on" in run_installer(aws, "install", "--completion")


def tab(aws: Aws, line: str) -> list[str]:
    """Press TAB behind a line, as the shell's `complete -C aws_completer` does."""
    completer = aws.host.aws.with_name("aws_completer")
    program = f"exec {shlex.quote(str(completer))}"
    if not completer.exists():  # Debian's package has only its module
        module = "awscli.autocomplete.main"
        program = f"""exec python3 -c 'from {module} import autocomplete; autocomplete("{line}")'"""
    env = {"COMP_LINE": line, "COMP_POINT": str(len(line)), "PATH": "/usr/bin:/bin"}
    result = aws.bash(program, env=env)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


@pytest.mark.hosts("v1")
def test_version_1_completes_by_itself(aws: Aws) -> None:
    assert tab(aws, "aws rekognition delete-mod") == ["delete-model-and-wait"]
    assert set(tab(aws, f"{LINE} --")) >= OPTIONS


@pytest.mark.hosts("v2", "v2-debian")
def test_version_2_completes_the_command_and_its_options_until_it_is_removed(aws: Aws) -> None:
    install(aws)
    names = {"delete-model-and-wait", "delete-project", "delete-project-version"}
    assert set(tab(aws, "aws rekognition delete-")) >= names
    assert set(tab(aws, f"{LINE} --")) >= OPTIONS
    # It is known that the first takes no value, and the second several.
    assert tab(aws, f"{LINE} --yes --version-names a b --keep") == ["--keep-newest"]
    run_installer(aws, "remove")
    assert not (aws.home / ".aws" / "cli" / "cache").exists()
    assert tab(aws, "aws rekognition delete-mod") == []


@pytest.mark.hosts("v2-debian")  # whose texts the prompt shows; the builds of `v2` lack some
def test_the_auto_prompt_from_the_first_key_to_the_confirmation(
    aws: Aws, simulator: Simulator
) -> None:
    model = seed_model(simulator)
    install(aws)

    def shown(text: str) -> str:
        return r"(?:\x1b\[[0-9;?]*[a-zA-Z])*".join(map(re.escape, text))  # in colours

    def enter(running: Running) -> None:
        assert running.terminal
        # Where something is offered, the first Enter only takes that away. What comes before the
        # question is discarded.
        for _ in range(30):
            running.terminal.send("\r")
            if running.terminal.expect([r"\x1b\[\?2004l", pexpect.TIMEOUT], timeout=1) == 0:
                return

    def confirm(running: Running) -> None:
        assert running.terminal
        assert not simulator.requests("DeleteProjectVersion")
        running.terminal.send("delete\n")

    result = aws.terminal(
        "--cli-auto-prompt",
        answers=[
            (r"\x1b\[6n", "\x1b[1;1R"),  # where is the cursor?
            ("> ", "rekognition delete-mod"),
            # Offered: the rest is typed by the prompt.
            (shown(" delete-model-and-wait"), "\t --project-ver"),
            (shown(" --project-version-arn"), f"\t {model.arn} --endpoint-url {simulator.url}"),
            (shown(simulator.url), enter),
            ('Type "delete"', confirm),
        ],
        columns=250,
        stdout="terminal",
        timeout=120,
        endpoint=False,
    )
    assert result.returncode == 0, result.screen
    assert "DELETED" in result.screen
    assert len(simulator.requests("DeleteProjectVersion")) == 1
