"""Fixtures for tests that run in the real hosts, against the simulator.

``pytest tests/hosts --host v2`` runs one host only. The end of a run's output names every host with
its version; one that this machine can't have is skipped, or fails if REQUIRE_ALL_HOSTS is set.

A test without a mark runs in all hosts. One with the mark ``hosts`` runs in those, of which all but
the first count as ``slow``: `make test` runs each test in one host, and `make check` in the others.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts import installs
from tests.hosts.installs import NAMES, Host, HostBroken
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "run the tests of this host only (may be repeated)"
    parser.addoption("--host", action="append", choices=NAMES, help=text)


def pytest_configure(config: pytest.Config) -> None:
    text = (
        f"hosts(*names): the hosts that a test runs in, of {', '.join(NAMES)}, the one for"
        " `make test` first; a mark of a parameter, or of a function in a marked module, can only"
        " narrow it"
    )
    config.addinivalue_line("markers", text)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "host" in metafunc.fixturenames:
        marks = list(metafunc.definition.iter_markers("hosts"))
        names = [name for name in NAMES if all(name in mark.args for mark in marks)]
        metafunc.parametrize("host", names, indirect=True, scope="session")


@pytest.hookimpl(tryfirst=True)  # before pytest looks at the mark `slow`
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--host", None) or NAMES
    others = []
    for item in items:
        host = _host_of(item)
        marks = [mark.args for mark in item.iter_markers("hosts")]  # a parameter's too
        if host and not all(host in names for names in [wanted, *marks]):
            others.append(item)
        elif host and marks:
            first = next(name for name in marks[0] if all(name in names for names in marks))
            if host != first:
                item.add_marker("slow")
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


# Properties of the test, because these travel from pytest-xdist's processes to the summary.


def pytest_runtest_teardown(item: pytest.Item) -> None:
    name = _host_of(item)
    if name:
        host = installs.find(name)
        text = host.version if isinstance(host, Host) else f"not available: {host}"
        item.user_properties.append(("host", f"{name}: {text}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = itertools.chain(*terminalreporter.stats.values())
    properties = [pair for each in reports for pair in getattr(each, "user_properties", ())]
    hosts = {str(value) for name, value in properties if name == "host"}
    if hosts:
        terminalreporter.section("hosts")
        terminalreporter.write("\n".join([*sorted(hosts), ""]))


def _host_of(item: pytest.Item) -> str | None:
    name = item.callspec.params.get("host") if hasattr(item, "callspec") else None
    return str(name) if name else None


@pytest.fixture(scope="session")
def host(request: pytest.FixtureRequest) -> Host:
    """One of the four AWS CLIs."""
    found = installs.find(request.param)
    if isinstance(found, Host):
        return found
    if isinstance(found, HostBroken) or os.environ.get("REQUIRE_ALL_HOSTS"):
        pytest.fail(f"{request.param}: {found}", pytrace=False)
    pytest.skip(f"{request.param}: {found}")


@pytest.fixture
def aws(host: Host, tmp_path: Path, simulator: Simulator) -> Iterator[Aws]:
    """``aws`` of a host, talking to the simulator."""
    aws = Aws(host, tmp_path, simulator.url)
    yield aws
    aws.close()
