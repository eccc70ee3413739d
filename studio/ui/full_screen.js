// One design at a time, as large as the window, with the same keys as the board.
// `on` has tiles(), in the order of the board, parts(), isTicked(tile), toggle(tile),
// collect(tile), change(tile, parts), pack(tile) and why(tile).
const makeFullScreen = (words, on) => {
  let shown = null;
  let side = "front";
  const image = node("img", { alt: "" });
  const picture = node("div", { class: "full-picture" }, image);
  const told = node("dl", { class: "full-told" });
  const turned = node("button", {
    type: "button", class: "action", onclick: () => seeFrom(side === "front" ? "back" : "front"),
  });
  const files = node("ul", { class: "full-files" });
  const pack = node("button", {
    type: "button", class: "action", onclick: () => on.pack(shown),
  }, words.tech_pack);
  const keep = node("div", { class: "full-keep" }, pack, node("h3", {}, words.save_as), files);
  const parts = node("div", { class: "choices" });
  const again = node("button", { type: "submit", class: "action" }, words.draw_again);
  const change = node("form", {
    class: "full-change", hidden: true, "aria-label": words.change_part,
    onchange: () => showAgain(),
    onsubmit: (event) => {
      event.preventDefault();
      dialog.close();
      on.change(shown, chosenParts());
    },
  }, node("p", {}, words.change_lead), parts, again,
  node("p", { class: "full-note" }, words.change_note));
  const open = node("button", {
    type: "button", class: "link full-open", "aria-expanded": "false",
    onclick: () => openChange(change.hidden),
  }, words.change_part);
  const why = node("button", {
    type: "button", class: "link full-why", onclick: () => on.why(shown),
  }, words.why_this_score);
  const aside = node("div", { class: "full-side" }, told,
    node("p", { class: "full-asks" }, why), open, change, keep);
  const body = node("div", { class: "full-body" }, picture, aside);
  const score = node("p", { class: "full-score" });
  const count = node("p", { class: "full-count" });
  const tick = node("button", {
    type: "button", class: "action", autofocus: true, onclick: () => on.toggle(shown),
  });
  const file = node("a", { class: "action", download: true }, words.save_png);
  const collect = node("button", {
    type: "button", class: "action", onclick: () => on.collect(shown),
  }, words.collect);
  const dialog = node("dialog", { class: "full-screen", "aria-label": words.full_screen },
    body,
    node("div", { class: "full-line" },
      node("div", { class: "full-turn" },
        node("button", { type: "button", class: "action", "aria-label": words.previous,
          onclick: () => turn(-1) }, "←"),
        count,
        node("button", { type: "button", class: "action", "aria-label": words.next,
          onclick: () => turn(1) }, "→")),
      turned, score, tick, collect, file,
      node("button", { type: "button", class: "action", onclick: () => dialog.close() },
        words.close)));

  const turn = (steps) => {
    const tiles = on.tiles();
    show(tiles[(tiles.indexOf(shown) + steps + tiles.length) % tiles.length]);
  };
  // Which parts of the design to draw again; what was chosen stays chosen for the next design.
  const chosenParts = () => [...parts.querySelectorAll("input:checked")].map((each) => each.value);
  const showAgain = () => { again.disabled = chosenParts().length === 0; };
  const openChange = (isOpen) => {
    change.hidden = !isOpen;
    open.setAttribute("aria-expanded", String(isOpen));
  };
  const showParts = () => {
    if (parts.children.length) return;
    parts.replaceChildren(...on.parts().map(([value, name]) => node("label", { class: "choice" },
      node("input", { type: "checkbox", value }), node("span", {}, name))));
    showAgain();
  };

  const swatch = (colour) => node("span", { class: "full-colour" },
    node("span", { class: "swatch", style: `background-color: ${colour.hex}` }),
    `${colour.name} ${colour.hex}`);
  const showTold = (view) => {
    const rows = view.told.map(([label, phrases]) => [label, [phrases]]);
    if (view.colours.length) rows.push([words.exact_colours, view.colours.map(swatch)]);
    told.replaceChildren(...rows.flatMap(([label, content]) =>
      [node("dt", {}, label), node("dd", {}, content)]));
    open.hidden = !view.can_change;
    if (view.can_change) showParts();
    else openChange(false);
    keep.hidden = !view.has_design;
    turned.hidden = !view.has_design;
    aside.hidden = rows.length === 0;
    body.classList.toggle("alone", aside.hidden);
  };

  // Every way to keep the design, with the size that the file has.
  const showFiles = (tile) => {
    const { naturalWidth: wide, naturalHeight: high } = tile.image;
    const large = fill(words.size_px, { wide: 1024, high: 2048 });
    const own = wide ? `PNG, ${fill(words.size_px, { wide, high })}` : "PNG";
    const links = [
      [`designs/${tile.id}.png`, `${own}, ${words.as_on_board}`],
      [`designs/${tile.id}/${side}.png`, `PNG, ${large}, ${words[side]}`],
      [`drawings/${tile.id}/croquis-${side}.svg`, `SVG, ${words.with_layers}, ${words[side]}`],
      [`drawings/${tile.id}/flat-front.svg`, `SVG, ${words.flat}, ${words.front}`],
      [`drawings/${tile.id}/flat-back.svg`, `SVG, ${words.flat}, ${words.back}`],
      [`designs?ids=${tile.id}&kind=pdf`, `PDF, ${words.all_views}`],
    ];
    files.replaceChildren(...links.map(([href, name]) =>
      node("li", {}, node("a", { href, download: true }, name))));
  };

  const largeOf = (tile) =>
    `${tile.view.large}${tile.view.large.includes("?") ? "&" : "?"}view=${side}`;

  const seeFrom = (asked) => {
    side = asked;
    show(shown);
  };

  const show = (tile) => {
    shown = tile;
    if (!tile.view.has_design) side = "front";
    if (side === "front") image.src = tile.image.src; // at once, then the large one
    const large = new Image();
    const seen = side;
    large.onload = () => { if (shown === tile && side === seen) image.src = large.src; };
    large.src = side === "front" ? tile.view.large : largeOf(tile);
    turned.textContent = side === "front" ? words.see_back : words.see_front;
    showFiles(tile);
    picture.style.backgroundColor = tile.picture.style.backgroundColor;
    file.href = `designs/${tile.id}.png`;
    image.alt = fill(words.design_number, { number: tile.place + 1 });
    count.textContent = fill(words.design_of, {
      number: tile.place + 1, total: on.tiles().length,
    });
    showTold(tile.view);
    showScore(score, tile.score);
    why.hidden = tile.score === null || !tile.view.has_design;
    const isTicked = on.isTicked(tile);
    tick.setAttribute("aria-pressed", String(isTicked));
    tick.classList.toggle("primary", isTicked);
    tick.textContent = isTicked ? words.ticked : words.tick;
  };

  dialog.addEventListener("close", () => shown && shown.box.focus());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") turn(-1);
    else if (event.key === "ArrowRight") turn(1);
    else if (event.key.toLowerCase() === "b" && !turned.hidden) seeFrom(
      side === "front" ? "back" : "front",
    );
    else if (event.key === " " && !aside.contains(event.target)) on.toggle(shown);
    else return;
    event.preventDefault();
  });

  return {
    dialog,
    show,
    refresh: () => dialog.open && show(shown),
    open: (tile) => {
      if (tile.id === null) return;
      side = "front";
      show(tile);
      dialog.showModal();
    },
  };
};
