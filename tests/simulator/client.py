"""Runs the simulator, as a process of its own, and talks to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Union
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

#: A version name, or a version as `control.seed` describes it.
Version = Union[str, Mapping[str, Any]]


class SeededProject(NamedTuple):
    """ARNs of a project and of its versions, in the order in which they were given."""

    arn: str
    versions: list[str]


class Simulator:
    """A simulator process, which ends with this one. Use as a context manager, or call `close`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.simulator", "--parent", str(os.getpid())],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a signal to the test's process group is not for it
        )
        assert self._process.stdout
        #: For ``endpoint_url``, ``--endpoint-url`` and the like.
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError(f"the simulator ended with {self._process.wait()}")
        self._opener = build_opener(ProxyHandler({}))

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()

    def seed(
        self,
        projects: Mapping[str, Iterable[Version]],
        region: str = "us-east-1",
        feature: str | None = "CUSTOM_LABELS",
        account: str = "123456789012",
        datasets: Iterable[str] = (),
    ) -> dict[str, SeededProject]:
        """Have projects (by name) with versions, each with datasets ("TRAIN", "TEST")."""
        spec = [
            {
                "ProjectName": name,
                "Feature": feature,
                "Datasets": list(datasets),
                "Versions": [{"VersionName": v} if isinstance(v, str) else v for v in versions],
            }
            for name, versions in projects.items()
        ]
        answer = self._call("seed", {"Region": region, "Account": account, "Projects": spec})
        return {
            name: SeededProject(project["ProjectArn"], project["ProjectVersionArns"])
            for name, project in zip(projects, answer["Projects"])
        }

    def transition(
        self, status: str, seconds: float | None = None, looks: int | None = None
    ) -> None:
        """How a status ends: after a time, or so many looks, else at once."""
        self._call("transition", {"Status": status, "Seconds": seconds, "Looks": looks})

    def rule(self, operation: str, effect: Mapping[str, Any], **conditions: Any) -> None:
        """Disturb requests; effect and conditions (``Skip=2``) are those of `rules`."""
        self._call("rule", {"Operation": operation, "Effect": effect, **conditions})

    def quota(self, requests_per_second: float | None) -> None:
        """Turn away what exceeds this rate for an operation, account and region; None: nothing."""
        self._call("quota", requests_per_second)

    def credentials(self, **accounts: str) -> None:
        """Have requests that are signed with an access key (20 characters) be of that account."""
        self._call("credentials", accounts)

    def requests(self, operation: str | None = None) -> list[dict[str, Any]]:
        """The log of the requests (of one operation), see `server`."""
        entries: list[dict[str, Any]] = self._call("requests")
        return [entry for entry in entries if operation in (None, entry["Operation"])]

    def versions(self, project_arn: str) -> dict[str, str]:
        """Status by version ARN, newest first; empty for an unknown project. Not a look."""
        versions: dict[str, str] = self._call("versions", project_arn)
        return versions

    def reset(self) -> None:
        """Forget everything that was seeded, set or logged."""
        self._call("reset")

    def _call(self, route: str, value: Any = None) -> Any:
        body = json.dumps(value).encode()
        request = Request(f"{self.url}/simulator/{route}", body)
        try:
            with self._opener.open(request, timeout=60) as response:
                return json.load(response)
        except HTTPError as error:
            with error:
                raise ValueError(error.read().decode()) from None
