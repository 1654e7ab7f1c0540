"""The installer on Windows, where the AWS CLI reads its configuration in the locale's encoding."""

from __future__ import annotations

from pathlib import Path

from .wine import Wine, path_on_windows

BEFORE = "[default]\r\n# für Jürgen\r\nregion = us-east-1\r\n"


class Home:
    """A home folder, and `aws` as the only one on the PATH."""

    def __init__(self, wine: Wine, folder: Path) -> None:
        self.config = folder / ".aws" / "config"
        self._wine = wine
        programs = folder / "programs"
        programs.mkdir(parents=True)
        python, aws = wine.folder / "python", wine.folder / "aws"
        words = [f'"{path_on_windows(path)}"' for path in (python / "python.exe", aws / "bin/aws")]
        (programs / "aws.cmd").write_text(f"@{' '.join(words)} %*\r\n")
        self._env = {
            "LC_ALL": "C.UTF-8",  # for the names below; the encoding on Windows is cp1252
            "WINEPATH": path_on_windows(programs),
            "AWS_CONFIG_FILE": path_on_windows(self.config),
            "USERPROFILE": path_on_windows(folder),
            "PYTHONUSERBASE": path_on_windows(folder / "python"),
            "PYTHONPATH": path_on_windows(aws),  # without the plugin
        }

    def run(self, action: str) -> tuple[int, str]:
        """Run the installer; return its exit status and what it printed."""
        with self._wine.start("-m", "awscli_rekcl", action, packages="aws", env=self._env) as run:
            out, err = run.communicate()
        return run.returncode, (out + err).decode("cp1252")


def test_a_home_with_an_umlaut(wine: Wine, tmp_path: Path) -> None:
    home = Home(wine, tmp_path / "Jürgen Groß")
    home.config.parent.mkdir()
    home.config.write_bytes(BEFORE.encode("cp1252"))
    status, printed = home.run("install")
    assert status == 0, printed
    assert "aws.cmd (1." in printed
    assert ": has the command, by Z:" in printed
    text = home.config.read_bytes().decode("cp1252")
    assert text.startswith(BEFORE)
    assert "cli_legacy_plugin_path = Z:" in text
    assert "Jürgen Groß" in text[len(BEFORE) :]
    status, printed = home.run("remove")
    assert status == 0, printed
    assert home.config.read_bytes() == BEFORE.encode("cp1252")


def test_a_home_that_the_encoding_does_not_have(wine: Wine, tmp_path: Path) -> None:
    home = Home(wine, tmp_path / "猫")
    status, printed = home.run("install")
    assert status == 1, printed
    assert "can't be written in cp1252, in which the AWS CLI reads" in printed
    assert not home.config.parent.exists()
