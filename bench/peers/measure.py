"""Runs a command and measures it."""

import os
import resource
import signal
import subprocess
import time
from dataclasses import dataclass


@dataclass
class Cost:
    """What one run cost, the processes it started included."""

    cpu: float  # seconds, user and system
    wall: float  # seconds
    memory: float  # MB, the largest process at its peak


class Failed(Exception):
    """The command failed or took too long."""


def run(command, environment, limit):
    """Runs a command for at most limit seconds and returns its Cost.

    The peak of a process counts from before it is replaced by the command, so
    it can't be less than this process's own size: keep that small.
    """
    start = time.monotonic()
    child = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(child.pid, signal.SIGKILL))
    signal.alarm(limit)
    try:
        with child.stderr:
            said = child.stderr.read()
        _, status, used = os.wait4(child.pid, 0)
    finally:
        signal.alarm(0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    if wall >= limit:
        raise Failed(f"over {limit} s")
    if child.returncode != 0:
        lines = said.decode(errors="replace").strip().splitlines() or ["no message"]
        raise Failed(f"exit {child.returncode}: {lines[-1]}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def own_size():
    """The peak of this process in MB: the least that run can report."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
