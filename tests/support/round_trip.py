"""The rows of a server's tables by each way that the product reads them, as the bytes that it prints and the bytes that it sends."""

import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.records import stream
from tests.support.program import PROGRAM, environment
from tests.support.round_trip_values import Number

PROJECT = Path(__file__).resolve().parents[2]
DUMP = os.environ.get("RECORD_DUMP") or str(PROJECT / "build" / "tests" / "record_dump")
TIMEOUT_S = 300
AWAY = "Asia/Kathmandu"
LINE = re.compile(r'\{"position":"[^"]*","operation":"\w+","metadata":(?P<metadata>\{.*?\}),"key":(?P<key>.*?),"payload":\{"before":null,"after":(?P<image>.*)\}\}')


@dataclass(frozen=True)
class Printed:
    """A row as a JSON line has it: the texts of key and image, and which columns are marked."""

    key: str
    payload: str
    marks: tuple

    @property
    def values(self):
        return json.loads(self.payload, parse_int=Number, parse_float=Number)


@dataclass(frozen=True)
class Sent:
    """A row as a record has it: Avro bodies of key and image, and the schemas' texts."""

    key: bytes
    payload: bytes
    key_schema: str
    payload_schema: str


def printed_rows(lines):
    """By collection, in order."""
    out = {}
    for line in lines:
        found = LINE.fullmatch(line)
        metadata = json.loads(found["metadata"])
        marks = tuple(metadata.get(f"mysql.{mark}", "") for mark in ("invalidText", "unknownCharset"))
        out.setdefault(metadata["opencdc.collection"], []).append(Printed(found["key"], found["image"], marks))
    return out


def sent_rows(classes, data):
    """By collection, in order."""
    schemas, out = {}, {}
    for letter, content in stream.frames(data):
        if letter == b"S":
            version, schema = stream.read_schema(content)
            schemas[schema.subject, version] = schema
        else:
            for record in classes.Source.Run.Response.FromString(content).records:
                texts = [stream.schema_of(dict(record.metadata), part, schemas) for part in ("key", "payload")]
                sent = Sent(record.key.raw_data, record.payload.after.raw_data, *(schema.text for schema in texts))
                out.setdefault(record.metadata["opencdc.collection"], []).append(sent)
    return out


def split(output):
    return output.decode().split("\n")[:-1]  # splitlines() knows too many ends of lines.


def run(words, url="", zone=AWAY):
    """`zone`: the TZ of the program; SYSTEM is none."""
    variables = {name: value for name, value in environment(url).items() if name != "TZ"} | ({} if zone == "SYSTEM" else {"TZ": zone})
    done = subprocess.run(list(map(str, words)), capture_output=True, timeout=TIMEOUT_S, stdin=subprocess.DEVNULL, env=variables)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout


class Ways:
    """One server; every way gives (printed, sent)."""

    def __init__(self, server, tables):
        self.url, self.tables, self.classes = server.url(), tables, stream.generated_classes()

    def _both(self, command, dump, zone, settings):
        words = [piece for word in (f"tables={self.tables}", *settings) for piece in ("--set", word)]
        lines = run([PROGRAM, "dry-run", "--format", "json", *words, *command], self.url, zone)
        return printed_rows(split(lines)), self._sent(dump, zone, settings)

    def _sent(self, dump, zone, settings):
        return sent_rows(self.classes, run([DUMP, f"tables={self.tables}", *settings, *dump], self.url, zone))

    def live(self, start, zone=AWAY, settings=()):
        return self._both(["--from", start, "--until", "now"], ["live", start], zone, settings)

    def file(self, path, zone=AWAY):
        return self._both(["--binlog", path], [path], zone, ())

    def select(self, zone=AWAY, settings=()):
        with tempfile.NamedTemporaryFile() as lines:
            sent = self._sent([f"lines={lines.name}", "select"], zone, settings)
            return printed_rows(split(lines.read())), sent
