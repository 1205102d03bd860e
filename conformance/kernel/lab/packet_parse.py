"""From bytes on the wire to a packet object, in the form of the recorded vectors."""

import socket
import struct

from .packet_build import FRAGMENT_HEADER, SCTP_CHUNKS, TCP_FLAGS

NAMES = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6", 132: "sctp", 136: "udplite"}
DCCP = 33
ICMP_ERRORS = {3, 4, 5, 11, 12}
ICMPV6_ERRORS = {1, 2, 3, 4}
EXTENSION_HEADERS = {0, 43, 60}
_CHUNK_NAMES = {number: name for name, number in SCTP_CHUNKS.items()}


def address(data):
    """As the tools write it: an IPv4 address inside an IPv6 one with its dots."""
    return socket.inet_ntop(socket.AF_INET if len(data) == 4 else socket.AF_INET6, data)


def parse(data, detail=False):
    """`detail` adds what the vectors leave out: tos, DF, window, IP and TCP options, payload bytes.

    The IP id is left out always: in packets that the node itself makes it is random.
    """
    try:
        return _parse4(data, detail) if data[0] >> 4 == 4 else _parse6(data, detail)
    except (IndexError, ValueError, struct.error):
        return {"proto": "truncated", "packet": data.hex()}


def _parse4(data, detail):
    header = (data[0] & 15) * 4
    total = struct.unpack_from("!H", data, 2)[0]
    field = struct.unpack_from("!H", data, 6)[0]
    number = data[9]
    packet = {
        "proto": NAMES.get(number, "ip"), "src": address(data[12:16]),
        "dst": address(data[16:20]), "ttl": data[8],
    }
    if field & 0x1FFF:
        packet["fragOffset"] = field & 0x1FFF
    if field & 0x2000:
        packet["moreFragments"] = True
    if detail:
        packet.update(tos=data[1], df=bool(field & 0x4000))
        if header > 20:
            packet["ipOptions"] = data[20:header].hex()
    # What an ICMP error quotes is cut short: its lengths are those that the quoted header claims.
    _transport(packet, number, data[header:total], total - header, field & 0x1FFF, detail)
    return packet


def _parse6(data, detail):
    first, length, number, hops = struct.unpack_from("!IHBB", data, 0)
    packet = {
        "proto": "", "src": address(data[8:24]), "dst": address(data[24:40]), "ttl": hops,
    }
    at, offset, extensions = 40, 0, []
    while number in EXTENSION_HEADERS or number == FRAGMENT_HEADER:
        extensions.append(number)
        if number == FRAGMENT_HEADER:
            field = struct.unpack_from("!H", data, at + 2)[0]
            offset = field >> 3
            if offset:
                packet["fragOffset"] = offset
            if field & 1:
                packet["moreFragments"] = True
            number, at = data[at], at + 8
        else:
            number, at = data[at], at + 8 + data[at + 1] * 8
        if offset:
            break
    packet["proto"] = NAMES.get(number, "ip")
    if detail:
        packet["tos"] = first >> 20 & 0xFF
        if extensions:
            packet["extensions"] = extensions
    _transport(packet, number, data[at:40 + length], 40 + length - at, offset, detail)
    return packet


def _transport(packet, number, body, claimed, offset, detail):
    name = NAMES.get(number)
    if offset or name is None:
        if name is None:
            packet["protocol"] = number
        if number == DCCP and not offset:
            _dccp(packet, body, claimed, detail)
            return
        packet["len"] = claimed
        if detail:
            packet["payload"] = body.hex()
        return
    start = _PARSERS[name](packet, body, claimed, detail)
    if detail and start is not None:
        packet["payload"] = body[start:].hex()


def _dccp(packet, body, claimed, detail):
    """Names the ports; what is behind the part that all types of packets have counts as payload."""
    if len(body) < 4:
        packet["len"] = claimed
        return
    packet["sport"], packet["dport"] = struct.unpack_from("!HH", body, 0)
    if claimed >= 12:
        packet["len"] = claimed - 12
    if detail:
        packet["payload"] = body[12:].hex()


def _tcp(packet, body, claimed, detail):
    packet["sport"], packet["dport"] = struct.unpack_from("!HH", body, 0)
    if len(body) < 20:
        return None
    packet["seq"], packet["ack"], words, flags, window = struct.unpack_from("!IIBBH", body, 4)
    header = (words >> 4) * 4
    packet["flags"] = "".join(letter for letter, bit in TCP_FLAGS.items() if flags & bit)
    packet["len"] = claimed - header
    if detail:
        packet["window"] = window
        if header > 20:
            packet["tcpOptions"] = body[20:header].hex()
    return header


def _udp(packet, body, claimed, detail):
    packet["sport"], packet["dport"] = struct.unpack_from("!HH", body, 0)
    packet["len"] = claimed - 8
    return 8


def _icmp(packet, body, claimed, detail):
    kind, code, _, identifier, sequence = struct.unpack_from("!BBHHH", body, 0)
    packet["type"], packet["code"] = kind, code
    if kind in (ICMPV6_ERRORS if packet["proto"] == "icmpv6" else ICMP_ERRORS) and len(body) > 8:
        packet["inner"] = parse(body[8:], detail)
        return None
    packet["id"], packet["icmpseq"], packet["len"] = identifier, sequence, claimed - 8
    return 8


def _sctp(packet, body, claimed, detail):
    packet["sport"], packet["dport"] = struct.unpack_from("!HH", body, 0)
    if len(body) >= 16:
        packet["vtag"] = struct.unpack_from("!I", body, 4)[0]
        packet["chunk"] = _CHUNK_NAMES.get(body[12], str(body[12]))
    if claimed < 12:
        return None
    packet["len"] = claimed - 12
    return 12


_PARSERS = {"tcp": _tcp, "udp": _udp, "udplite": _udp, "icmp": _icmp, "icmpv6": _icmp, "sctp": _sctp}
