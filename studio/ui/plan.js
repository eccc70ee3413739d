// What the next Generate goes on from, and what is pinned for it. Each can be taken away, and what
// something filled anew comes back.
const words = props.words;
const line = node("p", { class: "refining", hidden: true });
const pins = node("ul", { class: "pins", hidden: true, "aria-label": words.pinned });
const replaced = node("p", { class: "replaced", role: "status", hidden: true },
  words.fields_replaced, " ",
  node("button", { type: "button", class: "link", onclick: () => trigger("put_back", {}) },
    words.undo));
element.replaceChildren(line, pins, replaced);

const show = (plan) => {
  line.hidden = plan.parent_id === null;
  line.replaceChildren(
    fill(words.refining, { number: plan.parent_id }), " · ",
    node("button", {
      type: "button", class: "link", onclick: () => trigger("afresh", {}),
    }, words.start_afresh));
  replaced.hidden = !plan.is_replaced;
  pins.hidden = plan.chips.length === 0;
  pins.replaceChildren(...plan.chips.map(([pin, label]) => node("li", { class: "pin" }, label,
    node("button", {
      type: "button", class: "chip-remove", "aria-label": fill(words.unpin, { pin: label }),
      onclick: () => trigger("unpin", { pin }),
    }, "×"))));
};

// Where Generate would lie below the fold, it floats at the bottom as long as its column is seen.
const float = () => {
  const button = document.getElementById("generate");
  if (!button || !element.offsetParent) return;
  const side = button.parentElement.getBoundingClientRect();
  const begins = element.getBoundingClientRect().bottom;
  const isBelow = begins + button.offsetHeight + 16 > innerHeight && side.top < innerHeight / 2;
  button.classList.toggle("afloat", isBelow);
  button.style.left = isBelow ? `${side.left}px` : "";
  button.style.width = isBelow ? `${side.width}px` : "";
};
addEventListener("scroll", float, { passive: true });
addEventListener("resize", float);
const whole = new ResizeObserver(float);
whole.observe(document.body);
setTimeout(() => {
  const button = document.getElementById("generate");
  if (button) [...button.parentElement.children].forEach((each) => whole.observe(each));
  float();
}, 500);

watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
