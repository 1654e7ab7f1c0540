"""Installs the plugin into an AWS CLI and removes it again, so that no file is edited by hand.

A wrong line in the configuration file makes every `aws` command fail. So whatever is written is
tried at once with every `aws` on the PATH, and taken back if one of them fails. The AWS CLI itself
never imports this module.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.resources
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from awscli_rekcl import __version__

SECTION = "[plugins]"
PLUGIN = "rekcl"
PATH = "cli_legacy_plugin_path"
PIP_NAME = "awscli-rekcl"


class InstallError(Exception):
    """The plugin could not be installed or removed; everything is as it was before."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `install` or `remove` and return the exit status."""
    parser = argparse.ArgumentParser(
        prog=PIP_NAME, description="aws rekognition delete-model-and-wait, a plugin for the AWS CLI"
    )
    parser.add_argument("action", choices=["install", "remove"])
    parser.add_argument("--aws", help="the AWS CLI to work on (default: aws on the PATH)")
    parser.add_argument("--version", action="version", version=__version__)
    args = parser.parse_args(argv)
    aws = shutil.which(args.aws or "aws")
    try:
        if aws is None:
            raise InstallError(f"there is no AWS CLI called {args.aws or 'aws'}")
        print((install if args.action == "install" else remove)(aws))
    except InstallError as error:
        print(f"{PIP_NAME}: {error}. Everything is as it was before.", file=sys.stderr)
        return 1
    return 0


def install(aws: str) -> str:
    """Install or update the plugin; return what to tell the user. Raise InstallError."""
    python = _python_of(aws) if _is_v1(aws) else None
    _try_out(aws, "does not work as it is")
    archive = _archive()
    with _pip_installed(python), _kept(archive), _kept(_config_file()):
        if python:
            _configure({PLUGIN: "awscli_rekcl"})
        else:
            _write_archive(archive)
            paths = [path for path in _paths() if path != str(archive)]
            _configure({PLUGIN: "awscli_rekcl", PATH: os.pathsep.join([*paths, str(archive)])})
        for program in {aws, *_found_on_path()}:
            _try_out(program, "would no longer work")
        if "--project-version-arn" not in _run(aws, "rekognition", "delete-model-and-wait").stderr:
            raise InstallError(f"{aws} did not load the plugin")
    return (
        f"Installed version {__version__} for {aws}, configured in {_config_file()}.\n"
        "Try: aws rekognition delete-model-and-wait help"
    )


def remove(aws: str) -> str:
    """Remove the plugin; return what to tell the user. Raise InstallError."""
    python = _python_of(aws) if _is_v1(aws) else None
    archive = _archive()
    paths = [path for path in _paths() if path != str(archive)]
    _configure({PLUGIN: None, PATH: os.pathsep.join(paths) or None})
    # Last: a plugin that is configured and can't be found makes every command fail.
    archive.unlink(missing_ok=True)
    told = f"Removed from {aws} and from {_config_file()}."
    if python and not _pip_uninstall(python):
        told += f"\nThe package {PIP_NAME} is still there, unused: pip of {python} can't remove it."
    return told


def _config_file() -> Path:
    return Path(os.path.expanduser(os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config")).resolve()


def _archive() -> Path:
    # No version in the name: an update replaces the file that the configuration names. But that of
    # the configuration, because another one beside it may name a plugin as well.
    return _config_file().with_name(f"awscli_rekcl-{_config_file().name}.zip")


def _is_v1(aws: str) -> bool:
    # Without the configuration, which may be what has to be mended.
    answer = _run(aws, "--version", AWS_CONFIG_FILE=os.devnull)
    return (answer.stdout + answer.stderr).startswith("aws-cli/1.")


def _python_of(aws: str) -> str:
    with open(os.path.realpath(aws), "rb") as script:
        line = script.readline().decode(errors="replace").strip()
    if not line.startswith("#!") or "python" not in line:
        raise InstallError(f"can't tell which Python {aws} runs on")
    return line[2:].split()[-1]


@contextlib.contextmanager
def _pip_installed(python: str | None) -> Iterator[None]:
    """Install the package for a Python, if there is one, and remove it if anything goes wrong."""
    is_new = python is not None and _pip_install(python)
    try:
        yield
    except BaseException:
        if python and is_new:
            _pip_uninstall(python)
        raise


def _pip_install(python: str) -> bool:
    """Return whether there was something to install."""
    wheel = Path(__file__).parents[1]
    package = str(wheel) if wheel.suffix == ".whl" else f"{PIP_NAME}=={__version__}"
    # What counts is what `aws` finds there, and it does not look into the current folder.
    script = f"import sys; del sys.path[0]; import {__package__} as p; print(p.__version__)"
    if _run(python, "-c", script).stdout.strip() == __version__:
        return False
    done = _run(python, "-m", "pip", "install", "-q", package)
    if done.returncode:
        raise InstallError(f"pip can't install {package} for {python}: {done.stderr.strip()}")
    return True


def _pip_uninstall(python: str) -> bool:
    return _run(python, "-m", "pip", "uninstall", "-q", "-y", PIP_NAME).returncode == 0


def _write_archive(archive: Path) -> None:
    """Zip this package, from wherever it was imported."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    package = importlib.resources.files(__package__)
    new = archive.with_suffix(".new")
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as zipped:
        for folder, prefix in ((package, __package__), (package / "help", f"{__package__}/help")):
            for file in folder.iterdir():
                if file.is_file():
                    zipped.writestr(f"{prefix}/{file.name}", file.read_bytes())
    new.replace(archive)


def _try_out(aws: str, problem: str) -> None:
    answer = _run(aws, "--version")
    if answer.returncode:
        reason = "".join(answer.stderr.strip().splitlines()[-1:])
        raise InstallError(
            f"{aws} {problem} ({reason}). Versions 1 and 2 can't share a configuration file that"
            " has plugins: give one of them its own with AWS_CONFIG_FILE"
        )


def _found_on_path() -> Iterator[str]:
    for folder in os.get_exec_path():
        aws = shutil.which("aws", path=folder)
        if aws is not None:
            yield aws


def _paths() -> list[str]:
    match = _option(PATH).search(_section(_config_text())[1])
    return [path for path in match["value"].strip().split(os.pathsep) if path] if match else []


def _configure(options: dict[str, str | None]) -> None:
    """Set options of the plugins' section, or remove those that are None; keep all else."""
    head, section, tail = _section(_config_text())
    for name, value in options.items():
        line = "" if value is None else f"{name} = {value}\n"
        match = _option(name).search(section)
        if match:
            section = section[: match.start()] + line + section[match.end() :]
        elif line:
            section = section or f"{SECTION}\n"
            section = f"{section.rstrip()}\n{line}" + "\n" * bool(tail)
    if section.strip() == SECTION:
        section = ""
    if head and section and not head.endswith("\n"):
        head += "\n"
    config = _config_file()
    config.parent.mkdir(parents=True, exist_ok=True)
    _replace(config, (head + section + tail).encode(errors="surrogateescape"))


def _config_text() -> str:
    try:
        return _config_file().read_bytes().decode(errors="surrogateescape")
    except FileNotFoundError:
        return ""


def _section(text: str) -> tuple[str, str, str]:
    """Return the text before the plugins' section, the section, and what follows it."""
    match = re.search(r"^\[plugins\].*?(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
    if not match:
        return text, "", ""
    return text[: match.start()], match[0], text[match.end() :]


def _option(name: str) -> re.Pattern[str]:
    # With the lines that continue it, which begin with white space.
    return re.compile(rf"^{name}[ \t]*[=:](?P<value>.*(?:\n[ \t]+\S.*)*)\n?", re.MULTILINE)


@contextlib.contextmanager
def _kept(file: Path) -> Iterator[None]:
    """Put a file back as it was if anything goes wrong."""
    before = file.read_bytes() if file.exists() else None
    try:
        yield
    except BaseException:
        if before is not None:
            _replace(file, before)
        elif file.exists():
            file.unlink()
        raise


def _replace(file: Path, content: bytes) -> None:
    new = file.with_name(f"{file.name}.new")
    new.write_bytes(content)
    if file.exists():
        shutil.copymode(file, new)
    new.replace(file)


def _run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "AWS_CLI_AUTO_PROMPT": "off", **variables}
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        environment.pop(name, None)
    try:
        return subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
    except OSError as error:
        raise InstallError(f"{command[0]} can't be run: {error}") from error
