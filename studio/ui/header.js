// The name of the place, the model, the language, and light or dark.
const words = props.words;
document.documentElement.lang = words.language;

const theme = keptForGood.get("perfusion-theme");
const asked = new URLSearchParams(location.search).get("__theme");
if (theme && !asked) document.body.classList.toggle("dark", theme === "dark");

const language = (code, name, address) => node("a", {
  href: address, lang: code, class: "language",
  "aria-current": words.language === code ? "true" : null,
}, name);

const model = node("span", { class: "model" });
const person = node("span", { class: "person" });
element.replaceChildren(
  node("p", { class: "brand" }, words.title),
  node("p", { class: "header-tools" },
    model,
    person,
    language("en", "EN", "./"),
    language("zh", "中文", "zh"),
    node("button", {
      type: "button", class: "theme", "aria-label": words.theme, title: words.theme,
      onclick: () => {
        const isDark = document.body.classList.toggle("dark");
        keptForGood.set("perfusion-theme", isDark ? "dark" : "light");
      },
    }, "◐")),
);

const wayOut = (method) => node("form", { method, action: "logout" },
  node("button", { class: "log-out" }, words.log_out));

const show = (value) => {
  model.textContent = value.model;
  person.replaceChildren(...value.name ? [value.name] : [],
    ...value.name && value.log_out ? [wayOut(value.log_out)] : []);
};

watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
