package dev.packetpath.testkit;

import dev.packetpath.core.net.IpFamily;
import java.util.List;
import java.util.Random;

/**
 * Draws the small values that generated rules and packets are made of: few of each, so that they
 * meet.
 */
final class Draw {
  private static final List<String> ADDRESSES_V4 =
      List.of(
          "10.0.1.1",
          "10.0.2.1",
          "10.0.1.2",
          "10.0.1.3",
          "10.0.2.2",
          "10.0.2.3",
          "10.1.0.5",
          "10.1.7.9",
          "10.2.0.5",
          "10.2.9.1",
          "10.96.0.1",
          "10.96.0.2");
  private static final List<String> PREFIXES_V4 =
      List.of(
          "10.0.0.0/8",
          "10.0.1.0/24",
          "10.0.2.0/24",
          "10.1.0.0/16",
          "10.2.0.0/16",
          "10.96.0.0/30",
          "10.0.0.0/255.0.255.0",
          "0.0.0.0/1");
  private static final List<String> ADDRESSES_V6 =
      List.of(
          "fd00:1::1",
          "fd00:2::1",
          "fd00:1::2",
          "fd00:2::2",
          "fd00:1::3",
          "fd01::5",
          "fd02::5",
          "fd96::1",
          "fd96::2");
  private static final List<String> PREFIXES_V6 =
      List.of("fd00::/8", "fd00:1::/64", "fd00:2::/64", "fd01::/16", "fd96::/112", "8000::/1");
  private static final List<String> PORTS = List.of("22", "53", "80", "443", "8080", "30080");

  private final Random random;
  private final IpFamily family;

  Draw(Random random, IpFamily family) {
    this.random = random;
    this.family = family;
  }

  boolean isV4() {
    return family == IpFamily.IPV4;
  }

  /** Returns true in so many cases of 100. */
  boolean percent(int cases) {
    return random.nextInt(100) < cases;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  final <T> T pick(T... values) {
    return values[random.nextInt(values.length)];
  }

  /** Returns "! " in a quarter of the cases. */
  String not() {
    return percent(25) ? "! " : "";
  }

  String address() {
    return pick(isV4() ? ADDRESSES_V4 : ADDRESSES_V6);
  }

  String addressOrPrefix() {
    return percent(60) ? address() : pick(isV4() ? PREFIXES_V4 : PREFIXES_V6);
  }

  String port() {
    return pick(PORTS);
  }

  String portOrRange() {
    return percent(60)
        ? port()
        : pick("0:1023", "1024:65535", "80:443", "20000:20010", ":100", "1000:");
  }

  String mark() {
    return pick("0x1", "0x0", "0x4000/0x4000", "0x10/0xf0", "0x2/0x3");
  }
}
