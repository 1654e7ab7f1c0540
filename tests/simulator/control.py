"""The routes under ``/simulator/`` by which a test sets the simulator up and questions it.

They speak JSON both ways, and are neither logged nor counted as looks::

    POST   seed         projects, datasets and versions that exist already, see `seed`
    GET    versions     ?ProjectArn=...: {ARN: status}, {} for an unknown project
    GET    datasets     likewise
    POST   actions      what somebody else does now, see `act`
    POST   rules        a rule or a list of rules, see `rules`        DELETE: forget them
    POST   quota        {"RequestsPerSecond": number or null}, see `quota`
    POST   lag          {"Seconds": number}, for how long the listing shows an old status
    POST   options      {name: value}, see `behaviour.Options`
    POST   credentials  {access key id: account}: whose requests these are, if not the default's
    GET    requests     the log                                       DELETE: empty it
    GET    gone         {ARN: epoch seconds} when a version left the listing, or is due to
    POST   reset        everything, moto's transitions included
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, cast

from moto.core.base_backend import BackendDict
from moto.core.exceptions import ServiceException
from moto.iam.models import AccessKey, iam_backends
from moto.moto_api import state_manager
from werkzeug.wrappers import Request, Response

from .behaviour import LISTING, Backend, Options, options
from .events import Events
from .quota import Quota
from .rekognition.models import rekognition_backends
from .rules import Rule

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def seed(spec: dict[str, Any]) -> dict[str, Any]:
    """Create projects and what is in them, in any state.

    The request is ``{"Region", "Account", "Projects": [{"ProjectName", "Feature", "Status",
    "Datasets": [{"DatasetType", "Status"}], "Versions": [{"VersionName", "Status",
    "StatusMessage", "CreationTimestamp" (epoch seconds), "FailDeletion": {"To", "StatusMessage"},
    "DeletingSeconds"}]}]}``, where only names and types are required, and the answer ``{"Projects":
    [{"ProjectArn", "ProjectVersionArns"}]}`` in its order. A project of that name and status that
    exists already gets more of them. Feature may be null or empty: then DescribeProjects
    has none, or that, for this CUSTOM_LABELS project.
    """
    account, region = spec.get("Account", "123456789012"), spec.get("Region", "us-east-1")
    backend: Any = rekognition_backends[account][region]
    return {"Projects": [_seed_project(backend, project) for project in spec["Projects"]]}


def _seed_project(backend: Any, spec: dict[str, Any]) -> dict[str, Any]:
    name, status = spec["ProjectName"], spec.get("Status", "CREATED")
    feature = spec.get("Feature", "CUSTOM_LABELS")
    existing = [
        project
        for project in backend.projects.values()
        if (project.name, project.status) == (name, status)
    ]
    project = (
        existing[0] if existing else backend.add_project(name, feature or "CUSTOM_LABELS", status)
    )
    project.shown_feature = feature
    for dataset in spec.get("Datasets", ()):
        status = dataset.get("Status", "CREATE_COMPLETE")
        backend.add_dataset(project.arn, dataset["DatasetType"], status)
    versions = [
        _seed_version(backend, project.arn, version) for version in spec.get("Versions", ())
    ]
    return {"ProjectArn": project.arn, "ProjectVersionArns": versions}


def _seed_version(backend: Any, project_arn: str, spec: dict[str, Any]) -> str:
    created = spec.get("CreationTimestamp")
    version = backend.add_version(
        project_arn,
        spec["VersionName"],
        status=spec.get("Status", "TRAINING_COMPLETED"),
        created=None if created is None else round(created * 1000),
    )
    if "StatusMessage" in spec:
        version.messages[version.status] = spec["StatusMessage"]
    version.deleting_seconds = spec.get("DeletingSeconds")
    if "FailDeletion" in spec:
        failure = spec["FailDeletion"]
        version.deletion_failure = failure["To"], failure.get("StatusMessage")
    return str(version.arn)


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
        if verb == "DeleteProject":
            backend.remove_project(arn)
            continue
        version = backend.any_version(arn)
        if verb == "Delete":
            version.remove()
        elif verb == "Status":
            version.status = action["To"]
            if "StatusMessage" in action:
                version.messages[action["To"]] = action["StatusMessage"]
        elif verb == "Recreate":
            backend.add_version(version.project.arn, version.name, status="TRAINING_COMPLETED")
        elif verb == "FailDeletion":
            version.deletion_failure = action["To"], action.get("StatusMessage")
        else:
            raise ValueError(f"no such action: {verb}")


def _backend(arn: str) -> Backend:
    _, _, _, region, account, _ = arn.split(":")
    return cast(Backend, rekognition_backends[account][region])


def _versions(project_arn: str) -> dict[str, str]:
    backend = _backend(project_arn)
    if not backend.exists(project_arn):
        return {}
    versions = backend.present_versions(project_arn)
    return {version["ProjectVersionArn"]: version["Status"] for version in versions}


def _datasets(project_arn: str) -> dict[str, str]:
    backend = _backend(project_arn)
    if not backend.exists(project_arn):
        return {}
    datasets = backend.project(project_arn).to_dict()["Datasets"]
    return {dataset["DatasetArn"]: dataset["Status"] for dataset in datasets}


def _gone() -> dict[str, float]:
    gone: dict[str, float] = {}
    for _, _, backend in rekognition_backends.iter_backends():
        gone.update(cast(Backend, backend).gone())
    return gone


def _set_options(changes: dict[str, bool]) -> None:
    unknown = set(changes) - {field.name for field in fields(Options)}
    if unknown:
        raise ValueError(f"no such option: {', '.join(sorted(unknown))}")
    for name, value in changes.items():
        setattr(options, name, value)


def _register(accounts: dict[str, str]) -> None:
    """Have access keys that moto's IAM knows: it finds the account of a request by its key."""
    for access_key_id, account in accounts.items():
        key = AccessKey(None, "AKIA", account)  # type: ignore[abstract]
        key.access_key_id = access_key_id
        iam_backends[account]["aws"].access_keys[access_key_id] = key


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
        except (KeyError, ServiceException, TypeError, ValueError) as error:
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
        if route == "GET datasets":
            return _datasets(request.args["ProjectArn"])
        if route == "POST actions":
            return act(body)
        if route == "POST rules":
            return events.rules.extend(
                Rule(r) for r in (body if isinstance(body, list) else [body])
            )
        if route == "DELETE rules":
            return events.rules.clear()
        if route == "POST quota":
            events.quota = Quota(body["RequestsPerSecond"])
            return None
        if route == "POST lag":
            lag = {"progression": "time", "seconds": body["Seconds"]}
            return state_manager.set_transition(LISTING, lag)
        if route == "POST options":
            return _set_options(body)
        if route == "POST credentials":
            return _register(body)
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
        _set_options(asdict(Options()))
        self._events.reset()
