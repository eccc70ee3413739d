// A plot of pieces over days: what has come as a line, what is expected as a fan.
const svgNode = (tag, attributes = {}, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

const roundStep = (most) => {
  const raw = most / 4;
  const power = 10 ** Math.floor(Math.log10(Math.max(raw, 1)));
  return Math.max(1, [1, 2, 5, 10].map((each) => each * power).find((each) => each >= raw));
};

const sellPlot = (plot) => {
  const wide = chartWidth(), isNarrow = wide < 640;
  const high = 300, left = 44, right = isNarrow ? 14 : 92, top = 26, bottom = 40;
  const most = Math.max(plot.minimum * 1.15, ...plot.come.map((each) => each[1]),
    ...plot.fan.map((each) => each[each.length - 1])) * 1.04;
  const x = (day) => left + (day / plot.days) * (wide - left - right);
  const y = (pieces) => high - bottom - (pieces / most) * (high - top - bottom);
  const line = (points) => points.map(([day, pieces]) =>
    `${x(day).toFixed(1)},${y(pieces).toFixed(1)}`).join(" ");
  const text = (at, height, told, anchor, style = "axis") =>
    svgNode("text", { x: at, y: height, "text-anchor": anchor, class: style }, told);
  const band = (low, high) => svgNode("polygon", {
    class: "fan-band",
    points: `${line(plot.fan.map((each) => [each[0], each[low]]))} ${
      line(plot.fan.map((each) => [each[0], each[high]]).reverse())}`,
  });
  const marks = [];
  const step = roundStep(most);
  for (let pieces = 0; pieces <= most; pieces += step) {
    marks.push(svgNode("line", { class: "grid", x1: left, x2: wide - right, y1: y(pieces), y2: y(pieces) }),
      text(left - 8, y(pieces) + 4, String(pieces), "end"));
  }
  const dayStep = Math.max(1, Math.round(plot.days / 7));
  for (let day = 0; day <= plot.days + 0.01; day += dayStep) {
    marks.push(text(x(day), high - bottom + 18, String(day), "middle"));
  }
  const fan = plot.fan.length ? [band(1, 5), band(2, 4), svgNode("polyline", {
    class: "fan-middle", points: line(plot.fan.map((each) => [each[0], each[3]])) })] : [];
  const key = svgNode("g", {},
    svgNode("line", { class: "come", x1: left, x2: left + 22, y1: 10, y2: 10 }),
    text(left + 28, 14, plot.come_label, "start"));
  if (plot.fan.length) {
    const at = left + 46 + 7 * plot.come_label.length + (/[^ -~]/.test(plot.come_label) ? 40 : 0);
    key.append(svgNode("rect", { class: "fan-band", x: at, y: 4, width: 22, height: 12 }),
      text(at + 28, 14, plot.fan_label, "start"));
  }
  return svgNode("svg", { viewBox: `0 0 ${wide} ${high}`, class: "sell-plot", role: "img",
    "aria-label": plot.title },
  ...marks, ...fan,
  svgNode("line", { class: "needed", x1: left, x2: wide - right, y1: y(plot.minimum), y2: y(plot.minimum) }),
  isNarrow ? text(wide - right, y(plot.minimum) - 6, plot.minimum_label, "end", "axis needed-label")
    : text(wide - right + 8, y(plot.minimum) + 4, plot.minimum_label, "start", "axis needed-label"),
  svgNode("polyline", { class: "come", points: line(plot.come) }),
  text(wide - right, high - 4, plot.day_label, "end"), key);
};
