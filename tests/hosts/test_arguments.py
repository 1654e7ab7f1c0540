"""What is typed: bad input ends as the host ends it, before anything is sent."""

from __future__ import annotations

import json

import pytest

from tests.hosts.command import (
    COMMAND,
    assert_ended_by_host,
    bad_usage,
    bad_value,
    delete,
    deleted,
    entries,
    seed_model,
)
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

ARNS = "--project-version-arn"
PROJECT = "--project-arn"
A = "arn:aws:rekognition:us-east-1:123456789012:project/cats/version/a/1600000000001"
B = "arn:aws:rekognition:us-east-1:123456789012:project/cats/version/b/1600000000002"
CATS = "arn:aws:rekognition:us-east-1:123456789012:project/cats/1600000000000"

# A word that the message must have, and what to type.
BAD_VALUES = {
    "not an ARN": (ARNS, [ARNS, "cats/v1"]),
    "an empty text": (ARNS, [ARNS, ""]),
    "an empty text among ARNs": (ARNS, [ARNS, A, ""]),
    "a project's ARN for a model's": (ARNS, [ARNS, CATS]),
    "a newline after the ARN": (ARNS, [ARNS, A + "\n"]),
    "a model's ARN for a project's": (PROJECT, [PROJECT, A, "--all-versions"]),
    "an empty project ARN": (PROJECT, [PROJECT, "", "--all-versions"]),
    "another project": (PROJECT, [ARNS, A, PROJECT, CATS.replace("cats", "dogs")]),
    "two accounts": ("two accounts", [ARNS, A, B.replace("123456789012", "999999999999")]),
    "two partitions": ("two accounts", [ARNS, A, B.replace(":aws:", ":aws-cn:")]),
    "a region that contradicts": ("eu-west-1", [ARNS, A, "--region", "eu-west-1"]),
    "a project's region": ("us-east-1", [PROJECT, CATS, "--all-versions", "--region", "eu-west-1"]),
    "no number": ("--timeout", [ARNS, A, "--timeout", "soon"]),
    "a negative timeout": ("--timeout", [ARNS, A, "--timeout=-1"]),
    "an infinite timeout": ("--timeout", [ARNS, A, "--timeout", "1e999"]),
    "a timeout that is no number": ("--timeout", [ARNS, A, "--timeout", "nan"]),
    "a poll interval of 0": ("--poll-interval", [ARNS, A, "--poll-interval", "0"]),
    "an infinite poll interval": ("--poll-interval", [ARNS, A, "--poll-interval", "inf"]),
    "a bad version name": ("--version-names", [PROJECT, CATS, "--version-names", "a b"]),
    "an empty version name": ("--version-names", [PROJECT, CATS, "--version-names", ""]),
    "a file beside values": ("file://arns", [ARNS, A, "file://arns"]),
    "files twice": ("file://arns", [ARNS, "file://arns", ARNS, "file://arns"]),
    "a file read as bytes": ("fileb://", [ARNS, "fileb://arns"]),
    "a project file read as bytes": ("bytes", [PROJECT, "fileb://arns", "--all-versions"]),
    "a file that is not there": ("nowhere", [ARNS, "file://nowhere"]),
    "a broken JSON file": ("JSON", [ARNS, "file://broken.json"]),
    "a JSON file of numbers": ("JSON", [ARNS, "file://numbers.json"]),
    "a JSON file of objects": (ARNS, [ARNS, "file://object.json"]),
}

BAD_USAGE = {
    "nothing": (ARNS, []),
    "an option without its value": (ARNS, [ARNS]),
    "a project alone": ("--all-versions", [PROJECT, CATS]),
    "names without a project": (PROJECT, ["--version-names", "a"]),
    "all versions of nothing": (PROJECT, ["--all-versions"]),
    "ARNs and names": ("together", [ARNS, A, PROJECT, CATS, "--version-names", "a"]),
    "names and all": ("together", [PROJECT, CATS, "--version-names", "a", "--all-versions"]),
    "an empty file and all": ("together", [ARNS, "file://empty", PROJECT, CATS, "--all-versions"]),
}


# What the older hosts may see in another way: how they parse, read files and fail.
ALSO_ON_OLDER_HOSTS = [
    "an empty text",
    "a negative timeout",
    "a file beside values",
    "a file read as bytes",
    "a file that is not there",
    "nothing",
    "names and all",
]


@pytest.mark.hosts("v2")
@pytest.mark.parametrize(
    "case",
    [*BAD_VALUES, *BAD_USAGE],
)
def test_bad_input_sends_nothing(aws: Aws, simulator: Simulator, case: str) -> None:
    (aws.home / "arns").write_text(A)
    (aws.home / "empty").write_text("")
    (aws.home / "broken.json").write_text(f'["{A}"')
    (aws.home / "numbers.json").write_text("[1]")
    (aws.home / "object.json").write_text(json.dumps({"arns": [A]}))
    word, args = {**BAD_VALUES, **BAD_USAGE}[case]
    returncode = bad_value(aws.host) if case in BAD_VALUES else bad_usage(aws.host)
    result = aws.run(*COMMAND, *args, "--yes")
    assert_ended_by_host(result, returncode, word)
    assert simulator.requests() == []


@pytest.mark.hosts("v1", "v1-old", "v2-debian")
@pytest.mark.parametrize("case", ALSO_ON_OLDER_HOSTS)
def test_bad_input_on_an_older_host(aws: Aws, simulator: Simulator, case: str) -> None:
    test_bad_input_sends_nothing(aws, simulator, case)


def test_an_unknown_output_format_is_refused_first(aws: Aws, simulator: Simulator) -> None:
    # Version 1 does not know "yaml", which the setting may have for version 2.
    word = "yaml" if aws.host.major == 1 else "nonsense"
    config = aws.config.read_text()
    aws.config.write_text(config.replace("[default]", f"[default]\noutput = {word}"))
    result = delete(aws, arns=[A])
    assert_ended_by_host(result, bad_value(aws.host), word)
    assert simulator.requests() == []


@pytest.mark.hosts("v1", "v2")
@pytest.mark.parametrize("query", ["length(nothing)", "["])
def test_a_query_that_fails_is_found_before_anything_is_deleted(
    aws: Aws, simulator: Simulator, query: str
) -> None:
    model = seed_model(simulator)
    result = delete(aws, "--query", query, arns=[model.arn])
    assert_ended_by_host(result, bad_value(aws.host), "--query")
    assert list(simulator.versions(model.project.arn)) == [model.arn]


@pytest.mark.hosts("v2")
@pytest.mark.parametrize(
    "value", ["file://words", "file://list.json", "file://empty", "file://empty.json"]
)
def test_models_are_named_in_a_file(aws: Aws, simulator: Simulator, value: str) -> None:
    a, b = simulator.seed({"cats": ["a", "b"]})["cats"].versions
    (aws.home / "words").write_text(f"  {b}\r\n\n{a} {b}\n\t{b}")
    (aws.home / "list.json").write_text(f"\n{json.dumps([b, a, b])}\n")
    (aws.home / "empty").write_text(" \n")
    (aws.home / "empty.json").write_text("[]\n")
    # An empty list has nothing to confirm.
    confirmed = () if "empty" in value else ("--yes",)
    result = aws.run(*COMMAND, ARNS, value, "--poll-interval", "0.05", *confirmed)
    assert result.returncode == 0, result.stderr
    assert entries(result) == ([] if "empty" in value else deleted(b, a))
    if "empty" in value:
        assert simulator.requests() == []


def test_every_naming_counts_and_each_model_once(aws: Aws, simulator: Simulator) -> None:
    a, b, c = simulator.seed({"cats": ["a", "b", "c"]})["cats"].versions
    result = delete(aws, ARNS, c, a, c, ARNS, b, a)
    assert result.returncode == 0, result.stderr
    assert entries(result) == deleted(c, a, b)
    sent = [entry["Operation"] for entry in simulator.requests()]
    assert sent.count("DeleteProjectVersion") == 3
