"""Frontiers: what one objective costs in terms of another, each point a proven plan (docs/frontiers.md)."""
