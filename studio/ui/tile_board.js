// One round: its tiles while they are drawn and after, ticking, and the answers.
const words = props.words;
const ticked = new Set();
let shown = null;
let tiles = [];

const title = node("h1", { class: "round-title" });
const subtitle = node("p", { class: "round-phrases" });
const note = node("p", { class: "round-note" });
const bar = node("div", { class: "progress-bar" });
const track = node("div", {
  class: "progress-track", role: "progressbar", "aria-label": words.drawing,
  "aria-valuemin": "0", "aria-valuemax": "100",
}, bar);
const sentence = node("span", { class: "progress-sentence", role: "status" });
const cancel = node("button", {
  type: "button", class: "link", onclick: () => trigger("cancel", {}),
}, words.cancel);
const progress = node("div", { class: "progress" }, track,
  node("div", { class: "progress-line" }, sentence, cancel));
const grid = node("ul", { class: "tiles", "aria-label": words.designs });
const save = node("button", { type: "button", class: "action primary", onclick: () => answer() });
const none = node("button", {
  type: "button", class: "action", onclick: () => answerNone(),
}, words.none_of_these);
const more = node("button", { type: "button", class: "action", onclick: () => moreLike() },
  words.more_like_these);
const refine = node("button", {
  type: "button", class: "action", onclick: () => trigger("refine", { group_id: shown.group_id }),
}, words.refine);
const blueprint = node("button", {
  type: "button", class: "action quiet", onclick: () => drawBlueprints(),
}, words.blueprint);
const keys = node("p", { class: "keys" });
const actions = node("div", { class: "actions" }, save, more, none, refine, blueprint, keys);
const told = node("p", { class: "told", role: "alert" });
const lineage = node("nav", { class: "lineage", "aria-label": words.lineage });
const empty = node("div", { class: "empty" });
const heading = node("header", { class: "round-header" }, title, subtitle, note);
const dialog = node("dialog", { class: "full-screen", "aria-label": words.full_screen });
element.replaceChildren(heading, progress, empty, grid, actions, told, lineage, dialog);

const draftKey = () => `perfusion-ticks-${shown.group_id}`;
const keepDraft = () => sessionStorage.setItem(draftKey(), JSON.stringify([...ticked]));
const readDraft = () => JSON.parse(sessionStorage.getItem(draftKey()) || "null");

const answer = () => {
  if (ticked.size) trigger("save", { group_id: shown.group_id, candidate_ids: [...ticked] });
};
const answerNone = () => {
  ticked.clear();
  showTicks();
  trigger("save", { group_id: shown.group_id, candidate_ids: [] });
};

const moreLike = () => {
  if (ticked.size) trigger("more", { group_id: shown.group_id, candidate_ids: [...ticked] });
};

// Sheets take a while to draw: the button says so, and a refusal is told below.
const drawBlueprints = async () => {
  const ids = [...ticked];
  blueprint.disabled = true;
  blueprint.textContent = words.blueprint_busy;
  told.textContent = await saveFile(
    ids.length === 1 ? `blueprints/${ids[0]}.png` : `blueprints.zip?ids=${ids.join(",")}`,
    words.download_failed,
  );
  blueprint.textContent = words.blueprint;
  showTicks();
};

const toggle = (id) => {
  if (id === null) return;
  if (ticked.has(id)) ticked.delete(id);
  else ticked.add(id);
  keepDraft();
  showTicks();
};

const showTicks = () => {
  tiles.forEach((tile) => {
    if (tile.id === null) return;
    tile.box.setAttribute("aria-checked", String(ticked.has(tile.id)));
  });
  const count = ticked.size;
  const label = [words.save_none, words.save_one][count] ?? words.save_many;
  save.textContent = fill(label, { count });
  save.disabled = count === 0;
  more.disabled = count === 0;
  blueprint.disabled = count === 0;
  if (dialog.open) showLarge();
};

// --- Full screen: one design large, the same keys ------------------------------------------------
let large = 0;
const largeImage = node("img", { alt: "" });
const largeTick = node("button", {
  type: "button", class: "action", onclick: () => toggle(tiles[large].id),
});
const largeFile = node("a", { class: "action", download: true }, words.save_png);
const turn = (steps) => {
  large = (large + steps + tiles.length) % tiles.length;
  showLarge();
};
const largeCount = node("p", { class: "full-count" });
dialog.append(
  node("div", { class: "full-picture" }, largeImage),
  node("div", { class: "full-line" },
    node("button", { type: "button", class: "action", "aria-label": words.previous,
      onclick: () => turn(-1) }, "←"),
    largeCount,
    largeTick,
    node("button", { type: "button", class: "action", "aria-label": words.next,
      onclick: () => turn(1) }, "→"),
    largeFile,
    node("button", { type: "button", class: "action", onclick: () => dialog.close() },
      words.close)),
);
const showLarge = () => {
  const { id, image, box } = tiles[large];
  largeImage.src = image.src;
  largeImage.parentElement.style.backgroundColor = box.style.backgroundColor;
  largeFile.href = `designs/${id}.png`;
  largeImage.alt = fill(words.design_number, { number: large + 1 });
  largeCount.textContent = fill(words.design_of, { number: large + 1, total: tiles.length });
  const isTicked = ticked.has(id);
  largeTick.setAttribute("aria-pressed", String(isTicked));
  largeTick.classList.toggle("primary", isTicked);
  largeTick.textContent = isTicked ? words.ticked : words.tick;
};
const openLarge = (place) => {
  if (tiles[place].id === null) return;
  large = place;
  showLarge();
  dialog.showModal();
};
dialog.addEventListener("close", () => tiles[large] && tiles[large].box.focus());
dialog.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") turn(-1);
  else if (event.key === "ArrowRight") turn(1);
  else if (event.key === " ") toggle(tiles[large].id);
  else return;
  event.preventDefault();
});

const columns = () => getComputedStyle(grid).gridTemplateColumns.split(" ").length;

const steps = { ArrowLeft: () => -1, ArrowRight: () => 1, ArrowUp: () => -columns(),
  ArrowDown: () => columns() };

// The tile's ground goes on where the picture ends: its colour is that of the picture's corner.
const corner = node("canvas", { width: "1", height: "1" }).getContext("2d", {
  willReadFrequently: true,
});
const matchGround = (image, box) => {
  corner.drawImage(image, 0, 0, 1, 1, 0, 0, 1, 1);
  const [red, green, blue] = corner.getImageData(0, 0, 1, 1).data;
  box.style.backgroundColor = `rgb(${red} ${green} ${blue})`;
};

const tile = (place) => {
  const image = node("img", { alt: "", draggable: "false" });
  const box = node("div", { class: "tile" },
    node("span", { class: "tile-number", "aria-hidden": "true" }, String(place + 1)),
    node("span", { class: "tile-tick", "aria-hidden": "true" }),
    image);
  const enlarge = node("button", {
    type: "button",
    class: "tile-enlarge",
    tabindex: "-1",
    "aria-label": fill(words.enlarge_number, { number: place + 1 }),
    onclick: () => openLarge(place),
  }, "⤢");
  const made = { id: null, box, image, item: node("li", {}, box, enlarge) };
  image.addEventListener("load", () => matchGround(image, box));
  box.addEventListener("click", () => toggle(made.id));
  box.addEventListener("keydown", (event) => {
    if (event.key === " ") toggle(made.id);
    else if (event.key === "Enter") openLarge(place);
    else if (event.key in steps) {
      const next = tiles[tiles.indexOf(made) + steps[event.key]()];
      if (next) next.box.focus();
    } else return;
    event.preventDefault();
  });
  return made;
};

// Tiles stay the same elements from the first preview to the finished picture.
const showTiles = (views) => {
  if (views.length !== tiles.length) {
    tiles = views.map((_, place) => tile(place));
    grid.replaceChildren(...tiles.map((each) => each.item));
  }
  views.forEach((view, place) => {
    const { box, image } = tiles[place];
    tiles[place].id = view.id;
    box.classList.toggle("blank", !view.image);
    box.classList.toggle("preview", view.id === null);
    if (view.image && image.getAttribute("src") !== view.image) image.src = view.image;
    if (!view.image) image.removeAttribute("src");
    if (view.id === null) {
      ["role", "tabindex", "aria-checked", "aria-label"].forEach((name) =>
        box.removeAttribute(name));
    } else {
      box.setAttribute("role", "checkbox");
      box.setAttribute("tabindex", "0");
      box.setAttribute("aria-label", fill(words.design_number, { number: place + 1 }));
    }
  });
};

const showEmpty = (examples) => {
  empty.replaceChildren(
    node("p", { class: "empty-lead" }, words.empty_lead),
    node("p", {}, words.empty_body),
    node("div", { class: "examples" }, examples.map((prompt) => node("button", {
      type: "button", class: "example", onclick: () => trigger("example", { prompt }),
    }, prompt))),
  );
};

// A thumbnail for each round that led here; going back deletes nothing.
const showLineage = (rounds) => {
  lineage.hidden = rounds.length < 2;
  lineage.replaceChildren(
    node("span", { class: "lineage-title" }, words.lineage),
    ...rounds.flatMap((round, place) => [
      place ? node("span", { class: "lineage-arrow", "aria-hidden": "true" }, "→") : null,
      node("button", {
        type: "button",
        class: "lineage-round",
        "aria-label": fill(words.round, { number: round.id }),
        "aria-current": round.id === shown.group_id ? "true" : null,
        onclick: () => trigger("open", { group_id: round.id }),
      }, node("img", { src: round.image, alt: "" })),
    ]).filter(Boolean),
    node("span", { class: "lineage-numbers" }, rounds.map((round) => round.id).join(" → ")),
  );
};

const show = (view) => {
  if (!shown || view.group_id !== shown.group_id) {
    ticked.clear();
    shown = view;
    if (view.group_id !== null) (readDraft() || view.ticked).forEach((id) => ticked.add(id));
  }
  shown = view;
  if (view.ticked.length === ticked.size && view.ticked.every((id) => ticked.has(id))) {
    sessionStorage.removeItem(draftKey());
  }
  const answerable = view.group_id !== null;
  heading.hidden = view.state === "empty";
  title.textContent = view.title;
  subtitle.textContent = view.phrases;
  note.textContent = view.note;
  progress.hidden = view.progress === null;
  if (view.progress) {
    bar.style.width = `${100 * view.progress.fraction}%`;
    track.setAttribute("aria-valuenow", String(Math.round(100 * view.progress.fraction)));
    sentence.textContent = view.progress.sentence;
  }
  empty.hidden = view.state !== "empty";
  if (view.state === "empty") showEmpty(view.examples);
  grid.classList.toggle("few", view.tiles.length < 4);
  showTiles(view.tiles);
  actions.hidden = !answerable;
  keys.textContent = fill(words.keys, { last: Math.min(9, view.tiles.length) });
  if (answerable) showTicks();
  showLineage(view.lineage);
};

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (!element.isConnected || !element.offsetParent || typing(event.target)) return;
  if (dialog.open && event.key.toLowerCase() === "s") return;
  if (event.ctrlKey || event.metaKey || event.altKey || !shown || shown.group_id === null) return;
  const place = Number(event.key) - 1;
  if (place >= 0 && place < Math.min(9, tiles.length)) {
    if (dialog.open) large = place;
    else tiles[place].box.focus();
    toggle(tiles[place].id);
  } else if (event.key.toLowerCase() === "s") answer();
  else return;
  event.preventDefault();
});

watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
