// Where to put a design: one of the collections, or a new one. `collect` gets {collection_id, name}.
const makeCollectMenu = (words, collect) => {
  let wanted = null;
  const list = node("div", { class: "collect-list" });
  const name = node("input", {
    type: "text", class: "text-input", maxlength: "120", placeholder: words.new_collection,
    "aria-label": words.new_collection,
  });
  const choose = (target) => {
    dialog.close();
    collect(wanted, target);
  };
  const form = node("form", {
    class: "collect-new",
    onsubmit: (event) => {
      event.preventDefault();
      if (name.value.trim()) choose({ collection_id: null, name: name.value.trim() });
    },
  }, name, node("button", { type: "submit", class: "action" }, words.add));
  const dialog = node("dialog", { class: "collect-menu", "aria-label": words.collect },
    node("p", { class: "form-title" }, words.collect), list, form,
    node("button", { type: "button", class: "link", onclick: () => dialog.close() }, words.close));
  const open = async (candidateId) => {
    wanted = candidateId;
    name.value = "";
    list.replaceChildren();
    dialog.showModal();
    const reply = await fetch("collections.json").catch(() => null);
    const found = reply && reply.ok ? await reply.json() : [];
    list.replaceChildren(...found.map((each) => node("button", {
      type: "button", class: "suggestion kept",
      onclick: () => choose({ collection_id: each.id, name: each.name }),
    }, each.name)));
    if (!found.length) name.focus();
  };
  return { dialog, open };
};
