#!/usr/bin/python3
"""`./dev demo`: a private MariaDB, a shop's day in a few statements, and what `mysql-cdc dry-run` makes of them, live.

Everything runs in a temporary folder and is gone at the end, also after Ctrl-C. Exit 1 when an expected change did not appear.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))
from tests.support.servers import Server  # noqa: E402

PROGRAM = PROJECT / "build" / "mysql-cdc"
PAUSE_S = 0.7  # So that a person can follow.
WAIT_S = 10  # For a change to appear; it takes milliseconds.

TABLES = """
CREATE DATABASE shop;
CREATE TABLE shop.customers (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40), country ENUM('NP','DE','US'), since DATE);
CREATE TABLE shop.orders (id INT PRIMARY KEY AUTO_INCREMENT, customer INT, total DECIMAL(10,2), status VARCHAR(10),
                          placed TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP(3));
INSERT INTO shop.customers (name, country, since) VALUES ('Ama', 'NP', '2024-02-29'), ('Björn', 'DE', '2025-11-01');
"""

# What is there when the program starts.
ROWS = [("ROW", "shop.customers", "Ama"), ("ROW", "shop.customers", "Björn")]

# What happens, and words that must appear on one line each, in this order.
STEPS = [
    ("INSERT INTO customers (name, country, since) VALUES ('Chandra', 'NP', '2026-01-31')", [("INSERT", "shop.customers", "Chandra")]),
    ("INSERT INTO orders (customer, total, status) VALUES (1, 129.90, 'new')", [("INSERT", "shop.orders", "129.90")]),
    ("UPDATE orders SET status = 'paid' WHERE id = 1", [("UPDATE", "shop.orders", "new", "paid")]),
    ("BEGIN; INSERT INTO orders (customer, total, status) VALUES (2, 15.00, 'new'); UPDATE customers SET country = 'US' WHERE id = 2; COMMIT",
     [("INSERT", "shop.orders", "15.00"), ("UPDATE", "shop.customers", "DE", "US")]),
    ("BEGIN; DELETE FROM customers WHERE id = 1; ROLLBACK", []),
    ("DELETE FROM orders WHERE id = 1", [("DELETE", "shop.orders", "id=1")]),
]


class Screen:
    """Prints the statements and the program's lines as they come; knows which of them were seen."""

    def __init__(self, colour):
        self.dim, self.bold, self.plain = ("\033[2m", "\033[1m", "\033[0m") if colour else ("", "", "")
        self._lines, self._changed = [], threading.Condition()

    def say(self, text):
        print(f"{self.bold}{text}{self.plain}", flush=True)

    def statement(self, text):
        print(f"{self.dim}sql> {text};{self.plain}", flush=True)

    def follow(self, pipe):
        for line in pipe:
            print("  " + line, end="", flush=True)
            with self._changed:
                self._lines.append(line)
                self._changed.notify()

    def expect(self, words):
        """Waits for the next line with all these words; earlier lines are used up."""
        def found():
            while self._lines:
                line = self._lines.pop(0)
                if all(word in line for word in words):
                    return True
            return False
        with self._changed:
            if not self._changed.wait_for(found, WAIT_S):
                raise RuntimeError(f"no line with {' '.join(words)} within {WAIT_S} s")


def await_reader(server, program):
    """Until the server has a replication link, or the program has given up."""
    give_up = time.monotonic() + WAIT_S
    while not server.query("SELECT 1 FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'"):
        if program.poll() is not None or time.monotonic() > give_up:
            raise RuntimeError("mysql-cdc did not start to read; its messages are above")
        time.sleep(0.02)


def play(server, program, screen):
    await_reader(server, program)
    for words in ROWS:
        screen.expect(words)
    server.query("USE shop")
    for statements, expected in STEPS:
        screen.statement(statements)
        for statement in statements.split("; "):
            server.query(statement)
        for words in expected:
            screen.expect(words)
        time.sleep(PAUSE_S)


def end(program):
    """Ctrl-C for the program, as a person ends it."""
    if program.poll() is None:
        program.send_signal(signal.SIGINT)
    try:
        return program.wait(5)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
        return None


def main():
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    screen = Screen(colour)
    screen.say("A private MariaDB 10.11 in a temporary folder, with two tables and two rows:")
    with Server("mariadb-10.11", binlog_row_metadata="FULL") as server:
        print(screen.dim + TABLES.strip() + screen.plain)
        server.script(TABLES)
        screen.say(f"\n$ mysql-cdc dry-run --snapshot mysql://cdc:…@127.0.0.1:{server.port}/shop")
        words = [PROGRAM, "dry-run", "--snapshot", "--format", "text", "--color", "always" if colour else "never"]
        program = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, encoding="utf-8", errors="replace",
                                   env={**os.environ, "MYSQL_CDC_URL": server.url(database="shop"), "TZ": "UTC"})
        reader = threading.Thread(target=screen.follow, args=(program.stdout,), daemon=True)
        reader.start()
        try:
            play(server, program, screen)
        finally:
            code = end(program)
            reader.join(5)
    if code not in (0, 130):
        raise RuntimeError(f"mysql-cdc ended with {code} instead of 130 after Ctrl-C")
    screen.say("\nThat was a snapshot without a lock and a live binlog behind it, decoded. The rollback is absent, as it should be; server and folder are gone again.")
    screen.say("On your own server: build/mysql-cdc dry-run mysql://user@host/database   (README.md has the GRANT)")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except RuntimeError as error:
        sys.exit(f"demo: {error}")
