"""Records whole packets: what comes in, what the director sends, and what it counted."""

import shlex
import struct
import time

import packets

SETTLE_S = 3


def about(quoted, source, kind, code, word, limit):
    """An ICMP error about a packet, to the one that sent it."""
    six = quoted[0] >> 4 == 6
    body = quoted[:limit]
    head = struct.pack("!BBHI", kind, code, 0, word)
    sender = quoted[8:24] if six else quoted[12:16]
    ends = packets.address(source) + sender
    number = 58 if six else 1
    pseudo = ends + struct.pack("!II", len(head + body), number) if six else b""
    value = packets.checksum(pseudo + head + body)
    return packets.wrapped(number, ends, head[:2] + struct.pack("!H", value) + head[4:] + body)


def answer(packet, flags):
    """A segment of IPv4 the other way."""
    ports = struct.unpack("!HH", packet[20:24])
    ends = packet[16:20] + packet[12:16]
    body = packets.transport("tcp", ports[1], ports[0], flags, 0, ends)
    return packets.wrapped(packet[9], ends, body)


def record_wire(case, network, run, write):
    for path, value in case.get("sysctl", {}).items():
        write(path, value)
    if "rules" in case:
        run("iptables-legacy-restore", stdin=case["rules"])
    for command in case["setup"]:
        run(*shlex.split(command))
    last = b""
    for step in case["steps"]:
        if "run" in step:
            run(*shlex.split(step["run"]))
            continue
        if "sleep" in step:
            time.sleep(step["sleep"])
            continue
        error = step.get("error")
        if not last and (error or "reply" in step):
            continue
        if error:
            limit = error.get("quote", 548)
            step["packet"] = about(last, error["from"], error["type"], error["code"],
                                   error.get("word", 0), limit).hex()
        if "reply" in step:
            step["packet"] = answer(last, step["reply"]).hex()
        step["out"] = [[end, packet.hex()]
                       for end, packet in network.exchange(step["at"], bytes.fromhex(step["packet"]))]
        if step["out"] and step["at"] == "c1":
            seen = [packet for end, packet in step["out"] if end == "s1"]
            last = bytes.fromhex(seen[0]) if seen else b""
    time.sleep(SETTLE_S)
    case["stats"] = run("ipvsadm", "-L", "-n", "--stats")
    case["listed"] = run("ipvsadm", "-L", "-n")
    case["connections"] = run("ipvsadm", "-L", "-c", "-n")
