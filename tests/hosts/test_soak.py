"""A thousand models and a tenth of the requests failing, with ``SOAK=1`` only."""

from __future__ import annotations

import json
import random

from tests.hosts.command import PROMPT, command, statuses
from tests.hosts.faults import FAULTS, both_versions, soak_only
from tests.hosts.shell import Aws, Running, Step
from tests.simulator.client import Simulator

PROJECTS, OURS, OTHERS = 5, 200, 20
SEED = 1

pytestmark = [both_versions, soak_only]


def test_a_thousand_models(aws: Aws, simulator: Simulator) -> None:
    """One request in ten goes wrong, by any fault that is a transient error."""
    simulator.transition("DELETING", seconds=3)
    simulator.lag(1)
    kinds = ("TRAINING_COMPLETED", "TRAINING_FAILED", "STOPPED", "EXPIRED", "STOPPING")
    projects = simulator.seed(
        {
            f"p{number}": [
                {"VersionName": f"v{n}", "Status": kinds[n % len(kinds)]}
                for n in range(OURS + OTHERS)
            ]
            for number in range(PROJECTS)
        }
    )
    ours = [arn for project in projects.values() for arn in project.versions[:OURS]]
    others = [arn for project in projects.values() for arn in project.versions[OURS:]]
    arns = aws.home / "arns.json"
    arns.write_text(json.dumps(random.Random(SEED).sample(ours, len(ours))))

    def let_requests_fail(running: Running) -> None:
        faults = [fault.effect for fault in FAULTS.values() if fault.outcome == "looked again"]
        chance = 0.1
        for number, effect in enumerate(faults):
            # A rule sees only what those before it have left.
            share = chance / len(faults) / (1 - chance * number / len(faults))
            simulator.rule("*", effect, Times=None, Probability=share, Seed=SEED + number)

    options = ("--cli-read-timeout", "1", "--no-progress")
    answers: list[Step] = [(PROMPT, let_requests_fail), ("", "delete\n")]
    result = aws.terminal(
        *command("--poll-interval", "5", *options, arns=[f"file://{arns}"]),
        answers=answers,
        timeout=1200,
    )
    assert result.returncode == 0, result.screen[-2000:]
    assert statuses(result) == dict.fromkeys(ours, "DELETED")
    left = [arn for project in projects.values() for arn in simulator.versions(project.arn)]
    assert sorted(left) == sorted(others)
