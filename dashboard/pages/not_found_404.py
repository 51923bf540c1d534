"""What an unknown address shows."""

from __future__ import annotations

import dash

from dashboard.components.empty import empty_page

dash.register_page(__name__, path="/not-found", title="Not found · Firmwatt")


def layout(**_query: str) -> dash.html.Div:
    """Say so, and where to go."""
    return empty_page(
        "Nothing here",
        "No page has this address.",
        [("Open the library", "/"), ("Compare runs", "/compare")],
    )
