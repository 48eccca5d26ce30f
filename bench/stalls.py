#!/usr/bin/python3
"""What writers notice of a snapshot: how long their commits take beside one and without.

    stalls.py [PRODUCT] [--seconds S] [--writers N] [--rows N]

A private server with one filled table; writers that update rows of it one by one; turns with and without a snapshot that is taken again and
again. Prints a histogram of the time of an UPDATE with its commit, and what the server knows of waits for our locks.
"""

import argparse
import multiprocessing
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.support.program import PROGRAM, environment  # noqa: E402
from tests.support.servers import Server  # noqa: E402

LIMITS_MS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
TURNS = 3
# What waits for a lock, whoever holds it.
PENDING = {"mysql": "SELECT OBJECT_TYPE, OBJECT_NAME, LOCK_TYPE FROM performance_schema.metadata_locks WHERE LOCK_STATUS = 'PENDING'",
           "mariadb": "SELECT STATE FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for%lock%'"}


def write(socket_path, seed, rows, ending, out):
    import pymysql
    chosen, took = random.Random(seed), []
    cursor = pymysql.connect(unix_socket=socket_path, user="root", autocommit=True).cursor()
    while not ending.is_set():
        began = time.monotonic()
        cursor.execute(f"UPDATE d.t SET v = v + 1 WHERE id = {chosen.randint(1, rows)}")
        took.append(time.monotonic() - began)
    out.put(took)


def fill(server, rows):
    server.query("CREATE DATABASE d")
    server.query("CREATE TABLE d.t (id INT PRIMARY KEY, v INT NOT NULL, t VARCHAR(200) NOT NULL)")
    server.query("INSERT INTO d.t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i, 0, REPEAT('x', 200) FROM n")
    filled = 1000
    while filled < rows:
        server.query(f"INSERT INTO d.t SELECT id + {filled}, v, t FROM d.t WHERE id <= {rows - filled}")
        filled *= 2


class Beside:
    """Snapshots, one behind the other, until told to end; how many there were."""

    def __init__(self, server):
        self.count, self.pending, self.server = 0, Counter(), server
        self.words = [PROGRAM, "dry-run", "--snapshot", "--format", "json", "--tables", "d.*", "--set", "snapshot.mode=only", "--set",
                      "snapshot.chunkRows=5000"]

    def run(self, until):
        while time.monotonic() < until:
            process = subprocess.Popen(self.words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env=environment(self.server.url(user="root", over_socket=True)))
            while process.poll() is None:
                self.pending.update(self.server.query(PENDING[self.server.product.family]))
                time.sleep(0.02)
            if process.returncode != 0:
                sys.exit(f"the snapshot ended with {process.returncode}")
            self.count += 1


def turn(server, arguments, seed, beside):
    """Seconds of each write of all writers, and how long the turn was."""
    ending, out = multiprocessing.Event(), multiprocessing.Queue()
    writers = [multiprocessing.Process(target=write, args=(str(server.socket_path), seed + number, arguments.rows, ending, out))
               for number in range(arguments.writers)]
    for writer in writers:
        writer.start()
    began = time.monotonic()
    if beside:
        beside.run(began + arguments.seconds)
    else:
        time.sleep(arguments.seconds)
    ending.set()
    took = [one for _ in writers for one in out.get()]
    for writer in writers:
        writer.join()
    return took, time.monotonic() - began


def describe(title, took, lasted):
    took.sort()
    counts, at = [], 0
    for limit in LIMITS_MS:
        first = at
        while at < len(took) and took[at] * 1000 < limit:
            at += 1
        counts.append(at - first)
    counts.append(len(took) - at)
    names = [f"< {limit}" for limit in LIMITS_MS] + [f">= {LIMITS_MS[-1]}"]
    print(f"{title}: {len(took)} writes, {len(took) / lasted:.0f}/s, median {took[len(took) // 2] * 1000:.2f} ms, "
          f"99 % {took[len(took) * 99 // 100] * 1000:.1f} ms, 99.9 % {took[len(took) * 999 // 1000] * 1000:.1f} ms, longest {took[-1] * 1000:.0f} ms")
    print("  ms " + "  ".join(f"{name}: {count}" for name, count in zip(names, counts, strict=True) if count))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("product", nargs="?", default="mariadb-10.11")
    for name, value in (("seconds", 10), ("writers", 4), ("rows", 200_000)):
        parser.add_argument(f"--{name}", type=int, default=value)
    arguments = parser.parse_args()
    with Server(arguments.product) as server:
        fill(server, arguments.rows)
        beside, all_times = Beside(server), {False: ([], 0), True: ([], 0)}
        for number in range(2 * TURNS):
            with_us = number % 2 == 1
            took, lasted = turn(server, arguments, number * 100, beside if with_us else None)
            all_times[with_us] = (all_times[with_us][0] + took, all_times[with_us][1] + lasted)
        print(f"{arguments.product}, {os.cpu_count()} cores, {arguments.writers} writers, {arguments.rows} rows, {TURNS} turns of {arguments.seconds} s each")
        describe("without a snapshot", *all_times[False])
        describe(f"beside {beside.count} snapshots", *all_times[True])
        print(f"waits for a lock seen beside the snapshots: {dict(beside.pending) or 'none'}")


if __name__ == "__main__":
    main()
