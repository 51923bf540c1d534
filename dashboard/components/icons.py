"""Icons: SVG files of our own, drawn in the colour of the text around them."""

from __future__ import annotations

from dash import html


def icon(name: str) -> html.Span:
    """Icon from assets/icons; decorative, so hidden from screen readers."""
    return html.Span(className=f"icon icon-{name}", **{"aria-hidden": "true"})
