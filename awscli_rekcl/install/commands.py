"""The command line of `awscli-rekcl`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from awscli_rekcl import __version__
from awscli_rekcl.errors import InstallError
from awscli_rekcl.install.aws import Cli, find, on_path
from awscli_rekcl.install.installer import install, remove
from awscli_rekcl.install.package import NAME
from awscli_rekcl.install.status import status

_MANUAL = """\
actions:
  install   Gives an AWS CLI the command `aws rekognition delete-model-and-wait`, or
            updates it. Run it again after a new release of the plugin.
              version 2  writes awscli_rekcl-config.zip beside the configuration
                         file, and two lines into its section [plugins]: rekcl, and
                         the zip in cli_legacy_plugin_path (also as
                         /root/.aws/awscli_rekcl-config.zip, which is where the
                         official container image has it)
              version 1  installs the package with the pip of the Python that runs
                         aws, and writes the line rekcl
            All else in the configuration file stays as it is. Every aws on the PATH
            is tried with the new configuration before it is put into place; if one
            would fail, nothing is changed.
  remove    Takes back what install did, and mends a configuration that names the
            plugin where it can't be found. It needs no aws that works.
  status    Says of every aws on the PATH: its version, its configuration file,
            whether the plugin is installed and loaded or why not, and whether TAB
            completes it. Changes nothing. Put what it says into a bug report.

files:
  The configuration file is AWS_CONFIG_FILE, else ~/.aws/config.
  With --completion, version 2 has ~/.aws/cli/cache/<version>.index, a copy of its own
  index with the command in it (20 MB), and beside it awscli_rekcl.completion, which
  says that you want it. After an upgrade of the AWS CLI the next run of the command
  makes it anew and deletes the old copy.

exit status:
  0  done; with status: the (first) aws has loaded the plugin
  1  not done, and why; everything is as it was unless the message says otherwise
  2  wrong usage

examples:
  awscli-rekcl install --completion
  awscli-rekcl install --aws ~/.local/bin/aws
  AWS_CONFIG_FILE=~/.aws/config-v1 awscli-rekcl install --aws ~/venv/bin/aws
  awscli-rekcl remove
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `install`, `remove` or `status` and return the exit status."""
    parser = argparse.ArgumentParser(
        prog=NAME,
        description="Installs aws rekognition delete-model-and-wait, a plugin for the AWS CLI.",
        epilog=_MANUAL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", choices=["install", "remove", "status"], help="see below")
    parser.add_argument("--aws", help="the AWS CLI to work on (default: aws on the PATH)")
    parser.add_argument(
        "--force",
        action="store_true",
        help="install: even if another aws on the PATH will fail (version 1 beside version 2)",
    )
    parser.add_argument(
        "--completion",
        action="store_true",
        help="install: complete the command on version 2 with TAB and in the auto-prompt",
    )
    parser.add_argument("--version", action="version", version=__version__)
    args = parser.parse_args(argv)
    if args.action != "install" and (args.force or args.completion):
        parser.error("--force and --completion are for install")
    try:
        if args.action == "status":
            told, is_loaded = status([find(args.aws)] if args.aws else list(on_path()))
            print(told)
            return 0 if is_loaded else 1
        if args.action == "install":
            print(install(find(args.aws or "aws"), args.force, args.completion))
        else:
            print(remove(_to_remove_from(args.aws)))
    except InstallError as error:
        print(f"{NAME}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{NAME}: interrupted. Run it again to finish.", file=sys.stderr)
        return 130
    return 0


def _to_remove_from(name: str | None) -> Cli | None:
    # The AWS CLI may be gone already.
    return find(name) if name else next(on_path(), None)
