"""The plugin's life as a host may drive it: calls in every order, cancelled calls, hosts that do not read, acknowledge or live; what it says
of mistakes. One MariaDB for all."""

import json
import time
import unittest

import grpc

from tests.support.plugin_case import PluginCase, start_scene
from tests.support.plugin_host import SOURCE, TIMEOUT_S, Schemas, source

ROW_BYTES = 20_000


def setUpModule():
    global server
    server = start_scene()


class Calls(PluginCase):
    """The order of calls."""

    def test_life(self):
        host, run = self.running()
        host.call(SOURCE + "LifecycleOnCreated")
        self.insert(3)
        records = run.await_records(3)
        self.assertEqual(len({record.position for record in records}), 3)
        self.assertEqual(host.stop(), records[-1].position)
        self.insert()
        self.assertEqual(host.stop(), records[-1].position)
        run.cancel()
        self.assertEqual(len(run.records), 3)
        host.teardown()
        host.teardown()
        host.shut_down()

    def test_resumes_behind_each_position(self):
        host, run = self.running()
        server.query("INSERT INTO shop.t (v) VALUES ('a'), ('b'), ('c')")
        self.insert(2)
        positions = [record.position for record in run.await_records(5)]
        host.shut_down()
        for index, position in enumerate(positions[:-1]):
            with self.subTest(index=index):
                again, second = self.running(position)
                self.assertEqual([record.position for record in second.await_records(4 - index)], positions[index + 1:])
                again.shut_down()

    def test_stop_without_records_is_empty(self):
        host, run = self.running()
        self.assertEqual(host.stop(), b"")
        self.assertIsNone(run.error)
        host.teardown()
        self.assertEqual(run.await_end()[0], grpc.StatusCode.OK)

    def test_stop_waits_for_the_run_that_is_on_its_way(self):
        host = self.host()
        host.configure(url=server.url(), tables="shop.*")
        host.open()
        stopping = host.start_call(SOURCE + "Stop")
        run = host.run()
        self.assertEqual(source().Stop.Response.FromString(stopping.result(TIMEOUT_S)).last_position, b"")
        run.cancel()
        host.teardown()

    def test_stop_before_run_can_be_cancelled(self):
        host = self.host()
        host.configure(url=server.url(), tables="shop.*")
        host.open()
        stopping = host.start_call(SOURCE + "Stop")
        stopping.cancel()
        host.teardown()

    def test_orders_that_cannot_be(self):
        host = self.host()
        with self.refused("MYC1701", 'expected connector state ["Configured"], actual connector state is "Initial"'):
            host.open()
        run = host.run()
        code, text = run.await_end()
        self.assertEqual(code, grpc.StatusCode.UNKNOWN)
        self.assertIn('expected connector state ["Opened"]', text)
        host.configure(url=server.url())
        with self.refused("MYC1701"):
            host.configure(url=server.url())
        host.teardown()

    def test_a_second_run_is_refused_and_leaves_the_first_alone(self):
        host, run = self.running()
        self.assertIn("MYC1701", host.run().await_end()[1])
        for _ in range(50):  # also when its caller leaves before the refusal has arrived
            host.run().cancel()
        self.assertIsNone(run.error)
        self.insert()
        run.await_records(1)

    def test_teardown_from_any_state(self):
        for calls in ((), ("configure",), ("configure", "open")):
            with self.subTest(calls=calls):
                host = self.host()
                if "configure" in calls:
                    host.configure(url=server.url())
                if "open" in calls:
                    host.open()
                host.teardown()
                self.assertEqual(host.shut_down()[1], 0)

    def test_run_cancelled_without_teardown_frees_the_server(self):
        host, run = self.running()
        self.insert()
        run.await_records(1)
        run.cancel()
        self.await_that(lambda: self.dump_threads() == 0, "the end of the dump")
        host.teardown()

    def test_half_closed_run_ends(self):
        host, run = self.running()
        run._outgoing.put(None)
        self.assertEqual(run.await_end()[0], grpc.StatusCode.OK)
        host.teardown()

    def test_a_killed_host_frees_the_server(self):
        host, run = self.running()
        run.cancel()
        host.channel.close()
        self.await_that(lambda: self.dump_threads() == 0, "the end of the dump")


class Hosts(PluginCase):
    """Hosts that misbehave."""

    def test_a_host_that_never_acknowledges_gets_everything(self):
        host, run = self.running(acknowledge="never")
        self.insert(50)
        records = run.await_records(50)
        self.assertEqual(host.stop(), records[-1].position)

    def test_a_host_that_acknowledges_nonsense(self):
        host, run = self.running(acknowledge="never")
        self.insert(2)
        run.await_records(2)
        run.send_acks([b"", b"nonsense", b"\xff" * 1000])
        run.send_acks([b"x"] * 10_000)
        self.insert(2)
        run.await_records(4)

    def test_a_host_that_stops_reading_is_waited_for_and_can_stop(self):
        host, run = self.running()
        self.insert()
        run.await_records(1)  # Or the stop may come before anything was sent.
        run.reading.clear()
        self.insert_at_once(2000, ROW_BYTES)
        began = time.monotonic()
        last = host.stop()
        self.assertLess(time.monotonic() - began, 5)
        run.reading.set()
        self.await_position(run, last)
        count = len(run.records)
        self.assertLess(count, 2000)
        host.teardown()
        self.assertEqual(len(run.records), count)

    def await_position(self, run, position):
        run._await(lambda: any(record.position == position for record in run.records), "the last position", TIMEOUT_S)
        self.assertEqual(run.records[-1].position, position)

    def test_a_host_that_stops_reading_and_dies(self):
        host, run = self.running(reading=False)
        self.insert_at_once(2000, ROW_BYTES)
        self.assertEqual(host.shut_down()[1], 0)
        self.assertLess(host.shutdown_took_s, 2)

    def test_a_host_that_does_not_read_the_log(self):
        host = self.host(reading_log=False)
        host.configure(url=server.url(), tables="shop.*", **{f"tableConfig__t{index}__sortingColumn": "x" * 100 for index in range(3000)})
        self.assertEqual(host.shut_down()[1], 0)

    def test_a_slow_server_does_not_hold_the_end(self):
        host = self.host()
        host.configure(url="mysql://cdc@10.255.255.1/")  # swallows packets, or is refused: either way nothing answers
        host.open()
        run = host.run()
        began = time.monotonic()
        self.assertEqual(host.stop(), b"")
        run.cancel()
        host.teardown()
        self.assertLess(time.monotonic() - began, 5)


class Mistakes(PluginCase):
    """What is told of mistakes."""

    def test_settings_all_at_once(self):
        host = self.host()
        with self.refused("MYC1001: config invalid: ", 'error validating "url": required parameter is not provided',
                          '"tabels": unrecognized parameter; did you mean tables?', 'error validating "heartbeat": "soon"'):
            host.configure_with({"tabels": "x", "heartbeat": "soon"})
        host.teardown()

    def test_no_secret_in_what_is_told(self):
        host = self.host()
        with self.assertRaises(grpc.RpcError) as caught:
            host.configure(url="mysql://cdc:geheim@127.0.0.1:99999/", url__passwordFile="x", dsn="geheim")
        self.assertNotIn("geheim", caught.exception.details() + str(host.raw_messages))

    def test_go_connector_settings(self):
        host = self.host()
        host.configure_with({"dsn": f"cdc:cdc-Passw0rd@tcp(127.0.0.1:{server.port})/shop?tls=false", "tables": "t", "snapshot.enabled": "false",
                             "snapshot.fetchSize": "100", "cdc.disableLogs": "true", "tableConfig.t.sortingColumn": "id",
                             "sdk.batch.size": "10", "sdk.batch.delay": "10ms"})
        for key in ("snapshot.enabled", "snapshot.fetchSize", "cdc.disableLogs", "tableConfig.t.sortingColumn"):
            self.assertEqual(host.await_message(f"{key} is the Go connector's setting")["@level"], "info")
        host.open()
        run = host.run()
        self.addCleanup(run.cancel)
        host.await_message("connected to")
        self.insert(1)
        self.assertEqual(run.await_records(1)[0].metadata["opencdc.collection"], "shop.t")

    def test_positions_that_are_none(self):
        for position in (b"garbage", b"\xff\xfe", b"{}", b'{"v":2,"engine":"binlog"}', b'{"v":1,"engine":"binlog"', b"[" * 100_000):
            with self.subTest(position=position[:20]):
                host = self.host()
                host.configure(url=server.url())
                with self.refused("MYC1007"):
                    host.open(position)
                host.teardown()
                host.shut_down()

    def end_of_run(self, position=b"", url=None, **settings):
        host = self.host()
        host.configure(**{"url": url or server.url(), "tables": "shop.*", **settings})
        host.open(position)
        run = host.run()
        self.addCleanup(run.cancel)
        code, text = run.await_end()
        self.assertEqual(code, grpc.StatusCode.UNKNOWN)
        host.teardown()
        self.assertEqual(host.shut_down()[1], 0)
        host.await_log_end()
        self.assertIn(text.splitlines()[0], "\n".join(line["@message"] for line in host.messages if line["@level"] == "error"))
        return text

    def position(self):
        host, run = self.running()
        self.insert()
        out = json.loads(run.await_records(1)[0].position)
        host.shut_down()
        return out

    def test_what_a_person_must_mend_ends_run_with_code_and_cure(self):
        good = {key: value for key, value in self.position().items() if key != "gtid"}
        cases = {"a wrong password": ({"url": server.url(password="wrong")}, "MYC1102"),
                 "no such table": ({"tables": "shop.nothing"}, "MYC1006"),
                 "beyond the log": ({"position": json.dumps({**good, "file": "binlog.999999"}).encode()}, "MYC1209"),
                 "another server": ({"position": json.dumps({**good, "server": "0badbad0"}).encode()}, "MYC1208")}
        for name, (options, code) in cases.items():
            with self.subTest(name):
                text = self.end_of_run(**options)
                self.assertIn(code, text)
                self.assertIn("(cure: ", text)

    def test_an_error_waits_for_acknowledgements(self):
        host, run = self.running(acknowledge="never")
        self.insert(2)
        server.query("TRUNCATE shop.t")
        records = run.await_records(2)
        self.assertIsNone(run.error)
        run.send_acks([record.position for record in records])
        code, text = run.await_end()
        self.assertIn("MYC1502", text)
        self.assertEqual(host.stop(), records[-1].position)

    def test_a_server_that_is_away_is_waited_for(self):
        host = self.host()
        host.configure(url="mysql://cdc@127.0.0.1:1/")
        host.open()
        run = host.run()
        self.addCleanup(run.cancel)
        host.await_message("trying again")
        host.await_message("attempt 2")
        self.assertIsNone(run.error)


class SchemaService(PluginCase):
    def own(self):
        out = Schemas()
        self.addCleanup(out.close)
        return out

    def test_subjects_and_versions(self):
        own = self.own()
        host, run = self.running(service=own)
        self.insert()
        metadata = run.await_records(1)[0].metadata
        self.assertEqual(sorted(own.by_subject), ["p1:src:shop.t.key", "p1:src:shop.t.payload"])
        self.assertEqual((metadata["opencdc.payload.schema.subject"], metadata["opencdc.payload.schema.version"]), ("p1:src:shop.t.payload", "1"))
        self.assertEqual((metadata["opencdc.key.schema.subject"], metadata["opencdc.key.schema.version"]), ("p1:src:shop.t.key", "1"))
        for texts in own.by_subject.values():
            json.loads(texts[0])

    def test_one_call_a_schema(self):
        own = self.own()
        host, run = self.running(service=own)
        self.insert(20)
        run.await_records(20)
        self.assertEqual(len(own.calls), 2)

    def test_context_and_subject_names(self):
        own = self.own()
        host, run = self.running(service=own, sdk__schema__context__name="ctx", sdk__schema__extract__payload__subject="p",
                                 sdk__schema__extract__key__subject="k")
        self.insert()
        run.await_records(1)
        self.assertEqual(sorted(own.by_subject), ["ctx:shop.t.k", "ctx:shop.t.p"])

    def test_without_context(self):
        own = self.own()
        host, run = self.running(service=own, sdk__schema__context__enabled="false")
        self.insert()
        run.await_records(1)
        self.assertEqual(sorted(own.by_subject), ["shop.t.key", "shop.t.payload"])

    def test_the_tenth_schema_of_a_subject_gets_a_subject_of_its_own(self):
        """What comes behind the ninth is not safe with Conduit: see schema_client.h."""
        own = self.own()
        own.by_subject = {"p1:src:shop.t.payload": [b"%d" % number for number in range(9)], "p1:src:shop.t.key": [b"0"] * 8}
        metadata = []
        for _ in range(2):
            host, run = self.running(service=own)
            self.insert()
            metadata.append(run.await_records(1)[0].metadata)
            host.shut_down()
        for found in metadata:
            self.assertRegex(found["opencdc.payload.schema.subject"], r"\Ap1:src:shop\.t\.payload\.[0-9a-f]{8}\Z")
            self.assertEqual(found["opencdc.payload.schema.version"], "1")
            self.assertEqual((found["opencdc.key.schema.subject"], found["opencdc.key.schema.version"]), ("p1:src:shop.t.key", "9"))
        self.assertEqual(*(found["opencdc.payload.schema.subject"] for found in metadata))

    def test_switched_off_needs_no_service(self):
        host, run = self.running(service=None, sdk__schema__extract__payload__enabled="false", sdk__schema__extract__key__enabled="false")
        self.insert()
        record = run.await_records(1)[0]
        self.assertTrue(record.payload.after.HasField("structured_data"))
        self.assertNotIn("opencdc.payload.schema.subject", record.metadata)

    def test_no_service_is_an_error_only_with_the_first_record(self):
        host, run = self.running(service=None)
        self.assertIsNone(run.error)
        self.insert()
        self.assertIn("MYC1702", run.await_end()[1])

    def test_unavailable_for_a_while(self):
        own = self.own()
        own.refusals = [(grpc.StatusCode.UNAVAILABLE, "later"), (grpc.StatusCode.DEADLINE_EXCEEDED, "slow")]
        host, run = self.running(service=own)
        self.insert()
        run.await_records(1)
        self.assertEqual(host.await_message("could not be registered")["@level"], "warn")

    def test_refusals_end_run_with_the_services_words(self):
        own = self.own()
        own.refusals = [(grpc.StatusCode.UNKNOWN, "invalid schema")] * 10
        host, run = self.running(service=own)
        self.insert()
        text = run.await_end()[1]
        self.assertIn("MYC1702", text)
        self.assertIn("invalid schema", text)

    def test_a_refused_token_is_told_without_the_token(self):
        own = self.own()
        host = self.host(service=own, CONDUIT_CONNECTOR_TOKEN="geheim")
        run = self.running(host=host)[1]
        self.insert()
        self.assertIn("invalid token", run.await_end()[1])
        self.assertNotIn("geheim", str(host.raw_messages))

    def test_proxies_of_the_environment_are_not_used(self):
        proxy = "http" + "://127.0.0.1:1"
        host = self.host(http_proxy=proxy, https_proxy=proxy, grpc_proxy=proxy)
        run = self.running(host=host)[1]
        self.insert()
        run.await_records(1)


class Batches(PluginCase):
    def one_transaction(self, run, rows, size=10):
        self.insert_at_once(rows, size)
        run.await_records(rows)
        return run.batches

    def test_default_is_a_thousand_or_a_mebibyte(self):
        host, run = self.running(acknowledge="batch")
        self.assertEqual(self.one_transaction(run, 2500), [1000, 1000, 500])

    def test_bytes_end_a_batch_too(self):
        host, run = self.running(acknowledge="batch")
        batches = self.one_transaction(run, 100, 100_000)
        self.assertLessEqual(max(batches), 11)

    def test_size(self):
        host, run = self.running(acknowledge="batch", sdk__batch__size="7")
        self.assertEqual(self.one_transaction(run, 20), [7, 7, 6])

    def test_size_zero_is_one_by_one(self):
        host, run = self.running(sdk__batch__size="0")
        self.assertEqual(self.one_transaction(run, 5), [1] * 5)

    def test_delay_collects_transactions(self):
        host, run = self.running(sdk__batch__delay="300ms")
        self.insert(5)
        run.await_records(5)
        self.assertEqual(run.batches, [5])

    def test_values_beyond_four_mebibytes(self):
        host, run = self.running()
        server.query("SET GLOBAL max_allowed_packet = 64 << 20")
        server.query("INSERT INTO shop.t (v) SELECT REPEAT('y', 10 << 20)")
        self.assertGreater(run.await_records(1)[0].ByteSize(), 10 << 20)


if __name__ == "__main__":
    unittest.main()
