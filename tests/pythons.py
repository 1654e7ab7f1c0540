"""Runs the unit tests on every Python that the project claims and this machine has.

``python -m tests.pythons`` takes all of them, ``ends`` the oldest and the newest, and ``3.9 3.12``
just these. One that is missing is named; it is no failure.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from configparser import ConfigParser
from pathlib import Path

from tests.hosts.installs import ROOT, SCRIPTS, HostUnavailable, kept_folder, output

PACKAGES = ("pytest", "pytest-xdist", "hypothesis", "boto3", "build", "setuptools>=77")
PYENV = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"


def claimed() -> list[str]:
    """Return the versions that the package's classifiers name, such as "3.9"."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    return re.findall(r":: (3\.\d+)$", config["metadata"]["classifiers"], re.MULTILINE)


def find(version: str) -> tuple[str, str] | None:
    """Return the path of a Python and its whole version: the newest of pyenv's and of the PATH."""
    name = f"python{version}"
    paths = [str(path) for path in PYENV.glob(f"{version}.*/bin/{name}")]
    paths += filter(None, (shutil.which(name, path=place) for place in os.get_exec_path()))
    found = []
    for path in paths:
        # A shim of pyenv's answers for every version, and fails for most.
        done = subprocess.run([path, "-V"], capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.startswith(f"Python {version}."):
            found.append((path, done.stdout.split()[1]))
    return max(found, key=lambda each: int(re.findall(r"\d+", each[1])[2]), default=None)


def unit_tests(path: str, version: str) -> tuple[bool, str]:
    """Run the unit tests on a Python. Return whether they pass, and what there is to read."""
    name = f"python{version.rpartition('.')[0]}"
    try:
        with kept_folder(name, f"{path} {version} {' '.join(PACKAGES)}") as (folder, is_complete):
            if not is_complete:
                output(path, "-m", "venv", str(folder))
                output(str(folder / SCRIPTS / "python"), "-m", "pip", "install", "-q", *PACKAGES)
    except HostUnavailable as reason:
        return False, f"can't be set up: {reason}"
    python = str(folder / SCRIPTS / "python")
    with tempfile.TemporaryDirectory() as cache:
        # What the compiler warns of comes only where there is no byte code yet.
        compiling = [python, "-W", "error", "-m", "compileall", "-q", "awscli_rekcl", "tests"]
        testing = [python, "-m", "pytest", "-q", "-n", "auto", "-p", "no:cacheprovider"]
        for command in (compiling, [*testing, "tests/unit"]):
            done = subprocess.run(
                command,
                cwd=ROOT,
                env={**os.environ, "PYTHONPYCACHEPREFIX": cache},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if done.returncode:
                return False, done.stdout
    return True, done.stdout.strip().splitlines()[-1]


def main(words: list[str]) -> int:
    """Print a line for each version. Return whether one fails."""
    found = {version: find(version) for version in claimed()}
    wanted = list(found)
    if words == ["ends"]:
        wanted = [version for version in found if found[version]]
        wanted = list(dict.fromkeys([wanted[0], wanted[-1]]))
    elif words:
        wanted = words
    failed = False
    for version, python in found.items():
        if python is None:
            print(f"{version:5} not found by pyenv nor on the PATH")
        elif version not in wanted:
            print(f"{version:5} {python[1]} not asked for")
        else:
            passed, text = unit_tests(*python)
            failed |= not passed
            print(f"{version:5} {python[1]} {'' if passed else 'FAILED '}{text}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
