"""Edits of configuration files as people have them, and of any that configparser reads."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awscli_rekcl.install import files
from awscli_rekcl.install.config_file import (
    PATH,
    config_path,
    encoded,
    names,
    parse,
    paths,
    read,
    with_plugin,
    without_plugin,
)
from awscli_rekcl.install.errors import InstallError

ZIP = "/home/me/.aws/awscli_rekcl-config.zip"
CONTAINER = "/root/.aws/awscli_rekcl-config.zip"
PLACES = [ZIP, CONTAINER]
JOINED = f"{ZIP}:{CONTAINER}"


@pytest.fixture(autouse=True)
def _colons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.pathsep", ":")  # on Windows too


@pytest.mark.posix("a home that is found by HOME")
@pytest.mark.parametrize(
    ("named", "path"),
    [
        (None, "/home/me/.aws/config"),
        ("~/a", "/home/me/a"),
        ("$HOME/$HOME/a", "/home/me/home/me/a"),
        ("a", f"{Path.cwd()}/a"),
        ("", os.devnull),
    ],
)
def test_the_configuration_is_the_one_of_the_aws_cli(
    named: str | None, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.delenv("AWS_CONFIG_FILE")
    if named is not None:
        monkeypatch.setenv("AWS_CONFIG_FILE", named)
    assert config_path() == Path(path)
    monkeypatch.setenv("AWS_CONFIG_FILE", "~nobody-at-all/a")
    problem = r"^It is not known which folder ~nobody-at-all/a begins with\.\n.* Set HOME, or AWS_"
    with pytest.raises(InstallError, match=problem):
        config_path()


def test_the_encoding_is_that_of_the_locale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setattr("locale.getpreferredencoding", lambda do_setlocale: "cp1252")
    assert read() == (None, "")
    content = b"# \xe9 and what is none: \x81\n"
    (tmp_path / "config").write_bytes(content)
    assert read() == (content, "# é and what is none: \udc81\n")
    assert encoded(read()[1]) == content
    problem = "^'猫' can't be written in cp1252, in which the AWS CLI reads .*config.\n.* Set AWS_"
    with pytest.raises(InstallError, match=problem):
        encoded("a猫b")


FORMS = {
    "upper case": f"[plugins]\nREKCL = awscli_rekcl\nCLI_Legacy_Plugin_Path = {JOINED}\n",
    "indented": f"[plugins]\n \trekcl=awscli_rekcl\n \tcli_legacy_plugin_path={JOINED}\n",
    "header indented": f"  [plugins]\nrekcl = awscli_rekcl\n{PATH} = {JOINED}\n",
    "header with a comment": f"[plugins] # mine\nrekcl = awscli_rekcl\n{PATH} = {JOINED}\n",
    "colons": f"[plugins]\nrekcl: awscli_rekcl\n{PATH}:{JOINED}\n",
    "CRLF": f"[plugins]\r\nrekcl = awscli_rekcl\r\n{PATH} = {JOINED}\r\n",
    "no end of line": f"[plugins]\nrekcl = awscli_rekcl\n{PATH} = {JOINED}",
    "another name": f"[plugins]\nmine = awscli_rekcl\n{PATH} = {ZIP}\n",
    "twice": f"[plugins]\nmine = awscli_rekcl\nrekcl = awscli_rekcl\n{PATH} = {ZIP}\n",
    "a wheel": f"[plugins]\nrekcl = awscli_rekcl\n{PATH} = /x/awscli_rekcl-1.0.0-py3.whl\n",
    "another home": f"[plugins]\nrekcl = awscli_rekcl\n{PATH} = ~/.aws/awscli_rekcl-config.zip\n",
    "backslashes": f"[plugins]\nrekcl = awscli_rekcl\n{PATH} = \\me\\awscli_rekcl-config.zip\n",
    "lines without a path": "[plugins]\nrekcl = awscli_rekcl\n",
    "a path without a plugin": f"[plugins]\n{PATH} = {JOINED}\n",
}
AROUND = "# first\n[default]\nregion = us-east-1\ns3 =\n  addressing_style = path\n[empty]\n"


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("before", ["", AROUND], ids=["alone", "among others"])
@pytest.mark.parametrize("after", ["", "\n[profile x]\noutput = json\n"], ids=["last", "not last"])
def test_every_form_is_removed_and_installed(form: str, before: str, after: str) -> None:
    text = before + form + ("\n" if after and form[-1] != "\n" else "") + after
    removed = without_plugin(text)
    assert "awscli_rekcl" not in removed
    kept = removed.replace("[plugins] # mine\n", "")  # somebody's own words
    assert re.sub("\n+", "\n", kept).strip() == re.sub("\n+", "\n", before + after).strip()
    installed = with_plugin(text, PLACES)
    assert names(installed)
    assert paths(installed)[-2:] == PLACES
    assert with_plugin(installed, PLACES) == installed
    assert without_plugin(installed) == removed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # The new lines don't begin a value that goes on below.
        ("[plugins]\n  a = b\n", "[plugins]\n  {plugin}\n  {path}\n  a = b\n"),
        ("[plugins]\n  [x]\n", "[plugins]\n  {plugin}\n  {path}\n  [x]\n"),
        (
            "[plugins]\n\n; c\n# c\n\ta = b\n",
            "[plugins]\n\t{plugin}\n\t{path}\n\n; c\n# c\n\ta = b\n",
        ),
        ("[plugins] ; c\r\n", "[plugins] ; c\r\n{plugin}\r\n{path}\r\n"),
        ("[default]", "[default]\n[plugins]\n{plugin}\n{path}\n"),
        ("[profile plugins]\n", "[profile plugins]\n[plugins]\n{plugin}\n{path}\n"),
        ("# a\n[plugins]\n\n[b]\n", "# a\n[plugins]\n{plugin}\n{path}\n\n[b]\n"),
        ("[plugins]\na = b\nREKCL:awscli_rekcl\n", "[plugins]\n{plugin}\n{path}\na = b\n"),
        ("[plugins]\nrekcl = x\n", "[plugins]\nawscli_{plugin}\n{path}\nrekcl = x\n"),
        # The paths keep their name, their delimiter and their place.
        (f"[plugins]\n{PATH}=/a\na = b\n", "[plugins]\n{plugin}\n{path}=/a:{places}\na = b\n"),
        (f"[plugins]\n{PATH}: /a b\n", "[plugins]\n{plugin}\n{path}: /a b:{places}\n"),
        (f"[plugins]\n{PATH} = \\1\\a\n", "[plugins]\n{plugin}\n{path} = \\1\\a:{places}\n"),
        (f"[plugins]\n{PATH} =\n", "[plugins]\n{plugin}\n{path} =:{places}\n"),
        ("[plugins]\n# mine\n;\n#\n[x]\n", "[plugins]\n{plugin}\n{path}\n# mine\n;\n#\n[x]\n"),
    ],
)
def test_where_the_lines_go(before: str, after: str) -> None:
    path = PATH if f"{PATH}" in before else f"{PATH} = {JOINED}"
    expected = after.format(plugin="rekcl = awscli_rekcl", path=path, places=JOINED)
    assert with_plugin(before, PLACES) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # A section goes as well, unless somebody has written in it.
        ("[plugins]\nrekcl = awscli_rekcl\n\n[b]\n", "[b]\n"),
        ("[plugins]\n# mine\nrekcl = awscli_rekcl\n", "[plugins]\n# mine\n"),
        ("[plugins] # mine\nrekcl = awscli_rekcl\n", "[plugins] # mine\n"),
        (f"[plugins]\na = b\n{PATH} = {ZIP}:{CONTAINER}\n", "[plugins]\na = b\n"),
        ("[plugins]\nrekcl = another\nmine = awscli_rekcl\n", "[plugins]\nrekcl = another\n"),
        # What is not of the plugin stays as it was written.
        (f"[plugins]\n{PATH} = /a:{ZIP}:/b\n", f"[plugins]\n{PATH} = /a:/b\n"),
        (f"[plugins]\n{PATH} = /a:/b \t\nx = awscli_rekcl\n", f"[plugins]\n{PATH} = /a:/b \t\n"),
        (f"[plugins]\n{PATH} = /a \n", f"[plugins]\n{PATH} = /a \n"),
        ("[plugins]\n", "[plugins]\n"),
    ],
)
def test_what_is_left(before: str, after: str) -> None:
    assert without_plugin(before) == after


LINES = """\
section .plugins. can't be edited automatically.
Everything is as it was before. Have it begin as follows, by hand:
.plugins.
rekcl = awscli_rekcl
cli_legacy_plugin_path = """
OF_EVERY_SECTION = """\
, the options under .DEFAULT. count in every section, and under .plugins. as plugins.
Everything is as it was before. Move them to .default., in lower case"""


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (f"[plugins]\nrekcl = awscli_rekcl\n{PATH} = /a:\n  # of b\n  {ZIP}\n", LINES),
        ("[x]\na = b\n  [plugins]\n", LINES),
        ("[plugins]\rrekcl = awscli_rekcl\r", LINES),
        ("[DEFAULT]\nregion = x\n", OF_EVERY_SECTION),
        ("[DEFAULT]\nregion = x\n[plugins]\n", OF_EVERY_SECTION),
    ],
)
def test_what_is_too_unusual_is_said_to_be_done_by_hand(text: str, advice: str) -> None:
    with pytest.raises(InstallError, match=advice):
        with_plugin(text, PLACES)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("region = x\n", "line 1 is no .section.*\n.* Correct that, and then run this again"),
        ("\ufeff[default]\n", "config, line 1 begins with a byte order mark, which the AWS CLI"),
        ("[a]\nx = 1\n\n[a]\n", "line 4: section 'a' already exists"),
        ("[a]\nx = 1\nX = 2\n", "line 3: option 'x' in section 'a' already exists"),
        ("[a]\ns3 =\n  x = 1\n  secret\n", "below 's3' in .a. is not of the form name = value"),
        ("[a]\ns3 =\n  x = 1\x0bsecret\n", "below 's3' in .a. is not of the form name = value"),
        ("[a]\nx = 1\n[b]\nsecret\n", "line 4 is no "),
    ],
)
def test_the_line_that_is_the_trouble_is_named_and_not_quoted(
    text: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", "/config")
    for edit in (without_plugin, lambda text: with_plugin(text, PLACES)):
        with pytest.raises(InstallError, match=problem) as caught:
            edit(text)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("form", [*FORMS.values(), "", "[a]\nx = 1"])
def test_every_moment_of_a_write_reads_as_the_old_or_the_new(form: str) -> None:
    for text in (form, f"{form}\n{AROUND}"):
        for edited in (with_plugin(text, PLACES), without_plugin(text)):
            for before, after in ((text, edited), (edited, text)):
                content = bytearray(before.encode())
                meanings = [parse(before), parse(after)]
                for start, written in files.steps(before.encode(), after.encode()):
                    assert start == len(content) or written[0] != content[start]
                    content[start : start + len(written)] = written
                    assert parse(content.decode()) in meanings
                    if parse(content.decode()) == meanings[-1]:
                        meanings = meanings[-1:]  # and never the old one again
                assert content[: len(after.encode())].decode() == after


@given(st.binary(max_size=9), st.binary(max_size=9))
def test_what_is_written_is_what_was_meant(before: bytes, after: bytes) -> None:
    content = bytearray(before)
    for start, text in files.steps(before, after):
        # No hole, and what makes the file longer overwrites nothing: there may be no room for it.
        assert start == len(content) or start + len(text) <= len(content)
        content[start : start + len(text)] = text
    assert content[: len(after)] == after
    assert not content[len(after) :].strip(b"\n") or before.startswith(after)
