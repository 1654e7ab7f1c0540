"""What the README tells a newcomer to type, from a fresh clone to the first deletion.

``python3 tests/from_nothing.py`` clones its own checkout and runs what the README says to install,
to use and to remove the plugin, and CONTRIBUTING's "Try a change", as it stands there, at a
terminal, with an empty home and a bare environment. It needs curl, git, make, Python with venv, and
Debian's ``aws``, which is a version 2; no package.
"""

from __future__ import annotations

import os
import pty
import re
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Where packages come from, where a machine has its own way to them.
ACCESS = ("HTTPS_PROXY", "PIP_CERT", "PIP_INDEX_URL", "SSL_CERT_FILE")
SECONDS = 180  # for one command
DECLINED = [("Models to delete", "\n")]
PICKED = [("Models to delete", "all\n"), ('Type "delete"', "delete\n")]
CONFIRMED = PICKED[1:]
# A simulator, and an `aws` that knows it: Debian's is too old for AWS_ENDPOINT_URL.
SIMULATOR = """\
.demo/bin/python -m tests.simulator --port 5000 >/dev/null & trap "kill $!" EXIT
export AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x AWS_DEFAULT_REGION=us-east-1
curl -s --retry 9 --retry-connrefused http://127.0.0.1:5000/simulator/seed >/dev/null \\
    -d '{"Projects": [{"ProjectName": "my-project", "Versions": [{"VersionName": "v1"}]}]}'
aws() { command aws --endpoint-url http://127.0.0.1:5000 "$@"; }
"""

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
        """Run a command, in bash after ``before``, and answer; return what the terminal showed."""
        print(f"\n$ {command}", flush=True)
        started = time.monotonic()
        terminal, slave = pty.openpty()
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
        waiting, shown, read = list(answers), "", 0
        while select.select([terminal], [], [], started + SECONDS - time.monotonic())[0]:
            try:
                text = os.read(terminal, 65536).decode(errors="replace").replace("\r", "")
            except OSError:  # nobody has the other end any more
                break
            shown += text
            print(text, end="", flush=True)
            if waiting and waiting[0][0] in shown[read:]:
                read = len(shown)
                os.write(terminal, waiting.pop(0)[1].encode())
        else:
            raise AssertionError(f"more than {SECONDS} s")
        status = process.wait()
        seconds = time.monotonic() - started
        row = f"{seconds:5.1f} s, status {status}  {command.splitlines()[0]}"
        self.rows.append(row)
        assert not waiting, f"nothing asked for {waiting[0][0]}"
        assert status == 0, row
        assert not re.search(r"warning|notice|error", shown, re.IGNORECASE), row
        changed = ["git", "-C", str(self.clone), "status", "--short"]
        assert subprocess.check_output(changed) == b"", row
        return shown


def main() -> int:
    """Type all of it, in the README's order, and print the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        newcomer = Newcomer(Path(folder))
        readme = (newcomer.clone / "README.md").read_text()
        deletion = block("bash", readme.split("\n## ")[0]).strip()
        install, remove = (
            block("sh", readme.split(f"\n## {title}")[1].split("\n## ")[0]).strip()
            for title in ("Install", "Remove")
        )
        demo = "make demo"
        assert f"`{demo}`" in readme
        assert "Models left in the project: 0." in newcomer.types(demo, PICKED)
        assert "Models left in the project: 5." in newcomer.types(demo, DECLINED)
        change = (newcomer.clone / "CONTRIBUTING.md").read_text().split("## Try a change")[1]
        script = at_free_port(block("bash", change) + "kill %1")
        assert '"DELETED"' in newcomer.types(script, CONFIRMED)
        newcomer.types(install)
        assert '"DELETED"' in newcomer.types(deletion, CONFIRMED, at_free_port(SIMULATOR))
        newcomer.types(remove)
        print("\nFrom nothing:", *newcomer.rows, sep="\n")
    return 0


def block(language: str, text: str) -> str:
    """Return the only code block in a language that isn't marked as one that can't be run."""
    pattern = rf"(?<!-->\n)^```{language}\n(.*?)^```"
    (found,) = re.findall(pattern, text, re.MULTILINE | re.DOTALL)
    return str(found)


def at_free_port(script: str) -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return script.replace("5000", str(server.getsockname()[1]))


if __name__ == "__main__":
    sys.exit(main())
