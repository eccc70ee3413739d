// The name of the place, the model, the language, and light or dark.
const words = props.words;
document.documentElement.lang = words.language;

const theme = localStorage.getItem("perfusion-theme");
const asked = new URLSearchParams(location.search).get("__theme");
if (theme && !asked) document.body.classList.toggle("dark", theme === "dark");

const language = (code, name, address) => node("a", {
  href: address, lang: code, class: "language",
  "aria-current": words.language === code ? "true" : null,
}, name);

element.replaceChildren(
  node("p", { class: "brand" }, words.title),
  node("p", { class: "header-tools" },
    node("span", { class: "model" }, props.value.model),
    language("en", "EN", "./"),
    language("zh", "中文", "zh"),
    node("button", {
      type: "button", class: "theme", "aria-label": words.theme, title: words.theme,
      onclick: () => {
        const isDark = document.body.classList.toggle("dark");
        localStorage.setItem("perfusion-theme", isDark ? "dark" : "light");
      },
    }, "◐")),
);
