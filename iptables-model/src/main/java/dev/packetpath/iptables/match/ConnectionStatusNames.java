package dev.packetpath.iptables.match;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import dev.packetpath.conntrack.ConnectionStatus;
import dev.packetpath.iptables.syntax.OptionValues;

/** The status bits that {@code --ctstatus} names, in the order that iptables-save prints. */
final class ConnectionStatusNames {
  private static final String[] NAMES = {"EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"};
  private static final int[] BITS = {
    ConnectionStatus.EXPECTED,
    ConnectionStatus.SEEN_REPLY,
    ConnectionStatus.ASSURED,
    ConnectionStatus.CONFIRMED
  };
  private static final String NONE = "NONE";

  private ConnectionStatusNames() {}

  /** Reads names with commas between them, in any case, each as short as one likes. */
  static int read(OptionValues options, OptionValues.Given given) {
    int bits = 0;
    for (String word : Splitter.on(',').split(given.value())) {
      int bit = starting(Ascii.toUpperCase(word));
      if (word.isEmpty() || bit < 0) {
        throw options.error(
            given,
            "\"" + given.value() + "\"",
            "a list of NONE EXPECTED SEEN_REPLY ASSURED CONFIRMED");
      }
      bits |= bit;
    }
    return bits;
  }

  private static int starting(String prefix) {
    if (NONE.startsWith(prefix)) {
      return 0;
    }
    for (int i = 0; i < NAMES.length; i++) {
      if (NAMES[i].startsWith(prefix)) {
        return BITS[i];
      }
    }
    return -1;
  }

  static String toText(int bits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < NAMES.length; i++) {
      if ((bits & BITS[i]) != 0) {
        text.append(text.isEmpty() ? "" : ",").append(NAMES[i]);
      }
    }
    return text.isEmpty() ? NONE : text.toString();
  }
}
