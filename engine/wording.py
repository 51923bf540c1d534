"""Numbers in plain sentences and tables: significant digits, thin spaces, a true minus."""

from __future__ import annotations

import math
from typing import Any

THIN = "\u202f"  # narrow no-break space: a number never breaks across lines
MINUS = "\u2212"
NOTHING = "–"
# As people read it; names of fields and columns have the plain 2, and so have CSV files (`engine.files.csv_bytes`).
CO2 = "CO\u2082"

_USD_SCALES = ((1e9, "B"), (1e6, "M"), (1e3, "k"))


def missing(value: Any) -> bool:
    """Whether there is no number to show."""
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def shows_something(text: str) -> bool:
    """Whether a number's text has any digit but zero."""
    return any(digit in text for digit in "123456789")


def grouped(value: float, decimals: int) -> str:
    """Fixed decimals, thousands apart by a thin space, true minus; -0 is 0."""
    text = f"{abs(value):,.{decimals}f}".replace(",", THIN)
    return MINUS + text if value < 0 and shows_something(text) else text


def decimals_for(value: float, digits: int = 3, most: int = 6) -> int:
    """Decimals that give a number its significant digits; none for large numbers."""
    if value == 0:
        return 0
    rounded = float(f"{abs(value):.{digits - 1}e}")
    return max(0, min(most, digits - 1 - math.floor(math.log10(rounded))))


def significant(value: float | None, digits: int = 3) -> str:
    """Significant digits: 12345 -> 12 300, 65.41 -> 65.4, 0.01234 -> 0.0123."""
    if value is None or missing(value):
        return NOTHING
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    return grouped(rounded, decimals_for(rounded, digits))


def signed(text: str, value: float) -> str:
    """Put a plus before what is above zero; zero and negative texts stay as they are."""
    return f"+{text}" if value > 0 and shows_something(text) else text


def dollar(number: str) -> str:
    """Set a dollar sign behind the minus and before the digits."""
    return f"{MINUS}${number[1:]}" if number.startswith(MINUS) else f"${number}"


def scaled_usd(value: float, digits: int = 3) -> tuple[str, str]:
    """Money as (number, unit): ("$1.24", "M"), ("−$310", "k"), ("$86.4", "")."""
    for scale, name in _USD_SCALES:
        # 999,960 rounds to 1.00 M, not to 1 000 k.
        if abs(float(f"{value:.{digits - 1}e}")) >= scale:
            return dollar(significant(value / scale, digits)), name
    return dollar(significant(value, digits) if abs(value) >= 0.005 else "0"), ""


def usd(value: float, digits: int = 3) -> str:
    """Money in a sentence: $1.24 M."""
    number, unit = scaled_usd(value, digits)
    return f"{number}{THIN}{unit}" if unit else number


def percent(value: float, *, sign: bool = False) -> str:
    """A share in a sentence: 8.3 %, −12 %, +0.4 %."""
    if value != 0 and abs(value) < 5e-5:
        return f"< 0.01{THIN}%"
    text = significant(100 * value, 2)
    return f"{signed(text, value) if sign else text}{THIN}%"


def plural(count: int, word: str, words: str | None = None) -> str:
    """3 runs, 1 run."""
    return f"{count}{THIN}{word if count == 1 else words or word + 's'}"


def listed(parts: list[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
