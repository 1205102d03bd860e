"""Rules without sets, for kernels that have none."""

import re


def elements(sets):
    """What each set holds, as the options of a rule by its fields."""
    held = {}
    for line in sets.splitlines():
        words = line.split()
        if words[0] == "create":
            held[words[1]] = []
            continue
        options = []
        for field in words[2].split(","):
            if ":" in field:
                protocol, port = field.split(":")
                options.append(f"-p {protocol} -m {protocol} --dport {port}")
            elif field.isdigit():
                options.append(f"-m {{protocol}} --dport {field}")
            else:
                options.append(field)
        held[words[1]].append(options)
    return held


def written_out(rules, sets, local):
    """The rules without sets, one for each element; each packet matches at most one of them."""
    held = elements(sets)
    for rule in rules.splitlines():
        rule = re.sub(r' -m comment --comment ("[^"]*"|\S+)', "", rule)
        rule = re.sub(r"-j REJECT.*", "-j DROP", rule)
        rule = re.sub(r" -m addrtype ! --src-type LOCAL", "", rule)
        alike = [rule]
        named = re.search(r" -m set --match-set (\S+) (\S+)", rule)
        if "--dst-type LOCAL" in rule:  # what sets hold is the node's own
            own = [""] if named else [f" -d {address}" for address in local]
            alike = [rule.replace(" -m addrtype --dst-type LOCAL", address) for address in own]
        if not named:
            yield from alike
            continue
        protocol = re.search(r"-p (\S+)", rule)
        for options in held[named[1]]:
            words = [option if option.startswith("-") else f"-{way[0]} {option}"
                     for option, way in zip(options, named[2].split(","))
                     if option.startswith("-") or way in ("src", "dst")]
            if len(options) > 1 or not options[0].startswith("-"):
                text_of = " ".join(sorted(words, key=lambda word: word[1] not in "sd"))
            else:
                text_of = options[0]
            text_of = text_of.replace("{protocol}", protocol[1] if protocol else "tcp")
            if protocol is None and "{protocol}" in " ".join(options):
                text_of = "-p tcp " + text_of
            yield from (each.replace(named[0], " " + text_of) for each in alike)
