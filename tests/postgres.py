"""A PostgreSQL of one's own, on a unix socket, for as long as a test lasts."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import machine
from sqlalchemy import create_engine, text


def run(*command: object) -> None:
    """As somebody without rights: PostgreSQL refuses to run as root."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["su", "-s", "/bin/sh", "nobody", "-c", " ".join(f"'{word}'" for word in words)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/")


def empty_database(address: str, name: str) -> str:
    """The address of one more database, beside a fresh one."""
    engine = create_engine(sqlalchemy_address(address), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.replace("/postgres?", f"/{name}?")


def sqlalchemy_address(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://")


@contextmanager
def fresh_database(*, fsync: bool) -> Iterator[str]:
    """The address of an empty database. Without fsync it starts in 2 s; what measures needs it."""
    folder = Path(tempfile.mkdtemp(prefix="contrib-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
    tools = Path(machine.postgresql() or "")
    place = ("-D", folder / "data")
    run(tools / "initdb", *place, "-U", "contrib", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-k {folder} -c listen_addresses= -c fsync={'on' if fsync else 'off'}"
    run(tools / "pg_ctl", *place, "-l", folder / "log", "-o", options, "-w", "start")
    try:
        yield f"postgresql://contrib@/postgres?host={folder}"
    finally:
        run(tools / "pg_ctl", *place, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
