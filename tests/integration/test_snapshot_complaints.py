"""What users of other programs of this kind complained about in their snapshots, and where the Go MySQL connector goes wrong: a test each.

 1 position and view in the wrong order      Points     11 names that are not quoted                    Keys; test_snapshot
 2 a snapshot again after a quiet time       Restarts   12 changes inside the windows of chunks         Points
 3 a key read in the columns' order          Keys       13 a composite key's first group dropped        Keys
 4 a lock behind a long SELECT               Quiet      14 rows equal to the boundary dropped           Keys
 5 READ COMMITTED makes the view nothing     Points     15 the stream's start taken anew                Restarts; kills: test_snapshot
 6 unlocked before there was a view          Points     16 a position ahead of what was taken           Plugin
 7 a COMMIT that ends the view               Quiet      17 the log rolls over between two readings      Points
 8 a snapshot taken again, killed            Restarts   18 keys compared in another order               Keys; every type: test_snapshot
 9 locks for hours, rows all in memory       Quiet      19 a transaction left open                      Quiet
10 boundaries that cost the whole table      Keys       20 a lock that waits and blocks all             Quiet; test_snapshot_point
21 one bad table blocks all                  Tables; test_snapshot_bad_input

K1 rows again from a stream's position       Plugin     K4 what was read last changed by JSON           Keys
K2 changes lost after a crash                Restarts   K5 no key: rows doubled or missed under load    Points
K3 a composite key breaks at its 2nd chunk   Keys       K6 a sorting column that is not unique          Keys
"""

import json
import os
import random
import signal
import threading
import time
import unittest

from tests.support.plugin_case import PluginCase
from tests.support.plugin_host import Schemas
from tests.support.program import LONG, TIMEOUT_S, dry_run
from tests.support.snapshot_case import HELD, HELD_ROWS, ONLY, SNAPSHOT, SnapshotCase, after_of, chunked, place_of, position_of
from tests.support.snapshot_replay import KeyedReplica, rows_of, sums
from tests.support.view_probe import open_views
from tests.support.writers import TABLES, Truth, Writers, create_tables

SEED = int(os.environ.get("CDC_SEED") or (time.time_ns() % 1_000_000 if LONG else 20264))
ROUNDS = 100 if LONG else 2
STALL_S = 10  # Of a writer that waits for nobody, on a machine that is busy.
UP_TO = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
SUMMED = "(id INT PRIMARY KEY, v INT, w INT)"


class Scene(SnapshotCase, PluginCase):
    seed = SEED

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_held_table()
        create_tables(cls.server)
        for table in TABLES:
            cls.server.query(f"INSERT INTO d.{table} {UP_TO.format(900)} SELECT i + 10000, i, 0 FROM n")
        cls.schemas = Schemas()
        cls.addClassCleanup(cls.schemas.close)

    def setUp(self):
        self.query_all("DROP DATABASE IF EXISTS s", "CREATE DATABASE s CHARACTER SET utf8mb4", "CREATE TABLE s.t (id INT PRIMARY KEY, v INT)",
                       f"INSERT INTO s.t {UP_TO.format(600)} SELECT i, i FROM n")

    def until_now(self, position, *words):
        """Everything from a position on, or from the beginning."""
        done = dry_run(self.url(), *SNAPSHOT, "--tables", "s.*", "--until", "now", *(("--from", position) if position else ()), *words)
        self.assertEqual(done.code, 0, done.err)
        return done.lines

    def part(self, rows, position=None, *words):
        """The first lines of a run that ends in the middle."""
        start = ("--from", position) if position else ()
        done = dry_run(self.url(), *SNAPSHOT, "--tables", "s.*", "--limit", rows, *start, *chunked(50), *words)
        self.assertEqual((done.code, len(done.lines)), (0, rows), done.err)
        return done.lines

    def assert_equal_to_source(self, replica, table, columns):
        self.assertEqual(replica.rows(table), rows_of(self.server, table, columns), table)

    def values(self, lines, name="v"):
        return sorted(row[name] for row in after_of(map(json.loads, lines)))


class Points:
    """The rows are those of one point, and the stream begins there."""

    def test_1_rows_are_those_of_the_recorded_point(self):
        found = []
        with Writers(self.server, count=8, seed=SEED):
            for _ in range(ROUNDS):
                lines = self.only(*chunked(500)).lines
                replica = KeyedReplica().apply_lines(lines)
                found.append((place_of(lines[-1]), [[str(len(replica.tables[f"d.{table}"])), sums(replica, table)] for table in TABLES]))
        points = [type("Point", (), {"file": place.get("file"), "at": place.get("at"), "gtid": place.get("gtid", "")}) for place, _ in found]
        self.assertEqual([sums for _, sums in found], list(Truth(self.server).at(points)))

    def test_5_no_isolation_level_makes_the_view_nothing(self):
        self.addCleanup(self.set_isolation, "REPEATABLE-READ")
        for number, level in enumerate(("READ-COMMITTED", "SERIALIZABLE")):
            self.set_isolation(level)
            process = self.held(f"{HELD},s.t")
            self.server.query(f"UPDATE s.t SET v = -{number + 1}")
            lines, _ = self.end(process)
            want = list(range(1, 601)) if number == 0 else [-1] * 600
            self.assertEqual(sorted(row["v"] for row in after_of(map(json.loads, lines), "s.t")), want, level)

    def test_6_a_table_is_unlocked_when_its_view_is_open(self):
        """Somebody writes all the time, to a table that a view covers and to one that must be locked until it was read."""
        self.query_all("DELETE FROM s.t", "CREATE TABLE s.m (id INT PRIMARY KEY) ENGINE=MyISAM", "GRANT LOCK TABLES ON *.* TO 'cdc'@'%'")
        self.addCleanup(self.server.query, "REVOKE LOCK TABLES ON *.* FROM 'cdc'@'%'")
        ending, writer = threading.Event(), self.server.connect(autocommit=True)
        self.addCleanup(writer.close)

        def write():
            number = 0
            while not ending.is_set():
                number += 1
                writer.cursor().execute(f"INSERT INTO s.t VALUES ({number}, 0)")
                writer.cursor().execute(f"INSERT INTO s.m VALUES ({number})")
        thread = threading.Thread(target=write)
        thread.start()
        counts = [f"SELECT COUNT(*) FROM s.{name}" for name in "tm"]
        try:
            rounds, code, messages = open_views(self.server.url(), 2, table=["s.t", "s.m"], lock="brief", sql=counts, rounds=ROUNDS)
        finally:
            ending.set()
            thread.join()
        self.assertEqual((code, len(rounds)), (0, ROUNDS), messages)
        for opened in rounds:
            self.assertEqual(opened.views[0], opened.views[1])
            point = f"{opened.file}:{opened.at}" if opened.file else opened.gtid
            behind = dry_run(self.url(), "--from", point, "--until", "now", "--format", "json", "--tables", "s.*").records
            for name, (seen,) in zip("tm", opened.views[0], strict=True):
                later = sum(record["metadata"]["opencdc.collection"] == f"s.{name}" for record in behind)
                self.assertEqual(int(seen) + later, self.server.query(f"SELECT COUNT(*) FROM s.{name}")[0][0], f"{name}: {opened.__dict__}")

    def changed_while_it_is_read(self, key):
        """Rows of 8 KiB, changed at random while the first of them are read in small chunks: the rows are as they were before."""
        chosen = random.Random(SEED)
        self.server.query(f"CREATE TABLE s.w (id INT, v INT, t VARCHAR(8000){key})")
        self.server.query(f"INSERT INTO s.w {UP_TO.format(700)} SELECT i * 10, i, REPEAT('x', 8000) FROM n")
        process = self.held("s.w")
        for _ in range(150):
            row = chosen.randint(1, 700) * 10
            self.server.query(chosen.choice((f"DELETE FROM s.w WHERE id = {row}", f"UPDATE s.w SET v = -1 WHERE id >= {row} AND id < {row + 100}",
                                             f"INSERT IGNORE INTO s.w VALUES ({row + 5}, -2, 'y')",
                                             f"UPDATE IGNORE s.w SET id = {chosen.randint(1, 7000)} WHERE id = {row}")))
        lines, _ = self.end(process)
        self.assertEqual([(row["id"], row["v"]) for row in after_of(map(json.loads, lines))], [(i * 10, i) for i in range(1, 701)])

    def test_12_changes_between_chunks_are_not_in_the_rows(self):
        self.changed_while_it_is_read(", PRIMARY KEY (id)")

    def test_k5_without_a_key_no_row_comes_twice_and_none_is_missing(self):
        self.changed_while_it_is_read("")

    def test_17_the_log_may_roll_over_at_any_moment(self):
        ending, flusher = threading.Event(), self.server.connect(autocommit=True)
        self.addCleanup(flusher.close)

        def roll():
            number = 0
            while not ending.is_set():
                number += 1
                flusher.cursor().execute("FLUSH BINARY LOGS")
                flusher.cursor().execute(f"REPLACE INTO s.t VALUES ({number % 700}, {-number})")
        thread = threading.Thread(target=roll)
        thread.start()
        try:
            runs = [self.part(400) for _ in range(ROUNDS)]
        finally:
            ending.set()
            thread.join()
        for lines in runs:
            replica = KeyedReplica().apply_lines(lines).apply_lines(self.until_now(position_of(lines[-1])))
            self.assert_equal_to_source(replica, "s.t", ("id", "v"))


class Restarts:
    """What was begun is gone on with; what is done is done."""

    def test_2_a_quiet_snapshot_is_not_taken_again(self):
        lines = self.until_now(None)
        self.assertEqual(len(lines), 600)
        self.assertEqual(self.until_now(position_of(lines[-1])), [])

    def test_8_a_snapshot_that_is_taken_again_may_be_killed(self):
        old = position_of(self.until_now(None)[-1])
        self.query_all("UPDATE s.t SET v = v + 1", "DELETE FROM s.t WHERE id < 20")
        self.purge()
        lines = self.part(200, old, "--set", "snapshot.mode=whenNeeded")
        self.query_all("UPDATE s.t SET v = v * 2 WHERE id % 3 = 0", "DELETE FROM s.t WHERE id BETWEEN 30 AND 50", "INSERT INTO s.t VALUES (1, 1)")
        lines += self.until_now(position_of(lines[-1]), "--set", "snapshot.mode=whenNeeded")
        self.assert_equal_to_source(KeyedReplica().apply_lines(lines), "s.t", ("id", "v"))

    def test_15_k2_the_stream_begins_where_the_first_run_stood(self):
        lines = self.part(120)
        first = place_of(lines[0])
        for number in range(3):
            self.query_all(f"UPDATE s.t SET v = -{number + 1} WHERE id IN (1, 590)", f"DELETE FROM s.t WHERE id = {number + 2}",
                           f"INSERT INTO s.t VALUES ({number + 1000}, {number})")
            lines += self.part(120, position_of(lines[-1]))
        self.assertEqual({(place["file"], place["at"]) for place in map(place_of, lines)}, {(first["file"], first["at"])})
        lines += self.until_now(position_of(lines[-1]))
        self.assert_equal_to_source(KeyedReplica().apply_lines(lines), "s.t", ("id", "v"))


class Keys:
    """Every row once, whatever its key and however it is cut."""

    def assert_each_once(self, table, columns, select, count, chunks=(1, 7)):
        """`v` counts the rows from 1."""
        self.server.query(f"CREATE TABLE s.`{table}` ({columns})")
        self.server.query(f"INSERT INTO s.`{table}` {UP_TO.format(count)} {select}")
        self.server.query(f"ANALYZE TABLE s.`{table}`")
        for rows in range(1, 8) if LONG else chunks:
            self.assertEqual(self.values(self.only(*chunked(rows, 3), tables=f"s.{table}").lines), list(range(1, count + 1)), f"{table}, {rows} rows a chunk")

    def test_3_k3_a_key_in_another_order_than_the_columns(self):
        self.assert_each_once("turned", "a VARCHAR(9), v INT, b INT, PRIMARY KEY (b, a)", "SELECT CHAR(65 + i % 7 USING utf8mb4), i, i DIV 3 FROM n", 40)

    def test_10_a_boundary_costs_no_more_for_a_later_chunk(self):
        self.server.query("CREATE TABLE s.many (id VARCHAR(20) PRIMARY KEY, v INT)")
        self.server.query(f"INSERT INTO s.many {UP_TO.format(900)} SELECT CONCAT('k', i), i FROM n")
        self.server.query("ANALYZE TABLE s.many")

        def reads():
            rows = self.server.query("SHOW GLOBAL STATUS WHERE Variable_name IN ('Handler_read_next', 'Handler_read_key', 'Handler_read_first')")
            return sum(int(value) for _, value in rows)
        for rows in (900, 20):
            self.only(*chunked(rows), tables="s.many")  # What a first run reads of the server's own tables comes once.
            before = reads()
            self.assertEqual(len(self.only(*chunked(rows), tables="s.many").lines), 900)
            if rows == 900:
                once = reads() - before
        self.assertLess(reads() - before - once, 2 * 900, "each row is passed once more to find the boundaries")

    def test_11_names_are_quoted(self):
        for name in ("select", "a-b", "a``b", "日本", "x" * 64):
            self.server.query(f"CREATE TABLE s.`{name}` (`{name}` INT PRIMARY KEY, v INT)")
            self.server.query(f"INSERT INTO s.`{name}` VALUES (1, 1), (2, 2), (3, 3)")
        self.server.query("DROP TABLE s.t")
        self.assertEqual(self.values(self.only(*chunked(1), tables="s.*").lines), sorted([1, 2, 3] * 5))

    def test_13_14_groups_of_equal_values_at_every_edge(self):
        self.assert_each_once("grouped", "a INT, b INT, v INT, PRIMARY KEY (a, b)", "SELECT IF(i = 60, 2, 1), i, i FROM n", 60)
        self.assert_each_once("runs", "a CHAR(1), b INT, v INT, PRIMARY KEY (a, b)", "SELECT CHAR(65 + i DIV 20 USING utf8mb4), -i, i FROM n", 60)

    def test_18_keys_in_the_order_of_their_collation(self):
        letters = "ELT(1 + i % 8, 'a', 'A', 'ä', 'Ä', 'z', 'ß', '😀', '_')"
        collations = ["utf8mb4_bin", "utf8mb4_general_ci", "latin1_swedish_ci", "utf8mb4_unicode_ci",
                      "utf8mb4_unicode_520_nopad_ci" if self.server.is_mariadb else "utf8mb4_0900_ai_ci"]
        for collation in collations:
            text = letters.replace("😀", "ø") if collation.startswith("latin1") else letters
            self.assert_each_once(collation, f"id VARCHAR(20) COLLATE {collation}, v INT, PRIMARY KEY (id)",
                                  f"SELECT CONCAT({text}, LPAD(i, 2, '0'), ELT(1 + i % 3, '', '!', 'ä')), i FROM n", 48, (5,))

    def test_k4_what_was_read_last_is_known_exactly(self):
        """A run that ends at any row is gone on with behind it: at most one batch comes again, no row is missing."""
        keys = {"of_bytes": ("VARBINARY(9)", "CONCAT(UNHEX(LPAD(HEX(i * 71), 4, '0')), UNHEX('0022FF'))"), "of_text": ("VARCHAR(9)", "CONCAT('\"ä''', i)"),
                "of_numbers": ("BIGINT UNSIGNED", "18446744073709551615 - i"), "of_times": ("DATETIME(6)", "'2024-01-01' + INTERVAL i MICROSECOND")}
        self.server.query("DROP TABLE s.t")
        for name, (kind, expression) in keys.items():
            self.server.query(f"CREATE TABLE s.{name} (id {kind} PRIMARY KEY, v INT)")
            self.server.query(f"INSERT INTO s.{name} {UP_TO.format(900)} SELECT {expression}, i FROM n")
        want = sorted(list(range(1, 901)) * len(keys))
        lines = self.only(*chunked(200), tables="s.*").lines
        self.assertEqual(self.values(lines), want)
        for at in random.Random(SEED).sample(range(len(lines) - 1), 20 if LONG else 3):
            rest = dry_run(self.url(), *ONLY, "--tables", "s.*", "--from", position_of(lines[at]), *chunked(200))
            rows = {json.dumps([record["metadata"]["opencdc.collection"], record["key"]]) for record in map(json.loads, lines[:at + 1] + rest.lines)}
            self.assertEqual(len(rows), len(want), f"resumed behind record {at}")
            self.assertLess(at + 1 + len(rest.lines) - len(want), 4 * 256, "what comes again")

    def test_k6_a_key_of_records_that_is_not_unique_orders_nothing(self):
        self.server.query("CREATE TABLE s.sorted (id INT, v INT, k INT NULL)")
        self.server.query(f"INSERT INTO s.sorted {UP_TO.format(60)} SELECT 100 - i, i, IF(i % 5, i DIV 20, NULL) FROM n")
        for rows in (1, 7, 50_000):
            lines = self.only(*chunked(rows), "--set", "key.columns.s.sorted=k", tables="s.sorted").lines
            self.assertEqual(self.values(lines), list(range(1, 61)))
        self.assertEqual({tuple(json.loads(line)["key"]) for line in lines}, {("k",)})


class Quiet:
    """What the source notices of it."""

    def test_4_20_nobody_waits_behind_a_long_select(self):
        reader, writer = self.server.connect(), self.server.connect(autocommit=True)
        self.addCleanup(reader.close)
        self.addCleanup(writer.close)

        def read_slowly():
            try:
                reader.cursor().execute(f"SELECT SLEEP({TIMEOUT_S}) FROM s.t LIMIT 1")
            except Exception:  # It is interrupted in the end.
                pass
        select = threading.Thread(target=read_slowly)
        select.start()
        self.await_state("User sleep")
        ending, stalls = threading.Event(), []

        def write():
            while not ending.is_set():
                began = time.monotonic()
                writer.cursor().execute("UPDATE s.t SET v = v + 1 WHERE id = 7")
                stalls.append(time.monotonic() - began)
        writing = threading.Thread(target=write)
        writing.start()
        try:
            self.assertEqual(len(self.only(tables="s.*").lines), 600)
            self.assertTrue(select.is_alive(), "the snapshot waited for the SELECT")
        finally:
            ending.set()
            writing.join()
            self.server.query(f"KILL QUERY {reader.thread_id()}")
            select.join(TIMEOUT_S)
        self.assertLess(max(stalls), STALL_S)

    def await_state(self, state):
        give_up = time.monotonic() + TIMEOUT_S
        while not self.server.query("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE = %s", (state,))[0][0]:
            self.assertLess(time.monotonic(), give_up)
            time.sleep(0.02)

    def test_7_no_statement_ends_the_view(self):
        self.query_all("TRUNCATE mysql.general_log", "SET GLOBAL log_output = 'TABLE', general_log = ON")
        try:
            self.only(*chunked(50), tables="s.*")
        finally:
            self.server.query("SET GLOBAL general_log = OFF")
        sessions = {}
        for session, argument in self.server.query("SELECT thread_id, argument FROM mysql.general_log WHERE command_type IN ('Query', 'Execute') "
                                                   "ORDER BY event_time"):
            sessions.setdefault(session, []).append(argument.decode() if isinstance(argument, bytes) else argument)
        views = [asked for asked in sessions.values() if any("CONSISTENT SNAPSHOT" in one for one in asked)]
        self.assertEqual(len(views), 2)
        for asked in views:
            opened = max(number for number, one in enumerate(asked) if "CONSISTENT SNAPSHOT" in one)
            reading = [one for one in asked[opened + 1:] if "`s`" in one]
            self.assertGreater(sum(map(len, reading)), 0)
            for one in asked[opened + 1:]:
                self.assertRegex(one, r"(?s)^(SELECT |SHOW |SAVEPOINT |ROLLBACK TO SAVEPOINT |SET SESSION character_set_results)", "what does not end a view")

    def test_9_neither_locks_nor_all_rows_in_memory(self):
        """16 MB whose reader does not read: what the program holds, and what it holds at the server."""
        process = self.held(f"{HELD},s.*")
        highest = next(line for line in open(f"/proc/{process.pid}/status") if line.startswith("VmHWM:"))
        self.assertLess(int(highest.split()[1]), 64 * 1024, highest)
        if not self.server.is_mariadb:
            kinds = self.server.query("SELECT DISTINCT LOCK_TYPE FROM performance_schema.metadata_locks WHERE OBJECT_TYPE = 'TABLE' AND OBJECT_SCHEMA = 'held'")
            self.assertEqual(kinds, [("SHARED_READ",)])
        states = {row[0] for row in self.server.query("SELECT STATE FROM information_schema.PROCESSLIST WHERE STATE LIKE '%lock%'")}
        self.assertEqual(states, set())
        self.server.query(f"UPDATE {HELD} SET t = t WHERE id = 1")
        self.assertEqual(len(self.end(process)[0]), HELD_ROWS + 600)

    def test_19_no_transaction_is_left(self):
        for code, end in ((0, lambda process: None), (130, lambda process: process.send_signal(signal.SIGINT)), (-9, lambda process: process.kill())):
            process = self.held(f"{HELD},s.*")
            end(process)
            self.end(process, code)


class Tables:
    def test_21_a_bad_table_is_named_and_the_others_can_be_read(self):
        self.query_all("CREATE TABLE s.secret (id INT PRIMARY KEY)", "CREATE VIEW s.broken AS SELECT id FROM s.secret WHERE id > 0",
                       "DROP TABLE s.secret", "CREATE TABLE s.secret (other INT PRIMARY KEY)",
                       "CREATE USER IF NOT EXISTS half@'%' IDENTIFIED BY 'some-Passw0rd'", "GRANT REPLICATION SLAVE ON *.* TO half@'%'",
                       "GRANT SELECT ON s.t TO half@'%'", "GRANT INSERT ON s.secret TO half@'%'", "GRANT SELECT ON s.broken TO half@'%'",
                       "GRANT BINLOG MONITOR ON *.* TO half@'%'" if self.server.is_mariadb else "GRANT REPLICATION CLIENT, BACKUP_ADMIN ON *.* TO half@'%'")
        url = self.server.url(user="half", password="some-Passw0rd")
        refused = dry_run(url, *ONLY, "--tables", "s.*")
        self.assertEqual(refused.code, 2, refused.err)
        self.assertIn("MYC1108", refused.err)
        self.assertIn("secret", refused.err)
        self.assertEqual(len(dry_run(url, *ONLY, "--tables", "s.*,!s.secret").lines), 600)


class Plugin:
    """As Conduit calls it."""

    def test_16_a_position_is_never_ahead_of_what_was_taken(self):
        """A destination that fails after any record: from that record's position on, every other row comes."""
        settings = {"tables": "s.*", "snapshot__mode": "initial", "snapshot__chunkRows": 100, "acknowledge": "never"}
        host, run = self.running(**settings)
        first = run.await_records(600)
        keys = [self.decoded(record)["key"]["id"] for record in first]
        host.shut_down()
        self.assertEqual(sorted(keys), list(range(1, 601)))
        for at in (0, 333, 598):
            host, run = self.running(first[at].position, **settings)
            missing = set(range(1, 601)) - set(keys[:at + 1])
            self.await_keys(run, missing)
            host.shut_down()

    def await_keys(self, run, missing):
        give_up, seen = time.monotonic() + TIMEOUT_S, 0
        while missing:
            self.assertLess(time.monotonic(), give_up, f"{len(missing)} rows are missing")
            run.await_records(seen + 1)
            for record in run.records[seen:]:
                seen += 1
                missing.discard(self.decoded(record)["key"]["id"])

    def test_k1_no_rows_again_from_a_position_of_the_stream(self):
        settings = {"tables": "s.*", "snapshot__mode": "initial"}
        host, run = self.running(**settings)
        self.server.query("INSERT INTO s.t VALUES (1000, 1)")
        records = run.await_records(601)
        host.shut_down()
        for last in (records[599], records[600]):  # The last of the rows, and one of the stream.
            host, run = self.running(last.position, **settings)
            self.server.query("UPDATE s.t SET v = v + 1 WHERE id = 1000")
            found = [self.decoded(record)["operation"] for record in run.await_records(1)]
            self.assertNotIn("snapshot", found)
            host.shut_down()


class MariaDb(Points, Restarts, Keys, Quiet, Tables, Plugin, Scene):
    pass


class MySql(Points, Restarts, Keys, Quiet, Tables, Plugin, Scene):
    product = "mysql-9.7"


if __name__ == "__main__":
    unittest.main()
