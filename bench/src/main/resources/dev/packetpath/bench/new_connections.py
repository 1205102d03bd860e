"""Measures how fast this kernel takes new connections through a node's rules.

  python3 new_connections.py RULES SERVICES ROUNDS

A network namespace gets the rules (iptables-restore) and one device behind which all pods lie; a
second one sends it SYNs from a ring in the kernel's memory, so that one system call sends thousands.
Each passes all hooks and leaves by the device it came in by. Prints one JSON object: nanoseconds for
each connection, in the fastest round, and how many entries conntrack got. Both namespaces go with this
process. Exit status 3 and a line on stderr: this machine has not what it takes.
"""

import ctypes
import json
import mmap
import os
import random
import shutil
import socket
import struct
import subprocess
import sys
import time

FRAMES = 2048
FRAME_BYTES = 128
BLOCK_BYTES = 4096
HEADER_BYTES = 32  # struct tpacket2_hdr, aligned; the frame's bytes come behind it
SOL_PACKET, PACKET_TX_RING, PACKET_VERSION, TPACKET_V2 = 263, 13, 10, 1
TP_STATUS_AVAILABLE, TP_STATUS_SEND_REQUEST = 0, 1
CLONE_NEWNET = 0x40000000
WARM_UP_ROUNDS = 4
CLIENT, FIRST_PORT, PORTS = 0x0AFF0002, 1024, 60000
FIRST_SERVICE, SERVICE_PORT = 0x0A600001, 80
NODE_MAC, PEER_MAC = bytes.fromhex("020000000002"), bytes.fromhex("020000000003")

libc = ctypes.CDLL(None, use_errno=True)


class Missing(Exception):
    pass


def run(*command, stdin=None):
    done = subprocess.run(command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise Missing(f"{' '.join(command)} said: {done.stdout.strip() or done.returncode}")
    return done.stdout


def new_namespace():
    if libc.unshare(CLONE_NEWNET) != 0:
        raise Missing(f"no network namespaces: {os.strerror(ctypes.get_errno())}")
    return os.open("/proc/self/ns/net", os.O_RDONLY)


def enter(namespace):
    if libc.setns(namespace, CLONE_NEWNET) != 0:
        raise Missing(f"setns: {os.strerror(ctypes.get_errno())}")


def setting(name, value):
    try:
        with open("/proc/sys/" + name.replace(".", "/"), "w") as file:
            file.write(str(value))
    except OSError as error:
        raise Missing(f"{name}: {error}") from error


def make_node(rules):
    """Makes both namespaces, stays in the peer's and returns the node's."""
    node = new_namespace()
    # The peer is made by a child's unshare: this process moves between both.
    peer = new_namespace()
    run("ip", "link", "add", "peer", "address", PEER_MAC.hex(":"), "type", "veth",
        "peer", "name", "cni0", "address", NODE_MAC.hex(":"))
    run("ip", "link", "set", "peer", "up", "arp", "off")
    run("ip", "link", "set", "cni0", "netns", f"/proc/{os.getpid()}/fd/{node}")
    enter(node)
    for line in ("link set lo up", "link set cni0 arp off", "address add 10.128.0.1/9 dev cni0", "link set cni0 up"):
        run("ip", *line.split())
    for name, value in (("net.ipv4.ip_forward", 1), ("net.ipv4.conf.all.send_redirects", 0),
                        ("net.ipv4.conf.cni0.send_redirects", 0), ("net.ipv4.conf.all.rp_filter", 0),
                        ("net.ipv4.conf.cni0.rp_filter", 0), ("net.ipv6.conf.all.disable_ipv6", 1)):
        setting(name, value)
    restore = shutil.which("iptables-legacy-restore") or shutil.which("iptables-restore")
    if restore is None:
        raise Missing("no iptables-restore")
    with open(rules) as text:
        run(restore, stdin=text)
    enter(peer)
    return node


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def syn(service, connection):
    source, port = CLIENT + connection // PORTS, FIRST_PORT + connection % PORTS
    destination = FIRST_SERVICE + service
    ip = struct.pack("!BBHHHBBHII", 0x45, 0, 40, 0, 0, 64, 6, 0, source, destination)
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    tcp = struct.pack("!HHIIBBHHH", port, SERVICE_PORT, 0, 0, 0x50, 2, 0xFFFF, 0, 0)
    pseudo = struct.pack("!IIBBH", source, destination, 0, 6, len(tcp))
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
    return NODE_MAC + PEER_MAC + b"\x08\x00" + ip + tcp


def open_ring():
    ring_socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    ring_socket.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V2)
    blocks = FRAMES * FRAME_BYTES // BLOCK_BYTES
    ring_socket.setsockopt(SOL_PACKET, PACKET_TX_RING, struct.pack("IIII", BLOCK_BYTES, blocks, FRAME_BYTES, FRAMES))
    ring_socket.bind(("peer", 0x0800))
    return ring_socket, mmap.mmap(ring_socket.fileno(), FRAMES * FRAME_BYTES)


def send_round(ring_socket, ring, services, first):
    for i in range(FRAMES):
        frame = syn(services[i], first + i)
        at = i * FRAME_BYTES
        ring[at + HEADER_BYTES:at + HEADER_BYTES + len(frame)] = frame
        struct.pack_into("II", ring, at, TP_STATUS_SEND_REQUEST, len(frame))
    begin = time.perf_counter_ns()
    ring_socket.send(b"")  # returns once all are sent, and the softirq of each has run on this processor
    elapsed = time.perf_counter_ns() - begin
    unsent = sum(struct.unpack_from("I", ring, i * FRAME_BYTES)[0] != TP_STATUS_AVAILABLE for i in range(FRAMES))
    if unsent:
        raise Missing(f"{unsent} of {FRAMES} frames were not sent")
    return elapsed / FRAMES


def entries(node):
    peer = os.open("/proc/self/ns/net", os.O_RDONLY)
    enter(node)
    with open("/proc/sys/net/netfilter/nf_conntrack_count") as file:
        count = int(file.read())
    enter(peer)
    os.close(peer)
    return count


def main():
    rules, services, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    node = make_node(rules)
    ring_socket, ring = open_ring()
    drawn = random.Random(1)
    times, made = [], 0
    for number in range(WARM_UP_ROUNDS + rounds):
        before = entries(node)
        chosen = [drawn.randrange(services) for _ in range(FRAMES)]
        ns = send_round(ring_socket, ring, chosen, number * FRAMES)
        new = entries(node) - before
        if new < FRAMES * 0.99:
            raise Missing(f"{FRAMES} SYNs made {new} entries")
        if number >= WARM_UP_ROUNDS:
            times.append(ns)
            made += new
    print(json.dumps({"nsPerConnection": min(times), "rounds": times, "connections": made}))


try:
    main()
except (Missing, OSError) as problem:
    print(problem, file=sys.stderr)
    sys.exit(3)
