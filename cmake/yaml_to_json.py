#!/usr/bin/env python3
"""Converts one YAML file to minified JSON: api/openapi.yaml at build time, to be embedded in the binary.

    yaml_to_json.py INPUT OUTPUT

Reads YAML as its version 1.2 does (`yes`, `on` and dates are text), refuses duplicate keys and keeps the order of keys.
Needs Debian's python3-yaml.
"""
import json
import re
import sys
from pathlib import Path

import yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2's core schema, with string keys only."""

    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        mapping = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise refused(f"the key {key!r} is no text", key_node)
            if key in mapping:
                raise refused(f"the key {key!r} is there twice", key_node)
            mapping[key] = self.construct_object(value_node, deep=True)
        return mapping


def refused(why, node):
    return yaml.constructor.ConstructorError(None, None, why, node.start_mark)


# Tag, pattern, the characters a value of it may begin with.
SCALARS = [
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^(?:0|-?[1-9][0-9]*)$", list("-0123456789")),
    ("float", r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$", list("-0123456789")),
]
for name, pattern, first in SCALARS:
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(pattern), first)
Loader.add_constructor("tag:yaml.org,2002:map", lambda loader, node: loader.construct_mapping(node))


def main(arguments):
    if len(arguments) != 2:
        print("usage: yaml_to_json.py INPUT OUTPUT", file=sys.stderr)
        return 2
    source, target = map(Path, arguments)
    try:
        document = yaml.load(source.read_text(encoding="utf-8"), Loader=Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        print(f"yaml_to_json.py: {source}: {error}", file=sys.stderr)
        return 1
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    target.write_bytes(text.encode("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
