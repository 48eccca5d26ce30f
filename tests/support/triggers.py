"""`mysql-cdc triggers` against a test server, and what its triggers wrote."""

import re
import subprocess
import time

from tests.support.program import PROGRAM, PROJECT, TIMEOUT_S, Done, environment

SQL = PROJECT / "sql"


def triggers(server, action, *words, database="shop", user="root", password=None, settings=()):
    """One run of the command, to its end."""
    url = server.url(user=user, password=password, database=database, over_socket=True)
    began = time.monotonic()
    sets = [word for setting in settings for word in ("--set", setting)]
    done = subprocess.run([PROGRAM, "triggers", action, *sets, *map(str, words)], capture_output=True, text=True, encoding="utf-8",
                          timeout=TIMEOUT_S * 2, stdin=subprocess.DEVNULL, env=environment(url))
    return Done(done.returncode, done.stdout, done.stderr, time.monotonic() - began)


def stock_client(server, script, database, *options):
    """The output of the product's own client; raises when a statement fails."""
    words = server.client() + ["--default-character-set=utf8mb4", *options, *([database] if database else [])]
    done = subprocess.run(words, input=script, capture_output=True, text=True, encoding="utf-8", timeout=TIMEOUT_S)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done.stdout


def statements(script):
    """What the stock client would send: comment lines and empty ones are gone, DELIMITER is obeyed."""
    delimiter, current, out = ";", [], []
    for line in script.split("\n"):
        if not current and (line.startswith("--") or not line.strip()):
            continue
        if not current and line.startswith("DELIMITER "):
            delimiter = line.removeprefix("DELIMITER ")
            continue
        if line.startswith("--"):
            continue
        current.append(line)
        if line.endswith(delimiter):
            out.append("\n".join(current).removesuffix(delimiter))
            current = []
    assert not current, current
    return out


def generated(server, table, database):
    """What sql/generate.sql writes for the table, through the stock client."""
    name = table.replace("\\", "\\\\").replace("'", "\\'")
    return stock_client(server, f"SET @tbl = '{name}';\n" + (SQL / "generate.sql").read_text(), database, "-NBr")


def registry(server, schema="shop"):
    """(tid, table, state, follows) of every definition."""
    return server.query(f"SELECT tid, tbl_name, state, follows FROM `{schema}`._cdc_table ORDER BY tid")


def active_tid(server, table, schema="shop"):
    rows = server.query(f"SELECT tid FROM `{schema}`._cdc_table WHERE tbl_name = %s AND state = 'active'", (table,))
    assert len(rows) == 1, rows
    return rows[0][0]


def operations(server, table, schema="shop"):
    """The letters of what the triggers wrote for the table, in order; each header has its payload."""
    tids = [row[0] for row in server.query(f"SELECT tid FROM `{schema}`._cdc_table WHERE tbl_name = %s", (table,))]
    out = []
    for tid in tids:
        out += server.query(f"SELECT i.id, i.op, r.id FROM `{schema}`._cdc_inbox i LEFT JOIN `{schema}`._cdc_r{tid} r ON r.id = i.id WHERE i.tid = {tid}")
    assert all(row[2] is not None for row in out), "a header without payload"
    return "".join(op for _, op, _ in sorted(out))


def quote(name):
    return "`" + name.replace("`", "``") + "`"


def codes(text):
    return re.findall(r"MYC\d{4}", text)
