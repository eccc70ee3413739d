// A picture to start from: one's own design, or the colours of a photograph.
const words = props.words;
let image = null;

const choose = node("button", {
  type: "button", class: "link", onclick: () => picker.click(),
}, words.reference);
const hint = node("p", { class: "reference-hint" },
  props.value.only_own ? words.reference_own : words.reference_any);
const picker = node("input", {
  type: "file", accept: "image/png,image/jpeg,image/webp", hidden: true,
});
const told = node("p", { class: "told", role: "alert" });
const found = node("div", { class: "reference-found", hidden: true });
element.replaceChildren(node("p", { class: "reference-line" }, choose), hint, picker, told, found);

const share = node("input", {
  type: "range", min: "0.2", max: "1", step: "0.05", "aria-label": words.drawn_anew,
});
const shareNote = node("span", {});
const tellShare = () => {
  shareNote.textContent = `${words.drawn_anew}: ${Math.round(100 * share.value)} %`;
};
const refer = () => trigger("refer", { image, variation: Number(share.value) });
share.addEventListener("input", tellShare);
share.addEventListener("change", refer);

const clear = () => {
  found.hidden = true;
  hint.hidden = false;
  if (image !== null) {
    image = null;
    refer();
  }
};
const away = () => node("button", { type: "button", class: "link", onclick: clear },
  words.take_away);

// Shown only when the server knows of it: whoever sees it may press Generate at once.
const taken = node("p", { class: "reference-taken" });
const showWhenKnown = () => {
  if (image === null || props.value.start !== image) return;
  taken.textContent = props.value.taken;
  taken.hidden = !props.value.taken;
  found.hidden = false;
};
watch("value", showWhenKnown);

const showStart = (reply) => {
  image = reply.image;
  share.value = String(reply.variation);
  tellShare();
  found.replaceChildren(
    node("img", { src: `thumbnails/${image}.png`, alt: words.reference }),
    node("div", { class: "reference-facts" },
      node("p", {}, words.reference_start),
      taken,
      node("label", {}, shareNote, share),
      node("p", { class: "reference-hint" }, words.drawn_anew_note),
      away()));
  refer();
  showWhenKnown();
};

// A photograph: what can be taken from it is said, and offered.
const showColours = (colours, file) => {
  image = null;
  const thumbnail = node("img", { src: URL.createObjectURL(file), alt: words.reference });
  thumbnail.addEventListener("load", () => URL.revokeObjectURL(thumbnail.src));
  found.replaceChildren(thumbnail, node("div", { class: "reference-facts" },
    node("p", {}, colours.length ? words.reference_colours : words.reference_no_colours),
    node("div", { class: "swatches" }, colours.map((colour) => node("button", {
      type: "button", class: "suggestion", onclick: () => trigger("colour", { name: colour.name }),
    }, node("span", { class: "swatch", style: `background-color: ${colour.hex}` }),
    `+ ${props.value.names[colour.name] ?? colour.name}`))),
    away()));
};

const read = async (file) => {
  told.textContent = "";
  const reply = await fetch("references", { method: "POST", body: file }).catch(() => null);
  const answer = reply && reply.ok ? await reply.json() : { problem: words.upload_failed };
  if (answer.problem) {
    told.textContent = answer.problem;
    return;
  }
  if (answer.image) {
    found.hidden = true;
    showStart(answer);
  } else {
    clear();
    showColours(answer.colours, file);
    found.hidden = false;
  }
  hint.hidden = true;
};
document.addEventListener("perfusion-picture", (event) => {
  if (element.isConnected) read(event.detail);
});
picker.addEventListener("change", () => {
  if (picker.files.length) read(picker.files[0]);
  picker.value = "";
});
