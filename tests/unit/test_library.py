"""The library: own scenarios beside shipped ones, and nothing lost or leaked."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from job_kit import mapping

import engine.files
from engine.errors import InputError
from engine.library import Library
from engine.scenario.loading import SHIPPED_SCENARIOS, home


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.setenv("FIRMWATT_HOME", str(tmp_path / "home"))
    return Library()


def test_shipped_scenarios_lead_and_are_sound(library: Library) -> None:
    entries = library.entries()
    assert entries[0].key == "base"
    assert entries[0].name == "Base"
    assert all(entry.shipped and not entry.problems and entry.fingerprint for entry in entries)


def test_a_saved_scenario_comes_back_complete(library: Library) -> None:
    key = library.save(mapping("Köln, phase 2"))
    assert key == "koln-phase-2"
    assert library.load(key).scenario.load.it_peak_mw == 10.0
    assert library.mapping(key)["load"]["pue"] == 1.25  # the default is written out
    entry = library.entries()[-1]
    assert (entry.key, entry.name, entry.shipped) == (key, "Köln, phase 2", False)


def test_saving_never_overwrites_another_even_at_once(library: Library) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda number: library.save(mapping("Same", it_peak_mw=number)), range(1, 9)))
    assert sorted(keys) == ["same", *(f"same-{number}" for number in range(2, 9))]
    assert {library.load(key).scenario.load.it_peak_mw for key in keys} == set(range(1, 9))
    assert library.save(mapping("Base")) == "base-2"  # a shipped key is taken too


def test_saving_under_a_key_replaces_it(library: Library) -> None:
    key = library.save(mapping("Mine"))
    assert library.save(mapping("Mine, larger", it_peak_mw=20.0), key=key) == key
    assert library.load(key).scenario.load.it_peak_mw == 20.0


def test_a_listing_sees_every_change_of_a_file_that_it_rests_on(library: Library) -> None:
    reference = library.save_upload("load.csv", b"value\n" + b"5\n" * 8760)
    key = library.save({**mapping("Mine"), "load": {"series": f"{reference}:value"}})

    def of_mine() -> str:
        return next(entry.fingerprint for entry in library.entries() if entry.key == key)

    before = of_mine()
    assert before
    assert of_mine() == before
    (library.uploads / reference).write_bytes(b"value\n" + b"6\n" * 8760)
    assert of_mine() not in ("", before)
    (library.uploads / reference).unlink()
    assert of_mine() == ""  # its series is gone: a problem, and no fingerprint


def test_a_scenario_with_problems_is_refused_whole(library: Library) -> None:
    with pytest.raises(InputError) as refused:
        library.save({**mapping("Bad", pue=0.5), "fule": {}})
    assert len(refused.value.problems) == 2
    assert [entry for entry in library.entries() if not entry.shipped] == []


def test_renaming_keeps_the_key(library: Library) -> None:
    key = library.save(mapping("Before"))
    assert library.rename(key, "  After ") == key
    assert library.load(key).scenario.name == "After"


def test_a_copy_of_a_shipped_scenario_is_ones_own(library: Library) -> None:
    assert [library.duplicate("base"), library.duplicate("base"), library.duplicate("base", "West")] == [
        "base-copy", "base-copy-2", "west",
    ]  # fmt: skip
    assert [entry.name for entry in library.entries() if not entry.shipped] == ["Base copy", "Base copy 2", "West"]


def test_shipped_scenarios_stay_as_they_are(library: Library) -> None:
    before = (SHIPPED_SCENARIOS / "base.yaml").read_bytes()
    for change in (
        lambda: library.delete("base"),
        lambda: library.rename("base", "Mine"),
        lambda: library.save(mapping(), key="base"),
    ):
        with pytest.raises(InputError, match="duplicate it"):
            change()
    assert (SHIPPED_SCENARIOS / "base.yaml").read_bytes() == before


def test_a_deleted_scenario_is_gone_and_named_when_asked_for(library: Library) -> None:
    key = library.save(mapping("Mine"))
    library.delete(key)
    for ask in (library.load, library.mapping, library.delete, library.export_yaml):
        with pytest.raises(InputError, match=f'Scenario "{key}"'):
            ask(key)
    with pytest.raises(InputError, match='did you mean "base"'):
        library.load("bsae")


@pytest.mark.parametrize(
    "key", ["../secret", "..", "/etc/passwd", "base/../../secret", "a\\b", ".hidden", "", "a\0b", "~root"]
)
def test_a_key_never_leads_out_of_the_folder(library: Library, key: str) -> None:
    library.save(mapping("Mine"))
    secret = home() / "secret.yaml"
    secret.write_text("name: Secret\n")
    for use in (library.load, library.mapping, library.delete, library.export_yaml, library.duplicate):
        with pytest.raises(InputError):
            use(key)
    with pytest.raises(InputError):
        library.save(mapping(), key=key)
    assert secret.read_text() == "name: Secret\n"
    assert {path.name for path in library.folder.iterdir()} == {"mine.yaml"}


def test_import_resolves_extends_against_the_library(library: Library) -> None:
    key = library.import_yaml("extends: base\nname: Dear gas\nfuel: {price_usd_per_mmbtu: 9}\n", "dear gas.yaml")
    imported = library.load(key).scenario
    assert key == "dear-gas"
    assert imported.fuel.price_usd_per_mmbtu == 9
    assert set(imported.technologies) == set(library.load("base").scenario.technologies)
    child = library.import_yaml(f"extends: {key}.yaml\nname: Child\n", "child.yaml")
    assert library.load(child).scenario.fuel.price_usd_per_mmbtu == 9


def test_import_shows_every_problem_at_once_under_the_file_s_own_name(library: Library) -> None:
    text = "name: X\nload: {pue: 0.5, series: 'missing.csv:mw'}\nlimit: {}\n"
    with pytest.raises(InputError) as refused:
        library.import_yaml(text, "C:\\Users\\x\\plan.yaml")
    assert refused.value.source == "plan.yaml"
    assert {problem.place for problem in refused.value.problems} == {"load.pue", "load.series", "limit"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("extends: bsae\nname: X\n", 'did you mean "base"'),
        ("extends: ../../etc/passwd\n", "not in the library"),
        ("name: [unclosed\n", "not valid YAML"),
        ("just words", "no mapping"),
        ("name: X\n" + "# filler\n" * 200_000, "larger than 1 MiB"),
        ("a: " + "[" * 5000, "nested too deeply"),
        ("a: &a [1]\nb: [" + ", ".join(["*a"] * 30) + "]\n", "aliases"),
    ],
)
def test_import_refuses_what_is_no_scenario(library: Library, text: str, word: str) -> None:
    with pytest.raises(InputError) as refused:
        library.import_yaml(text, "plan.yaml")
    assert word in str(refused.value)
    assert [entry for entry in library.entries() if not entry.shipped] == []


def test_an_export_stands_alone_and_comes_back_the_same(library: Library) -> None:
    text = library.export_yaml("base")
    assert "extends" not in text
    assert library.load(library.import_yaml(text, "base.yaml")).scenario == library.load("base").scenario


def test_a_broken_file_is_shown_with_its_problems(library: Library) -> None:
    library.folder.mkdir(parents=True)
    (library.folder / "broken.yaml").write_text("name: Broken\nload: {pue: 0}\n")
    (library.folder / "worse.yaml").write_text("name: [")
    broken, worse = [entry for entry in library.entries() if not entry.shipped]
    assert (broken.name, broken.problems[0].place, broken.fingerprint) == ("Broken", "load.pue", "")
    assert (worse.name, len(worse.problems)) == ("worse", 1)
    assert library.mapping("broken")["load"]["pue"] == 0  # the editor can mend it


def test_an_upload_is_kept_by_its_content(library: Library) -> None:
    content = b"mw\n" + b"10\n" * 8760
    digest = hashlib.sha256(content).hexdigest()[:12]
    reference = library.save_upload("../../my load:1.csv", content)
    assert reference == f"{digest}-my_load_1.csv"
    assert library.save_upload("../../my load:1.csv", content) == reference
    assert [path.name for path in (home() / "uploads").iterdir()] == [reference]
    key = library.save(mapping("With load", series=f"{reference}:mw"))
    assert library.load(key).files[reference].path == home() / "uploads" / reference


def test_an_empty_or_huge_upload_is_refused(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.library, "MAX_UPLOAD_BYTES", 2**20)
    with pytest.raises(InputError, match=r"1\.0 MiB; at most 1 MiB"):
        library.save_upload("large.csv", b"x" * (2**20 + 1))
    with pytest.raises(InputError, match="empty"):
        library.save_upload("none.csv", b"")
    assert not (home() / "uploads").exists()


def test_a_crash_while_writing_leaves_the_old_file(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    key = library.save(mapping("Mine"))

    def crash(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(engine.files.os, "replace", crash)
    with pytest.raises(OSError, match="disk full"):
        library.save(mapping("Mine", it_peak_mw=99.0), key=key)
    assert library.load(key).scenario.load.it_peak_mw == 10.0
    assert [path.name for path in library.folder.iterdir()] == ["mine.yaml"]
