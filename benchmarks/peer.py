"""`python -m benchmarks.peer SCENARIO`: the first year of a scenario sized by PyPSA, for a stopwatch outside."""

import sys

from engine.profiles import build_profiles
from engine.scenario.loading import SHIPPED_SCENARIOS, load_scenario
from tests.known_answer.pypsa_peer import peer_answer

loaded = load_scenario(SHIPPED_SCENARIOS / f"{sys.argv[1]}.yaml")
print(peer_answer(loaded.scenario, build_profiles(loaded), gap_frac=loaded.scenario.solver.mip_gap_frac).objective_usd)
