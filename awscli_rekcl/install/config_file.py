"""The plugin's lines in a configuration file of the AWS CLI: pure functions from text to text.

The AWS CLI reads the file with configparser (botocore's `configloader.raw_config_parse`): option
names in any case, indented options, values that go on in the next line, `=` and `:`, comments. A
line that an editor with other rules misreads makes every `aws` command fail. So an edit finds its
lines by configparser's rules, and its result is parsed and compared with what was intended.
"""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Sequence
from typing import NamedTuple

from awscli_rekcl.errors import ConfigError

PLUGIN = "rekcl"
MODULE = "awscli_rekcl"
PATH = "cli_legacy_plugin_path"
_SECTION = "plugins"
_DEFAULTS = configparser.DEFAULTSECT
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

Parsed = dict[str, dict[str, str]]


class _Line(NamedTuple):
    text: str  # with its end
    kind: str  # "section", "option", "value" (it goes on with one), "comment" or "" (empty)
    section: str | None = None
    option: str | None = None
    value_at: int = 0  # of an option: where its value begins

    @property
    def indent(self) -> str:
        return self.text[: len(self.text) - len(self.text.lstrip())]


def parse(text: str) -> Parsed:
    """Return the sections and their options as the AWS CLI reads them. Raise ConfigError."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(re.sub("\r\n?", "\n", text))  # what open() makes of line ends
    except configparser.MissingSectionHeaderError as error:
        problem = "comes before the first [section]"
        if text.startswith("\ufeff"):
            problem = "begins with a byte order mark, which the AWS CLI does not accept"
        raise ConfigError(error.lineno, problem) from None
    except configparser.DuplicateSectionError as error:
        raise ConfigError(error.lineno or 0, f"begins [{error.section}] a second time") from None
    except configparser.DuplicateOptionError as error:
        problem = f"sets {error.option!r} a second time in [{error.section}]"
        raise ConfigError(error.lineno or 0, problem) from None
    except configparser.ParsingError as error:
        problem = "is neither a [section] nor an option (name = value)"
        raise ConfigError(error.errors[0][0], problem) from None
    _check_nested(text, parser)
    sections = {name: dict(parser.items(name)) for name in parser.sections()}
    return {_DEFAULTS: dict(parser.defaults()), **sections}


def _check_nested(text: str, parser: configparser.RawConfigParser) -> None:
    # Botocore reads a value that begins in the next line as options of its own (`_parse_nested`).
    for number, line in enumerate(_scan(text), 1):
        if line.kind == "value" and line.section is not None and line.option is not None:
            nested = parser.get(line.section, line.option).startswith("\n")
            parts = (part for part in line.text.splitlines() if part.strip())
            if nested and not all("=" in part for part in parts):
                raise ConfigError(number, f"is not of the form name = value, for {line.option!r}")


def is_installed(text: str) -> bool:
    """Return whether the file names the plugin. Raise ConfigError."""
    return bool(_names(parse(text)))


def plugin_paths(text: str) -> list[str]:
    """Return where version 2 looks for plugins. Raise ConfigError."""
    value = parse(text).get(_SECTION, {}).get(PATH)
    return [] if value is None else value.split(os.pathsep)


def with_plugin(text: str, paths: Sequence[str], probe: str | None = None) -> str:
    """Return the text with the plugin named, to be found at `paths` by version 2.

    The plugin's line stands above that of the paths, because version 1 imports what the section
    names in that order. A `probe` is one more plugin, for a trial. Raise ConfigError.
    """
    before = parse(text)
    options = dict(before.get(_SECTION, {}))
    intended = {PATH: os.pathsep.join([*_others(options), *paths])}
    after = text
    if _is_below_paths(text, _names(before)):
        for name in {PLUGIN, *_names(before)} & options.keys():
            after = _delete(after, name)
            options.pop(name)
        after = _set(after, PLUGIN, MODULE, above=PATH)
        options[PLUGIN] = MODULE
    elif not _names(before):
        intended = {PLUGIN: MODULE, **intended}
    if probe:
        intended["rekcl_probe"] = probe
    for name, value in intended.items():
        after = _set(after, name, value)
    plugins = {**before[_DEFAULTS], **options, **intended}
    after = _verified(text, after, {**before, _SECTION: plugins})
    if _is_below_paths(after, _names(parse(after))):
        raise _not_editable(text)
    return after


def _is_below_paths(text: str, names: list[str]) -> bool:
    """Return whether no line that names the plugin stands above that of the paths."""
    ours = [
        line.option for line in _scan(text) if line.kind == "option" and line.section == _SECTION
    ]
    return PATH in ours and not any(name in ours[: ours.index(PATH)] for name in names)


def without_plugin(text: str) -> str:
    """Return the text without a trace of the plugin, whatever names it. Raise ConfigError."""
    before = parse(text)
    if _SECTION not in before:
        return text
    options = dict(before[_SECTION])
    after = text
    for name in _names(before):
        after = _delete(after, name)
        del options[name]
    others = _others(options)
    if PATH in options and others != options[PATH].split(os.pathsep):
        if others:
            options[PATH] = os.pathsep.join(others)
            after = _set(after, PATH, options[PATH])
        else:
            after = _delete(after, PATH)
            del options[PATH]
    if options == before[_SECTION]:
        return text
    without_section = _without_empty_section(after)
    intended = {**before, _SECTION: options}
    if without_section != after:
        rest = {name: section for name, section in before.items() if name != _SECTION}
        if _is(without_section, rest):
            return without_section
    return _verified(text, after, intended)


def _names(parsed: Parsed) -> list[str]:
    """Return the options by which the file names the plugin; whoever wrote them, one is enough."""
    options = parsed.get(_SECTION, {}).items()
    return [name for name, value in options if value == MODULE and name != PATH]


def _others(options: dict[str, str]) -> list[str]:
    """Return the paths that are not the plugin's."""
    if PATH not in options:
        return []
    paths = options[PATH].split(os.pathsep)
    return [path for path in paths if not re.search(rf"(^|[/\\]){MODULE}[^/\\]*\.(zip|whl)$", path)]


def _scan(text: str) -> list[_Line]:
    """Tell what each line is, in the way of configparser's `_read`."""
    lines = []
    section: str | None = None
    option: str | None = None
    indent = 0
    for line in _LINE.findall(text):
        value = line.strip()
        deeper = len(line) - len(line.lstrip()) > indent
        if not value or value.startswith(("#", ";")):
            lines.append(_Line(line, "comment" if value else "", section))
        elif option and deeper:
            lines.append(_Line(line, "value", section, option))
        else:
            indent = len(line) - len(line.lstrip())
            header = configparser.RawConfigParser.SECTCRE.match(value)
            if header:
                section, option = header["header"], None
                lines.append(_Line(line, "section", section))
            else:
                match = configparser.RawConfigParser.OPTCRE.match(value)
                assert match  # because the text has been parsed
                option = match["option"].lower()
                at = indent + match.start("value")
                lines.append(_Line(line, "option", section, option, at))
    return lines


def _set(text: str, option: str, value: str, above: str | None = None) -> str:
    """Set an option of the plugins' section, in its own line if it has one.

    A new line goes to the end of the section, or right above that of another option.
    """
    lines = _scan(text)
    end = next((_end(line.text) for line in lines if _end(line.text)), "\n")
    texts = [line.text for line in lines]
    for index, line in enumerate(lines):
        if (line.kind, line.section, line.option) == ("option", _SECTION, option):
            first, *rest = value.split("\n")
            head, tail = line.text[: line.value_at], line.text[line.value_at :]
            head = head if tail.strip() else f"{head} "
            texts[index] = f"{head}{first}{_end(line.text)}"
            _set_rest(lines, texts, index + 1, rest)
            return "".join(texts)
    at, indent = _place(lines)
    for index, line in enumerate(lines):
        if (line.kind, line.section, line.option) == ("option", _SECTION, above):
            at, indent = index, line.indent
    if at and not _end(texts[at - 1]):
        texts[at - 1] += end
    header = [] if any(line.section == _SECTION for line in lines) else [f"[{_SECTION}]{end}"]
    return "".join([*texts[:at], *header, f"{indent}{option} = {value}{end}", *texts[at:]])


def _set_rest(lines: list[_Line], texts: list[str], at: int, rest: list[str]) -> None:
    """Change the lines with which a value goes on, of which it has not more than before."""
    for index, line in enumerate(lines[at:], at):
        if line.kind in ("section", "option"):
            return
        if line.kind == "comment" or (line.kind == "" and not rest):
            continue
        part = rest.pop(0) if rest else None
        if part is None:
            texts[index] = ""
        elif part != line.text.strip():
            texts[index] = f"{line.indent}{part}{_end(line.text)}"


def _place(lines: list[_Line]) -> tuple[int, str]:
    """Return where a new option of the section goes, and its indentation.

    Deeper than the option above it, it would go on with that one's value; the line below would go
    on with its own, if it were less deep than that.
    """
    ours = [index for index, line in enumerate(lines) if line.section == _SECTION]
    if not ours:
        return len(lines), ""
    options = [index for index in ours if lines[index].kind == "option"]
    if options:
        last = max(index for index in ours if lines[index].kind in ("option", "value"))
        return last + 1, lines[options[-1]].indent
    at = ours[0] + 1
    while at < len(lines) and lines[at].kind == "comment":
        at += 1
    following = [line for line in lines[at:] if line.kind == "section"]
    return at, following[0].indent if following else ""


def _delete(text: str, option: str) -> str:
    return "".join(
        line.text
        for line in _scan(text)
        if line.kind not in ("option", "value") or (line.section, line.option) != (_SECTION, option)
    )


def _without_empty_section(text: str) -> str:
    lines = _scan(text)
    ours = [line for line in lines if line.section == _SECTION]
    if not ours or ours[0].text.strip() != f"[{_SECTION}]" or any(line.kind for line in ours[1:]):
        return text
    return "".join(line.text for line in lines if line.section != _SECTION)


def _end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _is(text: str, intended: Parsed) -> bool:
    try:
        return parse(text) == intended
    except ConfigError:
        return False


def _verified(text: str, after: str, intended: Parsed) -> str:
    """Return the text after an edit if that is what was intended. Raise ConfigError."""
    if _is(after, intended):
        return after
    raise _not_editable(text)


def _not_editable(text: str) -> ConfigError:
    lines = _scan(text)
    at = next((index for index, line in enumerate(lines, 1) if line.section == _SECTION), 1)
    return ConfigError(at, f"begins a section [{_SECTION}] that can't be edited automatically")
