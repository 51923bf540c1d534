"""The hourly inputs of a run as its tables `profiles` and `sampled_profiles`."""

from __future__ import annotations

from typing import Any

import pandas as pd

from engine.nomenclature import PROFILE_FLOWS
from engine.periods import Steps
from engine.profiles.result import Profiles
from engine.scenario.schema import Scenario


def profiles_table(scenario: Scenario, profiles: Profiles) -> pd.DataFrame:
    """Hourly inputs of the year: load, temperature, and what each technology reads."""
    # A load path may begin at zero: the base year's load is read from its largest year.
    multiples = scenario.load.multiples_by_year or (1.0,)
    largest = max(range(len(multiples)), key=lambda number: multiples[number])
    base = profiles.load_mw[largest] / (multiples[largest] or 1.0)
    columns = {
        "hour": range(len(base)),
        "load_mw": base,
        "temp_air_c": profiles.temp_air_c,
        "gas_price_multiple": profiles.gas_price_multiple,
    }
    return pd.DataFrame({**columns, **_by_technology(scenario, profiles)})


def sampled_profiles_table(scenario: Scenario, steps: Steps) -> pd.DataFrame:
    """The same for the steps of the sizing."""
    return pd.DataFrame(
        {"step": range(steps.count), "gas_price_multiple": steps.gas_price_multiple, **_by_technology(scenario, steps)}
    )


def _by_technology(scenario: Scenario, source: Profiles | Steps) -> dict[str, Any]:
    """Profile columns of each technology, named as in the nomenclature."""
    series = {
        "availability_pu": source.availability_pu,
        "pu": source.solar_pu,
        "import_price_usd_per_mwh": source.import_price_usd_per_mwh,
        "export_price_usd_per_mwh": source.export_price_usd_per_mwh,
        "co2_kg_per_mwh": source.co2_kg_per_mwh,
    }
    return {
        f"{key}_{flow.suffix}": series[flow.suffix][key]
        for key, data in scenario.active_technologies.items()
        for flow in PROFILE_FLOWS[data.kind]
    }
