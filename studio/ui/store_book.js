// The stores: the list, and a form with the questions that the models understand.
const words = props.words;
let questions = [];
let families = [];
let rulesNote = "";
let edited = null;
let formId = 0;
const LOOK_EVERY_MS = 2000;

const list = node("ul", { class: "store-list" });
const undo = node("p", { class: "undo-line", role: "status", hidden: true });
const removed = node("details", { class: "gone" });
const form = node("form", { class: "store-form" });

// A store with its taste comes in a file of another studio.
const refused = node("p", { class: "told", role: "alert" });
const picker = node("input", {
  type: "file", accept: ".taste", hidden: true, "aria-label": words.taste_bring,
});
const bring = async (file) => {
  refused.textContent = "";
  const reply = await fetch("tastes", { method: "POST", body: file }).catch(() => null);
  const found = reply && reply.ok ? await reply.json() : { problem: words.upload_failed };
  if (found.problem) refused.textContent = found.problem;
  else trigger("brought", { store_id: found.store_id });
};
picker.addEventListener("change", () => {
  if (picker.files.length) bring(picker.files[0]);
  picker.value = "";
});
element.replaceChildren(
  node("div", { class: "store-book" },
    node("section", {},
      node("h1", { class: "page-title" }, words.stores),
      node("p", { class: "page-lead" }, words.stores_lead),
      undo, refused, list,
      node("button", { type: "button", class: "action", onclick: () => edit(null) },
        words.add_store), " ",
      node("button", { type: "button", class: "link bring", onclick: () => picker.click() },
        words.taste_bring), picker, removed),
    form),
);

const choices = (question, answers) => {
  const many = question.kind === "multi";
  const given = [answers[question.name] ?? []].flat();
  return node("div", { class: "choices" }, question.values.map(([value, label]) => {
    const box = node("input", {
      type: many ? "checkbox" : "radio", name: `${question.name}-${formId}`, value,
    });
    box.checked = given.includes(value);
    // A radio button that is clicked again is let go: the answer becomes unknown.
    if (!many) {
      let was = box.checked;
      box.addEventListener("click", () => {
        if (was) box.checked = false;
        form.querySelectorAll(`input[name="${box.name}"]`).forEach((each) => {
          each.dispatchEvent(new Event("settle"));
        });
      });
      box.addEventListener("settle", () => { was = box.checked; });
    }
    return node("label", { class: "choice" }, box, node("span", {}, label));
  }));
};

const field = (question, answers) => {
  if (question.kind === "numeric") {
    const input = node("input", {
      type: "number", min: "0", step: "any", class: "text-input", name: question.name,
      value: answers[question.name] ?? null,
    });
    return node("label", { class: "question" }, node("span", { class: "question-label" },
      question.label), input);
  }
  return node("fieldset", { class: "question" },
    node("legend", { class: "question-label" }, question.label), choices(question, answers));
};

const answersOf = () => {
  const answers = {};
  for (const question of questions) {
    if (question.kind === "numeric") {
      const { value } = form.elements[question.name];
      if (value !== "") answers[question.name] = Number(value);
      continue;
    }
    const picked = [...form.querySelectorAll(`input[name="${question.name}-${formId}"]:checked`)]
      .map((box) => box.value);
    if (!picked.length) continue;
    answers[question.name] = question.kind === "multi" ? picked : picked[0];
  }
  return answers;
};

// House rules: of each family it sells any value, only some, or never some.
const ruleOf = (rules, family) => (rules.only[family] ? "only" : rules.never[family] ? "never" : "");
const rule = (family, rules) => {
  const kind = ruleOf(rules, family.name);
  const chosen = kind ? rules[kind][family.name] : [];
  const boxes = node("div", { class: "choices", hidden: !kind }, family.values.map(
    ([value, label]) => {
      const box = node("input", { type: "checkbox", name: `house-${family.name}-${formId}`, value });
      box.checked = chosen.includes(value);
      return node("label", { class: "choice" }, box, node("span", {}, label));
    }));
  const select = node("select", {
    class: "text-input", name: `house-kind-${family.name}`, "aria-label": family.label,
    onchange: () => { boxes.hidden = !select.value; },
  },
  node("option", { value: "" }, words.house_any),
  node("option", { value: "only" }, words.house_only_these),
  node("option", { value: "never" }, words.house_never_these));
  select.value = kind;
  return node("fieldset", { class: "question house-rule" },
    node("legend", { class: "question-label" }, family.label), select, boxes);
};

const houseRules = (rules) => {
  const first = families.filter((family) => family.is_first || ruleOf(rules, family.name));
  const rest = families.filter((family) => !first.includes(family));
  const isSet = families.some((family) => ruleOf(rules, family.name));
  return node("details", { class: "house-rules", open: isSet },
    node("summary", { class: "question-label" }, words.house_rules),
    node("p", { class: "page-lead" }, words.house_rules_lead, " ", rulesNote),
    ...first.map((family) => rule(family, rules)),
    node("details", {}, node("summary", { class: "question-label" }, words.house_more),
      ...rest.map((family) => rule(family, rules))));
};

const houseRulesOf = () => {
  const rules = { only: {}, never: {} };
  for (const { name } of families) {
    const kind = form.elements[`house-kind-${name}`].value;
    const boxes = form.querySelectorAll(`input[name="house-${name}-${formId}"]:checked`);
    if (kind && boxes.length) rules[kind][name] = [...boxes].map((box) => box.value);
  }
  return rules;
};

// One line of what it likes or avoids: the designs that say so, and where a person says otherwise.
const liking = (store, line) => {
  const about = { store_id: store.id, family: line.family, value: line.value };
  const [label, event, data] = line.is_said ? [words.liking_unsay, "unsay", about]
    : [line.is_liked ? words.no_it_avoids : words.no_it_likes, "correct",
      { ...about, is_liked: !line.is_liked }];
  return node("li", {},
    line.pictures.length ? node("span", { class: "liking-pictures" }, line.pictures.map((each) =>
      node("a", { href: `?round=${each.round}` },
        node("img", { src: each.image, loading: "lazy", alt: `#${each.round}` })))) : null,
    node("span", { class: "liking-said" },
      node("span", { class: "name" },
        line.hex ? node("span", { class: "swatch", style: `background-color: ${line.hex}` }) : null,
        line.told),
      node("span", { class: "why" }, line.why,
        ...line.rounds.flatMap((round) => [" ", node("a", { href: `?round=${round}` },
          `#${round}`)]))),
    node("button", {
      type: "button", class: "link", "aria-label": `${line.told}: ${label}`,
      onclick: () => trigger(event, data),
    }, label));
};

// What the store has taught, in words, and the way back.
const taught = (store) => {
  const {
    told, notes, likes, avoids, can_undo: canUndo, can_reset: canReset,
  } = store.taste;
  const back = (label, event) => node("button", { type: "button", class: "link",
    onclick: () => trigger(event, { store_id: store.id }) }, label);
  return [node("section", { class: "taught" },
    node("h3", { class: "question-label" }, words.taste_title),
    node("p", {}, told),
    ...notes.map((note) => node("p", { class: "store-summary", role: "status" }, note)),
    ...[[words.likes, likes], [words.avoids, avoids]].filter(([, lines]) => lines.length)
      .map(([title, lines]) => node("div", {},
        node("h4", { class: "question-label" }, title),
        node("ul", { class: "likings" }, lines.map((line) => liking(store, line))))),
    canUndo || canReset ? node("p", { class: "person-actions" },
      canReset ? node("button", { type: "button", class: "link", onclick: async () => {
        refused.textContent = await saveFile(`tastes/${store.id}.taste`, words.download_failed);
      } }, words.taste_save) : null,
      canUndo ? back(words.taste_undo, "take_back") : null,
      canReset ? back(words.taste_reset, "forget") : null) : null)];
};

// While the last answers are taken in, the card asks again; what is typed beside it stays.
let looking = null;
const lookWhile = (isLearning) => {
  clearInterval(looking);
  looking = isLearning ? setInterval(() => trigger("look", {}), LOOK_EVERY_MS) : null;
};
const showTaught = (stores) => {
  const fresh = edited && stores.find((store) => store.id === edited.id);
  const section = form.querySelector(".taught");
  if (!fresh || !section) return;
  section.replaceWith(...taught(fresh));
  lookWhile(fresh.taste.is_learning);
};

const edit = (store) => {
  edited = store;
  lookWhile(store !== null && store.taste.is_learning);
  formId += 1;
  const name = node("input", {
    type: "text", class: "text-input", name: "name", maxlength: "60", required: true,
    value: store ? store.name : null,
  });
  form.replaceChildren(
    node("h2", { class: "form-title" }, store ? store.name : words.new_store),
    node("p", { class: "page-lead" }, words.form_lead),
    node("label", { class: "question" },
      node("span", { class: "question-label" }, words.store_name), name),
    ...(store ? taught(store) : []),
    ...questions.map((question) => field(question, store ? store.answers : {})),
    houseRules(store ? store.house_rules : { only: {}, never: {} }),
    node("div", { class: "actions" },
      node("button", { type: "submit", class: "action primary" }, words.save_store),
      store ? node("button", { type: "button", class: "action",
        onclick: () => trigger("use", { store_id: store.id }) }, words.design_for) : null,
      store ? node("button", { type: "button", class: "link remove",
        onclick: () => trigger("remove", { store_id: store.id }) }, words.remove_store) : null),
  );
  showCurrent();
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  trigger("save", {
    store_id: edited ? edited.id : null,
    name: form.elements.name.value,
    answers: answersOf(),
    house_rules: houseRulesOf(),
  });
});

const showCurrent = () => {
  list.querySelectorAll("button").forEach((row) => {
    const isCurrent = edited !== null && row.dataset.id === String(edited.id);
    if (isCurrent) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  });
};

const show = (value) => {
  questions = value.questions;
  families = value.families;
  rulesNote = value.rules_note;
  const row = (store) => node("li", {},
    node("button", { type: "button", class: "store-row", "data-id": store.id,
      onclick: () => edit(store) },
    node("span", { class: "store-row-name" }, store.name),
    node("span", { class: "store-row-summary" }, store.summary)));
  const group = (title, stores) => (stores.length
    ? [node("li", { class: "store-group" }, title), ...stores.map(row)] : []);
  list.replaceChildren(
    ...group(words.your_stores, value.stores.filter((store) => !store.is_sample)),
    ...group(words.sample_stores, value.stores.filter((store) => store.is_sample)));
  removed.hidden = !value.removed.length;
  removed.replaceChildren(...gone(words.removed_stores, value.removed,
    (each) => trigger("bring_back", { store_id: each.id }), words));
  if (value.is_refresh) {
    showCurrent();
    showTaught(value.stores);
    return;
  }
  undo.hidden = !value.told;
  undo.replaceChildren(value.told, " ", value.undo ? node("button", {
    type: "button", class: "link", onclick: () => trigger(value.undo.event, value.undo.data),
  }, words.undo) : "");
  edit(value.stores.find((store) => store.id === value.edited_id) ?? null);
};

watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
