"""How far to trust a run, as badges: adequacy, ending of the search, verification, made-up data, class of estimate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.components.badges import badge, opening_badge
from dashboard.components.icons import icon
from dashboard.formatting import amount, percent, significant

Manifest = Mapping[str, Any]


def badges(manifest: Manifest) -> list:
    """All badges of a finished run; the worst news first."""
    found = [adequacy(manifest), ending(manifest), verification(manifest), synthetic(manifest), estimate(manifest)]
    return [one for one in found if one is not None]


def adequacy(manifest: Manifest) -> html.Span:
    """Whether the plan serves its load."""
    summary = manifest["summary"]
    if summary.get("adequate"):
        return badge("Adequate", "good", "Serves all but a millionth of the energy required.")
    unserved = significant(summary.get("unserved_mwh"))
    return badge(f"Inadequate: {unserved} MWh unserved", "bad", "The plan sheds load; its cost includes the penalty.")


def ending(manifest: Manifest) -> html.Span:
    """How the search ended."""
    gap = manifest.get("mip_gap_frac")
    proven = f"The plan is proven within {percent(gap)} of the best possible." if gap is not None else ""
    if manifest["termination"] == "time_limit":
        words = f"Time-limited, gap {percent(gap)}" if gap is not None else "Time-limited"
        return badge(words, "warn", f"{proven} The search stopped at its time limit: a better plan may exist.")
    if manifest["termination"] == "optimal":
        return badge("Optimal", "good", proven)
    return badge(f"Within {percent(gap or 0.0)} of optimal", "good", proven)


def verification(manifest: Manifest) -> html.Details:
    """Badge that opens the list of checks."""
    checks = manifest["verification"]["checks"]
    passed = manifest["verification"]["passed"]
    failed = sum(not check["passed"] for check in checks)
    text = f"Verified, {len(checks)} checks" if passed else f"{failed} of {len(checks)} checks failed"
    rows = [
        html.Li(
            [
                icon("check" if check["passed"] else "warning"),
                html.Div([html.Div(check["name"]), html.Div(check["detail"], className="muted small")]),
            ],
            className="check passed" if check["passed"] else "check failed",
        )
        for check in sorted(checks, key=lambda check: check["passed"])
    ]
    return opening_badge(text, "good" if passed else "bad", html.Ul(rows, className="checks"), "What was recomputed")


def synthetic(manifest: Manifest) -> html.Details | None:
    """Badge that opens what is made up; None when everything is data."""
    items = manifest.get("synthetic") or []
    if not items:
        return None
    content = html.Ul([html.Li(item) for item in items], className="plain-list")
    return opening_badge("Synthetic data", "warn", content, "Some inputs are made up")


def estimate(manifest: Manifest) -> html.Span | None:
    """What a figure is worth."""
    words = str(manifest["summary"].get("estimate_class") or "")
    if not words:
        return None
    name, _, reason = words.partition(":")
    return badge(name[:1].upper() + name[1:], "plain", reason.strip() or None)


def one_line(manifest: Manifest) -> str:
    """A run in a list: LCOE, or why it has none."""
    if manifest["status"] == "infeasible":
        return "infeasible"
    lcoe = manifest["summary"].get("lcoe_usd_per_mwh")
    parts = [str(amount(lcoe, "USD/MWh"))] if lcoe is not None else []
    if not manifest["summary"].get("adequate"):
        parts.append("inadequate")
    if manifest["termination"] == "time_limit":
        parts.append("time-limited")
    if not manifest["verification"]["passed"]:
        parts.append("not verified")
    return ", ".join(parts)
