"""The records that the plugin sends, decoded by generated protobuf classes and by fastavro: each says what the command line prints.

Every binlog of the golden suite that can be read to its end; the files with all types under every form that settings offer.
RECORD_DUMP and MYSQL_CDC name other programs than those in build/.
"""

import re
import unittest
from pathlib import Path

from tests.golden import program
from tests.golden.cases import CASES
from tests.records import compare, stream

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
SHOWN = 5
ALL_TYPES = ("mysql-9.7/types-full", "mysql-9.7/types-minimal", "mariadb-10.11/types-full", "mariadb-10.11/types-no-log",
             "mariadb-11.8/types-full", "mysql-9.7/images", "mariadb-10.11/images", "mariadb-11.8/images-full-nodup")
FORMS = {
    "numbers": ("decimal=double", "bigintUnsigned=string", "bits=number"),
    "logical": ("decimal=avro", "bits=text", "metadata=full"),
    "iso": ("temporal=iso", "binary=base64", "geometry=wkb", "metadata=lean"),
    "epoch": ("temporal=epoch", "binary=hex", "geometry=hex", "collection=table"),
    "structured": ("schemas=off",),
    "structured_epoch": ("schemas=off", "temporal=epoch", "bits=number", "binary=hex"),
}


def readable():
    """Files that give rows, each once."""
    return [case for case in CASES if not case.refused and case.rows and not case.path.endswith(".gz") and not case.name]


def settings_of(words):
    """KEY=VALUE words as those of the command line."""
    return [piece for word in words if not word.startswith("schemas=") for piece in ("--set", word)]


class Records(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.classes = stream.generated_classes()

    def check(self, path, words=(), extra=()):
        file = GOLDEN / path
        ran = program.run(file, [*settings_of(words), *extra])
        self.assertEqual(ran.exit_code, 0, ran.errors)
        plain = [word for word in extra if word != "--set"]
        records, schemas = stream.read(self.classes, file, [*words, *plain])
        self.assertEqual(len(records), len(ran.lines))
        found = [f"{number}: {text}" for number, (line, record) in enumerate(zip(ran.lines, records))
                 for text in compare.differences(line, record)]
        self.assertEqual(found[:SHOWN], [], f"{len(found)} differences")
        return records, schemas

    def test_schemas_are_the_same_bytes_in_every_run(self):
        file = GOLDEN / "generated/mysql-9.7/types-full.binlog"
        first, second = (stream.read(self.classes, file)[1] for _ in range(2))
        self.assertEqual([(one.subject, one.text) for one in first], [(one.subject, one.text) for one in second])
        self.assertEqual(len({(one.subject, one.text) for one in first}), len(first))

    def test_a_wrong_value_is_noticed(self):
        file = GOLDEN / "generated/mysql-9.7/images.binlog"
        lines, (records, _) = program.run(file).lines, stream.read(self.classes, file)
        self.assertEqual(compare.differences(lines[0], records[0]), [])
        records[0].after.values["a"] += 1
        records[0].after.values["more"] = None
        self.assertEqual(len(compare.differences(lines[0], records[0])), 1)
        del records[0].after.values["more"]
        self.assertEqual(len(compare.differences(lines[0], records[0])), 1)

    def test_absent_columns_have_no_field_and_whole_images_the_one_schema(self):
        records, _ = stream.read(self.classes, GOLDEN / "generated/mysql-9.7/images.binlog")
        partial = [one for one in records if "mysql.absent" in one.metadata]
        self.assertTrue(partial)
        for one in partial:
            absent = set(one.metadata["mysql.absent"].split(","))
            images = [image.values for image in (one.before, one.after) if image.values is not None]
            self.assertTrue(all(absent - set(image) or absent & set(image) for image in images))
            self.assertTrue(any(absent - set(image) for image in images))
        for one in records:
            if "mysql.absent" not in one.metadata:
                self.assertTrue(one.metadata["opencdc.payload.schema.subject"].endswith(".payload"), one.metadata)

    def test_the_type_mapping_names_tests_that_exist(self):
        tests = GOLDEN.parents[1] / "tests"
        sources = [*(tests / "unit/opencdc").glob("*.cc"), tests / "unit/cli/json_sink_test.cc"]
        cases = {name for source in sources for name in re.findall(r'TEST_CASE\("([^"]+)"\)', source.read_text())}
        cases |= {name.replace("_", " ") for source in (tests / "integration").glob("*.py") for name in re.findall(r"def test_(\w+)", source.read_text())}
        cases |= {"all types", "the same", "schemas are the same bytes in every run", *(f"all types: {form}" for form in FORMS)}
        cases |= {path.name for pattern in ("unit/*/*_test.cc", "integration/*.py") for path in tests.glob(pattern)}
        text = (GOLDEN.parents[1] / "docs/type-mapping.md").read_text()
        table = text[text.index("| proved by |"):].split("\n\n")[0]
        rows = [line.split("|")[-2].strip() for line in table.splitlines()[2:]]
        named = {name for row in rows for name in row.split("; ")} | set(re.findall(r'"([a-z][^"`]{20,}|[a-zA-Z]+ in the .*?)"', text))
        missing = {name for name in named if not any(one == name or (name.endswith("…") and one.startswith(name[:-1])) for one in cases)}
        self.assertGreater(len(rows), 40)
        self.assertEqual(missing, set())


def add(name, path, words=(), extra=()):
    method = "test_" + re.sub(r"\W+", "_", f"{name}_{path}")
    setattr(Records, method, lambda self: self.check(path, words, extra))


for case in readable():
    add("decoded", case.path, extra=case.settings)
for form, form_words in FORMS.items():
    for types in ALL_TYPES:
        add(form, f"generated/{types}.binlog", form_words)


if __name__ == "__main__":
    unittest.main()
