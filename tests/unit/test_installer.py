"""What the installer writes, with scripts in the place of an AWS CLI; hosts/ has the real ones."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from awscli_rekcl import installer

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
    monkeypatch.setenv("PATH", str(tmp_path))  # no `aws` of this machine
    return config


def an_aws(folder: Path, script: str = V2, version: str = ":") -> str:
    aws = folder / "aws"
    aws.write_text(script.replace("{version}", version))
    aws.chmod(0o755)
    return str(aws)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "[plugins]\n{written}"),
        ("", "[plugins]\n{written}"),
        ("[default]\nregion = x", "[default]\nregion = x\n[plugins]\n{written}"),
        ("# a\n[plugins]\n# b\n", "# a\n[plugins]\n# b\n{written}"),
        ("[plugins]\n\n[default]\n", "[plugins]\n{written}\n[default]\n"),
        ("[plugins]\nrekcl=old\nother = x\n", "[plugins]\nrekcl = awscli_rekcl\nother = x\n{path}"),
        ("[profile plugins]\nrekcl = 1\n", "[profile plugins]\nrekcl = 1\n[plugins]\n{written}"),
    ],
)
def test_install_and_remove(config: Path, tmp_path: Path, before: str | None, after: str) -> None:
    aws = an_aws(tmp_path)
    if before is not None:
        config.parent.mkdir()
        config.write_text(before)
    archive = config.with_name("awscli_rekcl-config.zip")
    written = WRITTEN.format(paths=archive)
    expected = after.format(written=written, path=written.split("\n", 1)[1])
    for _ in range(2):  # the second is an update
        assert installer.main(["install", "--aws", aws]) == 0
        assert config.read_text() == expected
    assert {"awscli_rekcl/__init__.py", "awscli_rekcl/help/examples.rst"} <= set(
        zipfile.ZipFile(archive).namelist()
    )
    assert installer.main(["remove", "--aws", aws]) == 0
    assert not archive.exists()
    assert "awscli_rekcl" not in config.read_text()
    if before is not None and "rekcl=old" not in before:
        # A section that is empty by then goes as well.
        assert config.read_text().strip() == before.replace("[plugins]\n\n", "").strip()


def test_other_paths_stay(config: Path, tmp_path: Path) -> None:
    aws = an_aws(tmp_path)
    config.parent.mkdir()
    config.write_text("[plugins]\ncli_legacy_plugin_path = /a:/b\ntheirs = theirs\n")
    config.chmod(0o600)
    assert installer.main(["install", "--aws", aws]) == 0
    archive = config.with_name("awscli_rekcl-config.zip")
    assert f"cli_legacy_plugin_path = /a:/b:{archive}\n" in config.read_text()
    assert config.stat().st_mode & 0o777 == 0o600
    assert installer.main(["remove", "--aws", aws]) == 0
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
    assert installer.main(["install", "--aws", an_aws(tmp_path, script, version)]) == 1
    assert reason in capsys.readouterr().err
    assert os.listdir(config.parent) == ["config"]
    assert config.read_text() == "[default]\n"


def test_two_configurations_in_one_folder(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws = an_aws(tmp_path)
    assert installer.main(["install", "--aws", aws]) == 0
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config.with_name("other")))
    assert installer.main(["install", "--aws", aws]) == 0
    assert installer.main(["remove", "--aws", aws]) == 0
    assert config.with_name("awscli_rekcl-config.zip").exists()


def test_no_aws(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert installer.main(["install", "--aws", "no-such-aws"]) == 1
    assert "no-such-aws" in capsys.readouterr().err
