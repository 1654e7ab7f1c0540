"""The plugin's lines in the configuration file of the AWS CLI: edits from text to text.

The AWS CLI reads the file with configparser (botocore's `configloader.raw_config_parse`), and a
line that an editor with other rules misreads makes every `aws` command fail. So an edit counts only
if configparser reads from it exactly what was intended; else it is shown, to be done by hand.
"""

from __future__ import annotations

import configparser
import contextlib
import locale
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from awscli_rekcl.install import files
from awscli_rekcl.install.errors import InstallError

MODULE = "awscli_rekcl"
PATH = "cli_legacy_plugin_path"
_HEADER = "[plugins]"
# The header, and what stands below it; and a line of an option, by its name.
_SECTION = re.compile(r"^([ \t]*\[plugins\].*\n?)((?:(?!\[).*\n)*(?:(?!\[).+)?)", re.MULTILINE)
_OPTION = r"(?im)^([ \t]*{}[ \t]*[=:][ \t]*)[^\r\n]*(\r?\n?)"
_OURS = re.compile(rf"(^|[/\\]){MODULE}[^/\\]*\.(zip|whl)$")


def config_path() -> Path:
    """Return the configuration file of the AWS CLI, by its own rules. Raise InstallError."""
    named = os.environ.get("AWS_CONFIG_FILE", "~/.aws/config") or os.devnull
    path = os.path.expanduser(os.path.expandvars(named))
    if path.startswith("~"):
        advice = "Set HOME, or AWS_CONFIG_FILE, here and for `aws`."
        raise InstallError(f"It is not known which folder {path} begins with", advice)
    return Path(os.path.abspath(path))


def read() -> tuple[bytes | None, str]:
    """Return the content of the file, None if there is none, and its text. Raise OSError."""
    content = files.read(config_path())
    # The AWS CLI reads it in the encoding of the locale; what is none stays as it is.
    encoding = locale.getpreferredencoding(False)
    return content, (content or b"").decode(encoding, "surrogateescape")


def encoded(text: str) -> bytes:
    """Return a text as it stands in the file. Raise InstallError."""
    encoding = locale.getpreferredencoding(False)
    try:
        return text.encode(encoding, "surrogateescape")
    except UnicodeEncodeError as error:
        raise InstallError(
            f"{error.object[error.start : error.end]!r} can't be written in {encoding}, in which"
            f" the AWS CLI reads {config_path()}",
            "Set AWS_CONFIG_FILE to a file in a folder with another name, here and for `aws`.",
        ) from error


def parse(text: str) -> dict[str, dict[str, str]]:
    """Return the sections and their options as the AWS CLI reads them. Raise InstallError.

    The message doesn't quote a line, which may hold a credential.
    """
    parser = configparser.RawConfigParser()
    if text.startswith("\ufeff"):
        raise _error("line 1 begins with a byte order mark, which the AWS CLI does not accept")
    try:
        parser.read_string(re.sub("\r\n?", "\n", text))  # what open() makes of line ends
    except (configparser.DuplicateSectionError, configparser.DuplicateOptionError) as error:
        raise _error(f"line {error.lineno}: {str(error).partition(': ')[2]}") from None
    except configparser.ParsingError as error:  # MissingSectionHeaderError is one
        line = getattr(error, "lineno", None) or error.errors[0][0]
        what = "is no [section], nor an option (name = value) below one"
        raise _error(f"line {line} {what}") from None
    sections = {name: dict(parser.items(name)) for name in parser.sections()}
    for name, options in sections.items():
        for option, value in options.items():
            # Botocore reads a value that begins in the next line as options (`_parse_nested`).
            parts = value.splitlines() if value.startswith("\n") else ()
            if any(part.strip() and "=" not in part for part in parts):
                problem = f"a line below {option!r} in [{name}] is not of the form name = value"
                raise _error(problem)
    return {configparser.DEFAULTSECT: dict(parser.defaults()), **sections}


def plugins(text: str) -> dict[str, str]:
    """Return the options of the section. Raise InstallError."""
    return parse(text).get("plugins", {})


def names(text: str) -> list[str]:
    """Return the options that name the plugin, whoever wrote them. Raise InstallError."""
    return [name for name, value in plugins(text).items() if value == MODULE and name != PATH]


def paths(text: str, is_ours: bool | None = None) -> list[str]:
    """Return where version 2 looks for plugins, for ours, or for others. Raise InstallError."""
    found = plugins(text)
    split = found[PATH].split(os.pathsep) if PATH in found else []
    return [path for path in split if is_ours in (None, bool(_OURS.search(path)))]


def with_plugin(text: str, places: Sequence[str], module: str = MODULE) -> str:
    """Return the text with the plugin named, to be found in `places` by version 2.

    The plugin comes first in its section: version 1 imports what is named there, in that order, and
    takes the paths for a module unless the plugin is there by then. Raise InstallError.
    """
    before = plugins(text)
    if parse(text)[configparser.DEFAULTSECT]:
        raise _error(
            "the options under [DEFAULT] count in every section, and under [plugins] as plugins",
            "Move them to [default], in lower case, and then run this again.",
        )
    name = "rekcl" if before.get("rekcl", MODULE) == MODULE else MODULE  # another plugin has it
    path = {PATH: os.pathsep.join([*paths(text, is_ours=False), *places])}
    if PATH in before:  # it stays where it is
        return _edited(text, {**dict.fromkeys(names(text)), **path}, {name: module})
    return _edited(text, dict.fromkeys(names(text)), {name: module, **path})


def without_plugin(text: str) -> str:
    """Return the text without a trace of the plugin, whatever names it. Raise InstallError."""
    changes: dict[str, str | None] = dict.fromkeys(names(text))
    if paths(text, is_ours=True):
        changes[PATH] = os.pathsep.join(paths(text, is_ours=False)) or None
    return _edited(text, changes, {}) if changes else text


def _edited(text: str, changes: Mapping[str, str | None], new: Mapping[str, str]) -> str:
    """Return the text with other values of options, None to delete them, and new ones above.

    A section that is left empty goes as well. Raise InstallError.
    """
    found = _SECTION.search(text)
    start, end = found.span() if found else (len(text), len(text))
    header, body = found.groups() if found else (_HEADER, "")
    for name, value in changes.items():
        line = "" if value is None else r"\g<1>{}\2".format(value.replace("\\", r"\\"))
        body = re.sub(_OPTION.format(re.escape(name)), line, body)
    # An option goes on with what is indented more.
    options = (line for line in body.splitlines() if line.strip()[:1] not in ("", "#", ";"))
    indent = re.sub(r"\S.*", "", next(options, ""))
    line_end = "\r\n" if "\r" in text else "\n"
    rows = "".join(f"{indent}{name} = {value}{line_end}" for name, value in new.items())
    if rows or body.strip() or header.strip() != _HEADER:
        gap = line_end if start and text[start - 1] != "\n" else ""
        section = gap + header.rstrip("\r\n") + line_end + rows + body
    else:
        section = ""
    after = text[:start] + section + text[end:]
    parsed = {"plugins": {}, **parse(text)}
    intended = {**parsed["plugins"], **changes, **new}
    parsed["plugins"] = {name: value for name, value in intended.items() if value is not None}
    with contextlib.suppress(InstallError):
        if {"plugins": {}, **parse(after)} == parsed:
            return after
    rest = {name: value for name, value in changes.items() if value is not None}
    rows = "".join(f"\n{name} = {value}" for name, value in {**new, **rest}.items())
    advice = f"Have it begin as follows, by hand:\n{_HEADER}{rows}"
    raise _error(f"section {_HEADER} can't be edited automatically", advice)


def _error(problem: str, advice: str = "Correct that, and then run this again.") -> InstallError:
    return InstallError(f"{config_path()}, {problem}", advice)
