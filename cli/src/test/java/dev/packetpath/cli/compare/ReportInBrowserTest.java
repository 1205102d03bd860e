package dev.packetpath.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens the page in Chromium as a person would; skipped, because there is none, where so. */
final class ReportInBrowserTest {
  private static final String INK = "getComputedStyle(document.body).color";
  private static final String GROUND = "getComputedStyle(document.body).backgroundColor";

  @TempDir private static Path folder;
  private static Chromium browser;

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    Optional<Path> program = Chromium.program();
    assumeTrue(program.isPresent(), "skipped, because there is no chromium");
    Path page = folder.resolve("report.html");
    Files.writeString(page, HtmlReport.of(MadeUp.report()));
    browser = Chromium.open(program.get(), folder.resolve("profile"), page, 1000, 900);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void onAScreen() throws IOException, InterruptedException {
    browser.media("screen", "light");
  }

  @Test
  void theChartsAreDrawnAndNothingComplains() throws IOException, InterruptedException {
    assertThat(number("document.querySelectorAll('.plot svg').length")).isEqualTo(3);
    assertThat(
            number(
                "Math.min(...[...document.querySelectorAll('.plot svg')].map(s=>s.clientHeight))"))
        .isGreaterThan(300);
    assertThat(number("document.querySelectorAll('.bars:not([hidden]) rect').length"))
        .isGreaterThan(10);
    assertThat(browser.evaluate("document.body.innerText").asText())
        .contains("made-up <1>")
        .contains("made up & <escaped>")
        .contains("packetpath compare --profile");
    assertThat(number("performance.getEntriesByType('resource').length")).isZero();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void thePointerIsToldTheValues() throws IOException, InterruptedException {
    browser.pointAt("[data-chart=response-time] svg", 0.72);
    assertThat(visibleTip("[data-chart=response-time]"))
        .contains("10,000 Services")
        .contains("iptables 1.20")
        .contains("published: ipvs")
        .contains("2.046 ms");
    browser.pointAt("h1", 0.1);
    assertThat(visibleTip("[data-chart=response-time]")).isEmpty();
  }

  @Test
  void theKeyboardIsToldThemToo() throws IOException, InterruptedException {
    browser.evaluate("document.querySelector('[data-chart=rules]').focus()");
    browser.press("End");
    assertThat(visibleTip("[data-chart=rules]"))
        .contains("10,000 Services")
        .contains("19,995")
        .contains("0 to 60");
    browser.press("ArrowLeft");
    assertThat(visibleTip("[data-chart=rules]")).contains("5,000 Services");
    browser.press("Escape");
    assertThat(visibleTip("[data-chart=rules]")).isEmpty();
  }

  @Test
  void partsOfTheCostAreTold() throws IOException, InterruptedException {
    browser.pointAt(".bars:not([hidden]) [data-tip*=\"rules 0.\"]", 0.5);
    assertThat(visibleTip(".bars:not([hidden])"))
        .contains("iptables 1.20: walking rules 0.2800 core");
  }

  @Test
  void theBreakdownOfAnotherSizeCanBeChosen() throws IOException, InterruptedException {
    browser.evaluate(
        "(s=>{s.value='100';s.dispatchEvent(new Event('change'))})(document.getElementById('size'))");
    assertThat(
            browser.evaluate("document.querySelector('.bars:not([hidden])').dataset.at").asText())
        .isEqualTo("100-1");
    browser.evaluate(
        "(s=>{s.value='10000';s.dispatchEvent(new Event('change'))})(document.getElementById('size'))");
  }

  @Test
  void itIsDarkForThoseWhoWantItAndLightOnPaper() throws IOException, InterruptedException {
    assertThat(brightness(GROUND)).isGreaterThan(0.9);
    assertThat(brightness(INK)).isLessThan(0.2);
    browser.media("screen", "dark");
    assertThat(brightness(GROUND)).isLessThan(0.2);
    assertThat(brightness(INK)).isGreaterThan(0.8);
    String text = "getComputedStyle(document.querySelector('.plot text')).fill";
    assertThat(brightness(text)).isGreaterThan(0.8);
    browser.media("print", "dark");
    assertThat(brightness(GROUND)).isGreaterThan(0.9);
    assertThat(brightness(text)).isLessThan(0.2);
    assertThat(
            browser
                .evaluate("getComputedStyle(document.querySelector('.choose')).display")
                .asText())
        .isEqualTo("none");
  }

  @Test
  void aNarrowWindowScrollsChartsAndNotThePage() throws IOException, InterruptedException {
    browser.resize(390, 800);
    assertThat(number("document.documentElement.scrollWidth-innerWidth")).isLessThanOrEqualTo(0);
    assertThat(number("document.querySelector('.plot').clientWidth")).isGreaterThan(600);
    browser.resize(1000, 900);
  }

  @Test
  void whatIsDrawnIsAlsoSaid() throws IOException, InterruptedException {
    assertThat(number("document.querySelectorAll('svg[role=img]:not([aria-label])').length"))
        .isZero();
    assertThat(number("document.querySelectorAll('select:not(label select)').length")).isZero();
    assertThat(number("document.querySelectorAll('table caption').length")).isGreaterThan(2);
  }

  @Test
  void somethingIsSeen() throws IOException, InterruptedException {
    assertThat(browser.screenshot()).hasSizeGreaterThan(20_000);
  }

  private static String visibleTip(String box) throws IOException, InterruptedException {
    return browser
        .evaluate(
            "[...document.querySelectorAll('"
                + box
                + " .tip')].filter(t=>!t.hidden).map(t=>t.innerText).join()")
        .asText();
  }

  private static int number(String expression) throws IOException, InterruptedException {
    return browser.evaluate(expression).asInt();
  }

  /** Returns how bright a colour such as {@code rgb(1, 2, 3)} is, from 0 to 1. */
  private static double brightness(String expression) throws IOException, InterruptedException {
    JsonNode parts = browser.evaluate(expression + ".match(/\\d+/g).slice(0,3).map(Number)");
    return (parts.get(0).asDouble() + parts.get(1).asDouble() + parts.get(2).asDouble()) / 765;
  }
}
