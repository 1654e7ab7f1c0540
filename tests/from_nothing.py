"""What the README tells a newcomer to type, from a fresh clone to the first deletion.

``python3 tests/from_nothing.py`` clones its own checkout and runs the commands of the README's
first screen, and CONTRIBUTING's "Try a change", as they stand there, at a terminal, with an empty
home and a bare environment. It needs curl, git, make, Python with venv, and Debian's ``aws``, which
is a version 2; no package.
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

ROOT = Path(__file__).resolve().parents[1]
# Where packages come from, where a machine has its own way to them.
ACCESS = ("HTTPS_PROXY", "PIP_CERT", "PIP_INDEX_URL", "SSL_CERT_FILE")
SECONDS = 180  # for one command
DECLINED = [("Models to delete", "\n")]
PICKED = [("Models to delete", "all\n"), ('Type "delete"', "delete\n")]
CONFIRMED = [('Type "delete"', "delete\n")]

Answers = Sequence[tuple[str, str]]


class Newcomer:
    """Somebody who types at a terminal, in a clone, with nothing else."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "clone"
        self.home = folder / "home"
        self.home.mkdir()
        subprocess.run(["git", "clone", "-q", str(ROOT), str(self.clone)], check=True)
        self.environment = {
            **{name: os.environ[name] for name in ACCESS if name in os.environ},
            "HOME": str(self.home),
            "PATH": "/usr/bin:/bin",
            "TERM": "dumb",
        }
        self.rows: list[str] = []

    def types(self, command: str, answers: Answers = (), before: str = "") -> str:
        """Run a command, in bash after ``before``; return what the terminal showed."""
        print(f"\n$ {command}", flush=True)
        started = time.monotonic()
        master, slave = pty.openpty()
        process = subprocess.Popen(
            ["bash", "-c", before + command],
            cwd=self.clone,
            env=self.environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        shown, first = self._talk(master, list(answers), started)
        status = process.wait()
        seconds = time.monotonic() - started
        line = command.splitlines()[0]
        row = f"{seconds:5.1f} s, the first line after {first:.1f} s, status {status}  {line}"
        self.rows.append(row)
        assert status == 0, row
        assert first < 1 or not command.startswith("make"), row
        assert not re.search(r"warning|notice|error", shown, re.IGNORECASE), row
        changed = ["git", "-C", str(self.clone), "status", "--short"]
        assert subprocess.check_output(changed) == b"", row
        return shown

    def _talk(
        self, terminal: int, answers: list[tuple[str, str]], started: float
    ) -> tuple[str, float]:
        """Show what comes and answer it; return it all, and when it began (seconds)."""
        shown, read, first = "", 0, 0.0
        while select.select([terminal], [], [], started + SECONDS - time.monotonic())[0]:
            try:
                text = os.read(terminal, 65536).decode(errors="replace").replace("\r", "")
            except OSError:  # nobody has the other end any more
                assert not answers, f"nothing asked for {answers[0][0]}"
                return shown, first
            first = first or time.monotonic() - started
            shown += text
            print(text, end="", flush=True)
            if answers and answers[0][0] in shown[read:]:
                read = len(shown)
                os.write(terminal, answers.pop(0)[1].encode())
        raise AssertionError(f"more than {SECONDS} s")


def first_screen(readme: str) -> tuple[list[str], str]:
    """Return the commands to set up, and the command that the README is about."""
    screen = readme.split("\n## ")[0]
    (block,) = re.findall(r"^```sh\n(.*?)^```", screen, re.MULTILINE | re.DOTALL)
    (deletion,) = re.findall(r"^```bash\n(.*?)^```", screen, re.MULTILINE | re.DOTALL)
    return [line.split("  #")[0].strip() for line in block.splitlines()], deletion.strip()


def delete(newcomer: Newcomer, deletion: str) -> None:
    """Delete version v1 of my-project in a simulator of the clone."""
    simulator = subprocess.Popen(
        [".demo/bin/python", "-m", "tests.simulator"],
        cwd=newcomer.clone,
        env=newcomer.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert simulator.stdout
        url = simulator.stdout.readline().strip()
        versions = [{"VersionName": "v1"}, {"VersionName": "v2"}]
        seed(url, {"Projects": [{"ProjectName": "my-project", "Versions": versions}]})
        # Debian's `aws` is too old for AWS_ENDPOINT_URL.
        before = f'aws() {{ command aws --endpoint-url {shlex.quote(url)} "$@"; }}\n'
        account = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
        newcomer.environment.update(account, AWS_DEFAULT_REGION="us-east-1")
        shown = newcomer.types(deletion, CONFIRMED, before)
        assert '"DELETED"' in shown
    finally:
        simulator.terminate()
        simulator.wait()


def try_a_change(newcomer: Newcomer) -> None:
    """Run what CONTRIBUTING says, with a port that is free."""
    page = (newcomer.clone / "CONTRIBUTING.md").read_text().split("## Try a change")[1]
    (script,) = re.findall(r"^```bash\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
    assert '"DELETED"' in newcomer.types(script.replace("5000", port) + "kill %1", CONFIRMED)


def seed(url: str, projects: Mapping[str, object]) -> None:
    """Have these projects in a simulator."""
    request = Request(f"{url}/simulator/seed", json.dumps(projects).encode())
    build_opener(ProxyHandler({})).open(request, timeout=10).close()


def main() -> int:
    """Type all of it, in the README's order, and print the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        newcomer = Newcomer(Path(folder))
        commands, deletion = first_screen((newcomer.clone / "README.md").read_text())
        demo, test, install, remove = commands
        assert "Models left in the project: 0." in newcomer.types(demo, PICKED)
        assert "Models left in the project: 5." in newcomer.types(demo, DECLINED)
        try_a_change(newcomer)
        assert test == "make test"  # .ci/run goes on with it
        newcomer.types(install)
        delete(newcomer, deletion)
        newcomer.types(remove)
        print("\nFrom nothing:", *newcomer.rows, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
