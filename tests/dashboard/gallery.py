"""The pages of the gallery, the light examples they show, and the document that shows their pictures.

The examples are solved by an ordinary worker, each one once a home folder: a second call finds them stored.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from PIL import Image

from engine.catalogue import Catalogue
from engine.choice.alternatives_words import alternatives_question
from engine.choice.break_even_words import break_even_question
from engine.choice.explained import attribution_question
from engine.choice.futures import default_futures
from engine.choice.questions import regret_question
from engine.choice.variants import scenario_of_run
from engine.frontier.asked import Asked, frontier_request
from engine.jobs import JobTable
from engine.library import Library
from engine.request import StudyRequest
from engine.scenario.fingerprint import fingerprint
from engine.store import Store
from engine.study import Studies
from engine.sweep.plan import plan_file
from engine.sweep.sweeps import Sweeps

DOCUMENT = "gallery.md"
FOLDER = "gallery"
SWEEP = "gas-against-solar"
GAS_PRICE = "fuel.price_usd_per_mmbtu"
FRONTIER_POINTS = 8
PLANS = ("no_grid", "grid", "cheap_solar")
WIDE = 1400
QUALITY = 50
# Nobody scrolls further.
MOST_HEIGHT_PX = 3600
HEAD = (
    "Every page in light and dark, some as a phone shows them. `make gallery` makes it: an ordinary worker solves "
    "**light examples** (one to three years, small searches), Chromium photographs the served app. The figures are "
    "those of light examples, not of a site."
)
DATA = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Shot:
    """A page of the gallery.

    Attributes
    ----------
    name, path, title, words : str
    widths : sequence of int
    seconds : float
        Until the page stands still.
    """

    name: str
    path: str
    title: str
    words: str
    widths: Sequence[int] = (1400,)
    seconds: float = 3.0


def fill(store: Store) -> dict[str, str]:
    """Solve the light examples that the home folder lacks, and name them: minutes the first time, then seconds."""
    keys = _own_scenarios()
    known = {run["fingerprint"] for run in store.runs()}
    for key in [*keys.values(), "light-gas", "light-solar"]:
        if fingerprint(Library().load(key)) not in known:
            JobTable().submit(Library().load(key), store=store)
    solar = Library().load("light-solar")
    asked = {
        "frontier": frontier_request((solar,), Asked(("lcoe", "nox"), FRONTIER_POINTS)),
        "alternatives": alternatives_question(solar, 0.02),
        "break_even": break_even_question(solar, GAS_PRICE, 2.0, 10.0),
    }
    made = {"sweep": Sweeps().launch(plan_file(SWEEP)), "equipment": own_equipment()}
    _solved(asked.values())
    runs = {name: _run_of(store, key) for name, key in keys.items()}
    plans = [runs[name] for name in PLANS]
    futures = default_futures(scenario_of_run(store.manifest(plans[0])).scenario)
    asked["regret"] = regret_question(store, plans, futures, hours="weeks")
    _solved([asked["regret"], *(attribution_question(store, plans[0], plan) for plan in plans[1:])])
    return runs | made | {name: study.study_id for name, study in asked.items()}


def _own_scenarios() -> dict[str, str]:
    library = Library()
    there = {entry.name: entry.key for entry in library.entries()}
    return {
        name: there.get(one["name"]) or library.import_yaml(yaml.safe_dump(one), f"{name}.yaml")
        for name, one in DATA["scenarios"].items()
    }


def own_equipment() -> str:
    """An own entry of the catalogue, made where there is none."""
    own = [entry.key for entry in Catalogue().entries() if not entry.shipped]
    return own[0] if own else Catalogue().copy("fuel-cell")


def _solved(studies: Iterable[StudyRequest]) -> None:
    """Queue studies, and let a worker do all that waits."""
    for study in studies:
        JobTable().submit_study(study, done=Studies().done(study.study_id))
    subprocess.run([sys.executable, "-m", "engine.worker", "--once"], check=True)


def _run_of(store: Store, key: str) -> str:
    loaded = Library().load(key)
    mark = fingerprint(loaded)
    run_id = next((run["run_id"] for run in store.runs() if run["fingerprint"] == mark), None)
    if run_id is None:
        raise SystemExit(f"{loaded.scenario.name} was not solved; the worker's lines above say why.")
    return str(run_id)


def shots(made: Mapping[str, str]) -> list[Shot]:
    """Every page, in the order of the rail."""
    return [Shot(**{**page, "path": page["path"].format(**made)}) for page in DATA["pages"]]


def webp(picture: bytes) -> bytes:
    """A screenshot made small."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    buffer = io.BytesIO()
    image.crop((0, 0, image.width, min(image.height, MOST_HEIGHT_PX))).save(buffer, "WEBP", quality=QUALITY, method=6)
    return buffer.getvalue()


def looks(shot: Shot) -> list[tuple[int, str]]:
    """Widths and themes of a page's pictures: a phone's in light alone."""
    return [(width, theme) for width in shot.widths for theme in ("light", "dark") if width >= WIDE or theme == "light"]


def picture_name(shot: Shot, width: int, theme: str) -> str:
    """File name of a picture."""
    return f"{shot.name}-{width}-{theme}.webp"


def document(listed: Sequence[Shot]) -> str:
    """The gallery as Markdown."""
    parts = ["# Gallery", HEAD]
    for shot in listed:
        wide = [_picture(shot, width, theme) for width, theme in looks(shot) if width >= WIDE]
        narrow = [_picture(shot, width, theme) for width, theme in looks(shot) if width < WIDE]
        parts += [f"## {shot.title}", f"{shot.words} *(light example)*", _row(wide, 49)]
        parts += [_row(narrow, 24)] if narrow else []
    return "\n\n".join(parts) + "\n"


def _picture(shot: Shot, width: int, theme: str) -> tuple[str, str]:
    size = "" if width >= WIDE else ", on a phone"
    return f"{FOLDER}/{picture_name(shot, width, theme)}", f"{shot.title}, {theme}{size}"


def _row(pictures: Sequence[tuple[str, str]], width_percent: int) -> str:
    return " ".join(
        f'<a href="{file}"><img src="{file}" alt="{words}" width="{width_percent}%"></a>' for file, words in pictures
    )
