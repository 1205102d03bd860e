"""The constant topology: the node under test between two silent peers.

           peer0 ---- eth0 [ node ] eth1 ---- peer1

The addresses, routes and neighbours are those of the recorded vectors, with an IPv6 twin.
"""

import contextlib
import json
import re
import time

from . import tools
from .namespaces import Namespace

DEVICES = ("eth0", "eth1")
CARRIER_SECONDS = 60
NODE_MAC = {"eth0": "02:00:00:00:01:01", "eth1": "02:00:00:00:02:01"}
# Not its veth's index on the node: the kernel would take the two for one and the same device, and tell of the links of
# such once a second only (Linux 6.18, net/core/link_watch.c).
PEER_INDEX = 1000
PEER_MAC = {"eth0": "02:00:00:00:01:02", "eth1": "02:00:00:00:02:02"}

# Values the results depend on. Everything else keeps the kernel's default.
SYSCTLS = {
    "net.ipv4.ip_forward": "1",
    "net.ipv4.conf.all.rp_filter": "0",
    "net.ipv4.conf.default.rp_filter": "0",
    "net.ipv4.conf.all.send_redirects": "0",
    "net.ipv4.conf.default.send_redirects": "0",
    "net.ipv4.icmp_ratelimit": "0",
    "net.ipv4.icmp_ratemask": "0",
    "net.ipv6.conf.all.forwarding": "1",
    "net.ipv6.icmp.ratelimit": "0",
    "net.netfilter.nf_conntrack_acct": "1",
    "net.netfilter.nf_conntrack_checksum": "1",
    "net.netfilter.nf_conntrack_tcp_loose": "1",
}

# Neighbour discovery would send packets of its own at its own time. Without duplicate address detection,
# solicitations and link-local addresses the node speaks only when spoken to (and see laboratory.QUIET).
QUIET_BEFORE = {
    "net.ipv6.conf.all.accept_dad": "0",
    "net.ipv6.conf.default.accept_dad": "0",
    "net.ipv6.conf.default.dad_transmits": "0",
    "net.ipv6.conf.default.router_solicitations": "0",
    "net.ipv6.conf.default.accept_ra": "0",
    "net.ipv6.conf.default.addr_gen_mode": "1",
}

# Not every kernel lets a namespace set these; where it does not, the limit is far above our pace.
WISHES = {
    "net.ipv4.icmp_msgs_per_sec": "1000000",
    "net.ipv4.icmp_msgs_burst": "1000000",
    "net.ipv6.icmp.ratemask": "129",
}


def sysctl_path(name):
    """Only net.* belongs to a namespace; anything else would change the machine."""
    if not re.fullmatch(r"net\.[\w.-]+", name) or ".." in name:
        raise ValueError(f"sysctl {name!r}: expected a name that starts with net.")
    return "/proc/sys/" + name.replace(".", "/")


def write_sysctl(name, value):
    with open(sysctl_path(name), "w") as file:
        file.write(str(value))


def read_sysctl(name):
    with open(sysctl_path(name)) as file:
        return file.read().strip()


def write_sysctls(values):
    for name, value in values.items():
        try:
            write_sysctl(name, value)
        except OSError as error:
            raise OSError(error.errno, f"sysctl {name}={value}: {error.strerror}") from error


def build(node, peers):
    """Makes devices, addresses and routes; the caller is inside the node's namespace."""
    write_sysctls(QUIET_BEFORE)
    for name, value in WISHES.items():
        try:
            write_sysctl(name, value)
        except OSError:
            pass
    for device, peer in peers.items():
        with peer.inside():
            write_sysctls({"net.ipv6.conf.all.disable_ipv6": "1", "net.ipv6.conf.default.disable_ipv6": "1"})
            tools.run(["ip", "-batch", "-"], _link(device, node))
    tools.run(["ip", "-batch", "-"], _addresses())
    for place in (contextlib.nullcontext, *(peer.inside for peer in peers.values())):
        with place():
            await_carrier("veth")
    write_sysctls(SYSCTLS)
    for device in DEVICES:
        write_sysctls({
            f"net.ipv4.conf.{device}.rp_filter": "0",
            f"net.ipv4.conf.{device}.send_redirects": "0",
            # An address without a neighbour entry gets nothing, at once: no ARP, no late "host unreachable".
            f"net.ipv4.neigh.{device}.mcast_solicit": "0",
            f"net.ipv6.neigh.{device}.mcast_solicit": "0",
        })


def await_carrier(kind):
    """The kernel tells a device some time later that its peer is up, and drops what is sent before."""
    deadline = time.monotonic() + CARRIER_SECONDS
    while any(link["operstate"] != "UP" for link in json.loads(tools.run(["ip", "-j", "link", "show", "type", kind]))):
        if time.monotonic() > deadline:
            raise TimeoutError(f"a {kind} device does not come up")
        time.sleep(0.005)


def _link(device, node):
    return (
        f"link add peer index {PEER_INDEX} address {PEER_MAC[device]}"
        f" type veth peer name {device} address {NODE_MAC[device]} netns {node.path}\n"
        "link set peer arp off up\n"
    )


def _addresses():
    lines = ["link set lo up"]
    for index, device in enumerate(DEVICES, start=1):
        lines += [
            f"address add 10.0.{index}.1/24 brd + dev {device}",
            f"address add fd00:{index}::1/64 dev {device} nodad",
            f"link set {device} up",
        ]
        lines.append(f"neigh replace 10.0.{index}.0 lladdr {PEER_MAC[device]} nud permanent dev {device}")
        for host in range(2, 16):
            lines.append(f"neigh replace 10.0.{index}.{host} lladdr {PEER_MAC[device]} nud permanent dev {device}")
            lines.append(f"neigh replace fd00:{index}::{host:x} lladdr {PEER_MAC[device]} nud permanent dev {device}")
        lines += [
            f"route add 10.{index}.0.0/16 via 10.0.{index}.2 dev {device}",
            f"route add fd0{index}::/16 via fd00:{index}::2 dev {device}",
        ]
    lines += [
        "route add default via 10.0.2.2 dev eth1",
        "route add ::/0 via fd00:2::2 dev eth1",
    ]
    return "\n".join(lines) + "\n"


def create():
    """Returns (home, node, peers by device); afterwards the caller's thread is inside the node."""
    home = Namespace.here()
    node = Namespace.create()
    peers = {device: Namespace.create() for device in DEVICES}
    node.enter()
    try:
        build(node, peers)
    except BaseException:
        home.enter()
        for namespace in (node, *peers.values(), home):
            namespace.close()
        raise
    return home, node, peers
