"""The simulator, asked by boto3 and by hand through its server process."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.simulator.client import SeededProject, Simulator

ACCOUNT = "123456789012"
BUSY = [
    "RUNNING",
    "STARTING",
    "STOPPING",
    "TRAINING_IN_PROGRESS",
    "COPYING_IN_PROGRESS",
    "DELETING",
]
OUTPUT = {"S3Bucket": "bucket", "S3KeyPrefix": "prefix"}


@pytest.fixture
def sim(simulator: Simulator) -> Simulator:
    return simulator


@pytest.fixture
def aws(sim: Simulator) -> Any:
    return client(sim)


def client(sim: Simulator, region: str = "us-east-1", **config: Any) -> Any:
    """A client that does not retry."""
    return boto3.client(
        "rekognition",
        endpoint_url=sim.url,
        region_name=region,
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}, **config),
    )


def seed_one(sim: Simulator, **version: Any) -> tuple[str, str]:
    """A project with one version: their ARNs."""
    project = sim.seed({"p": [{"VersionName": "v", **version}]})["p"]
    return project.arn, project.versions[0]


def statuses(aws: Any, project_arn: str, **parameters: Any) -> dict[str, str]:
    answer = aws.describe_project_versions(ProjectArn=project_arn, **parameters)
    return {
        version["ProjectVersionArn"]: version["Status"]
        for version in answer["ProjectVersionDescriptions"]
    }


def raw(sim: Simulator, operation: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    """A request as no SDK would send it: neither checked nor signed."""
    connection = http.client.HTTPConnection(urlsplit(sim.url).netloc)
    headers["X-Amz-Target"] = f"RekognitionService.{operation}"
    headers["Content-Type"] = "application/x-amz-json-1.1"
    data = body if isinstance(body, str) else json.dumps(body)
    connection.request("POST", "/", data, headers)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer


@contextmanager
def raises(code: str, status: int = 400) -> Iterator[None]:
    with pytest.raises(ClientError) as info:
        yield
    response = info.value.response
    assert response["Error"]["Code"] == code
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_life_of_a_model(aws: Any) -> None:
    project = aws.create_project(ProjectName="p")["ProjectArn"]
    with raises("ResourceInUseException"):
        aws.create_project(ProjectName="p")
    version = aws.create_project_version(
        ProjectArn=project, VersionName="v", OutputConfig=OUTPUT, VersionDescription="mine"
    )["ProjectVersionArn"]
    with raises("ResourceInUseException"):
        aws.create_project_version(ProjectArn=project, VersionName="v", OutputConfig=OUTPUT)
    assert statuses(aws, project) == {version: "TRAINING_COMPLETED"}
    with raises("ResourceInUseException"):
        aws.stop_project_version(ProjectVersionArn=version)
    started = aws.start_project_version(ProjectVersionArn=version, MinInferenceUnits=2)
    assert started["Status"] == "STARTING"
    described = aws.describe_project_versions(ProjectArn=project)["ProjectVersionDescriptions"][0]
    assert described["Status"] == "RUNNING"
    assert described["MinInferenceUnits"] == 2
    assert described["OutputConfig"] == OUTPUT
    assert described["VersionDescription"] == "mine"
    assert aws.stop_project_version(ProjectVersionArn=version)["Status"] == "STOPPING"
    assert statuses(aws, project) == {version: "STOPPED"}
    with raises("ResourceInUseException"):
        aws.delete_project(ProjectArn=project)
    assert aws.delete_project_version(ProjectVersionArn=version)["Status"] == "DELETING"
    assert statuses(aws, project) == {}
    with raises("ResourceNotFoundException"):
        aws.delete_project_version(ProjectVersionArn=version)
    assert aws.delete_project(ProjectArn=project)["Status"] == "DELETING"
    with raises("ResourceNotFoundException"):
        aws.describe_project_versions(ProjectArn=project)


def test_projects_are_listed_by_feature(sim: Simulator, aws: Any) -> None:
    models = sim.seed({"a": [], "b": []})
    adapters = sim.seed({"c": ["v"]}, feature="CONTENT_MODERATION")

    def listed(**parameters: Any) -> list[str]:
        answer = aws.describe_projects(**parameters)["ProjectDescriptions"]
        return [project["ProjectArn"] for project in answer]

    both = ["CUSTOM_LABELS", "CONTENT_MODERATION"]
    assert listed() == [models["b"].arn, models["a"].arn]
    assert listed(Features=both)[0] == adapters["c"].arn
    assert listed(ProjectNames=["a", "c", "nonesuch"]) == [models["a"].arn]
    assert listed(ProjectNames=["c"], Features=["CONTENT_MODERATION"]) == [adapters["c"].arn]
    pages = aws.get_paginator("describe_projects").paginate(
        Features=both, PaginationConfig={"PageSize": 2}
    )
    assert [len(page["ProjectDescriptions"]) for page in pages] == [2, 1]
    with raises("InvalidParameterException"):
        aws.start_project_version(ProjectVersionArn=adapters["c"].versions[0], MinInferenceUnits=1)


def test_listing_is_paged_by_position_newest_first(sim: Simulator, aws: Any) -> None:
    arn, versions = sim.seed({"p": [f"v{number}" for number in range(250)]})["p"]
    newest_first = versions[::-1]
    pages = aws.get_paginator("describe_project_versions").paginate(ProjectArn=arn)
    listed = [
        [v["ProjectVersionArn"] for v in page["ProjectVersionDescriptions"]] for page in pages
    ]
    assert [len(page) for page in listed] == [100, 100, 50]
    assert [version for page in listed for version in page] == newest_first
    first = aws.describe_project_versions(ProjectArn=arn, MaxResults=10)
    sim.act({"Delete": newest_first[3]})
    second = statuses(aws, arn, MaxResults=10, NextToken=first["NextToken"])
    assert list(second) == newest_first[11:21]
    assert len({version.rpartition("/")[2] for version in [arn, *versions]}) == 251
    created = [v["CreationTimestamp"] for v in first["ProjectVersionDescriptions"]]
    assert created == sorted(set(created), reverse=True)


def test_versions_are_filtered_by_name(sim: Simulator, aws: Any) -> None:
    project = sim.seed({"p": ["a", "b", "c"]})["p"]
    a, _, c = project.versions
    assert list(statuses(aws, project.arn, VersionNames=["a", "c", "nonesuch"])) == [c, a]


@pytest.mark.parametrize("token", ["garbage", "cG9zaXRpb246LTE=", "cG9zaXRpb246eA==", "8J+Y"])
def test_a_garbage_token_is_refused(sim: Simulator, aws: Any, token: str) -> None:
    arn, _ = seed_one(sim)
    with raises("InvalidPaginationTokenException"):
        aws.describe_project_versions(ProjectArn=arn, NextToken=token)


@pytest.mark.parametrize("status", BUSY)
def test_a_busy_model_is_not_deleted(sim: Simulator, aws: Any, status: str) -> None:
    if status != "RUNNING":
        sim.transition(status, seconds=60)
    arn, version = seed_one(sim, Status=status)
    with raises("ResourceInUseException"):
        aws.delete_project_version(ProjectVersionArn=version)
    assert sim.versions(arn) == {version: status}


@pytest.mark.parametrize("status", ["TRAINING_FAILED", "FAILED", "EXPIRED", "A_NEW_STATUS"])
def test_any_other_model_is_deleted(sim: Simulator, aws: Any, status: str) -> None:
    arn, version = seed_one(sim, Status=status, StatusMessage="so it is")
    described = aws.describe_project_versions(ProjectArn=arn)["ProjectVersionDescriptions"][0]
    assert (described["Status"], described["StatusMessage"]) == (status, "so it is")
    aws.delete_project_version(ProjectVersionArn=version)
    assert sim.versions(arn) == {}


@pytest.mark.parametrize(
    ("operation", "body", "member"),
    [
        ("DescribeProjectVersions", {}, "projectArn"),
        ("DescribeProjectVersions", {"ProjectArn": "arn:nonsense:that:is:long"}, "projectArn"),
        ("DescribeProjects", {"MaxResults": 0}, "maxResults"),
        ("DescribeProjects", {"MaxResults": 101}, "maxResults"),
        ("DescribeProjects", {"MaxResults": "1"}, "maxResults"),
        ("DescribeProjects", {"MaxResults": True}, "maxResults"),
        ("DescribeProjects", {"ProjectNames": []}, "projectNames"),
        ("DescribeProjects", {"ProjectNames": ["a/b"]}, "projectNames.1.member"),
        ("DescribeProjects", {"Features": ["OTHER"]}, "features.1.member"),
        ("DescribeProjects", {"Unheard": "of"}, "unheard"),
        ("CreateProject", {"ProjectName": "n" * 256}, "projectName"),
        ("CreateProject", {"ProjectName": "n", "Tags": {"key": 1}}, "tags.key"),
    ],
)
def test_parameters_are_checked(
    sim: Simulator, operation: str, body: dict[str, Any], member: str
) -> None:
    status, answer = raw(sim, operation, body)
    assert (status, answer["__type"]) == (400, "InvalidParameterException")
    assert f"at '{member}'" in answer["Message"]


def test_a_body_that_is_no_json_is_refused(sim: Simulator) -> None:
    assert raw(sim, "DescribeProjects", "[")[1]["__type"] == "SerializationException"
    assert raw(sim, "DescribeProjects", "[]")[1]["__type"] == "SerializationException"


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-west-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("mx-central-1", "aws"),
    ],
)
def test_regions_are_apart(sim: Simulator, aws: Any, region: str, partition: str) -> None:
    project = sim.seed({"p": ["v"]}, region=region)["p"]
    assert project.arn.startswith(f"arn:{partition}:rekognition:{region}:{ACCOUNT}:project/p/")
    there = client(sim, region)
    assert statuses(there, project.arn) == {project.versions[0]: "TRAINING_COMPLETED"}
    with raises("ResourceNotFoundException"):
        aws.describe_project_versions(ProjectArn=project.arn)
    assert [entry["Region"] for entry in sim.requests()] == [region, "us-east-1"]


def test_another_account_is_not_found(sim: Simulator, aws: Any) -> None:
    project = sim.seed({"p": ["v"]}, account="999999999999")["p"]
    with raises("ResourceNotFoundException"):
        aws.delete_project_version(ProjectVersionArn=project.versions[0])


def test_unsigned_requests_are_served(sim: Simulator) -> None:
    arn, version = seed_one(sim)
    assert statuses(client(sim, signature_version=UNSIGNED), arn) == {version: "TRAINING_COMPLETED"}
    sim.seed({"q": []}, region="eu-west-1")
    _, answer = raw(sim, "DescribeProjects", {}, Host="rekognition.eu-west-1.amazonaws.com")
    assert len(answer["ProjectDescriptions"]) == 1
    logged = [(entry["Region"], entry["Authorization"]) for entry in sim.requests()]
    assert logged == [("us-east-1", False), ("eu-west-1", False)]


@pytest.mark.parametrize(
    ("status", "end"),
    [
        ("TRAINING_IN_PROGRESS", "TRAINING_COMPLETED"),
        ("COPYING_IN_PROGRESS", "COPYING_COMPLETED"),
        ("STARTING", "RUNNING"),
        ("STOPPING", "STOPPED"),
        ("DELETING", None),
    ],
)
def test_transitions(sim: Simulator, aws: Any, status: str, end: str | None) -> None:
    def left(version: str) -> dict[str, str]:
        return {version: end} if end else {}

    arn, version = seed_one(sim, Status=status)  # immediately
    assert statuses(aws, arn) == left(version)
    sim.act({"DeleteProject": arn})

    sim.transition(status, looks=2)
    arn, version = seed_one(sim, Status=status)
    assert statuses(aws, arn) == statuses(aws, arn) == {version: status}
    assert statuses(aws, arn) == left(version)
    sim.act({"DeleteProject": arn})

    sim.transition(status, seconds=60)
    arn, version = seed_one(sim, Status=status)
    assert statuses(aws, arn) == {version: status}
    sim.transition(status, seconds=0.05)
    time.sleep(0.06)
    assert statuses(aws, arn) == left(version)


def test_the_clock_starts_with_the_request(sim: Simulator, aws: Any) -> None:
    sim.transition("STOPPING", looks=1)
    sim.transition("DELETING", seconds=0.2)
    arn, version = seed_one(sim, Status="RUNNING")
    aws.stop_project_version(ProjectVersionArn=version)
    time.sleep(0.25)
    assert statuses(aws, arn) == {version: "STOPPING"}
    before = time.time()
    aws.delete_project_version(ProjectVersionArn=version)
    after = time.time()
    due = sim.gone()[version]
    assert before + 0.2 <= due <= after + 0.2
    time.sleep(max(0, due - time.time()) + 0.01)
    assert statuses(aws, arn) == {}
    assert sim.gone() == {version: due}


def test_each_of_a_thousand_versions_goes_by_its_own_time(sim: Simulator, aws: Any) -> None:
    seconds = [number % 4 * 1000 + number / 1000 for number in range(1000)]
    before = time.time()
    project = sim.seed(
        {
            "p": [
                {"VersionName": f"v{number}", "Status": "DELETING", "DeletingSeconds": each}
                for number, each in enumerate(seconds)
            ]
        }
    )["p"]
    after = time.time()
    time.sleep(1)
    pages = aws.get_paginator("describe_project_versions").paginate(ProjectArn=project.arn)
    listed = [v["ProjectVersionArn"] for page in pages for v in page["ProjectVersionDescriptions"]]
    assert listed == [v for v, each in zip(project.versions, seconds) if each >= 1][::-1]
    gone = sim.gone()
    for version, each in zip(project.versions, seconds):
        assert before <= gone[version] - each <= after


def test_a_deletion_may_fail(sim: Simulator, aws: Any) -> None:
    sim.transition("DELETING", looks=1)
    failure = {"To": "TRAINING_COMPLETED", "StatusMessage": "it would not"}
    arn, version = seed_one(sim, FailDeletion=failure)
    aws.delete_project_version(ProjectVersionArn=version)
    assert statuses(aws, arn) == {version: "DELETING"}
    assert sim.gone() == {}
    described = aws.describe_project_versions(ProjectArn=arn)["ProjectVersionDescriptions"][0]
    assert described["Status"] == "TRAINING_COMPLETED"
    assert described["StatusMessage"] == "it would not"


def test_creation_times_may_be_given(sim: Simulator, aws: Any) -> None:
    versions = [
        {"VersionName": name, "CreationTimestamp": created}
        for name, created in [("a", 1600000000), ("b", 1500000000.25), ("c", 1600000000)]
    ]
    a, b, c = sim.seed({"p": versions})["p"].versions
    assert b.endswith("/version/b/1500000000250")
    project = sim.seed({"p": ["d"]})["p"]
    assert list(statuses(aws, project.arn)) == [*project.versions, c, a, b]


def test_the_listing_may_lag(sim: Simulator, aws: Any) -> None:
    sim.lag(60)
    project = sim.seed({"p": ["a", {"VersionName": "b", "Status": "RUNNING"}, "c"]})["p"]
    a, b, c = project.versions
    aws.delete_project_version(ProjectVersionArn=a)
    aws.stop_project_version(ProjectVersionArn=b)
    sim.lag(0.2)
    aws.delete_project_version(ProjectVersionArn=c)
    due = sim.gone()
    assert due[a] - time.time() > 50
    time.sleep(max(0, due[c] - time.time()) + 0.01)
    assert statuses(aws, project.arn) == {a: "TRAINING_COMPLETED", b: "RUNNING"}
    with raises("ResourceNotFoundException"):
        aws.delete_project_version(ProjectVersionArn=a)
    assert sim.gone() == due


def test_errors_by_rule(sim: Simulator, aws: Any) -> None:
    arn, version = seed_one(sim)
    sim.rule("DeleteProjectVersion", {"Error": "ThrottlingException"}, Skip=1, Times=2)
    sim.rule("*", {"Error": "ExpiredTokenException", "Message": "expired", "HttpStatus": 403})
    with raises("ExpiredTokenException", 403):
        aws.delete_project_version(ProjectVersionArn=version)
    for _ in range(2):
        with raises("ThrottlingException", 500):
            aws.delete_project_version(ProjectVersionArn=version)
    sim.rule("DescribeProjectVersions", {"Error": "ServiceUnavailable"}, Times=None)
    for _ in range(3):
        with raises("ServiceUnavailable", 503):
            statuses(aws, arn)
    sim.clear_rules()
    assert statuses(aws, arn) == {version: "TRAINING_COMPLETED"}


def test_a_rule_for_one_version(sim: Simulator, aws: Any) -> None:
    project = sim.seed({"p": ["a", "b"], "q": ["a"]})
    p, q = project["p"], project["q"]
    effect = {"Error": "AccessDeniedException"}
    sim.rule("*", effect, ProjectVersionArn=p.versions[0], Times=None)
    statuses(aws, p.arn)
    statuses(aws, p.arn, VersionNames=["b"])
    statuses(aws, q.arn, VersionNames=["a"])
    aws.delete_project_version(ProjectVersionArn=p.versions[1])
    with raises("AccessDeniedException"):
        statuses(aws, p.arn, VersionNames=["b", "a"])
    with raises("AccessDeniedException"):
        aws.delete_project_version(ProjectVersionArn=p.versions[0])


def test_probability_is_reproducible(sim: Simulator, aws: Any) -> None:
    def draw() -> list[int]:
        sim.reset()
        sim.rule("*", {"Page": 502}, Times=None, Probability=0.5, Seed=7)
        for _ in range(20):
            with suppress(ClientError):
                aws.describe_projects()
        return [entry["HttpStatus"] for entry in sim.requests()]

    first = draw()
    assert set(first) == {200, 502}
    assert draw() == first


def test_a_bare_page(sim: Simulator, aws: Any) -> None:
    sim.rule("DescribeProjects", {"Page": 503})
    with raises("503", 503):
        aws.describe_projects()


@pytest.mark.parametrize(
    ("effect", "acted"),
    [({"Drop": "before"}, False), ({"Drop": "after"}, True), ({"Hang": 0.1}, False)],
)
def test_dropped_connections(sim: Simulator, aws: Any, effect: dict[str, Any], acted: bool) -> None:
    sim.transition("DELETING", seconds=60)
    arn, version = seed_one(sim)
    statuses(aws, arn)  # so that the connection is one that is in use already
    sim.rule("DeleteProjectVersion", effect)
    with pytest.raises(ConnectionClosedError):
        aws.delete_project_version(ProjectVersionArn=version)
    assert sim.versions(arn) == {version: "DELETING" if acted else "TRAINING_COMPLETED"}
    entry = sim.requests("DeleteProjectVersion")[0]
    assert entry["HttpStatus"] is None
    assert entry["Parameters"] == {"ProjectVersionArn": version}


def test_a_garbage_answer(sim: Simulator, aws: Any) -> None:
    arn, version = seed_one(sim)
    sim.rule("DeleteProjectVersion", {"Garbage": True})
    # botocore does not mind: to it, a body that can't be parsed is an answer without members.
    assert "Status" not in aws.delete_project_version(ProjectVersionArn=version)
    sim.rule("DeleteProjectVersion", {"Garbage": "\xff"})
    with pytest.raises(UnicodeDecodeError):
        aws.delete_project_version(ProjectVersionArn=version)
    assert sim.versions(arn) == {version: "TRAINING_COMPLETED"}


def test_versions_left_out_of_an_answer(sim: Simulator, aws: Any) -> None:
    project = sim.seed({"p": ["a", "b"]})["p"]
    a, b = project.versions
    sim.rule("DescribeProjectVersions", {"Omit": [b], "After": [{"Delete": a}]})
    assert list(statuses(aws, project.arn)) == [a]
    assert list(statuses(aws, project.arn)) == [b]


def test_meddling(sim: Simulator, aws: Any) -> None:
    project = sim.seed({"p": ["a", "b"]})["p"]
    a, b = project.versions

    def before(*actions: dict[str, Any]) -> dict[str, str]:
        sim.rule("DescribeProjectVersions", {"Before": actions})
        return statuses(aws, project.arn)

    assert before({"Status": a, "To": "RUNNING"}) == {b: "TRAINING_COMPLETED", a: "RUNNING"}
    assert list(before({"Delete": a})) == [b]
    assert a in sim.gone()
    again, *old = before({"Recreate": b})
    assert old == [b]
    assert again != b
    assert again.split("/")[:4] == b.split("/")[:4]
    with raises("ResourceNotFoundException"):
        before({"DeleteProject": project.arn})
    assert set(sim.gone()) == {a, b, again}
    assert sim.versions(project.arn) == {}

    project = sim.seed({"p": ["a"]})["p"]
    fail = {"FailDeletion": project.versions[0], "To": "FAILED", "StatusMessage": "no"}
    sim.rule("DeleteProjectVersion", {"After": [fail]})
    sim.transition("DELETING", looks=0)
    aws.delete_project_version(ProjectVersionArn=project.versions[0])
    assert sim.versions(project.arn) == {project.versions[0]: "FAILED"}


def test_a_wrong_rule_is_refused(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="no Sometimes"):
        sim.rule("*", {"Page": 503}, Sometimes=True)
    with pytest.raises(ValueError, match="no Explode"):
        sim.rule("*", {"Explode": True})
    _, version = seed_one(sim)
    with pytest.raises(ValueError, match="no such action"):
        sim.act({"Bless": version})


def test_the_quota_is_each_operation_s_own(sim: Simulator, aws: Any) -> None:
    arn, _ = seed_one(sim)
    sim.quota(0.01)
    aws.describe_projects()
    statuses(aws, arn)
    with raises("ProvisionedThroughputExceededException"):
        aws.describe_projects()
    sim.quota(50)
    sent = time.time()
    outcomes: list[int] = []
    while len(outcomes) < 200:
        outcomes.append(raw(sim, "DescribeProjects", {})[0])
    allowed = 50 + 50 * (time.time() - sent)
    assert 50 <= outcomes.count(200) <= allowed + 1
    sim.quota(None)
    aws.describe_projects()


def test_the_log(sim: Simulator) -> None:
    before = time.time()
    aws = client(sim, user_agent_extra="extra/1")
    with raises("ResourceNotFoundException"):
        aws.describe_project_versions(
            ProjectArn=f"arn:aws:rekognition:us-east-1:{ACCOUNT}:project/p/1", MaxResults=7
        )
    aws.describe_projects()
    describe, _ = sim.requests()
    assert describe["Operation"] == "DescribeProjectVersions"
    assert describe["Parameters"]["MaxResults"] == 7
    assert (describe["HttpStatus"], describe["Error"]) == (400, "ResourceNotFoundException")
    assert "extra/1" in describe["UserAgent"]
    assert describe["Authorization"] is True
    assert before <= describe["Time"] <= time.time()
    ok = {"HttpStatus": 200, "Error": None}
    assert ok.items() <= sim.requests("DescribeProjects")[0].items()
    sim.clear_requests()
    assert sim.requests() == []


def test_asking_the_simulator_is_no_look(sim: Simulator, aws: Any) -> None:
    sim.transition("DELETING", looks=1)
    arn, version = seed_one(sim, Status="DELETING")
    for _ in range(3):
        assert sim.versions(arn) == {version: "DELETING"}
    assert statuses(aws, arn) == {version: "DELETING"}
    assert sim.versions(arn) == {}
    assert len(sim.requests()) == 1


def test_reset(sim: Simulator, aws: Any) -> None:
    sim.transition("DELETING", seconds=60)
    sim.lag(60)
    sim.rule("*", {"Page": 503}, Times=None)
    sim.quota(0.01)
    seed_one(sim, Status="DELETING")
    sim.reset()
    assert sim.requests() == []
    assert sim.gone() == {}
    arn, version = seed_one(sim)
    aws.delete_project_version(ProjectVersionArn=version)
    assert statuses(aws, arn) == statuses(aws, arn) == {}


def test_many_clients_at_once(sim: Simulator) -> None:
    sim.transition("DELETING", seconds=60)
    project: SeededProject = sim.seed({"p": [f"v{number}" for number in range(80)]})["p"]
    aws = client(sim, max_pool_connections=8)

    def delete(version: str) -> str:
        return str(aws.delete_project_version(ProjectVersionArn=version)["Status"])

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(delete, project.versions)) == {"DELETING"}
    assert set(sim.versions(project.arn).values()) == {"DELETING"}
    assert len(sim.requests("DeleteProjectVersion")) == 80


def test_connections_are_kept_alive(sim: Simulator) -> None:
    connection = http.client.HTTPConnection(urlsplit(sim.url).netloc)
    connection.connect()
    socket = connection.sock
    for _ in range(3):
        connection.request("GET", "/simulator/gone")
        assert connection.getresponse().read() == b"{}"
    assert connection.sock is socket
    connection.close()


def test_it_ends_when_told() -> None:
    with Simulator() as simulator:
        process = simulator._process
    assert process.returncode == 0


def test_it_ends_with_its_parent() -> None:
    script = (
        "import os; from tests.simulator.client import Simulator;"
        "print(Simulator().url, flush=True); os._exit(1)"
    )
    root = Path(__file__).resolve().parents[2]
    orphaned = subprocess.run(
        [sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE, text=True, check=False
    )
    address = urlsplit(orphaned.stdout.strip()).netloc
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection(address, timeout=5)
            connection.connect()
            connection.close()
        except ConnectionRefusedError:
            return
        time.sleep(0.1)
    pytest.fail("the simulator outlived its parent")
