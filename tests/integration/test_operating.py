"""The lines of docs/operating.md that keep a dry run going, as they stand there."""

import json
import os
import re
import signal
import stat
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from tests.support.program import PROGRAM, PROJECT, TIMEOUT_S
from tests.support.servers import Server

ROWS = 5


class KeptGoing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder, self.out = Path(folder.name), Path(folder.name, "changes.json")
        text = re.search(r"```bash\n(#!/bin/bash\n.*?)```", (PROJECT / "docs" / "operating.md").read_text(), re.S)[1]
        for told, here in (("/var/lib/mysql-cdc", folder.name), ("/etc/mysql-cdc", folder.name), ("exec mysql-cdc ", f"exec {Path(PROGRAM).resolve()} ")):
            self.assertIn(told, text)
            text = text.replace(told, here)
        self.script = self.folder / "run"
        self.script.write_text(text)
        self.script.chmod(self.script.stat().st_mode | stat.S_IXUSR)

    def start(self):
        return subprocess.Popen([self.script], stderr=subprocess.PIPE, text=True)

    def ids(self):
        return [json.loads(line)["payload"]["after"]["id"] for line in self.out.read_text().splitlines()] if self.out.exists() else []

    def await_rows(self, process, count):
        give_up = time.monotonic() + TIMEOUT_S
        while len(self.ids()) < count:
            self.assertLess(time.monotonic(), give_up)
            self.assertIsNone(process.poll())
            time.sleep(0.02)

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=TIMEOUT_S)

    def test_each_start_goes_on_behind_the_last_record(self):
        with Server("mariadb-10.11", binlog_row_metadata="FULL") as server:
            server.script("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY);")
            (self.folder / "shop.yaml").write_text(f"url: {json.dumps(server.url())}\n")
            process = self.start()
            while "connected to" not in process.stderr.readline():
                self.assertIsNone(process.poll())
            for number in range(3):
                server.query("INSERT INTO d.t VALUES " + ",".join(f"({ROWS * number + i})" for i in range(ROWS)))
                if number != 0:
                    process = self.start()  # What was committed in between comes too.
                self.await_rows(process, ROWS * (number + 1))
                self.end(process)
            self.assertEqual(self.ids(), list(range(3 * ROWS)))

            whole = self.out.read_text()
            self.out.write_text(whole[:-20])
            process = self.start()
            process.communicate(timeout=TIMEOUT_S)
            self.assertIn(process.returncode, (4, 5))
            self.assertEqual(self.out.read_text(), whole[:-20])


if __name__ == "__main__":
    unittest.main()
