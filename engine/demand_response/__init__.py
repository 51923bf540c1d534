"""Demand response: what the load can give back, what products pay for it, and its part in both stages' models."""

from engine.demand_response.preview import Potential, potential, product_economics

__all__ = ["Potential", "potential", "product_economics"]
