"""Machine, versions and the measured parts of docs/benchmarks.md.

In that file everything outside `<!-- measured: NAME -->` … `<!-- end: NAME -->` is written by people and stays.
"""

import os
import re
import subprocess
import time
from pathlib import Path

from bench.loads import MIB
from bench.measure import PROGRAM_CORE, SERVER_CORE

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
KIB_PER_MIB = 1024


def shown_rss(kib):
    return f"{kib / KIB_PER_MIB:.0f} MiB"


def load_average():
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def machine():
    """Processor, cores and memory, in words."""
    described = Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*: (.*)$", described, re.M)
    memory = int(re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(), re.M)[1])
    return f"{os.cpu_count()} cores {model[1] if model else 'of an unknown model'}, {memory / MIB:.0f} GiB of memory, Linux {os.uname().release.split('-')[0]}"


def program_version(program):
    version = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout.strip().splitlines()[0]
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False, cwd=Path(__file__).parent).stdout.strip()
    return f"{version} (commit {commit})" if commit else version


def markdown(headings, rows):
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


PINS = f"server on core {SERVER_CORE}, measured program on core {PROGRAM_CORE}" if PROGRAM_CORE >= 0 else "one core for all"


def where_measured(program, load_before, pins=PINS):
    """The first lines of the conditions of any measurement."""
    return [f"- {time.strftime('%Y-%m-%d')}, {machine()}; load average before: {load_before}",
            f"- {program_version(program)}; {pins}; live: loopback TCP without TLS"]


def marks(name):
    return f"<!-- measured: {name} -->", f"<!-- end: {name} -->"


def missing_marks(path, parts):
    """Which marks of these parts the file lacks; empty when it is fine."""
    text = path.read_text() if path.exists() else ""
    return [mark for name in parts for mark in marks(name) if mark not in text]


def write_parts(path, parts):
    """Replaces the measured parts, by name, of the file; the rest stays."""
    text = path.read_text()
    for name, part in parts.items():
        begin, end = marks(name)
        text = re.sub(f"{begin}.*?{end}", lambda _, whole=f"{begin}\n{part}\n{end}": whole, text, flags=re.S)
    path.write_text(text)
    print(f"written: {path}", flush=True)
