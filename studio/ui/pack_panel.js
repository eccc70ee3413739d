// The tech pack of one design: its points of measure and materials, corrected where they stand.
const words = props.words;
let shown = null;
let edited = null; // the field that is being typed into
let back = null; // what had the focus when the panel was opened

const title = node("h2", { class: "pack-title" });
const number = node("p", { class: "pack-number" });
const counts = node("p", { class: "pack-counts" });
const lead = node("p", { class: "pack-lead" }, words.pack_lead);
const problem = node("p", { class: "told", role: "alert" });
const body = node("div", { class: "pack-body" });
const language = node("select", { "aria-label": words.sheet_language },
  [["en", "English"], ["zh", "中文"], ["both", words.both_languages]].map(([value, name]) =>
    node("option", { value, selected: value === words.language }, name)));
const saves = [
  ["pack_pdf", () => `packs/${shown.candidate_id}.pdf?language=${language.value}`],
  ["pack_zip", () => `packs.zip?ids=${shown.candidate_id}&language=${language.value}`],
].map(([label, address]) => {
  const button = node("button", {
    type: "button", class: "action",
    onclick: async () => {
      button.disabled = true;
      button.textContent = words.blueprint_busy;
      problem.textContent = await saveFile(address(), words.download_failed);
      button.textContent = words[label];
      button.disabled = false;
    },
  }, words[label]);
  return button;
});
const close = node("button", { type: "button", class: "action", onclick: () => dialog.close() },
  words.close);
const dialog = node("dialog", { class: "pack", "aria-label": words.tech_pack },
  node("header", { class: "pack-head" }, node("div", {}, title, number), counts),
  lead, problem, body,
  node("div", { class: "pack-line" }, language, ...saves, close));
element.replaceChildren(dialog);

// --- One field: a button that becomes an input, and who set it. ---------------------------------
const finish = (field, input, keep) => {
  if (edited !== field.key) return;
  edited = null;
  const typed = input.value.trim();
  if (keep && typed !== field.text) {
    trigger("correct", { candidate_id: shown.candidate_id, field: field.key, value: typed });
  }
  show(shown, field.key);
};

const makeInput = (field, label) => {
  const refused = shown.problem && shown.problem.field === field.key ? shown.problem : null;
  const input = node("input", {
    type: "text", class: "field-input", "aria-label": label,
    value: refused ? refused.typed : field.text, "aria-invalid": refused ? "true" : null,
    inputmode: /^(point|tolerance)\./.test(field.key) ? "decimal" : "text",
    onblur: () => finish(field, input, true),
    onkeydown: (event) => {
      event.stopPropagation();
      if (event.key === "Enter") finish(field, input, true);
      else if (event.key === "Escape") finish(field, input, false);
      else return;
      event.preventDefault();
    },
  });
  return input;
};

const edit = (field) => {
  edited = field.key;
  show(shown);
  const input = body.querySelector(".field-input");
  input.focus();
  input.select();
};

const makeField = (field, label) => {
  if (edited === field.key) return makeInput(field, label);
  const button = node("button", {
    type: "button", class: `field ${field.status}`, "data-key": field.key,
    title: field.note || field.status_told,
    "aria-label": [label, field.text || words.status_open, field.note || field.status_told]
      .join(", "),
    onclick: () => edit(field),
  }, field.text || words.status_open);
  if (field.status !== "person") return button;
  const undo = node("button", {
    type: "button", class: "field-undo", title: words.undo, "aria-label": `${words.undo}: ${label}`,
    onclick: () => trigger("undo", { candidate_id: shown.candidate_id, field: field.key }),
  }, "↶");
  return node("span", { class: "field-set" }, button, undo);
};

const table = (caption, head, rows, kind) => node("table", { class: `pack-table ${kind}` },
  node("caption", {}, caption),
  head.length ? node("thead", {}, node("tr", {}, head.map((name) =>
    (name ? node("th", { scope: "col" }, name) : node("td"))))) : null,
  node("tbody", {}, rows.map((cells) => node("tr", {}, cells))));

const header = (...content) => node("th", { scope: "row" }, ...content);
const cell = (field, label) => node("td", {}, makeField(field, label));

const points = (view) => table(words.pack_points,
  ["", words.pack_point, "±", ...view.sizes.map(([label, other], place) =>
    node("span", { class: place === view.base ? "base" : "" }, label, node("small", {}, other)))],
  view.points.map((row) => [
    header(row.letter),
    node("td", { class: "how" }, row.name, node("small", {}, row.how)),
    ...row.fields.map((field, place) => cell(field, `${row.letter} ${row.name}, ${
      place ? view.sizes[place - 1][0] : words.tolerance}`)),
  ]), "numbers");

const materials = (view) => {
  const names = [words.pack_material, words.pack_composition, words.pack_weight, words.pack_colour];
  return table(words.pack_materials, [words.pack_part, ...names], view.materials.map((line) => [
    header(line.part),
    ...line.fields.map((field, place) => cell(field, `${line.part}, ${names[place]}`)),
  ]), "texts");
};

const list = ([heading, rows]) => table(heading, [], rows.map(([name, field]) => [
  header(name), cell(field, name),
]), "texts list");

const questions = (view) => node("section", { class: "pack-questions" },
  node("h3", {}, words.pack_questions),
  node("ul", {}, view.questions.map((question) => node("li", {}, question))));

const show = (view, focused = null) => {
  shown = view;
  title.textContent = view.title;
  number.textContent = view.number;
  counts.replaceChildren(...view.counts.map(([status, name, count]) =>
    node("span", { class: `count ${status}` }, `${name} ${count}`)));
  problem.textContent = view.problem ? view.problem.sentence : "";
  const place = body.scrollTop;
  body.replaceChildren(points(view), materials(view), ...view.lists.map(list),
    ...(view.questions.length ? [questions(view)] : []));
  body.scrollTop = place;
  if (focused) body.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
};

// Arrow keys go from field to field, as in a spreadsheet.
const beside = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
body.addEventListener("keydown", (event) => {
  const here = event.target.closest("td");
  if (!(event.key in beside) || !event.target.classList.contains("field") || !here) return;
  const [down, right] = beside[event.key];
  const row = here.parentElement;
  const rows = [...body.querySelectorAll("tbody tr")];
  const next = rows[rows.indexOf(row) + down];
  if (!next) return;
  const fields = [...next.querySelectorAll(".field")];
  const column = [...row.querySelectorAll(".field")].indexOf(event.target) + right;
  const found = fields[Math.min(column, fields.length - 1)];
  if (column < 0 || !found) return;
  found.focus();
  event.preventDefault();
});
dialog.addEventListener("keydown", (event) => event.stopPropagation());
dialog.addEventListener("close", () => {
  props.value = { ...props.value, candidate_id: null }; // so that the same pack can be opened again
  if (back) back.focus();
});

watch("value", () => {
  const view = props.value;
  if (!view || view.candidate_id === null) return;
  const focused = body.contains(document.activeElement)
    ? document.activeElement.dataset.key : null;
  const isNew = !dialog.open;
  if (isNew) back = document.activeElement;
  edited = view.problem ? view.problem.field : null;
  show(view, focused);
  if (isNew) dialog.showModal();
  if (edited) {
    const input = body.querySelector(".field-input");
    input.focus();
    input.select();
  }
});
