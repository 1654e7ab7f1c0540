"""The rows of the table: a situation, and what may be asked of a command in it.

A row is a function of the two stands, of versions 1 and 2; its docstring is the title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median
from typing import NamedTuple

from tests.benchmarks.contenders import copies, guide, listing, loop, plugin
from tests.benchmarks.measure import Stand, terminal
from tests.hosts.probe import Probe


class Figure(NamedTuple):
    """One measured value, and the most that it may be; without that it is for information."""

    what: str
    host: str
    measured: float
    unit: str = ""
    at_most: float | None = None
    guide: float | None = None
    loop: float | None = None


def hundred_models(_: Stand, v2: Stand) -> Iterator[Figure]:
    """100 models in one project, each 5 s to delete; the others: extrapolated from 2 models"""
    run = v2.run(plugin, models=100, deleting=5)
    guides, loops = (v2.run(contender, models=2, deleting=5) for contender in (guide, loop))
    requests = [len(each.requests) for each in (run, guides, loops)]
    yield Figure("requests", "v2", requests[0], "", 110, requests[1] * 50, requests[2] * 50)
    yield Figure("wall clock", "v2", run.seconds, " s", 14, guides.seconds * 50, loops.seconds * 50)


# Models, requests/s, seconds of a deletion; the most seconds, the most throttled requests (%).
QUOTAS: list[tuple[int, float, float, float, float | None]] = [
    (500, 5, 0, 1.2 * 500 / 5, 10),
    (20, 5, 5, 10, None),
    (100, 5, 5, 26, None),
    (100, 1, 5, 1.3 * (100 / 1 + 5), None),
]


def quotas(*stands: Stand) -> Iterator[Figure]:
    """So many models, so many requests/s allowed for each operation: wall clock"""
    for models, rate, deleting, most_seconds, most_throttled in QUOTAS:
        run = partial(Stand.run, contender=plugin, models=models, quota=rate, deleting=deleting)
        with ThreadPoolExecutor() as pool:  # at the same time, because nearly all of it is waiting
            runs = list(pool.map(run, stands))
        for stand, done in zip(stands, runs):
            host, what = stand.host.name, f"{models} models, {rate:g}/s"
            yield Figure(what, host, done.seconds, " s", most_seconds)
            yield Figure("throttled requests", host, done.throttled, " %", most_throttled)


def twenty_copies(*stands: Stand) -> Iterator[Figure]:
    """Twenty models, each 5 s to delete, from the first request to the last"""
    for rate in (5.0, 1.0):
        for stand in stands:  # one after another: starting twenty processes takes all cores
            one, many = (stand.run(c, models=20, quota=rate, deleting=5) for c in (plugin, copies))
            # Each copy has to poll twice; over what time they started does not count.
            most = 1.3 * (2 * 20 / rate + 5) + many.starting
            name = stand.host.name
            yield Figure(f"twenty copies, {rate:g}/s", name, many.span, " s", most)
            yield Figure(f"one command, {rate:g}/s", name, one.span, " s", 1.3 * (20 / rate + 5))


def memory(*stands: Stand) -> Iterator[Figure]:
    """1,000 models in 20 projects: peak of memory over that of listing one of the projects"""
    for stand in stands:
        own = stand.run(listing, models=1000, projects=20).peak / 1e6
        peak = stand.run(plugin, models=1000, projects=20, deleting=5).peak / 1e6
        yield Figure("memory, over the host's own", stand.host.name, peak - own, " MB", 10)


def one_model(v1: Stand, v2: Stand) -> Iterator[Figure]:
    """One model, 20 s to delete, or 1 s"""
    for stand, deleting, most_late, more in ((v1, 20, 5.0, 3), (v2, 20, 5.0, 3), (v2, 1, 0.75, 2)):
        runs = [stand.run(contender, deleting=deleting) for contender in (plugin, guide, loop)]
        case, host = f"{deleting} s: ", stand.host.name
        late = [run.late for run in runs]
        yield Figure(f"{case}seen gone, late by", host, late[0], " s", most_late, *late[1:])
        requests = [len(run.requests) for run in runs]
        yield Figure(f"{case}requests", host, requests[0], "", requests[1] + more, *requests[1:])
        if deleting > 1:
            cpu = [run.cpu for run in runs]
            yield Figure(f"{case}CPU time", host, cpu[0], " s", 0.25 * cpu[2], *cpu[1:])


def progress(_: Stand, v2: Stand) -> Iterator[Figure]:
    """3,000 models in one project: CPU time, at most 1.2 x that with --no-progress"""
    most = 1.2 * v2.run(lambda given: [*plugin(given), "--no-progress"], models=3000).cpu
    for what, stderr in (("at a terminal", terminal()), ("in a log", None)):
        yield Figure(what, "v2", v2.run(plugin, models=3000, stderr=stderr).cpu, " s", most)


def others(*stands: Stand) -> Iterator[Figure]:
    """What the plugin adds to other commands: import, and CPU time with it less that without it"""
    for stand in stands:
        name, probe, imports = stand.host.name, Probe(stand.aws), []
        for _ in range(9):
            stand.cost(["aws", "configure", "list"], probe.variables)
            imports.append(probe.answer()["seconds"])
        yield Figure("import", name, 1000 * median(imports[1:]), " ms", 1)
        bare = {"AWS_CONFIG_FILE": str(stand.aws.home / "config-bare")}
        (stand.aws.home / "config-bare").write_text("[default]\nregion = us-east-1\n")
        for words in (["--version"], ["rekognition", "describe-projects"]):
            command = ["aws", *words]
            pairs = [(stand.cost(command).cpu, stand.cost(command, bare).cpu) for _ in range(21)]
            ours, theirs = (1000 * median(some) for some in zip(*pairs))
            yield Figure(f"added to {' '.join(words)}", name, ours - theirs, " ms", 10)


Row = Callable[..., Iterator[Figure]]
ROWS: list[Row] = [hundred_models, quotas, twenty_copies, memory, one_model, progress, others]
