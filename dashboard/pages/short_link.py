"""What a short link shows that nobody made here; the others lead on before a page is asked for."""

from __future__ import annotations

import dash

from dashboard.components.empty import empty_page

dash.register_page(__name__, path_template="/s/<token>", name="Short link", title="Short link · Firmwatt")


def layout(token: str = "", **_query: str) -> dash.html.Div:
    """Say so, and where to go."""
    return empty_page(
        "This short link is not known here",
        f'No view has been shared as "{token}" on this server. Links are kept with its runs: one that was made on '
        "another server, or before its data folder was replaced, opens nothing. Ask for the link again, or look here.",
        [("See all runs", "/runs"), ("Compare runs", "/compare"), ("Open the library", "/")],
    )
