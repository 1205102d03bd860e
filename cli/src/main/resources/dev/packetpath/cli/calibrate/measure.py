"""Measures what packets and connections cost in network namespaces of this process.

Reads a plan (JSON) on stdin, prints one JSON object a line: progress, measurements, or what failed. See KernelMeasurement
on the Java side. The namespaces have no names and are held by descriptors alone, so the kernel removes them with all that
is in them when this process ends, however it ends.

  packets:      a local socket sends UDP through the rules to a device whose other end drops them at once
                (their destination address on the link is not its own); the time of sendmmsg() for many, for each
  connections:  client - node - server, each a namespace; the time of connect(), all on one CPU
  restores:     the time of iptables-restore into an empty namespace
"""

import ctypes
import errno
import fcntl
import gc
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS = 0x8913
IFF_RUNNING = 0x40
CARRIER_SECONDS = 5
TOOL_SECONDS = 120
BATCH_NS = 1_500_000
MOST_PACKETS = 1000
WARM_UP_CONNECTIONS = 20
PORT = 8080
RESET_AT_CLOSE = struct.pack("ii", 1, 0)

_libc = ctypes.CDLL(None, use_errno=True)
# Nobody else reaches our namespaces: no reason to wait for the machine's xtables lock, nor to hold it.
_environment = dict(
    os.environ,
    LC_ALL="C",
    PATH="/usr/sbin:/sbin:" + os.environ.get("PATH", "/usr/bin:/bin"),
    XTABLES_LOCKFILE=f"/proc/{os.getpid()}/fd/{os.memfd_create('xtables.lock')}",
)


class Failed(Exception):
    pass


def say(**fields):
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def run(command, text=""):
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, env=_environment, timeout=TOOL_SECONDS
        )
    except FileNotFoundError:
        raise Failed(f"{command[0]}: not installed") from None
    except subprocess.TimeoutExpired:
        raise Failed(f"{command[0]}: not done after {TOOL_SECONDS} s") from None
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def write_sysctl(name, value):
    with open("/proc/sys/" + name.replace(".", "/"), "w") as file:
        file.write(value)


def checked(result, what):
    if result < 0:
        number = ctypes.get_errno()
        raise Failed(f"{what}: {os.strerror(number)}" + (": measuring needs root (CAP_SYS_ADMIN and CAP_NET_ADMIN)" if number == errno.EPERM else ""))


def here():
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


class Namespace:
    def __init__(self):
        home = here()
        checked(_libc.unshare(CLONE_NEWNET), "a network namespace")
        self.descriptor = here()
        for scope in ("all", "default"):
            if os.path.isdir("/proc/sys/net/ipv6"):
                write_sysctl(f"net.ipv6.conf.{scope}.disable_ipv6", "1")
            write_sysctl(f"net.ipv4.conf.{scope}.rp_filter", "0")
        checked(_libc.setns(home, CLONE_NEWNET), "setns")
        os.close(home)

    @property
    def path(self):
        return f"/proc/{os.getpid()}/fd/{self.descriptor}"

    def enter(self):
        checked(_libc.setns(self.descriptor, CLONE_NEWNET), "setns")

    def ip(self, *lines):
        self.enter()
        run(["ip", "-batch", "-"], "\n".join(lines) + "\n")

    def close(self):
        os.close(self.descriptor)


def await_carrier(*devices):
    """A device learns some time later that its other end is up, and drops what is sent before."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        deadline = time.monotonic() + CARRIER_SECONDS
        for device in devices:
            request = struct.pack("16sH14x", device.encode(), 0)
            while not struct.unpack("16sH14x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))[1] & IFF_RUNNING:
                if time.monotonic() > deadline:
                    raise Failed(f"{device}: does not come up")
                time.sleep(0.002)


def load(case, tools):
    """Loads the rules of a case into the namespace that we are in."""
    for key, command in (
        ("ipset", ["ipset", "restore"]),
        ("ruleset", [tools["restore"]]),
        ("nftables", ["nft", "-f", "-"]),
    ):
        if case.get(key):
            run(command, case[key])


class _Address(ctypes.Structure):
    _fields_ = [("family", ctypes.c_uint16), ("port", ctypes.c_uint16), ("address", ctypes.c_uint32), ("zero", ctypes.c_uint64)]


class _Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class _Message(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("pieces", ctypes.c_void_p),
        ("pieces_length", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_long),
        ("sent", ctypes.c_uint),
    ]


class Packets:
    """Packets of a local socket: all of one flow, or each of a new one."""

    def __init__(self, case, tools, sink, number):
        self.name = case["name"]
        self._new = case["flow"] == "new"
        self._connected = case["flow"] == "connected"
        self._to = case["to"]
        self._node = Namespace()
        self._node.ip(
            "link set lo up",
            f"link add eth0 type veth peer name sink{number} netns {sink.path}",
            "link set eth0 up",
            "address add 10.1.0.1/24 dev eth0",
            "route add default via 10.1.0.2",
            # Not the address of the other end, which therefore drops what it gets.
            "neigh add 10.1.0.2 lladdr 02:00:00:00:00:01 nud permanent dev eth0",
        )
        sink.ip(f"link set sink{number} up")
        self._node.enter()
        await_carrier("eth0")
        load(case, tools)
        self._make_messages()
        self.ns = []

    def _make_messages(self):
        self._byte = ctypes.create_string_buffer(1)
        self._piece = _Piece(ctypes.addressof(self._byte), 1)
        self._addresses = (_Address * MOST_PACKETS)()
        self._messages = (_Message * MOST_PACKETS)()
        address = int.from_bytes(socket.inet_aton(self._to), sys.byteorder)
        for index in range(MOST_PACKETS):
            port = 1000 + (index if self._new else 0)
            self._addresses[index] = _Address(socket.AF_INET, socket.htons(port), address, 0)
            message = self._messages[index]
            if not self._connected:
                message.name = ctypes.addressof(self._addresses[index])
                message.name_length = 16
            message.pieces = ctypes.addressof(self._piece)
            message.pieces_length = 1

    def measure(self):
        self._node.enter()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.bind(("10.1.0.1", 0))
            if self._connected:
                sender.connect((self._to, 1000))
            probe = max(1, self._send(sender.fileno(), 0, 3) // 3)
            count = max(3, min(MOST_PACKETS - 3, BATCH_NS // probe))
            self.ns.append(self._send(sender.fileno(), 3, count) / count)

    def _send(self, descriptor, first, count):
        start = ctypes.byref(self._messages, first * ctypes.sizeof(_Message))
        begin = time.perf_counter_ns()
        sent = _libc.sendmmsg(descriptor, start, count, 0)
        end = time.perf_counter_ns()
        if sent != count:
            raise Failed(f"{self.name}: sent {sent} of {count} packets: {os.strerror(ctypes.get_errno())}")
        return end - begin


class Connections:
    """TCP connections from a client through a node to servers that have all addresses of Pods."""

    def __init__(self, case, tools):
        self.name = case["name"]
        self._destinations = [tuple(destination) for destination in case["to"]]
        client, node, server = (Namespace() for _ in range(3))
        self._client = client
        address, pods = case["client"], case["pods"]
        node.ip(
            "link set lo up",
            f"link add cni0 type veth peer name eth0 netns {client.path}",
            f"link add eth0 type veth peer name eth0 netns {server.path}",
            "link set cni0 up",
            "link set eth0 up",
            "address add 192.168.255.1/24 dev eth0",
            "address add 192.168.254.1/32 dev cni0",
            f"route add {address}/32 dev cni0",
        )
        write_sysctl("net.ipv4.ip_forward", "1")
        client.ip(
            "link set lo up",
            "link set eth0 up",
            f"address add {address}/32 dev eth0",
            "route add 192.168.254.1 dev eth0",
            "route add default via 192.168.254.1",
        )
        await_carrier("eth0")
        server.ip(
            "link set lo up",
            "link set eth0 up",
            "address add 192.168.255.2/24 dev eth0",
            f"route add local {pods} dev lo",
            f"route add table local {address}/32 via 192.168.255.1 dev eth0",
        )
        await_carrier("eth0")
        self._listener = socket.socket()
        self._listener.bind(("0.0.0.0", PORT))
        self._listener.listen(64)
        node.ip(f"route add {pods} via 192.168.255.2")
        await_carrier("eth0", "cni0")
        load(case, tools)
        self.connect_ns = []

    def measure(self):
        self._client.enter()
        for destination in self._destinations[-WARM_UP_CONNECTIONS:]:
            self._connect(destination)
        self.connect_ns.append([self._connect(destination) for destination in self._destinations])

    def _connect(self, destination):
        with socket.socket() as near:
            begin = time.perf_counter_ns()
            near.connect(destination)
            end = time.perf_counter_ns()
            far, _ = self._listener.accept()
            # A reset at both ends: no connection waits for its last packets.
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        far.close()
        return end - begin


class Restore:
    def __init__(self, case, tools):
        self.name = case["name"]
        self._case = case
        self._tools = tools
        self.seconds = []

    def measure(self):
        namespace = Namespace()
        namespace.enter()
        begin = time.perf_counter()
        load(self._case, self._tools)
        self.seconds.append(time.perf_counter() - begin)
        namespace.close()


def restore_tool():
    """The tool whose rules ip_tables walks; nf_tables' costs are others."""
    for name in ("iptables-legacy-restore", "iptables-restore"):
        try:
            version = run([name, "--version"])
        except Failed:
            continue
        if "nf_tables" not in version:
            return name
    raise Failed("iptables-legacy-restore: not installed (iptables-restore of nf_tables does not load what is measured)")


def measure(plan):
    tools = {"restore": restore_tool()}
    sink = Namespace()
    makers = [
        *((Packets, case, (tools, sink, number)) for number, case in enumerate(plan["packets"])),
        *((Connections, case, (tools,)) for case in plan["connections"]),
    ]
    rounds = plan["rounds"]
    restores = [Restore(case, tools) for case in plan["restores"]]
    steps = len(makers) + rounds + len(restores) * plan["restoreRounds"]
    step = 0

    def progress(doing):
        nonlocal step
        say(progress=step / steps, doing=doing)
        step += 1

    cases = []
    for kind, case, more in makers:
        progress("load " + case["name"])
        cases.append(kind(case, *more))
    gc.collect()
    gc.disable()
    for number in range(rounds):
        progress(f"round {number + 1} of {rounds}")
        for case in cases:
            case.measure()
    for _ in range(plan["restoreRounds"]):
        for restore in restores:
            progress("restore " + restore.name)
            restore.measure()
    for case in cases:
        if isinstance(case, Packets):
            say(packets=case.name, ns=case.ns)
        else:
            say(connections=case.name, ns=case.connect_ns)
    for restore in restores:
        say(restore=restore.name, seconds=restore.seconds)
    say(done=True)


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    try:
        measure(json.load(sys.stdin))
    except Failed as failed:
        say(failed=str(failed))
        return 1
    except OSError as failed:
        if isinstance(failed, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        else:
            say(failed=str(failed))
        return 1
    return 0


sys.exit(main())
