"""What the unit tests put in the place of time, the terminal and Amazon Rekognition."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import functools
import io
import json
import math
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Optional, TypeVar, Union

from botocore.exceptions import ClientError

from awscli_rekcl import run
from awscli_rekcl.arguments import ARG_TABLE
from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.confirmation import Confirmed, confirm
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.errors import ServiceError, Unsendable
from awscli_rekcl.lifecycle import Consent, Request, decide
from awscli_rekcl.model import Model, Outcome
from awscli_rekcl.options import Options
from awscli_rekcl.service.describe import Description
from awscli_rekcl.terminal.console import Console

ACCOUNT = "123456789012"
NOW = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)
NO_CONSENT: frozenset[Consent] = frozenset()
STOP = frozenset({Consent.STOP_IF_RUNNING})
TRAINING = frozenset({Consent.WAIT_IF_TRAINING})


@functools.cache
def project_arn(
    name: str = "cats", region: str = "us-east-1", account: str = ACCOUNT
) -> ProjectArn:
    return ProjectArn.parse(f"arn:aws:rekognition:{region}:{account}:project/{name}/1000")


@functools.cache
def model_arn(
    name: str = "v1",
    project: str = "cats",
    region: str = "us-east-1",
    account: str = ACCOUNT,
    number: int = 1,
) -> ModelArn:
    return ModelArn.parse(
        f"arn:aws:rekognition:{region}:{account}:project/{project}/version/{name}/{number}"
    )


def a_model(
    path: str = "cats/v1", status: str | None = "STOPPED", consents: frozenset[Consent] = NO_CONSENT
) -> Model:
    """A model as the selection leaves it, from PROJECT/VERSION."""
    project, name = path.split("/")
    model = Model(model_arn(name, project), project_arn(project), status)
    model.plan = decide(status, consents)
    model.outcome = Outcome.NOT_FOUND if status is None else Outcome.PENDING
    return model


def confirmed(models: Iterable[Model]) -> Confirmed:
    """The list as somebody has confirmed it."""
    answered = confirm(models, lambda: True)
    assert answered is not None
    return answered


def some_models(number: int, outcome: Outcome = Outcome.PENDING) -> list[Model]:
    """Models that ended like that, from v0 on."""
    models = [a_model(f"cats/v{i}") for i in range(number)]
    for model in models:
        model.outcome = outcome
    return models


def failure(kind: type[ServiceError], message: str = "no reason") -> ServiceError:
    if kind is Unsendable:
        return Unsendable()
    return kind(
        ClientError({"Error": {"Code": "Code", "Message": message}}, "DeleteProjectVersion")
    )


def arguments(**given: Any) -> argparse.Namespace:
    """A command line as the AWS CLI parses it."""
    blank: dict[str, Any] = {
        option["name"].replace("-", "_"): False if option.get("action") == "store_true" else None
        for option in ARG_TABLE
    }
    assert blank.keys() >= given.keys()
    return argparse.Namespace(**{**blank, **given})


def typed(*words: str) -> argparse.Namespace:
    """Parse arguments as the AWS CLI does, which makes its parser of the same table."""
    parser = argparse.ArgumentParser(add_help=False)
    for argument in ARG_TABLE:
        wanted = {key: argument[key] for key in ("nargs", "action") if key in argument}
        parser.add_argument(f"--{argument['name']}", **wanted)
    return parser.parse_args(words)


def options(*paths: str, region: str | None = None, can_ask: bool = False, **given: Any) -> Options:
    """Options for the models PROJECT/VERSION, or for what is `given`."""
    if paths:
        pairs = [path.split("/") for path in paths]
        arns = [model_arn(name, project).text for project, name in pairs]
        given["project_version_arn"] = arns
    return Options.parse(arguments(**given), region, can_ask=can_ask)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sleeps: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.sleeps.append(seconds)
        self.now += seconds


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class NobodyWatches:
    """Is told how the loop gets on, and tells nobody."""

    interval = math.inf

    def changed(self) -> None: ...
    def in_use(self, model: Model, error: Exception) -> None: ...
    def failed(self, model: Model) -> None: ...
    def transient_error(self, error: Exception) -> None: ...


@dataclasses.dataclass(eq=False)
class Call:
    """A request to the service, from `time` to `end`, and the error that came of it."""

    text: str
    time: float = 0.0
    names: Collection[str] | None = None
    request: Request | None = None
    arn: ModelArn | None = None
    end: float = math.inf
    error: BaseException | None = None
    obeyed: bool = False
    """Whether the service did it, answered or not."""

    @property
    def answered(self) -> bool:
        return self.obeyed and self.error is None


T = TypeVar("T")


class Service:
    """Amazon Rekognition at the seam of the client, on a clock of its own.

    It keeps every request. What happens to one, what a listing shows and what a change does comes
    from a script (`FakeService`) or from a truth that it keeps (`world.World`).
    """

    access_key = "ours"
    page_size = 100

    def __init__(self, deadline: Deadline, clock: Clock) -> None:
        self.deadline = deadline
        self.clock = clock
        self.calls: list[Call] = []
        self.asked_in: set[str | None] = set()

    def projects(
        self, region: str | None, names: Collection[str] | None = None
    ) -> list[ProjectArn]:
        self.asked_in.add(region)
        call = Call("list projects" if names is None else f"find {' '.join(names)}", names=names)
        found = self._answered(call, lambda: self.visible_projects(region or "us-east-1", names))
        return [arn for arn in found if names is None or arn.scope.project_name in names]

    def region(self, region: str | None) -> str:
        return region or "us-east-1"

    def pages(
        self, project: ProjectArn, names: Collection[str] | None = None
    ) -> Iterator[list[Description]]:
        position = 0
        while True:
            call = Call(f"look {project.scope.project_name}", names=names)
            listed = self._answered(call, lambda: self.listing(project, names))
            if names is not None:
                listed = [version for version in listed if version.arn.version_name in names]
            yield listed[position : position + self.page_size]
            position += self.page_size
            if position >= len(listed):
                return

    def send(self, request: Request, arn: ModelArn) -> None:
        call = Call(f"{request.verb} {arn.version_name}", request=request, arn=arn)
        self._answered(call, lambda: self.change(call))

    def _answered(self, call: Call, answer: Callable[[], T]) -> T:
        call.time = self.clock.now
        self.calls.append(call)
        try:
            self.meet(call)
            return answer()
        except BaseException as error:
            call.error = error
            raise
        finally:
            call.end = self.clock.now

    # What differs.

    def meet(self, call: Call) -> None:
        """Let time pass and things happen; raise what prevents the request."""

    def visible_projects(self, region: str, names: Collection[str] | None) -> list[ProjectArn]:
        raise NotImplementedError

    def listing(self, project: ProjectArn, names: Collection[str] | None) -> list[Description]:
        raise NotImplementedError

    def change(self, call: Call) -> None:
        raise NotImplementedError


# What one look shows: the statuses by version name ("STATUS: message" with a message), or an error.
Look = Union[Mapping[str, str], BaseException]
# What one request meets: nothing in its way, an error, or something that happens before its answer.
Answer = Optional[Union[BaseException, Callable[[], object]]]


class FakeService(Service):
    """Answers as a script has it: each list is used up one by one, and its last entry stays."""

    def __init__(
        self,
        looks: Sequence[Look] | Mapping[str, Sequence[Look]] = (),
        delete: Sequence[Answer] = (),
        stop: Sequence[Answer] = (),
        *,
        projects: Sequence[ProjectArn] | Exception | None = None,
        keys: Sequence[str] = ("ours",),
        deadline: Deadline | None = None,
        clock: Clock | None = None,
        seconds: float = 0,
    ) -> None:
        """Without `projects` those that have looks are there. `keys` sign one request each."""
        super().__init__(deadline or Deadline(), clock or Clock())
        by_project = looks if isinstance(looks, Mapping) else {"cats": looks}
        self._looks = {project: list(some) for project, some in by_project.items()}
        self._answers = {Request.DELETE: list(delete), Request.STOP: list(stop)}
        self._projects = projects
        self._keys = list(keys)
        self._seconds = seconds

    @property
    def sent(self) -> list[str]:
        return [call.text for call in self.calls]

    def requests(self, *kinds: str) -> list[str]:
        return [request for request in self.sent if request.split()[0] in kinds]

    def meet(self, call: Call) -> None:
        self.access_key = _next(self._keys)
        self.clock.now += self._seconds

    def visible_projects(self, region: str, names: Collection[str] | None) -> list[ProjectArn]:
        if isinstance(self._projects, Exception):
            raise self._projects
        if self._projects is None:
            return [project_arn(name, region) for name in self._looks]
        return list(self._projects)

    def listing(self, project: ProjectArn, names: Collection[str] | None) -> list[Description]:
        look = _next(self._looks[project.scope.project_name])
        if isinstance(look, BaseException):
            raise look
        return [_description(project, name, status) for name, status in look.items()]

    def change(self, call: Call) -> None:
        answers = self._answers.get(call.request) if call.request else None
        answer = _next(answers) if answers else None
        if isinstance(answer, BaseException):
            raise answer
        if answer is not None:
            answer()


def _next(script: list[T]) -> T:
    return script.pop(0) if len(script) > 1 else script[0]


def _description(project: ProjectArn, name: str, status: str) -> Description:
    status, _, message = status.partition(": ")
    scope = project.scope
    arn = model_arn(name, scope.project_name, scope.region, scope.account)
    return Description(arn, status, message)


class Ticking(Clock):
    """Time that passes by a microsecond whenever somebody asks for it, as real time does."""

    def __call__(self) -> float:
        self.now += 1e-6
        return self.now


class Run:
    """One run, and all that came of it."""

    def __init__(
        self,
        looks: Sequence[Look],
        *paths: str,
        answer: str = "",
        fails: type[Exception] | tuple[type[Exception], ...] = (),
        delete: Sequence[Answer] = (),
        render: Any = json.dumps,
        clock: Clock | None = None,
        **given: Any,
    ) -> None:
        stderr, clock = Terminal(), clock or Ticking()
        chosen = options(*paths, **given)
        deadline = Deadline(chosen.limit, clock=clock, sleep=clock.sleep)
        self.service = FakeService(looks, delete, deadline=deadline, clock=clock)
        self.status: int | None = None
        self.error: Exception | None = None
        self.resumed: list[ModelArn] | None = None
        """The models in the line to type."""
        reader, writer = os.pipe()
        os.write(writer, answer.encode())
        os.close(writer)
        with open(reader) as source:
            console = Console(source, sys.stdout, stderr, {"TERM": "dumb"}, color="off")
            try:
                self.status = run.Run(
                    chosen, self.service, console, deadline, render, self._line, NOW
                ).run()
            except fails as error:
                self.error = error
            self.unread = source.read()
        console.finish()
        self.said = stderr.getvalue()

    def _line(self, arns: Sequence[ModelArn], chosen: Options) -> str:
        self.resumed, self.options = list(arns), chosen
        return "aws THE-LINE"

    @property
    def changes(self) -> list[str]:
        return self.service.requests("delete", "stop")
