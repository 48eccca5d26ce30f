"""Random walks over the calls of the protocol, in any order, some cancelled: every call ends, an error says something, and at the end nothing is
left: no thread, descriptor, socket file or connection to the server."""

import contextlib
import os
import random
import time
import unittest
from pathlib import Path

import grpc

from tests.support.plugin_case import PluginCase, start_scene
from tests.support.plugin_host import SOURCE, TIMEOUT_S, messages, source
from tests.support.program import LONG

# The long run explores; it prints the seed, and CDC_SEED repeats it.
SEED = int(os.environ.get("CDC_SEED") or (time.time_ns() % 1_000_000 if LONG else 11))
WALKS = 100 if LONG else 12
STEPS = 60
CANCELLED = 0.3  # The share of calls that are.
FD_ROOM = 1  # One socket more was seen once in two thousand walks; links to the server are looked for by themselves.
ROOM = 6  # Threads of gRPC's own pool, which come and go.
POSITIONS = (b"", b"", b"", b"garbage", b"\xff")


def setUpModule():
    start_scene()


def count(pid, what):
    return len(os.listdir(f"/proc/{pid}/{what}"))


def descriptors(pid):
    """What they are: `tcp` is a link to the server."""
    tcp = {line.split()[9] for file in ("tcp", "tcp6") for line in Path("/proc/net", file).read_text().splitlines()[1:]}
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed a moment ago
            found.append(os.readlink(entry))
    return ["tcp" if name.startswith("socket:[") and name[8:-1] in tcp else name for name in found]


class Walk:
    """One process and what is done with it."""

    def __init__(self, test, chance):
        self.test, self.chance, self.host, self.runs, self.told = test, chance, test.host(), [], []
        self.config = {"url": test.server.url(), "tables": "shop.*", "snapshot.mode": "never"}
        self.host.specify()
        self.before = {what: count(self.host.process.pid, what) for what in ("task", "fd")}

    def step(self):
        kinds = {self.configure: 3, self.open: 3, self.run: 4, self.cancel_run: 3, self.stop: 2, self.lifecycle: 2, self.specify: 1,
                 self.health: 1, self.unknown: 1, self.garbage: 1, self.write: 3, self.teardown: 0.3}
        act = self.chance.choices(list(kinds), list(kinds.values()))[0]
        self.told.append(act.__name__)
        act()

    def call(self, method, request=b"", cancel=None):
        """Cancelled after a moment, or to its end; what comes back must be an answer or say something."""
        call = self.host.start_call(method, request)
        if self.chance.random() < CANCELLED if cancel is None else cancel:
            time.sleep(self.chance.choice([0, 0.001, 0.02]))
            call.cancel()
        try:
            call.result()
        except grpc.FutureCancelledError:
            pass
        except grpc.RpcError as error:
            self.check(error.code(), error.details())

    def check(self, code, text):
        self.test.assertIn(code, (grpc.StatusCode.OK, grpc.StatusCode.UNKNOWN, grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.CANCELLED), text)
        if code not in (grpc.StatusCode.OK, grpc.StatusCode.CANCELLED):
            self.test.assertTrue(text)
            self.test.assertNotIn("context canceled", text)

    def configure(self):
        config = self.chance.choice([self.config, self.config, {}, {"tabels": "x"}, {**self.config, "url": "mysql://cdc@127.0.0.1:1/"}])
        self.call(SOURCE + "Configure", source().Configure.Request(config=config).SerializeToString())

    def open(self):
        self.call(SOURCE + "Open", source().Open.Request(position=self.chance.choice(POSITIONS)).SerializeToString())

    def run(self):
        self.runs.append(self.host.run(acknowledge=self.chance.choice(["each", "batch", "never"]), reading=self.chance.random() < 0.8))

    def cancel_run(self):
        if self.runs:
            self.chance.choice(self.runs).cancel()

    def stop(self):
        self.call(SOURCE + "Stop", cancel=True)  # Or it may wait for a Run that does not come.

    def lifecycle(self):
        self.call(SOURCE + self.chance.choice(["LifecycleOnCreated", "LifecycleOnUpdated", "LifecycleOnDeleted"]))

    def specify(self):
        self.call("/connector.v2.SpecifierPlugin/Specify")

    def health(self):
        self.call("/grpc.health.v1.Health/Check")

    def unknown(self):
        self.call("/connector.v2.DestinationPlugin/Configure")

    def garbage(self):
        self.call(SOURCE + self.chance.choice(["Configure", "Open"]), b"\xff\xff\xff")

    def write(self):
        self.test.insert(3)

    def teardown(self):
        self.call(SOURCE + "Teardown")

    def finish(self):
        """As a host does at the end; then nothing may be left."""
        for run in self.runs:
            run.cancel()
            self.check(*run.await_end())
        self.call(SOURCE + "Teardown", cancel=False)
        pid = self.host.process.pid
        self.test.await_that(lambda: self.test.connections() == 0, "the end of the connections")
        try:
            self.test.await_that(lambda: "tcp" not in descriptors(pid), "the end of the links")
            self.test.await_that(lambda: count(pid, "fd") <= self.before["fd"] + FD_ROOM, f"the end of descriptors beyond {self.before['fd']}")
        except AssertionError:
            print(descriptors(pid), flush=True)
            raise
        self.test.await_that(lambda: count(pid, "task") <= self.before["task"] + ROOM, f"the end of threads beyond {self.before['task']}")
        took_s, status = self.host.shut_down()
        self.test.assertEqual(status, 0)
        self.test.assertLess(took_s, TIMEOUT_S / 10)
        self.test.assertEqual(list(Path(self.host.folder.name).iterdir()), [])


class Walks(PluginCase):
    def test_every_walk_ends_and_leaves_nothing(self):
        print(f"seed {SEED}, {WALKS} walks of {STEPS} calls", flush=True)
        messages("connector/v2/source")
        for number in range(WALKS):
            walk = Walk(self, random.Random(f"{SEED} {number}"))
            with self.subTest(walk=number):
                try:
                    for _ in range(STEPS):
                        walk.step()
                    walk.finish()
                except Exception:
                    print(f"walk {number}: {' '.join(walk.told)}", flush=True)
                    raise


if __name__ == "__main__":
    unittest.main()
