"""No secret is in what the command prints, and what can't be sent ends the run at once."""

from __future__ import annotations

import json
import time

import pytest

from tests.hosts.command import command, delete, seed_model, statuses
from tests.hosts.shell import Aws, Result
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2", "v1-old", "v2-debian")
TOKEN = "first-half/of=it\nsecond-half"


def assert_secret(result: Result, *secrets: str) -> None:
    text = result.stdout + result.stderr
    assert not [secret for secret in secrets if secret in text], text


def test_a_token_that_can_not_be_sent(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    good, bad = aws.home / "good", aws.home / "bad"
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 300))
    keys = {"Version": 1, "AccessKeyId": "testing", "SecretAccessKey": "t", "Expiration": until}
    good.write_text(json.dumps({**keys, "SessionToken": "token"}))
    bad.write_text(json.dumps({**keys, "SessionToken": TOKEN}))
    process = f"credential_process = sh -c 'cat {aws.home}/keys'\n[plugins]"
    aws.config.write_text(aws.config.read_text().replace("[plugins]", process))
    (aws.home / "keys").symlink_to(good)
    env = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
    running = aws.start(*command(arns=[model.arn]), "--yes", env=env)
    running.wait_for("DELETING")
    (aws.home / "new").symlink_to(bad)
    (aws.home / "new").replace(aws.home / "keys")
    result = running.finish()
    assert result.returncode == 255
    assert "Invalid header value" in result.stderr
    assert "looking again" not in result.stderr
    assert statuses(result) == {model.arn: "DELETING"}
    assert_secret(result, "first-half", "second-half")
    before = delete(aws, arns=[model.arn], env=env)
    assert (before.returncode, before.stdout) == (255, "")
    assert_secret(before, "first-half", "second-half")


@pytest.mark.hosts("v1", "v2")
@pytest.mark.parametrize("password", ["p#w", "hunter/22", "hunter?22", "hunter 22", "hunter22"])
def test_the_password_of_a_proxy_or_an_endpoint(
    password: str, aws: Aws, simulator: Simulator
) -> None:
    model = seed_model(simulator)
    url = f"http://user:{password}@127.0.0.1:9"
    env = {"AWS_MAX_ATTEMPTS": "1"}
    runs = [
        delete(aws, arns=[model.arn], env={**env, "HTTP_PROXY": url}),
        delete(aws, "--endpoint-url", url, arns=[model.arn], env=env),
        delete(aws, "--endpoint-url", url[len("http://") :], arns=[model.arn], env=env),
    ]
    services = f"services = s\n[services s]\nrekognition =\n  endpoint_url = {url}\n[plugins]"
    aws.config.write_text(aws.config.read_text().replace("[plugins]", services))
    runs.append(delete(aws, arns=[model.arn], env=env, endpoint=False))
    for result in runs:
        assert result.returncode == 255
        assert_secret(result, password, "'p'", "user:p'", "hunter")
