// A blind test: two designs of the same noise at a time, and which one somebody would rather sell.
const words = props.words;
const KEPT = "perfusion-swap";
let filled = false;
let current = null;

const select = (label) => node("select", { class: "text-input", "aria-label": label });
const store = select(words.swap_store);
const against = select(words.swap_against);
const prompt = node("input", {
  type: "text", class: "text-input wide", "aria-label": words.swap_phrases, maxlength: "1000",
});
const count = node("select", { class: "text-input", "aria-label": words.swap_pairs },
  [4, 8, 12].map((each) => node("option", { value: each }, String(each))));
count.value = "8";
const start = node("button", { type: "submit", class: "action primary" }, words.swap_start);
const labelled = (label, input, wide) => node("label",
  { class: wide ? "compare-field wide" : "compare-field" }, node("span", {}, label), input);
const form = node("form", { class: "compare-form" },
  labelled(words.phrases, prompt, true), labelled(words.swap_store, store),
  labelled(words.swap_against, against), labelled(words.swap_pairs, count), start);
const progress = makeProgress(words, () => trigger("cancel", {}));
const note = node("p", { class: "told", role: "alert" });
const told = node("p", { class: "swap-told", role: "status" });
const pairBox = node("div", { class: "swap-pair" });
element.replaceChildren(node("section", { class: "swap" },
  node("h2", { class: "page-title" }, words.swap),
  node("p", { class: "page-lead" }, words.swap_lead),
  form, progress.line, note, told, pairBox));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  trigger("begin", {
    prompt: prompt.value, store_id: Number(store.value),
    against_id: Number(against.value) || null, count: Number(count.value),
  });
});

const vote = (pair, which) => trigger("vote", {
  test_id: current.test_id, place: pair.place, vote: which,
});

const side = (pair, which, label) => {
  const { image, picture } = pictureOf();
  image.src = pair[which];
  image.alt = label;
  return node("button", { type: "button", class: "tile swap-side", "aria-label": label,
    onclick: () => vote(pair, which) }, picture);
};

const showPair = (value) => {
  const votable = value.pairs.filter((pair) => !pair.is_same);
  const left = votable.filter((pair) => !pair.vote);
  if (!left.length) {
    pairBox.replaceChildren();
    return;
  }
  const [pair] = left;
  const number = votable.length - left.length + 1;
  pairBox.replaceChildren(
    node("p", { class: "page-lead" }, fill(words.swap_which, { number, count: votable.length })),
    node("div", { class: "swap-sides" },
      side(pair, "left", words.swap_left), side(pair, "right", words.swap_right)),
    node("button", { type: "button", class: "action",
      onclick: () => vote(pair, "same") }, words.swap_same));
};

const keepChoice = (list, options, place) => {
  const before = list.value;
  list.replaceChildren(...options);
  const known = [...list.options].some((option) => option.value === before);
  list.value = known ? before : (list.options[place] ?? { value: "" }).value;
};

const show = (value) => {
  current = value;
  keepChoice(store, storeOptions(value.choices, words), 0);
  keepChoice(against, [node("option", { value: "" }, words.swap_none),
    ...storeOptions(value.choices, words)], 0);
  start.disabled = !value.choices.length || !value.is_personal;
  if (!filled) prompt.value = value.example;
  filled = true;
  progress.show(value.progress ?? null);
  note.textContent = value.note ?? (value.is_personal ? "" : words.no_adaptive_network);
  told.textContent = value.told ?? "";
  if (!value.pairs) return;
  keptForTab.set(KEPT, JSON.stringify({ test_id: value.test_id }));
  showPair(value);
};

watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
const kept = keptForTab.read(KEPT);
keptForTab.drop(KEPT); // a test that is gone is asked for only once
if (kept) setTimeout(() => trigger("resume", kept), 0);
