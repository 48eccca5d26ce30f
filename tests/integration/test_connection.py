"""Logging in to real servers: every TLS mode against right and wrong certificates, every kind of account, and what is said when it fails."""

import os
import subprocess
import unittest
from pathlib import Path

from tests.support.certificates import make_certificates
from tests.support.products import CDC_PASSWORD
from tests.support.servers import Server

PROGRAM = os.environ.get("CDC_PROGRAM", str(Path(__file__).resolve().parents[2] / "build" / "mysql-cdc"))
TIMEOUT_S = 60


class Connecting(unittest.TestCase):
    """`connect` runs the program up to the log's end; what it says begins with `connected to` or names an error."""

    def connect(self, url):
        done = subprocess.run([PROGRAM, "dry-run", "--until", "now", "--set", "tables.allowNone=true"], env={**os.environ, "MYSQL_CDC_URL": url}, capture_output=True,
                              text=True, timeout=TIMEOUT_S)
        self.assertNotIn(CDC_PASSWORD, done.stdout + done.stderr)
        self.assertIn(done.returncode, (0, 2), done.stderr)
        return done.stderr

    def check(self, url, says):
        with self.subTest(url=url.replace(CDC_PASSWORD, "***"), says=says):
            self.assertIn(says, self.connect(url))

    def check_tls_modes(self, server):
        made = server.certificates
        other = make_certificates(server.folder / "other")
        cases = [
            ({"tls": "off", "serverPublicKey": self.public_key(server)}, "connected to"),
            ({"tls": "preferred"}, "connected to"),
            ({"tls": "required"}, "connected to"),
            ({"tls": "verify-ca"}, "MYC1103: tls=verify-ca needs tls.ca"),
            ({"tls": "verify-ca", "tls.ca": made.ca}, "connected to"),
            ({"tls": "verify-ca", "tls.ca": other.ca}, "MYC1103"),
            ({"tls": "verify-identity"}, "MYC1103"),
            ({"tls": "verify-identity", "tls.ca": made.ca}, "connected to"),
            ({"tls": "verify-identity", "tls.ca": other.ca}, "MYC1103"),
            ({"tls": "verify-identity", "tls.ca": server.folder / "nosuch.pem"}, "MYC1103: tls.ca: cannot read"),
        ]
        for parameters, says in cases:
            self.check(server.url(**{name: str(value) for name, value in parameters.items() if value}), says)

    def check_client_certificate(self, server):
        made = server.certificates
        server.query(f"ALTER USER cdc@'%' IDENTIFIED BY '{CDC_PASSWORD}' REQUIRE X509")
        self.check(server.url(tls="required"), "MYC1102")
        self.check(server.url(**{"tls": "required", "tls.cert": made.client_cert, "tls.key": made.client_key}), "connected to")
        self.check(server.url(**{"tls": "required", "tls.cert": made.client_cert, "tls.key": made.server_key}), "tls.key must hold")
        server.query(f"ALTER USER cdc@'%' IDENTIFIED BY '{CDC_PASSWORD}' REQUIRE NONE")

    def check_failures(self, server):
        self.check(server.url(password="wrong"), "MYC1102")
        self.check(server.url(database="nosuch"), "Unknown database")
        self.check(server.url().replace("127.0.0.1", "nosuch.invalid"), "MYC1101")
        self.check(server.url(over_socket=True), "connected to")
        self.check(server.url(socket="/nonexistent/s.sock"), "MYC1100")

    def public_key(self, server):
        """The RSA key of a server whose accounts would otherwise need TLS."""
        return None if server.is_mariadb else server.data_folder / "public_key.pem"

    def run_product(self, product, **options):
        with Server(product, tls=True, **options) as server:
            self.check_tls_modes(server)
            self.check_client_certificate(server)
            self.check_failures(server)

    def test_mariadb_10_11(self):
        self.run_product("mariadb-10.11")

    def test_mysql_9_7(self):
        self.run_product("mysql-9.7", gtid_mode="ON", enforce_gtid_consistency="ON")

    def test_a_certificate_for_another_host(self):
        for product in ("mariadb-10.11", "mysql-9.7"):
            with Server(product, tls=True) as server:
                server.halt()
                made = make_certificates(server.folder / "elsewhere", "DNS:elsewhere.example")
                server.certificates = made
                server.start()
                self.check(server.url(**{"tls": "verify-ca", "tls.ca": made.ca}), "connected to")
                self.check(server.url(**{"tls": "verify-identity", "tls.ca": made.ca}), "made for another host name")

    def test_servers_without_tls(self):
        with Server("mariadb-10.11", tls=False) as server:
            for tls, says in (("preferred", "connected to"), ("off", "connected to"), ("required", "MYC1104"),
                              ("verify-identity", "MYC1104")):
                self.check(server.url(tls=tls), says)
            if server.has_plugin("auth_ed25519.so"):
                server.query("INSTALL SONAME 'auth_ed25519'")
                server.query(f"ALTER USER cdc@'%' IDENTIFIED VIA ed25519 USING PASSWORD('{CDC_PASSWORD}')")
                self.check(server.url(), "connected to")
                self.check(server.url(password="wrong"), "MYC1102")
        with Server("mysql-9.7", tls=False) as server:
            key = self.public_key(server)
            for parameters, says in (({"tls": "off"}, "MYC1105"), ({"tls": "preferred"}, "MYC1105"), ({"tls": "required"}, "MYC1104"),
                                     ({"tls": "off", "serverPublicKey": key}, "connected to"),
                                     ({"tls": "preferred", "serverPublicKey": key}, "connected to")):
                server.query("FLUSH PRIVILEGES")  # Forgets who logged in before: the next login is a full one.
                self.check(server.url(**parameters), says)
            self.check(server.url(over_socket=True), "connected to")
