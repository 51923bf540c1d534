"""Why a scenario has no plan that serves its whole load, and the smallest change that would cure it."""

from engine.diagnosis.diagnose import diagnose
from engine.diagnosis.result import Diagnosis, Outcome, Remedy

__all__ = ["Diagnosis", "Outcome", "Remedy", "diagnose"]
