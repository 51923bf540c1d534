"""`python -m engine.cli` is `firmwatt`."""

from engine.cli import main

main()
