package dev.packetpath.cli.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;

/** Paints drawings on light ground, two pixels for each of theirs. */
public final class PngWriter {
  private static final int SCALE = 2;

  private final Graphics2D graphics;

  private PngWriter(Graphics2D graphics) {
    this.graphics = graphics;
  }

  /**
   * Writes a drawing. No display is needed, but fonts are.
   *
   * @throws IOException if it cannot be written, or the system has no font
   */
  public static void write(Drawing drawing, OutputStream out) throws IOException {
    System.setProperty("java.awt.headless", "true");
    BufferedImage image =
        new BufferedImage(
            (int) Math.ceil(drawing.width()) * SCALE,
            (int) Math.ceil(drawing.height()) * SCALE,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      paint(drawing, graphics);
    } catch (RuntimeException | InternalError | UnsatisfiedLinkError e) {
      // What the JDK throws where fontconfig or all fonts are missing.
      throw new IOException("PNG charts: the system's fonts cannot be used: " + e.getMessage(), e);
    } finally {
      graphics.dispose();
    }
    ImageIO.setUseCache(false);
    if (!ImageIO.write(image, "png", out)) {
      throw new IOException("this Java cannot write PNG");
    }
  }

  private static void paint(Drawing drawing, Graphics2D graphics) {
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(SCALE, SCALE);
    graphics.setColor(colour(Ink.SURFACE));
    graphics.fill(new Rectangle2D.Double(0, 0, drawing.width(), drawing.height()));
    PngWriter writer = new PngWriter(graphics);
    drawing.shapes().forEach(writer::shape);
  }

  private void shape(Shape shape) {
    if (shape instanceof Shape.Path path) {
      path(path);
    } else if (shape instanceof Shape.Mark mark) {
      mark(mark);
    } else if (shape instanceof Shape.Bar bar) {
      graphics.setColor(colour(bar.ink()));
      graphics.fill(new Rectangle2D.Double(bar.x(), bar.y(), bar.width(), bar.height()));
    } else if (shape instanceof Shape.Text text) {
      text(text);
    }
  }

  private void path(Shape.Path path) {
    Path2D.Double lines = new Path2D.Double();
    boolean begun = false;
    for (Shape.Place place : path.places()) {
      if (begun) {
        lines.lineTo(place.x(), place.y());
      } else {
        lines.moveTo(place.x(), place.y());
        begun = true;
      }
    }
    graphics.setColor(colour(path.ink()));
    graphics.setStroke(
        path.stroke() == Shape.Stroke.SOLID
            ? new BasicStroke((float) path.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND)
            : new BasicStroke(
                (float) path.width(),
                BasicStroke.CAP_BUTT,
                BasicStroke.JOIN_ROUND,
                1,
                path.stroke().dashes(),
                0));
    graphics.draw(lines);
  }

  private void mark(Shape.Mark mark) {
    double radius = mark.hollow() ? MarkForm.HOLLOW_RADIUS : MarkForm.RADIUS;
    java.awt.Shape outline = outline(mark, radius);
    if (mark.hollow()) {
      graphics.setColor(colour(mark.ink()));
      graphics.setStroke(new BasicStroke(1.8f));
    } else {
      graphics.setColor(colour(mark.ink()));
      graphics.fill(outline);
      graphics.setColor(colour(Ink.SURFACE));
      graphics.setStroke(new BasicStroke(1));
    }
    graphics.draw(outline);
  }

  private static java.awt.Shape outline(Shape.Mark mark, double radius) {
    double x = mark.place().x();
    double y = mark.place().y();
    if (mark.form() == Shape.Form.CIRCLE) {
      return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    }
    Path2D.Double polygon = new Path2D.Double();
    double[][] corners = MarkForm.corners(mark.form(), radius);
    polygon.moveTo(x + corners[0][0], y + corners[0][1]);
    for (int i = 1; i < corners.length; i++) {
      polygon.lineTo(x + corners[i][0], y + corners[i][1]);
    }
    polygon.closePath();
    return polygon;
  }

  private void text(Shape.Text text) {
    graphics.setFont(
        new Font(Font.SANS_SERIF, text.bold() ? Font.BOLD : Font.PLAIN, 1)
            .deriveFont((float) text.size()));
    double width = graphics.getFontMetrics().stringWidth(text.text());
    double left =
        switch (text.anchor()) {
          case START -> text.x();
          case MIDDLE -> text.x() - width / 2;
          case END -> text.x() - width;
        };
    graphics.setColor(colour(text.ink()));
    graphics.drawString(text.text(), (float) left, (float) text.y());
  }

  private static Color colour(Ink ink) {
    return new Color(ink.light());
  }
}
