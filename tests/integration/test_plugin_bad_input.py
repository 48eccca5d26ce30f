"""What no well-behaved host, service or user sends: the answer is a clear text or no harm at all, and never a wait without end. More of it:
test_plugin_calls (hosts), test_plugin_walks (orders of calls), test_plugin_launch (cookies, strangers)."""

import json
import time
import unittest

from tests.support.plugin_case import PluginCase, start_scene
from tests.support.plugin_host import SOURCE, Schemas
from tests.support.program import long_only

TABLES = 1000
NO_UTF8 = (b"\xff", b"\xc3", b"\xed\xa0\x80", b"a\x80b", b"\xf8\x88\x80\x80\x80")


def setUpModule():
    global server
    server = start_scene()


def entry(key, value):
    """A map entry of Configure as bytes, whatever they are."""
    pair = b"\x0a" + bytes([len(key)]) + key + b"\x12" + bytes([len(value)]) + value
    return b"\x0a" + bytes([len(pair)]) + pair


class Names(PluginCase):
    """Names of settings and calls that are no UTF-8. Those of tables and columns cannot be: the server has them in UTF-8."""

    def test_settings(self):
        url = entry(b"url", server.url().encode())
        for bad in NO_UTF8:
            for request in (entry(bad, b"x"), url + entry(b"tables", bad), url + entry(b"sdk.schema.context.name", bad)):
                host = self.host()
                with self.refused("MYC1701", "no message of the connector protocol"):
                    host.call(SOURCE + "Configure", request)
                host.teardown()
                self.assertEqual(host.shut_down()[1], 0)

    def test_names_in_the_environment(self):
        for name in ("CONDUIT_CONNECTOR_ID", "CONDUIT_CONNECTOR_TOKEN", "CONDUIT_CONNECTOR_LOG_LEVEL", "CONDUIT_CONNECTOR_UTILITIES_GRPC_TARGET"):
            with self.subTest(name):
                host = self.host(**{name: b"a\xffb"})
                run = self.running(host=host)[1]
                self.insert()
                if name == "CONDUIT_CONNECTOR_TOKEN":
                    self.assertRegex(run.await_end()[1], "MYC1702: .*CONDUIT_CONNECTOR_TOKEN")
                elif name == "CONDUIT_CONNECTOR_UTILITIES_GRPC_TARGET":  # A service that is not there may come.
                    host.await_message("could not be registered")
                else:
                    run.await_records(1)
                self.assertEqual(host.shut_down()[1], 0)
                host.await_log_end()
                for line in host.raw_messages:
                    self.assertIsInstance(json.loads(line)["@message"], str)


class Sizes(PluginCase):
    def test_a_thousand_tables(self):
        server.query("CREATE DATABASE many")
        self.addCleanup(server.query, "DROP DATABASE many")
        server.script("USE many;" + "".join(f"CREATE TABLE t{number} (id INT PRIMARY KEY) ENGINE=MyISAM;" for number in range(TABLES)))
        host, run = self.running(tables="many.*")
        self.assertIn(f"{TABLES} tables", host.await_message("connected to")["@message"])
        for value in (1, 2):
            server.script("USE many;" + "".join(f"INSERT INTO t{number} VALUES ({value});" for number in range(TABLES)))
            run.await_records(value * TABLES)
        collections = [record.metadata["opencdc.collection"] for record in run.records]
        self.assertEqual(collections, [f"many.t{number}" for number in range(TABLES)] * 2)


class Positions(PluginCase):
    def position_after(self, **settings):
        """Of the second of three records of a transaction, which the settings let through."""
        host, run = self.running(**settings)
        server.query("INSERT INTO shop.t (v) VALUES ('a'), ('b'), ('c')")
        positions = [record.position for record in run.await_records(3)]
        host.shut_down()
        return positions

    def test_of_another_table_set_sends_its_transaction_again_whole(self):
        positions = self.position_after(tables="shop.t")
        host, run = self.running(positions[1], tables="shop.*")
        host.await_message("settings changed since the position was stored")
        self.assertEqual(len(run.await_records(3)), 3)

    def test_of_the_same_table_set_goes_on_behind_it(self):
        positions = self.position_after(tables="shop.t")
        run = self.running(positions[1], tables="shop.t")[1]
        self.assertEqual([record.position for record in run.await_records(1)], positions[2:])


class Services(PluginCase):
    """The host's schema service at its worst."""

    def own(self):
        out = Schemas()
        self.addCleanup(out.close)
        return out

    def test_a_service_that_is_down_is_waited_for(self):
        own = self.own()
        own.pause()
        host, run = self.running(service=own)
        self.insert()
        self.assertEqual(host.await_message("could not be registered")["@level"], "warn")
        self.assertEqual((run.records, run.error), ([], None))
        own.resume()
        run.await_records(1)

    def test_a_service_that_goes_down_is_waited_for(self):
        own = self.own()
        host, run = self.running(service=own)
        self.insert()
        run.await_records(1)
        own.pause()
        server.query("CREATE TABLE IF NOT EXISTS shop.later (id INT AUTO_INCREMENT PRIMARY KEY)")
        server.query("INSERT INTO shop.later VALUES (NULL)")
        host.await_message("could not be registered")
        own.resume()
        self.assertEqual(run.await_records(2)[1].metadata["opencdc.collection"], "shop.later")

    def test_a_service_that_does_not_answer_holds_no_stop_and_no_teardown(self):
        own = self.own()
        own.delays_s = [60, 60]
        host, run = self.running(service=own)
        self.insert()
        self.await_that(lambda: own.calls, "a call")
        began = time.monotonic()
        self.assertEqual(host.stop(), b"")
        host.teardown()
        self.assertEqual(host.shut_down()[1], 0)
        self.assertLess(time.monotonic() - began, 5)

    def test_a_slow_service_only_delays(self):
        own = self.own()
        own.delays_s = [1, 1]
        run = self.running(service=own)[1]
        self.insert()
        run.await_records(1)

    @long_only  # Takes as long as a call may: ten seconds.
    def test_a_service_that_times_out_is_asked_again(self):
        own = self.own()
        own.delays_s = [20]
        host, run = self.running(service=own)
        self.insert()
        host.await_message("could not be registered")
        run.await_records(1)

    def test_answers_that_are_none(self):
        class Odd(Schemas):
            def _create(self, request, context):
                out = super()._create(request, context)
                out.schema.version = 0
                return out
        own = Odd()
        self.addCleanup(own.close)
        run = self.running(service=own)[1]
        self.insert()
        self.assertIn("with bytes that are no answer", run.await_end()[1])


if __name__ == "__main__":
    unittest.main()
