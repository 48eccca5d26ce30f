"""A changelog through the real Conduit, whose host is killed: nothing is lost, as what was acknowledged is kept for a grace; without one it would be."""

import os
import random
import time
import unittest

from tests.support.changelog import install
from tests.support.conduit import conduit_binary
from tests.support.pipelines import PipelineCase
from tests.support.program import LONG, long_only
from tests.support.servers import Server

SEED = int(os.environ.get("CDC_SEED") or (time.time_ns() % 1_000_000 if LONG else 20269))
KILLS = 20


def setUpModule():
    conduit_binary()  # skips all when it cannot be had


class WithChangelog(PipelineCase):
    OPTIONS = {"log_bin": False}

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.PRODUCT, **cls.OPTIONS)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        super().setUp()
        self.server.query("GRANT ALL ON shop.* TO 'cdc'@'%%'")
        install(self.server, "t", "shop")

    def changelog(self, **settings):
        return self.pipeline(**{"url": self.server.url(database="shop"), "tables": "t", "trigger.pollInterval": "20ms", "start": "earliest", **settings})

    def change_something(self, index):
        self.server.query("INSERT INTO shop.t VALUES (%s, 'new', %s, 1.5) ON DUPLICATE KEY UPDATE v = CONCAT('again ', %s)", (index % 97, index, index))
        if index % 7 == 0:
            self.server.query("DELETE FROM shop.t WHERE id = %s", (index % 89,))

    def kill_under_load(self, conduit, kills):
        chance, index = random.Random(SEED), 0
        for _ in range(kills):
            give_up = time.monotonic() + chance.uniform(0.2, 2.5)
            while time.monotonic() < give_up:
                index += 1
                self.change_something(index)
            conduit.kill()
            conduit.await_that(lambda: not conduit.plugin_pids(), "the end of the orphan")
            conduit.start()
            conduit.await_that(conduit.plugin_pids, "a new plugin")

    def test_snapshot_changes_and_a_killed_host(self):
        for index in range(1, 50):
            self.change_something(index)
        conduit = self.changelog(**{"snapshot.mode": "initial", "engine": "auto"})
        conduit.await_log("behind entry")
        self.kill_under_load(conduit, KILLS if LONG else 2)
        self.await_equal(conduit)
        self.assertEqual(conduit.stop()[0], 0)
        print(f"{self.id()}: seed {SEED}, {len(conduit.records)} records", flush=True)

    @long_only
    def test_without_a_grace_a_killed_host_finds_its_changes_purged(self):
        conduit = self.changelog(**{"snapshot.mode": "never", "engine": "trigger", "trigger.ackGrace": "0"})
        for _ in range(KILLS):
            self.kill_under_load(conduit, 1)
            if any("MYC1907" in str(line) for line in conduit.log):
                return
        self.fail(f"{KILLS} kills met no moment between acknowledging and storing")


@long_only
class MariaDb(WithChangelog, unittest.TestCase):
    PRODUCT = "mariadb-10.11"


@long_only
class MySql(WithChangelog, unittest.TestCase):
    PRODUCT, OPTIONS = "mysql-9.7", {"binlog_format": "STATEMENT", "log_bin_trust_function_creators": True}


if __name__ == "__main__":
    unittest.main()
