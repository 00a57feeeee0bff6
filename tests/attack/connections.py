"""Half-open, stalled and deaf connections against a server of one's own: how long others wait.

    PYTHONPATH=tests:tools:. python tests/attack/connections.py

Loopback only, 2,100 connections at most, a minute at most. Prints; asserts nothing.
"""

import contextlib
import resource
import socket
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from conftest import Server

COUNT = 2_100
HALF_HEADER = b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "
HALF_BODY = (
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 500\r\n\r\ncode=Une"
)
HUGE_BODY = HALF_BODY.replace(b"500", b"900000000") + b"x" * 100_000


def waits(server: Server, times: int = 20) -> str:
    """Milliseconds of so many pages, the middle and the longest."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        with urllib.request.urlopen(server.url, timeout=30) as answer:
            answer.read()
        found.append((time.perf_counter() - start) * 1000)
    return f"{statistics.median(found):5.0f} ms, longest {max(found):5.0f} ms"


def memory(server: Server) -> float:
    """Megabytes of the process that was started and of those below it."""
    return sum(by_process(server).values())


def by_process(server: Server) -> dict[str, float]:
    """Megabytes that are resident, by process number and name."""
    assert server.process
    found = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError, StopIteration):
            lines = status.read_text().splitlines()
            group = Path(f"/proc/{status.parent.name}/stat").read_text().rsplit(")", 1)[1].split()[2]
            if int(group) == server.process.pid:
                size = int(next(line for line in lines if line.startswith("VmRSS")).split()[1])
                found[f"{status.parent.name} {lines[0].split()[1]}"] = size / 1000
    return found


def attacked(server: Server, name: str, count: int, first: Callable[[], bytes]) -> None:
    """What others wait while so many connections say so much and then nothing."""
    open_ones = []
    for _ in range(count):
        with contextlib.suppress(OSError):
            one = socket.create_connection(("127.0.0.1", server.port), timeout=5)
            one.sendall(first())
            open_ones.append(one)
    print(f"{name:32} {len(open_ones):5} connections   {waits(server)}   {memory(server):5.0f} MB")
    for one in open_ones:
        one.close()


def main() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (4_096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    server = Server(Path(tempfile.mkdtemp()) / "data").start()
    try:
        print(f"{'calm':32} {0:5} connections   {waits(server)}   {memory(server):5.0f} MB")
        attacked(server, "half a header", COUNT, lambda: HALF_HEADER)
        attacked(server, "half a body", 200, lambda: HALF_BODY)
        attacked(server, "900 MB announced, 100 KB sent", 100, lambda: HUGE_BODY)
        print(f"{'after':32} {0:5} connections   {waits(server)}   {memory(server):5.0f} MB")
    finally:
        server.kill()


if __name__ == "__main__":
    main()
