// A file that is brought in: orders, returns, products, traffic or votes, whichever its columns say.
const sellImport = (words, { title, lead, label, hasSource, done }) => {
  const told = node("p", { class: "told", role: "alert" });
  const source = node("input", { class: "text-input", placeholder: words.sell_source_hint });
  const file = node("input", { type: "file", accept: ".csv,.tsv,text/csv", class: "sell-file", "aria-label": label });
  const send = async () => {
    told.textContent = "";
    if (!file.files.length) { told.textContent = words.sell_choose_file; return; }
    const chosen = file.files[0];
    take.disabled = true;
    take.textContent = words.one_moment;
    const exported = new Date(chosen.lastModified).toISOString();
    const query = new URLSearchParams({ source: source.value, exported });
    const reply = await fetch(`orders?${query}`, { method: "POST", body: chosen }).catch(() => null);
    const found = reply && reply.ok ? await reply.json() : null;
    take.disabled = false;
    take.textContent = words.sell_import;
    file.value = "";
    told.textContent = found ? found.problem || fill(words.sell_batch, found) : words.download_failed;
    done();
  };
  const take = node("button", { type: "button", class: "action", onclick: send }, words.sell_import);
  return node("section", { class: "sell-import" },
    node("h2", { class: "form-title" }, title),
    node("p", { class: "page-lead" }, lead),
    node("div", { class: "actions" },
      hasSource ? node("label", { class: "compare-field" }, words.sell_source, source) : null, file, take),
    told);
};
