"""The command from checked options to exit status, with a fake service and a fake terminal."""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Mapping
from typing import Any
from unittest.mock import Mock

import pytest

from awscli_rekcl import errors, run
from awscli_rekcl.terminal import messages
from awscli_rekcl.terminal.console import Console

from .fakes import Look, Run, Terminal, Ticking, failure, model_arn, options
from .fakes import project_arn as project

V1 = model_arn().text
DELETED = [{"ProjectVersionArn": V1, "Status": "DELETED", "Outcome": "DELETED"}]
BY_NAME: Any = {"project_arn": project().text, "version_names": ["v1"]}
BOTH: Any = {"project_version_arn": [model_arn("v2").text, V1]}
BOTH_BY_NAME: Any = {**BY_NAME, "version_names": ["v2", "v1"]}
GONE: Look = {}
Capsys = pytest.CaptureFixture[str]


def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    out = capsys.readouterr().out
    return json.loads(out)["ProjectVersions"] if out else None


@pytest.mark.parametrize("given", [{"yes": True, "answer": "rest"}, {"answer": "delete\nrest"}])
def test_success(given: dict[str, Any], capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    monkeypatch.setattr(Console, "never_wait", lambda _: events.append("no waiting"))
    looks: list[Look] = [{"v1": "STOPPED"}, {"v1": "DELETING"}, GONE]
    done = Run(looks, "cats/v1", delete=[lambda: events.append("delete")], **given)
    assert events == ["no waiting", "delete"]
    assert (done.status, printed(capsys), done.changes) == (0, DELETED, ["delete v1"])
    assert done.unread == "rest"
    listed, told = done.said.index("VERSION"), done.said.index("Deleted: version v1")
    assert listed < told
    for text in (messages.PERMANENT, 'Type "delete" to delete this model, or use --yes: '):
        assert (text in done.said) is ("yes" not in given)


def test_not_confirmed(monkeypatch: pytest.MonkeyPatch, capsys: Capsys) -> None:
    for answer, said in ("", messages.NO_ANSWER), ("no\n", messages.OTHER_ANSWER):
        done = Run([{"v1": "STOPPED"}], "cats/v1", answer=answer)
        assert (done.status, printed(capsys), done.changes) == (1, None, [])
        assert done.said.endswith(f"{said}\n")
    monkeypatch.setattr(run, "pick", Mock(side_effect=errors.Cancelled))
    done = Run([], can_ask=True)
    assert (done.status, printed(capsys), done.said) == (1, None, f"{messages.NOTHING_PICKED}\n")
    monkeypatch.setattr(run, "pick", Mock(return_value=options(project_version_arn="")))
    assert (Run([], can_ask=True).status, printed(capsys)) == (0, [])  # a project without models


def test_the_time_for_the_answer_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Ticking()

    def confirm(*_: object) -> bool:
        clock.sleep(3600)
        return True

    monkeypatch.setattr(Console, "confirm", confirm)
    assert Run([{"v1": "STOPPED"}, GONE], "cats/v1", timeout="60", clock=clock).status == 0


def test_nothing_is_said_of_what_goes_well_if_nobody_wants_to_read_it(capsys: Capsys) -> None:
    looks: list[Look] = [{"v1": "STOPPED"}, GONE]
    for busy, said in (
        (errors.InUse, ""),
        (errors.TransientError, "cats: Request failed, retrying: "),
    ):
        answers = [failure(busy)]
        done = Run(looks, "cats/v1", yes=True, only_show_errors=True, delete=answers)
        assert (done.status, printed(capsys)) == (0, DELETED)
        assert done.said.partition("An error")[0] == said
    done = Run([{"v1": "STOPPED"}, {"v1": "RUNNING"}], "cats/v1", yes=True, only_show_errors=True)
    assert done.said.startswith("Not deleted: ")
    done = Run([{"v1": "DELETING"}], "cats/v1", yes=True, only_show_errors=True)
    assert re.match("Still being deleted: .*\nTo wait for it: aws THE-LINE\n$", done.said)
    done = Run([{"v1": "STOPPED"}], "cats/v1", dry_run=True, only_show_errors=True)
    assert (done.status, done.said) == (0, "")


def test_without_progress_everything_else_is_shown() -> None:
    looks: list[Look] = [{"v1": "STOPPED"}, GONE]
    busy = [failure(errors.InUse, "busy")]
    done = Run(looks, "cats/v1", answer="delete\n", no_progress=True, delete=busy)
    for text in ("VERSION", "permanent", 'Type "delete"', "is busy", "Deleted: version v1"):
        assert text in done.said
    assert "0:0" not in done.said


@pytest.mark.parametrize("on_terminal", [True, False])
@pytest.mark.parametrize("given", [{"dry_run": True}, {"yes": True}])
def test_on_a_terminal_the_words_come_last(
    given: dict[str, Any], on_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal() if on_terminal else sys.stdout)
    monkeypatch.setattr(Console, "print_result", Console.show)  # so that the order shows
    done = Run([{"v1": "STOPPED"}, GONE], "cats/v1", **given)
    last_word = "1 model to delete" if "dry_run" in given else "Deleted: version v1"
    assert (done.said.index("ProjectVersions") < done.said.index(last_word)) is on_terminal


def test_a_version_that_need_not_be_there(capsys: Capsys) -> None:
    done = Run([GONE], ignore_not_found=True, **BY_NAME)
    assert (done.status, printed(capsys)) == (0, [])
    assert "Project cats has no version v1." in done.said
    assert Run([GONE], "cats/v1", ignore_not_found=True).status == 0
    assert [entry["Outcome"] for entry in printed(capsys)] == ["NOT_FOUND"]
    assert Run([{"v1": ""}, GONE], "cats/v1", yes=True).status == 0  # whatever its status reads


def test_what_is_kept_is_said_before_and_after() -> None:
    looks: list[Look] = [{"v2": "STOPPED", "v1": "STOPPED"}, {"v2": "STOPPED"}]
    done = Run(looks, yes=True, project_arn=project().text, all_versions=True, keep_newest="1")
    assert all(text in done.said for text in ("Keeping 1 model: v2.", "Kept: v2."))


def breaks(document: object) -> str:
    raise ValueError("no such \x1b function")


def test_a_query_that_can_not_be_applied_fails_before_anything_is_asked() -> None:
    rendered: list[Any] = []

    def render(document: Mapping[str, Any]) -> str:
        rendered.append(document["ProjectVersions"])
        return breaks(document)

    done = Run(
        [{"v1": "STOPPED"}], "cats/v1", render=render, answer="delete\n", fails=errors.BadValue
    )
    assert isinstance(done.error, errors.BadValue)
    assert (done.error.option, done.changes, done.said) == ("--query", [], "")
    assert r"no such \x1b function" in str(done.error)
    assert rendered == [DELETED]  # as if it had succeeded


def test_a_query_that_only_a_success_satisfies_hides_no_exit_status(capsys: Capsys) -> None:
    def render(document: Any) -> str:
        return breaks(document) if "FAILED" in str(document) else ""

    done = Run([{"v1": "DELETING"}, {"v1": "FAILED"}], "cats/v1", render=render)
    assert (done.status, printed(capsys)) == (255, None)
    assert r"no such \x1b function" in done.said


REFUSED = {"timeout": "1", "delete": [failure(errors.NotFound, "no such")] * 9}


@pytest.mark.parametrize(
    ("seen", "given", "status", "words"),
    [
        (["DELETING"], {"timeout": "1e-9"}, 124, ["--timeout passed (1e-09 s)", "AWS"]),
        (["STOPPED"], {"timeout": "1e-9"}, 124, ["nothing requested yet"]),
        (["STOPPED"], REFUSED, 124, ["nothing requested yet; last answer: ", "no such"]),
        (["DELETING: soon", "FAILED: full"], {}, 255, ["deletion failed", "full"]),
        (["STOPPING", "TRAINING_IN_PROGRESS"], {}, 255, ["the status changed"]),
    ],
)
def test_not_deleted(
    seen: list[str], given: dict[str, Any], status: int, words: list[str], capsys: Capsys
) -> None:
    done = Run([{"v1": each} for each in seen], "cats/v1", yes=True, **given)
    assert done.status == status
    [entry] = printed(capsys)
    assert entry["Status"] == seen[-1].partition(":")[0]
    assert all(word in entry["StatusMessage"] and word in done.said for word in words)
    assert done.said.endswith(": aws THE-LINE\n")
    assert done.resumed == [model_arn()]


def test_only_a_timeout_that_has_not_passed_stays_in_the_line() -> None:
    done = Run([{"v1": "DELETING"}, {"v1": "FAILED"}], "cats/v1", yes=True, timeout="77")
    assert done.options.timeout == 77
    done = Run([{"v1": "DELETING"}], "cats/v1", yes=True, timeout="77")
    assert done.options.timeout is None
    signalled = [errors.Interrupted(signal.SIGTERM)]
    done = Run([{"v1": "STOPPED"}], "cats/v1", yes=True, timeout="77", delete=signalled)
    assert done.options.timeout == 77


def test_the_line_has_no_model_that_is_gone_or_skipped() -> None:
    looks: list[Look] = [
        {"gone": "DELETING", "prod": "RUNNING", "left": "DELETING", "bad": "DELETING"},
        {"prod": "RUNNING", "left": "DELETING", "bad": "FAILED"},
    ]
    paths = [f"cats/{name}" for name in ("gone", "prod", "left", "bad")]
    done = Run(looks, *paths, yes=True, skip_if_busy=True, timeout="77")
    assert done.resumed == [model_arn("left"), model_arn("bad")]
    assert re.search("prod +RUNNING +skip", done.said)


@pytest.mark.parametrize("number", [20, 21])
def test_of_more_than_twenty_there_is_no_line(number: int) -> None:
    names = [f"v{n}" for n in range(number)]
    looks = [dict.fromkeys(names, "DELETING")]
    done = Run(looks, *(f"cats/{name}" for name in names), yes=True, timeout="1")
    assert (done.resumed is None) is (number > 20)
    assert ("To wait for them: run the same command again" in done.said) is (number > 20)


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize(
    ("look", "given", "words"),
    [
        ({"v2": "STOPPED", "v1": "RUNNING"}, BOTH, ["1 of 2 models", "add --skip-if-busy."]),
        ({"v2": "STOPPED"}, BOTH, [f"no model {V1}. ", "add --ignore-not-found."]),
        ({"v2": "STOPPED"}, BOTH_BY_NAME, ["v1", "ResourceNotFoundException", "--ignore-not-f"]),
    ],
)
def test_after_a_refusal_there_is_no_line(
    look: Look, given: dict[str, Any], words: list[str], dry_run: bool, capsys: Capsys
) -> None:
    done = Run([look], yes=True, dry_run=dry_run, fails=(errors.Refused, errors.NotFound), **given)
    assert all(word in str(done.error) for word in words)
    assert (done.resumed, done.changes) == (None, [])
    document = printed(capsys)
    assert (document is not None) is dry_run
    assert all(entry["StatusMessage"] for entry in document or [] if entry["Action"] == "REFUSE")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (failure(errors.CredentialsFailed, "expired"), "the credentials failed"),
        (errors.Unsendable(), "can't be sent"),
        (ZeroDivisionError("oops"), "unexpected"),
    ],
)
def test_what_ends_a_run_in_the_middle_is_raised_when_all_is_said(
    error: Exception, why: str, capsys: Capsys
) -> None:
    paths, answers = ["cats/v0", "cats/v1", "cats/v2"], [failure(errors.Rejected), None, error]
    looks = [{"v0": "STOPPED", "v1": "STOPPED", "v2": "STOPPED"}]
    done = Run(looks, *paths, yes=True, delete=answers, fails=type(error))
    assert done.error is error  # which counts for more than one that failed
    messages = [entry["StatusMessage"] for entry in printed(capsys)[1:]]
    assert all(why in message for message in messages)
    assert why in done.said.lower()
