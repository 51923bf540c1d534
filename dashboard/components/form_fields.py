"""Fields, groups and sections of the scenario form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.components.icons import icon
from dashboard.forms.draft import Draft, Edited, problem_of, shown, value_at
from dashboard.forms.spec import KIND_LABELS, FieldSpec, Group, Section
from dashboard.forms.values import list_parts, range_text, show, show_plain
from dashboard.ids import Editor, FormIds

Part = Any


_UNITS = {
    "-": "",
    "C": "°C",
    "1/C": "per °C",
    "1/yr": "per year",
    "1/h": "per hour",
    "deg": "°",
    "deg N": "° N",
    "deg E": "° E",
    "+-": "±",
    "yr": "years",
    "date": "",
}
_WIDE = {"text", "numbers", "words", "rows", "file", "list"}


def unit_words(spec: FieldSpec) -> str:
    """Unit as shown beside the field; empty for a plain number, a calendar year or a percentage of itself."""
    if spec.unit == "yr" and spec.low is not None and spec.low >= 1000:
        return ""
    return _UNITS.get(spec.unit, spec.unit.replace("USD", "$"))


def anchor(path: str) -> str:
    """Id that a link to a field or a part leads to."""
    return "at-" + (path or "scenario").replace(".", "-")


def section(
    part: Section, draft: Draft, edited: Edited, describe: Callable[[FieldSpec], Part], lead: Part = None
) -> html.Section:
    """A section with its groups.

    Parameters
    ----------
    part : Section
    draft, edited : Draft, Edited
    describe : callable
        What to show below a file field.
    lead : component, optional
        Between the heading and the first group.
    """
    groups = [group(one, draft, edited, describe, alone=len(part.groups) == 1) for one in part.groups]
    return html.Section([html.H2(part.title), lead, *groups], id=f"section-{part.slug}", className="form-section")


def group(
    part: Group, draft: Draft, edited: Edited, describe: Callable[[FieldSpec], Part], *, alone: bool
) -> html.Div:  # fmt: skip
    """A group: its head, its fields in two columns, the advanced ones under More."""
    first = [spec for spec in part.fields if not spec.advanced and spec.name != "enabled"]
    more = [spec for spec in part.fields if spec.advanced]
    switch = next((spec for spec in part.fields if part.technology and spec.name == "enabled"), None)

    def drawn(specs: list[FieldSpec]) -> html.Div:
        return html.Div([field(spec, draft, edited, describe) for spec in specs], className="fields")

    return html.Div(
        [
            _technology_head(part, switch, draft, edited) if switch else _plain_head(part, alone),
            drawn(first),
            html.Details(
                [html.Summary(f"More ({len(more)})"), drawn(more)],
                open=any(spec.path in draft.texts for spec in more),
                className="fold more",
            )
            if more
            else None,
        ],
        id=anchor(part.path),
        className="panel form-group",
    )


def _plain_head(part: Group, alone: bool) -> Part:
    words = html.P(part.help, className="card-note") if part.help else None
    if alone:
        return words
    return html.Div(html.Div([html.H3(part.title), words]), className="card-head group-head")


def _technology_head(part: Group, switch: FieldSpec, draft: Draft, edited: Edited) -> html.Div:
    key, kind = part.path.rpartition(".")[2], KIND_LABELS.get(part.technology, "")
    return html.Div(
        [
            html.Div(
                [
                    html.H3([part.title, html.Span(kind, className="kind") if kind != part.title else None]),
                    html.P(part.help, className="card-note"),
                ],
            ),
            html.Div(
                [
                    html.Div(note(switch, draft, edited), id=Editor.note(switch.path), className="field-note small"),
                    _switch(switch, shown(switch, draft, edited.started), "Available"),
                    html.Button(
                        [icon("copy"), "Copy"],
                        id=Editor.technology("copy", key),
                        className="link-button",
                        title="Add another technology with these figures",
                    ),
                    html.Button(
                        [icon("close"), "Remove"],
                        id=Editor.technology("remove", key),
                        className="link-button",
                        title="Take it out of this scenario",
                    ),
                ],
                className="group-tools",
            ),
        ],
        className="card-head group-head",
    )


def field(
    spec: FieldSpec, draft: Draft, edited: Edited, describe: Callable[[FieldSpec], Part], ids: type[FormIds] = Editor
) -> html.Div:
    """One field of a draft: label, control with unit, and a note beneath."""
    return box(spec, shown(spec, draft, edited.started), note(spec, draft, edited, ids), ids, describe)


def box(
    spec: FieldSpec, value: Any, words: Part, ids: type[FormIds], describe: Callable[[FieldSpec], Part] | None = None
) -> html.Div:
    """One field that holds a value: label, control with unit, and words beneath."""
    wide = spec.control in _WIDE and spec.name != "label"
    unit = unit_words(spec)
    control = html.Div(
        [_control(spec, value, ids), html.Span(unit, className="unit") if unit else None, *_picker(spec)],
        className=f"control {spec.control}",
    )
    if spec.control == "flag":
        control = html.Div([_switch(spec, value, spec.label, ids)], className="control flag")
    return html.Div(
        [
            html.Div([None if spec.control == "flag" else _label(spec, ids), _hint(spec)], className="field-head"),
            control,
            html.Div(words, id=ids.note(spec.path), className="field-note small"),
            html.Div(describe(spec), id=Editor.upload_result(spec.path), className="upload-result")
            if describe and spec.control == "file"
            else None,
        ],
        id=anchor(spec.path),
        className=f"field{' wide' if wide else ''}",
    )


def cell(spec: FieldSpec, draft: Draft, edited: Edited, below: Part = None) -> html.Td:
    """One field as a cell of a table: the head of its column says what it is, its own name is for screen readers."""
    flag = spec.control == "flag"
    value = shown(spec, draft, edited.started)
    control = _switch(spec, value, "") if flag else _control(spec, value, Editor)
    return html.Td(
        [
            html.Div(_label(spec, Editor), className="visually-hidden"),
            html.Div(control, className=f"control {spec.control}"),
            below,
            html.Div(note(spec, draft, edited), id=Editor.note(spec.path), className="field-note small"),
        ],
        id=anchor(spec.path),
        className="field-cell",
    )


def column_head(label: str, spec: FieldSpec) -> html.Th:
    """Head of a column of fields, with unit and help."""
    unit = unit_words(spec)
    words = [html.Span(label), _hint(spec), html.Span(unit, className="unit") if unit else None]
    return html.Th(html.Div(words, className="field-head"), scope="col", className="field")


def note(spec: FieldSpec, draft: Draft, edited: Edited, ids: type[FormIds] = Editor) -> list[Part]:
    """Below a field: what is wrong with it, else what it was before, else its range."""
    wrong = problem_of(spec, edited)
    parts: list[Part] = []
    if wrong:
        parts.append(wrong_words(wrong))
    if spec.path in edited.changes or spec.path in edited.unreadable:
        echo = _echo(spec, draft, edited)
        if echo and not wrong:
            parts.append(html.Span(f"= {echo}", className="echo"))
        was = show_plain(spec, value_at(edited.started, spec))
        parts += [
            html.Del(was, className="was", title="Value before the change"),
            html.Button("Reset", id=ids.reset(spec.path), className="link-button"),
        ]
    elif spec.optional and spec.control != "file":
        parts.append(html.Span(_ranged("empty: no limit" if spec.path.startswith("limits.") else "optional", spec)))
    elif range_text(spec):
        parts.append(html.Span(range_text(spec)))
    return parts


def wrong_words(reason: str) -> html.Span:
    """What is wrong with a field, for the place beneath it."""
    return html.Span([icon("warning"), reason[:1].upper() + reason[1:]], className="wrong")


def _ranged(words: str, spec: FieldSpec) -> str:
    return f"{range_text(spec)}; {words}" if range_text(spec) else words


def _echo(spec: FieldSpec, draft: Draft, edited: Edited) -> str:
    """How a text was read, when it was written in another way than the form writes it."""
    if spec.path not in edited.changes or spec.control not in {"number", "integer", "fraction"}:
        return ""
    written = str(show(spec, edited.changes[spec.path]))
    typed = str(draft.texts.get(spec.path, written))
    alike = _bare(typed) == _bare(written)
    return "" if alike else f"{written} {unit_words(spec)}".strip()


def _bare(text: str) -> str:
    return text.replace(" ", "").replace(",", "")


def _label(spec: FieldSpec, ids: type[FormIds]) -> html.Label:
    # The help is part of the name for those who do not see the icon; the icon is no stop of the Tab key.
    help_words = html.Span(f": {spec.help}", className="visually-hidden")
    return html.Label([spec.label, help_words], htmlFor=_dom_id(ids.field(spec.path)))


def _dom_id(component_id: Mapping[str, str]) -> str:
    """Id in the page of a pattern-matching component."""
    return json.dumps(component_id, sort_keys=True, separators=(",", ":"))


def _hint(spec: FieldSpec) -> html.Span:
    words = [html.Span(spec.help)] if spec.help else []
    if range_text(spec):
        words.append(html.Span(f"Range: {range_text(spec)} {unit_words(spec)}".rstrip(), className="hint-more"))
    if spec.source:
        words.append(html.Span(f"Source: {spec.source}", className="hint-more"))
    return html.Span(
        [icon("help"), html.Span(words, className="hint-words", role="tooltip")],
        className="hint",
        tabIndex=-1,
        **{"aria-hidden": "true"},
    )


def _control(spec: FieldSpec, value: Any, ids: type[FormIds]) -> Part:
    identity = ids.field(spec.path)
    if spec.control == "choice":
        return dbc.Select(id=identity, options=choices(spec), value=value)
    if spec.control == "list" and spec.choices:
        return dbc.Checklist(id=identity, options=choices(spec), value=list_parts(value), inline=True)
    if spec.control == "rows" or (spec.control == "text" and spec.path == "description"):
        rows = max(2, str(value).count("\n") + 1)
        return dbc.Textarea(id=identity, value=value, debounce=True, rows=rows, className="rows")
    words = {"list": _list_id(spec)} if spec.control == "file" and spec.choices else {}
    return dbc.Input(
        id=identity,
        value=value,
        type="text",
        debounce=True,
        autocomplete="off",
        inputmode="text",
        placeholder=_placeholder(spec),
        className="number" if spec.control in {"number", "integer", "fraction"} else "",
        **words,
    )


def _placeholder(spec: FieldSpec) -> str:
    if spec.path.startswith("limits."):
        return "no limit"
    if spec.control == "file":
        return "file.csv:column" if spec.upload != "weather" else "weather file"
    if not spec.optional:
        return ""
    if spec.path.startswith("budget."):
        return "no limit"
    return "none" if ".workloads." in spec.path else "default"


def _switch(spec: FieldSpec, value: Any, words: str, ids: type[FormIds] = Editor) -> dbc.Switch:
    return dbc.Switch(id=ids.field(spec.path), value=bool(value), label=words)


def choices(spec: FieldSpec) -> list[dict[str, Any]]:
    """Options of a choice, or of the boxes of a list, each under its name."""
    words = spec.words or tuple(map(_choice_words, spec.choices))
    return [{"label": label, "value": option} for option, label in zip(spec.choices, words, strict=True)]


def _picker(spec: FieldSpec) -> list[Part]:
    if spec.control != "file":
        return []
    button = html.Button([icon("upload"), "Upload"], className="btn btn-small btn-quiet", type="button")
    picker = dcc.Upload(button, id=Editor.upload(spec.path), multiple=False, className="file-picker")
    options = [html.Option(value=word) for word in spec.choices]
    return [picker, html.Datalist(options, id=_list_id(spec))] if options else [picker]


def _list_id(spec: FieldSpec) -> str:
    return f"words-{anchor(spec.path)}"


def _choice_words(option: str) -> str:
    words = option.replace("_", " ")
    return words[:1].upper() + words[1:]
