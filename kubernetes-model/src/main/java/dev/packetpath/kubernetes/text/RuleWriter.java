package dev.packetpath.kubernetes.text;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import java.io.IOException;
import java.io.Writer;

/**
 * Writes rules one after the other: {@link #append} starts one, its options follow in the order in
 * which the program sends them, and {@link #jump}, {@link #goTo}, {@link #target} or {@link #end}
 * ends it. One writer serves all rules; not safe for use by several threads.
 */
public final class RuleWriter {
  private static final int DRAIN_CHARACTERS = 1 << 14;

  private final IpFamily family;
  private final RuleForm form;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder matches = new StringBuilder();
  private final StringBuilder[] header = new StringBuilder[Header.values().length];
  private char[] drained = new char[DRAIN_CHARACTERS];
  private long rules;

  /** What {@code iptables-save} prints before all matches, in its order. */
  private enum Header {
    SOURCE,
    DESTINATION,
    IN,
    OUT,
    PROTOCOL
  }

  /** Creates a writer of rules of one family in one form. */
  public RuleWriter(IpFamily family, RuleForm form) {
    this.family = family;
    this.form = form;
    for (int i = 0; i < header.length; i++) {
      header[i] = new StringBuilder();
    }
  }

  /** Returns the family of the rules. */
  public IpFamily family() {
    return family;
  }

  /** Returns how many rules were ended so far. */
  public long rules() {
    return rules;
  }

  /**
   * Hands on what was written since the last time, once it is worth it: some 16,384 characters.
   *
   * @throws IOException if {@code out} fails
   */
  void drainLargeTo(Writer out) throws IOException {
    if (text.length() >= DRAIN_CHARACTERS) {
      drainTo(out);
    }
  }

  /**
   * Hands on what was written since the last time.
   *
   * @throws IOException if {@code out} fails
   */
  void drainTo(Writer out) throws IOException {
    int length = text.length();
    if (drained.length < length) {
      drained = new char[Math.max(length, 2 * drained.length)];
    }
    text.getChars(0, length, drained, 0);
    out.write(drained, 0, length);
    text.setLength(0);
  }

  /** Forgets what was written since the last time; the rules stay counted. */
  public void discard() {
    text.setLength(0);
  }

  /** Adds a line that is no rule. */
  void line(String line) {
    text.append(line).append('\n');
  }

  /** Adds a line that declares a chain. */
  void declare(String chain, String policy) {
    text.append(':').append(chain).append(' ').append(policy).append(" [0:0]\n");
  }

  /** Starts a rule at the end of a chain. */
  @CanIgnoreReturnValue
  public RuleWriter append(String chain) {
    clear();
    text.append("-A ").append(chain);
    return this;
  }

  private void clear() {
    matches.setLength(0);
    for (StringBuilder option : header) {
      option.setLength(0);
    }
  }

  /** Returns where an option goes: a printed one to its own place, a sent one behind the last. */
  private StringBuilder at(Header where) {
    return form == RuleForm.SENT ? matches : header[where.ordinal()];
  }

  private RuleWriter header(Header where, String option, Object value) {
    at(where).append(option).append(value);
    return this;
  }

  private RuleWriter host(Header where, String option, IpAddress address) {
    StringBuilder to = at(where).append(option).append(address);
    if (form == RuleForm.SAVED) {
      to.append('/').append(family.bits());
    }
    return this;
  }

  /** Adds a test of the source address. */
  @CanIgnoreReturnValue
  public RuleWriter source(IpAddress address) {
    return host(Header.SOURCE, " -s ", address);
  }

  /** Adds a test of the source address. */
  @CanIgnoreReturnValue
  public RuleWriter source(IpPrefix prefix) {
    return prefix.length() == 0 && form == RuleForm.SAVED
        ? this
        : header(Header.SOURCE, " -s ", prefix);
  }

  /** Adds a test that the source lies elsewhere. */
  @CanIgnoreReturnValue
  public RuleWriter sourceNot(IpPrefix prefix) {
    return header(Header.SOURCE, " ! -s ", prefix);
  }

  /** Adds a test of the destination address. */
  @CanIgnoreReturnValue
  public RuleWriter destination(IpAddress address) {
    return host(Header.DESTINATION, " -d ", address);
  }

  /** Adds a test of the destination address. */
  @CanIgnoreReturnValue
  public RuleWriter destination(IpPrefix prefix) {
    return prefix.length() == 0 && form == RuleForm.SAVED
        ? this
        : header(Header.DESTINATION, " -d ", prefix);
  }

  /** Adds a test that the destination lies elsewhere. */
  @CanIgnoreReturnValue
  public RuleWriter destinationNot(IpPrefix prefix) {
    return header(Header.DESTINATION, " ! -d ", prefix);
  }

  /** Adds a test of the device where the packet came in; a final + stands for any end. */
  @CanIgnoreReturnValue
  public RuleWriter in(String device) {
    return header(Header.IN, " -i ", device);
  }

  /** Adds a test that the packet came in elsewhere. */
  @CanIgnoreReturnValue
  public RuleWriter inNot(String device) {
    return header(Header.IN, " ! -i ", device);
  }

  /** Adds a test of the device where the packet goes out; a final + stands for any end. */
  @CanIgnoreReturnValue
  public RuleWriter out(String device) {
    return header(Header.OUT, " -o ", device);
  }

  /** Adds a test of the protocol, by its lower-case name. */
  @CanIgnoreReturnValue
  public RuleWriter protocol(String protocol) {
    return header(Header.PROTOCOL, " -p ", protocol);
  }

  /** Adds the match of a protocol with ports, and the test of the protocol. */
  @CanIgnoreReturnValue
  public RuleWriter portProtocol(String protocol) {
    matches.append(" -m ").append(protocol);
    return protocol(protocol);
  }

  /** Adds a test of the destination port, to the match of {@link #portProtocol}. */
  @CanIgnoreReturnValue
  public RuleWriter destinationPort(int port) {
    matches.append(" --dport ").append(port);
    return this;
  }

  /** Adds a comment. */
  @CanIgnoreReturnValue
  public RuleWriter comment(String comment) {
    boolean quoted = form == RuleForm.SENT || !isPlain(comment);
    matches.append(" -m comment --comment ");
    return quoted ? quoted(comment) : option(comment);
  }

  /** Adds a text in quotes, as iptables writes and reads it: xtables_save_string. */
  private RuleWriter quoted(String words) {
    matches.append('"');
    for (int i = 0; i < words.length(); i++) {
      char c = words.charAt(i);
      if (c == '"' || c == '\'' || c == '\\') {
        matches.append('\\');
      }
      matches.append(c);
    }
    return option("\"");
  }

  /** Holds for what {@code iptables-save} leaves without quotes. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '_'
              || c == '-';
      if (!plain) {
        return false;
      }
    }
    return true;
  }

  private RuleWriter option(String words) {
    matches.append(words);
    return this;
  }

  /** Adds a match that is written as it is printed, such as {@code mark --mark 0x1/0x1}. */
  @CanIgnoreReturnValue
  public RuleWriter match(String words) {
    return match(words, words);
  }

  /** Adds a match, as it is sent and as it is printed. */
  @CanIgnoreReturnValue
  public RuleWriter match(String sent, String saved) {
    return option(" -m ").option(form == RuleForm.SENT ? sent : saved);
  }

  /** Adds a test that one of these bits of the mark is set. */
  @CanIgnoreReturnValue
  public RuleWriter marked(int bits) {
    return match("mark --mark " + hex(bits) + "/" + hex(bits));
  }

  /** Ends the rule with a jump to a chain or to a target without options. */
  public void jump(String target) {
    finish(" -j ", target);
  }

  /** Ends the rule with a target, as it is sent and as it is printed with its options. */
  public void target(String sent, String saved) {
    jump(form == RuleForm.SENT ? sent : saved);
  }

  /** Ends the rule with a refusal: port unreachable. */
  public void reject() {
    target(
        "REJECT",
        "REJECT --reject-with "
            + (family == IpFamily.IPV4 ? "icmp-port-unreachable" : "icmp6-port-unreachable"));
  }

  /** Ends the rule with a jump that does not come back. */
  public void goTo(String chain) {
    finish(" -g ", chain);
  }

  /** Ends the rule without a target: it only counts. */
  public void end() {
    finish("", "");
  }

  private void finish(String how, String target) {
    if (form == RuleForm.SAVED) {
      for (StringBuilder option : header) {
        text.append(option);
      }
    }
    text.append(matches).append(how).append(target).append('\n');
    rules++;
  }

  /** Returns a mark as it is printed, unsigned. */
  public static String hex(int bits) {
    return "0x" + Integer.toHexString(bits);
  }
}
