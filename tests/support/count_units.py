#!/usr/bin/python3
"""Counts doctest's cases in a meson build's last test run: count_units.py BUILD_FOLDER
Prints what failed, then `N passed, N failed`. A program that dies without doctest's summary counts as one failure."""

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
        good, bad = map(int, found.groups()) if found else (0, 0)
        if run["returncode"] != 0 or run["result"] not in ("OK", "EXPECTEDFAIL"):
            bad = max(bad, 1)
            print(f"FAILED  {run['name']}: {run['result']}\n{run['stdout'][-6000:]}{run.get('stderr', '')[-6000:]}")
        passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
