"""What tests/support/record_dump wrote, decoded by others: protobuf classes generated from proto/, and fastavro."""

import importlib
import io
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.products import cache_folder

PROJECT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 60
OPERATIONS = {1: "create", 2: "update", 3: "delete", 4: "snapshot"}
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
SCHEMA_KEYS = {f"opencdc.{part}.schema.{what}" for part in ("key", "payload") for what in ("subject", "version")}

sys.path.append(str(cache_folder() / "python"))  # Where ./dev setup puts what Debian lacks.
import fastavro  # noqa: E402


def generated_classes():
    """The module of connector/v2/source.proto, made by protoc in a folder that goes with this process."""
    folder = tempfile.TemporaryDirectory(prefix="mysql-cdc-proto-")
    files = [str(path.relative_to(PROJECT / "proto")) for path in (PROJECT / "proto").rglob("*.proto")]
    subprocess.run(["protoc", f"-I{PROJECT / 'proto'}", f"--python_out={folder.name}", *files], check=True, timeout=TIMEOUT_S)
    sys.path.insert(0, folder.name)
    module = importlib.import_module("connector.v2.source_pb2")
    module.kept_folder = folder
    return module


@dataclass(frozen=True)
class Schema:
    subject: str
    text: str
    parsed: dict

    def originals(self):
        """Names in the table by names in the schema."""
        return {one["name"]: one.get("doc", one["name"]) for one in self.parsed["fields"]}

    def types(self):
        return {one.get("doc", one["name"]): one["type"] for one in self.parsed["fields"]}


@dataclass(frozen=True)
class Image:
    """One image: by column name, as decoded; None in the place of all when the record has none."""

    values: dict
    types: dict = field(default_factory=dict)  # Avro types; empty for a Struct.


@dataclass(frozen=True)
class Record:
    position: bytes
    operation: str
    metadata: dict
    key: Image
    before: Image
    after: Image


def frames(data):
    at = 0
    while at < len(data):
        letter, size = data[at:at + 1], struct.unpack_from("<I", data, at + 1)[0]
        yield letter, data[at + 5:at + 5 + size]
        at += 5 + size


def make_schema(subject, text):
    parsed = fastavro.parse_schema(json.loads(text))
    for name in [parsed["name"].rpartition(".")[2], *(one["name"] for one in parsed["fields"])]:
        assert NAME.fullmatch(name), f"{name!r} is no Avro name"
    return Schema(subject, text, parsed)


def read_schema(content):
    version, size = struct.unpack_from("<II", content)
    return version, make_schema(content[8:8 + size].decode(), content[8 + size:].decode())


def decode(data, schema):
    """A Data message under the schema that the metadata names."""
    kind = data.WhichOneof("data")
    if kind is None:
        return Image(None)
    if kind == "structured_data":
        return Image(struct_values(data.structured_data))
    body = io.BytesIO(data.raw_data)
    values = fastavro.schemaless_reader(body, schema.parsed)
    assert body.read() == b"", "bytes behind the Avro body"
    names = schema.originals()
    return Image({names[name]: value for name, value in values.items()}, schema.types())


def struct_values(message):
    def plain(value):
        kind = value.WhichOneof("kind")
        if kind == "list_value":
            return [plain(one) for one in value.list_value.values]
        return None if kind == "null_value" else getattr(value, kind)

    return {name: plain(value) for name, value in message.fields.items()}


def schema_of(metadata, part, schemas):
    version = metadata.get(f"opencdc.{part}.schema.version")
    if version is None:
        return None
    return schemas[metadata[f"opencdc.{part}.schema.subject"], int(version)]


def read_record(message, schemas):
    """`schemas`: by subject and version."""
    metadata = dict(message.metadata)
    key, payload = schema_of(metadata, "key", schemas), schema_of(metadata, "payload", schemas)
    return Record(message.position, OPERATIONS[message.operation], metadata, decode(message.key, key),
                  decode(message.payload.before, payload), decode(message.payload.after, payload))


def read(classes, path, words=()):
    """The records of a binlog file, and the schemas in the order of their registration. `words`: of record_dump."""
    program = os.environ.get("RECORD_DUMP", PROJECT / "build" / "tests" / "record_dump")
    away = {**os.environ, "TZ": "Asia/Kathmandu"}
    done = subprocess.run([program, *words, str(path)], capture_output=True, timeout=TIMEOUT_S, env=away)
    assert done.returncode == 0, done.stderr.decode()
    schemas, records = {}, []
    for letter, content in frames(done.stdout):
        if letter == b"S":
            version, schema = read_schema(content)
            schemas[schema.subject, version] = schema
        else:
            batch = classes.Source.Run.Response.FromString(content)
            records += [read_record(one, schemas) for one in batch.records]
    return records, list(schemas.values())
