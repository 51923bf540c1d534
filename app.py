"""The web application: `create_app()` builds it, `main()` serves it."""

from __future__ import annotations

import argparse
from pathlib import Path

import dash
import waitress

from dashboard import data, delivery, jobs, live, load_live, owner, shell, short_links
from dashboard.exports import exports
from dashboard.named_parts import names_only
from dashboard.pictures import pictures
from dashboard.sweep_exports import sweep_exports
from dashboard.takeaway.routes import takeaway

HERE = Path(__file__).resolve().parent


def create_app(store: data.RunStore | None = None) -> dash.Dash:
    """Build the dashboard. May be called several times in one process.

    Parameters
    ----------
    store : engine.store.Store, optional
        Where runs are read from; by default the store of FIRMWATT_HOME.
    """
    app = dash.Dash(
        __name__,
        title="Firmwatt",
        update_title=None,
        use_pages=True,
        pages_folder=str(HERE / "dashboard" / "pages"),
        assets_folder=str(HERE / "assets"),
        index_string=shell.INDEX,
        serve_locally=True,
        suppress_callback_exceptions=False,
        include_pages_meta=False,
        background_callback_manager=jobs.RowMirrors(),
    )
    data.install(app.server, store)
    owner.install(app.server)
    delivery.install(app.server)
    short_links.install(app.server)
    app.server.register_blueprint(exports)
    app.server.register_blueprint(sweep_exports)
    app.server.register_blueprint(takeaway)
    app.server.register_blueprint(pictures)
    app.server.register_blueprint(load_live.live)
    app.server.register_blueprint(live.live)
    app.layout = shell.layout
    shell.register_callbacks(app)
    # Pages declare callbacks globally; the first request moves them into this app and checks their ids.
    app.server.test_client().get("/_dash-dependencies")
    app.validation_layout = names_only(app.validation_layout)
    return app


def main(arguments: list[str] | None = None) -> None:
    """Serve the dashboard with waitress."""
    parser = argparse.ArgumentParser(description="Serve the Firmwatt dashboard.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8050)
    options = parser.parse_args(arguments)
    waitress.serve(create_app().server, host=options.host, port=options.port, threads=8)


if __name__ == "__main__":
    main()
