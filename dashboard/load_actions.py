"""What the load page's buttons do to a draft: workloads and products added and removed, a mix made whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import dash
from dash import ALL, Input, Output, State, ctx

from dashboard.editing import bases, view
from dashboard.editor_actions import browser_draft, kept, opened
from dashboard.forms.draft import Draft, add_part, read, remove_part, type_into
from dashboard.forms.spec import fields_by_path
from dashboard.forms.values import show
from dashboard.ids import Editor, Load
from dashboard.load_preview import shares_of
from dashboard.sheets import sheet_of
from engine.library import Library
from engine.profiles.load import growth_multiples
from engine.scenario.schema import Load as LoadModel

DOMAIN_SCENARIO = "base"
NEW_WORKLOAD = {"share_frac": 0.0}
_WORKLOADS, _PRODUCTS = "load.workloads", "demand_response.products"


def register() -> None:
    """Wire the buttons that change more than one field."""

    @dash.callback(
        Output(Editor.DRAFTS, "data", allow_duplicate=True),
        Output(Editor.FORM, "children", allow_duplicate=True),
        Output(Editor.BASES, "data", allow_duplicate=True),
        Input({"type": "load-do", "do": ALL, "key": ALL}, "n_clicks"),
        State(Load.WORKLOAD_NAME, "value"),
        State(Editor.DRAFTS, "data"),
        State(Editor.PAGE, "data"),
        prevent_initial_call=True,
    )
    def _do(_clicks: Any, name: str | None, drafts: Any, page_data: dict[str, Any]) -> tuple[Any, Any, Any]:
        if not ctx.triggered[0]["value"]:
            return (dash.no_update,) * 3
        asked = ctx.triggered_id
        base, draft = opened(page_data), browser_draft(drafts, page_data)
        after = act(base, draft, asked["do"], name or "" if asked["do"] == "add" else asked["key"])
        seen = view(base, after)
        return kept(drafts, page_data, after), sheet_of(page_data).form(seen), bases(seen)


def act(base: Mapping[str, Any], draft: Draft, do: str, key: str) -> Draft:
    """Do what a button asks for.

    Parameters
    ----------
    base : mapping
        The scenario before any change.
    draft : Draft
    do : str
        `add` a workload named key; `remove` the part at the path key; `rest`: let workload key make up the mix;
        `domain-mix`, `domain-products`: take the domain's; `path`: write the growth out year by year.
    """
    mapping = read(base, draft).mapping
    if do == "add":
        return add_workload(mapping, draft, key)
    if do == "remove":
        return remove(base, draft, mapping, key)
    if do == "rest":
        return make_up(mapping, draft, key)
    if do == "path":
        return write_path(mapping, draft)
    part = _WORKLOADS if do == "domain-mix" else _PRODUCTS
    return take_from_domain(base, draft, mapping, part)


def add_workload(mapping: Mapping[str, Any], draft: Draft, name: str) -> Draft:
    """A new workload without a share yet, so that the mix still holds; nothing without a name."""
    key = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if key and not key[0].isalpha():
        key = f"workload_{key}"
    if not key or key in _parts(mapping, _WORKLOADS):
        return draft
    # The first workload of all is the whole mix.
    share = {} if _parts(mapping, _WORKLOADS) else {"share_frac": 1.0}
    return add_part(draft, f"{_WORKLOADS}.{key[:41]}", {**NEW_WORKLOAD, **share})


def remove(base: Mapping[str, Any], draft: Draft, mapping: Mapping[str, Any], path: str) -> Draft:
    """Take a workload or product out; products no longer name a workload that is gone."""
    after = remove_part(base, draft, path)
    gone = path.rpartition(".")[2]
    for key, product in _parts(mapping, _PRODUCTS).items():
        named = list(product.get("sources") or [])
        if path.startswith(_WORKLOADS) and gone in named:
            text = ", ".join(name for name in named if name != gone)
            after = type_into(after, f"{_PRODUCTS}.{key}.sources", text)
    return after


def make_up(mapping: Mapping[str, Any], draft: Draft, key: str) -> Draft:
    """Give a workload the share that is missing from the mix, or take what is too much from it."""
    shares = shares_of(mapping)
    share = min(1.0, max(0.0, shares[key] + 1.0 - sum(shares.values())))
    path = f"{_WORKLOADS}.{key}.share_frac"
    return type_into(draft, path, show(fields_by_path(mapping)[path], round(share, 12)))


def write_path(mapping: Mapping[str, Any], draft: Draft) -> Draft:
    """The growth as a list of multiples, to be changed year by year."""
    load = dict(mapping["load"])
    growth = {name: load[name] for name in ("growth_frac_per_yr", "growth_cap_multiple")}
    multiples = growth_multiples(LoadModel(**growth), years=int(mapping["time"]["years"]))
    return type_into(draft, "load.multiples_by_year", ", ".join(f"{round(float(one), 6):g}" for one in multiples))


def take_from_domain(base: Mapping[str, Any], draft: Draft, mapping: Mapping[str, Any], part: str) -> Draft:
    """Replace all workloads, or all products, by those of the domain's figures."""
    domain = _parts(Library().mapping(DOMAIN_SCENARIO), part)
    workloads = {"cooling", *_parts(mapping, _WORKLOADS)}
    for key in _parts(mapping, part):
        if key not in domain:
            draft = remove(base, draft, mapping, f"{part}.{key}")
    for key, data in domain.items():
        # A product cannot be served by a workload that this site does not have.
        named = {"sources": [name for name in data["sources"] if name in workloads]} if "sources" in data else {}
        if named.get("sources", True):
            draft = add_part(draft, f"{part}.{key}", {**data, **named})
    return draft


def _parts(mapping: Mapping[str, Any], path: str) -> Mapping[str, Mapping[str, Any]]:
    part, name = path.split(".")
    return (mapping.get(part) or {}).get(name) or {}
