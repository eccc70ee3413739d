// The store that designs are for: choose it, and see what is known about it.
const words = props.words;
const SHOWN = 4;

// Another store's taste to mix in: which, and how much of it.
const USUAL_SHARE = 50;
const mixing = ({ stores, current, mixed }) => {
  const others = stores.filter((store) => store.id !== current.id);
  const choice = node("select", { class: "text-input", "aria-label": words.mix_with },
    node("option", { value: "" }, words.mix_with_none), storeOptions(others, words));
  choice.value = mixed ? String(mixed.id) : "";
  const told = node("output", { class: "mix-share" });
  const share = node("input", {
    type: "range", min: "10", max: "100", step: "10", "aria-label": words.mix_share,
    value: String(mixed ? Math.round(mixed.share * 100) : USUAL_SHARE),
  });
  const tell = () => { told.textContent = `${share.value}%`; };
  const send = () => attempt("mix", {
    store_id: Number(choice.value) || null, share: Number(share.value) / 100,
  });
  share.addEventListener("input", tell);
  share.addEventListener("change", send);
  choice.addEventListener("change", send);
  tell();
  return node("details", { class: "mix", open: mixed !== null },
    node("summary", {}, words.mix_with), choice,
    mixed ? node("label", { class: "mix-how-much" }, share, told) : null);
};

const show = (value) => {
  const { stores, current } = value;
  const title = node("h2", { class: "side-title" }, words.store);
  if (!stores.length) {
    element.replaceChildren(title, node("div", { class: "store-card" },
      node("p", { class: "store-summary" }, words.no_store),
      node("button", { type: "button", class: "link", onclick: () => trigger("edit", {}) },
        words.add_store)));
    return;
  }
  const choice = node("select", {
    class: "store-name", "aria-label": words.choose_store,
    onchange: () => attempt("choose", { store_id: Number(choice.value) || null }),
  },
  node("option", { value: "" }, words.nobody),
  storeOptions(stores, words));
  choice.value = current ? String(current.id) : "";
  const list = (rows) => node("dl", { class: "store-rows" }, rows.flatMap(([label, answer]) =>
    [node("dt", {}, label), node("dd", {}, answer)]));
  const rows = current ? current.rows : [];
  const [first, rest] = [rows.slice(0, SHOWN), rows.slice(SHOWN)];
  element.replaceChildren(title, node("div", { class: "store-card" },
    choice,
    first.length ? list(first) : null,
    rest.length ? node("details", { class: "store-rest" },
      node("summary", {}, words.more_answers), list(rest)) : null,
    node("p", { class: "store-summary" },
      current ? current.summary : words.for_nobody, " · ",
      node("button", { type: "button", class: "link", onclick: () => trigger("edit", {}) },
        words.stores)),
    current && value.can_mix && stores.length > 1 ? mixing(value) : null,
    current ? [...current.taste, current.learning].filter(Boolean).map((told) =>
      node("p", { class: "store-note", role: "status" }, told)) : null,
    value.note ? node("p", { class: "store-note" }, value.note) : null));
};

watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
