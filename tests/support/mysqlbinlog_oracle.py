"""What the servers' own tools read from a binlog, row by row: the pseudo-SQL of `mysqlbinlog -vv --print-table-metadata`, parsed.

    for row in read_rows(PRODUCTS["mysql-9.7"], path): row.kind, row.table, row.before, row.after

An image maps column positions, from 1, to cells; a column that is not in a partial image is not in it. Values stay as the
tool prints them, without quotes and escapes: golden/expected_values.py tells what they mean.
"""

import dataclasses
import os
import re
import subprocess
from dataclasses import dataclass, field

WORDS = ["-vv", "--base64-output=decode-rows", "--print-table-metadata"]
TIMEOUT_S = 60


@dataclass(frozen=True)
class Cell:
    text: bytes  # None is NULL.
    type: str  # As in the comment behind the value: INT, VARSTRING(40), BLOB/TEXT COMPRESSED.


@dataclass(frozen=True)
class Column:
    name: str  # Empty when the log has no names.
    type: str  # DECIMAL(10,2), BIGINT UNSIGNED, VARCHAR(20).
    charset: str  # Empty when the log does not say it.
    labels: tuple  # Of ENUM and SET, bytes in the column's charset; empty when not logged.
    logged: bool = True  # Whether the log says signs and charsets at all; the tool does not tell, so the caller sets it.


@dataclass
class Row:
    kind: str  # INSERT, UPDATE or DELETE
    schema: str
    table: str
    at: int  # Offset of the rows event in the file.
    columns: list
    before: dict = field(default_factory=dict)
    after: dict = field(default_factory=dict)


@dataclass
class Log:
    server_version: str = ""
    rows: list = field(default_factory=list)
    errors: str = ""  # What the tool said on stderr.


ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|.)", re.DOTALL)
HEX_ESCAPE = re.compile(rb"\\(x[0-9a-f]{2})")  # All that MariaDB's tool escapes in values: bytes below 0x20.
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"0": b"\0"}


def unescape(text, escape=ESCAPE):
    return escape.sub(lambda m: bytes([int(m[1][1:], 16)]) if len(m[1]) == 3 else LETTERS.get(m[1], m[1]), text)


QUOTED = rb"'(?:[^'\\]|\\.)*'"
NAME = rb"`(?P<name>.*?)` (?=[A-Z])"
# The tool of MariaDB 10.11 forgets the comma behind compressed columns.
COLUMN = re.compile(rb"(?:" + NAME + rb")?(?P<type>INVALID_TYPE\(\d+\)|(?:[^,(]|\((?:" + QUOTED + rb"|[^')])*\))+)(?:,\n)?", re.DOTALL)


def parse_columns(block):
    """The block behind `# Columns(`, without its comment signs and last parenthesis."""
    columns = []
    for found in COLUMN.finditer(block):
        type_text = found["type"]
        charset = re.search(rb" CHARSET (\w+)", type_text)
        labels = re.findall(QUOTED, type_text) if type_text.startswith((b"ENUM(", b"SET(")) else []
        bare = re.sub(rb" (CHARSET|COLLATE|NOT NULL|INVISIBLE).*", b"", type_text, flags=re.DOTALL)
        columns.append(Column(parse_name(unescape(found["name"] or b"")), "" if labels else bare.decode(),
                              charset[1].decode() if charset else "", tuple(unescape(label[1:-1]) for label in labels)))
    return columns


HEAD = re.compile(rb"### (INSERT|UPDATE|DELETE)(?: INTO| FROM)? `(.*)`\.`(.*)`$")
VALUE = re.compile(rb"###   @(\d+)=(.*?) */\* ([^*]*?) meta=\d+ nullable=[01] is_null=[01] \*/$", re.DOTALL)
XA = re.compile(rb"XA (START|PREPARE|COMMIT|ROLLBACK) (X'[0-9a-fA-F]*',X'[0-9a-fA-F]*',\d+)")
VERSION = re.compile(rb"Start: binlog v \d, server v (\S+)")


def parse_value(text, type_text, escape):
    if text == b"NULL":
        return Cell(None, type_text)
    return Cell(unescape(text[1:-1], escape) if text.startswith(b"'") else text, type_text)


def parse_name(text):
    return text.replace(b"``", b"`").decode()


class Parser:
    """Line by line; values hold no line breaks, the tool escapes them."""

    def __init__(self, escape):
        self.escape = escape
        self.log, self.at, self.tables, self.block, self.mapped, self.image = Log(), 0, {}, None, b"", None
        self.open, self.begun, self.prepared = b"", 0, {}  # XA: the open one, where in `rows` it begins; rows that wait for their commit, by name.

    def feed(self, line):
        if self.block is not None and line.startswith(b"#         "):
            self.block += b"\n" + line[10:]
        elif line.startswith(b"### "):
            self.row_line(line)
        elif line.startswith(b"#"):
            self.comment(line)
        elif found := XA.match(line):
            self.xa_statement(*found.groups())

    def xa_statement(self, verb, name):
        """Rows of an XA transaction count where it commits, if it does."""
        rows = self.log.rows
        if verb == b"START":
            self.open, self.begun = name, len(rows)
        elif verb == b"PREPARE":
            self.prepared[name], self.open = rows[self.begun:], b""
            del rows[self.begun:]
        elif name == self.open:  # Its PREPARE was cut out of the log.
            del rows[self.begun:]
        else:
            waiting = self.prepared.pop(name, [])
            rows += [dataclasses.replace(row, at=self.at) for row in waiting if verb == b"COMMIT"]

    @staticmethod
    def table_key(name):
        """Backticks inside names are doubled in one place and not in the other."""
        return name.replace(b"``", b"`")

    def end_block(self):
        if self.block is not None:
            self.tables[self.mapped] = parse_columns(self.block[:-1])
            self.block = None

    def comment(self, line):
        self.end_block()
        if line.startswith(b"# at "):
            self.at = int(line[5:])
        elif line.startswith(b"# Columns("):
            self.block = line[len(b"# Columns("):]
        elif b"Table_map: " in line:
            self.mapped = self.table_key(re.search(rb"Table_map: (`.*`) mapped to", line)[1])
        elif not self.log.server_version and VERSION.search(line):
            self.log.server_version = VERSION.search(line)[1].decode()

    def row_line(self, line):
        value = VALUE.match(line)
        if value:
            self.image[int(value[1])] = parse_value(value[2], value[3].decode(), self.escape)
            return
        head = HEAD.match(line)
        if head:
            name = self.table_key(b"`%s`.`%s`" % (head[2], head[3]))
            self.log.rows.append(Row(head[1].decode(), parse_name(head[2]), parse_name(head[3]), self.at, self.tables.get(name, [])))
        elif line in (b"### WHERE", b"### SET"):
            self.image = self.log.rows[-1].before if line == b"### WHERE" else self.log.rows[-1].after
        elif b"Don't know how to handle column type" in line:
            self.log.rows[-1].before = self.log.rows[-1].after = None  # The rest of the event is not printed.


def read_log(product, path):
    """The tool's words on stdout are parsed also when it fails half-way."""
    command = product.tool("binlog") + WORDS + [str(path)]
    done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, env={**os.environ, "TZ": "UTC"})
    parser = Parser(HEX_ESCAPE if product.family == "mariadb" else ESCAPE)
    for line in done.stdout.split(b"\n"):
        parser.feed(line)
    parser.log.errors = done.stderr.decode(errors="replace")
    return parser.log
