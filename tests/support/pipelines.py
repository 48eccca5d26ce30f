"""What tests with the real Conduit share: a live server, a pipeline from it into a file, and what must be true of every pipeline."""

import base64
import json
import re

from tests.support.conduit import Conduit
from tests.support.replay import rows_of, stored_rows
from tests.support.servers import Server


def replay(records):
    """The table that records of one table with key `id` describe: id to payload."""
    rows = {}
    for record in records:
        key = record["key"]["id"]
        if record["operation"] == "delete":
            rows.pop(key, None)
        else:
            rows[key] = record["payload"]["after"]
    return rows


def place(position):
    """Of a position's text: what orders positions of one log."""
    found = json.loads(position)
    return found["file"], found["at"], found["n"]


def avro_name(name):
    """As docs/type-mapping.md has it; a destination shows no other."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return "_" + name if name[0].isdigit() else name


class PipelineCase:
    """One class a product runs these."""

    PRODUCT, FLAGS = "", {}  # FLAGS are Conduit's.

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.PRODUCT, binlog_row_metadata="FULL")
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.server.query("DROP DATABASE IF EXISTS shop")
        self.server.query("CREATE DATABASE shop CHARACTER SET utf8mb4")
        self.server.query("CREATE TABLE shop.t (id INT PRIMARY KEY, v TEXT, n BIGINT, d DECIMAL(30,10))")

    def pipeline(self, **settings):
        """A Conduit whose plugin reads. At the end of the test nothing may have been rejected."""
        conduit = Conduit(settings={"url": self.server.url(), "tables": "shop.*", **settings}, **self.FLAGS)
        self.addCleanup(conduit.__exit__)
        self.addCleanup(lambda: self.assertEqual(conduit.rejected_records, []))
        conduit.start()
        conduit.await_log("connected to")
        return conduit

    def source_rows(self):
        rows = self.server.query("SELECT id, v, n, CAST(d AS CHAR) FROM shop.t")
        return {row[0]: dict(zip(("id", "v", "n", "d"), row)) for row in rows}

    def await_equal(self, conduit):
        """The file, replayed by key, is the table."""
        last = self.server.query("SELECT MAX(id) FROM shop.t")[0][0]
        self.server.query("UPDATE shop.t SET v = CONCAT('last ', RAND()) WHERE id = %s", (last,))
        conduit.await_that(lambda: replay(conduit.records) == self.source_rows(), "the file's equality with the table")

    def check_rows(self, collection, table):
        """What the file holds of a table, replayed, is what the server shows of it."""
        wanted, inexact = stored_rows(self.server, collection)
        wanted = [{avro_name(name): value for name, value in row.items()} for row in wanted]
        found = [{**row, **{name: read(row[name]) for name, read in inexact.items() if row[name] is not None}} for row in rows_of(table)]
        by_text = lambda row: json.dumps(row, sort_keys=True)  # noqa: E731
        for ours, theirs in zip(sorted(found, key=by_text), sorted(wanted, key=by_text)):
            self.assertEqual(ours, theirs)
        self.assertEqual(len(found), len(wanted))

    def check_repetitions(self, conduit):
        """What comes again comes again from right behind a position that the host had stored, in order and without a gap. How often."""
        told = [line.get("message", "").partition("opened behind the position ")[2] for line in conduit.log]
        stored = {place(position) for position in told if position}
        places = [place(base64.b64decode(record["position"])) for record in conduit.records]
        order = sorted(set(places))
        self.assertLessEqual(stored, set(order))
        number = {one: index for index, one in enumerate(order)}
        repetitions = 0
        for before, now in zip(places, places[1:]):
            if number[now] != number[before] + 1:
                repetitions += 1
                self.assertLessEqual(number[now], number[before], "a record is missing")
                self.assertIn(order[number[now] - 1] if number[now] else None, stored | {None})
        return repetitions
