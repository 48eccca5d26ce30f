"""connector.yaml says what the program tells its host."""

import re
import unittest

from tests.support.plugin_host import PluginHost
from tests.support.program import PROJECT
from tools.connector_yaml import FILE, order, render


class ConnectorYaml(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with PluginHost() as host:
            cls.specification = host.specify()

    def test_it_is_the_specification_of_the_program(self):
        self.assertEqual(FILE.read_text(encoding="utf-8"), render(self.specification), "run tools/connector_yaml.py --write")

    def test_every_parameter_is_there_once(self):
        text = render(self.specification)
        self.assertGreater(len(self.specification.source_params), 50)
        for name in self.specification.source_params:
            self.assertEqual(text.count(f'- name: "{name}"\n'), 1, name)

    def test_what_is_required_comes_first_and_what_every_connector_has_last(self):
        names = [name for name, _ in sorted(self.specification.source_params.items(), key=order)]
        self.assertEqual(names[0], "url")
        first_of_sdk = next(index for index, name in enumerate(names) if name.startswith("sdk."))
        self.assertTrue(all(name.startswith("sdk.") for name in names[first_of_sdk:]))

    def test_every_setting_of_the_go_connector_is_in_the_page_on_migrating(self):
        page = (PROJECT / "docs" / "migrating.md").read_text(encoding="utf-8")
        foreign = [name for name, parameter in self.specification.source_params.items() if "Go connector" in parameter.description]
        self.assertGreater(len(foreign), 3)
        for name in ["dsn", "tables", *foreign]:
            self.assertRegex(page, rf"(?m)^\| `{re.escape(name.replace('*', 'TABLE'))}\b", name)


if __name__ == "__main__":
    unittest.main()
