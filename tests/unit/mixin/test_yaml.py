"""What is written as YAML is read as it was: promtool reads the rules, and this reads the corners."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tradewatch.mixin.yaml import Value, yaml
from tradewatch.stack.servers import locate


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain words", "plain words"),
        ("5m", "5m"),
        ("rules/custom/*.yml", '"rules/custom/*.yml"'),
        ("yes", '"yes"'),
        ("On", '"On"'),
        ("null", '"null"'),
        ("12", '"12"'),
        ("", '""'),
        ("a: b", '"a: b"'),
        ('say "so"', '"say \\"so\\""'),
        ("up == 0", '"up == 0"'),
        ("trailing ", '"trailing "'),
        ("– € 😀", '"– € 😀"'),
    ],
)
def test_a_text_is_quoted_where_it_could_be_something_else(text: str, written: str) -> None:
    assert yaml({"a": text}) == f"a: {written}\n"


def test_numbers_truths_and_nothing_are_themselves() -> None:
    assert yaml({"a": 1, "b": 0.5, "c": True, "d": [], "e": {}}) == "a: 1\nb: 0.5\nc: true\nd: []\ne: {}\n"


def test_prometheus_reads_what_was_written(tmp_path: Path) -> None:
    odd = 'line one\nline two: "quoted" \\ {{ $value }} 😀'
    summary = {"summary": odd.replace("{{ $value }}", "")}
    rule: Mapping[str, Value] = {
        "alert": "Odd",
        "expr": 'up{job="a\\\\b"} == 0',
        "annotations": summary,
    }
    tests = [
        {
            "input_series": [{"series": 'up{job="a\\\\b"}', "values": "0 0"}],
            "alert_rule_test": [
                {
                    "eval_time": "1m",
                    "alertname": "Odd",
                    "exp_alerts": [{"exp_labels": {"job": "a\\b"}, "exp_annotations": summary}],
                }
            ],
        }
    ]
    (tmp_path / "rules.yml").write_text(yaml({"groups": [{"name": "odd", "rules": [rule]}]}))
    asked = json.dumps({"rule_files": ["rules.yml"], "tests": tests}, ensure_ascii=False)
    (tmp_path / "tests.yml").write_text(asked)
    done = subprocess.run(
        [locate("promtool"), "test", "rules", tmp_path / "tests.yml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
