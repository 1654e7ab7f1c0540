"""Ten thousand histories (two thousand without `make soak`): what must hold whatever happens."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from random import Random
from typing import TypeVar

import pytest

from awscli_rekcl.lifecycle import Action
from awscli_rekcl.selection import select

from .fakes import NOW, Clock, options
from .invariants import IN_THE_END, History
from .world import INFINITE, DrawnWorld, Meddling, Scenario, Trouble

SOAK = "SOAK" in os.environ
T = TypeVar("T")
STATUSES = ["STOPPED", "TRAINED"] * 2 + ["FAILED", "A_STATUS_OF_TOMORROW", "DELETING", "STOPPING"]
STATUSES += ["STARTING", "RUNNING", "TRAINING_IN_PROGRESS", "COPYING_IN_PROGRESS"]
# Most requests meet no trouble, and few meet one that ends the work on a model.
RARE = [Trouble.SIGNAL, Trouble.SIGNAL_AFTER, Trouble.CREDENTIALS, Trouble.THEN_CREDENTIALS]
RARE += [Trouble.UNSENDABLE, Trouble.REJECTED, Trouble.DENIED, Trouble.THEN_THROTTLED]
TROUBLES = [Trouble.NONE] * 7 + RARE + 3 * [each for each in Trouble if each not in RARE]
MEDDLING = [*Meddling, *[Meddling.START] * 3]
TIMES = [0.01, 0.01, 1.0, 3.0, 9.0, 20.0, 50.0]


def a_scenario(random: Random) -> Scenario:
    one = random.choice

    def some(values: Sequence[T], most: int, least: int = 1) -> list[T]:
        return random.choices(values, k=random.randint(least, most))

    return Scenario(
        statuses=some([*STATUSES, None], 4),
        count=one([1, 1, 2, 3, 6, 12, 25, 34]),
        projects=one([1, 1, 1, 2, 3]),
        listed=some([True, True, True, False], 3),
        stop=one([True, True, False]),
        train=one([True, True, False]),
        timeout=one([0.5, 20.0, 90.0, 600.0, 600.0, INFINITE, INFINITE]),
        poll_interval=one([1.0, 5.0, 60.0]),
        page_size=one([10, 12, 15, 15, 20, 100]),
        lags=some([0.0, 0.0, 1.0, 8.0, 29.0], 4),
        seconds=one([0.0, 0.1, 1.0, 2.0]),
        thinking=one([0.0, 4.0, 4.0, 30.0]),
        step=one([0.2, 2.0, 11.0, 45.0]),
        failing=some([True, False], 3),
        troubles=some(TROUBLES, 25, 0),
        meddling=[
            (one(TIMES), random.randrange(6), one(MEDDLING)) for _ in range(one([0, 1, 2, 3, 6]))
        ],
        interrupted_at=one([None, None, None, 2.0, 40.0]),
    )


def live_through(scenario: Scenario) -> None:
    """Select what a person could confirm, none of which is refused, and delete it."""
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
    history.live()
    for invariant in IN_THE_END:
        invariant(history)


def simplest(scenario: Scenario) -> Scenario:
    """Put back to its default whatever is not needed for the failure."""
    for name, default in vars(Scenario()).items():
        simpler = dataclasses.replace(scenario, **{name: default})
        try:
            live_through(simpler)
        except Exception:
            scenario = simpler
    return scenario


@pytest.mark.parametrize("seed", range(20 if SOAK else 4))
def test_histories(seed: int) -> None:
    random = Random(None if SOAK else seed)
    for _ in range(500):
        scenario = a_scenario(random)
        try:
            live_through(scenario)
        except Exception as error:
            raise AssertionError(f"in {simplest(scenario)}") from error


@pytest.mark.parametrize(
    "scenario",
    {
        "pages shift": Scenario(count=25, step=26.0, timeout=40.0),
        "replicas": Scenario(lags=[29.0, 0.0], step=26.0, poll_interval=1.0),
        # A replica's old status takes longer to arrive than any listing lags.
        "late": Scenario(
            lags=[29.0, 0.0, 29.0, 29.0], troubles=[*[Trouble.NONE] * 3, Trouble.LATE]
        ),
        "made anew": Scenario(meddling=[(0.01, 0, Meddling.MAKE_ANEW)]),
        # The project is there, though a poll doesn't find it, and it slips out of the list of all.
        "projects shift": Scenario(
            count=3,
            projects=3,
            troubles=[*[Trouble.NONE] * 3, Trouble.FALSE_NOT_FOUND, Trouble.SHIFTED],
        ),
        "time is up": Scenario(troubles=[Trouble.THEN_THROTTLED]),
    }.values(),
)
def test_such_a_history(scenario: Scenario) -> None:
    live_through(scenario)
