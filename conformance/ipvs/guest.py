#!/usr/bin/env python3
"""Records what this machine's kernel does with scenarios of IPVS.

Runs as root inside the kernel that is asked. Each scenario has a network namespace of its own: the
director in one, its clients and real servers behind two veth pairs in another. Packets are put on
the wire by hand, so that any address can be a client; the same sockets see what comes out.
"""

import json
import os
import shutil
import sys

import nodes
import wires
from network import Network, run, write
from scenario import Scenario, record_sequence


def record_apart(record, item):
    """Records in a process and a network of their own, and hands the item back filled in."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        network = None
        try:
            network = Network()
            record(item, network)
            answer = {"item": item}
        except Exception as error:
            answer = {"error": str(error)}
        finally:
            if network:
                network.close()
        with os.fdopen(writer, "w") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = json.load(pipe)
    os.waitpid(child, 0)
    if "error" in answer:
        raise SystemExit("guest: " + answer["error"])
    return answer["item"]


def main():
    source, target = sys.argv[1:3]
    for tool in ("ip", "ipvsadm"):
        if shutil.which(tool) is None:
            raise SystemExit(f"guest: no {tool}")
    with open(source) as file:
        data = json.load(file)
    for index, scenario in enumerate(data.get("scenarios", [])):
        recorded = record_apart(lambda item, network: Scenario(item, network).record(), scenario)
        data["scenarios"][index] = recorded
        print("recorded", recorded["id"], flush=True)
    sequences = data.get("tcpStates", {}).get("sequences", [])
    for index, sequence in enumerate(sequences):
        sequences[index] = record_apart(record_sequence, sequence)
    for index, case in enumerate(data.get("wires", [])):
        data["wires"][index] = record_apart(
            lambda item, network: wires.record_wire(item, network, run, write), case)
    for index, case in enumerate(data.get("nodes", [])):
        data["nodes"][index] = record_apart(
            lambda item, network: nodes.record_node(item, network, run, write), case)
    data["kernel"] = os.uname().release + " " + os.uname().version + " " + os.uname().machine
    with open(target + ".part", "w") as file:
        json.dump(data, file)
    os.rename(target + ".part", target)


if __name__ == "__main__":
    main()
