package dev.packetpath.nftables;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import java.util.List;

/** Reads the parts of rules from their JSON. */
final class RuleJson {
  private static final int MAX_PORT = 65_535;
  private static final long MAX_UINT32 = 0xffff_ffffL;

  private RuleJson() {}

  private static String kind(JsonNode object) {
    if (!object.isObject() || object.size() != 1) {
      throw new NftJsonException(object.toString(), "an object of one field");
    }
    return object.fieldNames().next();
  }

  static Statement statement(JsonNode object) {
    String kind = kind(object);
    JsonNode fields = object.path(kind);
    return switch (kind) {
      case "match" ->
          new Statement.Match(
              comparison(fields.path("op").asText()),
              expression(fields.path("left")),
              expression(fields.path("right")));
      case "vmap" -> verdictMap(fields);
      case "accept", "drop", "return", "jump", "goto" -> new Statement.Conclude(verdict(object));
      case "reject" -> reject(fields);
      case "mangle" -> setMark(fields);
      case "masquerade" -> masquerade(fields);
      case "dnat" -> dnat(fields);
      case "set" -> update(fields);
      default -> throw new NftJsonException("statement \"" + kind + "\"", "one that is modelled");
    };
  }

  private static Statement.Comparison comparison(String operator) {
    for (Statement.Comparison comparison : Statement.Comparison.values()) {
      if (comparison.json().equals(operator)) {
        return comparison;
      }
    }
    throw new NftJsonException("operator \"" + operator + "\"", "==, != or in");
  }

  private static Statement verdictMap(JsonNode fields) {
    Expression key = expression(fields.path("key"));
    JsonNode data = fields.path("data");
    if (data.isTextual()) {
      return new Statement.VerdictByMap(key, setName(data));
    }
    ImmutableList.Builder<Statement.Case> cases = ImmutableList.builder();
    data.path("set").forEach(element -> cases.add(element(element)));
    return new Statement.VerdictByCase(key, cases.build());
  }

  /** Reads an element of a map: a key and a verdict. */
  static Statement.Case element(JsonNode element) {
    if (!element.isArray() || element.size() != 2) {
      throw new NftJsonException(element.toString(), "[key, verdict]");
    }
    return new Statement.Case(expression(element.get(0)), verdict(element.get(1)));
  }

  private static ChainVerdict verdict(JsonNode object) {
    String kind = kind(object);
    String target = object.path(kind).path("target").asText();
    return switch (kind) {
      case "accept" -> new ChainVerdict.Accept();
      case "drop" -> new ChainVerdict.Drop();
      case "return" -> new ChainVerdict.Return();
      case "jump" -> new ChainVerdict.Jump(target);
      case "goto" -> new ChainVerdict.GoTo(target);
      default -> throw new NftJsonException("verdict \"" + kind + "\"", "one that is modelled");
    };
  }

  private static Statement reject(JsonNode fields) {
    String type = fields.path("type").asText("icmp");
    if (!type.startsWith("icmp")) {
      throw new NftJsonException("reject with \"" + type + "\"", "an ICMP error");
    }
    String with = fields.path("expr").asText("port-unreachable");
    if (!with.equals("port-unreachable")) {
      throw new NftJsonException("reject with \"" + with + "\"", "port-unreachable");
    }
    return new Statement.Reject();
  }

  private static Statement setMark(JsonNode fields) {
    if (expression(fields.path("key")) instanceof Expression.Meta meta
        && meta.key().equals("mark")
        && expression(fields.path("value")) instanceof Expression.Bitwise bitwise
        && bitwise.left().equals(meta)) {
      return new Statement.SetMark(bitwise.operator(), bitwise.bits());
    }
    throw new NftJsonException(fields.toString(), "the mark with some of its bits changed");
  }

  private static Statement masquerade(JsonNode fields) {
    String flags = fields.path("flags").asText("");
    boolean isKnown = fields.isEmpty() || (fields.size() == 1 && flags.equals("fully-random"));
    if (!isKnown) {
      throw new NftJsonException("masquerade with " + fields, "fully-random or nothing");
    }
    return new Statement.Masquerade(!flags.isEmpty());
  }

  private static Statement dnat(JsonNode fields) {
    if (fields.has("flags") || !fields.path("addr").isTextual() || !fields.path("port").isInt()) {
      throw new NftJsonException("dnat to " + fields, "an address and a port");
    }
    int port = fields.path("port").asInt();
    if (port < 0 || port > MAX_PORT) {
      throw new NftJsonException("port " + port, "a number 0.." + MAX_PORT);
    }
    return new Statement.Dnat(address(fields.path("addr")), port);
  }

  private static Statement update(JsonNode fields) {
    String operator = fields.path("op").asText();
    if (!operator.equals("update")) {
      throw new NftJsonException("set \"" + operator + "\"", "update");
    }
    return new Statement.Update(setName(fields.path("set")), expression(fields.path("elem")));
  }

  private static String setName(JsonNode name) {
    if (!name.asText().startsWith("@")) {
      throw new NftJsonException("set " + name, "a name behind @");
    }
    return name.asText().substring(1);
  }

  private static IpAddress address(JsonNode text) {
    if (!IpAddress.isAddress(text.asText())) {
      throw new NftJsonException(text.toString(), "an IP address");
    }
    return IpAddress.parse(text.asText());
  }

  private static Expression prefix(JsonNode fields) {
    IpAddress address = address(fields.path("addr"));
    JsonNode length = fields.path("len");
    if (!length.isInt() || length.asInt() < 0 || length.asInt() > address.family().bits()) {
      throw new NftJsonException("length " + length, "a number 0.." + address.family().bits());
    }
    return new Expression.Range(IpPrefix.of(address, length.asInt()));
  }

  static Expression expression(JsonNode value) {
    if (value.isTextual()) {
      String text = value.asText();
      return text.startsWith("@")
          ? new Expression.InSet(text.substring(1))
          : new Expression.Word(text);
    }
    if (value.isIntegralNumber()) {
      return new Expression.Count(value.asLong());
    }
    String kind = kind(value);
    JsonNode fields = value.path(kind);
    return switch (kind) {
      case "payload" -> payload(fields);
      case "meta" -> new Expression.Meta(fields.path("key").asText());
      case "ct" -> new Expression.Ct(fields.path("key").asText());
      case "fib" -> fib(fields);
      case "numgen" -> random(fields);
      case "concat" -> new Expression.Concat(list(fields));
      case "set" -> new Expression.AnyOf(list(fields));
      case "prefix" -> prefix(fields);
      case "elem" -> element(fields, "comment");
      case "&" -> bitwise(Expression.Operator.AND, fields);
      case "|" -> bitwise(Expression.Operator.OR, fields);
      case "^" -> bitwise(Expression.Operator.XOR, fields);
      default -> throw new NftJsonException("expression \"" + kind + "\"", "one that is modelled");
    };
  }

  private static Expression payload(JsonNode fields) {
    if (!fields.has("protocol") || !fields.has("field")) {
      throw new NftJsonException("payload " + fields, "a field of a header");
    }
    return new Expression.Payload(fields.path("protocol").asText(), fields.path("field").asText());
  }

  private static Expression fib(JsonNode fields) {
    JsonNode flags = fields.path("flags");
    String address = flags.isArray() ? flags.path(0).asText() : flags.asText();
    boolean isKnown =
        fields.path("result").asText().equals("type")
            && flags.size() <= 1
            && (address.equals("saddr") || address.equals("daddr"));
    if (!isKnown) {
      throw new NftJsonException("fib " + fields, "the type of saddr or of daddr alone");
    }
    return new Expression.FibType(address);
  }

  /** Reads an element of a set with a name, which may have an end. */
  static Expression setElement(JsonNode element) {
    JsonNode fields = element.path("elem");
    if (!fields.has("timeout") && !fields.has("expires")) {
      return expression(element);
    }
    JsonNode left = fields.has("expires") ? fields.path("expires") : fields.path("timeout");
    long seconds = left.isIntegralNumber() && left.canConvertToLong() ? left.asLong() : -1;
    if (seconds < 0 || seconds > Expression.Expiring.MOST_SECONDS) {
      throw new NftJsonException(
          "an element for " + left + " seconds", "0 to " + Expression.Expiring.MOST_SECONDS);
    }
    return new Expression.Expiring(element(fields, "comment", "timeout", "expires"), seconds);
  }

  private static Expression element(JsonNode fields, String... known) {
    fields
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals("val") && !List.of(known).contains(name)) {
                throw new NftJsonException("an element with \"" + name + "\"", "its value alone");
              }
            });
    return expression(fields.path("val"));
  }

  private static Expression random(JsonNode fields) {
    if (!fields.path("mode").asText().equals("random") || fields.path("offset").asLong() != 0) {
      throw new NftJsonException("numgen " + fields, "random without an offset");
    }
    long modulus = fields.path("mod").asLong();
    if (modulus < 1 || modulus > MAX_UINT32) {
      throw new NftJsonException("numgen " + fields, "a mod of 1 to " + MAX_UINT32);
    }
    return new Expression.Random(modulus);
  }

  private static Expression bitwise(Expression.Operator operator, JsonNode sides) {
    if (!sides.isArray() || sides.size() != 2 || !sides.path(1).isIntegralNumber()) {
      throw new NftJsonException(operator.json() + " of " + sides, "a field and a number");
    }
    return new Expression.Bitwise(operator, expression(sides.path(0)), sides.path(1).asLong());
  }

  private static ImmutableList<Expression> list(JsonNode parts) {
    ImmutableList.Builder<Expression> list = ImmutableList.builder();
    parts.forEach(part -> list.add(expression(part)));
    return list.build();
  }
}
