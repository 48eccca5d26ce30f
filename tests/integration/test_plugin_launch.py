"""How the plugin starts and ends: handshake, versions, signals, a host that is gone, the log on stderr."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import unittest
from pathlib import Path

import grpc

from tests.support.plugin_host import COOKIE, TIMEOUT_S, PluginHost
from tests.support.program import PROGRAM, long_only

SHUTDOWN_S = 0.1  # Promised; asserted with room for a loaded machine.
ROOM = 10


def leftovers(folder):
    return sorted(str(path) for path in Path(folder).rglob("*"))


class Launch(unittest.TestCase):
    def test_handshake_line_names_a_private_socket(self):
        with PluginHost() as host:
            core, protocol, network, path, kind, certificate = host.handshake.rstrip("\n").split("|")
            self.assertEqual((core, protocol, network, kind, certificate), ("1", "2", "unix", "grpc", ""))
            self.assertTrue(path.startswith(host.folder.name + "/"))
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            self.assertEqual(stat.S_IMODE(os.stat(Path(path).parent).st_mode), 0o700)

    def test_socket_folder_named_by_the_host(self):
        with PluginHost() as outer, PluginHost(PLUGIN_UNIX_SOCKET_DIR=outer.folder.name) as host:
            self.assertTrue(host.address.startswith(outer.folder.name + "/"))

    def test_a_folder_that_cannot_hold_a_socket_is_told(self):
        with PluginHost(TMPDIR="/nonexistent") as host:
            self.assertEqual(host.handshake, "")
            self.assertEqual(host.process.wait(TIMEOUT_S), 1)
            self.assertEqual(host.await_message("MYC1700")["@level"], "error")

    def test_another_protocol_is_refused(self):
        with PluginHost(PLUGIN_PROTOCOL_VERSIONS="1,7") as host:
            self.assertEqual((host.handshake, host.process.wait(TIMEOUT_S)), ("", 1))
            host.await_message("the host speaks connector protocol 1,7")

    def test_nothing_but_the_cookie_is_needed(self):
        gone = ("PLUGIN_PROTOCOL_VERSIONS", "PLUGIN_MIN_PORT", "PLUGIN_MAX_PORT", "CONDUIT_CONNECTOR_UTILITIES_GRPC_TARGET",
                "CONDUIT_CONNECTOR_TOKEN", "CONDUIT_CONNECTOR_ID", "CONDUIT_CONNECTOR_LOG_LEVEL")
        with PluginHost(**{name: None for name in gone}) as host:
            self.assertEqual(host.specify().name, "mysql-cdc")

    def test_a_wrong_cookie_or_none_is_a_person(self):
        for cookie in ("", "wrong", COOKIE + "0"):
            with self.subTest(cookie=cookie):
                done = subprocess.run([PROGRAM, "version"], capture_output=True, text=True, timeout=TIMEOUT_S,
                                      env={**os.environ, "CONDUIT_PLUGIN_MAGIC_COOKIE": cookie})
                self.assertEqual((done.returncode, done.stdout.split()[0]), (0, "mysql-cdc"))

    def test_stdout_stays_silent_and_the_log_is_json_with_text_level_and_message(self):
        with PluginHost() as host:
            host.configure(url="mysql://cdc@127.0.0.1:1/")
            host.open()
            with host.run():
                host.await_message("trying again")
            host.shut_down()
            self.assertEqual(host.process.stdout.read(), b"")
            for line in host.raw_messages:
                parsed = json.loads(line)
                self.assertIn(parsed["@level"], ("debug", "info", "warn", "error"))
                self.assertIsInstance(parsed["@message"], str)

    def test_log_level_of_the_host_holds(self):
        with PluginHost(CONDUIT_CONNECTOR_LOG_LEVEL="error") as host:
            host.configure(url="mysql://cdc@127.0.0.1:1/", cdc__disableLogs="true")
            host.shut_down()
            self.assertEqual(host.messages, [])


class End(unittest.TestCase):
    def is_alive(self, pid):
        try:
            return ") Z " not in Path("/proc", pid, "stat").read_text()  # nobody may be there to reap it
        except OSError:
            return False

    def assert_clean(self, host):
        self.assertEqual(leftovers(host.folder.name), [])

    def test_shutdown_is_answered_and_soon_the_end(self):
        with PluginHost() as host:
            host.specify()
            took_s, status = host.shut_down()
            self.assertEqual(status, 0)
            self.assertLess(took_s, SHUTDOWN_S * ROOM)
            self.assert_clean(host)

    def test_shutdown_while_run_is_open(self):
        with PluginHost() as host:
            host.configure(url="mysql://cdc@127.0.0.1:1/")
            host.open()
            run = host.run()
            host.await_message("trying again")
            took_s, status = host.shut_down()
            self.assertEqual(status, 0)
            self.assertLess(took_s, SHUTDOWN_S * ROOM)
            self.assertIsNotNone(run.await_end())
            self.assert_clean(host)

    def test_ctrl_c_is_the_hosts_to_handle(self):
        with PluginHost() as host:
            host.process.send_signal(signal.SIGINT)
            self.assertEqual(host.specify().name, "mysql-cdc")
            self.assertEqual(host.shut_down()[1], 0)

    def test_after_sigterm_the_host_may_still_end_it_in_order(self):
        with PluginHost() as host:
            host.process.send_signal(signal.SIGTERM)
            host.configure(url="mysql://cdc@127.0.0.1:1/")
            host.open()
            self.assertEqual(host.stop(), b"")
            host.teardown()
            self.assertEqual(host.shut_down()[1], 0)
            self.assert_clean(host)

    def test_a_second_sigterm_ends_it_at_once(self):
        with PluginHost() as host:
            host.specify()
            host.process.send_signal(signal.SIGTERM)
            give_up = time.monotonic() + TIMEOUT_S
            while host.process.poll() is None and time.monotonic() < give_up:
                host.process.send_signal(signal.SIGTERM)
                time.sleep(0.05)
            self.assertEqual(host.process.poll(), 130)

    def test_it_does_not_outlive_its_host(self):
        # The host is a process of its own here: it starts the plugin, tells its pid and socket, and is killed.
        script = ("import os, subprocess, sys, time\n"
                  "p = subprocess.Popen([sys.argv[1]], stdout=subprocess.PIPE)\n"
                  "print(p.pid, p.stdout.readline().decode().split('|')[3], flush=True)\n"
                  "time.sleep(600)\n")
        with PluginHost() as other:  # for its folder
            host = subprocess.Popen([sys.executable, "-c", script, PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                    env={**os.environ, "CONDUIT_PLUGIN_MAGIC_COOKIE": COOKIE, "TMPDIR": other.folder.name})
            pid, path = host.stdout.readline().split()
            host.kill()
            host.wait()
            host.stdout.close()
            give_up = time.monotonic() + TIMEOUT_S
            while self.is_alive(pid) and time.monotonic() < give_up:
                time.sleep(0.02)
            self.assertFalse(self.is_alive(pid))
            self.assertFalse(Path(path).exists())

    @long_only  # Takes a minute.
    def test_whom_nobody_calls_ends(self):
        with PluginHost() as host:
            self.assertEqual(host.process.wait(90), 0)
            host.await_message("no host has called")
            self.assert_clean(host)

    @long_only  # Takes ten seconds.
    def test_sigterm_without_a_host_that_cares(self):
        with PluginHost() as host:
            host.specify()
            host.process.send_signal(signal.SIGTERM)
            self.assertEqual(host.process.wait(30), 0)
            host.await_message("SIGTERM")
            self.assert_clean(host)


class Strangers(unittest.TestCase):
    """What else may come through the socket."""

    def test_garbage_on_the_socket_does_no_harm(self):
        with PluginHost() as host:
            for garbage in (b"GET / HTTP/1.1\r\n\r\n", os.urandom(4096), b"", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 100):
                with socket.socket(socket.AF_UNIX) as stranger:
                    stranger.connect(host.address)
                    stranger.sendall(garbage)
            self.assertEqual(host.specify().name, "mysql-cdc")

    def test_calls_that_are_not_there_say_so(self):
        cases = {"/connector.v2.DestinationPlugin/Configure": "source connector", "/plugin.GRPCStdio/StreamStdio": "no such call",
                 "/plugin.GRPCBroker/StartStream": "no such call", "/connector.v1.SourcePlugin/Start": "no such call"}
        with PluginHost() as host:
            for method, text in cases.items():
                with self.subTest(method=method), self.assertRaises(grpc.RpcError) as caught:
                    host.call(method)
                self.assertEqual(caught.exception.code(), grpc.StatusCode.UNIMPLEMENTED)
                self.assertIn(text, caught.exception.details())

    def test_health(self):
        with PluginHost() as host:
            self.assertEqual(host.call("/grpc.health.v1.Health/Check", b"\x0a\x06plugin"), b"\x08\x01")


if __name__ == "__main__":
    unittest.main()
