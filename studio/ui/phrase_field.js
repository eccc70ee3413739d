// The phrases as chips, in the order of typing. The server reads them; this only shows and edits.
const words = props.words;
let texts = [];
let reading = { phrases: [], conflicts: [], suggestions: [] };
let revision = 0;

const chips = node("div", { class: "chips" });
const input = node("input", {
  type: "text",
  class: "chip-input",
  "aria-label": words.phrases_label,
  autocomplete: "off",
  spellcheck: "false",
});
const notices = node("div", { class: "phrase-notices", role: "status" });
const suggestions = node("div", { class: "suggestions" });
const favourites = node("div", { class: "suggestions favourites", hidden: true });
const field = node("div", { class: "phrase-box" }, chips, input);
element.replaceChildren(
  node("h2", { class: "side-title" }, words.phrases), field, notices, favourites, suggestions,
);

const prompt = () => texts.join(", ");

const tell = () => {
  props.value = { prompt: prompt(), revision };
};

const change = (next) => {
  texts = next;
  revision += 1;
  tell();
  show();
  trigger("read", { prompt: prompt(), revision });
};

// What is typed goes to the server as it is: only the server splits and reads.
const commit = () => {
  const typed = input.value.trim().replace(/[,;|\uff0c\uff1b\s]+$/, "");
  input.value = "";
  if (typed && !texts.includes(typed)) change([...texts, typed]);
};

const add = (text) => change([...texts, text]);
const replace = (place, text) => change(texts.map((each, at) => (at === place ? text : each)));
const remove = (place) => {
  change(texts.filter((_, at) => at !== place));
  input.focus();
};

// Favourites outlive the round: a star keeps a phrase, and a click puts it in or takes it out.
const isKept = (text) => (reading.favourites ?? []).includes(text);
const star = (text) => node("button", {
  type: "button",
  class: "chip-star",
  "aria-label": fill(words.keep_phrase, { phrase: text }),
  "aria-pressed": String(isKept(text)),
  onclick: () => trigger("keep", {
    phrase: text, kept: !isKept(text), prompt: prompt(), revision,
  }),
}, isKept(text) ? "★" : "☆");
const toggle = (text) =>
  (texts.includes(text) ? change(texts.filter((each) => each !== text)) : add(text));
const favourite = (text) => node("button", {
  type: "button", class: "suggestion kept", "aria-pressed": String(texts.includes(text)),
  onclick: () => toggle(text),
}, text);
const showFavourites = () => {
  const kept = reading.favourites ?? [];
  favourites.hidden = kept.length === 0;
  favourites.replaceChildren(
    node("span", { class: "favourites-title" }, words.favourite_phrases), ...kept.map(favourite));
};

const chip = (text, place) => {
  const said = reading.phrases[place];
  const read = said && said.text === text ? said : { label: text, trouble: null };
  const { trouble, label: shown } = read;
  const kinds = ["chip", trouble, read.refused ? "refused" : null].filter(Boolean);
  const title = read.refused
    ? fill(words.refused, { phrase: shown })
    : read.read_as ? fill(words.read_as, { phrases: read.read_as }) : "";
  const label = read.refused
    ? node("s", { "aria-label": fill(words.refused, { phrase: shown }) }, shown)
    : trouble === "unknown" ? `${text} ?` : shown;
  return node(
    "span",
    title ? { class: kinds.join(" "), title } : { class: kinds.join(" ") },
    label,
    star(text),
    node("button", {
      type: "button",
      class: "chip-remove",
      "aria-label": fill(words.remove_phrase, { phrase: text }),
      onclick: () => remove(place),
    }, "×"),
  );
};

// One sentence per unknown phrase; each near phrase takes its place with one click.
const unknownNotice = (phrase, place) => {
  const nearest = phrase.nearest.flatMap((near, at) => [
    at ? ", " : null,
    node("button", {
      type: "button", class: "link", onclick: () => replace(place, near),
    }, near),
  ]);
  const sentence = phrase.nearest.length ? words.unknown_nearest : words.unknown;
  return node("p", { class: "unknown-notice" },
    fill(sentence, { phrase: phrase.text }), nearest.length ? " " : null, ...nearest);
};

// Words within a phrase that means something: what is near to them can come beside it.
const hint = ({ text, nearest }) => node("p", { class: "unknown-notice" }, text, " ",
  ...nearest.flatMap((near, at) => [
    at ? ", " : null,
    node("button", { type: "button", class: "link", onclick: () => add(near) }, near),
  ]));

// A button for each side of a contradiction: it stays, the other one goes.
const wayOut = (way) => node("button", {
  type: "button", class: "way-out", onclick: () => change([way.prompt]),
}, way.label);

const show = () => {
  chips.replaceChildren(...texts.map(chip));
  input.placeholder = texts.length ? words.phrases_more : words.phrases_first;
  const unknown = reading.phrases
    .map((phrase, place) => [phrase, place])
    .filter(([phrase, place]) => phrase.trouble === "unknown" && texts[place] === phrase.text)
    .map(([phrase, place]) => unknownNotice(phrase, place));
  const conflicts = reading.conflicts.map((conflict) =>
    node("p", { class: "conflict-notice" }, conflict.text, ...conflict.ways_out.map(wayOut)));
  const readAs = reading.phrases
    .filter((phrase, place) => phrase.read_as && texts[place] === phrase.text)
    .map((phrase) => node("p", { class: "reading-note" },
      `“${phrase.text}”: ${fill(words.read_as, { phrases: phrase.read_as })}`));
  const notes = (reading.notes ?? []).map((sentence) =>
    node("p", { class: "reading-note" }, sentence));
  const hints = (reading.hints ?? [])
    .filter(({ nearest }) => !nearest.some((near) => texts.includes(near))).map(hint);
  notices.replaceChildren(...conflicts, ...unknown, ...hints, ...readAs, ...notes);
  showFavourites();
  suggestions.replaceChildren(...reading.suggestions
    .filter((phrase) => !texts.includes(phrase) && !isKept(phrase))
    .map((phrase) => node("button", {
      type: "button", class: "suggestion", onclick: () => add(phrase),
    }, `+ ${phrase}`)));
};

input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && !input.value.trim()) trigger("submit", {});
  if (event.key === "Enter") {
    event.preventDefault();
    commit();
  }
  if (event.key === "Backspace" && !input.value && texts.length) {
    event.preventDefault();
    const last = texts[texts.length - 1];
    change(texts.slice(0, -1));
    input.value = last;
    tell();
  }
});
input.addEventListener("input", () => {
  if (/[,;|\n\u3002\uff0c\uff1b]\s*$/.test(input.value)) commit();
});
input.addEventListener("blur", commit);
field.addEventListener("click", (event) => {
  if (event.target === field || event.target === chips) input.focus();
});

// --- A PNG of the studio, dropped anywhere on the page, gives its round's inputs back -----------
const drop = node("button", {
  type: "button", class: "link drop", onclick: () => picker.click(),
}, words.drop_png);
const picker = node("input", { type: "file", accept: "image/png", hidden: true });
const told = node("p", { class: "told", role: "alert" });
const offer = node("p", { class: "drop-line", hidden: true });
element.append(node("p", { class: "drop-line" }, drop), picker, told, offer);

// The design in the PNG can be the start of the next round, as any picture that is brought along.
const offerStart = (file) => {
  offer.hidden = false;
  offer.replaceChildren(node("button", {
    type: "button", class: "link drop",
    onclick: () => {
      offer.hidden = true;
      document.dispatchEvent(new CustomEvent("perfusion-picture", { detail: file }));
    },
  }, words.start_from_dropped));
};

const readRecipe = async (file) => {
  told.textContent = "";
  offer.hidden = true;
  const reply = await fetch("recipes", { method: "POST", body: file }).catch(() => null);
  const found = reply && reply.ok ? await reply.json() : { problem: words.upload_failed };
  if (found.recipe) trigger("restore", { recipe: found.recipe });
  else told.textContent = found.problem;
  if (found.has_design) offerStart(file);
};
picker.addEventListener("change", () => {
  if (picker.files.length) readRecipe(picker.files[0]);
  picker.value = "";
});
const hasFile = (event) => element.offsetParent && event.dataTransfer.types.includes("Files");
document.addEventListener("dragover", (event) => {
  if (!hasFile(event)) return;
  event.preventDefault();
  field.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) field.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  if (!hasFile(event)) return;
  event.preventDefault();
  field.classList.remove("dropping");
  if (event.dataTransfer.files.length) readRecipe(event.dataTransfer.files[0]);
});

// The server answers a "read" with its revision. No revision, or that of the untouched field,
// sets the phrases.
watch("value", () => {
  const value = props.value;
  if (!value || !value.phrases) return;
  if (value.revision !== null && value.revision !== revision) {
    tell();
    return;
  }
  texts = value.phrases.map((phrase) => phrase.text);
  if (value.revision === null) {
    revision += 1;
  }
  reading = value;
  if (prompt() !== value.prompt) tell();
  show();
});

if (props.value && props.value.phrases) {
  reading = props.value;
  texts = reading.phrases.map((phrase) => phrase.text);
}
show();
