// ECharts, only the parts we draw with: bars and lines, as SVG, without animation.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([AriaComponent, BarChart, GridComponent, LegendComponent, LineChart, MarkLineComponent, SVGRenderer, TooltipComponent]);

const drawn = new Map();

/** The current value of a colour token, in the theme that is shown. */
function token(name) {
  const probe = document.createElement("i");
  probe.className = "pc-sr";
  probe.style.color = `var(--pc-${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** Short axis words: 40000 is $40k. Only axes are shortened, never a figure. */
function axisWords(value, currency) {
  const [divisor, letter] = Math.abs(value) >= 1e6 ? [1e6, "m"] : Math.abs(value) >= 1e3 ? [1e3, "k"] : [1, ""];
  const words = `${currency}${Math.abs(value) / divisor}${letter}`;
  return value < 0 ? `\u2212${words}` : words;
}

const hatch = (colour) => ({ symbol: "rect", color: colour, dashArrayX: [1, 0], dashArrayY: [3, 3], rotation: -Math.PI / 4 });

function barData(series, colour) {
  return series.values.map((value, i) => {
    if (!series.estimate?.includes(i)) return value;
    return { value, itemStyle: { color: token("surface"), borderColor: colour, borderWidth: 1, decal: hatch(colour) } };
  });
}

function seriesOf(series, index) {
  // A forecast goes on in the colour of what it continues.
  const number = series.forecast && index > 0 ? index - 1 : index;
  const colour = token(`series-${(number % 8) + 1}`);
  if (series.type === "line") {
    return {
      type: "line", name: series.name, data: series.values, showSymbol: false, symbol: "circle",
      lineStyle: { color: colour, width: 2, type: series.forecast ? "dashed" : "solid" },
      itemStyle: { color: colour }, areaStyle: series.area ? { color: colour, opacity: 0.1 } : undefined,
    };
  }
  return {
    type: "bar", name: series.name, data: barData(series, colour), stack: series.stack,
    barMaxWidth: 34, itemStyle: { color: colour, borderRadius: [3, 3, 0, 0] },
  };
}

/** Thresholds: thin lines with their label outside. */
function thresholds(data) {
  if (!data.thresholds) return undefined;
  return {
    silent: true, symbol: "none",
    data: data.thresholds.map((line) => ({
      yAxis: line.value,
      lineStyle: { color: token(line.tone ?? "ink"), width: 1, type: line.dashed ? "dashed" : "solid" },
      label: { formatter: line.label, color: token("ink-2"), fontSize: 11.5, position: "end" },
    })),
  };
}

function options(data) {
  const text = { color: token("ink-3"), fontSize: 11.5, fontFamily: "Inter Variable" };
  const many = data.series.length > 1;
  const bars = data.series.filter((series) => series.type !== "line");
  const highest = Math.max(0, ...(data.thresholds ?? []).map((line) => line.value));
  const series = data.series.map(seriesOf);
  if (series.length) series[0].markLine = thresholds(data);
  return {
    animation: false,
    aria: { enabled: true, label: { description: data.description }, decal: { show: bars.length > 1 } },
    grid: { left: 4, right: data.thresholds ? 48 : 6, top: 14, bottom: many ? 30 : 4, containLabel: true },
    legend: many ? { bottom: 0, textStyle: text, itemWidth: 14, itemHeight: 9 } : undefined,
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, backgroundColor: token("raised"), borderColor: token("line"), textStyle: { color: token("ink"), fontSize: 12.5 } },
    xAxis: { type: "category", data: data.categories, axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: token("line-2") } } },
    yAxis: { type: "value", min: (range) => Math.min(0, range.min), max: (range) => (highest > range.max ? highest * 1.04 : null), axisLabel: { ...text, showMaxLabel: !highest, formatter: (v) => axisWords(v, data.currency ?? "") }, splitLine: { lineStyle: { color: token("line") } } },
    series,
  };
}

function draw(box) {
  const data = JSON.parse(document.getElementById(box.dataset.pcChart).textContent);
  const chart = drawn.get(box) ?? echarts.init(box, null, { renderer: "svg" });
  drawn.set(box, chart);
  chart.setOption(options(data), true);
}

function refresh(each) {
  for (const [box, chart] of drawn) {
    if (box.isConnected) each(box, chart);
    else {
      chart.dispose();
      drawn.delete(box);
    }
  }
}

window.addEventListener("resize", () => refresh((box, chart) => box.offsetWidth && chart.resize()));
new MutationObserver(() => refresh(draw)).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => refresh(draw));

window.pcCharts = { draw };
