"""Installs the plugin for every `aws` that reads a configuration file, and removes it again.

A wrong line in the configuration file makes every `aws` command fail. So a change of it is one
transaction: every program on the PATH is tried with the new plugin and the new configuration, which
lie aside; then they are put into place, in an order in which the configuration never names a plugin
that isn't there; then every program is tried once more. If one fails that worked before, all of it
is taken back. Killed at any moment, `aws` works, and the next run finishes.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import locale
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Optional

from awscli_rekcl import __version__
from awscli_rekcl.errors import InstallError
from awscli_rekcl.install import archive, completion, config_file, files
from awscli_rekcl.install.aws import Program, State, find, on_path
from awscli_rekcl.install.config_file import config_path
from awscli_rekcl.install.probe import MODULE as PROBE
from awscli_rekcl.text import quoted

# Where the official container image has the `~/.aws` that is mounted into it. Not for every user's
# home folder: on a shared host that would be somebody else's code. On Windows it would be a folder
# of the current drive, which everybody may create.
CONTAINER_FOLDER = "" if sys.platform == "win32" else "/root/.aws"

_CONFIGURED, _REMOVED = "with the plugin configured", "without the plugin's lines"
_ADVICE = {
    _CONFIGURED: "With this plugin version 2 loads the others under [plugins] as well, and version"
    " 1 has to run on Python 3.9 or later. Correct that, or take the program from the PATH.",
    _REMOVED: "Check what else is named under [plugins] in the configuration file: version 1 reads"
    f" {config_file.PATH} only with this plugin.",
}

_Undo = list[Callable[[], object]]
_Failures = dict[Program, Optional[str]]  # why no command of a program works, None if they do


def archive_path() -> Path:
    """Return where the plugin lies: beside the configuration file that names it."""
    # No version in the name: an update replaces the file that the configuration names. But that of
    # the configuration, because another one beside it may name a plugin as well.
    return config_path().with_name(f"awscli_rekcl-{config_path().name}.zip")


def install(name: str | None, with_completion: bool = False) -> Iterator[str]:
    """Install or update the plugin, and yield what to print. Raise InstallError.

    The program of a `name` has to get it, by default at least one of those on the PATH.
    """
    config, zipped = config_path(), archive_path()
    files.check(config)
    chosen = [find(name)] if name else []
    paths = [os.path.realpath(program.path) for program in chosen]
    others = [each for each in on_path() if os.path.realpath(each.path) not in paths]
    programs = [*chosen, *others]
    if not programs:
        raise InstallError(
            "There is no aws on the PATH", "Install the AWS CLI, or name it with --aws PATH."
        )
    with _transaction() as made:
        _make_folder(zipped.parent, made)
        with files.locked(*_folders()), _transaction() as undo:
            before = read_config()
            after = config_file.with_plugin(before, _places(zipped))
            broken = _try_out(programs, _with_probe(before), _CONFIGURED)
            pth_files = _write_plugin(programs, undo)
            _replace_config(before, after, undo)
            states = {each: each.state() for each in programs}
            _check({each: states[each].failure for each in programs}, broken, _CONFIGURED)
            _check_command({each: states[each] for each in chosen or programs}, broken)
    yield f"Installed version {__version__} in {zipped}, named in {config}:"
    for each in programs:
        yield f"  {each}: {_in_words(each, states[each], pth_files.get(each))}"
    answers = [each.answer for each in programs if each.answer]
    yield from completion.install(answers, with_completion)
    first = next(each for each in programs if states[each].has_command)
    yield f"Try: {quoted(first.path)} rekognition delete-model-and-wait help"


def remove() -> Iterator[str]:
    """Remove the plugin, and yield a line for each thing that is removed. Raise InstallError.

    It needs no AWS CLI that works, nor one at all, and mends what it finds: lines without a plugin,
    a plugin without lines, paths that are gone.
    """
    config, zipped = config_path(), archive_path()
    programs = list(on_path())
    with files.locked(*_folders()):
        before = read_config()
        after = config_file.without_plugin(before)
        if after != before:
            files.check(config)
            broken = _try_out(programs, lambda new: after, _REMOVED)
            with _transaction() as undo:
                _replace_config(before, after, undo)
                failures = {each: each.failure() for each in programs}
                _check(failures, broken, _REMOVED, _ADVICE[_REMOVED])
            yield f"Removed the plugin's lines from {config}."
        else:
            failures = {each: each.failure() for each in programs}
        # After the lines: a plugin that is configured and can't be found makes every command fail.
        for path in _pth_files_of(zipped, programs):
            _delete(path)
            yield f"Removed {path}."
        yield from completion.remove()
        if os.path.lexists(zipped):
            _delete(zipped)
            yield f"Removed {zipped}."
    for program, failure in failures.items():
        if failure:
            yield f"{program} does not work, for another reason: {failure}"


def read_config() -> str:
    """Return the text of the configuration file. Raise InstallError if it can't be read."""
    # The AWS CLI reads it in the encoding of the locale; what is none stays as it is.
    text = (files.read(config_path()) or b"").decode(_encoding(), "surrogateescape")
    config_file.parse(text)
    return text


def ask(programs: Sequence[Program]) -> None:
    """Have programs say what they are, whatever the configuration is like. Raise InstallError."""
    with files.explained():
        folder = Path(tempfile.gettempdir())
    _trials(programs, folder, _with_probe(""))


def pth_path(site: str) -> Path:
    """Return the file by which a Python with this folder of packages finds the plugin."""
    name = hashlib.sha256(os.fsencode(archive_path())).hexdigest()[:8]
    return Path(site, f"awscli_rekcl-{name}.pth")


def _with_probe(text: str) -> Callable[[Path], str]:
    return lambda new: config_file.with_plugin(text, _places(new), PROBE)


def _trials(
    programs: Sequence[Program], parent: Path, configuration: Callable[[Path], str]
) -> _Failures:
    """Start every program with a configuration that may name the new plugin.

    Both lie in a folder of their own in `parent`. Raise InstallError.
    """
    with files.aside(parent) as folder, files.explained(parent):
        zipped, config = folder / archive_path().name, folder / "config"
        zipped.write_bytes(archive.content())
        config.write_bytes(_bytes(configuration(zipped)))
        return {each: each.trial(config, zipped) for each in programs}


def _try_out(
    programs: Sequence[Program], configuration: Callable[[Path], str], how: str
) -> set[Program]:
    """Return the programs that don't work now. Raise InstallError if another one would not."""
    # Now, and not only where the trial fails: a wrapper may have a reason that no trial meets.
    broken = {each for each in programs if each.failure()}
    _check(_trials(programs, archive_path().parent, configuration), broken, how, _ADVICE[how])
    return broken


def _check(failures: _Failures, broken: set[Program], how: str, advice: str | None = None) -> None:
    """Raise InstallError if a program fails that worked before."""
    for program, failure in failures.items():
        if failure and program not in broken:
            advice = advice or _advice(program)
            raise InstallError(f"{program} fails {how}: {failure}", advice)


def _check_command(states: dict[Program, State], broken: set[Program]) -> None:
    """Raise InstallError if no program has the command."""
    if not any(state.has_command for state in states.values()):
        problems = [f"{each} {_in_words(each, state)}" for each, state in states.items()]
        # One that doesn't work anyway needs no advice if there is another.
        advice = [_advice(each) for each in states if each not in broken]
        advice.append("Correct that, and then run this again.")
        raise InstallError("; ".join(problems), advice[0])


def _write_plugin(programs: Sequence[Program], undo: _Undo) -> dict[Program, Path]:
    """Put the zip into place, and the `.pth` files by which version 1 finds it."""
    zipped = archive_path()
    version_1 = {
        each: [pth_path(site) for site in each.answer.sites]
        for each in programs
        if each.answer and each.answer.is_version_1
    }
    known = {str(path) for paths in version_1.values() for path in paths}
    earlier = [path for path in archive.comment(zipped)[1] if os.path.exists(path)]
    new, old = archive.content(sorted({*known, *earlier})), files.read(zipped)
    files.replace(zipped, new, old, 0o644)
    undo.append(lambda: files.replace(zipped, old, new, 0o644))
    return {program: _write_pth(program, paths, undo) for program, paths in version_1.items()}


def _write_pth(program: Program, paths: list[Path], undo: _Undo) -> Path:
    """Write the first of some files that can be written, and return it. Raise InstallError."""
    line = f"{archive_path()}\n".encode(_encoding(), "surrogateescape")
    for path in paths:
        with contextlib.suppress(InstallError, OSError):
            if files.read(path) != line:
                _make_folder(path.parent, undo)
                undo.append(functools.partial(_quietly, path.unlink))
                path.write_bytes(line)
            return path
    folders = " or ".join(str(path.parent) for path in paths)
    raise InstallError(
        f"{program} needs a file in {folders or 'its Python'}, where your user can't write",
        "Install version 1 in a virtual environment of your own, or, if you don't use this one,"
        " take its folder from the PATH.",
    )


def _replace_config(before: str, after: str, undo: _Undo) -> None:
    target = Path(os.path.realpath(config_path()))
    old = _bytes(before) if target.exists() else None
    files.replace(target, _bytes(after), old)
    undo.append(lambda: files.replace(target, old, _bytes(after)))


def _advice(program: Program) -> str:
    """Return what helps a program that could be tried, but doesn't do what it should."""
    answer = program.answer
    if answer is None:
        return (
            "It could not be tried before, because it hides from the installer which program it"
            " runs, and where. Name that program with --aws PATH; if it runs in a container, mount"
            f" {config_path().parent} there as /root/.aws. Or, if you don't use it, take it from"
            " the PATH."
        )
    if answer.others:
        return (
            f"It finds another awscli_rekcl in {answer.others[0]} first. Remove that, for example"
            f" by `{quoted(answer.python or 'python')} -m pip uninstall awscli-rekcl`, and then"
            " run this again."
        )
    return f"Report this, with the section [plugins] of {config_path()}."


def _in_words(program: Program, state: State, pth_file: Path | None = None) -> str:
    if state.failure:
        return f"does not work, as before: {state.failure}"
    if state.has_command:
        if program.answer and program.answer.others:
            return f"has the command, but of the awscli_rekcl in {program.answer.others[0]}"
        return f"has the command, by {pth_file}" if pth_file else "has the command"
    if program.answer:
        return "works, but has not loaded the plugin"
    return f"works, but without the command: it does not read {config_path()}"


@contextlib.contextmanager
def _transaction() -> Iterator[_Undo]:
    """Lend a list for what takes each step back; if there is an error, that is done.

    Raise InstallError where that is not possible. Then what came before it stays, because the
    configuration may need it.
    """
    undo: _Undo = []
    try:
        yield undo
    except BaseException as error:
        try:
            while undo:
                undo.pop()()
        except InstallError as trouble:
            raise InstallError(
                f"{error}\nAnd it could not be taken back: {trouble.problem}",
                trouble.advice,
                "The plugin is still there, and may be named.",
            ) from error
        raise


def _pth_files_of(zipped: Path, programs: list[Program]) -> list[Path]:
    """Return the `.pth` files that are there, by the zip, or where that is gone, by asking."""
    named = [Path(name) for name in archive.comment(zipped)[1]]
    if not os.path.exists(zipped):
        ask(programs)
        named = [pth_path(site) for each in programs if each.answer for site in each.answer.sites]
    ours = [path for path in dict.fromkeys(named) if path.name == pth_path("").name]
    return [path for path in ours if os.path.exists(path)]


def _places(zipped: Path) -> list[str]:
    """Return where version 2 finds the plugin. Raise InstallError."""
    path = str(zipped)
    if os.pathsep in path or path != path.strip() or "\n" in path:
        raise InstallError(
            f"{archive_path()} can't be named in a configuration file, because of a {os.pathsep} or"
            " of a blank at its end",
            "Set AWS_CONFIG_FILE to a file in a folder of another name, here and for `aws`.",
        )
    container = f"{CONTAINER_FOLDER}/{archive_path().name}"
    return [path, container] if CONTAINER_FOLDER and path != container else [path]


def _folders() -> list[Path]:
    """Return the folders whose files are replaced."""
    return [archive_path().parent, Path(os.path.realpath(config_path())).parent]


def _delete(path: Path) -> None:
    with files.explained():
        path.unlink()


def _make_folder(folder: Path, undo: _Undo) -> None:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        with files.explained():
            each.mkdir(exist_ok=True)
        undo.append(functools.partial(_quietly, each.rmdir))


def _quietly(remove: Callable[[], None]) -> None:
    with contextlib.suppress(OSError):
        remove()


def _encoding() -> str:
    return locale.getpreferredencoding(False)


def _bytes(text: str) -> bytes:
    try:
        return text.encode(_encoding(), "surrogateescape")
    except UnicodeEncodeError as error:
        raise InstallError(
            f"{error.object[error.start : error.end]!r} can't be written in {_encoding()}, in"
            f" which the AWS CLI reads {config_path()}",
            "Set AWS_CONFIG_FILE to a file in a folder with another name, here and for `aws`.",
        ) from error
