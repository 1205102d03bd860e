"""Nodes that draws seldom meet."""

import struct

import packets
from node_addresses import (CHAINS, INNER_ROUTER, MARKED, NODE, NODE_INSIDE, OUTSIDE, ROUTER, STATES, VIRTUAL,
                            text)


def settings_of(**vs):
    told = {"net/netfilter/nf_conntrack_acct": 1}
    told.update({"net/ipv4/vs/" + name: value for name, value in vs.items()})
    return told


def tables(**rules):
    return text({table: rules.get(table, []) for table in CHAINS})


def service(end, servers, options="-s rr", kind="-t"):
    return ([f"ipvsadm -A {kind} {end} {options}"]
            + [f"ipvsadm -a {kind} {end} -r {server}" + ("" if " -" in server else " -m") for server in servers])


def talk(flow, *said):
    """Who says what in turn: c for the client, s for the server, with its flags."""
    return [{"flow": flow, {"c": "client", "s": "server"}[word[0]]: word[1:],
             "fill": 5 if "P" in word else 0} for word in said]


def flow(client, virtual=VIRTUAL + ":80", at="c1", protocol="tcp"):
    return {"at": at, "client": client, "virtual": virtual, "protocol": protocol}


def ping(source, destination, at):
    ends = packets.address(source) + packets.address(destination)
    body = struct.pack("!BBHHH", 8, 0, 0, 7, 1)
    body = body[:2] + struct.pack("!H", packets.checksum(body)) + body[4:]
    return {"at": at, "given": packets.wrapped(1, ends, body).hex()}


def chosen():
    """What draws seldom meet."""
    hello, bye = ("cS", "sSA", "cA", "cPA", "sPA"), ("cFA", "sFA", "cA")
    masquerade = {"nat": ["-A POSTROUTING -m ipvs --ipvs -j MASQUERADE"]}
    states = {"filter": [f"-A {chain} -m conntrack --ctstate {state}" for chain in CHAINS["filter"]
                         for state in STATES]}
    two = ["10.244.0.2:80", "10.244.0.3:80"]

    def case(name, vs, rules, setup, flows, steps, more=None):
        return {"id": name, "sysctl": {**settings_of(**vs), **(more or {})}, "silent": True,
                "rules": tables(**rules), "setup": setup, "flows": flows, "steps": steps}

    for tracked in (0, 1):
        vs = {"conntrack": tracked, "expire_nodest_conn": 1}
        yield case(f"ftp without a rule that tracks, conntrack {tracked}", vs, {},
                   service(VIRTUAL + ":21", ["10.244.0.2:21"]), [flow(OUTSIDE + ":40000", VIRTUAL + ":21")],
                   talk(0, *hello))
        yield case(f"no rule that tracks, conntrack {tracked}", vs, {}, service(VIRTUAL + ":80", two),
                   [flow(OUTSIDE + ":40000")], talk(0, *hello))
        yield case(f"ftp by direct routing, conntrack {tracked}", vs, {},
                   service(VIRTUAL + ":21", ["10.244.0.2:21 -g"]), [flow(OUTSIDE + ":40000", VIRTUAL + ":21")],
                   talk(0, "cS", "cA"))
        for ignored in (0, 1):
            yield case(f"ignore_tunneled {ignored}, conntrack {tracked}", {**vs, "ignore_tunneled": ignored},
                       {"filter": ["-A OUTPUT -m ipvs --ipvs", "-A OUTPUT -m ipvs ! --ipvs"],
                        "nat": ["-A INPUT -m ipvs --ipvs", "-A POSTROUTING -m ipvs --ipvs"]},
                       service(VIRTUAL + ":80", two), [],
                       [ping(NODE, "203.0.113.5", "local"), ping(OUTSIDE, VIRTUAL, "c1"), ping(OUTSIDE, NODE, "c1"),
                        ping("10.244.0.2", OUTSIDE, "s1")], more={"net/ipv4/icmp_echo_ignore_all": 1})
        yield case(f"packets one by one, masqueraded, conntrack {tracked}", vs, {**states, **masquerade},
                   service(VIRTUAL + ":53", ["10.244.0.2:53", "10.244.0.3:53"], "-s rr -o", "-u"),
                   [flow(OUTSIDE + ":40000", VIRTUAL + ":53", protocol="udp"),
                    flow(NODE + ":40001", VIRTUAL + ":53", "local", "udp")],
                   talk(0, "cP", "sP", "cP", "sP", "cP", "sP") + talk(1, "cP", "sP", "cP", "sP"))
        yield case(f"a mark that persists, conntrack {tracked}", vs,
                   {**states, **masquerade, "mangle": [f"-A PREROUTING -d {MARKED} -j MARK --set-mark 7",
                                                       f"-A OUTPUT -d {MARKED} -j MARK --set-mark 7"]},
                   service("7", ["10.244.0.2:0", "10.244.0.3:0"], "-s rr -p 100", "-f"),
                   [flow(OUTSIDE + ":40000", "10.97.0.1:80"), flow(OUTSIDE + ":40001", "10.97.0.2:90"),
                    flow(NODE + ":40002", "10.97.0.1:80", "local")],
                   talk(0, *hello) + talk(1, *hello) + talk(2, *hello)
                   + [{"run": "ipvsadm -e -f 7 -r 10.244.0.3:0 -m -w 0"}] + talk(0, "cS", "cS", "sSA", *bye)
                   + [{"run": "ipvsadm -d -f 7 -r 10.244.0.3:0"}] + talk(1, "cPA", "sPA", "cS", "cS", "sSA"))
        for expires in (0, 1):
            yield case(f"a server that goes, expire_nodest_conn {expires}, conntrack {tracked}",
                       {**vs, "expire_nodest_conn": expires}, {**states, **masquerade},
                       service(VIRTUAL + ":80", two),
                       [flow(OUTSIDE + ":40000"), flow("10.244.7.7:40001", at="s1"),
                        flow(NODE_INSIDE + ":40002", at="local")],
                       talk(0, *hello) + talk(1, *hello) + talk(2, *hello)
                       + [{"run": f"ipvsadm -d -t {VIRTUAL}:80 -r 10.244.0.3:80"}]
                       + talk(0, "sPA", "cA", "cS") + talk(1, "sPA", "cA", "cS") + talk(2, "sPA", "cA", "cS")
                       + [{"sleep": 2}] + talk(0, "sPA", "cA", "cS", "cS", "sSA") + talk(1, "cA", "cS", "sSA")
                       + talk(2, "cA", "cS", "sSA"))
        for reuse in (0, 1, 2):
            yield case(f"a port used again, conn_reuse_mode {reuse}, conntrack {tracked}",
                       {**vs, "conn_reuse_mode": reuse}, {**states, **masquerade}, service(VIRTUAL + ":80", two),
                       [flow(OUTSIDE + ":40000"), flow(NODE + ":40001", at="local"), flow("10.244.0.2:40002", at="s1")],
                       [step for number in range(3) for step in talk(
                           number, *hello, *bye, "cS", "cS", "sSA", "cA", "sFA", "cFA", "sA", "cS", "cS", "sSA", "cR",
                           "cS", "sSA")])
        yield case(f"a server on the loopback address, conntrack {tracked}", vs, {**states, **masquerade},
                   service(VIRTUAL + ":80", ["127.0.0.1:8080"]),
                   [flow(OUTSIDE + ":40000"), flow(NODE + ":40001", at="local"), flow("127.0.0.1:40002", at="local")],
                   talk(0, "cS") + talk(1, *hello) + talk(2, *hello))
        yield case(f"conntrack that changes from {tracked}", vs, {**states, **masquerade},
                   service(VIRTUAL + ":80", two), [flow(OUTSIDE + ":40000"), flow(OUTSIDE + ":40001")],
                   talk(0, *hello) + [{"set": {"net/ipv4/vs/conntrack": 1 - tracked}}] + talk(0, "cPA", "sPA", *bye)
                   + talk(1, *hello) + talk(0, "cS", "cS", "sSA"))
        for sloppy in (0, 1):
            yield case(f"sloppy_tcp {sloppy}, conntrack {tracked}", {**vs, "sloppy_tcp": sloppy},
                       {**states, **masquerade}, service(VIRTUAL + ":80", two),
                       [flow(OUTSIDE + ":40000"), flow(NODE + ":40001", at="local"), flow("10.244.0.2:40002", at="s1")],
                       [step for number in range(3) for step in talk(number, "cA", "sA", "cPA", "sPA", *bye)])
        yield case(f"errors about masqueraded connections, conntrack {tracked}", vs, {**states, **masquerade},
                   service(VIRTUAL + ":80", two),
                   [flow(OUTSIDE + ":40000"), flow(NODE + ":40001", at="local"), flow("10.244.0.3:40002", at="s1")],
                   [step for number in range(3) for step in talk(number, "cS", "sSA", "cA") + [
                       {"flow": number, "error": {"by": by, "from": source, "type": kind, "code": code, "word": word}}
                       for by, source in (("server", INNER_ROUTER), ("client", ROUTER), ("server", "10.244.0.2"))
                       for kind, code, word in ((3, 1, 0), (3, 4, 1400), (11, 0, 0), (5, 1, 0))]])
