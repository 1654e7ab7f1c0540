"""What the other tests stand on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.hosts.installs import repair_shebang


@pytest.mark.parametrize("folder", ["a b ü", "long" * 60])
def test_a_script_whose_first_line_cannot_name_its_python(folder: str, tmp_path: Path) -> None:
    python, script = tmp_path / folder / "python", tmp_path / folder / "aws"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    script.write_text(f"#!{python}\nimport sys\nprint(sys.argv[1:])\n")
    script.chmod(0o755)
    repair_shebang(script)
    assert subprocess.check_output([str(script), "a b"], text=True) == "['a b']\n"
