"""What the command says."""

from __future__ import annotations

import pytest

from awscli_rekcl.errors import InUse, Rejected
from awscli_rekcl.lifecycle import Action, Consent, Request
from awscli_rekcl.model import Cause, Model, Outcome
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


def requested(models: list[Model], answered: bool = True) -> list[Model]:
    for model in models:
        model.sending(Request.DELETE)
        if answered:
            model.accepted(0)
    return models


def failing(*paths: str, status: str = "STOPPED") -> list[Model]:
    models = [a_model(path, status) for path in paths]
    for model in models:
        model.fail(Cause.CHANGED)
    return models


NEVER = "--timeout passed (90 s); nothing was requested for"
ONLY = "--timeout passed (90 s), which ended only the wait; the service goes on."


@pytest.mark.parametrize(
    ("models", "done", "not_done", "next_"),
    [
        ([], ["There is no model to delete."], [], ""),
        (some_models(1, Outcome.DELETED), ["Deleted: version v0 of project cats."], [], ""),
        (
            [*some_models(2, Outcome.DELETED), gone("dogs/v1")],
            ["Deleted: versions v0, v1 of project cats; version v1 of project dogs."],
            [],
            "",
        ),
        (
            some_models(10, Outcome.NOT_FOUND)[9:],
            ["Not there: version v9 of project cats."],
            [],
            "",
        ),
        (some_models(11, Outcome.DELETED), ["Deleted: 11 models."], [], ""),
        (
            [*failing("cats/v0"), *some_models(2)],
            [],
            [
                "Not deleted: version v0 of project cats (STOPPED):"
                " it is STOPPED since the list was confirmed.",
                f"Not deleted: versions v0, v1 of project cats (STOPPED): {NEVER} them yet.",
            ],
            "To try again",
        ),
        (
            some_models(1),
            [],
            [f"Not deleted: version v0 of project cats (STOPPED): {NEVER} it yet."],
            "To try again",
        ),
        (
            requested(some_models(12)),
            [],
            [f"Still being deleted: 12 models. {ONLY}"],
            "To wait for them",
        ),
        (
            [a_model(status="DELETING")],
            [],
            [f"Still being deleted: version v1 of project cats. {ONLY}"],
            "To wait for it",
        ),
        (
            [*requested(some_models(1)), *failing("cats/v1", "cats/v2")],
            [],
            [
                "Not deleted: versions v1, v2 of project cats (STOPPED):"
                " they are STOPPED since the list was confirmed.",
                f"Still being deleted: version v0 of project cats. {ONLY}",
            ],
            "To go on",
        ),
        (
            requested(some_models(2), answered=False),
            [],
            [
                "Not known to be deleted: versions v0, v1 of project cats (STOPPED):"
                " --timeout passed (90 s); their deletions were requested, and go on at the service"
                " if the request arrived."
            ],
            "To try again",
        ),
    ],
)
def test_outcome(models: list[Model], done: list[str], not_done: list[str], next_: str) -> None:
    told = messages.outcome(models, TIMEOUT)
    said = [*told.alarms, *([told.going_on] if told.going_on else [])]
    assert (told.done, said, told.next) == (done, not_done, next_)
    assert not any(text.startswith("Still") for text in told.alarms)  # which are red


def test_of_many_failures_the_first_is_named() -> None:
    [text] = messages.outcome(failing(*(f"cats/v{i}" for i in range(12))), TIMEOUT).alarms
    assert text.startswith("Not deleted: version v0 of project cats and 11 models more (STOPPED): ")


def test_what_nobody_can_see_is_not_called_alive() -> None:
    model = a_model(status="DELETING")
    model.fail(Cause.UNSEEN, None, failure(Rejected, "not you"))
    assert messages.failed(model).startswith("Not known to be deleted: version v1 of project cats")
    assert messages.outcome([model], TIMEOUT).alarms == [messages.failed(model)]
    model.fail(Cause.DELETION_FAILED)
    assert messages.failed(model).startswith("Not deleted: version v1 of project cats")


@pytest.mark.parametrize(
    ("ending", "begins"),
    [
        (Ending(EndedBy.SIGNAL, signal="SIGINT"), "Ctrl-C ended only the wait; the"),
        (Ending(EndedBy.SIGNAL, signal="SIGHUP"), "The lost terminal ended only the wait; the"),
        (Ending(EndedBy.SIGNAL, signal="SIGTERM"), "SIGTERM ended only the wait; the"),
        (Ending(EndedBy.CREDENTIALS), "The credentials failed, which ended only the wait; the"),
        (Ending(EndedBy.DEFECT), "An unforeseen error ended only the wait; the"),
    ],
)
def test_what_ended_only_the_wait(ending: Ending, begins: str) -> None:
    told = messages.outcome(requested(some_models(12)), ending)
    assert told.going_on == f"Still being deleted: 12 models. {begins} service goes on."


def test_skipped() -> None:
    model = a_model(status="RUNNING")
    model.plan, model.outcome = Action.SKIP, Outcome.SKIPPED
    assert messages.outcome([model, gone("cats/v2")], TIMEOUT).done == [
        "Deleted: version v2 of project cats.",
        "Skipped: version v1 of project cats (RUNNING): --stop-if-running would stop it first.",
    ]


def test_no_two_full_stops() -> None:
    model = a_model()
    model.fail(Cause.REFUSED, Request.DELETE, failure(Rejected, "You can't."))
    assert messages.failed(model).endswith(" operation: You can't.")


def test_busy() -> None:
    error = failure(InUse, "The model is in use.")
    model = a_model()
    text = messages.in_use(model, error)
    assert text.startswith("Version v1 of project cats is busy, trying again: ")
    assert text.endswith("The model is in use.")
    model.sending(Request.DELETE)
    model.declined(error, retried=False)
    assert "the service said last: " in messages.why_not_deleted(model, TIMEOUT)


@pytest.mark.parametrize(
    ("names", "usable", "text"),
    [
        (["v9"], 1, "Kept: 1 newest usable model, from v9 on."),
        (["v9", "v8", "v7"], 2, "Kept: 2 newest usable models, from v7 on, and 1 newer one."),
        (["b", "a", "v9"], 1, "Kept: 1 newest usable model, from v9 on, and 2 newer ones."),
    ],
)
def test_kept(names: list[str], usable: int, text: str) -> None:
    assert messages.kept(names, usable) == text


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
    if requested:
        model.sending(requested)
        if answered:
            model.accepted(0)
    text = messages.why_not_deleted(model, ending)
    assert text.startswith(begins)
    assert phrase in text


NOT_YOU = failure(Rejected, "not you")
SAID = "An error occurred (Code) when calling the DeleteProjectVersion operation: not you"


@pytest.mark.parametrize(
    ("status", "cause", "request_", "error", "text"),
    [
        (
            "STOPPED",
            Cause.DELETION_FAILED,
            None,
            None,
            "its deletion failed: it went back to STOPPED",
        ),
        (
            "STOPPED",
            Cause.DENIED,
            Request.DELETE,
            NOT_YOU,
            f"the permission rekognition:DeleteProjectVersion is missing: {SAID}",
        ),
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


def test_a_message_of_the_service_is_no_reason() -> None:
    model = a_model(status="DELETING")
    for _ in range(2):
        model.listed("FAILED", "no space", 0)
    assert messages.why_not_deleted(model, TIMEOUT) == (
        'its deletion failed: it went back to FAILED. The service says now: "no space"'
    )


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
    assert 'the answer was not "delete"' in messages.not_confirmed(True)
    assert "nobody" in messages.not_confirmed(False)


@pytest.mark.parametrize(
    ("names", "named"),
    [(["v1"], "v1."), (["v1", "v2"], "v1, v2."), ([*"abcdefghijkl"], "i, j and 2 more.")],
)
def test_not_there(names: list[str], named: str) -> None:
    text = messages.not_there(names, LINE)
    assert f"{named} Nothing was changed. If {'they' if names[1:] else 'it'} may be gone" in text
    assert text.endswith(LINE)


@pytest.mark.parametrize(
    ("statuses", "consents", "options"),
    [
        (["RUNNING", "STOPPED"], NO_CONSENT, ["--stop-if-running"]),
        (["TRAINING_IN_PROGRESS"], NO_CONSENT, ["--wait-if-training"]),
        (
            ["COPYING_IN_PROGRESS", "STARTING"],
            NO_CONSENT,
            ["--wait-if-training", "--stop-if-running"],
        ),
        (["RUNNING"], TRAINING, ["--stop-if-running"]),
        (["RUNNING", "COPYING_IN_PROGRESS"], STOP, ["--wait-if-training"]),
    ],
)
def test_refusal_names_status_and_option(
    statuses: list[str], consents: frozenset[Consent], options: list[str]
) -> None:
    models = [a_model(status=status, consents=consents) for status in statuses]
    first, *lines = messages.refusal(models)
    assert first == "Nothing was changed."
    text = " ".join(lines)
    assert all(f"{option} would" in text for option in options)
    for model in models:
        assert (str(model.status) in text) is (messages.why_refused(model) != "")
    assert "STOPPED" not in text


def test_one_full_stop_between_the_words_of_the_service_and_ours() -> None:
    model = a_model(status="DELETING")
    model.fail(Cause.UNSEEN, None, failure(Rejected, "Not you."))
    assert messages.why_not_deleted(model, TIMEOUT) == (
        "its status can't be looked up any more: An error occurred (Code) when calling the"
        " DeleteProjectVersion operation: Not you; its deletion was requested and goes on at the"
        " service"
    )
