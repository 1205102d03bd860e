#!/usr/bin/env python3
"""A node of a cluster among real clients and servers, in network namespaces.

           pod clients --- cni0 [ node ] eth0 --- lan --- clients outside
           pod servers ---                            --- servers on other nodes

One JSON object on stdin, one on stdout. In: {"addresses": [[device, address/length]], "routes": [[prefix, device,
gateway or ""]], "sysctls": {}, "rules": iptables-save text, "sets": ipset text, "nft": nft -f text, "servers":
[[protocol, address, port]], "calls": [[protocol, source, source port, destination, destination port]]}.
Out: per call the server that answered and the client as it saw it, or the client's error; every packet that came in
by cni0 or eth0, with its time; and the rules' counters, connections and nft's rule set afterwards.
"""

import errno
import ipaddress
import json
import os
import select
import selectors
import socket
import struct
import sys
import threading

sys.dont_write_bytecode = True

from lab import conntrack, tools, topology, wire
from lab.namespaces import Namespace
from lab.netlink import Netlink

# Who is not connected once all is handled that a SYN brought about never will be.
PATIENCE_SECONDS = 0.3
ANSWER_SECONDS = 60
# A SYN and its answer, with the requests for the addresses of three links, pass fewer devices.
HOPS = 40
BRIDGE_FILTER = "net.bridge.bridge-nf-call-iptables"
TYPES = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def main():
    request = json.load(sys.stdin)
    wire.stay_on_one_cpu(os.getpid())
    cluster = Cluster(request)
    cluster.build()
    cluster.load()
    json.dump(cluster.run(), sys.stdout)
    return 0


class Cluster:
    def __init__(self, request):
        self._request = request
        self._pods = ipaddress.ip_network(next(at for device, at in request["addresses"] if device == "cni0"), strict=False)
        self._spaces = {name: Namespace.create() for name in ("node", "pods", "podservers", "lan", "outside", "others")}

    def build(self):
        spaces = self._spaces
        with spaces["lan"].inside():
            _quiet()
            tools.run(["ip", "-batch", "-"], "link add br0 type bridge mcast_snooping 0\nlink set br0 up\n")
        with spaces["node"].inside():
            _quiet()
            lines = ["link set lo up", "link add cni0 type bridge mcast_snooping 0"]
            lines += self._port("cni-a", "pods") + self._port("cni-b", "podservers")
            lines += [f"link set {port} master cni0 up" for port in ("cni-a", "cni-b")]
            lines += [f"link add eth0 type veth peer name node netns {spaces['lan'].path}", "link set cni0 up", "link set eth0 up"]
            lines += [f"address add {at} dev {device}" for device, at in self._request["addresses"] if device in ("cni0", "eth0")]
            tools.run(["ip", "-batch", "-"], _text(lines))
        with spaces["lan"].inside():
            lines = ["link set node master br0 up"]
            for name in ("outside", "others"):
                lines += self._port(name, name) + [f"link set {name} master br0 up"]
            tools.run(["ip", "-batch", "-"], _text(lines))
        gateways = {device: at.split("/")[0] for device, at in self._request["addresses"]}
        for name, device in (("pods", "cni0"), ("podservers", "cni0"), ("outside", "eth0"), ("others", "eth0")):
            with spaces[name].inside():
                _quiet()
                lines = ["link set lo up", "link set peer up"]
                lines += [f"address add {address}/32 dev peer" for address in sorted(self._addresses(name))]
                lines += [f"route add default via {gateways[device]} dev peer onlink"]
                tools.run(["ip", "-batch", "-"], _text(lines))
        with spaces["node"].inside():
            lines = []
            for prefix, device, gateway in self._request["routes"]:
                lines.append(f"route replace {prefix} dev {device}" + (f" via {gateway}" if gateway else ""))
            tools.run(["ip", "-batch", "-"], _text(lines))
            topology.write_sysctls(self._request["sysctls"])
        for space in spaces.values():
            with space.inside():
                topology.await_carrier("veth")
                topology.await_carrier("bridge")

    def _port(self, name, space):
        return [f"link add {name} type veth peer name peer netns {self._spaces[space].path}"]

    def _addresses(self, space):
        """Who lives there: clients apart from servers, the node's Pods apart from others, routers where they answer."""
        servers = {address for _, address, _ in self._request["servers"]}
        clients = {call[1] for call in self._request["calls"]} - servers
        here = lambda address: ipaddress.ip_address(address) in self._pods
        routers = {gateway for prefix, _, gateway in self._request["routes"] if gateway and prefix != "default"}
        way_out = {gateway for prefix, _, gateway in self._request["routes"] if prefix == "default"}
        return {
            "pods": {one for one in clients if here(one)},
            "podservers": {one for one in servers if here(one)},
            "outside": {one for one in clients if not here(one)} | way_out,
            "others": {one for one in servers if not here(one)} | routers,
        }[space]

    def _place(self, address):
        return next(self._spaces[name] for name in ("pods", "podservers", "outside", "others") if address in self._addresses(name))

    def load(self):
        with self._spaces["node"].inside():
            self._netlink = Netlink()
            if self._request["sets"]:
                tools.run(["ipset", "restore"], self._request["sets"])
            if self._request["rules"]:
                tools.run(["iptables-legacy-restore"], self._request["rules"])
            if self._request["nft"]:
                tools.run(["nft", "-f", "-"], self._request["nft"])
            self._taps = {device: _tap(device) for device in ("cni0", "eth0")}
            self._marker = wire.Marker()
        self._seen = []

    def run(self):
        calls = []
        with Servers(self._place, self._request["servers"]):
            for call in self._request["calls"]:
                calls.append(self._call(*call))
                self._collect()
        self._marker.pass_by(HOPS)
        self._collect()
        with self._spaces["node"].inside():
            return {
                "calls": calls,
                "packets": self._packets(),
                "rules": tools.run(["iptables-legacy-save", "-c"]) if self._request["rules"] else "",
                "conntrack": conntrack.dump(self._netlink, slack_seconds=60),
                "nft": json.loads(tools.run(["nft", "-j", "list", "ruleset"])) if self._request["nft"] else {},
            }

    def _call(self, protocol, source, source_port, destination, port):
        with self._place(source).inside():
            caller = socket.socket(socket.AF_INET, TYPES[protocol])
        with caller:
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            caller.bind((source, source_port))
            try:
                self._connect(caller, (destination, port))
                if protocol == "udp":
                    caller.send(b"?")
                heard = b""
                while True:
                    some = caller.recv(256)
                    heard += some
                    if protocol == "udp" or not some:
                        return json.loads(heard)
            except TimeoutError:
                return {"errno": "ETIMEDOUT"}
            except OSError as error:
                return {"errno": errno.errorcode.get(error.errno, str(error.errno))}

    def _connect(self, caller, destination):
        caller.setblocking(False)
        number = caller.connect_ex(destination)
        if number == errno.EINPROGRESS:
            self._marker.pass_by(HOPS)
            if not select.select([], [caller], [], PATIENCE_SECONDS)[1]:
                raise TimeoutError
            number = caller.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number:
            raise OSError(number, os.strerror(number))
        caller.settimeout(ANSWER_SECONDS)

    def _collect(self):
        """Takes what came in so far, before the sockets that hold it are full."""
        for device, tap in self._taps.items():
            while True:
                try:
                    data, notes, _, _ = tap.recvmsg(1 << 16, 128)
                except BlockingIOError:
                    break
                if struct.unpack_from("!H", data, 12)[0] == wire.ETH_P_IP:
                    self._seen.append((wire._stamp(notes), device, data[14:].hex()))

    def _packets(self):
        seen = sorted(self._seen, key=lambda one: one[0])
        return [{"ns": stamp - seen[0][0], "in": device, "data": data} for stamp, device, data in seen]


class Servers:
    """Listens everywhere and answers each client with whom it reached and how it looks."""

    def __init__(self, place, servers):
        self._selector = selectors.DefaultSelector()
        self._stop, self._stopped = socket.socketpair()
        self._selector.register(self._stopped, selectors.EVENT_READ, None)
        for protocol, address, port in servers:
            with place(address).inside():
                listener = socket.socket(socket.AF_INET, TYPES[protocol])
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, port))
            if protocol == "tcp":
                listener.listen(64)
            self._selector.register(listener, selectors.EVENT_READ, (protocol, f"{address}:{port}"))

    def __enter__(self):
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __exit__(self, *unused):
        self._stop.close()
        self._thread.join()

    def _serve(self):
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    return
                protocol, name = key.data
                if protocol == "tcp":
                    accepted, client = key.fileobj.accept()
                    with accepted:
                        accepted.sendall(_answer(name, client))
                else:
                    _, client = key.fileobj.recvfrom(64)
                    key.fileobj.sendto(_answer(name, client), client)


def _answer(name, client):
    return json.dumps({"server": name, "client": client[0], "port": client[1]}).encode()


def _quiet():
    """Nothing that a real node would not say: no IPv6 of its own, no redirects, and bridged frames meet no rules."""
    topology.write_sysctls({
        "net.ipv6.conf.all.disable_ipv6": "1",
        "net.ipv6.conf.default.disable_ipv6": "1",
        "net.ipv4.conf.all.send_redirects": "0",
        "net.ipv4.conf.default.send_redirects": "0",
        "net.ipv4.conf.all.rp_filter": "0",
        "net.ipv4.conf.default.rp_filter": "0",
    })
    if os.path.exists(topology.sysctl_path(BRIDGE_FILTER)):
        topology.write_sysctl(BRIDGE_FILTER, "0")


def _tap(device):
    return wire._packet_socket(device, wire.ETH_P_ALL)


def _text(lines):
    return "".join(line + "\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
