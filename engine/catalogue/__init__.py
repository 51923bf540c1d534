"""The equipment catalogue: technology blocks ready for a scenario, each figure with its unit and source.

Shipped entries stand in `equipment.yaml`; a planner's own ones beside the own scenarios, as YAML.

>>> from engine.catalogue import Catalogue, to_technology
>>> to_technology(Catalogue().get("fuel-cell"))["heat_rate_btu_per_kwh"]
6800.0
"""

from __future__ import annotations

from engine.catalogue.catalogue import Catalogue, add_to_mapping
from engine.catalogue.entry import Entry, Figure, Origin, figures, to_technology
from engine.catalogue.screening import Screening, Terms, screen

__all__ = [
    "Catalogue",
    "Entry",
    "Figure",
    "Origin",
    "Screening",
    "Terms",
    "add_to_mapping",
    "figures",
    "screen",
    "to_technology",
]
