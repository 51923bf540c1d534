"""Speed tables, run by hand: ratios within one run, never seconds asserted."""
