"""Names that come from information_schema: with minimal metadata the records are those of full metadata, or there are none."""

import json
import os
import re
import subprocess
import unittest
from pathlib import Path

from tests.support.servers import Server

PROGRAM = os.environ.get("CDC_PROGRAM", str(Path(__file__).resolve().parents[2] / "build" / "mysql-cdc"))
POINT = "ST_GeomFromText('POINT(1 2)')"

# Columns, values of one row, options of the table. What both products have:
COMMON = {
    "numbers": ("id INT UNSIGNED ZEROFILL PRIMARY KEY, d DECIMAL(10,3), f FLOAT, f2 FLOAT(7,3) UNSIGNED, db DOUBLE UNSIGNED, bo TINYINT(1), "
                "bu BIGINT UNSIGNED, b BIT(9)", "4000000000, -1.5, 1.5, 2.5, 3.5, -1, 18446744073709551615, b'101010101'"),
    "times": ("id INT PRIMARY KEY, dt DATETIME(3), ts TIMESTAMP(6) NULL, t TIME(2), y YEAR, da DATE",
              "1, '2020-01-01 01:02:03.456', '2020-01-01', '-10:11:12.34', 1999, '2020-02-29'"),
    "texts": ("id INT PRIMARY KEY, c CHAR(3) CHARACTER SET ucs2, v VARCHAR(20), l VARCHAR(20) CHARACTER SET latin1, tt TINYTEXT, mt MEDIUMTEXT, "
              "j JSON", "1, 'ab', 'vé', 'é€', 'tt', 'mt', '{\"a\":1}'"),
    "bytes": ("id INT PRIMARY KEY, bi BINARY(4), vb VARBINARY(5), lb LONGBLOB, g GEOMETRY, p POINT", f"1, 'bi', 'vb', 'lb', {POINT}, {POINT}"),
    "labels": (r"id INT PRIMARY KEY, e ENUM('a''b','c\\d','l\nn',',)') CHARACTER SET utf8mb4, s SET('é','y') CHARACTER SET latin1, "
               "q ENUM('what?') CHARACTER SET latin1", r"1, 'c\\d', 'é,y', 'what?'"),
    "prefixed_key": ("a VARCHAR(100), b TEXT, PRIMARY KEY (b(10), a(5))", "'a', 'b'"),
    "we``ird na.me": ("`x``y` INT PRIMARY KEY", "1"),
    "invisible": ("a INT PRIMARY KEY, b INT INVISIBLE DEFAULT 3", None),
    "generated": ("a INT PRIMARY KEY, v INT AS (a + 1) VIRTUAL, s INT AS (a + 2) STORED", "1, DEFAULT, DEFAULT"),
    "keyless": ("a INT, b INT", "1, 2"),
}
MARIADB = {
    "compressed": ("a INT PRIMARY KEY, b BLOB COMPRESSED, c VARCHAR(1000) COMPRESSED", "1, REPEAT('x', 500), REPEAT('y', 500)"),
    "addresses": ("a INT PRIMARY KEY, u UUID, i4 INET4, i6 INET6, b BINARY(16), b4 BINARY(4)",
                  "1, '123e4567-e89b-12d3-a456-426655440000', '192.168.0.1', '2001:db8::ff00', 'b', 'b'"),
    "long_unique": ("a INT PRIMARY KEY, b BLOB, c TEXT, UNIQUE (b), UNIQUE (c, b)", "1, 'b', 'c'"),
    "hashed": ("a INT PRIMARY KEY, b INT, UNIQUE (b) USING HASH", "1, 2"),
    "memory": ("a INT PRIMARY KEY, b INT, UNIQUE (b) USING HASH", "1, 2", "ENGINE=MEMORY"),
    "versioned": ("a INT PRIMARY KEY, b BLOB UNIQUE", "1, 2", "WITH SYSTEM VERSIONING"),
    "period": ("a INT PRIMARY KEY, rs TIMESTAMP(6) AS ROW START, re TIMESTAMP(6) AS ROW END INVISIBLE, PERIOD FOR SYSTEM_TIME (rs, re)",
               "1, DEFAULT", "WITH SYSTEM VERSIONING"),
}
MARIADB_11_8 = {**MARIADB, "vectors": ("a INT PRIMARY KEY, v VECTOR(3) NOT NULL, vb VARBINARY(12)", "1, VEC_FromText('[1,2.5,-3e-5]'), 'vb'")}
MYSQL = {
    "functional_index": ("a INT PRIMARY KEY, b VARCHAR(10), KEY ((UPPER(b))), j JSON, KEY ((CAST(j->'$.x' AS UNSIGNED ARRAY)))", "1, 'b', '{}'"),
    "vectors": ("a INT PRIMARY KEY, v VECTOR(3)", "1, STRING_TO_VECTOR('[1,2,3]')"),
}
MICROSECONDS = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")  # Of system versioning: not the same in two runs.


def dry_run(server, tables):
    words = [PROGRAM, "dry-run", "--from", "earliest", "--until", "now", "--format", "json", "--tables", tables]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, env={**os.environ, "MYSQL_CDC_URL": server.url()})


class Catalog(unittest.TestCase):
    def write(self, server, tables, metadata):
        server.query(f"SET GLOBAL binlog_row_metadata={metadata}")
        with server.connect(autocommit=True, database="d") as connection, connection.cursor() as cursor:
            for name, (_, values, *_) in tables.items():
                cursor.execute(f"INSERT INTO `{name}` {f'VALUES ({values})' if values else '(a) VALUES (1)'}")
                cursor.execute(f"DELETE FROM `{name}`")

    def check(self, product, more_tables, levels):
        tables = {**COMMON, **more_tables}
        with Server(product) as server:
            server.query("CREATE DATABASE d CHARACTER SET utf8mb4")
            for name, (columns, _, *options) in tables.items():
                server.query(f"CREATE TABLE `{name}` ({columns}) {' '.join(options)}", database="d")
            server.await_next_second()
            for level in levels:
                self.write(server, tables, level)
            done = dry_run(server, "d.*")
            self.assertEqual(done.returncode, 0, done.stderr)
            records = {}
            for line in done.stdout.splitlines():
                record = json.loads(line)
                text = MICROSECONDS.sub("…", json.dumps([record["operation"], record["key"], record["payload"]], sort_keys=True))
                records.setdefault(record["metadata"]["opencdc.collection"], []).append(text)
            self.assertEqual(len(records), len(tables))
            for name, found in records.items():
                with self.subTest(table=name):
                    each = len(found) // len(levels)
                    self.assertGreaterEqual(each, 2)
                    for i in range(1, len(levels)):
                        self.assertEqual(found[i * each:(i + 1) * each], found[:each], f"{levels[i]} and {levels[0]}")

    def test_minimal_metadata_yields_the_records_of_full_metadata_mysql(self):
        self.check("mysql-9.7", MYSQL, ["FULL", "MINIMAL"])

    def test_minimal_metadata_yields_the_records_of_full_metadata_mariadb(self):
        self.check("mariadb-10.11", MARIADB, ["FULL", "MINIMAL", "NO_LOG"])

    def test_minimal_metadata_yields_the_records_of_full_metadata_mariadb_11_8(self):
        self.check("mariadb-11.8", MARIADB_11_8, ["FULL", "MINIMAL", "NO_LOG"])

    def test_rows_before_a_swap_by_rename_are_refused(self):
        for product in ("mysql-9.7", "mariadb-10.11"):
            with self.subTest(product=product), Server(product) as server:
                server.query("CREATE DATABASE d")
                for name, columns in (("t", "id INT PRIMARY KEY, alpha INT, beta INT"), ("t_new", "id INT PRIMARY KEY, beta INT, alpha INT")):
                    server.query(f"CREATE TABLE {name} ({columns})", database="d")
                server.await_next_second()
                server.query("INSERT INTO t (id, alpha, beta) VALUES (1, 10, 20)")
                server.query("RENAME TABLE t TO t_old, t_new TO t")
                done = dry_run(server, "d.t")
                self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
                self.assertIn("MYC1402", done.stderr)
                self.assertIn("SET GLOBAL binlog_row_metadata=FULL", done.stderr)

    def test_cascades_are_found_with_the_documented_grants(self):
        for product, options in (("mysql-9.7", {"innodb_native_foreign_keys": True}), ("mariadb-10.11", {})):
            with self.subTest(product=product), Server(product, **options) as server:
                server.script("CREATE DATABASE d; USE d; CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (id INT, CONSTRAINT `f``k` "
                              "FOREIGN KEY (id) REFERENCES p (id) ON DELETE CASCADE); CREATE TABLE r (id INT, FOREIGN KEY (id) REFERENCES p (id));")
                done = dry_run(server, "d.*")
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn("MYC1503", done.stderr)
                self.assertIn("`d`.`c` constraint `f`k`", done.stderr)
                self.assertNotIn("`d`.`r`", done.stderr)
                self.assertEqual(dry_run(server, "d.*,!d.c").returncode, 0)

    def test_logged_cascades_are_no_error(self):
        with Server("mysql-9.7") as server:
            server.script("CREATE DATABASE d; USE d; CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (id INT, "
                          "FOREIGN KEY (id) REFERENCES p (id) ON DELETE CASCADE);")
            done = dry_run(server, "d.*")
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_missing_privileges_are_named_with_the_grant(self):
        words = {"mysql-9.7": "REPLICATION SLAVE, REPLICATION CLIENT", "mariadb-10.11": "REPLICATION SLAVE, BINLOG MONITOR"}
        for product, privileges in words.items():
            with Server(product) as server:
                for name, grant in (("neither", "SELECT"), ("follower", "REPLICATION SLAVE"), ("watcher", "REPLICATION CLIENT")):
                    server.script(f"CREATE USER {name}@'%' IDENTIFIED BY 'Some-1-word'; GRANT {grant} ON *.* TO {name}@'%';")
                    with self.subTest(product=product, account=name):
                        url = server.url(user=name, password="Some-1-word")
                        done = subprocess.run([PROGRAM, "dry-run", "--until", "now"], capture_output=True, text=True, timeout=60,
                                              env={**os.environ, "MYSQL_CDC_URL": url})
                        self.assertEqual(done.returncode, 2, done.stderr)
                        self.assertIn("MYC1108", done.stderr)
                        self.assertIn(f"GRANT {privileges} ON *.* TO `{name}`@`%`", done.stderr)


if __name__ == "__main__":
    unittest.main()
