"""One model, told what a listing shows and what the service answers: what it asks for next."""

from __future__ import annotations

import pytest

from awscli_rekcl.errors import InUse
from awscli_rekcl.lifecycle import Request
from awscli_rekcl.model import Model

from .fakes import STOP, a_model, failure


def live(history: str) -> Model:
    """Let a model live through "SECONDS STATUS FOLLOWS, SECONDS STATUS FOLLOWS, ...".

    A poll shows the status. What has to follow is nothing, the name of a cause, or "stop" or
    "delete", which is accepted unless another answer stands behind it.
    """
    polls = [poll.split() for poll in history.split(", ")]
    model = a_model(status=polls[0][1], consents=STOP)
    for seconds, status, *expected in polls:
        if seconds != "0":
            model.listed(status, "", float(seconds))
        step = model.next_step(STOP) if model.is_open else None
        follows = []
        if isinstance(step, Request):
            follows = [step.verb, *expected[1:]]
            model.sending(step)
            answer(model, *expected[1:])
        elif cause := step or (model.failure and model.failure.cause):
            follows = [cause.name]
            model.fail(cause)
        assert follows == expected, f"{seconds} {status}"
    return model


def answer(model: Model, how: str = "accepted") -> None:
    if how == "accepted":
        model.accepted()
        assert model.next_step(STOP) is None
    elif how == "throttled":
        model.throttled()
    elif how != "lost":
        model.declined(failure(InUse, how), may_be_done=how == "unsure")


@pytest.mark.parametrize(
    "history",
    [
        # Lag: a status that does not follow is no news until all polls of 30 s showed none that
        # does. They run from the first such poll, and anew after each accepted request.
        "0 STOPPED delete, 9 STOPPED, 38.9 STOPPED, 39 STOPPED delete, 40 STOPPED, 69 STOPPED",
        "0 STOPPED delete, 9 STOPPED, 39 STOPPED delete, 40 STOPPED, 70 STOPPED delete",
        # A delete follows an accepted stop at once, whatever replicas show after it.
        "0 RUNNING stop, 2 STOPPING, 3 RUNNING, 4 STOPPED delete, 5 RUNNING, 6 STOPPED",
        "0 RUNNING stop, 4 STOPPED delete, 5 RUNNING, 7 DELETING, 8 STOPPED",
        # Restart after a stop.
        "0 RUNNING stop, 5 STOPPING, 6 RUNNING, 36 RUNNING stop",
        # Leaving DELETING, though it was seen in the list to confirm only.
        "0 DELETING, 1 STOPPED, 30 DELETING, 31 STOPPED, 60 STOPPED, 61 STOPPED DELETION_FAILED",
        "0 STOPPED delete, 1 DELETING, 2 STOPPED, 32 STOPPED DELETION_FAILED",
        # A deletion that fails between two polls: another status than before the delete.
        "0 STOPPED delete, 1 TRAINED, 31 TRAINED DELETION_FAILED",
        "0 STOPPED delete, 1 TRAINED, 31 STOPPED delete",
        # A start is tried to be stopped once.
        "0 STARTING stop, 9 FAILED, 39 FAILED delete",
        "0 STARTING stop, 9 STARTING, 99 STARTING, 100 RUNNING stop, 101 RUNNING",
        "0 STARTING stop no, 9 STARTING, 10 RUNNING stop",
        "0 RUNNING stop no, 1 STARTING stop, 9 STARTING",
        # A status that the confirmed list does not cover, or nobody consented to.
        "0 STOPPING, 1 RUNNING CHANGED",
        "0 STOPPING, 1 COPYING_IN_PROGRESS CHANGED",
    ],
)
def test_what_follows_from_a_status(history: str) -> None:
    assert live(history).is_open is not history.endswith(("FAILED", "CHANGED"))


@pytest.mark.parametrize(
    ("history", "requested", "answered"),
    [
        ("0 STOPPED delete unsure", Request.DELETE, False),
        # A later stop hides a delete only if it is accepted.
        (
            "0 STARTING stop throttled, 1 STOPPED delete lost, 2 RUNNING stop lost",
            Request.DELETE,
            False,
        ),
        ("0 STARTING stop throttled, 1 STOPPED delete lost, 2 RUNNING stop", Request.STOP, True),
        # What is declined, or only throttled, leaves the request before it.
        ("0 RUNNING stop, 1 STOPPED delete no, 2 STOPPED delete no", Request.STOP, True),
        ("0 RUNNING stop, 1 STOPPED delete throttled", Request.STOP, True),
        ("0 STARTING stop throttled", None, False),
        ("0 STARTING stop throttled, 1 STARTING stop", Request.STOP, True),
    ],
)
def test_what_was_requested(history: str, requested: Request | None, answered: bool) -> None:
    model = live(history)
    assert (model.requested, model.answered) == (requested, answered)


def test_a_model_that_is_busy_for_days_keeps_few_attempts() -> None:
    polls = [f"{n} STOPPED delete busy{n}, {n} STOPPED delete lost" for n in range(1, 1000)]
    model = live(", ".join(["0 RUNNING stop", *polls]))
    assert len(model.attempts) < 5
    assert "busy999" in str(model.in_use)
    assert live("0 STOPPED delete busy, 1 STOPPED delete").in_use is None
    assert (model.requested, model.answered) == (Request.DELETE, False)
