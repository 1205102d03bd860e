"""Plays scenarios and sequences of segments, and tells what the kernel showed at each step."""

import re
import socket
import time

import packets
import ticks
from network import run, write

SETTLE_S = 3
UNTOLD_S = 0.25


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
