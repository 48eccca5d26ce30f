"""Many sessions that write at once, and what the binlog says the tables held at any point of it.

    create_tables(server)
    with Writers(server, count=8, seed=1):
        …
    truth = Truth(server)                      reads the whole log through the product's own dry run
    truth.at(points)                           for points in their order: (rows, checksum) of each table
"""

import base64
import json
import multiprocessing
import random
import zlib
from types import SimpleNamespace

from tests.support.program import dry_run

TABLES = ("a", "b")
KEYS, MOVED = 300, 1000
# What a view says of itself: of each table the number of rows and a sum over all of them.
SUMS = [f"SELECT COUNT(*), COALESCE(SUM(CRC32(CONCAT_WS(',', id, v, w))), 0) FROM d.{table}" for table in TABLES]


def create_tables(server):
    server.query("CREATE DATABASE d")
    for table in TABLES:
        server.query(f"CREATE TABLE d.{table} (id INT PRIMARY KEY, v INT NOT NULL, w INT NOT NULL) ENGINE=InnoDB")


class Writers:
    def __init__(self, server, count, seed):
        arguments = [(str(server.socket_path), seed * 100 + number) for number in range(count)]
        self.processes = [multiprocessing.Process(target=_write, args=each, daemon=True) for each in arguments]

    def __enter__(self):
        for process in self.processes:
            process.start()
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.join()


def _statements(chosen):
    """One transaction: inserts, updates, deletes, changes of keys, in one table or both."""
    table, key, value = chosen.choice(TABLES), chosen.randint(1, KEYS), chosen.randint(0, 10**6)
    kinds = [
        [f"INSERT INTO d.{table} VALUES ({key}, {value}, 0)"],
        [f"INSERT INTO d.{table} VALUES ({key}, {value}, 1) ON DUPLICATE KEY UPDATE v = {value}, w = w + 1"],
        [f"UPDATE d.{table} SET v = {value}, w = w + 1 WHERE id = {key}"],
        [f"DELETE FROM d.{table} WHERE id = {key}"],
        [f"UPDATE d.{table} SET id = {key + MOVED} WHERE id = {key}"],
        [f"UPDATE d.{table} SET id = {key} WHERE id = {key + MOVED}"],
        [f"REPLACE INTO d.{table} VALUES ({key}, {value}, 2), ({chosen.randint(1, KEYS)}, {value}, 3)"],
        [f"REPLACE INTO d.a VALUES ({key}, {value}, 4)", f"UPDATE d.b SET v = {value} WHERE id BETWEEN {key} AND {key + 5}"],
    ]
    return chosen.choice(kinds)


def _write(socket_path, seed):
    import pymysql
    chosen = random.Random(seed)
    link = pymysql.connect(unix_socket=socket_path, user="root", autocommit=False, init_command="SET SESSION innodb_lock_wait_timeout=5")
    cursor = link.cursor()
    while True:
        try:
            for statement in _statements(chosen):
                cursor.execute(statement)
            link.rollback() if chosen.random() < 0.1 else link.commit()
        except pymysql.err.IntegrityError:
            link.rollback()
        except pymysql.err.OperationalError as error:
            if error.args[0] not in (1205, 1213, 1020):
                raise
            link.rollback()


def _gtid_numbers(text):
    """uuid:1-5:7 → (uuid, [(1, 5), (7, 7)])"""
    uuid, *intervals = text.split(":")
    return uuid, [(int(low), int(high or low)) for low, _, high in (interval.partition("-") for interval in intervals)]


class Truth:
    def __init__(self, server):
        done = dry_run(server.url(), "--from", "earliest", "--until", "now", "--format", "json", "--tables", "d.a,d.b", timeout_s=600)
        if done.code != 0:
            raise AssertionError(done.err)
        self.lines = done.lines

    def at(self, points):
        """The tables' sums at each point; points follow each other."""
        tables, next_line = {table: {} for table in TABLES}, 0
        for point in points:
            while next_line < len(self.lines):
                record = json.loads(self.lines[next_line])
                if not _is_before(record, point):
                    break
                _apply(tables[record["metadata"]["opencdc.collection"].removeprefix("d.")], record)
                next_line += 1
            yield [[str(len(rows)), str(sum(rows.values()))] for rows in tables.values()]


    def beside(self, point, off_by):
        """The point with a transaction of these tables more (1) or less (-1) in it."""
        records = [json.loads(line) for line in self.lines]
        inside = sum(_is_before(record, point) for record in records)
        record = records[inside if off_by > 0 else inside - 1]
        if point.file:
            file, at = _place(record)
            return SimpleNamespace(file=file, at=at + (off_by > 0))
        uuid, number = record["metadata"]["mysql.txn"].split(":")
        return SimpleNamespace(file="", gtid=f"{uuid}:1-{int(number) - (off_by < 0)}")


def _place(record):
    place = json.loads(base64.b64decode(record["position"]))
    return place["file"], place["at"]


def _is_before(record, point):
    """A transaction begins before the point, or is in its set."""
    if point.file:
        return _place(record) < (point.file, point.at)
    uuid, number = record["metadata"]["mysql.txn"].split(":")
    known, intervals = _gtid_numbers(point.gtid)
    if uuid != known:
        raise AssertionError(f"{uuid} is not {known}")
    return any(low <= int(number) <= high for low, high in intervals)


def _apply(rows, record):
    before, after = record["payload"]["before"], record["payload"]["after"]
    if before:
        rows.pop(before["id"])
    if after:
        rows[after["id"]] = zlib.crc32(",".join(str(after[name]) for name in ("id", "v", "w")).encode())
