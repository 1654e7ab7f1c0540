"""Installs the plugin for every `aws` that reads a configuration file, and removes it again.

A wrong line in the configuration file makes every `aws` command fail. So an installation is one
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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from awscli_rekcl import __version__
from awscli_rekcl.errors import ConfigError, InstallError
from awscli_rekcl.install import archive, completion, config_file, files
from awscli_rekcl.install.aws import Answer, Attempt, Program, find, on_path
from awscli_rekcl.install.probe import MODULE as PROBE
from awscli_rekcl.visible import quoted

# Where the official container image has the `~/.aws` that is mounted into it. Not for every user's
# home folder: on a shared host that would be somebody else's code. On Windows it would be a folder
# of the current drive, which everybody may create.
CONTAINER_FOLDER = "" if sys.platform == "win32" else "/root/.aws"

_AS_BEFORE = "Correct that, and then run this again."

_T = TypeVar("_T")
_Undo = list[Callable[[], object]]


class _Tried(NamedTuple):
    program: Program
    failure: str | None  # why it didn't work before
    trial: Attempt  # with the new plugin and the new configuration


def config_path() -> Path:
    """Return the configuration file of the AWS CLI, by its own rules."""
    named = os.environ.get("AWS_CONFIG_FILE", "~/.aws/config") or os.devnull
    return Path(os.path.abspath(os.path.expanduser(os.path.expandvars(named))))


def archive_path() -> Path:
    """Return where the plugin lies: beside the configuration file that names it."""
    # No version in the name: an update replaces the file that the configuration names. But that of
    # the configuration, because another one beside it may name a plugin as well.
    return config_path().with_name(f"awscli_rekcl-{config_path().name}.zip")


def install(name: str | None, with_completion: bool = False) -> Iterator[str]:
    """Install or update the plugin, and yield what to tell the user. Raise InstallError.

    The program of a `name` has to get it, by default at least one of those on the PATH.
    """
    config, zipped = config_path(), archive_path()
    files.check(config)
    read_config()
    chosen = [find(name)] if name else []
    paths = [os.path.realpath(program.path) for program in chosen]
    others = [each for each in on_path() if os.path.realpath(each.path) not in paths]
    if not chosen and not others:
        raise InstallError(
            "There is no aws on the PATH", "Install the AWS CLI, or name it with --aws PATH."
        )
    with _transaction() as made:
        _make_folder(zipped.parent, made)
        with files.locked(*_folders()), _transaction() as undo:
            before = read_config()
            tried = _try_out([*chosen, *others], before)
            _refuse(tried, chosen)
            pth_files = _write_plugin(tried, undo)
            after = _edited(lambda text: config_file.with_plugin(text, _places(zipped)), before)
            _replace_config(before, after, undo)
            attempts = [each.program.attempt() for each in tried]
            _check_again(tried, attempts, chosen)
    yield f"Installed version {__version__} in {zipped}, named in {config}:"
    for each, attempt in zip(tried, attempts):
        yield f"  {each.program}: {_state(each, attempt, pth_files.get(each.program))}"
    answers = [each.trial.answer for each in tried if each.trial.answer]
    yield from completion.install(answers, with_completion)
    loaded = [each.program for each, attempt in zip(tried, attempts) if attempt.is_loaded]
    yield f"Try: {quoted(loaded[0].path)} rekognition delete-model-and-wait help"


def remove() -> Iterator[str]:
    """Remove the plugin, and yield a line for each thing that is removed. Raise InstallError.

    It needs no AWS CLI that works, nor one at all, and mends what it finds: lines without a plugin,
    a plugin without lines, paths that are gone.
    """
    config, zipped = config_path(), archive_path()
    programs = list(on_path())
    with contextlib.ExitStack() as stack:
        if os.path.isdir(zipped.parent):
            stack.enter_context(files.locked(*_folders()))
        before = read_config()
        after = _edited(config_file.without_plugin, before)
        if after != before:
            files.check(config)
            _replace_where_all_work(programs, before, after)
            yield f"Removed the plugin's lines from {config}."
        # After the lines: a plugin that is configured and can't be found makes every command fail.
        for path in _pth_files_of(zipped, programs):
            with files.explained():
                path.unlink()
            yield f"Removed {path}."
        yield from completion.remove()
        if os.path.lexists(zipped):
            with files.explained():
                zipped.unlink()
            yield f"Removed {zipped}."
    for program in programs:
        failure = program.failure()
        if failure:
            yield f"{program} does not work, for another reason: {failure}"


def read_config() -> str:
    """Return the text of the configuration file. Raise InstallError if it can't be read."""
    # The AWS CLI reads it in the encoding of the locale; what is none stays as it is.
    text = (files.read(config_path()) or b"").decode(_encoding(), "surrogateescape")
    _edited(config_file.parse, text)
    return text


def ask(program: Program) -> Answer | None:
    """Have a program say what it is, whatever the configuration is like. Raise InstallError."""
    with files.explained(), tempfile.TemporaryDirectory() as folder:
        zipped, config = Path(folder, "awscli_rekcl.zip"), Path(folder, "config")
        zipped.write_bytes(archive.content())
        config.write_bytes(_bytes(config_file.with_plugin("", [str(zipped)], PROBE)))
        return program.attempt(config, zipped).answer


def pth_path(site: str) -> Path:
    """Return the file by which a Python with this folder of packages finds the plugin."""
    name = hashlib.sha256(os.fsencode(archive_path())).hexdigest()[:8]
    return Path(site, f"awscli_rekcl-{name}.pth")


def _try_out(programs: list[Program], before: str) -> list[_Tried]:
    """Start every program as it is, and with the new plugin and configuration."""
    beside = archive_path().parent
    with files.aside(beside) as folder, files.explained(beside):
        zipped, config = folder / archive_path().name, folder / "config"
        zipped.write_bytes(archive.content())
        places = _places(zipped)
        text = _edited(lambda text: config_file.with_plugin(text, places, PROBE), before)
        config.write_bytes(_bytes(text))
        return [_Tried(each, each.failure(), each.attempt(config, zipped)) for each in programs]


def _refuse(tried: list[_Tried], chosen: list[Program]) -> None:
    for program, failure, trial in tried:
        if trial.failure and (not failure or program in chosen):
            if failure:
                raise InstallError(f"{program} does not work: {failure}", _AS_BEFORE)
            raise InstallError(
                f"{program} fails with the plugin configured: {trial.failure}",
                "With this plugin version 2 loads the others under [plugins] as well, and version 1"
                " has to run on Python 3.9 or later. Correct that, or take the program from the"
                " PATH.",
            )


def _write_plugin(tried: list[_Tried], undo: _Undo) -> dict[Program, Path]:
    """Put the zip into place, and the `.pth` files by which version 1 finds it."""
    zipped = archive_path()
    version_1 = {
        each.program: [pth_path(site) for site in each.trial.answer.sites]
        for each in tried
        if each.trial.answer and each.trial.answer.is_version_1
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
            before = files.read(path)
            if before != line:
                _make_folder(path.parent, undo)
                undo.append(functools.partial(_put_back, path, before))
                path.write_bytes(line)
            return path
    folders = " or ".join(str(path.parent) for path in paths)
    raise InstallError(
        f"{program} needs a file in {folders or 'its Python'}, where your user can't write",
        "Install version 1 in a virtual environment of your own, or, if you don't use this one,"
        " take its folder from the PATH.",
    )


def _put_back(path: Path, before: bytes | None) -> None:
    with contextlib.suppress(OSError):
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)


def _replace_config(before: str, after: str, undo: _Undo) -> None:
    target = Path(os.path.realpath(config_path()))
    old = _bytes(before) if target.exists() else None
    files.replace(target, _bytes(after), old)
    undo.append(lambda: files.replace(target, old, _bytes(after)))


def _replace_where_all_work(programs: list[Program], before: str, after: str) -> None:
    """Replace the configuration by one without the plugin. Raise InstallError."""
    working = [program for program in programs if not program.failure()]
    with files.aside(archive_path().parent) as folder:
        (folder / "config").write_bytes(_bytes(after))
        failures = {each: each.failure(folder / "config") for each in working}
    with _transaction() as undo:
        if not any(failures.values()):
            _replace_config(before, after, undo)
            failures = {each: each.failure() for each in working}
        for program, failure in failures.items():
            if failure:
                raise InstallError(
                    f"{program} fails without the plugin's lines: {failure}",
                    f"Check what else is named under [plugins] in {config_path()}: version 1"
                    f" reads {config_file.PATH} only with this plugin.",
                )


def _check_again(tried: list[_Tried], attempts: list[Attempt], chosen: list[Program]) -> None:
    """Raise InstallError if a program doesn't do what it should, now with the real files."""
    for each, attempt in zip(tried, attempts):
        if attempt.failure and not each.failure:
            raise InstallError(
                f"{each.program} fails with the plugin configured: {attempt.failure}", _advice(each)
            )
    needed = [pair for pair in zip(tried, attempts) if pair[0].program in chosen or not chosen]
    if not any(attempt.is_loaded for _, attempt in needed):
        states = [f"{each.program} {_state(each, attempt, None)}" for each, attempt in needed]
        # One that doesn't work anyway needs no advice if there is another.
        first = min((each for each, _ in needed), key=lambda each: bool(each.failure))
        raise InstallError("; ".join(states), _advice(first))


def _advice(each: _Tried) -> str:
    answer = each.trial.answer
    if each.failure:
        return _AS_BEFORE
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


def _state(each: _Tried, attempt: Attempt, pth_file: Path | None) -> str:
    if attempt.failure:
        return f"does not work, as before: {attempt.failure}"
    if attempt.is_loaded:
        answer = each.trial.answer
        if answer and answer.others:
            return f"has the command, but of the awscli_rekcl in {answer.others[0]}"
        return f"has the command, by {pth_file}" if pth_file else "has the command"
    if each.trial.answer:
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
        answers = [ask(program) for program in programs]
        named = [pth_path(site) for answer in answers if answer for site in answer.sites]
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
    folders = [CONTAINER_FOLDER] if CONTAINER_FOLDER else []
    return list(dict.fromkeys([path, *(f"{each}/{archive_path().name}" for each in folders)]))


def _folders() -> list[Path]:
    """Return the folders whose files are replaced."""
    return [archive_path().parent, Path(os.path.realpath(config_path())).parent]


def _make_folder(folder: Path, undo: _Undo) -> None:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        with files.explained():
            each.mkdir(exist_ok=True)
        undo.append(functools.partial(_rmdir, each))


def _rmdir(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


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


def _edited(edit: Callable[[str], _T], text: str) -> _T:
    try:
        return edit(text)
    except ConfigError as error:
        raise InstallError(
            f"{config_path()}, {error}", "Correct that line, and then run this again."
        ) from error
