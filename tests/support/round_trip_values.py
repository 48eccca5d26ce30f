"""Column types of both products with values at their edges and random ones, and how each is compared with the server's own text.

A Shape is a column type: `edges` are SQL literals, `draw` makes a further one. `asked` is the expression (with {} for the column) whose
text the server does not shorten, and `same(shown, text)` says whether a printed value is that: `shown` as in the JSON, numbers as
program.Number, `text` the bytes that the server sent.
"""

import base64
import json
import struct
from dataclasses import dataclass
from typing import Callable

HEX_DIGITS = "0123456789abcdef"


class Number(str):
    """A JSON number as it was printed."""


@dataclass(frozen=True)
class Shape:
    name: str
    sql: str
    edges: tuple
    draw: Callable  # random -> SQL literal
    asked: str
    same: Callable


def plain_number(shown, text):
    return str(shown) == text.decode()


def same_year(shown, text):
    return isinstance(shown, Number) and int(shown) == int(text)


def same_text(shown, text):
    return not isinstance(shown, Number) and shown == text.decode()


def same_double(shown, text):
    return isinstance(shown, Number) and struct.pack("<d", float(shown)) == struct.pack("<d", float(text))


def same_float(shown, text):
    return isinstance(shown, Number) and struct.pack("<f", float(shown)) == struct.pack("<f", float(text))


def same_bytes(shown, text):
    return base64.b64decode(shown, validate=True) == text


def same_geometry(shown, text):
    srid, wkb = struct.unpack("<I", text[:4])[0], text[4:]
    if srid:
        wkb = wkb[:1] + struct.pack("<II", struct.unpack("<I", wkb[1:5])[0] | 0x20000000, srid) + wkb[5:]
    return base64.b64decode(shown, validate=True) == wkb


def same_vector(shown, text):
    return b"".join(struct.pack("<f", float(one)) for one in shown) == text


def same_json(shown, text):
    return same_text(shown, text) and json.loads(shown) is not ...


def quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def hex_literal(data):
    return f"x'{data.hex()}'"


def random_bytes(random, size_max):
    return bytes(random.randrange(256) for _ in range(random.randint(0, size_max)))


def number_of_bits(random, bits):
    return random.getrandbits(random.randint(1, bits))


def integers():
    for name, bits in (("TINYINT", 8), ("SMALLINT", 16), ("MEDIUMINT", 24), ("INT", 32), ("BIGINT", 64)):
        half = 1 << (bits - 1)
        signed = tuple(map(str, (-half, -half + 1, -1, 0, 1, half - 1)))
        unsigned = tuple(map(str, (0, 1, half - 1, half, 2 * half - 1)))
        yield Shape(name, name, signed, lambda random, bits=bits: str(number_of_bits(random, bits - 1) * random.choice((1, -1))), "{}", plain_number)
        yield Shape(f"{name} UNSIGNED", f"{name} UNSIGNED", unsigned, lambda random, bits=bits: str(number_of_bits(random, bits)), "{}", plain_number)
    yield Shape("ZEROFILL", "INT(7) UNSIGNED ZEROFILL", ("0", "42", "4294967295"), lambda random: str(number_of_bits(random, 32)), "{}+0", plain_number)
    yield Shape("BOOL", "BOOL", ("0", "1"), lambda random: str(random.randrange(2)), "{}", plain_number)
    yield Shape("YEAR", "YEAR", ("0", "1901", "2155", "'0000'"), lambda random: str(random.randint(1901, 2155)), "{}", same_year)


def decimals():
    for precision, scale in ((1, 0), (1, 1), (9, 0), (9, 9), (10, 2), (18, 9), (19, 1), (30, 30), (38, 10), (65, 0), (65, 30)):
        whole, most = precision - scale, "9" * precision

        def literal(digits, sign="", whole=whole, scale=scale):
            return sign + (digits[:whole] or "0") + ("." + digits[whole:] if scale else "")

        edges = (literal(most), literal(most, "-"), literal("0" * precision), literal("0" * precision, "-"), literal("0" * (precision - 1) + "1", "-"))

        def draw(random, precision=precision, literal=literal):
            digits = "".join(random.choice("0123456789") for _ in range(precision))
            kept = random.randrange(precision)
            return literal("0" * kept + digits[kept:], random.choice(("", "-")))

        yield Shape(f"DECIMAL({precision},{scale})", f"DECIMAL({precision},{scale})", edges, draw, "{}", same_text)
    yield Shape("DECIMAL ZEROFILL", "DECIMAL(10,2) UNSIGNED ZEROFILL", ("0", "7.5", "99999999.99"), lambda random: f"{number_of_bits(random, 26)}.5", "{}+0",
                same_text)


def exponent_literal(number):
    text = repr(number)
    return text if "e" in text else text + "e0"


def draw_real(random, size, single):
    while True:
        number = struct.unpack("<f" if single else "<d", random.getrandbits(8 * size).to_bytes(size, "little"))[0]
        if number == number and abs(number) != float("inf"):
            return exponent_literal(number)


def reals():
    float_edges = ("0e0", "'-0'", "0e0*-1", "1e0", "-1.5e0", "16777216e0", "16777217e0", "0.1e0", "3.4028234663852886e38", "-3.4028234663852886e38",
                   "1.1754943508222875e-38", "1.401298464324817e-45", "-1.401298464324817e-45", "1e21", "1e-7", "123456.789e0")
    double_edges = ("0e0", "'-0'", "0e0*-1", "0.1e0", "-2.25e0", "1.7976931348623157e308", "-1.7976931348623157e308", "2.2250738585072014e-308", "5e-324",
                    "-5e-324", "9007199254740993e0", "1e15", "1e21", "1e-6", "1e-7", "123456789.123456789e0", "0.30000000000000004e0")
    yield Shape("FLOAT", "FLOAT", float_edges, lambda random: draw_real(random, 4, True), "{}*1e0", same_float)
    yield Shape("DOUBLE", "DOUBLE", double_edges, lambda random: draw_real(random, 8, False), "{}*1e0", same_double)
    cents = ("0", "0.01", "-0.01", "99999.99", "-1234.56", "'-0'")
    yield Shape("FLOAT(7,2)", "FLOAT(7,2)", cents, lambda random: f"{number_of_bits(random, 16)}.{random.randrange(100):02}", "{}*1e0", same_float)
    yield Shape("DOUBLE(20,2)", "DOUBLE(20,2)", cents + ("999999999999999999.99", "90071992547409.93"),
                lambda random: f"{number_of_bits(random, 59)}.{random.randrange(100):02}", "{}*1e0", same_double)
    yield Shape("DOUBLE ZEROFILL", "DOUBLE UNSIGNED ZEROFILL", ("0", "1.5e0", "1e300"), lambda random: repr(abs(float(draw_real(random, 8, False)))), "{}*1e0",
                same_double)
    yield Shape("FLOAT UNSIGNED", "FLOAT UNSIGNED", ("0", "16777216", "3e38"), lambda random: draw_real(random, 4, True).lstrip("-"), "{}*1e0", same_float)


def bits():
    for count in (1, 7, 8, 9, 31, 33, 63, 64):
        most = (1 << count) - 1
        yield Shape(f"BIT({count})", f"BIT({count})", ("0", "1", str(most), str(most >> 1)), lambda random, count=count: str(number_of_bits(random, count)), "{}",
                    same_bytes)


def fraction(random, digits):
    return "" if digits == 0 else "." + "".join(random.choice("0123456789") for _ in range(digits))


def clock(random):
    return f"{random.randrange(24):02}:{random.randrange(60):02}:{random.randrange(60):02}"


def draw_time(random, digits):
    hours = random.choice((0, random.randrange(24), random.randint(100, 837)))
    return quoted(f"{random.choice(('', '-'))}{hours:02}:{random.randrange(60):02}:{random.randrange(60):02}{fraction(random, digits)}")


def draw_date(random):
    if random.random() < 0.2:
        return f"{random.choice((0, random.randint(1, 9999))):04}-{random.randrange(13):02}-00"
    return f"{random.randint(0, 9999):04}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def temporals():
    dates = ("'0000-00-00'", "'2024-00-00'", "'2024-02-00'", "'2024-02-29'", "'1000-01-01'", "'9999-12-31'", "'0001-01-01'", "'1582-10-10'")
    yield Shape("DATE", "DATE", dates, lambda random: quoted(draw_date(random)), "CAST({} AS CHAR)", same_text)
    for digits in range(7):
        nines, least = "." + "9" * digits if digits else "", "." + "0" * (digits - 1) + "1" if digits else ""
        suffix = f"({digits})" if digits else ""
        times = ("'00:00:00'", f"'-00:00:00{least}'", f"'838:59:58{nines}'", f"'-838:59:58{nines}'", "'838:59:59'", "'-838:59:59'", f"'23:59:59{nines}'",
                 "'-00:00:01'", f"'-00:59:59{nines}'")
        yield Shape(f"TIME{suffix}", f"TIME{suffix}", times, lambda random, digits=digits: draw_time(random, digits), "CAST({} AS CHAR)", same_text)
        moments = ("'0000-00-00 00:00:00'", f"'9999-12-31 23:59:59{nines}'", f"'1000-01-01 00:00:00{least}'", "'2024-00-00 00:00:00'", "'2024-02-00 01:02:03'",
                   f"'2024-02-29 12:34:56{nines}'", "'1970-01-01 00:00:00'")
        yield Shape(f"DATETIME{suffix}", f"DATETIME{suffix}", moments,
                    lambda random, digits=digits: quoted(f"{draw_date(random)} {clock(random)}{fraction(random, digits)}"), "CAST({} AS CHAR)", same_text)
        instants = ("'0000-00-00 00:00:00'", "'1970-01-01 00:00:01'", f"'1970-01-01 00:00:01{least}'", f"'2038-01-19 03:14:07{nines}'", "'2024-02-29 12:34:56'",
                    f"'2001-09-09 01:46:40{least}'")
        yield Shape(f"TIMESTAMP{suffix}", f"TIMESTAMP{suffix}", instants,
                    lambda random, digits=digits: quoted(f"{random.randint(1971, 2037)}-{random.randint(1, 12):02}-{random.randint(1, 28):02} "
                                                         f"{clock(random)}{fraction(random, digits)}"), "CAST({} AS CHAR)", same_text)


TEXTS = ("''", "' lead'", "'trail  '", "'plain'", "'<&>\"\\\\ \\0\\t\\n\\r\\Z'", "'grüße €'", "'😀 𝄞'", "'日本語'", "'\u2028\ufeff\u00a0'", "'null'", "'NULL'", "'?'",
         "'\ufffd'")


def draw_text(random):
    alphabet = "abc äß€日本😀\\'\"\n\t\x01\u200d?é"
    return quoted("".join(random.choice(alphabet) for _ in range(random.randint(0, 30))))


def texts(types=("CHAR(40)", "VARCHAR(40)", "VARCHAR(300)", "TINYTEXT", "TEXT", "MEDIUMTEXT", "LONGTEXT"), suffix=""):
    for name in types:
        large = {"TEXT": 60_000, "MEDIUMTEXT": 70_000, "LONGTEXT": 300_000, "TINYTEXT": 255, "VARCHAR(300)": 300, "VARCHAR(40)": 40, "CHAR(40)": 40}[name]
        yield Shape(name + suffix, name + suffix + " CHARACTER SET utf8mb4", TEXTS + (f"REPEAT('x', {large})",), draw_text, "{}", same_text)


def binaries():
    values = ("x''", "x'00'", "x'ff'", "x'0000'", "x'20'", "x'6100'", "x'006100'", "x'c3a9'")
    for name, most in (("BINARY(1)", 1), ("BINARY(8)", 8), ("BINARY(16)", 16), ("BINARY(255)", 255), ("VARBINARY(20)", 20), ("VARBINARY(300)", 300),
                       ("TINYBLOB", 255), ("BLOB", 60_000), ("MEDIUMBLOB", 70_000), ("LONGBLOB", 300_000)):
        fitting = tuple(one for one in values if len(one) // 2 - 1 <= most)
        yield Shape(name, name, fitting + (f"REPEAT(x'00', {most})", f"REPEAT(x'a7', {most})"),
                    lambda random, most=most: hex_literal(random_bytes(random, min(most, 40))), "{}", same_bytes)


def labels():
    yield Shape("ENUM", "ENUM('small','médium','l-arge','it''s','x y') CHARACTER SET utf8mb4", ("0", "1", "'médium'", "'it''s'", "5", "'no such'"),
                lambda random: str(random.randint(1, 5)), "{}", same_text)
    yield Shape("ENUM with an empty label", "ENUM('','x')", ("0", "1", "2", "''", "'no such'"), lambda random: str(random.randint(1, 2)), "{}", same_text)
    yield Shape("ENUM latin1", "ENUM('über','z?') CHARACTER SET latin1", ("1", "2", "0"), lambda random: str(random.randint(1, 2)), "CONVERT({} USING utf8mb4)", same_text)
    many = ",".join(f"'label {i}'" for i in range(300))
    yield Shape("ENUM of 300", f"ENUM({many})", ("1", "255", "256", "300"), lambda random: str(random.randint(1, 300)), "{}", same_text)
    yield Shape("SET", "SET('read','write','exé','a b') CHARACTER SET utf8mb4", ("0", "1", "15", "'exé,read'", "8"), lambda random: str(random.randrange(16)), "{}",
                same_text)
    members = ",".join(f"'m{i}'" for i in range(64))
    yield Shape("SET of 64", f"SET({members})", ("0", "1", "9223372036854775808", "18446744073709551615", "'m63,m0'"), lambda random: str(random.getrandbits(64)), "{}",
                same_text)


def shapes_geometry(srid):
    kinds = ("POINT(1 2)", "POINT(-1.5 2.25)", "LINESTRING(0 0,1 1,2 2)", "POLYGON((0 0,0 1,1 1,0 0))", "MULTIPOINT(0 0,1 1)",
             "GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))")
    edges = tuple(f"ST_GeomFromText('{kind}', {number})" for kind in kinds for number in (0, srid))
    yield Shape("GEOMETRY", "GEOMETRY", edges,
                lambda random: f"ST_GeomFromText('POINT({random.uniform(-80, 80)!r} {random.uniform(-80, 80)!r})', {random.choice((0, srid))})", "{}", same_geometry)


JSON_TEXTS = ("'{}'", "'[]'", "'null'", "'\"\"'", "'{\"b\": 1, \"aa\": [true, false, null]}'", "'[0.1, 1e300, -0.0, 1.0, 1e15, 123456789.125]'",
              "'[18446744073709551615, -9223372036854775808, 100000000000000000000]'", "'\"q\\\\\"\\\\u0001é😀\\\\n\"'")


def shapes_vector(function):
    edges = ("'[0,0,0]'", "'[1,2.5,-3e-5]'", "'[0,-0,1e38]'", "'[1e-37,3.4028235e38,0.1]'")
    yield Shape("VECTOR", "VECTOR(3)", tuple(f"{function}({one})" for one in edges),
                lambda random: f"{function}('[{random.uniform(-9, 9)!r},{random.random()!r},{random.uniform(-1e30, 1e30)!r}]')", "{}", same_vector)


def mysql_shapes():
    yield from shapes_geometry(4326)
    yield from shapes_vector("STRING_TO_VECTOR")
    typed = ("JSON_OBJECT('dec', CAST(123.4500 AS DECIMAL(10,4)), 'date', CAST('2024-02-29' AS DATE), 'time', CAST('-12:34:56.789' AS TIME(3)))",
             "JSON_ARRAY(CAST('2024-02-29 12:34:56.123456' AS DATETIME(6)), x'00ff', b'101', CAST(2024 AS YEAR))",
             "CONCAT('[\"', REPEAT('v', 70000), '\"]')", "CAST(ST_GeomFromText('POINT(1 2)') AS JSON)")
    yield Shape("JSON", "JSON", JSON_TEXTS + typed,
                lambda random: quoted(json.dumps({f"k{random.randrange(9)}": random.uniform(-1e9, 1e9), "n": random.randint(-2**63, 2**63 - 1)})), "CAST({} AS CHAR)",
                same_json)


def draw_uuid(random):
    digits = "".join(random.choice(HEX_DIGITS) for _ in range(32))
    return quoted("-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])))


def mariadb_shapes():
    yield from shapes_geometry(3857)
    yield Shape("JSON", "JSON", JSON_TEXTS, lambda random: quoted(json.dumps([random.random(), "é"])), "{}", same_text)
    yield Shape("UUID", "UUID", ("'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-7fff-bfff-ffffffffff00'", "'123e4567-e89b-12d3-a456-426655440000'"),
                draw_uuid, "CAST({} AS CHAR)", same_text)
    yield Shape("INET4", "INET4", ("'0.0.0.0'", "'255.255.255.0'", "'192.0.2.1'"), lambda random: quoted(".".join(str(random.randrange(256)) for _ in range(4))),
                "CAST({} AS CHAR)", same_text)
    yield Shape("INET6", "INET6", ("'::'", "'::1'", "'2001:db8::ff00'", "'::ffff:192.0.2.1'", "'::192.0.2.1'", "'1:0:0:2:0:0:0:3'", "'fe80::'", "'1:0:2:3:4:5:6:7'"),
                lambda random: quoted(":".join(random.choice(("0", f"{random.getrandbits(16):x}")) for _ in range(8))), "CAST({} AS CHAR)", same_text)
    yield Shape("YEAR(2)", "YEAR(2)", ("0", "'00'", "70", "1970", "2069", "69"), lambda random: str(random.randint(1970, 2069)), "YEAR({})", same_year)
    yield Shape("VARCHAR COMPRESSED", "VARCHAR(4000) COMPRESSED CHARACTER SET utf8mb4", ("''", "'é'", "REPEAT('abc€', 900)"), draw_text, "{}", same_text)
    yield Shape("TEXT COMPRESSED latin1", "TEXT COMPRESSED CHARACTER SET latin1", ("''", "'é'", "REPEAT('café', 900)"), lambda random: f"REPEAT('é', {random.randrange(500)})",
                "CONVERT({} USING utf8mb4)", same_text)
    yield Shape("BLOB COMPRESSED", "LONGBLOB COMPRESSED", ("x''", "x'00'", "REPEAT(x'00ff', 9000)"), lambda random: hex_literal(random_bytes(random, 300)), "{}", same_bytes)


def same_in_charset(shown, text):
    """`text`: the stored bytes and what the server makes of them, both in hex digits. What is not of the charset stays bytes."""
    stored, converted = (bytes.fromhex(part) for part in text.decode().split(":"))
    return shown.encode() == converted or base64.b64decode(shown) == stored


def charset_shapes(names):
    for name in names:
        for kind in ("VARCHAR(20)", "CHAR(8)"):
            yield Shape(f"{kind} {name}", f"{kind} CHARACTER SET {name}", ("''", "'abc'", "'a '", "x'e4'", "x'8140'", "x'00e4'", "x'ff'", "x'98'", "'?'"),
                        lambda random: hex_literal(random_bytes(random, 8)), "CONCAT(HEX({}), ':', COALESCE(HEX(CONVERT({} USING utf8mb4)), ''))", same_in_charset)


def common_shapes():
    for group in (integers, decimals, reals, bits, temporals, texts, binaries, labels):
        yield from group()
