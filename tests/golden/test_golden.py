"""Every file of corpus/ and generated/ against the servers' own tools, value by value, or its refusal; and our own text as it was.

CDC_ACCEPT=1 rewrites expected/. MYSQL_CDC names another program than build/mysql-cdc.
"""

import gzip
import os
import re
import tempfile
import unittest
from pathlib import Path

from tests.golden import compare, program
from tests.golden.cases import CASES, KEPT
from tests.support.mysqlbinlog_oracle import read_log
from tests.support.products import PRODUCTS

HERE = Path(__file__).resolve().parent
DATA = ("corpus", "generated")


def method_name(*parts):
    return "test_" + re.sub(r"\W+", "_", "_".join(filter(None, parts)))


class Golden(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="mysql-cdc-golden-")
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.logs = {}  # What the tool read, by path: several cases share a file.

    def plain(self, path):
        file = HERE / path
        if file.suffix != ".gz":
            return file
        unpacked = Path(self.scratch.name) / file.stem
        if not unpacked.exists():
            unpacked.write_bytes(gzip.decompress(file.read_bytes()))
        return unpacked

    def tool_of(self, case, file):
        if case.tool:
            return PRODUCTS[case.tool]
        return PRODUCTS["mariadb-10.11" if b"MariaDB" in file.read_bytes()[:80] else "mysql-9.7"]

    def oracle(self, case, file):
        product = self.tool_of(case, file)
        product.prepare()
        if case.path not in self.logs:
            self.logs[case.path] = read_log(product, file)
        return self.logs[case.path]

    def check(self, case):
        file = self.plain(case.path)
        ran = program.run(file, case.settings)
        self.check_end(case, file, ran)
        records = program.records(ran.lines)
        self.assertEqual(len(records), case.rows)
        until = case.refused.at if case.refused else None
        self.assertEqual(compare.differences(records, self.oracle(case, file), case, until), [])

    def check_end(self, case, file, ran):
        if case.warns:
            self.assertIn(f"warning: {case.warns}: ", ran.errors)
        if not case.refused:
            self.assertEqual(ran.exit_code, 0, ran.errors)
            return self.assertNotRegex(ran.errors, r"(?m)^error")
        place = "" if case.refused.at is None else f"{file.name}:{case.refused.at}: "
        self.assertIn(f"{case.refused.code}: {place}", ran.errors)
        self.assertIn(case.refused.text, ran.errors)
        self.assertIn("cure: ", ran.errors)
        self.assertEqual(ran.exit_code, case.refused.exit_code, ran.errors)

    def check_kept(self, path):
        ours = [program.without_clock(line) for line in program.run(self.plain(path)).lines]
        kept = HERE / "expected" / (path.removeprefix("corpus/").removeprefix("generated/").replace("/", "__") + ".jsonl")
        if os.environ.get("CDC_ACCEPT") == "1":
            kept.write_text("".join(line + "\n" for line in ours))
        self.assertEqual(ours, kept.read_text().splitlines())

    def test_a_wrong_value_and_a_missing_row_are_noticed(self):
        case = next(case for case in CASES if case.path.endswith("mysql-9.7/images.binlog"))
        file = self.plain(case.path)
        records = program.records(program.run(file).lines)
        records[0].after["a"] += 1
        del records[1].after["id"]
        self.assertEqual(len(compare.differences(records, self.oracle(case, file), case)), 2)
        self.assertTrue(compare.differences(records[2:], self.oracle(case, file), case))

    def test_no_file_without_a_case(self):
        files = {str(file.relative_to(HERE)) for folder in DATA for file in (HERE / folder).rglob("*") if file.is_file()}
        self.assertEqual({file for file in files if not file.endswith((".sql", ".md"))}, {case.path for case in CASES})


for one in CASES:
    setattr(Golden, method_name(one.path, one.name), lambda self, case=one: self.check(case))
for kept_path in KEPT:
    setattr(Golden, method_name("text", kept_path), lambda self, path=kept_path: self.check_kept(path))


if __name__ == "__main__":
    unittest.main()
