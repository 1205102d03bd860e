"""Drawn nodes in IPv6."""

import re

SIX = {"10.96.0.0/24": "fd00:96::/112", "10.96.0.0/16": "fd00:96::/64", "10.97.0.0/24": "fd00:96:0:97::/64",
       "10.244.0.0/16": "fd00:244::/32", "10.244.66.0/24": "fd00:244:66::/64", "10.96.0.10": "fd00:96::10",
       "10.96.1.1": "fd00:96:0:1::1", "10.97.0.1": "fd00:96:0:97::1", "10.97.0.2": "fd00:96:0:97::2",
       "10.244.9.9": "fd00:244::99", "10.244.7.7": "fd00:244:7::7", "10.244.66.6": "fd00:244:66::6",
       "192.0.2.1": "2001:db8:c::1", "198.51.100.1": "2001:db8:5::1", "127.0.0.1": "::1"}
ERRORS_SIX = {(3, 1): (1, 3), (3, 3): (1, 4), (11, 0): (3, 0), (3, 4): (2, 0), (5, 1): (4, 0)}


def to_six(address):
    if address in SIX:
        return SIX[address]
    last = address.split("/")[0].rpartition(".")[2]
    if address.startswith("10.244.0."):
        return f"fd00:244::{last}"
    return f"2001:db8:1::{last}"


def six(case):
    """The same node in IPv6."""
    ends = re.compile(r"(\d+\.\d+\.\d+\.\d+):(\d+)")
    plain = re.compile(r"\d+\.\d+\.\d+\.\d+(?:/(?!32)\d+)?")

    def translated(words):
        words = ends.sub(lambda found: f"[{to_six(found[1])}]:{found[2]}", words.replace("/32", ""))
        return plain.sub(lambda found: to_six(found[0]), words)

    case["id"] += " of IPv6"
    case["rules6"] = translated(case.pop("rules"))
    case["setup"] = [re.sub(r"-f (\d+)", r"-f \1 -6", translated(command)) for command in case["setup"]]
    case["network"] = [translated(command).replace("ip route", "ip -6 route") for command in case.get("network", [])]
    for flow in case["flows"]:
        flow["client"], flow["virtual"] = translated(flow["client"]), translated(flow["virtual"])
    for step in case["steps"]:
        if "run" in step:
            step["run"] = re.sub(r"-f (\d+)", r"-f \1 -6", translated(step["run"]))
        if "error" in step:
            told = step["error"]
            told["from"] = translated(told["from"])
            told["type"], told["code"] = ERRORS_SIX[told["type"], told["code"]]
            told["word"] = 1300 if told["type"] == 2 else 0
    return case
