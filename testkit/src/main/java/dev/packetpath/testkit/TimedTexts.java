package dev.packetpath.testkit;

/** Conditions and actions of generated rules, as text, whose answers change within seconds. */
final class TimedTexts {
  private final Draw draw;

  TimedTexts(Draw draw) {
    this.draw = draw;
  }

  String match() {
    return switch (draw.below(8)) {
      case 0, 1 ->
          "-m limit --limit "
              + draw.pick("1/s", "2/s", "5/s", "20/s", "100/min", "10000/s")
              + " --limit-burst "
              + draw.pick("1", "2", "5")
              + " ";
      case 2, 3 -> hashlimit();
      case 4, 5 -> recent();
      case 6 ->
          "-m connlimit --connlimit-"
              + draw.pick("above ", "upto ")
              + draw.below(4)
              + draw.pick(" --connlimit-saddr ", " --connlimit-daddr ");
      default ->
          "-m set " + draw.not() + "--match-set " + fading() + draw.pick(" src", " dst") + " ";
    };
  }

  private String hashlimit() {
    return "-m hashlimit --hashlimit-"
        + draw.pick("upto ", "above ")
        + draw.pick("1/s", "5/s", "50/s", "2kb/s")
        + draw.pick("", " --hashlimit-mode srcip", " --hashlimit-mode dstip,dstport")
        + " --hashlimit-name h"
        + draw.below(2)
        + (draw.isV4() ? "" : "6")
        + draw.pick("", " --hashlimit-htable-expire 300", " --hashlimit-htable-expire 900")
        + " ";
  }

  private String recent() {
    return "-m recent --name t"
        + draw.below(2)
        + (draw.isV4() ? "" : "6")
        + draw.pick(
            " --set",
            " --set",
            " --rcheck --seconds 1",
            " --update --seconds 1",
            " --rcheck --seconds 2 --hitcount 2",
            " --rcheck --seconds 1 --reap",
            " --update --hitcount 2 --rttl",
            " --rcheck --seconds 1 --hitcount 2 --rttl")
        + draw.pick(" ", " --rdest ");
  }

  /** Returns an action that a set forgets after a while. */
  String target() {
    return "-j SET --add-set "
        + fading()
        + draw.pick(" src", " dst")
        + " --exist --timeout "
        + draw.pick("1", "2", "100");
  }

  private String fading() {
    return draw.isV4() ? "fading" : "fading6";
  }
}
