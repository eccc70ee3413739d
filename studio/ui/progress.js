// A bar, a sentence, and a way to stop.
const makeProgress = (words, onCancel) => {
  const bar = node("div", { class: "progress-bar" });
  const track = node("div", {
    class: "progress-track", role: "progressbar", "aria-label": words.drawing,
    "aria-valuemin": "0", "aria-valuemax": "100",
  }, bar);
  const sentence = node("span", { class: "progress-sentence", role: "status" });
  const cancel = node("button", { type: "button", class: "link", onclick: onCancel },
    words.cancel);
  const line = node("div", { class: "progress", hidden: true }, track,
    node("div", { class: "progress-line" }, sentence, cancel));
  return {
    line,
    show: (progress) => {
      line.hidden = progress === null;
      if (!progress) return;
      bar.style.width = `${100 * progress.fraction}%`;
      track.setAttribute("aria-valuenow", String(Math.round(100 * progress.fraction)));
      sentence.textContent = progress.sentence;
    },
  };
};
