"""One side of the comparison: the service or the simulator, asked by boto3 and by the command."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.hosts.installs import Host
from tests.hosts.shell import Aws, Running

#: The longest wait for a status, or for the command (seconds).
PATIENCE = 3600

#: What a network behind a proxy needs. Nothing else of the environment reaches the command.
_NETWORK = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "AWS_CA_BUNDLE")


class Side:
    """Asks, and notes down ``facts``, which are compared, and ``record``, which is only shown."""

    #: Profiles with credentials that are refused, by kind: ``denied``, ``expired``.
    profiles: Mapping[str, str] = {}

    def __init__(
        self, session: boto3.Session, host: Host, home: Path, endpoint_url: str | None, pause: float
    ):
        self.facts: dict[str, str] = {}
        self.record: dict[str, str] = {}
        #: Between two polls (seconds).
        self.pause = pause
        self.session = session
        home.mkdir()
        self.aws = Aws(host, home, endpoint_url)
        self._endpoint_url = endpoint_url
        self.client = self._client()
        self._raw: tuple[int, bytes] = (0, b"")

    def ask(self, step: str, **parameters: Any) -> dict[str, Any] | None:
        """Make a request and note its answer; None if it was refused.

        A step is the name of an operation, and behind a comma what is special about it.
        """
        answer: dict[str, Any] | None = None
        try:
            answer = getattr(self.client, xform_name(step.partition(",")[0]))(**parameters)
        except ClientError as error:
            self.record[f"{step}: message"] = error.response["Error"].get("Message", "")
        except BotoCoreError as error:
            self.facts[step] = f"no answer: {type(error).__name__}"
            return None
        status, body = self._raw
        self.facts[step] = _described(status, json.loads(body))
        return answer

    def watch(self, step: str, poll: Callable[[], str | None], *over: str | None) -> None:
        """Note the order of statuses until one of these is there, None being gone."""
        started = time.monotonic()
        seen = [poll()]
        while seen[-1] not in over and time.monotonic() - started < PATIENCE:
            time.sleep(self.pause)
            status = poll()
            if status != seen[-1]:
                seen.append(status)
        self.facts[f"{step}: order of statuses"] = ", ".join(each or "gone" for each in seen)

    def command(self, step: str, *args: str) -> None:
        """Run the command to its end, and note what came of it."""
        self.finish(step, self.start(*args))

    def start(self, *args: str) -> Running:
        """Start the command, with the credentials of boto3's session."""
        credentials = self.session.get_credentials()
        assert credentials
        frozen = credentials.get_frozen_credentials()
        env: dict[str, str | None] = {
            **{name: os.environ[name] for name in _NETWORK if name in os.environ},
            "AWS_ACCESS_KEY_ID": frozen.access_key,
            "AWS_SECRET_ACCESS_KEY": frozen.secret_key,
            "AWS_SESSION_TOKEN": frozen.token,
            "AWS_DEFAULT_REGION": self.session.region_name,
        }
        command = ("rekognition", "delete-model-and-wait", *args, "--output", "json")
        return self.aws.start(*command, env=env, timeout=PATIENCE)

    def finish(self, step: str, running: Running) -> None:
        """Note what came of the command: exit status, error code and document."""
        result = running.finish()
        code = re.search(r"An error occurred \((\w+)\)", result.stderr)
        parts = [f"exit status {result.returncode}", *(code.groups() if code else ())]
        if result.stdout.strip():
            document = json.loads(result.stdout)["ProjectVersions"]
            parts.append("; ".join(_entry(each) for each in document) or "[]")
        self.facts[step] = ", ".join(parts)
        self.record[f"{step}: standard error"] = result.stderr.strip()

    @contextmanager
    def refused(self, kind: str) -> Iterator[None]:
        """Have requests refused, as those of a profile whose credentials are of this kind."""
        own = self.session, self.client
        self.session = boto3.Session(
            profile_name=self.profiles[kind], region_name=self.session.region_name
        )
        self.client = self._client()
        try:
            yield
        finally:
            self.session, self.client = own

    def _client(self) -> Any:
        client: Any = self.session.client(
            "rekognition",
            endpoint_url=self._endpoint_url,
            config=Config(retries={"mode": "standard", "total_max_attempts": 6}),
        )
        client.meta.events.register("after-call.rekognition", self._keep)
        return client

    def _keep(self, http_response: Any, **_: Any) -> None:
        self._raw = http_response.status_code, http_response.content


def _described(status: int, body: Mapping[str, Any]) -> str:
    """An answer without what differs from one request to the next."""
    code = str(body.get("__type", "")).rpartition("#")[2]
    members = [_member(name, body[name]) for name in sorted(body) if name != "NextToken"]
    parts = [f"HTTP {status} {code}".strip(), f"members {', '.join(members) or 'none'}"]
    if status < 300 and isinstance(body.get("Status"), str):
        parts.append(f"Status {body['Status']}")
    return "; ".join(parts)


def _member(name: str, value: Any) -> str:
    if not isinstance(value, list):
        return name
    inner = sorted({key for entry in value if isinstance(entry, dict) for key in entry})
    return f"{name}[{len(value)}]" + (f" of {{{', '.join(inner)}}}" if inner else "")


def _entry(entry: Mapping[str, Any]) -> str:
    """An entry of the command's document: its messages are the service's, in part."""
    named = [f"{key} {entry[key]}" for key in ("Status", "Action") if key in entry]
    return ", ".join([*named, *(["StatusMessage"] if "StatusMessage" in entry else [])])
