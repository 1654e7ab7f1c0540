"""Installs the plugin into an AWS CLI and removes it again, so that no file is edited by hand.

A wrong line in the configuration file makes every `aws` command fail. So each action is one
transaction: the new plugin and the new configuration are written aside, every `aws` on the PATH is
tried with them, and only then they are renamed into place, in an order in which the configuration
never names a plugin that isn't there. Killed at any moment, `aws` works, and the next run finishes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from awscli_rekcl import __version__
from awscli_rekcl.errors import ConfigError, InstallError
from awscli_rekcl.install import archive, completion, config_file, package
from awscli_rekcl.install.aws import Cli, last_line, on_path, run

# Where the official container image has the `~/.aws` that is mounted into it. Not for every user's
# home folder: on a shared host that would be somebody else's code.
CONTAINER_FOLDER = Path("/root/.aws")

_T = TypeVar("_T")


def config_path() -> Path:
    """Return the configuration file of the AWS CLI, by its own rules."""
    named = os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config"
    return Path(os.path.abspath(os.path.expanduser(os.path.expandvars(named))))


def archive_path() -> Path:
    """Return where version 2 finds the plugin: beside the configuration file that names it."""
    # No version in the name: an update replaces the file that the configuration names. But that of
    # the configuration, because another one beside it may name a plugin as well.
    return config_path().with_name(f"awscli_rekcl-{config_path().name}.zip")


def install(cli: Cli, force: bool = False, with_completion: bool = False) -> str:
    """Install or update the plugin; return what to tell the user. Raise InstallError."""
    _clean_up()
    before = read_config()
    failure = cli.failure(config_path())
    if failure:
        raise InstallError(
            f"{cli} does not work as it is ({failure})",
            "If that is about awscli_rekcl, run `awscli-rekcl remove`, and then this again.",
        )
    if cli.major == 1:
        broken = _install_package(cli, before, force)
    else:
        broken = _install_archive(cli, before, force)
    told = [f"Installed version {__version__} for {cli}, configured in {config_path()}."]
    told += [
        f"With this configuration file every command of {other} fails ({reason}),"
        " until `awscli-rekcl remove`."
        for other, reason in broken.items()
    ]
    if with_completion or (completion.is_asked_for() and cli.major != 1):
        told.append(_complete(cli))
    return "\n".join([*told, "Try: aws rekognition delete-model-and-wait help"])


def remove(cli: Cli | None) -> str:
    """Remove the plugin; return what to tell the user. Raise InstallError.

    It needs no AWS CLI that works, nor one at all, and mends what it finds: lines without a plugin,
    a plugin without lines, paths that are gone.
    """
    _clean_up()
    before = read_config()
    after = _edited(config_file.without_plugin, before)
    removed = []
    if after != before:
        if cli is not None:
            with _trial(after) as trial:
                failure = cli.failure(trial)
            if failure and not cli.failure(config_path()):
                raise InstallError(
                    f"{cli} would no longer work without the plugin's lines ({failure})",
                    f"Report this, with the section [plugins] of {config_path()}.",
                )
        _replace(_target(), after)
        removed.append(f"the plugin's lines from {config_path()}")
    # Last: a plugin that is configured and can't be found makes every command fail.
    with _told("can't be deleted"):
        if completion.remove():
            removed.append("completion")
        if archive_path().exists():
            archive_path().unlink()
            removed.append(str(archive_path()))
    told = []
    if cli is not None and cli.major == 1:
        try:
            python = package.python_of(cli.path)
            if package.version(python):
                package.uninstall(python)
                removed.append(f"the package of {python}")
        except InstallError as error:
            told.append(f"The package {package.NAME} is still there, if it was, unused: {error}")
    told.insert(0, f"Removed {', '.join(removed)}." if removed else "There was nothing to remove.")
    failure = cli.failure(config_path()) if cli is not None else None
    if failure:
        told.append(f"{cli} does not work, for another reason: {failure}")
    return "\n".join(told)


def read_config() -> str:
    """Return the text of the configuration file. Raise InstallError if it can't be read."""
    try:
        text = config_path().read_bytes().decode(errors="surrogateescape")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise InstallError(
            f"{config_path()} can't be read: {error.strerror}",
            "Make it readable, or name another file with AWS_CONFIG_FILE.",
        ) from error
    _edited(config_file.parse, text)
    return text


def _install_archive(cli: Cli, before: str, force: bool) -> dict[Cli, str]:
    own = archive_path()
    places = list(dict.fromkeys([str(own), str(CONTAINER_FOLDER / own.name)]))
    after = _edited(lambda text: config_file.with_plugin(text, places), before)
    tried = _edited(lambda text: config_file.with_plugin(text, [f"{own}.new", *places[1:]]), before)
    with _told("can't be written"):
        own.parent.mkdir(parents=True, exist_ok=True)
        archive.write(Path(f"{own}.new"))
    try:
        broken = _try_out(cli, tried, force)
        is_new = not own.exists()
        with _told("can't be written"):
            os.replace(f"{own}.new", own)
        try:
            _replace(_target(), after, before)
        except BaseException:
            if is_new:
                own.unlink()
            raise
    finally:
        Path(f"{own}.new").unlink(missing_ok=True)
    return broken


def _install_package(cli: Cli, before: str, force: bool) -> dict[Cli, str]:
    python = package.python_of(cli.path)
    after = _edited(config_file.with_plugin, before)
    without = _edited(config_file.without_plugin, before)
    found = package.version(python)
    if found == __version__:
        broken = _try_out(cli, after, force)
        _replace(_target(), after, before)
        return broken
    # pip takes the old package away before it puts the new one in place.
    _replace(_target(), without, before)
    try:
        package.install(python)
        broken = _try_out(cli, after, force)
        _replace(_target(), after)
    except BaseException:
        if not found and package.version(python):
            package.uninstall(python)
        with _trial(before) as trial:
            works = not cli.failure(trial)
        if works:
            _replace(_target(), before)
        raise
    return broken


def _try_out(cli: Cli, text: str, force: bool) -> dict[Cli, str]:
    """Try a configuration with every `aws`; return those that fail with it, and why.

    Raise InstallError if that is the chosen one, or, unless forced, any that works as it is.
    """
    with _trial(text) as trial:
        failure = cli.failure(trial)
        if failure:
            raise InstallError(
                f"{cli} would no longer work ({failure})",
                "If another plugin is configured, try without it; otherwise report this.",
            )
        if not cli.loads_plugin(trial):
            raise InstallError(
                f"{cli} did not load the plugin",
                f"Report this, with the section [plugins] of {config_path()}.",
            )
        broken = {}
        for other in on_path():
            failure = other.failure(trial) if other.path != cli.path else None
            if failure and not other.failure(config_path()):
                broken[other] = failure
    if not force:
        for other, reason in broken.items():
            problem = f"{other} would no longer work ({reason})"
            if other.major != cli.major:
                problem = (
                    "Versions 1 and 2 can't share a configuration file that has plugins: "
                    f"besides {cli} there is {other}, which would no longer work ({reason})"
                )
            raise InstallError(
                problem,
                "Give one of the two a file of its own, by setting AWS_CONFIG_FILE for it whenever"
                f" it runs, here too. Or, if {other.path} is never used, take it from the PATH or"
                f" add --force: then all of its commands fail, and {cli.path} has the plugin.",
            )
    return broken


def _complete(cli: Cli) -> str:
    """Make the index for completion, inside of the AWS CLI; return what to tell."""
    if cli.major == 1:
        return "Version 1 completes the command by itself, where its aws_completer is set up."
    text = config_file.with_plugin("", [str(archive_path())]).replace(
        f"= {config_file.MODULE}\n", f"= {completion.__name__}\n"
    )
    with _trial(text) as trial:
        answer = run(cli.path, "--version", config=trial)
    lines = [line for line in answer.stderr.splitlines() if line.startswith(completion.ANSWER)]
    said = lines[-1][len(completion.ANSWER) :] if lines else last_line(answer)
    if said == "on":
        return "Completion is on, for TAB and for the auto-prompt."
    return f"No completion: {said}. The plugin works without it."


@contextlib.contextmanager
def _trial(text: str) -> Iterator[Path]:
    """Lend a configuration file, beside the real one."""
    path = _aside(config_path(), "trial")
    _write(path, text)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _clean_up() -> None:
    """Delete what a run that was killed has left."""
    for path in (
        _aside(config_path(), "trial"),
        _aside(_target(), "new"),
        Path(f"{archive_path()}.new"),
    ):
        with contextlib.suppress(OSError):
            path.unlink()


def _replace(path: Path, text: str, before: str | None = None) -> None:
    """Write a file at once and as a whole, unless it is as it was."""
    if text == before:
        return
    new = _aside(path, "new")
    _write(new, text)
    with _told("can't be replaced"):
        try:
            os.replace(new, path)
        except OSError:
            new.unlink(missing_ok=True)
            raise


def _write(path: Path, text: str) -> None:
    """Write a file that has the permissions of the configuration file."""
    with _told("can't be written"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(text.encode(errors="surrogateescape"))
            file.flush()
            os.fsync(descriptor)
        if config_path().exists():
            shutil.copymode(config_path(), path)
            owner = config_path().stat()
            if sys.platform != "win32":
                with contextlib.suppress(OSError):  # by root, say, for another user
                    os.chown(path, owner.st_uid, owner.st_gid)


def _target() -> Path:
    """Return the file itself where the configuration file is a symbolic link."""
    return Path(os.path.realpath(config_path()))


def _aside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.name}.rekcl-{what}")


def _edited(edit: Callable[[str], _T], text: str) -> _T:
    try:
        return edit(text)
    except ConfigError as error:
        raise InstallError(
            f"{config_path()}, {error}",
            "Correct that line, and then run this again.",
        ) from error


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InstallError(
            f"{error.filename2 or error.filename} {what}: {error.strerror}",
            "Make room or set the permissions, and then run this again.",
        ) from error
