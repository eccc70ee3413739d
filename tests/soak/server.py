"""The real app in a process of its own, quick to start: it is forked from one that imported it."""

import multiprocessing
import os
import socket
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import app

_SLOWEST_START_S = 120.0


@dataclass(frozen=True)
class Server:
    """One run of the app."""

    process: ForkServerProcess
    address: str
    log: Path

    def wait_until_served(self) -> None:
        """Wait for the first reply.

        Raises:
            AssertionError: the app ended or does not answer; its log is in the message.
        """
        end = time.monotonic() + _SLOWEST_START_S
        while time.monotonic() < end and self.process.is_alive():
            try:
                urlopen(f"{self.address}look/studio.css", timeout=5).close()
            except (URLError, OSError):
                time.sleep(0.02)
            else:
                return
        raise AssertionError(f"The app did not start:\n{self.log.read_text(encoding='utf-8')}")

    def kill(self) -> None:
        """`kill -9`: the process has no say in it."""
        self.process.kill()
        self.process.join()


def start_server(data: Path, checkpoint: Path, temporary: Path, log: Path) -> Server:
    """Start `app.py` on a free port of this machine."""
    port = _free_port()
    options = ["--data", str(data), "--checkpoint", str(checkpoint), "--port", str(port)]
    process = fork_server().Process(target=_serve, args=(options, temporary, log))
    process.start()
    return Server(process, f"http://127.0.0.1:{port}/", log)


def fork_server() -> ForkServerContext:
    """What starts processes in which the app is imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.soak.server"])
    return context


def write_into(log: Path, temporary: Path) -> None:
    """Let this process, just forked, write its words into a log and its files into a folder."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    tempfile.tempdir = str(temporary)


def _serve(options: list[str], temporary: Path, log: Path) -> None:
    write_into(log, temporary)
    app.main([*options, "--threads", "1"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
