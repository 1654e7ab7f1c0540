"""Runs the unit tests in a Windows Python under wine: ``python -m tests.windows [pytest's words]``.

What can't run on Windows is marked in the tests, with its reason.
"""

from __future__ import annotations

import subprocess
import sys

from tests.hosts.installs import HostUnavailable

from .wine import install


def main(words: list[str]) -> int:
    """Return pytest's exit status; a machine without wine is no failure."""
    try:
        wine = install()
    except HostUnavailable as reason:
        print(f"Windows is skipped: {reason}")
        return 0
    options = ["-p", "no:cacheprovider", "-q", "-n", "auto", *(words or ["tests/unit"])]
    with wine.start(
        "-m", "pytest", *options, packages="testing", stderr=subprocess.STDOUT
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.close()
        for line in process.stdout:
            sys.stdout.write(line.decode(errors="replace").replace("\r\n", "\n"))
            sys.stdout.flush()
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
