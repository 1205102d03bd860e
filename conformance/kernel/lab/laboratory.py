"""The node under test: loaded with rules, given packets, and read."""

import json
import os
import time

from . import conntrack, conversation, ipsets, rules, ticks, tools, topology, wire
from .netlink import Netlink

FAMILIES = {"ipv4": "iptables", "ipv6": "ip6tables"}
LOG_GROUP = 47001
MAX_SLEEP_SECONDS = 120
RELEASE_SECONDS = 60
# Of the namespace that the process is in. A table of an old rule set would lend its memory to the next one.
NAMED_TABLES = ("/proc/net/xt_recent", "/proc/net/ipt_hashlimit", "/proc/net/ip6t_hashlimit")

# Swallows what was delivered, after telling us. Functions of equal priority run last registered first, and conntrack
# confirms at the same, highest priority: this chain is registered before conntrack, hence runs after the confirmation.
TAP = f"""
table inet netlab_tap {{
  chain delivered {{
    type filter hook input priority 2147483647; policy drop;
    log group {LOG_GROUP} snaplen 65535
  }}
}}
"""
# The files of a node's snapshot that tell its devices, addresses, routes and policy rules.
NETWORK = {
    "addresses.json": ["address"],
    "routes.json": ["-4", "route", "show", "table", "all"],
    "routes6.json": ["-6", "route", "show", "table", "all"],
    "rules.json": ["-4", "rule"],
    "rules6.json": ["-6", "rule"],
}
# What the node's IPv6 stack would say of its own accord. Packets of our sockets have an owner; the stack's have none.
QUIET = """
table ip6 netlab_quiet {
  chain unasked {
    type filter hook output priority -2147483647; policy accept;
    meta skuid >= 0 accept
    icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert, nd-redirect, mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } drop
  }
}
"""
# A user of conntrack in a chain without hook: keeps it registered and touches no packet.
HOLD = """
table inet netlab_hold {
  chain hold {
    ct state new
  }
}
"""


class Refused(Exception):
    """A tool refused a part of what was to be loaded."""

    def __init__(self, part, error):
        super().__init__(f"{part}: {error}")
        self.part = part
        self.error = error

    def as_json(self):
        return {"part": self.part, **self.error.as_json()}


class Laboratory:
    """Namespaces and sockets. Made on first use, remade when the backend changes, gone with `close()`."""

    def __init__(self):
        self._home = self._wire = self._netlink = None
        self._bent = False
        self.backend = None

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        if self._home is None:
            return
        for opened in (self._wire, self._netlink):
            if opened is not None:
                opened.close()
        self._home.enter()
        for namespace in (self._node, *self._peers.values(), self._home):
            namespace.close()
        self._home = self._wire = self._netlink = None
        self.backend = None

    def setup(self, backend="legacy"):
        """Fresh namespaces; what was there before is thrown away."""
        if backend not in ("legacy", "nft"):
            raise ValueError(f"backend {backend!r}: expected legacy or nft")
        self.close()
        self._home, self._node, self._peers = topology.create()
        tools.run(["nft", "-f", "-"], TAP + QUIET)
        self._netlink = Netlink()
        self._wire = wire.Wire(self._peers, LOG_GROUP)
        self._wire.settle()
        self._wire.collect()
        self.backend = backend
        self._held = False
        self._tables = {"ipv4": (), "ipv6": ()}
        self._dirty = {"ipv4": False, "ipv6": False}
        self._sets = False
        self._changed_sysctls = {}
        self._bent = False
        self._since = time.monotonic()
        return {"node": self._node.path, "peers": {device: peer.path for device, peer in self._peers.items()}}

    def load(self, ruleset="", ruleset6="", ipset="", sysctls=None, backend="legacy", conntrack_on=True, tables=None, ip="",
             fresh=False):
        """Empties the node, then loads; raises Refused with the tool's own words.

        `ip` is text for `ip -batch`: routes, policy rules, addresses beyond the constant topology. The namespaces it
        was used in are not used again.
        """
        texts = {"ipv4": ruleset, "ipv6": ruleset6}
        wanted = {family: self._wanted(text, tables or rules.DEFAULT_TABLES) for family, text in texts.items()}
        if fresh or self._bent or self.backend != backend or self._has_more_than(wanted):
            self.setup(backend)
        self._empty(wanted)
        self._hold(conntrack_on)
        if ip:
            self._bent = True
            self._must("ip", ["ip", "-batch", "-"], ip)
        for name, value in (sysctls or {}).items():
            self._changed_sysctls.setdefault(name, topology.read_sysctl(name))
            topology.write_sysctl(name, value)
        sets_loaded = [ticks.present()]
        if ipset:
            self._sets = True
            self._must("ipset", ["ipset", "restore"], ipset)
        sets_loaded.append(ticks.present())
        for family, text in texts.items():
            if text:
                self._dirty[family] = True
                self._must("ruleset" if family == "ipv4" else "ruleset6", [self.tool(family, "restore")], text)
                self._complete(family, text)
        conntrack.flush(self._netlink)
        self._wire.collect()
        self._since = time.monotonic()
        self.ticks = ticks.Ticks()
        self.sets_loaded = [self.ticks.of(tick) for tick in sets_loaded]

    def inject(self, packet, detail=False, timed=False):
        for family in FAMILIES if "src" not in packet else ("ipv6" if ":" in packet["src"] else "ipv4",):
            self._dirty[family] = True  # policies count, even without rules
        wait = float(packet.get("sleep", 0))
        if wait > 0:
            time.sleep(min(wait, MAX_SLEEP_SECONDS))
        if not timed:
            return self._wire.inject(packet, detail)
        seconds, result = self.ticks.within_one(lambda: self._wire.inject(packet, detail))
        return {**result, "time": seconds}

    def sender(self, device):
        """A function that sends a frame from the peer behind a device, without waiting for what comes of it."""
        self._dirty["ipv4"] = True
        return self._wire.sender(device)

    def settle(self):
        """Waits until all is handled that was sent, and forgets what came out."""
        self._wire.settle()
        self._wire.collect()

    def collect(self):
        """Waits until all is handled that was sent, and says what came out."""
        self._wire.settle()
        return self._wire.collect()

    def talk(self, client, server, protocol, destination):
        """See conversation.talk; the peers are hosts from now on, and the namespaces are not used again."""
        self._bent = True
        self._dirty["ipv4"] = True
        return conversation.talk(self._peers, client, server, protocol, destination)

    def saved(self, family="ipv4"):
        return tools.run([self.tool(family, "save"), "-c"])

    def conntrack(self):
        return conntrack.dump(self._netlink, slack_seconds=1 + int(time.monotonic() - self._since))

    def timed_conntrack(self):
        """When reading the connections began and ended, and what they were, with the whole seconds that they have left."""
        begin = self.ticks.next()
        connections = conntrack.dump(self._netlink, slack_seconds=None)
        return (begin, self.ticks.now()), connections

    def conntrack_text(self):
        texts = [tools.run(["conntrack", "-L", "-o", "extended", "-f", family]) for family in FAMILIES]
        return "".join(texts)

    def network(self):
        """The node's network as a snapshot of it holds it."""
        return {name: json.loads(tools.run(["ip", "-j", *words])) for name, words in NETWORK.items()}

    def ipset_text(self):
        return tools.run(["ipset", "save"])

    def ipset_lines(self):
        return ipsets.canonical(self.ipset_text())

    def tool(self, family, verb):
        return f"{FAMILIES[family]}-{self.backend}-{verb}"

    @staticmethod
    def _wanted(text, tables):
        named = (name for name in rules.tables_named(text) if name in rules.HOOKS)
        return tuple(dict.fromkeys((*tables, *named)))

    def _has_more_than(self, wanted):
        """A table, once registered, leaves only with its namespace (a legacy one; nft's are treated alike)."""
        return any(set(self._tables[family]) - set(wanted[family]) for family in FAMILIES)

    def _empty(self, wanted):
        for name, value in self._changed_sysctls.items():
            topology.write_sysctl(name, value)
        self._changed_sysctls = {}
        for family, tables in wanted.items():
            if self._tables[family] == tables and not self._dirty[family]:
                continue
            tools.run([self.tool(family, "restore")], rules.blank(tables))
            self._tables[family] = tables
            self._dirty[family] = False
        _await(_no_named_tables, "the kernel still keeps a recent or hashlimit table of removed rules")
        if self._sets:
            # A list:set keeps its members until it is flushed.
            _await(lambda: tools.attempt(["ipset", "restore"], "flush\ndestroy\n")[0] == 0, "ipsets of removed rules stay in use")
            self._sets = False

    def _complete(self, family, text):
        """iptables-nft registers only the chains that a text names; the lab promises all of the tables it registers."""
        rest = rules.undeclared(text, self._tables[family]) if self.backend == "nft" else ""
        if rest:
            tools.run([self.tool(family, "restore"), "--noflush"], rest)

    def _hold(self, wanted):
        if wanted and not self._held:
            tools.run(["nft", "-f", "-"], HOLD)
        elif self._held and not wanted:
            tools.run(["nft", "delete", "table", "inet", "netlab_hold"])
        self._held = wanted

    def _must(self, part, command, text):
        code, _, stderr = tools.attempt(command, text)
        if code != 0:
            raise Refused(part, tools.ToolError(command, code, stderr))


def _no_named_tables():
    return not any(os.path.isdir(path) and os.listdir(path) for path in NAMED_TABLES)


def _await(done, complaint):
    """nf_tables frees removed rules, and what they hold, in a worker some time after the commit."""
    deadline = time.monotonic() + RELEASE_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(complaint)
        time.sleep(0.002)
