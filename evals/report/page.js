"use strict";
(() => {
  const $ = (selector) => document.querySelector(selector);
  const cases = [...document.querySelectorAll("#list > li")];
  const buttons = [...document.querySelectorAll("[data-filter]")];
  const list = $("#list"), box = $("#search"), slice = $("#slice"), order = $("#order");
  const told = $("#told"), none = $("#none");
  const texts = new Map();
  let filter = "";

  const text = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };
  const fits = (item, words) =>
    (!filter || item.dataset.is.split(" ").includes(filter)) &&
    (!slice.value || item.dataset.slices.split(" ").includes(slice.value)) &&
    words.every((word) => text(item).includes(word));

  const show = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    for (const item of cases) {
      item.hidden = !fits(item, words);
      n += !item.hidden;
    }
    told.textContent = `${n} of ${cases.length} cases shown`;
    none.hidden = n > 0;
  };

  const sort = () => {
    const [key, sign] = { sure: ["sure", -1], unsure: ["sure", 1], slow: ["seconds", -1] }[
      order.value] || ["number", 1];
    const value = (item) => item.dataset[key] === "" ? Infinity : sign * item.dataset[key];
    list.append(...[...cases].sort((a, b) => value(a) - value(b) || 0));
  };

  const open = (yes) => {
    for (const item of cases) if (!item.hidden) item.firstElementChild.open = yes;
  };

  const goTo = () => {
    const item = location.hash.startsWith("#case-") && document.getElementById(location.hash.slice(1));
    if (!item) return;
    item.hidden = false;
    item.firstElementChild.open = true;
    item.scrollIntoView();
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      filter = button.dataset.filter;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      show();
    });
  }
  for (const link of document.querySelectorAll("a[data-slice]")) {
    link.addEventListener("click", () => { slice.value = link.dataset.slice; show(); });
  }
  box.addEventListener("input", show);
  slice.addEventListener("change", show);
  order.addEventListener("change", sort);
  $("#open").addEventListener("click", () => open(true));
  $("#close").addEventListener("click", () => open(false));
  addEventListener("hashchange", goTo);
  $("#tools").hidden = false;
  show();
  goTo();
})();
