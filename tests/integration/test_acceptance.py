"""What the connector SDK's acceptance suite for sources demands, and what the host's own tests of connectors do, by way of the host double; none needs
a snapshot.

specification                         test_the_specification_is_complete, test_parameters_are_named_and_described
configure, tear down                  test_configured_and_torn_down_without_open, test_a_required_parameter_that_is_missing_is_refused
resume at a position of the log       test_resume_at_the_fifth_of_ten
read ten rows                         test_ten_rows_are_read_whole_and_every_position_is_unique
read of an empty source               test_an_empty_source_waits_and_a_cancelled_read_gives_nothing
tear down after a partial read        test_nothing_is_left_after_a_partial_read
writes between two runs               test_what_was_written_between_two_runs_is_read
updates and deletes                   test_updates_and_deletes_are_read
stop                                  test_records_before_the_last_position_arrive_after_stop
cancelled calls                       test_unary_calls_return_when_the_caller_cancels
errors                                test_the_text_of_an_error_passes_through
"""

import os
import re
import time
import unittest

import grpc

from tests.support.plugin_case import PluginCase
from tests.support.plugin_host import SOURCE

VERSION = re.compile(r"v\d+(\.\d+(\.\d+)?)?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?|\(devel\)")
REQUIRED = 1
ROOM = 6  # Threads of gRPC's own pool, which come and go.


class Acceptance:
    """One class a product runs these."""

    PRODUCT = ""

    @classmethod
    def setUpClass(cls):
        cls.start(cls.PRODUCT, cls.addClassCleanup)

    def setUp(self):
        self.server.query("DROP TABLE shop.t")
        self.server.query("CREATE TABLE shop.t (id INT PRIMARY KEY, v TEXT)")

    def write(self, ids):
        for number in ids:
            self.server.query("INSERT INTO shop.t VALUES (%s, %s)", (number, f"row {number}"))

    def ids(self, records):
        return [self.decoded(record)["key"]["id"] for record in records]

    def test_the_specification_is_complete(self):
        found = self.host().specify()
        for text in (found.name, found.summary, found.description, found.version, found.author):
            self.assertTrue(text)
            self.assertEqual(text, text.strip())
        self.assertTrue(VERSION.fullmatch(found.version), found.version)
        self.assertFalse(found.destination_params)

    def test_parameters_are_named_and_described(self):
        found = self.host().specify().source_params
        self.assertTrue(found)
        for name, parameter in found.items():
            self.assertRegex(name, r"\A[a-zA-Z0-9.*]+\Z")
            self.assertTrue(parameter.description.strip(), name)
            self.assertNotEqual(parameter.type, 0, name)

    def test_configured_and_torn_down_without_open(self):
        host = self.host()
        host.configure(url=self.server.url())
        host.teardown()

    def test_a_required_parameter_that_is_missing_is_refused(self):
        whole = {"url": self.server.url(), "snapshot.mode": "never"}
        required = [name for name, parameter in self.host().specify().source_params.items()
                    if any(validation.type == REQUIRED for validation in parameter.validations)]
        self.assertTrue(required)
        for name in required:
            host = self.host()
            with self.refused(f'error validating "{name}": required parameter is not provided'):
                host.configure_with({key: value for key, value in whole.items() if key != name})
            host.teardown()

    def test_resume_at_the_fifth_of_ten(self):
        host, run = self.running(acknowledge="never")
        self.write(range(10))
        records = run.await_records(10)
        run.send_acks([record.position for record in records[:5]])
        run.cancel()
        host.teardown()
        again = self.running(records[4].position)[1]
        self.write([10])
        self.assertEqual(self.ids(again.await_records(6)), [5, 6, 7, 8, 9, 10])

    def test_ten_rows_are_read_whole_and_every_position_is_unique(self):
        host, run = self.running()
        self.write(range(10))
        records = run.await_records(10)
        self.assertEqual(len({record.position for record in records}), 10)
        self.assertNotIn(b"", [record.position for record in records])
        for number, record in enumerate(map(self.decoded, records)):
            self.assertEqual((record["operation"], record["key"], record["before"], record["after"]),
                             ("create", {"id": number}, None, {"id": number, "v": f"row {number}"}))
            self.assertLessEqual({"opencdc.version": "v1", "opencdc.collection": "shop.t"}.items(), record["metadata"].items())
            self.assertTrue(all(record["metadata"][f"opencdc.{when}At"].isdigit() for when in ("created", "read")))

    def test_an_empty_source_waits_and_a_cancelled_read_gives_nothing(self):
        host, run = self.running()
        run.cancel()
        self.assertEqual((run.await_end()[0], run.records), (grpc.StatusCode.CANCELLED, []))

    def test_nothing_is_left_after_a_partial_read(self):
        host = self.host()
        host.specify()
        before = {what: len(os.listdir(f"/proc/{host.process.pid}/{what}")) for what in ("task", "fd")}
        run = self.running(host=host)[1]
        self.write(range(10))
        run.await_records(3)
        run.cancel()
        host.teardown()
        self.assertEqual(self.connections_soon(0), 0)

        def left(what):
            return len(os.listdir(f"/proc/{host.process.pid}/{what}")) - before[what]
        give_up = time.monotonic() + 10
        while (left("fd") > 0 or left("task") > ROOM) and time.monotonic() < give_up:
            time.sleep(0.05)
        self.assertLessEqual(left("fd"), 0)
        self.assertLessEqual(left("task"), ROOM)

    def connections_soon(self, wanted):
        give_up = time.monotonic() + 10
        while self.connections() != wanted and time.monotonic() < give_up:
            self.server.query("INSERT INTO shop.t VALUES (%s, 'so that the server notices')", (time.monotonic_ns() % 2**31,))
            time.sleep(0.05)
        return self.connections()

    def test_what_was_written_between_two_runs_is_read(self):
        host, run = self.running()
        self.write([1])
        position = run.await_records(1)[0].position
        host.stop()
        run.cancel()
        host.teardown()
        host.shut_down()
        self.write([2, 3])
        self.server.query("UPDATE shop.t SET v = 'changed' WHERE id = 1")
        again = self.running(position)[1]
        self.assertEqual(self.ids(again.await_records(3)), [2, 3, 1])

    def test_updates_and_deletes_are_read(self):
        host, run = self.running()
        self.write([1])
        self.server.query("UPDATE shop.t SET v = 'changed'")
        self.server.query("DELETE FROM shop.t")
        _, update, delete = map(self.decoded, run.await_records(3))
        old, new = {"id": 1, "v": "row 1"}, {"id": 1, "v": "changed"}
        self.assertEqual((update["operation"], update["key"], update["before"], update["after"]), ("update", {"id": 1}, old, new))
        self.assertEqual((delete["operation"], delete["key"], delete["before"], delete["after"]), ("delete", {"id": 1}, new, None))

    def test_records_before_the_last_position_arrive_after_stop(self):
        host, run = self.running()
        self.write([1])
        run.await_records(1)
        run.reading.clear()
        self.write(range(2, 20))
        last = host.stop()
        run.reading.set()
        run._await(lambda: run.records[-1].position == last, "the last position", 10)
        self.assertEqual(self.ids(run.records), list(range(1, len(run.records) + 1)))
        run.cancel()
        self.assertEqual(run.await_end()[0], grpc.StatusCode.CANCELLED)

    def test_unary_calls_return_when_the_caller_cancels(self):
        host = self.host()
        for method in ("Configure", "Open"):
            call = host.start_call(SOURCE + method)
            call.cancel()
            with self.assertRaises((grpc.FutureCancelledError, grpc.RpcError)):  # It may have been answered before.
                call.result(1)
        self.assertEqual(host.shut_down()[1], 0)
        host = self.host()
        host.configure(url=self.server.url())
        host.open()
        call = host.start_call(SOURCE + "Stop")  # Waits for a Run.
        call.cancel()
        with self.assertRaises(grpc.FutureCancelledError):
            call.result(1)
        host.start_call(SOURCE + "Teardown").cancel()
        self.assertEqual(host.shut_down()[1], 0)

    def test_the_text_of_an_error_passes_through(self):
        host, run = self.running()
        self.server.query("TRUNCATE shop.t")
        code, text = run.await_end()
        self.assertEqual(code, grpc.StatusCode.UNKNOWN)
        self.assertRegex(text, r"\AMYC1502: .*`?shop`?\.`?t`?.*\(cure: ")


class MariaDb(Acceptance, PluginCase):
    PRODUCT = "mariadb-10.11"


class MySql(Acceptance, PluginCase):
    PRODUCT = "mysql-9.7"


if __name__ == "__main__":
    unittest.main()
