"""Ten thousand histories (a few hundred without `make soak`): what must hold whatever happens."""

from __future__ import annotations

import os
from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st

from awscli_rekcl.arn import ModelArn
from awscli_rekcl.deletion import Deletion
from awscli_rekcl.errors import AccessDenied, CredentialsFailed, Interrupted, Rejected, Unsendable
from awscli_rekcl.lifecycle import Action, Consent, Request, rule
from awscli_rekcl.model import LAG, Cause, Model, Outcome
from awscli_rekcl.selection import select
from awscli_rekcl.terminal.messages import why_not_deleted

from .fakes import NOW, Clock, NobodyWatches, confirmed, options
from .world import DrawnWorld, Meddling, Scenario, Trouble, World

INFINITE = float("inf")
SOAK = "SOAK" in os.environ
HISTORIES = settings(
    max_examples=10_000 if SOAK else 1_000,
    derandomize=not SOAK,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
STATUSES = ["STOPPED", "TRAINED"] * 2 + ["FAILED", "A_STATUS_OF_TOMORROW", "DELETING", "STOPPING"]
STATUSES += ["STARTING", "RUNNING", "TRAINING_IN_PROGRESS", "COPYING_IN_PROGRESS"]
# Most requests meet no trouble, and few meet one that ends the run.
COMMON = [
    Trouble.SLOW,
    Trouble.LATE,
    Trouble.THROTTLED,
    Trouble.TRANSIENT_ERROR,
    Trouble.ANSWER_LOST,
    Trouble.IN_USE,
]
COMMON += [Trouble.OTHER_ACCOUNT, Trouble.FALSE_NOT_FOUND, Trouble.SHIFTED, Trouble.THEN_IN_USE]
TROUBLES = [Trouble.NONE] * 8 + COMMON * 2 + [*Trouble]
MEDDLING = [*Meddling, *[Meddling.START] * 3]
TIMES = st.sampled_from([0.01, 0.01, 1.0, 3.0, 9.0, 20.0, 50.0])

SCENARIOS = st.builds(
    Scenario,
    statuses=st.lists(st.sampled_from([*STATUSES, None]), min_size=1, max_size=4),
    count=st.sampled_from([1, 1, 2, 3, 6, 12, 25, 34]),
    projects=st.sampled_from([1, 1, 1, 2, 3]),
    listed=st.lists(st.sampled_from([True, True, True, False]), min_size=1, max_size=3),
    stop=st.sampled_from([True, True, False]),
    train=st.sampled_from([True, True, False]),
    timeout=st.sampled_from([0.5, 20.0, 90.0, 600.0, 600.0, INFINITE, INFINITE]),
    poll_interval=st.sampled_from([1.0, 5.0, 60.0]),
    page_size=st.sampled_from([10, 12, 15, 15, 20, 100]),
    lags=st.lists(st.sampled_from([0.0, 0.0, 1.0, 8.0, 29.0]), min_size=1, max_size=4),
    seconds=st.sampled_from([0.0, 0.1, 1.0, 2.0]),
    thinking=st.sampled_from([0.0, 4.0, 4.0, 30.0]),
    step=st.sampled_from([0.2, 2.0, 11.0, 45.0]),
    failing=st.lists(st.booleans(), min_size=1, max_size=3),
    troubles=st.lists(st.sampled_from(TROUBLES), max_size=25),
    meddling=st.lists(st.tuples(TIMES, st.integers(0, 5), st.sampled_from(MEDDLING)), max_size=6),
    interrupted_at=st.sampled_from([None, None, None, 2.0, 40.0]),
)


class History(NobodyWatches):
    """One run of the loop over some models of a world, and what the invariants ask for."""

    def __init__(
        self, world: World, models: Sequence[Model], consents: frozenset[Consent], interval: float
    ) -> None:
        self.world = world
        self.models = models
        self.consents = consents
        self.selected_at = world.clock.now
        self.gone_at: dict[ModelArn, float] = {}
        self.ended_by: BaseException | None = None
        self._interval = interval

    def live(self) -> None:
        deadline = self.world.deadline
        deadline.start()
        self.limit = self.world.clock.now + deadline.timeout
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


def drawn(scenario: Scenario) -> History:
    """Select what a person could confirm: none of it is refused."""
    world = DrawnWorld(scenario, Clock())
    listed = scenario.listed
    arns = [fate.arn for i, fate in enumerate(world.fates) if listed[i % len(listed)]]
    chosen = options(
        project_version_arn="\n".join(arn.text for arn in arns),
        stop_if_running=scenario.stop,
        wait_if_training=scenario.train,
    )
    selection = select(chosen, world, world.describer, NOW)
    assert not any(call.request for call in world.calls)
    models = [model for model in selection.models if model.plan is not Action.REFUSE]
    history = History(world, models, chosen.consents, scenario.poll_interval)
    world.turn_bad()
    world.clock.now += scenario.thinking
    return history


def nothing_is_touched_but_the_confirmed_list(history: History) -> None:
    plans = {model.arn: model.plan for model in history.models}
    for call in history.world.calls:
        if call.request is None or call.arn is None:
            continue
        plan = plans[call.arn]
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


INVARIANTS = [
    nothing_is_touched_but_the_confirmed_list,
    deleted_means_gone,
    a_failure_is_explained_by_what_happened,
    an_open_model_was_worked_on_till_the_end,
    what_may_have_been_obeyed_is_reported,
    a_delete_is_not_sent_again_too_soon,
    it_ends_in_time,
]


SHIFTING_PAGES = Scenario(count=25, step=26.0, timeout=40.0)
REPLICAS = Scenario(lags=[29.0, 0.0], step=26.0, poll_interval=1.0)
# A replica's old status takes longer to arrive than any listing lags.
LATE = Scenario(lags=[29.0, 0.0, 29.0, 29.0], troubles=[Trouble.NONE] * 3 + [Trouble.LATE])
MADE_ANEW = Scenario(meddling=[(0.01, 0, Meddling.MAKE_ANEW)])
# The project is there, though a poll doesn't find it, and it slips out of the list of all projects.
OUT_OF_SIGHT = [Trouble.NONE] * 3 + [Trouble.FALSE_NOT_FOUND, Trouble.SHIFTED]
SHIFTING_PROJECTS = Scenario(count=3, projects=3, troubles=OUT_OF_SIGHT)
TIME_UP = Scenario(troubles=[Trouble.THEN_THROTTLED])


@HISTORIES
@example(SHIFTING_PAGES)
@example(REPLICAS)
@example(LATE)
@example(MADE_ANEW)
@example(SHIFTING_PROJECTS)
@example(TIME_UP)
@given(SCENARIOS)
def test_histories(scenario: Scenario) -> None:
    history = drawn(scenario)
    history.live()
    event(f"ended by {type(history.ended_by).__name__}")
    for outcome in {model.outcome for model in history.models}:
        event(f"some {outcome}")
    for invariant in INVARIANTS:
        invariant(history)
