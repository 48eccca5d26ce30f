#!/usr/bin/python3
"""Counts the tests of a meson build's last run: count_units.py BUILD_FOLDER
Prints what failed, then `N passed, N failed`. Cases count where a program prints doctest's summary, else the program counts as one;
one that dies is at least one failure.
"""

import json
import re
import sys
from pathlib import Path

SUMMARY = re.compile(r"test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed")


def main(folder):
    passed = failed = 0
    log = Path(folder, "meson-logs", "testlog.json")
    for line in log.read_text().splitlines() if log.exists() else []:
        run = json.loads(line)
        found = SUMMARY.search(re.sub(r"\x1b\[[0-9;]*m", "", run["stdout"]))
        good, bad = map(int, found.groups()) if found else (1, 0)
        if run["returncode"] != 0 or run["result"] not in ("OK", "EXPECTEDFAIL"):
            good, bad = (good, max(bad, 1)) if found else (0, 1)
            print(f"FAILED  {run['name']}: {run['result']}\n{run['stdout'][-6000:]}{run.get('stderr', '')[-6000:]}")
        passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
