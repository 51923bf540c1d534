"""How well the hours that a sizing sees stand for the year: error of each series, in its unit and of its mean.

Where each real hour has a step that stands for it, the year is put together again from those steps and held against
the real one hour by hour: root mean square error and mean absolute error, as tsam states them
(https://tsam.readthedocs.io). The same of the two duration curves needs no such assignment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.periods import Steps
from engine.profiles.result import Profiles, Series

# Of the mean: below it, an error is not told in words.
WORTH_TELLING_FRAC = 0.0005


def representation(steps: Steps, profiles: Profiles, method: str) -> dict[str, Any]:
    """What the manifest states under `representation`.

    Returns
    -------
    dict
        method, periods, hours_seen, and `series`: a list of {series, unit, mean, rmse, mae, duration_rmse, rmse_frac,
        mae_frac, duration_rmse_frac}; the first five in the series' unit, the last three as shares of the mean of its
        absolute values. rmse and mae are None where no step stands for a given hour.
    """
    return {
        "method": method,
        "periods": int(steps.period.max()) + 1,
        "hours_seen": float(steps.dt_h.sum()),
        "series": [_errors(*series, steps) for series in _series(steps, profiles)],
    }


def _series(steps: Steps, profiles: Profiles) -> Iterator[tuple[str, str, Series, Series]]:
    """(name, unit, real hours, steps) of each series; the load of the largest year stands for all."""
    row = int(profiles.load_mw.sum(axis=1).argmax())
    yield "load", "MW", profiles.load_mw[row], steps.load_mw[row]
    for name, unit in (
        ("solar_pu", "pu"),
        ("availability_pu", "pu"),
        ("import_price_usd_per_mwh", "USD/MWh"),
        ("export_price_usd_per_mwh", "USD/MWh"),
        ("co2_kg_per_mwh", "kg/MWh"),
    ):
        real, seen = getattr(profiles, name), getattr(steps, name)
        for key in real:
            yield f"{key}_{name.removeprefix('solar_')}", unit, real[key], seen[key]
    yield "gas_price_multiple", "-", profiles.gas_price_multiple, steps.gas_price_multiple


def _errors(name: str, unit: str, real: Series, seen: Series, steps: Steps) -> dict[str, Any]:
    size = float(np.abs(real).mean())
    errors: dict[str, float | None] = {
        "rmse": None,
        "mae": None,
        "duration_rmse": _rms(np.sort(real) - _sorted_year(seen, steps.weight_h)),
    }
    if steps.assignment is not None:
        missed = real - seen[steps.assignment]
        errors |= {"rmse": _rms(missed), "mae": float(np.abs(missed).mean())}
    shares = {f"{key}_frac": None if error is None or size == 0 else error / size for key, error in errors.items()}
    return {"series": name, "unit": unit, "mean": float(real.mean()), **errors, **shares}


def _sorted_year(seen: Series, weight_h: Series) -> Series:
    """The steps' values in rising order, each as often as the real hours it stands for, array (8760,)."""
    order = np.argsort(seen, kind="stable")
    upto = np.cumsum(weight_h[order])
    middle_of_hour = np.arange(round(upto[-1])) + 0.5
    year: Series = seen[order][np.searchsorted(upto, middle_of_hour).clip(max=len(seen) - 1)]
    return year


def _rms(values: Series) -> float:
    return float(np.sqrt(np.mean(values**2)))


def representation_words(stated: dict[str, Any]) -> str:
    """One sentence on how many hours stand for the year, and how well they stand for load and the rest."""
    if stated["method"] == "full":
        return "all 8,760 hours"
    shown = "rmse_frac" if any(one["rmse_frac"] is not None for one in stated["series"]) else "duration_rmse_frac"
    what = "hour by hour" if shown == "rmse_frac" else "of the duration curve"
    told = [one for one in stated["series"] if (one[shown] or 0.0) >= WORTH_TELLING_FRAC]
    errors = [f"{one['series'].replace('_', ' ')} {one[shown]:.1%}" for one in told]
    error = f"; RMS error {what}: {', '.join(errors)}" if errors else ""
    return f"{stated['hours_seen']:,.0f} h in {stated['periods']} periods ({stated['method']}){error}"
