"""The scripted workload through the real Conduit: all types, odd names, tables without key, transactions, triggers, DDL in the middle; the host is stopped
and started, and plugin and host are killed. The file, replayed, is the source."""

import os
import signal
import time
import unittest

from tests.support.conduit import conduit_binary
from tests.support.pipelines import PipelineCase
from tests.support.program import LONG
from tests.support.replay import Replay
from tests.support.workload import Workload

# The long run explores; it prints the seed, and CDC_SEED repeats it.
SEED = int(os.environ.get("CDC_SEED") or (time.time_ns() % 1_000_000 if LONG else 5))
ACTIONS = 400 if LONG else 60  # Between two events in the life of a pipeline.


def setUpModule():
    conduit_binary()  # skips all when it cannot be had


class Workloads(PipelineCase):
    def setUp(self):
        print(f"{self.id()}: seed {SEED}", flush=True)
        self.work = Workload(self.server, SEED)
        self.work.create()

    def start_again(self, conduit):
        """Until it has a plugin: a host that is killed while it opens its store may not find it again."""
        conduit.start()
        conduit.await_that(conduit.plugin_pids, "a new plugin")

    def stop_and_start(self, conduit):
        self.assertEqual(conduit.stop()[0], 0)
        self.assertEqual(conduit.plugin_pids(), [])
        self.work.run(ACTIONS // 4)
        self.start_again(conduit)

    def kill_plugin_and_host(self, conduit):
        """The plugin first: a host that is left may hang (0.14), so it goes as well."""
        for pid in conduit.plugin_pids():
            os.kill(pid, signal.SIGKILL)
        conduit.kill()
        self.work.run(ACTIONS // 4)
        self.start_again(conduit)

    def kill_host(self, conduit):
        conduit.kill()
        conduit.await_that(lambda: not conduit.plugin_pids(), "the end of the orphan")
        self.start_again(conduit)

    def test_the_file_replayed_is_the_source(self):
        conduit = self.pipeline(tables="*", start="{}:{}".format(*self.server.position()))
        for event in (self.stop_and_start, self.kill_plugin_and_host, self.kill_host):
            self.work.run(ACTIONS)
            event(conduit)
        self.work.run(ACTIONS)
        self.server.script("CREATE TABLE d.last_of_all (id INT PRIMARY KEY); INSERT INTO d.last_of_all VALUES (1)")
        conduit.await_that(lambda: '"d.last_of_all"' in conduit.out.read_text(), "the last record")
        repetitions, records = self.check_repetitions(conduit), conduit.records
        replay = Replay({table.collection: table.ddl for table in self.work.tables.values()})
        for record in {record["position"]: record for record in records}.values():
            replay.apply(record)
        self.assertEqual(replay.counts.pop(("d.last_of_all", "create")), 1)
        self.assertEqual(replay.counts, self.work.counts)
        replay.finish()
        for collection, table in replay.tables.items():
            with self.subTest(collection):
                self.check_rows(collection, table)
        print(f"{len(records)} records, {repetitions} repetitions, {len(replay.tables)} tables", flush=True)


class MariaDb(Workloads, unittest.TestCase):
    PRODUCT = "mariadb-10.11"


class MySql(Workloads, unittest.TestCase):
    PRODUCT = "mysql-9.7"


if __name__ == "__main__":
    unittest.main()
