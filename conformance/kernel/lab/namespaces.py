"""Network namespaces without names.

A namespace lives as long as something refers to it. Ours are referred to by descriptors and sockets of
this process only, so the kernel removes them, with every device and rule inside, when the process ends:
after success, failure, a signal, even SIGKILL. Nothing is ever left in /run/netns.
"""

import contextlib
import ctypes
import os

CLONE_NEWNET = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _current():
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


class Namespace:
    """One network namespace, entered with `enter()` or for a while with `inside()`."""

    def __init__(self, descriptor):
        self._descriptor = descriptor

    @classmethod
    def here(cls):
        return cls(_current())

    @classmethod
    def create(cls):
        home = cls.here()
        try:
            _check(_libc.unshare(CLONE_NEWNET), "unshare(CLONE_NEWNET)")
            try:
                return cls(_current())
            finally:
                home.enter()
        finally:
            home.close()

    @property
    def path(self):
        """A path for `nsenter --net=PATH` and `ip link ... netns PATH` while this process lives."""
        return f"/proc/{os.getpid()}/fd/{self._descriptor}"

    def enter(self):
        _check(_libc.setns(self._descriptor, CLONE_NEWNET), "setns")

    @contextlib.contextmanager
    def inside(self):
        before = Namespace.here()
        self.enter()
        try:
            yield
        finally:
            before.enter()
            before.close()

    def close(self):
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
