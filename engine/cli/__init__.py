"""The command line: `firmwatt`. Commands stand in the files beside this one; docs/cli.md describes them."""

from __future__ import annotations

from engine.cli import (
    choice,
    comparing,
    equipment,
    exporting,
    frontier,
    headroom,
    reasons,
    runs,
    scenarios,
    service,
    sweeping,
)
from engine.cli.common import EXIT_CODES, application

app = application(
    f"""Plans the power of AI datacenters: what to build on site, how to run it, what it costs.

    FILE is a scenario file or a key of the library (`firmwatt scenarios`); RUN is a run's id or a unique beginning of
    it (`firmwatt list`). With --json, exactly one JSON document goes to standard output.

    {EXIT_CODES}

    FIRMWATT_HOME is the folder of runs, jobs and own scenarios (default ~/.firmwatt).
    """
)
for commands in (
    scenarios,
    equipment,
    runs,
    reasons,
    comparing,
    choice,
    exporting,
    frontier,
    headroom,
    sweeping,
    service,
):
    commands.register(app)


def main() -> None:
    """Entry point of the console script."""
    app()


__all__ = ["app", "main"]
