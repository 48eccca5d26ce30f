"""JSON of MySQL: what a record holds is what the server's own CAST(… AS CHAR) shows, byte for byte.

Documents are generated; a run prints its seed, and CDC_SEED repeats it.
"""

import json
import os
import random
import struct
import unittest

from tests.support.program import LONG, dry_run
from tests.support.servers import Server

SEED = int(os.environ.get("CDC_SEED") or random.SystemRandom().randrange(1 << 32))
DOCUMENTS = 2400 if LONG else 150
STEPS = 700 if LONG else 60
DEEPEST = 100  # Levels that a server takes.

SOURCE = """
CREATE DATABASE d; USE d;
SET time_zone='+05:45';
CREATE TABLE src (dec_ DECIMAL(65,30), date_ DATE, time_ TIME(6), datetime_ DATETIME(6), stamp TIMESTAMP(6) NULL, year_ YEAR, bit1 BIT(1),
  bit64 BIT(64), blob_ BLOB, tiny TINYBLOB, big LONGBLOB, bin BINARY(5), varbin VARBINARY(9), enum_ ENUM('a','b ü'), set_ SET('x','y'), f FLOAT,
  dbl DOUBLE, unsigned_ BIGINT UNSIGNED, latin VARCHAR(20) CHARACTER SET latin1, bool_ BOOL, point_ POINT);
INSERT INTO src VALUES (-12345678901234567890123456789012345.000000000000000000000000000001, '2024-02-29', '-838:59:58.999999',
  '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07.5', 1901, b'1', 0x8000000000000001, 0x00FF10, 'x', REPEAT('blob', 1000), 'ab', 'xyz', 'b ü',
  'x,y', 1.1, -0.0, 18446744073709551615, 'Grüße €', TRUE, POINT(1, 2.5));
CREATE TABLE docs (n INT PRIMARY KEY, j JSON);
"""
COLUMNS = ("dec_", "date_", "time_", "datetime_", "stamp", "year_", "bit1", "bit64", "blob_", "tiny", "big", "bin", "varbin", "enum_", "set_", "f", "dbl",
           "unsigned_", "latin", "bool_", "point_")
CASTS = ("CAST(0 AS DECIMAL(1,0))", "CAST(-0.5 AS DECIMAL(30,30))", "CAST('1e-29' AS DECIMAL(60,30))", "CAST(REPEAT('9', 65) AS DECIMAL(65))",
         "CAST('1000-01-01' AS DATE)", "CAST('0001-01-01 00:00:00' AS DATETIME)", "CAST('00:00:00' AS TIME)", "CAST('-00:00:00.000001' AS TIME(6))",
         "CAST('838:59:59' AS TIME)", "CAST(2155 AS YEAR)", "CAST('a' AS BINARY)", "CAST('' AS BINARY)", *(f"CAST(REPEAT('b', {size}) AS BINARY)" for size in (56, 57, 58, 114, 115)),
         "NULL", "TRUE", "FALSE", "1.0", "-0.0", "1e0", "-0e0",
         "1.7976931348623157e308", "18446744073709551615", "-9223372036854775808", "0x61", "b'101'", "'text'")
NUMBERS = ("0", "-0", "-0.0", "0.0", "1.0", "-1.0", "1e308", "-1e308", "1.7976931348623157e308", "5e-324", "2.2250738585072014e-308", "1e-5", "1e-4", "0.1",
           "1e15", "1e16", "1e17", "123456789012345678", "1e20", "1e21", "3.0e0", "32767", "32768", "-32768", "-32769", "65535", "65536", "2147483647",
           "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
           "-9223372036854775809", "18446744073709551615", "18446744073709551616", "100000000000000000000000000000", "0.30000000000000004")
# Raw characters of a JSON string, and escapes that the server resolves.
PIECES = ("a", "key", " ", "é", "ß", "漢字", "😀", "\U0010ffff", "\u2028", "\ufeff", "\uffff", "\x7f", "\x80", "/", "'", "%s", "\\\"", "\\\\", "\\/", "\\b",
          "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\u0001", "\\u001f", "\\u00e9", "\\ud83d\\ude00", "\\udbff\\udfff", "x" * 17)


def long_documents():
    """Sizes and depths that a form of the encoding ends at."""
    wide = "x" * 65536
    yield from ("{}", "[]", '""', "null", "true", "false", '[[], {}, [{}], {"": []}]', f'"{wide}"', '"' + "é" * 9000 + '"')
    yield from (f'["{"y" * size}", 70000, 4000000000, -70000, 1, null, true, 1.5]' for size in (65490, 65500, 65510, 65520, 65536))
    yield json.dumps({"k" * size: size for size in (0, 1, 127, 128, 255, 256, 65534, 65535)})
    yield json.dumps(list(range(70_000)))
    yield json.dumps({f"k{i}": i * 65521 for i in range(20_000)})
    yield json.dumps([{"inner": [1, 70000, {"deep": wide}]}, wide, [0.5] * 9000])
    yield from ('"' + "z" * size + '"' for size in (127, 128, 16383, 16384, 2_097_151, 2_097_152))
    for opening, closing in (("[", "]"), ('{"a":', "}"), ('[1, {"b":', "}]")):
        levels = DEEPEST // (2 if "{" in opening and "[" in opening else 1)
        yield opening * (levels - 1) + ("[]" if opening == "[" else "{}" if opening[0] == "{" else "[{}]") + closing * (levels - 1)


class Documents:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def string(self, most=6):
        return '"' + "".join(self.random.choices(PIECES, k=self.random.randrange(most + 1))) + '"'

    def number(self):
        kind = self.random.randrange(4)
        if kind == 0:
            return self.random.choice(NUMBERS)
        if kind == 1:
            return str(self.random.getrandbits(self.random.randrange(1, 67)) * self.random.choice((1, -1)))
        if kind == 2:
            return f"{self.random.randrange(10 ** 6) / 10 ** self.random.randrange(9)!r}"
        while True:  # Any double at all.
            value = struct.unpack("d", self.random.randbytes(8))[0]
            if value - value == 0:
                return repr(value)

    def text(self, depth=0):
        """JSON text."""
        kind = self.random.randrange(10 if depth < 5 else 6)
        if kind < 2:
            return self.string()
        if kind < 5:
            return self.number()
        if kind < 6:
            return self.random.choice(("null", "true", "false"))
        items = range(self.random.randrange(self.random.choice((2, 4, 8, 30)) if depth < 3 else 3))
        if kind < 8:
            return "[" + ",".join(self.text(depth + 1) for _ in items) + "]"
        return "{" + ",".join(f"{self.string(3)}: {self.text(depth + 1)}" for _ in items) + "}"

    def expression(self, depth=0):
        """SQL that makes a document, with values that JSON text cannot say."""
        kind = self.random.randrange(8 if depth < 3 else 6)
        if kind < 3:
            return self.random.choice(COLUMNS)
        if kind < 5:
            return self.random.choice(CASTS)
        if kind < 6:
            return f"CAST({quote(self.text(3))} AS JSON)"
        items = range(self.random.randrange(5))
        if kind < 7:
            return "JSON_ARRAY(" + ", ".join(self.expression(depth + 1) for _ in items) + ")"
        return "JSON_OBJECT(" + ", ".join(f"{quote('k' * (i % 3) + str(i))}, {self.expression(depth + 1)}" for i in items) + ")"

    def sql(self):
        return self.text_sql() if self.random.randrange(2) else f"JSON_ARRAY({self.expression()}, {self.expression()})"

    def text_sql(self):
        return f"CAST({quote(self.text())} AS JSON)"


def quote(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def place(server):
    return ":".join(map(str, server.position()))


def shown(server, table="docs"):
    return dict(server.query(f"SELECT n, CAST(j AS CHAR) FROM d.{table} ORDER BY n"))


class Whole(unittest.TestCase):
    def setUp(self):
        print(f"CDC_SEED={SEED}", flush=True)

    def compare(self, done, expected, source):
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(len(done.lines), len(expected))
        for record in done.records:
            number, ours = record["key"]["n"], record["payload"]["after"]["j"]
            self.assertEqual(ours, expected[number], f"{source}, CDC_SEED={SEED}, document {number}")

    def test_49_documents_differ_from_what_the_server_shows(self):
        """Numbers, opaque values, escapes and depth; from the live log and from its file."""
        documents = Documents(SEED)
        statements = [f"CAST({quote(text)} AS JSON)" for text in long_documents()] + [f"CAST({quote(n)} AS JSON)" for n in NUMBERS]
        statements += [f"JSON_ARRAY({what})" for what in COLUMNS + CASTS]
        statements += [documents.sql() for _ in range(DOCUMENTS)]
        with Server("mysql-9.7", binlog_row_metadata="FULL", max_allowed_packet="64M") as server:
            server.script(SOURCE)
            start = place(server)
            server.query("USE d")
            server.query("BEGIN")
            for number, sql in enumerate(statements):
                server.query(f"INSERT INTO docs SELECT {number}, {sql} FROM src")
            server.query("COMMIT")
            expected = shown(server)
            self.assertEqual(len(expected), len(statements))
            words = ("--format", "json", "--tables", "d.docs")
            self.compare(dry_run(server.url(), "--from", start, "--until", "now", *words, timeout_s=300), expected, "live")
            file = server.data_folder / start.partition(":")[0]
            self.compare(dry_run("", "--binlog", file, "--from", start, *words, timeout_s=300), expected, "file")
        print(f"{len(statements)} documents, {sum(map(len, expected.values()))} characters", flush=True)


class Steps:
    """Updates of documents that the server may log as changes: JSON_SET, JSON_REPLACE and JSON_REMOVE of places that are there, or nearly."""

    NAMES = ("a", "b", "key with space", "", 'quo"te', "back\\slash", "new\nline", "é", "漢字", "😀", "$", "1st", "a.b", "[0]", "true", "x" * 300)

    def __init__(self, seed, exact):
        self.random = random.Random(seed)
        self.documents = Documents(seed + 1)
        self.exact = exact  # Only values that JSON text says as well.

    def start(self):
        """Long enough for changes to be shorter than the document."""
        tree = {name: [i, {"inner": [1, 2, {"deep": name}], "s": "text" * 30}, 1.5, None] for i, name in enumerate(self.NAMES)}
        return json.dumps({**tree, "wide": ["y" * 200] * 20, "big": "z" * self.random.choice((100, 70_000))})

    def path(self, document):
        path, at = "$", document
        while self.random.randrange(5) or path == "$":
            if isinstance(at, dict):
                name = self.random.choice((*at, *self.NAMES) if self.random.randrange(3) else self.NAMES)
                path, at = path + "." + json.dumps(name, ensure_ascii=False), at.get(name)
            elif isinstance(at, list):
                cell = self.random.randrange(len(at) + 2)
                path += self.random.choice((f"[{cell}]", f"[{cell}]", "[last]" if not cell else f"[last-{cell}]"))
                at = at[cell] if cell < len(at) and path.endswith(f"[{cell}]") else None
            else:
                return path + self.random.choice(("", "", "[0]", "[1]", "[last]"))
        return path

    def value(self):
        if not self.exact and not self.random.randrange(4):
            return self.random.choice([cast for cast in CASTS if cast != "NULL"])
        return self.documents.text_sql() if self.random.randrange(2) else self.random.choice(("1", "'text'", "NULL", "TRUE", "1.5e0", "JSON_ARRAY()"))

    def change(self, expression, document):
        function = self.random.choice(("JSON_SET", "JSON_SET", "JSON_REPLACE", "JSON_REMOVE"))
        paths = [quote(self.path(document)) for _ in range(self.random.choice((1, 1, 1, 2, 5)))]
        if function == "JSON_REMOVE":
            return f"JSON_REMOVE({expression}, {', '.join(paths)})"
        return f"{function}({expression}, {', '.join(f'{path}, {self.value()}' for path in paths)})"

    def update(self, column, document):
        expression = column
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            expression = self.change(expression, document)
        return f"{column} = {expression}"


class Partial(unittest.TestCase):
    """binlog_row_value_options=PARTIAL_JSON."""

    ROWS = 3

    @classmethod
    def setUpClass(cls):
        cls.server = Server("mysql-9.7", binlog_row_metadata="FULL", max_allowed_packet="64M", binlog_row_value_options="PARTIAL_JSON")
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        print(f"CDC_SEED={SEED}", flush=True)
        self.server.script("DROP DATABASE IF EXISTS d; CREATE DATABASE d; CREATE TABLE d.docs (n INT PRIMARY KEY, step INT, j JSON, plain JSON, k JSON)")

    def rows(self):
        return {row[0]: row[1:] for row in self.server.query("SELECT n, step, CAST(j AS CHAR), CAST(plain AS CHAR), CAST(k AS CHAR) FROM d.docs ORDER BY n")}

    def fill(self, steps):
        self.starts = [(n, 0, steps.start(), "[1]" if n else None, steps.start()) for n in range(self.ROWS)]
        self.server.query("SET SESSION binlog_row_image='FULL'")
        self.refill()

    def refill(self):
        with self.server.connect(autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute("DELETE FROM d.docs")
            cursor.executemany("INSERT INTO d.docs VALUES (%s, %s, %s, %s, %s)", self.starts)

    def run_steps(self, steps, count):
        """Updates one row a step. The rows after each step, step 0 among them."""
        seen = [self.rows()]
        for step in range(1, count + 1):
            rows = dict(seen[-1])
            n = steps.random.randrange(self.ROWS)
            changes = [steps.update(column, json.loads(rows[n][place])) for place, column in ((1, "j"), (3, "k"))
                       if rows[n][place] and steps.random.randrange(4)]
            try:
                self.server.query(f"UPDATE d.docs SET {', '.join([f'step = {step}', *changes])} WHERE n = {n}")
            except Exception as error:  # Nested too deep, a path where none may be: the row is as it was.
                self.assertIn(error.args[0], (3157, 3153, 3149, 3143, 3140), changes)
                step -= 1
            after = self.server.query(f"SELECT step, CAST(j AS CHAR), CAST(plain AS CHAR), CAST(k AS CHAR) FROM d.docs WHERE n = {n}")[0]
            rows[n] = after
            seen.append(rows)
        return seen

    def partial_events(self, start):
        file, _, at = start.partition(":")
        return sum(row[2] == "Update_rows_partial" for row in self.server.query(f"SHOW BINLOG EVENTS IN '{file}' FROM {at}"))

    def check_records(self, done, seen):
        self.assertEqual(done.code, 0, done.err)
        records = {record["payload"]["after"]["step"]: record for record in done.records}
        for step in range(1, len(seen)):
            changed = [n for n in seen[step] if seen[step][n][0] == step]
            if not changed:
                continue
            n, message = changed[0], f"CDC_SEED={SEED}, step {step}"
            record = records.pop(step)
            self.assertEqual(record["key"], {"n": n}, message)
            for image, row in (("before", seen[step - 1][n]), ("after", seen[step][n])):
                self.assertEqual(record["payload"][image], {"n": n, **dict(zip(("step", "j", "plain", "k"), row))}, f"{message}, {image}")
            self.assertFalse({"mysql.jsondiff", "mysql.absent"} & set(record["metadata"]), message)
        self.assertEqual(records, {})

    def test_every_document_of_a_sequence_of_updates(self):
        steps = Steps(SEED, exact=False)
        self.fill(steps)
        start = place(self.server)
        seen = self.run_steps(steps, STEPS)
        words = ("--format", "json", "--tables", "d.docs", "--from", start)
        self.check_records(dry_run(self.server.url(), *words, "--until", "now", timeout_s=300), seen)
        self.check_records(dry_run("", "--binlog", self.server.data_folder / start.partition(":")[0], *words, timeout_s=300), seen)
        partial = self.partial_events(start)
        print(f"{len(seen) - 1} steps, {partial} of them partial", flush=True)
        self.assertGreater(partial, STEPS / 3)

    def test_changes_of_documents_that_the_log_does_not_have(self):
        """Each is marked, and the statements of the SQL form make the same documents of the ones before."""
        for image in ("MINIMAL", "NOBLOB"):
            with self.subTest(image=image):
                self.check_changes(image)

    def check_partial_record(self, record, rows):
        """How many columns have changes instead of documents: those whose document before is not known."""
        image, metadata = record["payload"], record["metadata"]
        columns = ("n", "step", "j", "plain", "k")
        row = dict(zip(columns, (record["key"]["n"], *rows[record["key"]["n"]])))
        marked = list(filter(None, metadata.get("mysql.jsondiff", "").split(",")))
        absent = [name for name in columns if not (name in image["before"] and name in image["after"])]
        self.assertEqual(metadata.get("mysql.absent", ""), ",".join(absent))
        for name, value in image["after"].items():
            if name not in marked:
                self.assertEqual(value, row[name], f"CDC_SEED={SEED}, {name}")
                continue
            self.assertNotIn(name, image["before"])
            for change in json.loads(value):
                self.assertEqual(list(change), ["op", "path", "value"][:2 + (change["op"] != "remove")])
        return len(marked)

    def check_changes(self, image):
        steps = Steps(SEED, exact=True)
        self.fill(steps)
        self.server.query(f"SET SESSION binlog_row_image='{image}'")
        start = place(self.server)
        seen = self.run_steps(steps, max(STEPS // 4, 20))
        expected, partial = self.rows(), self.partial_events(start)
        words = ("--tables", "d.docs", "--from", start, "--until", "now")
        done = dry_run(self.server.url(), *words, "--format", "json", timeout_s=300)
        self.assertEqual(done.code, 0, done.err)
        marked = sum(self.check_partial_record(record, seen[record["payload"]["after"]["step"]]) for record in done.records)
        print(f"{image}: {partial} partial updates, {marked} columns of changes", flush=True)
        self.assertEqual(marked > 5, image == "MINIMAL", "NOBLOB logs documents that are changed in place")
        self.assertGreater(partial, 5)
        sql = dry_run(self.server.url(), *words, "--format", "sql", timeout_s=300)
        self.assertEqual(sql.code, 0, sql.err)
        self.refill()
        self.server.script(sql.out)
        self.assertEqual(self.rows(), expected, f"CDC_SEED={SEED}")


if __name__ == "__main__":
    unittest.main()
