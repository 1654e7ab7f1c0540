"""The rows of the table: a situation, and what may be asked of a command in it.

A row is a function of the two stands, of versions 1 and 2. Its docstring is the title, and below it
what was compared with what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median
from typing import NamedTuple

from tests.benchmarks.contenders import copies, guide, in_silence, listing, loop, plugin
from tests.benchmarks.importing import Probe
from tests.benchmarks.measure import Stand, say

MB = 1_000_000
REPEATS, PAIRS = 9, 21


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
    """100 models in one project, each 5 s to delete

    Wall clock: at most the slowest model + one poll interval + 4 s. The others are not measured,
    but extrapolated from 2 models, one after another.
    """
    run = v2.run(plugin, models=100, deleting=5)
    guides, loops = (v2.run(contender, models=2, deleting=5) for contender in (guide, loop))
    requests = [len(each.requests) for each in (run, guides, loops)]
    yield Figure("requests", "v2", requests[0], "", 110, requests[1] * 50, requests[2] * 50)
    seconds = [each.cost.seconds for each in (run, guides, loops)]
    yield Figure("wall clock", "v2", seconds[0], " s", 14, seconds[1] * 50, seconds[2] * 50)


# Models, requests/s, seconds of a deletion; the most seconds, the most throttled requests (%).
QUOTAS: list[tuple[int, float, float, float, float | None]] = [
    (500, 5, 0, 1.2 * 500 / 5, 10),
    (20, 5, 5, 10, None),
    (100, 5, 5, 26, None),
    (100, 1, 5, 1.3 * (100 / 1 + 5), None),
]


def quotas(*stands: Stand) -> Iterator[Figure]:
    """So many models, so many requests/s allowed for each operation

    Wall clock. The 500 are gone at once, the others take 5 s each. The two hosts run side by side.
    """
    for models, rate, deleting, most_seconds, most_throttled in QUOTAS:
        what = f"{models} models, {rate:g}/s"
        run = partial(Stand.run, contender=plugin, models=models, quota=rate, deleting=deleting)
        with ThreadPoolExecutor() as pool:  # at the same time, because nearly all of it is waiting
            runs = pool.map(run, stands)
        for stand, done in zip(stands, runs):
            host = stand.host.name
            yield Figure(what, host, done.cost.seconds, " s", most_seconds)
            yield Figure("throttled requests", host, done.throttled, " %", most_throttled)


def twenty_copies(*stands: Stand) -> Iterator[Figure]:
    """Twenty models, each 5 s to delete: twenty copies at once beside one command

    From the first request to the last: starting twenty processes is not counted. At most 1.3 x the
    time of quota and deletion, and for the copies the time over which they started. Each copy has
    to poll twice, before its delete and after.
    """
    for rate in (5.0, 1.0):
        for stand in stands:  # one after another: starting twenty processes takes all cores
            name = stand.host.name
            one, many = (
                stand.run(contender, models=20, quota=rate, deleting=5)
                for contender in (plugin, copies)
            )
            most = 1.3 * (2 * 20 / rate + 5) + many.starting
            yield Figure(f"twenty copies, {rate:g}/s", name, many.span, " s", most)
            yield Figure("throttled requests", name, many.throttled, " %")
            yield Figure(f"one command, {rate:g}/s", name, one.span, " s", 1.3 * (20 / rate + 5))


def memory(*stands: Stand) -> Iterator[Figure]:
    """1,000 models in 20 projects, no quota, each 5 s to delete

    Peaks of resident memory. The host's own is that of one describe-project-versions, which lists
    one of the projects: 50 models.
    """
    for stand in stands:
        own = stand.run(listing, models=1000, projects=20).cost.peak / MB
        peak = stand.run(plugin, models=1000, projects=20, deleting=5).cost.peak / MB
        yield Figure("memory, over the host's own", stand.host.name, peak - own, " MB", 10)
        yield Figure("the host's own", stand.host.name, own, " MB")


def one_model(v1: Stand, v2: Stand) -> Iterator[Figure]:
    """One model, 20 s to delete, or 1 s

    CPU time: at most 0.25 x the loop's on the same host, user + system of all processes. Requests:
    at most the guide's + 3, or + 2.
    """
    for stand, deleting, most_late, more in ((v1, 20, 5.0, 3), (v2, 20, 5.0, 3), (v2, 1, 0.75, 2)):
        runs = [stand.run(contender, deleting=deleting) for contender in (plugin, guide, loop)]
        case, host = f"{deleting} s: ", stand.host.name
        late = [run.late for run in runs]
        yield Figure(f"{case}seen gone, late by", host, late[0], " s", most_late, *late[1:])
        requests = [len(run.requests) for run in runs]
        yield Figure(f"{case}requests", host, requests[0], "", requests[1] + more, *requests[1:])
        if deleting > 1:
            cpu = [run.cost.cpu for run in runs]
            yield Figure(f"{case}CPU time", host, cpu[0], " s", 0.25 * cpu[2], *cpu[1:])


def progress(_: Stand, v2: Stand) -> Iterator[Figure]:
    """3,000 models in one project, no quota: what progress costs

    At most 1.2 x the CPU time with --no-progress.
    """
    most = 1.2 * v2.run(in_silence, models=3000).cost.cpu
    for what, at_terminal in (("at a terminal", True), ("in a log", False)):
        cost = v2.run(plugin, models=3000, at_terminal=at_terminal).cost
        yield Figure(f"CPU time {what}", "v2", cost.cpu, " s", most)


PROJECTS = ["rekognition", "describe-projects"]
DRY_RUN = ["rekognition", "delete-model-and-wait", "--project-name", "p0", "--all-versions"]
# A command with the plugin, one without it, and the most that the first may take longer (ms).
OTHERS: list[tuple[list[str], list[str], float | None]] = [
    (["--version"], ["--version"], 10),
    (PROJECTS, PROJECTS, 10),
    ([*DRY_RUN, "--dry-run"], PROJECTS, None),
]


def others(*stands: Stand) -> Iterator[Figure]:
    """What the plugin adds to other commands, and ours

    Imports: medians of 9 runs. Added: the median CPU time of 21 runs with it less that without it,
    in turn. Ours, a --dry-run, beside describe-projects without it.
    """
    for stand in stands:
        name, probe = stand.host.name, Probe(stand.aws)
        stand.run(listing)  # there is a project
        say(f"other commands ({name}), with the plugin and without")
        imports = []
        for _ in range(REPEATS):
            stand.cost(["aws", "configure", "list"], probe.variables)
            imports.append(probe.answer()["seconds"])
        yield Figure("import", name, 1000 * median(imports[1:]), " ms", 1)
        bare = stand.home / "config-bare"
        bare.write_text("[default]\nregion = us-east-1\n")
        for with_it, without, most in OTHERS:
            pairs = [
                (
                    stand.cost(["aws", *with_it]).cpu,
                    stand.cost(["aws", *without], {"AWS_CONFIG_FILE": str(bare)}).cpu,
                )
                for _ in range(PAIRS)
            ]
            ours, theirs = (1000 * median(some) for some in zip(*pairs))
            yield Figure(f"added to {' '.join(with_it[:2])}", name, ours - theirs, " ms", most)


Row = Callable[..., Iterator[Figure]]
ROWS: list[Row] = [hundred_models, quotas, twenty_copies, memory, one_model, progress, others]
