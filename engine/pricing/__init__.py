"""Why the plan is as it is: what each limit is worth, and how far what is not built is from being built."""

from engine.pricing.price import Prices, price_plan

__all__ = ["Prices", "price_plan"]
