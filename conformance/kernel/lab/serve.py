"""The lock-step protocol: one JSON object a line in, one JSON object a line out."""

import json

from . import crowd, probe, race, rules, topology, vectors, watch
from .laboratory import FAMILIES, Refused


def serve(laboratory, requests, replies):
    for line in requests:
        if line.strip():
            replies.write(json.dumps(answer(laboratory, line), separators=(",", ":")) + "\n")
            replies.flush()


def answer(laboratory, line):
    """`{"ok":true,...}`, or `{"ok":false,"error":...}`; a bad request never ends the process."""
    request = {}
    try:
        request = json.loads(line)
        result = {"ok": True, **OPERATIONS[request["op"]](laboratory, request)}
    except Refused as refused:
        result = {"ok": False, "error": str(refused), "refused": refused.as_json()}
    except Exception as error:
        result = {"ok": False, "error": f"{type(error).__name__}: {error}"}
    if isinstance(request, dict) and "id" in request:
        result["id"] = request["id"]
    return result


def _probe(laboratory, request):
    return {"features": probe.probe()}


def _setup(laboratory, request):
    return laboratory.setup(request.get("backend", "legacy"))


def _load(laboratory, request):
    laboratory.load(**vectors.load_arguments(request))
    return {}


def _inject(laboratory, request):
    return {"result": laboratory.inject(request["packet"], bool(request.get("detail")))}


def _read(laboratory, request):
    saved = {family: laboratory.saved(family) for family in FAMILIES}
    return {
        "iptablesSave": saved["ipv4"],
        "ip6tablesSave": saved["ipv6"],
        "counters": rules.counters("", saved["ipv4"]),
        "counters6": rules.counters("", saved["ipv6"]),
        "conntrackText": laboratory.conntrack_text(),
        "conntrack": laboratory.conntrack(),
        "ipsetSave": laboratory.ipset_text(),
        "ipset": laboratory.ipset_lines(),
    }


def _instrument(laboratory, request):
    return {key: rules.instrument(request[key]) for key in ("ruleset", "ruleset6") if key in request}


def _counters(laboratory, request):
    return {"counters": rules.counters(request.get("ruleset", ""), request["plain"], request.get("instrumented"))}


def _run(laboratory, request):
    return {"vector": vectors.run(laboratory, request["vector"], request.get("backend"), bool(request.get("repeat")))}


def _topology(laboratory, request):
    return {"nodeMac": topology.NODE_MAC, "peerMac": topology.PEER_MAC, "sysctls": topology.SYSCTLS}


def _talk(laboratory, request):
    result = laboratory.talk(request["client"], request["server"], request["protocol"], request["destination"])
    return {"result": result}


def _watch(laboratory, request):
    return watch.watch(laboratory, vectors.load_arguments(request), request["packets"])


def _exhaust(laboratory, request):
    return crowd.exhaust(laboratory, vectors.load_arguments(request), request["floods"])


def _overflow(laboratory, request):
    return crowd.overflow(laboratory, vectors.load_arguments(request), request["share"], request["probes"])


def _race(laboratory, request):
    return race.race(laboratory, vectors.load_arguments(request), request["races"])


def _close(laboratory, request):
    laboratory.close()
    return {}


OPERATIONS = {
    "probe": _probe, "topology": _topology, "setup": _setup, "load": _load, "inject": _inject, "read": _read,
    "instrument": _instrument, "counters": _counters, "run": _run, "talk": _talk, "watch": _watch, "exhaust": _exhaust, "overflow": _overflow,
    "race": _race, "close": _close,
}
