"""How the load looks: a week by use, the year from its highest hour down, peak and energy by year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme as themes
from dashboard.figures.common import HOUR_MS, WEEK_HOURS, canvas, moment, week_name, week_start, years_axis
from dashboard.figures.duration import BIN_H, binned
from dashboard.formatting import significant
from engine.units import HOURS_PER_DAY, HOURS_PER_YEAR, MW_PER_GW

# Hours of the duration curve that its table names.
DURATION_POINTS = {"highest hour": 0, "1 % of hours": 88, "10 %": 876, "50 %": 4380, "90 %": 7884, "lowest hour": 8759}
CHART_HEIGHT = 280


def week_of(values: np.ndarray, week: int) -> np.ndarray:
    """The 168 hours of a week."""
    first = week_start(week)
    return values[first : first + WEEK_HOURS]


def stacked_week(
    parts: Mapping[str, np.ndarray],
    week: int,
    theme: str,
    *,
    lines: Mapping[str, np.ndarray] | None = None,
    labels: Mapping[str, str] | None = None,
    height: int = CHART_HEIGHT,
) -> go.Figure:
    """One week of parts of the load, stacked, under lines.

    Parameters
    ----------
    parts : mapping of str to array (8760,)
        From the axis upwards [MW].
    lines : mapping of str to array (8760,), optional
        Drawn over the stack, by name [MW].
    labels : mapping of str to str, optional
        Name of each part.
    """
    figure = canvas(theme, height)
    colours = themes.source_colours(list(parts))
    for key, values in parts.items():
        figure.add_trace(
            go.Scatter(
                **_clock(week),
                y=_closed(week_of(values, week)),
                name=(labels or {}).get(key, key),
                stackgroup="parts",
                mode="lines",
                line={"width": 0.4, "shape": "hv", "color": colours[key]},
                fillcolor=colours[key],
                hovertemplate="%{y:,.1f} MW",
            )
        )
    dashes = ("solid", "dot", "dash")
    for place, (name, values) in enumerate((lines or {}).items()):
        figure.add_trace(
            go.Scatter(
                **_clock(week),
                y=_closed(week_of(values, week)),
                name=name,
                mode="lines",
                line={"width": 2, "shape": "hv", "dash": dashes[place % len(dashes)]},
                hovertemplate="%{y:,.1f} MW",
            )
        )
    figure.update_xaxes(type="date", tickformat="%a<br>%-d %b", hoverformat="%a %-d %b, %H:00", dtick=24 * HOUR_MS)
    figure.update_yaxes(title_text="MW", rangemode="tozero")
    return figure


def _clock(week: int) -> dict[str, object]:
    return {"x0": moment(week_start(week)).isoformat(), "dx": HOUR_MS}


def _closed(values: np.ndarray) -> np.ndarray:
    """Values with the last one once more: its hour has a width."""
    return np.append(values, values[-1])


def week_table(parts: Mapping[str, np.ndarray], labels: Mapping[str, str], week: int) -> pd.DataFrame:
    """Energy of each day of the week [MWh], one column a part."""
    first = week_start(week)
    days = [moment(first + HOURS_PER_DAY * day) for day in range(7)]
    table = pd.DataFrame({"day": [f"{date:%a} {date.day} {date:%b}" for date in days]})
    for key, values in parts.items():
        table[labels.get(key, key)] = week_of(values, week).reshape(7, HOURS_PER_DAY).sum(axis=1)
    return table


def describe_week(parts: Mapping[str, np.ndarray], labels: Mapping[str, str], week: int, year: int) -> str:
    """The week in words: energy by part."""
    shares = [
        f"{labels.get(key, key)} {significant(float(week_of(values, week).sum()))} MWh" for key, values in parts.items()
    ]
    return f"{week_name(week)} {year}: {', '.join(shares) or 'nothing'}."


def load_duration(curves: Mapping[str, np.ndarray], theme: str, height: int = CHART_HEIGHT) -> go.Figure:
    """Load sorted from its highest hour down, one curve a year.

    Parameters
    ----------
    curves : mapping of str to array (8760,)
        Facility load by name [MW].
    """
    figure = canvas(theme, height)
    for place, (name, values) in enumerate(curves.items()):
        curve = binned(np.sort(values)[::-1])
        curve[0] = values.max()  # the curve begins at the peak, not at the mean of its first bin
        figure.add_trace(
            go.Scatter(
                x0=0,
                dx=BIN_H,
                y=curve,
                name=name,
                mode="lines",
                hovertemplate="%{y:,.1f} MW",
                line={"width": 2.25, "dash": "dot" if place else "solid"},
            )
        )
    figure.update_xaxes(
        title_text="Hours of the year with at least this load", range=[0, HOURS_PER_YEAR - BIN_H], dtick=2000
    )
    figure.update_yaxes(title_text="MW", rangemode="tozero")
    return figure


def duration_table(curves: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Level that the load reaches in 1, 10, 50, 90 % of the hours [MW]."""
    sorted_mw = {name: np.sort(values)[::-1] for name, values in curves.items()}
    table = pd.DataFrame({name: [mw[place] for place in DURATION_POINTS.values()] for name, mw in sorted_mw.items()})
    table.insert(0, "reached in", list(DURATION_POINTS))
    return table


def describe_duration(curves: Mapping[str, np.ndarray]) -> str:
    """The curves in words."""
    said = []
    for name, values in curves.items():
        highest = np.sort(values)[::-1]
        said.append(
            f"{name}: {significant(highest[0])} MW in the highest hour, {significant(highest[4380])} MW in half of all "
            f"hours, never below {significant(highest[-1])} MW"
        )
    return f"Load duration. {'; '.join(said)}."


def load_path(path: pd.DataFrame, theme: str, height: int = CHART_HEIGHT) -> go.Figure:
    """Peak and energy of each year of the plan, one above the other.

    Parameters
    ----------
    path : DataFrame
        year, multiple, peak_mw, energy_gwh (see `path_table`).
    """
    figure = canvas(theme, height, bargap=0.45)
    years = [str(year) for year in path["year"]]
    rows = (("peak_mw", "Peak", "MW", (0.56, 1.0)), ("energy_gwh", "Energy", "GWh", (0.0, 0.44)))
    for row, (column, name, unit, domain) in enumerate(rows, start=1):
        axis = "y" if row == 1 else f"y{row}"
        figure.add_trace(
            go.Bar(
                x=years,
                y=path[column].to_numpy(),
                name=name,
                marker={"color": themes.LOAD_COLOUR},
                showlegend=False,
                yaxis=axis,
                hovertemplate=f"{name} %{{y:,.0f}} {unit}<extra></extra>",
            )
        )
        place = {"domain": domain, "title": {"text": f"{name}, {unit}"}, "rangemode": "tozero", "nticks": 4}
        figure.update_layout({f"yaxis{row if row > 1 else ''}": {**place, "anchor": "x"}})
    # Every other year of many is named: the card is narrow.
    figure.update_xaxes(**years_axis([int(year) for year in years]), dtick=1 if len(years) <= 5 else 2, anchor="y2")
    return figure


def path_table(first_year_mw: np.ndarray, multiples: np.ndarray, first_year: int) -> pd.DataFrame:
    """Multiple, peak [MW] and energy [GWh] of each year."""
    return pd.DataFrame(
        {
            "year": first_year + np.arange(len(multiples)),
            "multiple": multiples,
            "peak_mw": multiples * first_year_mw.max(),
            "energy_gwh": multiples * first_year_mw.sum() / MW_PER_GW,
        }
    )


def describe_path(path: pd.DataFrame) -> str:
    """The path in words."""
    first, last = path.iloc[0], path.iloc[-1]
    return (
        f"Peak {significant(first['peak_mw'])} MW and {significant(first['energy_gwh'])} GWh in {int(first['year'])}, "
        f"{significant(last['peak_mw'])} MW and {significant(last['energy_gwh'])} GWh in {int(last['year'])}."
    )
