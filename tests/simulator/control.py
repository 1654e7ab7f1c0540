"""The routes under ``/simulator/`` by which a test sets the simulator up and questions it.

Each takes a JSON value by POST and answers with one; none is logged, or counted as a look.
`Control` lists them, and `client.Simulator` has a method for each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from moto.core.base_backend import BackendDict
from moto.core.exceptions import ServiceException
from moto.iam.models import AccessKey, iam_backends
from moto.moto_api import state_manager
from werkzeug.wrappers import Request, Response

from .behaviour import Backend, ProjectVersion
from .events import Events
from .rekognition.models import GONE, rekognition_backends
from .rules import Rule

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def seed(spec: dict[str, Any]) -> dict[str, Any]:
    """Create projects and what is in them, in any state.

    The request is ``{"Region", "Account", "Projects": [{"ProjectName", "Feature", "Versions":
    [{"VersionName", "Status", "StatusMessage", "CreationTimestamp" (epoch seconds), "FailDeletion":
    {"To", "StatusMessage"}}]}]}``, where only names are required, and the answer ``{"Projects":
    [{"ProjectArn", "ProjectVersionArns"}]}`` in its order. A project of that name that exists
    already gets more of them. Feature may be null or empty: then DescribeProjects has none, or
    that, for this CUSTOM_LABELS project.
    """
    account, region = spec.get("Account", "123456789012"), spec.get("Region", "us-east-1")
    backend: Any = rekognition_backends[account][region]
    return {"Projects": [_seed_project(backend, project) for project in spec["Projects"]]}


def _seed_project(backend: Backend, spec: dict[str, Any]) -> dict[str, Any]:
    name = spec["ProjectName"]
    same = [p for p in backend.projects.values() if (p.name, p.status) == (name, "CREATED")]
    feature = spec.get("Feature", "CUSTOM_LABELS")
    project = same[0] if same else backend.add_project(name, feature, "CREATED")
    versions = [_seed_version(backend, project.arn, each) for each in spec.get("Versions", ())]
    return {"ProjectArn": project.arn, "ProjectVersionArns": versions}


def _seed_version(backend: Backend, project_arn: str, spec: dict[str, Any]) -> str:
    created = spec.get("CreationTimestamp")
    version = backend.add_version(
        project_arn,
        spec["VersionName"],
        status=spec.get("Status", "TRAINING_COMPLETED"),
        created=None if created is None else round(created * 1000),
    )
    if "StatusMessage" in spec:
        version.messages[version.status] = spec["StatusMessage"]
    if "FailDeletion" in spec:
        failure = spec["FailDeletion"]
        cast(ProjectVersion, version).failed_deletion = failure["To"]
        version.messages[failure["To"]] = failure.get("StatusMessage")
    return version.arn


def act(actions: Iterable[dict[str, str]]) -> None:
    """Do what somebody else might do, each action being one of

    ``{"Delete": ARN}`` (gone at once), ``{"Status": ARN, "To": status}``, ``{"Recreate": ARN}`` (a
    further version of the same name), ``{"DeleteProject": project ARN}`` (with its versions).
    """
    for action in actions:
        verb, arn = next(iter(action.items()))
        backend = _backend(arn)
        if verb == "DeleteProject":
            backend.remove_project(arn)
            continue
        project = next(each for each in backend.projects.values() if arn in each.versions)
        version = project.versions[arn]
        if verb == "Delete":
            version.status = GONE
        elif verb == "Status":
            version.status = action["To"]
        elif verb == "Recreate":
            backend.add_version(project.arn, version.name, "TRAINING_COMPLETED")
        else:
            raise ValueError(f"no such action: {verb}")


def transition(spec: dict[str, Any]) -> None:
    """Set how a transient status ends: ``{"Of": kind, "Status", "Transition"}``, as moto has it."""
    name = f"rekognition::{spec['Of']}-{spec['Status']}"
    if name not in state_manager.get_registered_models():
        raise ValueError(f"{spec['Status']} does not end by itself")
    state_manager.set_transition(name, spec["Transition"])


def lag(seconds: float) -> None:
    """Set how long listings show an old status."""
    ProjectVersion.lag = seconds


def credentials(accounts: dict[str, str]) -> None:
    """Have access keys that moto's IAM knows: it finds the account of a request by its key."""
    for access_key_id, account in accounts.items():
        key = AccessKey(None, "AKIA", account)  # type: ignore[abstract]
        key.access_key_id = access_key_id
        iam_backends[account]["aws"].access_keys[access_key_id] = key


def versions(project_arn: str) -> dict[str, str]:
    backend = _backend(project_arn)
    present = backend.present_versions(project_arn) if backend.has_project(project_arn) else []
    return {version["ProjectVersionArn"]: version["Status"] for version in present}


def _backend(arn: str) -> Backend:
    _, _, _, region, account, _ = arn.split(":")
    return cast(Backend, rekognition_backends[account][region])


class Control:
    """WSGI middleware that answers the routes and passes all else on."""

    def __init__(self, app: WSGIApplication):
        self._events = events = Events(app, act)
        self._routes: dict[str, Callable[[Any], Any]] = {
            "seed": seed,
            "act": act,
            "transition": transition,
            "lag": lag,
            "credentials": credentials,
            "versions": versions,
            "rule": lambda rule: events.rules.append(Rule(rule)),
            "clear-rules": lambda _: events.rules.clear(),
            "quota": events.set_quota,
            "requests": lambda _: events.requests,
            "reset": self._reset,
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if not request.path.startswith("/simulator/"):
            return self._events(environ, start_response)
        try:
            with self._events.lock:
                route = self._routes[request.path.rpartition("/")[2]]
                answer, status = route(request.get_json(force=True)), 200
        except (LookupError, ServiceException, TypeError, ValueError) as error:
            answer, status = {"Error": repr(error)}, 400
        response = Response(json.dumps(answer), status, content_type="application/json")
        return response(environ, start_response)

    def _reset(self, _: None) -> None:
        """Forget everything."""
        BackendDict.reset()
        for name in state_manager.get_registered_models():
            state_manager.unset_transition(name)
        lag(0)
        self._events.reset()
