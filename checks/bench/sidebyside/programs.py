"""Running programs, and seeing whether others disturb them."""

import json
import os
import resource
import shlex
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path


class Failed(Exception):
    """A command that did not do what it should; the message is for the user."""


def say(text):
    print("side-by-side: " + text, file=sys.stderr)


@contextmanager
def started(command, **streams):
    """A process in a group of its own; the group ends with the block, however the block ends."""
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, **streams)
    except OSError as e:
        raise Failed(f"cannot start {command[0]}: {e.strerror}") from e
    try:
        yield process
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run(command):
    """What the command prints."""
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        out, errors = process.communicate()
    if process.returncode != 0:
        reason = (errors.strip() or "no reason given").splitlines()[-1]
        raise Failed(f"`{shlex.join(command)}` failed with {process.returncode}: {reason}")
    return out


def run_json(command):
    out = run(command)
    try:
        return json.loads(out)
    except ValueError as e:
        raise Failed(f"`{shlex.join(command)}` printed no JSON but {out[:80]!r}") from e


def competitor():
    return started(["sh", "-c", "while :; do :; done"])


class Watch:
    """Cores that others used while a block ran: what the kernel counts, less what this process and its children used."""

    def __enter__(self):
        self.before = self.now()
        return self

    def __exit__(self, *failure):
        seconds, busy, own = zip(self.before, self.now())
        self.others = None
        if None not in busy:
            self.others = max(0.0, (busy[1] - busy[0] - (own[1] - own[0])) / (seconds[1] - seconds[0]))

    @staticmethod
    def now():
        uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return os.times().elapsed, busy_seconds(), sum(use.ru_utime + use.ru_stime for use in uses)


def busy_seconds():
    """Of all cores since the machine started, None where the system does not tell; what the host gave to other guests counts too."""
    try:
        user, nice, system, _, _, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split()[1:9])
    except OSError:
        return None
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
