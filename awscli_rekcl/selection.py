"""From options to the models that they choose, described but not changed."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Collection, Iterable
from typing import NamedTuple, Protocol

from awscli_rekcl.arn import ModelArn, ProjectArn, Scope
from awscli_rekcl.errors import AccessDenied, NotFound, Refused, ServiceError
from awscli_rekcl.lifecycle import Action, Request, decide, rule
from awscli_rekcl.model import Model, Outcome
from awscli_rekcl.options import Options
from awscli_rekcl.service import describe
from awscli_rekcl.service.describe import Describer, Description
from awscli_rekcl.service.errors import not_found, with_hint


class Service(describe.Service, Protocol):
    """What the command needs of `awscli_rekcl.service.client.Rekognition`."""

    def send(self, request: Request, arn: ModelArn) -> None: ...

    def region(self, region: str | None) -> str: ...


class Selection(NamedTuple):
    """The models in the order given, and what else is known about the choice."""

    models: list[Model]
    unknown_names: list[str]
    """Version names that the project does not have."""
    kept: list[Model]
    """The models of the project that a rule leaves out of the choice, newest first."""
    now: datetime.datetime
    """The time of the choice, from which the ages of models count."""
    project: ProjectArn | None = None
    """The project, if the models were chosen in one."""


def select(
    options: Options, service: Service, describer: Describer, now: datetime.datetime
) -> Selection:
    """Describe every model that the options choose. Raise ServiceError or Refused."""
    if options.project_version_arn is not None:
        arns, project_arn = options.project_version_arn, options.project_arn
        models = _by_arn(arns, project_arn, service, describer)
        selection = Selection(models, [], [], now)
    else:
        project = options.project_arn or find_by_name(options, service)
        selection = _by_project(project, options, describer, now)
    for model in selection.models:
        model.plan = decide(model.status, options.consents)
        if model.plan is Action.REFUSE and options.skip_if_busy:
            model.plan, model.outcome = Action.SKIP, Outcome.SKIPPED
    return selection


def find_by_name(options: Options, service: Service) -> ProjectArn:
    """Find the project with the given name. Raise ServiceError or Refused."""
    assert options.project_name is not None
    found = _by_name(list_projects(service, options.region, [options.project_name]))
    if not found:
        where = service.region(options.region) + _account(options.region, service)
        raise _no_project([f"{options.project_name} in {where}"])
    return found[options.project_name]


def find_projects(scopes: Collection[Scope], service: Service) -> dict[Scope, ProjectArn]:
    """Find projects by name. Raise NotFound if one does not exist.

    A project of that name in another account does not count.
    """
    found: dict[Scope, ProjectArn] = {}
    for region in dict.fromkeys(scope.region for scope in scopes):
        names = dict.fromkeys(scope.project_name for scope in scopes if scope.region == region)
        arns = _by_name(list_projects(service, region, names)).values()
        found.update((arn.scope, arn) for arn in arns)
    missing = [scope for scope in scopes if scope not in found]
    if missing:
        raise _no_project(
            f"{scope.project_name} in {scope.region} (account {scope.account})" for scope in missing
        )
    return {scope: found[scope] for scope in scopes}


def _no_project(where: Iterable[str]) -> NotFound:
    message = f"No project {', '.join(where)}. Check the name, --region and --profile."
    return NotFound(not_found("DescribeProjects", message))


def _account(region: str | None, service: Service) -> str:
    """Return whose projects the credentials see, if another project in the region shows it."""
    with contextlib.suppress(ServiceError):
        for arn in service.projects(region):
            return f" (account {arn.scope.account})"
    return ""


def list_projects(
    service: Service, region: str | None, names: Collection[str] | None = None
) -> Collection[ProjectArn]:
    """List projects. An error names the option that makes this unnecessary, if there is one."""
    try:
        return service.projects(region, names)
    except AccessDenied as error:
        hint = "With --project-arn this permission is not needed."
        raise with_hint(error, hint) from error


def _by_name(arns: Iterable[ProjectArn]) -> dict[str, ProjectArn]:
    found: dict[str, ProjectArn] = {}
    for arn in arns:
        other = found.setdefault(arn.scope.project_name, arn)
        if other != arn:
            raise Refused(
                f"There are two projects named {arn.scope.project_name}: {other.text} and"
                f" {arn.text}. Nothing was changed. Choose one with --project-arn."
            )
    return found


def _by_arn(
    arns: list[ModelArn], project: ProjectArn | None, service: Service, describer: Describer
) -> list[Model]:
    if project is not None:
        projects = {project.scope: project}
    else:
        projects = find_projects(dict.fromkeys(arn.scope for arn in arns), service)
    found: dict[ModelArn, Description] = {}
    for scope, project in projects.items():
        some = [arn for arn in arns if arn.scope == scope]
        if some:
            found.update(describer.describe(project, some))
    return [_model(arn, projects[arn.scope], found.get(arn)) for arn in arns]


def _by_project(
    project: ProjectArn, options: Options, describer: Describer, now: datetime.datetime
) -> Selection:
    names = options.version_names
    chosen = describer.versions(project, names)
    kept: list[Description] = []
    if options.keep_newest is not None:
        kept, chosen = keep_newest(chosen, options.keep_newest)
    models = [_model(version.arn, project, version) for version in chosen]
    if names is None:
        left = [_model(version.arn, project, version) for version in kept]
        return Selection(models, [], left, now, project)
    order = {name: position for position, name in enumerate(names)}
    models.sort(key=lambda model: order[model.arn.version_name])
    known = {model.arn.version_name for model in models}
    return Selection(models, [name for name in names if name not in known], [], now, project)


def keep_newest(
    versions: Iterable[Description], number: int
) -> tuple[list[Description], list[Description]]:
    """Return the models to keep, so many usable ones among them, and the others."""
    newest_first = sorted(versions, key=by_age, reverse=True)
    left = number
    for position, version in enumerate(newest_first, 1):
        left -= rule(version.status).usable
        if not left:
            return newest_first[:position], newest_first[position:]
    return newest_first, []


def by_age(version: Description) -> tuple[float, int]:
    """Return the key that sorts models by creation time."""
    number = version.arn.number
    return version.created.timestamp() if version.created else number / 1000, number


def _model(arn: ModelArn, project: ProjectArn, version: Description | None) -> Model:
    if version is None:
        return Model(arn, project, None, outcome=Outcome.NOT_FOUND)
    return Model(arn, project, version.status, version.status_message, version.created)
