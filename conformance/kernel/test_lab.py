"""Tests that need neither root nor netfilter: `python3 -B -m unittest discover conformance/kernel`."""

import struct
import unittest

from lab import checksum, ipsets, rules, serve
from lab.packet_build import BadPacket, build
from lab.packet_parse import parse

FOUR = {"src": "10.1.0.5", "dst": "10.2.0.5"}
SIX = {"src": "fd01::5", "dst": "fd02::5"}


class PacketTest(unittest.TestCase):
    def round_trip(self, packet, **more):
        expected = {"ttl": 64, **packet, **more}
        for key in ("ipid", "payload"):
            expected.pop(key, None)
        self.assertEqual(parse(build(packet)), expected)

    def test_what_is_built_is_parsed_back(self):
        for family in (FOUR, SIX):
            self.round_trip({**family, "proto": "tcp", "sport": 1, "dport": 2, "seq": 3, "ack": 4, "flags": "SA", "len": 5})
            self.round_trip({**family, "proto": "udp", "sport": 1, "dport": 2, "len": 0})
            self.round_trip({**family, "proto": "sctp", "sport": 1, "dport": 2, "vtag": 7, "chunk": "DATA"}, len=4)
        self.round_trip({**FOUR, "proto": "icmp", "type": 8, "code": 0, "id": 1, "icmpseq": 2, "len": 3})
        self.round_trip({**SIX, "proto": "icmpv6", "type": 128, "code": 0, "id": 1, "icmpseq": 2, "len": 3})
        self.round_trip({**FOUR, "protocol": 50, "payload": "0011"}, proto="ip", len=2)

    def test_an_icmp_error_shows_what_it_quotes(self):
        inner = {**FOUR, "proto": "udp", "sport": 1, "dport": 2, "len": 4}
        error = {**FOUR, "proto": "icmp", "type": 3, "code": 3, "inner": build(inner).hex()}
        self.assertEqual(parse(build(error))["inner"], {**inner, "ttl": 64})

    def test_checksums_add_up_to_zero_and_bad_csum_spoils_only_the_transport(self):
        for packet in ({**FOUR, "proto": "udp"}, {**FOUR, "proto": "tcp"}):
            for spoilt in (False, True):
                data = build({**packet, "sport": 1, "dport": 2, "len": 3, "bad_csum": spoilt})
                self.assertEqual(checksum.internet(data[:20]), 0)
                pseudo = data[12:20] + struct.pack("!BBH", 0, data[9], len(data) - 20)
                self.assertEqual(checksum.internet(pseudo + data[20:]) == 0, not spoilt)

    def test_crc32c_of_the_rfc_3720_example(self):
        self.assertEqual(checksum.crc32c(b"\0" * 32), 0x8A9136AA)

    def test_fragments_are_the_datagram_cut_in_pieces(self):
        for family, header in ((FOUR, 20), (SIX, 48)):
            whole = {**family, "proto": "udp", "sport": 1, "dport": 2, "len": 40}
            pieces = [build({**whole, "fragmentSize": 16, "fragmentIndex": index}) for index in range(3)]
            self.assertEqual(b"".join(piece[header:] for piece in pieces), build(whole)[20 if family is FOUR else 40:])
            self.assertEqual([parse(piece).get("fragOffset", 0) for piece in pieces], [0, 2, 4])
            self.assertEqual([parse(piece).get("moreFragments", False) for piece in pieces], [True, True, False])

    def test_a_packet_that_makes_no_sense_is_refused_with_its_value(self):
        for packet in ({**FOUR, "proto": "nonsense"}, {"src": "10.0.0.1", "dst": "fd00::1", "proto": "udp"},
                       {**FOUR, "proto": "tcp", "sport": 1, "dport": 2, "flags": "Z"}):
            with self.assertRaises(BadPacket):
                build(packet)

    def test_garbage_is_shown_not_raised(self):
        self.assertEqual(parse(b"\x45\x00")["proto"], "truncated")


class RulesTest(unittest.TestCase):
    TEXT = "*filter\n:FORWARD DROP [0:0]\n:A - [0:0]\n-A FORWARD -j A\n-A A -p tcp\nCOMMIT\n"

    def test_probes_stand_before_each_rule_and_at_each_chains_end(self):
        self.assertEqual(
            rules.instrument(self.TEXT),
            "*filter\n:FORWARD DROP [0:0]\n:A - [0:0]\n-A FORWARD\n-A FORWARD -j A\n-A A\n-A A -p tcp\n"
            "-A FORWARD\n-A A\nCOMMIT\n")

    def test_counters_join_the_plain_and_the_instrumented_run(self):
        plain = "*filter\n:FORWARD DROP [7:70]\n:A - [0:0]\n[5:50] -A FORWARD -j A\n[2:20] -A A -p tcp\nCOMMIT\n"
        probed = ("*filter\n:FORWARD DROP [7:70]\n:A - [0:0]\n[9:90] -A FORWARD\n[5:50] -A FORWARD -j A\n[8:80] -A FORWARD\n"
                  "[5:50] -A A\n[2:20] -A A -p tcp\n[4:40] -A A\nCOMMIT\n")
        self.assertTrue(rules.probes_moved_nothing(plain, probed))
        self.assertEqual(rules.counters(self.TEXT, plain, probed), {"filter": {
            "FORWARD": {"rules": [{"rule": "-j A", "matched": 5, "bytes": 50, "evaluated": 9}], "fell_off_end": 8,
                        "policy": "DROP", "policy_packets": 7, "policy_bytes": 70},
            "A": {"rules": [{"rule": "-p tcp", "matched": 2, "bytes": 20, "evaluated": 5}], "fell_off_end": 4},
        }})

    def test_a_line_that_makes_two_rules_is_reported_in_the_kernels_words(self):
        saved = "*filter\n:FORWARD ACCEPT [0:0]\n[0:0] -A FORWARD -s 1.1.1.1/32\n[0:0] -A FORWARD -s 2.2.2.2/32\nCOMMIT\n"
        self.assertEqual(rules.labels("*filter\n-A FORWARD -s 1.1.1.1,2.2.2.2\nCOMMIT\n", saved), saved)

    def test_undeclared_chains_are_completed(self):
        self.assertEqual(
            rules.undeclared("*raw\n:OUTPUT DROP [0:0]\nCOMMIT\n", ("raw",)), "*raw\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n")


class IpsetTest(unittest.TestCase):
    def test_seeds_and_hash_order_do_not_matter_but_the_order_of_a_list_does(self):
        one = "create s hash:ip timeout 9 initval 0x1\nadd s 1.1.1.2 timeout 8\nadd s 1.1.1.1\ncreate l list:set size 8\nadd l b\nadd l a\n"
        other = one.replace("0x1", "0xffff").replace("timeout 8\nadd s 1.1.1.1", "timeout 7\nadd s 1.1.1.1")
        self.assertTrue(ipsets.same(ipsets.canonical(one), ipsets.canonical(other)))
        swapped = one.replace("add l b\nadd l a\n", "add l a\nadd l b\n")
        self.assertFalse(ipsets.same(ipsets.canonical(one), ipsets.canonical(swapped)))


class ServeTest(unittest.TestCase):
    def test_a_bad_request_is_answered(self):
        self.assertFalse(serve.answer(None, "nonsense")["ok"])
        self.assertEqual(serve.answer(None, '{"op":"nonsense","id":4}')["id"], 4)


if __name__ == "__main__":
    unittest.main()
