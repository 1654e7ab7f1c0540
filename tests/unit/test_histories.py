"""Ten thousand histories (a few hundred without `make soak`): what must hold whatever happens."""

from __future__ import annotations

import dataclasses
import functools
import os

from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st

from awscli_rekcl.arn import ModelArn
from awscli_rekcl.deletion import Deletion
from awscli_rekcl.errors import CredentialsFailed, Interrupted, Unsendable
from awscli_rekcl.lifecycle import Action, Consent, Request, rule
from awscli_rekcl.model import LAG, Cause, Model, Outcome
from awscli_rekcl.selection import select
from awscli_rekcl.terminal.messages import why_not_deleted
from tests.unit.fakes import confirmed

from .fakes import Clock, NobodyWatches, options
from .world import Meddling, Scenario, Trouble, World

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
COMMON = [Trouble.SLOW, Trouble.STALE, Trouble.TRANSIENT_ERROR, Trouble.ANSWER_LOST, Trouble.IN_USE]
COMMON += [Trouble.OTHER_ACCOUNT, Trouble.FALSE_NOT_FOUND, Trouble.SHIFTED, Trouble.THEN_IN_USE]
TROUBLES = [Trouble.NONE] * 8 + COMMON * 2 + [Trouble.STALE] * 3 + [*Trouble]
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
    lag=st.sampled_from([0.0, 0.0, 1.0, 8.0, 29.0]),
    seconds=st.sampled_from([0.0, 0.1, 1.0, 2.0]),
    thinking=st.sampled_from([0.0, 4.0, 4.0, 30.0]),
    step=st.sampled_from([0.2, 2.0, 11.0, 45.0]),
    failing=st.lists(st.booleans(), min_size=1, max_size=3),
    troubles=st.lists(st.sampled_from(TROUBLES), max_size=25),
    meddling=st.lists(st.tuples(TIMES, st.integers(0, 5), st.sampled_from(MEDDLING)), max_size=6),
    interrupted_at=st.sampled_from([None, None, None, 2.0, 40.0]),
)


class SeesThemGo(NobodyWatches):
    """Notes when each model counts as gone."""

    clock: Clock
    models: list[Model]

    @functools.cached_property
    def gone_at(self) -> dict[ModelArn, float]:
        return {}

    def changed(self) -> None:
        for model in self.models:
            if model.outcome is Outcome.DELETED:
                self.gone_at.setdefault(model.arn, self.clock.now)


class History(SeesThemGo):
    """One run of the loop in one world, from the selection on."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.clock = Clock()
        self.world = World(scenario, self.clock)
        self.models = self._selected()
        self.before = list(self.world.sent)
        self.selected_at = self.clock.now
        self.world.turn_bad()
        self.clock.now += scenario.thinking
        self.deadline = self.clock.now + scenario.timeout
        self.ended_by: BaseException | None = None

    def _selected(self) -> list[Model]:
        """The models of a list that somebody could confirm: none of them is refused."""
        listed = self.scenario.listed
        arns = [fate.arn for i, fate in enumerate(self.world.fates) if listed[i % len(listed)]]
        chosen = options(
            project_version_arn="\n".join(arn.text for arn in arns),
            stop_if_running=self.scenario.stop,
            wait_if_training=self.scenario.train,
        )
        self.consents = chosen.consents
        selection = select(chosen, self.world, self.world.describer)
        return [model for model in selection.models if model.plan is not Action.REFUSE]

    def live(self) -> None:
        self.world.deadline.start()
        deletion = Deletion(
            confirmed(self.models),
            self.world.describe,
            self.world.send,
            self,
            self.world.deadline,
            poll_interval=self.scenario.poll_interval,
            consents=self.consents,
        )
        try:
            deletion.run()
        except (CredentialsFailed, Interrupted, Unsendable) as error:
            self.ended_by = error


def nothing_is_touched_but_the_confirmed_list(history: History) -> None:
    assert history.before == []
    confirmed = {model.arn: model for model in history.models}
    for sent in history.world.sent:
        plan = confirmed[sent.arn].plan
        assert plan not in (Action.NONE, Action.REFUSE, Action.WAIT)
        if sent.what is Request.STOP:
            assert plan is Action.STOP_THEN_DELETE
            assert Consent.STOP_IF_RUNNING in history.consents
        if plan is Action.WAIT_THEN_DELETE and history.world.fate(sent.arn).at(0) != "STOPPING":
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
    fate = world.fate(model.arn)
    sent = [sent for sent in world.sent if sent.arn == model.arn]
    if cause is Cause.DELETION_FAILED:
        return fate.left("DELETING")
    if cause is Cause.REFUSED:
        return any(s.rejected and s.what is request for s in sent)
    if cause is Cause.UNSEEN:
        return model.project in world.looks_rejected
    # Nobody can train or copy into a model; one that is being deleted for us has not failed.
    assert cause is Cause.CHANGED
    assert rule(model.status).consent is Consent.STOP_IF_RUNNING
    started = fate.ever("STARTING", "RUNNING") and model.plan is not Action.STOP_THEN_DELETE
    accepted = any(s.what is Request.DELETE and s.answered for s in sent)
    return started and (fate.left("DELETING") or not accepted)


def an_open_model_was_worked_on_till_the_end(history: History) -> None:
    for model in history.models:
        sent = [sent.what for sent in history.world.sent if sent.arn == model.arn]
        if model.outcome is None:
            assert history.ended_by or history.clock.now >= history.deadline
            if model.requested and not history.ended_by:
                assert model.requested in sent


def what_may_have_been_obeyed_is_reported(history: History) -> None:
    for model in history.models:
        acted = [s.what for s in history.world.sent if s.arn == model.arn and s.acted]
        reason = why_not_deleted(model, "ended")
        assert not acted or "nothing requested" not in reason
        if Request.DELETE in acted:
            assert "deletion not requested" not in reason
            assert model.outcome is not None or model.requested is Request.DELETE


def a_delete_is_not_sent_again_too_soon(history: History) -> None:
    for model in history.models:
        sent = [s for s in history.world.sent if s.arn == model.arn and s.what is Request.DELETE]
        for earlier, later in zip(sent, sent[1:]):
            assert not earlier.answered or later.time - earlier.time >= LAG


def it_ends_in_time(history: History) -> None:
    late = [end - start for start, end in history.world.times if end > history.deadline]
    assert len(late) <= 1
    assert history.clock.now <= history.deadline + sum(late)


INVARIANTS = [
    nothing_is_touched_but_the_confirmed_list,
    deleted_means_gone,
    a_failure_is_explained_by_what_happened,
    an_open_model_was_worked_on_till_the_end,
    what_may_have_been_obeyed_is_reported,
    a_delete_is_not_sent_again_too_soon,
    it_ends_in_time,
]


CALM = Scenario(
    statuses=["STOPPED"],
    count=1,
    projects=1,
    listed=[True],
    stop=False,
    train=False,
    timeout=600.0,
    poll_interval=5.0,
    page_size=15,
    lag=0.0,
    seconds=1.0,
    thinking=0.0,
    step=45.0,
    failing=[False],
    troubles=[],
    meddling=[],
    interrupted_at=None,
)
SHIFTING_PAGES = dataclasses.replace(CALM, count=25, step=26.0, timeout=40.0)
STALE_LOOK = dataclasses.replace(CALM, troubles=[Trouble.NONE] * 3 + [Trouble.STALE])
MADE_ANEW = dataclasses.replace(CALM, meddling=[(0.01, 0, Meddling.MAKE_ANEW)])
# The project is there, though a poll doesn't find it, and it slips out of the list of all projects.
OUT_OF_SIGHT = [Trouble.NONE] * 3 + [Trouble.FALSE_NOT_FOUND, Trouble.SHIFTED]
SHIFTING_PROJECTS = dataclasses.replace(CALM, count=3, projects=3, troubles=OUT_OF_SIGHT)
TIME_UP = dataclasses.replace(CALM, troubles=[Trouble.THEN_TIME_UP])


@HISTORIES
@example(SHIFTING_PAGES)
@example(STALE_LOOK)
@example(MADE_ANEW)
@example(SHIFTING_PROJECTS)
@example(TIME_UP)
@given(SCENARIOS)
def test_histories(scenario: Scenario) -> None:
    history = History(scenario)
    history.live()
    event(f"ended by {type(history.ended_by).__name__}")
    for outcome in {model.outcome for model in history.models}:
        event(f"some {outcome}")
    for invariant in INVARIANTS:
        invariant(history)
