"""Hourly inputs: weather, solar output, derates, load by year, prices."""

from engine.profiles.build import build_profiles
from engine.profiles.result import Profiles

__all__ = ["Profiles", "build_profiles"]
