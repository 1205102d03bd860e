package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class PrefixTrieProperties {
  /** At the bounds of each prefix the longest one that has the address is found, as in a list. */
  @Property(tries = 300)
  void theLongestPrefixIsFound(
      @ForAll("prefixes") List<IpPrefix> prefixes, @ForAll("addresses") List<IpAddress> others) {
    for (IpFamily family : IpFamily.values()) {
      List<IpPrefix> ofFamily = prefixes.stream().filter(p -> p.family() == family).toList();
      PrefixTrie<String> trie = trie(ofFamily);
      Stream.concat(
              others.stream().filter(address -> address.family() == family),
              ofFamily.stream().flatMap(NearPrefixes::bounds))
          .forEach(
              address ->
                  assertThat(trie.find(address.high(), address.low()))
                      .as("%s in %s", address, ofFamily)
                      .isEqualTo(around(ofFamily, IpPrefix.host(address))));
    }
  }

  /** Of a prefix, its own or another's, the longest around it is found, and all around that one. */
  @Property(tries = 300)
  void theLongestPrefixAroundIsFound(
      @ForAll("prefixes") List<IpPrefix> prefixes, @ForAll("prefixes") List<IpPrefix> others) {
    for (IpFamily family : IpFamily.values()) {
      List<IpPrefix> ofFamily = prefixes.stream().filter(p -> p.family() == family).toList();
      PrefixTrie<String> trie = trie(ofFamily);
      Stream.concat(prefixes.stream(), others.stream())
          .filter(prefix -> prefix.family() == family)
          .forEach(
              prefix ->
                  assertThat(trie.around(prefix))
                      .as("%s in %s", prefix, ofFamily)
                      .isEqualTo(around(ofFamily, prefix)));
    }
  }

  private static PrefixTrie<String> trie(List<IpPrefix> prefixes) {
    Map<IpPrefix, String> own = new HashMap<>();
    prefixes.forEach(prefix -> own.put(prefix, " " + prefix));
    return new PrefixTrie<>(own, "outside", (prefix, around) -> around + prefix);
  }

  private static String around(List<IpPrefix> prefixes, IpPrefix inside) {
    return prefixes.stream()
        .filter(prefix -> prefix.length() <= inside.length() && prefix.contains(inside.address()))
        .distinct()
        .sorted(Comparator.comparing(IpPrefix::length))
        .reduce("outside", (around, prefix) -> around + " " + prefix, String::concat);
  }

  @Provide
  Arbitrary<List<IpPrefix>> prefixes() {
    return NearPrefixes.prefixes().list().ofMaxSize(60);
  }

  @Provide
  Arbitrary<List<IpAddress>> addresses() {
    return NearPrefixes.addresses().list().ofSize(20);
  }
}
