"""No secret is in what the command prints, and what can't be sent ends the run at once."""

from __future__ import annotations

import pytest

from tests.hosts.command import command, credential_process, delete, keys, seed_model, statuses
from tests.hosts.shell import Aws, Result
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2", "v1-old", "v2-debian")
TOKEN = "first-half/of=it\nsecond-half"


SENTENCE = "A request can't be sent: a URL, a token or another setting for it is not valid."


def assert_is_the_sentence(result: Result) -> None:
    """Nothing else is printed, but for what the AWS CLI puts before it."""
    assert (result.returncode, result.stdout) == (255, "")
    said = result.stderr.strip().removeprefix("aws: [ERROR]: ")
    assert said.startswith(SENTENCE), result.stderr
    assert said.count("\n") == 0


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
    assert SENTENCE in result.stderr
    assert "retrying" not in result.stderr
    assert statuses(result) == {model.arn: "DELETING"}
    assert_secret(result, "first-half", "second-half")
    assert_is_the_sentence(delete(aws, arns=[model.arn]))


# Version 2 of January 2023 has no setting for the endpoint of one service.
@pytest.mark.hosts("v1", "v2", "v1-old")
@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "http://user:p#w@127.0.0.1:9"])
def test_what_can_not_be_sent_to_fetch_credentials(
    endpoint: str, aws: Aws, simulator: Simulator
) -> None:
    model = seed_model(simulator)
    role = "role_arn = arn:aws:iam::123456789012:role/x\ncredential_source = Environment\n"
    config = aws.config.read_text().replace("[default]\n", f"[profile role]\n{role}")
    aws.config.write_text(config)
    env = {"AWS_SESSION_TOKEN": TOKEN, "AWS_ENDPOINT_URL_STS": endpoint, "AWS_MAX_ATTEMPTS": "1"}
    assert_is_the_sentence(delete(aws, "--profile", "role", arns=[model.arn], env=env))


# Where the URL comes from and which of a parser's messages quotes it have nothing to do with each
# other.
@pytest.mark.hosts("v1", "v2")
@pytest.mark.parametrize(
    ("where", "url"),
    [
        ("proxy", "http://user:p#w@127.0.0.1:9"),
        ("option", "http://user:hunter/22@127.0.0.1:9"),
        ("option", "user:hunter 22@127.0.0.1:9"),
        ("configuration", "http://user:hunter?22@127.0.0.1:9"),
    ],
)
def test_a_proxy_or_an_endpoint_that_can_not_be_used(
    where: str, url: str, aws: Aws, simulator: Simulator
) -> None:
    model = seed_model(simulator)
    env = {"AWS_MAX_ATTEMPTS": "1"}
    args = []
    if where == "proxy":
        env["HTTP_PROXY"] = url
    elif where == "configuration":
        services = f"[services s]\nrekognition =\n  endpoint_url = {url}\n"
        config = aws.config.read_text().replace("[plugins]", f"services = s\n{services}[plugins]")
        aws.config.write_text(config)
    else:
        args = ["--endpoint-url", url]
    is_configured = where == "configuration"
    result = delete(aws, *args, arns=[model.arn], env=env, endpoint=not is_configured)
    assert_is_the_sentence(result)
