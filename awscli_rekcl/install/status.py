"""What is installed where: the first thing to look at, and what a bug report contains."""

from __future__ import annotations

import platform

from awscli_rekcl import __version__
from awscli_rekcl.errors import InstallError
from awscli_rekcl.install import archive, completion, config_file, package
from awscli_rekcl.install.aws import Cli
from awscli_rekcl.install.installer import archive_path, config_path, read_config


def status(clis: list[Cli]) -> tuple[str, bool]:
    """Return what to tell of every `aws`, and whether the first one has loaded the plugin."""
    system = f"{platform.system()} {platform.machine()}"
    lines = [f"awscli-rekcl {__version__}, Python {platform.python_version()}, {system}"]
    loaded = []
    try:
        text = read_config()
        problem = None
    except InstallError as error:
        text, problem = "", str(error).split("\n")[0]
    for cli in clis:
        why_not = problem or _why_not(cli, text)
        loaded.append(why_not is None)
        plugin = f"{_installed(cli)}, {f'not loaded: {why_not}' if why_not else 'loaded'}"
        missing = "" if config_path().exists() else " (no such file)"
        lines += [
            "",
            f"{cli.path}",
            f"  version        {cli.version or 'unknown'}",
            f"  configuration  {config_path()}{missing}",
            f"  plugin         {plugin}",
            f"  completion     {_completion(cli)}",
        ]
    if not clis:
        lines += ["", "There is no aws on the PATH."]
    return "\n".join(lines), loaded[:1] == [True]


def _installed(cli: Cli) -> str:
    if cli.major == 1:
        try:
            found = package.version(package.python_of(cli.path))
        except InstallError as error:
            return str(error).split(".\n")[0]
    else:
        found = archive.version(archive_path())
    return f"{found} installed" if found else "not installed"


def _why_not(cli: Cli, text: str) -> str | None:
    """Return why the plugin isn't loaded, or None if it is."""
    failure = cli.failure(config_path())
    if failure:
        return f"no command works: {failure}"
    if not config_file.is_installed(text):
        return "the configuration does not name it"
    if cli.loads_plugin(config_path()):
        return None
    if cli.major == 2 and not config_file.plugin_paths(text):
        return f"version 2 ignores plugins where {config_file.PATH} is not set"
    return "the AWS CLI does not have its command"


def _completion(cli: Cli) -> str:
    if cli.major == 1:
        return "by itself, where aws_completer is set up"
    if not completion.is_asked_for():
        return "off (awscli-rekcl install --completion)"
    if cli.version and completion.is_there(cli.version):
        return "on"
    return "on with the next run of the command"
