"""What tests of the plugin by way of the host double share: one server and one schema service a module, hosts that end with the test."""

import time
import unittest

import grpc

from tests.support.plugin_host import TIMEOUT_S, PluginHost, Schemas
from tests.support.servers import Server

SHARED = object()  # The schema service of all tests.


def start_scene(product="mariadb-10.11"):
    """For setUpModule: a server and a schema service for all cases; they end with the module. The server."""
    PluginCase.start(product, unittest.addModuleCleanup)
    return PluginCase.server


class PluginCase(unittest.TestCase):
    server = schemas = None

    @classmethod
    def start(cls, product, add_cleanup, **options):
        """A server with a table shop.t, and a schema service."""
        cls.server = Server(product, **{"binlog_row_metadata": "FULL", **options})
        cls.server.start()
        add_cleanup(cls.server.stop)
        cls.server.query("CREATE DATABASE shop CHARACTER SET utf8mb4")
        cls.server.query("CREATE TABLE shop.t (id INT AUTO_INCREMENT PRIMARY KEY, v LONGTEXT)")
        cls.schemas = Schemas()
        add_cleanup(cls.schemas.close)

    def insert(self, count=1, size=10):
        for _ in range(count):
            self.server.query("INSERT INTO shop.t (v) VALUES (REPEAT('x', %s))", (size,))

    def insert_at_once(self, rows, size=10):
        """In one transaction."""
        one = f"(REPEAT('x', {size}))"
        self.server.query(f"INSERT INTO shop.t (v) VALUES {', '.join([one] * rows)}")

    def connections(self):
        """Of the plugin, at the server."""
        return self.server.query("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'cdc'")[0][0]

    def dump_threads(self):
        return self.server.query("SELECT COUNT(*) FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%%' AND user = 'cdc'")[0][0]

    def host(self, service=SHARED, **options):
        host = PluginHost(schemas=self.schemas if service is SHARED else service, **options)
        self.addCleanup(host.__exit__)
        return host

    def running(self, position=b"", acknowledge="each", reading=True, host=None, service=SHARED, **settings):
        """A host and a Run that has reached the server."""
        host = host or self.host(service)
        host.configure(**{"url": self.server.url(), "tables": "shop.*", **settings})
        host.open(position)
        run = host.run(acknowledge=acknowledge, reading=reading)
        self.addCleanup(run.cancel)
        host.await_message("connected to")
        return host, run

    def decoded(self, record):
        """A record of the stream, its Avro decoded by another program."""
        from tests.records.stream import OPERATIONS, decode, make_schema
        metadata, schemas = dict(record.metadata), {}
        for part in ("key", "payload"):
            subject, version = (metadata[f"opencdc.{part}.schema.{what}"] for what in ("subject", "version"))
            schemas[part] = make_schema(subject, self.schemas.by_subject[subject][int(version) - 1].decode())
        return {"operation": OPERATIONS[record.operation], "metadata": metadata, "key": decode(record.key, schemas["key"]).values,
                "before": decode(record.payload.before, schemas["payload"]).values,
                "after": decode(record.payload.after, schemas["payload"]).values}

    def refused(self, *text):
        """Expects a status that is UNKNOWN and says all of this."""
        test = self

        class Expectation:
            def __enter__(self):
                return self

            def __exit__(self, kind, error, _):
                test.assertIsInstance(error, grpc.RpcError)
                test.assertEqual(error.code(), grpc.StatusCode.UNKNOWN)
                for part in text:
                    test.assertIn(part, error.details())
                return True
        return Expectation()

    def await_that(self, condition, what):
        give_up = time.monotonic() + TIMEOUT_S
        while not condition():
            self.assertLess(time.monotonic(), give_up, f"{what} did not come")
            self.insert()  # A server notices a reader that is gone when it writes.
            time.sleep(0.05)
