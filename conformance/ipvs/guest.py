#!/usr/bin/env python3
"""Records what this machine's kernel does with scenarios of IPVS.

Runs as root inside the kernel that is asked. Each scenario has a network namespace of its own: the
director in one, its clients and real servers behind two veth pairs in another. Packets are put on
the wire by hand, so that any address can be a client; the same sockets see what comes out.
"""

import ctypes
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time

import nodes
import packets
import ticks
import wires

CLONE_NEWNET = 0x40000000
PACKET_OUTGOING = 4
ETH_P_ALL = 3
PR_SET_PDEATHSIG = 1
VAIN_WAIT_S = 0.05
SETTLE_S = 3
UNTOLD_S = 0.25

MAC = {name: bytes([2, 0, 0, 0, 0, number]) for name, number in
       (("c0", 1), ("c1", 2), ("s0", 3), ("s1", 4))}

DIRECTOR = """
link set lo up
link set c0 up
link set s0 up
addr add 192.0.2.1/24 dev c0
addr add 198.51.100.1/24 dev s0
neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev c0
neigh add 198.51.100.2 lladdr 02:00:00:00:00:04 dev s0
route add default via 192.0.2.2
route add 10.244.0.0/16 via 198.51.100.2
route add local 10.96.0.0/15 dev lo
"""
DIRECTOR_6 = """
addr add 2001:db8:c::1/64 dev c0 nodad
addr add 2001:db8:5::1/64 dev s0 nodad
neigh add 2001:db8:c::2 lladdr 02:00:00:00:00:02 dev c0
neigh add 2001:db8:5::2 lladdr 02:00:00:00:00:04 dev s0
route add default via 2001:db8:c::2
route add fd00:244::/32 via 2001:db8:5::2
route add local fd00:96::/32 dev lo
"""

SYSCTL = {
    "net/ipv4/ip_forward": "1",
    "net/ipv6/conf/all/forwarding": "1",
    "net/ipv4/conf/all/rp_filter": "0",
    "net/ipv4/conf/s0/rp_filter": "0",
    "net/ipv4/conf/c0/rp_filter": "0",
    "net/ipv4/conf/all/send_redirects": "0",
    "net/ipv4/conf/s0/send_redirects": "0",
    "net/ipv4/conf/c0/send_redirects": "0",
    "net/ipv4/conf/s0/accept_local": "1",
    "net/ipv4/icmp_ratelimit": "0",
    "net/ipv6/icmp/ratelimit": "0",
    "net/ipv4/icmp_msgs_per_sec": "1000000",
    "net/ipv4/icmp_msgs_burst": "1000000",
}

LIBC = ctypes.CDLL(None, use_errno=True)


def checked(result):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def run(*command, stdin=None):
    done = subprocess.run(command, input=stdin, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def write(path, value):
    with open(f"/proc/sys/{path}", "w") as file:
        file.write(str(value))


class Network:
    """A director and, beyond the two cables, everybody else."""

    def __init__(self):
        checked(LIBC.unshare(CLONE_NEWNET))
        director = os.open("/proc/self/ns/net", os.O_RDONLY)
        holder = os.fork()
        if holder == 0:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            while True:
                signal.pause()
        checked(LIBC.unshare(CLONE_NEWNET))
        for inner, outer in (("c0", "c1"), ("s0", "s1")):
            run("ip", "link", "add", outer, "address", packets.mac(MAC[outer]), "type", "veth",
                "peer", "name", inner, "address", packets.mac(MAC[inner]), "netns", str(holder))
            write(f"net/ipv6/conf/{outer}/disable_ipv6", 1)
            run("ip", "link", "set", outer, "up")
        self.sockets = {}
        for end in ("c1", "s1"):
            raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
            raw.bind((end, 0))
            raw.setblocking(False)
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
            self.sockets[end] = raw
        checked(LIBC.setns(director, CLONE_NEWNET))
        self.holder = holder
        self.waited = 0
        run("ip", "-batch", "-", stdin=DIRECTOR)
        run("ip", "-6", "-batch", "-", stdin=DIRECTOR_6)
        for path, value in SYSCTL.items():
            write(path, value)
        self.seen()

    def close(self):
        os.kill(self.holder, 9)
        os.waitpid(self.holder, 0)

    def inject(self, end, packet):
        """Puts a packet on a cable and returns what comes out, a line each."""
        return self.answered(end, packet, self.seen)

    def exchange(self, end, packet):
        """Puts a packet on a cable and returns what comes out, from the IP header on."""
        return self.answered(end, packet, self.whole)

    def answered(self, end, packet, look):
        near = {"c1": "c0", "s1": "s0"}[end]
        self.sockets[end].send(packets.frame(MAC[near], MAC[end], packet))
        seen = look()
        if not seen:
            select.select(list(self.sockets.values()), [], [], VAIN_WAIT_S)
            self.waited += VAIN_WAIT_S
            seen = look()
        return seen

    def seen(self):
        lines = ((end, packets.describe(frame)) for end, frame in self.frames())
        return [{"c1": "cl ", "s1": "rs "}[end] + line for end, line in lines if line]

    def whole(self):
        return [(end, frame[14:]) for end, frame in self.frames() if packets.is_of_interest(frame)]

    def frames(self):
        frames = []
        for end, raw in self.sockets.items():
            while True:
                try:
                    frame, address = raw.recvfrom(65536)
                except BlockingIOError:
                    break
                if address[2] == PACKET_OUTGOING:
                    continue
                frames.append((end, frame))
        return frames


def hex_end(address, port):
    port = int(port, 16)
    if ":" in address or len(address) > 8:
        text = socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, address.strip("[]")))
        return f"[{text}]:{port}"
    return f"{socket.inet_ntoa(bytes.fromhex(address))}:{port}"


def destinations():
    """The real servers in the kernel's order: address, weight, active and inactive."""
    servers = []
    with open("/proc/net/ip_vs") as file:
        for line in file:
            words = line.split()
            if len(words) == 6 and words[0] == "->" and words[1] != "RemoteAddress:Port":
                address, _, port = words[1].rpartition(":")
                servers.append([hex_end(address, port), int(words[3]), int(words[4]), int(words[5])])
    return servers


def connections():
    rows = []
    with open("/proc/net/ip_vs_conn") as file:
        next(file)
        for line in file:
            words = line.split()
            rows.append((words[0].lower(), hex_end(words[1], words[2]), hex_end(words[3], words[4]),
                         hex_end(words[5], words[6]), words[7], int(words[8])))
    return rows


def is_template(row):
    return row[4] in ("NONE", "ASSURED") and row[1].endswith(":0")


class Scenario:
    def __init__(self, scenario, network):
        self.scenario = scenario
        self.network = network
        self.service = scenario["service"]
        self.kind = self.service["kind"]
        self.flows = {}
        self.begun = set()
        self.methods = {}

    def administer(self, action, *options):
        run("ipvsadm", action, *self.key(), *options)

    def key(self):
        if self.kind == "fwm":
            six = ["-6"] if ":" in self.service.get("net", "") else []
            return ["-f", str(self.service["mark"])] + six
        vip = self.service["vip"]
        end = f"[{vip}]" if ":" in vip else vip
        option = {"tcp": "-t", "udp": "-u", "sctp": "--sctp-service"}[self.kind]
        return [option, f"{end}:{self.service['port']}"]

    def options(self):
        options = ["-s", self.service["sched"]]
        persist = self.service.get("persist")
        if persist is not None:
            if not isinstance(persist, dict):
                persist = {"timeout": persist}
            options += ["-p", str(persist["timeout"])]
            if persist.get("netmask") is not None:
                options += ["-M", str(persist["netmask"])]
        if self.service.get("schedFlags"):
            options += ["-b", self.service["schedFlags"]]
        return options + (["-o"] if self.service.get("ops") else [])

    def record(self):
        self.administer("-A", *self.options())
        if self.kind == "fwm":
            net = self.service["net"]
            run("ip6tables-legacy" if ":" in net else "iptables-legacy", "-t", "mangle", "-A",
                "PREROUTING", "-d", net, "-j", "MARK", "--set-mark", str(self.service["mark"]))
        for name, value in self.scenario.get("sysctl", {}).items():
            write(f"net/ipv4/vs/{name}", value)
        counted = ticks.ticks()
        if counted:
            self.scenario["ticks"] = counted
        steps, self.scenario["steps"] = self.scenario["steps"], []
        self.told = time.monotonic()
        for step in steps:
            self.tell_time()
            self.scenario["steps"].append(step)
            for field in ("got", "state", "expires", "wire", "dests", "templates", "expired"):
                step.pop(field, None)
            try:
                getattr(self, step["op"])(step)
            except Exception as error:
                raise RuntimeError(f"{self.scenario['id']}: {step}: {error}") from error
            self.observe(step)
        time.sleep(SETTLE_S)
        self.scenario["final"] = {"conns": sorted(list(row) for row in connections()),
                                  "stats": self.stats()}

    def tell_time(self):
        """Where time runs between the steps, it is told as a sleep."""
        self.told += self.network.waited  # the model counts these waits itself
        self.network.waited = 0
        passed = time.monotonic() - self.told
        if passed > UNTOLD_S:
            step = {"op": "sleep", "s": round(passed, 3), "note": "between steps"}
            self.told += step["s"]
            self.scenario["steps"].append(step)
            self.observe(step)

    def observe(self, step):
        rows = connections()
        now = {}
        for row in rows:
            if not is_template(row):
                now.setdefault(row[:3], row)  # the newest of its bucket comes first
        if "cid" in step:
            row = now.get(self.flows[step["cid"]]["key"])
            if row:
                flow = self.flows[step["cid"]]
                if flow.get("server") != row[3]:  # a connection keeps the method it began with
                    flow["server"], flow["masqueraded"] = row[3], self.masquerades(row[3])
                step["got"], step["state"], step["expires"] = row[3:]
                self.begun.add(step["cid"])
            else:
                step["got"] = self.on_wire(step)
        if step["op"] == "sleep":
            step["expired"] = sorted(cid for cid in self.begun
                                     if self.flows[cid]["key"] not in now)
        if self.service.get("persist") is not None:
            step["templates"] = sorted(list(row[:4]) + [row[5]] for row in rows if is_template(row))
        step["dests"] = destinations()

    def on_wire(self, step):
        """Where a packet of a connection that is not in the table went."""
        for line in step.get("wire", []):
            found = re.match(r"rs \S+ \S+ (\S+:\d+)(?: |$)", line)
            if found and self.service.get("ops") and self.masquerades(found.group(1)):
                return found.group(1)
        return None

    def add(self, step):
        self.administer("-a", *self.server(step))

    def edit(self, step):
        self.administer("-e", *self.server(step))

    def server(self, step):
        self.methods[step["rs"].rpartition(":")[0]] = step.get("fwd", "m")
        options = ["-r", step["rs"], "-" + step.get("fwd", "m"), "-w", str(step.get("w", 1))]
        options += ["-x", str(step["u"])] if "u" in step else []
        return options + (["-y", str(step["l"])] if "l" in step else [])

    def __getattr__(self, name):
        if name == "del":
            return lambda step: self.administer("-d", "-r", step["rs"])
        raise AttributeError(name)

    def new(self, step):
        protocol = step.get("proto", "tcp" if self.kind == "fwm" else self.kind)
        self.flows[step["cid"]] = {
            "protocol": protocol, "src": step["src"], "dst": step["dst"],
            "key": (protocol, step["src"], step["dst"])}
        self.send(step, "c1", protocol, step["src"], step["dst"], "S", 1)

    def send(self, step, end, protocol, source, destination, flags, chunk):
        packet = packets.packet(protocol, source, destination,
                                step.get("flags", flags), step.get("chunk", chunk))
        step_wire = self.network.inject(end, packet)
        if step_wire:
            step["wire"] = step_wire

    def pkt(self, step):
        flow = self.flows[step["cid"]]
        if step.get("dir", "in") == "in":
            self.send(step, "c1", flow["protocol"], flow["src"], flow["dst"], "", 0)
            return
        row = next((row for row in connections() if row[:3] == flow["key"]), None)
        if row:
            bypassed = row[3].startswith(("0.0.0.0:", "[::]:"))
            masqueraded = flow.get("masqueraded", self.masquerades(row[3]))
            source = row[3] if masqueraded and not bypassed else flow["dst"]
            self.send(step, "s1", flow["protocol"], source, flow["src"], "", 0)

    def masquerades(self, server):
        return self.methods.get(server.rpartition(":")[0], "m") == "m"

    def sleep(self, step):
        time.sleep(max(0, self.told + step["s"] - time.monotonic()))
        self.told += step["s"]
        self.network.seen()

    def sysctl(self, step):
        write(f"net/ipv4/vs/{step['name']}", step["value"])

    def stats(self):
        rows = []
        for line in run("ipvsadm", "-Ln", "--stats", "--exact").splitlines()[3:]:
            rows.append(line.split())
        return rows


SEQUENCE_CLIENT = "10.0.0.7:40000"
SEQUENCE_SERVICE = "10.96.0.10:80"
SEQUENCE_SERVER = "10.244.0.2:80"


def record_sequence(sequence, network):
    method = {"masq": "-m", "route": "-g"}[sequence["fwd"]]
    run("ipvsadm", "-A", "-t", SEQUENCE_SERVICE, "-s", "rr")
    run("ipvsadm", "-a", "-t", SEQUENCE_SERVICE, "-r", SEQUENCE_SERVER, method)
    server = SEQUENCE_SERVER if method == "-m" else SEQUENCE_SERVICE
    for step in sequence["steps"]:
        if step["dir"] == "in":
            ends = ("c1", SEQUENCE_CLIENT, SEQUENCE_SERVICE)
        else:
            ends = ("s1", server, SEQUENCE_CLIENT)
        network.inject(ends[0], packets.packet("tcp", ends[1], ends[2], step["flags"], 0))
        rows = connections()
        step["state"], step["expires"] = rows[0][4:] if rows else (None, None)
        step["active"], step["inactive"] = destinations()[0][2:]


def record_apart(record, item):
    """Records in a process and a network of their own, and hands the item back filled in."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        network = None
        try:
            network = Network()
            record(item, network)
            answer = {"item": item}
        except Exception as error:
            answer = {"error": str(error)}
        finally:
            if network:
                network.close()
        with os.fdopen(writer, "w") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = json.load(pipe)
    os.waitpid(child, 0)
    if "error" in answer:
        raise SystemExit("guest: " + answer["error"])
    return answer["item"]


def main():
    source, target = sys.argv[1:3]
    for tool in ("ip", "ipvsadm"):
        if shutil.which(tool) is None:
            raise SystemExit(f"guest: no {tool}")
    with open(source) as file:
        data = json.load(file)
    for index, scenario in enumerate(data.get("scenarios", [])):
        recorded = record_apart(lambda item, network: Scenario(item, network).record(), scenario)
        data["scenarios"][index] = recorded
        print("recorded", recorded["id"], flush=True)
    sequences = data.get("tcpStates", {}).get("sequences", [])
    for index, sequence in enumerate(sequences):
        sequences[index] = record_apart(record_sequence, sequence)
    for index, case in enumerate(data.get("wires", [])):
        data["wires"][index] = record_apart(
            lambda item, network: wires.record_wire(item, network, run, write), case)
    for index, case in enumerate(data.get("nodes", [])):
        data["nodes"][index] = record_apart(
            lambda item, network: nodes.record_node(item, network, run, write), case)
    data["kernel"] = os.uname().release + " " + os.uname().version + " " + os.uname().machine
    with open(target + ".part", "w") as file:
        json.dump(data, file)
    os.rename(target + ".part", target)


if __name__ == "__main__":
    main()
