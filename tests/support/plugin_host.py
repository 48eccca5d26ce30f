"""A host double: starts the program as Conduit does and makes the calls of the connector protocol, in any order.

    with PluginHost() as host:
        host.configure(url=…, tables="shop.*")
        host.open()
        with host.run() as run:
            run.await_records(3)

Messages are Python classes that protoc makes from proto/ when first needed.
"""

import atexit
import importlib
import json
import os
import queue
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent import futures
from functools import cache
from pathlib import Path

import grpc

from tests.support.program import PROGRAM, PROJECT

COOKIE = "204e8e812c3a1bb73b838928c575b42a105dd2e9aa449be481bc4590486df53f"
TIMEOUT_S = 20
SOURCE = "/connector.v2.SourcePlugin/"
OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1), ("grpc.enable_http_proxy", 0)]


@cache
def messages(name):
    """The generated module of proto/NAME.proto."""
    folder = Path(tempfile.gettempdir()) / f"mysql-cdc-proto-{os.getpid()}"
    if str(folder) not in sys.path:
        folder.mkdir(mode=0o700, exist_ok=True)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        protos = sorted(str(path.relative_to(PROJECT / "proto")) for path in (PROJECT / "proto").rglob("*.proto"))
        subprocess.run(["protoc", f"--proto_path={PROJECT / 'proto'}", f"--python_out={folder}", *protos], check=True)
        sys.path.insert(0, str(folder))
    return importlib.import_module(name.replace("/", ".") + "_pb2")


def source():
    return messages("connector/v2/source").Source


class Schemas:
    """The host's schema service: numbers schemas as Conduit's registry does. It may refuse calls (`refusals`: code and text of the next ones), be slow
    (`delays_s` of the next ones), or be down for a while (`pause`, `resume`)."""

    def __init__(self, token="a token"):
        self.token, self.by_subject, self.calls, self.refusals, self.delays_s, self.port = token, {}, [], [], [], 0
        self._over = threading.Event()
        self.resume()

    def resume(self):
        self._server = grpc.server(futures.ThreadPoolExecutor(4), options=[*OPTIONS, ("grpc.so_reuseport", 0)])
        service = messages("connutils/v1/schema_service")
        handler = grpc.unary_unary_rpc_method_handler(self._create, service.CreateSchemaRequest.FromString,
                                                      service.CreateSchemaResponse.SerializeToString)
        self._server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("connutils.v1.SchemaService", {"CreateSchema": handler})])
        self.port = self._server.add_insecure_port(f"[::]:{self.port}")
        self._server.start()

    def pause(self):
        self._server.stop(None).wait(TIMEOUT_S)

    @property
    def target(self):
        return f"[::]:{self.port}"

    def _create(self, request, context):
        self.calls.append(request.subject)
        if self.delays_s:
            self._over.wait(self.delays_s.pop(0))
        if dict(context.invocation_metadata()).get("conduit-connector-token") != self.token:
            context.abort(grpc.StatusCode.UNKNOWN, '"": invalid token')
        if self.refusals:
            context.abort(*self.refusals.pop(0))
        versions = self.by_subject.setdefault(request.subject, [])
        if request.bytes not in versions:
            versions.append(request.bytes)
        response = messages("connutils/v1/schema_service").CreateSchemaResponse()
        response.schema.subject, response.schema.version = request.subject, versions.index(request.bytes) + 1
        response.schema.type, response.schema.bytes = request.type, request.bytes
        return response

    def close(self):
        self._over.set()
        self._server.stop(None)


class Run:
    """A Run stream. Records are read by a thread of its own, and acknowledged as `acknowledge` says."""

    def __init__(self, stub, acknowledge="each", reading=True):
        self.records, self.error, self.batches = [], None, []
        self.acknowledge, self.reading = acknowledge, threading.Event()
        if reading:
            self.reading.set()
        self._outgoing, self._changed = queue.SimpleQueue(), threading.Condition()
        self.call = stub(iter(self._outgoing.get, None))
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cancel()

    def cancel(self):
        self.reading.set()
        self.call.cancel()
        self._outgoing.put(None)
        self._thread.join(TIMEOUT_S)

    def _read(self):
        try:
            self.reading.wait()
            for message in self.call:
                with self._changed:
                    self.records.extend(message.records)
                    self.batches.append(len(message.records))
                    self._changed.notify_all()
                self._acknowledge([record.position for record in message.records])
                self.reading.wait()
            self.error = grpc.StatusCode.OK, ""
        except grpc.RpcError as error:
            self.error = error.code(), error.details()
        with self._changed:
            self._changed.notify_all()

    def _acknowledge(self, positions):
        if self.acknowledge == "each":
            for position in positions:
                self.send_acks([position])
        elif self.acknowledge == "batch":
            self.send_acks(positions)

    def send_acks(self, positions):
        self._outgoing.put(source().Run.Request(ack_positions=positions))

    def _await(self, condition, what, timeout_s):
        with self._changed:
            if not self._changed.wait_for(condition, timeout_s):
                raise AssertionError(f"{what} did not come within {timeout_s} s; {len(self.records)} records, error {self.error}")

    def await_records(self, count, timeout_s=TIMEOUT_S):
        """Waits until so many have come; all so far."""
        self._await(lambda: len(self.records) >= count or self.error, f"record {count}", timeout_s)
        if len(self.records) < count:
            raise AssertionError(f"the stream ended after {len(self.records)} of {count} records: {self.error}")
        return self.records

    def await_end(self, timeout_s=TIMEOUT_S):
        """Waits for the end of the stream: status code and text."""
        self._await(lambda: self.error is not None, "the end", timeout_s)
        return self.error


class PluginHost:
    """One plugin process. `variables` replace or, with None, remove variables of its environment; `reading_log` False leaves
    its stderr unread."""

    def __init__(self, schemas=None, reading_log=True, **variables):
        self.folder = tempfile.TemporaryDirectory(prefix="mysql-cdc-host-")
        given = {"CONDUIT_PLUGIN_MAGIC_COOKIE": COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "1,2", "PLUGIN_MIN_PORT": "10000", "PLUGIN_MAX_PORT": "25000",
                 "CONDUIT_CONNECTOR_UTILITIES_GRPC_TARGET": schemas.target if schemas else "",
                 "CONDUIT_CONNECTOR_TOKEN": schemas.token if schemas else "irrelevant-token", "CONDUIT_CONNECTOR_ID": "p1:src",
                 "CONDUIT_CONNECTOR_LOG_LEVEL": "debug", "TMPDIR": self.folder.name, **variables}
        environment = {key: value for key, value in {**os.environ, **given}.items() if value is not None}
        self.process = subprocess.Popen([PROGRAM], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        self.messages, self.raw_messages, self.channel, self._changed = [], [], None, threading.Condition()
        self.address = self._read_address()
        self._thread = threading.Thread(target=self._read_log, daemon=True)
        if reading_log:
            self._thread.start()
        if self.address:
            self.connect()

    def _read_address(self):
        ready, _, _ = select.select([self.process.stdout], [], [], TIMEOUT_S)
        assert ready, "no handshake"
        self.handshake = self.process.stdout.readline().decode()
        return self.handshake.split("|")[3] if self.handshake else None

    def _read_log(self):
        for line in self.process.stderr:
            with self._changed:
                self.raw_messages.append(line)
                try:
                    self.messages.append(json.loads(line))
                except ValueError:
                    self.messages.append({"@level": "none", "@message": line.decode(errors="replace")})
                self._changed.notify_all()

    def connect(self):
        self.channel = grpc.insecure_channel(f"unix:{self.address}", options=OPTIONS)
        return self.channel

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.channel:
            self.channel.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(TIMEOUT_S)
        if self._thread.is_alive():
            self._thread.join(TIMEOUT_S)
        self.process.stdout.close()
        self.process.stderr.close()
        self.folder.cleanup()

    def await_message(self, text, timeout_s=TIMEOUT_S):
        """Waits for a log line that holds the text; it."""
        def found():
            return next((line for line in self.messages if text in line["@message"]), None)
        with self._changed:
            if not self._changed.wait_for(found, timeout_s):
                raise AssertionError(f"no log line with {text!r} within {timeout_s} s:\n" + "\n".join(line["@message"] for line in self.messages))
        return found()

    def call(self, method, request=b"", timeout_s=TIMEOUT_S):
        """A unary call, bytes to bytes; raises grpc.RpcError."""
        return self.start_call(method, request, timeout_s).result()

    def start_call(self, method, request=b"", timeout_s=TIMEOUT_S):
        return self.channel.unary_unary(method).future(request, timeout=timeout_s)

    def specify(self):
        response = messages("connector/v2/specifier").Specifier.Specify.Response
        return response.FromString(self.call("/connector.v2.SpecifierPlugin/Specify")).specification

    def configure(self, **config):
        """Keyword names with `__` for dots, as in snapshot__mode; snapshot.mode=never unless told."""
        entries = {"snapshot.mode": "never", **{key.replace("__", "."): str(value) for key, value in config.items()}}
        self.configure_with({key: value for key, value in entries.items() if value != "None"})

    def configure_with(self, entries):
        self.call(SOURCE + "Configure", source().Configure.Request(config=entries).SerializeToString())

    def open(self, position=b""):
        self.call(SOURCE + "Open", source().Open.Request(position=position).SerializeToString())

    def run(self, **options):
        return Run(self.channel.stream_stream(SOURCE + "Run", source().Run.Request.SerializeToString, source().Run.Response.FromString), **options)

    def stop(self, timeout_s=TIMEOUT_S):
        return source().Stop.Response.FromString(self.call(SOURCE + "Stop", timeout_s=timeout_s)).last_position

    def teardown(self, timeout_s=TIMEOUT_S):
        self.call(SOURCE + "Teardown", timeout_s=timeout_s)

    def shut_down(self):
        """Calls Shutdown as the host's kill does; the seconds until the process was gone, and its exit status."""
        began = time.monotonic()
        self.call("/plugin.GRPCController/Shutdown")
        answered = time.monotonic()
        status = self.process.wait(TIMEOUT_S)
        self.shutdown_took_s = time.monotonic() - began
        return time.monotonic() - answered, status

    def await_log_end(self):
        """Of a process that has ended: all that it said is in `messages`."""
        self._thread.join(TIMEOUT_S)

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)
