"""What the command says."""

from __future__ import annotations

import inspect
import re
import signal
from pathlib import Path

import pytest

from awscli_rekcl.errors import CredentialsFailed, Interrupted, InUse, Rejected, Unsendable
from awscli_rekcl.lifecycle import Action, Request
from awscli_rekcl.model import LAG, Cause, Model, Outcome
from awscli_rekcl.terminal import messages

from .fakes import STOP, a_model, failure, model_arn, project_arn, some_models

LIMIT = "--timeout passed (90 s)"
DELETED, FAILED = Outcome.DELETED, Outcome.FAILED
STOPPING, DELETE = Request.STOP, Request.DELETE


def ended(outcome: Outcome, *paths: str) -> list[Model]:
    """Models that ended like that, the failed ones because their status changed."""
    models = [a_model(path) for path in paths]
    for model in models:
        model.outcome = outcome
        if outcome is FAILED:
            model.fail(Cause.CHANGED)
    return models


def requested(models: list[Model], request: Request = DELETE, answered: bool = True) -> list[Model]:
    for model in models:
        model.sending(request)
        if answered:
            model.accepted()
    return models


def test_every_message_has_its_row() -> None:
    functions = {
        name
        for name, value in inspect.getmembers(messages, inspect.isfunction)
        if value.__module__ == messages.__name__ and not name.startswith("_")
    }
    missing = functions - set(re.findall(r"\bmessages\.(\w+)\(", Path(__file__).read_text()))
    assert not missing, f"{Path(__file__).name} needs a row for {', '.join(missing)}"


def test_prompt_names_the_word() -> None:
    assert messages.question(some_models(1)) == 'Type "delete" to delete this model: '
    others = [a_model("cats/v9", None), a_model("cats/v8", None)]  # of which nothing is deleted
    assert messages.question([*some_models(3), *others], names_yes=True) == (
        'Type "delete" to delete these 3 models, or use --yes: '
    )


NEVER = f"{LIMIT}; nothing requested yet."
CHANGED = "the status changed to STOPPED after you confirmed."
ARRIVED = "deletion requested; AWS continues if the request arrived."


@pytest.mark.parametrize(
    ("models", "texts", "next_"),
    [
        ([], ["There is no model to delete."], ""),
        (
            [*some_models(2, DELETED), *ended(DELETED, "dogs/v1")],
            ["Deleted: versions v0, v1 in project cats; version v1 in project dogs."],
            "",
        ),
        (ended(Outcome.NOT_FOUND, "cats/v9"), ["Already gone: version v9 in project cats."], ""),
        (
            [*ended(FAILED, "cats/v0"), *some_models(2), a_model("cats/v2", "FAILED")],
            [
                f"Not deleted: version v0 in project cats (STOPPED): {CHANGED}",
                f"Not deleted: versions v0, v1 in project cats (STOPPED): {NEVER}",
                f"Not deleted: version v2 in project cats (FAILED): {NEVER}",
            ],
            "To try again",
        ),
        (
            ended(FAILED, *(f"{name}/v{i}" for i in range(6) for name in ("cats", "dogs"))),
            [f"Not deleted: 12 models in 2 projects (STOPPED): {CHANGED}"],
            "To try again",
        ),
        (
            [a_model(status="DELETING")],
            [f"Still being deleted: version v1 in project cats. {LIMIT}; AWS continues."],
            "To wait for it",
        ),
        (
            [*requested(some_models(12)), *ended(FAILED, "cats/v1", "cats/v2")],
            [
                f"Still being deleted: 12 models in project cats. {LIMIT}; AWS continues.",
                f"Not deleted: versions v1, v2 in project cats (STOPPED): {CHANGED}",
            ],
            "To continue",
        ),
        (
            [*requested(some_models(2), answered=False), *some_models(1)],
            [
                f"Not deleted: version v0 in project cats (STOPPED): {NEVER}",
                f"May still exist: versions v0, v1 in project cats (STOPPED): {LIMIT}; {ARRIVED}",
            ],
            "To try again",
        ),
    ],
)
def test_outcome(models: list[Model], texts: list[str], next_: str) -> None:
    summary = messages.summary(models, LIMIT)
    assert [*summary.done, *summary.pending, *summary.problems] == texts
    assert summary.next == next_
    for model in models:
        is_gone = model.outcome in (DELETED, Outcome.NOT_FOUND)
        assert is_gone is (messages.why_not_deleted(model, LIMIT) == "")
    assert not any(text.startswith("Still") for text in summary.problems)  # which are red


def test_one_missing_permission_is_one_sentence_whatever_arns_the_message_holds() -> None:
    models = some_models(55)
    who = "arn:aws:sts::123456789012:assumed-role/nightly/job"
    for model in models:
        said = f"User: {who} is not authorized to perform it on resource: {model.arn.text}."
        model.fail(Cause.DENIED, DELETE, failure(Rejected, said))
    assert messages.summary(models, LIMIT).problems == [
        "Not deleted: 55 models in project cats (STOPPED): the permission"
        " rekognition:DeleteProjectVersion is missing: An error occurred (Code) when calling the"
        f" DeleteProjectVersion operation: User: {who} is not authorized to perform it on resource:"
        " the model."
    ]


@pytest.mark.parametrize(
    ("by", "text"),
    [
        (None, "--timeout passed (90 s)"),
        (Interrupted(signal.SIGINT), "ended by Ctrl-C"),
        (Interrupted(signal.SIGTERM), "ended by SIGTERM"),
        (failure(CredentialsFailed), "the credentials failed"),
        (Unsendable(), "a request can't be sent"),
        (ValueError(), "an unexpected error ended the command"),
    ],
)
def test_what_ended_the_wait(by: BaseException | None, text: str) -> None:
    assert messages.ended(by, 90) == text
    [pending] = messages.summary([a_model(status="DELETING")], text).pending
    assert pending.endswith(f" cats. {text[0].upper()}{text[1:]}; AWS continues.")


def test_skipped() -> None:
    model = a_model(status="RUNNING")
    model.plan, model.outcome = Action.SKIP, Outcome.SKIPPED
    assert messages.why_refused(model) == "needs --stop-if-running"
    assert messages.why_refused(a_model("cats/v1", "RUNNING", STOP)) == ""
    assert messages.summary([model, *ended(DELETED, "cats/v2")], LIMIT).done == [
        "Deleted: version v2 in project cats.",
        "Skipped: version v1 in project cats (RUNNING): needs --stop-if-running.",
    ]


def test_busy() -> None:
    error = failure(InUse, "The model is in use.")
    model = a_model()
    text = messages.in_use(model, error)
    assert text.startswith("Version v1 in project cats is busy, retrying: ")
    assert text.endswith(": The model is in use.")  # no two full stops
    model.sending(DELETE)
    model.declined(error, may_be_done=False)
    assert "; last answer: " in messages.why_not_deleted(model, LIMIT)
    assert messages.transient_error(error) == f"Request failed, retrying: {error}"


def test_what_is_kept() -> None:
    statuses = ["FAILED", "STOPPED", "RUNNING"]
    kept = [a_model(f"cats/v{i}", status) for i, status in enumerate(statuses)]
    assert messages.keeping(kept) == "Keeping 3 models: v0 (FAILED), v1, v2."
    assert messages.keeping(kept[1:2]) == "Keeping 1 model: v1."
    assert messages.keeping(kept[1:] * 6).endswith(", v2 and 2 more.")
    _, text = messages.summary([], LIMIT, some_models(12)).done
    assert text == "Kept: v0, v1, v2, v3, v4, v5, v6, v7, v8, v9 and 2 more."


@pytest.mark.parametrize(
    ("status", "request_", "answered", "phrase"),
    [
        ("DELETING", None, False, "deletion requested; AWS continues"),
        ("STOPPED", DELETE, True, "deletion requested; AWS continues"),
        ("STOPPED", DELETE, False, "deletion requested; AWS continues if the request arrived"),
        ("STOPPED", STOPPING, True, "stop requested, deletion not requested yet"),
        ("STOPPING", None, False, "stopping, deletion not requested yet"),
        ("STOPPED", None, False, "nothing requested yet"),
        # What the last poll contradicts.
        ("STOPPED, STOPPED", DELETE, True, "deletion requested, but the status is still STOPPED"),
        ("STOPPED, FAILED", DELETE, True, "deletion requested, but the status went back to FAILED"),
        ("DELETING, FAILED", None, False, "was being deleted, but the status went back to FAILED"),
    ],
)
def test_why_open(status: str, request_: Request | None, answered: bool, phrase: str) -> None:
    before, _, shown = status.partition(", ")
    model = a_model(status=before)
    if request_:
        requested([model], request_, answered)
    if shown:
        model.listed(shown, "", 1)
    assert messages.why_not_deleted(model, LIMIT) == f"{LIMIT}; {phrase}"
    assert not shown or not messages.summary([model], LIMIT).pending


def test_the_region_is_named_where_the_run_has_several() -> None:
    model, away = (
        Model(model_arn(region=region), project_arn(region=region), "STOPPED")
        for region in ("us-east-1", "eu-west-1")
    )
    model.fail(Cause.CHANGED)
    assert "in project cats in us-east-1 (" in messages.failed(model, [model, away])
    assert "in project cats (" in messages.failed(model, [model])


SAID = "An error occurred (Code) when calling the DeleteProjectVersion operation: not you"
GONE = "; deletion requested; AWS continues"
PERMISSION = "the permission rekognition:DeleteProjectVersion"
UNSEEN = "the status can no longer be checked"


@pytest.mark.parametrize(
    ("title", "status", "cause", "request_", "text"),
    [
        ("Not deleted", "STOPPED", Cause.DENIED, DELETE, f"{PERMISSION} is missing: {SAID}."),
        ("Not deleted", "RUNNING", Cause.CHANGED, None, "the status changed to RUNNING after you"),
        (
            "Not deleted",
            "RUNNING",
            Cause.REFUSED,
            STOPPING,
            f"the service refused to stop: {SAID}.",
        ),
        # What nobody can see is not called alive.
        ("May still exist", "DELETING", Cause.UNSEEN, None, f"{UNSEEN}: {SAID}{GONE}."),
    ],
)
def test_why_failed(
    title: str, status: str, cause: Cause, request_: Request | None, text: str
) -> None:
    model = a_model("cats/v1", status, STOP)
    model.fail(cause, request_, failure(Rejected, "not you."))
    said = messages.failed(model)
    assert said.startswith(f"{title}: version v1 in project cats ({status}): {text}")
    assert messages.summary([model], LIMIT).problems == [said]
    assert ".." not in said


def test_a_message_of_the_service_is_no_reason() -> None:
    [model] = requested([a_model()])
    for status, time in (("DELETING", 0), ("FAILED", 0), ("FAILED", LAG)):
        model.listed(status, "no space", time)
    reason = "deletion failed, and the status went back to FAILED"
    text = f'{reason}. Current status message: "no space"'
    assert messages.why_failed(model) == text
    model.status_message = ""
    assert messages.failed(model) == f"Not deleted: version v1 in project cats (FAILED): {reason}."


def test_failed_although_an_earlier_request_may_have_arrived() -> None:
    [model] = requested([a_model()], answered=False)
    model.fail(Cause.REFUSED, DELETE, failure(Rejected, "not you"))
    text = messages.why_not_deleted(model, LIMIT)
    assert text == f"the service refused to delete: {SAID}{GONE} if the request arrived"
    model.fail(Cause.CHANGED)  # which a listing that lags shows as well
    text = messages.why_not_deleted(model, LIMIT)
    assert text == f"the status changed to STOPPED after you confirmed{GONE} if the request arrived"
    assert messages.failed(model).startswith("May still exist: ")


@pytest.mark.parametrize(
    ("names", "named"),
    [(["v1"], "v1."), (["v1", "v2"], "v1, v2."), ([*"abcdefghijkl"], "i, j and 2 more.")],
)
def test_not_there(names: list[str], named: str) -> None:
    version = "versions" if names[1:] else "version"
    text = messages.not_there(messages.no_such_version("cats", names))
    assert text.startswith(f"project cats has no {version} {names[0]}")
    advice = "If already deleted, add --ignore-not-found."
    assert text.endswith(f"{named} Nothing was changed. {advice}")
    assert messages.no_such_model(names).endswith(named)
    assert messages.upper_first(text)[:9] == "Project c"


def test_a_refusal_begins_with_its_reason_and_ends_with_what_helps() -> None:
    running = a_model("cats/v1", "RUNNING")
    assert messages.refusal([running], [running]) == [
        "The model can't be deleted now. Nothing was changed.",
        "Version v1 in project cats (RUNNING): needs --stop-if-running.",
        "To delete it, add --stop-if-running. To leave it alone, add --skip-if-busy.",
    ]
    busy = [a_model("cats/v1", "COPYING_IN_PROGRESS"), a_model("cats/v2", "STARTING")]
    assert messages.refusal(busy, [*busy, *some_models(3)]) == [
        "2 of 5 models can't be deleted now. Nothing was changed.",
        "Version v1 in project cats (COPYING_IN_PROGRESS): needs --wait-if-training.",
        "Version v2 in project cats (STARTING): needs --stop-if-running.",
        "To delete them, add --stop-if-running and --wait-if-training."
        " To leave them alone, add --skip-if-busy.",
    ]
    assert messages.refusal([running], [running, a_model()])[0].startswith("1 of 2 models can't")


def test_more_models_than_a_line_names() -> None:
    for only_show_errors, rest in ((False, " and"), (True, " and --only-show-errors, and")):
        assert messages.same_command("To try again", only_show_errors=only_show_errors) == (
            f"To try again: run the same command again without --yes{rest} with --ignore-not-found."
        )
