"""What is installed where: the first thing to check, and what a bug report contains."""

from __future__ import annotations

import platform
from pathlib import Path

from awscli_rekcl import __version__
from awscli_rekcl.install import archive, config_file
from awscli_rekcl.install.aws import Program, find, on_path, try_out
from awscli_rekcl.install.config_file import config_path
from awscli_rekcl.install.errors import InstallError, this_program


def archive_path() -> Path:
    """Return where the plugin lies: beside the configuration file that names it."""
    # No version in the name: an update replaces the file that the configuration names. But that of
    # the configuration, because another one beside it may name a plugin as well.
    return config_path().with_name(f"awscli_rekcl-{config_path().name}.zip")


def status(name: str | None) -> tuple[list[str], bool]:
    """Return lines about a program, or all on the PATH, and whether the first loads the plugin.

    Raise OSError, InstallError or Interrupted.
    """
    programs = [find(name)] if name else list(on_path())
    system = f"{platform.system()} {platform.machine()}"
    lines = [f"awscli-rekcl {__version__}, Python {platform.python_version()}, {system}"]
    missing = ""
    try:
        content, text = config_file.read()
        missing = " (no such file)" if content is None else ""
        try_out(programs, text)
        states = [state(each, text) for each in programs]
    except (OSError, InstallError) as error:
        try_out(programs, "")
        problem = getattr(error, "problem", error)
        states = [(False, f"does not work: {problem}") for each in programs]
    lines.append(f"Configuration: {config_path()}{missing}")
    for program, (_, said) in zip(programs, states):
        lines += ["", f"{program}: {said}"]
    if not programs:
        lines += ["", "There is no aws on the PATH."]
    return lines, bool(states) and states[0][0]


def state(program: Program, text: str) -> tuple[bool, str]:
    """Return whether a program has the command, and which one, or why not."""
    if program.has_command():
        program.failure = None
        return True, f"has the command{_origin(program)}"
    program.start()
    if program.failure:
        hint = f" ({this_program('install')})" if "awscli_rekcl" in program.failure else ""
        return False, f"does not work: {program.failure}{hint}"
    if not config_file.names(text):
        why = "the configuration does not name the plugin"
    elif program.answer is None:
        why = "it does not read this configuration, or only where it can't be asked"
    elif not config_file.paths(text):
        why = f"version 2 ignores plugins where {config_file.PATH} is not set"
    else:
        why = "it has not loaded the plugin"
    return False, f"works, but without the command: {why}"


def _origin(program: Program) -> str:
    """Return which plugin a program runs, and what updates it if the one at hand is another."""
    answer = program.answer
    if not answer or not answer.place:
        return ""
    found = f", version {answer.plugin} from {answer.place}"
    if archive.is_this(answer.place):
        return found
    other = f"{found}, not what is at hand here"
    if Path(answer.place) == archive_path():
        return f"{other}; to update it: {this_program('install')}"
    is_package = answer.place in (*answer.sites, answer.user_site)
    return f"{other}; pip updates it, in {answer.python}" if is_package else other
