"""The ways to delete models and wait, as the command lines of real processes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection

from tests.simulator.client import SeededProject

Contender = Callable[[Collection[SeededProject]], list[str]]

# What the developer guide's script does, without its question, for one model after another.
GUIDE = """
import sys, time, boto3
client = boto3.client("rekognition")
project_arn, *model_arns = sys.argv[1:]
for arn in model_arns:
    client.delete_project_version(ProjectVersionArn=arn)
    names = [arn.split("/")[3]]
    while client.describe_project_versions(ProjectArn=project_arn, VersionNames=names)[
        "ProjectVersionDescriptions"
    ]:
        time.sleep(5)
"""
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
# Our command once for each model, all at the same time.
COPIES = """
project=$1; shift
printf '%s\\n' "$@" | xargs -n 1 -P "$#" aws rekognition delete-model-and-wait \\
    --yes --project-arn "$project" --project-version-arn
"""


def plugin(projects: Collection[SeededProject]) -> list[str]:
    """Our command; it is told the project where the others are told it, too."""
    arns = [arn for project in projects for arn in project.versions]
    command = ["aws", "rekognition", "delete-model-and-wait", "--project-version-arn", *arns]
    told = [word for each in projects for word in ("--project-arn", each.arn)]
    return [*command, *(told if len(projects) == 1 else ()), "--yes"]


def listing(projects: Collection[SeededProject]) -> list[str]:
    """Nothing but the AWS CLI's own listing of one project, to compare with."""
    project, *_ = projects
    return ["aws", "rekognition", "describe-project-versions", "--project-arn", project.arn]


def _script(*command: str) -> Contender:
    """A script with the ARNs of a project and of its models as arguments."""
    return lambda projects: [*command, *(arn for p in projects for arn in (p.arn, *p.versions))]


guide = _script(sys.executable, "-c", GUIDE)
loop = _script("bash", "-c", LOOP, "loop")
copies = _script("bash", "-c", COPIES, "copies")
