package dev.packetpath.nftables;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.host.AddressType;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.ProtocolNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The values that rules compare with, equal to those that {@link Field} reads. What a word means
 * depends on the field that it is compared with.
 */
final class Literals {
  private static final String L4PROTO = "l4proto";
  private static final String ANY = "*";
  private static final ImmutableMap<String, Expression> FIELDS_OF_TYPES =
      ImmutableMap.of(
          "ipv4_addr", new Expression.Payload("ip", "daddr"),
          "ipv6_addr", new Expression.Payload("ip6", "daddr"),
          "inet_proto", new Expression.Meta(L4PROTO),
          "inet_service", new Expression.Payload("th", "dport"),
          "mark", new Expression.Meta("mark"),
          "ifname", new Expression.Meta("iifname"),
          "ct_state", new Expression.Ct("state"),
          "fib_addrtype", new Expression.FibType("daddr"));

  private static final ImmutableSet<String> STATES =
      ImmutableSet.of("invalid", "established", "related", "new", "untracked");
  private static final ImmutableSet<String> ADDRESS_TYPES =
      Stream.of(AddressType.values())
          .map(type -> type.name().toLowerCase(Locale.ROOT))
          .collect(ImmutableSet.toImmutableSet());

  private Literals() {}

  /**
   * Returns a field that has the values of a set with keys of these types.
   *
   * @throws NftJsonException if no field that is modelled has values of a type
   */
  static Expression fieldOf(ImmutableList<String> keyTypes) {
    ImmutableList<Expression> parts =
        keyTypes.stream().map(Literals::fieldOf).collect(ImmutableList.toImmutableList());
    return parts.size() == 1 ? parts.get(0) : new Expression.Concat(parts);
  }

  private static Expression fieldOf(String keyType) {
    Expression field = FIELDS_OF_TYPES.get(keyType);
    if (field == null) {
      throw new NftJsonException(
          "a set of type \"" + keyType + "\"", String.join(", ", FIELDS_OF_TYPES.keySet()));
    }
    return field;
  }

  /**
   * Returns the value of a key.
   *
   * @param field what it is compared with
   * @throws NftJsonException if the field cannot have such a value, or the model does not know it
   */
  static Object value(Expression key, Expression field) {
    if (key instanceof Expression.Count number) {
      return number.value();
    }
    if (key instanceof Expression.Word word) {
      return value(word.text(), field);
    }
    if (key instanceof Expression.Concat concat
        && field instanceof Expression.Concat fields
        && fields.parts().size() == concat.parts().size()) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < concat.parts().size(); i++) {
        values.add(value(concat.parts().get(i), fields.parts().get(i)));
      }
      return List.copyOf(values);
    }
    throw new NftJsonException("key " + key, "one that is modelled");
  }

  private static Object value(String word, Expression field) {
    if (word.equals(ANY)) {
      throw new NftJsonException("an element \"*\" for all else", "keys alone");
    }
    if (isDevice(field)) {
      if (word.endsWith(ANY)) {
        throw new NftJsonException("device \"" + word + "\" as a key", "a whole name");
      }
      return word;
    }
    if (field instanceof Expression.Meta meta && meta.key().equals(L4PROTO)) {
      return (long)
          ProtocolNames.numberOf(word)
              .orElseThrow(() -> new NftJsonException("protocol \"" + word + "\"", "a known one"));
    }
    if (field instanceof Expression.Ct) {
      return oneOf(STATES, "state", word);
    }
    if (field instanceof Expression.FibType) {
      return oneOf(ADDRESS_TYPES, "address type", word);
    }
    if (!isAddress(field)) {
      throw new NftJsonException("\"" + word + "\"", "a number");
    }
    if (!IpAddress.isAddress(word)) {
      throw new NftJsonException("\"" + word + "\"", "an IP address");
    }
    return IpAddress.parse(word);
  }

  private static String oneOf(ImmutableSet<String> known, String what, String word) {
    if (!known.contains(word)) {
      throw new NftJsonException(what + " \"" + word + "\"", "one of " + String.join(", ", known));
    }
    return word;
  }

  private static boolean isAddress(Expression field) {
    return field instanceof Expression.Payload payload
        && (payload.field().equals("saddr") || payload.field().equals("daddr"));
  }

  private static boolean isDevice(Expression field) {
    return field instanceof Expression.Meta meta
        && (meta.key().equals("iifname") || meta.key().equals("oifname"));
  }

  /** Returns the test that a field's value is the right side's, or in it. */
  static Predicate<Object> test(Expression right, Expression field) {
    if (right instanceof Expression.Range range) {
      IpPrefix prefix = range.prefix();
      return value -> value instanceof IpAddress address && prefix.contains(address);
    }
    if (right instanceof Expression.AnyOf set) {
      return set.elements().stream()
          .map(element -> test(element, field))
          .reduce(value -> false, Predicate::or);
    }
    if (right instanceof Expression.Word word && word.text().endsWith(ANY) && isDevice(field)) {
      String start = word.text().substring(0, word.text().length() - 1);
      return value -> value.toString().startsWith(start);
    }
    Object expected = value(right, field);
    return expected::equals;
  }
}
