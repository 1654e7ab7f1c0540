"""The command line of the installer."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from awscli_rekcl import __version__
from awscli_rekcl.errors import InstallError
from awscli_rekcl.install.installer import install, remove
from awscli_rekcl.install.status import status
from awscli_rekcl.text import quoted, visible

_NAME = "awscli-rekcl"
_MANUAL = """\
actions:
  install   Gives every aws (and awslocal) on the PATH the command
            `aws rekognition delete-model-and-wait`, or updates it. Run it again after you
            have installed another AWS CLI. Every program is tried before and after; if one
            that worked fails, all is taken back.
  remove    Takes back what install did, and fixes a configuration that names the plugin
            where it can't be found. It needs no aws that works.
  status    Says of every aws on the PATH: its version, its configuration file, whether
            it loads the plugin or why not, and whether TAB completes it. Changes
            nothing. Put what it says into a bug report.

files:
  The configuration file is AWS_CONFIG_FILE, else ~/.aws/config. It gets two lines in the
  section [plugins]: rekcl, and for version 2 cli_legacy_plugin_path. Beside it lies
  awscli_rekcl-config.zip, the plugin. Version 1 finds that by a .pth file of its Python.
  With --completion, version 2 has ~/.aws/cli/cache/<version>.index, a copy of its own
  index with the command in it (20 MB). After an upgrade of the AWS CLI run install again.

exit status:
  0  done; with status: the (first) aws has loaded the plugin
  1  not done, and why; everything is as it was unless the message says otherwise
  2  wrong usage

examples:
  {command} install --completion
  {command} install --aws ~/venv/bin/aws
  {command} remove
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `install`, `remove` or `status` and return the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a path may have what its encoding does not
        sys.stdout.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(
        prog=_NAME,
        description="Installs aws rekognition delete-model-and-wait, a plugin for the AWS CLI.",
        epilog=_MANUAL.format(command=_command()).replace("%", "%%"),
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
    return _run(args)


def _run(args: argparse.Namespace) -> int:
    printed = 0
    try:
        if args.action == "status":
            lines, is_loaded = status(args.aws, _command())
            print("\n".join(map(visible, lines)))
            return 0 if is_loaded else 1
        for line in install(args.aws, args.completion) if args.action == "install" else remove():
            try:
                print(visible(line), flush=True)
            except OSError:  # nobody reads it, or the disk is full: the work goes on
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            printed += 1
        if not printed:
            print("There was nothing to remove.")
    except InstallError as error:
        if printed and args.action == "remove":
            state = "What is listed above has been removed, and the rest has not."
            error = InstallError(error.problem, error.advice, state)
        print("\n".join(map(visible, f"{_NAME}: {error}".splitlines())), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{_NAME}: interrupted. Run it again to finish.", file=sys.stderr)
        return 130
    return 0


def _command() -> str:
    """Return how to start the installer again, from any folder."""
    # A folder with __main__.py, also inside of a zip or of a wheel.
    return f"{quoted(sys.executable or 'python3')} {quoted(str(Path(__file__).parents[1]))}"
