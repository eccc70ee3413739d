// The history: rounds newest first, with search, stars, and deleting that can be undone.
const words = props.words;
let last = null;
let typing = null;

const search = node("input", {
  type: "search", class: "text-input", placeholder: words.search_phrases,
  "aria-label": words.search_phrases, maxlength: "200",
});
const store = node("select", { class: "text-input", "aria-label": words.store });
const starred = node("input", { type: "checkbox" });
const deleted = node("input", { type: "checkbox" });
const rows = node("ol", { class: "rounds" });
const nothing = node("p", { class: "page-lead", hidden: true });
const more = node("button", {
  type: "button", class: "action", hidden: true,
  onclick: () => trigger("find", { ...filter(), before_id: last }),
}, words.older);
const exported = node("button", { type: "button", class: "link", onclick: async () => {
  exported.disabled = true;
  const asked = new URLSearchParams({ format: format.value, store: store.value });
  told.textContent = await saveFile(`rounds.zip?${asked}`, words.download_failed);
  exported.disabled = false;
} }, words.export_rounds);
const picks = (ending) => node("button", { type: "button", class: "link", onclick: async () => {
  const asked = new URLSearchParams({ store: store.value });
  told.textContent = await saveFile(`picks.${ending}?${asked}`, words.download_failed);
} }, ending.toUpperCase());
const format = node("select", { class: "export-format", "aria-label": words.export_format });
const told = node("p", { class: "told", role: "alert" });
element.replaceChildren(
  node("h1", { class: "page-title" }, words.history),
  node("div", { class: "filters", role: "search" }, search, store,
    node("label", { class: "choice" }, starred, node("span", {}, words.favourites)),
    node("label", { class: "choice", title: words.deleted_kept }, deleted,
      node("span", {}, words.deleted)),
    node("p", { class: "export" }, exported, format),
    node("p", { class: "export picks" }, words.export_picks, picks("csv"), picks("xlsx"))),
  told, nothing, rows, more,
);

const filter = () => ({
  search: search.value, store_id: Number(store.value) || null, favourites: starred.checked,
  deleted: deleted.checked,
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});
const isFiltered = () => Boolean(
  search.value || store.value || starred.checked || deleted.checked);
const find = () => trigger("find", { ...filter(), before_id: null });
search.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(find, 250);
});
store.addEventListener("change", find);
starred.addEventListener("change", find);
deleted.addEventListener("change", find);

const when = (iso) => new Intl.DateTimeFormat(words.locale, {
  dateStyle: "medium", timeStyle: "short",
}).format(new Date(iso));

const star = (round) => {
  const made = node("button", { type: "button", class: "star" });
  const showStar = () => {
    made.textContent = round.favourite ? "★" : "☆";
    made.setAttribute("aria-pressed", String(round.favourite));
    made.setAttribute("aria-label", fill(words.favourite, { number: round.id }));
  };
  made.addEventListener("click", () => {
    round.favourite = !round.favourite;
    showStar();
    attempt("star", { group_id: round.id, favourite: round.favourite });
  });
  showStar();
  return made;
};

// A round goes, or comes back; either can be undone on the same spot.
const link = (label, told, act) => node("button", {
  type: "button", class: "link", "aria-label": told, onclick: act,
}, label);
const row = (round) => {
  const open = () => trigger("open", { group_id: round.id });
  const made = node("li", {
    class: "round-row",
    onclick: (event) => event.target.closest("button, a, .undo-line") || open(),
  });
  const move = (event, back, said) => {
    attempt(event, { group_id: round.id });
    made.replaceChildren(node("p", { class: "undo-line", role: "status" },
      fill(said, { number: round.id }), " ", link(words.undo, null, () => {
        attempt(back, { group_id: round.id });
        made.replaceChildren(...whole);
      })));
  };
  const tools = round.deleted
    ? [link(words.put_back, fill(words.put_back_round, { number: round.id }),
      () => move("undelete", "delete", words.round_back))]
    : [star(round), link(words.delete, fill(words.delete_round, { number: round.id }),
      () => move("delete", "undelete", words.round_deleted))];
  const whole = [
    node("button", {
      type: "button", class: "round-open",
      "aria-label": fill(words.open_round, { number: round.id }),
      onclick: open,
    },
    node("span", { class: "thumbs" }, round.thumbs.map((thumb) => node("img", {
      src: thumb.image, alt: "", loading: "lazy", class: thumb.ticked ? "ticked" : null,
    })))),
    node("div", { class: "round-facts" },
      node("p", { class: "round-name" }, fill(words.round, { number: round.id })),
      node("p", { class: "round-row-phrases" }, round.phrases),
      node("p", { class: "round-meta" },
        [round.store, when(round.made_at), round.answer].filter(Boolean).join(" · "))),
    node("div", { class: "round-tools" }, ...tools),
  ];
  made.append(...whole);
  return made;
};

const show = (value) => {
  if (value.is_fresh && isFiltered()) {
    find();
    return;
  }
  const chosen = value.filter.store_id;
  store.replaceChildren(node("option", { value: "" }, words.all_stores),
    ...storeOptions(value.stores, words));
  store.value = chosen === null ? "" : String(chosen);
  store.hidden = value.stores.length === 0;
  if (!format.options.length) {
    format.append(...value.formats.map(([kind, name]) => node("option", { value: kind }, name)));
  }
  const made = value.rounds.map(row);
  if (value.is_continued) rows.append(...made);
  else rows.replaceChildren(...made);
  last = value.rounds.length ? value.rounds[value.rounds.length - 1].id : last;
  more.hidden = !value.has_more;
  nothing.hidden = rows.children.length > 0;
  nothing.textContent = isFiltered() ? words.nothing_found : words.no_rounds;
};

watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
