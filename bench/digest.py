"""Counts and hashes of what readers print, to be compared with what the server says is right (loads.py)."""

import hashlib
import re
import subprocess
import tempfile
from contextlib import contextmanager

from bench.loads import HASH_DIGITS
from bench.measure import Failed

RECORD = re.compile(rb'"operation":"(\w+)","metadata":\{[^}]*"opencdc\.collection":"([^"]*)"[^}]*\},("key":.*)\n')
YARDSTICK_ROW = r"^### (INSERT INTO|UPDATE|DELETE FROM) "


@contextmanager
def lines_of(command):
    """The stdout of a program; at the end it must have ended with 0."""
    with tempfile.TemporaryFile("w+") as messages:
        words = [str(word) for word in command]
        with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=messages, bufsize=1 << 20) as process:
            try:
                yield process.stdout
            except BaseException:
                process.kill()
                raise
        messages.seek(0)
        if process.returncode != 0:
            raise Failed(f"{words[0]} ended with {process.returncode}: {messages.read()[-500:].strip()}")


def of_records(command):
    """Of a program that prints OpenCDC records as JSON lines: (count, sum of the hashes of their collection, operation, key and payload)."""
    count = total = 0
    with lines_of(command) as lines:
        for line in lines:
            match = RECORD.search(line)
            if match is None:
                raise Failed(f"line {count + 1} is no record")
            operation, collection, rest = match.groups()
            total += int(hashlib.sha256(b"%b %b %b" % (collection, operation, rest)).hexdigest()[:HASH_DIGITS], 16)
            count += 1
    return count, total


def of_yardstick(command):
    """How many rows the stock tool prints."""
    with lines_of(command) as lines:
        counted = subprocess.run(["grep", "-c", "-a", "-E", YARDSTICK_ROW], stdin=lines, capture_output=True, text=True, check=False)
    return int(counted.stdout)


def check(name, command, file):
    """Raises Failed unless the program prints exactly the records of this load."""
    found = of_records(command)
    if found != (file.records, file.digest):
        raise Failed(f"{name}: {found[0]} records with the sum {found[1]:x}, expected {file.records} with {file.digest:x}")


def check_yardstick(name, command, file):
    found = of_yardstick(command)
    if found != file.records:
        raise Failed(f"{name}: {found} rows, expected {file.records}")
