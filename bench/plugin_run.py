"""One run of the plugin under a host that is no obstacle: tests/support starts it and makes the calls with one answer, `bench-consumer`
takes the stream."""

import json
import os
import re
import struct
import subprocess
import tempfile
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from bench import digest
from bench.decode import our_command
from bench.measure import PROGRAM_CORE, SERVER_CORE, TIME_LIMIT_S, Candidate, Failed, Run, pin
from tests.records import compare, stream
from tests.support.plugin_host import PluginHost, Schemas
from tests.support.program import PROGRAM

TOOLS = Path(__file__).resolve().parents[1] / "build" / "bench" / "host"
CHECKED_RECORDS = 2000
PLAIN = {"CONDUIT_CONNECTOR_LOG_LEVEL": "info"}


@contextmanager
def opened_plugin(settings):
    """A plugin on its core, configured and opened, and the schema service that it asks."""
    schemas = Schemas()
    try:
        with PluginHost(schemas, **PLAIN) as host:
            pin(host.process.pid, PROGRAM_CORE)
            host.configure_with({"snapshot.mode": "never", **settings})
            host.open()
            yield host, schemas
    finally:
        schemas.close()


def settings_of(on, file):
    """All tables: the records that lie behind the load hold the plugin up, which would skip far ahead otherwise."""
    return {"url": on.server.url(tls="off"), "tables": "bench.*", "start": f"{file.name}:4"}


def start_consumer(host, records, acknowledge="batch", arrivals=None):
    words = ["--socket", host.address, "--process", str(host.process.pid), "--records", str(records), "--acknowledge", acknowledge]
    process = subprocess.Popen([TOOLS / "bench-consumer", *words, *(["--arrivals", arrivals] if arrivals else [])], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    pin(process.pid, SERVER_CORE)
    return process


def finish(process, what):
    """What a tool printed, once it has ended well."""
    try:
        out, err = process.communicate(timeout=TIME_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise Failed(f"{what} takes longer than {TIME_LIMIT_S} s") from None
    if process.returncode != 0:
        raise Failed(f"{what} ended with {process.returncode}: {err.strip()[-500:]}")
    return out


def peak_rss_kib(pid):
    return int(re.search(r"^VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text(), re.M)[1])


class PluginCandidate(Candidate):
    """The plugin over so many records. CPU seconds from its start until all acknowledgements were read, seconds on the clock of the stream."""

    def __init__(self, name, settings, records, acknowledge="batch", same_bytes=True):
        super().__init__(name, [])
        self.settings, self.records, self.acknowledge, self.same_bytes, self.bytes = settings, records, acknowledge, same_bytes, None

    def run(self):
        with opened_plugin(self.settings) as (host, _):
            seen = json.loads(finish(start_consumer(host, self.records, self.acknowledge), self.name))
            rss_kib = peak_rss_kib(host.process.pid)
        if self.same_bytes and self.bytes not in (None, seen["bytes"]):
            raise Failed(f"{self.name}: {seen['bytes']} bytes of records, {self.bytes} before")
        self.bytes = seen["bytes"]
        return Run(seen["end_cpu_s"], seen["last_s"] - seen["begun_s"], rss_kib)


def binlog_candidate(name, on, load, acknowledge="batch"):
    """The plugin over the binlog file of one load."""
    file = on.files[load.name]
    return PluginCandidate(name, settings_of(on, file), file.records, acknowledge)


def first_of(command, settings):
    """The first lines that a command prints, the first records of the plugin, and the schemas that it registered meanwhile."""
    with digest.lines_of(command) as printed:
        lines = list(islice(printed, CHECKED_RECORDS))
    with opened_plugin(settings) as (host, registry):
        with host.run(acknowledge="batch") as run:
            records = run.await_records(len(lines))
    schemas = {(subject, number): stream.make_schema(subject, text.decode()) for subject, versions in registry.by_subject.items()
               for number, text in enumerate(versions, 1)}
    return lines, records, schemas


def check_records(on, load):
    """Raises Failed unless the first records of the load say what the command line prints; that was compared with the server by `decode`."""
    file = on.files[load.name]
    settings = settings_of(on, file)
    command = [*our_command(PROGRAM, on, file, "live"), "--set", f"tables={settings['tables']}", "--limit", CHECKED_RECORDS]
    lines, records, schemas = first_of(command, settings)
    for number, (line, record) in enumerate(zip(lines, records), 1):
        if found := compare.differences(line, stream.read_record(record, schemas)):
            raise Failed(f"{load.name}, record {number}: {found[0]}")


def numbers_in(path):
    data = Path(path).read_bytes()
    return struct.unpack(f"<{len(data) // 8}q", data)


def commit_and_take(on, commits, per_second):
    """Commits at this pace while the plugin runs with its default settings. For each commit, nanoseconds until its record was with the
    host: after the commit was heard of, and after it was sent; and the part of a core that the plugin needed."""
    name, offset = on.server.position()
    settings = {"url": on.server.url(tls="off"), "tables": "bench.sbtest1", "start": f"{name}:{offset}"}
    with opened_plugin(settings) as (host, _), tempfile.TemporaryDirectory() as folder:
        arrivals, times = Path(folder, "arrivals"), Path(folder, "times")
        consumer = start_consumer(host, commits, arrivals=arrivals)
        words = ["--statement", "UPDATE bench.sbtest1 SET k = k + 1 WHERE id = %", "--count", str(commits), "--per-second", str(per_second),
                 "--times", times]
        writer = subprocess.Popen([TOOLS / "bench-committer", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True, env={**os.environ, "MYSQL_CDC_URL": on.server.url(user="root", over_socket=True)})
        finish(writer, "the writer")
        seen = json.loads(finish(consumer, "the stream"))
        came, told = numbers_in(arrivals), numbers_in(times)
    after_heard = [at - heard for at, heard in zip(came, told[1::2])]
    after_sent = [at - sent for at, sent in zip(came, told[::2])]
    busy = (seen["last_cpu_s"] - seen["first_cpu_s"]) / (seen["last_s"] - seen["first_s"])
    return after_heard, after_sent, busy
