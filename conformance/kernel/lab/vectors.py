"""Whole vectors: run one, compare one, record and verify files of them."""

import json
import platform

from . import conntrack, ipsets, rules, ticks, tools

LOAD_KEYS = ("ruleset", "ruleset6", "ipset", "sysctls", "tables", "ip", "backend", "conntrack_on", "fresh")
FIELDS = {"ipv4": "ruleset", "ipv6": "ruleset6"}
TRIES = 40


def load_arguments(vector, backend=None):
    given = {key: vector[key] for key in LOAD_KEYS if vector.get(key) is not None}
    if "conntrackOn" in vector:
        given["conntrack_on"] = vector["conntrackOn"]
    if backend is not None:
        given["backend"] = backend
    return given


def families_of(vector):
    """The families that a vector is about: those of its rules and packets."""
    found = []
    addresses = [packet.get("src", "") for packet in vector["packets"]]
    if vector.get("ruleset") or any("." in address and ":" not in address for address in addresses) or not addresses:
        found.append("ipv4")
    if vector.get("ruleset6") or any(":" in address for address in addresses):
        found.append("ipv6")
    return found


def _state(laboratory, arguments, families):
    """What the node holds besides connections, and the times between which its sets were read."""
    begin = laboratory.ticks.now()
    sets = laboratory.ipset_lines() if arguments.get("ipset") else []
    end = laboratory.ticks.now()
    state = {
        "ipset": sets,
        "saved": {family: laboratory.saved(family) for family in families},
        "network": laboratory.network() if arguments.get("ip") else {},
    }
    return state, [begin, end]


def _pass(laboratory, arguments, vector, families):
    """Loads, sends all packets, and reads everything once."""
    laboratory.load(**arguments)
    results = [laboratory.inject(packet, bool(vector.get("detail"))) for packet in vector["packets"]]
    connections = laboratory.conntrack()
    state, _ = _state(laboratory, arguments, families)
    return {"results": results, "conntrack": connections, **state}


def _timed_pass(laboratory, arguments, vector, families):
    """The same with the time of each packet and of the reading; once more if the kernel's tick split one of them."""
    for attempt in range(TRIES):
        laboratory.load(**arguments)
        try:
            with ticks.undisturbed():
                results = [laboratory.inject(packet, bool(vector.get("detail")), timed=True) for packet in vector["packets"]]
                read_at, connections = laboratory.timed_conntrack()
        except ticks.Split:
            if attempt == TRIES - 1:
                raise
            continue
        state, sets_read_at = _state(laboratory, arguments, families)
        return {
            "results": results,
            "conntrack": connections,
            **state,
            "clock": {
                "epoch": laboratory.ticks.epoch, "readAt": read_at,
                "setsLoadedAt": laboratory.sets_loaded, "setsReadAt": sets_read_at,
            },
        }


def run_timed(laboratory, vector, backend=None):
    """The plain and the instrumented run, each complete with its own times, for time may tell them apart.

    The instrumented one stands under "probed". `unstable` names what differed, be it for time or for chance.
    """
    arguments = load_arguments(vector, backend)
    families = families_of(vector)
    plain = _timed_pass(laboratory, arguments, vector, families)
    texts = {family: rules.labels(arguments.get(FIELDS[family], ""), plain["saved"][family]) for family in families}
    probing = {**arguments, **{FIELDS[family]: rules.instrument(text) for family, text in texts.items()}}
    probed = _timed_pass(laboratory, probing, vector, families)
    done = {**vector, **_timed_answer(vector, plain), "probed": _timed_answer(vector, probed)}
    for family, text in texts.items():
        key = "counters" if family == "ipv4" else "counters6"
        done[key] = rules.counters(text, plain["saved"][family])
        done["probed"][key] = rules.probed_counters(text, probed["saved"][family])
    unstable = _unstable(_without_times(plain), _without_times(probed), same_rules=False)
    return {**done, "unstable": sorted(set(unstable))} if unstable else done


def _timed_answer(vector, taken):
    answer = {
        "packets": [{**packet, "result": result} for packet, result in zip(vector["packets"], taken["results"])],
        "conntrack": taken["conntrack"],
        "clock": taken["clock"],
    }
    if taken["ipset"]:
        answer["ipsetAfter"] = taken["ipset"]
    if taken["network"]:
        answer["network"] = taken["network"]
    return answer


def _without_times(taken):
    results = [{key: value for key, value in result.items() if key != "time"} for result in taken["results"]]
    connections = [{**entry, "timeout_ceil": 0} for entry in taken["conntrack"]]
    return {**taken, "results": results, "conntrack": connections}


def run(laboratory, vector, backend=None, repeat=False):
    """Plain run and instrumented run (and, with `repeat`, the plain one again); returns the completed vector.

    `unstable` names what differed between the runs; a vector that has it is not to be trusted.
    """
    if vector.get("timed"):
        return run_timed(laboratory, vector, backend)
    arguments = load_arguments(vector, backend)
    families = families_of(vector)
    plain = _pass(laboratory, arguments, vector, families)
    texts = {}
    for family in families:
        key = FIELDS[family]
        texts[family] = rules.labels(arguments.get(key, ""), plain["saved"][family])
    probing = dict(arguments)
    for family, text in texts.items():
        probing[FIELDS[family]] = rules.instrument(text)
    probed = _pass(laboratory, probing, vector, families)
    unstable = _unstable(plain, probed, same_rules=False)
    if repeat:
        unstable += _unstable(plain, _pass(laboratory, arguments, vector, families), same_rules=True)

    done = dict(vector)
    done["packets"] = [{**packet, "result": result} for packet, result in zip(vector["packets"], plain["results"])]
    for family, text in texts.items():
        key = "counters" if family == "ipv4" else "counters6"
        done[key] = rules.counters(text, plain["saved"][family], probed["saved"][family])
    done["conntrack"] = plain["conntrack"]
    if plain["ipset"]:
        done["ipsetAfter"] = plain["ipset"]
    if plain["network"]:
        done["network"] = plain["network"]
    if unstable:
        done["unstable"] = sorted(set(unstable))
    return done


def _unstable(first, second, same_rules):
    found = []
    if first["results"] != second["results"]:
        found.append("packets")
    if first["conntrack"] != second["conntrack"]:
        found.append("conntrack")
    if not ipsets.same(first["ipset"], second["ipset"]):
        found.append("ipset")
    for family, saved in first["saved"].items():
        other = second["saved"][family]
        same = rules.parse(saved) == rules.parse(other) if same_rules else rules.probes_moved_nothing(saved, other)
        if not same:
            found.append("counters" if family == "ipv4" else "counters6")
    return found


def differences(expected, actual):
    """Every place where two completed vectors disagree, as text."""
    found = []
    for index, (one, other) in enumerate(zip(expected["packets"], actual["packets"])):
        _compare(f"packet {index}", one["result"], other["result"], found)
    for key in ("counters", "counters6"):
        if key in expected:
            _compare(key, expected[key], actual.get(key), found)
    if "ipsetAfter" in expected and not ipsets.same(expected["ipsetAfter"], actual.get("ipsetAfter", [])):
        _compare("ipsetAfter", expected["ipsetAfter"], actual.get("ipsetAfter", []), found)
    _compare(
        "conntrack", sorted(expected["conntrack"], key=conntrack.sort_key), sorted(actual["conntrack"], key=conntrack.sort_key), found)
    if "unstable" in actual:
        found.append(f"unstable: {actual['unstable']}")
    return found


def _compare(place, expected, actual, found):
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in dict.fromkeys((*expected, *actual)):
            _compare(f"{place}.{key}", expected.get(key, "absent"), actual.get(key, "absent"), found)
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, (one, other) in enumerate(zip(expected, actual)):
            _compare(f"{place}[{index}]", one, other, found)
    elif expected != actual:
        found.append(f"{place}: expected {json.dumps(expected)}, the kernel did {json.dumps(actual)}")


def strip(packet):
    return {key: value for key, value in packet.items() if key != "result"}


def header(backend):
    return {
        "kernel": platform.release(),
        "iptables": tools.attempt([f"iptables-{backend}", "-V"])[1].strip(),
    }
