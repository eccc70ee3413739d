// A tile: one design with its number, its tick and its score.

// A picture on its own ground.
const pictureOf = (...beside) => {
  const image = node("img", { alt: "", draggable: "false" });
  const picture = node("div", { class: "tile-picture" }, ...beside, image);
  groundGoesOn(image, picture);
  return { image, picture };
};

// The score as a rank, and how often the store picks the design; the figures are its tooltip.
const scoreParts = (score) => [
  node("span", { class: "score-rank" }, score.rank),
  score.plain
    ? node("span", { class: score.is_up ? "score-plain up" : "score-plain" }, score.plain) : null,
].filter(Boolean);
const showScore = (place, score) => {
  place.hidden = score === null;
  place.title = score ? score.tip : "";
  if (score) place.replaceChildren(...scoreParts(score));
};

const scoreSaid = (score) => (score ? [score.rank, score.plain].filter(Boolean).join(", ") : "");

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
    showScore(score, view.score);
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
      fill(words.design_number, { number: place + 1 }), scoreSaid(view.score),
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
