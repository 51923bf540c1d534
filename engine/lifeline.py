"""Ties a process to the one that started it, so that no solver or server is left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def follow_parent(death_signal: int, parent: int) -> None:
    """Ask the kernel to signal this process when its parent dies; other systems than Linux do nothing here.

    Parameters
    ----------
    death_signal : int
        E.g. `signal.SIGKILL`.
    parent : int
        Process id of the parent: were it gone already, no signal would ever come.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), death_signal)


def follower(death_signal: int) -> Callable[[], None]:
    """`follow_parent` as a `preexec_fn`, for children that know nothing of Firmwatt."""
    parent = os.getpid()
    return lambda: follow_parent(death_signal, parent)


def end_with_input(descriptor: int = 0) -> None:
    """End this process at once when its standard input closes: the parent's end, on every system."""

    def watch() -> None:
        while os.read(descriptor, 4096):
            pass
        os._exit(1)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def kill_group(process: subprocess.Popen[bytes], with_signal: int = signal.SIGKILL) -> None:
    """Signal a child that leads its own session, and all that it started."""
    try:
        os.killpg(process.pid, with_signal)
    except ProcessLookupError:
        return  # all of them have ended
