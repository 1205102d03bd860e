"""Records a whole node: what it is set to, what comes in and goes out, and what its tables tell then.

Clients and servers behave: they number their segments, and answer what they see. A node's own
programs send by raw sockets and see what is delivered; its ports are closed, or silent.
"""

import ctypes
import glob
import os
import shlex
import socket
import struct
import time

import packets
import ticks
import wires

HZ = 100
TOLD_6 = (socket.IPV6_RECVPKTINFO, socket.IPV6_RECVHOPLIMIT, socket.IPV6_RECVTCLASS)
QUIET_S = 60  # the node's own reports on groups and neighbours are over then
SETTLE_S = 3
SILENT_PORTS = [20, 21, 53, 80, 81, 90, 443, 8080, 30053, 30080, 30081, 30082, *range(40000, 40010)]
FIRST_OF_SERVER = 5000
SO_ATTACH_FILTER = 26
RETURN_0 = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))
TAKES_NOTHING = struct.pack("HxxxxxxQ", 1, ctypes.addressof(RETURN_0))
SETTINGS = ("ipv4/ip_forward", "ipv4/conf/*/*", "ipv4/vs/*", "ipv4/icmp_*", "ipv6/conf/all/forwarding",
            "ipv6/icmp/ratelimit", "netfilter/*")


class Programs:
    """The node's own end: what is delivered is seen, what is given is sent."""

    def __init__(self, silent):
        self.seeing = [socket.socket(socket.AF_INET, socket.SOCK_RAW, number) for number in (6, 17, 1)]
        self.seeing_6 = [socket.socket(socket.AF_INET6, socket.SOCK_RAW, number) for number in (6, 17, 58)]
        for raw in self.seeing_6:
            for option in TOLD_6:
                raw.setsockopt(socket.IPPROTO_IPV6, option, 1)
        for raw in self.seeing + self.seeing_6:
            raw.setblocking(False)
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.sending = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self.sending_6 = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self.silent = []
        for port in SILENT_PORTS:
            self.keep_silent(socket.SOCK_DGRAM, port)
            if silent:
                self.keep_silent(socket.SOCK_STREAM, port)

    def keep_silent(self, kind, port):
        quiet = socket.socket(socket.AF_INET6, kind)  # of both families
        quiet.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, TAKES_NOTHING)
        quiet.bind(("::", port))
        if kind == socket.SOCK_STREAM:
            quiet.listen()
        self.silent.append(quiet)

    def send(self, packet):
        """Returns the error that the program is told, or nothing."""
        try:
            if packet[0] >> 4 == 6:
                self.sending_6.sendto(packet, (socket.inet_ntop(socket.AF_INET6, packet[24:40]), 0))
            else:
                self.sending.sendto(packet, (socket.inet_ntoa(packet[16:20]), 0))
        except OSError as error:
            return os.strerror(error.errno)
        return None

    def delivered(self):
        seen = []
        for raw in self.seeing:
            while True:
                try:
                    seen.append(raw.recv(65536))
                except BlockingIOError:
                    break
        for raw in self.seeing_6:
            while True:
                try:
                    seen.append(whole_6(raw))
                except BlockingIOError:
                    break
        return [packet for packet in seen if packet]


def whole_6(raw):
    """A packet with the header that the socket took off; nothing if it is about neighbours."""
    body, told, _, source = raw.recvmsg(65536, 1024)
    fields = {kind: data for _, kind, data in told}
    if raw.proto == 58 and 129 < body[0]:
        return None
    ends = packets.address(source[0].split("%")[0]) + fields[socket.IPV6_PKTINFO][:16]
    (hops,), (tos,) = (struct.unpack("i", fields[kind]) for kind in (socket.IPV6_HOPLIMIT, socket.IPV6_TCLASS))
    return packets.wrapped(raw.proto, ends, body, tos, hops)


def parts(packet):
    """Ends, protocol and transport of a packet, out of its tunnel if it is in one."""
    six = packet[0] >> 4 == 6
    head = 40 if six else (packet[0] & 15) * 4
    number, body = packet[6 if six else 9], packet[head:]
    if six and number == 60:
        number, body = body[0], body[8 * (body[1] + 1):]
    if number in (4, 41):
        return parts(body)
    if number == 47 and len(body) > 4:
        return parts(body[4 if body[0] == 0 else 8:])
    if number == 17 and len(body) > 12 and struct.unpack("!H", body[2:4])[0] == 6080:
        return parts(body[8 + 4 * (1 + (body[8] & 31)):])
    if six:
        return packet[8:24], packet[24:40], number, body, packet
    return packet[12:16], packet[16:20], number, body, packet


def consumed(body):
    """How far a segment moves the number of the one that sent it."""
    flags = body[13]
    return len(body) - (body[12] >> 4) * 4 + (flags & 1) + (flags >> 1 & 1)


class Flow:
    def __init__(self, told):
        self.place = told.get("at", "c1")
        self.client = packets.end(told["client"])
        self.virtual = packets.end(told["virtual"])
        self.protocol = told.get("protocol", "tcp")
        self.next = 1000
        self.seen_by_client = b""
        self.acknowledged = 0
        self.server_place = None
        self.seen_by_server = b""
        self.server_next = FIRST_OF_SERVER

    def request(self, flags, filler):
        packet = build(self.protocol, packets.address(self.client[0]), packets.address(self.virtual[0]),
                       self.client[1], self.virtual[1], flags, filler, self.next, self.acknowledged)
        if self.protocol == "tcp":
            self.next += consumed(parts(packet)[3])
        return packet

    def answer(self, flags, filler):
        source, destination, _, body, _ = parts(self.seen_by_server)
        ports = struct.unpack("!HH", body[:4])
        acknowledged = 0
        if self.protocol == "tcp":
            acknowledged = struct.unpack("!I", body[4:8])[0] + consumed(body)
        packet = build(self.protocol, destination, source, ports[1], ports[0], flags, filler,
                       self.server_next, acknowledged)
        if self.protocol == "tcp":
            self.server_next += consumed(parts(packet)[3])
        return packet

    def look(self, place, packet, asked):
        """Takes note of what came out; the server sees what comes of requests."""
        source, destination, number, body, inner = parts(packet)
        if number != packets.PROTOCOLS[self.protocol] or len(body) < 8:
            return
        ports = struct.unpack("!HH", body[:4])
        at_client = place == self.place and (destination, ports[1]) == (packets.address(self.client[0]), self.client[1])
        if at_client:
            self.seen_by_client = inner
            if self.protocol == "tcp" and len(body) >= 20:
                self.acknowledged = struct.unpack("!I", body[4:8])[0] + consumed(body)
        elif asked:
            self.server_place, self.seen_by_server = place, packet


def build(protocol, source, destination, source_port, destination_port, flags, filler, number, acknowledged):
    ends = source + destination
    data = b"x" * filler
    if protocol == "udp":
        body = struct.pack("!HHHH", source_port, destination_port, 8 + len(data), 0) + data
        at = 6
    else:
        bits = sum(1 << packets.FLAGS.index(flag) for flag in flags)
        body = struct.pack("!HHIIBBHHH", source_port, destination_port, number,
                           acknowledged if "A" in flags else 0, 5 << 4, bits, 65535, 0, 0) + data
        at = 16
    kind = packets.PROTOCOLS[protocol]
    value = packets.checksum(ends + struct.pack("!II", len(body), kind) + body) or 0xFFFF
    return packets.wrapped(kind, ends, body[:at] + struct.pack("!H", value) + body[at + 2:])


class NodeCase:
    def __init__(self, case, network, run, write):
        self.case, self.network, self.run, self.write = case, network, run, write
        self.flows = [Flow(told) for told in case["flows"]]
        self.programs = Programs(case.get("silent", True))
        self.known = {}

    def record(self):
        case, run = self.case, self.run
        time.sleep(QUIET_S)
        for path, value in case.get("sysctl", {}).items():
            self.write(path, value)
        for command in case.get("network", []):
            run(*shlex.split(command))
        if "sets" in case:
            run("ipset", "restore", stdin=case["sets"])
        if "rules" in case:
            run("iptables-legacy-restore", stdin=case["rules"])
        if "rules6" in case:
            run("ip6tables-legacy-restore", stdin=case["rules6"])
        for command in case["setup"]:
            run(*shlex.split(command))
        case["files"] = self.files()
        self.begin()
        for step in case["steps"]:
            step["ns"] = self.now()
            self.play(step)
            step["told"] = self.now()
            self.tell(step, "tracked", self.tracked())
            self.tell(step, "balanced", self.balanced())
        time.sleep(SETTLE_S)
        case["end"] = self.now()
        case["saved"] = run("ip6tables-legacy-save" if "rules6" in case else "iptables-legacy-save", "-c")
        case["stats"] = run("ipvsadm", "-L", "-n", "--stats")
        case["listed"] = run("ipvsadm", "-L", "-n")
        case["connections"] = run("ipvsadm", "-L", "-c", "-n")

    def begin(self):
        """Time is told in ns since the kernel's first tick, if it counts them."""
        time.sleep(1)
        counted, now = ticks.jiffies(), time.monotonic_ns()
        self.case["hz"] = HZ
        into_tick = now % (10 ** 9 // HZ)
        self.first_ns = now - into_tick - (counted or 0) % (1 << 24) * (10 ** 9 // HZ)

    def now(self):
        return time.monotonic_ns() - self.first_ns

    def files(self):
        """The node's snapshot, as its commands tell it; services are as they were set up."""
        run = self.run
        files = {"addresses.json": run("ip", "-j", "address"),
                 "routes.json": run("ip", "-j", "route", "show", "table", "all"),
                 "sysctl.txt": "".join(self.sysctls()),
                 "ipvsadm-save.txt": "".join(command.removeprefix("ipvsadm ") + "\n"
                                             for command in self.case["setup"])}
        if "rules" in self.case:
            files["iptables-save.txt"] = run("iptables-legacy-save", "-c")
        if "rules6" in self.case:
            files["ip6tables-save.txt"] = run("ip6tables-legacy-save", "-c")
            files["addresses6.json"] = files["addresses.json"]
            files["routes6.json"] = run("ip", "-6", "-j", "route", "show", "table", "all")
        if "sets" in self.case:
            files["ipset-save.txt"] = run("ipset", "save")
        return files

    @staticmethod
    def sysctls():
        for path in sorted(path for pattern in SETTINGS for path in glob.glob("/proc/sys/net/" + pattern)):
            try:
                with open(path) as file:
                    yield f"{path[10:].replace('/', '.')} = {file.read().strip()}\n"
            except OSError:
                continue

    def play(self, step):
        if "run" in step:
            self.run(*shlex.split(step["run"]))
        elif "sleep" in step:
            time.sleep(step["sleep"])
        elif "set" in step:
            for path, value in step["set"].items():
                self.write(path, value)
        else:
            self.exchange(step)

    def exchange(self, step):
        if "given" in step:
            self.pass_on(step, step["at"], bytes.fromhex(step["given"]), None)
            return
        flow = self.flows[step["flow"]]
        asked = "client" in step
        if asked:
            place, packet = flow.place, flow.request(step["client"], step.get("fill", 0))
        elif "server" in step:
            if not flow.seen_by_server:
                return
            place, packet = flow.server_place, flow.answer(step["server"], step.get("fill", 0))
        else:
            told = step["error"]
            by_server = told["by"] == "server"
            place = flow.server_place if by_server else flow.place
            about = flow.seen_by_server if by_server else flow.seen_by_client
            if not about or place == "local":
                return
            packet = wires.about(about, told["from"], told["type"], told["code"], told.get("word", 0),
                                 told.get("quote", 548))
        self.pass_on(step, place, packet, lambda end, out: flow.look(end, out, asked))

    def pass_on(self, step, place, packet, look):
        step["at"], step["packet"] = place, packet.hex()
        error, seen = self.sent(place, packet)
        if error:
            step["errno"] = error
        step["out"] = {}
        for end, out in seen:
            step["out"].setdefault(end, []).append(out.hex())
            if look:
                look(end, out)

    def sent(self, place, packet):
        error = None
        if place == "local":
            error = self.programs.send(packet)
            seen = self.network.whole()
        else:
            seen = self.network.exchange(place, packet)
        return error, seen + [("local", out) for out in self.programs.delivered()]

    def tell(self, step, name, now):
        """What did not change is not told again."""
        if self.known.get(name) != now:
            self.known[name] = step[name] = now

    @staticmethod
    def tracked():
        try:
            with open("/proc/net/nf_conntrack") as file:
                return sorted(line.strip() for line in file)
        except FileNotFoundError:
            return []

    @staticmethod
    def balanced():
        with open("/proc/net/ip_vs_conn") as file:
            next(file)
            return sorted(balanced_row(line.split()) for line in file)


def balanced_row(words):
    ends = (balanced_end(words[at], int(words[at + 1], 16)) for at in (1, 3, 5))
    return " ".join([words[0].lower(), *ends, words[7]])


def balanced_end(address, port):
    if ":" in address:
        address = socket.inet_pton(socket.AF_INET6, address.strip("[]"))
        return f"[{socket.inet_ntop(socket.AF_INET6, address)}]:{port}"
    return f"{socket.inet_ntoa(bytes.fromhex(address))}:{port}"


def record_node(case, network, run, write):
    NodeCase(case, network, run, write).record()
