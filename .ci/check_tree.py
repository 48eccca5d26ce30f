#!/usr/bin/python3
"""Reads the tree's text: module layers, file lengths, banned includes, paths of one machine, trailing blanks.

The layers are those of docs/ARCHITECTURE.md: a module includes only headers of the modules it may use, and each outside library
has the modules that may know it. Prints a line a finding.
"""

import os
import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]

# module: modules whose headers it may include, besides its own and base.
LAYERS = {
    "base": "",
    "model": "",
    "config": "model",
    "charset": "model",
    "binlog": "charset model",
    "mysql": "",
    "catalog": "mysql model",
    "select": "catalog charset mysql model",
    "snapshot": "select mysql catalog config model",
    "capture": "binlog charset mysql catalog select snapshot config model",
    "opencdc": "config model",
    "admin": "mysql catalog config model",
    "conduit": "capture opencdc config model",
    "cli": "capture opencdc admin config model",
    "app": "model config charset binlog mysql catalog select snapshot capture opencdc admin conduit cli",
}
# header prefix: modules that may include it (tests, fuzz and bench may use what they like).
LIBRARIES = {
    "mysql.h": "mysql", "mysqld_error.h": "mysql", "errmsg.h": "mysql", "mysql/": "mysql", "mariadb": "mysql",
    "yaml-cpp/": "config", "re2/": "config", "libdeflate.h": "binlog", "zstd.h": "binlog", "zlib.h": "",
    "CLI/": "cli", "boost/asio": "capture app", "grpc": "conduit", "google/protobuf": "conduit", "openssl/": "capture opencdc",
}
BANNED = {"iostream": "use fmt", "regex": "use RE2 in config, else plain code"}
MAX_LINES = 400
SKIPPED = (".git", "__pycache__", "corpus", "expected", "packagecache")
COMMON_FOLDERS = ("/", "/tmp", "/var/tmp", "/srv", "/opt", "/usr/src", "/mnt")  # Where a checkout may lie and other things too.
MACHINE_PATHS = [r"/(?:root/|home/[a-z])", *(re.escape(f"{folder}/") for folder in (PROJECT, PROJECT.parent) if str(folder) not in COMMON_FOLDERS)]
MACHINE_PATH = re.compile("|".join(MACHINE_PATHS))
TEXT = {".cc", ".h", ".py", ".sh", ".md", ".sql", ".yaml", ".yml", ".build", ".txt", ".cnf", ""}
CODE = {".cc", ".h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"cdc/(\w+)/[^"]*"|<([^>]+)>)', re.M)


def module_of(path):
    """The module whose rules bind this file, or None (tests and tools)."""
    parts = path.parts
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    return parts[2] if parts[:2] == ("include", "cdc") and len(parts) > 3 else None


def code_findings(path, text):
    module = module_of(path)
    for match in INCLUDE.finditer(text):
        line, used, header = text.count("\n", 0, match.start(1 if match[1] else 2)) + 1, match[1], match[2] or ""
        if header in BANNED:
            yield line, f"<{header}> is banned: {BANNED[header]}"
        if module is None:
            continue
        if module not in LAYERS:
            yield line, f"module {module} is not in the table of layers"
        elif used and used not in (module, "base", *LAYERS[module].split()):
            yield line, f"{module} may not use {used}"
        for prefix, allowed in LIBRARIES.items():
            if header.startswith(prefix) and module not in allowed.split():
                yield line, f"{module} may not use <{header}>"
    if text.count("\n") > MAX_LINES:
        yield MAX_LINES + 1, f"more than {MAX_LINES} lines"


def text_findings(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if line != line.rstrip() and path.suffix != ".md":
            yield number, "trailing blank"
        if MACHINE_PATH.search(line) and path != Path(__file__).resolve().relative_to(PROJECT):
            yield number, "path of one machine"
    if text and not text.endswith("\n"):
        yield text.count("\n") + 1, "no newline at the end"


def tree_files():
    """Every text file of the project but build folders, test data and the licence."""
    for folder, folders, names in os.walk(PROJECT):
        here = Path(folder).relative_to(PROJECT)
        folders[:] = [f for f in folders if f not in SKIPPED and not re.match(r"build(-|$)", f)]
        yield from (here / name for name in sorted(names) if Path(name).suffix in TEXT and name not in ("LICENSE", ".git"))


def main():
    count = 0
    for path in tree_files():
        try:
            text = (PROJECT / path).read_text()
        except UnicodeDecodeError:
            continue
        checks = [text_findings(path, text)] + ([code_findings(path, text)] if path.suffix in CODE else [])
        for finding in (one for check in checks for one in check):
            print(f"{path}:{finding[0]}: {finding[1]}")
            count += 1
    return count != 0


if __name__ == "__main__":
    sys.exit(main())
