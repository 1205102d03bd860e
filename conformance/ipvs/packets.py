"""Packets as bytes, and bytes as a line that says what the packet is."""

import socket
import struct

PROTOCOLS = {"tcp": 6, "udp": 17, "sctp": 132}
FLAGS = "FSRPAU"
SCTP_INIT = struct.pack("!BBHIIHHI", 1, 0, 20, 7, 65535, 1, 1, 1)


def mac(address):
    return ":".join(f"{byte:02x}" for byte in address)


def end(text):
    """Splits address:port or [address]:port."""
    address, _, port = text.rpartition(":")
    return address.strip("[]"), int(port)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def transport(protocol, source_port, destination_port, flags, chunk, pseudo):
    if protocol == "sctp":
        body = SCTP_INIT if chunk == 1 else struct.pack("!BBH", chunk, 0, 4)
        head = struct.pack("!HHI", source_port, destination_port, 0 if chunk == 1 else 7)
        crc = crc32c(head + bytes(4) + body)
        return head + struct.pack("<I", crc) + body
    if protocol == "udp":
        segment = struct.pack("!HHHH", source_port, destination_port, 9, 0) + b"x"
        at = 6
    else:
        bits = sum(1 << FLAGS.index(flag) for flag in flags)
        segment = struct.pack("!HHIIBBHHH", source_port, destination_port, 1000, 2000, 5 << 4,
                              bits, 65535, 0, 0)
        at = 16
    total = pseudo + struct.pack("!II", len(segment), PROTOCOLS[protocol]) + segment
    value = checksum(total) or 0xFFFF
    return segment[:at] + struct.pack("!H", value) + segment[at + 2:]


def packet(protocol, source, destination, flags, chunk):
    (from_address, from_port), (to_address, to_port) = end(source), end(destination)
    number = PROTOCOLS[protocol]
    if ":" in from_address:
        ends = (socket.inet_pton(socket.AF_INET6, from_address)
                + socket.inet_pton(socket.AF_INET6, to_address))
        payload = transport(protocol, from_port, to_port, flags, chunk, ends)
        return struct.pack("!IHBB", 6 << 28, len(payload), number, 64) + ends + payload
    ends = socket.inet_aton(from_address) + socket.inet_aton(to_address)
    payload = transport(protocol, from_port, to_port, flags, chunk, ends)
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0x4000, 64, number, 0) + ends
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def address(text):
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


def wrapped(number, ends, payload, tos=0, ttl=64, may_cut=False):
    """A payload behind the IP header for two addresses, source first."""
    if len(ends) == 32:
        return struct.pack("!IHBB", 6 << 28 | tos << 20, len(payload), number, ttl) + ends + payload
    cut = 0 if may_cut else 0x4000
    head = struct.pack("!BBHHHBBH", 0x45, tos, 20 + len(payload), 1, cut, ttl, number, 0) + ends
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def is_of_interest(data):
    """Whether a frame holds a packet of IP that is not about neighbours."""
    kind = struct.unpack("!H", data[12:14])[0]
    return kind == 0x0800 or (kind == 0x86DD and not (data[20] == 58 and data[54] > 130)
                              and data[20] != 0)


def frame(to, source, data):
    kind = 0x86DD if data[0] >> 4 == 6 else 0x0800
    return to + source + struct.pack("!H", kind) + data


def describe(data):
    """One line for a frame, or nothing for what is no business of a scenario."""
    kind = struct.unpack("!H", data[12:14])[0]
    if kind == 0x0800:
        return describe_ipv4(data[14:])
    return describe_ipv6(data[14:]) if kind == 0x86DD else None


def describe_ipv4(data):
    head = (data[0] & 15) * 4
    ends = socket.inet_ntoa(data[12:16]), socket.inet_ntoa(data[16:20])
    return describe_payload(data[9], ends[0], ends[1], data[head:])


def describe_ipv6(data):
    ends = [socket.inet_ntop(socket.AF_INET6, data[at:at + 16]) for at in (8, 24)]
    number = data[6]
    payload = data[40:]
    if number == 60:  # the destination options that ip6 tunnels carry
        number, payload = payload[0], payload[8 * (payload[1] + 1):]
    if number == 58:
        if payload[0] > 127:
            return None
        return f"icmp {ends[0]} {ends[1]} {payload[0]}/{payload[1]}"
    return describe_payload(number, f"[{ends[0]}]", f"[{ends[1]}]", payload)


def describe_payload(number, source, destination, payload):
    if number == 1:
        return f"icmp {source} {destination} {payload[0]}/{payload[1]}"
    if number == 4:
        return f"ipip {source} {destination} [{describe_ipv4(payload)}]"
    if number == 41:
        return f"ipv6 {source} {destination} [{describe_ipv6(payload)}]"
    names = {value: name for name, value in PROTOCOLS.items()}
    if number not in names:
        return None
    ports = struct.unpack("!HH", payload[:4])
    line = f"{names[number]} {source}:{ports[0]} {destination}:{ports[1]}"
    if number == 6:
        set_flags = (flag for index, flag in enumerate(FLAGS) if payload[13] >> index & 1)
        return line + " " + "".join(sorted(set_flags))
    return line
