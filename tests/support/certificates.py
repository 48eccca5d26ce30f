"""Certificates for a test server: a CA, a server certificate for localhost and 127.0.0.1, a client certificate."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificates:
    ca: Path
    server_cert: Path
    server_key: Path
    client_cert: Path
    client_key: Path


def _openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _key(folder, name):
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", folder / f"{name}-key.pem")
    return folder / f"{name}-key.pem"


def _signed(folder, name, subject, extensions):
    key, request, cert = _key(folder, name), folder / f"{name}.csr", folder / f"{name}.pem"
    (folder / f"{name}.ext").write_text(extensions)
    _openssl("req", "-new", "-key", key, "-subj", subject, "-out", request)
    _openssl("x509", "-req", "-in", request, "-CA", folder / "ca.pem", "-CAkey", folder / "ca-key.pem", "-CAcreateserial", "-days", 3650,
             "-extfile", folder / f"{name}.ext", "-out", cert)
    return cert, key


def make_certificates(folder, server_names="DNS:localhost,IP:127.0.0.1"):
    """New keys and certificates in `folder`, which is created. Another folder has another CA, which does not vouch for these."""
    folder = Path(folder)
    folder.mkdir(parents=True)
    ca_key = _key(folder, "ca")
    _openssl("req", "-x509", "-new", "-key", ca_key, "-subj", "/CN=test CA", "-days", 3650, "-out", folder / "ca.pem")
    server = _signed(folder, "server", "/CN=localhost", f"subjectAltName={server_names}\n")
    client = _signed(folder, "client", "/CN=test client", "extendedKeyUsage=clientAuth\n")
    return Certificates(folder / "ca.pem", *server, *client)
