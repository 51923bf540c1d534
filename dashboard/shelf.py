"""A cache that knows how much it holds: what was not asked for longest goes first, by bytes and not by number."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Shelf(Generic[Value]):
    """Values by key, made when first asked for.

    Parameters
    ----------
    max_bytes : int
        What the values may take together; one that is larger by itself is handed out and not kept.
    size : callable
        Bytes of a value.
    """

    def __init__(self, max_bytes: int, size: Callable[[Value], int]) -> None:
        self._max_bytes, self._size = max_bytes, size
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()
        self.held_bytes = 0

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key; two threads that ask for a new one at once may both make it."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key][0]
        value = make()
        with self._lock:
            self._keep(key, value)
        return value

    def _keep(self, key: Hashable, value: Value) -> None:
        size = self._size(value)
        if key in self._values or size > self._max_bytes:
            return
        self._values[key] = (value, size)
        self.held_bytes += size
        while self.held_bytes > self._max_bytes:
            _, (_, freed) = self._values.popitem(last=False)
            self.held_bytes -= freed
