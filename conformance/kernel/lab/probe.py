"""What this machine's kernel and tools can do: each feature is true, or says why it is skipped."""

from . import tools
from .namespaces import Namespace

SET_TYPES = {
    "hash:ip": "", "hash:net": "", "hash:ip,port": "", "hash:ip,port,ip": "", "hash:ip,port,net": "", "hash:net,port": "",
    "hash:net,iface": "", "bitmap:ip": "range 10.0.0.0/24", "bitmap:port": "range 0-100", "list:set": "", "hash:mac": "",
    "bitmap:ip,mac": "range 10.0.0.0/24", "hash:ip,mac": "", "hash:ip,mark": "", "hash:net,net": "", "hash:net,port,net": "",
}

# name: (table, rule). A rule that the extension accepts where it exists.
MATCHES = {
    "tcp": ("filter", "FORWARD -p tcp -m tcp --dport 1"),
    "udp": ("filter", "FORWARD -p udp -m udp --dport 1"),
    "sctp": ("filter", "FORWARD -p sctp -m sctp --dport 1"),
    "dccp": ("filter", "FORWARD -p dccp -m dccp --dport 1"),
    "multiport": ("filter", "FORWARD -p tcp -m multiport --dports 1,2"),
    "mark": ("filter", "FORWARD -m mark --mark 1"),
    "connmark": ("filter", "FORWARD -m connmark --mark 1"),
    "conntrack": ("filter", "FORWARD -m conntrack --ctstate NEW"),
    "state": ("filter", "FORWARD -m state --state NEW"),
    "addrtype": ("filter", "FORWARD -m addrtype --dst-type LOCAL"),
    "statistic": ("filter", "FORWARD -m statistic --mode nth --every 2 --packet 0"),
    "recent": ("filter", "FORWARD -m recent --set"),
    "limit": ("filter", "FORWARD -m limit --limit 1/sec"),
    "hashlimit": ("filter", "FORWARD -m hashlimit --hashlimit-upto 1/sec --hashlimit-name probe"),
    "comment": ("filter", "FORWARD -m comment --comment x"),
    "mac": ("filter", "INPUT -m mac --mac-source 02:00:00:00:00:01"),
    "owner": ("filter", "OUTPUT -m owner --uid-owner 0"),
    "rpfilter": ("raw", "PREROUTING -m rpfilter"),
    "length": ("filter", "FORWARD -m length --length 1"),
    "tos": ("filter", "FORWARD -m tos --tos 1"),
    "dscp": ("filter", "FORWARD -m dscp --dscp 1"),
    "pkttype": ("filter", "FORWARD -m pkttype --pkt-type unicast"),
    "physdev": ("filter", "FORWARD -m physdev --physdev-is-bridged"),
    "ipvs": ("filter", "FORWARD -m ipvs --ipvs"),
    "connlimit": ("filter", "FORWARD -m connlimit --connlimit-above 1"),
    "connbytes": ("filter", "FORWARD -m connbytes --connbytes 1 --connbytes-dir both --connbytes-mode packets"),
    "time": ("filter", "FORWARD -m time --timestart 01:00"),
    "u32": ("filter", "FORWARD -m u32 --u32 0=0"),
    "string": ("filter", "FORWARD -m string --string x --algo bm"),
    "quota": ("filter", "FORWARD -m quota --quota 1"),
    "helper": ("filter", "FORWARD -m helper --helper ftp"),
    "socket": ("mangle", "PREROUTING -m socket"),
    "cluster": ("filter", "FORWARD -m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 1"),
    "bpf": ("filter", "FORWARD -m bpf --bytecode \"1,6 0 0 0\""),
}
MATCHES4 = {
    "icmp": ("filter", "FORWARD -p icmp -m icmp --icmp-type 8"),
    "ttl": ("filter", "FORWARD -m ttl --ttl-eq 1"),
    "iprange": ("filter", "FORWARD -m iprange --src-range 10.0.0.1-10.0.0.2"),
    "set": ("filter", "FORWARD -m set --match-set probe4 src"),
}
MATCHES6 = {
    "icmp6": ("filter", "FORWARD -p icmpv6 -m icmp6 --icmpv6-type 128"),
    "hl": ("filter", "FORWARD -m hl --hl-eq 1"),
    "iprange": ("filter", "FORWARD -m iprange --src-range fd00::1-fd00::2"),
    "set": ("filter", "FORWARD -m set --match-set probe6 src"),
    "frag": ("filter", "FORWARD -m frag --fragid 1"),
}
TARGETS = {
    "REJECT": ("filter", "FORWARD -j REJECT"),
    "REJECT:tcp-reset": ("filter", "FORWARD -p tcp -j REJECT --reject-with tcp-reset"),
    "MARK": ("mangle", "PREROUTING -j MARK --set-mark 1"),
    "CONNMARK": ("mangle", "PREROUTING -j CONNMARK --save-mark"),
    "MASQUERADE": ("nat", "POSTROUTING -j MASQUERADE"),
    "REDIRECT": ("nat", "PREROUTING -p tcp -j REDIRECT --to-ports 1"),
    "LOG": ("filter", "FORWARD -j LOG"),
    "NFLOG": ("filter", "FORWARD -j NFLOG"),
    "CT": ("raw", "PREROUTING -j CT --zone 1"),
    "NOTRACK": ("raw", "PREROUTING -j NOTRACK"),
    "TRACE": ("raw", "PREROUTING -j TRACE"),
    "CHECKSUM": ("mangle", "POSTROUTING -p udp -j CHECKSUM --checksum-fill"),
    "CLASSIFY": ("mangle", "POSTROUTING -j CLASSIFY --set-class 1:1"),
    "TCPMSS": ("mangle", "FORWARD -p tcp --syn -j TCPMSS --set-mss 1000"),
    "TPROXY": ("mangle", "PREROUTING -p tcp -j TPROXY --on-port 1"),
    "TOS": ("mangle", "FORWARD -j TOS --set-tos 1"),
    "DSCP": ("mangle", "FORWARD -j DSCP --set-dscp 1"),
    "NFQUEUE": ("filter", "FORWARD -j NFQUEUE"),
    "AUDIT": ("filter", "FORWARD -j AUDIT --type drop"),
    "SYNPROXY": ("filter", "FORWARD -p tcp -j SYNPROXY"),
}
TARGETS4 = {
    "DNAT": ("nat", "PREROUTING -j DNAT --to-destination 10.0.0.1"),
    "SNAT": ("nat", "POSTROUTING -j SNAT --to-source 10.0.0.1"),
    "SNAT:INPUT": ("nat", "INPUT -j SNAT --to-source 10.0.0.1"),
    "NETMAP": ("nat", "PREROUTING -j NETMAP --to 10.0.0.0/24"),
    "TTL": ("mangle", "FORWARD -j TTL --ttl-set 1"),
    "TEE": ("mangle", "PREROUTING -j TEE --gateway 10.0.0.1"),
    "SET": ("filter", "FORWARD -j SET --add-set probe4 src"),
}
TARGETS6 = {
    "DNAT": ("nat", "PREROUTING -j DNAT --to-destination fd00::1"),
    "SNAT": ("nat", "POSTROUTING -j SNAT --to-source fd00::1"),
    "NETMAP": ("nat", "PREROUTING -j NETMAP --to fd00::/64"),
    "HL": ("mangle", "FORWARD -j HL --hl-set 1"),
    "SET": ("filter", "FORWARD -j SET --add-set probe6 src"),
}
TABLES = ("raw", "mangle", "nat", "filter", "security")


def probe():
    """{feature: True or "skipped, because ..."}; tried in a namespace of its own that is gone afterwards."""
    features = {}
    try:
        home, trial = Namespace.here(), Namespace.create()
    except OSError as error:
        return {"netns": _skipped(str(error))}
    features["netns"] = True
    trial.enter()
    try:
        _probe_inside(features)
    finally:
        home.enter()
        trial.close()
        home.close()
    return features


def _probe_inside(features):
    features["conntrack tool"] = _tried(["conntrack", "-L"])
    features["nft"] = _tried(["nft", "-f", "-"], "table inet probe {\n chain c {\n ct state new\n }\n}\n")
    features["packet log"] = _tried(
        ["nft", "-f", "-"], "table inet probe {\n chain d {\n type filter hook input priority 2147483647\n log group 1\n }\n}\n")
    for number, (kind, options) in enumerate(SET_TYPES.items()):
        features[f"ipset {kind}"] = _tried(["ipset", "create", f"p{number}", *kind.split(), *options.split()])
    tools.attempt(["ipset", "restore"], "create probe4 hash:ip\ncreate probe6 hash:ip family inet6\n")
    for backend in ("legacy", "nft"):
        for tool in ("iptables", "ip6tables"):
            for table in TABLES:
                features[f"{tool}-{backend} {table}"] = _tried([f"{tool}-{backend}-restore"], f"*{table}\nCOMMIT\n")
    for tool, matches, targets in (
        ("iptables", {**MATCHES, **MATCHES4}, {**TARGETS, **TARGETS4}),
        ("ip6tables", {**MATCHES, **MATCHES6}, {**TARGETS, **TARGETS6}),
    ):
        for name, (table, rule) in matches.items():
            features[f"{tool} match {name}"] = _tried_rule(tool, table, rule)
        for name, (table, rule) in targets.items():
            features[f"{tool} target {name}"] = _tried_rule(tool, table, rule)


def _tried_rule(tool, table, rule):
    return _tried([f"{tool}-legacy-restore"], f"*{table}\n-A {rule}\nCOMMIT\n")


def _tried(command, text=None):
    code, _, stderr = tools.attempt(command, text)
    if code == 0:
        return True
    lines = [line for line in stderr.splitlines() if line and not line.startswith(("Error occurred", "Try `"))]
    return _skipped("; ".join(lines) or f"{command[0]} exits with {code}")


def _skipped(reason):
    return f"skipped, because {reason}"
