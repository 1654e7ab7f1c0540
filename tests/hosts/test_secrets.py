"""No secret is in what the command prints, and what can't be sent ends the run at once.

Which errors of the SDK are such is tested in ``tests/unit/test_client.py``. Here is what raises
them: the HTTP library of each host.
"""

from __future__ import annotations

import re

import pytest

from tests.hosts.command import command, credential_process, delete, keys, seed_model, statuses
from tests.hosts.faults import both_versions
from tests.hosts.installs import NAMES
from tests.hosts.shell import Aws, Result
from tests.simulator.client import Simulator

ARN = "arn:aws:rekognition:us-east-1:123456789012:project/cats/version/v1/1600000000001"
TOKEN = "first-half/of=it\nsecond-half"
SENTENCE = "A request can't be sent: a URL, a token or another setting for it is not valid."


def assert_is_the_sentence(result: Result) -> None:
    """Nothing else is printed, but for what the AWS CLI puts before it."""
    assert (result.returncode, result.stdout) == (255, "")
    said = result.stderr.strip().removeprefix("aws: [ERROR]: ")
    assert said.startswith(SENTENCE), result.stderr
    assert said.count("\n") == 0


@pytest.mark.hosts(*NAMES)
def test_a_token_that_can_not_be_sent(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    bad = aws.home / "bad"
    get = f"if [ -e {bad} ]; then printf %s {keys(token=TOKEN)}; else printf %s {keys()}; fi"
    credential_process(aws, get)
    running = aws.start(*command(arns=[model.arn]), "--yes")
    running.wait_for("DELETING")
    bad.touch()
    result = running.finish()
    assert result.returncode == 255
    assert SENTENCE in result.stderr
    assert "retrying" not in result.stderr
    assert statuses(result) == {model.arn: "DELETING"}
    assert not re.search("first-half|second-half", result.stdout + result.stderr)


@both_versions
def test_what_can_not_be_sent_to_fetch_credentials(aws: Aws) -> None:
    role = "role_arn = arn:aws:iam::123456789012:role/x\ncredential_source = Environment\n"
    config = aws.config.read_text().replace("[default]\n", f"[profile role]\n{role}")
    aws.config.write_text(config)
    sts = {"AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    env = {"AWS_SESSION_TOKEN": TOKEN, **sts}
    assert_is_the_sentence(delete(aws, "--profile", "role", arns=[ARN], env=env))


@both_versions
def test_a_proxy_that_can_not_be_used(aws: Aws) -> None:
    env = {"AWS_MAX_ATTEMPTS": "1", "HTTP_PROXY": "http://user:p#w@127.0.0.1:9"}
    assert_is_the_sentence(delete(aws, arns=[ARN], env=env))
