"""The server and its process."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.simulator.calls import client
from tests.simulator.client import SeededProject, Simulator


def test_many_clients_at_once(sim: Simulator) -> None:
    sim.transition("DELETING", seconds=60)
    project: SeededProject = sim.seed({"p": [f"v{number}" for number in range(80)]})["p"]
    aws = client(sim, max_pool_connections=8)

    def delete(version: str) -> str:
        return str(aws.delete_project_version(ProjectVersionArn=version)["Status"])

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(delete, project.versions)) == {"DELETING"}
    assert set(sim.versions(project.arn).values()) == {"DELETING"}
    assert len(sim.requests("DeleteProjectVersion")) == 80


def test_connections_are_kept_alive(sim: Simulator) -> None:
    connection = http.client.HTTPConnection(urlsplit(sim.url).netloc)
    connection.connect()
    socket = connection.sock
    for _ in range(3):
        connection.request("GET", "/simulator/gone")
        assert connection.getresponse().read() == b"{}"
    assert connection.sock is socket
    connection.close()


def test_it_ends_when_told() -> None:
    with Simulator() as simulator:
        process = simulator._process
    assert process.returncode == 0


def test_it_ends_with_its_parent() -> None:
    script = (
        "import os; from tests.simulator.client import Simulator;"
        "print(Simulator().url, flush=True); os._exit(1)"
    )
    root = Path(__file__).resolve().parents[2]
    orphaned = subprocess.run(
        [sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE, text=True, check=False
    )
    address = urlsplit(orphaned.stdout.strip()).netloc
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection(address, timeout=5)
            connection.connect()
            connection.close()
        except ConnectionRefusedError:
            return
        time.sleep(0.1)
    pytest.fail("the simulator outlived its parent")
