"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const viewer = document.getElementById("viewer");
  const slider = document.getElementById("opacity");

  const setOpacity = () => {
    viewer.style.setProperty("--heat", slider.value / 100);
    document.getElementById("opacity-out").value = `${slider.value}%`;
  };
  const showLayer = (name) => {
    all("#viewer .heat").forEach((image) => { image.hidden = image.dataset.layer !== name; });
  };
  slider.addEventListener("input", setOpacity);
  all('input[name="layer"]').forEach((radio) =>
    radio.addEventListener("change", () => showLayer(radio.value)));
  all('input[name="outline"]').forEach((box) =>
    box.addEventListener("change", () => {
      document.querySelector(`#viewer path[data-source="${box.value}"]`).toggleAttribute("hidden", !box.checked);
    }));
  setOpacity();

  const ids = (element) => element.dataset.facts.split(" ").filter(Boolean);
  const clear = () => {
    all(".lit").forEach((element) => element.classList.remove("lit"));
    all("[aria-pressed='true']").forEach((element) => element.setAttribute("aria-pressed", "false"));
  };
  const light = (wanted, from) => {
    const wasLit = from.getAttribute("aria-pressed") === "true";
    clear();
    if (wasLit) return;
    from.setAttribute("aria-pressed", "true");
    const facts = all("[data-fact]").filter((row) => wanted.includes(row.dataset.fact));
    const sentences = all(".sentence").filter((sentence) => ids(sentence).some((id) => wanted.includes(id)));
    [...facts, ...(from.matches(".sentence") ? [from] : sentences)].forEach((e) => e.classList.add("lit"));
    const target = from.matches(".sentence") ? facts.find((e) => e.closest("#facts")) : sentences[0];
    if (target) target.scrollIntoView({ block: "nearest", behavior: "smooth" });
    const method = facts.map((row) => row.dataset.method).find(Boolean);
    const radio = method && document.querySelector(`input[name="layer"][value="${method}"]`);
    if (radio) { radio.checked = true; showLayer(method); }
  };
  const press = (element, wanted) => {
    element.addEventListener("click", () => light(wanted(), element));
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); light(wanted(), element); }
    });
  };
  all(".sentence").forEach((element) => press(element, () => ids(element)));
  all("#facts [data-fact]").forEach((element) => press(element, () => [element.dataset.fact]));
  document.addEventListener("keydown", (event) => {
    // A page that shows this one in a frame (the viewer) may use the keys that are of no use here.
    const lit = event.key === "Escape" && document.querySelector(".lit");
    const unused = !lit && !event.defaultPrevented && !event.target.matches("input");
    if (lit) clear();
    if (window.parent !== window && unused) window.parent.postMessage({ unusedKey: event.key }, "*");
  });
})();
