"""Amazon Resource Names of projects and models, as values.

Source: the patterns of ``ProjectArn`` and ``ProjectVersionArn`` in the Rekognition API reference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

NAME = r"[a-zA-Z0-9_.\-]{1,255}"
_PROJECT = rf"arn:([a-z0-9-]+):rekognition:([a-z0-9-]+):([0-9]{{12}}):project/({NAME})"
_PROJECT_ARN = re.compile(rf"{_PROJECT}/[0-9]+")
_MODEL_ARN = re.compile(rf"{_PROJECT}/version/({NAME})/[0-9]{{1,20}}")


class Scope(NamedTuple):
    """The part of a project's ARN that a model's ARN has too: all but the number at its end."""

    partition: str
    region: str
    account: str
    project_name: str


class ProjectArn(NamedTuple):
    """The ARN of a Custom Labels project."""

    text: str
    scope: Scope

    @classmethod
    def parse(cls, text: str) -> ProjectArn:
        """Raise ValueError if the text is not a project's ARN."""
        return cls(text, Scope(*_parts(_PROJECT_ARN, text)))


class ModelArn(NamedTuple):
    """The ARN of a model, which the API calls a project version."""

    text: str
    scope: Scope
    version_name: str

    @property
    def number(self) -> int:
        """Milliseconds since 1970, when the model was created."""
        return int(self.text.rpartition("/")[2])

    @classmethod
    def parse(cls, text: str) -> ModelArn:
        """Raise ValueError if the text is not a model's ARN."""
        *scope, version_name = _parts(_MODEL_ARN, text)
        return cls(text, Scope(*scope), version_name)


def without_fips(region: str) -> str:
    """Return the region that an ARN has for one like `us-east-1-fips`.

    That is how the AWS CLI is told to use a FIPS endpoint.
    """
    return region.replace("fips-", "").replace("-fips", "")  # as botocore reads it


def with_fips_as(own: str | None, region: str) -> str:
    """Return a region in the form that asks for FIPS if `own`, that of the AWS CLI, does."""
    return own.replace(without_fips(own), without_fips(region)) if own else region


def _parts(pattern: re.Pattern[str], text: str) -> Sequence[str]:
    match = pattern.fullmatch(text)
    if not match:
        raise ValueError(text)
    return match.groups()
