"""Every type at its limits, through the real Conduit into its file: the rows there are the server's own. The tables are the golden suite's."""

import unittest

from tests.golden.generate import FOLDER
from tests.support.conduit import conduit_binary
from tests.support.pipelines import PipelineCase
from tests.support.replay import Replay

END = "CREATE TABLE g.last_of_all (id INT PRIMARY KEY); INSERT INTO g.last_of_all VALUES (1)"


def setUpModule():
    conduit_binary()  # skips all when it cannot be had


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

    def test_every_value_is_the_servers_own(self):
        replay = self.replayed()
        tables = self.server.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'g' AND table_type <> 'VIEW'")
        self.assertEqual(set(replay.tables), {f"g.{name}" for name, in tables})
        for collection, table in replay.tables.items():
            with self.subTest(collection):
                self.check_rows(collection, table)


class MariaDb(EveryType, unittest.TestCase):
    PRODUCT, SCRIPTS = "mariadb-10.11", ("types-common", "mariadb-types")


class MySql(EveryType, unittest.TestCase):
    PRODUCT, SCRIPTS = "mysql-9.7", ("types-common", "mysql-types")


if __name__ == "__main__":
    unittest.main()
