"""The real Conduit, end to end: a pipeline from a live server into a file."""

import unittest

from tests.support.conduit import Conduit, conduit_binary
from tests.support.pipelines import PipelineCase, replay


def setUpModule():
    conduit_binary()  # skips all when it cannot be had


class EndToEnd(PipelineCase):
    def test_every_operation_and_exact_values(self):
        conduit = self.pipeline()
        self.server.query("INSERT INTO shop.t VALUES (1, 'Björn 🙂', 9223372036854775807, 12345678901234567890.0123456789), (2, NULL, NULL, NULL)")
        self.server.query("UPDATE shop.t SET v = '' WHERE id = 2")
        self.server.query("UPDATE shop.t SET id = 3 WHERE id = 2")
        self.server.query("DELETE FROM shop.t WHERE id = 1")
        records = conduit.await_records(6)
        self.assertEqual([record["operation"] for record in records], ["create", "create", "update", "delete", "create", "delete"])
        self.assertEqual(records[0]["payload"]["after"], {"id": 1, "v": "Björn 🙂", "n": 9223372036854775807, "d": "12345678901234567890.0123456789"})
        self.assertEqual(records[1]["payload"]["after"], {"id": 2, "v": None, "n": None, "d": None})
        self.assertEqual(replay(records), self.source_rows())

    def test_ddl_in_the_middle(self):
        conduit = self.pipeline()
        self.server.query("INSERT INTO shop.t VALUES (1, 'a', 1, 1)")
        self.server.query("ALTER TABLE shop.t ADD COLUMN more INT, DROP COLUMN v")
        self.server.query("INSERT INTO shop.t (id, n, d, more) VALUES (2, 2, 2, 7)")
        records = conduit.await_records(2)
        self.assertEqual(sorted(records[1]["payload"]["after"]), ["d", "id", "more", "n"])
        self.assertEqual(records[1]["metadata"]["opencdc.payload.schema.version"], "2")

    def test_restart_repeats_and_loses_nothing(self):
        conduit = self.pipeline()
        self.server.query("INSERT INTO shop.t VALUES (1, 'a', 1, 1)")
        conduit.await_records(1)
        status, took_s = conduit.stop()
        self.assertEqual((status, conduit.plugin_pids()), (0, []))
        self.assertLess(took_s, 5)
        self.server.query("INSERT INTO shop.t VALUES (2, 'b', 2, 2)")
        conduit.start()
        conduit.await_records(2)
        self.server.query("INSERT INTO shop.t VALUES (3, 'c', 3, 3)")
        self.assertEqual([record["key"]["id"] for record in conduit.await_records(3)], [1, 2, 3])
        self.assertEqual(conduit.status(), "STATUS_RUNNING")

    def test_rows_of_many_schemas_are_right_behind_a_restart(self):
        """There the host numbers the tenth schema of a subject anew, though others have the number: see schema_client.h."""
        columns = [f"c{number}" for number in range(13)]
        self.server.query(f"CREATE TABLE shop.wide (id INT PRIMARY KEY, {', '.join(f'{name} INT' for name in columns)})")
        self.server.query("INSERT INTO shop.wide (id) VALUES (1)")
        conduit = self.pipeline()
        wanted = []

        def change(**values):
            """Partial images: each set of columns has a schema of its own."""
            wanted.append(values)
            self.server.script(f"SET binlog_row_image=MINIMAL; UPDATE shop.wide SET {', '.join(f'{name}={value}' for name, value in values.items())}")
        for number, name in enumerate(columns):
            change(**{name: 100 + number})
        conduit.await_records(len(wanted))
        self.assertEqual(conduit.stop()[0], 0)
        conduit.start()
        change(c0=1, c1=2)
        for number, name in enumerate(columns):
            change(**{name: 200 + number})
        self.assertEqual([record["payload"]["after"] for record in conduit.await_records(len(wanted))], wanted)

    def test_stop_and_start_through_the_api(self):
        conduit = self.pipeline()
        for index in range(1, 6):
            self.server.query("INSERT INTO shop.t VALUES (%s, 'a', 1, 1)", (index,))
            conduit.await_records(index)
            self.assertEqual(conduit.api("POST", "/v1/pipelines/p1/stop", {})[0], 200)
            conduit.await_that(lambda: conduit.status() == "STATUS_STOPPED", "the stop")
            self.assertEqual(conduit.plugin_pids(), [])
            self.assertEqual(conduit.api("POST", "/v1/pipelines/p1/start")[0], 200)
            conduit.await_that(lambda: conduit.status() == "STATUS_RUNNING", "the start")
        self.server.query("INSERT INTO shop.t VALUES (6, 'a', 1, 1)")
        self.assertEqual([record["key"]["id"] for record in conduit.await_records(6)], list(range(1, 7)))

    def test_a_record_that_is_rejected_would_be_seen(self):
        """Elsewhere nothing may be in the dead-letter queue: this is how it would get there."""
        conduit = Conduit(settings={"url": self.server.url(), "tables": "shop.*"}, destination_settings={"path": "/dev/full"}, **self.FLAGS)
        self.addCleanup(conduit.__exit__)
        conduit.start()
        conduit.await_log("connected to")
        self.server.query("INSERT INTO shop.t VALUES (1, 'a', 1, 1)")
        conduit.await_that(lambda: conduit.rejected_records, "a rejected record")

    def test_settings_are_checked_when_a_connector_is_made_through_the_api(self):
        conduit = self.pipeline()

        def validate(settings):
            body = {"type": "TYPE_SOURCE", "plugin": "standalone:mysql-cdc", "config": {"name": "x", "settings": settings}}
            return conduit.api("POST", "/v1/connectors/validate", body)
        url = f"cdc:secret@tcp(127.0.0.1:{self.server.port})/shop"
        self.assertEqual(validate({"dsn": url, "snapshot.mode": "never"})[0], 200)  # No url, which the specification asks for: dsn is one.
        status, answer = validate({"tabels": "x", "heartbeat": "soon"})
        self.assertEqual(status, 400)
        for part in ("required parameter is not provided", "did you mean tables?", '"soon"'):
            self.assertIn(part, answer["message"])

    def test_a_mistake_is_shown_with_its_cure(self):
        conduit = Conduit(settings={"url": self.server.url(), "tabels": "x"})
        self.addCleanup(conduit.__exit__)
        conduit.start()
        conduit.await_log("unrecognized parameter; did you mean tables?")


class MariaDb(EndToEnd, unittest.TestCase):
    PRODUCT = "mariadb-10.11"


class MySql(EndToEnd, unittest.TestCase):
    PRODUCT = "mysql-9.7"


class NewerEngine(EndToEnd, unittest.TestCase):
    """The engine that is to replace the default one: it acknowledges batches, and ends a source without Stop."""

    PRODUCT, FLAGS = "mariadb-10.11", {"preview.pipeline-arch-v2": "true"}


if __name__ == "__main__":
    unittest.main()
