package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.AddressMask;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Addresses and masks as {@code -s} and {@code -d} take them (libxtables 1.8.9, xtables.c,
 * ipparse_hostnetwork and numeric_to_ipaddr).
 *
 * <p>Each part of an IPv4 address may be octal behind {@code 0} or hexadecimal behind {@code 0x};
 * one with less than four parts is completed by zeros, {@code 10.1} to 10.1.0.0. Only if its last
 * part is too large for that it is read as inet_aton does: {@code 10.256} is 10.0.1.0.
 */
final class HostText {
  private static final ImmutableList<IpAddress> MASKS_V4 = masks(IpFamily.IPV4);
  private static final ImmutableList<IpAddress> MASKS_V6 = masks(IpFamily.IPV6);

  private HostText() {}

  /** Returns the address that a text holds before a place, null if it holds none. */
  static @Nullable IpAddress address(IpFamily family, String text, int end) {
    long plain = family == IpFamily.IPV4 ? plainIpv4(text, end) : -1;
    if (plain >= 0) {
      return IpAddress.ipv4((int) plain);
    }
    String address = text.substring(0, end);
    if (family == IpFamily.IPV6) {
      return ipv6(address);
    }
    return address.equals("localhost") ? IpAddress.ipv4(0x7f00_0001) : ipv4(address);
  }

  /**
   * Returns the mask that a text holds from a place on, as prefix length or as address, null if it
   * holds none.
   */
  static @Nullable IpAddress mask(IpFamily family, String whole, int from) {
    long length = Numbers.parse(whole, from);
    if (length >= 0) {
      if (length > family.bits()) {
        return null;
      }
      return (family == IpFamily.IPV4 ? MASKS_V4 : MASKS_V6).get((int) length);
    }
    String text = whole.substring(from);
    if (family == IpFamily.IPV6) {
      return ipv6(text);
    }
    return text.chars().filter(c -> c == '.').count() == 3 ? ipv4(text) : null;
  }

  /**
   * Returns an IPv4 address of one to four parts, completed by zeros, null if the text is none
   * (xtables_numeric_to_ipaddr).
   */
  static @Nullable IpAddress completedIpv4(String text) {
    return ipv4(text, false);
  }

  /**
   * Returns an IPv4 address of one to four parts, the last of which fills what is left, null if the
   * text is none (xtoptions.c, where getaddrinfo reads it).
   */
  static @Nullable IpAddress host(String text) {
    if (text.equals("localhost")) {
      return IpAddress.ipv4(0x7f00_0001);
    }
    int bits = 0;
    int from = 0;
    for (int parts = 0; parts < 4; parts++) {
      int dot = text.indexOf('.', from);
      long part = Numbers.parse(dot < 0 ? text.substring(from) : text.substring(from, dot));
      if (part < 0) {
        return null;
      }
      if (dot < 0) {
        return lastPartFills(bits, parts, part);
      }
      if (part > 0xff) {
        return null;
      }
      bits |= (int) part << (24 - 8 * parts);
      from = dot + 1;
    }
    return null;
  }

  private static ImmutableList<IpAddress> masks(IpFamily family) {
    return IntStream.rangeClosed(0, family.bits())
        .mapToObj(length -> AddressMask.of(IpAddress.any(family), length).mask())
        .collect(ImmutableList.toImmutableList());
  }

  private static @Nullable IpAddress ipv6(String text) {
    return text.indexOf(':') >= 0 && IpAddress.isAddress(text) ? IpAddress.parse(text) : null;
  }

  /** Returns the bits of four decimal parts without leading zeros, -1 if no such stand there. */
  static long plainIpv4(String text, int end) {
    long bits = 0;
    int part = -1;
    int dots = 0;
    for (int i = 0; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit >= 0 && digit <= 9) {
        if (part == 0) {
          return -1;
        }
        part = part < 0 ? digit : 10 * part + digit;
        if (part > 0xff) {
          return -1;
        }
      } else if (digit == '.' - '0' && part >= 0 && dots < 3) {
        bits = bits << 8 | part;
        part = -1;
        dots++;
      } else {
        return -1;
      }
    }
    return dots == 3 && part >= 0 ? bits << 8 | part : -1;
  }

  private static @Nullable IpAddress ipv4(String text) {
    return ipv4(text, true);
  }

  private static @Nullable IpAddress ipv4(String text, boolean largeLastPart) {
    int bits = 0;
    int parts = 0;
    int from = 0;
    while (true) {
      int dot = text.indexOf('.', from);
      long part = Numbers.parse(dot < 0 ? text.substring(from) : text.substring(from, dot));
      if (part < 0) {
        return null;
      }
      if (part > 0xff) {
        return dot < 0 && largeLastPart ? lastPartFills(bits, parts, part) : null;
      }
      bits |= (int) part << (24 - 8 * parts);
      parts++;
      if (dot < 0) {
        return IpAddress.ipv4(bits);
      }
      if (parts == 4) {
        return null;
      }
      from = dot + 1;
    }
  }

  private static @Nullable IpAddress lastPartFills(int bits, int parts, long last) {
    long most = 0xffff_ffffL >>> (8 * parts);
    return last > most ? null : IpAddress.ipv4(bits | (int) last);
  }
}
