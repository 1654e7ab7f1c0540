"""What is confirmed is what may be sent, and what nobody has confirmed can't be."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from awscli_rekcl.confirmation import confirm
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.deletion import Deletion
from awscli_rekcl.lifecycle import Action, Request

from .fakes import STOP, FakeService, NobodyWatches, a_model, confirmed


@pytest.mark.parametrize("action", Action)
def test_everything_is_asked_that_may_change_something(action: Action) -> None:
    model, ask = a_model(), Mock(return_value=False)
    model.plan = action
    answer = confirm([model, a_model("cats/v2", "DELETING")], ask)
    changes_nothing = action in {Action.WAIT, Action.NONE, Action.REFUSE, Action.SKIP}
    assert (answer is not None, not ask.called) == (changes_nothing, changes_nothing)


@pytest.mark.parametrize("request_", Request)
@pytest.mark.parametrize("status", ["STOPPED", "RUNNING", "STOPPING", "DELETING", None])
def test_only_the_requests_of_the_list_are_permitted(status: str | None, request_: Request) -> None:
    model = a_model(status=status, consents=STOP)
    permitted = confirmed([model])
    if request_ in model.plan.requests:
        permitted.check(model, request_)
    else:
        with pytest.raises(RuntimeError, match=f"not confirmed: {request_.verb} {model.arn.text}"):
            permitted.check(model, request_)
    with pytest.raises(RuntimeError, match="not confirmed"):
        permitted.check(a_model("cats/another"), request_)


def test_the_loop_sends_nothing_that_is_not_in_the_list() -> None:
    model = a_model(status="STOPPING")
    model.plan = Action.WAIT
    permitted, service, watcher = confirmed([model]), FakeService(), NobodyWatches()
    # A defect: somebody changes what was confirmed.
    model.plan, model.status = Action.DELETE, "STOPPED"
    loop = Deletion(
        permitted, lambda *_: {}, service.send, watcher, Deadline(), poll_interval=1, consents=STOP
    )
    with pytest.raises(RuntimeError, match="not confirmed"):
        loop.run()
    assert service.sent == []
