"""Conversations: packets at their times, and after each one the connection that it is about and what the kernel told of it."""

import socket
import struct
import time

from . import conntrack, ticks
from .netlink import NETLINK_NETFILTER, SUBSYS_CONNTRACK, Netlink, attribute, attributes
from .packet_build import PROTOCOLS

STATISTICS = 4
COUNTERS = {
    2: "found", 4: "invalid", 8: "insert", 9: "insert_failed", 10: "drop", 11: "early_drop", 12: "error",
    13: "search_restart", 14: "clash_resolve", 15: "chaintoolong",
}
GROUPS_NEW_UPDATE_DESTROY = 0b111
NLM_F_CREATE = 0x400
NESTED = 0x8000
DELETE = 2
PATIENCE_SECONDS = 0.004


class Events:
    """What the kernel tells of its connections, as `conntrack -E` hears it; of the namespace it is opened in."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, NETLINK_NETFILTER)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self._socket.bind((0, GROUPS_NEW_UPDATE_DESTROY))
        self._socket.setblocking(False)

    def close(self):
        self._socket.close()

    def read(self):
        """Each event since the last call as (kind, attributes)."""
        found = []
        while True:
            try:
                data = self._socket.recv(1 << 18)
            except BlockingIOError:
                return found
            at = 0
            while at + 16 <= len(data):
                length, message, flags = struct.unpack_from("=IHH", data, at)
                if message == SUBSYS_CONNTRACK << 8 | DELETE:
                    kind = "DESTROY"
                else:
                    kind = "NEW" if flags & NLM_F_CREATE else "UPDATE"
                found.append((kind, attributes(data[at + 20:at + length])))
                at += (length + 3) & ~3


def watch(laboratory, arguments, packets):
    """Each packet is due `at` seconds after the load and says which `tuple` its connection is found by.

    Returns a step for each packet: when it was handled, what came out (in detail for packets with a `payload`),
    its connection, what it was counted as, and the events until then.
    `split` stands where the kernel's tick ended in between, so that nothing exact can be said.
    """
    laboratory.load(**arguments)
    netlink, events = Netlink(), Events()
    try:
        return {"steps": [_step(laboratory, netlink, events, packet) for packet in packets]}
    finally:
        netlink.close()
        events.close()


def statistics(netlink):
    """The counters of `conntrack -S`, of all processors together."""
    total = dict.fromkeys(COUNTERS.values(), 0)
    for data in netlink.request(SUBSYS_CONNTRACK, STATISTICS, dump=True):
        for kind, value in attributes(data).items():
            if kind in COUNTERS:
                total[COUNTERS[kind]] += struct.unpack("!I", value)[0]
    return total


def _step(laboratory, netlink, events, packet):
    wait = packet["at"] - laboratory.ticks.now()
    if wait > PATIENCE_SECONDS:
        time.sleep(wait - PATIENCE_SECONDS)
    while laboratory.ticks.now() < packet["at"]:
        pass
    done = {}

    before = statistics(netlink)

    def work():
        done["result"] = laboratory.inject(packet, detail="payload" in packet)
        done["entry"] = find(netlink, packet["tuple"])

    try:
        with ticks.undisturbed():
            done["time"], _ = laboratory.ticks.within_one(work)
    except ticks.Split:
        done.update(time=laboratory.ticks.now(), split=True)
    heard = events.read()
    after = statistics(netlink)
    return {
        "counted": {name: after[name] - before[name] for name in after if after[name] != before[name]},
        "time": done["time"], "result": done["result"], "connections": [conntrack.entry(done["entry"])] if done["entry"] else [],
        "events": [{"event": kind, **conntrack.entry(found)} for kind, found in heard], **({"split": True} if "split" in done else {}),
    }


def find(netlink, wanted):
    """The attributes of the connection that has a tuple in either direction, or None."""
    body = attribute(NESTED | conntrack.TUPLE_ORIG, encode(wanted))
    family = socket.AF_INET6 if ":" in wanted["src"] else socket.AF_INET
    try:
        return attributes(netlink.request(SUBSYS_CONNTRACK, conntrack.GET, body, family=family)[0])
    except FileNotFoundError:
        return None


def encode(wanted):
    """A tuple object as attributes."""
    six = ":" in wanted["src"]
    kind = socket.AF_INET6 if six else socket.AF_INET
    source = 3 if six else 1
    ends = attribute(source, socket.inet_pton(kind, wanted["src"])) + attribute(source + 1, socket.inet_pton(kind, wanted["dst"]))
    proto = attribute(1, struct.pack("B", PROTOCOLS[wanted["proto"]]))
    if "sport" in wanted:
        proto += attribute(2, struct.pack("!H", wanted["sport"])) + attribute(3, struct.pack("!H", wanted["dport"]))
    else:
        first = 7 if six else 4
        proto += attribute(first, struct.pack("!H", wanted["id"]))
        proto += attribute(first + 1, struct.pack("B", wanted["type"])) + attribute(first + 2, struct.pack("B", wanted["code"]))
    return attribute(NESTED | 1, ends) + attribute(NESTED | 2, proto)
