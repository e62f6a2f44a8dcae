"""YAML as a person writes it: blocks for what is nested, quotes only where they are needed."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

Value: TypeAlias = "str | float | bool | Sequence[Value] | Mapping[str, Value]"

_PLAIN = re.compile(r"^[A-Za-z_/]([A-Za-z0-9_ /.-]*[A-Za-z0-9_/.-])?$")
_SPECIAL = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def yaml(value: Mapping[str, Value]) -> str:
    """Return a mapping as a document.

    >>> print(yaml({"groups": [{"name": "a", "rules": [{"expr": "up == 0", "for": "5m"}]}]}), end="")
    groups:
      - name: a
        rules:
          - expr: "up == 0"
            for: 5m
    """
    return "\n".join(_mapping(value)) + "\n"


def _mapping(value: Mapping[str, Value]) -> Iterator[str]:
    for key, inside in value.items():
        if isinstance(inside, Mapping | Sequence) and not isinstance(inside, str) and inside:
            yield f"{key}:"
            yield from ("  " + line for line in _block(inside))
        else:
            yield f"{key}: {_scalar(inside)}"


def _block(value: Mapping[str, Value] | Sequence[Value]) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _mapping(value)
        return
    for each in value:
        lines = list(_mapping(each)) if isinstance(each, Mapping) else [_scalar(each)]
        yield from (("- " if number == 0 else "  ") + line for number, line in enumerate(lines))


def _scalar(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        is_plain = (_PLAIN.match(value) or re.fullmatch(r"\d+[smhdwy]", value)) and value.lower() not in _SPECIAL
        return value if is_plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)
