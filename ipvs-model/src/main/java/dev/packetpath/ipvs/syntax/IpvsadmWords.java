package dev.packetpath.ipvs.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.ipvs.syntax.IpvsadmOption.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes a line of ipvsadm apart as popt does: {@code -t 10.0.0.1:80}, {@code -t10.0.0.1:80}, {@code
 * -t=10.0.0.1:80} and {@code --tcp-service=10.0.0.1:80} are one, and {@code -At} is {@code -A -t}.
 */
final class IpvsadmWords {
  private static final Pattern WORD = Pattern.compile("\\S+");
  private static final String TOOL = "ipvsadm";

  /**
   * An option as it is written.
   *
   * @param name the name with its dashes
   * @param column where it stands
   * @param value its value, empty without one
   * @param valueColumn where that stands
   */
  record Written(String name, int column, String value, int valueColumn) {}

  /** A complaint about a place. */
  static final class Complaint extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int column;
    final String found;
    final String expected;

    Complaint(int column, String found, String expected) {
      super(found);
      this.column = column;
      this.found = found;
      this.expected = expected;
    }
  }

  private record Word(String text, int column) {}

  private final List<Word> words = new ArrayList<>();
  private final int length;
  private final ImmutableList.Builder<Written> written = ImmutableList.builder();
  private int next;

  private IpvsadmWords(String line) {
    length = line.length();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      words.add(new Word(matcher.group(), matcher.start() + 1));
    }
  }

  /**
   * Returns the options of a line, which may begin with the name of the tool. Words that stand
   * alone are among them.
   *
   * @throws Complaint at an option that lacks its value, or has one and takes none
   */
  static ImmutableList<Written> of(String line) {
    IpvsadmWords words = new IpvsadmWords(line);
    while (words.next < words.words.size() && words.words.get(words.next).text.equals(TOOL)) {
      words.next++;
    }
    while (words.next < words.words.size()) {
      words.read(words.words.get(words.next++));
    }
    return words.written.build();
  }

  private void read(Word word) {
    String text = word.text;
    if (text.startsWith("--") && text.length() > 2) {
      int equal = text.indexOf('=');
      String name = equal < 0 ? text : text.substring(0, equal);
      add(name, word.column, equal < 0 ? "" : text.substring(equal), word.column + equal);
    } else if (text.startsWith("-") && text.length() > 1 && !text.equals("--")) {
      readLetters(word);
    } else {
      written.add(new Written(text, word.column, "", word.column));
    }
  }

  /** Behind a letter that takes a value, the rest of the word is it. */
  private void readLetters(Word word) {
    int at = 1;
    while (at < word.text.length()) {
      String name = "-" + word.text.charAt(at);
      int column = at == 1 ? word.column : word.column + at;
      at++;
      boolean takesRest = valueOf(name) != Value.NONE;
      add(name, column, takesRest ? word.text.substring(at) : "", word.column + at);
      if (takesRest) {
        return;
      }
    }
  }

  private static Value valueOf(String name) {
    IpvsadmOption option = IpvsadmOption.named(name);
    return option == null ? Value.NONE : option.value();
  }

  private void add(String name, int column, String attached, int attachedColumn) {
    Value kind = valueOf(name);
    if (!attached.isEmpty()) {
      if (kind == Value.NONE) {
        throw new Complaint(attachedColumn, "\"" + attached + "\"", name + " without a value");
      }
      int skipped = attached.startsWith("=") ? 1 : 0;
      written.add(new Written(name, column, attached.substring(skipped), attachedColumn + skipped));
      return;
    }
    Word value = next < words.size() ? words.get(next) : null;
    if (kind == Value.NONE || (kind == Value.OPTIONAL && !isValue(value))) {
      written.add(new Written(name, column, "", column));
      return;
    }
    if (value == null || (!isValue(value) && !isSavedMark(name, value))) {
      throw new Complaint(
          value == null ? length + 1 : value.column,
          value == null ? "nothing" : "\"" + value.text + "\"",
          "a value for " + name);
    }
    next++;
    written.add(new Written(name, column, value.text, value.column));
  }

  /** A mark from 2^31 on is saved as if it were signed. */
  private static boolean isSavedMark(String name, Word value) {
    return IpvsadmOption.named(name) == IpvsadmOption.MARK && value.text.matches("-[0-9]+");
  }

  private static boolean isValue(@Nullable Word word) {
    return word != null && !word.text.startsWith("-");
  }
}
