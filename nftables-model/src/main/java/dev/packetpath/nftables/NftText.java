package dev.packetpath.nftables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;

/** Writes tables as {@code nft -f} reads them (nftables 1.0.6). */
public final class NftText {
  private final Writer out;

  private NftText(Writer out) {
    this.out = out;
  }

  /**
   * Writes tables. Holds the text of one chain at a time.
   *
   * @throws IOException if {@code out} fails
   */
  public static void write(List<NftTable> tables, Writer out) throws IOException {
    NftText text = new NftText(out);
    for (NftTable table : tables) {
      text.table(table);
    }
  }

  private void table(NftTable table) throws IOException {
    out.write("table " + table.familyWord() + " " + table.name() + " {\n");
    for (NftSet set : table.sets()) {
      set(set);
    }
    for (NftChain chain : table.chains()) {
      chain(chain);
    }
    out.write("}\n");
  }

  private void set(NftSet set) throws IOException {
    out.write("\t" + (set.isMap() ? "map " : "set ") + set.name() + " {\n");
    String type = String.join(" . ", set.keyTypes());
    out.write("\t\ttype " + type + (set.isMap() ? " : verdict" : "") + "\n");
    if (set.timeoutSeconds() > 0) {
      out.write("\t\tsize 65535\n\t\tflags dynamic,timeout\n");
      out.write("\t\ttimeout " + set.timeoutSeconds() + "s\n");
    } else if (set.hasTimeouts()) {
      out.write("\t\tflags timeout\n");
    }
    if (!set.comment().isEmpty()) {
      out.write("\t\tcomment \"" + set.comment() + "\"\n");
    }
    int count = set.elements().size() + set.cases().size();
    if (count > 0) {
      String separator = "\t\telements = { ";
      for (Expression element : set.elements()) {
        out.write(separator + text(element));
        separator = ",\n\t\t\t     ";
      }
      for (Statement.Case element : set.cases()) {
        out.write(separator + text(element));
        separator = ",\n\t\t\t     ";
      }
      out.write(" }\n");
    }
    out.write("\t}\n\n");
  }

  private void chain(NftChain chain) throws IOException {
    out.write("\tchain " + chain.name() + " {\n");
    if (chain.base().isPresent()) {
      NftChain.Base base = chain.base().get();
      String hook = base.hook().name().toLowerCase(Locale.ROOT);
      out.write("\t\ttype " + base.type() + " hook " + hook);
      out.write(" priority " + base.priority() + "; policy accept;\n");
    }
    for (NftRule rule : chain.rules().get()) {
      out.write("\t\t" + text(rule) + "\n");
    }
    out.write("\t}\n\n");
  }

  /** Returns a rule's text. */
  static String text(NftRule rule) {
    StringBuilder text = new StringBuilder();
    for (Statement statement : rule.statements()) {
      text.append(text.isEmpty() ? "" : " ").append(text(statement));
    }
    if (!rule.comment().isEmpty()) {
      text.append(" comment \"").append(rule.comment()).append('"');
    }
    return text.toString();
  }

  private static String text(Statement statement) {
    if (statement instanceof Statement.Match match) {
      boolean compares = match.left() instanceof Expression.Bitwise;
      String equal = compares && match.operator() == Statement.Comparison.EQUAL ? "== " : "";
      return text(match.left()) + " " + equal + match.operator().text() + text(match.right());
    }
    if (statement instanceof Statement.VerdictByMap map) {
      return text(map.key()) + " vmap @" + map.map();
    }
    if (statement instanceof Statement.VerdictByCase map) {
      return text(map.key())
          + " vmap { "
          + String.join(", ", map.cases().stream().map(NftText::text).toList())
          + " }";
    }
    if (statement instanceof Statement.Conclude conclude) {
      return text(conclude.verdict());
    }
    if (statement instanceof Statement.Reject) {
      return "reject";
    }
    if (statement instanceof Statement.SetMark mark) {
      return "meta mark set meta mark " + mark.operator().text() + " " + hex(mark.bits());
    }
    if (statement instanceof Statement.Masquerade masquerade) {
      return masquerade.fullyRandom() ? "masquerade fully-random" : "masquerade";
    }
    if (statement instanceof Statement.Dnat dnat) {
      boolean brackets = dnat.address().family() == IpFamily.IPV6;
      return "dnat to "
          + (brackets ? "[" + dnat.address() + "]" : dnat.address())
          + ":"
          + dnat.port();
    }
    Statement.Update update = (Statement.Update) statement;
    return "update @" + update.set() + " { " + text(update.key()) + " }";
  }

  /** Returns the text of an entry of a map. */
  static String text(Statement.Case element) {
    return text(element.key()) + " : " + text(element.verdict());
  }

  /** Returns a verdict's text. */
  static String text(ChainVerdict verdict) {
    if (verdict instanceof ChainVerdict.Jump jump) {
      return "jump " + jump.chain();
    }
    if (verdict instanceof ChainVerdict.GoTo goTo) {
      return "goto " + goTo.chain();
    }
    return verdict.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** Returns an expression's text. */
  static String text(Expression expression) {
    if (expression instanceof Expression.Payload payload) {
      return payload.protocol() + " " + payload.field();
    }
    if (expression instanceof Expression.Meta meta) {
      return "meta " + meta.key();
    }
    if (expression instanceof Expression.Ct ct) {
      return "ct " + ct.key();
    }
    if (expression instanceof Expression.FibType fib) {
      return "fib " + fib.address() + " type";
    }
    if (expression instanceof Expression.Random random) {
      return "numgen random mod " + random.modulus();
    }
    if (expression instanceof Expression.Concat concat) {
      return list(concat.parts(), " . ");
    }
    if (expression instanceof Expression.Bitwise bitwise) {
      return text(bitwise.left()) + " " + bitwise.operator().text() + " " + hex(bitwise.bits());
    }
    if (expression instanceof Expression.Word word) {
      return word.text().endsWith("*") ? "\"" + word.text() + "\"" : word.text();
    }
    if (expression instanceof Expression.Count number) {
      return Long.toString(number.value());
    }
    if (expression instanceof Expression.Expiring element) {
      return text(element.key()) + " expires " + element.seconds() + "s";
    }
    if (expression instanceof Expression.Range range) {
      return range.prefix().toString();
    }
    if (expression instanceof Expression.AnyOf set) {
      return "{ " + list(set.elements(), ", ") + " }";
    }
    return "@" + ((Expression.InSet) expression).set();
  }

  private static String list(ImmutableList<Expression> parts, String separator) {
    return String.join(separator, parts.stream().map(NftText::text).toList());
  }

  private static String hex(long bits) {
    return "0x" + Long.toHexString(bits);
  }
}
