"""The steps: requests by boto3 and runs of the command, each beside what is believed of it."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError

from tests.hosts.command import COMMAND, service_error
from tests.hosts.installs import Host
from tests.hosts.shell import Aws, Running

#: The longest wait for a status, or for the command (seconds).
PATIENCE = 3600
NOT_FOUND, IN_USE = "400 ResourceNotFoundException", "400 ResourceInUseException"
ARN = "--project-version-arn"


class Proof:
    """One project in an account, and what was found out with it."""

    def __init__(
        self, session: boto3.Session, host: Host, home: Path, endpoint_url: str | None, name: str
    ):
        #: Each fact, what was found, what was believed, and what was said besides.
        self.rows: list[tuple[str, str, str, str]] = []
        self.name = name
        self.session = session
        self.aws = Aws(host, home, endpoint_url)
        self._pause = 0.05 if endpoint_url else 2  # seconds between two polls
        self.client: Any = session.client("rekognition", endpoint_url=endpoint_url)

    def run(self, model: str | None) -> None:
        """Do all steps. A model that is named is deleted if trainings are refused."""
        answer = self.ask("CreateProject", "200 ProjectArn", ProjectName=self.name)
        assert answer, "CreateProject was refused"
        arn = answer["ProjectArn"]
        self.watch("The new project", lambda: self._project().get("Status"), "CREATING, CREATED")
        self._nothing_there(arn)
        if all(self._train(arn, name) for name in "ab"):
            self._by_command_and_by_hand(arn)
        elif model:
            self.finish("Command, deletion", "0, DELETED", self.start(ARN, model, "--yes"))
        self.ask("DeleteProject", "200 Status DELETING", ProjectArn=arn)
        self.watch("The deleted project", lambda: self._project().get("Status"), "DELETING, gone")
        self.ask("DescribeProjectVersions, gone project", NOT_FOUND, ProjectArn=arn)

    def _nothing_there(self, arn: str) -> None:
        other, none = (f"{arn.rpartition('/')[0]}/{end}" for end in ("1", "version/none/1"))
        no_token = {"ProjectArn": arn, "NextToken": "nonsense"}
        self.ask("DescribeProjects, 101 at once", "400 InvalidParameterException", MaxResults=101)
        by_name = {"ProjectArn": arn, "VersionNames": ["none"]}
        self.ask("DescribeProjectVersions", "200 NextToken, ProjectVersionDescriptions", **by_name)
        self.ask("DescribeProjectVersions, unknown project", NOT_FOUND, ProjectArn=other)
        self.ask("DescribeProjectVersions, bad", "400 InvalidPaginationTokenException", **no_token)
        self.ask("DeleteProjectVersion, unknown", NOT_FOUND, ProjectVersionArn=none)
        not_found = f"{service_error(self.aws.host)} ResourceNotFoundException"
        self.finish("Command, unknown version", not_found, self.start(ARN, none, "--yes"))
        all_of_it = ("--project-arn", arn, "--all-versions", "--yes")
        self.finish("Command, empty project", "0, []", self.start(*all_of_it))

    def _train(self, arn: str, name: str) -> bool:
        """Start a training that must fail; say whether that was accepted."""
        manifest = {"S3Object": {"Bucket": self.name, "Name": "no/such.manifest"}}
        training: Any = {"ProjectArn": arn, "VersionName": name}
        training["OutputConfig"] = {"S3Bucket": self.name, "S3KeyPrefix": "none"}
        training["TrainingData"] = {"Assets": [{"GroundTruthManifest": manifest}]}
        training["TestingData"] = {"AutoCreate": True}
        return bool(self.ask(f"CreateProjectVersion, {name}", "200 ProjectVersionArn", **training))

    def _by_command_and_by_hand(self, arn: str) -> None:
        """Two trainings: one is waited for and deleted by the command, one by single requests."""
        by_command, by_hand = sorted(self._statuses(arn))
        one = {"ProjectVersionArn": by_hand}
        self.ask("DeleteProjectVersion, training", IN_USE, **one)
        self.ask("DeleteProject, with models", IN_USE, ProjectArn=arn)
        self.finish("Command, training", "255", self.start(ARN, by_command, "--yes"))
        # Also while it is in training, which is polled seldom by default.
        wait = ("--wait-if-training", "--poll-interval", str(self._pause))
        running = self.start(ARN, by_command, "--yes", *wait)
        order = "TRAINING_IN_PROGRESS, TRAINING_FAILED"
        self.watch("The training", lambda: self._statuses(arn).get(by_hand), order)
        self.finish("Command, waiting for the training", "0, DELETED", running)
        self.ask("DeleteProjectVersion", "200 Status DELETING", **one)
        self.ask("DeleteProjectVersion, once more", IN_USE, **one)
        self.watch("The deletion", lambda: self._statuses(arn).get(by_hand), "DELETING, gone")
        self.ask("StopProjectVersion, gone", NOT_FOUND, **one)

    def ask(self, step: str, believed: str, **parameters: Any) -> Any:
        """Make the request that a step begins with; None if it was refused."""
        try:
            answer: Any = getattr(self.client, xform_name(step.split(",")[0]))(**parameters)
        except ClientError as error:
            refusal, status = error.response["Error"], error.response["ResponseMetadata"]
            found = f"{status['HTTPStatusCode']} {refusal['Code']}"
            self.rows.append((step, found, believed, refusal.get("Message", "")))
            return None
        members = ", ".join(sorted(answer.keys() - {"ResponseMetadata"}))
        found = f"{answer['ResponseMetadata']['HTTPStatusCode']} {members}"
        found = found.replace(" Status", f" Status {answer.get('Status')}")
        self.rows.append((step, found, believed, ""))
        return answer

    def watch(self, step: str, poll: Callable[[], str | None], believed: str) -> None:
        """Note the order of statuses until the last one that is believed, or none, is there."""
        started, seen = time.monotonic(), [poll() or "gone"]
        ends = {believed.split(", ")[-1], "gone"}
        while seen[-1] not in ends and time.monotonic() - started < PATIENCE:
            time.sleep(self._pause)
            status = poll() or "gone"
            seen += [status] if status != seen[-1] else []
        seconds = f"{time.monotonic() - started:.1f} s"
        self.rows.append((f"{step}: order of statuses", ", ".join(seen), believed, seconds))

    def start(self, *args: str) -> Running:
        """Start the command, with the credentials of boto3's session and what a proxy needs."""
        credentials: Any = self.session.get_credentials()
        key, secret, token = credentials.get_frozen_credentials()[:3]
        kept = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "AWS_CA_BUNDLE")
        env: dict[str, str | None] = {name: os.environ.get(name) for name in kept}
        env |= {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
        env |= {"AWS_SESSION_TOKEN": token, "AWS_DEFAULT_REGION": self.session.region_name}
        return self.aws.start(*COMMAND, *args, "--output", "json", env=env, timeout=PATIENCE)

    def finish(self, step: str, believed: str, running: Running) -> None:
        """Note what came of the command: exit status, error code and document."""
        result = running.finish()
        code = re.search(r"An error occurred \((\w+)\)", result.stderr)
        found = f"{result.returncode} {code[1]}" if code else str(result.returncode)
        if result.stdout.strip():
            entries = json.loads(result.stdout)["ProjectVersions"]
            found += f", {' '.join(entry['Status'] for entry in entries) or '[]'}"
        self.rows.append((step, found, believed, result.stderr))

    def clean_up(self) -> None:
        """Delete the project with all that is in it, after its trainings."""
        self.aws.close()
        without = 0
        while without < 3:  # one that was only just created may not be listed yet
            project = self._project()
            without = 0 if project else without + 1
            if project:
                for version in self._statuses(project["ProjectArn"]):
                    self._try(self.client.delete_project_version, ProjectVersionArn=version)
                self._try(self.client.delete_project, ProjectArn=project["ProjectArn"])
            time.sleep(self._pause)

    def _try(self, operation: Any, **parameters: Any) -> Any:
        """Make a request; what is in use or gone gives an empty answer."""
        try:
            return operation(**parameters)
        except ClientError as error:
            if f"400 {error.response['Error']['Code']}" not in (NOT_FOUND, IN_USE):
                raise
            return {}

    def _project(self) -> dict[str, Any]:
        answer = self._try(self.client.describe_projects, ProjectNames=[self.name])
        return next(iter(answer.get("ProjectDescriptions", ())), {})

    def _statuses(self, arn: str) -> dict[str, str]:
        answer = self._try(self.client.describe_project_versions, ProjectArn=arn)
        found = answer.get("ProjectVersionDescriptions", ())
        return {version["ProjectVersionArn"]: version["Status"] for version in found}
