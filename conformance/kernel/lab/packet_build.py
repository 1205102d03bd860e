"""From a packet object to the bytes on the wire."""

import ipaddress
import struct

from . import checksum

PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58, "sctp": 132, "udplite": 136}
TCP_FLAGS = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16, "U": 32, "E": 64, "C": 128}
SCTP_CHUNKS = {
    "DATA": 0, "INIT": 1, "INIT_ACK": 2, "SACK": 3, "HEARTBEAT": 4, "HEARTBEAT_ACK": 5, "ABORT": 6, "SHUTDOWN": 7,
    "SHUTDOWN_ACK": 8, "ERROR": 9, "COOKIE_ECHO": 10, "COOKIE_ACK": 11, "SHUTDOWN_COMPLETE": 14,
}
FRAGMENT_HEADER = 44


class BadPacket(ValueError):
    """A packet object that cannot be made into bytes."""


def build(packet):
    """Returns the IP packet (no link header) that the packet object describes."""
    if "packet" in packet:
        return bytes.fromhex(packet["packet"])
    src, dst = ipaddress.ip_address(packet["src"]), ipaddress.ip_address(packet["dst"])
    if src.version != dst.version:
        raise BadPacket(f"src {src} and dst {dst} are of different families")
    number, body = _transport(packet, src, dst)
    offset, more = int(packet.get("fragOffset", 0)), bool(packet.get("moreFragments", False))
    if offset:
        body = _payload(packet)
    if "fragmentSize" in packet:
        body, offset, more = _cut(body, int(packet["fragmentSize"]), int(packet["fragmentIndex"]))
    fragment = bool(offset or more)
    if src.version == 4:
        return _ipv4(packet, src, dst, number, body, offset, more, fragment)
    return _ipv6(packet, src, dst, number, body, offset, more, fragment)


def frame(packet, source, destination):
    """The Ethernet frame for an injection from a peer."""
    if "frame" in packet:
        return bytes.fromhex(packet["frame"])
    data = build(packet)
    ethertype = 0x0800 if data[0] >> 4 == 4 else 0x86DD
    source = packet.get("srcMac", source)
    destination = packet.get("dstMac", destination)
    return mac(destination) + mac(source) + struct.pack("!H", ethertype) + data


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def _cut(body, size, index):
    """The index-th of the fragments of `size` bytes (a multiple of 8) each."""
    if size <= 0 or size % 8:
        raise BadPacket(f"fragmentSize {size} is not a positive multiple of 8")
    start = size * index
    if start >= len(body):
        raise BadPacket(f"fragmentIndex {index} is past the end of {len(body)} bytes")
    return body[start:start + size], start // 8, start + size < len(body)


def _payload(packet):
    if "payload" in packet:
        return bytes.fromhex(packet["payload"])
    return b"x" * int(packet.get("len", 0))


def _ipv4(packet, src, dst, number, body, offset, more, fragment):
    options = bytes.fromhex(packet.get("ipOptions", ""))
    options += b"\0" * (-len(options) % 4)
    dont_fragment = bool(packet.get("df", not fragment))
    field = (0x4000 if dont_fragment else 0) | (0x2000 if more else 0) | offset
    words = 5 + len(options) // 4
    header = struct.pack(
        "!BBHHHBBH4s4s", 0x40 | words, int(packet.get("tos", 0)), words * 4 + len(body), int(packet.get("ipid", 0)),
        field, int(packet.get("ttl", 64)), number, 0, src.packed, dst.packed,
    ) + options
    return header[:10] + struct.pack("!H", checksum.internet(header)) + header[12:] + body


def _ipv6(packet, src, dst, number, body, offset, more, fragment):
    if fragment:
        body = struct.pack("!BBHI", number, 0, offset << 3 | (1 if more else 0), int(packet.get("ipid", 0))) + body
        number = FRAGMENT_HEADER
    first = 6 << 28 | int(packet.get("tos", 0)) << 20 | int(packet.get("flowLabel", 0))
    return struct.pack("!IHBB", first, len(body), number, int(packet.get("ttl", 64))) + src.packed + dst.packed + body


def _transport(packet, src, dst):
    proto = packet.get("proto")
    if proto in ("icmp", "icmpv6"):
        return PROTOCOLS[proto], _icmp(packet, src, dst)
    if proto == "tcp":
        return 6, _tcp(packet, src, dst)
    if proto == "udp":
        return 17, _udp(packet, src, dst, 17)
    if proto == "udplite":
        return 136, _udp(packet, src, dst, 136)
    if proto == "sctp":
        return 132, _sctp(packet)
    if "protocol" in packet:
        return int(packet["protocol"]), _payload(packet)
    raise BadPacket(f"proto {proto!r}: expected tcp, udp, udplite, icmp, icmpv6, sctp, or a protocol number in `protocol`")


def _pseudo(src, dst, number, length):
    if src.version == 4:
        return src.packed + dst.packed + struct.pack("!BBH", 0, number, length)
    return src.packed + dst.packed + struct.pack("!IHBB", length, 0, 0, number)


def _sealed(packet, segment, position, pseudo):
    """The segment with its checksum filled in, or spoilt where bad_csum asks for it."""
    value = checksum.internet(pseudo + segment)
    if packet.get("bad_csum"):
        value = (value + 1) & 0xFFFF or 1
    return segment[:position] + struct.pack("!H", value) + segment[position + 2:]


def _tcp(packet, src, dst):
    options = bytes.fromhex(packet.get("tcpOptions", ""))
    options += b"\0" * (-len(options) % 4)
    flags = 0
    for letter in packet.get("flags", ""):
        if letter not in TCP_FLAGS:
            raise BadPacket(f"TCP flag {letter!r}: expected letters of {''.join(TCP_FLAGS)}")
        flags |= TCP_FLAGS[letter]
    segment = struct.pack(
        "!HHIIBBHHH", int(packet["sport"]), int(packet["dport"]), int(packet.get("seq", 0)) & 0xFFFFFFFF,
        int(packet.get("ack", 0)) & 0xFFFFFFFF, (5 + len(options) // 4) << 4, flags, int(packet.get("window", 65535)), 0, 0,
    ) + options + _payload(packet)
    return _sealed(packet, segment, 16, _pseudo(src, dst, 6, len(segment)))


def _udp(packet, src, dst, number):
    payload = _payload(packet)
    length = 8 + len(payload)
    segment = struct.pack("!HHHH", int(packet["sport"]), int(packet["dport"]), length, 0) + payload
    sealed = _sealed(packet, segment, 6, _pseudo(src, dst, number, length))
    # A sum of zero means "no checksum" in UDP, so it is sent as its other form.
    return sealed[:6] + b"\xff\xff" + sealed[8:] if sealed[6:8] == b"\0\0" else sealed


def _icmp(packet, src, dst):
    body = bytes.fromhex(packet["inner"]) if "inner" in packet else _payload(packet)
    message = struct.pack(
        "!BBHHH", int(packet["type"]), int(packet.get("code", 0)), 0, int(packet.get("id", 0)), int(packet.get("icmpseq", 0)),
    ) + body
    pseudo = _pseudo(src, dst, 58, len(message)) if packet["proto"] == "icmpv6" else b""
    return _sealed(packet, message, 2, pseudo)


def _sctp(packet):
    chunk = packet.get("chunk", "INIT")
    if chunk not in SCTP_CHUNKS:
        raise BadPacket(f"SCTP chunk {chunk!r}: expected one of {', '.join(SCTP_CHUNKS)}")
    body = _payload(packet)
    if not body and chunk in ("INIT", "INIT_ACK"):
        body = struct.pack("!IIHHI", int(packet.get("initTag", 1)), 65535, 1, 1, 1)
    body = struct.pack("!BBH", SCTP_CHUNKS[chunk], int(packet.get("chunkFlags", 0)), 4 + len(body)) + body
    body += b"\0" * (-len(body) % 4)
    head = struct.pack("!HHI", int(packet["sport"]), int(packet["dport"]), int(packet.get("vtag", 0)))
    value = checksum.crc32c(head + b"\0\0\0\0" + body)
    if packet.get("bad_csum"):
        value ^= 1
    return head + struct.pack("<I", value) + body
