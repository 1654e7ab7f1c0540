"""What the installer does, with scripts in the place of an AWS CLI; hosts/ has the real ones."""

from __future__ import annotations

import ast
import io
import json
import os
import runpy
import select
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import awscli_rekcl
from awscli_rekcl import __version__
from awscli_rekcl.install import archive, aws, config_file, files, installer, version_1
from awscli_rekcl.install.commands import main
from awscli_rekcl.install.errors import this_program, typed
from tests.at_a_line import interrupt, prepared

pytestmark = pytest.mark.posix("an `aws` that is a script for sh, permissions and symbolic links")

# Does as an AWS CLI does that reads the configuration file, loads the plugin, and answers.
AWS = r"""#!/bin/sh
config=${AWS_CONFIG_FILE:-$HOME/.aws/config}
has() { /bin/grep -q "$1" "$config" 2>/dev/null; }
{first}
case "$*" in
    --version) has '_probe$' && echo 'awscli_rekcl: {answer}' >&2
       echo "aws-cli/{version} Python/3.14" ;;
    *) has '^rekcl' && echo "needs --project-version-arn" >&2
       exit 252 ;;
esac
"""
TRACEBACK = r"printf 'Traceback (most recent call last):\n  f()\nx.Error:\nwhy \033[2J' >&2; exit 1"
PYENV = r"printf 'pyenv: aws: not found\n\nNote: See help for\n      both.\n' >&2; exit 127"
TEXT = "[default]\nregion = x\n"


class Home:
    """A home folder, with `aws` in it, and no other one on the PATH."""

    def __init__(
        self, folder: Path, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self.patch = patch
        self.config = folder / ".aws" / "config"
        self.zip = self.config.with_name("awscli_rekcl-config.zip")
        self.sites = folder / "lib" / "site-packages"  # of version 1
        self._capsys = capsys

    def run(self, *args: str, code: int = 0, says: Sequence[str] = ()) -> str:
        """Run the installer, which ends with a code; return all that it said, these texts too."""
        self._capsys.readouterr()
        try:
            status: object = main(args)
        except SystemExit as end:
            status = end.code
        said = "".join(self._capsys.readouterr())
        assert status == code, said
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
        answer: dict[str, Any] = {"version": version}
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
    home = Home(tmp_path, monkeypatch, capsys)
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
        home.run(
            "install", says=["): has the command\nTry: aws rekognition delete-model-and-wait "]
        )
        assert home.read() == (f"{before}\n{written}" if before else written)
        assert home.config.stat().st_mode & 0o777 == (0o600 if before is None else 0o640)
        assert home.names() == [home.zip.name, "config"]
    removed = home.run("remove")
    assert (f"Removed {home.config}, which was left empty.\n" in removed) == (not before)
    assert home.names() == (["config"] if before else [])
    assert not before or home.read().strip() == before.strip()


@pytest.mark.parametrize(
    ("first", "answer", "reason"),
    [
        ("has rekcl && { echo ERROR: boom >&2; echo more; exit 255; }", {}, "ERROR: boom.\n"),
        ("[ -d $HOME/.aws ] && exit 255", {}, "does not work: exit status 255"),
        ("kill -36 $$", {}, "does not work: ended by signal 36"),
        (TRACEBACK, {}, r"does not work: x.Error: why \x1b[2J."),
        (PYENV, {}, "does not work: pyenv: aws: not found Note: See help for both"),
        ("read x < /dev/tty || exit 7", {}, "/dev/tty: "),
        ("config=/dev/null", {}, "works, but without the command: it does not read "),
        ("", {"version": "1.4.0", "sites": ["/proc/x"]}, "needs a file in /proc/x, without which"),
    ],
)
def test_a_failed_install_leaves_everything_as_it_was(
    home: Home, first: str, answer: dict[str, Any], reason: str
) -> None:
    before = home.write()
    home.aws(first, **answer)
    assert "Installed" not in home.fails("install", says=[reason])
    assert (home.names(), home.read()) == (["config"], before)


def test_one_that_works_as_little_as_before_stops_nobody(home: Home) -> None:
    broken = home.aws("echo 'x: command not found' >&2; echo Try y >&2; exit 127", folder="b")
    home.patch.setenv("PATH", f"{home.folder}:{home.folder / 'b'}")
    text = f"{broken} (version unknown): does not work: x: command not found Try y"
    home.run("install", says=[text])
    home.patch.setenv("PATH", f"{home.folder / 'b'}:{home.folder}")
    home.run("status", code=1, says=[text, f"{home.folder / 'aws'} (2.0.0): has the command"])
    said = home.fails("install", "--aws", broken, says=[text])
    assert said.endswith(" Correct that, and then run this again.\n")
    home.patch.setenv("PATH", str(home.folder / "b"))
    assert said.split("\n")[1] in home.run("install", code=1)


def test_one_that_fails_except_in_the_trial_stops_nobody(home: Home) -> None:
    before = home.write()
    broken = home.aws('[ "$AWS_CONFIG_FILE" ] || exit 7', folder="b")
    home.patch.setenv("PATH", f"{home.folder}:{home.folder / 'b'}")
    home.run("install", says=[f"{broken} (2.0.0): does not work: exit status 7"])
    home.run("remove", says=[f"{broken} (version unknown) does not work: exit status 7"])
    assert (home.names(), home.read()) == (["config"], before)


def test_no_aws_on_the_path_is_no_reason_not_to_install(home: Home) -> None:
    (home.folder / "aws").unlink()
    home.run("install", says=["There is no aws on the PATH, but", "Try: aws rekognition "])
    assert home.names() == [home.zip.name, "config"]
    assert "There is no program no-such-aws" in home.run("install", "--aws", "no-such-aws", code=1)
    home.run("status", code=1, says=["There is no aws on the PATH."])


def test_a_program_that_another_hides_has_to_be_named(home: Home) -> None:
    hidden = home.aws(version="1.4.0", folder="hidden")
    outer = home.aws("config=$HOME/.aws/config; has rekcl && ! [ -e $HOME/lib/*/*.pth ] && exit 7")
    home.fails("install", says=[f"{outer} (2.0.0) fails", "Name that program with --aws PATH"])
    assert not home.config.parent.exists()
    home.run("install", "--aws", hidden, says=[f"{outer} (2.0.0): has the command"])


# Trials.


@pytest.mark.parametrize("where", ["clone", "clone/sub", "other"])
def test_programs_start_where_a_clone_is_not_taken_for_the_plugin(home: Home, where: str) -> None:
    (home.folder / "clone" / "awscli_rekcl").mkdir(parents=True)
    (home.folder / "clone" / "sub").mkdir()
    (home.folder / "other").mkdir()
    home.aws('echo "$PWD $PYTHONPATH" >> $HOME/started; [ $AWS_CLI_AUTO_PROMPT = off ] || exit 7')
    home.patch.chdir(home.folder / where)
    home.patch.setenv("PYTHONPATH", f"{Path(awscli_rekcl.__file__).parents[1]}:relative")
    home.write()
    home.patch.setenv("AWS_CONFIG_FILE", os.path.relpath(home.config))
    home.run("install")
    for line in (home.folder / "started").read_text().splitlines():
        folder, _, modules = line.partition(" ")
        assert folder == str(home.folder / ("" if where == "clone" else where))
        assert modules.split(":")[-1] == str(home.folder / where / "relative")
        assert len(modules.split(":")) <= 2  # without the clone


def test_a_wrapper_that_does_not_answer_is_ended_with_what_it_started(home: Home) -> None:
    home.patch.setattr(aws, "_TIMEOUT", 0.2)
    os.mkfifo(home.folder / "fifo")
    reader = os.open(home.folder / "fifo", os.O_RDONLY | os.O_NONBLOCK)
    home.aws("exec 3> $HOME/fifo; /bin/sleep 600 & wait")
    home.fails("install", says=["does not work: no answer within 0.2 s"])
    assert select.select([reader], [], [], 60)[0]  # its end: nobody can write to it any more
    os.close(reader)


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
    assert aws.interpreter(str(tmp_path / "which can't be read")) is None


# Version 1.


@pytest.mark.parametrize("lost", ["aws", "zip"])
def test_version_1_gets_a_line_of_its_own(home: Home, lost: str) -> None:
    before = home.write()
    script = home.aws(version="1.4.0")
    mask = os.umask(0o077)
    home.run("install", says=[f"{script} (1.4.0): has the command, by {home.sites}/"])
    os.umask(mask)
    (pth,) = home.sites.iterdir()
    assert stat.S_IMODE(pth.stat().st_mode) == 0o644
    # It is found again by what is left of the two.
    (Path(script) if lost == "aws" else home.zip).unlink()
    home.run("remove", says=[f"Removed {pth}.\n"])
    assert list(home.sites.iterdir()) == []
    assert home.read() == before


def finds(home: Home, **environment: str) -> bool:
    """Whether a Python that reads the `.pth` files has the plugin, without a word about it."""
    code = f"import site, sys; site.addsitedir({str(home.sites)!r}); print(*sys.path, sep='\\n')"
    words = [sys.executable, "-I", "-X", "dev", "-W", "error", "-c", code]
    env = {"HOME": str(home.folder), "PYTHONIOENCODING": "utf-8:surrogateescape", **environment}
    done = subprocess.run(words, env=env, capture_output=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, b"")
    return str(home.zip) in os.fsdecode(done.stdout).splitlines()


def test_the_line_counts_where_the_configuration_in_use_names_the_zip(home: Home) -> None:
    home.folder = home.folder / "h \xfc\udce9'\"\\"
    home.config = home.folder / ".aws" / "config"
    home.config.parent.mkdir(parents=True)
    home.zip = home.config.with_name(home.zip.name)
    home.sites.mkdir(parents=True)
    home.patch.setenv("HOME", str(home.folder))
    home.patch.setattr("locale.getpreferredencoding", lambda _: "utf-8")
    pth = home.sites / "awscli_rekcl-0.pth"
    pth.write_text(version_1.line(home.zip), encoding="ascii")
    assert not finds(home)  # no configuration
    home.config.write_bytes(config_file.encoded(config_file.with_plugin("", [str(home.zip)])))
    assert finds(home)
    assert not finds(home, AWS_CONFIG_FILE="")
    assert not finds(home, AWS_CONFIG_FILE=str(home.folder))
    assert finds(home, HOME="/", X=str(home.folder), AWS_CONFIG_FILE="$X/.aws/config")
    other = home.folder / "other"
    for make in (os.link, os.symlink, shutil.copy):
        make(home.config, other)
        assert finds(home, AWS_CONFIG_FILE=str(other))
        other.unlink()
    os.mkfifo(other)
    assert not finds(home, AWS_CONFIG_FILE=str(other))
    assert not finds(home, AWS_CONFIG_FILE="/proc/self/mem")  # a file that fails to be read


def test_a_python_that_cannot_be_written_to_changes_nothing_and_names_the_command(
    home: Home,
) -> None:
    home.write()
    home.sites.parent.mkdir()
    home.sites.touch()  # a file, which stops root as well
    home.aws(version="1.4.0")
    said = home.fails("install", says=["If you may, write it, which does nothing by itself"])
    assert home.names() == ["config"]
    home.sites.unlink()
    home.sites.mkdir()
    command = said.splitlines()[-1].replace("sudo ", "")
    script = f"PATH=/usr/bin:/bin; umask 077; {command}"
    subprocess.run(["/bin/sh", "-c", script], check=True)
    (pth,) = home.sites.iterdir()
    assert stat.S_IMODE(pth.stat().st_mode) == 0o644
    before = pth.stat()
    home.run("install", says=[f"by {pth}\n"])
    assert (pth.stat().st_ino, pth.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    pth.unlink()
    pth.mkdir()
    says = [f"Not removed: {pth}: Is a directory. If you may: sudo rm ", f"Removed {home.zip}."]
    home.run("remove", code=1, says=says)


def test_what_may_become_of_the_line_is_said(home: Home) -> None:
    home.aws(version="1.4.0", sites=["/proc/x"], user_site=str(home.sites))
    home.run("install", says=[".pth, which PYTHONNOUSERSITE hides"])
    (home.folder / "lib" / "CACHEDIR.TAG").touch()
    home.run("install", says=[".pth, which is in a cache: when that is cleaned, run install again"])
    (home.folder / "lib" / "pyvenv.cfg").touch()  # uv puts the tag into every environment
    home.run("install", says=[".pth, which PYTHONNOUSERSITE hides"])


def test_version_1_that_has_the_plugin_by_pip_needs_no_line(home: Home) -> None:
    (home.sites / "awscli_rekcl").mkdir(parents=True)
    home.aws(version="1.4.0", python="/py", plugin="0.9", place=str(home.sites))
    text = f"has the command, version 0.9 from {home.sites}, not what is at hand here; pip updates"
    home.run("install", says=[text])
    assert os.listdir(home.sites) == ["awscli_rekcl"]


# The configuration file.


def test_two_configurations_of_one_python_each_run_their_own_plugin(home: Home) -> None:
    home.sites.mkdir(parents=True)
    home.aws(version="1.4.0")
    home.run("install")
    other = str(home.config.with_name("other"))
    home.patch.setenv("AWS_CONFIG_FILE", other)
    home.run("install")
    assert len(list(home.sites.iterdir())) == 2
    assert finds(home)
    assert not finds(home, AWS_CONFIG_FILE=other)
    home.run("remove")
    assert len(list(home.sites.iterdir())) == 1
    assert finds(home)
    assert home.names() == [home.zip.name, "config"]


def test_links_owner_and_permissions_stay(home: Home) -> None:
    (home.folder / "dot").mkdir()
    home.config.parent.symlink_to("dot")
    before = home.write()
    target = home.folder / "dot" / "files"
    home.config.rename(target)
    home.config.symlink_to(target)
    os.link(target, home.folder / "hard")
    target.chmod(0o604)
    was = target.stat()
    home.run("install")
    assert home.config.is_symlink()
    assert "rekcl = awscli_rekcl" in (home.folder / "hard").read_text()
    home.run("remove")
    assert target.read_text() == before
    now = target.stat()
    assert (now.st_ino, now.st_mode, now.st_nlink) == (was.st_ino, was.st_mode, 2)
    target.write_text("")
    # What is not one of its own would be deleted, were it left empty.
    (home.folder / "hard").unlink()
    home.run("install")
    home.run("remove")
    assert home.config.is_symlink()
    home.config.unlink()
    os.link(target, home.config)
    home.run("install")
    home.run("remove")
    assert home.names() == ["config", "files"]


def test_what_root_makes_belongs_to_the_owner_of_its_folder(home: Home) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can have the home folder of somebody else")
    os.chown(home.folder, 65534, 65534)
    home.run("install")
    made = [home.config.parent, *home.config.parent.iterdir()]
    assert {path.stat().st_uid for path in made} == {65534}
    (home.folder / "dot").mkdir()
    os.chown(home.folder / "dot", 65533, 65533)
    home.config.unlink()
    home.config.symlink_to(home.folder / "dot" / "config")
    home.run("install")
    assert home.config.stat().st_uid == 65533


@pytest.mark.parametrize(
    ("mounts", "reason"),
    [
        ("mount --bind {0} {0}", ""),  # of the file alone, as in a container
        ("mount --bind {1} {1} && mount -o remount,ro,bind {1}", ": Read-only file system.\n"),
    ],
)
def test_what_is_mounted(home: Home, mounts: str, reason: str) -> None:
    target = home.folder / "target" / "config"
    target.parent.mkdir()
    before = home.write()
    home.config.rename(target)
    home.config.symlink_to(target)
    script = f"""PATH=/usr/sbin:/usr/bin:/sbin:/bin
        exec unshare --mount {"" if os.geteuid() == 0 else "-r"} sh -c '
            {mounts.format(target, target.parent)} || exit 99
            PATH={home.folder}; exec {this_program("install")}'"""
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True)
    if done.returncode > 1 or done.stderr.startswith("unshare: "):
        pytest.skip("no mount namespaces here")
    assert done.returncode == (1 if reason else 0), done.stderr
    assert reason in done.stderr
    assert ("rekcl" in home.read()) == (not reason)
    home.run("remove")
    assert (home.names(), home.read()) == (["config"], before)


def test_what_is_not_to_be_edited_is_left_alone(home: Home) -> None:
    text = home.write("[plugins]\nrekcl = awscli_rekcl\n")
    home.config.chmod(0o444)
    says = [f"{home.config} is read-only", f"`chmod u+w {home.config}`"]
    home.fails("install", says=says)
    home.fails("remove", says=[*says, "it. Delete them:\nrekcl = awscli_rekcl\n"])
    assert (home.names(), home.read()) == (["config"], text)
    os.mkfifo(home.folder / "fifo")
    for name, reason in {
        "a\x1b:b/config": r"/a\x1b:b/awscli_rekcl-config.zip can't be named in a configuration",
        ".aws/config/config": "Not a directory",
        "": "/dev/null is not a regular file",
        "fifo": "is not a regular file",
    }.items():
        home.patch.setenv("AWS_CONFIG_FILE", name and str(home.folder / name))
        home.fails("install", says=[reason])
    (home.folder / "aws").unlink()
    home.run("status", code=1)  # which would never end if it read the last one
    (home.folder / "loop").symlink_to("loop")  # what may not be looked at is not nothing
    home.patch.setenv("AWS_CONFIG_FILE", str(home.folder / "loop"))
    home.fails("remove", says=["Too many levels of symbolic links"])
    assert not (home.folder / "a\x1b:b").exists()
    home.patch.setenv("HOME", str(home.folder / "$HOME"))  # the trial's would be expanded
    home.patch.delenv("AWS_CONFIG_FILE")
    home.fails("install", says=["because of a :, of a variable"])
    home.patch.setenv("AWS_CONFIG_FILE", "~nobody-of-this-name/config")
    home.fails("remove", says=["Set HOME, or AWS_CONFIG_FILE, here and for `aws`."])


def test_what_somebody_else_writes_meanwhile_stays(home: Home) -> None:
    writes = f"printf '[other]\\nx = 1\\n' >> {home.config}"
    home.aws(f'[ "$AWS_CONFIG_FILE" ] && {writes}')
    home.write()
    home.fails("install", says=[f"{home.config} has been changed by something else.\n"])
    assert home.read() == f"{TEXT}[other]\nx = 1\n"
    assert home.names() == ["config"]
    # Before all is taken back: then the plugin stays, as it may be needed.
    home.write()
    home.aws(f'[ -z "$AWS_CONFIG_FILE" ] && has rekcl && {{ {writes}; exit 7; }}')
    says = ["That could not be taken back: ", "The plugin is still there, and may be named."]
    assert "Everything is as it was" not in home.run("install", code=1, says=says)
    assert home.names() == [home.zip.name, "config"]
    assert "[other]" in home.read()


def test_a_full_disk(home: Home) -> None:
    def limited(size: int, call: str) -> str:
        # A limit of the size of files does what a full disk does: the last write is cut short.
        code = f"""
import pathlib, resource
from awscli_rekcl.install import commands, files
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
{call}"""
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr

    before = home.write()
    said = limited(2000, "commands.main(['install'])")
    reason = f"awscli-rekcl: {home.config.parent}: File too large.\n"
    assert f"{reason}Everything is as it was before." in said
    assert (home.names(), home.read()) == (["config"], before)
    old, more = before.encode(), b"[a]\n" + b"x" * 99
    for content, after in ((old, old + more), (old, more + old), (None, more)):
        if content is None:
            home.config.unlink()
        call = f"files.edit(pathlib.Path({str(home.config)!r}), {content!r}, {after!r})"
        assert limited(50, call).endswith(f": '{home.config}'\n")
        assert files.read(home.config) == content
    home.write()

    class Disk(io.FileIO):  # where the length of a file is no limit
        def write(self, text: Any) -> int:
            return super().write(text[:50])

    home.patch.setattr(files, "open", lambda path, *_, **__: Disk(path, "r+"), raising=False)
    with pytest.raises(OSError, match="No space left"):
        files.edit(home.config, old, old + more)
    assert home.read() == before


# Removal.


def test_remove_needs_no_aws_and_fixes_what_it_finds(home: Home) -> None:
    before = home.write()
    home.run("install")
    (home.folder / "aws").unlink()
    home.zip.unlink()  # lines without a plugin
    home.run("remove")
    assert home.read() == before
    home.zip.write_bytes(b"")  # a plugin without lines
    (home.config.parent / "new-awscli_rekcl-x").mkdir()  # and what a killed run has left
    assert home.run("remove") == f"Removed {home.zip}.\n"
    assert home.names() == ["config"]
    assert home.run("remove") == "There was nothing to remove.\n"


def test_remove_refuses_nothing_because_of_an_aws(home: Home) -> None:
    home.aws("has rekcl || { echo \"No module named '/o'\"; exit 7; }", version="1.4.0")
    home.write("[plugins]\nrekcl = awscli_rekcl\ncli_legacy_plugin_path = /o\n")
    why = "No module named '/o' (version 1 reads cli_legacy_plugin_path, of another plugin, only"
    home.run("remove", says=[f"{home.folder / 'aws'} (1.4.0) does not work: {why}"])
    assert home.read() == "[plugins]\ncli_legacy_plugin_path = /o\n"


# Interrupted and killed.


def test_a_second_installer_waits_and_can_be_interrupted(home: Home) -> None:
    before = home.write()
    home.aws("read x && exit 7")  # what is typed is not for a program that is tried
    words = [sys.executable, "-m", "awscli_rekcl", "install"]
    with files.locked(home.config.parent):
        other, third = (subprocess.Popen(words, stdin=-1, stderr=-1, text=True) for _ in "12")
        for each in (other, third):
            assert each.stderr
            assert each.stderr.readline() == "Waiting for another installer to finish...\n"
        third.send_signal(signal.SIGTERM)
        assert third.communicate(timeout=60)[1] == "Interrupted. Everything is as it was.\n"
        assert third.returncode == 128 + signal.SIGTERM
        assert home.read() == before
    other.communicate("x\n" * 9, timeout=60)
    assert other.returncode == 0
    assert home.names() == [home.zip.name, "config"]


@pytest.mark.parametrize("action", ["install", "update", "remove"])
@pytest.mark.parametrize("number", [2, 9], ids=["SIGINT", "SIGKILL"])  # Windows names one
def test_interrupted_at_any_line(home: Home, action: str, number: int) -> None:
    # An aws that fails where the configuration names a plugin that isn't there, by either way.
    check = f"""
        zip=$(/bin/sed -n 's/^cli_legacy_plugin_path = \\([^:]*\\).*/\\1/p' "$config")
        [ -z "$zip" ] || [ -s "$zip" ] && has '^.default' || exit 7
        [ "$PYTHONPATH" ] || [ -z "$zip" ] || /bin/grep -q . {home.sites}/*.pth || exit 7"""
    home.patch.delenv("PYTHONPATH", raising=False)  # which tells a trial
    home.write()
    script = home.aws(check, version="1.4.0")
    home.sites.mkdir(parents=True)

    def works() -> bool:
        return subprocess.run([script, "--version"], check=False).returncode == 0

    run = prepared(action, home.zip)
    statuses = interrupt(run, number, [home.config.parent, home.sites], works, points=2)
    assert 130 in statuses or number == signal.SIGKILL or action == "remove"


def test_a_signal_that_was_ignored_stays_ignored(home: Home) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    home.aws("kill -HUP $PPID")
    home.run("install")
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    home.aws("kill -HUP $PPID; /bin/sleep 60")
    assert home.run("install", code=129) == "Interrupted. Everything is as it was.\n"
    signal.signal(signal.SIGHUP, before)


# What is said.


def test_the_zip_has_the_whole_package_and_always_the_same_bytes() -> None:
    zipped = archive.content()
    assert zipped == archive.content()
    package = Path(archive.__file__).parents[1]
    files = [*package.rglob("*.py"), *package.rglob("*.rst")]
    names = zipfile.ZipFile(io.BytesIO(zipped)).namelist()
    assert sorted(names) == sorted(str(file.relative_to(package.parent)) for file in files)


def test_status(home: Home) -> None:
    def status(code: int, *words: str) -> None:
        home.run("status", code=code, says=words)

    without = "works, but without the command: "
    status(1, f"{home.folder / 'aws'} (2.0.0): {without}the configuration does not name the plugin")
    home.run("install")
    home.aws(plugin=__version__, place=str(home.zip))
    status(0, f"has the command, version {__version__} from {home.zip}\n")
    with zipfile.ZipFile(home.zip, "a") as zipped:  # a pull without a new number
        zipped.writestr("awscli_rekcl/new.py", "")
    update = this_program("install")
    status(0, f"from {home.zip}, not what is at hand here; to update it: {update}\n")
    missing = "{ echo \"No module named 'awscli_rekcl'\"; exit 7; }"
    other = home.aws(f"has '^rekcl' && {missing}", version="1.4.0", folder="o o")
    said = home.run("status", "--aws", other, code=1)
    (line,) = (line for line in said.splitlines() if "does not work: " in line)
    assert line.endswith(f"({update})")
    home.run("install", "--aws", home.aws(folder="o o"), says=[f"Try: '{other}' rekognition "])
    home.aws(plugin="0.9", place="/o")  # another plugin, which comes first
    home.run("install", says=[": has the command, version 0.9 from /o, not what is at hand here\n"])
    home.write("secret\n")
    status(1, f"does not work: {home.config}, line 1 is no [section]")
    home.write("[plugins]\nrekcl = awscli_rekcl\n")
    home.aws('[ "$AWS_CONFIG_FILE" ] || [ "$1" = --version ] || exit 252')
    status(1, f"{without}version 2 ignores plugins where cli_legacy_plugin_path is not set")
    home.aws("config=/dev/null")
    status(1, f"{without}it does not read this configuration, or only")


def test_the_command_to_type_works_from_any_folder(home: Home) -> None:
    (line,) = (line for line in home.run("--help").splitlines() if line.endswith(" remove"))
    home.write("[plugins]\nrekcl = awscli_rekcl\n")
    home.config.parent.rename(home.folder / "ü")
    env = {**os.environ, "AWS_CONFIG_FILE": f"{home.folder}/ü/config", "PYTHONIOENCODING": "ascii"}
    words = shlex.split(line)
    done = subprocess.run(words, cwd=home.folder, env=env, capture_output=True, text=True)
    assert r"/\xfc/config." in done.stdout, done.stderr
    done = subprocess.run(words, cwd=home.folder, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "There was nothing to remove.\n"), done.stderr


def test_on_windows(home: Home) -> None:
    home.patch.setattr(installer, "CONTAINER_FOLDER", "")
    home.run("install")
    assert home.read().endswith(f"cli_legacy_plugin_path = {home.zip}\n")
    home.patch.setattr("awscli_rekcl.install.errors.quoted", '"{}"'.format)
    home.patch.setattr("sys.platform", "win32")
    command = r'"C:\a b\py" "x"'
    assert typed(r"C:\a b\py", "x") == f"{command} (in cmd), & {command} (in PowerShell)"
    assert runpy.run_path(installer.__file__)["CONTAINER_FOLDER"] == ""  # others could create it


def test_a_wrong_line(home: Home) -> None:
    home.run("remove", "--completion", code=2, says=["--completion is for install"])
    home.run("remove", "--aws", "x", code=2, says=["--aws is for install and status"])


def test_an_older_python_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    package = Path(awscli_rekcl.__file__).parent
    for name in ("__init__.py", "__main__.py"):  # all that it compiles before
        ast.parse((package / name).read_text(), feature_version=(3, 6))
    monkeypatch.setattr("sys.version_info", (3, 8, 18))
    with pytest.raises(SystemExit, match=r"needs Python 3\.9 or later, and this is 3\.8\. Nothing"):
        runpy.run_path(str(package / "__main__.py"), run_name="__main__")
