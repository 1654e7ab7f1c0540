"""What fails for every command of the host ends the run as the host ends it, and shows no secret.

Which errors of the SDK mean what is tested in ``tests/unit/test_client.py``. Here is what depends
on the host: its messages, its exit status, and what its HTTP library raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.hosts.command import (
    changes,
    command,
    credential_process,
    delete,
    keys,
    messages,
    seed_model,
    statuses,
)
from tests.hosts.faults import both_versions
from tests.hosts.installs import NAMES
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
NOBODY = ["--endpoint-url", "http://127.0.0.1:1"]
TOKEN = "first-half/of=it\nsecond-half"
UNSENDABLE = "A request can't be sent: a URL, a token or another setting for it is not valid."


@both_versions
@pytest.mark.parametrize(
    ("env", "args", "error", "word"),
    [
        pytest.param(NO_KEYS, [], "", "credentials", id="no credentials"),
        pytest.param({"AWS_MAX_ATTEMPTS": "1"}, NOBODY, "", "127.0.0.1:1", id="dead endpoint"),
        pytest.param({}, [], "ExpiredTokenException", "ExpiredToken", id="expired token"),
        pytest.param({}, ["--region", "us east"], "", "us east", id="a region that is none"),
    ],
)
def test_before_the_confirmation(
    aws: Aws,
    simulator: Simulator,
    env: Mapping[str, str | None],
    args: list[str],
    error: str,
    word: str,
) -> None:
    if error:
        simulator.rule("DescribeProjects", {"Error": error}, Times=None)
    ours = delete(aws, "--project-name", "cats", "--all-versions", *args, env=env)
    own = aws.run("rekognition", "describe-projects", *args, env=env)
    assert own.returncode != 0
    assert word in own.stderr
    assert (ours.returncode, ours.stdout, ours.stderr) == (own.returncode, "", own.stderr)
    assert changes(simulator) == []


ROLE = """[profile role]
region = us-east-1
role_arn = arn:aws:iam::123456789012:role/x
credential_source = Environment
"""
STS = {"AWS_SESSION_TOKEN": TOKEN, "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9"}


@both_versions
@pytest.mark.parametrize(
    ("env", "args"),
    [
        pytest.param({"HTTP_PROXY": "http://user:p#w@127.0.0.1:9"}, [], id="a proxy"),
        pytest.param(STS, ["--profile", "role"], id="a token that is to fetch credentials"),
    ],
)
def test_what_can_not_be_sent_is_one_sentence(
    aws: Aws, env: Mapping[str, str | None], args: list[str]
) -> None:
    aws.config.write_text(f"{ROLE}{aws.config.read_text()}")
    chosen = ("--project-name", "cats", "--all-versions")
    result = delete(aws, *chosen, *args, env={"AWS_MAX_ATTEMPTS": "1", **env})
    assert (result.returncode, result.stdout) == (255, "")
    said = result.stderr.strip().removeprefix("aws: [ERROR]: ")  # which version 2 prints first
    assert said.startswith(UNSENDABLE), result.stderr
    assert said.count("\n") == 0


@pytest.mark.hosts(*NAMES)
@pytest.mark.parametrize(
    ("kind", "sentence", "reason"),
    [
        pytest.param("none", "the sun has set", "the credentials failed", marks=both_versions),
        ("a token that can't be sent", UNSENDABLE, "a request can't be sent"),
    ],
)
def test_credentials_that_fail_from_the_wait_on(
    kind: str, sentence: str, reason: str, aws: Aws, simulator: Simulator
) -> None:
    """From a program that is asked once for each request. It is said what was requested so far."""
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    bad = aws.home / "bad"
    none = "echo the sun has set >&2; exit 1"
    then = none if kind == "none" else f"printf %s {keys(token=TOKEN)}; exit"
    script = [f"[ ! -e {bad} ] || {{ {then}; }}", f"printf %s {keys()}"]
    credential_process(aws, f"echo >> {aws.home}/fetches", *script)
    running = aws.start(*command(arns=[model.arn]), "--yes", "--timeout", "77")
    running.wait_for("v1: DELETING")
    bad.touch()
    result = running.finish()
    assert result.returncode == 255
    assert sentence in result.stderr
    assert "retrying" not in result.stderr
    assert not re.search("first-half|second-half", result.stdout + result.stderr)
    assert statuses(result) == {model.arn: "DELETING"}
    (message,) = messages(result)
    assert reason in message
    line = f"{model.arn} --ignore-not-found --poll-interval 0.05 --timeout 77 "
    assert re.search(f"To wait for it: .*{line}", result.stderr)
    # One more is fetched to find out that they end soon, and one fails.
    fetches = (aws.home / "fetches").read_text().count("\n")
    assert fetches == len(simulator.requests()) + 2
