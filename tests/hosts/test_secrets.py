"""No secret is in what the command prints, and what can't be sent ends the run at once."""

from __future__ import annotations

import re

import pytest

from tests.hosts.command import command, credential_process, delete, keys, seed_model, statuses
from tests.hosts.shell import Aws, Result
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2", "v1-old", "v2-debian")
ARN = "arn:aws:rekognition:us-east-1:123456789012:project/cats/version/v1/1600000000001"
TOKEN = "first-half/of=it\nsecond-half"


SENTENCE = "A request can't be sent: a URL, a token or another setting for it is not valid."


def assert_is_the_sentence(result: Result) -> None:
    """Nothing else is printed, but for what the AWS CLI puts before it."""
    assert (result.returncode, result.stdout) == (255, "")
    said = result.stderr.strip().removeprefix("aws: [ERROR]: ")
    assert said.startswith(SENTENCE), result.stderr
    assert said.count("\n") == 0


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


# Version 2 of January 2023 has no setting for the endpoint of one service.
@pytest.mark.hosts("v1", "v2", "v1-old")
def test_what_can_not_be_sent_to_fetch_credentials(aws: Aws, simulator: Simulator) -> None:
    model = seed_model(simulator)
    role = "role_arn = arn:aws:iam::123456789012:role/x\ncredential_source = Environment\n"
    config = aws.config.read_text().replace("[default]\n", f"[profile role]\n{role}")
    aws.config.write_text(config)
    sts = {"AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    env = {"AWS_SESSION_TOKEN": TOKEN, **sts}
    assert_is_the_sentence(delete(aws, "--profile", "role", arns=[model.arn], env=env))


# Where the URL comes from and which of a parser's messages quotes it have nothing to do with each
# other.
@pytest.mark.hosts("v1", "v2")
@pytest.mark.parametrize(
    ("proxy", "endpoint"),
    [
        ("http://user:p#w@127.0.0.1:9", "http://127.0.0.1:9"),
        ("", "http://user:hunter?22@127.0.0.1:9"),
    ],
)
def test_a_proxy_or_an_endpoint_that_can_not_be_used(proxy: str, endpoint: str, aws: Aws) -> None:
    services = f"services = s\n[services s]\nrekognition =\n  endpoint_url = {endpoint}\n"
    config = aws.config.read_text().replace("[plugins]", f"{services}[plugins]")
    aws.config.write_text(config)
    env = {"AWS_MAX_ATTEMPTS": "1", "HTTP_PROXY": proxy}
    assert_is_the_sentence(delete(aws, arns=[ARN], env=env, endpoint=False))
