"""Every type and edge case, written by SQL and read back by every way: live with full and with minimal metadata, from the file, by SELECT.

All ways print the same bytes and send the same bytes; where the server's own text says everything, that is what they print. Values are
drawn from a seed (CDC_SEED): a sample in the normal run, at least 5,000 with --long.
"""

import base64
import datetime
import os
import random
import time
import unittest

from tests.support.program import LONG, long_only
from tests.support.round_trip import Ways
from tests.support.round_trip_values import charset_shapes, common_shapes, mariadb_shapes, mysql_shapes, shapes_vector
from tests.support.servers import Server

SEED = int(os.environ.get("CDC_SEED") or (time.time_ns() % 1_000_000 if LONG else 20260))
DRAWN = 45 if LONG else 1  # Values of each type besides its edges.
EDGES = 1000 if LONG else 3
VALUES_MIN = 5000 if LONG else 250
FORMS = (("decimal=double", "bigintUnsigned=string", "bits=number"), ("decimal=avro", "bits=text"), ("temporal=iso", "binary=base64", "geometry=wkb"),
         ("temporal=epoch", "binary=hex", "geometry=hex"))
BATCH_BYTES = 200_000
SHOWN = 8
LOGGED_AS_BYTES = {"uuid": 16, "inet4": 4, "inet6": 16, "vector(3)": 12}  # MariaDB's log does not tell these types from BINARY and VARBINARY.


class Table:
    """A type as a table: a column that may be NULL and one that may not."""

    def __init__(self, number, shape, draw):
        self.name, self.shape = f"t{number}", shape
        edges = list(shape.edges) if len(shape.edges) <= EDGES else draw.sample(shape.edges, EDGES)
        self.values = edges + [shape.draw(draw) for _ in range(DRAWN)]

    def create(self):
        return f"CREATE TABLE {self.name} (id INT PRIMARY KEY, c {self.shape.sql} NULL, n {self.shape.sql} NOT NULL)"

    def rows(self):
        last = len(self.values) - 1
        rows = [f"({i}, {value}, {self.values[last - i]})" for i, value in enumerate(self.values)]
        return rows + [f"({len(rows)}, NULL, {self.values[0]})"]

    def inserts(self):
        rows, size = [], 0
        for row in self.rows():
            rows.append(row)
            size += len(row)
            if size > BATCH_BYTES:
                yield f"INSERT INTO {self.name} VALUES {', '.join(rows)}"
                rows, size = [], 0
        if rows:
            yield f"INSERT INTO {self.name} VALUES {', '.join(rows)}"

    def count(self):
        return 2 * len(self.rows())


STRUCTURES = [
    "CREATE TABLE computed (id INT PRIMARY KEY, v INT AS (id * 2) VIRTUAL, s VARCHAR(20) AS (CONCAT('s', id)) STORED, c CHAR(3))",
    "CREATE TABLE unseen (id INT PRIMARY KEY, a INT, inv VARCHAR(9) INVISIBLE DEFAULT 'seven')",
    "CREATE TABLE `a-b` (`a b` INT, `b``c` INT PRIMARY KEY, `ä€` INT, `select` FLOAT, `<&\"'` ENUM('x'), `日本` BINARY(3))",
    "CREATE TABLE two_keys (a INT, b VARCHAR(10) CHARACTER SET latin1, c INT, PRIMARY KEY (c, b))",
    "CREATE TABLE long_key (e ENUM('x', 'y'), d DECIMAL(20,5), t DATETIME(3), b BINARY(4), f FLOAT, PRIMARY KEY (t, e, d, b))",
    "CREATE TABLE prefix_key (t TEXT, n INT, PRIMARY KEY (t(5)))",
    "CREATE TABLE without_key (a INT, b TEXT)",
]
STRUCTURES_MYSQL = [
    "CREATE TABLE functional (id INT PRIMARY KEY, name VARCHAR(20), KEY ((UPPER(name))), KEY ((id + 1)))",
    "CREATE TABLE own_key (a INT) /* with a generated key */",
    "CREATE TABLE stored_later (id INT PRIMARY KEY, j JSON, v INT AS (j->'$.a') VIRTUAL, p POINT NOT NULL SRID 4326)",
]
STRUCTURES_MARIADB = [
    "CREATE TABLE long_unique (id INT PRIMARY KEY, t TEXT UNIQUE, u LONGBLOB UNIQUE)",
    "CREATE TABLE versioned (id INT PRIMARY KEY, v INT) WITH SYSTEM VERSIONING",
    "CREATE TABLE versioned_by (id INT PRIMARY KEY, s TIMESTAMP(6) AS ROW START, e TIMESTAMP(6) AS ROW END, PERIOD FOR SYSTEM_TIME(s, e)) WITH SYSTEM VERSIONING",
    "CREATE TABLE periods (id INT, f DATE, t DATE, PERIOD FOR app(f, t), PRIMARY KEY (id))",
]
ROWS = [
    "INSERT INTO computed (id, c) VALUES (1, 'a'), (2, NULL)",
    "INSERT INTO unseen (id, a, inv) VALUES (1, 2, 'x'), (2, 3, DEFAULT), (3, 4, NULL)",
    "INSERT INTO `a-b` VALUES (1, 2, 3, 16777216, 'x', 'a'), (NULL, 3, NULL, -0.1, NULL, NULL)",
    "INSERT INTO two_keys VALUES (1, 'x', 2), (2, 'ÿ', 2), (3, '', 9)",
    "INSERT INTO long_key VALUES ('x', -1.5, '2024-02-29 00:00:00.001', 'a', 0.1), ('y', 0, '0000-00-00', '', 3e38)",
    "INSERT INTO prefix_key VALUES ('abcdefgh', 1), ('zäö', 2)",
    "INSERT INTO without_key VALUES (1, 'one'), (1, 'one'), (NULL, NULL)",
]
ROWS_MYSQL = [
    "INSERT INTO functional VALUES (1, 'abc'), (2, NULL)",
    "INSERT INTO own_key VALUES (10), (20)",
    "INSERT INTO stored_later (id, j, p) VALUES (1, '{\"a\": 7}', ST_GeomFromText('POINT(48.2 16.37)', 4326)), (2, NULL, ST_GeomFromText('POINT(0 0)', 4326))",
]
ROWS_MARIADB = [
    "INSERT INTO long_unique VALUES (1, 'a', x'00'), (2, NULL, NULL)",
    "INSERT INTO versioned VALUES (1, 1), (2, NULL)",
    "INSERT INTO versioned_by (id) VALUES (1)",
    "INSERT INTO periods VALUES (1, '2024-01-01', '2025-01-01')",
]
TIMED = ("rt.versioned", "rt.versioned_by")  # Their rows say when they were written.

ZONES = ("UTC", "Asia/Kolkata", "Europe/Berlin", "SYSTEM")
SYSTEM_ZONE = "Europe/Berlin"  # Of the server's process.
FOLD = (1729989000, 1729992600)  # Both are 2024-10-27 02:30 in Berlin.
LOCAL = ("2024-10-27 01:59:59.999999", "2024-10-27 02:30:00.5", "2024-10-27 03:00:00", "2024-03-31 01:59:59.999999", "2024-03-31 03:00:00", "2024-07-01 12:00:00",
         "2024-12-31 23:59:59.999999", "1970-01-02 00:00:01", "2038-01-18 00:00:00", "0000-00-00 00:00:00")


def in_order(rows):
    """The log has rows in the order of their insertion, a SELECT in that of their keys."""
    return sorted(rows, key=lambda row: (row.key, row.payload))


class RoundTrip:
    product = ""

    @classmethod
    def setUpClass(cls):
        print(f"{cls.product}: seed {SEED}")
        cls.server = Server(cls.product, binlog_row_metadata="FULL", max_allowed_packet="64M", zone=SYSTEM_ZONE)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        cls.ways = Ways(cls.server, "rt.*")
        cls.random = random.Random(SEED)

    def shapes(self):
        charsets = [row[0] for row in self.server.query("SELECT CHARACTER_SET_NAME FROM information_schema.CHARACTER_SETS WHERE CHARACTER_SET_NAME <> 'binary' "
                                                        "ORDER BY 1")]
        own = mariadb_shapes() if self.server.is_mariadb else mysql_shapes()
        yield from common_shapes()
        yield from own
        if self.server.product.name == "mariadb-11.8":
            yield from shapes_vector("VEC_FromText")
        yield from charset_shapes(charsets if LONG else random.Random(SEED).sample(charsets, 8))

    def write(self, metadata, statements):
        """Runs them on a fresh schema under this metadata; where they begin in the log, and the file."""
        self.server.query(f"SET GLOBAL binlog_row_metadata={metadata}")
        self.server.query("DROP DATABASE IF EXISTS rt")
        self.server.query("FLUSH BINARY LOGS")
        start = self.server.position()
        self.server.query("CREATE DATABASE rt CHARACTER SET utf8mb4")
        with self.server.connect(autocommit=True, database="rt") as session, session.cursor() as cursor:
            cursor.execute("SET sql_mode='NO_ENGINE_SUBSTITUTION', time_zone='+00:00'")
            if not self.server.is_mariadb:
                cursor.execute("SET sql_generate_invisible_primary_key=ON")
            creating = True
            for statement in statements:
                if creating and statement.startswith("INSERT"):
                    creating = False
                    self.server.await_next_second()
                cursor.execute(statement)
        return ":".join(map(str, start)), self.server.data_folder / start[0]

    def server_texts(self, table):
        """By id, of both columns, as the server sends them."""
        asked = [table.shape.asked.replace("{}", name) for name in ("c", "n")]
        with self.server.connect(use_unicode=False, conv={}, database="rt") as session, session.cursor() as cursor:
            cursor.execute("SET time_zone='+00:00'")
            cursor.execute(f"SELECT id, {', '.join(asked)} FROM {table.name} ORDER BY id")
            return [row[1:] for row in cursor.fetchall()]

    def check_server(self, way, tables, printed):
        """What one way printed against the server's own texts."""
        wrong = []
        for table in tables:
            rows = printed[f"rt.{table.name}"]
            texts = self.server_texts(table)
            self.assertEqual(len(rows), len(texts), table.shape.name)
            for row, text in zip(rows, texts):
                values = row.values
                for name, expected in zip("cn", text):
                    fine = values[name] is None if expected is None else values[name] is not None and table.shape.same(values[name], expected)
                    if not fine:
                        wrong.append(f"{table.shape.name} {name} {row.key}: printed {values[name]!r:.100}, the server's {expected!r:.100}")
        self.assertEqual(wrong[:SHOWN], [], f"{way}: {len(wrong)} of all values")

    def check_file_bytes(self, tables, printed):
        """What a file shows of the types that it does not tell: the bytes, whole."""
        for table in tables:
            asked = ", ".join(f"CAST({name} AS BINARY({LOGGED_AS_BYTES[table.shape.sql.lower()]}))" for name in "cn")
            with self.server.connect(use_unicode=False, conv={}, database="rt") as session, session.cursor() as cursor:
                cursor.execute(f"SELECT {asked} FROM {table.name} ORDER BY id")
                for row, stored in zip(printed[f"rt.{table.name}"], cursor.fetchall(), strict=True):
                    shown = tuple(value and base64.b64decode(value) for value in (row.values["c"], row.values["n"]))
                    self.assertEqual(shown, stored, table.shape.name)

    def check_same(self, names, ways, skip=()):
        """`ways`: (name, printed, sent). All as the first; `skip`: (way, collection) pairs."""
        wrong = []
        (first, printed, sent), *others = ways
        for other, printed_there, sent_there in others:
            for collection in names:
                if (other, collection) in skip:
                    continue
                for form, here, there in (("printed", printed, printed_there), ("sent", sent, sent_there)):
                    ours, theirs = in_order(here[collection]), in_order(there.get(collection, []))
                    if ours != theirs:
                        differing = next(((a, b) for a, b in zip(ours, theirs) if a != b), (len(ours), len(theirs)))
                        wrong.append(f"{collection} {form}: {first} {differing[0]!r:.600}\n  {other} {differing[1]!r:.600}")
        self.assertEqual(wrong[:SHOWN], [], "\n".join(wrong[:SHOWN]))

    def metadata_kinds(self):
        return ["MINIMAL", "NO_LOG"] if self.server.is_mariadb else ["MINIMAL"]

    def all_ways(self, statements):
        start, file = self.write("FULL", statements)
        ways = [("live, FULL", *self.ways.live(start)), ("file, FULL", *self.ways.file(file))]
        for metadata in self.metadata_kinds():
            self.last_start, _ = self.write(metadata, statements)
            ways.append((f"live, {metadata}", *self.ways.live(self.last_start)))
        return [("SELECT", *self.ways.select()), *ways]

    def test_every_type(self):
        tables = [Table(number, shape, self.random) for number, shape in enumerate(self.shapes())]
        count = sum(table.count() for table in tables)
        print(f"{self.product}: {count} values of {len(tables)} types, seed {SEED}")
        self.assertGreaterEqual(count, VALUES_MIN)
        ways = self.all_ways([table.create() for table in tables] + [one for table in tables for one in table.inserts()])
        self.check_server("SELECT", tables, ways[0][1])
        named = {f"rt.{table.name}": table.shape.sql.lower() for table in tables}
        hidden = [table for table in tables if self.server.is_mariadb and table.shape.sql.lower() in LOGGED_AS_BYTES]
        self.check_file_bytes(hidden, ways[2][1])
        skip = {("file, FULL", f"rt.{table.name}") for table in hidden}
        self.check_same(named, ways, skip)
        for settings in FORMS if LONG else self.random.sample(FORMS, 1):
            with self.subTest(settings=settings):
                self.check_same(named, [("SELECT", *self.ways.select(settings=settings)), ("live", *self.ways.live(self.last_start, settings=settings))])

    def test_every_kind_of_table(self):
        own = (STRUCTURES_MARIADB, ROWS_MARIADB) if self.server.is_mariadb else (STRUCTURES_MYSQL, ROWS_MYSQL)
        ways = self.all_ways([*STRUCTURES, *own[0], *ROWS, *own[1]])
        printed = ways[0][1]
        self.assertEqual(len(printed), len(STRUCTURES + own[0]))
        last = ways[-1][0]
        self.check_same(printed, ways, {(way[0], name) for way in ways if way[0] != last for name in TIMED})
        for rows in printed.values():
            for row in rows:
                self.assertNotRegex(row.payload, "DB_ROW_HASH|!hidden!")
        self.assertEqual(printed["rt.unseen"][1].values["inv"], "seven")
        self.assertEqual(printed["rt.computed"][1].values, {"id": "2", "v": "4", "s": "s2", "c": None})
        if not self.server.is_mariadb:
            self.assertEqual([row.key for row in printed["rt.own_key"]], ['{"my_row_id":1}', '{"my_row_id":2}'])

    def zone_statements(self):
        """Local times in every session zone, and both instants of the fold by their number."""
        yield "CREATE TABLE z (id INT AUTO_INCREMENT PRIMARY KEY, d DATE, t TIME(3), dt DATETIME(6), ts TIMESTAMP(6) NULL, ts0 TIMESTAMP NULL, y YEAR)"
        for zone in ZONES:
            yield f"SET time_zone = '{zone}'"
            for text in LOCAL:
                yield f"INSERT INTO z (d, t, dt, ts, ts0, y) VALUES ('{text}', '{text}', '{text}', '{text}', '{text}', 2024)"
            yield "INSERT INTO z (dt, ts, ts0) VALUES (FROM_UNIXTIME(1720000000), FROM_UNIXTIME(1720000000), NOW())"
        yield "SET time_zone = '+00:00'"
        for instant in FOLD:
            yield f"INSERT INTO z (dt, ts) VALUES (FROM_UNIXTIME({instant}), FROM_UNIXTIME({instant}))"

    def test_time_zones(self):
        self.server.load_zones(zone for zone in ZONES if zone != "SYSTEM")
        self.addCleanup(self.server.query, "SET GLOBAL time_zone='SYSTEM'")
        start, file = self.write("FULL", self.zone_statements())
        pairs = [(a, b) for a in ZONES for b in ZONES] if LONG else list(zip(ZONES, ZONES[1:] + ZONES[:1]))
        ways = []
        for server_zone, client_zone in pairs:
            self.server.query(f"SET GLOBAL time_zone='{server_zone}'")
            for name, way in (("SELECT", self.ways.select), ("live", lambda zone: self.ways.live(start, zone)), ("file", lambda zone: self.ways.file(file, zone))):
                ways.append((f"{name}, server in {server_zone}, client in {client_zone}", *way(client_zone)))
        self.check_same(["rt.z"], ways)
        self.check_instants([row.values for row in ways[0][1]["rt.z"]])

    def check_instants(self, rows):
        self.assertEqual(len(rows), len(ZONES) * (len(LOCAL) + 1) + len(FOLD))
        with self.server.connect(database="rt") as session, session.cursor() as cursor:
            cursor.execute("SET time_zone='+00:00'")
            cursor.execute("SELECT CAST(dt AS CHAR), CAST(ts AS CHAR), UNIX_TIMESTAMP(ts) FROM z ORDER BY id")
            for row, (local, instant, seconds) in zip(rows, cursor.fetchall()):
                self.assertEqual((row["dt"], row["ts"]), (local, instant))
                if seconds:
                    shown = datetime.datetime.fromisoformat(row["ts"] + "+00:00")
                    self.assertEqual(datetime.datetime.fromtimestamp(float(seconds), datetime.timezone.utc), shown)
        self.assertEqual([row["ts"] for row in rows[-2:]], ["2024-10-27 00:30:00.000000", "2024-10-27 01:30:00.000000"])


class MariaDb1011(RoundTrip, unittest.TestCase):
    product = "mariadb-10.11"


class MySql97(RoundTrip, unittest.TestCase):
    product = "mysql-9.7"


@long_only
class MariaDb118(RoundTrip, unittest.TestCase):
    product = "mariadb-11.8"
