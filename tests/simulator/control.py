"""The routes under ``/simulator/`` by which a test sets the simulator up and questions it.

They speak JSON both ways, and are neither logged nor counted as looks::

    POST   seed       projects and versions that exist already, see `seed`
    GET    versions   ?ProjectArn=...: {ARN: status}, {} for an unknown project
    POST   actions    what somebody else does now, see `act`
    POST   rules      a rule or a list of rules, see `events`       DELETE: forget them
    POST   quota      {"RequestsPerSecond": number or null}
    POST   lag        {"Seconds": number}, for how long the listing shows an old status
    GET    requests   the log                                       DELETE: empty it
    GET    gone       {ARN: epoch seconds} when a version left the listing, or is due to
    POST   reset      everything, moto's transitions included
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from moto.core.base_backend import BackendDict
from moto.moto_api import state_manager
from werkzeug.wrappers import Request, Response

from .events import Events, Rule
from .rekognition.models import LISTING, RekognitionBackend, rekognition_backends

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def seed(spec: dict[str, Any]) -> dict[str, Any]:
    """Create projects and versions in any state; a project that exists gets more versions.

    The request is ``{"Region", "Account", "Projects": [{"ProjectName", "Feature", "Versions":
    [{"VersionName", "Status", "StatusMessage", "CreationTimestamp" (epoch seconds),
    "FailDeletion": {"To", "StatusMessage"}, "DeletingSeconds"}]}]}``, where only the names are
    required, and the answer ``{"Projects": [{"ProjectArn", "ProjectVersionArns"}]}`` in its order.
    """
    account, region = spec.get("Account", "123456789012"), spec.get("Region", "us-east-1")
    backend = rekognition_backends[account][region]
    return {"Projects": [_seed_project(backend, project) for project in spec["Projects"]]}


def _seed_project(backend: RekognitionBackend, spec: dict[str, Any]) -> dict[str, Any]:
    name = spec["ProjectName"]
    existing = [project for project in backend.projects.values() if project.name == name]
    project = (
        existing[0]
        if existing
        else backend.create_project(name, spec.get("Feature", "CUSTOM_LABELS"))
    )
    return {
        "ProjectArn": project.arn,
        "ProjectVersionArns": [
            _seed_version(backend, project.arn, version) for version in spec.get("Versions", ())
        ],
    }


def _seed_version(backend: RekognitionBackend, project_arn: str, spec: dict[str, Any]) -> str:
    created = spec.get("CreationTimestamp")
    version = backend.add_version(
        project_arn,
        spec["VersionName"],
        status=spec.get("Status", "TRAINING_COMPLETED"),
        created=None if created is None else round(created * 1000),
    )
    version.status_message = spec.get("StatusMessage")
    version.deleting_seconds = spec.get("DeletingSeconds")
    if "FailDeletion" in spec:
        failure = spec["FailDeletion"]
        version.deletion_failure = failure["To"], failure.get("StatusMessage")
    return version.arn


def act(actions: Iterable[dict[str, Any]]) -> None:
    """Do what somebody else might do, each action being one of

    ``{"Delete": ARN}`` (gone at once), ``{"Status": ARN, "To": status, "StatusMessage": text}``,
    ``{"Recreate": ARN}`` (a further version of the same name), ``{"DeleteProject": project ARN}``
    (with its versions), ``{"FailDeletion": ARN, "To": status, "StatusMessage": text}``.
    """
    for action in actions:
        verb = next(iter(action))
        arn = action[verb]
        backend = _backend(arn)
        if verb == "Delete":
            backend.remove_version(arn, time.time())
        elif verb == "DeleteProject":
            for version, _ in backend.listed_versions(arn):
                backend.remove_version(version.arn, time.time())
            del backend.projects[arn]
        elif verb == "Status":
            version = backend.versions[arn]
            version.status = action["To"]
            version.status_message = action.get("StatusMessage")
        elif verb == "Recreate":
            version = backend.versions[arn]
            backend.add_version(version.project.arn, version.name, status="TRAINING_COMPLETED")
        elif verb == "FailDeletion":
            backend.versions[arn].deletion_failure = action["To"], action.get("StatusMessage")
        else:
            raise ValueError(f"no such action: {verb}")


def _backend(arn: str) -> RekognitionBackend:
    _, _, _, region, account, _ = arn.split(":")
    return rekognition_backends[account][region]


def _versions(project_arn: str) -> dict[str, str]:
    backend = _backend(project_arn)
    if project_arn not in backend.projects:
        return {}
    return {version.arn: status for version, status in backend.listed_versions(project_arn)}


def _gone() -> dict[str, float]:
    gone: dict[str, float] = {}
    for _, _, backend in rekognition_backends.iter_backends():
        backend = cast(RekognitionBackend, backend)
        gone.update(backend.gone)
        for arn, version in backend.versions.items():
            when = version.gone_at()
            if when is not None:
                gone[arn] = when
    return gone


class Control:
    """WSGI middleware that answers the routes and passes all else on."""

    def __init__(self, app: WSGIApplication):
        self._events = Events(app, act)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if not request.path.startswith("/simulator/"):
            return self._events(environ, start_response)
        try:
            with self._events.lock:
                answer, status = self._answer(request), 200
        except (KeyError, TypeError, ValueError) as error:
            answer, status = {"Error": repr(error)}, 400
        response = Response(json.dumps(answer), status, content_type="application/json")
        return response(environ, start_response)

    def _answer(self, request: Request) -> Any:
        events = self._events
        route = f"{request.method} {request.path[len('/simulator/') :]}"
        body: Any = request.get_json(force=True) if request.get_data() else None
        if route == "POST seed":
            return seed(body)
        if route == "GET versions":
            return _versions(request.args["ProjectArn"])
        if route == "POST actions":
            return act(body)
        if route == "POST rules":
            return events.rules.extend(
                Rule(r) for r in (body if isinstance(body, list) else [body])
            )
        if route == "DELETE rules":
            return events.rules.clear()
        if route == "POST quota":
            return events.set_quota(body["RequestsPerSecond"])
        if route == "POST lag":
            lag = {"progression": "time", "seconds": body["Seconds"]}
            return state_manager.set_transition(LISTING, lag)
        if route == "GET requests":
            return events.requests
        if route == "DELETE requests":
            return events.requests.clear()
        if route == "GET gone":
            return _gone()
        if route == "POST reset":
            return self.reset()
        raise ValueError(f"no such route: {route}")

    def reset(self) -> None:
        """Forget everything."""
        BackendDict.reset()
        for name in state_manager.get_registered_models():
            state_manager.unset_transition(name)
        self._events.reset()
