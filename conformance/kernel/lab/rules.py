"""iptables-save text: reading counters out of it, and putting probes into it."""

import re

HOOKS = {
    "raw": ("PREROUTING", "OUTPUT"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "security": ("INPUT", "FORWARD", "OUTPUT"),
}
DEFAULT_TABLES = ("raw", "mangle", "nat", "filter")

_CHAIN = re.compile(r":(\S+) (\S+)(?: \[(\d+):(\d+)\])?")
_RULE = re.compile(r"(?:\[(\d+):(\d+)\] ?)?-A (\S+) ?(.*)")


def blank(tables):
    """Text that leaves these tables registered, without rules, with policy ACCEPT and zero counters."""
    lines = []
    for table in tables:
        lines.append("*" + table)
        lines += [f":{chain} ACCEPT [0:0]" for chain in HOOKS[table]]
        lines.append("COMMIT")
    return "".join(line + "\n" for line in lines)


def undeclared(text, tables):
    """Text for `--noflush` that registers what the text leaves undeclared of these tables."""
    declared = parse(text)
    lines = []
    for table in tables:
        chains = [chain for chain in HOOKS[table] if declared.get(table, {}).get(chain, {}).get("policy") is None]
        if chains:
            lines += ["*" + table, *(f":{chain} ACCEPT [0:0]" for chain in chains), "COMMIT"]
    return "".join(line + "\n" for line in lines)


def tables_named(text):
    return [line[1:].strip() for line in text.splitlines() if line.startswith("*")]


def parse(text):
    """{table: {chain: {"policy", "packets", "bytes", "rules": [(text, packets, bytes)]}}} of a saved text."""
    tables, chains = {}, None
    for line in text.splitlines():
        if line.startswith("*"):
            chains = tables.setdefault(line[1:].strip(), {})
        elif chains is None:
            continue
        elif line.startswith(":"):
            name, policy, packets, size = _CHAIN.match(line).groups()
            chains[name] = {
                "policy": None if policy == "-" else policy, "packets": int(packets or 0), "bytes": int(size or 0), "rules": [],
            }
        elif line == "COMMIT":
            chains = None
        else:
            found = _RULE.match(line)
            if found:
                packets, size, name, rule = found.groups()
                chain = chains.setdefault(name, {"policy": None, "packets": 0, "bytes": 0, "rules": []})
                chain["rules"].append((rule, int(packets or 0), int(size or 0)))
    return tables


def labels(text, saved):
    """The text whose rules the saved counters are reported under, and that the probes go into.

    Normally what the user wrote. Where a line does something else than append one rule (`-I`, `-s a,b`, ...),
    lines and rules do not pair up any more, and the kernel's own text is used.
    """
    written, kept = parse(text), parse(saved)
    for table, chains in kept.items():
        for name, chain in chains.items():
            count = len(written.get(table, {}).get(name, {"rules": ()})["rules"])
            if count != len(chain["rules"]):
                return saved
    return text


def instrument(text):
    """The text with a rule without match and target before each rule and at the end of each chain that has rules.

    Such a rule only counts: it tells how many packets reached its place.
    """
    lines, probed = [], []
    for line in text.splitlines():
        if line.startswith("*"):
            probed = []
        elif line == "COMMIT":
            lines += [f"-A {name}" for name in probed]
        else:
            found = None if line.startswith(":") else _RULE.match(line)
            if found:
                name = found.group(3)
                if name not in probed:
                    probed.append(name)
                lines.append(f"-A {name}")
        lines.append(line)
    return "".join(line + "\n" for line in lines)


def counters(text, plain, probed=None):
    """The vectors' counters form from the saved text of a plain and of an instrumented run.

    As in the vectors, only the tables that the text names are listed; all of them where it is empty.
    """
    written, plain, probed = parse(text), parse(plain), parse(probed) if probed is not None else None
    return _counters(written, plain, probed)


def probed_counters(text, probed):
    """The same from an instrumented run alone: matched, too, is what was counted in that run."""
    probed = parse(probed)
    plain = {
        table: {name: {**chain, "rules": chain["rules"][1::2]} for name, chain in chains.items()}
        for table, chains in probed.items()
    }
    return _counters(parse(text), plain, probed)


def _counters(written, plain, probed):
    result = {}
    for table, chains in plain.items():
        if written and table not in written:
            continue
        result[table] = {}
        for name, chain in chains.items():
            places = [packets for _, packets, _ in probed[table][name]["rules"]] if probed is not None else None
            names = [rule for rule, _, _ in written.get(table, {}).get(name, {"rules": ()})["rules"]]
            rules = []
            for index, (rule, packets, size) in enumerate(chain["rules"]):
                entry = {"rule": names[index] if index < len(names) else rule, "matched": packets, "bytes": size}
                if places is not None:
                    entry["evaluated"] = places[2 * index]
                rules.append(entry)
            entry = {"rules": rules}
            if places is not None:
                entry["fell_off_end"] = places[-1] if rules else None
            if chain["policy"] is not None:
                entry.update(policy=chain["policy"], policy_packets=chain["packets"], policy_bytes=chain["bytes"])
            result[table][name] = entry
    return result


def probes_moved_nothing(plain, probed):
    """Whether the rules of the instrumented run counted what those of the plain run did."""
    plain, probed = parse(plain), parse(probed)
    return all(
        [rule[1:] for rule in chain["rules"]] == [rule[1:] for rule in probed[table][name]["rules"][1::2]]
        for table, chains in plain.items() for name, chain in chains.items()
    )
