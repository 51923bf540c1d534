"""A sweep as a file: which inputs move, how they are sampled, on which scenario, within which budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from engine.errors import InputError, Problem
from engine.scenario.fields import Frozen, quantity

Design = Literal["grid", "latin_hypercube", "sobol", "morris", "one_at_a_time"]
DESIGNS: dict[str, str] = {
    "one_at_a_time": "One at a time (tornado)",
    "grid": "Grid",
    "latin_hypercube": "Latin hypercube",
    "morris": "Morris trajectories",
    "sobol": "Sobol sequence",
}
# When to take which, in one sentence each.
WHEN: dict[str, str] = {
    "one_at_a_time": "To see which inputs move the cost at all: each goes to its ends, the rest stay at their base.",
    "grid": "To map one or two inputs: every combination of their values is solved.",
    "latin_hypercube": "To see the spread when many inputs move together: as many cases as you ask for, evenly laid.",
    "morris": "To sort out, with few cases, which of many inputs matter and which can be left alone.",
    "sobol": "To say how much of the spread each input explains, alone and with others; it takes the most cases.",
}
SAMPLED = ("latin_hypercube", "morris", "sobol")
MOST_CASES = 10_000
MOST_PARAMETERS = 30


class Parameter(Frozen):
    """One input that moves: a range, or a list of values."""

    path: str = quantity(
        unit="-", label="Input", description="Place in the scenario, e.g. fuel.price_usd_per_mmbtu.", min_length=1,
    )  # fmt: skip
    range: tuple[float, float] | None = quantity(
        None, unit="the input's", label="Range", description="Lowest and highest value.",
    )  # fmt: skip
    scale: Literal["linear", "log"] = quantity(
        "linear", unit="-", label="Scale", description="log: equal steps are equal ratios; the range is above 0.",
    )  # fmt: skip
    levels: int = quantity(
        5, unit="values", label="Levels", description="Values of the range in a grid, ends included.", ge=2, le=101,
    )  # fmt: skip
    values: tuple[bool | int | float | str, ...] | None = quantity(
        None, unit="the input's", label="Values", min_length=1,
        description="Instead of a range: the values themselves.",
    )  # fmt: skip

    @field_validator("values", mode="before")
    @classmethod
    def _dates_as_text(cls, values: Any) -> Any:
        """YAML reads 2027-01-01 as a date; scenarios take it as text too."""
        listed = values if isinstance(values, list | tuple) else None
        return values if listed is None else [v.isoformat() if hasattr(v, "isoformat") else v for v in listed]

    @model_validator(mode="after")
    def _range_or_values(self) -> Parameter:
        if (self.range is None) == (self.values is None):
            raise ValueError("needs either range: [low, high] or values: [a, b, ...]")
        if self.range is not None and not self.range[0] < self.range[1]:
            low, high = self.range
            raise ValueError(f"has the range {low:g} to {high:g}; the first must be below the second")
        if self.range is not None and self.scale == "log" and self.range[0] <= 0:
            raise ValueError(f"has a log scale from {self.range[0]:g}; it must begin above 0")
        if self.values is not None and len(set(self.values)) < len(self.values):
            raise ValueError("lists a value twice; once is enough")
        return self


class Budget(Frozen):
    """What a sweep may take."""

    cases: int = quantity(
        500, unit="cases", label="Most cases", description="A larger design is refused.", ge=1, le=MOST_CASES,
    )  # fmt: skip
    seconds_per_case: float | None = quantity(
        None, unit="s", label="Seconds a case", gt=0, le=86400,
        description="A case that runs longer is stopped and listed as failed; its search stops before.",
    )  # fmt: skip
    total_seconds: float | None = quantity(
        None, unit="s", label="Seconds in all", gt=0,
        description="Once its cases have run so long together, nothing more is queued; raise it and resume.",
    )  # fmt: skip


class Sweep(Frozen):
    """A sweep."""

    name: str = quantity(unit="-", label="Name", description="Shown everywhere.", min_length=1, max_length=60)
    description: str = quantity("", unit="-", label="One line", description="What it asks.", max_length=400)
    base: str = quantity(
        unit="-", label="Base scenario", description="Key of the library, or a scenario file beside the sweep.",
        min_length=1,
    )  # fmt: skip
    design: Design = quantity(unit="-", label="Design", description="How the inputs are moved (docs/sweeps.md).")
    samples: int = quantity(
        32, unit="-", label="Samples", ge=1, le=MOST_CASES,
        description="latin_hypercube: cases; sobol: N of N(k + 2) cases for k inputs, a power of 2; morris: "
        "trajectories of k + 1 cases; grid and one_at_a_time take none.",
    )  # fmt: skip
    seed: int = quantity(1, unit="-", label="Seed", description="Same seed, same cases.", ge=0, le=2**31)
    parameters: tuple[Parameter, ...] = Field(min_length=1, max_length=MOST_PARAMETERS, title="Inputs that move")
    budget: Budget = Budget()

    @field_validator("samples")
    @classmethod
    def _samples_fit_the_design(cls, samples: int, info: ValidationInfo) -> int:
        design = info.data.get("design")
        if design == "sobol" and samples & (samples - 1):
            lower = 1 << (samples.bit_length() - 1)
            raise ValueError(f"is {samples}; sobol needs a power of 2: {lower} or {2 * lower}")
        if design in ("sobol", "morris") and samples < 2:
            raise ValueError(f"is {samples}; {design} needs at least 2")
        return samples

    @field_validator("parameters")
    @classmethod
    def _inputs_suffice(cls, parameters: tuple[Parameter, ...], info: ValidationInfo) -> tuple[Parameter, ...]:
        design = info.data.get("design")
        if design in ("sobol", "morris") and len(parameters) < 2:
            raise ValueError(f"holds one input; {design} compares inputs and needs at least two; take a grid for one")
        return parameters


def read_sweep(data: Mapping[str, Any], source: str) -> Sweep:
    """A sweep from the mapping of its file.

    Raises
    ------
    InputError
        With every problem of its form; what the base scenario says of its inputs is `engine.sweep.plan`'s matter.
    """
    problems = _twice(data)
    try:
        sweep = Sweep.model_validate(data)
    except ValidationError as error:
        details: list[Any] = error.errors(include_url=False)
        # An entry that is refused is not counted by pydantic: what it then says of the list's length is noise.
        inside = any(len(one["loc"]) > 1 for one in details)
        kept = [one for one in details if not (inside and one["type"] == "too_short")]
        problems = [*(_problem(dict(one)) for one in kept), *problems]
    if problems:
        raise InputError(source, problems)
    return sweep


def entries(data: Mapping[str, Any]) -> list[Any]:
    """What stands under `parameters`, whatever it is; nothing where that is no list."""
    listed = data.get("parameters")
    return list(listed) if isinstance(listed, list | tuple) else []


def _twice(data: Mapping[str, Any]) -> list[Problem]:
    paths = [str(one["path"]) for one in entries(data) if isinstance(one, Mapping) and one.get("path")]
    twice = sorted({path for path in paths if paths.count(path) > 1})
    return [Problem(path, "stands twice among the parameters; once is enough.") for path in twice]


_FORMS = {"parameters": Parameter, "budget": Budget}


def _problem(detail: dict[str, Any]) -> Problem:
    kinds = {"bool", "int", "float", "str"}
    location = [part for part in detail["loc"] if part not in kinds]
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in location)
    kind = detail["type"]
    if kind == "missing":
        return Problem(place, "is missing; give it a value.")
    if kind == "extra_forbidden":
        form: Any = _FORMS.get(str(location[0]), Sweep) if len(location) > 1 else Sweep
        return Problem(place, f"is not a field here (fields: {', '.join(form.model_fields)}).")
    if kind == "value_error":
        return Problem(place, f"{detail['ctx']['error']}.")
    if kind in ("string_too_short", "too_short"):
        return Problem(
            place, "is empty; give it at least one." if kind == "too_short" else "is empty; give it a value."
        )
    shown = detail.get("input")
    words = str(detail["msg"]).replace("Input should", "it should")
    return Problem(place, f"is {shown!r}; {words}.")
