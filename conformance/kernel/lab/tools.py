"""Running the ordinary command line tools, with their words kept as they are."""

import os
import subprocess

TOOL_SECONDS = 120

_environment = None


class ToolError(Exception):
    """A tool refused its input."""

    def __init__(self, command, code, stderr):
        super().__init__(f"{' '.join(command)}: exit {code}: {stderr.strip()}")
        self.command = command
        self.code = code
        self.stderr = stderr

    def as_json(self):
        return {"command": " ".join(self.command), "code": self.code, "stderr": self.stderr}


def environment():
    """The tools' environment: no locale, and an xtables lock of our own.

    The lock protects one kernel table against two writers. Nobody else can reach our namespaces,
    so waiting for strangers on the machine-wide lock would only cost time. Ours is a file without a name.
    """
    global _environment
    if _environment is None:
        _environment = dict(os.environ, LC_ALL="C", TZ="UTC")
        _environment["PATH"] = "/usr/sbin:/sbin:" + _environment.get("PATH", "/usr/bin:/bin")
        _environment["XTABLES_LOCKFILE"] = f"/proc/{os.getpid()}/fd/{os.memfd_create('xtables.lock')}"
    return _environment


def attempt(command, text=None, seconds=TOOL_SECONDS):
    """Runs a command; returns (exit code, stdout, stderr) whatever it said."""
    try:
        done = subprocess.run(
            command,
            input=None if text is None else text.encode("utf-8", "surrogateescape"),
            stdin=subprocess.DEVNULL if text is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            timeout=seconds,
        )
    except FileNotFoundError:
        return 127, "", f"{command[0]}: not installed\n"
    except subprocess.TimeoutExpired:
        return 124, "", f"{command[0]}: not done after {seconds} s\n"
    return (
        done.returncode,
        done.stdout.decode("utf-8", "surrogateescape"),
        done.stderr.decode("utf-8", "surrogateescape"),
    )


def run(command, text=None):
    """Runs a command that must succeed; returns its stdout."""
    code, stdout, stderr = attempt(command, text)
    if code != 0:
        raise ToolError(command, code, stderr)
    return stdout
