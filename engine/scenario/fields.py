"""How a scenario field is declared: every one carries unit, range, description and source."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

DOMAIN = "Firmwatt domain figures, 2026"
ASSUMPTION = "assumption"


class Frozen(BaseModel):
    """Base of every scenario part: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def quantity(
    default: Any = ...,
    *,
    unit: str,
    label: str,
    description: str,
    source: str = ASSUMPTION,
    advanced: bool = False,
    series: bool = False,
    **limits: Any,
) -> Any:
    """Declare a field.

    Parameters
    ----------
    default
        The value when a scenario says nothing.
    unit : str
        Unit as shown beside the number; "-" for none.
    label, description : str
        Short name for the form, and one sentence of help.
    source : str
        Where the default comes from.
    advanced : bool
        Kept under "More" in the form.
    series : bool
        The field takes an hourly series, `file:column`.
    **limits
        Range for pydantic: ge, gt, le, lt, min_length, ...
    """
    extra: dict[str, Any] = {"unit": unit, "source": source, "advanced": advanced, "series": series}
    return Field(default, title=label, description=description, json_schema_extra=extra, **limits)
