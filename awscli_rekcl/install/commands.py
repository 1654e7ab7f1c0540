"""The command line of the installer."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence

from awscli_rekcl import __version__
from awscli_rekcl.install.config_file import config_path
from awscli_rekcl.install.errors import InstallError, Interrupted, held, received, this_program
from awscli_rekcl.install.installer import install, remove
from awscli_rekcl.install.status import status
from awscli_rekcl.text import visible

_NAME = "awscli-rekcl"
_MANUAL = """\
actions:
  install   Gives every aws (and awslocal) on the PATH the command
            `aws rekognition delete-model-and-wait`, or updates it. Run it again after you
            have installed another AWS CLI. Every program is tried before and after; if one
            that worked fails, or you press Ctrl-C, all is taken back.
  remove    Takes back what install did, and fixes a configuration that names the plugin
            where it can't be found. It needs no aws that works.
  status    Says which plugin every aws on the PATH has loaded, from where, or why none.
            Changes nothing. Put what it says into a bug report.

files:
  The configuration file is AWS_CONFIG_FILE, else ~/.aws/config. It gets two lines in the
  section [plugins]: rekcl, and for version 2 cli_legacy_plugin_path. Beside it lies
  awscli_rekcl-config.zip, the plugin. Version 1 finds that by a .pth file of its Python.
  With --completion, version 2 has ~/.aws/cli/cache/<version>.index, a copy of its own
  index with the command in it (20 MB). After an upgrade of the AWS CLI run install again.

exit status: 0 done (status: the first aws has the command), 1 not done, and why, 2 wrong usage

examples:
  {command} install --aws ~/venv/bin/aws
  {command} remove
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `install`, `remove` or `status` and return the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a path may have what its encoding does not
        sys.stdout.reconfigure(errors="backslashreplace")
    args = _parsed(argv)
    is_done = True
    try:
        with held():
            if args.action == "install":
                lines = install(args.aws, args.completion)
            else:
                lines, is_done = status(args.aws) if args.action == "status" else remove()
    except (InstallError, OSError) as error:
        if isinstance(error, OSError):
            advice = "Correct that, and then run this again."
            # A write that fails names nothing.
            place = error.filename or config_path().parent
            error = InstallError(f"{place}: {error.strerror}", advice)
        print("\n".join(map(visible, f"{_NAME}: {error}".splitlines())), file=sys.stderr)
        return 1
    except Interrupted:
        print("Interrupted. Everything is as it was.", file=sys.stderr)
        return 128 + received[0]
    try:
        print("\n".join(map(visible, lines)), flush=True)
    except OSError:  # nobody reads it, or the disk is full
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0 if is_done else 1


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=_NAME,
        description="Installs aws rekognition delete-model-and-wait, a plugin for the AWS CLI.",
        epilog=_MANUAL.format(command=this_program()).replace("%", "%%"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", choices=["install", "remove", "status"], help="see below")
    parser.add_argument(
        "--aws",
        help="install, status: the AWS CLI to work on (default: every aws on the PATH); others that"
        " read the same configuration file keep working",
    )
    parser.add_argument(
        "--completion",
        action="store_true",
        help="install: complete the command on version 2 with TAB and in the auto-prompt",
    )
    parser.add_argument("--version", action="version", version=__version__)
    args = parser.parse_args(argv)
    if args.completion and args.action != "install":
        parser.error("--completion is for install")
    if args.aws and args.action == "remove":
        parser.error("--aws is for install and status")
    return args
