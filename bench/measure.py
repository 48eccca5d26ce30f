"""Runs programs in turns and says what they cost.

CPU seconds (user and system of the process) are what counts: on a shared machine they hardly move when a neighbour is busy, unlike the
time on the clock. One round runs every candidate after the other; the first round warms up and is dropped. How much the same
candidate differs from itself (the A/A spread) says how far a difference between two can be trusted.
"""

import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

LAUNCH = Path(__file__).resolve().parent / "launch.py"
ROUNDS = 5
WANTED_CPU_S = 1.0  # A candidate that needs less is run several times in a turn.
MAX_REPEATS = 4
TIME_LIMIT_S = 300
VERDICT_SPREADS = 3

SERVER_CORE, PROGRAM_CORE = (0, 1) if (os.cpu_count() or 1) > 1 else (-1, -1)


class Failed(Exception):
    """A measured program did not do its work; the message is what it said."""


@dataclass
class Run:
    cpu_s: float
    wall_s: float
    rss_kib: int
    output: str = ""


@dataclass
class Candidate:
    name: str
    command: list
    expect: str = None  # what it must print on stdout, for programs that print little; None: stdout goes to /dev/null
    repeats: int = 1
    cpu_s: list = field(default_factory=list)  # of one run, a value a round
    wall_s: list = field(default_factory=list)
    rss_kib: int = 0

    def run(self):
        """One run. Raises Failed when it went wrong."""
        done = run(self.command, keep_output=self.expect is not None)
        if self.expect is not None and done.output.strip() != self.expect:
            raise Failed(f"{self.name} printed {done.output.strip()[:100]!r} instead of {self.expect!r}")
        return done

    @property
    def median(self):
        return statistics.median(self.cpu_s)

    @property
    def spread(self):
        """Standard deviation of one and the same candidate's rounds, as a part of their mean."""
        return statistics.stdev(self.cpu_s) / statistics.mean(self.cpu_s) if len(self.cpu_s) > 1 else math.nan


def pin(pid, core):
    """Keeps all threads of a running process, and those they will start, on one core."""
    if core >= 0:
        for thread in os.listdir(f"/proc/{pid}/task"):
            os.sched_setaffinity(int(thread), {core})


def run(command, keep_output=False):
    """One run on the core of measured programs. Raises Failed unless it ends with 0 in time."""
    words = [shutil.which(command[0]) or command[0], *command[1:]]
    read_end, write_end = os.pipe()
    launcher = [sys.executable, "-I", "-S", LAUNCH, write_end, PROGRAM_CORE, TIME_LIMIT_S]
    with tempfile.TemporaryFile("w+") as messages, tempfile.TemporaryFile("w+") as output:
        with subprocess.Popen([str(word) for word in launcher + words], stdin=subprocess.DEVNULL, stdout=output if keep_output else subprocess.DEVNULL,
                              stderr=messages, pass_fds=(write_end,)) as process:
            os.close(write_end)
            try:
                with os.fdopen(read_end) as pipe:
                    report = pipe.read().split()
            except BaseException:
                process.terminate()  # It takes the program with it.
                raise
        if len(report) != 4 or report[0] != "0":
            messages.seek(0)
            raise Failed(f"{Path(words[0]).name} ended with {report[0] if report else 'no report'}: {messages.read()[-500:].strip()}")
        output.seek(0)
        return Run(float(report[1]), float(report[2]), int(report[3]), output.read())


def take_turns(candidates, rounds):
    """Fills in the figures of all candidates: `rounds` rounds of A B C …, the first of which is dropped."""
    for number in range(rounds):
        for candidate in candidates:
            runs = [candidate.run() for _ in range(candidate.repeats)]
            total = sum(done.cpu_s for done in runs)
            candidate.rss_kib = max(candidate.rss_kib, *(done.rss_kib for done in runs))
            if number == 0:
                candidate.repeats = max(1, min(MAX_REPEATS, math.ceil(WANTED_CPU_S / max(total, 0.01))))
            else:
                candidate.cpu_s.append(total / candidate.repeats)
                candidate.wall_s.append(sum(done.wall_s for done in runs) / candidate.repeats)


def ratios(ours, other):
    """How many times as much CPU the other needs, pair by pair."""
    return [theirs / own for own, theirs in zip(ours.cpu_s, other.cpu_s)]


def verdict(ours, other, must=1.0, goal=None, words=("missed", "must", "goal")):
    """One of the words for the ratio against its bars; "no verdict" when the distance to `must` is within three times the A/A spread."""
    ratio = statistics.median(ratios(ours, other))
    noise = VERDICT_SPREADS * max(ours.spread, other.spread)
    if abs(ratio / must - 1) < noise:
        return "no verdict"
    return words[(ratio >= must) + (goal is not None and ratio >= max(goal, must))]
