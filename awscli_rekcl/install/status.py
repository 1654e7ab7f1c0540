"""What is installed where: the first thing to check, and what a bug report contains."""

from __future__ import annotations

import platform

from awscli_rekcl import __version__
from awscli_rekcl.errors import CompletionError, InstallError
from awscli_rekcl.install import archive, completion, config_file
from awscli_rekcl.install.aws import Answer, Program, find, on_path
from awscli_rekcl.install.installer import archive_path, ask, config_path, pth_path, read_config


def status(name: str | None, command: str) -> tuple[list[str], bool]:
    """Return lines about a program, or all on the PATH, and whether the first loads the plugin.

    `command` is how to start the installer. Raise InstallError.
    """
    system = f"{platform.system()} {platform.machine()}"
    lines = [f"awscli-rekcl {__version__}, Python {platform.python_version()}, {system}"]
    version, _ = archive.comment(archive_path())
    installed = f"{version} in {archive_path()}" if version else "not installed"
    missing = "" if config_path().exists() else " (no such file)"
    problems = []
    programs = [find(name)] if name else list(on_path())
    for program in programs:
        answer = ask(program)
        problems.append(_problem(program, answer, command))
        lines += [
            "",
            program.path,
            f"  version        {program.version or 'unknown'}",
            f"  configuration  {config_path()}{missing}",
            f"  plugin         {installed}, {problems[-1] or 'loaded'}",
            f"  completion     {_completion(answer, command)}",
        ]
    if not programs:
        lines += ["", "There is no aws on the PATH."]
    return lines, problems[:1] == [None]


def _problem(program: Program, answer: Answer | None, command: str) -> str | None:
    """Return why a program doesn't load the plugin, or None if it does."""
    try:
        text = read_config()
    except InstallError as error:
        return f"not loaded: {error.problem}"
    attempt = program.attempt()
    if attempt.is_loaded:
        return None
    if attempt.failure:
        is_there = archive_path().exists() and (
            not answer
            or not answer.is_version_1
            or any(pth_path(site).exists() for site in answer.sites)
        )
        advice = "" if is_there else f" ({command} install)"
        return f"not loaded: no command works: {attempt.failure}{advice}"
    if not config_file.is_installed(text):
        return "not loaded: the configuration does not name it"
    if answer is None:
        return "not loaded: it does not read this configuration, or only where it can't be asked"
    if not config_file.plugin_paths(text):
        return f"not loaded: version 2 ignores plugins where {config_file.PATH} is not set"
    return "not loaded: the AWS CLI does not have its command"


def _completion(answer: Answer | None, command: str) -> str:
    if answer is None:
        return "unknown"
    try:
        state = completion.state(answer)
    except CompletionError as error:
        return f"unknown: {error}"
    advice = {"off": " --completion", "out of date": ""}
    return f"{state} ({command} install{advice[state]})" if state in advice else state
