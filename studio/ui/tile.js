// A tile: one design with its number, its tick and its score.

// The tile's ground goes on where the picture ends: its colour is that of the picture's corner. The
// median of some pixels, since a generated ground is not quite even.
const SIDE = 8;
const corner = node("canvas", { width: SIDE, height: SIDE }).getContext("2d", {
  willReadFrequently: true,
});
const median = (numbers) => numbers.sort((one, other) => one - other)[numbers.length >> 1];
const groundOf = (image) => {
  corner.drawImage(image, 0, 0, SIDE, SIDE, 0, 0, SIDE, SIDE);
  const { data } = corner.getImageData(0, 0, SIDE, SIDE);
  const channel = (first) => median(Array.from(data).filter((_, place) => place % 4 === first));
  return `rgb(${channel(0)} ${channel(1)} ${channel(2)})`;
};

// A picture on its own ground.
const pictureOf = (...beside) => {
  const image = node("img", { alt: "", draggable: "false" });
  const picture = node("div", { class: "tile-picture" }, ...beside, image);
  image.addEventListener("load", () => { picture.style.backgroundColor = groundOf(image); });
  return { image, picture };
};

// The score as a figure, and the store's own part beside it.
const scoreParts = (score) => [
  node("span", { class: "score-total" }, score.total),
  score.own ? node("span", { class: score.is_up ? "score-own up" : "score-own" }, score.own) : null,
].filter(Boolean);

const scoreSaid = (score, words) =>
  score ? [fill(words.score_label, score), score.own].filter(Boolean).join(", ") : "";

// A design that can be ticked; `on` has toggle(tile), enlarge(tile), collect(tile) and
// move(tile, key). Dragged out of the page it becomes its PNG.
const makeTile = (place, words, on) => {
  const explores = node("span", {
    class: "tile-explores", title: words.exploring_info, hidden: true,
  }, words.exploring);
  const { image, picture } = pictureOf(
    node("span", { class: "tile-number", "aria-hidden": "true" }, String(place + 1)),
    node("span", { class: "tile-tick", "aria-hidden": "true" }),
    explores,
  );
  const score = node("p", { class: "tile-score", hidden: true });
  const box = node("div", { class: "tile" }, picture, score);
  const enlarge = node("button", {
    type: "button",
    class: "tile-enlarge",
    tabindex: "-1",
    "aria-label": fill(words.enlarge_number, { number: place + 1 }),
    onclick: () => on.enlarge(made),
  }, "⤢");
  const collect = node("button", {
    type: "button",
    class: "tile-collect",
    tabindex: "-1",
    "aria-label": fill(words.collect_number, { number: place + 1 }),
    title: words.collect,
    onclick: () => on.collect(made),
  }, "+");
  const made = {
    id: null, place, score: null, view: null, box, image, picture,
    item: node("li", {}, box, enlarge, collect),
  };

  made.show = (view) => {
    made.id = view.id;
    made.score = view.score;
    made.view = view;
    box.classList.toggle("blank", !view.image);
    box.classList.toggle("preview", view.id === null);
    if (view.image && image.getAttribute("src") !== view.image) image.src = view.image;
    if (!view.image) image.removeAttribute("src");
    explores.hidden = !view.explores;
    made.item.classList.toggle("scored", view.score !== null);
    score.hidden = view.score === null;
    if (view.score) score.replaceChildren(...scoreParts(view.score));
    image.alt = view.alt ?? "";
    box.draggable = view.id !== null;
    if (view.id === null) {
      ["role", "tabindex", "aria-checked", "aria-label"].forEach((name) =>
        box.removeAttribute(name));
      return;
    }
    box.setAttribute("role", "checkbox");
    box.setAttribute("tabindex", "0");
    box.setAttribute("aria-label", [
      fill(words.design_number, { number: place + 1 }), scoreSaid(view.score, words),
      view.explores ? words.exploring : "",
    ].filter(Boolean).join(", "));
  };

  box.addEventListener("dragstart", (event) => {
    const file = new URL(`designs/${made.id}.png`, document.baseURI).href;
    event.dataTransfer.setData("DownloadURL", `image/png:design-${made.id}.png:${file}`);
    event.dataTransfer.setData("text/uri-list", file);
    event.dataTransfer.effectAllowed = "copy";
  });
  box.addEventListener("click", () => on.toggle(made));
  box.addEventListener("keydown", (event) => {
    if (event.key === " ") on.toggle(made);
    else if (event.key === "Enter") on.enlarge(made);
    else if (!on.move(made, event.key)) return;
    event.preventDefault();
  });
  return made;
};
