"""What the other tests stand on: the hosts run, and the terminal is one. No simulator needed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.installs import Host, repair_shebang
from tests.hosts.shell import Aws

# All that runs a program here is the same for every host.
ONE = pytest.mark.hosts("v1")


@pytest.fixture
def aws(host: Host, tmp_path: Path) -> Iterator[Aws]:
    aws = Aws(host, tmp_path)
    yield aws
    aws.close()


def test_version(aws: Aws) -> None:
    result = aws.run("--version")
    assert result.returncode == 0
    assert result.stdout.startswith(aws.host.version)
    assert result.stderr == ""


@ONE
def test_a_script_runs_this_host_and_signals_reach_it(aws: Aws) -> None:
    script = """
        aws --version
        mkfifo keys
        aws configure <>keys >question &
        until [ -s question ]; do sleep 0.01; done
        kill -TERM $!
        wait $!
        echo $?
    """
    result = aws.bash(script)
    assert result.stdout.startswith(aws.host.version)
    assert result.stdout.endswith(f"\n{128 + signal.SIGTERM}\n")


@ONE
def test_no_signal_is_ignored_where_the_tests_run_in_the_background(aws: Aws) -> None:
    before = {
        number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGHUP, signal.SIGINT)
    }
    try:
        result = aws.bash(
            "trap 'echo hung up' HUP; trap 'echo stopped' INT; kill -HUP $$; kill -INT $$"
        )
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert result.stdout == "hung up\nstopped\n"


@pytest.mark.parametrize("folder", ["a b ü", "long" * 60])
def test_a_script_whose_first_line_cannot_name_its_python(folder: str, tmp_path: Path) -> None:
    python, script = tmp_path / folder / "python", tmp_path / folder / "aws"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    script.write_text(f"#!{python}\nimport sys\nprint(sys.argv[1:])\n")
    script.chmod(0o755)
    repair_shebang(script)
    assert subprocess.check_output([str(script), "a b"], text=True) == "['a b']\n"


@ONE
def test_what_is_not_said_is_a_failure_that_shows_what_was(aws: Aws) -> None:
    with pytest.raises(AssertionError, match=r"(?s)did not say 'Secret'.*aws-cli/"):
        aws.terminal("--version", answers=[("Secret", "x")], stdout="terminal")
