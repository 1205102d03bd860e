package dev.packetpath.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class ChartDrawingTest {
  private static final Chart CHART =
      new Chart(
          "Lines <&> marks",
          "made up",
          "Services",
          "time, ms",
          Chart.Scale.LINEAR,
          ImmutableList.of(
              Series.named("a").points(List.of(Point.of(10, 1), Point.of(1000, 4))).build(),
              Series.named("b")
                  .ink(Ink.BLUE)
                  .squares()
                  .dashed()
                  .points(List.of(Point.of(10, 1.1), Point.of(1000, 4.05)))
                  .build(),
              Series.named("published")
                  .published()
                  .points(List.of(Point.of(10, 1), new Point(1000, 2, 3)))
                  .build()),
          ImmutableList.of(
              new Chart.Key(Series.named("k").published().build().look(), "published")));

  @Test
  void namesAtTheEndsOfLinesStandApart() {
    List<Shape.Text> labels =
        ChartDrawing.of(CHART).shapes().stream()
            .filter(Shape.Text.class::isInstance)
            .map(Shape.Text.class::cast)
            .filter(text -> text.text().equals("a") || text.text().equals("b"))
            .toList();
    assertThat(labels).hasSize(2);
    assertThat(Math.abs(labels.get(0).y() - labels.get(1).y())).isGreaterThanOrEqualTo(15);
  }

  @Test
  void valuesAreFoundWhereTheirMarksStand() {
    Hover hover = ChartDrawing.hover(CHART);
    assertThat(hover.stops()).extracting(Hover.Stop::x).containsExactly(10.0, 1000.0);
    Hover.Stop last = hover.stops().get(1);
    assertThat(last.values()).hasSize(3);
    assertThat(ChartDrawing.of(CHART).shapes())
        .filteredOn(Shape.Mark.class::isInstance)
        .extracting(shape -> ((Shape.Mark) shape).place())
        .contains(new Shape.Place(last.at(), last.values().get(0).at()));
  }

  @Test
  void theSvgIsXmlThatSaysWhatItShows() throws Exception {
    String svg = SvgWriter.file(ChartDrawing.of(CHART));
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    assertThat(document.getDocumentElement().getAttribute("aria-label"))
        .isEqualTo("Lines <&> marks. made up");
    NodeList dashed = document.getElementsByTagName("path");
    boolean found = false;
    for (int i = 0; i < dashed.getLength(); i++) {
      found |= dashed.item(i).getAttributes().getNamedItem("stroke-dasharray") != null;
    }
    assertThat(found).isTrue();
    assertThat(svg).contains("prefers-color-scheme:dark").doesNotContain("NaN", "<script");
  }

  @Test
  void thePngHasTheSameShapes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Drawing drawing = ChartDrawing.of(CHART);
    PngWriter.write(drawing, bytes);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes.toByteArray()));
    assertThat(image.getWidth()).isEqualTo((int) drawing.width() * 2);
    Hover.Stop last = ChartDrawing.hover(CHART).stops().get(1);
    int atSquare =
        image.getRGB((int) (2 * last.at()), (int) (2 * last.values().get(1).at())) & 0xffffff;
    assertThat(atSquare).isEqualTo(Ink.BLUE.light());
    assertThat(image.getRGB(1, 1) & 0xffffff).isEqualTo(0xffffff);
  }

  @Test
  void barsAreAsLongAsTheirParts() {
    BarChart chart =
        new BarChart(
            "bars",
            "cores",
            1,
            ImmutableList.of(new BarChart.Kind("x", Ink.BLUE), new BarChart.Kind("y", Ink.GREEN)),
            ImmutableList.of(new BarChart.Bar("one", ImmutableList.of(0.25, 0.5), "0.75")));
    List<Shape.Bar> parts =
        chart.drawing().shapes().stream()
            .filter(Shape.Bar.class::isInstance)
            .map(Shape.Bar.class::cast)
            .filter(bar -> bar.about().startsWith("one"))
            .toList();
    assertThat(parts)
        .extracting(Shape.Bar::about)
        .containsExactly("one: x 0.2500 core", "one: y 0.5000 core");
    assertThat((parts.get(1).width() + 1) / (parts.get(0).width() + 1)).isEqualTo(2);
  }

  @Test
  void pointsThatAreNoneAreRefused() {
    assertThatThrownBy(() -> Point.of(1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Series.named("back").points(List.of(Point.of(2, 1), Point.of(1, 1))).build())
        .hasMessageContaining("x rising");
  }
}
