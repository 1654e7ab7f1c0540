"""What the command says."""

from __future__ import annotations

import pytest

from awscli_rekcl.lifecycle import STOP_IF_RUNNING, WAIT_IF_TRAINING, Request
from awscli_rekcl.model import Cause, Model, Outcome
from awscli_rekcl.service.errors import Rejected
from awscli_rekcl.terminal import messages
from awscli_rekcl.terminal.messages import EndedBy, Ending

from .fakes import NO_CONSENT, STOP, TRAINING, a_model, failure, some_models

LINE = "aws rekognition delete-model-and-wait --project-version-arn arn"
TIMEOUT = Ending(EndedBy.TIMEOUT, timeout=90)


def test_prompt_names_the_word() -> None:
    assert messages.prompt(some_models(1)) == 'Type "delete" to delete this model: '
    assert messages.prompt(some_models(3)) == 'Type "delete" to delete these 3 models: '


def gone(path: str) -> Model:
    model = a_model(path)
    model.outcome = Outcome.DELETED
    return model


@pytest.mark.parametrize(
    ("models", "done", "not_done"),
    [
        ([], ["There is no model to delete."], []),
        (some_models(1, Outcome.DELETED), ["Deleted: version v0 of project cats."], []),
        (
            [*some_models(2, Outcome.DELETED), gone("dogs/v1")],
            ["Deleted: versions v0, v1 of project cats; version v1 of project dogs."],
            [],
        ),
        (some_models(10, Outcome.NOT_FOUND)[9:], ["Not there: version v9 of project cats."], []),
        (some_models(11, Outcome.DELETED), ["Deleted: 11 models."], []),
        (
            [*some_models(2), *some_models(1, Outcome.FAILED), a_model("cats/v7")],
            [],
            [
                "Not deleted: version v0 of project cats (STOPPED): bad.",
                "Not deleted: versions v0, v1, v7 of project cats (STOPPED): why.",
            ],
        ),
    ],
)
def test_outcome(models: list[Model], done: list[str], not_done: list[str]) -> None:
    assert messages.outcome(models, why) == (done, not_done)


def why(model: Model) -> str:
    return "bad" if model.outcome is Outcome.FAILED else "why"


@pytest.mark.parametrize(
    ("status", "requested", "answered", "phrase"),
    [
        ("DELETING", None, False, "its deletion was requested and goes on"),
        ("DELETING", Request.DELETE, False, "its deletion was requested and goes on"),
        ("STOPPED", Request.DELETE, True, "its deletion was requested and goes on"),
        ("STOPPED", Request.DELETE, False, "goes on at the service if the request arrived"),
        ("STOPPED", Request.STOP, True, "its deletion was not requested yet"),
        ("STOPPING", None, False, "its deletion was not requested yet"),
        ("STOPPED", None, False, "nothing was requested"),
    ],
)
@pytest.mark.parametrize(
    ("ending", "begins"),
    [
        (TIMEOUT, "--timeout passed (90 s); "),
        (Ending(EndedBy.SIGNAL, signal="SIGTERM"), "the command was ended by SIGTERM; "),
        (Ending(EndedBy.CREDENTIALS), "the credentials failed; "),
        (Ending(EndedBy.DEFECT), "an unforeseen error ended the command; "),
    ],
)
def test_why_open(
    ending: Ending,
    begins: str,
    status: str,
    requested: Request | None,
    answered: bool,
    phrase: str,
) -> None:
    model = a_model(status=status)
    model.requested, model.answered = requested, answered
    text = messages.why_not_deleted(model, ending)
    assert text.startswith(begins)
    assert phrase in text


NOT_YOU = failure(Rejected, "not you")
SAID = "An error occurred (Code) when calling the DeleteProjectVersion operation: not you"


@pytest.mark.parametrize(
    ("status", "cause", "request_", "error", "text"),
    [
        ("STOPPED", Cause.DELETION_FAILED, None, None, "its deletion failed: no reason was given"),
        (
            "RUNNING",
            Cause.CHANGED,
            None,
            None,
            "it was started after the list was confirmed and is RUNNING",
        ),
        (
            "TRAINING_IN_PROGRESS",
            Cause.CHANGED,
            None,
            None,
            "it is TRAINING_IN_PROGRESS since the list was confirmed",
        ),
        (
            "RUNNING",
            Cause.REFUSED,
            Request.STOP,
            NOT_YOU,
            f"the service refused to stop it: {SAID}",
        ),
        (
            "DELETING",
            Cause.UNSEEN,
            None,
            NOT_YOU,
            f"its status can't be looked up any more: {SAID};"
            " its deletion was requested and goes on at the service",
        ),
    ],
)
def test_why_failed(
    status: str, cause: Cause, request_: Request | None, error: Exception | None, text: str
) -> None:
    model = a_model(status=status)
    model.fail(cause, request_, error)
    assert messages.why_not_deleted(model, TIMEOUT) == text


def test_why_failed_with_the_reason_of_the_service() -> None:
    model = a_model(status="DELETING")
    for _ in range(2):
        model.listed("FAILED", "no space", 0)
    assert messages.why_not_deleted(model, TIMEOUT) == "its deletion failed: no space"


def test_refused_although_an_earlier_request_may_have_arrived() -> None:
    model = a_model(status="STOPPED")
    model.sending(Request.DELETE)
    model.fail(Cause.REFUSED, Request.DELETE, NOT_YOU)
    text = messages.why_not_deleted(model, TIMEOUT)
    assert text.startswith(f"the service refused to delete it: {SAID}; its deletion was requested")


@pytest.mark.parametrize("outcome", [Outcome.DELETED, Outcome.NOT_FOUND])
def test_nothing_to_explain(outcome: Outcome) -> None:
    assert messages.why_not_deleted(some_models(1, outcome)[0], TIMEOUT) == ""


def test_not_confirmed() -> None:
    [line] = messages.not_confirmed(True, f"{LINE} --yes")
    assert "Nothing was changed" in line
    assert messages.not_confirmed(False, f"{LINE} --yes")[1] == f"To go on: {LINE} --yes"


@pytest.mark.parametrize(
    ("names", "named"),
    [(["v1"], "v1."), (["v1", "v2"], "v1, v2."), ([*"abcdefghijkl"], "i, j and 2 more.")],
)
def test_not_there(names: list[str], named: str) -> None:
    text = messages.not_there(names, LINE)
    assert f"{named} Nothing was changed." in text
    assert text.endswith(LINE)


@pytest.mark.parametrize(
    ("statuses", "consents", "options"),
    [
        (["RUNNING", "STOPPED"], NO_CONSENT, [STOP_IF_RUNNING]),
        (["TRAINING_IN_PROGRESS"], NO_CONSENT, [WAIT_IF_TRAINING]),
        (["COPYING_IN_PROGRESS", "STARTING"], NO_CONSENT, [WAIT_IF_TRAINING, STOP_IF_RUNNING]),
        (["RUNNING"], TRAINING, [STOP_IF_RUNNING]),
        (["RUNNING", "COPYING_IN_PROGRESS"], STOP, [WAIT_IF_TRAINING]),
    ],
)
def test_refusal_names_status_and_option(
    statuses: list[str], consents: frozenset[str], options: list[str]
) -> None:
    models = [a_model(status=status, consents=consents) for status in statuses]
    text = messages.refusal(models, LINE)
    assert text.startswith("Nothing was changed.")
    assert text.endswith(f"To go on: {LINE}")
    assert all(f"{option} would" in text for option in options)
    for model in models:
        assert (str(model.status) in text) is (messages.why_refused(model) != "")
    assert "STOPPED" not in text
