"""connector.yaml says what the program tells its host."""

import unittest

from tests.support.plugin_host import PluginHost
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


if __name__ == "__main__":
    unittest.main()
