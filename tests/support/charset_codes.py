"""Which byte sequences can be a character of a charset: what the generator of the tables and the test of all code points ask a server.

A superset: whether a sequence is a character, and which, is the server's answer.
"""

UNICODE = {"ucs2": "utf-16-be", "utf16": "utf-16-be", "utf16le": "utf-16-le", "utf32": "utf-32-be"}  # Python's names of them.
UTF8 = ("utf8mb3", "utf8mb4")
REPLACEMENTS = ("?", "\ufffd")  # What the servers put where there is no character.


def charsets(server):
    """Names and bytes of the longest character, without the one that has no characters."""
    return [(name, size) for name, size in server.query("SELECT CHARACTER_SET_NAME, MAXLEN FROM information_schema.CHARACTER_SETS ORDER BY 1")
            if name != "binary"]


def collations(server):
    """Number, charset and name of each."""
    table, name = (("COLLATION_CHARACTER_SET_APPLICABILITY", "FULL_COLLATION_NAME")
                   if server.is_mariadb and server.query("SELECT VERSION()")[0][0] >= "10.10" else ("COLLATIONS", "COLLATION_NAME"))
    return server.query(f"SELECT ID, CHARACTER_SET_NAME, {name} FROM information_schema.{table} ORDER BY 1")


def _unicode_codes(charset):
    order = "little" if charset == "utf16le" else "big"
    if charset == "utf32":
        return [code.to_bytes(4, "big") for code in range(0x110010)]
    codes = [code.to_bytes(2, order) for code in range(0x10000)]
    if charset != "ucs2":
        codes += [chr(code).encode(UNICODE[charset]) for code in range(0x10000, 0x110000)]
    return codes


def _utf8_codes(max_bytes):
    last = 0x10000 if max_bytes == 3 else 0x110000
    return [chr(code).encode() for code in range(last) if not 0xD800 <= code <= 0xDFFF]


def four_byte_codes():
    """Of gb18030."""
    digits, marks = range(0x30, 0x3A), range(0x81, 0xFF)
    return [bytes((a, b, c, d)) for a in marks for b in digits for c in marks for d in digits]


def codes(charset, max_bytes):
    """Of one to `max_bytes` bytes, but not the 4-byte codes of gb18030."""
    if charset in UNICODE:
        return _unicode_codes(charset)
    if charset in UTF8:
        return _utf8_codes(max_bytes)
    out = [bytes((a,)) for a in range(0x100)]
    if max_bytes > 1:
        out += [bytes((a, b)) for a in range(0x80, 0x100) for b in range(0x100)]
    if max_bytes == 3:
        out += [bytes((0x8F, b, c)) for b in range(0x80, 0x100) for c in range(0x80, 0x100)]
    return out
