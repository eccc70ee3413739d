// One round: its tiles while they are drawn and after, ticking, and the answers.
const words = props.words;
const ticked = new Set();
let shown = null;
let tiles = [];

const title = node("h1", { class: "round-title" });
const subtitle = node("p", { class: "round-phrases" });
const note = node("p", { class: "round-note" });
const progress = makeProgress(words, () => trigger("cancel", {}));
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
const kind = node("select", { class: "export-format", "aria-label": words.save_ticked_as },
  [["png", "PNG"], ["svg", "SVG"], ["pdf", "PDF"], ["packs", words.tech_packs]].map(
    ([value, name]) => node("option", { value }, name)));
const keepFiles = node("button", {
  type: "button", class: "link", onclick: () => saveTicked(),
}, words.save_files);
const keepLine = node("span", { class: "keep-line" }, words.save_ticked_as, " ", kind, keepFiles);
const sell = node("button", {
  type: "button", class: "action quiet",
  onclick: () => trigger("sell", { candidate_ids: [...ticked] }),
}, words.sell_it);
const keys = node("p", { class: "keys" });
const actions = node("div", { class: "actions" }, save, more, none, refine, blueprint, sell,
  keepLine, keys);
const told = node("p", { class: "told", role: "alert" });
const lineage = node("nav", { class: "lineage", "aria-label": words.lineage });
const empty = node("div", { class: "empty" });
const heading = node("header", { class: "round-header" }, title, subtitle, note);

// --- The order of the tiles: as drawn, or by score. A tile keeps its number. ---------------------
let byScore = keptForGood.get("perfusion-order") === "score";
const inOrder = () => (byScore && tiles.every((tile) => tile.score)
  ? [...tiles].sort((one, other) => other.score.order - one.score.order) : tiles);
const orderBy = (score) => {
  byScore = score;
  keptForGood.set("perfusion-order", score ? "score" : "drawn");
  showOrder();
};
const asDrawn = node("button", {
  type: "button", class: "link", onclick: () => orderBy(false),
}, words.as_drawn);
const bestFirst = node("button", {
  type: "button", class: "link", onclick: () => orderBy(true),
}, words.by_score);
const order = node("span", { class: "order", role: "group", "aria-label": words.order },
  words.order, " ", asDrawn, " · ", bestFirst);
const scoreNote = node("p", { class: "score-note" });
const compare = node("button", {
  type: "button", class: "link",
  onclick: () => trigger("compare", { group_id: shown.group_id }),
}, words.compare_round);
const tools = node("p", { class: "score-tools" }, order, compare);
const scoreLine = node("div", { class: "score-line" }, scoreNote, tools);
const showOrder = () => {
  asDrawn.setAttribute("aria-pressed", String(!byScore));
  bestFirst.setAttribute("aria-pressed", String(byScore));
  const wanted = inOrder().map((tile) => tile.item);
  if (wanted.every((item, place) => grid.children[place] === item)) return;
  const focused = document.activeElement;
  grid.replaceChildren(...wanted);
  if (grid.contains(focused)) focused.focus();
};

const collectMenu = makeCollectMenu(words, (id, target) => trigger("collect", {
  ...target, candidate_ids: [id],
}));
const fullScreen = makeFullScreen(words, {
  tiles: () => inOrder(),
  parts: () => shown.parts,
  isTicked: (tile) => ticked.has(tile.id),
  toggle: (tile) => toggle(tile.id),
  collect: (tile) => collectMenu.open(tile.id),
  change: (tile, parts) => trigger("redraw", {
    group_id: shown.group_id, candidate_id: tile.id, parts,
  }),
  pack: (tile) => trigger("pack", { candidate_id: tile.id }),
  why: (tile) => trigger("why", { group_id: shown.group_id, candidate_id: tile.id }),
});
element.replaceChildren(heading, progress.line, empty, scoreLine, grid, actions, told, lineage,
  fullScreen.dialog, collectMenu.dialog);

const draftKey = () => `perfusion-ticks-${shown.group_id}`;
const keepDraft = () => keptForTab.set(draftKey(), JSON.stringify([...ticked]));
const readDraft = () => {
  const draft = keptForTab.read(draftKey());
  return Array.isArray(draft) ? draft : null;
};

// Which answer this page knows of: another tab may have given one since.
const keep = (ids) => trigger("save", {
  group_id: shown.group_id,
  candidate_ids: ids,
  seen_ids: shown.is_answered ? shown.ticked : null,
});
const answer = () => {
  if (ticked.size) keep([...ticked]);
};
let unticked = []; // what "none of these" took away
const answerNone = () => {
  unticked = [...ticked];
  ticked.clear();
  showTicks();
  keep([]);
};

// The answer before comes back; what is ticked stays, as a draft.
const unsave = () => {
  if (!ticked.size) unticked.forEach((id) => ticked.add(id));
  keepDraft();
  trigger("unsave", {});
};
const undo = node("button", { type: "button", class: "link", onclick: unsave }, words.undo);

const moreLike = () => {
  if (ticked.size) trigger("more", { group_id: shown.group_id, candidate_ids: [...ticked] });
};

// Sheets take a while to draw: the button says so, and a refusal is told below.
const drawBlueprints = async () => {
  const ids = [...ticked];
  blueprint.disabled = true;
  blueprint.textContent = words.blueprint_busy;
  told.textContent = await saveFile(
    ids.length === 1 ? `blueprints/${ids[0]}.png?language=${words.language}`
      : `blueprints.zip?ids=${ids.join(",")}&language=${words.language}`,
    words.download_failed,
  );
  blueprint.textContent = words.blueprint;
  showTicks();
};

const saveTicked = async () => {
  const ids = [...ticked].join(",");
  keepFiles.disabled = true;
  keepFiles.textContent = words.blueprint_busy;
  told.textContent = await saveFile(
    kind.value === "packs" ? `packs.zip?ids=${ids}&language=${words.language}`
      : `designs?ids=${ids}&kind=${kind.value}`,
    words.download_failed,
  );
  keepFiles.textContent = words.save_files;
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
  save.textContent = count ? fill(words.save_many, { count }) : words.save_none;
  save.disabled = count === 0;
  more.disabled = count === 0;
  blueprint.disabled = count === 0;
  keepFiles.disabled = count === 0;
  sell.disabled = count === 0;
  fullScreen.refresh();
};

const columns = () => getComputedStyle(grid).gridTemplateColumns.split(" ").length;

const steps = { ArrowLeft: () => -1, ArrowRight: () => 1, ArrowUp: () => -columns(),
  ArrowDown: () => columns() };

const move = (tile, key) => {
  if (!(key in steps)) return false;
  const shownTiles = inOrder();
  const next = shownTiles[shownTiles.indexOf(tile) + steps[key]()];
  if (next) next.box.focus();
  return true;
};

// Tiles stay the same elements from the first preview to the finished picture.
const showTiles = (views) => {
  if (views.length !== tiles.length) {
    tiles = views.map((_, place) => makeTile(place, words, {
      toggle: (tile) => toggle(tile.id), enlarge: fullScreen.open, move,
      collect: (tile) => collectMenu.open(tile.id),
    }));
    grid.replaceChildren();
  }
  views.forEach((view, place) => tiles[place].show(view));
  showOrder();
};

const showEmpty = (examples) => {
  empty.replaceChildren(
    node("p", { class: "empty-lead" }, words.empty_lead),
    node("ol", { class: "how" }, [words.how_store, words.how_phrases, words.how_ticks].map(
      (sentence) => node("li", {}, sentence))),
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
    unticked = [];
    shown = view;
    const there = new Set(view.tiles.map((tile) => tile.id));
    const draft = view.group_id === null ? [] : readDraft() || view.ticked;
    draft.filter((id) => there.has(id)).forEach((id) => ticked.add(id));
  }
  shown = view;
  if (view.ticked.length === ticked.size && view.ticked.every((id) => ticked.has(id))) {
    keptForTab.drop(draftKey());
  }
  const answerable = view.group_id !== null;
  heading.hidden = view.state === "empty";
  title.textContent = view.title;
  subtitle.textContent = view.phrases;
  note.textContent = view.note;
  progress.show(view.progress);
  empty.hidden = view.state !== "empty";
  if (view.state === "empty") showEmpty(view.examples);
  grid.classList.toggle("few", view.tiles.length < 4);
  scoreLine.hidden = view.group_id === null;
  scoreNote.textContent = view.score_note;
  order.hidden = !view.tiles.some((tile) => tile.score);
  showTiles(view.tiles);
  actions.hidden = !answerable;
  keys.textContent = fill(words.keys, { last: Math.min(9, view.tiles.length) });
  if (answerable) showTicks();
  showLineage(view.lineage);
  told.replaceChildren(view.told ?? "", ...(view.can_undo ? [" ", undo] : []));
  if (view.arrive) {
    props.value = { ...view, arrive: false }; // so that the same round can be gone to again
    arrive(100);
  }
  if (answerable) {
    document.dispatchEvent(new CustomEvent("perfusion-round", { detail: view.group_id }));
  }
};

// Whoever asked for a round is taken to it: on a phone it lies far below its button. The tab may
// come after the round.
const arrive = (left) => {
  if (!element.offsetParent) {
    if (left) requestAnimationFrame(() => arrive(left - 1));
    return;
  }
  const { top } = heading.getBoundingClientRect();
  const isPhone = matchMedia("(max-width: 760px)").matches;
  if (!isPhone && top >= 0 && top < innerHeight / 2) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  heading.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
};

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (!element.isConnected || !element.offsetParent || typing(event.target)) return;
  if (fullScreen.dialog.open && event.key.toLowerCase() === "s") return;
  if (collectMenu.dialog.open) return;
  if (event.ctrlKey || event.metaKey || event.altKey || !shown || shown.group_id === null) return;
  const place = Number(event.key) - 1;
  if (place >= 0 && place < Math.min(9, tiles.length)) {
    if (fullScreen.dialog.open) fullScreen.show(tiles[place]);
    else tiles[place].box.focus();
    toggle(tiles[place].id);
  } else if (event.key.toLowerCase() === "s") answer();
  else return;
  event.preventDefault();
});

watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
