"""What the installer writes, with scripts in the place of an AWS CLI; hosts/ has the real ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from awscli_rekcl import __version__
from awscli_rekcl.install import archive
from awscli_rekcl.install.commands import main

pytestmark = pytest.mark.posix("an `aws` that is a script for sh, permissions and symbolic links")

# Works like version 2: with the plugin configured it knows the command.
V2 = """#!/bin/sh
case "$*" in
    --version) echo "aws-cli/2.0.0 Python/3.14"; {version} ;;
    *) /bin/grep -q '^rekcl' "$AWS_CONFIG_FILE" && echo "needs --project-version-arn" >&2
       exit 252 ;;
esac
"""
# Knows no Python to install a package for.
V1 = """#!/bin/sh
echo "aws-cli/1.40.0 Python/3.9"
"""
WRITTEN = "rekcl = awscli_rekcl\ncli_legacy_plugin_path = {paths}\n"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config = tmp_path / ".aws" / "config"
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))  # no `aws` of this machine
    return config


def an_aws(folder: Path, script: str = V2, version: str = ":") -> str:
    aws = folder / "aws"
    aws.write_text(script.replace("{version}", version))
    aws.chmod(0o755)
    return str(aws)


def places(config: Path) -> str:
    return f"{config.with_name('awscli_rekcl-config.zip')}:/root/.aws/awscli_rekcl-config.zip"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "[plugins]\n{written}"),
        ("", "[plugins]\n{written}"),
        ("[default]\nregion = x", "[default]\nregion = x\n[plugins]\n{written}"),
        ("# a\n[plugins]\n# b\n", "# a\n[plugins]\n# b\n{written}"),
        ("[plugins]\n\n[default]\n", "[plugins]\n{written}\n[default]\n"),
        ("[plugins]\nrekcl=old\nother = x\n", "[plugins]\nrekcl=awscli_rekcl\nother = x\n{path}"),
        ("[profile plugins]\nrekcl = 1\n", "[profile plugins]\nrekcl = 1\n[plugins]\n{written}"),
    ],
)
def test_install_and_remove(config: Path, tmp_path: Path, before: str | None, after: str) -> None:
    aws = an_aws(tmp_path)
    if before is not None:
        config.parent.mkdir()
        config.write_text(before)
    zipped = config.with_name("awscli_rekcl-config.zip")
    written = WRITTEN.format(paths=places(config))
    expected = after.format(written=written, path=written.split("\n", 1)[1])
    for _ in range(2):  # the second is an update
        assert main(["install", "--aws", aws]) == 0
        assert config.read_text() == expected
    assert {"awscli_rekcl/__init__.py", "awscli_rekcl/help/examples.rst"} <= set(
        zipfile.ZipFile(zipped).namelist()
    )
    assert main(["remove", "--aws", aws]) == 0
    assert not zipped.exists()
    assert "awscli_rekcl" not in config.read_text()
    if before is not None and "rekcl=old" not in before:
        # A section that is empty by then goes as well.
        assert config.read_text().strip() == before.replace("[plugins]\n\n", "").strip()


def test_other_paths_stay(config: Path, tmp_path: Path) -> None:
    aws = an_aws(tmp_path)
    config.parent.mkdir()
    config.write_text("[plugins]\ncli_legacy_plugin_path = /a:/b\ntheirs = theirs\n")
    config.chmod(0o600)
    assert main(["install", "--aws", aws]) == 0
    assert f"cli_legacy_plugin_path = /a:/b:{places(config)}\n" in config.read_text()
    assert config.stat().st_mode & 0o777 == 0o600
    assert main(["remove", "--aws", aws]) == 0
    assert "cli_legacy_plugin_path = /a:/b\n" in config.read_text()


@pytest.mark.parametrize(
    ("script", "version", "reason"),
    [
        (V2, '/bin/grep -q rekcl "$AWS_CONFIG_FILE" && { echo boom >&2; exit 255; }; :', "boom"),
        (V2, '[ "$AWS_CONFIG_FILE" = /dev/null ] || exit 255', "does not work as it is"),
        (V2.replace("project-version-arn", "nothing"), ":", "did not load the plugin"),
        (V1, "", "can't tell which Python"),
    ],
)
def test_a_failed_install_leaves_everything_as_it_was(
    config: Path,
    tmp_path: Path,
    script: str,
    version: str,
    reason: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config.parent.mkdir()
    config.write_text("[default]\n")
    assert main(["install", "--aws", an_aws(tmp_path, script, version)]) == 1
    assert reason in capsys.readouterr().err
    assert os.listdir(config.parent) == ["config"]
    assert config.read_text() == "[default]\n"


def test_two_configurations_in_one_folder(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws = an_aws(tmp_path)
    assert main(["install", "--aws", aws]) == 0
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config.with_name("other")))
    assert main(["install", "--aws", aws]) == 0
    assert main(["remove", "--aws", aws]) == 0
    assert config.with_name("awscli_rekcl-config.zip").exists()


def test_no_aws(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["install", "--aws", "no-such-aws"]) == 1
    assert "no-such-aws" in capsys.readouterr().err


@pytest.fixture
def before(config: Path) -> str:
    text = "[default]\nregion = x\n"
    config.parent.mkdir()
    config.write_text(text)
    return text


def two_versions(tmp_path: Path) -> tuple[str, str]:
    """A version 2, and a version 1 that fails where there is a path for plugins."""
    (tmp_path / "other").mkdir()
    script = (
        V1 + '/bin/grep -q cli_legacy "$AWS_CONFIG_FILE" && { echo "No module" >&2; exit 1; }\n'
    )
    return an_aws(tmp_path), an_aws(tmp_path / "other", script + "exit 0\n")


def test_version_1_and_version_2(
    config: Path,
    before: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, v1 = two_versions(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:{tmp_path / 'other'}")
    assert main(["install"]) == 1
    assert config.read_text() == before
    said = capsys.readouterr().err
    for word in (f"{v1} (version 1.40.0)", "No module", "AWS_CONFIG_FILE", "--force"):
        assert word in said
    assert main(["install", "--force"]) == 0
    assert f"every command of {v1} (version 1.40.0) fails" in capsys.readouterr().out
    assert main(["install"]) == 0  # nothing more can break
    assert main(["remove"]) == 0
    assert config.read_text() == before


def test_a_symbolic_link_and_the_permissions_stay(
    config: Path, before: str, tmp_path: Path
) -> None:
    target = tmp_path / "dotfiles"
    config.rename(target)
    target.chmod(0o640)
    config.symlink_to(target)
    assert main(["install", "--aws", an_aws(tmp_path)]) == 0
    assert config.is_symlink()
    assert config.with_name("awscli_rekcl-config.zip").exists()
    assert target.stat().st_mode & 0o777 == 0o640
    assert "rekcl = awscli_rekcl" in target.read_text()
    assert main(["remove"]) == 0
    assert target.read_text() == before


def test_the_first_configuration_is_for_its_owner_only(config: Path, tmp_path: Path) -> None:
    assert main(["install", "--aws", an_aws(tmp_path)]) == 0
    assert config.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("action", ["install", "remove"])
@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"[default]\nregion = x\nsecret\n", 3),
        (b"region = x\n", 1),
        (b"\xef\xbb\xbf[default]\n", 1),
        (b"[plugins]\nREKCL = awscli_rekcl\nrekcl = awscli_rekcl\n", 3),
    ],
)
def test_a_configuration_that_cannot_be_parsed(
    config: Path,
    tmp_path: Path,
    action: str,
    text: bytes,
    line: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config.parent.mkdir()
    config.write_bytes(text)
    assert main([action, "--aws", an_aws(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert f"{config}, line {line} " in said
    assert "Correct that line" in said
    assert "secret" not in said
    assert config.read_bytes() == text


def test_bytes_that_are_not_utf_8_stay(config: Path, tmp_path: Path) -> None:
    config.parent.mkdir()
    text = "[profile caf\u00e9]\nregion = x\n".encode("latin-1")
    config.write_bytes(text)
    assert main(["install", "--aws", an_aws(tmp_path)]) == 0
    assert config.read_bytes().startswith(text)
    assert main(["remove"]) == 0
    assert config.read_bytes() == text


def test_remove_needs_no_aws_and_mends_what_it_finds(
    config: Path, before: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    aws = an_aws(tmp_path)
    zipped = config.with_name("awscli_rekcl-config.zip")
    assert main(["install"]) == 0
    Path(aws).unlink()
    zipped.unlink()  # lines without a plugin
    assert main(["remove"]) == 0
    assert config.read_text() == before
    zipped.write_bytes(b"")  # a plugin without lines
    Path(f"{zipped}.new").write_bytes(b"")  # and what a killed run has left
    assert main(["remove"]) == 0
    assert os.listdir(config.parent) == ["config"]
    capsys.readouterr()
    assert main(["remove"]) == 0
    assert capsys.readouterr().out == "There was nothing to remove.\n"


def test_remove_leaves_a_configuration_alone_that_would_break(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    aws = an_aws(tmp_path, version='/bin/grep -q rekcl "$AWS_CONFIG_FILE" || exit 7')
    text = "[plugins]\nrekcl = awscli_rekcl\n"
    config.parent.mkdir()
    config.write_text(text)
    assert main(["remove", "--aws", aws]) == 1
    assert "would no longer work without the plugin's lines" in capsys.readouterr().err
    assert config.read_text() == text


def test_a_folder_that_cannot_be_written(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.parent.write_text("a file where the folder belongs")
    assert main(["install", "--aws", an_aws(tmp_path)]) == 1
    assert "Not a directory" in capsys.readouterr().err


# What changes a file calls one of these; the process dies right before the call.
KILL = """
import os, signal, sys
from awscli_rekcl.install.commands import main
left = int(sys.argv.pop(1))
def audit(event, args):
    global left
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
    if writes or event in ("os.rename", "os.remove", "os.mkdir", "os.chmod", "os.chown"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(audit)
sys.exit(main())
"""


@pytest.mark.parametrize("action", ["install", "update", "remove"])
def test_killed_before_any_change_of_a_file(
    config: Path, before: str, tmp_path: Path, action: str
) -> None:
    # An aws that fails where the configuration names a plugin that isn't there.
    zipped = config.with_name("awscli_rekcl-config.zip")
    check = """
        zip=$(/bin/sed -n 's/^cli_legacy_plugin_path = \\([^:]*\\).*/\\1/p' "$AWS_CONFIG_FILE")
        [ -z "$zip" ] || [ -s "$zip" ] && /bin/grep -q '^.default' "$AWS_CONFIG_FILE" ||
            [ "$AWS_CONFIG_FILE" = /dev/null ]"""
    aws = an_aws(tmp_path, version=check)
    command = ["install" if action == "update" else action, "--aws", aws]
    killed = 0
    while True:
        if action != "install":
            assert main(["install", "--aws", aws]) == 0
        done = subprocess.run([sys.executable, "-c", KILL, str(killed), *command], check=False)
        assert subprocess.run([aws, "--version"], check=False).returncode == 0
        assert config.read_text() == before or "awscli_rekcl" in config.read_text()
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
        killed += 1
        assert main(command) == 0  # finishes the job
        left = ["config"] if action == "remove" else sorted([zipped.name, "config"])
        assert sorted(os.listdir(config.parent)) == left
        assert main(["remove", "--aws", aws]) == 0
        assert config.read_text() == before
    assert killed > 3


def test_the_zip_has_the_whole_package_and_always_the_same_bytes(tmp_path: Path) -> None:
    archive.write(tmp_path / "a.zip")
    archive.write(tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    package = Path(archive.__file__).parents[1]
    files = {*package.rglob("*.py"), *package.rglob("*.rst")}
    names = zipfile.ZipFile(tmp_path / "a.zip").namelist()
    assert set(names) == {str(file.relative_to(package.parent)) for file in files}
    assert archive.version(tmp_path / "a.zip") == __version__
    assert archive.version(tmp_path / "none.zip") is None


def test_pip_is_quoted_by_its_error_and_not_by_its_hints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], config: Path, before: str
) -> None:
    pip = "echo 'error: externally-managed-environment' >&2; echo 'hint: see PEP 668' >&2; exit 1"
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\ncase "$*" in *pip*) {pip};; *) exit 1;; esac\n')
    python.chmod(0o755)
    aws = an_aws(tmp_path, f"#!{python}\n")
    python.write_text(
        python.read_text().replace(
            "case", 'case "$2" in --version) echo aws-cli/1.4.0; exit; esac\ncase'
        )
    )
    assert main(["install", "--aws", aws]) == 1
    said = capsys.readouterr().err
    assert "error: externally-managed-environment.\n" in said
    assert f"Try `{python} -m pip install awscli-rekcl" in said
    assert config.read_text() == before


def test_status(
    config: Path, before: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    aws = an_aws(tmp_path)
    assert main(["status"]) == 1
    said = capsys.readouterr().out
    assert aws in said
    assert "version        2.0.0\n" in said
    assert "plugin         not installed, not loaded: the configuration does not name it" in said
    assert main(["install"]) == 0
    capsys.readouterr()
    assert main(["status"]) == 0
    said = capsys.readouterr().out
    assert f"plugin         {__version__} installed, loaded\n" in said
    assert "completion     off" in said
    config.write_text("secret\n")
    assert main(["status"]) == 1
    assert f"not loaded: {config}, line 1 comes before" in capsys.readouterr().out
    config.unlink()
    Path(aws).unlink()
    assert main(["status"]) == 1
    assert "There is no aws on the PATH." in capsys.readouterr().out


def test_options_of_another_action(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["remove", "--force"])
    assert "for install" in capsys.readouterr().err
