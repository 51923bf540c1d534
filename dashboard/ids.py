"""Every id that a callback uses, in one place, named by page.

An id is `page-thing`; a pattern-matching id is a function that returns the dict.
"""

from __future__ import annotations


class Shell:
    """The frame around every page."""

    PAGE = "shell-page"
    RAIL = "shell-rail"
    QUEUE = "shell-queue"
    QUEUE_TICK = "shell-queue-tick"
    THEME = "shell-theme"
    THEME_STORE = "shell-theme-store"
    TEMPLATES = "shell-templates"
    HELP = "shell-help"
    HELP_PANEL = "shell-help-panel"
    HELP_BODY = "shell-help-body"


class Run:
    """The result of one run."""

    RUN_ID = "run-id"
    YEAR = "run-year"
    WEEK = "run-week"
    DISPATCH = "run-dispatch"
    MAP_YEAR = "run-map-year"
    MAP_QUANTITY = "run-map-quantity"
    MAP = "run-map"
    DURATION_YEAR = "run-duration-year"
    DURATION = "run-duration"
    DOWNLOAD = "run-download"


class Compare:
    """Runs side by side."""

    STATE = "compare-state"
    SHARE = "compare-share"
    SHARED = "compare-shared"
    YEAR = "compare-year"
    WEEK = "compare-week"
    DISPATCH = "compare-dispatch"
    MAPS = "compare-maps"
    MAP_QUANTITY = "compare-map-quantity"
    BASE = "compare-base"


# Where Dash keeps the address; pages read it as State, the router and the rail as Input.
LOCATION = "_pages_location"
