"""The plugin's lines in the configuration file of the AWS CLI: edits from text to text.

The AWS CLI reads the file with configparser (botocore's `configloader.raw_config_parse`): option
names in any case, indented options, values that go on in the next line, `=` and `:`, comments. A
line that an editor with other rules misreads makes every `aws` command fail. So an edit knows none
of these rules by itself: it tries every place that looks right, and takes the first with which
configparser reads what was intended.
"""

from __future__ import annotations

import configparser
import contextlib
import itertools
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from awscli_rekcl.errors import ConfigError

PLUGIN = "rekcl"
MODULE = "awscli_rekcl"
PATH = "cli_legacy_plugin_path"
_SECTION = "plugins"
_HEADER = f"[{_SECTION}]"
_DEFAULTS = configparser.DEFAULTSECT
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_OURS = re.compile(rf"(^|[/\\]){MODULE}[^/\\]*\.(zip|whl)$")

Parsed = dict[str, dict[str, str]]


def config_path() -> Path:
    """Return the configuration file of the AWS CLI, by its own rules."""
    named = os.environ.get("AWS_CONFIG_FILE", "~/.aws/config") or os.devnull
    return Path(os.path.abspath(os.path.expanduser(os.path.expandvars(named))))


def parse(text: str) -> Parsed:
    """Return the sections and their options as the AWS CLI reads them. Raise ConfigError."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(re.sub("\r\n?", "\n", text))  # what open() makes of line ends
    except configparser.MissingSectionHeaderError as error:
        problem = "comes before the first [section]"
        if text.startswith("\ufeff"):
            problem = "begins with a byte order mark, which the AWS CLI does not accept"
        raise _error(error.lineno, problem) from None
    except configparser.DuplicateSectionError as error:
        raise _error(error.lineno, f"begins [{error.section}] a second time") from None
    except configparser.DuplicateOptionError as error:
        problem = f"sets {error.option!r} a second time in [{error.section}]"
        raise _error(error.lineno, problem) from None
    except configparser.ParsingError as error:
        problem = "is neither a [section] nor an option (name = value)"
        raise _error(error.errors[0][0], problem) from None
    _check_nested(text, parser)
    sections = {name: dict(parser.items(name)) for name in parser.sections()}
    return {_DEFAULTS: dict(parser.defaults()), **sections}


def _check_nested(text: str, parser: configparser.RawConfigParser) -> None:
    # Botocore reads a value that begins in the next line as options of its own (`_parse_nested`).
    for section in parser.sections():
        for option, value in parser.items(section):
            for part in value.splitlines() if value.startswith("\n") else ():
                if part.strip() and "=" not in part:
                    lines = enumerate(_LINE.findall(text), 1)
                    at = (number for number, line in lines if line[0].isspace() and part in line)
                    raise _error(next(at, 0), f"is not of the form name = value, for {option!r}")


def is_installed(text: str) -> bool:
    """Return whether the file names the plugin. Raise ConfigError."""
    return bool(_names(parse(text).get(_SECTION, {})))


def plugin_paths(text: str) -> list[str]:
    """Return where version 2 looks for plugins. Raise ConfigError."""
    value = parse(text).get(_SECTION, {}).get(PATH)
    return [] if value is None else value.split(os.pathsep)


def with_plugin(text: str, paths: Sequence[str], module: str = MODULE) -> str:
    """Return the text with the plugin named, to be found at `paths` by version 2.

    The plugin comes first in its section: version 1 imports what is named there, in that order, and
    takes the paths for a module unless the plugin is there by then. Raise ConfigError.
    """
    parsed = parse(text)
    plugins = parsed.get(_SECTION, parsed[_DEFAULTS])
    for name in {PLUGIN, *_names(plugins)} & plugins.keys():
        text = _edited(text, _replaced(text, name, None), {name: None})
    joined = os.pathsep.join([*_others(plugins), *paths])
    first = f"{PLUGIN} = {module}"
    texts = itertools.chain(
        *(_inserted(each, first) for each in _replaced(text, PATH, joined)),
        _inserted(text, first, f"{PATH} = {joined}"),
    )
    return _edited(text, texts, {PLUGIN: module, PATH: joined})


def without_plugin(text: str) -> str:
    """Return the text without a trace of the plugin, whatever names it. Raise ConfigError."""
    before, plugins = text, parse(text).get(_SECTION, {})
    for name in _names(plugins):
        text = _edited(text, _replaced(text, name, None), {name: None})
    others = _others(plugins)
    if PATH in plugins and others != plugins[PATH].split(os.pathsep):
        value = os.pathsep.join(others) if others else None
        text = _edited(text, _replaced(text, PATH, value), {PATH: value})
    return text if text == before else _without_empty_section(text)


def _names(plugins: Mapping[str, str]) -> list[str]:
    """Return the options by which the file names the plugin; whoever wrote them, one is enough."""
    return [name for name, value in plugins.items() if value == MODULE and name != PATH]


def _others(plugins: Mapping[str, str]) -> list[str]:
    """Return the paths that are not the plugin's."""
    paths = plugins[PATH].split(os.pathsep) if PATH in plugins else []
    return [path for path in paths if not _OURS.search(path)]


def _edited(text: str, texts: Iterable[str], changes: Mapping[str, str | None]) -> str:
    """Return the first of some texts in which these options of the section have these values.

    None stands for an option that is gone; all else has to be as it is. Raise ConfigError.
    """
    parsed = parse(text)
    plugins = {**parsed.get(_SECTION, parsed[_DEFAULTS]), **changes}
    intended = {name: value for name, value in plugins.items() if value is not None}
    for after in texts:
        if _is(after, {**parsed, _SECTION: intended}):
            return after
    at = (number for number, line in enumerate(_LINE.findall(text), 1) if _HEADER in line)
    raise _error(next(at, 1), f"begins a section {_HEADER} that can't be edited automatically")


def _replaced(text: str, option: str, value: str | None) -> Iterator[str]:
    """Yield the text with a value in every line that looks like the option's, or without it."""
    lines = _LINE.findall(text)
    for at, line in enumerate(lines):
        found = re.match(rf"\s*{re.escape(option)}\s*[=:][ \t]*", line, re.IGNORECASE)
        if found:
            parts = _parts(lines[at:])
            comments = [part for part in parts if part.strip() and _is_comment(part)]
            after = [*comments, *lines[at + 1 + len(parts) :]]
            if value is not None:
                rows = value.replace("\n", f"{_end(line)}{_indent(line)}\t")
                after = [f"{found[0]}{rows}{_end(line)}", *after]
            yield "".join([*lines[:at], *after])


def _parts(lines: Sequence[str]) -> list[str]:
    """Return the lines with which the value in the first one goes on, and comments among them."""
    deep = len(_indent(lines[0]))
    parts = itertools.takewhile(
        lambda each: _is_comment(each) or len(_indent(each)) > deep, lines[1:]
    )
    backwards = itertools.dropwhile(_is_comment, reversed(list(parts)))
    return list(backwards)[::-1]


def _inserted(text: str, *rows: str) -> Iterator[str]:
    """Yield the text with new options below every line that looks like the section's first.

    They are indented as the line below, which would go on with their values if it were deeper. The
    last text has a new section.
    """
    lines = _LINE.findall(text)
    end = next((_end(line) for line in lines if _end(line)), "\n")
    if lines and not _end(lines[-1]):
        lines[-1] += end
    for at, line in enumerate(lines, 1):
        if _HEADER in line:
            indent = next((_indent(each) for each in lines[at:] if not _is_comment(each)), "")
            new = [f"{indent}{row}{end}" for row in rows]
            yield "".join([*lines[:at], *new, *lines[at:]])
    yield "".join([*lines, *(f"{row}{end}" for row in (_HEADER, *rows))])


def _without_empty_section(text: str) -> str:
    parsed = parse(text)
    del parsed[_SECTION]
    lines = _LINE.findall(text)
    for at, line in enumerate(lines):
        after = list(itertools.dropwhile(lambda each: not each.strip(), lines[at + 1 :]))
        if line.strip() == _HEADER and not (after and _is_comment(after[0])):
            without = "".join([*lines[:at], *after])
            if _is(without, parsed):
                return without
    return text


def _is(text: str, intended: Mapping[str, Mapping[str, str]]) -> bool:
    with contextlib.suppress(ConfigError):
        return parse(text) == intended
    return False


def _is_comment(line: str) -> bool:
    return not line.strip() or line.strip().startswith(("#", ";"))


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _error(line: int | None, problem: str) -> ConfigError:
    return ConfigError(f"{config_path()}, line {line or 0} {problem}")
