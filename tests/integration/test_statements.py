"""What is in the log but is no row event: it stops the stream with its code, or warns and goes on where the settings say so.

And names from the catalogue: after DDL a row has the names it was logged under, or the stream stops.
"""

import json
import unittest

from tests.support.program import Stream, dry_run
from tests.support.servers import Server
from tests.support.workload import Workload

TABLES = """
CREATE DATABASE d; USE d;
CREATE TABLE t (id INT PRIMARY KEY, v INT) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE TABLE other LIKE t;
CREATE TABLE flat (id INT PRIMARY KEY) ENGINE=MyISAM;
"""
# Name, code, the policy's name (empty: there is none), statements. {t} is d.t, or a table that is not captured.
CASES = [
    ("statement format", "MYC1500", "statement", ["SET SESSION binlog_format='STATEMENT'", "INSERT INTO {t} VALUES (50, 1)", "SET SESSION binlog_format='ROW'"]),
    ("truncate", "MYC1502", "truncate", ["TRUNCATE TABLE {t}"]),
    ("drop partition", "MYC1502", "truncate", ["ALTER TABLE {t} DROP PARTITION p1"]),
    ("truncate partition", "MYC1502", "truncate", ["ALTER TABLE {t} TRUNCATE PARTITION p0"]),
    ("drop", "MYC1502", "truncate", ["CREATE TABLE d.kept LIKE {t}", "DROP TABLE {t}", "RENAME TABLE d.kept TO {t}"]),
    ("drop, with a comment and another table first", "MYC1502", "truncate",
     ["CREATE TABLE d.kept LIKE {t}", "CREATE TABLE d.x (a INT)", "/* d.nothing */ DROP TABLE IF EXISTS d.x, {t}", "RENAME TABLE d.kept TO {t}"]),
]
MARIADB_CASES = [("create or replace", "MYC1502", "truncate", ["CREATE OR REPLACE TABLE {t} (id INT PRIMARY KEY, v INT) PARTITION BY RANGE (id) "
                                                              "(PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN MAXVALUE)"])]


def place(server):
    return ":".join(map(str, server.position()))


class Statements(unittest.TestCase):
    def read(self, server, start, *words):
        return dry_run(server.url(), "--from", start, "--until", "now", "--format", "json", "--tables", "d.t", *words)

    def write(self, server, statements, table):
        start = place(server)
        with server.connect(autocommit=True, database="d") as connection, connection.cursor() as cursor:
            for statement in ["DELETE FROM d.t", "INSERT INTO d.t VALUES (1, 1)", *statements, "REPLACE INTO d.t VALUES (2, 2)"]:
                cursor.execute(statement.format(t=table))
        return start

    def check_case(self, server, code, policy, statements):
        start = self.write(server, statements, "d.t")
        done = self.read(server, start)
        self.assertEqual((done.code, f"error {code}: " in done.err), (2, True), done.err)
        self.assertRegex(done.err, r"\n  cure: \S")
        self.assertEqual(done.records[-1]["key"], {"id": 1})  # Up to there, and no further.
        if policy:
            done = self.read(server, start, "--set", f"onUnsupported.{policy}=warn")
            self.assertEqual(done.code, 0, done.err)
            self.assertIn(f"warning: {done.err.partition('warning: ')[2].partition(code)[0]}{code}", done.err)
            self.assertEqual(done.records[-1]["key"], {"id": 2})
        start = self.write(server, statements, "d.other")
        done = self.read(server, start)
        self.assertEqual((done.code, "warning" in done.err), (0, policy == "statement"), done.err)  # Its triggers could reach d.t.
        self.assertEqual(done.records[-1]["key"], {"id": 2})

    def check(self, product, cases, **options):
        with Server(product, binlog_row_metadata="FULL", **options) as server:
            server.script(TABLES)
            for name, code, policy, statements in cases:
                with self.subTest(product=product, case=name):
                    self.check_case(server, code, policy, statements)

    def test_rows_that_outlive_a_rollback(self):
        """Rows of a table without transactions stay although the transaction is rolled back."""
        for product, options in (("mariadb-10.11", {}), ("mysql-9.7", {"gtid_mode": "OFF", "enforce_gtid_consistency": "OFF"})):
            with self.subTest(product=product), Server(product, binlog_row_metadata="FULL", **options) as server:
                server.script(TABLES)
                self.check_mixed_rollback(server)

    def check_mixed_rollback(self, server):
        start = place(server)
        with server.connect(autocommit=True) as connection, connection.cursor() as cursor:
            for statement in ("BEGIN", "INSERT INTO d.t VALUES (60, 1)", "INSERT INTO d.flat VALUES (1)", "ROLLBACK"):
                cursor.execute(statement)
        done = dry_run(server.url(), "--from", start, "--until", "now", "--format", "json", "--tables", "d.*,!d.t")
        self.assertIn(done.code, (0, 2), done.err)
        if done.code == 0:  # Each product may write the flat table's row ahead, in a transaction of its own.
            self.assertEqual([record["key"] for record in done.records], [{"id": 1}])
        else:
            self.assertIn("MYC1506", done.err)

    def test_mariadb(self):
        self.check("mariadb-10.11", CASES + MARIADB_CASES)

    def test_mysql(self):
        self.check("mysql-9.7", CASES, gtid_mode="ON", enforce_gtid_consistency="ON")

    def test_captured_tables_changed_by_statements_that_do_not_name_them(self):
        hidden = ["INSERT INTO d.v VALUES (60, 1)", "INSERT INTO d.fires VALUES (61)", "UPDATE d.fires SET id = d.f(62)", "SELECT d.f(63)", "DO d.f(64)"]
        for product in ("mariadb-10.11", "mysql-9.7"):
            with Server(product, binlog_row_metadata="FULL", log_bin_trust_function_creators=True) as server:
                server.script(TABLES + """
                    CREATE TABLE fires (id INT); CREATE VIEW v AS SELECT * FROM t;
                    CREATE TRIGGER fire AFTER INSERT ON fires FOR EACH ROW INSERT INTO t VALUES (NEW.id, 1);
                    DELIMITER //
                    CREATE FUNCTION f(id INT) RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT INTO t VALUES (id, 1); RETURN id; END //""")
                for statement in hidden:
                    with self.subTest(product=product, statement=statement):
                        start = self.write(server, ["SET SESSION binlog_format='STATEMENT'", statement], "")
                        done = self.read(server, start)
                        if statement.startswith(("SELECT", "DO")):
                            self.assertEqual((done.code, "error MYC1500" in done.err), (2, True), done.err)
                        else:
                            self.assertIn("warning: ", done.err)
                server.halt(kill=True)

    def test_mysql_with_compressed_transactions_and_partial_json(self):
        with Server("mysql-9.7", binlog_row_metadata="FULL", binlog_transaction_compression=True, binlog_row_value_options="PARTIAL_JSON") as server:
            server.script("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, j JSON);")
            start = place(server)
            server.query("INSERT INTO d.t VALUES (1, %s)", (json.dumps({"a": "x" * 200, "b": 1}),))
            server.query("UPDATE d.t SET j = JSON_SET(j, '$.b', 2)")
            done = self.read(server, start)
            self.assertEqual(done.code, 0, done.err)
            self.assertEqual([json.loads(record["payload"]["after"]["j"])["b"] for record in done.records], [1, 2])


class Names(unittest.TestCase):
    """Minimal metadata, the servers' default."""

    def products(self):
        for product in ("mariadb-10.11", "mysql-9.7"):
            with self.subTest(product=product), Server(product) as server:
                yield server
                server.halt(kill=True)  # MySQL would wait 10 s for readers that are gone.

    def test_rows_before_an_alter_are_refused_until_the_log_has_names(self):
        for server in self.products():
            server.script("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, alpha INT, beta INT)")
            server.query("INSERT INTO d.t VALUES (1, 10, 20)")
            server.query("ALTER TABLE d.t RENAME COLUMN alpha TO beta, RENAME COLUMN beta TO alpha")
            done = dry_run(server.url(), "--from", "earliest", "--until", "now", "--format", "json")
            self.assertEqual((done.code, done.out), (2, ""), done.err)
            self.assertIn("MYC1402", done.err)
            self.assertIn("SET GLOBAL binlog_row_metadata=FULL", done.err)
            server.query("SET GLOBAL binlog_row_metadata=FULL")  # As the cure says.
            start = place(server)
            server.query("INSERT INTO d.t VALUES (2, 11, 21)")
            server.query("ALTER TABLE d.t RENAME COLUMN alpha TO beta, RENAME COLUMN beta TO alpha")
            done = dry_run(server.url(), "--from", start, "--until", "now", "--format", "json")
            self.assertEqual([record["payload"]["after"] for record in done.records], [{"id": 2, "beta": 11, "alpha": 21}], done.err)

    def check_names(self, done):
        """A row's value is the name it was logged under."""
        for record in done.records:
            name, value = next((name, value) for name, value in record["payload"]["after"].items() if name != "id")
            self.assertEqual(name, value)

    def test_ddl_under_a_running_stream(self):
        """The column is renamed right behind a row of a table whose names are known already: nothing stops, no name is wrong."""
        for server in self.products():
            server.script("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, c0 VARCHAR(10));")
            with Stream(server.url(), "--from", "now") as stream:
                stream.await_message("connected to")
                server.await_next_second()
                server.query("INSERT INTO d.t VALUES (0, 'c0')")
                stream.await_lines(1)
                for number in range(1, 11):
                    server.query(f"INSERT INTO d.t VALUES ({10 * number}, 'c{number - 1}')")
                    server.query(f"ALTER TABLE d.t RENAME COLUMN c{number - 1} TO c{number}")
                    server.query(f"INSERT INTO d.t VALUES ({10 * number + 1}, 'c{number}')")
                    stream.await_lines(2 * number + 1)
                done = stream.stop()
            self.check_names(done)
            self.assertEqual(len(done.lines), 21)

    def test_ddl_that_the_log_does_not_show(self):
        """sql_log_bin=0 under a running stream: the names of rows behind it are the new ones."""
        swap = "ALTER TABLE d.t RENAME COLUMN c0 TO c1, RENAME COLUMN c1 TO c0"
        other = "RENAME TABLE d.t TO d.old, d.other TO d.t"
        for server in self.products():
            server.script("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, c0 CHAR(2), c1 CHAR(2)); CREATE TABLE d.other (id INT PRIMARY KEY, c1 CHAR(2), c0 CHAR(2));")
            with Stream(server.url(), "--from", "now") as stream:
                stream.await_message("connected to")
                server.await_next_second()
                server.query("INSERT INTO d.t (id, c0, c1) VALUES (0, 'c0', 'c1')")
                stream.await_lines(1)
                for number, ddl in enumerate((swap, other), start=1):
                    server.query("SET sql_log_bin = 0")
                    server.query(ddl)
                    server.query("SET sql_log_bin = 1")
                    server.await_next_second()
                    server.query("INSERT INTO d.t (id, c0, c1) VALUES (%s, 'c0', 'c1')", (number,))
                    stream.await_lines(1 + number)
                done = stream.stop()
            self.assertEqual([record["payload"]["after"] for record in done.records], [{"id": number, "c0": "c0", "c1": "c1"} for number in range(3)])

    def test_ddl_behind_the_first_row_of_a_table(self):
        """Nobody can know the old name any more: the stream stops, or was quick enough to be right."""
        for server in self.products():
            server.script("CREATE DATABASE d;" + "".join(f"CREATE TABLE d.t{n} (id INT PRIMARY KEY, old VARCHAR(10));" for n in range(6)))
            stopped = 0
            for number in range(6):
                with Stream(server.url(), "--from", "now") as stream:
                    stream.await_message("connected to")
                    server.query(f"INSERT INTO d.t{number} VALUES (1, 'old')")
                    server.query("DO SLEEP(%s)", (0.05 * (number % 3),))
                    server.query(f"ALTER TABLE d.t{number} RENAME COLUMN old TO new")
                    server.query(f"INSERT INTO d.t{number} VALUES (2, 'new')")
                    by_itself = stream.ends_before(2)
                    done = stream.finish() if by_itself else stream.stop()
                self.check_names(done)
                if by_itself:
                    stopped += 1
                    self.assertEqual(done.code, 2, done.err)
                    self.assertRegex(done.err, "MYC140[12]")
                else:
                    self.assertEqual(len(done.lines), 2)
            print(f"{server.product.name}: {stopped} of 6 streams stopped, the others were right", flush=True)

    def test_a_workload_followed_live_without_names_in_the_log(self):
        for server in self.products():
            work = Workload(server, seed=5, ddl=False)
            with Stream(server.url(), "--from", "now", "--set", "tables.allowNone=true") as stream:
                stream.await_message("connected to")
                work.create()
                work.run(120)
                stream.await_lines(sum(work.counts.values()))
                done = stream.stop()
            self.assertEqual((done.code, len(done.lines)), (130, sum(work.counts.values())), done.err)


if __name__ == "__main__":
    unittest.main()
