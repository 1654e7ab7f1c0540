"""What is installed where: the first thing to check, and what a bug report contains."""

from __future__ import annotations

import os
import platform

from awscli_rekcl import __version__
from awscli_rekcl.errors import InstallError
from awscli_rekcl.install import archive, completion, config_file
from awscli_rekcl.install.aws import Program, find, on_path
from awscli_rekcl.install.config_file import config_path
from awscli_rekcl.install.installer import archive_path, ask, read_config
from awscli_rekcl.text import quoted


def status(name: str | None, command: str) -> tuple[list[str], bool]:
    """Return lines about a program, or all on the PATH, and whether the first loads the plugin.

    `command` is how to start the installer. Raise InstallError.
    """
    system = f"{platform.system()} {platform.machine()}"
    lines = [f"awscli-rekcl {__version__}, Python {platform.python_version()}, {system}"]
    version, _ = archive.comment(archive_path())
    installed = f"{version} in {archive_path()}" if version else "not installed"
    try:
        text, trouble = read_config(), None
    except InstallError as error:
        text, trouble = "", f"not loaded: {error.problem}"
    missing = "" if trouble or os.path.exists(config_path()) else " (no such file)"
    advice = f"{command} install"
    problems = []
    programs = [find(name)] if name else list(on_path())
    ask(programs)
    for program in programs:
        if name:
            advice = f"{command} install --aws {quoted(program.path)}"
        problems.append(trouble or _problem(program, text, advice))
        lines += [
            "",
            program.path,
            f"  version        {program.version or 'unknown'}",
            f"  configuration  {config_path()}{missing}",
            f"  plugin         {installed}, {problems[-1] or _loaded(program)}",
            f"  completion     {_completion(program, advice)}",
        ]
    if not programs:
        lines += ["", "There is no aws on the PATH."]
    return lines, problems[:1] == [None]


def _problem(program: Program, text: str, advice: str) -> str | None:
    """Return why a program doesn't load the plugin, or None if it does."""
    has_command, failure = program.state()
    if has_command:
        return None
    if failure:
        hint = f" ({advice})" if "awscli_rekcl" in failure else ""  # which it can't import
        return f"not loaded: no command works: {failure}{hint}"
    if not config_file.is_installed(text):
        return "not loaded: the configuration does not name it"
    if program.answer is None:
        return "not loaded: it does not read this configuration, or only where it can't be asked"
    if not config_file.plugin_paths(text):
        return f"not loaded: version 2 ignores plugins where {config_file.PATH} is not set"
    return "not loaded: the AWS CLI does not have its command"


def _loaded(program: Program) -> str:
    others = program.answer.others if program.answer else []
    return f"loaded from {others[0]}" if others else "loaded"


def _completion(program: Program, advice: str) -> str:
    if program.answer is None:
        return "unknown"
    try:
        state = completion.state(program.answer)
    except InstallError as error:
        return f"unknown: {error.problem}"
    more = {"off": " --completion", "out of date": ""}
    return f"{state} ({advice}{more[state]})" if state in more else state
