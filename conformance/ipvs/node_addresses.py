"""Who is who in drawn nodes, and the text of their tables."""

ROUTER = "203.0.113.200"
INNER_ROUTER = "10.244.9.9"
OUTSIDE = "203.0.113.9"
NODE, NODE_INSIDE = "192.0.2.1", "198.51.100.1"
VIRTUAL = "10.96.0.10"
MARK = 7
MARKED = "10.97.0.0/24"
ELSEWHERE = "203.0.113.50"
FTP = 21
NOWHERE = "10.244.66.6"
CHAINS = {"mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
          "filter": ("INPUT", "FORWARD", "OUTPUT"), "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
          "raw": ("PREROUTING", "OUTPUT")}
STATES = ("NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", "DNAT", "SNAT")


def text(rules):
    lines = []
    for table, chains in CHAINS.items():
        lines.append("*" + table)
        lines += [f":{chain} ACCEPT [0:0]" for chain in chains] + rules[table] + ["COMMIT"]
    return "\n".join(lines) + "\n"
