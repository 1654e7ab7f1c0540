"""No secret is in what the command prints, and what can't be sent ends the run at once."""

from __future__ import annotations

import pytest

from tests.hosts.command import command, credential_process, delete, keys, seed_model, statuses
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
    bad = aws.home / "bad"
    get = f"if [ -e {bad} ]; then printf %s {keys(token=TOKEN)}; else printf %s {keys()}; fi"
    credential_process(aws, get)
    running = aws.start(*command(arns=[model.arn]), "--yes")
    running.wait_for("DELETING")
    bad.touch()
    result = running.finish()
    assert result.returncode == 255
    assert "Invalid header value" in result.stderr
    assert "retrying" not in result.stderr
    assert statuses(result) == {model.arn: "DELETING"}
    assert_secret(result, "first-half", "second-half")
    before = delete(aws, arns=[model.arn])
    assert (before.returncode, before.stdout) == (255, "")
    assert_secret(before, "first-half", "second-half")


# Where the URL comes from and which of a parser's messages quotes it have nothing to do with each
# other; all passwords are in `tests/unit/test_text.py`.
@pytest.mark.hosts("v1", "v2")
@pytest.mark.parametrize(
    ("where", "password"),
    [
        ("proxy", "p#w"),
        ("option", "hunter/22"),
        ("option without a scheme", "hunter 22"),
        ("configuration", "hunter?22"),
    ],
)
def test_the_password_of_a_proxy_or_an_endpoint(
    where: str, password: str, aws: Aws, simulator: Simulator
) -> None:
    model = seed_model(simulator)
    rest = f"user:{password}@127.0.0.1:9"
    env = {"AWS_MAX_ATTEMPTS": "1"}
    args = []
    if where == "proxy":
        env["HTTP_PROXY"] = f"http://{rest}"
    elif where == "configuration":
        services = f"[services s]\nrekognition =\n  endpoint_url = http://{rest}\n"
        config = aws.config.read_text().replace("[plugins]", f"services = s\n{services}[plugins]")
        aws.config.write_text(config)
    else:
        args = ["--endpoint-url", rest if "without" in where else f"http://{rest}"]
    is_configured = where == "configuration"
    result = delete(aws, *args, arns=[model.arn], env=env, endpoint=not is_configured)
    assert result.returncode == 255
    assert_secret(result, password, "'p'", "user:p'", "hunter")
