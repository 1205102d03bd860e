"""Time as the kernel's limits and timeouts count it: in ticks (jiffies).

Whoever knows the tick in which the kernel handled a packet knows what every limit, timeout and age had to answer. The
coarse monotonic clock moves with the ticks. What is done here begins early in a tick and, undisturbed by other
processes, ends before the next.
"""

import contextlib
import functools
import os
import time

_COARSE = 6  # CLOCK_MONOTONIC_COARSE of linux/time.h, which Python does not name
_FINE = time.CLOCK_MONOTONIC
TICK_NS = round(time.clock_getres(_COARSE) * 1e9)
ROOM_NS = TICK_NS // 3
LATENESS_TICKS = 8


class Split(Exception):
    """The tick ended before the work did."""


class Ticks:
    """Seconds since the start, as of the beginning of a tick."""

    def __init__(self):
        self._start = time.clock_gettime_ns(_COARSE)
        self.epoch = time.clock_gettime_ns(time.CLOCK_REALTIME) / 1e9

    def now(self):
        """Returns the time of the present tick."""
        return self.of(present())

    def of(self, tick):
        """Returns the time of a tick, less than 0 before the start."""
        return self._seconds(tick)

    def next(self):
        """Returns the time of the next tick, when it has come."""
        return self._seconds(_next_tick())

    def within_one(self, work):
        """Returns the tick's time and what `work` returned; raises Split if the tick was over before.

        To be called while undisturbed.
        """
        tick = _early_in_a_tick()
        result = work()
        if time.clock_gettime_ns(_COARSE) != tick:
            raise Split("work was not done within one tick")
        return self._seconds(tick), result

    def _seconds(self, tick):
        return round((tick - self._start) / 1e9, 6)


def present():
    """Returns the present tick, whenever the seconds are counted from."""
    return time.clock_gettime_ns(_COARSE)


def _early_in_a_tick():
    """Returns a tick that has just begun, or of which there is enough left."""
    tick = time.clock_gettime_ns(_COARSE)
    passed = time.clock_gettime_ns(_FINE) - tick - _lateness()
    if 0 <= passed < TICK_NS - ROOM_NS:
        return tick
    time.sleep(min(max(0, TICK_NS - passed), TICK_NS) / 1e9)
    return _next_tick()


def _next_tick():
    before = time.clock_gettime_ns(_COARSE)
    while time.clock_gettime_ns(_COARSE) == before:
        pass
    return time.clock_gettime_ns(_COARSE)


@functools.cache
def _lateness():
    """Returns how long after its time a tick comes: a constant of the machine, 2.5 ms on some virtual ones."""
    return min(-_next_tick() + time.clock_gettime_ns(_FINE) for _ in range(LATENESS_TICKS))


@contextlib.contextmanager
def undisturbed():
    """No ordinary process takes the processor from this one; only what sleeps or waits gives it away."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        pass  # then more ticks are split
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
