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
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.hosts.command import service_error
from tests.hosts.installs import Host
from tests.hosts.shell import Aws, Running

#: The longest wait for a status, or for the command (seconds).
PATIENCE = 3600
#: What a network behind a proxy needs. Nothing else of the environment reaches the command.
NETWORK = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "AWS_CA_BUNDLE")
NOT_FOUND, IN_USE = "400 ResourceNotFoundException", "400 ResourceInUseException"
LISTED = "200 NextToken, ProjectVersionDescriptions"


class Proof:
    """One project in an account, and what was found out with it."""

    def __init__(
        self, session: boto3.Session, host: Host, home: Path, endpoint_url: str | None, name: str
    ):
        #: Each fact, what was found, and what was believed.
        self.rows: list[tuple[str, str, str]] = []
        #: For the report, and compared with nothing.
        self.record: dict[str, str] = {}
        #: Between two polls (seconds).
        self.pause = 0.05 if endpoint_url else 2
        self.name = name
        self.session = session
        home.mkdir()
        self.aws = Aws(host, home, endpoint_url)
        retries = Config(retries={"mode": "standard", "total_max_attempts": 6})
        self.client: Any = session.client("rekognition", endpoint_url=endpoint_url, config=retries)

    def run(self, model: str | None) -> None:
        """Do all steps. A model that is named is deleted if trainings are refused."""
        answer = self.ask("CreateProject", "200 ProjectArn", ProjectName=self.name)
        if answer is None:
            raise LookupError("CreateProject was refused")
        arn = str(answer["ProjectArn"])
        self.watch("The new project", lambda: self._project().get("Status"), "CREATING, CREATED")
        self._nothing_there(arn)
        if self._trains(arn):
            self._by_command_and_by_hand(arn)
        elif model:
            self.command("Command, deletion", "0, DELETED", "--project-version-arn", model, "--yes")
        self._end(arn)

    def _nothing_there(self, arn: str) -> None:
        unknown = f"{arn.rpartition('/')[0]}/version/none/1"
        self.ask("CreateProject, once more", IN_USE, ProjectName=self.name)
        listed = "200 NextToken, ProjectDescriptions"
        self.ask("DescribeProjects", listed, ProjectNames=[self.name])
        self.ask("DescribeProjectVersions, none", LISTED, ProjectArn=arn)
        self.ask("DescribeProjectVersions, by name", LISTED, ProjectArn=arn, VersionNames=["none"])
        other = f"{arn.rpartition('/')[0]}/1"
        self.ask("DescribeProjectVersions, unknown project", NOT_FOUND, ProjectArn=other)
        bad = {"ProjectArn": arn, "NextToken": "nonsense"}
        bad_token = "400 InvalidPaginationTokenException"
        self.ask("DescribeProjectVersions, bad token", bad_token, **bad)
        self.ask("DescribeProjects, 101 at once", "400 InvalidParameterException", MaxResults=101)
        self.ask("DeleteProjectVersion, unknown", NOT_FOUND, ProjectVersionArn=unknown)
        self.ask("StopProjectVersion, unknown", NOT_FOUND, ProjectVersionArn=unknown)
        named = ("--project-version-arn", unknown, "--yes")
        not_found = f"{service_error(self.aws.host)} ResourceNotFoundException"
        self.command("Command, unknown version", not_found, *named)
        self.command("Command, none", "0, []", "--project-arn", arn, "--all-versions", "--yes")

    def _trains(self, arn: str) -> bool:
        """Start two trainings that must fail; say whether both were accepted."""
        manifest = {"S3Object": {"Bucket": self.name, "Name": "no/such.manifest"}}
        training = {
            "ProjectArn": arn,
            "OutputConfig": {"S3Bucket": self.name, "S3KeyPrefix": "none"},
            "TrainingData": {"Assets": [{"GroundTruthManifest": manifest}]},
            "TestingData": {"AutoCreate": True},
        }
        for name in "ab":
            training["VersionName"] = name
            step = f"CreateProjectVersion, {name}"
            if not self.ask(step, "200 ProjectVersionArn", **training):
                return False
        return True

    def _by_command_and_by_hand(self, arn: str) -> None:
        """Two trainings: one is waited for and deleted by the command, one by single requests."""
        by_command, by_hand = sorted(self._statuses(arn))
        one = {"ProjectVersionArn": by_hand}
        self.ask("DeleteProjectVersion, training", IN_USE, **one)
        self.ask("StopProjectVersion, training", IN_USE, **one)
        self.ask("DeleteProject, with models", IN_USE, ProjectArn=arn)
        words = ("--project-version-arn", by_command, "--yes")
        self.command("Command, training", "255", *words)
        # Also while it is in training, which is polled seldom by default.
        wait = ("--wait-if-training", "--poll-interval", str(self.pause))
        running = self.start(*words, *wait)
        order = "TRAINING_IN_PROGRESS, TRAINING_FAILED"
        self.watch("The training", lambda: self._statuses(arn).get(by_hand), order)
        self.finish("Command, waiting for the training", "0, DELETED", running)

        self.ask("DeleteProjectVersion", "200 Status DELETING", **one)
        started = time.monotonic()
        self.ask("DeleteProjectVersion, once more", IN_USE, **one)
        self.watch("The deletion", lambda: self._statuses(arn).get(by_hand), "DELETING, gone")
        self.record["Deletion: seconds"] = f"{time.monotonic() - started:.1f}"
        self.ask("DeleteProjectVersion, gone", NOT_FOUND, **one)

    def _end(self, arn: str) -> None:
        """A dataset, and the end of the project."""
        created = self.ask("CreateDataset", "200 DatasetArn", ProjectArn=arn, DatasetType="TRAIN")
        if created:

            def status() -> str | None:
                return next((each["Status"] for each in self._project().get("Datasets", ())), None)

            self.watch("The new dataset", status, "CREATE_IN_PROGRESS, CREATE_COMPLETE")
            self.ask("DeleteProject, with a dataset", IN_USE, ProjectArn=arn)
            self.ask("DeleteDataset", "200", DatasetArn=created["DatasetArn"])
            self.watch("The deleted dataset", status, "DELETE_IN_PROGRESS, gone")
        self.ask("DeleteProject", "200 Status DELETING", ProjectArn=arn)
        self.watch("The deleted project", lambda: self._project().get("Status"), "DELETING, gone")
        self.ask("DescribeProjectVersions, gone project", NOT_FOUND, ProjectArn=arn)

    def ask(self, step: str, believed: str, **parameters: Any) -> dict[str, Any] | None:
        """Make a request; None if it was refused.

        A step is the name of an operation, and behind a comma what is special about it.
        """
        try:
            operation = getattr(self.client, xform_name(step.partition(",")[0]))
            answer: dict[str, Any] = operation(**parameters)
        except ClientError as error:
            refusal, status = error.response["Error"], error.response["ResponseMetadata"]
            self.record[f"{step}: message"] = refusal.get("Message", "")
            self._note(step, f"{status['HTTPStatusCode']} {refusal['Code']}", believed)
            return None
        members = ", ".join(sorted(answer.keys() - {"ResponseMetadata"}))
        found = f"{answer['ResponseMetadata']['HTTPStatusCode']} {members}".strip()
        self._note(step, found.replace(" Status", f" Status {answer.get('Status')}"), believed)
        return answer

    def watch(self, step: str, poll: Callable[[], str | None], believed: str) -> None:
        """Note the order of statuses until the last one that is believed is there."""
        started, seen = time.monotonic(), [poll() or "gone"]
        while seen[-1] != believed.split(", ")[-1] and time.monotonic() - started < PATIENCE:
            time.sleep(self.pause)
            status = poll() or "gone"
            if status != seen[-1]:
                seen.append(status)
            if status == "gone":
                break
        self._note(f"{step}: order of statuses", ", ".join(seen), believed)

    def command(self, step: str, believed: str, *args: str) -> None:
        """Run the command to its end."""
        self.finish(step, believed, self.start(*args))

    def start(self, *args: str) -> Running:
        """Start the command, with the credentials of boto3's session."""
        credentials = self.session.get_credentials()
        assert credentials
        frozen = credentials.get_frozen_credentials()
        env: dict[str, str | None] = {
            **{name: os.environ[name] for name in NETWORK if name in os.environ},
            "AWS_ACCESS_KEY_ID": frozen.access_key,
            "AWS_SECRET_ACCESS_KEY": frozen.secret_key,
            "AWS_SESSION_TOKEN": frozen.token,
            "AWS_DEFAULT_REGION": self.session.region_name,
        }
        command = ("rekognition", "delete-model-and-wait", *args, "--output", "json")
        return self.aws.start(*command, env=env, timeout=PATIENCE)

    def finish(self, step: str, believed: str, running: Running) -> None:
        """Note what came of the command: exit status, error code and document."""
        result = running.finish()
        code = re.search(r"An error occurred \((\w+)\)", result.stderr)
        found = f"{result.returncode} {code[1]}" if code else str(result.returncode)
        if result.stdout.strip():
            entries = json.loads(result.stdout)["ProjectVersions"]
            found += f", {' '.join(entry['Status'] for entry in entries) or '[]'}"
        self._note(step, found, believed)
        self.record[f"{step}: standard error"] = result.stderr.strip()

    def clean_up(self) -> None:
        """Delete the project with all that is in it, and wait until it is gone.

        A training can't be stopped: it is waited for. A project that was only just created may not
        be listed yet, so it counts as gone after three polls without it.
        """
        self.aws.close()
        without = 0
        while without < 3:
            project = self._project()
            without = 0 if project else without + 1
            if project:
                arn = project["ProjectArn"]
                for version in self._statuses(arn):
                    self._try("delete_project_version", ProjectVersionArn=version)
                for dataset in project.get("Datasets", ()):
                    self._try("delete_dataset", DatasetArn=dataset["DatasetArn"])
                self._try("delete_project", ProjectArn=arn)
            time.sleep(self.pause)

    def _try(self, operation: str, **parameters: str) -> None:
        try:
            getattr(self.client, operation)(**parameters)
        except ClientError as error:  # what can't be deleted now, or is gone meanwhile
            if f"400 {error.response['Error']['Code']}" not in (NOT_FOUND, IN_USE):
                raise

    def _project(self) -> dict[str, Any]:
        """The project as DescribeProjects lists it, empty if it doesn't."""
        try:
            found = self.client.describe_projects(ProjectNames=[self.name])["ProjectDescriptions"]
        except self.client.exceptions.ResourceNotFoundException:  # not documented for it
            return {}
        return next(iter(found), {})

    def _statuses(self, arn: str) -> dict[str, str]:
        try:
            answer = self.client.describe_project_versions(ProjectArn=arn)
        except self.client.exceptions.ResourceNotFoundException:
            return {}
        found = answer["ProjectVersionDescriptions"]
        return {version["ProjectVersionArn"]: version["Status"] for version in found}

    def _note(self, name: str, found: str, believed: str) -> None:
        self.rows.append((name, found, believed))
