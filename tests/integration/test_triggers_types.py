"""Values of every type in the payload tables are those of the captured tables, byte for byte, whoever wrote them and however."""

import random
import unittest

from tests.integration.test_round_trip import ROWS, ROWS_MARIADB, ROWS_MYSQL, STRUCTURES, STRUCTURES_MARIADB, STRUCTURES_MYSQL
from tests.support.program import LONG, long_only
from tests.support.round_trip_values import charset_shapes, common_shapes, mariadb_shapes, mysql_shapes, shapes_vector
from tests.support.servers import Server
from tests.support.triggers import active_tid, operations, quote, triggers

SEED = 20261123
COLUMNS = 60  # Of one table: both images of them fit a page of InnoDB.
CHARSETS = 4  # In the normal run.
STORED = {"longtext", "longblob", "geometry", "uuid", "inet4", "inet6"}  # Compared by their bytes.


class Types:
    PRODUCT = None

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server(cls.PRODUCT, log_bin=False, max_allowed_packet="64M"))
        cls.server.query("CREATE DATABASE shop CHARACTER SET utf8mb4")

    def shapes(self):
        charsets = [row[0] for row in self.server.query("SELECT CHARACTER_SET_NAME FROM information_schema.CHARACTER_SETS WHERE CHARACTER_SET_NAME <> 'binary' ORDER BY 1")]
        yield from common_shapes()
        yield from mariadb_shapes() if self.server.is_mariadb else mysql_shapes()
        if self.server.product.name == "mariadb-11.8":
            yield from shapes_vector("VEC_FromText")
        yield from charset_shapes(charsets if LONG else random.Random(SEED).sample(charsets, CHARSETS))

    def session(self, zone, mode):
        connection = self.server.connect(autocommit=True, database="shop")
        self.addCleanup(connection.close)
        cursor = connection.cursor()
        cursor.execute(f"SET time_zone = '{zone}', sql_mode = '{mode}'")
        return cursor

    def install(self, tables):
        done = triggers(self.server, "install", "--tables", tables, "--apply")
        self.assertEqual(done.code, 0, done.err)

    def compare(self, table, key="id", images="ab"):
        """Every payload value beside the row's own: nothing is to differ, in types that the server compares exactly."""
        tid = active_tid(self.server, table)
        types = dict(self.server.query("SELECT COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'shop' AND TABLE_NAME = %s", (f"_cdc_r{tid}",)))
        columns = [row[0] for row in self.server.query(
            "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'shop' AND TABLE_NAME = %s ORDER BY ORDINAL_POSITION", (table,))]
        ordinal = columns.index(key) + 1
        for image in images:
            same = []
            for number, name in enumerate(columns, 1):
                source, kept = f"t.{quote(name)}", f"r.{image}{number}"
                kind = types[f"{image}{number}"]
                if kind in STORED:
                    source, kept = f"HEX({source})", f"HEX({kept})"
                elif kind == "json":
                    source, kept = f"CAST({source} AS CHAR)", f"CAST({kept} AS CHAR)"
                elif kind == "bigint":
                    source = f"{source} + 0"
                if name != key:
                    same.append(f"SUM(NOT ({source} <=> {kept}))")
            rows = self.server.query(f"SELECT COUNT(*), {', '.join(same)} FROM shop._cdc_r{tid} r JOIN shop.{quote(table)} t ON t.{quote(key)} = r.a{ordinal} "
                                     f"WHERE r.{image}{ordinal} IS NOT NULL")[0]
            self.assertGreater(rows[0], 0)
            wrong = [name for name, count in zip([name for name in columns if name != key], rows[1:]) if count]
            self.assertEqual(wrong, [], f"{table}, image {image}: {self.server.query(f'SHOW CREATE TABLE shop.{quote(table)}')[0][1]}")

    def test_every_type_and_value(self):
        shapes = list(self.shapes())
        tables = [shapes[first:first + COLUMNS] for first in range(0, len(shapes), COLUMNS)]
        for number, group in enumerate(tables):
            columns = ", ".join(f"c{index} {shape.sql}" for index, shape in enumerate(group))
            self.server.query("SET sql_mode = ''")
            self.server.query(f"CREATE TABLE shop.t{number} (id INT PRIMARY KEY, {columns})")
        self.install(",".join(f"t{number}" for number in range(len(tables))))
        loose, away = self.session("+00:00", ""), self.session("+05:45", "")
        for number, group in enumerate(tables):
            rows = max(len(shape.edges) for shape in group)
            for row in range(rows):
                loose.execute(f"INSERT INTO t{number} VALUES ({row}, " + ", ".join(shape.edges[row % len(shape.edges)] for shape in group) + ")")
            loose.execute(f"INSERT INTO t{number} (id) VALUES ({rows})")
            away.execute(f"UPDATE t{number} SET id = id + 1000 ORDER BY id DESC")
            self.assertEqual(operations(self.server, f"t{number}"), "I" * (rows + 1) + "U" * (rows + 1))
            self.compare(f"t{number}")

    def test_structures(self):
        """Generated, invisible and oddly named columns, keys of all kinds, versioned tables: captured whole, or refused before anything is made."""
        own = (STRUCTURES_MARIADB, ROWS_MARIADB) if self.server.is_mariadb else (STRUCTURES_MYSQL, ROWS_MYSQL)
        cursor = self.session("+00:00", "")
        if not self.server.is_mariadb:
            cursor.execute("SET sql_generate_invisible_primary_key = ON")
        for statement in STRUCTURES + own[0]:
            cursor.execute(statement)
        self.install("*,!t?,!t??")
        for statement in ROWS + own[1]:
            cursor.execute(statement)
        check = triggers(self.server, "check")
        self.assertEqual(check.code, 0, check.out)
        for table, key in (("computed", "id"), ("unseen", "id"), ("a-b", "b`c"), ("prefix_key", "n")):
            self.compare(table, key, images="a")

    def test_large_values_and_strict_sessions(self):
        self.server.query("CREATE TABLE shop.large (id INT PRIMARY KEY, b LONGBLOB, d DATE NOT NULL, e ENUM('x') NOT NULL)")
        self.install("large")
        loose = self.session("+00:00", "")
        strict = self.session("+00:00", "STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO")
        loose.execute("INSERT INTO large VALUES (1, REPEAT('x', 15000000), '0000-00-00', 'nonsense')")
        strict.execute("UPDATE large SET b = CONCAT(b, 'y')")
        strict.execute("DELETE FROM large")
        tid = active_tid(self.server, "large")
        self.assertEqual(self.server.query(f"SELECT LENGTH(b2), LENGTH(a2), CAST(b3 AS CHAR), b4 FROM shop._cdc_r{tid} ORDER BY id"),
                         [(None, 15000000, None, None), (15000000, 15000001, "0000-00-00", ""), (15000001, None, "0000-00-00", "")])


class OnMysql(Types, unittest.TestCase):
    PRODUCT = "mysql-9.7"


class OnMariadb(Types, unittest.TestCase):
    PRODUCT = "mariadb-10.11"


@long_only
class OnMariadb118(Types, unittest.TestCase):
    PRODUCT = "mariadb-11.8"
