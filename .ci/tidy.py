#!/usr/bin/python3
"""Runs clang-tidy (.clang-tidy) over the program's sources, two at a time: tidy.py BUILD_FOLDER
A source whose preprocessed text passed before, under the same rules, is not looked at again."""

import concurrent.futures
import hashlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
CLEAN = Path(os.environ["MYSQL_CDC_CACHE"]) / "tidy"


def preprocessed(entry):
    """The source with all headers, as the compiler sees it; without line markers, which name folders."""
    words = shlex.split(entry["command"])
    kept = [w for w in words if w.startswith(("-I", "-isystem", "-D", "-std", "-pthread"))]
    words = ["clang++", *kept, "-w", "-E", "-P", entry["file"]]
    return subprocess.run(words, cwd=entry["directory"], capture_output=True, check=False).stdout


def check(build, entry):
    source = (Path(entry["directory"]) / entry["file"]).resolve()
    key = hashlib.sha256((PROJECT / ".clang-tidy").read_bytes() + source.read_bytes() + preprocessed(entry)).hexdigest()
    if (CLEAN / key).exists():
        return ""
    done = subprocess.run(["clang-tidy", "-p", build, "--quiet", "--extra-arg=-Wno-unknown-warning-option", str(source)],
                          capture_output=True, text=True, check=False)
    if done.returncode == 0:
        (CLEAN / key).touch()
        return ""
    return done.stdout or done.stderr


def main(build):
    CLEAN.mkdir(parents=True, exist_ok=True)
    entries = [e for e in json.loads(Path(build, "compile_commands.json").read_text()) if "/src/" in e["file"]]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = [text for text in pool.map(lambda entry: check(build, entry), entries) if text]
    print("\n".join(findings))
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
