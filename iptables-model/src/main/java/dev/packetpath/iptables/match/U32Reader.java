package dev.packetpath.iptables.match;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionValues;

/** Reads the language of {@code --u32} from left to right. */
final class U32Reader {
  private static final int MAX_PARTS = 10;
  private static final long MAX_NUMBER = 0xffff_ffffL;
  private static final long MAX_SHIFT = 31;

  private final OptionValues options;
  private final OptionValues.Given given;
  private final String text;
  private int at;

  U32Reader(OptionValues options, OptionValues.Given given) {
    this.options = options;
    this.given = given;
    this.text = given.value();
  }

  ImmutableList<U32Test> read() {
    ImmutableList.Builder<U32Test> tests = ImmutableList.builder();
    int count = 0;
    do {
      if (++count > MAX_PARTS) {
        throw error("at most " + MAX_PARTS + " tests");
      }
      tests.add(test());
    } while (skip("&&"));
    if (at < text.length()) {
      throw error("\",\", \"&&\" or the end");
    }
    return tests.build();
  }

  private U32Test test() {
    long start = number(MAX_NUMBER);
    ImmutableList.Builder<U32Test.Step> steps = ImmutableList.builder();
    int numbers = 1;
    while (!skip("=")) {
      if (++numbers > MAX_PARTS) {
        throw error("at most " + (MAX_PARTS - 1) + " operators and \"=\"");
      }
      steps.add(step());
    }
    ImmutableList.Builder<NumberRange> ranges = ImmutableList.builder();
    int values = 0;
    do {
      if (++values > MAX_PARTS) {
        throw error("at most " + MAX_PARTS + " values");
      }
      long first = number(MAX_NUMBER);
      ranges.add(new NumberRange(first, skip(":") ? number(MAX_NUMBER) : first, false));
    } while (skip(","));
    return new U32Test(start, steps.build(), ranges.build());
  }

  private U32Test.Step step() {
    if (skip("&")) {
      return new U32Test.Step(U32Test.Operator.AND, number(MAX_NUMBER));
    }
    if (skip("<<")) {
      return new U32Test.Step(U32Test.Operator.LEFT, number(MAX_SHIFT));
    }
    if (skip(">>")) {
      return new U32Test.Step(U32Test.Operator.RIGHT, number(MAX_SHIFT));
    }
    if (skip("@")) {
      return new U32Test.Step(U32Test.Operator.AT, number(MAX_NUMBER));
    }
    throw error("one of & << >> @ =");
  }

  private long number(long max) {
    skipSpaces();
    int start = at;
    while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    long number = Numbers.parse(text.substring(start, at));
    if (number < 0 || number > max) {
      at = start;
      throw error("a number 0 to " + max);
    }
    return number;
  }

  private boolean skip(String sign) {
    skipSpaces();
    if (!text.startsWith(sign, at)) {
      return false;
    }
    at += sign.length();
    return true;
  }

  private void skipSpaces() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  private SyntaxException error(String expected) {
    String rest = at < text.length() ? "\"" + text.substring(at) + "\"" : "the end";
    return options.error(given, rest + " at character " + at + " of \"" + text + "\"", expected);
  }
}
