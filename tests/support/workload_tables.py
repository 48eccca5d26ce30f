"""The tables of the scripted workload (workload.py) and random values for their columns.

A table's first column is a number that no two rows ever share; statements choose rows by it.
"""

import json
import random
import string
from dataclasses import dataclass, field

ODD_SCHEMA = "ödd d.b`x"
LETTERS = string.ascii_letters + " '\"\\%_,;\t\n" + "éüß" + "名前" + "😀"


@dataclass
class Column:
    name: str
    type: str
    value: object  # random.Random → a parameter
    placeholder: str = "%s"


@dataclass
class Table:
    schema: str
    name: str
    columns: list  # The first is the number.
    key: str = ""  # SQL list; empty for a table without key.
    options: str = ""
    transactional: bool = True
    moves: str = ""  # `SET` clause that changes keys, for rows below MOVED.
    ddl: list = field(default_factory=list)  # What was done to it after the first row, for the replay: (kind, arguments…).

    @property
    def collection(self):
        return f"{self.schema}.{self.name}"

    @property
    def sql_name(self):
        return f"{quoted(self.schema)}.{quoted(self.name)}"

    @property
    def number(self):
        return quoted(self.columns[0].name)

    def create_sql(self):
        columns = ", ".join(f"{quoted(c.name)} {c.type}" for c in self.columns)
        return f"CREATE TABLE {self.sql_name} ({columns}{f', PRIMARY KEY ({self.key})' if self.key else ''}) {self.options}"


def quoted(name):
    return "`" + name.replace("`", "``") + "`"


def _integer(low, high):
    return lambda r: r.choice([low, high, 0, 1, r.randint(low, high)])


def _text(most, letters=LETTERS):
    return lambda r: "".join(r.choice(letters) for _ in range(r.choice([0, 1, r.randint(0, most)])))


def _bytes(most):
    return lambda r: r.randbytes(r.choice([0, 1, most, r.randint(0, most)]))


def _decimal(whole, fraction):
    def value(r):
        digits = "".join(r.choice(string.digits) for _ in range(r.randint(1, whole)))
        return r.choice(["0", "-0.5", "9" * whole + "." + "9" * fraction, f"{r.choice(['', '-'])}{digits}.{r.randrange(10 ** fraction):0{fraction}}"])
    return value


def _time(fraction, form, low_year=1000, high_year=9999):
    def value(r):
        moment = form.format(y=r.randint(low_year, high_year), mo=r.randint(1, 12), d=r.randint(1, 28), h=r.randint(0, 23), mi=r.randint(0, 59),
                             s=r.randint(0, 59), sign=r.choice(["", "-"]), hours=r.choice([0, 23, 838, r.randint(0, 837)]) % 838)
        return moment + (f".{r.randrange(10 ** fraction):0{fraction}}" if fraction else "")
    return value


def _json(r):
    return json.dumps(r.choice([{}, [], "ü", 17, None, {"a": r.randint(-5, 5), "b c": [True, None, "x" * r.randint(0, 50)]}]), ensure_ascii=False)


def _point(r):
    return f"POINT({r.randint(-90, 90)} {r.randint(-90, 90)})"


DATE, CLOCK = "{y:04}-{mo:02}-{d:02}", "{h:02}:{mi:02}:{s:02}"
EVERY_TYPE = [
    Column("ti", "TINYINT", _integer(-128, 127)), Column("tu", "TINYINT UNSIGNED", _integer(0, 255)),
    Column("si", "SMALLINT", _integer(-32768, 32767)), Column("mi", "MEDIUMINT", _integer(-8388608, 8388607)),
    Column("mu", "MEDIUMINT UNSIGNED", _integer(0, 16777215)), Column("i", "INT", _integer(-2**31, 2**31 - 1)),
    Column("b", "BIGINT", _integer(-2**63, 2**63 - 1)), Column("bu", "BIGINT UNSIGNED", _integer(0, 2**64 - 1)),
    Column("de", "DECIMAL(30,10)", _decimal(20, 10)), Column("f", "FLOAT", lambda r: round(r.uniform(-1e6, 1e6), 3)),
    Column("db", "DOUBLE", lambda r: r.uniform(-1, 1) * 10.0 ** r.randint(-300, 300)), Column("bt", "BIT(17)", _integer(0, 2**17 - 1)),
    Column("y", "YEAR", lambda r: r.randint(1901, 2155)), Column("da", "DATE", _time(0, DATE)), Column("dt", "DATETIME", _time(0, f"{DATE} {CLOCK}")),
    Column("dt6", "DATETIME(6)", _time(6, f"{DATE} {CLOCK}")), Column("ts", "TIMESTAMP(3) NULL", _time(3, f"{DATE} {CLOCK}", 1971, 2037)),
    Column("t", "TIME(6)", _time(6, "{sign}{hours}:{mi:02}:{s:02}")), Column("c", "CHAR(10)", _text(10)), Column("v", "VARCHAR(300)", _text(300)),
    Column("tx", "MEDIUMTEXT", _text(2000)), Column("l1", "VARCHAR(50) CHARACTER SET latin1", _text(50, "aé€ß ")),
    Column("u16", "VARCHAR(50) CHARACTER SET utf16", _text(50)), Column("u3", "TEXT CHARACTER SET utf8mb3", _text(50, "aé名")),
    Column("bi", "BINARY(8)", _bytes(8)), Column("vb", "VARBINARY(300)", _bytes(300)), Column("bl", "LONGBLOB", _bytes(5000)),
    Column("e", "ENUM('α','b,c','d''e')", lambda r: r.choice(["α", "b,c", "d'e"])), Column("s", "SET('x','y','ž')", lambda r: r.choice(["", "x", "x,ž", "x,y,ž"])),
    Column("j", "JSON", _json), Column("g", "POINT", _point, "ST_GeomFromText(%s)"),
]
TEXT, NUMBER = _text(40), _integer(-2**31, 2**31 - 1)


def make_tables(family):
    def number(name="id"):
        return Column(name, "INT", None)

    def few(prefix=""):
        return [Column(prefix + "n", "INT", NUMBER), Column(prefix + "v", "VARCHAR(60)", TEXT)]

    parts = "PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (40), PARTITION p1 VALUES LESS THAN (1000100), PARTITION p2 VALUES LESS THAN MAXVALUE)"
    compressed = " COMPRESSED" if family == "mariadb" else ""
    return {t.name: t for t in [
        Table("d", "wide", [number(), *EVERY_TYPE], "id", moves="id = id + 1000000"),
        Table("d", "pair", [number("a"), Column("k", "VARCHAR(60) NOT NULL", lambda r: "k" + TEXT(r)), *few()], "k, a", moves="k = CONCAT(LEFT(k, 50), 'X'), a = a + 1000000"),
        Table("d", "line", [number(), *few()], "id"),
        Table("d", "keyless", [number(), *few(), Column("bl", "BLOB", _bytes(30))]),
        Table("d", "flat", [number(), *few()], "id", "ENGINE=MyISAM", False, "id = id + 1000000"),
        Table("d", "parted", [number(), *few()], "id", parts, moves="id = id + 1000000"),
        Table(ODD_SCHEMA, "nà,me `1` \"2\"", [number("na`me 名"), *few("ü \"x\" \\ ")], quoted("na`me 名"), moves="`na``me 名` = `na``me 名` + 1000000"),
        Table("d", "packed", [number(), Column("t", f"TEXT{compressed}", _text(900)), Column("v", f"VARCHAR(500){compressed}", _text(400))], "id"),
        Table("d", "evolving", [number(), *few()], "id", moves="id = id + 1000000"),
    ]}


def value_of(column, r: random.Random):
    """A value for a column that is not the number: NULL often enough."""
    return None if r.random() < 0.15 and "NOT NULL" not in column.type else column.value(r)
