package dev.packetpath.ipvs.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.ipvs.ServerSpec;
import dev.packetpath.ipvs.ServiceKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * The order in which ipvsadm shows services and servers (libipvs.c, ipvs_cmp_services and
 * ipvs_cmp_dests, ipvsadm 1.31). Addresses compare by the signed difference of 32 bits, which is no
 * order across half of the address space, so the sort is the C library's merge sort.
 */
final class IpvsadmOrder {
  private IpvsadmOrder() {}

  static <T> List<T> byService(Iterable<T> all, Function<T, ServiceKey> key) {
    return sorted(all, (a, b) -> compare(key.apply(a), key.apply(b)));
  }

  static <T> List<T> byServer(
      Iterable<T> all, Function<T, IpAddress> address, Function<T, Integer> port) {
    return sorted(
        all,
        (a, b) -> {
          int byAddress = compare(address.apply(a), address.apply(b));
          return byAddress != 0 ? byAddress : port.apply(a) - port.apply(b);
        });
  }

  /** Sorts servers that are given in the order of addition; the kernel tells the last one first. */
  static List<ServerSpec> servers(ImmutableList<ServerSpec> servers) {
    return byServer(servers.reverse(), ServerSpec::address, ServerSpec::port);
  }

  private static int compare(ServiceKey a, ServiceKey b) {
    int mark = mark(a) - mark(b);
    if (mark != 0) {
      return mark;
    }
    if (a.family() != b.family()) {
      return a.family().compareTo(b.family());
    }
    if (!(a instanceof ServiceKey.Virtual left) || !(b instanceof ServiceKey.Virtual right)) {
      return 0;
    }
    if (left.protocol() != right.protocol()) {
      return left.protocol() - right.protocol();
    }
    int byAddress = compare(left.address(), right.address());
    return byAddress != 0 ? byAddress : left.port() - right.port();
  }

  private static int mark(ServiceKey key) {
    return key instanceof ServiceKey.Marked marked ? marked.mark() : 0;
  }

  /**
   * Of addresses of two families the first 32 bits count, of those of IPv6 the first that differ.
   */
  private static int compare(IpAddress a, IpAddress b) {
    int first = firstBits(a) - firstBits(b);
    if (first != 0 || a.family() == IpFamily.IPV4 || b.family() == IpFamily.IPV4) {
      return first;
    }
    int second = (int) a.high() - (int) b.high();
    if (second != 0) {
      return second;
    }
    int third = (int) (a.low() >>> 32) - (int) (b.low() >>> 32);
    return third != 0 ? third : (int) a.low() - (int) b.low();
  }

  private static int firstBits(IpAddress address) {
    return address.family() == IpFamily.IPV4 ? address.ipv4Bits() : (int) (address.high() >>> 32);
  }

  private static <T> List<T> sorted(Iterable<T> all, Comparator<T> order) {
    List<T> list = new ArrayList<>();
    all.forEach(list::add);
    return sorted(list, order);
  }

  private static <T> List<T> sorted(List<T> list, Comparator<T> order) {
    if (list.size() < 2) {
      return list;
    }
    List<T> left = sorted(list.subList(0, list.size() / 2), order);
    List<T> right = sorted(list.subList(list.size() / 2, list.size()), order);
    List<T> merged = new ArrayList<>(list.size());
    int l = 0;
    int r = 0;
    while (l < left.size() && r < right.size()) {
      boolean takesLeft = order.compare(left.get(l), right.get(r)) <= 0;
      merged.add(takesLeft ? left.get(l++) : right.get(r++));
    }
    merged.addAll(left.subList(l, left.size()));
    merged.addAll(right.subList(r, right.size()));
    return merged;
  }
}
