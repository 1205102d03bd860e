"""Just enough netfilter netlink: reading logged packets, dumping and flushing conntrack."""

import errno
import os
import socket
import struct

NETLINK_NETFILTER = 12
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
SUBSYS_CONNTRACK, SUBSYS_LOG = 1, 4


def attribute(kind, value):
    length = 4 + len(value)
    return struct.pack("=HH", length, kind) + value + b"\0" * (-length % 4)


def attributes(data):
    """{kind: bytes} of a run of attributes; nested ones are parsed by asking again."""
    found, at = {}, 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, at)
        if length < 4:
            break
        found[kind & 0x3FFF] = data[at + 4:at + length]
        at += (length + 3) & ~3
    return found


def messages(data):
    at = 0
    while at + 16 <= len(data):
        length, kind = struct.unpack_from("=IH", data, at)
        if length < 16:
            break
        yield kind, data[at + 16:at + length]
        at += (length + 3) & ~3


class Netlink:
    """A socket to the netfilter subsystems of the namespace in which it was opened."""

    def __init__(self, receive_bytes=1 << 22):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, NETLINK_NETFILTER)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.bind((0, 0))
        self._sequence = 0

    def close(self):
        self.socket.close()

    def request(self, subsystem, kind, body=b"", family=0, resource=0, dump=False):
        """Sends one request; returns the bodies (after nfgenmsg) of the answers."""
        self._sequence += 1
        flags = NLM_F_REQUEST | (NLM_F_DUMP if dump else NLM_F_ACK)
        payload = struct.pack("!BBH", family, 0, resource) + body
        header = struct.pack("=IHHII", 16 + len(payload), subsystem << 8 | kind, flags, self._sequence, 0)
        self.socket.settimeout(60)
        self.socket.send(header + payload)
        answers = []
        while True:
            for reply, data in messages(self.socket.recv(1 << 18)):
                if reply == NLMSG_DONE:
                    return answers
                if reply == NLMSG_ERROR:
                    number = -struct.unpack_from("=i", data)[0]
                    if number:
                        raise OSError(number, f"netlink {subsystem}/{kind}: {os.strerror(number)}")
                    return answers
                answers.append(data[4:])


class PacketLog:
    """Packets that an nft `log group N` rule reports, each as (payload, mark, time or None).

    The queue threshold is one, so the kernel hands each packet over while it handles it.
    """

    CFG_COMMAND, CFG_MODE, CFG_BUFFER, CFG_THRESHOLD = 1, 2, 3, 5
    BIND, COPY_PACKET = 1, 2
    MARK, TIMESTAMP, PAYLOAD = 2, 3, 9

    def __init__(self, group):
        self._netlink = Netlink(1 << 24)
        self._configure(group, self.CFG_COMMAND, struct.pack("B", self.BIND))
        self._configure(group, self.CFG_MODE, struct.pack("!IBB", 0xFFFF, self.COPY_PACKET, 0))
        self._configure(group, self.CFG_BUFFER, struct.pack("!I", 1 << 17))
        self._configure(group, self.CFG_THRESHOLD, struct.pack("!I", 1))
        self._netlink.socket.setblocking(False)

    def _configure(self, group, kind, value):
        self._netlink.request(SUBSYS_LOG, 1, attribute(kind, value), resource=group)

    def close(self):
        self._netlink.close()

    def read(self):
        """All packets logged so far."""
        packets = []
        while True:
            try:
                data = self._netlink.socket.recv(1 << 18)
            except BlockingIOError:
                return packets
            except OSError as error:
                if error.errno == errno.ENOBUFS:
                    raise OSError(error.errno, "the kernel lost a logged packet: receive buffer full") from error
                raise
            for kind, body in messages(data):
                if kind != SUBSYS_LOG << 8:
                    continue
                found = attributes(body[4:])
                stamp = None
                if self.TIMESTAMP in found:
                    seconds, micros = struct.unpack("!QQ", found[self.TIMESTAMP])
                    stamp = seconds * 1_000_000_000 + micros * 1000
                mark = struct.unpack("!I", found[self.MARK])[0] if self.MARK in found else 0
                packets.append((found.get(self.PAYLOAD, b""), mark, stamp))
