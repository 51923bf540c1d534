"""Building blocks of pages: small pure functions that return Dash components."""
