#!/usr/bin/env python3
"""The kernel side of the conformance harness. See README.md beside this file.

  netlab.py serve [--cpu N]             answer JSON lines on stdin (what the Java harness starts)
  netlab.py probe                       what this kernel can do
  netlab.py verify FILE [--limit N]     run recorded vectors again and report every difference
  netlab.py record FILE [--out FILE]    run {ruleset, ipset, packets} objects and write completed vectors
"""

import argparse
import json
import os
import signal
import sys
import time

sys.dont_write_bytecode = True  # run from a checkout: leave nothing beside the sources

from lab import probe, serve, vectors, wire
from lab.laboratory import Laboratory, Refused


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.set_defaults(cpu=os.getpid())
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("serve")
    command.add_argument("--cpu", type=int, help="which of the CPUs that it may use, counted round")
    commands.add_parser("probe")
    for name in ("verify", "record"):
        command = commands.add_parser(name)
        command.add_argument("file", nargs="?", default="-", help="JSON; - is stdin")
        command.add_argument("--backend", choices=("legacy", "nft"), default=None)
        command.add_argument("--limit", type=int, default=None, help="at most so many vectors")
        command.add_argument("--only", default=None, help="only the vector with this id")
        command.add_argument("--repeat", action="store_true", help="a third run must agree too")
        if name == "record":
            command.add_argument("--out", default="-")
    arguments = parser.parse_args()

    # A signal becomes an exception, so that every `finally` runs. (Namespaces would go even without.)
    signal.signal(signal.SIGTERM, _interrupted)
    signal.signal(signal.SIGINT, _interrupted)
    wire.stay_on_one_cpu(arguments.cpu)
    try:
        return _COMMANDS[arguments.command](arguments)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _interrupted(number, frame):
    sys.exit(128 + number)


def _serve(arguments):
    with Laboratory() as laboratory:
        serve.serve(laboratory, sys.stdin, sys.stdout)
    return 0


def _probe(arguments):
    json.dump(probe.probe(), sys.stdout, indent=1)
    print()
    return 0


def _read(arguments):
    if arguments.file == "-":
        text = sys.stdin.read()
    else:
        with open(arguments.file) as file:
            text = file.read()
    whole = json.loads(text)
    if isinstance(whole, dict):
        whole = whole["vectors"] if "vectors" in whole else [whole]
    if arguments.only is not None:
        whole = [vector for vector in whole if str(vector.get("id")) == arguments.only]
    return whole[:arguments.limit]


def _verify(arguments):
    total = packets = differing = 0
    started = time.monotonic()
    with Laboratory() as laboratory:
        for expected in _read(arguments):
            total += 1
            packets += len(expected["packets"])
            given = {**expected, "packets": [vectors.strip(packet) for packet in expected["packets"]]}
            try:
                found = vectors.differences(expected, vectors.run(laboratory, given, arguments.backend, arguments.repeat))
            except Refused as refused:
                found = [str(refused)]
            differing += bool(found)
            for line in found:
                print(f"vector {expected.get('id')}: {line}")
    seconds = time.monotonic() - started
    print(f"vectors {total}, packets {packets}, vectors that differ {differing}, seconds {seconds:.1f}")
    return 1 if differing else 0


def _record(arguments):
    done = []
    with Laboratory() as laboratory:
        for number, vector in enumerate(_read(arguments)):
            vector = {"id": number, **vector, "packets": [vectors.strip(packet) for packet in vector["packets"]]}
            try:
                done.append(vectors.run(laboratory, vector, arguments.backend, arguments.repeat))
            except Refused as refused:
                done.append({**vector, "refused": refused.as_json()})
    result = {**vectors.header(arguments.backend or "legacy"), "vectors": done}
    if arguments.out == "-":
        json.dump(result, sys.stdout, indent=1)
        print()
    else:
        with open(arguments.out, "w") as file:
            json.dump(result, file)
    return 0


_COMMANDS = {"serve": _serve, "probe": _probe, "verify": _verify, "record": _record}

if __name__ == "__main__":
    sys.exit(main())
