"""From options to the models they mean, looked up but not touched."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, Protocol

from awscli_rekcl.arn import ModelArn, ProjectArn, Scope
from awscli_rekcl.lifecycle import Request, decide
from awscli_rekcl.model import Model, Outcome
from awscli_rekcl.options import Options
from awscli_rekcl.service import describe
from awscli_rekcl.service.describe import Describer, Description


class Service(describe.Service, Protocol):
    """What the command needs of `awscli_rekcl.service.client.Rekognition`."""

    def find_projects(self, scopes: Collection[Scope]) -> dict[Scope, ProjectArn]: ...

    def send(self, request: Request, arn: ModelArn) -> None: ...


class Selection(NamedTuple):
    """The models in the order given, and the version names that no model of the project has."""

    models: list[Model]
    unknown_names: list[str]


def select(options: Options, service: Service, describer: Describer) -> Selection:
    """Look up every model that the options choose. Raise ServiceError."""
    if options.arns is not None:
        selection = Selection(_by_arn(options.arns, options.project, service, describer), [])
    else:
        assert options.project is not None
        selection = _by_project(options.project, options.version_names, describer)
    for model in selection.models:
        model.plan = decide(model.status, options.consents)
    return selection


def _by_arn(
    arns: list[ModelArn], project: ProjectArn | None, service: Service, describer: Describer
) -> list[Model]:
    if project is not None:
        projects = {project.scope: project}
    else:
        projects = service.find_projects(dict.fromkeys(arn.scope for arn in arns))
    found: dict[ModelArn, Description] = {}
    for scope, project in projects.items():
        some = [arn for arn in arns if arn.scope == scope]
        if some:
            found.update(describer.describe(project, some))
    return [_model(arn, projects[arn.scope], found.get(arn)) for arn in arns]


def _by_project(project: ProjectArn, names: list[str] | None, describer: Describer) -> Selection:
    if names == []:
        return Selection([], [])
    # By ARN: a model created between two pages of a listing pushes another onto both of them.
    versions = {version.arn: version for version in describer.versions(project, names)}
    models = [_model(arn, project, version) for arn, version in versions.items()]
    if names is None:
        return Selection(models, [])
    order = {name: position for position, name in enumerate(names)}
    models.sort(key=lambda model: order[model.arn.version_name])
    known = {model.arn.version_name for model in models}
    return Selection(models, [name for name in names if name not in known])


def _model(arn: ModelArn, project: ProjectArn, version: Description | None) -> Model:
    if version is None:
        return Model(arn, project, None, outcome=Outcome.NOT_FOUND)
    return Model(arn, project, version.status, version.status_message, version.created)
