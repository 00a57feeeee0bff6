"""400 facilitators on one process, beside the naive way (ORM insert + commit under a lock).

    python tests/bench/save.py [--seconds 20] [--laptops 400]

Prints a table and the ratios; asserts nothing. Each figure stands beside a reference that
was timed in the same run, on the same disk, once as it is and once with flushes of 8 ms.
"""

import argparse
import asyncio
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from conftest import Server, free_port
from crowd import Laptop, Naive, Ours, Seen, an_afternoon, as_fast_as_possible, percentile

HERE = Path(__file__).parent
EVERY_FEED = 2.0
"""Seconds between two questions of a page (plus a third of jitter)."""
PACES = (20.0, 3.0)
"""Seconds between two notes of a facilitator: a busy hand's, and seven times that."""


def slow_disk(folder: Path) -> dict[str, str]:
    """The environment in which every flush takes 8 ms more."""
    library = folder / "slow_disk.so"
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler, "A C compiler is needed for the slow disk (Debian: gcc)."
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-o", library, HERE / "slow_disk.c", "-ldl"], check=True
    )
    return {"LD_PRELOAD": str(library)}


def programme(workshops: int) -> str:
    lines = ["[journee]", 'nom = "foule"', 'titre = "Foule"', "date = 2021-09-30", "restitution = 16:30:00"]
    for number in range(workshops):
        initials = chr(65 + number // 26) + chr(65 + number % 26)
        lines += [
            "[[ateliers]]",
            f'sigle = "{initials}"',
            f'nom = "a{number}"',
            f'titre = "Atelier {number}"',
        ]
        lines += ['question = "Quoi ?"', "[[ateliers.rubriques]]", 'nom = "r"', 'nature = "recommandation"']
        lines += ['libelle = "Recommandations"']
    return "\n".join(lines)


@contextmanager
def our_server(folder: Path, workshops: int, environment: dict[str, str]) -> Iterator[Server]:
    data = Path(tempfile.mkdtemp(dir=folder)) / "data"
    (folder / "foule.toml").write_text(programme(workshops), "utf-8")
    server = Server(data, **environment).start("--programme", str(folder / "foule.toml"))
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def naive_server(folder: Path, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    data, port = tempfile.mkdtemp(dir=folder), free_port()
    process = subprocess.Popen(
        [sys.executable, HERE / "naive.py", data, str(port)],
        env={**os.environ, **environment},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    for _ in range(100):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/"):
            break
        time.sleep(0.1)
    try:
        yield port, process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


async def our_laptops(server: Server, workshops: int, count: int, seen: Seen) -> list[Ours]:
    codes = re.findall(r"  (\S{5}-\S{5})  Atelier (\d+)\s*$", server.said, re.M)
    assert len(codes) == workshops, server.said
    laptops = []
    for number in range(count + workshops):
        code, workshop = codes[number % workshops]
        laptop = Ours(server.port, f"a{workshop}", seen, observer=number >= count)
        await laptop.enter(f"/foule/ateliers/a{workshop}", code)
        laptops.append(laptop)
    seen.bytes = 0
    return laptops


def cpu(pid: int) -> float:
    """Seconds of processor that a server has used: the process that was started, and those that answer."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    return sum(_cpu(one) for one in (pid, *map(int, children)))


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def throughput(
    folder: Path, environment: dict[str, str], seconds: float, *, news: bool
) -> tuple[float, float]:
    """Saves per second of 64 laptops that never wait: ours, and the naive way."""
    with our_server(folder, 4, environment) as server:

        async def ours() -> float:
            laptops = [one for one in await our_laptops(server, 4, 64, Seen()) if not one.observer]
            return await as_fast_as_possible(laptops, seconds, news=news)

        mine = asyncio.run(ours())
    with naive_server(folder, environment) as (port, _pid):

        async def theirs() -> float:
            laptops = [Naive(port, f"a{n % 4}", Seen()) for n in range(64)]
            return await as_fast_as_possible(laptops, seconds, news=news)

        return mine, asyncio.run(theirs())


def at_the_door(folder: Path, environment: dict[str, str], seconds: float) -> float:
    """Notes per second that 64 threads bring to the door of one process, without the web around it."""
    run = subprocess.run(
        [sys.executable, HERE / "door.py", tempfile.mkdtemp(dir=folder), str(seconds)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(run.stdout)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What kind of afternoon: how many laptops in how many workshops, on which disk, how fast."""

    folder: Path
    workshops: int
    laptops: int
    environment: dict[str, str]
    seconds: float
    pace: float


def played(setting: Setting, pid: int, enter: Callable[[], Awaitable[list[Laptop]]]) -> float:
    """The afternoon with the laptops that `enter` brings; the processor's seconds of the server."""

    async def play() -> float:
        laptops = await enter()
        before = cpu(pid)
        await an_afternoon(laptops, setting.seconds, every_save=setting.pace, every_feed=EVERY_FEED)
        return cpu(pid) - before

    return asyncio.run(play())


def afternoon(name: str, setting: Setting) -> None:
    """The real rhythm: saves, feeds with fragments, what observers saw, bytes, processor."""
    seen = Seen()
    with our_server(setting.folder, setting.workshops, setting.environment) as server:
        assert server.process
        enter = partial(our_laptops, server, setting.workshops, setting.laptops, seen)
        used = played(setting, server.process.pid, enter)
    pages = setting.laptops + setting.workshops
    per_page = seen.bytes / pages / (setting.seconds / 60) / 1000
    show(name, seen, setting.seconds, used)
    print(f"{'':28} a colleague sees it after {percentile(seen.shown, 0.5) / 1000:.1f} s (p99 "
          f"{percentile(seen.shown, 0.99) / 1000:.1f} s), in the document after {percentile(seen.printed, 0.5) / 1000:.1f} s "
          f"(p99 {percentile(seen.printed, 0.99) / 1000:.1f} s), {per_page:.0f} KB a page and minute")  # fmt: skip


def naive_afternoon(name: str, setting: Setting) -> None:
    seen = Seen()
    with naive_server(setting.folder, setting.environment) as (port, pid):

        async def enter() -> list[Laptop]:
            return [Naive(port, f"a{n % setting.workshops}", seen) for n in range(setting.laptops)]

        used = played(setting, pid, enter)
    show(name, seen, setting.seconds, used)


def show(name: str, seen: Seen, seconds: float, used: float) -> None:
    save = [f"{percentile(seen.saves, share):6.0f}" for share in (0.5, 0.95, 0.99)]
    feed = [f"{percentile(seen.feeds, share):6.0f}" for share in (0.5, 0.99)]
    print(f"{name:28} {len(seen.saves) / seconds:6.0f} {' '.join(save)}   {len(seen.feeds) / seconds:6.0f} "
          f"{' '.join(feed)}   {100 * used / seconds:4.0f} %")  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--laptops", type=int, default=400)
    options.add_argument("--quick", action="store_true", help="only 40 workshops on the disk as it is")
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="contrib-bench-"))

    def setting(workshops: int, environment: dict[str, str], pace: float) -> Setting:
        return Setting(
            folder=folder,
            workshops=workshops,
            laptops=given.laptops,
            environment=environment,
            seconds=given.seconds,
            pace=pace,
        )

    if given.quick:
        for pace in PACES:
            afternoon(f"40 workshops, every {pace:.0f} s", setting(40, {}, pace))
        return
    slow = slow_disk(folder)
    disks = (("disk as it is", {}), ("flushes of 8 ms", slow))
    print("64 laptops that never wait: saves per second")
    for name, environment in disks:
        for what, news in (("saves", False), ("and the news", True)):
            mine, theirs = throughput(folder, environment, given.seconds / 2, news=news)
            print(f"  {name:17} {what:13} ours {mine:6.0f}   naive {theirs:6.0f}   ratio {mine / theirs:.1f}")
        door = at_the_door(folder, environment, given.seconds / 2)
        print(f"  {name:17} {'the door alone':13} {door:.0f}")
    for pace in PACES:
        print(f"\n{given.laptops} facilitators, a note every {pace:.0f} s each (ms; a save is its post)")
        print(
            f"{'':28} {'save/s':>6} {'p50':>6} {'p95':>6} {'p99':>6}   {'feed/s':>6} {'p50':>6} {'p99':>6}   cpu"
        )
        for disk, environment in disks:
            for workshops in (40, 4):
                afternoon(f"{workshops} workshops, {disk}", setting(workshops, environment, pace))
            naive_afternoon(f"naive, {disk}", setting(40, environment, pace))
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
