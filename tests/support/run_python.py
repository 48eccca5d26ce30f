#!/usr/bin/python3
"""Runs the unittest cases in folders (test_*.py) and prints `N passed, N failed, N skipped` as the last line:
    run_python.py [--filter WORD] [--jobs N] PLACE…     PLACE is a folder or a file of the project; a test counts once, whatever its subtests
With several jobs every file is a process of its own, whose output comes when it has ended: tests wait for servers more than they compute.
With CI=true a skipped test is a failure, unless a package source is gone (products.SourceGone).
"""

import argparse
import os
import subprocess
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))
from tests.support.products import SourceGone  # noqa: E402
from tests.support.program import LONG  # noqa: E402

FILE_TIMEOUT_S = 4 * 3600 if LONG else 1200


class Counting(unittest.TextTestResult):
    """Prints one line a test with its time. A class whose setUpClass fails or skips counts as one test."""

    VERDICTS = ("passed", "failed", "skipped")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.count = dict.fromkeys(self.VERDICTS, 0)
        self._verdict, self._since = "passed", 0.0

    def startTest(self, test):
        super().startTest(test)
        self._verdict, self._since = "passed", time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        self._conclude(test)

    def _conclude(self, test):
        self.count[self._verdict] += 1
        print(f"{self._verdict:8}{time.monotonic() - self._since:7.2f} s  {test.id()}", flush=True)

    def _judge(self, test, verdict):
        self._verdict = "failed" if "failed" in (verdict, self._verdict) else verdict
        if not isinstance(test, unittest.TestCase):  # setUpClass, setUpModule: no test was started
            self._since = time.monotonic()
            self._conclude(test)
            self._verdict = "passed"

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._judge(test, "failed")

    def addError(self, test, err):
        super().addError(test, err)
        self._judge(test, "failed")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._judge(test, "failed")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._judge(test, "failed")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print(f"skipped: {test.id()}: {reason}")
        allowed = os.environ.get("CI") != "true" or reason.startswith(SourceGone.WORDS)
        self._judge(test, "skipped" if allowed else "failed")


def every_test(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from every_test(test)
        elif LONG or not is_long_only(test):
            yield test


def is_long_only(test):
    method = getattr(test, test._testMethodName, None)
    return getattr(test, "is_long_only", False) or getattr(method, "is_long_only", False)


def files_of(places):
    for place in (PROJECT / place for place in places):
        yield from sorted(place.glob("test_*.py")) if place.is_dir() else [place]


def tests_of(file, word):
    name = ".".join(file.relative_to(PROJECT).with_suffix("").parts)
    return [test for test in every_test(unittest.defaultTestLoader.loadTestsFromName(name)) if word in test.id()]


def run_here(tests):
    return unittest.TextTestRunner(stream=sys.stdout, resultclass=Counting, verbosity=0).run(unittest.TestSuite(tests)).count


def run_apart(file, word):
    """The file's tests in a process of their own: what it said, and its counts."""
    child = subprocess.Popen([sys.executable, __file__, "--filter", word, file.relative_to(PROJECT)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said, died = child.communicate(timeout=FILE_TIMEOUT_S)[0], False
    except subprocess.TimeoutExpired:
        child.terminate()
        said, died = child.communicate()[0] + f"{file.name} did not end within {FILE_TIMEOUT_S} s\n", True
    words = (said.rstrip().rsplit("\n", 1)[-1]).replace(",", "").split()
    if died or len(words) != 6 or words[1::2] != list(Counting.VERDICTS):
        return said, {"passed": 0, "failed": 1, "skipped": 0}
    return said, dict(zip(words[1::2], map(int, words[::2])))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filter", default="")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("places", nargs="+")
    wanted = parser.parse_args()
    tests = {file: found for file in files_of(wanted.places) if (found := tests_of(file, wanted.filter))}
    if wanted.jobs == 1 or len(tests) < 2:
        count = run_here(test for found in tests.values() for test in found)
    else:
        count = dict.fromkeys(Counting.VERDICTS, 0)
        with ThreadPoolExecutor(wanted.jobs) as pool:
            for done in as_completed([pool.submit(run_apart, file, wanted.filter) for file in tests]):
                said, counted = done.result()
                print(said, end="", flush=True)
                count = {verdict: number + counted[verdict] for verdict, number in count.items()}
    print(", ".join(f"{number} {verdict}" for verdict, number in count.items()))
    return count["failed"] != 0


if __name__ == "__main__":
    sys.exit(main())
