"""The installer on Windows, where the AWS CLI reads its configuration in the locale's encoding."""

from __future__ import annotations

from pathlib import Path

from .wine import Wine, path_on_windows

BEFORE = "[default]\r\n# für Jürgen\r\nregion = us-east-1\r\n".encode("cp1252")


def test_a_home_with_an_umlaut(wine: Wine, tmp_path: Path) -> None:
    home = tmp_path / "Jürgen Groß"
    config = home / ".aws" / "config"
    config.parent.mkdir(parents=True)
    config.write_bytes(BEFORE)
    # `aws` as the only one on the PATH, without the plugin.
    python, aws = wine.folder / "python", wine.folder / "aws"
    words = [f'"{path_on_windows(path)}"' for path in (python / "python.exe", aws / "bin/aws")]
    (home / "aws.cmd").write_text(f"@{' '.join(words)} %*\r\n")
    environment = {
        "LC_ALL": "C.UTF-8",  # for the names below; the encoding on Windows is cp1252
        "WINEPATH": path_on_windows(home),
        "AWS_CONFIG_FILE": path_on_windows(config),
        "USERPROFILE": path_on_windows(home),
        "PYTHONUSERBASE": path_on_windows(home / "python"),
        "PYTHONPATH": path_on_windows(aws),
    }

    def run(action: str) -> str:
        words = ("-m", "awscli_rekcl", action)
        with wine.start(*words, packages="aws", env=environment) as process:
            out, err = (text.decode("cp1252") for text in process.communicate())
        assert process.returncode == 0, err
        return out

    printed = run("install")
    assert "aws.cmd (1." in printed
    assert ": has the command, by Z:" in printed
    text = config.read_bytes()
    assert text.startswith(BEFORE)
    assert b"cli_legacy_plugin_path = Z:" in text
    assert "Jürgen Groß".encode("cp1252") in text[len(BEFORE) :]
    run("remove")
    assert config.read_bytes() == BEFORE
