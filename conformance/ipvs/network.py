"""A director of IPVS in a network namespace of its own, and everybody else beyond its two cables."""

import ctypes
import os
import select
import signal
import socket
import subprocess

import packets

CLONE_NEWNET = 0x40000000
PACKET_OUTGOING = 4
ETH_P_ALL = 3
PR_SET_PDEATHSIG = 1
VAIN_WAIT_S = 0.05

MAC = {name: bytes([2, 0, 0, 0, 0, number]) for name, number in
       (("c0", 1), ("c1", 2), ("s0", 3), ("s1", 4))}

DIRECTOR = """
link set lo up
link set c0 up
link set s0 up
addr add 192.0.2.1/24 dev c0
addr add 198.51.100.1/24 dev s0
neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev c0
neigh add 198.51.100.2 lladdr 02:00:00:00:00:04 dev s0
route add default via 192.0.2.2
route add 10.244.0.0/16 via 198.51.100.2
route add local 10.96.0.0/15 dev lo
"""
DIRECTOR_6 = """
addr add 2001:db8:c::1/64 dev c0 nodad
addr add 2001:db8:5::1/64 dev s0 nodad
neigh add 2001:db8:c::2 lladdr 02:00:00:00:00:02 dev c0
neigh add 2001:db8:5::2 lladdr 02:00:00:00:00:04 dev s0
route add default via 2001:db8:c::2
route add fd00:244::/32 via 2001:db8:5::2
route add local fd00:96::/32 dev lo
"""

SYSCTL = {
    "net/ipv4/ip_forward": "1",
    "net/ipv6/conf/all/forwarding": "1",
    "net/ipv4/conf/all/rp_filter": "0",
    "net/ipv4/conf/s0/rp_filter": "0",
    "net/ipv4/conf/c0/rp_filter": "0",
    "net/ipv4/conf/all/send_redirects": "0",
    "net/ipv4/conf/s0/send_redirects": "0",
    "net/ipv4/conf/c0/send_redirects": "0",
    "net/ipv4/conf/s0/accept_local": "1",
    "net/ipv4/icmp_ratelimit": "0",
    "net/ipv6/icmp/ratelimit": "0",
    "net/ipv4/icmp_msgs_per_sec": "1000000",
    "net/ipv4/icmp_msgs_burst": "1000000",
}

LIBC = ctypes.CDLL(None, use_errno=True)


def checked(result):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def run(*command, stdin=None):
    done = subprocess.run(command, input=stdin, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def write(path, value):
    with open(f"/proc/sys/{path}", "w") as file:
        file.write(str(value))


class Network:
    """A director and, beyond the two cables, everybody else."""

    def __init__(self):
        checked(LIBC.unshare(CLONE_NEWNET))
        director = os.open("/proc/self/ns/net", os.O_RDONLY)
        holder = os.fork()
        if holder == 0:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            while True:
                signal.pause()
        checked(LIBC.unshare(CLONE_NEWNET))
        for inner, outer in (("c0", "c1"), ("s0", "s1")):
            run("ip", "link", "add", outer, "address", packets.mac(MAC[outer]), "type", "veth",
                "peer", "name", inner, "address", packets.mac(MAC[inner]), "netns", str(holder))
            write(f"net/ipv6/conf/{outer}/disable_ipv6", 1)
            run("ip", "link", "set", outer, "up")
        self.sockets = {}
        for end in ("c1", "s1"):
            raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
            raw.bind((end, 0))
            raw.setblocking(False)
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
            self.sockets[end] = raw
        checked(LIBC.setns(director, CLONE_NEWNET))
        self.holder = holder
        self.waited = 0
        run("ip", "-batch", "-", stdin=DIRECTOR)
        run("ip", "-6", "-batch", "-", stdin=DIRECTOR_6)
        for path, value in SYSCTL.items():
            write(path, value)
        self.seen()

    def close(self):
        os.kill(self.holder, 9)
        os.waitpid(self.holder, 0)

    def inject(self, end, packet):
        """Puts a packet on a cable and returns what comes out, a line each."""
        return self.answered(end, packet, self.seen)

    def exchange(self, end, packet):
        """Puts a packet on a cable and returns what comes out, from the IP header on."""
        return self.answered(end, packet, self.whole)

    def answered(self, end, packet, look):
        near = {"c1": "c0", "s1": "s0"}[end]
        self.sockets[end].send(packets.frame(MAC[near], MAC[end], packet))
        seen = look()
        if not seen:
            select.select(list(self.sockets.values()), [], [], VAIN_WAIT_S)
            self.waited += VAIN_WAIT_S
            seen = look()
        return seen

    def seen(self):
        lines = ((end, packets.describe(frame)) for end, frame in self.frames())
        return [{"c1": "cl ", "s1": "rs "}[end] + line for end, line in lines if line]

    def whole(self):
        return [(end, frame[14:]) for end, frame in self.frames() if packets.is_of_interest(frame)]

    def frames(self):
        frames = []
        for end, raw in self.sockets.items():
            while True:
                try:
                    frame, address = raw.recvfrom(65536)
                except BlockingIOError:
                    break
                if address[2] == PACKET_OUTGOING:
                    continue
                frames.append((end, frame))
        return frames
