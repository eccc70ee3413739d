// Who may come in: the list, a form, and a password that is shown once.
const words = props.words;

const list = node("ul", { class: "people-list" });
const handed = node("div", { class: "handed-on", role: "status", hidden: true });
const form = node("form", { class: "people-form" });
const owners = node("div", { class: "people" }, node("section", {}, handed, list), form);
const lead = node("p", { class: "page-lead" });
element.replaceChildren(
  node("div", {}, node("h1", { class: "page-title" }, words.people), lead, owners),
);

const roleOf = (roles, chosen, attributes) => node("select", { class: "text-input", ...attributes },
  roles.map(([value, label]) => node("option", { value, selected: value === chosen }, label)));

const row = (person, roles) => {
  const role = roleOf(roles, person.role, {
    "aria-label": fill(words.role_of, { name: person.name }),
    onchange: () => {
      const wanted = role.value;
      role.value = person.role; // until the studio has agreed
      trigger("let_do", { name: person.name, role: wanted });
    },
  });
  const name = person.is_self ? fill(words.person_you, { name: person.name }) : person.name;
  return node("li", { class: "person-row" },
    node("span", { class: "store-row-name" }, name), role,
    node("span", { class: "person-actions" },
      person.has_password ? asksTwice(words.new_password,
        fill(words.new_password_sure, { name: person.name }),
        () => trigger("renew", { name: person.name })) : null,
      asksTwice(words.let_out, fill(words.let_out_sure, { name: person.name }),
        () => trigger("let_out", { name: person.name }))));
};

const showForm = (roles) => {
  const role = roleOf(roles, "editor", { name: "role" });
  form.replaceChildren(
    node("h2", { class: "form-title" }, words.let_in_title),
    node("p", { class: "page-lead" }, words.let_in_lead),
    node("label", { class: "question" }, node("span", { class: "question-label" }, words.user_name),
      node("input", { type: "text", class: "text-input", name: "name", maxlength: "80",
        required: true, autocomplete: "off" })),
    node("label", { class: "question" }, node("span", { class: "question-label" }, words.role), role),
    node("dl", { class: "store-rows" },
      roles.flatMap(([, label, may]) => [node("dt", {}, label), node("dd", {}, may)])),
    node("div", { class: "actions" },
      node("button", { type: "submit", class: "action primary" }, words.let_in)));
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  trigger("let_in", { name: form.elements.name.value, role: form.elements.role.value });
});

const show = (value) => {
  owners.hidden = !value.is_owner;
  lead.textContent = value.is_owner ? words.people_lead : words.people_of_owners;
  list.replaceChildren(...value.people.map((person) => row(person, value.roles)));
  handed.hidden = !value.handed_on;
  if (value.handed_on) {
    handed.replaceChildren(
      node("p", {}, fill(words.handed_on, { name: value.handed_on.name })),
      node("output", { class: "secret" }, value.handed_on.password),
      navigator.clipboard ? node("button", { type: "button", class: "link",
        onclick: () => navigator.clipboard.writeText(value.handed_on.password) }, words.copy) : "");
  }
  showForm(value.roles);
};

watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
