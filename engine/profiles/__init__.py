"""Hourly inputs: weather, solar output, derates, load by year, prices."""

from engine.profiles.build import build_profiles
from engine.profiles.first_year import FirstYearLoad, first_year_load
from engine.profiles.load import LoadSplit, split_load
from engine.profiles.result import Profiles
from engine.profiles.upload import UploadCheck, UploadFigure, UploadKind, check_upload

__all__ = [
    "FirstYearLoad",
    "LoadSplit",
    "Profiles",
    "UploadCheck",
    "UploadFigure",
    "UploadKind",
    "build_profiles",
    "check_upload",
    "first_year_load",
    "split_load",
]
