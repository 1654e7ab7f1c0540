"""Fixtures for tests that run in the real hosts, against the simulator.

``pytest tests/hosts --host v2`` runs one host only. The end of a run's output names every host with
its version; one that can't be had is skipped, or fails if REQUIRE_ALL_HOSTS is set.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts import installs
from tests.hosts.installs import NAMES, Host
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "run the tests of this host only (may be repeated)"
    parser.addoption("--host", action="append", choices=NAMES, help=text)


def pytest_configure(config: pytest.Config) -> None:
    text = "hosts(*names): the hosts that a test runs in, of " + ", ".join(NAMES)
    config.addinivalue_line("markers", text)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "host" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("hosts")
        names = marker.args if marker else NAMES
        metafunc.parametrize("host", names, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--host", None)
    if wanted:
        others = [item for item in items if _host_of(item) not in (None, *wanted)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def pytest_runtest_setup(item: pytest.Item) -> None:
    name = _host_of(item)
    if name:
        # A property of the test, because that travels from pytest-xdist's processes to the summary.
        host = installs.find(name)
        text = host.version if isinstance(host, Host) else f"not available: {host}"
        item.user_properties.append(("host", f"{name}: {text}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = (report for reports in terminalreporter.stats.values() for report in reports)
    properties = (pair for report in reports for pair in getattr(report, "user_properties", ()))
    lines = sorted({str(text) for name, text in properties if name == "host"})
    if lines:
        terminalreporter.section("hosts")
        terminalreporter.write("".join(f"{line}\n" for line in lines))


def _host_of(item: pytest.Item) -> str | None:
    name = item.callspec.params.get("host") if hasattr(item, "callspec") else None
    return str(name) if name else None


@pytest.fixture(scope="session")
def host(request: pytest.FixtureRequest) -> Host:
    """One of the four AWS CLIs."""
    found = installs.find(request.param)
    if isinstance(found, Host):
        return found
    if os.environ.get("REQUIRE_ALL_HOSTS"):
        pytest.fail(f"{request.param}: {found}", pytrace=False)
    pytest.skip(f"{request.param}: {found}")


@pytest.fixture
def aws(host: Host, tmp_path: Path, simulator: Simulator) -> Iterator[Aws]:
    """``aws`` of a host, talking to the simulator."""
    aws = Aws(host, tmp_path, simulator.url)
    yield aws
    aws.close()
