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
    assert messages.question(some_models(1)) == 'Type "delete" to delete this model: '
    assert messages.question(some_models(3), names_yes=True) == (
        'Type "delete" to delete these 3 models, or use --yes: '
    )


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


NEVER = "--timeout passed (90 s); nothing requested yet."
ONLY = "--timeout passed (90 s); AWS continues."


@pytest.mark.parametrize(
    ("models", "done", "not_done", "next_"),
    [
        ([], ["There is no model to delete."], [], ""),
        (some_models(1, Outcome.DELETED), ["Deleted: version v0 in project cats."], [], ""),
        (
            [*some_models(2, Outcome.DELETED), gone("dogs/v1")],
            ["Deleted: versions v0, v1 in project cats; version v1 in project dogs."],
            [],
            "",
        ),
        (
            some_models(10, Outcome.NOT_FOUND)[9:],
            ["Already gone: version v9 in project cats."],
            [],
            "",
        ),
        (some_models(11, Outcome.DELETED), ["Deleted: 11 models in project cats."], [], ""),
        (
            [*failing("cats/v0"), *some_models(2)],
            [],
            [
                "Not deleted: version v0 in project cats (STOPPED):"
                " the status changed to STOPPED after you confirmed.",
                f"Not deleted: versions v0, v1 in project cats (STOPPED): {NEVER}",
            ],
            "To try again",
        ),
        (
            some_models(1),
            [],
            [f"Not deleted: version v0 in project cats (STOPPED): {NEVER}"],
            "To try again",
        ),
        (
            requested(some_models(12)),
            [],
            [f"Still being deleted: 12 models in project cats. {ONLY}"],
            "To wait for them",
        ),
        (
            [a_model(status="DELETING")],
            [],
            [f"Still being deleted: version v1 in project cats. {ONLY}"],
            "To wait for it",
        ),
        (
            [*requested(some_models(1)), *failing("cats/v1", "cats/v2")],
            [],
            [
                "Not deleted: versions v1, v2 in project cats (STOPPED):"
                " the status changed to STOPPED after you confirmed.",
                f"Still being deleted: version v0 in project cats. {ONLY}",
            ],
            "To continue",
        ),
        (
            requested(some_models(2), answered=False),
            [],
            [
                "May still exist: versions v0, v1 in project cats (STOPPED):"
                " --timeout passed (90 s); deletion requested; AWS continues if the request"
                " arrived."
            ],
            "To try again",
        ),
    ],
)
def test_outcome(models: list[Model], done: list[str], not_done: list[str], next_: str) -> None:
    summary = messages.summary(models, TIMEOUT)
    said = [*summary.problems, *summary.pending]
    assert (summary.done, said, summary.next) == (done, not_done, next_)
    assert not any(text.startswith("Still") for text in summary.problems)  # which are red


def test_what_was_kept_is_in_the_summary() -> None:
    [text] = messages.summary(some_models(12, Outcome.DELETED), TIMEOUT, kept=57).done
    assert text == "Deleted: 12 models in project cats. Kept: 57."
    assert messages.summary([], TIMEOUT, kept=3).done == ["There is no model to delete. Kept: 3."]


def test_many_failures_are_counted() -> None:
    [text] = messages.summary(failing(*(f"cats/v{i}" for i in range(12))), TIMEOUT).problems
    assert text.startswith("Not deleted: 12 models in project cats (STOPPED): ")
    paths = [f"{project}/v{i}" for i in range(6) for project in ("cats", "dogs")]
    [text] = messages.summary(failing(*paths), TIMEOUT).problems
    assert text.startswith("Not deleted: 12 models in 2 projects (STOPPED): ")


def test_one_missing_permission_is_one_sentence_whatever_arns_the_message_holds() -> None:
    models = some_models(55)
    who = "arn:aws:sts::123456789012:assumed-role/nightly/job"
    for model in models:
        said = f"User: {who} is not authorized to perform it on resource: {model.arn.text}."
        model.fail(Cause.DENIED, Request.DELETE, failure(Rejected, said))
    assert messages.summary(models, TIMEOUT).problems == [
        "Not deleted: 55 models in project cats (STOPPED): the permission"
        " rekognition:DeleteProjectVersion is missing: An error occurred (Code) when calling the"
        f" DeleteProjectVersion operation: User: {who} is not authorized to perform it on resource:"
        " the model."
    ]


def test_what_nobody_can_see_is_not_called_alive() -> None:
    model = a_model(status="DELETING")
    model.fail(Cause.UNSEEN, None, failure(Rejected, "not you"))
    assert messages.failed(model).startswith("May still exist: version v1 in project cats")
    assert messages.summary([model], TIMEOUT).problems == [messages.failed(model)]
    model.fail(Cause.DELETION_FAILED)
    assert messages.failed(model).startswith("Not deleted: version v1 in project cats")


@pytest.mark.parametrize(
    ("ending", "begins"),
    [
        (Ending(EndedBy.SIGNAL, signal="SIGINT"), "Ended by Ctrl-C"),
        (Ending(EndedBy.SIGNAL, signal="SIGHUP"), "Ended by a lost terminal"),
        (Ending(EndedBy.SIGNAL, signal="SIGTERM"), "Ended by SIGTERM"),
        (Ending(EndedBy.CREDENTIALS), "The credentials failed"),
        (Ending(EndedBy.DEFECT), "An unexpected error ended the command"),
    ],
)
def test_what_ended_only_the_wait(ending: Ending, begins: str) -> None:
    [text] = messages.summary(requested(some_models(12)), ending).pending
    assert text == f"Still being deleted: 12 models in project cats. {begins}; AWS continues."


def test_skipped() -> None:
    model = a_model(status="RUNNING")
    model.plan, model.outcome = Action.SKIP, Outcome.SKIPPED
    assert messages.summary([model, gone("cats/v2")], TIMEOUT).done == [
        "Deleted: version v2 in project cats.",
        "Skipped: version v1 in project cats (RUNNING): needs --stop-if-running.",
    ]


def test_no_two_full_stops() -> None:
    model = a_model()
    model.fail(Cause.REFUSED, Request.DELETE, failure(Rejected, "You can't."))
    assert messages.failed(model).endswith(" operation: You can't.")


def test_busy() -> None:
    error = failure(InUse, "The model is in use.")
    model = a_model()
    text = messages.in_use(model, error)
    assert text.startswith("Version v1 in project cats is busy, retrying: ")
    assert text.endswith("The model is in use.")
    model.sending(Request.DELETE)
    model.declined(error, retried=False)
    assert "; last answer: " in messages.why_not_deleted(model, TIMEOUT)


@pytest.mark.parametrize(
    ("statuses", "text"),
    [
        (["STOPPED"], "Keeping 1: the 1 newest usable."),
        (
            ["STOPPED", "TRAINING_FAILED", "RUNNING"],
            "Keeping 3: the 2 newest usable and 1 failed one among them.",
        ),
        (
            ["COPYING_FAILED", "TRAINING_FAILED", "RUNNING"],
            "Keeping 3: the 1 newest usable and 2 failed ones among them.",
        ),
        (
            ["TRAINING_IN_PROGRESS", "TRAINING_FAILED", "RUNNING"],
            "Keeping 3: the 1 newest usable and 2 other ones among them.",
        ),
    ],
)
def test_kept(statuses: list[str], text: str) -> None:
    assert messages.keeping(statuses) == text


@pytest.mark.parametrize(
    ("status", "requested", "answered", "phrase"),
    [
        ("DELETING", None, False, "deletion requested; AWS continues"),
        ("DELETING", Request.DELETE, False, "deletion requested; AWS continues"),
        ("STOPPED", Request.DELETE, True, "deletion requested; AWS continues"),
        (
            "STOPPED",
            Request.DELETE,
            False,
            "deletion requested; AWS continues if the request arrived",
        ),
        ("STOPPED", Request.STOP, True, "stop requested, deletion not requested yet"),
        ("STOPPING", None, False, "stopping, deletion not requested yet"),
        ("STOPPED", None, False, "nothing requested yet"),
    ],
)
@pytest.mark.parametrize(
    ("ending", "begins"),
    [
        (TIMEOUT, "--timeout passed (90 s); "),
        (Ending(EndedBy.SIGNAL, signal="SIGTERM"), "ended by SIGTERM; "),
        (Ending(EndedBy.CREDENTIALS), "the credentials failed; "),
        (Ending(EndedBy.DEFECT), "an unexpected error ended the command; "),
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
            "deletion failed, and the status went back to STOPPED",
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
            "the status changed to RUNNING after you confirmed",
        ),
        (
            "TRAINING_IN_PROGRESS",
            Cause.CHANGED,
            None,
            None,
            "the status changed to TRAINING_IN_PROGRESS after you confirmed",
        ),
        (
            "RUNNING",
            Cause.REFUSED,
            Request.STOP,
            NOT_YOU,
            f"the service refused to stop: {SAID}",
        ),
        (
            "DELETING",
            Cause.UNSEEN,
            None,
            NOT_YOU,
            f"the status can no longer be checked: {SAID}; deletion requested; AWS continues",
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
        'deletion failed, and the status went back to FAILED. Current status message: "no space"'
    )


def test_refused_although_an_earlier_request_may_have_arrived() -> None:
    model = a_model(status="STOPPED")
    model.sending(Request.DELETE)
    model.fail(Cause.REFUSED, Request.DELETE, NOT_YOU)
    text = messages.why_not_deleted(model, TIMEOUT)
    assert text.startswith(f"the service refused to delete: {SAID}; deletion requested")


@pytest.mark.parametrize("outcome", [Outcome.DELETED, Outcome.NOT_FOUND])
def test_nothing_to_explain(outcome: Outcome) -> None:
    assert messages.why_not_deleted(some_models(1, outcome)[0], TIMEOUT) == ""


def test_not_confirmed() -> None:
    assert 'the answer was not "delete"' in messages.not_confirmed(answered=True)
    assert "add --yes" in messages.not_confirmed(answered=False)


@pytest.mark.parametrize(
    ("names", "named"),
    [(["v1"], "v1."), (["v1", "v2"], "v1, v2."), ([*"abcdefghijkl"], "i, j and 2 more.")],
)
def test_not_there(names: list[str], named: str) -> None:
    version = "versions" if names[1:] else "version"
    text = messages.not_there(messages.no_such_version("cats", names), LINE)
    assert text.startswith(f"project cats has no {version} {names[0]}")
    assert text.endswith(f"{named} Nothing was changed. If already deleted: {LINE}")
    assert messages.no_such_model(names).endswith(named)


@pytest.mark.parametrize(
    ("number", "consents", "leave", "delete"),
    [
        (1, [Consent.STOP_IF_RUNNING], "it", "stop and delete it"),
        (2, [Consent.WAIT_IF_TRAINING], "them", "wait for and delete them"),
        (2, [*Consent], "them", "stop or wait for and delete them"),
    ],
)
def test_what_to_type_after_a_refusal(
    number: int, consents: list[Consent], leave: str, delete: str
) -> None:
    models = some_models(number)
    assert messages.to_leave_alone(models) == f"To leave {leave} alone"
    assert messages.to_delete_as_well(models, consents) == f"To {delete} as well"


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
    assert all(f"needs {option}" in text for option in options)
    for model in models:
        assert (str(model.status) in text) is (messages.why_refused(model) != "")
    assert "STOPPED" not in text


def test_one_full_stop_between_the_words_of_the_service_and_ours() -> None:
    model = a_model(status="DELETING")
    model.fail(Cause.UNSEEN, None, failure(Rejected, "Not you."))
    assert messages.why_not_deleted(model, TIMEOUT) == (
        "the status can no longer be checked: An error occurred (Code) when calling the"
        " DeleteProjectVersion operation: Not you; deletion requested; AWS continues"
    )
