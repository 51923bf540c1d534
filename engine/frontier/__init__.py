"""Frontiers: what one objective costs in terms of another, each point a proven plan (docs/frontiers.md)."""

from engine.frontier.asked import Asked, frontier_request

__all__ = ["Asked", "frontier_request"]
