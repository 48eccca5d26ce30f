"""Transactions, DDL and what else is no row, on real servers: rows come when and only when they count, under the names of their time.

Tests are named after what users of other programs of this kind complained about.
"""

import time
import unittest

from tests.support.plugin_case import PluginCase
from tests.support.program import LONG, dry_run, long_only, position
from tests.support.servers import Server

TABLES = """
CREATE DATABASE d; USE d;
CREATE TABLE t (id INT PRIMARY KEY, v INT);
CREATE TABLE flat (id INT PRIMARY KEY) ENGINE=MyISAM;
CREATE TABLE other (id INT PRIMARY KEY);
"""
UNKNOWN_XID = 1397


class Transactions(unittest.TestCase):
    PRODUCT = None
    OPTIONS = {}

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.PRODUCT, binlog_row_metadata="FULL", **cls.OPTIONS)
        cls.addClassCleanup(cls.server.stop, kill=True)
        cls.server.start()
        cls.server.script(TABLES)

    def setUp(self):
        for table in ("t", "flat", "other"):
            self.server.query(f"DELETE FROM d.{table}")
        self.start = ":".join(map(str, self.server.position()))

    def run_all(self, *statements, **session):
        """In one new session, whose settings go with it."""
        with self.server.connect(autocommit=True, database="d", **session) as connection, connection.cursor() as cursor:
            for statement in statements:
                self.execute(cursor, statement)

    def execute(self, cursor, statement):
        """What another session prepared is there for this one as soon as the server has seen that session's end."""
        give_up = time.monotonic() + 20
        while True:
            try:
                return cursor.execute(statement)
            except Exception as error:
                if error.args[0] != UNKNOWN_XID or not statement.startswith("XA ") or time.monotonic() > give_up:
                    raise
                time.sleep(0.02)

    def read(self, *words, start=None, code=0, tables="d.*"):
        done = dry_run(self.server.url(), "--from", start or self.start, "--until", "now", "--format", "json", "--tables", tables, *words)
        self.assertEqual(done.code, code, done.err)
        return done

    def rows(self, done):
        return [(record["operation"], record["key"]["id"]) for record in done.records if "id" in record["key"]]

    def check_every_resume(self, whole, *words, tables="d.*"):
        """From each record's position the others follow, no more and no less. The normal run takes a sample of the positions."""
        count = len(whole.lines)
        for number in range(count) if LONG else sorted({0, count // 3, 2 * count // 3}):
            again = self.read(*words, start=position(whole.lines[number]), tables=tables)
            self.assertEqual([position(line) for line in again.lines], [position(line) for line in whole.lines[number + 1:]])

    def xa(self, name, *statements, end="COMMIT"):
        """`end`: COMMIT, ROLLBACK, ONE PHASE or nothing."""
        last = {"ONE PHASE": [f"XA COMMIT '{name}' ONE PHASE"], "": [f"XA PREPARE '{name}'"]}
        self.run_all(f"XA START '{name}'", *statements, f"XA END '{name}'", *last.get(end, [f"XA PREPARE '{name}'", f"XA {end} '{name}'"]))

    def test_rows_of_xa_transactions_come_when_and_only_when_they_commit(self):
        self.xa("one", "INSERT INTO t VALUES (1, 1)")
        self.xa("two", "INSERT INTO t VALUES (2, 1)", end="ROLLBACK")
        self.xa("three", "INSERT INTO t VALUES (3, 1)", end="ONE PHASE")
        self.xa("nothing")
        for number in range(10, 15):
            self.xa(f"open{number}", f"INSERT INTO t VALUES ({number}, 1)", f"UPDATE t SET v = 2 WHERE id = {number}", end="")
        self.run_all("INSERT INTO t VALUES (4, 1)", "XA COMMIT 'open13'", "XA ROLLBACK 'open11'", "XA COMMIT 'open10'", "INSERT INTO t VALUES (5, 1)",
                     "XA COMMIT 'open14'", "XA ROLLBACK 'open12'", "INSERT INTO t VALUES (6, 1)")
        whole = self.read()
        self.assertEqual(self.rows(whole), [("create", 1), ("create", 3), ("create", 4), ("create", 13), ("update", 13), ("create", 10), ("update", 10),
                                            ("create", 5), ("create", 14), ("update", 14), ("create", 6)])
        self.assertEqual([record["payload"]["after"] for record in whole.records if record["key"]["id"] == 13], [{"id": 13, "v": 1}, {"id": 13, "v": 2}])
        self.check_every_resume(whole)
        self.assertIn('"xa":"', position(whole.lines[2]))
        self.assertNotIn('"xa":"', position(whole.lines[-1]))

    def test_an_xa_transaction_of_another_file_is_read_again_after_a_restart(self):
        self.xa("far", *(f"INSERT INTO t VALUES ({number}, {number})" for number in range(100, 200)), end="")
        self.server.query("FLUSH BINARY LOGS")
        self.run_all("INSERT INTO t VALUES (1, 1)")
        before = self.read()
        self.assertEqual(self.rows(before), [("create", 1)])
        self.run_all("XA COMMIT 'far'", "INSERT INTO t VALUES (2, 2)")
        behind = self.read(start=position(before.lines[0]))
        self.assertEqual(self.rows(behind), [("create", number) for number in [*range(100, 200), 2]])
        self.check_every_resume(behind)

    def test_an_xa_transaction_whose_log_is_purged_is_told(self):
        self.xa("gone", "INSERT INTO t VALUES (1, 1)", end="")
        self.server.query("FLUSH BINARY LOGS")
        self.run_all("INSERT INTO t VALUES (2, 2)")
        before = self.read()
        log = self.server.position()[0]
        give_up = time.monotonic() + 20
        while self.server.query("SHOW BINARY LOGS")[0][0] != log:
            self.assertLess(time.monotonic(), give_up)
            self.server.query(f"PURGE BINARY LOGS TO '{log}'")
            time.sleep(0.2)
        self.run_all("XA COMMIT 'gone'", "INSERT INTO t VALUES (3, 3)")
        start = position(before.lines[0])
        done = self.read(start=start, code=2)
        self.assertIn("error MYC1504: ", done.err)
        self.assertIn("onUnsupported.xaPending=warn", done.err)
        self.assertEqual(self.rows(self.read("--set", "onUnsupported.xaPending=warn", start=start)), [("create", 3)])

    def test_a_savepoint_is_no_commit(self):
        self.run_all("BEGIN", "INSERT INTO t VALUES (1, 1), (2, 1)", "SAVEPOINT s", "INSERT INTO t VALUES (3, 1)", "ROLLBACK TO s", "UPDATE t SET v = 2 WHERE id = 1",
                     "SAVEPOINT s", "DELETE FROM t WHERE id = 2", "RELEASE SAVEPOINT s", "COMMIT", "INSERT INTO t VALUES (4, 1)")
        whole = self.read()
        self.assertEqual(self.rows(whole), [("create", 1), ("create", 2), ("update", 1), ("delete", 2), ("create", 4)])
        self.assertEqual(len({record["metadata"]["mysql.txn"] for record in whole.records}), 2)
        self.check_every_resume(whole)

    def test_create_select_is_rows(self):
        self.run_all("INSERT INTO t VALUES (1, 1), (2, 2)", "CREATE TABLE made (PRIMARY KEY (id)) AS SELECT * FROM t", "DROP TABLE made")
        done = self.read("--set", "events=truncate, ddl")
        self.assertEqual(self.rows(done), [("create", 1), ("create", 2)] * 2)
        self.assertEqual([record["payload"]["after"]["type"] for record in done.records if "type" in record["key"]], ["ddl", "drop"])

    def test_events_stand_among_the_rows(self):
        """TRUNCATE is not swallowed and not fatal: DROP and CREATE of the same name, partitions, a swap by RENAME."""
        self.run_all("CREATE TABLE p (id INT PRIMARY KEY, v INT) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN MAXVALUE)",
                     "CREATE TABLE q (id INT PRIMARY KEY, v INT)", "INSERT INTO p VALUES (1, 1)", "TRUNCATE TABLE t",
                     "ALTER TABLE p TRUNCATE PARTITION p1", "ALTER TABLE p EXCHANGE PARTITION p0 WITH TABLE q", "INSERT INTO q VALUES (2, 2)",
                     "DROP TABLE q", "CREATE TABLE q (id INT PRIMARY KEY, w INT)", "INSERT INTO q VALUES (3, 3)", "RENAME TABLE q TO old_q, p TO q",
                     "INSERT INTO q VALUES (200, 4)", "CREATE USER IF NOT EXISTS nobody IDENTIFIED BY 'Se-cret-17'", "DROP TABLE old_q, q")
        words = ("--set", "events=truncate, ddl, transactions")
        done = self.read(*words)
        told = [(e["type"], e["table"]) for e in (record["payload"]["after"] for record in done.records) if e.get("type") not in (None, "begin", "end")]
        self.assertEqual(told, [("ddl", "p"), ("ddl", "q"), ("truncate", "t"), ("partition", "p"), ("partition", "p"), ("partition", "q"), ("drop", "q"), ("ddl", "q"),
                                ("ddl", "q"), ("drop", "old_q"), ("drop", "q")])
        self.assertEqual([record["payload"]["after"] for record in done.records if "id" in record["key"]],
                         [{"id": 1, "v": 1}, {"id": 2, "v": 2}, {"id": 3, "w": 3}, {"id": 200, "v": 4}])
        self.assertNotIn("Se-cret", done.out)
        depth = 0
        for record in done.records:
            self.assertEqual(record["metadata"]["opencdc.collection"], "d." + record["metadata"]["opencdc.collection"][2:] if "id" in record["key"] else "mysql.events")
            kind = record["payload"]["after"].get("type")
            depth += {"begin": 1, "end": -1}.get(kind, 0)
            self.assertIn(depth, (0, 1))
            self.assertEqual(kind == "end", record["payload"]["after"].get("count") is not None)
        self.assertEqual(depth, 0)
        self.check_every_resume(done, *words)
        text = dry_run(self.server.url(), "--from", self.start, "--until", "now", "--format", "text", "--tables", "d.*", *words)
        self.assertRegex(text.out, r"EVENT +mysql\.events +type=truncate  schema=d  table=t")
        done = self.read("--set", "events=ddl", code=2)
        self.assertIn("error MYC1502: ", done.err)

    def test_online_schema_changes_of_tools_go_on_under_the_right_name(self):
        """As gh-ost and pt-online-schema-change do it, while rows are written."""
        gh_ost = ["CREATE TABLE _t_gho LIKE t", "ALTER TABLE _t_gho ADD COLUMN w VARCHAR(9) DEFAULT 'new' FIRST", "INSERT INTO t VALUES (2, 2)",
                  "INSERT IGNORE INTO _t_gho (id, v) SELECT id, v FROM t", "CREATE TABLE _t_del (id INT)", "DROP TABLE _t_del",
                  "RENAME TABLE t TO _t_del, _t_gho TO t", "INSERT INTO t (id, v) VALUES (3, 3)", "DROP TABLE _t_del"]
        pt_osc = ["CREATE TABLE _t_new LIKE t", "ALTER TABLE _t_new DROP COLUMN w, ADD COLUMN x INT NOT NULL DEFAULT 7",
                  "CREATE TRIGGER pt_ins AFTER INSERT ON t FOR EACH ROW REPLACE INTO _t_new (id, v) VALUES (NEW.id, NEW.v)",
                  "INSERT LOW_PRIORITY IGNORE INTO _t_new (id, v) SELECT id, v FROM t LOCK IN SHARE MODE", "INSERT INTO t (id, v) VALUES (4, 4)",
                  "RENAME TABLE d.t TO d._t_old, d._t_new TO d.t", "DROP TRIGGER IF EXISTS d.pt_ins", "DROP TABLE IF EXISTS _t_old", "INSERT INTO t VALUES (5, 5, 5)",
                  "ALTER TABLE t DROP COLUMN x"]
        self.run_all("INSERT INTO t VALUES (1, 1)", *gh_ost, *pt_osc)
        done = self.read(tables="d.t")
        self.assertEqual([record["payload"]["after"] for record in done.records],
                         [{"id": 1, "v": 1}, {"id": 2, "v": 2}, {"w": "new", "id": 3, "v": 3}, {"w": "new", "id": 4, "v": 4}, {"id": 5, "v": 5, "x": 5}])
        self.check_every_resume(done, tables="d.t")

    def test_no_statement_stops_the_stream_and_every_alter_holds_from_its_place_on(self):
        """Whatever the grammar: only names and verbs are looked at."""
        odd = ["CREATE TABLE odd (id INT PRIMARY KEY, a INT /* , b INT */ COMMENT 'DROP TABLE t; -- ''', `drop table t` INT)", "ALTER TABLE odd ADD c INT AFTER id, COMMENT='/*'",
               "ALTER TABLE odd MODIFY a BIGINT UNSIGNED FIRST", "ALTER TABLE odd CHANGE c `sel``ect` VARCHAR(3) CHARACTER SET latin1", "ALTER TABLE odd DROP COLUMN `drop table t`",
               "ALTER TABLE odd ADD INDEX i (a), ALGORITHM=INPLACE, LOCK=NONE", "ALTER TABLE odd CONVERT TO CHARACTER SET utf8mb4", "ALTER TABLE odd ENGINE=InnoDB",
               "CREATE VIEW see AS SELECT * FROM odd", "DROP VIEW see", "CREATE TRIGGER g BEFORE INSERT ON odd FOR EACH ROW SET NEW.a = NEW.a + 1", "DROP TRIGGER g",
               "CREATE PROCEDURE pr() BEGIN TRUNCATE TABLE t; END", "DROP PROCEDURE pr", "CREATE FUNCTION fn() RETURNS INT DETERMINISTIC RETURN 1", "DROP FUNCTION fn",
               "CREATE EVENT ev ON SCHEDULE EVERY 1 YEAR DISABLE DO TRUNCATE TABLE t", "DROP EVENT ev", "ANALYZE TABLE t", "OPTIMIZE TABLE t", "ALTER DATABASE d CHARACTER SET utf8mb4",
               "CREATE TEMPORARY TABLE tmp LIKE t", "DROP TEMPORARY TABLE tmp", "CREATE TABLE IF NOT EXISTS odd (id INT)", "ALTER TABLE t RENAME INDEX `PRIMARY` TO x",
               "RENAME TABLE odd TO odd2, odd2 TO odd3", "FLUSH TABLES"]
        number, session = 0, self.server.connect(autocommit=True, database="d")
        with session, session.cursor() as cursor:
            for statement in odd:
                try:
                    cursor.execute(statement)
                except Exception as error:  # What this product does not know is logged by no server.
                    self.assertIn(error.args[0], (1064, 1149, 1280, 1281), f"{statement}: {error}")
                number += 1
                cursor.execute(f"INSERT INTO t VALUES ({number}, {number})")
                if statement.startswith(("CREATE TABLE odd", "ALTER TABLE odd")):
                    cursor.execute("DELETE FROM odd")
                    cursor.execute("INSERT INTO odd (id, a) VALUES (1, 1)")
        done = self.read()
        self.assertEqual(self.rows(done).count(("create", number)), 1)
        shapes = [set(record["payload"]["after"]) for record in done.records if record["metadata"]["opencdc.collection"] == "d.odd" and record["operation"] == "create"]
        self.assertEqual(shapes[:5], [{"id", "a", "drop table t"}, {"id", "c", "a", "drop table t"}, {"a", "id", "c", "drop table t"},
                                      {"a", "id", "sel`ect", "drop table t"}, {"a", "id", "sel`ect"}])
        self.run_all("DROP TABLE IF EXISTS odd3, odd")

    def test_a_primary_key_update_is_a_delete_and_a_create(self):
        self.run_all("INSERT INTO t VALUES (1, 7)", "UPDATE t SET id = 9 WHERE id = 1")
        done = self.read()
        self.assertEqual(self.rows(done), [("create", 1), ("delete", 1), ("create", 9)])
        self.assertEqual([record["metadata"].get("mysql.keychange") for record in done.records], [None, "old", "new"])
        self.check_every_resume(done)

    def test_one_session_with_settings_of_its_own(self):
        """Whatever the globals say: images without unchanged columns; rows as statements, which is loud."""
        self.run_all("INSERT INTO t VALUES (1, 1)", "SET SESSION binlog_row_image=MINIMAL", "UPDATE t SET v = 2 WHERE id = 1")
        done = self.read()
        self.assertEqual(done.records[1]["payload"]["before"], {"id": 1})
        self.run_all("SET SESSION binlog_format=STATEMENT", "INSERT INTO other VALUES (1)", "DELETE FROM t WHERE id = 1")
        self.assertIn("MYC1500", self.read(code=2, tables="d.t").err)

    def test_load_data_as_a_statement(self):
        file = self.server.folder / "rows.txt"
        file.write_text("7\n8\n")
        load = f"LOAD DATA INFILE '{file}' INTO TABLE other (id)"
        self.run_all(load, "SET SESSION binlog_format=STATEMENT", "DELETE FROM other", load, "SET SESSION binlog_format=ROW", "INSERT INTO t VALUES (1, 1)")
        self.assertEqual(self.rows(self.read(tables="d.t")), [("create", 1)])
        self.assertIn("MYC1500", self.read(code=2).err)

    def test_rows_of_an_older_shape_take_the_names_of_now_only_where_that_is_wanted(self):
        self.server.query(f"SET GLOBAL binlog_row_metadata={'NO_LOG' if self.server.is_mariadb else 'MINIMAL'}")
        self.addCleanup(self.server.query, "SET GLOBAL binlog_row_metadata=FULL")
        self.run_all("INSERT INTO t VALUES (1, 2)", "ALTER TABLE t RENAME COLUMN v TO w")
        self.addCleanup(self.run_all, "ALTER TABLE t RENAME COLUMN w TO v")
        self.assertRegex(self.read(code=2).err, r"error MYC1402: (.|\n)*onUnsupported\.schemaDrift=warn")
        done = self.read("--set", "onUnsupported.schemaDrift=warn")
        self.assertEqual([record["payload"]["after"] for record in done.records], [{"id": 1, "w": 2}])
        self.assertIn("warning: MYC1402: `d`.`t`: ", done.err)

    def cascade_tables(self):
        self.run_all("CREATE TABLE parent (id INT PRIMARY KEY)", "CREATE TABLE child (id INT PRIMARY KEY, up INT, CONSTRAINT goes FOREIGN KEY (up) REFERENCES parent (id) ON DELETE CASCADE)",
                     "CREATE TABLE niece (id INT PRIMARY KEY, up INT, CONSTRAINT nulls FOREIGN KEY (up) REFERENCES parent (id) ON DELETE SET NULL)",
                     "INSERT INTO parent VALUES (1), (2)", "INSERT INTO child VALUES (10, 1), (11, 2)", "INSERT INTO niece VALUES (20, 1)")
        self.addCleanup(self.run_all, "DROP TABLE child, niece, parent")
        self.start = ":".join(map(str, self.server.position()))
        self.run_all("DELETE FROM parent WHERE id = 1")


class OfMariaDB(Transactions):
    PRODUCT = "mariadb-10.11"

    def test_cascades_that_the_log_does_not_show_are_all_told_at_the_start(self):
        self.cascade_tables()
        error = self.read(code=2).err
        for word in ("error MYC1503: ", "`goes`", "`nulls`", "ON DELETE RESTRICT", "onUnsupported.cascade=warn", "tables="):
            self.assertIn(word, error)
        done = self.read("--set", "onUnsupported.cascade=warn")
        self.assertEqual(self.rows(done), [("delete", 1)])
        self.assertRegex(done.err, "warning: .*foreign keys")
        self.assertEqual(self.rows(self.read(tables="d.parent")), [("delete", 1)])

    def test_a_two_phase_alter_counts_when_it_is_done(self):
        self.run_all("INSERT INTO t VALUES (1, 1)", "SET SESSION binlog_alter_two_phase=1", "ALTER TABLE t ADD COLUMN z INT DEFAULT 3", "INSERT INTO t VALUES (2, 1, 5)")
        with self.assertRaisesRegex(Exception, "Duplicate"):
            self.run_all("SET SESSION binlog_alter_two_phase=1", "ALTER TABLE t ADD UNIQUE KEY (v)")
        self.run_all("INSERT INTO t VALUES (3, 3, 5)", "ALTER TABLE t DROP COLUMN z")
        done = self.read("--set", "events=ddl")
        self.assertEqual([record["payload"]["after"].get("sql") or list(record["payload"]["after"].values()) for record in done.records],
                         [[1, 1], "ALTER TABLE t ADD COLUMN z INT DEFAULT 3", [2, 1, 5], [3, 3, 5], "ALTER TABLE t DROP COLUMN z"])

    def test_rows_of_engines_without_transactions_stay_behind_a_rollback(self):
        self.run_all("BEGIN", "INSERT INTO t VALUES (1, 1)", "INSERT INTO flat VALUES (1)", "ROLLBACK", "INSERT INTO t VALUES (2, 1)")
        self.assertEqual([record["metadata"]["opencdc.collection"] for record in self.read().records], ["d.flat", "d.t"])
        self.start = ":".join(map(str, self.server.position()))
        self.run_all("BEGIN", "INSERT INTO flat VALUES (2)", "INSERT INTO t VALUES (3, 1)", "SAVEPOINT s", "INSERT INTO t VALUES (4, 1)", "ROLLBACK TO s", "COMMIT")
        self.assertIn("MYC1506", self.read(code=2).err)
        self.assertEqual(self.rows(self.read(tables="d.flat")), [("create", 2)])


class OfMySQL(Transactions):
    PRODUCT = "mysql-9.7"
    OPTIONS = {"gtid_mode": "ON", "enforce_gtid_consistency": "ON"}

    def test_cascades_are_in_the_log(self):
        self.cascade_tables()
        done = self.read()
        self.assertEqual([(record["metadata"]["opencdc.collection"], *row) for record, row in zip(done.records, self.rows(done))],
                         [("d.child", "delete", 10), ("d.niece", "update", 20), ("d.parent", "delete", 1)])

    def test_one_of_two_writers_compresses(self):
        """Nothing is passed over, XA transactions in compressed form neither."""
        self.run_all("SET SESSION binlog_transaction_compression=ON", "INSERT INTO t VALUES (1, 1), (2, 2)", "XA START 'z'", "INSERT INTO t VALUES (3, 3)", "XA END 'z'", "XA PREPARE 'z'")
        self.run_all("INSERT INTO t VALUES (4, 4)", "XA COMMIT 'z'")
        self.run_all("SET SESSION binlog_transaction_compression=ON", "XA START 'y'", "INSERT INTO t VALUES (5, 5)", "XA END 'y'", "XA COMMIT 'y' ONE PHASE")
        whole = self.read()
        self.assertEqual(self.rows(whole), [("create", number) for number in (1, 2, 4, 3, 5)])
        self.check_every_resume(whole)


@long_only
class OfMariaDB118(OfMariaDB):
    PRODUCT = "mariadb-11.8"


class ThroughThePlugin(PluginCase):
    @classmethod
    def setUpClass(cls):
        cls.start("mariadb-10.11", cls.addClassCleanup)

    def test_events_and_xa_transactions_are_records_with_schemas(self):
        run = self.running(**{"snapshot.mode": "never", "events": "truncate, ddl, transactions"})[1]
        with self.server.connect(autocommit=True, database="shop") as connection, connection.cursor() as cursor:
            for statement in ("XA START 'x'", "INSERT INTO t VALUES (1, 'a')", "XA END 'x'", "XA PREPARE 'x'"):
                cursor.execute(statement)
            self.server.query("CREATE TABLE u (id INT PRIMARY KEY)", database="shop")
            self.server.query("TRUNCATE TABLE u")
            cursor.execute("XA COMMIT 'x'")
        records = [self.decoded(record) for record in run.await_records(9)]
        self.assertEqual([record["after"].get("type", record["operation"]) for record in records],
                         ["begin", "ddl", "end", "begin", "truncate", "end", "begin", "create", "end"])
        told, row, end = records[1], records[7], records[8]
        self.assertEqual(row["after"], {"id": 1, "v": "a"})
        self.assertEqual({name: told["after"][name] for name in ("schema", "table", "sql", "count")},
                         {"schema": "shop", "table": "u", "sql": "CREATE TABLE u (id INT PRIMARY KEY)", "count": None})
        self.assertEqual((end["after"]["count"], end["after"]["txn"], end["after"]["sql"]), (1, row["metadata"]["mysql.txn"], None))
        self.assertEqual(end["key"], {"type": "end", "schema": None, "table": None, "txn": row["metadata"]["mysql.txn"]})
        self.assertEqual(end["metadata"]["opencdc.collection"], "mysql.events")
        self.assertTrue(end["metadata"]["opencdc.payload.schema.subject"].endswith("mysql.events.payload"))


del Transactions  # Only its products' classes are tests.


if __name__ == "__main__":
    unittest.main()
