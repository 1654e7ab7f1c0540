"""The ways to delete models and wait, as the command lines of real processes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from pathlib import Path

from tests.simulator.client import SeededProject

Contender = Callable[[Collection[SeededProject]], list[str]]

# What people write around the AWS CLI; `aws` is the host that is measured.
LOOP = """
project=$1; shift
for arn in "$@"; do
    name=$(cut -d/ -f4 <<<"$arn")
    aws rekognition delete-project-version --project-version-arn "$arn" >/dev/null || exit
    while true; do
        left=$(aws rekognition describe-project-versions --project-arn "$project" \
            --version-names "$name" --query 'length(ProjectVersionDescriptions)') || exit
        [ "$left" = 0 ] && break
        sleep 5
    done
done
"""

COPIES = """
project=$1; shift
printf '%s\\n' "$@" | xargs -n 1 -P "$#" aws rekognition delete-model-and-wait \\
    --yes --project-arn "$project" --project-version-arn
"""


def plugin(projects: Collection[SeededProject]) -> list[str]:
    """Our command; it is told the project where the others are told it, too."""
    arns = [arn for project in projects for arn in project.versions]
    command = ["aws", "rekognition", "delete-model-and-wait", "--project-version-arn", *arns]
    if len(projects) == 1:
        (project,) = projects
        command += ["--project-arn", project.arn]
    return [*command, "--yes"]


def in_silence(projects: Collection[SeededProject]) -> list[str]:
    """The same without progress."""
    return [*plugin(projects), "--no-progress"]


def copies(projects: Collection[SeededProject]) -> list[str]:
    """Our command once for each model, all at the same time."""
    (project,) = projects
    return ["bash", "-c", COPIES, "copies", project.arn, *project.versions]


def guide(projects: Collection[SeededProject]) -> list[str]:
    """A script with boto3 that does what the developer guide's does."""
    (project,) = projects
    script = Path(__file__).with_name("guide.py")
    return [sys.executable, str(script), project.arn, *project.versions]


def loop(projects: Collection[SeededProject]) -> list[str]:
    """A loop in a shell script, around the AWS CLI's own operations."""
    (project,) = projects
    return ["bash", "-c", LOOP, "loop", project.arn, *project.versions]


def listing(projects: Collection[SeededProject]) -> list[str]:
    """Nothing but the AWS CLI's own listing of one project, to compare with."""
    project, *_ = projects
    return ["aws", "rekognition", "describe-project-versions", "--project-arn", project.arn]
