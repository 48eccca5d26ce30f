#!/usr/bin/python3
"""Writes connector.yaml, the connector's specification as a file, from what the built program answers its host.

    connector_yaml.py            prints it
    connector_yaml.py --write    rewrites connector.yaml
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.support.plugin_host import PluginHost  # noqa: E402
from tests.support.program import PROJECT  # noqa: E402

FILE = PROJECT / "connector.yaml"
HEAD = "# What `standalone:mysql-cdc` tells Conduit of itself. Made by tools/connector_yaml.py; not edited by hand.\n"


def quoted(text):
    """A YAML scalar that is text whatever is in it: JSON strings are YAML."""
    return json.dumps(text, ensure_ascii=False)


def word_of(message, field, number):
    """`TYPE_GREATER_THAN` is `greater-than` in the file."""
    name = message.DESCRIPTOR.fields_by_name[field].enum_type.values_by_number[number].name
    return name.removeprefix("TYPE_").lower().replace("_", "-")


def is_required(parameter):
    return any(word_of(rule, "type", rule.type) == "required" for rule in parameter.validations)


def order(entry):
    """Our own settings before those of every connector; what is required first."""
    name, parameter = entry
    return name.startswith("sdk."), not is_required(parameter), name


def parameter_lines(name, parameter):
    yield f"      - name: {quoted(name)}"
    yield f"        description: {quoted(parameter.description)}"
    yield f"        type: {word_of(parameter, 'type', parameter.type)}"
    yield f"        default: {quoted(parameter.default)}"
    if not parameter.validations:
        yield "        validations: []"
        return
    yield "        validations:"
    for rule in parameter.validations:
        yield f"          - type: {word_of(rule, 'type', rule.type)}"
        yield f"            value: {quoted(rule.value)}"


def render(specification):
    """The file's text."""
    lines = ['version: "1.0"', "specification:"]
    lines += [f"  {field}: {quoted(getattr(specification, field))}" for field in ("name", "summary", "description", "version", "author")]
    lines += ["  source:", "    parameters:"]
    for name, parameter in sorted(specification.source_params.items(), key=order):
        lines += parameter_lines(name, parameter)
    return HEAD + "\n".join(lines) + "\n"


def current():
    """What the file must be for the program as it is built."""
    with PluginHost() as host:
        return render(host.specify())


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--write"]):
        sys.exit(__doc__)
    if sys.argv[1:]:
        FILE.write_text(current(), encoding="utf-8")
    else:
        sys.stdout.write(current())
