package dev.packetpath.iptables.match;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.time.LocalDate;

/**
 * {@code -m time}: the wall clock. {@code --kerneltz} is UTC too, as the kernel's own time zone is
 * on nearly every machine.
 *
 * <p>Source: net/netfilter/xt_time.c, Linux 6.1; iptables 1.8.9, libxt_time.c.
 *
 * @param dates from and to when, in seconds since 1970
 * @param daytime from and to when of each day, in seconds; over midnight if it ends before it
 *     starts
 * @param monthdays bit {@code n} for day {@code n} of the month
 * @param weekdays bit {@code n} for the weekday, 1 is Monday
 * @param kernelZone whether {@code --kerneltz} was given
 * @param contiguous whether the part behind midnight belongs to the day before
 */
public record TimeMatch(
    Span dates, Span daytime, int monthdays, int weekdays, boolean kernelZone, boolean contiguous)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("time")
          .option(OptionSpec.value("--timestart"))
          .option(OptionSpec.value("--timestop"))
          .option(OptionSpec.value("--monthdays").orInverted())
          .option(OptionSpec.value("--weekdays").orInverted())
          .option(OptionSpec.value("--datestart"))
          .option(OptionSpec.value("--datestop"))
          .option(OptionSpec.flag("--kerneltz"))
          .option(OptionSpec.flag("--localtz"))
          .option(OptionSpec.flag("--utc"))
          .option(OptionSpec.flag("--contiguous"))
          .readBy(TimeMatch::read);

  private static final long LAST_DATE = Integer.MAX_VALUE;
  private static final int DAY_SECONDS = 86_400;
  private static final Span WHOLE_DAY = new Span(0, DAY_SECONDS - 1);

  /**
   * A span of time, both ends in it.
   *
   * @param start its first second
   * @param stop its last second
   */
  public record Span(long start, long stop) {}

  private static TimeMatch read(OptionValues options) {
    options.atMostOne("--utc", "--kerneltz");
    options.atMostOne("--utc", "--localtz");
    Span daytime =
        new Span(
            TimeText.daytime(options, "--timestart", WHOLE_DAY.start),
            TimeText.daytime(options, "--timestop", WHOLE_DAY.stop));
    boolean contiguous = options.has("--contiguous");
    if (contiguous && daytime.start < daytime.stop) {
      throw options.error(
          options.require("--contiguous"),
          "a time that ends on the day it starts",
          "--timestop before --timestart");
    }
    return new TimeMatch(
        new Span(
            TimeText.date(options, "--datestart", 0),
            TimeText.date(options, "--datestop", LAST_DATE)),
        daytime,
        TimeText.monthdays(options),
        TimeText.weekdays(options),
        options.has("--kerneltz") || options.has("--localtz"),
        contiguous);
  }

  @Override
  public String name() {
    return "time";
  }

  @Override
  public void print(OptionPrinter out) {
    if (!daytime.equals(WHOLE_DAY)) {
      out.option("--timestart", TimeText.clock(daytime.start));
      out.option("--timestop", TimeText.clock(daytime.stop));
    }
    if (monthdays != TimeText.ALL_MONTHDAYS) {
      out.option("--monthdays", TimeText.monthdayNumbers(monthdays));
    }
    if (weekdays != TimeText.ALL_WEEKDAYS) {
      out.option("--weekdays", TimeText.weekdayNames(weekdays));
    }
    if (dates.start != 0) {
      out.option("--datestart", TimeText.dateAndClock(dates.start));
    }
    if (dates.stop != 0) {
      out.option("--datestop", TimeText.dateAndClock(dates.stop));
    }
    if (kernelZone) {
      out.word("--kerneltz");
    }
    if (contiguous) {
      out.word("--contiguous");
    }
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    VirtualClock clock = context.host().clock();
    return (packet, state) ->
        MatchResult.of(holdsAt(Math.floorDiv(clock.wallClockNs(), VirtualClock.NS_PER_SECOND)));
  }

  /** Returns whether the match holds so many seconds after 1970-01-01T00:00:00Z. */
  boolean holdsAt(long seconds) {
    if (seconds < dates.start || seconds > dates.stop) {
      return false;
    }
    long ofDay = Math.floorMod(seconds, DAY_SECONDS);
    boolean late = ofDay >= daytime.start;
    boolean early = ofDay <= daytime.stop;
    boolean overMidnight = daytime.start >= daytime.stop;
    if (overMidnight ? !late && !early : !late || !early) {
      return false;
    }
    long day = Math.floorDiv(seconds, DAY_SECONDS) - (contiguous && overMidnight && early ? 1 : 0);
    int weekday = (int) Math.floorMod(day + 3, 7L) + 1;
    if ((weekdays >> weekday & 1) == 0) {
      return false;
    }
    return monthdays == TimeText.ALL_MONTHDAYS
        || (monthdays >>> LocalDate.ofEpochDay(day).getDayOfMonth() & 1) != 0;
  }
}
