"""All that is for version 1 of the AWS CLI alone, which ends on 15 July 2027.

Version 2 finds the zip by its configuration. Version 1 needs a `.pth` file in the Python that runs
it, with a line that is executed at each start of that Python. The line makes the zip importable
only where the configuration in use names it, so several users or configurations of one Python each
run their own plugin.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from awscli_rekcl.install import archive, config_file, files
from awscli_rekcl.install.aws import Program
from awscli_rekcl.install.errors import InstallError, typed

# It finds the configuration as the AWS CLI does, and never raises. `exec` has names of its own.
_LINE = "import sys; exec({!a}, {{}})"
_CODE = """\
import os, sys
try:
    path = os.environ.get('AWS_CONFIG_FILE', '~/.aws/config')
    path = os.path.expanduser(os.path.expandvars(path))
    if os.path.isfile(path):
        with open(path, 'rb') as file:
            if {!r} in file.read():
                sys.path.append({!a})
except Exception:
    pass
"""


def line(zipped: Path) -> str:
    """Return the line by which a Python finds the plugin."""
    return _LINE.format(_CODE.format(config_file.encoded(str(zipped)), str(zipped)))


def pth_files(zipped: Path, programs: Sequence[Program]) -> list[Path]:
    """Return the files by which programs may find the plugin, the best first."""
    name = f"awscli_rekcl-{hashlib.sha256(os.fsencode(zipped)).hexdigest()[:8]}.pth"
    answers = [each.answer for each in programs if each.answer and not each.answer.index_file]
    sites = [site for each in answers for site in (*each.sites, each.user_site) if site]
    return [Path(site, name) for site in sites]


def earlier(zipped: Path, programs: Sequence[Program] = ()) -> list[Path]:
    """Return the files that are there, as the zip names them, and as programs have answered."""
    named = [Path(each) for each in archive.pth_files(zipped) if each.endswith(".pth")]
    known = dict.fromkeys([*named, *pth_files(zipped, programs)])
    return [path for path in known if os.path.lexists(path)]


def install(zipped: Path, program: Program, stack: contextlib.ExitStack) -> str:
    """Write the file that a program needs, if it does, and return what to say of it.

    If the stack ends by an error, the file is as before. Raise InstallError.
    """
    paths, content = pth_files(zipped, [program]), line(zipped).encode()
    place = program.answer.place if program.answer else None
    if not paths or place not in (None, str(zipped)):
        return ""  # a version 2, or by pip in its own Python
    reasons = []
    for path in paths:
        try:
            before = files.read(path)
            if before != content:
                files.make(path.parent, stack)
                stack.enter_context(files.changed(path, before, content, files.replace))
            return f", by {path}{_warning(path, program)}"
        except OSError as error:
            reasons.append(error.strerror)
    target = str(paths[0])
    command = f"{typed('printf', '%s', line(zipped))} | {typed('sudo', 'tee', target)} >/dev/null"
    raise InstallError(
        f"{program} needs a file in {paths[0].parent}, without which no command of this version 1"
        f" would work, and that can't be written: {reasons[0]}",
        "If you may, write it, which does nothing by itself, and then run this again:\n"
        f"{command} && {typed('sudo', 'chmod', 'a+r', target)}",
    )


def _warning(path: Path, program: Program) -> str:
    # Some tools put that file into every environment; it is what lies above that counts.
    above = [each for each in path.parents if not (each / "pyvenv.cfg").exists()]
    if any((folder / "CACHEDIR.TAG").exists() for folder in above):
        return ", which is in a cache: when that is cleaned, run install again"
    if program.answer and str(path.parent) == program.answer.user_site:
        return ", which PYTHONNOUSERSITE hides, and then no command works"
    return ""


def why(failure: str, text: str) -> str:
    """Return why a program fails when the plugin is gone, if version 1 does without it."""
    modules = [path.split(".")[0] for path in config_file.paths(text)]
    if any(module and module in failure for module in modules):
        return f" (version 1 reads {config_file.PATH}, of another plugin, only with this one)"
    return ""
