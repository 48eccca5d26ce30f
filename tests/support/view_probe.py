"""Opens views as the snapshot does (tests/support/view_probe.cc) and says where they stand."""

import json
import os
import subprocess

from tests.support.program import PROJECT, TIMEOUT_S, environment

PROBE = os.environ.get("CDC_VIEW_PROBE") or str(PROJECT / "build" / "tests" / "view_probe")
METHODS = ("server_snapshot", "log_status", "executed_set", "table_lock")


def words(url, count, options):
    """Options of one name may be a list."""
    flat = [(key, value) for key, given in options.items() for value in (given if isinstance(given, list) else [given])]
    return [PROBE, url, str(count), *(f"{key}={value}" for key, value in flat)]


class Opened:
    """One round: `method`, `gtid`, `file`, `at`, `attempts`, `locked`, `views` (of each view the first row of each statement)."""

    def __init__(self, line):
        self.__dict__.update(json.loads(line))
        self.method = METHODS[self.method]


def open_views(url, count=1, timeout_s=TIMEOUT_S, **options):
    """The rounds there were, the exit code and the messages."""
    done = subprocess.run(words(url, count, options), capture_output=True, text=True, timeout=timeout_s, stdin=subprocess.DEVNULL,
                          env=environment(""))
    return [Opened(line) for line in done.stdout.splitlines()], done.returncode, done.stderr


class HeldViews:
    """Views that stay open until `end`, or `with` does it."""

    def __init__(self, url, count=1, **options):
        self.process = subprocess.Popen(words(url, count, {**options, "hold": 1}), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=environment(""))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def await_open(self):
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.stderr.read())
        return Opened(line)

    def end(self, kill=False):
        if self.process.poll() is None and kill:
            self.process.kill()
        self.process.communicate(timeout=TIMEOUT_S)
        return self.process.returncode
