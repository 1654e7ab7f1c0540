"""Ten thousand histories (a few hundred without `make soak`): what must hold whatever happens."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from awscli_rekcl.lifecycle import Action
from awscli_rekcl.selection import select

from .fakes import NOW, Clock, options
from .invariants import IN_THE_END, History
from .world import INFINITE, DrawnWorld, Meddling, Scenario, Trouble

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
    for invariant in IN_THE_END:
        invariant(history)
