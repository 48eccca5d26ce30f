"""The real Conduit: existing rows under load, the changes behind them, and processes that are killed in the middle of both."""

import os
import random
import signal
import tempfile
import time
import unittest

from tests.support.conduit import Conduit, conduit_binary
from tests.support.program import LONG
from tests.support.servers import Server
from tests.support.snapshot_replay import KeyedReplica, rows_of
from tests.support.writers import TABLES, Writers, create_tables

SEED = int(os.environ.get("CDC_SEED") or (time.time_ns() % 1_000_000 if LONG else 20263))
KILLS = 30 if LONG else 3
FILLED = 200_000 if LONG else 20_000


def setUpModule():
    conduit_binary()  # skips all when it cannot be had


class Snapshots:
    PRODUCT = ""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.PRODUCT, binlog_row_metadata="FULL")
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        create_tables(cls.server)
        limit = "max_recursive_iterations" if cls.server.is_mariadb else "cte_max_recursion_depth"
        cls.server.query(f"SET SESSION {limit} = 1000000")
        for table in TABLES:
            cls.server.query(f"INSERT INTO d.{table} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {FILLED}) "
                             "SELECT i + 10000, i * 7, 0 FROM n")

    def pipeline(self, **settings):
        conduit = Conduit(settings={"url": self.server.url(), "tables": "d.*", "snapshot.mode": "initial", "snapshot.chunkRows": "2000", **settings})
        self.addCleanup(conduit.__exit__)
        conduit.start()
        return conduit

    def await_equal(self, conduit):
        def equal():
            replica = KeyedReplica()
            for record in conduit.records:
                replica.apply(record)
            return all(replica.rows(f"d.{table}") == rows_of(self.server, f"d.{table}", ("id", "v", "w")) for table in TABLES)
        conduit.await_that(equal, "the file's equality with the tables", timeout_s=120)

    def test_rows_then_changes_and_no_rows_again(self):
        with Writers(self.server, count=4, seed=SEED):
            conduit = self.pipeline()
            conduit.await_log("connected to")
        self.await_equal(conduit)
        rows = [record["operation"] for record in conduit.records].count("snapshot")
        self.assertGreaterEqual(rows, 2 * FILLED)
        self.assertEqual(conduit.stop()[0], 0)
        self.server.query("INSERT INTO d.a VALUES (999999, 1, 1) ON DUPLICATE KEY UPDATE v = v + 1")
        conduit.start()
        self.await_equal(conduit)
        self.assertEqual([record["operation"] for record in conduit.records].count("snapshot"), rows, "no snapshot from a stream's position")
        self.assertEqual(conduit.stop()[0], 0)

    def test_host_and_plugin_killed(self):
        chosen = random.Random(SEED)
        with Writers(self.server, count=4, seed=SEED + 1):
            folder = tempfile.TemporaryDirectory(prefix="mysql-cdc-state-")
            self.addCleanup(folder.cleanup)
            conduit = self.pipeline(stateDir=folder.name)  # Killed before a first position is stored, it begins anew where the stream began.
            conduit.await_records(1)
            for number in range(KILLS):
                time.sleep(chosen.uniform(0.3, 2.0))  # Any moment will do.
                plugins = conduit.plugin_pids()
                if number % 2 and plugins:
                    os.kill(plugins[0], signal.SIGKILL)
                    time.sleep(0.2)
                conduit.kill()
                conduit.await_that(lambda: not conduit.plugin_pids(), "the end of the orphan")
                conduit.start()
        self.await_equal(conduit)
        print(f"{self.id()}: seed {SEED}, {KILLS} kills, {len(conduit.records)} records", flush=True)
        self.assertEqual(conduit.stop()[0], 0)
        self.assertEqual(conduit.rejected_records, [])


class MariaDb(Snapshots, unittest.TestCase):
    PRODUCT = "mariadb-10.11"


class MySql(Snapshots, unittest.TestCase):
    PRODUCT = "mysql-9.7"


if __name__ == "__main__":
    unittest.main()
