"""Runs the unit tests on every Python that the project claims and this machine has.

``python -m tests.pythons`` takes all of them, ``ends`` the oldest and the newest, and ``3.9 3.12``
just these. One that is missing is named; it is no failure.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.hosts.installs import ROOT, SCRIPTS, HostUnavailable, kept_folder, output

PACKAGES = ("pytest", "pytest-xdist", "hypothesis", "boto3", "build", "setuptools>=77")
PYENV = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
CLAIMED = re.findall(r":: (3\.\d+)$", (ROOT / "setup.cfg").read_text(), re.MULTILINE)


def find(version: str) -> dict[str, str]:
    """Return the Pythons of a version, pyenv's and the PATH's, with what each says it is."""
    name = f"python{version}"
    paths = [*PYENV.glob(f"{version}.*/bin/{name}"), *(Path(p, name) for p in os.get_exec_path())]
    found = {}
    for path in filter(Path.exists, paths):
        # A shim of pyenv's answers for every version, and fails for most.
        done = subprocess.run([path, "-V"], capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.startswith(f"Python {version}."):
            found[str(path)] = done.stdout.split()[1]
    return found


def unit_tests(path: str, version: str) -> None:
    """Run the unit tests on a Python; a failure is an exception."""
    name = f"python{version.rpartition('.')[0]}"
    with kept_folder(name, f"{path} {version} {' '.join(PACKAGES)}") as (folder, is_complete):
        python = str(folder / SCRIPTS / "python")
        if not is_complete:
            output(path, "-m", "venv", str(folder))
            output(python, "-m", "pip", "install", *PACKAGES)
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        # What the compiler warns of comes only where there is no byte code yet.
        compiling = ["-W", "error", "-m", "compileall", "-q", "awscli_rekcl", "tests"]
        testing = ["-m", "pytest", "-q", "-n", "auto", "-p", "no:cacheprovider", "tests/unit"]
        for words in (compiling, testing):
            subprocess.run([python, *words], cwd=ROOT, env=environment, check=True)


def main(words: list[str]) -> int:
    found = {version: find(version) for version in CLAIMED}
    there = [version for version in CLAIMED if found[version]]
    wanted = [there[0], there[-1]] if words == ["ends"] else words or CLAIMED
    failed = []
    for version in wanted:
        print(f"Python {version}: {found[version] or 'not found'}", flush=True)
        newest = sorted(found[version].items(), key=lambda each: int(each[1].split(".")[2]))[-1:]
        for path, whole in newest:
            try:
                unit_tests(path, whole)
            except (subprocess.CalledProcessError, HostUnavailable) as error:
                failed.append(f"Python {whole}: {error}")
    print(*failed, sep="\n")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
