"""One model, told what a listing shows and what was accepted: what it asks for next."""

from __future__ import annotations

from typing import Union

import pytest

from awscli_rekcl.errors import InUse
from awscli_rekcl.lifecycle import Consent, Request
from awscli_rekcl.model import LAG, Cause

from .fakes import NO_CONSENT, STOP, a_model, failure

DELETE, STOP_IT = Request.DELETE, Request.STOP
FAILED = Cause.DELETION_FAILED
CHANGED = Cause.CHANGED
# Time in seconds, the status that a listing shows then, and what follows: a request, which is
# accepted at once, a failure, or nothing.
Step = tuple[float, str, Union[Request, Cause, None]]


@pytest.mark.parametrize(
    ("consents", "steps"),
    [
        # Lag: a status that does not follow is no news until all polls of 30 s showed none that
        # does. They run from the first such poll, and anew after each accepted request.
        (
            NO_CONSENT,
            [
                (0, "STOPPED", DELETE),
                (9, "STOPPED", None),
                (9 + LAG - 0.1, "STOPPED", None),
                (9 + LAG, "STOPPED", DELETE),
                (10 + LAG, "STOPPED", None),
                (9 + 2 * LAG, "STOPPED", None),
                (10 + 2 * LAG, "STOPPED", DELETE),
            ],
        ),
        # A delete follows an accepted stop at once, whatever replicas show after it.
        (
            STOP,
            [
                (0, "RUNNING", STOP_IT),
                (2, "STOPPING", None),
                (3, "RUNNING", None),
                (4, "STOPPED", DELETE),
                (5, "RUNNING", None),
                (6, "STOPPED", None),
                (7, "DELETING", None),
                (8, "STOPPED", None),
            ],
        ),
        # Restart after a stop.
        (
            STOP,
            [
                (0, "RUNNING", STOP_IT),
                (5, "STOPPING", None),
                (6, "RUNNING", None),
                (6 + LAG, "RUNNING", STOP_IT),
            ],
        ),
        # Leaving DELETING, though it was seen in the list to confirm only.
        (
            NO_CONSENT,
            [
                (0, "DELETING", None),
                (1, "STOPPED", None),
                (LAG, "DELETING", None),
                (1 + LAG, "STOPPED", None),
                (2 * LAG, "STOPPED", None),
                (1 + 2 * LAG, "STOPPED", FAILED),
            ],
        ),
        (
            NO_CONSENT,
            [
                (0, "STOPPED", DELETE),
                (1, "DELETING", None),
                (2, "STOPPED", None),
                (2 + LAG, "STOPPED", FAILED),
            ],
        ),
        # A deletion that fails between two polls: another status than before the delete.
        (NO_CONSENT, [(0, "STOPPED", DELETE), (1, "TRAINED", None), (1 + LAG, "TRAINED", FAILED)]),
        (NO_CONSENT, [(0, "STOPPED", DELETE), (1, "TRAINED", None), (1 + LAG, "STOPPED", DELETE)]),
        # A start is tried to be stopped once.
        (STOP, [(0, "STARTING", STOP_IT), (9, "FAILED", None), (9 + LAG, "FAILED", DELETE)]),
        (
            STOP,
            [
                (0, "STARTING", STOP_IT),
                (9, "STARTING", None),
                (99, "STARTING", None),
                (100, "RUNNING", STOP_IT),
                (101, "RUNNING", None),
            ],
        ),
        # A status that nobody consented to.
        (NO_CONSENT, [(0, "STOPPING", None), (1, "RUNNING", CHANGED)]),
        (STOP, [(0, "STOPPING", None), (1, "COPYING_IN_PROGRESS", CHANGED)]),
    ],
)
def test_histories_of_one_model(consents: frozenset[Consent], steps: list[Step]) -> None:
    model = a_model(status=steps[0][1], consents=consents)
    for time, status, follows in steps:
        if time:
            model.listed(status, "", time)
        step = model.next_step(consents) if model.is_open else None
        if isinstance(step, Request):
            model.sending(step)
            model.accepted()
            assert model.next_step(consents) is None
        elif step:
            model.fail(step)
        assert (step or (model.failure and model.failure.cause)) is follows, (time, status)
    assert model.is_open is not isinstance(steps[-1][2], Cause)


def test_a_later_stop_does_not_hide_a_delete() -> None:
    model = a_model(status="RUNNING", consents=STOP)
    model.listed("STOPPED", "", 1)  # stopped by somebody else
    assert model.next_step(STOP) is DELETE
    model.sending(DELETE)  # done, and the answer is lost
    model.listed("RUNNING", "", 2)  # a listing that lags
    assert model.next_step(STOP) is STOP_IT
    model.sending(STOP_IT)  # no answer either
    assert (model.requested, model.answered) == (DELETE, False)
    model.accepted()  # but if it comes, there is one
    assert (model.requested, model.answered) == (STOP_IT, True)
    model.listed("STOPPING", "", 3)
    assert [attempt.request for attempt in model.attempts] == [DELETE, STOP_IT]


def test_a_declined_request_leaves_the_one_before() -> None:
    model = a_model(status="RUNNING", consents=STOP)
    model.sending(STOP_IT)
    model.accepted()
    model.listed("STOPPED", "", 1)
    model.sending(DELETE)
    model.declined(ValueError(), may_be_done=False)
    assert (model.requested, model.answered) == (STOP_IT, True)
    assert model.next_step(STOP) is DELETE


def test_a_model_that_is_busy_for_days_keeps_few_attempts() -> None:
    model = a_model(status="RUNNING", consents=STOP)
    model.sending(STOP_IT)
    model.accepted()
    model.listed("STOPPED", "", 1)
    errors = [failure(InUse, str(number)) for number in range(1000)]
    for error in errors:
        model.sending(DELETE)
        model.declined(error, may_be_done=False)
        model.sending(DELETE)  # without an answer
    assert len(model.attempts) < 5
    assert (model.in_use, model.requested, model.answered) == (errors[-1], DELETE, False)


def test_a_request_that_was_only_throttled_was_not_made() -> None:
    model = a_model(status="STARTING", consents=STOP)
    model.sending(STOP_IT)
    model.throttled()
    assert (model.requested, model.attempts) == (None, ())
    assert model.next_step(STOP) is STOP_IT
    for answer in (model.accepted, model.throttled):
        model.sending(STOP_IT)
        answer()
    assert (model.requested, model.answered) == (STOP_IT, True)
