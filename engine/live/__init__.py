"""Previews: a coarse model of one scenario, held by a process of its own and solved again as its inputs change."""
