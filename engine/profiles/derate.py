"""What heat and outages leave of a thermal unit's rating."""

from __future__ import annotations

import numpy as np

from engine.profiles.result import Series
from engine.scenario.technologies import Thermal

# Beyond this the linear derate means nothing; a tenth of the rating is always left.
MOST_DERATE_FRAC = 0.9


def heat_derate_frac(technology: Thermal, temp_air_c: Series) -> Series:
    """Loss of rating to ambient heat, `min(slope x max(0, T - T_ref), 0.9)`.

    Parameters
    ----------
    technology : Thermal
        Slope [1/C] and reference temperature [C].
    temp_air_c : array (8760,)
        Ambient temperature [C].

    Returns
    -------
    array (8760,)
        [-], 0 to 0.9.
    """
    above_c = np.maximum(0.0, temp_air_c - technology.derate_above_c)
    return np.minimum(technology.derate_frac_per_c * above_c, MOST_DERATE_FRAC)


def availability_pu(technology: Thermal, derate_frac: Series) -> Series:
    """Rating left after forced outages and heat, `availability x (1 - derate)`, array (8760,) [pu of rating]."""
    return technology.availability_frac * (1.0 - derate_frac)
