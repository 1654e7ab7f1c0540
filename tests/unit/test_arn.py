"""ARNs as values."""

from __future__ import annotations

import re

import pytest

from awscli_rekcl.arn import ModelArn, ProjectArn, Scope

PROJECT = "arn:aws:rekognition:us-east-1:123456789012:project/cats/1"
MODEL = "arn:aws:rekognition:us-east-1:123456789012:project/cats/version/v1/2"


@pytest.mark.parametrize("name", ["a", "A-b_c.9", "x" * 255])
def test_any_partition_and_name(name: str) -> None:
    project, model = (
        text.replace("cats", name).replace("v1", name).replace("arn:aws:", "arn:aws-iso-b:")
        for text in (PROJECT, MODEL)
    )
    scope = Scope("aws-iso-b", "us-east-1", "123456789012", name)
    assert ProjectArn.parse(project) == ProjectArn(project, scope)
    assert ModelArn.parse(model) == ModelArn(model, scope, name)


WRONG = [
    "",
    "v1",
    f" {PROJECT}",
    f"{PROJECT}\n",
    f"{PROJECT}/2",
    PROJECT.replace("/1", ""),
    PROJECT.replace("/1", "/1x"),
    PROJECT.replace("cats", ""),
    PROJECT.replace("cats", "c ts"),
    PROJECT.replace("cats", "käse"),
    PROJECT.replace("cats", "x" * 256),
    PROJECT.replace("123456789012", "12345678901"),
    PROJECT.replace("123456789012", "1234567890123"),
    PROJECT.replace("rekognition", "s3"),
    PROJECT.replace("us-east-1", ""),
    PROJECT.replace("project", "Project"),
    MODEL.replace("version", "dataset"),
]


@pytest.mark.parametrize("text", [*WRONG, MODEL])
def test_not_a_project(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        ProjectArn.parse(text)


@pytest.mark.parametrize("text", [*WRONG, PROJECT, f"{MODEL}\n", MODEL.replace("v1", "v 1")])
def test_not_a_model(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        ModelArn.parse(text)
