"""One run of the command, with a fake service and a fake terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from awscli_rekcl import run
from awscli_rekcl.arn import ModelArn
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.options import Options
from awscli_rekcl.terminal.console import Console

from .fakes import NOW, Answer, Clock, FakeService, Look, Terminal, options


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
        no_progress: bool = False,
        clock: Clock | None = None,
        **given: Any,
    ) -> None:
        stderr, clock = Terminal(), clock or Ticking()
        chosen = options(*paths, no_progress=no_progress, **given)
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
        console.finish()
        self.said = stderr.getvalue()

    def _line(self, arns: Sequence[ModelArn], chosen: Options) -> str:
        self.resumed, self.options = list(arns), chosen
        return "aws THE-LINE"

    @property
    def changes(self) -> list[str]:
        return self.service.requests("delete", "stop")


def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    out = capsys.readouterr().out
    return json.loads(out)["ProjectVersions"] if out else None
