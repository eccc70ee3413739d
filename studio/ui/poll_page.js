// Polls before listing: what to ask about, and what people said.
const words = props.words;
const told = node("p", { class: "told", role: "alert" });
const place = node("div", {});
element.replaceChildren(place, told);
const ticked = new Set();
const title = node("input", { class: "text-input", "aria-label": words.poll_title, placeholder: words.poll_title_hint });
const files = sellImport(words, { title: words.poll_import_title, lead: words.poll_import_lead,
  label: words.poll_file, hasSource: false, done: () => trigger("look", {}) });

const choice = (design) => {
  const box = node("input", { type: "checkbox", checked: ticked.has(design.id), onchange: () => {
    if (box.checked) ticked.add(design.id);
    else ticked.delete(design.id);
  } });
  return node("label", { class: "poll-choice" }, box,
    onItsGround(`thumbnails/${design.image}.png`),
    node("span", { class: "sell-note" }, design.number), node("span", {}, design.title));
};
const make = async () => {
  const query = new URLSearchParams({ ids: [...ticked].join(","), title: title.value, language: words.language });
  told.textContent = await saveFile(`polls?${query}`, words.download_failed, "POST");
  trigger("look", {});
};
const poll = (each) => node("section", { class: "sell-card" },
  node("h3", { class: "sell-card-title" }, each.title),
  node("p", { class: "sell-note" }, each.told),
  voteBars(each.bars, words));

const show = (view) => {
  for (const id of [...ticked]) if (!view.designs.some((each) => each.id === id)) ticked.delete(id);
  place.replaceChildren(
    node("h1", { class: "page-title" }, words.polls),
    node("p", { class: "page-lead" }, words.poll_lead),
    view.designs.length ? node("div", {},
      node("div", { class: "poll-choices" }, view.designs.map(choice)),
      node("div", { class: "actions" }, title,
        node("button", { type: "button", class: "action primary", onclick: make }, words.poll_make)))
      : node("p", { class: "sell-empty" }, words.poll_nothing),
    node("h2", { class: "form-title" }, words.poll_results),
    ...view.rates.map((each) => node("p", { class: "page-lead" }, each)),
    view.polls.length ? node("div", {}, view.polls.map(poll)) : node("p", { class: "sell-empty" }, words.poll_none),
    files);
};
watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
