"""Runs `mysql-cdc dry-run` for tests: to its end, or as a stream whose lines are awaited.

The program is $CDC_PROGRAM, else $MYSQL_CDC, else build/mysql-cdc. The URL goes through the environment, as the documentation advises.
"""

import base64
import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CDC_PROGRAM") or os.environ.get("MYSQL_CDC") or str(PROJECT / "build" / "mysql-cdc")
TIMEOUT_S = 60
LONG = bool(os.environ.get("CDC_LONG"))  # Set by `./dev test --long`.


def long_only(test):
    """Of a case or a class: no part of the normal run, which is not the same as skipped there."""
    test.is_long_only = True
    return test


class Done:
    """What a run left: exit code, output lines, messages, seconds."""

    def __init__(self, code, out, err, took_s=0.0):
        self.code, self.out, self.err, self.took_s = code, out, err, took_s

    @property
    def lines(self):
        return self.out.removesuffix("\n").split("\n") if self.out else []  # splitlines() knows too many ends of lines.

    @property
    def records(self):
        return [json.loads(line) for line in self.lines]


def environment(url):
    """The tests' own environment, in a zone far from UTC: no value may depend on it."""
    return {**os.environ, "MYSQL_CDC_URL": url or "", "TZ": "Asia/Kathmandu"}


def dry_run(url, *words, timeout_s=TIMEOUT_S):
    """Runs to the end, which must come within `timeout_s`. Words may be of any type."""
    began = time.monotonic()
    done = subprocess.run([PROGRAM, "dry-run", *map(str, words)], capture_output=True, text=True, encoding="utf-8", errors="surrogateescape",
                          timeout=timeout_s, stdin=subprocess.DEVNULL, env=environment(url))
    return Done(done.returncode, done.stdout, done.stderr, time.monotonic() - began)


class Stream:
    """A running dry run. `with` ends it at the latest; `stop` sends SIGINT as a person does."""

    def __init__(self, url, *words, stdout=None):
        command = [PROGRAM, "dry-run", "--format", "json", *map(str, words)]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout or subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        encoding="utf-8", env=environment(url))
        self.lines, self._messages, self._changed = [], [], threading.Condition()
        pipes = [(self.process.stdout, self.lines), (self.process.stderr, self._messages)]
        self._threads = [threading.Thread(target=self._follow, args=pair, daemon=True) for pair in pipes if pair[0]]
        for thread in self._threads:
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self._collect()

    def _follow(self, pipe, lines):
        for line in pipe:
            with self._changed:
                lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        self.process.wait()  # Whoever is told now finds it ended.
        with self._changed:
            self._changed.notify_all()

    @property
    def messages(self):
        return "\n".join(self._messages)

    def _await(self, condition, what, timeout_s):
        with self._changed:
            if not self._changed.wait_for(lambda: condition() or self.process.poll() is not None, timeout_s) or not condition():
                raise AssertionError(f"{what} did not come within {timeout_s} s (exit code {self.process.poll()}):\n{self.messages}")

    def await_lines(self, count, timeout_s=TIMEOUT_S):
        """Waits until `count` records have come; all so far are in `lines`."""
        self._await(lambda: len(self.lines) >= count, f"record {count} ({len(self.lines)} are here)", timeout_s)

    def ends_before(self, count, timeout_s=TIMEOUT_S):
        """Waits until `count` records have come, or for an end that comes by itself; whether it was the end."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.lines) >= count or self.process.poll() is not None, timeout_s):
                raise AssertionError(f"neither {count} records nor an end within {timeout_s} s ({len(self.lines)} are here):\n{self.messages}")
        return self.process.poll() is not None

    def await_message(self, text, count=1, timeout_s=TIMEOUT_S):
        self._await(lambda: self.messages.count(text) >= count, f"message {text!r}", timeout_s)

    def stop(self, timeout_s=TIMEOUT_S, by=signal.SIGINT):
        """Sends the signal; the run that was, with how long the end took."""
        began = time.monotonic()
        self.process.send_signal(by)
        return self.finish(timeout_s, began)

    def finish(self, timeout_s=TIMEOUT_S, began=None):
        """Waits for an end that comes by itself."""
        began = time.monotonic() if began is None else began
        self.process.wait(timeout_s)
        took_s = time.monotonic() - began
        self._collect()
        return Done(self.process.returncode, "\n".join(self.lines), self.messages, took_s)

    def _collect(self):
        self.process.wait()
        for thread in self._threads:
            thread.join(TIMEOUT_S)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()


def position(line):
    """The position of a record, as the JSON text that --from takes."""
    return base64.b64decode(json.loads(line)["position"]).decode()


def without_clock(lines):
    """Records as they must be in every run: all bytes but the time of reading."""
    out = []
    for line in lines:
        before, found, after = line.partition('"opencdc.readAt":"')
        out.append(before + found + after.lstrip("0123456789"))
    return out
