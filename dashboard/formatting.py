"""Numbers as pages show them: the words of `engine.wording` with the unit apart, so that it can be set lighter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.wording import (
    MINUS,
    NOTHING,
    THIN,
    decimals_for,
    dollar,
    grouped,
    missing,
    percent,
    plural,
    scaled_usd,
    shows_something,
    signed,
    significant,
    usd,
)

__all__ = [
    "MINUS",
    "NOTHING",
    "THIN",
    "Amount",
    "amount",
    "column_decimals",
    "grouped",
    "missing",
    "percent",
    "plural",
    "share",
    "shows_something",
    "significant",
    "usd",
]


@dataclass(frozen=True)
class Amount:
    """A number ready to show, its unit apart.

    Attributes
    ----------
    number : str
        With currency sign, sign and separators.
    unit : str
        Without surrounding space; may be empty.
    """

    number: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.number}{THIN}{self.unit}" if self.unit else self.number


def amount(value: float | None, unit: str = "", *, digits: int = 3, sign: bool = False) -> Amount:
    """A value with its unit, rounded for a headline.

    Parameters
    ----------
    value : float or None
    unit : str
        As in the nomenclature. `USD` is scaled ($1.24 M), `USD/x` becomes `$86.4 /x`, `frac` becomes a
        percentage, `yr` is a calendar year and stays whole, `-` shows nothing.
    digits : int
        Significant digits.
    sign : bool
        Show a plus: the value is a difference.
    """
    if value is None or missing(value):
        return Amount(NOTHING)
    number, unit = _number(value, unit, digits, sign)
    return Amount(signed(number, value) if sign else number, unit)


def _number(value: float, unit: str, digits: int, difference: bool) -> tuple[str, str]:
    if unit == "USD":
        return scaled_usd(value, digits)
    if unit == "frac":
        return (significant(100 * value, digits) if difference else share(value)), "%"
    if unit == "yr":
        return f"{value:.0f}".replace("-", MINUS), ""
    number = significant(value, digits)
    if unit.startswith("USD/"):
        return dollar(number), unit[3:]
    return number, "" if unit == "-" else unit


def share(value: float) -> str:
    """A share in percent that never rounds up to 100 (or down to 0) what is not."""
    hundredths = 100 * value
    if 99.5 <= hundredths < 100:
        enough = next((decimals for decimals in range(1, 7) if round(hundredths, decimals) < 100), None)
        return "< 100" if enough is None else grouped(hundredths, enough)
    if 0 < abs(hundredths) < 0.005:
        return "< 0.01"
    return significant(hundredths)


def column_decimals(values: Sequence[float], digits: int = 3, most: int = 3) -> int:
    """One number of decimals for a column, so that its points align: what the largest needs, and no zeros alone.

    Parameters
    ----------
    values : sequence of float
        Missing ones are passed over.
    digits : int
        Significant digits of the largest that are shown at least.
    most : int
        Decimals at most.
    """
    known = [float(value) for value in values if not missing(value)]
    enough = min(most, decimals_for(max((abs(value) for value in known), default=0.0), digits + 1))
    alike = (few for few in range(enough) if all(round(value, few) == round(value, enough) for value in known))
    return next(alike, enough)
