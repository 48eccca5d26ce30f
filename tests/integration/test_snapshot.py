"""Snapshot and stream from the command line: exact under load, resumable, right for every kind of key, nothing left on the server."""

import base64
import json
import os
import random
import signal
import subprocess
import threading
import time
import unittest

from tests.support.program import LONG, PROGRAM, TIMEOUT_S, Stream, dry_run, environment, long_only
from tests.support.snapshot_case import ONLY, SNAPSHOT, SnapshotCase, chunked, place_of
from tests.support.snapshot_replay import KeyedReplica, rows_of, sums
from tests.support.writers import TABLES, Truth, Writers, create_tables

SEED = int(os.environ.get("CDC_SEED") or (time.time_ns() % 1_000_000 if LONG else 20262))
ROUNDS = 50 if LONG else 3
KILLS = 100 if LONG else 5
FILLED, FILLED_FOR_KILLS = 20_000, 500_000 if LONG else 20_000  # rows of each of two tables
ISOLATIONS = ("READ-COMMITTED", "SERIALIZABLE", "REPEATABLE-READ")


class Point:
    """Where a snapshot's stream begins, as tests.support.writers wants it."""

    def __init__(self, position):
        self.file, self.at, self.gtid = position.get("file"), position.get("at"), position.get("gtid", "")


class WithServer(SnapshotCase):
    seed = SEED


class UnderLoad:
    """Eight writers; everything is compared when they have ended."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        create_tables(cls.server)
        cls.server.query("CREATE TABLE d.marker (id INT PRIMARY KEY)")
        cls.server.query("SET SESSION cte_max_recursion_depth = 1000000" if not cls.server.is_mariadb else "SET SESSION max_recursive_iterations = 1000000")
        cls.fill(1, FILLED)

    @classmethod
    def fill(cls, first, last):
        for table in TABLES if first <= last else ():
            cls.server.query(f"INSERT INTO d.{table} WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
                             "SELECT i + 10000, i * 7, 0 FROM n")

    def assert_equal_to_source(self, replica, what):
        for table in TABLES:
            self.assertEqual(replica.rows(f"d.{table}"), rows_of(self.server, f"d.{table}", ("id", "v", "w")), f"{what}: d.{table}")

    def one_round(self, number, chosen):
        """The lines of a snapshot taken under load and the stream behind it, up to a marker that came after the load."""
        self.set_isolation(ISOLATIONS[number % 3])
        words = chunked(chosen.choice((500, 3000, 50_000)), chosen.choice((1, 2, 4)))
        with Stream(self.url(), *SNAPSHOT[:1], "--tables", "d.*", *words) as stream:
            with Writers(self.server, count=8, seed=SEED + number):
                stream.await_message("connected to")
                time.sleep(0.2)  # The stream runs beside the writers for a while.
            self.server.query(f"INSERT INTO d.marker VALUES ({number + 1})")
            marker = f'"payload":{{"before":null,"after":{{"id":{number + 1}}}}}'
            give_up = time.monotonic() + TIMEOUT_S
            while not any(marker in line and '"operation":"create"' in line for line in stream.lines[-50:]):
                self.assertLess(time.monotonic(), give_up, stream.messages)
                time.sleep(0.05)
            return stream.stop().lines

    def test_snapshot_and_stream_equal_the_source_and_rows_alone_the_point(self):
        chosen, points = random.Random(SEED), []
        for number in range(ROUNDS):
            lines = self.one_round(number, chosen)
            rows = [line for line in lines if '"operation":"snapshot"' in line]
            self.assertEqual(rows, lines[:len(rows)], "the stream follows the last row of the snapshot")
            self.assertEqual(len(set(json.loads(line)["position"] for line in lines)), len(lines), "positions differ")
            self.assertNotIn("snap", place_of(rows[-1]))
            self.assert_equal_to_source(KeyedReplica().apply_lines(lines), f"round {number}")
            points.append((Point(place_of(rows[-1])), KeyedReplica().apply_lines(rows)))
        truth = Truth(self.server)
        for number, ((_, replica), want) in enumerate(zip(points, truth.at([point for point, _ in points]), strict=True)):
            self.assertEqual([str(len(replica.tables[f"d.{table}"])) for table in TABLES], [count for count, _ in want], f"rows of round {number}")
            self.assertEqual([sums(replica, table) for table in TABLES], [total for _, total in want], f"sums of round {number}")
        self.assert_nothing_left()

    def test_killed_at_any_moment_and_resumed(self):
        """Complaints 2, 8, 15, K1, K2: the first run's stream start is kept, and a finished snapshot is not taken again."""
        self.fill(FILLED + 1, FILLED_FOR_KILLS)
        for table in TABLES:
            self.addCleanup(self.server.query, f"DELETE FROM d.{table} WHERE id > {FILLED + 10000}")
        chosen = random.Random(SEED + 1)
        self.set_isolation(ISOLATIONS[2])
        replica, position, kills = KeyedReplica(), None, 0
        with Writers(self.server, count=8, seed=SEED + 99):
            while kills < KILLS or position is None:
                lines = self.run_and_kill(position, chosen)
                kills += 1
                replica.apply_lines(lines)
                if lines:
                    position = base64.b64decode(json.loads(lines[-1])["position"]).decode()
        self.assertIsNotNone(position)
        done = dry_run(self.url(), *SNAPSHOT[1:], "--tables", "d.*", "--until", "now", "--from", position, timeout_s=TIMEOUT_S * 10)
        self.assertEqual(done.code, 0, done.err)
        replica.apply_lines(done.lines)
        print(f"{kills} kills, {replica.snapshot_rows} rows of snapshots", flush=True)
        self.assert_equal_to_source(replica, f"after {kills} kills")
        self.assert_nothing_left()

    def run_and_kill(self, position, chosen):
        """Whole lines of a run that is killed at some moment."""
        start = ("--from", position) if position else SNAPSHOT[:1]
        command = [PROGRAM, "dry-run", *SNAPSHOT[1:], "--tables", "d.*", *start, *chunked(chosen.choice((200, 2000)))]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(self.url()))
        out = process.stdout.read(1) if chosen.random() < 0.8 else b""  # Mostly while rows or changes come.
        timer = threading.Timer(chosen.uniform(0, 0.6 if LONG else 0.3), lambda: process.send_signal(signal.SIGKILL))
        timer.start()
        out += process.stdout.read()
        process.wait()
        timer.cancel()
        process.stdout.close()
        return out.decode().split("\n")[:-1]


class UnderLoadMariadb(UnderLoad, WithServer):
    pass


class UnderLoadMysql(UnderLoad, WithServer):
    """As an account without BACKUP_ADMIN: the views' point is a GTID set."""
    product, user = "mysql-9.7", "cdc"
    options = {"gtid_mode": "ON", "enforce_gtid_consistency": "ON"}


@long_only
class UnderLoadMysqlWithoutGtids(UnderLoad, WithServer):
    product, options = "mysql-9.7", {"gtid_mode": "OFF"}


@long_only
class UnderLoadMariadbNewer(UnderLoad, WithServer):
    product = "mariadb-11.8"


# name: (columns, expression of i); the key is `id`, with `id2` where there is one.
KEYS = {
    "int_": ("id INT", "i - 500"),
    "unsigned_at_the_end": ("id BIGINT UNSIGNED", "18446744073709551615 - i * 3"),
    "signed_sparse": ("id BIGINT", "-9223372036854775808 + i * 1000000000"),
    "latin1": ("id VARCHAR(40) CHARACTER SET latin1", "CONCAT(CHAR(65 + i % 26 USING latin1), 'ä', i)"),
    "general_ci": ("id VARCHAR(40) COLLATE utf8mb4_general_ci", "CONCAT(CHAR(97 + i % 26 USING utf8mb4), IF(i % 2, 'ä', 'É😀'), i)"),
    "utf8mb4_bin_": ("id VARCHAR(40) COLLATE utf8mb4_bin", "CONCAT(ELT(1 + i % 3, 'a', 'A', 'ä'), i)"),
    "pad_space": ("id CHAR(20) COLLATE utf8mb4_general_ci", "CONCAT(i, REPEAT(' ', i % 3))"),
    "utf16_": ("id VARCHAR(20) CHARACTER SET utf16", "CONCAT('ä', i)"),
    "enum_by_number": ("id ENUM('z','b','a'), id2 INT", "ELT(1 + i % 3, 'a', 'b', 'z')"),
    "set_by_number": ("id SET('z','b','a'), id2 INT", "ELT(1 + i % 4, 'z', 'b', 'z,a', '')"),
    "binary_": ("id BINARY(8)", "UNHEX(LPAD(HEX(i * 7919 % 100003), 8, '0'))"),
    "varbinary_": ("id VARBINARY(9)", "CONCAT(UNHEX(LPAD(HEX(i), 4, '0')), REPEAT(UNHEX('00'), i % 3))"),
    "decimal_": ("id DECIMAL(20,5)", "i * -1.00007"),
    "datetime_": ("id DATETIME(3)", "'2020-01-01 00:00:00' + INTERVAL i * 1000 MICROSECOND"),
    "timestamp_": ("id TIMESTAMP(6)", "'2020-01-01 00:00:00' + INTERVAL i MICROSECOND"),
    "time_": ("id TIME", "SEC_TO_TIME(i * 60 - 10000)"),
    "date_": ("id DATE", "'1999-01-01' + INTERVAL i DAY"),
    "year_": ("id YEAR, id2 INT", "1901 + i % 200"),
    "float_": ("id FLOAT", "i * 0.1"),
    "double_": ("id DOUBLE", "i * 0.1 - 20"),
    "bit_": ("id BIT(20)", "i"),
    "uuid_as_binary": ("id BINARY(16)", "UNHEX(LEFT(SHA2(i, 256), 32))"),
    "skewed": ("id INT, id2 INT", "IF(i = 1000, 2, 1)"),
}
MARIADB_KEYS = {"uuid_": ("id UUID", "CONCAT(LEFT(MD5(i), 8), '-', SUBSTR(MD5(i), 9, 4), '-4', SUBSTR(MD5(i), 14, 3), '-8', SUBSTR(MD5(i), 18, 3), '-', "
                                    "RIGHT(MD5(i), 12))"),
                "inet6_": ("id INET6", "CONCAT('2001:db8::', HEX(i))")}
ROWS = 1000
ODD_NAMES = ("select", "a-b", "a.b", "a`b", "日本", "ä" * 32, "x" * 64, "a b")


class EveryTable:
    """Complaints 3, 10, 11, 13, 14, 18 and K3 to K6: every kind of key and name, with ranges of every size."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.query("CREATE DATABASE d CHARACTER SET utf8mb4")
        cls.keys = {**KEYS, **(MARIADB_KEYS if cls.server.is_mariadb else {})}
        for name, (columns, expression) in cls.keys.items():
            second = "id2" in columns
            cls.server.query(f"CREATE TABLE d.`{name}` (v INT, {columns}, PRIMARY KEY (id{', id2' if second else ''}))")
            cls.server.query(f"INSERT INTO d.`{name}` (v, id{', id2' if second else ''}) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                             f"WHERE i < {ROWS}) SELECT i, {expression}{', i' if second else ''} FROM n")
        others = {"keyless": ("v INT", "v"), "of_prefixes": ("v INT, id VARCHAR(50), PRIMARY KEY (id(10))", "v, v"),
                  "key_in_another_order": ("a INT, v INT, b VARCHAR(3), PRIMARY KEY (b, a)", "v % 77, v, CHAR(65 + v % 13 USING utf8mb4)"),
                  "without_unique_sort": ("v INT, k INT NULL, UNIQUE (k)", "v, NULLIF(v, 5)")}
        for name, (columns, expressions) in others.items():
            cls.server.query(f"CREATE TABLE d.{name} ({columns})")
            cls.server.query(f"INSERT INTO d.{name} SELECT {expressions} FROM d.int_")
        cls.server.query("CREATE TABLE d.nothing_in_it (v INT PRIMARY KEY)")
        cls.server.query("CREATE VIEW d.seen AS SELECT v FROM d.int_")
        cls.full = [*cls.keys, *others]
        for name in cls.full:
            cls.server.query(f"ANALYZE TABLE d.`{name}`")

    def assert_whole(self, records, names):
        seen = {}
        for record in records:
            seen.setdefault(record["metadata"]["opencdc.collection"], []).append(record["payload"]["after"]["v"])
        for name in names:
            self.assertEqual(sorted(seen.pop(f"d.{name}", [])), list(range(1, ROWS + 1)), name)
        self.assertEqual(seen, {}, "nothing else: no views, no empty tables")

    def test_ranges_of_every_size(self):
        for rows in (1, 2, 7, 100, 50_000) if LONG else (7, 100, 50_000):
            with self.subTest(rows):
                self.assert_whole(self.only(*chunked(rows, 3)).records, self.full)
        self.assert_nothing_left()

    def test_resumed_from_any_record(self):
        """Whatever was printed up to a record, and what comes from its position, is every row."""
        lines = self.only(*chunked(60)).lines
        chosen = random.Random(SEED)
        for _ in range(20 if LONG else 4):
            at = chosen.randrange(len(lines))
            rest = dry_run(self.url(), *ONLY, "--tables", "d.*", "--from", base64.b64decode(json.loads(lines[at])["position"]).decode(), *chunked(60))
            self.assertEqual(rest.code, 0, rest.err)
            seen = {}
            for line in lines[:at + 1] + rest.lines:
                record = json.loads(line)
                seen.setdefault(record["metadata"]["opencdc.collection"], set()).add(record["payload"]["after"]["v"])
            for name in self.full:
                self.assertEqual(len(seen.get(f"d.{name}", ())), ROWS, f"{name}, resumed behind record {at} (seed {SEED})")
            first = {(json.loads(line)["metadata"]["mysql.txn"], json.loads(line)["metadata"]["mysql.seq"]) for line in lines[:at + 1]}
            second = {(json.loads(line)["metadata"]["mysql.txn"], json.loads(line)["metadata"]["mysql.seq"]) for line in rest.lines}
            self.assertEqual(first & second, set(), "what names a record names one row")

    def test_the_primary_key_is_what_is_read_by(self):
        """No sort, no other index: EXPLAIN of a statement as the program sends it."""
        self.server.query("SET GLOBAL general_log_file = 'snapshot.log'")
        self.server.query("SET GLOBAL general_log = ON")
        self.only(*chunked(100))
        self.server.query("SET GLOBAL general_log = OFF")
        text = (self.server.data_folder / "snapshot.log").read_text(errors="replace")
        for word in ("LOCK TABLE", "FLUSH TABLE", "FOR UPDATE", "FOR SHARE", "GET_LOCK", "LOCK INSTANCE"):
            self.assertNotIn(word, text.upper(), "no lock of any kind")
        reads = [line.split("\t")[-1].removeprefix("Query").strip() for line in text.splitlines() if "FORCE INDEX (PRIMARY) WHERE" in line]
        self.assertGreater(len(reads), 20)
        tables = {}
        for read in reads:
            tables[read.split("FROM ")[1].split(" ")[0]] = read
        for name, read in tables.items():
            if "of_prefixes" in name:
                continue
            row = dict(zip(("id", "select_type", "table", "type", "possible_keys", "key", "key_len", "ref", "rows", "Extra"), self.explain(read)))
            self.assertNotIn("filesort", row["Extra"] or "", f"{read}: {row}")
            self.assertIn(row["type"], ("range", "index", "const", None), f"{read}: {row}")

    def explain(self, statement):
        row = self.server.query(("EXPLAIN " if self.server.is_mariadb else "EXPLAIN FORMAT=TRADITIONAL ") + statement)[0]
        return row if self.server.is_mariadb else row[:3] + row[4:10] + row[11:]

    def test_odd_names(self):
        self.server.query("CREATE DATABASE `o-d``d`")
        for name in ODD_NAMES:
            quoted = "`" + name.replace("`", "``") + "`"
            self.server.query(f"CREATE TABLE `o-d``d`.{quoted} ({quoted} INT PRIMARY KEY, v INT)")
            self.server.query(f"INSERT INTO `o-d``d`.{quoted} VALUES (1, 1), (2, 2), (3, 3)")
        records = self.only(*chunked(1), tables="/o-d`d\\..*/").records
        self.assertEqual(sorted(record["metadata"]["opencdc.collection"] for record in records), sorted(f"o-d`d.{name}" for name in ODD_NAMES for _ in range(3)))
        self.server.query("DROP DATABASE `o-d``d`")

    def test_a_filter_on_rows(self):
        done = self.only("--set", "snapshot.where.d.int_=v % 2 = 0 OR v = 1", *chunked(7), tables="d.int_")
        self.assertEqual(sorted(record["payload"]["after"]["v"] for record in done.records), sorted({1, *range(2, ROWS + 1, 2)}))
        done = self.only("--set", "snapshot.where.d.int_=no such thing", tables="d.int_", code=2)
        self.assertIn("snapshot.where.d.int_", done.err)

    def test_a_row_of_16_mib(self):
        self.server.query("CREATE DATABASE large")
        self.server.query("CREATE TABLE large.t (id INT PRIMARY KEY, b LONGTEXT CHARACTER SET ascii)")
        self.server.query("INSERT INTO large.t VALUES (1, 'x'), (2, REPEAT('y', 16777216)), (3, 'z')")
        records = self.only(tables="large.t").records
        self.assertEqual([(record["payload"]["after"]["id"], len(record["payload"]["after"]["b"])) for record in records], [(1, 1), (2, 1 << 24), (3, 1)])
        self.server.query("DROP DATABASE large")

    def test_many_tables(self):
        count = 1000 if LONG else 60
        self.server.query("CREATE DATABASE many")
        for number in range(count):
            self.server.query(f"CREATE TABLE many.t{number} (id INT PRIMARY KEY)")
            if number % 10 != 3:
                self.server.query(f"INSERT INTO many.t{number} VALUES (1), (2)")
        done = self.only(tables="many.*")
        self.assertEqual(len(done.lines), sum(2 for number in range(count) if number % 10 != 3))
        self.assertLess(max(len(json.loads(line)["position"]) for line in done.lines), 800)
        self.server.query("DROP DATABASE many")


class EveryTableMariadb(EveryTable, WithServer):
    pass


class EveryTableMysql(EveryTable, WithServer):
    product = "mysql-9.7"


class Modes(WithServer):
    """What a position of the stream means to each mode."""

    def setUp(self):
        self.server.query("DROP DATABASE IF EXISTS d")
        self.server.query("CREATE DATABASE d")
        self.server.query("CREATE TABLE d.t (id INT PRIMARY KEY)")
        self.server.query("INSERT INTO d.t VALUES (1), (2)")

    def go_on(self, position, *words):
        return dry_run(self.url(), *SNAPSHOT, "--tables", "d.*", "--until", "now", "--from", position, *words)

    def test_no_rows_again_from_a_stream_position_unless_it_was_purged(self):
        first = dry_run(self.url(), *SNAPSHOT, "--tables", "d.*", "--until", "now")
        self.assertEqual([record["operation"] for record in first.records], ["snapshot", "snapshot"], first.err)
        position = base64.b64decode(json.loads(first.lines[-1])["position"]).decode()
        self.server.query("INSERT INTO d.t VALUES (3)")
        self.assertEqual([(record["operation"], record["key"]["id"]) for record in self.go_on(position).records], [("create", 3)])
        self.assertEqual(self.go_on(position, "--set", "snapshot.mode=only").lines, [])
        self.purge()
        refused = self.go_on(position)
        self.assertEqual(refused.code, 2, refused.err)
        self.assertRegex(refused.err, "MYC120[23]")
        again = self.go_on(position, "--set", "snapshot.mode=whenNeeded")
        self.assertEqual([record["operation"] for record in again.records], ["snapshot"] * 3, again.err)

    def test_the_log_of_an_unfinished_snapshot_is_gone(self):
        first = dry_run(self.url(), *SNAPSHOT, "--tables", "d.*", "--limit", "1")
        position = base64.b64decode(json.loads(first.lines[0])["position"]).decode()
        self.assertIn('"snap"', position)
        self.purge()
        refused = self.go_on(position)
        self.assertEqual(refused.code, 2, refused.err)
        self.assertIn("MYC1203", refused.err)

    def test_settings_that_change_before_the_end_begin_the_rows_anew_and_keep_the_point(self):
        first = dry_run(self.url(), *SNAPSHOT, "--tables", "d.*", "--limit", "1")
        position = base64.b64decode(json.loads(first.lines[0])["position"]).decode()
        self.server.query("CREATE TABLE d.a_new_one (id INT PRIMARY KEY)")
        self.server.query("INSERT INTO d.a_new_one VALUES (9)")
        again = dry_run(self.url(), *SNAPSHOT, "--tables", "d.t,d.a_new_one", "--until", "now", "--from", position)
        self.assertEqual([record["operation"] for record in again.records], ["snapshot"] * 3 + ["create"], again.err)
        self.assertEqual(place_of(again.lines[2])["at"], json.loads(position)["at"])


if __name__ == "__main__":
    unittest.main()
