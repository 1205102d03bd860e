package dev.packetpath.nftables;

import com.google.common.collect.ImmutableList;

/**
 * A set with a name, or a map from keys to verdicts.
 *
 * @param name its name
 * @param keyTypes the types of the parts of a key, such as ipv4_addr
 * @param isMap whether elements have verdicts
 * @param timeoutSeconds how long an element stays that a packet put in, 0 for a set that only its
 *     owner changes
 * @param comment its comment, empty for none
 * @param elements the keys of a set
 * @param cases the elements of a map
 */
public record NftSet(
    String name,
    ImmutableList<String> keyTypes,
    boolean isMap,
    long timeoutSeconds,
    String comment,
    ImmutableList<Expression> elements,
    ImmutableList<Statement.Case> cases) {
  /** Returns whether elements may end. */
  boolean hasTimeouts() {
    return timeoutSeconds > 0 || elements.stream().anyMatch(Expression.Expiring.class::isInstance);
  }

  /** Returns a set. */
  public static NftSet set(String name, String keyType, ImmutableList<Expression> elements) {
    return new NftSet(name, ImmutableList.of(keyType), false, 0, "", elements, ImmutableList.of());
  }

  /** Returns a set that packets are put in. */
  public static NftSet dynamic(String name, String keyType, long timeoutSeconds) {
    return new NftSet(
        name,
        ImmutableList.of(keyType),
        false,
        timeoutSeconds,
        "",
        ImmutableList.of(),
        ImmutableList.of());
  }

  /** Returns a map from keys to verdicts. */
  public static NftSet map(
      String name, ImmutableList<String> keyTypes, ImmutableList<Statement.Case> cases) {
    return new NftSet(name, keyTypes, true, 0, "", ImmutableList.of(), cases);
  }
}
