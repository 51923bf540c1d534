"""The hourly inputs of a plan, as one frozen result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float64]


@dataclass(frozen=True)
class Profiles:
    """Hourly inputs, 8,760 hours, local standard time, hour beginning.

    Attributes
    ----------
    years : tuple of int
        Calendar years of the plan (Y of them).
    load_mw : array (Y, 8760)
        Facility load [MW].
    temp_air_c : array (8760,)
        Ambient temperature [C].
    availability_pu : dict of str to array (8760,)
        Thermal technologies: (1 - forced-outage rate) x (1 - heat derate) [pu of rating].
    derate_frac : dict of str to array (8760,)
        Thermal technologies: heat derate alone [-], for firm capacity.
    solar_pu : dict of str to array (8760,)
        Solar and wind technologies: output [MW per MWac or MW].
    import_price_usd_per_mwh, export_price_usd_per_mwh : dict of str to array (8760,)
        Grid technologies [USD/MWh]; the import price includes the adder.
    co2_kg_per_mwh : dict of str to array (8760,)
        Grid technologies: carbon intensity of imports [kg/MWh].
    gas_price_multiple : array (8760,)
        Multiple of the year's gas price [-].
    synthetic : tuple of str
        One sentence for each input that is made up, not measured.
    """

    years: tuple[int, ...]
    load_mw: Series
    temp_air_c: Series
    availability_pu: Mapping[str, Series]
    derate_frac: Mapping[str, Series]
    solar_pu: Mapping[str, Series]
    import_price_usd_per_mwh: Mapping[str, Series]
    export_price_usd_per_mwh: Mapping[str, Series]
    co2_kg_per_mwh: Mapping[str, Series]
    gas_price_multiple: Series
    synthetic: tuple[str, ...]
