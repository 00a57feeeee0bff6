"""Keeps the server's machine from falling asleep, where the system lets us."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable

ES_CONTINUOUS, ES_SYSTEM_REQUIRED = 0x80000000, 0x00000001
"""Windows: SetThreadExecutionState (winbase.h)."""


def stay_awake() -> Callable[[], None]:
    """From here on the machine stays awake; call what comes back to let it sleep again."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.SetThreadExecutionState(ES_CONTINUOUS | ES_SYSTEM_REQUIRED)
        return lambda: kernel.SetThreadExecutionState(ES_CONTINUOUS)
    process = _helper()
    return process.terminate if process else lambda: None


def _helper() -> "subprocess.Popen[bytes] | None":
    """A program of the system that ends with this process, even when it is killed."""
    pid = str(os.getpid())
    if sys.platform == "darwin":
        command = ["caffeinate", "-i", "-w", pid]
    else:
        command = [
            "systemd-inhibit", "--what=idle:sleep", "--who=contrib", "--why=Des ateliers prennent des notes",
            "tail", f"--pid={pid}", "-f", "/dev/null",
        ]  # fmt: skip
    if not shutil.which(command[0]):
        return None
    try:
        return subprocess.Popen(  # noqa: S603  our own words, from the path
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return None
