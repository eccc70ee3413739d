// Collections: a board for designs of any rounds. Every change is kept at once, and can be undone.
const words = props.words;
let shown = null; // the collection that is open
let before = []; // what it was, oldest first
let ticked = new Set();

const list = node("ul", { class: "collection-list" });
const name = node("input", {
  type: "text", class: "text-input", maxlength: "120", placeholder: words.new_collection,
  "aria-label": words.new_collection,
});
const start = node("form", {
  class: "collect-new",
  onsubmit: (event) => {
    event.preventDefault();
    if (name.value.trim()) trigger("start", { name: name.value.trim() });
    name.value = "";
  },
}, name, node("button", { type: "submit", class: "action" }, words.add));
const told = node("p", { class: "undo-line", role: "status", hidden: true });
const removed = node("details", { class: "gone" });
const side = node("aside", { class: "collection-side" },
  node("h1", { class: "page-title" }, words.collections), start, told, list, removed);
const board = node("section", { class: "collection-board" });
const compared = node("dialog", { class: "full-screen side-by-side", "aria-label": words.compare });
element.replaceChildren(node("div", { class: "collection-page" }, side, board), compared);

// --- Changing: the whole collection goes to the server, as does an earlier state ------------------
const copy = (collection) => JSON.parse(JSON.stringify(collection));
const put = (next) => trigger("put", {
  collection_id: next.id,
  revision: shown.revision,
  name: next.name,
  notes: next.notes,
  candidate_ids: next.designs.map((each) => each.candidate_id),
  names: next.designs.map((each) => each.name),
  prices: next.designs.map((each) => each.price),
  notes_of_designs: next.designs.map((each) => each.note),
});
const change = (edit) => {
  const next = copy(shown);
  edit(next);
  before.push(copy(shown));
  put(next);
};
const undo = () => before.length && put(before.pop());

const move = (place, steps) => {
  const to = place + steps;
  if (to < 0 || to >= shown.designs.length || steps === 0) return;
  change((next) => next.designs.splice(to, 0, ...next.designs.splice(place, 1)));
};

// --- One design ----------------------------------------------------------------------------------
const field = (design, place, key, label, most) => node("input", {
  type: "text", class: `card-${key}`, value: design[key], maxlength: String(most),
  placeholder: label, "aria-label": `${label}: ${design.title}`,
  onchange: (event) => change((next) => { next.designs[place][key] = event.target.value; }),
});
const card = (design, place) => {
  const tick = node("input", {
    type: "checkbox", "aria-label": fill(words.tick_design, { name: design.title }),
    onchange: () => {
      if (tick.checked) ticked.add(design.candidate_id);
      else ticked.delete(design.candidate_id);
      showCompare();
    },
  });
  tick.checked = ticked.has(design.candidate_id);
  const { image, picture } = pictureOf(node("label", { class: "card-tick" }, tick));
  image.src = design.image;
  image.alt = design.phrases;
  const made = node("li", { class: "collection-card", draggable: "true", "data-place": place },
    picture,
    node("div", { class: "card-line" }, field(design, place, "name", design.number, 120),
      field(design, place, "price", words.price, 40)),
    field(design, place, "note", words.note, 2000),
    node("p", { class: "card-facts" }, [design.phrases, design.store].filter(Boolean).join(" · ")),
    node("div", { class: "card-tools" },
      node("button", { type: "button", class: "link", "aria-label": fill(words.move_back, { name: design.title }),
        onclick: () => move(place, -1) }, "←"),
      node("button", { type: "button", class: "link", "aria-label": fill(words.move_on, { name: design.title }),
        onclick: () => move(place, 1) }, "→"),
      node("button", { type: "button", class: "link",
        onclick: () => trigger("open", { group_id: design.round }) },
      fill(words.round, { number: design.round })),
      node("button", { type: "button", class: "link", "aria-label": fill(words.take_out, { name: design.title }),
        onclick: () => change((next) => next.designs.splice(place, 1)) }, words.remove_store)));
  made.addEventListener("dragstart", (event) => {
    event.dataTransfer.setData("application/x-perfusion-place", String(place));
    event.dataTransfer.effectAllowed = "move";
  });
  made.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("application/x-perfusion-place")) event.preventDefault();
  });
  made.addEventListener("drop", (event) => {
    const from = event.dataTransfer.getData("application/x-perfusion-place");
    if (from === "") return;
    event.preventDefault();
    event.stopPropagation();
    move(Number(from), place - Number(from));
  });
  return made;
};

// --- Side by side --------------------------------------------------------------------------------
const compare = node("button", {
  type: "button", class: "action", onclick: () => {
    const chosen = shown.designs.filter((each) => ticked.has(each.candidate_id));
    compared.replaceChildren(
      node("div", { class: "side-columns" }, chosen.map((design) => node("figure", {},
        node("img", { src: design.large, alt: design.phrases }),
        node("figcaption", {}, node("strong", {}, design.title),
          node("span", {}, design.price), node("span", {}, design.phrases))))),
      node("div", { class: "full-line" }, node("button", {
        type: "button", class: "action", onclick: () => compared.close(),
      }, words.close)));
    compared.showModal();
  },
}, words.side_by_side);
const showCompare = () => {
  compare.disabled = ticked.size < 2 || ticked.size > 4;
};

// --- The board -----------------------------------------------------------------------------------
const away = node("p", { class: "told", role: "alert" });
const save = (ending, label) => {
  const button = node("button", {
    type: "button", class: "action quiet", onclick: async () => {
      const address = `collections/${shown.id}.${ending}?language=${words.language}`;
      button.disabled = true;
      button.textContent = words.blueprint_busy;
      away.textContent = await saveFile(address, words.download_failed);
      button.textContent = label;
      button.disabled = false;
    },
  }, label);
  return button;
};

const showBoard = () => {
  if (!shown) {
    board.replaceChildren(node("p", { class: "page-lead" }, words.collections_lead));
    return;
  }
  const title = node("input", {
    type: "text", class: "collection-name", value: shown.name, maxlength: "120",
    "aria-label": words.collection_name,
    onchange: () => change((next) => { next.name = title.value; }),
  });
  const notes = node("textarea", {
    class: "text-input collection-notes", rows: "2", maxlength: "2000", placeholder: words.note,
    "aria-label": words.collection_notes,
    onchange: () => change((next) => { next.notes = notes.value; }),
  });
  notes.value = shown.notes;
  const back = node("button", { type: "button", class: "action", onclick: undo }, words.undo);
  back.disabled = before.length === 0;
  board.replaceChildren(
    title, notes,
    node("div", { class: "actions" }, back, compare,
      save("html", words.save_page), save("pdf", words.save_line_sheet),
      save("zip", words.save_everything), save("csv", "CSV"), save("xlsx", "XLSX"),
      node("button", {
        type: "button", class: "link remove",
        onclick: () => trigger("delete", { collection_id: shown.id }),
      }, words.delete)),
    away,
    shown.designs.length ? node("ol", { class: "collection-cards" }, shown.designs.map(card))
      : node("p", { class: "page-lead" }, words.collection_empty));
  showCompare();
};

const show = (value) => {
  list.replaceChildren(...value.collections.map((each) => node("li", {}, node("button", {
    type: "button", class: "store-row",
    "aria-current": value.open && value.open.id === each.id ? "true" : null,
    onclick: () => trigger("show", { collection_id: each.id }),
  },
  node("span", { class: "store-row-name" }, each.name),
  node("span", { class: "thumbs" }, each.covers.map((src) => node("img", { src, alt: "" }))),
  node("span", { class: "store-row-summary" }, each.count)))));
  removed.hidden = !value.gone.length;
  removed.replaceChildren(...gone(words.deleted_collections, value.gone,
    (each) => trigger("undelete", { collection_id: each.id }), words));
  if (value.is_refresh) {
    if (shown && value.collections.some((each) => each.id === shown.id)) {
      trigger("show", { collection_id: shown.id });
      return;
    }
  }
  told.hidden = !value.deleted;
  if (value.deleted) {
    told.replaceChildren(fill(words.collection_deleted, { name: value.deleted.name }), " ",
      node("button", { type: "button", class: "link",
        onclick: () => trigger("undelete", { collection_id: value.deleted.id }) }, words.undo));
  }
  if (!shown || !value.open || shown.id !== value.open.id) {
    before = [];
    ticked = new Set();
  }
  shown = value.open;
  away.textContent = "";
  showBoard();
};

watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
