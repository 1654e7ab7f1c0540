"""One run of the loop over a world, and what must hold whatever happens in it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from awscli_rekcl.arn import ModelArn
from awscli_rekcl.deletion import Deletion
from awscli_rekcl.errors import AccessDenied, CredentialsFailed, Interrupted, Rejected, Unsendable
from awscli_rekcl.lifecycle import Action, Consent, Request, rule
from awscli_rekcl.model import LAG, Cause, Model, Outcome
from awscli_rekcl.terminal.messages import why_not_deleted

from .fakes import NobodyWatches, confirmed
from .world import World


class History(NobodyWatches):
    """One run of the loop over some models of a world, and what the invariants ask for."""

    def __init__(
        self, world: World, models: Sequence[Model], consents: frozenset[Consent], interval: float
    ) -> None:
        self.world = world
        self.models = models
        self.consents = consents
        self.selected_at = self.started = world.clock.now
        self.gone_at: dict[ModelArn, float] = {}
        self.ended_by: BaseException | None = None
        self._interval = interval

    @property
    def limit(self) -> float:
        """When the time is up: of the world, because it may be chosen on the way."""
        return self.started + self.world.deadline.timeout

    def live(self) -> None:
        deadline = self.world.deadline
        deadline.start()
        self.started = self.world.clock.now
        deletion = Deletion(
            confirmed(self.models),
            self.world.describe,
            self.world.send,
            self,
            deadline,
            poll_interval=self._interval,
            consents=self.consents,
        )
        try:
            deletion.run()
        except (CredentialsFailed, Interrupted, Unsendable) as error:
            self.ended_by = error

    def changed(self) -> None:
        for model in self.models:
            if model.outcome is Outcome.DELETED:
                self.gone_at.setdefault(model.arn, self.world.clock.now)


def nothing_is_touched_but_the_confirmed_list(history: History) -> None:
    plans = {model.arn: model.plan for model in history.models}
    for call in history.world.calls:
        if call.request is None or call.arn is None:
            continue
        plan = plans[call.arn]
        assert call.time < history.gone_at.get(call.arn, math.inf)
        assert plan not in (Action.NONE, Action.REFUSE, Action.WAIT)
        if call.request is Request.STOP:
            assert plan is Action.STOP_THEN_DELETE
            assert Consent.STOP_IF_RUNNING in history.consents
        if plan is Action.WAIT_THEN_DELETE and history.world.fate(call.arn).at(0) != "STOPPING":
            assert Consent.WAIT_IF_TRAINING in history.consents


def deleted_means_gone(history: History) -> None:
    for model in history.models:
        if model.outcome is Outcome.DELETED:
            fate = history.world.fate(model.arn)
            assert fate.at(0) is not None
            assert fate.at(history.gone_at[model.arn]) is None
        elif model.outcome is Outcome.NOT_FOUND:
            assert history.world.fate(model.arn).at(history.selected_at) is None


def a_failure_is_explained_by_what_happened(history: History) -> None:
    for model in history.models:
        if model.outcome is Outcome.FAILED:
            assert _happened(model, history.world), model.failure


def _happened(model: Model, world: World) -> bool:
    assert model.failure is not None
    cause, request, _ = model.failure
    fate, sent = world.fate(model.arn), world.sent(model.arn)
    if cause is Cause.DELETION_FAILED:
        return fate.left("DELETING")
    if cause in (Cause.REFUSED, Cause.DENIED):
        kind = AccessDenied if cause is Cause.DENIED else Rejected
        return any(type(s.error) is kind and s.request is request for s in sent)
    if cause is Cause.UNSEEN:
        look = f"look {model.project.scope.project_name}"
        return any(c.text == look and isinstance(c.error, Rejected) for c in world.calls)
    # Nobody can train or copy into a model; one that is being deleted for us has not failed.
    assert cause is Cause.CHANGED
    assert rule(model.status).consent is Consent.STOP_IF_RUNNING
    started = fate.ever("STARTING", "RUNNING") and model.plan is not Action.STOP_THEN_DELETE
    accepted = any(s.request is Request.DELETE and s.answered for s in sent)
    return started and (fate.left("DELETING") or not accepted)


def an_open_model_was_worked_on_till_the_end(history: History) -> None:
    for model in history.models:
        if model.is_open:
            assert history.ended_by or history.world.clock.now >= history.limit
            if model.requested and not history.ended_by:
                assert model.requested in [call.request for call in history.world.sent(model.arn)]


def what_may_have_been_obeyed_is_reported(history: History) -> None:
    for model in history.models:
        obeyed = [call.request for call in history.world.sent(model.arn) if call.obeyed]
        reason = why_not_deleted(model, "ended")
        assert not obeyed or "nothing requested" not in reason
        if Request.DELETE in obeyed:
            assert "deletion not requested" not in reason
            assert not model.is_open or model.requested is Request.DELETE


def a_delete_is_not_sent_again_too_soon(history: History) -> None:
    for model in history.models:
        sent = [s for s in history.world.sent(model.arn) if s.request is Request.DELETE]
        for earlier, later in zip(sent, sent[1:]):
            assert not earlier.answered or later.time - earlier.end >= LAG


def steps(world: World) -> list[tuple[float, float]]:
    """When each poll of a project, in however many requests, and each change began and ended."""
    return world.polls + [(call.time, call.end) for call in world.calls if call.request]


def it_ends_in_time(history: History) -> None:
    late = [end - start for start, end in steps(history.world) if end > history.limit]
    assert len(late) <= 1
    assert history.world.clock.now <= history.limit + sum(late)


ALWAYS = [
    nothing_is_touched_but_the_confirmed_list,
    deleted_means_gone,
    a_failure_is_explained_by_what_happened,
    what_may_have_been_obeyed_is_reported,
    a_delete_is_not_sent_again_too_soon,
    it_ends_in_time,
]
IN_THE_END = [*ALWAYS, an_open_model_was_worked_on_till_the_end]
