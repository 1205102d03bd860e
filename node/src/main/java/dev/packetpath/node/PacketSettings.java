package dev.packetpath.node;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.packet.TcpFlags;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The words of a packet's notation that are no protocol and no address. */
final class PacketSettings {
  private static final ImmutableMap<String, Long> LARGEST =
      ImmutableMap.<String, Long>builder()
          .put("mark", 0xffff_ffffL)
          .put("len", 65_000L)
          .put("ttl", 255L)
          .put("tos", 255L)
          .put("type", 255L)
          .put("code", 255L)
          .put("id", 65_535L)
          .buildOrThrow();

  private static final ImmutableMap<String, Integer> FLAGS =
      ImmutableMap.<String, Integer>builder()
          .put("syn", TcpFlags.SYN)
          .put("ack", TcpFlags.ACK)
          .put("fin", TcpFlags.FIN)
          .put("rst", TcpFlags.RST)
          .put("psh", TcpFlags.PSH)
          .put("urg", TcpFlags.URG)
          .put("none", 0)
          .buildOrThrow();

  private final NotationWords words;
  private final Map<String, Integer> numbers = new HashMap<>();
  private Optional<String> in = Optional.empty();
  private OptionalInt flags = OptionalInt.empty();

  PacketSettings(NotationWords words) {
    this.words = words;
  }

  /** Reads the {@code name=value} words that come next. */
  void readAll() {
    while (words.peek().indexOf('=') > 0) {
      read(words.next(""));
    }
  }

  /** Reads all that is left. */
  void readTail(boolean tcp, boolean icmp) {
    while (words.hasNext()) {
      readAll();
      if (words.hasNext()) {
        readFlag(words.next(""), tcp);
      }
    }
    if (!icmp) {
      for (String name : new String[] {"type", "code", "id"}) {
        if (numbers.containsKey(name)) {
          throw words.error(name + "=", name + "= only with icmp and icmpv6");
        }
      }
    }
  }

  private void readFlag(String word, boolean tcp) {
    Integer flag = FLAGS.get(word.toLowerCase(Locale.ROOT));
    if (flag == null || !tcp) {
      throw words.error(
          "\"" + word + "\"",
          (tcp ? "a flag (syn ack fin rst psh urg none), " : "")
              + "in=, mark=, len=, ttl= or tos="
              + (tcp ? "" : ", for icmp type=, code=, id=")
              + ", or the end");
    }
    boolean contradicts = flags.isPresent() && (flag == 0 || flags.getAsInt() == 0);
    if (contradicts || (flags.orElse(0) & flag) != 0) {
      throw words.error("\"" + word + "\"", "each flag once, and none alone");
    }
    flags = OptionalInt.of(flags.orElse(0) | flag);
  }

  private void read(String word) {
    int equals = word.indexOf('=');
    String name = word.substring(0, equals);
    String value = word.substring(equals + 1);
    if (name.equals("in")) {
      if (value.isEmpty() || value.length() > Device.MAX_NAME_LENGTH) {
        throw words.error(
            "\"" + word + "\"",
            "in= and a device of 1 to " + Device.MAX_NAME_LENGTH + " characters, or local");
      }
      if (in.isPresent()) {
        throw words.error("a second in=", "one");
      }
      in = Optional.of(value);
      return;
    }
    Long largest = LARGEST.get(name);
    if (largest == null) {
      throw words.error(
          "\"" + word + "\"", "one of in=, mark=, len=, ttl=, tos=, for icmp type=, code=, id=");
    }
    int column = words.column() + equals + 1;
    if (numbers.put(name, (int) words.number(value, column, largest)) != null) {
      throw words.error("a second " + name + "=", "one");
    }
  }

  Optional<String> in() {
    return in;
  }

  OptionalInt icmpType() {
    return number("type");
  }

  OptionalInt icmpCode() {
    return number("code");
  }

  OptionalInt icmpId() {
    return number("id");
  }

  PacketChanges changes() {
    return new PacketChanges(flags, number("len"), number("ttl"), number("tos"), number("mark"));
  }

  private OptionalInt number(String name) {
    Integer value = numbers.get(name);
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
