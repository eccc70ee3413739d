// Two stores side by side: what to compare, then pairs of designs with both stores' scores.
const words = props.words;
const KEPT = "perfusion-compared";
let filled = false;
let filledWith = "";

const select = (label) => node("select", { class: "text-input", "aria-label": label });
const first = select(words.first_store);
const second = select(words.second_store);
const prompt = node("input", {
  type: "text", class: "text-input wide", "aria-label": words.phrases, maxlength: "1000",
});
const count = node("select", { class: "text-input", "aria-label": words.count },
  [2, 4, 6, 8].map((each) => node("option", { value: each }, String(each))));
count.value = "4";
const seed = node("input", {
  type: "text", class: "text-input", inputmode: "numeric", maxlength: "12",
  "aria-label": words.seed, placeholder: words.seed,
});
const start = node("button", { type: "submit", class: "action primary" }, words.compare_start);
const form = node("form", { class: "compare-form" },
  node("label", { class: "compare-field wide" }, node("span", {}, words.phrases), prompt),
  node("label", { class: "compare-field" }, node("span", {}, words.first_store), first),
  node("label", { class: "compare-field" }, node("span", {}, words.second_store), second),
  node("label", { class: "compare-field" }, node("span", {}, words.count), count),
  node("label", { class: "compare-field" }, node("span", {}, words.seed), seed),
  start);
const progress = makeProgress(words, () => trigger("cancel", {}));
const note = node("p", { class: "told", role: "alert" });
const result = node("div", { class: "compared" },
  node("p", { class: "empty compare-empty" }, words.compare_empty));
element.replaceChildren(
  node("h1", { class: "page-title" }, words.compare),
  node("p", { class: "page-lead" }, words.compare_lead),
  form, progress.line, note, result,
);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  trigger("compare", {
    prompt: prompt.value, store_ids: [first.value, second.value].map(Number),
    count: Number(count.value), seed: seed.value,
  });
});

const figure = (view, number, stores) => {
  const { image, picture } = pictureOf(
    node("span", { class: "tile-number", "aria-hidden": "true" }, String(number)));
  picture.classList.toggle("blank", !view.image);
  if (view.image) image.src = view.image;
  image.alt = fill(words.design_number, { number });
  return node("li", {}, node("figure", { class: "tile" }, picture,
    view.scores.length ? node("figcaption", { class: "pair-scores" },
      view.scores.map((score, place) => node("span", {},
        node("span", { class: "pair-store" }, stores[place].name), " ",
        node("span", { class: "score-total" }, score)))) : null));
};

const column = (round, title, stores) => node("section", { class: "compare-column" },
  node("h2", { class: "compare-title" }, title),
  round.id === null ? null : node("button", {
    type: "button", class: "link", onclick: () => trigger("open", { group_id: round.id }),
  }, fill(words.open_round, { number: round.id })),
  node("ul", { class: "tiles pair" },
    round.tiles.map((tile, place) => figure(tile, place + 1, stores))));

// Rows judge, columns are judged: a store that knows its own taste is green on the diagonal.
const matrixTable = (matrix, stores) => node("table", { class: "matrix" },
  node("caption", {}, words.matrix_caption),
  node("thead", {}, node("tr", {}, node("td", {}), stores.map((store) =>
    node("th", { scope: "col" }, fill(words.drawn_for, { name: store.name }))))),
  node("tbody", {}, matrix.map((row, place) => node("tr", {},
    node("th", { scope: "row" }, fill(words.scored_for, { name: stores[place].name })),
    row.map((value) => node("td", { class: value.startsWith("+") ? "up" : null }, value))))));

const showResult = (value) => {
  const { rounds, stores } = value;
  const titles = value.is_shared ? [words.both_stores]
    : stores.map((store) => fill(words.drawn_for, { name: store.name }));
  result.classList.toggle("shared", value.is_shared);
  result.replaceChildren(...[
    value.is_shared ? node("p", { class: "page-lead" }, words.same_for_both) : null,
    value.matrix ? matrixTable(value.matrix, stores) : null,
    node("div", { class: "compare-columns" },
      rounds.map((round, place) => column(round, titles[place], stores))),
    value.can_score ? node("p", { class: "score-note" }, words.matrix_note)
      : node("p", { class: "score-note" }, words.no_reward_model),
  ].filter(Boolean));
};

const keepChoice = (list, stores, place) => {
  const before = list.value;
  list.replaceChildren(...storeOptions(stores, words));
  const known = stores.some((store) => String(store.id) === before);
  if (known) list.value = before;
  else if (stores.length > place) list.value = String(stores[place].id);
};

const fillForm = (wanted) => {
  if (filledWith === JSON.stringify(wanted)) return;
  filledWith = JSON.stringify(wanted);
  prompt.value = wanted.prompt;
  seed.value = wanted.seed;
  if (wanted.store_id === null) return;
  first.value = String(wanted.store_id);
  if (second.value === first.value) {
    const other = [...second.options].find((option) => option.value !== first.value);
    if (other) second.value = other.value;
  }
};

const show = (value) => {
  keepChoice(first, value.choices, 0);
  keepChoice(second, value.choices, 1);
  start.disabled = value.choices.length < 2;
  if (!filled) prompt.value = value.example;
  filled = true;
  if (value.wanted) fillForm(value.wanted);
  progress.show(value.progress ?? null);
  note.textContent = value.note ?? "";
  if (!value.rounds) return;
  keptForTab.set(KEPT, JSON.stringify({
    store_ids: value.stores.map((store) => store.id), job_ids: value.jobs,
  }));
  showResult(value);
};

watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
const kept = keptForTab.read(KEPT);
keptForTab.drop(KEPT); // a comparison that is gone is asked for only once
if (kept) setTimeout(() => trigger("resume", kept), 0);
