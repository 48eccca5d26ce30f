#!/usr/bin/python3
"""Runs the unittest cases in folders (test_*.py) and prints `N passed, N failed, N skipped` as the last line:
    run_python.py [--filter WORD] FOLDER…      FOLDER is relative to the project; a test counts once, whatever its subtests
With CI=true a skipped test is a failure, unless its reason begins with `package source gone`.
"""

import argparse
import os
import sys
import time
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
GONE = "package source gone"


class Counting(unittest.TextTestResult):
    """Prints one line a test with its time; counts tests, not subtests."""

    def startTest(self, test):
        super().startTest(test)
        self._before, self._since = len(self.failures) + len(self.errors), time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        failed = len(self.failures) + len(self.errors) > self._before
        skipped = any(one is test for one, _ in self.skipped)
        verdict = "FAILED" if failed else "skipped" if skipped else "ok"
        print(f"{verdict:8}{time.monotonic() - self._since:7.2f} s  {test.id()}", flush=True)


def every_test(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from every_test(test)
        else:
            yield test


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filter", default="")
    parser.add_argument("folders", nargs="+")
    wanted = parser.parse_args()
    sys.path.insert(0, str(PROJECT))
    found = unittest.TestSuite()
    for file in (file for folder in wanted.folders for file in sorted((PROJECT / folder).glob("test_*.py"))):
        name = ".".join(file.relative_to(PROJECT).with_suffix("").parts)
        found.addTests(test for test in every_test(unittest.defaultTestLoader.loadTestsFromName(name)) if wanted.filter in test.id())
    result = unittest.TextTestRunner(stream=sys.stdout, resultclass=Counting, verbosity=0).run(found)

    skipped = [(str(test), reason) for test, reason in result.skipped]
    for test, reason in skipped:
        print(f"skipped: {test}: {reason}")
    forbidden = [one for one in skipped if not one[1].startswith(GONE)] if os.environ.get("CI") == "true" else []
    bad = {test.id().split(" ")[0] for test, _ in result.failures + result.errors} | {test.id() for test in result.unexpectedSuccesses}
    failed, skips = len(bad) + len(forbidden), len(skipped) - len(forbidden)
    print(f"{max(0, result.testsRun - len(bad) - len(skipped))} passed, {failed} failed, {skips} skipped")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
