"""Real clients and servers in the namespaces behind the node, with the kernel's own TCP and UDP."""

import errno
import socket

from . import tools, topology

PATIENCE_SECONDS = 30
HELLO = b"hello"
_TYPES = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def give_address(peer, device, address):
    """Makes the silent peer behind a device a host with an address and a way back over the node."""
    node = f"10.0.{topology.DEVICES.index(device) + 1}.1"
    with peer.inside():
        tools.run(["ip", "-batch", "-"], "".join(line + "\n" for line in (
            "link set lo up",
            f"address replace {address}/24 dev peer",
            f"neigh replace {node} lladdr {topology.NODE_MAC[device]} nud permanent dev peer",
            f"route replace default via {node} dev peer",
        )))


def talk(peers, client, server, protocol, destination):
    """A client says hello to a destination, and a server answers what it hears.

    Places are {"at", "address", "port"}; the destination is {"address", "port"}. Returns what the client was told
    ("answer" or "errno") and, if a client got through, whom the server saw ("client").
    """
    for place in (client, server):
        give_address(peers[place["at"]], place["at"], place["address"])
    with peers[server["at"]].inside():
        listener = _socket(protocol, server)
    with peers[client["at"]].inside():
        caller = _socket(protocol, client)
    with listener, caller:
        if protocol == "tcp":
            listener.listen()
        try:
            caller.connect((destination["address"], destination["port"]))
            caller.sendall(HELLO)
            seen = _answer_stream(listener) if protocol == "tcp" else _answer_datagram(listener)
            return {"answer": caller.recv(64).decode(), "client": {"address": seen[0], "port": seen[1]}}
        except TimeoutError:
            return {"errno": "ETIMEDOUT"}
        except OSError as error:
            return {"errno": errno.errorcode.get(error.errno, str(error.errno))}


def _socket(protocol, place):
    opened = socket.socket(socket.AF_INET, _TYPES[protocol])
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.settimeout(PATIENCE_SECONDS)
    opened.bind((place["address"], place["port"]))
    return opened


def _answer_stream(listener):
    accepted, client = listener.accept()
    with accepted:
        accepted.settimeout(PATIENCE_SECONDS)
        accepted.sendall(accepted.recv(64).upper())
    return client


def _answer_datagram(listener):
    data, client = listener.recvfrom(64)
    listener.sendto(data.upper(), client)
    return client
