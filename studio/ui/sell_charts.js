// Charts of what is compared: a value for each store with their mean and its interval, two values
// of each aspect, and bars. Numbers stand beside them as text; nothing is told by colour alone.
const chartNode = (tag, attributes = {}, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};
const chartText = (x, y, told, anchor = "middle") =>
  chartNode("text", { x, y, "text-anchor": anchor, class: "axis" }, told);

// Changes in percent: a ring for each store, a diamond for the mean, a bar for its interval.
const changeChart = ({ points, mean, low, high, least, most, label }) => {
  const wide = chartWidth(), high_ = 92, left = 30, right = 34, line = 34;
  const x = (value) => left + ((value - least) / (most - least)) * (wide - left - right);
  const parts = [];
  const step = [0.1, 0.2, 0.5, 1, 2, 5].find((each) => (most - least) / each <= wide / 70) || 10;
  for (let place = Math.ceil(least / step); place * step <= most + 1e-9; place += 1) {
    const tick = place * step;
    const told = `${tick > 1e-9 ? "+" : tick < -1e-9 ? "−" : ""}${Math.round(Math.abs(tick) * 100)} %`;
    parts.push(chartNode("line", { class: Math.abs(tick) < 1e-9 ? "zero" : "grid", x1: x(tick), x2: x(tick), y1: 8, y2: 64 }),
      chartText(x(tick), 82, told));
  }
  points.forEach(([store, change]) => parts.push(chartNode("circle", { class: "store-ring", cx: x(change), cy: line + 14, r: 5 },
    chartNode("title", {}, store))));
  if (low !== null && low !== undefined) {
    parts.push(chartNode("line", { class: "interval", x1: x(low), x2: x(high), y1: line - 10, y2: line - 10 }));
  }
  if (mean !== null && mean !== undefined) {
    const [cx, cy] = [x(mean), line - 10];
    parts.push(chartNode("polygon", { class: "mean", points: `${cx - 7},${cy} ${cx},${cy - 7} ${cx + 7},${cy} ${cx},${cy + 7}` }));
  }
  return chartNode("svg", { viewBox: `0 0 ${wide} ${high_}`, class: "sell-chart", role: "img", "aria-label": label }, ...parts);
};

// Two values of each line from 0 to 2: a full dot and a ring, joined.
const pairChart = ({ lines, first, other, label }) => {
  const wide = chartWidth(), row = 34, left = 110, right = 20, top = 30;
  const second = left + Math.min(250, (wide - left) / 2);
  const tall = top + row * lines.length + 26;
  const x = (value) => left + (value / 2) * (wide - left - right);
  const parts = [];
  for (const tick of [0, 0.5, 1, 1.5, 2]) {
    parts.push(chartNode("line", { class: "grid", x1: x(tick), x2: x(tick), y1: top - 6, y2: tall - 24 }), chartText(x(tick), tall - 6, String(tick)));
  }
  lines.forEach(({ name, ai, human }, at) => {
    const y = top + row * at + row / 2;
    parts.push(chartText(left - 14, y + 5, name, "end"));
    if (ai !== null && human !== null) parts.push(chartNode("line", { class: "joint", x1: x(ai), x2: x(human), y1: y, y2: y }));
    if (human !== null) parts.push(chartNode("circle", { class: "human-dot", cx: x(human), cy: y, r: 6.5 }));
    if (ai !== null) parts.push(chartNode("circle", { class: "ai-dot", cx: x(ai), cy: y, r: 6.5 }));
  });
  parts.push(chartNode("circle", { class: "ai-dot", cx: left + 8, cy: 11, r: 6.5 }), chartText(left + 20, 16, first, "start"),
    chartNode("circle", { class: "human-dot", cx: second, cy: 11, r: 6.5 }), chartText(second + 12, 16, other, "start"));
  return chartNode("svg", { viewBox: `0 0 ${wide} ${tall}`, class: "sell-chart", role: "img", "aria-label": label }, ...parts);
};

// A bar beside a picture and its number.
const voteBars = (bars, words) => {
  const most = Math.max(1, ...bars.map((each) => each.votes));
  return node("ul", { class: "vote-bars" }, bars.map((each) => node("li", {},
    each.image ? onItsGround(`thumbnails/${each.image}.png`) : node("span", {}),
    node("span", { class: "sell-note" }, each.number),
    node("span", { class: "vote-bar" }, node("span", { style: `width: ${100 * each.votes / most}%` })),
    node("span", { class: "vote-told" }, each.told))));
};
