"""What the installer does, with scripts in the place of an AWS CLI; hosts/ has the real ones."""

from __future__ import annotations

import errno
import functools
import itertools
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from awscli_rekcl import __version__
from awscli_rekcl.install import archive, aws, files, installer
from awscli_rekcl.install.aws import Answer
from awscli_rekcl.install.commands import main

pytestmark = pytest.mark.posix("an `aws` that is a script for sh, permissions and symbolic links")

# Does as an AWS CLI does that reads the configuration file, loads the plugin, and answers.
AWS = r"""#!/bin/sh
config=${AWS_CONFIG_FILE:-$HOME/.aws/config}
has() { /bin/grep -q "$1" "$config" 2>/dev/null; }
{first}
case "$*" in
    --version) has 'install\.probe$' && echo 'awscli_rekcl: {answer}' >&2
       echo "aws-cli/{version} Python/3.14" ;;
    *) has '^rekcl' && echo "needs --project-version-arn" >&2
       exit 252 ;;
esac
"""
PAGE = Path(__file__).parents[2] / "docs" / "troubleshooting.md"
TRACEBACK = r"printf 'Traceback (most recent call last):\n  f()\nx.Error:\nwhy \033[2J' >&2; exit 1"
PYENV = r"printf 'pyenv: aws: not found\n\nNote: See help for\n      both.\n' >&2; exit 127"
TEXT = "[default]\nregion = x\n"


class Home:
    """A home folder, with `aws` in it, and no other one on the PATH."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.config = folder / ".aws" / "config"
        self.zip = self.config.with_name("awscli_rekcl-config.zip")
        self.sites = folder / "lib" / "site-packages"  # of version 1
        self._capsys = capsys

    def run(self, *args: str, code: int = 0, says: Sequence[str] = ()) -> str:
        """Run the installer, which ends with a code; return all that it said, these texts too."""
        self._capsys.readouterr()
        assert main(args) == code
        said = "".join(self._capsys.readouterr())
        assert [text for text in says if text not in said] == [], said
        return said

    def fails(self, *args: str, says: Sequence[str]) -> str:
        """Run the installer, which changes nothing, and says why."""
        return self.run(*args, code=1, says=[*says, "Everything is as it was before."])

    def write(self, text: str = TEXT) -> str:
        self.config.parent.mkdir(exist_ok=True)
        self.config.write_bytes(os.fsencode(text))
        return text

    def read(self) -> str:
        return os.fsdecode(self.config.read_bytes())

    def names(self) -> list[str]:
        return sorted(os.listdir(self.config.parent))

    def aws(self, first: str = "", version: str = "2.0.0", folder: str = "", **more: Any) -> str:
        """Have an `aws` that begins with a command."""
        answer = dict.fromkeys(Answer._fields) | {"version": version, "sites": [], "others": []}
        if version.startswith("1."):
            answer["sites"] = [str(self.sites)]
        script = AWS.replace("{first}", first).replace("{version}", version)
        path = self.folder / folder / "aws"
        path.parent.mkdir(exist_ok=True)
        path.write_text(script.replace("{answer}", json.dumps({**answer, **more})))
        path.chmod(0o755)
        return str(path)


@pytest.fixture
def home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Home:
    monkeypatch.delenv("AWS_CONFIG_FILE")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    home = Home(tmp_path, capsys)
    home.aws()
    return home


@pytest.mark.parametrize("before", [None, "", "[default]\nregion = x", "[a]\n[profile caf\udce9]"])
def test_install_and_remove(home: Home, before: str | None) -> None:
    if before is not None:
        home.write(before)
        home.config.chmod(0o640)
    places = f"{home.zip}:/root/.aws/{home.zip.name}"
    written = f"[plugins]\nrekcl = awscli_rekcl\ncli_legacy_plugin_path = {places}\n"
    for _ in range(2):  # the second is an update
        home.run("install")
        assert home.read() == (f"{before}\n{written}" if before else written)
        assert home.config.stat().st_mode & 0o777 == (0o600 if before is None else 0o640)
        assert home.names() == [home.zip.name, "config"]
    home.run("remove")
    assert home.names() == ["config"]
    assert home.read().strip() == (before or "").strip()


@pytest.mark.parametrize(
    ("first", "answer", "reason"),
    [
        ("has rekcl && { echo ERROR: boom >&2; echo more; exit 255; }", {}, "ERROR: boom.\n"),
        ("[ -d $HOME/.aws ] && exit 255", {}, "does not work, as before: exit status 255"),
        ("kill -9 $$", {}, "does not work, as before: ended by SIGKILL"),
        (TRACEBACK, {}, r"does not work, as before: x.Error: why \x1b[2J."),
        (PYENV, {}, "does not work, as before: pyenv: aws: not found Note: See help for both"),
        ("config=$HOME/.aws/config; has rekcl && exit 7", {}, "Name that program with --aws PATH"),
        ("config=/dev/null", {}, "works, but without the command: it does not read "),
        ("[ $config -ef $HOME/.aws/config ] && has rekcl && exit 7", {"others": ["/o"]}, "in /o f"),
        ("", {"version": "1.4.0", "sites": ["/proc/x"]}, "needs a file in /proc/x, where your"),
    ],
)
def test_a_failed_install_leaves_everything_as_it_was(
    home: Home, first: str, answer: dict[str, Any], reason: str
) -> None:
    before = home.write()
    home.aws(first, **answer)
    assert "Installed" not in home.fails("install", says=[reason])
    assert (home.names(), home.read()) == (["config"], before)


def test_one_that_works_as_little_as_before_stops_nobody(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = home.aws("echo 'x: command not found' >&2; echo Try y >&2; exit 127", folder="b")
    monkeypatch.setenv("PATH", f"{home.folder}:{home.folder / 'b'}")
    text = f"{broken} (version unknown){{}} does not work, as before: x: command not found Try y"
    home.run("install", says=[text.format(":")])
    said = home.fails("install", "--aws", broken, says=[text.format("")])
    assert said.endswith(" Correct that, and then run this again.\n")
    monkeypatch.setenv("PATH", str(home.folder / "b"))
    assert said.split("\n")[1] in home.run("install", code=1)


def test_one_that_fails_except_in_the_trial_stops_nobody(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = home.write()
    broken = home.aws('[ "$AWS_CONFIG_FILE" ] || exit 7', folder="b")
    monkeypatch.setenv("PATH", f"{home.folder}:{home.folder / 'b'}")
    home.run("install", says=[f"{broken} (2.0.0): does not work, as before: exit status 7"])
    home.run("remove", says=[f"{broken} (2.0.0) does not work, for another reason: exit status 7"])
    assert (home.names(), home.read()) == (["config"], before)


@pytest.mark.parametrize("lost", ["aws", "zip"])
def test_version_1_gets_a_line_of_its_own(home: Home, lost: str) -> None:
    before = home.write()
    script = home.aws(version="1.4.0")
    home.run("install", says=[f"{script} (1.4.0): has the command, by {home.sites}/"])
    (pth,) = home.sites.iterdir()
    assert pth.read_text() == f"{home.zip}\n"
    other = home.sites / "awscli_rekcl-01234567.pth"  # of another configuration
    other.touch()
    # It is found again by what is left of the two.
    (Path(script) if lost == "aws" else home.zip).unlink()
    home.run("remove", says=[f"Removed {pth}.\n"])
    assert list(home.sites.iterdir()) == [other]
    assert home.read() == before


def test_two_configurations_in_one_folder(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.run("install")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home.config.with_name("other")))
    home.run("install")
    home.run("remove")
    assert home.names() == [home.zip.name, "config", "other"]


def test_symbolic_links_stay(home: Home) -> None:
    (home.folder / "dot").mkdir()
    home.config.parent.symlink_to("dot")
    before = home.write()
    target = home.folder / "dot" / "files"
    home.config.rename(target)
    home.config.symlink_to(target)
    home.run("install")
    assert home.config.is_symlink()
    assert "rekcl = awscli_rekcl" in target.read_text()
    home.run("remove")
    assert target.read_text() == before


def test_what_somebody_else_writes_meanwhile_stays(home: Home) -> None:
    writes = f"printf '[other]\\nx = 1\\n' >> {home.config}"
    home.aws(f'[ "$AWS_CONFIG_FILE" ] && {writes}')
    for action, text in (("install", TEXT), ("remove", f"{TEXT}[plugins]\nrekcl = awscli_rekcl\n")):
        home.write(text)
        home.fails(action, says=[f"{home.config} has been changed by something else.\n"])
        assert home.read() == f"{text}[other]\nx = 1\n"
        assert home.names() == ["config"]
    # Before all is taken back: then the plugin stays, as it may be needed.
    home.write()
    home.aws(f'[ -z "$AWS_CONFIG_FILE" ] && has rekcl && {{ {writes}; exit 7; }}')
    says = ["And it could not be taken back: ", "The plugin is still there, and may be named."]
    home.run("install", code=1, says=says)
    assert home.names() == [home.zip.name, "config"]
    assert "[other]" in home.read()


def test_a_second_installer_waits(home: Home) -> None:
    before = home.write()
    script = "from awscli_rekcl.install.commands import main; main(['install'])"
    with files.locked(home.config.parent):
        other = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True)
        assert other.stderr
        assert other.stderr.readline() == "Waiting for another installer to finish...\n"
        assert home.read() == before
    assert other.wait(60) == 0
    other.stderr.close()
    assert home.names() == [home.zip.name, "config"]


def test_a_full_disk_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = home.write()
    monkeypatch.setattr(Path, "write_bytes", write)
    home.fails("install", says=[f": {home.config.parent}: No space left on device.\n"])
    assert (home.names(), home.read()) == (["config"], before)
    home.fails("status", says=[f": {tempfile.gettempdir()}: No space left on device.\n"])
    (home.folder / "tmp").touch()  # nor is there a folder for temporary files
    monkeypatch.setattr("tempfile.tempdir", str(home.folder / "tmp"))
    home.fails("status", says=[f": {home.folder}/tmp: Not a directory.\n"])


def test_what_cannot_be_replaced_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*says: str) -> None:
        for action in ("install", "remove"):
            home.fails(action, says=says)

    def chmod(path: str, *args: object, **kwargs: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", path)

    home.zip.parent.mkdir()
    home.zip.touch(0o600)  # its permissions don't count, nor its group, which may be another's
    home.run("install")
    assert home.zip.stat().st_mode & 0o777 == 0o644
    (home.folder / "a b").mkdir()
    linked = home.folder / "a b" / "config"
    os.link(home.config, linked)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(linked))
    refused("has another name as well (a hard link)", f"`cp -p '{linked}' '{linked}.new' &&")
    command = home.run("install", code=1).split("`")[1]
    subprocess.run(command, shell=True, check=True, env={})
    assert (linked.stat().st_nlink, home.config.stat().st_nlink) == (1, 1)
    with monkeypatch.context() as patched:
        other = linked.stat().st_uid + 1
        patched.setattr(os, "geteuid", lambda: other)
        refused(f"{linked} belongs to ", f"`sudo chown {other} '{linked}'`")
    with monkeypatch.context() as patched:
        patched.setattr(os, "chmod", chmod)
        refused(f"{linked}: Operation not permitted", "set AWS_CONFIG_FILE to the copy")
    os.mkfifo(home.folder / "fifo")
    for name, reason in {
        "a:b/config": "because of a :",
        ".aws/config/config": "Not a directory",
        "": "/dev/null is not a regular file",
        "fifo": "is not a regular file",
    }.items():
        monkeypatch.setenv("AWS_CONFIG_FILE", name and str(home.folder / name))
        home.fails("install", says=[reason])
    (home.folder / "aws").unlink()
    home.run("status", code=1)  # which would never end if it read the last one
    assert home.run("remove") == "There was nothing to remove.\n"
    assert not (home.folder / "a:b").exists()
    assert "is not a regular file" in PAGE.read_text()


@pytest.mark.parametrize("action", ["install", "remove"])
def test_a_configuration_that_cannot_be_parsed(home: Home, action: str) -> None:
    text = home.write("[default]\nregion = x\nsecret\n")
    said = home.fails(action, says=[f"{home.config}, line 3 is neither", "Correct that line"])
    assert "secret" not in said
    assert home.read() == text


def test_remove_needs_no_aws_and_fixes_what_it_finds(home: Home) -> None:
    before = home.write()
    home.run("install")
    (home.folder / "aws").unlink()
    home.zip.unlink()  # lines without a plugin
    home.run("remove")
    assert home.read() == before
    home.zip.write_bytes(b"")  # a plugin without lines
    (home.config.parent / ".awscli_rekcl-x").mkdir()  # and what a killed run has left
    assert home.run("remove") == f"Removed {home.zip}.\n"
    assert home.names() == ["config"]
    assert home.run("remove") == "There was nothing to remove.\n"


@pytest.mark.parametrize("trial", ["-n", "-z"])  # it would break in the trial, or after it
def test_remove_leaves_a_configuration_alone_that_would_break(home: Home, trial: str) -> None:
    home.aws(f'[ {trial} "$AWS_CONFIG_FILE" ] && {{ has rekcl || exit 7; }}')
    before = home.write("[plugins]\nrekcl = awscli_rekcl\n")
    says = ["fails without the plugin's lines: exit status 7", "Check what else is named under "]
    home.fails("remove", says=says)
    assert home.read() == before


def test_remove_says_what_it_has_done_before_it_failed(home: Home) -> None:
    home.run("install")
    home.zip.unlink()
    home.zip.mkdir()
    what = "What is listed above has been removed, and the rest has not."
    said = home.run("remove", code=1, says=[f"{home.zip}: Is a directory", what])
    assert said.startswith(f"Removed the plugin's lines from {home.config}.\n")


class Killed(BaseException):
    """The process is dead: no handler of ours catches it, and none changes a file any more."""


_left: list[int] = []  # changes until it is; without an end where the list is empty


def _audit(event: str, args: Sequence[Any]) -> None:
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
    changes = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "sqlite3.connect")
    if _left and (event in changes or (writes and args[0] != os.devnull)):
        _left[0] -= 1
        if _left[0] < 0:
            raise Killed


@functools.cache
def _watch() -> None:
    sys.addaudithook(_audit)  # which can't be removed


def is_killed(before: int, run: Callable[[], object]) -> bool:
    """Run what is killed before it changes a file for the nth time (from 0), if it does."""
    _watch()
    _left[:] = [before]
    try:
        run()
    except Killed:
        return True
    finally:
        _left.clear()
    return False


@pytest.mark.parametrize("action", ["install", "update", "remove"])
def test_killed_before_any_change_of_a_file(home: Home, action: str) -> None:
    # An aws that fails where the configuration names a plugin that isn't there, by either way.
    check = f"""
        zip=$(/bin/sed -n 's/^cli_legacy_plugin_path = \\([^:]*\\).*/\\1/p' "$config")
        [ -z "$zip" ] || [ -s "$zip" ] && has '^.default' || exit 7
        [ "$PYTHONPATH" ] || [ -z "$zip" ] || /bin/grep -q . {home.sites}/*.pth || exit 7"""
    before = home.write()
    script = home.aws(check, version="1.4.0")
    command = "install" if action == "update" else action
    if action != "install":
        home.run("install")
    if action == "update":
        home.zip.write_bytes(archive.content())  # another one
    home.sites.mkdir(parents=True, exist_ok=True)
    saved = home.folder / "saved"
    shutil.copytree(home.config.parent, saved / ".aws")
    shutil.copytree(home.sites.parent, saved / "lib")
    for number in itertools.count():
        for name in os.listdir(saved):
            shutil.rmtree(home.folder / name)
        shutil.copytree(saved, home.folder, dirs_exist_ok=True)
        killed = is_killed(number, lambda: main([command]))
        assert subprocess.run([script, "--version"], check=False).returncode == 0
        assert home.read() == before or "awscli_rekcl" in home.read()
        if not killed:
            break
        home.run(command)  # finishes the job
        assert home.names() == (["config"] if action == "remove" else [home.zip.name, "config"])
        assert len(list(home.sites.glob("*"))) == (action != "remove")
        assert (home.read() == before) == (action == "remove")
    assert number > 3


def test_the_zip_has_the_whole_package_and_always_the_same_bytes(tmp_path: Path) -> None:
    zipped = tmp_path / "a.zip"
    zipped.write_bytes(archive.content(["/a b", "/c"]))
    assert zipped.read_bytes() == archive.content(["/a b", "/c"])
    package = Path(archive.__file__).parents[1]
    names = {*package.rglob("*.py"), *package.rglob("*.rst")}
    assert set(zipfile.ZipFile(zipped).namelist()) == {
        str(name.relative_to(package.parent)) for name in names
    }
    assert archive.comment(zipped) == (__version__, ["/a b", "/c"])
    assert archive.comment(tmp_path / "none.zip") == (None, [])


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("#!/usr/bin/env -S {python} -E\n", True),
        ("#!{python} -sE\n# x", True),
        ("#!/bin/sh\n'''exec' \"{python}\" -E \"$0\" \"$@\"\n' '''\n", True),
        ("#!/bin/sh\n'''exec' '{python}' -E \"$0\"\n", True),
        ("#!/bin/sh\nexec python_of_mine x\n", False),
        ("\x7fELF python3\n", False),
    ],
)
def test_the_python_of_a_script(tmp_path: Path, head: str, found: bool) -> None:
    python = tmp_path / ("a b" if "exec" in head else "ab") / "python3.12"
    python.parent.mkdir()
    python.touch(0o755)
    (tmp_path / "script").write_text(head.replace("{python}", str(python)))
    assert aws.interpreter(str(tmp_path / "script")) == (str(python) if found else None)


def test_status(home: Home) -> None:
    def status(code: int, *words: str) -> None:
        home.run("status", code=code, says=words)

    named = "not installed, not loaded: the configuration does not name it"
    status(1, f"{home.folder / 'aws'}\n", "version        2.0.0\n", f"plugin         {named}")
    home.run("install")
    status(0, f"plugin         {__version__} in {home.zip}, loaded\n", "completion     by itself")
    missing = "{ echo \"No module named 'awscli_rekcl'\"; exit 7; }"
    first = f'[ "$AWS_CONFIG_FILE" ] || /bin/ls {home.sites}/*.pth 2>/dev/null || {missing}'
    other = home.aws(first, version="1.4.0", folder="o o")
    said = home.run("status", "--aws", other, code=1)
    (line,) = (line for line in said.splitlines() if "works: " in line)
    installed = home.run(*shlex.split(line.split("(")[1].rstrip(")"))[2:])
    assert f"Try: '{other}' rekognition delete-model-and-wait help\n" in installed
    home.aws(others=["/o"])  # another plugin, which comes first
    assert ": has the command, but of the awscli_rekcl in /o\n" in home.run("install")
    status(0, f"{home.zip}, loaded from /o\n")
    home.write("secret\n")
    status(1, f"not loaded: {home.config}, line 1 comes before")
    home.write()
    home.aws("has rekcl || exit 7", version="1.4.0")
    status(1, "not loaded: no command works: exit status 7")
    home.write("[plugins]\nrekcl = awscli_rekcl\n")
    home.aws('[ "$AWS_CONFIG_FILE" ] || [ "$1" = --version ] || exit 252')
    status(1, "not loaded: version 2 ignores plugins where cli_legacy_plugin_path is not set")
    home.aws("config=/dev/null")
    status(1, "not loaded: it does not read this configuration, or only", "completion     unknown")
    (home.folder / "aws").unlink()
    status(1, "There is no aws on the PATH.")


def test_the_command_to_type_works_from_any_folder(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.endswith(" remove"))
    home.write("[plugins]\nrekcl = awscli_rekcl\n")
    home.config.parent.rename(home.folder / "ü")
    env = {**os.environ, "AWS_CONFIG_FILE": f"{home.folder}/ü/config", "PYTHONIOENCODING": "ascii"}
    words = shlex.split(line)
    done = subprocess.run(words, cwd=home.folder, env=env, capture_output=True, text=True)
    assert r"/\xfc/config." in done.stdout, done.stderr
    done = subprocess.run(words, cwd=home.folder, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "There was nothing to remove.\n"), done.stderr


def test_on_windows_no_folder_that_others_could_create(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installer, "CONTAINER_FOLDER", "")
    home.run("install")
    assert home.read().endswith(f"cli_legacy_plugin_path = {home.zip}\n")


def test_a_wrong_line(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["remove", "--completion"], ["remove", "--aws", "x"]):
        with pytest.raises(SystemExit):
            main(wrong)
        assert "is for install" in capsys.readouterr().err
    assert "There is no program no-such-aws" in home.run("install", "--aws", "no-such-aws", code=1)
    (home.folder / "aws").unlink()
    assert "There is no aws on the PATH" in home.run("install", code=1)
    assert not home.config.parent.exists()
