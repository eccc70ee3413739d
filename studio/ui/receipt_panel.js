// What makes a design's score: a line for each part, as a bar and in figures that add up.
const words = props.words;
let opened = null; // the design that the panel was opened for
let back = null; // what had the focus before

const title = node("h2", { class: "pack-title" });
const lead = node("p", { class: "pack-lead" });
const problem = node("p", { class: "told", role: "alert" });
const said = node("p", { class: "told", role: "status" });
const body = node("div", { class: "receipt-body" });
const close = node("button", { type: "button", class: "action", onclick: () => dialog.close() },
  words.close);
const dialog = node("dialog", { class: "receipt", "aria-label": words.receipt },
  title, lead, problem, said, body, node("div", { class: "pack-line" }, close));
element.replaceChildren(dialog);

// A bar from the middle: what anybody would say, then what this store adds or takes.
const bar = (line) => {
  const piece = (from, to, kind) => {
    const [left, right] = [Math.min(from, to), Math.max(from, to)].map((each) =>
      50 + 50 * Math.max(-1, Math.min(1, each)));
    return node("span", { class: kind, style: `left: ${left}%; width: ${right - left}%` });
  };
  const own = line.share >= line.general_share ? "own up" : "own";
  return node("span", { class: "receipt-bar", "aria-hidden": "true" },
    piece(0, line.general_share, "general"), piece(line.general_share, line.share, own));
};

const say = (line, isLiked, label) => node("button", {
  type: "button", class: "link",
  onclick: () => trigger("say", {
    group_id: opened.group_id, family: line.family, value: line.value, is_liked: isLiked,
  }),
}, label);

const lineOf = (line) => node("li", { class: "receipt-line" },
  node("span", { class: "receipt-what" },
    node("span", { class: "receipt-label" }, line.label),
    node("span", {},
      line.hex ? node("span", { class: "swatch", style: `background-color: ${line.hex}` }) : null,
      line.told, " ", node("span", { class: "why" }, line.instead))),
  bar(line),
  node("span", { class: "receipt-number" }, line.total),
  node("span", { class: "receipt-more why" }, line.detail,
    ...line.rounds.flatMap((round) => [" ", node("a", { href: `?round=${round}` }, `#${round}`)]),
    line.can_say ? [" · ", say(line, true, words.receipt_likes), " · ",
      say(line, false, words.receipt_avoids)] : null));

const sumOf = (told, number, kind) => node("p", { class: `receipt-sum ${kind}` },
  node("span", {}, told), node("span", { class: "receipt-number" }, number));

const show = (view) => {
  if (view.candidate_id === null) return;
  const isSame = opened !== null && opened.candidate_id === view.candidate_id
    && opened.group_id === view.group_id;
  if (!view.is_working && !(isSame && dialog.open)) return; // closed before it was filled
  opened = view;
  title.textContent = view.title;
  lead.textContent = view.lead;
  problem.textContent = view.problem;
  said.textContent = view.told;
  body.setAttribute("aria-busy", String(view.is_working));
  body.replaceChildren(...[
    view.lines.length ? node("ul", { class: "receipt-lines" }, view.lines.map(lineOf)) : null,
    view.smaller ? node("details", { class: "receipt-smaller" },
      node("summary", {}, sumOf(view.smaller.told, view.smaller.total, "")),
      node("ul", { class: "receipt-lines" }, view.smaller.lines.map(lineOf))) : null,
    view.total ? sumOf(words.receipt_rest, view.rest, "why") : null,
    view.total ? sumOf(words.receipt_total, view.total, "whole") : null,
  ].filter(Boolean));
  if (dialog.open) return;
  back = document.activeElement;
  dialog.showModal();
  close.focus();
};

dialog.addEventListener("close", () => back && back.focus());
watch("value", () => props.value && show(props.value));
