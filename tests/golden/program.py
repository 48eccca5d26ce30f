"""Runs `mysql-cdc dry-run --binlog FILE --format json` and gives what came out, as rows like the oracle's."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 30
OPERATIONS = {"create": "INSERT", "update": "UPDATE", "delete": "DELETE"}


@dataclass(frozen=True)
class Run:
    lines: list  # JSON texts
    errors: str
    exit_code: int


@dataclass(frozen=True)
class Record:
    """One row change; both halves of a key change are one UPDATE again, as in the log."""

    kind: str
    collection: str
    before: dict  # By column name; None when there is no such image.
    after: dict
    metadata: dict


def run(path, words=()):
    program = os.environ.get("MYSQL_CDC", PROJECT / "build" / "mysql-cdc")
    command = [program, "dry-run", "--format", "json", *words, "--binlog", str(path)]
    away = {**os.environ, "TZ": "Asia/Kathmandu"}  # No value may depend on the zone.
    done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, env=away)
    return Run(done.stdout.decode().splitlines(), done.stderr.decode(), done.returncode)


def integer(text):
    return -0.0 if text == "-0" else int(text)


def records(lines):
    out, old = [], None
    for line in lines:
        one = json.loads(line, parse_int=integer)
        metadata, payload = one["metadata"], one["payload"]
        half = metadata.get("mysql.keychange")
        if half == "old":
            old = payload
        elif half == "new":
            out.append(Record("UPDATE", metadata["opencdc.collection"], old["before"], payload["after"], metadata))
        else:
            out.append(Record(OPERATIONS[one["operation"]], metadata["opencdc.collection"], payload["before"], payload["after"], metadata))
    return out


def without_clock(line):
    """A record without the time of reading: the only thing in it that differs from run to run."""
    return re.sub(r'"opencdc\.readAt":"\d+",?', "", line)
