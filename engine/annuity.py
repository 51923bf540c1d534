"""The annuity: a price paid once as equal yearly payments."""

from __future__ import annotations

import numpy_financial as npf


def annuity_factor(rate_frac: float, life_years: int) -> float:
    """Capital recovery factor [1/yr]: `r / (1 - (1 + r)^-n)`."""
    return float(-npf.pmt(rate_frac, life_years, 1.0))
