"""Sweeps: many cases of one scenario, solved through the queue, gathered in one table (docs/sweeps.md)."""
