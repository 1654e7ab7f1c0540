"""A pytest plugin for the AWS CLI's own tests: every driver that they make loads awscli_rekcl.

It does what a user's file does, by the AWS CLI's own `load_plugins`: README.md tells how to run it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import awscli.clidriver
import pytest

ROOT = str(Path(__file__).resolve().parents[2])
OURS = {"cli_legacy_plugin_path": ROOT, "rekcl": "awscli_rekcl"}

drivers = 0


def pytest_configure(config: pytest.Config) -> None:
    load = awscli.clidriver.load_plugins

    def load_plugins(plugin_mapping: dict[str, str], *args: Any, **kwargs: Any) -> Any:
        global drivers
        drivers += 1
        before = list(sys.path)
        hooks = load(plugin_mapping, *args, **kwargs)
        # Apart from those of the test, whose settings would decide about ours, or ours about them.
        load(dict(OURS), event_hooks=hooks, include_builtins=False)
        if ROOT in before:  # a process has one driver in life, and thousands of them here
            sys.path[:] = before
        return hooks

    awscli.clidriver.load_plugins = load_plugins


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:  # a process of pytest-xdist
        output["rekcl_drivers"] = drivers


def pytest_testnodedown(node: Any) -> None:
    global drivers
    drivers += getattr(node, "workeroutput", {}).get("rekcl_drivers", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"awscli_rekcl was loaded into {drivers} drivers")
