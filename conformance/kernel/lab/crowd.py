"""Many connections at once: a full table, and ports that are all in use."""

import errno
import ipaddress
import socket
import struct

from . import checksum, conntrack, topology, watch
from .netlink import NLM_F_REQUEST, NLMSG_ERROR, SUBSYS_CONNTRACK, Netlink, attribute, messages
from .packet_build import mac

NLM_F_CREATE, NLM_F_EXCL = 0x400, 0x200
BATCH = 200
UDP = 17
FIRST_PORT = 1024
CONFIRMED, ASSURED, SEEN_REPLY = 8, 4, 2
SECONDS = 600
UNSETTLED = 256


def exhaust(laboratory, arguments, floods):
    """Sends a UDP packet of each flow of each flood; says after each flood what was counted and how many entries there are.

    A flood is {"client", "clients", "firstPort", "ports", "destination", "port"}: flows of as many clients, from the first
    on, and of as many ports; all ports of a client before the next.
    """
    laboratory.load(**arguments)
    netlink = Netlink()
    try:
        return {"floods": [_flood(laboratory, netlink, flood) for flood in floods]}
    finally:
        netlink.close()


def _flood(laboratory, netlink, flood):
    before = watch.statistics(netlink)
    first = int(ipaddress.IPv4Address(flood["client"]))
    sender = Sender(laboratory)
    for client in range(first, first + flood["clients"]):
        for port in range(flood["firstPort"], flood["firstPort"] + flood["ports"]):
            sender.send(client, port, flood["destination"], flood["port"])
    laboratory.settle()
    after = watch.statistics(netlink)
    return {"counted": {name: after[name] - before[name] for name in after}, "entries": entries()}


def overflow(laboratory, arguments, share, probes):
    """Fills the table to the machine's limit, a share of the entries not assured, and lets new flows in.

    Returns the limit, the buckets, what the probes were counted as, and how many entries there were before and after.
    """
    laboratory.load(**arguments)
    limit = int(topology.read_sysctl("net.netfilter.nf_conntrack_max"))
    netlink = Netlink()
    try:
        _fill(netlink, limit, share)
        full = entries()
        before = watch.statistics(netlink)
        sender = Sender(laboratory)
        for probe in range(probes):
            sender.send(int(ipaddress.IPv4Address("10.1.3.0")) + probe // 50000, FIRST_PORT + probe % 50000, "10.2.0.9", 53)
        laboratory.settle()
        after = watch.statistics(netlink)
        return {
            "limit": limit, "buckets": int(topology.read_sysctl("net.netfilter.nf_conntrack_buckets")), "full": full,
            "counted": {name: after[name] - before[name] for name in after}, "entries": entries(),
        }
    finally:
        conntrack.flush(netlink)
        netlink.close()


def entries():
    return int(topology.read_sysctl("net.netfilter.nf_conntrack_count"))


def _fill(netlink, limit, share):
    """Entries of UDP whose addresses and ports count up; of each thousand, the first ones are not assured."""
    open_ones = round(share * 1000)
    message = bytearray(_entry(socket.inet_aton("10.64.0.0"), FIRST_PORT, SEEN_REPLY | CONFIRMED))
    client = [at for at in range(len(message)) if message[at:at + 4] == socket.inet_aton("10.64.0.0")]
    status = message.index(struct.pack("!I", SEEN_REPLY | CONFIRMED))
    batch = bytearray()
    for number in range(limit):
        address = struct.pack("!I", 0x0A400000 + number)
        for at in client:
            message[at:at + 4] = address
        assured = 0 if number * 7919 % 1000 < open_ones else ASSURED
        message[status + 3] = SEEN_REPLY | CONFIRMED | assured
        batch += message
        if number % BATCH == BATCH - 1 or number == limit - 1:
            netlink.socket.send(batch)
            batch.clear()
    _no_errors(netlink)


def _entry(client, port, status):
    server = socket.inet_aton("10.2.0.9")
    body = b"".join((
        attribute(watch.NESTED | 1, _tuple(client, server, port, 53)), attribute(watch.NESTED | 2, _tuple(server, client, 53, port)),
        attribute(3, struct.pack("!I", status)), attribute(7, struct.pack("!I", SECONDS)),
    ))
    payload = struct.pack("!BBH", socket.AF_INET, 0, 0) + body
    flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL
    return struct.pack("=IHHII", 16 + len(payload), SUBSYS_CONNTRACK << 8, flags, 0, 0) + payload


def _tuple(source, destination, sport, dport):
    return attribute(watch.NESTED | 1, attribute(1, source) + attribute(2, destination)) + attribute(
        watch.NESTED | 2,
        attribute(1, struct.pack("B", UDP)) + attribute(2, struct.pack("!H", sport)) + attribute(3, struct.pack("!H", dport)))


def _no_errors(netlink):
    netlink.socket.setblocking(False)
    try:
        while True:
            for kind, data in messages(netlink.socket.recv(1 << 18)):
                number = -struct.unpack_from("=i", data)[0] if kind == NLMSG_ERROR else 0
                if number:
                    raise OSError(number, f"filling the table: {errno.errorcode.get(number, number)}")
    except BlockingIOError:
        return


class Sender:
    """Sends UDP packets without payload into eth0, fast.

    A CPU's backlog takes net.core.netdev_max_backlog packets, 1,000 unless set, and drops others where the machine is too
    busy to handle them; so no more than UNSETTLED are on their way.
    """

    def __init__(self, laboratory):
        self._laboratory = laboratory
        self._send = laboratory.sender("eth0")
        self._sent = 0
        self._head = mac(topology.NODE_MAC["eth0"]) + mac(topology.PEER_MAC["eth0"]) + b"\x08\x00"

    def send(self, client, port, destination, to):
        header = bytearray(struct.pack(
            "!BBHHHBBHI4s", 0x45, 0, 28, 0, 0x4000, 64, UDP, 0, client, socket.inet_aton(destination)))
        header[10:12] = struct.pack("!H", checksum.internet(header))
        self._send(self._head + header + struct.pack("!HHHH", port, to, 8, 0))
        self._sent += 1
        if self._sent % UNSETTLED == 0:
            self._laboratory.settle()
