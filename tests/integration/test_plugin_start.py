"""Where a pipeline without a stored position begins: where its first run did, when `stateDir` can remember it."""

import tempfile
import unittest
from pathlib import Path

from tests.support.plugin_case import PluginCase
from tests.support.plugin_host import SOURCE, source


class Starts:
    """One class a product runs these."""

    PRODUCT, OPTIONS = "", {}

    @classmethod
    def setUpClass(cls):
        cls.start(cls.PRODUCT, cls.addClassCleanup, **cls.OPTIONS)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mysql-cdc-state-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def first_run(self, **settings):
        """Begins at now, and is killed before there was a change; then there are two."""
        host, run = self.running(stateDir=self.folder, **settings)
        host.process.kill()
        host.process.wait()
        self.insert(2)

    def ids(self, run, count):
        return [self.decoded(record)["key"]["id"] for record in run.await_records(count)]

    def last_id(self):
        return self.server.query("SELECT MAX(id) FROM shop.t")[0][0]

    def test_changes_between_two_starts_are_not_lost(self):
        self.insert()
        self.first_run()
        host, run = self.running(stateDir=self.folder)
        self.assertEqual(self.ids(run, 2), [self.last_id() - 1, self.last_id()])
        host.await_message("beginning where the first run began")

    def test_also_when_the_log_has_gone_on_to_other_files_and_tables(self):
        self.first_run()
        self.server.query("FLUSH BINARY LOGS")
        self.server.query("CREATE DATABASE IF NOT EXISTS other")
        self.server.query("CREATE TABLE IF NOT EXISTS other.t (id INT)")
        self.server.query("INSERT INTO other.t VALUES (1)")
        self.server.query("FLUSH BINARY LOGS")
        for _ in range(2):  # and again, as long as no position is stored
            host, run = self.running(stateDir=self.folder)
            self.assertEqual(self.ids(run, 2), [self.last_id() - 1, self.last_id()])
            host.process.kill()
            host.process.wait()

    def test_a_stored_position_ends_it(self):
        self.first_run()
        host, run = self.running(stateDir=self.folder)
        position = run.await_records(2)[1].position
        host.shut_down()
        self.assertEqual(len(list(self.folder.iterdir())), 1)
        host, run = self.running(position, stateDir=self.folder)
        self.assertEqual(list(self.folder.iterdir()), [])
        self.insert()
        self.assertEqual(self.ids(run, 1), [self.last_id()])

    def test_a_snapshot_is_followed_by_the_stream_of_its_first_run(self):
        """Else a row that was deleted after it was delivered, and before a position was stored, would stay in the destination."""
        self.insert(3)
        if self.OPTIONS:  # No GTIDs.
            self.server.query("GRANT BACKUP_ADMIN ON *.* TO 'cdc'@'%'")
            self.server.query("GRANT SELECT ON performance_schema.log_status TO 'cdc'@'%'")
        snapshot = {"stateDir": self.folder, "snapshot.mode": "initial"}
        host, run = self.running(**snapshot)
        deleted = self.decoded(run.await_records(1)[0])["key"]["id"]
        host.process.kill()
        host.process.wait()
        self.server.query("DELETE FROM shop.t WHERE id = %s", (deleted,))
        rows = self.server.query("SELECT COUNT(*) FROM shop.t")[0][0]
        host, run = self.running(**snapshot)
        records = [self.decoded(record) for record in run.await_records(rows + 1)]
        self.assertEqual([record["operation"] for record in records], ["snapshot"] * rows + ["delete"])
        self.assertEqual(records[-1]["key"], {"id": deleted})
        host.await_message("the stream begins where the first run's does")
        position = run.records[-1].position
        host.shut_down()
        self.assertEqual(len(list(self.folder.iterdir())), 1)
        self.running(position, **snapshot)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_server_id_that_is_taken_is_told_before_the_snapshot(self):
        self.insert()
        taken = self.server.query("SELECT @@GLOBAL.server_id")[0][0]
        host = self.host()
        host.configure(url=self.server.url(), tables="shop.*", serverId=taken, **{"snapshot.mode": "initial"})
        host.open()
        run = host.run()
        self.assertIn(f"server id {taken} is the server's own", run.await_end()[1])
        self.assertEqual(run.records, [])

    def test_a_deleted_connector_is_forgotten(self):
        self.first_run()
        host = self.host()
        config = {"url": self.server.url(), "snapshot.mode": "never", "stateDir": str(self.folder)}
        host.call(SOURCE + "LifecycleOnDeleted", source().Lifecycle.OnDeleted.Request(config=config).SerializeToString())
        self.assertEqual(list(self.folder.iterdir()), [])
        host.call(SOURCE + "LifecycleOnDeleted", source().Lifecycle.OnDeleted.Request(config={"tabels": "x"}).SerializeToString())
        host.teardown()

    def test_without_it_the_second_now_is_a_later_one(self):
        """docs/conduit.md says so."""
        host, run = self.running()
        host.process.kill()
        host.process.wait()
        self.insert()
        run = self.running()[1]
        self.insert()
        self.assertEqual(self.ids(run, 1), [self.last_id()])

    def test_a_named_start_needs_no_memory(self):
        self.first_run()
        host, run = self.running(stateDir=self.folder, start="{}:{}".format(*self.server.position()))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_folder_that_is_not_there_is_told(self):
        host = self.host()
        host.configure(url=self.server.url(), tables="shop.*", stateDir=self.folder / "none")
        host.open()
        self.assertIn("MYC1604: stateDir: ", host.run().await_end()[1])


class MariaDb(Starts, PluginCase):
    PRODUCT = "mariadb-10.11"


class MySql(Starts, PluginCase):
    PRODUCT = "mysql-9.7"


class MySqlWithoutGtids(Starts, PluginCase):
    PRODUCT, OPTIONS = "mysql-9.7", {"gtid_mode": "OFF", "enforce_gtid_consistency": "OFF"}


if __name__ == "__main__":
    unittest.main()
