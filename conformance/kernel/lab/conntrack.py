"""The connection tracking table, read and emptied over ctnetlink."""

import struct

from .netlink import SUBSYS_CONNTRACK, attributes
from .packet_parse import NAMES, address

GET, DELETE = 1, 2
PROTOCOLS = {**NAMES, 47: "gre"}
TUPLE_ORIG, TUPLE_REPLY, STATUS, PROTOINFO, HELP, TIMEOUT, MARK = 1, 2, 3, 4, 5, 7, 8
COUNTERS_ORIG, COUNTERS_REPLY, ZONE, LABELS = 9, 10, 18, 22

STATUS_BITS = (
    "EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED", "SRC_NAT", "DST_NAT", "SEQ_ADJUST", "SRC_NAT_DONE", "DST_NAT_DONE",
    "DYING", "FIXED_TIMEOUT", "TEMPLATE", "UNTRACKED", "HELPER", "OFFLOAD", "HW_OFFLOAD",
)
TCP_STATES = (
    "NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2",
)
SCTP_STATES = (
    "NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED", "SHUTDOWN_SENT", "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT",
    "HEARTBEAT_SENT",
)
_TIMEOUT_SYSCTLS = {
    "tcp": ["tcp_timeout_" + name for name in (
        "syn_sent", "syn_recv", "established", "fin_wait", "close_wait", "last_ack", "time_wait", "close", "max_retrans",
        "unacknowledged",
    )],
    "udp": ["udp_timeout", "udp_timeout_stream"],
    "udplite": ["udp_timeout", "udp_timeout_stream"],
    "icmp": ["icmp_timeout"],
    "icmpv6": ["icmpv6_timeout"],
    "sctp": ["sctp_timeout_" + name for name in (
        "closed", "cookie_wait", "cookie_echoed", "established", "shutdown_sent", "shutdown_recd", "shutdown_ack_sent",
        "heartbeat_sent",
    )],
    "gre": ["gre_timeout", "gre_timeout_stream"],
}


def flush(netlink):
    netlink.request(SUBSYS_CONNTRACK, DELETE)


def dump(netlink, slack_seconds=1):
    """All entries in the vectors' form, sorted; slack_seconds is how old an entry's last packet may be.

    Without slack, timeouts are what the kernel says: the whole seconds that are left.
    """
    nominal = {}
    entries = []
    for data in netlink.request(SUBSYS_CONNTRACK, GET, dump=True):
        entries.append(_entry(attributes(data), nominal, slack_seconds))
    entries.sort(key=sort_key)
    return entries


def sort_key(entry):
    orig = entry["orig"]
    return (
        orig["proto"], orig["src"], orig["dst"],
        orig.get("sport", orig.get("id", 0)), orig.get("dport", orig.get("type", 0)), orig.get("code", 0), entry.get("zone", 0),
    )


def entry(found):
    """One entry, with what of it is told; the timeout in the whole seconds that the kernel says."""
    return _entry(found, {}, None)


def _entry(found, nominal, slack):
    orig = _tuple(found[TUPLE_ORIG])
    status = struct.unpack("!I", found[STATUS])[0]
    entry = {
        "orig": orig, "reply": _tuple(found[TUPLE_REPLY]),
        "status": [name for bit, name in enumerate(STATUS_BITS) if status >> bit & 1],
        "mark": struct.unpack("!I", found[MARK])[0] if MARK in found else 0,
    }
    for kind, key, states in ((1, "tcp_state", TCP_STATES), (3, "sctp_state", SCTP_STATES)):
        state = attributes(attributes(found.get(PROTOINFO, b"")).get(kind, b"")).get(1)
        if state is not None:
            entry[key] = states[state[0]] if state[0] < len(states) else str(state[0])
    for kind, key in ((COUNTERS_ORIG, "orig_packets"), (COUNTERS_REPLY, "reply_packets")):
        if kind in found:
            entry[key] = struct.unpack("!Q", attributes(found[kind])[1])[0]
    if TIMEOUT in found:
        left = struct.unpack("!I", found[TIMEOUT])[0]
        entry["timeout_ceil"] = left if slack is None else _snap(orig["proto"], left, nominal, slack)
    if ZONE in found:
        entry["zone"] = struct.unpack("!H", found[ZONE])[0]
    if HELP in found:
        entry["helper"] = attributes(found[HELP]).get(1, b"").rstrip(b"\0").decode()
    if LABELS in found and any(found[LABELS]):
        entry["labels"] = found[LABELS].hex()
    return entry


def _tuple(data):
    found = attributes(data)
    ip, proto = attributes(found[1]), attributes(found[2])
    number = proto[1][0]
    four = 1 in ip
    result = {
        "proto": PROTOCOLS.get(number, str(number)),
        "src": address(ip[1 if four else 3]),
        "dst": address(ip[2 if four else 4]),
    }
    for kind, key, form in (
        (2, "sport", "!H"), (3, "dport", "!H"), (4, "id", "!H"), (5, "type", "!B"), (6, "code", "!B"),
        (7, "id", "!H"), (8, "type", "!B"), (9, "code", "!B"),
    ):
        if kind in proto:
            result[key] = struct.unpack(form, proto[kind])[0]
    if 3 in found:
        result["zone"] = struct.unpack("!H", found[3])[0]
    return result


def _snap(proto, left, nominal, slack):
    """The nominal timeout that an entry with `left` whole seconds to live was last set to."""
    if proto not in nominal:
        nominal[proto] = _nominal_seconds(proto)
    near = [value for value in nominal[proto] if left <= value <= left + slack]
    return min(near) if near else left + 1


def _nominal_seconds(proto):
    values = set()
    for name in _TIMEOUT_SYSCTLS.get(proto, ["generic_timeout"]):
        try:
            with open(f"/proc/sys/net/netfilter/nf_conntrack_{name}") as file:
                values.add(int(file.read()))
        except OSError:
            pass
    return values
