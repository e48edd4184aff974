"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const words = JSON.parse(byId("words").textContent);
  const live = byId("rows") === null;
  const tools = byId("tools");
  const cards = byId("cards");
  const reader = byId("reader");
  const NAMES = ["q", "label", "audit", "grade", "warning", "source", "sort"];
  const AUDITS = ["blocked", "repaired", "pass"];
  const PAGE = 60;
  const POLL_MS = 3000;
  let rows = [];
  let chosen = [];
  let version = "";
  let here = -1;

  // Small builders: everything is set as text, so that no name can become markup.
  const make = (tag, className, ...children) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
  };
  const plural = (count, one) => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  // As in the reports: nothing is rounded up to certainty, or down to nothing.
  const percent = (share) => (share > 0.999 && share < 1 ? ">99.9%" : share > 0 && share < 0.001 ? "<0.1%" : `${(100 * share).toFixed(1)}%`);
  const labelOf = (row) => (row.label === null ? "unknown" : row.suggested ? row.label : "none");
  const labelWords = (label) => ({ none: "no class suggested", unknown: "not known" })[label] ?? words.labels[label] ?? label;
  const sourceOf = (row) => (row.delineated === false ? "nothing" : row.mask_source ?? "unknown");
  const sourceWords = (source) => ({ segmentation_head: "segmentation head", nothing: "nothing delineated", unknown: "not known" })[source] ?? words.methods[source] ?? source;
  const auditOf = (row) => row.audit ?? "unknown";
  const warningsOf = (row) => row.warnings === null ? ["unchecked"] : row.warnings.length ? row.warnings.map(([code]) => code) : ["none"];
  const path = (id) => id.split("/").map(encodeURIComponent).join("/");
  const link = (row) => (live ? (row.report ? `result/${path(row.id)}/report.html` : `result/${path(row.id)}/report.md`) : row.link);
  const picture = (row) => (live ? (row.overlay ? `thumbnail/${path(row.id)}` : null) : row.thumbnail);

  // What is asked for lives in the address, so that it can be kept, shared and gone back to.
  const address = () => new URLSearchParams(location.hash.slice(1));
  const move = (changes, replace) => {
    const now = address();
    Object.entries(changes).forEach(([name, value]) => (value ? now.set(name, value) : now.delete(name)));
    history[replace ? "replaceState" : "pushState"](null, "", `#${now}`);
    show();
  };

  const searchText = (row) => [row.id, row.input, labelWords(labelOf(row)), row.plane, row.kind, row.region, sourceWords(sourceOf(row)),
    ...row.structures, ...(row.warnings ?? []).flat(), row.synthetic ? "synthetic" : ""].join(" ").toLowerCase();
  const FILTERS = {
    q: (row, text) => text.toLowerCase().split(/\s+/).every((word) => row.text.includes(word)),
    label: (row, value) => labelOf(row) === value,
    audit: (row, value) => auditOf(row) === value,
    grade: (row, value) => (row.grade ?? "unknown") === value,
    warning: (row, value) => (value === "any" ? Boolean(row.warnings?.length) : warningsOf(row).includes(value)),
    source: (row, value) => sourceOf(row) === value,
  };
  const by = (key) => (a, b) => { const [x, y] = [key(a), key(b)]; return x < y ? -1 : x > y ? 1 : 0; };
  const unsure = (row) => (row.suggested ? row.probability : -1);
  const SORTS = {
    newest: by((row) => -row.finished),
    unsure: by(unsure),
    sure: by((row) => -unsure(row)),
    label: by((row) => labelWords(labelOf(row))),
    audit: by((row) => AUDITS.indexOf(row.audit)),
    warnings: by((row) => -(row.warnings?.length ?? 0)),
    grade: by((row) => `${row.grade ?? "Z"}`.charCodeAt(0) * -1),
  };

  const options = (name, values, all) => {
    const select = tools.elements[name];
    const counts = new Map();
    rows.forEach((row) => values.of(row).forEach((value) => counts.set(value, (counts.get(value) ?? 0) + 1)));
    const listed = [...counts].sort(by(([value]) => values.words(value)));
    const entries = [["", all], ...(values.extra?.() ?? []), ...listed.map(([value, count]) => [value, `${values.words(value)} (${count.toLocaleString("en")})`])];
    select.replaceChildren(...entries.map(([value, text]) => new Option(text, value)));
  };
  const warningWords = (code) => ({ none: "no warning", unchecked: "not checked" })[code] ?? rows.flatMap((row) => row.warnings ?? []).find(([c]) => c === code)?.[1] ?? code;
  const fillTools = () => {
    options("label", { of: (row) => [labelOf(row)], words: labelWords }, "all");
    options("audit", { of: (row) => [auditOf(row)], words: (value) => value }, "all");
    options("grade", { of: (row) => [row.grade ?? "unknown"], words: (value) => value }, "all");
    const warned = rows.filter((row) => row.warnings?.length).length;
    options("warning", { of: warningsOf, words: warningWords, extra: () => (warned ? [["any", `any warning (${warned.toLocaleString("en")})`]] : []) }, "all");
    options("source", { of: (row) => [sourceOf(row)], words: sourceWords }, "all");
  };
  const summarise = () => {
    const chip = (text, className) => make("li", className, text);
    const count = (test) => rows.filter(test).length;
    const labels = [...new Set(rows.map(labelOf))].sort().map((label) => [label, count((row) => labelOf(row) === label)]);
    byId("summary").replaceChildren(
      chip(plural(rows.length, "result")),
      ...labels.map(([label, n]) => chip(`${labelWords(label)} ${n.toLocaleString("en")}`)),
      ...AUDITS.map((name) => [name, count((row) => row.audit === name)]).filter(([, n]) => n).map(([name, n]) => chip(`audit ${name} ${n.toLocaleString("en")}`, name)),
      ...[count((row) => row.warnings?.length)].filter(Boolean).map((n) => chip(`with warnings ${n.toLocaleString("en")}`)),
    );
    const painted = count((row) => row.synthetic);
    byId("synthetic").hidden = !painted;
    byId("synthetic").textContent = painted === rows.length ? "SYNTHETIC PICTURES: painted by a computer, show no patient" : `${plural(painted, "SYNTHETIC PICTURE")} among these: painted by a computer, no patient`;
  };

  const tagsOf = (row) => {
    const tag = (text, className, title) => { const made = make("span", `tag ${className}`, text); if (title) made.title = title; return made; };
    const warned = row.warnings ?? [];
    return make("span", "tags",
      row.audit === null ? null : tag(`audit ${row.audit}`, row.audit),
      row.grade === null ? null : tag(`grade ${row.grade}`, "", "localisation grade, A to D"),
      row.kind === "slice" ? null : tag(row.kind, ""),
      row.heat_trust === "failed" ? tag(`${words.methods[row.heat]} failed its test`, "warned", "the heat map shown is of a method that failed its test on this network") : null,
      warned.length ? tag(`⚠ ${plural(warned.length, "warning")}`, "warned", warned.map(([, text]) => text).join("\n")) : null);
  };
  const whereOf = (row) => capital(row.structures.slice(0, 3).join(", ") || row.region || "");
  const classOf = (row) => {
    const label = labelOf(row);
    if (label === "none" || label === "unknown") return [make("span", "class", make("span", "none", capital(labelWords(label))))];
    const bar = make("i", "");
    bar.style.width = `${100 * row.probability}%`;
    return [make("span", "class", make("span", "", capital(labelWords(label))), make("span", "", percent(row.probability))), make("span", "track", bar)];
  };
  const cardOf = (row, place) => {
    const frame = make("span", "picture", picture(row) ? "" : "no picture", row.synthetic ? make("b", "", "SYNTHETIC") : null);
    if (picture(row)) {
      const image = make("img", "");
      Object.assign(image, { loading: "lazy", decoding: "async", alt: `${row.id}: slice with heat map and outline`, src: picture(row) });
      frame.prepend(image);
    }
    const anchor = make("a", "", frame, make("span", "words", make("span", "id", row.id), ...classOf(row), tagsOf(row),
      make("span", "where", whereOf(row)), make("span", "source", [row.plane, sourceWords(sourceOf(row))].filter(Boolean).join(" · "))));
    if (link(row)) anchor.href = link(row);
    anchor.dataset.place = place;
    return make("li", "", anchor);
  };

  const addPage = () => {
    const from = cards.childElementCount;
    cards.append(...chosen.slice(from, from + PAGE).map((row, at) => cardOf(row, from + at)));
    byId("more").hidden = cards.childElementCount >= chosen.length;
  };
  const mark = (place, focus) => {
    here = Math.max(0, Math.min(place, chosen.length - 1));
    while (cards.childElementCount <= here && cards.childElementCount < chosen.length) addPage();
    cards.querySelectorAll(".here").forEach((one) => one.classList.remove("here"));
    const anchor = cards.children[here]?.firstElementChild;
    anchor?.classList.add("here");
    if (focus) anchor?.focus();
  };

  const choose = (wanted) => {
    const asked = Object.keys(FILTERS).map((name) => [FILTERS[name], wanted.get(name)]).filter(([, value]) => value);
    const kept = rows.filter((row) => asked.every(([test, value]) => test(row, value)));
    const sort = SORTS[wanted.get("sort")];
    return sort ? kept.sort(sort) : kept;
  };
  let shown = null;
  const show = () => {
    const wanted = address();
    const asked = NAMES.map((name) => wanted.get(name) ?? "").join("\n") + version;
    if (asked !== shown) {
      const before = chosen[here]?.id;
      const drawn = Math.max(PAGE, shown?.endsWith(version) ? 0 : cards.childElementCount);
      shown = asked;
      NAMES.forEach((name) => {
        const field = tools.elements[name];
        const value = wanted.get(name) ?? "";
        if (field.value !== value) field.value = value;
        field.classList.toggle("set", Boolean(value) && name !== "sort");
      });
      chosen = choose(wanted);
      cards.replaceChildren();
      while (cards.childElementCount < Math.min(drawn, chosen.length)) addPage();
      byId("more").hidden = cards.childElementCount >= chosen.length;
      here = chosen.findIndex((row) => row.id === before);
      if (here >= 0) mark(here, false);
      byId("found").textContent = chosen.length === rows.length ? `All ${plural(rows.length, "result")}` : `${chosen.length.toLocaleString("en")} of ${plural(rows.length, "result")}`;
      byId("clear").hidden = !NAMES.some((name) => name !== "sort" && wanted.get(name));
      byId("empty").hidden = chosen.length > 0;
      byId("empty").textContent = rows.length ? "No result is like that." : "No complete result yet. Results appear here as soon as they are finished.";
    }
    if (reader) read(wanted.get("show"));
  };

  const read = (id) => {
    const row = rows.find((one) => one.id === id);
    const closing = !row && !reader.hidden;
    reader.hidden = !row;
    byId("shelf").hidden = Boolean(row);
    if (closing) {
      byId("frame").removeAttribute("src");
      cards.children[here]?.firstElementChild.focus();
    }
    if (!row) return;
    const at = chosen.indexOf(row);
    if (at >= 0) mark(at, false);
    byId("place").textContent = at >= 0 ? `${(at + 1).toLocaleString("en")} of ${chosen.length.toLocaleString("en")}` : "";
    byId("previous").disabled = at <= 0;
    byId("next").disabled = at < 0 || at === chosen.length - 1;
    byId("name").textContent = row.id;
    byId("facts-line").replaceChildren(tagsOf(row));
    byId("alone").href = link(row);
    byId("json").href = `result/${path(row.id)}/findings.json`;
    // Replaced, not set: pages of the frame would otherwise become steps of "back".
    const frame = byId("frame");
    if (frame.dataset.showing !== link(row) || closing || !frame.src) {
      frame.dataset.showing = link(row);
      const fresh = frame.cloneNode();
      fresh.src = link(row);
      frame.replaceWith(fresh);
    }
  };
  const step = (by) => {
    const at = chosen.findIndex((row) => row.id === address().get("show")) + by;
    if (chosen[at]) move({ show: chosen[at].id }, true);
  };
  const columns = () => {
    const first = cards.firstElementChild?.offsetTop;
    const width = [...cards.children].findIndex((one) => one.offsetTop !== first);
    return width > 0 ? width : Math.max(1, cards.childElementCount);
  };

  const inReader = { Escape: () => move({ show: "" }), ArrowLeft: () => step(-1), ArrowRight: () => step(1), k: () => step(-1), j: () => step(1) };
  const onShelf = {
    "/": () => tools.elements.q.focus(),
    ArrowRight: () => mark(here + 1, true), ArrowLeft: () => mark(here - 1, true), j: () => mark(here + 1, true), k: () => mark(here - 1, true),
    ArrowDown: () => mark(here < 0 ? 0 : here + columns(), true), ArrowUp: () => mark(here - columns(), true),
    Home: () => mark(0, true), End: () => mark(chosen.length - 1, true),
    Escape: () => tools.reset(),
  };
  const press = (key) => {
    const action = (reader && !reader.hidden ? inReader : onShelf)[key];
    if (action) action();
    return Boolean(action);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select")) {
      if (event.key === "Escape" && event.target.name === "q") event.target.blur();
      return;
    }
    if (press(event.key)) event.preventDefault();
  });
  // The report in the frame has an origin of its own; it passes on the keys that it does not use itself.
  window.addEventListener("message", (event) => {
    const key = event.data?.unusedKey;
    if (event.source === byId("frame")?.contentWindow && typeof key === "string" && Object.hasOwn(inReader, key)) press(key);
  });
  cards.addEventListener("click", (event) => {
    const anchor = event.target.closest("a");
    if (!anchor || !live || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    mark(Number(anchor.dataset.place), false);
    move({ show: chosen[here].id });
  });
  if (reader) {
    byId("back").addEventListener("click", inReader.Escape);
    byId("previous").addEventListener("click", inReader.ArrowLeft);
    byId("next").addEventListener("click", inReader.ArrowRight);
  }
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("input", (event) => move({ [event.target.name]: event.target.value }, true));
  tools.addEventListener("reset", (event) => {
    event.preventDefault();
    move(Object.fromEntries(NAMES.filter((name) => name !== "sort").map((name) => [name, ""])), true);
  });
  new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) addPage(); }, { rootMargin: "1200px" }).observe(byId("more"));
  window.addEventListener("popstate", show);
  window.addEventListener("hashchange", show);

  const take = (state) => {
    version = state.version;
    rows = state.results.map((row) => ({ ...row, text: searchText(row) }));
    fillTools();
    summarise();
    show();
  };
  const poll = async () => {
    try {
      const answer = await fetch(`results.json?have=${version}`);
      if (answer.status === 200) take(await answer.json());
      document.querySelector(".chips .gone")?.remove();
    } catch {
      if (!document.querySelector(".chips .gone")) byId("summary").append(make("li", "gone", "viewer stopped"));
    }
    setTimeout(poll, document.hidden ? 5 * POLL_MS : POLL_MS);
  };
  if (live) poll();
  else take({ version: "file", results: JSON.parse(byId("rows").textContent) });
})();
