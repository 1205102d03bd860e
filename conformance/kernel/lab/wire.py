"""Sending packets into the node and seeing what comes out, one packet at a time.

A packet over a veth pair is worked off by the softirq of the sending CPU, normally before the send call returns.
To be certain rather than lucky, a marker frame is sent over the node's loopback device after each packet. This
process stays on one CPU and a CPU's backlog is a queue, so when the marker comes back everything queued before it
has been handled. What that handling queued in turn (a forwarded packet on its way to a peer, an answer by REJECT
to the node itself) stands behind the marker: each further marker covers one such hop more.
"""

import errno
import os
import socket
import struct

from . import topology
from .netlink import PacketLog
from .packet_build import build, frame
from .packet_parse import parse

ETH_P_ALL, ETH_P_IP, ETH_P_IPV6 = 0x0003, 0x0800, 0x86DD
ETH_P_MARKER = 0x88B5  # set aside for local experiments by IEEE 802
SOL_PACKET, PACKET_IGNORE_OUTGOING = 263, 23
SO_TIMESTAMPNS, SO_MARK = 35, 36
IPV6_HDRINCL = 36

# The longest chain of hops: a local packet over lo, REJECT's answer over lo, its delivery; and a forwarded one fewer.
MARKERS = 3
MARKER_SECONDS = 60


class LostMarker(Exception):
    """The kernel did not hand the marker back in time."""


class Marker:
    """Frames over the loopback device of the namespace that it is made in."""

    def __init__(self):
        self._socket = _packet_socket("lo", ETH_P_MARKER)
        self._socket.settimeout(MARKER_SECONDS)
        self._number = 0

    def close(self):
        self._socket.close()

    def pass_by(self, times):
        """Returns when all is handled that was sent before, over so many hops."""
        for _ in range(times):
            self._number += 1
            body = struct.pack("!Q", self._number)
            self._socket.send(b"\0" * 12 + struct.pack("!H", ETH_P_MARKER) + body)
            try:
                while self._socket.recv(64)[14:22] != body:
                    pass
            except TimeoutError as error:
                raise LostMarker(f"the marker frame on lo did not come back within {MARKER_SECONDS} s") from error


class Wire:
    """All the sockets of a laboratory; to be opened inside the node's namespace."""

    def __init__(self, peers, log_group):
        self._log = PacketLog(log_group)
        self._peers = {}
        for device, peer in peers.items():
            with peer.inside():
                self._peers[device] = _packet_socket("peer", ETH_P_ALL)
        self._marker = Marker()
        self._raw4 = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self._raw6 = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self._raw6.setsockopt(socket.IPPROTO_IPV6, IPV6_HDRINCL, 1)
        self._mark = 0

    def close(self):
        self._log.close()
        for opened in (*self._peers.values(), self._marker, self._raw4, self._raw6):
            opened.close()

    def inject(self, packet, detail=False):
        """Sends one packet object, waits until the kernel is done with it, and says what came out."""
        place = packet["inject"]
        result = {}
        if place == "local":
            error = self._send_local(packet)
            if error:
                result["errno"] = error
        elif place in self._peers:
            data = frame(packet, topology.PEER_MAC[place], topology.NODE_MAC[place])
            self._peers[place].send(data)
        else:
            raise ValueError(f"inject {place!r}: expected eth0, eth1 or local")
        self.settle()
        return {"emitted": self.collect(detail), **result}

    def _send_local(self, packet):
        data = build(packet)
        mark = int(packet.get("mark", 0))
        if mark != self._mark:
            for raw in (self._raw4, self._raw6):
                raw.setsockopt(socket.SOL_SOCKET, SO_MARK, struct.pack("=I", mark & 0xFFFFFFFF))
            self._mark = mark
        try:
            if data[0] >> 4 == 4:
                self._raw4.sendto(data, (socket.inet_ntop(socket.AF_INET, data[16:20]), 0))
            else:
                self._raw6.sendto(data, (socket.inet_ntop(socket.AF_INET6, data[24:40]), 0))
        except OSError as error:
            return errno.errorcode.get(error.errno, str(error.errno))
        return None

    def sender(self, device):
        return self._peers[device].send

    def settle(self):
        self._marker.pass_by(MARKERS)

    def collect(self, detail=False):
        """What came out since the last call, in order."""
        seen = []
        for device, opened in self._peers.items():
            while True:
                try:
                    data, notes, _, _ = opened.recvmsg(1 << 16, 128)
                except BlockingIOError:
                    break
                if struct.unpack_from("!H", data, 12)[0] in (ETH_P_IP, ETH_P_IPV6):
                    seen.append((_stamp(notes), {"at": device, "pkt": parse(data[14:], detail)}))
        latest = 0
        for data, mark, stamp in self._log.read():
            if stamp is not None:  # of the arrival: what is logged later was delivered later nevertheless
                latest = stamp = max(stamp, latest)
            seen.append((stamp, {"at": "local", "pkt": parse(data, detail), "mark": mark}))
        if len(seen) > 1 and all(stamp is not None for stamp, _ in seen):
            seen.sort(key=lambda one: one[0])
        return [entry for _, entry in seen]


def _packet_socket(device, protocol):
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)
    opened.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    opened.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    opened.bind((device, protocol))
    opened.setblocking(False)
    return opened


def _stamp(notes):
    for level, kind, data in notes:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
            seconds, nanos = struct.unpack_from("=qq", data)
            return seconds * 1_000_000_000 + nanos
    return None


def stay_on_one_cpu(number):
    """Backlogs are per CPU; only on one CPU does a marker stand behind what was sent before it."""
    allowed = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {allowed[number % len(allowed)]})
