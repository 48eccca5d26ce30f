#!/usr/bin/python3
"""Runs the unittest cases in folders (test_*.py) and prints `N passed, N failed, N skipped` as the last line:
    run_python.py [--filter WORD] FOLDER…      FOLDER is relative to the project; a test counts once, whatever its subtests
With CI=true a skipped test is a failure, unless a package source is gone (products.SourceGone).
"""

import argparse
import os
import sys
import time
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))
from tests.support.products import SourceGone  # noqa: E402
from tests.support.program import LONG  # noqa: E402


class Counting(unittest.TextTestResult):
    """Prints one line a test with its time. A class whose setUpClass fails or skips counts as one test."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.count = {"passed": 0, "failed": 0, "skipped": 0}
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filter", default="")
    parser.add_argument("folders", nargs="+")
    wanted = parser.parse_args()
    found = unittest.TestSuite()
    for file in (file for folder in wanted.folders for file in sorted((PROJECT / folder).glob("test_*.py"))):
        name = ".".join(file.relative_to(PROJECT).with_suffix("").parts)
        found.addTests(test for test in every_test(unittest.defaultTestLoader.loadTestsFromName(name)) if wanted.filter in test.id())
    count = unittest.TextTestRunner(stream=sys.stdout, resultclass=Counting, verbosity=0).run(found).count
    print(", ".join(f"{number} {verdict}" for verdict, number in count.items()))
    return count["failed"] != 0


if __name__ == "__main__":
    sys.exit(main())
