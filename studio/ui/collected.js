// What was put into which collection, and the way back.
const words = props.words;
const line = node("p", { class: "told collected", role: "status", hidden: true });
element.replaceChildren(line);

const show = (value) => {
  line.hidden = !value.told;
  if (!value.told) return;
  line.replaceChildren(value.told, " ", value.undo ? node("button", {
    type: "button", class: "link", onclick: () => trigger("undo", value.undo),
  }, words.undo) : "");
};

// Another round, another matter.
document.addEventListener("perfusion-round", () => { line.hidden = true; });
watch("value", () => props.value && show(props.value));
