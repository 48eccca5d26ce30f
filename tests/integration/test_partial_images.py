"""Rows of which the log has only a part: what it lacks is absent in every form, never null, and the key is right.

Rows are changed by hand and at random. A model holds what each row was and is, by the server's own SELECT: every value of an image must be
the model's, and every column that changed must be there.
"""

import os
import random
import tempfile
import unittest
from pathlib import Path

from tests.records import compare, stream
from tests.support.program import LONG, dry_run
from tests.support.servers import Server

SEED = int(os.environ.get("CDC_SEED") or random.SystemRandom().randrange(1 << 32))
CHANGES = 400 if LONG else 60
TABLES = """
CREATE TABLE single (id INT PRIMARY KEY, a INT, v VARCHAR(20), t TEXT, b BLOB, d INT DEFAULT 5);
CREATE TABLE pair (t TEXT, x INT, a INT, y VARCHAR(20), PRIMARY KEY (y, x));
CREATE TABLE long_key (a INT, k VARBINARY(40), b BLOB, t TEXT, PRIMARY KEY (b(9), k));
CREATE TABLE uniq (u INT NOT NULL, v VARCHAR(20), t TEXT, UNIQUE KEY (u));
CREATE TABLE keyless (a INT, v VARCHAR(20), t TEXT);
"""
KEYS = {"single": ("id",), "pair": ("y", "x"), "long_key": ("b", "k"), "uniq": ("u",), "keyless": ()}
WHERE = {**KEYS, "keyless": ("a",)}  # What finds one row: those values are never given twice.
INTEGERS, BYTES = ("id", "a", "d", "x", "u"), ("b", "k")


class Model:
    """The tables as they are, and what was changed in which order."""

    def __init__(self, server, seed):
        self.server, self.random, self.next = server, random.Random(seed), 0
        self.changes = []  # (table, row before or None, row after or None)
        self.rows = {table: [] for table in KEYS}
        self.columns = {table: [row[0] for row in server.query(f"SHOW COLUMNS FROM {table}")] for table in KEYS}

    def value(self, table, column):
        self.next += 1
        if column in WHERE[table]:
            return self.next if column in INTEGERS else f"key {self.next}"
        if column in INTEGERS:
            return self.random.choice((None, 0, self.next))
        return self.random.choice((None, "", f"text {self.next}" * self.random.choice((1, 1, 50)))) if column != "v" else self.random.choice((None, "", f"v{self.next}"))

    def literal(self, value):
        return "NULL" if value is None else str(value) if isinstance(value, int) else f"'{value}'"

    def find(self, table, row):
        return " AND ".join(f"{column} = {self.literal(row[column])}" for column in WHERE[table])

    def insert(self, table):
        row = {column: self.value(table, column) for column in self.columns[table]}
        self.server.query(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(map(self.literal, row.values()))})")
        self.rows[table].append(row)
        self.changes.append((table, None, dict(row)))

    def update(self, table, columns):
        row = self.random.choice(self.rows[table])
        before = dict(row)
        new = {column: self.value(table, column) for column in columns}
        if all(before[column] == value for column, value in new.items()):
            return
        self.server.query(f"UPDATE {table} SET {', '.join(f'{c} = {self.literal(v)}' for c, v in new.items())} WHERE {self.find(table, row)}")
        row.update(new)
        self.changes.append((table, before, dict(row)))

    def delete(self, table):
        row = self.rows[table].pop(self.random.randrange(len(self.rows[table])))
        self.server.query(f"DELETE FROM {table} WHERE {self.find(table, row)}")
        self.changes.append((table, row, None))

    def step(self):
        table = self.random.choice(list(KEYS))
        kind = self.random.randrange(10)
        if kind < 3 or len(self.rows[table]) < 2:
            self.insert(table)
        elif kind < 9:
            columns = self.columns[table]
            self.update(table, self.random.sample(columns, self.random.randrange(1, 3)))
        else:
            self.delete(table)

    def run(self, count):
        for table in KEYS:  # Each kind of change once at least, of every table.
            self.insert(table)
            self.insert(table)
            for column in self.columns[table]:
                self.update(table, [column])
            self.update(table, WHERE[table])
            self.delete(table)
        for _ in range(count):
            self.step()


def shown(row, columns):
    """A row of the model as records print it."""
    import base64
    encode = lambda column, value: base64.b64encode(value.encode()).decode() if column in BYTES and value is not None else value  # noqa: E731
    return {column: encode(column, row[column]) for column in columns}


class Images:
    product, images = "", ()

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.product, binlog_row_metadata="FULL")
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)

    def start(self):
        self.server.script("DROP DATABASE IF EXISTS d; CREATE DATABASE d; USE d;" + TABLES)
        self.server.query("USE d")
        return ":".join(map(str, self.server.position()))

    def expected(self, model):
        """Table, operation, key change, row before, row after of each record."""
        for table, before, after in model.changes:
            moved = before and after and any(before[column] != after[column] for column in KEYS[table])
            if moved:
                yield table, "delete", "old", before, None
                yield table, "create", "new", None, after
            else:
                yield table, "update" if before and after else "create" if after else "delete", None, before, after

    def check_image(self, table, image, row, must, where):
        if row is None:
            return self.assertIsNone(image, where)
        self.assertEqual(image, shown(row, [column for column in row if column in image]), where)
        self.assertLessEqual(must, set(image), where)

    def check_record(self, record, expected, where):
        table, operation, key_change, before, after = expected
        metadata, payload = record["metadata"], record["payload"]
        self.assertEqual((metadata["opencdc.collection"], record["operation"], metadata.get("mysql.keychange")), (f"d.{table}", operation, key_change), where)
        key = set(KEYS[table] or WHERE[table])
        changed = {column for column in after if not before or before[column] != after[column]} if after else set()
        if key_change == "new":
            changed = key
        self.check_image(table, payload["before"], before, key, where + " before")
        self.check_image(table, payload["after"], after, changed, where + " after")
        of_key = after if operation == "create" else before
        if KEYS[table]:
            self.assertEqual(record["key"], shown(of_key, KEYS[table]), where)
        else:
            self.assertEqual(record["key"], payload["after" if operation == "create" else "before"], where)
        present = [image for image in (payload["before"], payload["after"]) if image is not None]
        absent = [column for column in (before or after) if any(column not in image for image in present)]
        self.assertEqual(metadata.get("mysql.absent", ""), ",".join(absent), where)
        return absent

    def check_encoded(self, start):
        """What the plugin would send, decoded by others, is what was printed."""
        name, _, _ = start.partition(":")
        self.server.query("FLUSH BINARY LOGS")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / name
            file.write_bytes((self.server.data_folder / name).read_bytes())
            done = dry_run("", "--binlog", file, "--format", "json", "--tables", "d.*", "--set", "onUnsupported.truncate=warn")
            self.assertEqual(done.code, 0, done.err)
            records, _ = stream.read(stream.generated_classes(), file, ["tables=d.*", "onUnsupported.truncate=warn"])
        self.assertEqual(len(records), len(done.lines))
        self.assertEqual([text for line, record in zip(done.lines, records) for text in compare.differences(line, record)], [])

    def tables(self):
        return {table: sorted(self.server.query(f"SELECT * FROM d.{table}"), key=repr) for table in KEYS}

    def check(self, image):
        start = self.start()
        self.server.query(f"SET SESSION binlog_row_image='{image}'")
        model = Model(self.server, SEED)
        model.run(CHANGES)
        words = ("--from", start, "--until", "now", "--tables", "d.*")
        done = dry_run(self.server.url(), *words, "--format", "json")
        self.assertEqual(done.code, 0, done.err)
        expected = list(self.expected(model))
        self.assertEqual(len(done.lines), len(expected))
        lacking = sum(bool(self.check_record(record, one, f"{image}, CDC_SEED={SEED}, record {number}"))
                      for number, (record, one) in enumerate(zip(done.records, expected), 1))
        print(f"{self.product} {image}: {len(expected)} records, {lacking} of them lack columns", flush=True)
        self.assertGreater(lacking, 10)
        self.check_encoded(start)
        self.check_statements(words)

    def check_statements(self, words):
        """The statements of the SQL form make the same tables."""
        tables = self.tables()
        done = dry_run(self.server.url(), *words, "--format", "sql")
        self.assertEqual(done.code, 0, done.err)
        text = dry_run(self.server.url(), *words, "--format", "text")
        self.assertEqual((text.code, len(text.lines) > 10), (0, True), text.err)
        self.start()
        self.server.script(done.out)
        self.assertEqual(self.tables(), tables)

    def setUp(self):
        print(f"CDC_SEED={SEED}", flush=True)

    def test_k11_partial_images_become_rows_of_zeros(self):
        for image in self.images:
            with self.subTest(image=image):
                self.check(image)


class MySQL(Images, unittest.TestCase):
    product, images = "mysql-9.7", ("MINIMAL", "NOBLOB")

    def test_a_key_that_the_image_lacks_stops_the_stream(self):
        start = self.start()
        self.server.query("SET SESSION binlog_row_image='MINIMAL'")
        for statement in ("INSERT INTO keyless VALUES (1, 'one', 'text')", "UPDATE keyless SET v = 'two'", "INSERT INTO keyless (a) VALUES (2)"):
            self.server.query(statement)
        done = dry_run(self.server.url(), "--from", start, "--until", "now", "--tables", "d.*", "--format", "json", "--set", "key.columns.d.keyless=v")
        self.assertEqual((done.code, [record["key"] for record in done.records]), (2, [{"v": "one"}, {"v": "one"}, {"v": "two"}]), done.err)
        self.assertRegex(done.err, r"error MYC1505: .*`d`.`keyless` row 1 of the event: the row was logged without the key column `v`")


class MariaDB10(Images, unittest.TestCase):
    product, images = "mariadb-10.11", ("MINIMAL", "NOBLOB")


class MariaDB11(Images, unittest.TestCase):
    product, images = "mariadb-11.8", ("FULL_NODUP", "MINIMAL", "NOBLOB")


if __name__ == "__main__":
    unittest.main()
