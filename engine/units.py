"""The one home of constants and unit conversions."""

from __future__ import annotations

HOURS_PER_YEAR = 8760
HOURS_PER_DAY = 24
HOURS_PER_WEEK = 168
DAYS_PER_YEAR = 365
DAYS_PER_WEEK = 7
MONTHS_PER_YEAR = 12
MINUTES_PER_HOUR = 60.0

KW_PER_MW = 1000.0
MW_PER_GW = 1000.0
# A Btu/kWh heat rate divided by this is MMBtu/MWh.
BTU_PER_KWH_PER_MMBTU_PER_MWH = 1000.0
# Heat content of pipeline gas, HHV (docs/formulation.md, Units).
MMBTU_PER_MCF = 1.037
LB_PER_SHORT_TON = 2000.0
# International avoirdupois pound: 0.45359237 kg exactly.
LB_PER_TONNE = 1000.0 / 0.45359237
GAL_PER_MILLION_GAL = 1e6
