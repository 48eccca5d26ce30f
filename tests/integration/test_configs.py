"""The pipelines of configs/, each run by the real Conduit. Only the server's address and the places of files are replaced."""

import os
import re
import unittest
from unittest import mock

from tests.support.conduit import Conduit, conduit_binary
from tests.support.products import CDC_PASSWORD
from tests.support.program import PROGRAM, PROJECT
from tests.support.servers import Server


def setUpModule():
    """One server for all, with TLS."""
    conduit_binary()  # skips all when it cannot be had
    global server
    server = Server("mysql-9.7", tls=True, binlog_row_metadata="FULL")
    server.start()
    unittest.addModuleCleanup(server.stop)


class FileConduit(Conduit):
    """A Conduit that runs a pipeline file as it is."""

    def __init__(self, text, output):
        self.text = text
        super().__init__({})
        self.out = self.folder / output

    def write_pipeline(self):
        (self.folder / "pipelines" / "p.yaml").write_text(self.text, encoding="utf-8")


class Configs(unittest.TestCase):
    def setUp(self):
        for schema in ("shop", "crm", "ledger", "other"):
            server.query(f"DROP DATABASE IF EXISTS {schema}")
            server.query(f"CREATE DATABASE {schema} CHARACTER SET utf8mb4")

    def text_of(self, name):
        return (PROJECT / "configs" / name).read_text(encoding="utf-8")

    def run_pipeline(self, name, output="shop.jsonl", texts=()):
        """Runs it and waits until it reads; `texts` are pairs: what is in the file, what stands in its place."""
        text = self.text_of(name)
        for old, new in texts:
            self.assertIn(old, text)
            text = text.replace(old, new)
        return self.start(self.conduit(text, output))

    def conduit(self, text, output="shop.jsonl"):
        conduit = FileConduit(text, output)
        self.addCleanup(conduit.__exit__)
        return conduit

    def start(self, conduit):
        with mock.patch.dict(os.environ, {"MYSQL_CDC_URL": server.url()}):
            conduit.start()
        conduit.await_log("connected to")
        return conduit

    def changes(self, conduit, count):
        return [(record["metadata"]["opencdc.collection"], record["operation"], record["payload"]["after"]) for record in conduit.await_records(count)]

    def test_every_pipeline_is_tested_here(self):
        tested = set(re.findall(r'run_pipeline\("([^"]+)"', (PROJECT / "tests" / "integration" / "test_configs.py").read_text()))
        self.assertEqual({path.name for path in (PROJECT / "configs").glob("pipeline*.yaml")}, tested)

    def test_binlog(self):
        server.query("CREATE TABLE shop.users (id INT PRIMARY KEY, name TEXT, password_hash TEXT)")
        server.query("CREATE TABLE shop.tmp_1 (id INT PRIMARY KEY)")
        server.query("CREATE TABLE other.t (id INT PRIMARY KEY)")
        conduit = self.run_pipeline("pipeline-binlog.yaml")
        server.query("INSERT INTO shop.tmp_1 VALUES (1)")
        server.query("INSERT INTO other.t VALUES (1)")
        server.query("INSERT INTO shop.users VALUES (1, 'Ama', 'secret')")
        server.query("UPDATE shop.users SET name = 'Björn'")
        self.assertEqual(self.changes(conduit, 2), [("shop.users", "create", {"id": 1, "name": "Ama"}), ("shop.users", "update", {"id": 1, "name": "Björn"})])
        self.assertEqual(conduit.stop()[0], 0)

    def test_tls(self):
        server.query("CREATE TABLE shop.t (id INT PRIMARY KEY)")
        server.query("CREATE USER IF NOT EXISTS 'strict'@'%' IDENTIFIED BY 'by file' REQUIRE X509")
        server.query("GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'strict'@'%'")
        password = server.folder / "password"
        password.write_text("by file\n")
        password.chmod(0o600)
        made = server.certificates
        conduit = self.run_pipeline("pipeline-tls.yaml", texts=(
            ("cdc@db.example.com:3306", f"strict@127.0.0.1:{server.port}"), ("/etc/mysql-cdc/ca.pem", str(made.ca)),
            ("/etc/mysql-cdc/client.pem", str(made.client_cert)), ("/etc/mysql-cdc/client-key.pem", str(made.client_key)),
            ("/etc/mysql-cdc/password", str(password))))
        server.query("INSERT INTO shop.t VALUES (7)")
        self.assertEqual(self.changes(conduit, 1), [("shop.t", "create", {"id": 7})])
        self.assertNotIn("by file", conduit.log_text)

    def test_many_tables(self):
        tables = [f"{schema}.t{number}" for schema in ("shop", "crm") for number in range(50)] + ["ledger.entries_202601", "ledger.entries_202602"]
        left_out = ["shop.tmp_a", "crm.tmp_b", "crm.archive_1", "ledger.entries_x", "other.t"]
        for table in tables + left_out:
            server.query(f"CREATE TABLE {table} (id INT PRIMARY KEY, secret_pin INT)")
        server.query("CREATE TABLE crm.visits (visitor INT NOT NULL, visited_at INT NOT NULL, page TEXT)")
        server.query("CREATE TABLE shop.users (id INT PRIMARY KEY, email TEXT)")
        conduit = self.run_pipeline("pipeline-many-tables.yaml", output="company.jsonl")
        for table in left_out + tables:
            server.query(f"INSERT INTO {table} VALUES (1, 1234)")
        server.query("INSERT INTO crm.visits VALUES (4, 5, 'home')")
        server.query("INSERT INTO shop.users VALUES (1, 'ama@example.com')")
        changes = self.changes(conduit, len(tables) + 2)
        self.assertEqual(changes, [(table, "create", {"id": 1}) for table in tables] +
                         [("crm.visits", "create", {"visitor": 4, "visited_at": 5, "page": "home"}), ("shop.users", "create", {"id": 1, "email": None})])
        self.assertEqual(conduit.records[-2]["key"], {"visitor": 4, "visited_at": 5})
        self.assertNotIn("opencdc.createdAt", conduit.records[0]["metadata"])

    def test_a_link_among_the_connectors_is_enough(self):
        server.query("CREATE TABLE shop.t (id INT PRIMARY KEY)")
        conduit = self.conduit(self.text_of("pipeline-binlog.yaml"))
        plugin = conduit.folder / "connectors" / "mysql-cdc"
        plugin.unlink()
        plugin.symlink_to(PROGRAM)
        self.start(conduit)
        server.query("INSERT INTO shop.t VALUES (1)")
        self.changes(conduit, 1)
        self.assertEqual(conduit.stop()[0], 0)

    def migration(self):
        """The two pipelines of docs/migrating.md, before and after, for our server."""
        page = (PROJECT / "docs" / "migrating.md").read_text(encoding="utf-8").replace(
            "cdc:secret@tcp(db.example.com:3306)", f"cdc:{CDC_PASSWORD}@tcp(127.0.0.1:{server.port})")
        before, after = (re.search(rf"```yaml\n# {word}[^\n]*\n(.*?)```", page, re.S)[1] for word in ("before", "after"))
        destination = before.index("      - id: file")
        return before.replace("standalone:mysql\n", "standalone:mysql-cdc\n"), before[:before.index("      - id: orders")] + after + before[destination:]

    def test_settings_of_the_go_connector_work(self):
        server.query("CREATE TABLE shop.orders (id INT PRIMARY KEY, total DECIMAL(10,2), status ENUM('new','paid'))")
        server.query("CREATE TABLE shop.orders_old (id INT PRIMARY KEY)")
        conduit = self.start(self.conduit(self.migration()[0]))
        server.query("INSERT INTO shop.orders_old VALUES (1)")
        server.query("INSERT INTO shop.orders VALUES (1, 19.90, 'new')")
        self.assertEqual(self.changes(conduit, 1), [("shop.orders", "create", {"id": 1, "total": "19.90", "status": "new"})])
        for name in ("snapshot.enabled", "snapshot.fetchSize", "cdc.disableLogs", "tableConfig.orders.sortingColumn"):
            conduit.await_log(f"{name} is the Go connector's setting")

    def test_what_they_become_works_and_begins_where_the_file_begins(self):
        server.query("FLUSH BINARY LOGS")
        server.query("CREATE TABLE shop.orders (id INT PRIMARY KEY)")
        server.query("INSERT INTO shop.orders VALUES (1)")
        text = self.migration()[1]
        self.assertIn("binlog.000017:4", text)
        conduit = self.start(self.conduit(text.replace("binlog.000017:4", f"{server.position()[0]}:4")))
        self.assertEqual(self.changes(conduit, 1), [("orders", "create", {"id": 1})])
        self.assertNotIn("Go connector's setting", conduit.log_text)

    def test_a_named_start_has_no_gap_before_the_first_record(self):
        """With `start: now` the row would be missed: docs/conduit.md."""
        server.query("CREATE TABLE shop.orders (id INT PRIMARY KEY)")
        conduit = self.start(self.conduit(self.migration()[1].replace("binlog.000017:4", "{}:{}".format(*server.position()))))
        conduit.kill()
        conduit.await_that(lambda: not conduit.plugin_pids(), "the end of the orphan")
        server.query("INSERT INTO shop.orders VALUES (1)")
        with mock.patch.dict(os.environ, {"MYSQL_CDC_URL": server.url()}):
            conduit.start()
        self.assertEqual(self.changes(conduit, 1), [("orders", "create", {"id": 1})])


if __name__ == "__main__":
    unittest.main()
