package dev.packetpath.iptables.ipset;

import com.google.common.collect.ImmutableSet;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the rest of an {@code add}, {@code del} or {@code test} line. */
final class EntryReader {
  private static final Pattern MARK =
      Pattern.compile("0[xX]([0-9a-fA-F]{1,8})(?:/0[xX]([0-9a-fA-F]{1,8}))?");
  private static final Pattern PRIORITY =
      Pattern.compile("(?:0[xX])?([0-9a-fA-F]{1,4}):(?:0[xX])?([0-9a-fA-F]{1,4})");

  private static final ImmutableSet<String> SKB_OPTIONS =
      ImmutableSet.of("skbmark", "skbprio", "skbqueue");

  private final IpsetLine line;
  private final SetSpec spec;
  private final SetEntry.Builder entry;
  private final Set<String> seen = new HashSet<>();
  private SkbInfo skbinfo = SkbInfo.NONE;

  private EntryReader(IpsetLine line, SetSpec spec, boolean test) {
    this.line = line;
    this.spec = spec;
    String text = line.next("an element of " + spec.type());
    SetElement element = ElementReader.read(line, spec.type(), spec.family(), text);
    if (test) {
      for (int i = 0; i < element.parts().size(); i++) {
        if (isSeveral(element.parts().get(i), spec.type().parts().get(i))) {
          throw line.here("an element without ranges");
        }
      }
    }
    this.entry = SetEntry.builder(element);
  }

  /** Whether ipset takes a part for several elements, of which it asks for none but in hash:ip. */
  private boolean isSeveral(ElementPart part, SetType.Part kind) {
    if (part instanceof ElementPart.Ports ports) {
      return ports.first() < ports.last();
    }
    boolean isBlock =
        kind == SetType.Part.ADDRESS
            && part instanceof ElementPart.Network network
            && network.prefix().length() < spec.family().bits();
    return spec.type() != SetType.HASH_IP && (isBlock || part instanceof ElementPart.Range);
  }

  static SetEntry readAdd(IpsetLine line, SetSpec spec) {
    EntryReader reader = new EntryReader(line, spec, false);
    while (line.hasNext()) {
      reader.readAddOption(line.next("an option"));
    }
    boolean skb = SKB_OPTIONS.stream().anyMatch(reader.seen::contains);
    if (skb && !spec.skbinfo()) {
      throw line.refused(2, IpsetError.NO_SKBINFO.message(), IpsetError.NO_SKBINFO.expected());
    }
    return reader.entry.skbinfo(reader.skbinfo).build();
  }

  static SetEntry readDelete(IpsetLine line, SetSpec spec) {
    EntryReader reader = new EntryReader(line, spec, false);
    while (line.hasNext()) {
      reader.readPlacement(line.next("an option"));
    }
    return reader.entry.build();
  }

  static SetEntry readTest(IpsetLine line, SetSpec spec) {
    EntryReader reader = new EntryReader(line, spec, true);
    while (line.hasNext()) {
      String option = line.next("an option");
      if (option.equals("nomatch") && spec.type().hasNomatch()) {
        reader.entry.nomatch(true);
      } else {
        reader.readPlacement(option);
      }
    }
    return reader.entry.build();
  }

  private void readAddOption(String option) {
    switch (option) {
      case "timeout" -> {
        once(option, option);
        entry.timeoutSeconds(
            line.nextNumber("the value of timeout", 0, SetSpec.MAX_TIMEOUT_SECONDS));
      }
      case "packets" -> {
        once(option, option);
        entry.packets(line.nextCounter("the value of packets"));
      }
      case "bytes" -> {
        once(option, option);
        entry.bytes(line.nextCounter("the value of bytes"));
      }
      case "comment" -> readComment();
      case "skbmark" -> readMark();
      case "skbprio" -> readPriority();
      case "skbqueue" -> {
        once(option, option);
        int queue = (int) line.nextNumber("the value of skbqueue", 0, 0xffff);
        skbinfo = new SkbInfo(skbinfo.mark(), skbinfo.mask(), skbinfo.priority(), queue);
      }
      case "nomatch" -> {
        if (!spec.type().hasNomatch()) {
          throw unknownOption();
        }
        entry.nomatch(true);
      }
      case "wildcard" -> {
        if (spec.type() != SetType.HASH_NET_IFACE) {
          throw unknownOption();
        }
        entry.wildcard(true);
      }
      default -> readPlacement(option);
    }
  }

  private RuntimeException unknownOption() {
    return line.here("an option of an element of " + spec.type());
  }

  private void once(String group, String option) {
    if (!seen.add(group)) {
      throw line.here(option + " only once");
    }
  }

  private void readComment() {
    once("comment", "comment");
    String comment = line.next("a comment");
    if (comment.indexOf('"') >= 0) {
      throw line.here("a comment without '\"'");
    }
    if (comment.length() > SetEntry.MAX_COMMENT_LENGTH) {
      throw line.here("a comment of at most 255 characters");
    }
    entry.comment(comment);
  }

  private void readMark() {
    once("skbmark", "skbmark");
    String expected = "a mark as 0xMARK or 0xMARK/0xMASK";
    Matcher matcher = MARK.matcher(line.next(expected));
    if (!matcher.matches()) {
      throw line.here(expected);
    }
    String mask = matcher.group(2);
    skbinfo =
        new SkbInfo(
            Integer.parseUnsignedInt(matcher.group(1), 16),
            mask == null ? -1 : Integer.parseUnsignedInt(mask, 16),
            skbinfo.priority(),
            skbinfo.queue());
  }

  private void readPriority() {
    once("skbprio", "skbprio");
    String expected = "a priority as MAJOR:MINOR in hexadecimal";
    Matcher matcher = PRIORITY.matcher(line.next(expected));
    if (!matcher.matches()) {
      throw line.here(expected);
    }
    int major = Integer.parseInt(matcher.group(1), 16);
    int minor = Integer.parseInt(matcher.group(2), 16);
    skbinfo = new SkbInfo(skbinfo.mark(), skbinfo.mask(), major << 16 | minor, skbinfo.queue());
  }

  private void readPlacement(String option) {
    if (spec.type() != SetType.LIST_SET || !(option.equals("before") || option.equals("after"))) {
      throw unknownOption();
    }
    once("placement", "before or after");
    SetEntry.Placement.Side side =
        option.equals("before") ? SetEntry.Placement.Side.BEFORE : SetEntry.Placement.Side.AFTER;
    entry.placement(new SetEntry.Placement(side, line.next("the name of a member")));
  }
}
