"""First packets of one flow on several processors: none is confirmed before all were looked up."""

import struct

from . import conntrack, crowd, watch
from .netlink import NLM_F_REQUEST, Netlink, attribute, attributes, messages

SUBSYS_QUEUE = 3
PACKET, VERDICT, CONFIG = 0, 1, 2
BIND, COPY_META = 1, 1
ACCEPT = 1
WAIT_SECONDS = 60


class Queue:
    """Packets that a rule sent to NFQUEUE 0 are held until they are let go."""

    def __init__(self):
        self._netlink = Netlink()
        self._configure(attribute(1, struct.pack("!BBH", BIND, 0, 0)))
        self._configure(attribute(2, struct.pack("!IB", 0, COPY_META)))

    def close(self):
        self._netlink.close()

    def _configure(self, body):
        self._netlink.request(SUBSYS_QUEUE, CONFIG, body)

    def held(self, count):
        """The numbers of as many held packets, in the order of their arrival."""
        numbers = []
        self._netlink.socket.settimeout(WAIT_SECONDS)
        while len(numbers) < count:
            for _, data in messages(self._netlink.socket.recv(1 << 16)):
                numbers.append(struct.unpack_from("!I", attributes(data[4:])[1])[0])
        return numbers

    def let_go(self, number):
        body = struct.pack("!BBH", 0, 0, 0) + attribute(2, struct.pack("!II", ACCEPT, number))
        self._netlink.socket.send(struct.pack("=IHHII", 16 + len(body), SUBSYS_QUEUE << 8 | VERDICT, NLM_F_REQUEST, 0, 0) + body)


def race(laboratory, arguments, races):
    """Of each race all `packets` are held behind their NAT, and let go from the last to the first; `answers` follow.

    Returns for each race what came out, what was counted, the connections that have one of the packets' `tuple`, and how
    many entries there are.
    """
    laboratory.load(**arguments)
    netlink, queue = Netlink(), Queue()
    try:
        return {"races": [_race(laboratory, netlink, queue, one) for one in races]}
    finally:
        queue.close()
        netlink.close()


def _race(laboratory, netlink, queue, one):
    conntrack.flush(netlink)
    before = watch.statistics(netlink)
    early = [laboratory.inject(packet)["emitted"] for packet in one["packets"]]
    for number in reversed(queue.held(len(one["packets"]))):
        queue.let_go(number)
    emitted = sum(early, laboratory.collect())
    answered = [laboratory.inject(packet)["emitted"] for packet in one.get("answers", [])]
    after = watch.statistics(netlink)
    found = [watch.find(netlink, packet["tuple"]) for packet in one["packets"]]
    return {
        "emitted": sum(answered, emitted), "entries": crowd.entries(),
        "counted": {name: after[name] - before[name] for name in after if after[name] != before[name]},
        "connections": [conntrack.entry(entry) for entry in found if entry],
    }
