"""Typical days or weeks of a year by clustering (tsam), with chosen periods kept as they are.

Real periods that resemble each other form a cluster; its medoid, a real period, stands for all of them
(hierarchical clustering; Hoffmann et al. 2020, https://doi.org/10.3390/en13030641). Periods that decide the size of a
plan rather than its cost - the highest load, the least sun - are taken out of their clusters and stand for themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.profiles.result import Profiles, Series

Index = NDArray[np.int64]


@dataclass(frozen=True)
class TypicalPeriods:
    """A year as a sequence of typical periods.

    Attributes
    ----------
    centre : array (P,)
        Real period that stands for each cluster, in the order of the year.
    own : array (P,) of bool
        The period stands for itself alone.
    sequence : array (N,)
        Cluster of each real period of the year.
    """

    centre: Index
    own: NDArray[np.bool_]
    sequence: Index

    @property
    def counts(self) -> Index:
        """Real periods that each cluster stands for."""
        return np.bincount(self.sequence, minlength=len(self.centre))


def typical_periods(profiles: Profiles, clusters: int, hours: int, kept: Iterable[int] = ()) -> TypicalPeriods:
    """Cluster the year.

    Parameters
    ----------
    profiles : Profiles
    clusters : int
        Typical periods besides those that are kept.
    hours : int
        Length of a period; hours that do not fill a last one are left out.
    kept : iterable of int
        Real periods that stand for themselves, besides the extreme ones.
    """
    count = len(profiles.temp_air_c) // hours
    own = sorted({*extreme_periods(profiles, hours), *(int(period) for period in kept)})
    assignment, centres = _clusters(_varying(profiles, count * hours), min(clusters, count), hours)
    real_of = centres[assignment]
    groups = [(int(centre), False, np.setdiff1d(np.flatnonzero(real_of == centre), own)) for centre in set(centres)]
    groups = [group for group in groups if len(group[2])] + [(period, True, np.array([period])) for period in own]
    groups.sort(key=lambda group: (group[0], group[1]))
    sequence = np.empty(count, dtype=np.int64)
    for number, (_, _, members) in enumerate(groups):
        sequence[members] = number
    return TypicalPeriods(np.array([group[0] for group in groups]), np.array([group[1] for group in groups]), sequence)


def extreme_periods(profiles: Profiles, hours: int) -> list[int]:
    """Real periods that a plan must see whatever the clusters are.

    The highest load, the highest price of imports, the least output of each solar plant over a period, and the hottest
    hour of each thermal technology that heat derates. A series that never changes has no extreme.
    """
    count = len(profiles.temp_air_c) // hours

    def by_period(values: Series) -> Series:
        return values[: count * hours].reshape(count, hours)

    scores = [by_period(_shape_of_load(profiles)).max(axis=1)]
    scores += [by_period(price).max(axis=1) for price in profiles.import_price_usd_per_mwh.values()]
    scores += [-by_period(output).sum(axis=1) for output in profiles.solar_pu.values()]
    scores += [-by_period(available).min(axis=1) for available in profiles.availability_pu.values()]
    return sorted({int(score.argmax()) for score in scores if np.ptp(score) > 0})


def _shape_of_load(profiles: Profiles) -> Series:
    """Load of the largest year: every year has its shape."""
    shape: Series = profiles.load_mw[int(profiles.load_mw.sum(axis=1).argmax())]
    return shape


def _varying(profiles: Profiles, hours: int) -> pd.DataFrame:
    """Series that tell one period from another, by column."""
    sources: dict[str, Mapping[str, Series]] = {
        "availability": profiles.availability_pu,
        "solar": profiles.solar_pu,
        "import": profiles.import_price_usd_per_mwh,
        "export": profiles.export_price_usd_per_mwh,
        "carbon": profiles.co2_kg_per_mwh,
        "gas": {"price": profiles.gas_price_multiple},
    }
    columns = {"load": _shape_of_load(profiles)}
    columns |= {f"{name} {key}": values for name, series in sources.items() for key, values in series.items()}
    # Two technologies under one sky, or one price both ways, would only count twice.
    distinct = {values.tobytes(): name for name, values in reversed(columns.items()) if np.ptp(values) > 0}
    frame = pd.DataFrame({name: columns[name][:hours] for name in columns if name in distinct.values()})
    frame.index = pd.date_range("2001-01-01", periods=hours, freq="h")
    return frame


def _clusters(series: pd.DataFrame, clusters: int, hours: int) -> tuple[Index, Index]:
    """Cluster of each real period, and the real period at the centre of each cluster."""
    if series.empty:
        count = len(series) // hours
        return np.zeros(count, dtype=np.int64), np.zeros(1, dtype=np.int64)
    # Clusters compare shapes: a load that grows, or a price that is shifted, finds those of its shape again.
    shapes = (series - series.min()) / (series.max() - series.min())
    mark = (hashlib.sha256(shapes.round(9).to_numpy().tobytes()).hexdigest(), clusters, hours)
    if mark not in _found:
        if len(_found) >= MOST_FOUND:
            _found.pop(next(iter(_found)))
        _found[mark] = _aggregate(series, clusters, hours)
    return _found[mark]


# Clusters found before, oldest first: a family of scenarios asks for the same ones again and again.
MOST_FOUND = 16
_found: dict[tuple[str, int, int], tuple[Index, Index]] = {}


def _aggregate(series: pd.DataFrame, clusters: int, hours: int) -> tuple[Index, Index]:
    # Takes a second to import, and the other methods do without.
    from tsam import ClusterConfig, aggregate

    config = ClusterConfig(method="hierarchical", representation="medoid")
    found = aggregate(series, clusters, period_duration=hours, cluster=config, preserve_column_means=False).clustering
    assert found.cluster_centers is not None
    return np.array(found.cluster_assignments, dtype=np.int64), np.array(found.cluster_centers, dtype=np.int64)
