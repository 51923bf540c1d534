"""`python -m benchmarks`: the speed tables, as ratios within one run on an otherwise idle machine.

python -m benchmarks [--runs N] [--out FILE]     the reference table, and one year of 8,760 h against PyPSA
python -m benchmarks frontier [--out FILE]       twelve points against one whole run (long)
python -m benchmarks live [--out FILE]           answers of the live page, and their known error (long)
python -m benchmarks interaction [--out FILE]    from the change of a control to the painted picture, in Chromium
python -m benchmarks growth [--out FILE]         how cost grows with years, weeks and hours
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.growth import growth
from benchmarks.interaction import interaction
from benchmarks.live import live
from benchmarks.machine import machine
from benchmarks.solving import against_peer, frontier, reference


def main() -> None:
    """Measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = ["reference", "frontier", "live", "interaction", "growth"]
    parser.add_argument("what", nargs="?", choices=known, default="reference")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    parts = [machine(), ""]
    if arguments.what == "growth":
        parts.append(growth())
    elif arguments.what == "live":
        parts.append(live("base"))
    elif arguments.what == "frontier":
        parts.append(frontier("base"))
    elif arguments.what == "interaction":
        parts.append(interaction())
    else:
        parts += [reference("base", arguments.runs), against_peer("flat-100mw", arguments.runs)]
    text = "\n".join(parts)
    print(text)
    if arguments.out is not None:
        arguments.out.write_text(text)


if __name__ == "__main__":
    main()
