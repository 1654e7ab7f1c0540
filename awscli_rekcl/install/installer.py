"""Installs the plugin for every `aws` that reads a configuration file, and removes it again.

A wrong line in the configuration file makes every `aws` command fail. So every program on the PATH
is tried with the new plugin and the new configuration, which lie aside; then they are put into
place, in an order in which the configuration never names a plugin that isn't there; then every
program is tried once more. If one fails that worked before, all of it is taken back. Killed at any
moment, `aws` works, and the next run finishes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from awscli_rekcl import __version__
from awscli_rekcl.install import archive, completion, config_file, files, version_1
from awscli_rekcl.install.aws import Program, find, on_path, try_out
from awscli_rekcl.install.config_file import config_path
from awscli_rekcl.install.errors import InstallError, Interrupted, typed
from awscli_rekcl.install.status import archive_path, state

# Where the official container image has the `~/.aws` that is mounted into it. Not for every user's
# home folder: on a shared host that would be somebody else's code. On Windows it would be a folder
# of the current drive, which everybody may create.
CONTAINER_FOLDER = "" if sys.platform == "win32" else "/root/.aws"
_DELETE = ("del",) if sys.platform == "win32" else ("sudo", "rm")

_HIDDEN = (
    "It could not be tried before, because it hides from the installer which program it runs, and"
    " where. Name that program with --aws PATH; if it runs in a container, mount the folder of the"
    " configuration file there as /root/.aws. Or, if you don't use it, take it from the PATH."
)


def install(name: str | None, with_completion: bool = False) -> list[str]:
    """Install or update the plugin, and return what to print.

    The program of a `name` has to get it, by default at least one of those on the PATH. Raise
    OSError, InstallError or Interrupted.
    """
    config, zipped = config_path(), archive_path()
    files.check(config)
    chosen = [find(name)] if name else []
    paths = [os.path.realpath(program.path) for program in chosen]
    programs = [*chosen, *(each for each in on_path() if os.path.realpath(each.path) not in paths)]
    with contextlib.ExitStack() as stack:
        files.make(zipped.parent, stack)
        stack.enter_context(files.locked(*_folders()))
        content, before = config_file.read()
        after = config_file.with_plugin(before, _places(zipped))
        for each in programs:
            each.start()
        broken = [each for each in programs if each.failure]
        try_out(programs, before, zipped.parent)
        _check(programs, broken)
        known = {*version_1.earlier(zipped), *version_1.pth_files(zipped, programs)}
        new = archive.content(sorted(map(str, known)))
        stack.enter_context(files.changed(zipped, files.read(zipped), new, files.replace))
        notes = {each: version_1.install(zipped, each, stack) for each in programs}
        edited = config_file.encoded(after)
        stack.enter_context(files.changed(config, content, edited, files.edit))
        states = {each: state(each, after) for each in programs}
        _check(programs, broken)
        _check_command({each: states[each] for each in chosen or programs}, broken)
    return [
        f"Installed version {__version__} in {zipped}, named in {config}:",
        *(f"  {each}: {states[each][1]}{notes[each]}" for each in programs),
        *([] if programs else ["  There is no aws on the PATH, but others may read this file."]),
        *completion.install([each.answer for each in programs if each.answer], with_completion),
        f"Try: {_to_try([each for each in programs if states[each][0]])}",
    ]


def remove() -> tuple[list[str], bool]:
    """Remove the plugin; return a line for each thing, and whether all is gone.

    It needs no AWS CLI that works, nor one at all, and mends what it finds: lines without a plugin,
    a plugin without lines, paths that are gone. Raise OSError, InstallError or Interrupted.
    """
    config, zipped = config_path(), archive_path()
    programs, lines = list(on_path()), []
    with files.locked(*_folders()):
        if not zipped.exists():
            try_out(programs, "")
        brought = [*version_1.earlier(zipped, programs), zipped]
        before, after = _without_lines(config)
        if before != after:
            lines.append(f"Removed the plugin's lines from {config}.")
            if not after.strip() and not config.is_symlink() and config.stat().st_nlink == 1:
                with contextlib.suppress(OSError):  # it is a mount of its own
                    config.unlink()
                    lines.append(f"Removed {config}, which was left empty.")
        # After the lines: a plugin that is configured and can't be found makes every command fail.
        lines += [_deleted(path) for path in brought if os.path.lexists(path)]
        lines += completion.remove()
    with contextlib.suppress(Interrupted):  # what is removed stays so
        for each in programs:
            each.start()
            if each.failure:
                lines.append(
                    f"{each} does not work: {each.failure}{version_1.why(each.failure, after)}"
                )
    is_done = not any(os.path.lexists(path) for path in brought)
    return lines or ["There was nothing to remove."], is_done


def _deleted(path: Path) -> str:
    """Delete a file, and return what to say of it."""
    try:
        path.unlink()
    except OSError as error:
        command = typed(*_DELETE, str(path))
        return f"Not removed: {path}: {error.strerror}. If you may: {command}"
    return f"Removed {path}."


def _without_lines(config: Path) -> tuple[str, str]:
    """Take the plugin's lines out of the file; return its text before and after."""
    content, text = config_file.read()
    try:
        after = config_file.without_plugin(text)
        if after != text:
            files.check(config)
            files.edit(config, content, config_file.encoded(after))
        return text, after
    except (OSError, InstallError) as error:
        lines = [line for line in text.splitlines() if config_file.MODULE in line]
        advice = getattr(error, "advice", "")
        if lines:
            advice += "\nThe plugin stays, because these lines name it. Delete them:\n"
        problem = getattr(error, "problem", str(error))
        raise InstallError(problem, advice + "\n".join(lines)) from error


def _check(programs: Sequence[Program], broken: Collection[Program]) -> None:
    """Raise InstallError if a program fails that worked before."""
    for each in programs:
        if each.failure and each not in broken:
            advice = _HIDDEN
            if each.answer:
                advice = (
                    "With this plugin version 2 loads the others under [plugins] as well, and"
                    " version 1 needs Python 3.9. Correct that, or take the program from the PATH."
                )
            raise InstallError(f"{each} fails with the plugin configured: {each.failure}", advice)


def _check_command(states: Mapping[Program, tuple[bool, str]], broken: Collection[Program]) -> None:
    """Raise InstallError if there are programs, and none has the command."""
    if states and not any(has_command for has_command, _ in states.values()):
        # One that doesn't work anyway needs no advice if there is another.
        is_hidden = any(not each.answer for each in states if each not in broken)
        advice = _HIDDEN if is_hidden else "Correct that, and then run this again."
        raise InstallError("; ".join(f"{each}: {states[each][1]}" for each in states), advice)


def _to_try(programs: Sequence[Program]) -> str:
    """Return a command that works with every build, and changes nothing."""
    path = programs[0].path if programs else "aws"
    name = "aws" if shutil.which("aws") == path else path
    words = ("rekognition", "delete-model-and-wait", "--project-name", "my-project")
    return typed(name, *words, "--all-versions", "--dry-run")


def _places(zipped: Path) -> list[str]:
    """Return where version 2 finds the plugin. Raise InstallError."""
    path = str(zipped)
    # The AWS CLI expands variables in AWS_CONFIG_FILE, and so in that of a trial.
    if os.pathsep in path or os.path.expandvars(path) != path.strip() or "\n" in path:
        raise InstallError(
            f"{zipped} can't be named in a configuration file, because of a {os.pathsep}, of a"
            " variable, or of a blank at its end",
            "Set AWS_CONFIG_FILE to a file in a folder of another name, here and for `aws`.",
        )
    container = f"{CONTAINER_FOLDER}/{zipped.name}"
    return [path, container] if CONTAINER_FOLDER and path != container else [path]


def _folders() -> list[Path]:
    """Return the folders whose files are changed."""
    return [archive_path().parent, Path(os.path.realpath(config_path())).parent]
