"""Where the Go MySQL connector loses, changes or hides something, this one must not. Each name says what fails there.

K7  errors of the log are swallowed         class Silence
K8  TLS, time limits, server id             class Links
K9  restart inside a transaction            class Restarts; every record of one: test_plugin_calls, every record of a workload: test_stream
K10 rows under the columns of today         class Restarts; a whole history of them: test_stream
K11 NULL as zero                            class Values
K12 digits, signs, labels, JSON, BINARY     class Values; every type at its limits: test_conduit_types
K13 time zones, dates that are none         class Values
K15 names that are not quoted, views        class Names
K16 MariaDB 11 and later                    class Newest
K17 rules that match nothing mean all       class Names
K19 a schema call a row, lost batches       class Stream
"""

import unittest

from tests.support.plugin_case import PluginCase


class OnBothProducts(PluginCase):
    PRODUCT = ""

    @classmethod
    def setUpClass(cls):
        cls.start(cls.PRODUCT, cls.addClassCleanup, tls=True)

    def setUp(self):
        self.server.query("DROP DATABASE IF EXISTS shop")
        self.server.query("CREATE DATABASE shop CHARACTER SET utf8mb4")
        self.server.query("CREATE TABLE shop.t (id INT AUTO_INCREMENT PRIMARY KEY, v LONGTEXT)")

    def images(self, run, count):
        return [self.decoded(record)["after"] for record in run.await_records(count)]

    def only_row(self, columns, values, **settings):
        """A table of one row: its image."""
        self.server.query(f"CREATE TABLE shop.one ({columns})")
        host, run = self.running(tables="shop.one", **settings)
        self.server.script(f"SET sql_mode=''; INSERT INTO shop.one VALUES ({values})")
        return self.images(run, 1)[0]


class Silence:
    """K7: there, after any error of the log, the pipeline looks healthy and idle for ever."""

    def test_a_killed_dump_is_no_quiet_source(self):
        host, run = self.running()
        self.insert()
        run.await_records(1)
        for session, in self.server.query("SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%%'"):
            self.server.query(f"KILL {session}")
        self.insert()
        run.await_records(2)
        self.assertEqual(host.await_message("trying again")["@level"], "warn")

    def test_a_purged_log_is_no_quiet_source(self):
        host, run = self.running()
        self.insert()
        position = run.await_records(1)[0].position
        host.shut_down()
        self.await_that(lambda: self.dump_threads() == 0, "the end of the dump")  # A log that is being read is not purged.

        self.server.query("FLUSH BINARY LOGS")
        newest = self.server.binlogs()[-1].name

        def purged():  # MariaDB keeps a log until its last commits are safe elsewhere: once a second. Another flush would put that off.
            self.server.query(f"PURGE BINARY LOGS TO '{newest}'")
            return self.server.binlogs()[0].name == newest
        self.await_that(purged, "the end of the old logs")
        host = self.host()
        host.configure(url=self.server.url(), tables="shop.*")
        host.open(position)
        text = host.run().await_end()[1]
        self.assertRegex(text, "MYC120[23]")
        self.assertIn("(cure: ", text)

    def test_a_change_that_has_no_rows_is_no_quiet_source(self):
        host, run = self.running()
        self.server.query("TRUNCATE shop.t")
        self.assertIn("MYC1502", run.await_end()[1])


class Links:
    """K8: there, the log is read without the TLS of the address, without time limits, under one of a thousand server ids."""

    def test_tls_holds_for_the_log_too(self):
        self.server.query("CREATE USER IF NOT EXISTS 'secret'@'%' IDENTIFIED BY 'Some-1-word' REQUIRE SSL")
        self.server.query("GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'secret'@'%'")
        url = self.server.url(user="secret", password="Some-1-word", tls="required")
        host, run = self.running(url=url)
        self.insert()
        run.await_records(1)

    def test_pipelines_started_together_have_ids_of_their_own(self):
        hosts = [self.host(CONDUIT_CONNECTOR_ID=f"p{number}:src") for number in range(6)]
        runs = [self.running(host=host)[1] for host in hosts]
        self.insert()
        for run in runs:
            run.await_records(1)
        self.assertEqual(self.dump_threads(), len(hosts))
        self.insert()
        for run in runs:
            run.await_records(2)
            self.assertIsNone(run.error)


class Restarts:
    """K9: there, a restart inside a transaction begins between a table's description and its rows, and hangs. K10: rows are read under the
    columns of today."""

    def test_a_restart_inside_a_transaction_of_several_tables_goes_on_behind_the_stored_record(self):
        self.server.query("CREATE TABLE shop.u (id INT AUTO_INCREMENT PRIMARY KEY, v TEXT)")
        host, run = self.running()
        with self.server.connect() as connection, connection.cursor() as cursor:
            for _ in range(2):
                cursor.execute("INSERT INTO shop.t (v) VALUES ('a'), ('b')")
                cursor.execute("INSERT INTO shop.u (v) VALUES ('c')")
                cursor.execute("UPDATE shop.t, shop.u SET t.v = CONCAT(t.v, '!'), u.v = CONCAT(u.v, '?') WHERE t.id = u.id")
            connection.commit()
        positions = [record.position for record in run.await_records(12)]
        host.shut_down()
        for index, position in enumerate(positions[:-1]):
            with self.subTest(behind=index):
                again, second = self.running(position)
                self.assertEqual([record.position for record in second.await_records(11 - index)], positions[index + 1:])
                again.shut_down()

    def test_an_alter_while_the_pipeline_is_down_renames_no_value(self):
        self.server.query("CREATE TABLE shop.w (id INT PRIMARY KEY, a INT, b VARCHAR(10))")
        host, run = self.running(tables="shop.w")
        self.server.query("INSERT INTO shop.w VALUES (1, 10, 'x')")
        position = run.await_records(1)[0].position
        host.shut_down()
        self.server.query("INSERT INTO shop.w VALUES (2, 20, 'y')")
        self.server.query("ALTER TABLE shop.w DROP COLUMN a, ADD COLUMN c INT FIRST, ADD COLUMN d INT")
        self.server.query("INSERT INTO shop.w VALUES (3, 3, 'z', 4)")
        run = self.running(position, tables="shop.w")[1]
        self.assertEqual(self.images(run, 2), [{"id": 2, "a": 20, "b": "y"}, {"c": 3, "id": 3, "b": "z", "d": 4}])


class Values:
    """K11: there, NULL becomes zero. K12: digits, signs, labels and bytes are changed or stop the pipeline. K13: times shift with zones."""

    def test_null_is_not_zero_or_empty(self):
        columns = ["INT", "BIGINT UNSIGNED", "DECIMAL(5,2)", "DOUBLE", "VARCHAR(5)", "BLOB", "BIT(9)", "DATE", "TIMESTAMP NULL", "JSON", "ENUM('a')",
                   "SET('a')", "POINT"]
        image = self.only_row("id INT PRIMARY KEY, " + ", ".join(f"c{number} {kind}" for number, kind in enumerate(columns)),
                              "1" + ", NULL" * len(columns))
        self.assertEqual(image, {"id": 1, **{f"c{number}": None for number in range(len(columns))}})

    def test_digits_and_signs_stay(self):
        image = self.only_row("id INT PRIMARY KEY, d DECIMAL(40,20), u BIGINT UNSIGNED, z INT UNSIGNED ZEROFILL",
                              "1, 12345678901234567890.01234567890123456789, 18446744073709551615, 4294967295")
        self.assertEqual(image, {"id": 1, "d": "12345678901234567890.01234567890123456789", "u": "18446744073709551615", "z": 4294967295})

    def test_enum_and_set_are_texts(self):
        self.assertEqual(self.only_row("id INT PRIMARY KEY, e ENUM('small','b,ig'), s SET('x','y','z')", "1, 'b,ig', 'x,z'"),
                         {"id": 1, "e": "b,ig", "s": "x,z"})

    def test_geometry_is_no_end_of_the_pipeline(self):
        image = self.only_row("id INT PRIMARY KEY, g POINT", "1, ST_GeomFromText('POINT(1 2)')")
        self.assertEqual(image["g"].hex(), "0101000000000000000000f03f0000000000000040")

    def test_binary_keeps_its_zeros_and_latin1_becomes_utf8(self):
        image = self.only_row("id BINARY(4) PRIMARY KEY, l VARCHAR(9) CHARACTER SET latin1", "x'01020000', x'e9'")
        self.assertEqual(image, {"id": b"\1\2\0\0", "l": "é"})

    def test_json_is_the_text_that_select_shows(self):
        self.server.query("CREATE TABLE shop.one (id INT PRIMARY KEY, j JSON)")
        host, run = self.running(tables="shop.one")
        self.server.query("""INSERT INTO shop.one VALUES (1, '{"b": 1.0, "a": [1e2, "ü"]}')""")
        self.assertEqual(self.images(run, 1)[0]["j"], self.server.query("SELECT j FROM shop.one")[0][0])

    def test_a_timestamp_is_utc_whatever_zone_server_session_and_process_are_in(self):
        self.server.query("SET GLOBAL time_zone = '+05:45'")
        self.addCleanup(self.server.query, "SET GLOBAL time_zone = '+00:00'")
        host = self.host(TZ="America/St_Johns")
        self.server.query("CREATE TABLE shop.one (id INT PRIMARY KEY, ts TIMESTAMP NULL, dt DATETIME)")
        run = self.running(host=host, tables="shop.one")[1]
        self.server.script("SET time_zone = '-03:00'; INSERT INTO shop.one VALUES (1, '2024-06-01 12:00:00', '2024-06-01 12:00:00')")
        self.assertEqual(self.images(run, 1), [{"id": 1, "ts": "2024-06-01 15:00:00", "dt": "2024-06-01 12:00:00"}])

    def test_dates_that_are_none_stay_what_they_are(self):
        self.assertEqual(self.only_row("id INT PRIMARY KEY, a DATE, b DATE, c DATETIME", "1, '0000-00-00', '2024-00-10', '0000-00-00'"),
                         {"id": 1, "a": "0000-00-00", "b": "2024-00-10", "c": "0000-00-00 00:00:00"})


class Names:
    """K15: there, nothing is quoted, a view breaks the start, a name that Avro lacks stops the pipeline. K17: rules that match nothing mean all
    tables of all schemas."""

    def test_any_name_of_a_table_or_column_works(self):
        odd = ["select", "a-b", "a b", "日本", "a``b", "a%b", "1a"]
        for name in odd:
            self.server.query(f"CREATE TABLE shop.`{name}` (`{name}` INT PRIMARY KEY, `group` INT)")
        host, run = self.running()
        for name in odd:
            self.server.query(f"INSERT INTO shop.`{name}` VALUES (1, 2)")
        found = [self.decoded(record) for record in run.await_records(len(odd))]
        plain = [name.replace("``", "`") for name in odd]
        self.assertEqual([(one["metadata"]["opencdc.collection"], one["after"]) for one in found],
                         [(f"shop.{name}", {name: 1, "group": 2}) for name in plain])

    def test_views_are_no_tables(self):
        self.server.query("CREATE VIEW shop.seen AS SELECT id FROM shop.t")
        host, run = self.running(tables="*", url=self.server.url(database="shop"))
        self.insert()
        self.assertEqual(run.await_records(1)[0].metadata["opencdc.collection"], "shop.t")

    def test_a_new_table_needs_no_restart(self):
        host, run = self.running()
        self.server.query("CREATE TABLE shop.later (id INT PRIMARY KEY)")
        self.server.query("INSERT INTO shop.later VALUES (1)")
        self.assertEqual(run.await_records(1)[0].metadata["opencdc.collection"], "shop.later")

    def test_rules_that_match_nothing_let_nothing_through(self):
        self.server.query("CREATE DATABASE IF NOT EXISTS private")
        self.server.query("CREATE TABLE IF NOT EXISTS private.t (id INT)")
        host = self.host()
        host.configure(url=self.server.url(database="shop"), tables="+^nothing_like_it$")
        host.open()
        run = host.run()
        self.assertIn("MYC1006", run.await_end()[1])
        waiting = self.running(url=self.server.url(database="shop"), tables="+^nothing_like_it$", tables__allowNone="true")[1]
        self.server.query("INSERT INTO private.t VALUES (1)")
        self.server.query("CREATE TABLE shop.nothing_like_it (id INT PRIMARY KEY)")
        self.server.query("INSERT INTO shop.nothing_like_it VALUES (1)")
        self.assertEqual([record.metadata["opencdc.collection"] for record in waiting.await_records(1)], ["shop.nothing_like_it"])


class Stream:
    """K19: there, every row asks the schema service, and a cancelled read drops a batch while its acknowledgements are still counted."""

    def test_rows_do_not_ask_the_schema_service(self):
        self.server.query("CREATE TABLE shop.asked (id INT PRIMARY KEY)")
        before = len(self.schemas.calls)
        host, run = self.running(tables="shop.asked", sdk__batch__size="0")
        for number in range(20):
            self.server.query("INSERT INTO shop.asked VALUES (%s)", (number,))
        run.await_records(20)
        self.assertEqual(len(self.schemas.calls) - before, 2)

    def test_a_batch_on_its_way_when_run_is_cancelled_comes_again(self):
        host, run = self.running(acknowledge="never", sdk__batch__size="100")
        self.insert()
        first = run.await_records(1)[0].position
        run.reading.clear()
        self.insert_at_once(1000, 5000)
        run.call.cancel()
        host.teardown()
        host.shut_down()
        again = self.running(first)[1]
        self.assertEqual([self.decoded(record)["key"]["id"] for record in again.await_records(1000)], list(range(2, 1002)))


class MariaDb(Silence, Links, Restarts, Values, Names, Stream, OnBothProducts):
    PRODUCT = "mariadb-10.11"


class MySql(Silence, Links, Restarts, Values, Names, Stream, OnBothProducts):
    PRODUCT = "mysql-9.7"


class Newest(OnBothProducts):
    """K16: there, a MariaDB of 11 or later is asked for its log in the words of MySQL, and the source does not open."""

    PRODUCT = "mariadb-11.8"

    def test_the_version_is_understood(self):
        host, run = self.running()
        self.insert()
        run.await_records(1)
        self.assertIn("-MariaDB", host.await_message("connected to")["@message"])


if __name__ == "__main__":
    unittest.main()
