package dev.packetpath.cli.chart;

import com.google.common.xml.XmlEscapers;
import java.util.Locale;

/** Writes drawings as SVG: as files of their own, or as parts of a page. */
public final class SvgWriter {
  private static final String FONT =
      "font-family=\"system-ui,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif\"";

  private final StringBuilder out = new StringBuilder();

  private SvgWriter() {}

  /** Returns a file, which follows the reader's wish for light or dark. */
  public static String file(Drawing drawing) {
    SvgWriter writer = new SvgWriter();
    writer.out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    writer.begin(drawing, " width=\"" + number(drawing.width()) + "\"");
    writer.out.append("<style>\n").append(Ink.css()).append("</style>\n");
    writer
        .out
        .append("<rect width=\"100%\" height=\"100%\"")
        .append(fill(Ink.SURFACE))
        .append("/>\n");
    writer.end(drawing);
    return writer.out.toString();
  }

  /** Returns an element for a page that has {@link Ink#css}. */
  public static String element(Drawing drawing) {
    SvgWriter writer = new SvgWriter();
    writer.begin(drawing, "");
    writer.end(drawing);
    return writer.out.toString();
  }

  private void begin(Drawing drawing, String attributes) {
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
        .append(number(drawing.width()))
        .append(' ')
        .append(number(drawing.height()))
        .append('"')
        .append(attributes)
        .append(" role=\"img\" aria-label=\"")
        .append(escape(drawing.about()))
        .append("\" ")
        .append(FONT)
        .append(">\n");
  }

  private void end(Drawing drawing) {
    drawing.shapes().forEach(this::shape);
    out.append("</svg>\n");
  }

  private void shape(Shape shape) {
    if (shape instanceof Shape.Path path) {
      path(path);
    } else if (shape instanceof Shape.Mark mark) {
      mark(mark);
    } else if (shape instanceof Shape.Bar bar) {
      bar(bar);
    } else if (shape instanceof Shape.Text text) {
      text(text);
    }
  }

  private void path(Shape.Path path) {
    out.append("<path d=\"");
    char command = 'M';
    for (Shape.Place place : path.places()) {
      out.append(command).append(number(place.x())).append(' ').append(number(place.y()));
      command = 'L';
    }
    out.append("\" fill=\"none\" stroke-width=\"").append(number(path.width())).append('"');
    float[] dashes = path.stroke().dashes();
    if (dashes.length > 0) {
      out.append(" stroke-dasharray=\"").append(number(dashes[0])).append(' ');
      out.append(number(dashes[1])).append('"');
    }
    out.append(" stroke-linejoin=\"round\"").append(stroke(path.ink())).append("/>\n");
  }

  private void mark(Shape.Mark mark) {
    double x = mark.place().x();
    double y = mark.place().y();
    double r = mark.hollow() ? MarkForm.HOLLOW_RADIUS : MarkForm.RADIUS;
    if (mark.form() == Shape.Form.CIRCLE) {
      out.append("<circle cx=\"").append(number(x)).append("\" cy=\"").append(number(y));
      out.append("\" r=\"").append(number(r)).append('"');
    } else {
      out.append("<polygon points=\"");
      for (double[] corner : MarkForm.corners(mark.form(), r)) {
        out.append(number(x + corner[0])).append(',').append(number(y + corner[1])).append(' ');
      }
      out.setLength(out.length() - 1);
      out.append('"');
    }
    if (mark.hollow()) {
      out.append(" style=\"fill:none;stroke:var(").append(mark.ink().variable());
      out.append(")\" stroke-width=\"1.8\"/>\n");
    } else {
      out.append(" style=\"fill:var(").append(mark.ink().variable());
      out.append(");stroke:var(").append(Ink.SURFACE.variable());
      out.append(")\" stroke-width=\"1\"/>\n");
    }
  }

  private void bar(Shape.Bar bar) {
    out.append("<rect x=\"").append(number(bar.x())).append("\" y=\"").append(number(bar.y()));
    out.append("\" width=\"").append(number(bar.width()));
    out.append("\" height=\"").append(number(bar.height())).append('"').append(fill(bar.ink()));
    out.append(" data-tip=\"").append(escape(bar.about())).append("\"/>\n");
  }

  private void text(Shape.Text text) {
    out.append("<text x=\"").append(number(text.x())).append("\" y=\"").append(number(text.y()));
    out.append("\" font-size=\"").append(number(text.size())).append('"');
    if (text.bold()) {
      out.append(" font-weight=\"600\"");
    }
    if (text.anchor() != Shape.Anchor.START) {
      out.append(" text-anchor=\"").append(text.anchor().name().toLowerCase(Locale.ROOT));
      out.append('"');
    }
    out.append(fill(text.ink())).append('>').append(escape(text.text())).append("</text>\n");
  }

  private static String fill(Ink ink) {
    return " style=\"fill:var(" + ink.variable() + ")\"";
  }

  private static String stroke(Ink ink) {
    return " style=\"stroke:var(" + ink.variable() + ")\"";
  }

  private static String escape(String text) {
    return XmlEscapers.xmlAttributeEscaper().escape(text);
  }

  /** Returns a number with at most two digits behind the point. */
  private static String number(double value) {
    long hundredths = Math.round(value * 100);
    String sign = hundredths < 0 ? "-" : "";
    long positive = Math.abs(hundredths);
    long rest = positive % 100;
    String whole = sign + positive / 100;
    if (rest == 0) {
      return whole;
    }
    return whole + (rest % 10 == 0 ? "." + rest / 10 : String.format(Locale.ROOT, ".%02d", rest));
  }
}
