"""Every type at its limits, through the real Conduit into its file: the rows there are the server's own. The tables are the golden suite's."""

import json
import re
import unittest

from tests.golden.generate import FOLDER
from tests.support.conduit import conduit_binary
from tests.support.pipelines import PipelineCase
from tests.support.replay import Replay, stored_rows

END = "CREATE TABLE g.last_of_all (id INT PRIMARY KEY); INSERT INTO g.last_of_all VALUES (1)"


def setUpModule():
    conduit_binary()  # skips all when it cannot be had


def avro_name(name):
    """As docs/type-mapping.md has it; the destination shows no other."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return "_" + name if name[0].isdigit() else name


class EveryType(PipelineCase):
    SCRIPTS = ()

    def setUp(self):
        self.server.query("DROP DATABASE IF EXISTS g")
        self.server.query("CREATE DATABASE g CHARACTER SET utf8mb4")

    def replayed(self):
        conduit = self.pipeline(tables="g.*", **{"tables.allowNone": "true"})
        for script in self.SCRIPTS:
            self.server.script((FOLDER / f"{script}.sql").read_text(encoding="utf-8"), database="g")
        self.server.script(END)
        conduit.await_that(lambda: '"g.last_of_all"' in conduit.out.read_text(), "the last record")
        replay = Replay()
        for record in conduit.records:
            replay.apply(record)
        return replay

    def check(self, collection, table):
        wanted, inexact = stored_rows(self.server, collection)
        wanted = [{avro_name(name): value for name, value in row.items()} for row in wanted]
        found = [{**row, **{name: read(row[name]) for name, read in inexact.items() if row[name] is not None}}
                 for row in (table.values() if isinstance(table, dict) else table)]
        by_text = lambda row: json.dumps(row, sort_keys=True)  # noqa: E731
        for ours, theirs in zip(sorted(found, key=by_text), sorted(wanted, key=by_text)):
            self.assertEqual(ours, theirs)
        self.assertEqual(len(found), len(wanted))

    def test_every_value_is_the_servers_own(self):
        replay = self.replayed()
        tables = self.server.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'g' AND table_type <> 'VIEW'")
        self.assertEqual(set(replay.tables), {f"g.{name}" for name, in tables})
        for collection, table in replay.tables.items():
            with self.subTest(collection):
                self.check(collection, table)


class MariaDb(EveryType, unittest.TestCase):
    PRODUCT, SCRIPTS = "mariadb-10.11", ("types-common", "mariadb-types")


class MySql(EveryType, unittest.TestCase):
    PRODUCT, SCRIPTS = "mysql-9.7", ("types-common", "mysql-types")


if __name__ == "__main__":
    unittest.main()
