"""The rows of the table: a situation, and what may be asked of a command in it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.benchmarks.contenders import copies, guide, in_silence, listing, loop, plugin
from tests.benchmarks.importing import Probe, fresh, python_of
from tests.benchmarks.measure import Run, Stand, median, say

POLL_INTERVAL = 5.0
MB = 1_000_000
REPEATS, PAIRS = 9, 21


@dataclass(frozen=True)
class Figure:
    """One measured value, and the most that it may be; without that it is for information."""

    what: str
    host: str
    measured: float
    unit: str = ""
    at_most: float | None = None
    guide: str = ""
    loop: str = ""


@dataclass(frozen=True)
class Row:
    """A situation with its figures. The notes say what was compared with what."""

    title: str
    figures: Sequence[Figure]
    notes: str = ""


def hundred_models(v2: Stand) -> Row:
    seconds, fewer = 5.0, 2
    run = v2.run(plugin, models=100, deleting=seconds)
    guides = v2.run(guide, models=fewer, deleting=seconds)
    loops = v2.run(loop, models=fewer, deleting=seconds)

    def extrapolated(value: float, unit: str) -> str:
        return f"~ {value * 100 / fewer:.0f}{unit} (x)"

    requests = Figure(
        "requests",
        "v2",
        len(run.requests),
        at_most=110,
        guide=extrapolated(len(guides.requests), ""),
        loop=extrapolated(len(loops.requests), ""),
    )
    wall = Figure(
        "wall clock",
        "v2",
        run.cost.seconds,
        " s",
        at_most=seconds + POLL_INTERVAL + 4,
        guide=extrapolated(guides.cost.seconds, " s"),
        loop=extrapolated(loops.cost.seconds, " s"),
    )
    return Row(
        "100 models in one project, each 5 s to delete",
        [requests, wall],
        f"Wall clock: at most the slowest model + one poll interval + 4 s."
        f" (x) not measured, but extrapolated from {fewer} models, one after another.",
    )


def quota(stands: Sequence[Stand]) -> Row:
    models, rate = 500, 5.0

    def run(stand: Stand) -> Run:
        return stand.run(plugin, models=models, quota=rate)

    # At the same time, because nearly all of it is waiting.
    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(run, stands))
    figures = []
    for stand, done in zip(stands, runs):
        name, share = stand.host.name, 100 * done.throttled / len(done.requests)
        figures.append(Figure("models left", name, models - len(done.gone), at_most=0))
        figures.append(
            Figure("wall clock", name, done.cost.seconds, " s", at_most=1.2 * models / rate)
        )
        figures.append(Figure("throttled requests", name, share, " %", at_most=10))
    return Row(
        "500 models, 5 requests/s allowed for each operation, each gone at once",
        figures,
        f"Wall clock: at most 1.2 x the quota's own time, {models} deletes / {rate:g} per s"
        f" = {models / rate:g} s. The two hosts ran side by side, the others not at all.",
    )


def low_quotas(stands: Sequence[Stand]) -> Row:
    deleting = 5.0
    figures = []
    for models, rate, most in ((20, 5.0, 10.0), (100, 5.0, 26.0), (100, 1.0, 136.5)):

        def run(stand: Stand, models: int = models, rate: float = rate) -> Run:
            return stand.run(plugin, models=models, quota=rate, deleting=deleting)

        with ThreadPoolExecutor() as pool:
            runs = list(pool.map(run, stands))
        for stand, done in zip(stands, runs):
            name, share = stand.host.name, 100 * done.throttled / len(done.requests)
            what = f"{models} models, {rate:g}/s"
            figures.append(Figure(what, name, done.cost.seconds, " s", at_most=most))
            figures.append(Figure("throttled requests", name, share, " %"))
    return Row(
        "Few models and low quotas, each 5 s to delete",
        figures,
        "Wall clock. The two hosts ran side by side, the others not at all.",
    )


def twenty_copies(stands: Sequence[Stand]) -> Row:
    models, deleting, times = 20, 5.0, 1.3
    figures = []
    for rate in (5.0, 1.0):
        for stand in stands:  # one after another: starting twenty processes takes all cores
            one = stand.run(plugin, models=models, quota=rate, deleting=deleting)
            many = stand.run(copies, models=models, quota=rate, deleting=deleting)
            figures += [
                Figure(
                    f"twenty copies, {rate:g}/s",
                    stand.host.name,
                    many.span,
                    " s",
                    at_most=times * (2 * models / rate + deleting) + many.starting,
                ),
                Figure(
                    "throttled requests",
                    stand.host.name,
                    100 * many.throttled / len(many.requests),
                    " %",
                ),
                Figure(
                    f"one command, {rate:g}/s",
                    stand.host.name,
                    one.span,
                    " s",
                    at_most=times * (models / rate + deleting),
                ),
            ]
    return Row(
        "Twenty models, each 5 s to delete: twenty copies at once beside one command",
        figures,
        "From the first request to the last: starting twenty processes is not counted. At most"
        f" {times:g} x the time of quota and deletion, and for the copies the time over which they"
        " started. Each copy has to look twice, before its delete and after.",
    )


def memory(stands: Sequence[Stand]) -> Row:
    figures = []
    for stand in stands:
        own = stand.run(listing, models=1000, projects=20).cost.peak
        peak = stand.run(plugin, models=1000, projects=20, deleting=5).cost.peak
        name, over = stand.host.name, (peak - own) / MB
        figures.append(Figure("memory, over the host's own", name, over, " MB", at_most=10))
        figures.append(Figure("memory", name, peak / MB, " MB", loop=f"{own / MB:.2f} MB"))
    return Row(
        "1,000 models in 20 projects, no quota, each 5 s to delete",
        figures,
        "Peaks of resident memory. The host's own, in the last column, is that of one"
        " describe-project-versions, which lists one of the projects: 50 models.",
    )


def slow_model(stands: Sequence[Stand]) -> Row:
    guides = stands[0].run(guide, deleting=20)
    figures = []
    for stand in stands:
        name = stand.host.name
        run, loops = stand.run(plugin, deleting=20), stand.run(loop, deleting=20)
        figures += [
            Figure(
                "CPU time",
                name,
                run.cost.cpu,
                " s",
                at_most=0.25 * loops.cost.cpu,
                guide=f"{guides.cost.cpu:.2f} s",
                loop=f"{loops.cost.cpu:.2f} s",
            ),
            Figure(
                "requests",
                name,
                len(run.requests),
                at_most=len(guides.requests) + 3,
                guide=str(len(guides.requests)),
                loop=str(len(loops.requests)),
            ),
            _late(run, name, POLL_INTERVAL, guides, loops),
        ]
    return Row(
        "One model, 20 s to delete",
        figures,
        "CPU time: at most 0.25 x the loop's on the same host, user + system of all processes."
        " Requests: at most the guide's + 3.",
    )


def quick_model(v2: Stand) -> Row:
    run, guides, loops = (v2.run(contender, deleting=1) for contender in (plugin, guide, loop))
    requests = Figure(
        "requests",
        "v2",
        len(run.requests),
        at_most=5,
        guide=str(len(guides.requests)),
        loop=str(len(loops.requests)),
    )
    return Row("One model, gone in 1 s", [_late(run, "v2", 0.75, guides, loops), requests])


def _late(run: Run, host: str, at_most: float, guides: Run, loops: Run) -> Figure:
    return Figure(
        "seen gone, late by",
        host,
        run.late,
        " s",
        at_most=at_most,
        guide=f"{guides.late:.2f} s",
        loop=f"{loops.late:.2f} s",
    )


def progress(v2: Stand) -> Row:
    models, times = 3000, 1.2
    most = times * v2.run(in_silence, models=models).cost.cpu
    figures = []
    for what, at_terminal in (("at a terminal", True), ("in a log", False)):
        cost = v2.run(plugin, models=models, at_terminal=at_terminal).cost
        figures.append(Figure(f"CPU time {what}", "v2", cost.cpu, " s", at_most=most))
    return Row(
        "3,000 models in one project, no quota: what progress costs",
        figures,
        f"At most {times:g} x the CPU time with --no-progress, {most / times:.2f} s.",
    )


def others(stands: Sequence[Stand]) -> Row:
    say("importing the plugin, and other commands with it and without")
    v1 = stands[0].host
    imports = [fresh(python_of(v1)) for _ in range(REPEATS + 1)][1:]  # the first one compiles
    modules = len(set(imports[0]["imported"]) - {"awscli_rekcl"})
    alone = 1000 * median(done["seconds"] for done in imports)
    figures = [
        Figure("other modules imported", v1.name, modules, "", 0),
        Figure("import, new interpreter", v1.name, alone, " ms", 1),
    ]
    for stand in stands:
        name, probe = stand.host.name, Probe(stand.aws)
        seconds = []
        for _ in range(REPEATS):
            stand.cost(["aws", "configure", "list"], probe.variables)
            seconds.append(probe.answer()["seconds"])
        figures.append(Figure("import, in the host", name, 1000 * median(seconds[1:]), " ms", 1))
        figures += [_added(stand, *case) for case in OTHERS]
    return Row(
        "What the plugin adds to other commands, and ours",
        figures,
        f"Imports: medians of {REPEATS} runs. Added: the median CPU time of {PAIRS} runs with it"
        " less that without it, in turn. Ours, a --dry-run, beside describe-projects without it.",
    )


PROJECTS = ["rekognition", "describe-projects"]
DRY_RUN = ["rekognition", "delete-model-and-wait", "--project-name", "p0", "--all-versions"]
# A command with the plugin, one without it, and the most that the first may take longer (ms).
OTHERS: list[tuple[list[str], list[str], float | None]] = [
    (["--version"], ["--version"], 10),
    (PROJECTS, PROJECTS, 10),
    ([*DRY_RUN, "--dry-run"], PROJECTS, None),
]


def _added(stand: Stand, words: list[str], others: list[str], most: float | None) -> Figure:
    bare = stand.home / "config-bare"
    bare.write_text("[default]\nregion = us-east-1\n")
    stand.run(listing)  # there is a project
    pairs = [
        (
            stand.cost(["aws", *words]).cpu,
            stand.cost(["aws", *others], {"AWS_CONFIG_FILE": str(bare)}).cpu,
        )
        for _ in range(PAIRS)
    ]
    with_it, without = (1000 * median(some) for some in zip(*pairs))
    what = f"added to {' '.join(words[:2])}"
    return Figure(what, stand.host.name, with_it - without, " ms", most)
