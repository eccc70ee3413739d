// After launch: designs made with AI beside the stores' own.
const words = props.words;
const place = node("div", {});
element.replaceChildren(place);

const files = sellImport(words, { title: words.launch_import_title, lead: words.launch_import_lead,
  label: words.launch_file, hasSource: false, done: () => trigger("look", { is_simulated: props.value.is_simulated }) });
const choice = (value, label, isNow) => node("button", { type: "button", class: "link", "aria-pressed": String(isNow),
  onclick: () => trigger("look", { is_simulated: value }) }, label);

const rate = (each) => node("section", { class: "launch-rate" },
  node("h2", { class: "sell-card-title" }, each.name),
  node("p", { class: "launch-figure" }, each.told),
  node("p", { class: "sell-note" }, each.note),
  each.points.length ? changeChart(each) : null);

const show = (view) => {
  place.replaceChildren(
    node("h1", { class: "page-title" }, words.launch, view.is_simulated ? node("span", { class: "simulated" }, words.sell_simulated) : null),
    node("p", { class: "page-lead" }, words.launch_lead),
    node("p", { class: "launch-choice" }, choice(false, words.launch_real, !view.is_simulated), choice(true, words.launch_simulated, view.is_simulated)),
    view.rates.length ? node("div", {}, view.rates.map(rate), node("p", { class: "sell-note" }, words.launch_key), node("p", { class: "sell-note" }, words.launch_caution))
      : node("p", { class: "sell-empty" }, view.is_simulated ? words.launch_none_simulated : words.launch_none),
    view.is_simulated ? node("div", { class: "actions" }, node("button", { type: "button", class: "action",
      onclick: () => trigger("simulate", {}) }, words.launch_simulate)) : files);
};
watch("value", () => props.value && show(props.value));
onTurned(() => props.value && show(props.value));
if (props.value) show(props.value);
