"""The plugin as a package, for version 1 of the AWS CLI: with the pip of the Python it runs on."""

from __future__ import annotations

import os
from pathlib import Path

from awscli_rekcl import __version__
from awscli_rekcl.errors import InstallError
from awscli_rekcl.install.aws import run

NAME = "awscli-rekcl"
_MODULE = "awscli_rekcl"


def python_of(aws: str) -> str:
    """Return the Python that a version 1 runs on. Raise InstallError."""
    try:
        with open(os.path.realpath(aws), "rb") as script:
            line = script.readline().decode(errors="replace").strip()
    except OSError:
        line = ""
    if not line.startswith("#!") or "python" not in line:
        raise InstallError(
            f"can't tell which Python {aws} runs on",
            "Name the `aws` that pip has installed with --aws PATH.",
        )
    return line[2:].split()[-1]


def version(python: str) -> str | None:
    """Return the version that is installed for a Python, or None."""
    # What counts is what `aws` finds there, and it does not look into the current folder.
    script = f"import sys; del sys.path[0]; import {_MODULE} as p; print(p.__version__)"
    return run(python, "-c", script).stdout.strip() or None


def install(python: str) -> None:
    """Install this version for a Python. Raise InstallError."""
    wheel = Path(__file__).parents[2]
    package = str(wheel) if wheel.suffix == ".whl" else f"{NAME}=={__version__}"
    _pip(python, "install", package)


def uninstall(python: str) -> None:
    """Uninstall the package of a Python. Raise InstallError."""
    _pip(python, "uninstall", "-y", NAME)


def _pip(python: str, action: str, *args: str) -> None:
    done = run(python, "-m", "pip", action, "-q", "--disable-pip-version-check", *args)
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()] or ["no reason"]
        # What follows an error are hints, which name options of pip.
        errors = [line for line in lines if line.lower().startswith("error:")]
        raise InstallError(
            f"pip can't {action} {args[-1]} for {python}: {(errors or lines)[-1]}",
            f"Try `{python} -m pip {action} {args[-1]}` by hand, and then run this again.",
        )
