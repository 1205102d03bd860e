package dev.packetpath.iptables.match;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionValues;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of {@code -m time} as text (iptables 1.8.9, libxt_time.c). */
final class TimeText {
  static final int ALL_MONTHDAYS = 0xffff_fffe;
  static final int ALL_WEEKDAYS = 0xfe;

  private static final String[] WEEKDAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  private static final Pattern CLOCK = Pattern.compile("(\\d*):(\\d*)(?::(\\d*))?");
  private static final Pattern DATE =
      Pattern.compile("(\\d+)(?:-(\\d*)(?:-(\\d*)(?:T(?:(\\d*)(?::(\\d*)(?::(\\d*))?)?)?)?)?)?");
  private static final DateTimeFormatter DATE_AND_CLOCK =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int MONTH_DAYS = 31;

  /** How much the real tool reads of a day of the month. */
  private static final int MONTHDAY_CHARS = 2;

  private TimeText() {}

  /** Returns the seconds since midnight of {@code hh:mm[:ss]}. */
  static long daytime(OptionValues options, String name, long absent) {
    return options.get(name).map(given -> daytime(options, given)).orElse(absent);
  }

  private static long daytime(OptionValues options, OptionValues.Given given) {
    Matcher text = CLOCK.matcher(given.value());
    if (text.matches()) {
      long hour = part(text, 1, 0);
      long minute = part(text, 2, 0);
      long second = part(text, 3, 0);
      if (hour < 24 && minute < 60 && second < 60) {
        return hour * 3600 + minute * 60 + second;
      }
    }
    throw bad(options, given, "hh:mm[:ss] up to 23:59:59");
  }

  /** Returns the seconds since 1970 of {@code YYYY[-MM[-DD[Thh[:mm[:ss]]]]]}. */
  static long date(OptionValues options, String name, long absent) {
    return options.get(name).map(given -> date(options, given)).orElse(absent);
  }

  private static long date(OptionValues options, OptionValues.Given given) {
    Matcher text = DATE.matcher(given.value());
    if (text.matches()) {
      long year = part(text, 1, 0);
      long month = part(text, 2, 1);
      long day = part(text, 3, 1);
      long hour = part(text, 4, 0);
      long minute = part(text, 5, 0);
      long second = part(text, 6, 0);
      boolean isDay = year >= 1970 && year <= 2038 && month <= 12 && day <= 31;
      if (isDay && hour < 24 && minute < 60 && second < 60) {
        // Month and day 0 are those before the first.
        LocalDate first = LocalDate.of((int) year, 1, 1).plusMonths(month - 1);
        long days = first.toEpochDay() + day - 1;
        if (days >= 0) {
          return ((days * 24 + hour) * 60 + minute) * 60 + second;
        }
      }
    }
    throw bad(options, given, "YYYY[-MM[-DD[Thh[:mm[:ss]]]]] of 1970 to 2038");
  }

  private static long part(Matcher text, int group, long absent) {
    String digits = text.group(group);
    if (digits == null) {
      return absent;
    }
    if (digits.isEmpty()) {
      return 0;
    }
    return digits.length() > 9 ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  /** Returns the days of the month as bits; day 0 is none. */
  static int monthdays(OptionValues options) {
    if (!options.has("--monthdays")) {
      return ALL_MONTHDAYS;
    }
    OptionValues.Given given = options.require("--monthdays");
    int bits = 0;
    for (String word : Splitter.on(',').omitEmptyStrings().split(given.value())) {
      long day = Numbers.parse(word.substring(0, Math.min(word.length(), MONTHDAY_CHARS)));
      if (day < 0 || day > MONTH_DAYS) {
        throw bad(options, given, "days 1 to 31 with commas");
      }
      bits |= 1 << day;
    }
    return given.inverted() ? ALL_MONTHDAYS ^ bits : bits;
  }

  /** Returns the weekdays as bits, 1 for Monday; day 8 is none. */
  static int weekdays(OptionValues options) {
    if (!options.has("--weekdays")) {
      return ALL_WEEKDAYS;
    }
    OptionValues.Given given = options.require("--weekdays");
    int bits = 0;
    String list = given.value();
    list = list.endsWith(",") ? list.substring(0, list.length() - 1) : list;
    for (String word : Splitter.on(',').split(list)) {
      bits |= given.value().isEmpty() ? 0 : weekday(options, given, word);
    }
    return given.inverted() ? ALL_WEEKDAYS ^ bits : bits;
  }

  private static int weekday(OptionValues options, OptionValues.Given given, String word) {
    for (int i = 0; i < WEEKDAYS.length; i++) {
      if (word.startsWith(WEEKDAYS[i].substring(0, 2))) {
        return 2 << i;
      }
    }
    long number = Numbers.parse(word);
    if (number < 1 || number > WEEKDAYS.length + 1) {
      throw bad(options, given, "Mon Tue Wed Thu Fri Sat Sun or 1 to 7, with commas");
    }
    return (1 << number) & ALL_WEEKDAYS;
  }

  private static SyntaxException bad(
      OptionValues options, OptionValues.Given given, String expected) {
    return options.error(given, "\"" + given.value() + "\"", expected);
  }

  static String clock(long secondsOfDay) {
    return DATE_AND_CLOCK.format(Instant.ofEpochSecond(secondsOfDay)).substring(11);
  }

  static String dateAndClock(long seconds) {
    return DATE_AND_CLOCK.format(Instant.ofEpochSecond(seconds));
  }

  static String monthdayNumbers(int bits) {
    List<Integer> days = new ArrayList<>();
    for (int day = 1; day <= MONTH_DAYS; day++) {
      if ((bits >>> day & 1) != 0) {
        days.add(day);
      }
    }
    return Joiner.on(',').join(days);
  }

  static String weekdayNames(int bits) {
    List<String> days = new ArrayList<>();
    for (int i = 0; i < WEEKDAYS.length; i++) {
      if ((bits >> (i + 1) & 1) != 0) {
        days.add(WEEKDAYS[i]);
      }
    }
    return Joiner.on(',').join(days);
  }
}
