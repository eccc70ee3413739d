// What the stores have taught, a training's progress and verdict, and the checkpoints.
const words = props.words;

const part = node("select", { class: "text-input", "aria-label": words.teach_what },
  node("option", { value: "both" }, words.teach_both),
  node("option", { value: "reward" }, words.teach_reward),
  node("option", { value: "generator" }, words.teach_generator));
// What takes a while says so at once. The answer differs from that, so it is shown even if it is
// what was shown before.
const ask = (event, data) => {
  props.value = { ...props.value, sentences: [words.one_moment], is_waiting: true };
  show(props.value);
  trigger(event, data);
};

const start = node("button", {
  type: "button", class: "action primary",
  onclick: () => ask("start", { part: part.value, with_sales: sales.checked }),
}, words.teach_start);
// Off until a person asks for it.
const sales = node("input", { type: "checkbox" });
const salesTold = node("span", {});
const salesLine = node("label", { class: "teach-sales" }, sales, " ", salesTold);
const stop = node("button", {
  type: "button", class: "action", onclick: () => trigger("stop", {}),
}, words.teach_stop);
const taught = node("ul", { class: "ledger" });
const told = node("div", { role: "status", class: "training-told" });
const missing = node("p", { class: "page-lead" });
const prospect = node("p", { class: "page-lead" });
const checkpoints = node("ul", { class: "ledger" });

element.replaceChildren(
  node("div", { class: "store-book" },
    node("section", {},
      node("h1", { class: "page-title" }, words.teach),
      node("p", { class: "page-lead" }, words.teach_lead),
      taught, missing, prospect,
      salesLine, node("div", { class: "actions" }, part, start, stop), told),
    node("section", {},
      node("h2", { class: "page-title" }, words.checkpoints),
      node("p", { class: "page-lead" }, words.checkpoints_lead),
      checkpoints)),
);

const entry = (name, said) => node("li", {},
  node("span", { class: "ledger-name" }, name), " ", said);

const show = (view) => {
  taught.replaceChildren(...(view.stores.length
    ? view.stores.map(([name, count]) => entry(name, node("span", {},
      fill(words.taught, { count }))))
    : [node("li", {}, words.nothing_taught)]));
  missing.hidden = view.is_possible;
  missing.textContent = view.missing;
  prospect.textContent = view.prospect;
  prospect.hidden = !view.prospect || !view.is_possible || view.is_running;
  salesTold.textContent = view.sales;
  salesLine.hidden = !view.sales || !view.is_possible || view.is_running;
  part.hidden = start.hidden = !view.is_possible || view.is_running;
  stop.hidden = !view.is_running;
  start.disabled = !view.stores.length && !view.sales;
  stop.disabled = false;
  told.replaceChildren(...view.sentences.map((sentence) => node("p", {}, sentence)));
  if (view.switched) {
    const { before } = view.switched;
    told.append(node("p", {}, view.switched.told, " ", node("button", {
      type: "button", class: "link", onclick: () => ask("use", { name: before }),
    }, words.undo)));
  }
  checkpoints.replaceChildren(...view.checkpoints.map(([name, isNow]) => entry(name,
    isNow ? node("span", { class: "in-service" }, words.in_service) : node("button", {
      type: "button", class: "link", onclick: () => ask("use", { name }),
    }, words.put_in_service))));
  if (view.is_waiting) {
    element.querySelectorAll("button").forEach((button) => { button.disabled = true; });
  }
};

watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
