package dev.packetpath.iptables.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class ChainIndexProperties {
  /** Adds a chain of a name, or removes it if it is there. */
  @Provide
  Arbitrary<List<String>> names() {
    // Aa and BB have one hash, and so have all names made of as many of them.
    Arbitrary<String> colliding =
        Arbitraries.of("Aa", "BB")
            .list()
            .ofMinSize(1)
            .ofMaxSize(4)
            .map(parts -> String.join("", parts));
    Arbitrary<String> numbered = Arbitraries.integers().between(0, 200).map(i -> "KUBE-SVC-" + i);
    return Arbitraries.oneOf(colliding, numbered).list().ofMaxSize(400);
  }

  @Property(tries = 200)
  void findsWhatAMapFinds(@ForAll("names") List<String> names) {
    ChainIndex index = new ChainIndex();
    Map<String, ChainDraft> map = new HashMap<>();
    for (String name : names) {
      ChainDraft known = map.remove(name);
      if (known == null) {
        ChainDraft chain = new ChainDraft(name, Optional.empty());
        map.put(name, chain);
        index.add(chain);
      } else {
        index.remove(known);
      }
    }
    for (String name : names) {
      @Nullable ChainDraft expected = map.get(name);
      assertThat(index.find(name)).isSameAs(expected);
      String line = "-A " + name + " ";
      assertThat(index.find(line.toCharArray(), 3, 3 + name.length())).isSameAs(expected);
    }
  }
}
