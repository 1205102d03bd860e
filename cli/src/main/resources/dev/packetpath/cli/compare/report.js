"use strict";
(() => {
  const charts = JSON.parse(document.getElementById("charts").textContent);

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /** Puts the tip beside a place, inside its box. */
  function place(tip, box, x, y) {
    const room = box.clientWidth;
    tip.style.left = (x + 14 + tip.offsetWidth > room ? Math.max(0, x - 14 - tip.offsetWidth) : x + 14) + "px";
    tip.style.top = Math.max(0, Math.min(y, box.clientHeight - tip.offsetHeight)) + "px";
  }

  function follow(plot) {
    const chart = charts[plot.dataset.chart];
    const svg = plot.querySelector("svg");
    const tip = element("div", "tip");
    tip.hidden = true;
    tip.setAttribute("role", "status");
    plot.append(tip);
    const line = document.createElementNS(svg.namespaceURI, "line");
    line.setAttribute("class", "line");
    line.setAttribute("y1", chart.top);
    line.setAttribute("y2", chart.bottom);
    line.style.display = "none";
    svg.append(line);
    let shown = -1;

    function show(index) {
      const stop = chart.stops[index];
      if (shown !== index) {
        shown = index;
        tip.replaceChildren(element("b", "", stop.title));
        const table = element("table");
        for (const value of stop.values) {
          const row = table.insertRow();
          const swatch = element("span", "swatch");
          swatch.style.borderColor = "var(" + value.ink + ")";
          if (!value.published) swatch.style.background = "var(" + value.ink + ")";
          row.insertCell().append(swatch);
          row.insertCell().textContent = value.name;
          row.insertCell().textContent = value.text;
        }
        tip.append(table);
        line.setAttribute("x1", stop.at);
        line.setAttribute("x2", stop.at);
      }
      tip.hidden = false;
      line.style.display = "";
      const scale = svg.clientWidth / svg.viewBox.baseVal.width;
      place(tip, plot, stop.at * scale, chart.top * scale);
    }

    function hide() {
      shown = -1;
      tip.hidden = true;
      line.style.display = "none";
    }

    plot.addEventListener("pointermove", event => {
      const scale = svg.clientWidth / svg.viewBox.baseVal.width;
      const at = (event.clientX - svg.getBoundingClientRect().left) / scale;
      let nearest = 0;
      chart.stops.forEach((stop, index) => {
        if (Math.abs(stop.at - at) < Math.abs(chart.stops[nearest].at - at)) nearest = index;
      });
      show(nearest);
    });
    plot.addEventListener("pointerleave", hide);
    plot.addEventListener("blur", hide);
    plot.addEventListener("focus", () => { if (plot.matches(":focus-visible")) show(0); });
    plot.addEventListener("keydown", event => {
      const last = chart.stops.length - 1;
      const to = {ArrowRight: Math.min(last, shown + 1), ArrowLeft: Math.max(0, shown - 1), Home: 0, End: last}[event.key];
      if (event.key === "Escape") hide();
      if (to === undefined) return;
      event.preventDefault();
      show(to);
    });
  }

  function tell(bars) {
    const tip = element("div", "tip");
    tip.hidden = true;
    bars.style.position = "relative";
    bars.append(tip);
    bars.addEventListener("pointermove", event => {
      const text = event.target.dataset && event.target.dataset.tip;
      tip.hidden = !text;
      if (!text) return;
      tip.textContent = text;
      const box = bars.getBoundingClientRect();
      place(tip, bars, event.clientX - box.left, event.clientY - box.top + 12);
    });
    bars.addEventListener("pointerleave", () => { tip.hidden = true; });
  }

  function choose() {
    const wanted = document.getElementById("size").value + "-" + document.getElementById("keepalive").value;
    document.querySelectorAll(".bars").forEach(bars => { bars.hidden = bars.dataset.at !== wanted; });
  }

  document.querySelectorAll(".plot").forEach(follow);
  document.querySelectorAll(".bars").forEach(tell);
  document.querySelectorAll(".choose select").forEach(select => select.addEventListener("change", choose));
  window.addEventListener("beforeprint", () =>
    document.querySelectorAll("details").forEach(details => { details.open = true; }));
})();
