// Experts' ratings: panels, one picture after another to rate, and what came of it.
const words = props.words;
const told = node("p", { class: "told", role: "alert" });
const place = node("div", {});
element.replaceChildren(place, told);
const button = (label, act, style = "action") => node("button", { type: "button", class: style, onclick: act }, label);

// --- The panels -----------------------------------------------------------------------------------
const ticked = new Set();
const name = node("input", { class: "text-input", "aria-label": words.rating_name, placeholder: words.rating_name });
const humans = node("input", { type: "file", accept: "image/png,image/jpeg,image/webp", multiple: true,
  class: "sell-file", "aria-label": words.rating_humans });
const design = (each) => {
  const box = node("input", { type: "checkbox", checked: ticked.has(each.image), onchange: () => {
    if (box.checked) ticked.add(each.image);
    else ticked.delete(each.image);
  } });
  return node("label", { class: "poll-choice" }, box,
    onItsGround(`thumbnails/${each.image}.png`),
    node("span", { class: "sell-note" }, each.number), node("span", {}, each.title));
};
const begin = async () => {
  told.textContent = words.one_moment;
  const brought = [];
  for (const file of humans.files) {
    const reply = await fetch("rated-pictures", { method: "POST", body: file }).catch(() => null);
    const found = reply && reply.ok ? await reply.json() : { problem: words.download_failed };
    if (found.problem) { told.textContent = `${file.name}: ${found.problem}`; return; }
    brought.push(found.image);
  }
  told.textContent = "";
  trigger("begin", { name: name.value, ai: [...ticked], human: brought });
};
const rater = node("input", { class: "text-input", "aria-label": words.rating_rater, placeholder: words.rating_rater });
const panel = (each) => node("li", { class: "rating-panel" },
  node("span", { class: "sell-name" }, each.name), node("span", { class: "sell-note" }, each.told),
  node("span", { class: "actions" },
    button(words.rating_rate, () => trigger("rate_as", { panel_id: each.id, rater: rater.value })),
    button(words.rating_result, () => trigger("result", { panel_id: each.id }), "action quiet")));
const showPanels = (view) => place.replaceChildren(
  node("h1", { class: "page-title" }, words.ratings),
  node("p", { class: "page-lead" }, words.rating_lead),
  view.panels.length ? node("div", {},
    node("label", { class: "compare-field rating-who" }, words.rating_rater_label, rater),
    node("ul", { class: "sell-rows" }, view.panels.map(panel))) : node("p", { class: "sell-empty" }, words.rating_none),
  node("section", { class: "sell-import" },
    node("h2", { class: "form-title" }, words.rating_begin_title),
    node("p", { class: "page-lead" }, words.rating_begin_lead),
    view.designs.length ? node("div", { class: "poll-choices" }, view.designs.map(design))
      : node("p", { class: "sell-note" }, words.poll_nothing),
    node("div", { class: "actions rating-begin" }, name, node("label", { class: "compare-field" }, words.rating_humans, humans),
      button(words.rating_begin, begin, "action primary"))));

// --- Rating ---------------------------------------------------------------------------------------
const showSheet = (sheet) => {
  const chosen = { ...sheet.scores };
  const scale = (aspect) => node("fieldset", { class: "rating-scale" },
    node("legend", {}, aspect.label),
    [0, 1, 2].map((score) => node("label", {},
      node("input", { type: "radio", name: `rating-${aspect.key}`, value: score, checked: chosen[aspect.key] === score,
        onchange: () => { chosen[aspect.key] = score; } }),
      ` ${words[`rating_score_${score}`]}`)));
  place.replaceChildren(
    node("p", { class: "sell-back" }, button(words.rating_back, () => trigger("back", {}), "link")),
    node("div", { class: "rating-sheet" },
      onItsGround(`large/${sheet.image}.png`, words.rating_picture),
      node("div", {},
        node("h1", { class: "page-title" }, sheet.title),
        node("p", { class: "page-lead" }, sheet.told),
        ...sheet.aspects.map(scale),
        node("div", { class: "actions" },
          button(words.rating_save, () => {
            if (sheet.aspects.some((aspect) => !(aspect.key in chosen))) { told.textContent = words.rating_all; return; }
            told.textContent = "";
            trigger("score", { panel_id: sheet.panel_id, rater: sheet.rater, item: sheet.item, scores: chosen });
          }, "action primary")))));
};

// --- The result -----------------------------------------------------------------------------------
const showResult = (result) => place.replaceChildren(
  node("p", { class: "sell-back" }, button(words.rating_back, () => trigger("back", {}), "link")),
  node("h1", { class: "page-title" }, result.title),
  node("p", { class: "page-lead" }, result.told),
  pairChart({ lines: result.lines, first: words.rating_ai, other: words.rating_human, label: words.rating_chart }),
  node("table", { class: "sell-table" },
    node("thead", {}, node("tr", {}, result.head.map((each) => node("th", { scope: "col" }, each)))),
    node("tbody", {}, result.rows.map((row) => node("tr", {}, row.map((cell, at) =>
      (at ? node("td", {}, cell) : node("th", { scope: "row" }, cell))))))),
  node("p", { class: "sell-note" }, words.rating_alpha_note));

const show = (view) => {
  told.textContent = "";
  if (view.sheet) showSheet(view.sheet);
  else if (view.result) showResult(view.result);
  else showPanels(view);
};
watch("value", () => props.value && show(props.value));
onTurned(() => props.value && props.value.result && show(props.value));
if (props.value) show(props.value);
