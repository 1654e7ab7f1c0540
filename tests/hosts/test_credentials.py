"""Credentials that fail: the run ends as the host ends it, and says what was requested so far.

Those that fail before the first request are in ``test_host_errors.py``, and how an answer that
speaks of credentials ends the run in ``tests/unit/test_run.py``.
"""

from __future__ import annotations

import re

from tests.hosts.command import command, credential_process, keys, messages, seed_model, statuses
from tests.hosts.faults import both_versions
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator


@both_versions
def test_no_credentials_from_the_wait_on(aws: Aws, simulator: Simulator) -> None:
    """From a program that is asked once for each request."""
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    broken = aws.home / "broken"
    credential_process(
        aws,
        f"echo >> {aws.home}/fetches",
        f"[ ! -e {broken} ] || {{ echo the sun has set >&2; exit 1; }}",
        f"echo {keys()}",
    )
    running = aws.start(*command(arns=[model.arn]), "--yes", "--timeout", "77")
    running.wait_for("v1: DELETING")
    broken.touch()
    result = running.finish()
    # As the host's own operations end without credentials.
    assert result.returncode == 255
    assert re.search("custom-process: .*the sun has set", result.stderr), result.stderr
    (message,) = messages(result)
    assert "the credentials failed" in message
    assert statuses(result) == {model.arn: "DELETING"}
    line = f"{model.arn} --ignore-not-found --poll-interval 0.05 --timeout 77 "
    assert re.search(f"To wait for it: .*{line}", result.stderr)
    # One more is fetched to find out that they end soon, and one fails.
    fetches = (aws.home / "fetches").read_text().count("\n")
    assert fetches == len(simulator.requests()) + 2
