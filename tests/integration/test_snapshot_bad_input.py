"""What may happen to a table, a connection or the server while a snapshot reads: the right rows or an error with its code, its place and its
cure, and neither a view nor a lock left on the server."""

import json
import signal
import threading
import time
import unittest

from tests.support.program import LONG, TIMEOUT_S, dry_run, long_only
from tests.support.snapshot_case import HELD, HELD_ROWS, ONLY, SnapshotCase, after_of, chunked

PASSWORD = "some-Passw0rd"


class Disturbed(SnapshotCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_held_table()

    def setUp(self):
        self.query_all("DROP DATABASE IF EXISTS s", "CREATE DATABASE s CHARACTER SET utf8mb4", "CREATE TABLE s.b (id INT PRIMARY KEY, v INT)",
                       "INSERT INTO s.b VALUES (1, 1), (2, 2)")

    def after(self, *statements, tables=f"{HELD},s.*"):
        """The rows of schema s, and the messages, of a snapshot during which this was done before s was begun."""
        process = self.held(tables)
        self.query_all(*statements)
        lines, messages = self.end(process)
        records = [json.loads(line) for line in lines]
        self.assertEqual(len({row["id"] for row in after_of(records, HELD)}), HELD_ROWS, "every row of the first table")
        return {name: sorted(after_of(records, name), key=str) for name in {record["metadata"]["opencdc.collection"] for record in records} - {HELD}}, messages

    def sessions(self):
        return [row[0] for row in self.server.query("SELECT ID FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND USER IN ('root', 'some')")]

    def kill_sessions(self):
        for session in self.sessions():
            self.server.query(f"KILL {session}")


class Tables:
    """Before their turn came."""

    def test_altered_by_copy(self):
        rows, _ = self.after("ALTER TABLE s.b ADD COLUMN w INT DEFAULT 5, ALGORITHM=COPY")
        self.assertEqual(rows, {"s.b": [{"id": 1, "v": 1, "w": 5}, {"id": 2, "v": 2, "w": 5}]})

    @long_only
    def test_altered_at_once(self):
        rows, _ = self.after("ALTER TABLE s.b ADD COLUMN w INT DEFAULT 5, ALGORITHM=INSTANT", "ALTER TABLE s.b DROP COLUMN v")
        self.assertEqual(rows, {"s.b": [{"id": 1, "w": 5}, {"id": 2, "w": 5}]})

    @long_only
    def test_with_another_key(self):
        rows, _ = self.after("ALTER TABLE s.b DROP PRIMARY KEY, ADD PRIMARY KEY (v)")
        self.assertEqual(rows, {"s.b": [{"id": 1, "v": 1}, {"id": 2, "v": 2}]})

    @long_only
    def test_dropped(self):
        self.assertEqual(self.after("DROP TABLE s.b")[0], {})

    def test_dropped_with_its_schema(self):
        self.assertEqual(self.after("DROP DATABASE s")[0], {})

    def test_truncated(self):
        rows, _ = self.after("TRUNCATE TABLE s.b", "INSERT INTO s.b VALUES (3, 3)")
        self.assertEqual(rows, {"s.b": [{"id": 3, "v": 3}]})

    def test_renamed_to_what_comes_later(self):
        rows, _ = self.after("RENAME TABLE s.b TO s.c")
        self.assertEqual(rows, {"s.c": [{"id": 1, "v": 1}, {"id": 2, "v": 2}]})

    def test_renamed_to_what_was_read_already(self):
        rows, _ = self.after("RENAME TABLE s.b TO held.`0`", tables="held.*,s.*")
        self.assertEqual(rows, {"held.0": [{"id": 1, "v": 1}, {"id": 2, "v": 2}]})
        self.server.query("DROP TABLE held.`0`")

    @long_only
    def test_swapped(self):
        rows, _ = self.after("CREATE TABLE s.n (id INT PRIMARY KEY, v INT, w INT)", "INSERT INTO s.n SELECT id, v, 8 FROM s.b",
                             "RENAME TABLE s.b TO s.o, s.n TO s.b", "DROP TABLE s.o")
        self.assertEqual(rows, {"s.b": [{"id": 1, "v": 1, "w": 8}, {"id": 2, "v": 2, "w": 8}]})

    @long_only
    def test_locked_by_another_session(self):
        """Somebody who locks a table and forgets it: the wait has an end, and the error names the table."""
        process = self.held(f"{HELD},s.*")
        other = self.server.connect(autocommit=True)
        self.addCleanup(other.close)
        other.cursor().execute("LOCK TABLES s.b WRITE")

        def unlock():
            time.sleep(7)  # Longer than one wait for a lock.
            other.cursor().execute("UNLOCK TABLES")
        thread = threading.Thread(target=unlock)
        thread.start()
        lines, messages = self.end(process)
        thread.join()
        self.assertIn("`s`.`b`", messages)
        self.assertEqual(after_of([json.loads(line) for line in lines], "s.b"), [{"id": 1, "v": 1}, {"id": 2, "v": 2}])

    @long_only
    def test_in_use(self):
        """Dropped while it is being read itself: its rows end there, on MariaDB when the view ends."""
        self.query_all("CREATE TABLE held.c LIKE held.a", "INSERT INTO held.c SELECT * FROM held.a")
        process = self.held("held.c,s.b")
        session = self.server.connect(autocommit=True)
        self.addCleanup(session.close)
        dropping = threading.Thread(target=lambda: session.cursor().execute("DROP TABLE held.c"))
        dropping.start()
        lines, _ = self.end(process)
        dropping.join(TIMEOUT_S)
        self.assertFalse(dropping.is_alive())
        self.assertEqual(after_of([json.loads(line) for line in lines], "s.b"), [{"id": 1, "v": 1}, {"id": 2, "v": 2}])


class Kinds:
    """What is no table of rows, and what is an odd one."""

    def test_invalid_views_sequences_and_temporary_tables_are_not_read(self):
        self.query_all("CREATE TABLE s.gone (id INT PRIMARY KEY)", "CREATE VIEW s.of_nothing AS SELECT id FROM s.gone", "DROP TABLE s.gone",
                       "CREATE USER IF NOT EXISTS former@'%' IDENTIFIED BY 'some-Passw0rd'", "GRANT SELECT ON *.* TO former@'%'",
                       "CREATE DEFINER=former@'%' SQL SECURITY DEFINER VIEW s.of_nobody AS SELECT id FROM s.b", "DROP USER former@'%'",
                       "CREATE TEMPORARY TABLE s.passing (id INT)", "CREATE TEMPORARY TABLE s.b (other INT)")
        self.addCleanup(self.server.query, "DROP TEMPORARY TABLE IF EXISTS s.passing, s.b")
        if self.server.is_mariadb:
            self.server.query("CREATE SEQUENCE s.numbers")
        records = self.only(tables="s.*").records
        self.assertEqual([(record["metadata"]["opencdc.collection"], record["key"]["id"]) for record in records], [("s.b", 1), ("s.b", 2)])

    @long_only
    def test_partitions_and_versions(self):
        self.server.query("CREATE TABLE s.p (id INT PRIMARY KEY, v INT) PARTITION BY HASH (id) PARTITIONS 7")
        self.server.query("INSERT INTO s.p WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i, i FROM n")
        wanted = {"s.p": [{"id": number, "v": number} for number in range(1, 501)], "s.b": [{"id": 1, "v": 1}, {"id": 2, "v": 2}]}
        if self.server.is_mariadb:
            self.query_all("CREATE TABLE s.v (id INT PRIMARY KEY, v INT) WITH SYSTEM VERSIONING", "INSERT INTO s.v VALUES (1, 1), (2, 2)",
                           "UPDATE s.v SET v = 9", "DELETE FROM s.v WHERE id = 1")
        records = self.only(*chunked(30), tables="s.*").records
        rows = {name: sorted(after_of(records, name), key=lambda row: row["id"]) for name in ("s.p", "s.b")}
        self.assertEqual(rows, wanted)
        if self.server.is_mariadb:
            self.assertEqual([row["v"] for row in after_of(records, "s.v")], [9], "the rows of now")

    @long_only
    def test_a_larger_row_than_a_packet_of_the_server(self):
        """16 MiB of max_allowed_packet, and a row of 2 × 12."""
        self.query_all("CREATE TABLE s.large (id INT PRIMARY KEY, a LONGTEXT, b LONGBLOB)", "INSERT INTO s.large VALUES (1, REPEAT('y', 12582912), NULL)",
                       "UPDATE s.large SET b = REPEAT(x'ff', 12582912)", "SET GLOBAL max_allowed_packet = 16777216")
        self.addCleanup(self.server.query, "SET GLOBAL max_allowed_packet = 67108864")
        row, = after_of(self.only(tables="s.large").records)
        self.assertEqual((len(row["a"]), len(row["b"])), (12582912, 16777216))  # base64


class Links:
    def test_killed_sessions_are_opened_again_at_a_newer_point(self):
        process = self.held(f"{HELD},s.*")
        self.server.query("UPDATE s.b SET v = 7 WHERE id = 2")
        self.kill_sessions()
        lines, messages = self.end(process)
        self.assertIn("trying again", messages)
        records = [json.loads(line) for line in lines]
        self.assertEqual(after_of(records, "s.b"), [{"id": 1, "v": 1}, {"id": 2, "v": 7}])
        self.assertEqual(len({row["id"] for row in after_of(records, HELD)}), HELD_ROWS)

    def test_a_server_that_is_restarted(self):
        for kill in (False, True) if LONG else (True,):
            with self.subTest(kill=kill):
                process = self.held(f"{HELD},s.*")
                self.server.halt(kill)
                self.server.start()
                lines, messages = self.end(process)
                self.assertIn("trying again", messages)
                records = [json.loads(line) for line in lines]
                self.assertEqual(after_of(records, "s.b"), [{"id": 1, "v": 1}, {"id": 2, "v": 2}])
                self.assertEqual(len({row["id"] for row in after_of(records, HELD)}), HELD_ROWS)

    def test_interrupted(self):
        process = self.held(f"{HELD},s.*")
        process.send_signal(signal.SIGINT)
        self.end(process, 130)

    def test_a_reader_that_goes_away(self):
        process = self.held(f"{HELD},s.*")
        process.stdout.close()
        process.stdout = None
        self.end(process)


class Privileges:
    def user_of(self, *grants):
        """The url of an account that may read the log, and has these grants."""
        log = "REPLICATION SLAVE, BINLOG MONITOR" if self.server.is_mariadb else "REPLICATION SLAVE, REPLICATION CLIENT, BACKUP_ADMIN"
        self.query_all("DROP USER IF EXISTS some@'%'", f"CREATE USER some@'%' IDENTIFIED BY '{PASSWORD}'", f"GRANT {log} ON *.* TO some@'%'",
                       *(f"GRANT {grant} TO some@'%'" for grant in grants))
        return self.server.url(user="some", password=PASSWORD)

    def test_one_table_that_may_not_be_read_is_named_before_anything_is_read(self):
        url = self.user_of(f"SELECT ON {HELD}", "INSERT ON s.b")
        done = dry_run(url, *ONLY, "--tables", f"{HELD},s.*")
        self.assertEqual((done.code, done.lines), (2, []), done.err)
        self.assertIn("MYC1108", done.err)
        self.assertIn("`s`.`b`", done.err)
        self.assertIn("GRANT SELECT", done.err)
        self.assertEqual(len(dry_run(url, *ONLY, "--tables", HELD).lines), HELD_ROWS, "the others can be read without it")
        self.assert_nothing_left()

    def test_a_privilege_that_is_taken_away_meanwhile(self):
        url = self.user_of(f"SELECT ON {HELD}", "SELECT, INSERT ON s.b")
        process = self.held(f"{HELD},s.b", url=url)
        self.server.query("REVOKE SELECT ON s.b FROM some@'%'")
        _, messages = self.end(process, 2)
        self.assertIn("MYC1108", messages)
        self.assertIn("`s`.`b`", messages)


class MariaDb(Tables, Kinds, Links, Privileges, Disturbed):
    pass


class MySql(Tables, Kinds, Links, Privileges, Disturbed):
    product = "mysql-9.7"


if __name__ == "__main__":
    unittest.main()
