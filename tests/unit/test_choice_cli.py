"""The commands of docs/choice.md: answers as one JSON document, refusals with exit code 2."""

from __future__ import annotations

import json

import pytest
from choice_kit import two_ways
from typer.testing import CliRunner

from engine.cli import app
from engine.pipeline import solve
from engine.scenario.loading import home, to_yaml


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("break-even", "light-gas", "fuel.price_usd_per_mmbt"), "did you mean fuel.price_usd_per_mmbtu"),
        (("alternatives", "light-gas", "--within", "0"), "must be above 0"),
        (("regret", "nothing", "none"), "names no run"),
        (("attribute", "nothing", "none"), "names no run"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words_and_as_one_document(arguments: tuple[str, ...], words: str) -> None:
    ended = CliRunner().invoke(app, [*arguments, "--json"])
    assert ended.exit_code == 2
    assert words in json.loads(ended.stdout)["error"]


def test_the_difference_by_input_is_told_once_and_then_stands_in_the_verdict() -> None:
    ids = [solve(two_ways(gas)).run_id for gas in (2.0, 2.5)]
    told = CliRunner().invoke(app, ["attribute", *ids, "--json"])
    assert told.exit_code == 0, told.output
    (part,) = json.loads(told.stdout)["parts"]
    # 8.76 M MMBtu x 0.50 USD/MMBtu.
    assert part["npv_usd"] == pytest.approx(4.38e6)
    verdict = json.loads(CliRunner().invoke(app, ["compare", *ids, "--json"]).stdout)["sentences"][0]
    assert "mostly because fuel: gas price is 2 instead of 2.5" in verdict.replace("2.5000", "2.5")


def test_alternatives_of_a_file_are_told_in_words() -> None:
    file = home() / "two-ways.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(to_yaml(two_ways(3.5).scenario))
    told = CliRunner().invoke(app, ["alternatives", str(file)])
    assert told.exit_code == 0, told.output
    assert "In every plan within 2.0" in told.stdout
