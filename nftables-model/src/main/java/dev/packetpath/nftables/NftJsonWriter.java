package dev.packetpath.nftables;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.packetpath.core.net.IpFamily;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;

/**
 * Writes tables as {@code nft -j list ruleset} prints them (nftables 1.0.6, schema 1), without
 * handles.
 */
public final class NftJsonWriter {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private final JsonGenerator json;
  private IpFamily family = IpFamily.IPV4;

  private NftJsonWriter(JsonGenerator json) {
    this.json = json;
  }

  /**
   * Writes tables, one object a line. Holds one chain's rules at a time.
   *
   * @throws IOException if {@code out} fails
   */
  public static void write(List<NftTable> tables, Writer out) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("nftables");
      json.writeStartObject();
      json.writeObjectFieldStart("metainfo");
      json.writeStringField("version", "1.0.6");
      json.writeNumberField("json_schema_version", 1);
      json.writeEndObject();
      json.writeEndObject();
      NftJsonWriter writer = new NftJsonWriter(json);
      for (NftTable table : tables) {
        writer.table(table);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private void table(NftTable table) throws IOException {
    family = table.family();
    start("table");
    json.writeStringField("family", table.familyWord());
    json.writeStringField("name", table.name());
    end();
    for (NftSet set : table.sets()) {
      set(table, set);
    }
    for (NftChain chain : table.chains()) {
      chain(table, chain);
    }
    for (NftChain chain : table.chains()) {
      for (NftRule rule : chain.rules().get()) {
        rule(table, chain, rule);
      }
    }
  }

  private void start(String what) throws IOException {
    json.writeRaw('\n');
    json.writeStartObject();
    json.writeObjectFieldStart(what);
  }

  private void end() throws IOException {
    json.writeEndObject();
    json.writeEndObject();
  }

  private void set(NftTable table, NftSet set) throws IOException {
    start(set.isMap() ? "map" : "set");
    json.writeStringField("family", table.familyWord());
    json.writeStringField("name", set.name());
    json.writeStringField("table", table.name());
    json.writeFieldName("type");
    if (set.keyTypes().size() == 1) {
      json.writeString(set.keyTypes().get(0));
    } else {
      json.writeStartArray();
      for (String type : set.keyTypes()) {
        json.writeString(type);
      }
      json.writeEndArray();
    }
    if (set.isMap()) {
      json.writeStringField("map", "verdict");
    }
    if (!set.comment().isEmpty()) {
      json.writeStringField("comment", set.comment());
    }
    if (set.timeoutSeconds() > 0) {
      json.writeNumberField("size", 65_535);
    }
    if (set.hasTimeouts()) {
      json.writeArrayFieldStart("flags");
      json.writeString("timeout");
      json.writeEndArray();
    }
    if (set.timeoutSeconds() > 0) {
      json.writeNumberField("timeout", set.timeoutSeconds());
    }
    if (!set.elements().isEmpty() || !set.cases().isEmpty()) {
      json.writeArrayFieldStart("elem");
      for (Expression element : set.elements()) {
        expression(element);
      }
      for (Statement.Case element : set.cases()) {
        element(element);
      }
      json.writeEndArray();
    }
    end();
  }

  private void element(Statement.Case element) throws IOException {
    json.writeStartArray();
    expression(element.key());
    json.writeStartObject();
    verdict(element.verdict());
    json.writeEndObject();
    json.writeEndArray();
  }

  private void chain(NftTable table, NftChain chain) throws IOException {
    start("chain");
    json.writeStringField("family", table.familyWord());
    json.writeStringField("table", table.name());
    json.writeStringField("name", chain.name());
    if (chain.base().isPresent()) {
      NftChain.Base base = chain.base().get();
      json.writeStringField("type", base.type());
      json.writeStringField("hook", base.hook().name().toLowerCase(Locale.ROOT));
      json.writeNumberField("prio", base.priority());
      json.writeStringField("policy", "accept");
    }
    end();
  }

  private void rule(NftTable table, NftChain chain, NftRule rule) throws IOException {
    start("rule");
    json.writeStringField("family", table.familyWord());
    json.writeStringField("table", table.name());
    json.writeStringField("chain", chain.name());
    if (!rule.comment().isEmpty()) {
      json.writeStringField("comment", rule.comment());
    }
    json.writeArrayFieldStart("expr");
    for (Statement statement : rule.statements()) {
      json.writeStartObject();
      statement(statement);
      json.writeEndObject();
    }
    json.writeEndArray();
    end();
  }

  private void statement(Statement statement) throws IOException {
    if (statement instanceof Statement.Match match) {
      json.writeObjectFieldStart("match");
      json.writeStringField("op", match.operator().json());
      field("left", match.left());
      field("right", match.right());
      json.writeEndObject();
    } else if (statement instanceof Statement.VerdictByMap map) {
      json.writeObjectFieldStart("vmap");
      field("key", map.key());
      json.writeStringField("data", "@" + map.map());
      json.writeEndObject();
    } else if (statement instanceof Statement.VerdictByCase map) {
      json.writeObjectFieldStart("vmap");
      field("key", map.key());
      json.writeObjectFieldStart("data");
      json.writeArrayFieldStart("set");
      for (Statement.Case one : map.cases()) {
        element(one);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndObject();
    } else if (statement instanceof Statement.Conclude conclude) {
      verdict(conclude.verdict());
    } else if (statement instanceof Statement.Reject) {
      json.writeObjectFieldStart("reject");
      json.writeStringField("type", family == IpFamily.IPV4 ? "icmp" : "icmpv6");
      json.writeStringField("expr", "port-unreachable");
      json.writeEndObject();
    } else if (statement instanceof Statement.SetMark mark) {
      json.writeObjectFieldStart("mangle");
      Expression old = new Expression.Meta("mark");
      field("key", old);
      field("value", new Expression.Bitwise(mark.operator(), old, mark.bits()));
      json.writeEndObject();
    } else if (statement instanceof Statement.Masquerade masquerade) {
      if (masquerade.fullyRandom()) {
        json.writeObjectFieldStart("masquerade");
        json.writeStringField("flags", "fully-random");
        json.writeEndObject();
      } else {
        json.writeNullField("masquerade");
      }
    } else if (statement instanceof Statement.Dnat dnat) {
      json.writeObjectFieldStart("dnat");
      json.writeStringField("addr", dnat.address().toString());
      json.writeNumberField("port", dnat.port());
      json.writeEndObject();
    } else if (statement instanceof Statement.Update update) {
      json.writeObjectFieldStart("set");
      json.writeStringField("op", "update");
      field("elem", update.key());
      json.writeStringField("set", "@" + update.set());
      json.writeEndObject();
    }
  }

  private void verdict(ChainVerdict verdict) throws IOException {
    if (verdict instanceof ChainVerdict.Jump jump) {
      target("jump", jump.chain());
    } else if (verdict instanceof ChainVerdict.GoTo goTo) {
      target("goto", goTo.chain());
    } else {
      json.writeNullField(NftText.text(verdict));
    }
  }

  private void target(String how, String chain) throws IOException {
    json.writeObjectFieldStart(how);
    json.writeStringField("target", chain);
    json.writeEndObject();
  }

  private void field(String name, Expression expression) throws IOException {
    json.writeFieldName(name);
    expression(expression);
  }

  private void expression(Expression expression) throws IOException {
    if (expression instanceof Expression.Word word) {
      json.writeString(word.text());
    } else if (expression instanceof Expression.Count number) {
      json.writeNumber(number.value());
    } else if (expression instanceof Expression.Expiring element) {
      json.writeStartObject();
      json.writeObjectFieldStart("elem");
      field("val", element.key());
      json.writeNumberField("expires", element.seconds());
      json.writeEndObject();
      json.writeEndObject();
    } else if (expression instanceof Expression.InSet set) {
      json.writeString("@" + set.set());
    } else {
      json.writeStartObject();
      object(expression);
      json.writeEndObject();
    }
  }

  private void object(Expression expression) throws IOException {
    if (expression instanceof Expression.Payload payload) {
      json.writeObjectFieldStart("payload");
      json.writeStringField("protocol", payload.protocol());
      json.writeStringField("field", payload.field());
      json.writeEndObject();
    } else if (expression instanceof Expression.Meta meta) {
      key("meta", meta.key());
    } else if (expression instanceof Expression.Ct ct) {
      key("ct", ct.key());
    } else if (expression instanceof Expression.FibType fib) {
      json.writeObjectFieldStart("fib");
      json.writeStringField("result", "type");
      json.writeArrayFieldStart("flags");
      json.writeString(fib.address());
      json.writeEndArray();
      json.writeEndObject();
    } else if (expression instanceof Expression.Random random) {
      json.writeObjectFieldStart("numgen");
      json.writeStringField("mode", "random");
      json.writeNumberField("mod", random.modulus());
      json.writeNumberField("offset", 0);
      json.writeEndObject();
    } else if (expression instanceof Expression.Concat concat) {
      list("concat", concat.parts());
    } else if (expression instanceof Expression.AnyOf set) {
      list("set", set.elements());
    } else if (expression instanceof Expression.Bitwise bitwise) {
      list(
          bitwise.operator().json(), List.of(bitwise.left(), new Expression.Count(bitwise.bits())));
    } else if (expression instanceof Expression.Range range) {
      json.writeObjectFieldStart("prefix");
      json.writeStringField("addr", range.prefix().address().toString());
      json.writeNumberField("len", range.prefix().length());
      json.writeEndObject();
    }
  }

  private void key(String what, String key) throws IOException {
    json.writeObjectFieldStart(what);
    json.writeStringField("key", key);
    json.writeEndObject();
  }

  private void list(String name, List<Expression> parts) throws IOException {
    json.writeArrayFieldStart(name);
    for (Expression part : parts) {
      expression(part);
    }
    json.writeEndArray();
  }
}
