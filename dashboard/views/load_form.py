"""The fields of the load page: those of the editor's form that make the load, by tab, with sliders where one plays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard import uploads
from dashboard.components import editor_parts, form_fields
from dashboard.components.icons import icon
from dashboard.components.upload_panel import upload_panel
from dashboard.editing import View
from dashboard.editor_actions import removed_words
from dashboard.forms.draft import value_at
from dashboard.forms.spec import FieldSpec, fields_by_path
from dashboard.ids import Load

Part = Any
Specs = Mapping[str, FieldSpec]

TABS = {"basic": "Basic load", "mix": "Workload mix", "cooling": "Cooling", "dr": "Demand response"}
SIZE = ("it_peak_mw", "pue", "load_factor_frac")
GROWTH = ("growth_frac_per_yr", "growth_cap_multiple", "multiples_by_year")
HOURLY = ("series", "utilisation_series", "idle_frac")
SHAPE = (
    "day_first_hour", "day_last_hour", "night_level_frac", "season_amplitude_frac", "season_peak_day", "noise_frac",
    "noise_seed",
)  # fmt: skip
WORKLOAD_COLUMNS = {
    "share_frac": "Share",
    "flexible_frac": "Flexible",
    "response_min": "Response",
    "min_run_h": "Least run",
    "checkpoint_overhead_frac": "Checkpoint",
    "delay_window_h": "Delay window",
    "cut_usd_per_mwh": "Cost of a cut*",
}
PRODUCT_COLUMNS = {
    "enabled": "Offered",
    "response_min": "Response",
    "capacity_usd_per_mw_h": "Capacity",
    "activation_usd_per_mwh": "Called",
    "events_per_yr": "Events",
    "event_h": "Event",
    "window_first_hour": "From",
    "window_last_hour": "To",
    "min_bid_mw": "Least bid",
    "sources": "Who may serve",
}
# Where the hand moves between: lowest, highest, step. A value outside widens its own slider.
SLIDERS: dict[str, tuple[float, float, float]] = {
    "it_peak_mw": (0.0, 0.0, 1.0),
    "pue": (1.0, 2.0, 0.01),
    "load_factor_frac": (0.3, 1.0, 0.01),
    "growth_frac_per_yr": (-0.1, 0.5, 0.01),
    "growth_cap_multiple": (1.0, 5.0, 0.1),
    "idle_frac": (0.0, 1.0, 0.01),
    "share_frac": (0.0, 1.0, 0.01),
    "flexible_frac": (0.0, 1.0, 0.01),
    "setpoint_rise_c": (0.0, 8.0, 0.1),
    "reduction_frac_per_c": (0.0, 0.1, 0.001),
    "max_reduction_frac": (0.0, 0.5, 0.01),
    "time_constant_min": (5.0, 120.0, 1.0),
    "budget_energy_frac": (0.0, 0.05, 0.0005),
    "capacity_usd_per_mw_h": (0.0, 50.0, 0.5),
    "activation_usd_per_mwh": (0.0, 500.0, 5.0),
}
NO_WORKLOADS = "No workloads yet: the IT load is one block, and nothing of it can wait."
NO_PRODUCTS = "No products yet: without one, what the load can give is sold to nobody."


def tab_of(path: str) -> str:
    """Tab on which a field of the load stands; empty for a field of another page."""
    for beginning, tab in (
        ("load.workloads", "mix"),
        ("load.cooling", "cooling"),
        ("load", "basic"),
        ("demand_response", "dr"),
    ):
        if path == beginning or path.startswith(f"{beginning}."):
            return tab
    return ""


def form(seen: View) -> list[Part]:
    """The fields of every tab, as the draft stands; the style sheet shows the tab that is open."""
    specs = fields_by_path(seen.checked.edited.started)
    removed = [key for key, data in seen.draft.parts.items() if data is None and tab_of(key)]
    panels = {"basic": _basic, "mix": _mix, "cooling": _cooling, "dr": _products}
    return [
        *([removed_words(removed)] if removed else []),
        *(html.Div(draw(specs, seen), className=f"on-tab on-{tab} load-fields") for tab, draw in panels.items()),
    ]


def navigation(seen: View) -> html.Div:
    """The tabs, each with how much of it was changed and how much is not valid."""
    edited = seen.checked.edited
    touched = [*edited.changes, *edited.unreadable, *seen.draft.parts]
    wrong = [tab_of(problem.path) or ("mix" if "workload" in problem.message else "") for problem in seen.problems]
    return html.Div(
        [
            _tab(tab, words, sum(tab_of(path) == tab for path in touched), wrong.count(tab))
            for tab, words in TABS.items()
        ],
        className="load-tabs",
        role="tablist",
    )


def _tab(tab: str, words: str, changed: int, wrong: int) -> html.Button:
    marks: list[Part] = []
    if wrong:
        marks.append(html.Span([icon("warning"), str(wrong)], className="count-wrong", title="not yet valid"))
    if changed:
        marks.append(html.Span(str(changed), className="count-changed", title="changed"))
    return html.Button([words, *marks], type="button", role="tab", className="load-tab", **{"data-tab": tab})


def summary(seen: View) -> list[Part]:
    """What is wrong with the draft, and what was changed."""
    whole = editor_parts.summary(seen.draft, seen.checked, seen.load, seen.problems)
    return whole[1:] if seen.problems else whole[2:]


def _basic(specs: Specs, seen: View) -> list[Part]:
    load = seen.checked.edited.mapping.get("load") or {}
    path = html.Button("Write the growth out as a load path", id=Load.do("path"), className="link-button")
    return [
        _panel("Size", _fields(specs, seen, SIZE)),
        _panel("Growth", _fields(specs, seen, GROWTH), path),
        _panel("Hourly data", _replaced_words(load), _fields(specs, seen, HOURLY)),
        html.Details(
            [html.Summary(f"Shape ({len(SHAPE)})"), _fields(specs, seen, SHAPE)],
            className="fold panel",
            open=any(f"load.{name}" in seen.draft.texts for name in SHAPE),
        ),
    ]


def _replaced_words(load: Mapping[str, Any]) -> Part:
    """Say which fields an hourly file makes idle."""
    if load.get("series"):
        words = "A metered load is given: IT peak, load factor and shape are not used; growth is."
    elif load.get("utilisation_series"):
        words = "A utilisation is given: load factor and shape are not used; its highest hour is the IT peak."
    else:
        words = "Without a file the hours are made up from load factor and shape, and every result says so."
    return html.P(words, className="card-note")


def _mix(specs: Specs, seen: View) -> list[Part]:
    keys = _keys(seen, "load", "workloads")
    add = html.Div(
        [
            html.Label("Name of a new workload", htmlFor=Load.WORKLOAD_NAME, className="visually-hidden"),
            dbc.Input(id=Load.WORKLOAD_NAME, placeholder="Name of a new workload", maxLength=41, autocomplete="off"),
            html.Button([icon("plus"), "Add workload"], id=Load.do("add"), className="btn btn-small btn-quiet"),
            html.Button("Use the domain's mix", id=Load.do("domain-mix"), className="btn btn-small btn-quiet"),
        ],
        className="table-tools",
    )
    if not keys:
        return [_panel("Workloads of the IT load", html.P(NO_WORKLOADS, className="lead-sentence"), add)]
    table = _table("load.workloads", keys, WORKLOAD_COLUMNS, specs, seen, "Workload")
    note = html.P(
        "* Costs of a cut are assumptions. Without a response time a workload is never called; without a delay window "
        "cut work is lost, not made up later.",
        className="card-note",
    )
    return [_panel("Workloads of the IT load", table, add, note)]


def _cooling(specs: Specs, seen: View) -> list[Part]:
    names = [path.rpartition(".")[2] for path in specs if path.startswith("load.cooling.")]
    first = [name for name in names if name in SLIDERS or specs[f"load.cooling.{name}"].control == "flag"]
    rest = [name for name in names if name not in first]
    return [
        _panel("Set-point and hall", _fields(specs, seen, first, "load.cooling")),
        html.Details(
            [html.Summary(f"Timing ({len(rest)})"), _fields(specs, seen, rest, "load.cooling")], className="fold panel"
        ),
    ]


def _products(specs: Specs, seen: View) -> list[Part]:
    names = [path.rpartition(".")[2] for path in specs if path.count(".") == 1 and path.startswith("demand_response.")]
    keys = _keys(seen, "demand_response", "products")
    offer = html.Div(
        html.Button("Use the domain's products", id=Load.do("domain-products"), className="btn btn-small btn-quiet"),
        className="table-tools",
    )
    body = (
        _table("demand_response.products", keys, PRODUCT_COLUMNS, specs, seen, "Product")
        if keys
        else html.P(NO_PRODUCTS, className="lead-sentence")
    )
    return [
        _panel("Whether and how much", _fields(specs, seen, names, "demand_response", wide=True)),
        _panel("Products", body, offer),
    ]


def _keys(seen: View, part: str, name: str) -> list[str]:
    started = seen.checked.edited.started
    return list((started.get(part) or {}).get(name) or {})


def _panel(title: str, *content: Part) -> html.Section:
    return html.Section([html.H2(title), *content], className="panel load-group")


def _fields(
    specs: Specs, seen: View, names: Mapping[str, str] | list[str] | tuple[str, ...], place: str = "load",
    *, wide: bool = False,
) -> html.Div:  # fmt: skip
    chosen = [specs[f"{place}.{name}"] for name in names]
    drawn = [_field(spec, seen) for spec in chosen]
    return html.Div(drawn, className="fields" if wide else "fields one-column")


def _field(spec: FieldSpec, seen: View) -> html.Div:
    edited = seen.checked.edited

    def describe(one: FieldSpec) -> Part:
        return upload_panel(one, uploads.of_value(one, value_at(edited.mapping, one), edited.mapping.get("site")))

    drawn = form_fields.field(spec, seen.draft, edited, describe)
    return html.Div([drawn, _slider(spec, seen)], className=f"with-slider {spec.control}")


def _slider(spec: FieldSpec, seen: View) -> Part:
    """A slider for a number of which the range is the point; nothing for others."""
    if spec.name not in SLIDERS:
        return None
    value = value_at(seen.checked.edited.mapping, spec)
    number = float(value) if isinstance(value, int | float) else 0.0
    low, high, step = SLIDERS[spec.name]
    high = high or max(100.0, 50.0 * round(2.5 * number / 50.0))
    # assets/load.js puts the slider in: the page's own, which costs the hand nothing while it moves.
    data = {"path": spec.path, "control": spec.control, "label": spec.label, "low": min(low, number)}
    data |= {"high": max(high, number), "step": step, "value": number}
    return html.Div(className="field-slider", **{f"data-{name}": str(value) for name, value in data.items()})


def _table(
    place: str, keys: list[str], columns: Mapping[str, str], specs: Specs, seen: View, what: str
) -> html.Div:  # fmt: skip
    first = keys[0]
    heads = [form_fields.column_head(words, specs[f"{place}.{first}.{name}"]) for name, words in columns.items()]
    rows = [_row(place, key, columns, specs, seen) for key in keys]
    table = html.Table(
        [html.Thead(html.Tr([html.Th(what, scope="col"), *heads, html.Th("")])), html.Tbody(rows)],
        className="data field-table",
    )
    return html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": f"{what}s"})


def _row(place: str, key: str, columns: Mapping[str, str], specs: Specs, seen: View) -> html.Tr:
    cells = []
    for name, words in columns.items():
        spec = specs[f"{place}.{key}.{name}"]
        unit = form_fields.unit_words(spec)
        head = f"{words}, {unit}" if unit else words
        cell = form_fields.cell(spec, seen.draft, seen.checked.edited, _slider(spec, seen))
        cells.append(html.Td(cell.children, id=cell.id, className=f"field-cell {spec.control}", **{"data-label": head}))
    remove = html.Button(
        icon("close"), id=Load.do("remove", f"{place}.{key}"), className="link-button", title=f"Remove {name_of(key)}",
        **{"aria-label": f"Remove {name_of(key)}"},
    )  # fmt: skip
    started = seen.checked.edited.started
    label = value_at(started, specs[f"{place}.{key}.label"]) if f"{place}.{key}.label" in specs else ""
    return html.Tr([html.Th(label or name_of(key), scope="row"), *cells, html.Td(remove)])


def name_of(key: str) -> str:
    """A workload or product in words."""
    return key.replace("_", " ").capitalize()
