// Draws the charts of a page from the data beside them. Without this file their tables stand.
(() => {
  "use strict";
  const PAPER = {
    series: ["#12436d", "#28a197", "#801650", "#d3560f"],
    text: "#16282c", muted: "#4d6165", line: "#dde5e4", surface: "#fff",
  };
  const PAPER_SIZE = { width: 640, height: 300 }; // app.css makes this room on paper
  const LEFT = 82;
  const MARKS = ["circle", "rect", "triangle", "diamond"];
  const drawn = new Map();
  let onPaper = false;

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // A colour token as the theme now shows it: the tokens themselves hold one for each theme.
  const probe = document.body.appendChild(Object.assign(document.createElement("i"), { hidden: true }));
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };

  // The colours of the page as it is now shown; paper is always light.
  const palette = () => onPaper ? PAPER : {
    series: [1, 2, 3, 4].map((n) => colour(`--series-${n}`)),
    text: colour("--text"), muted: colour("--muted"), line: colour("--line"), surface: colour("--surface"),
  };

  const writer = (data, options) => new Intl.NumberFormat(data.language, options);
  const minus = (text) => text.replace("-", "\u2212");
  const withSign = (series, text) => {
    const space = series.sign && series.sign !== "%" ? "\u00a0" : "";
    return `${minus(text)}${space}${series.sign}`;
  };

  function element(name, className, ...children) {
    const made = document.createElement(name);
    made.className = className;
    made.append(...children);
    return made;
  }

  const titleOf = (data, point) =>
    data.labels[point] + (point === data.unfinished ? ` (${data.unfinishedNote})` : "");

  // Elements rather than markup: the content policy refuses styles in markup.
  function tip(data) {
    const exact = data.series.map(({ digits }) =>
      writer(data, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
    return (points) => {
      const box = element("div", "chart-tip", element("div", "chart-tip-title", titleOf(data, points[0].dataIndex)));
      data.series.forEach((series, index) => {
        const value = series.values[points[0].dataIndex];
        const figure = value === null ? "—" : withSign(series, exact[index].format(value / series.scale));
        box.append(element("div", `chart-tip-row chart-tip-${index % 4 + 1}`,
          element("span", "", series.name), element("strong", "", figure)));
      });
      return box;
    };
  }

  function seriesOf(data, colours) {
    return data.series.map((series, index) => {
      const colour = colours.series[index % 4];
      const line = series.kind === "line";
      const decal = index % 4 === 2 ? { color: colours.surface, dashArrayX: [1, 0], dashArrayY: [1.5, 3.5], rotation: -0.8 } : undefined;
      return {
        name: series.name,
        type: series.kind,
        stack: series.stack || undefined,
        xAxisIndex: series.lane,
        yAxisIndex: series.lane,
        data: series.values.map((value, point) => ({
          value: value === null ? null : (series.below ? -value : value) / series.scale,
          // What still goes on is paler: it is not yet to be compared with the others.
          itemStyle: point === data.unfinished ? { opacity: 0.45 } : undefined,
        })),
        itemStyle: { color: colour, decal },
        barMaxWidth: 34,
        barCategoryGap: "28%",
        lineStyle: line ? { color: colour, width: 2.5 } : undefined,
        areaStyle: series.filled ? { color: colour, opacity: 0.18 } : undefined,
        symbol: line ? MARKS[index % 4] : undefined,
        symbolSize: line && data.labels.length <= 60 ? 7 : 0,
        connectNulls: false,
        z: line ? 3 : 2,
      };
    });
  }

  function axes(data, colours) {
    const short = writer(data, { notation: "compact", maximumFractionDigits: 1 });
    const text = { color: colours.muted, fontFamily: token("--tblr-font-sans-serif"), fontSize: 12 };
    const lanes = [...Array(data.lanes).keys()];
    const last = data.lanes - 1;
    const signs = lanes.map((lane) => data.series.find((series) => series.lane === lane));
    const right = data.labels.some((label) => label.length > 6) ? 46 : 6; // half of a long label
    return {
      grid: data.lanes === 1
        ? [{ left: LEFT, right, top: 10, bottom: 28 }]
        : [{ left: LEFT, right, top: 10, height: "55%" }, { left: LEFT, right, top: "68%", bottom: 28 }],
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      xAxis: lanes.map((lane) => ({
        type: "category", gridIndex: lane, data: data.labels,
        axisTick: { show: false },
        axisLine: { onZero: true, lineStyle: { color: colours.muted } },
        axisLabel: { ...text, show: lane === last, hideOverlap: true },
      })),
      yAxis: lanes.map((lane) => ({
        type: "value", gridIndex: lane, splitNumber: lane ? 2 : 5,
        axisLabel: { ...text, formatter: (value) => withSign(signs[lane], short.format(value)) },
        splitLine: { lineStyle: { color: colours.line } },
      })),
    };
  }

  function options(data) {
    const colours = palette();
    return {
      animation: !onPaper && !matchMedia("(prefers-reduced-motion: reduce)").matches,
      animationDuration: 350,
      aria: { enabled: true, label: { description: `${data.title}. ${data.description}` } },
      tooltip: {
        trigger: "axis", confine: true,
        axisPointer: { type: "shadow", shadowStyle: { opacity: 0.12 } },
        backgroundColor: colours.surface, borderColor: colours.line,
        textStyle: { color: colours.text, fontFamily: token("--tblr-font-sans-serif") },
        formatter: tip(data),
      },
      ...axes(data, colours),
      series: seriesOf(data, colours),
    };
  }

  // The link of the point under the pointer, anywhere in its column.
  function linkAt(chart, data, x, y) {
    for (let lane = 0; lane < data.lanes; lane += 1) {
      if (chart.containPixel({ gridIndex: lane }, [x, y])) {
        return data.links[chart.convertFromPixel({ xAxisIndex: lane }, x)];
      }
    }
    return undefined;
  }

  function draw(figure) {
    const canvas = figure.querySelector(".chart-canvas");
    const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const chart = echarts.init(canvas, null, { renderer: "svg", locale: data.language === "uk" ? "UK" : "EN" });
    chart.setOption(options(data));
    chart.getZr().on("click", (event) => {
      const link = linkAt(chart, data, event.offsetX, event.offsetY);
      if (link) location.assign(link);
    });
    chart.getZr().on("mousemove", (event) => {
      chart.getZr().setCursorStyle(linkAt(chart, data, event.offsetX, event.offsetY) ? "pointer" : "default");
    });
    const watch = new ResizeObserver(() => { if (!onPaper) chart.resize(); });
    watch.observe(canvas);
    drawn.set(figure, { chart, data, watch });
  }

  function drawAll() {
    for (const [figure, { chart, watch }] of drawn) {
      if (figure.isConnected) continue;
      watch.disconnect();
      chart.dispose();
      drawn.delete(figure);
    }
    for (const figure of document.querySelectorAll("[data-chart]")) if (!drawn.has(figure)) draw(figure);
  }

  function redraw() {
    for (const { chart, data } of drawn.values()) {
      chart.setOption(options(data));
      chart.resize(onPaper ? PAPER_SIZE : { width: "auto", height: "auto" });
      chart.getZr().flush(); // paper does not wait for the next frame
    }
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  addEventListener("beforeprint", () => { onPaper = true; redraw(); });
  addEventListener("afterprint", () => { onPaper = false; redraw(); });
  document.addEventListener("htmx:after:swap", drawAll);
  document.fonts.ready.then(drawAll);
})();
