(function () {
  "use strict";
  var root = document.documentElement;
  var all = function (selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); };
  var words = {
    "en": { copy: "Copy", copied: "Copied", shown: function (n, of) { return n + " of " + of + " entries"; }, none: "Nothing fits. Clear the search or the filters." },
    "zh-CN": { copy: "复制", copied: "已复制", shown: function (n, of) { return "显示 " + n + " / " + of + " 条"; }, none: "没有匹配项，请清除搜索或筛选。" }
  };
  var say = function (name) { return (words[root.lang] || words.en)[name]; };
  root.classList.add("js");

  // Language: both are in the page, the style sheet shows one.
  function setLanguage(lang) {
    root.lang = lang;
    var key = lang === "en" ? "en" : "zh";
    all("[data-attr]").forEach(function (node) { node.setAttribute(node.dataset.attr, node.dataset[key]); });
    var title = document.querySelector("title");
    document.title = title.dataset[key];
    all("[data-lang]").forEach(function (button) { button.setAttribute("aria-pressed", String(button.dataset.lang === lang)); });
    all(".copy").forEach(function (button) { button.textContent = say("copy"); });
    showFound();
  }

  // Copy buttons: what is copied is exactly the text that is seen.
  function seen(node) {
    var copy = node.cloneNode(true);
    all(root.lang === "en" ? ".lz" : ".le", copy).forEach(function (other) { other.remove(); });
    return copy.textContent;
  }
  function copyText(text, done) {
    var fallback = function () {
      var area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      area.style.opacity = "0";
      document.body.appendChild(area);
      area.select();
      var ok = false;
      try { ok = document.execCommand("copy"); } catch (error) { ok = false; }
      area.remove();
      if (ok) { done(); }
    };
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(text).then(done, fallback);
    } else {
      fallback();
    }
  }
  all(".copyable").forEach(function (node) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.addEventListener("click", function () {
      copyText(seen(node), function () {
        button.textContent = say("copied");
        setTimeout(function () { button.textContent = say("copy"); }, 1500);
        button.focus();
      });
    });
    if (node.tagName === "PRE") {
      var box = document.createElement("div");
      box.className = "copybox";
      node.parentNode.insertBefore(box, node);
      box.appendChild(node);
      box.appendChild(button);
    } else {
      node.parentNode.insertBefore(button, node.nextSibling);
    }
  });

  // Search and filters.
  var search = document.getElementById("search");
  var found = document.getElementById("found");
  var reset = document.getElementById("reset");
  var chips = all(".chip[data-verdict], .chip[data-profile]");
  var items = all(".item").map(function (node) { return { node: node, text: null }; });
  var shown = items.length;
  var active = false;

  function pressed(name) {
    return chips.filter(function (chip) { return chip.dataset[name] && chip.getAttribute("aria-pressed") === "true"; })
      .map(function (chip) { return chip.dataset[name]; });
  }
  function textOf(item) {
    if (item.text === null) {
      item.text = item.node.textContent.toLowerCase();
    }
    return item.text;
  }
  function apply() {
    var terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    var verdicts = pressed("verdict");
    var profiles = pressed("profile");
    active = terms.length > 0 || verdicts.length > 0 || profiles.length > 0;
    shown = 0;
    items.forEach(function (item) {
      var data = item.node.dataset;
      var fits = (verdicts.length === 0 || verdicts.indexOf(data.v) >= 0)
        && (profiles.length === 0 || profiles.indexOf(data.p) >= 0)
        && terms.every(function (term) { return textOf(item).indexOf(term) >= 0; });
      item.node.classList.toggle("filtered", !fits);
      if (fits) { shown += 1; }
    });
    all(".area, .cause").forEach(function (group) {
      var some = group.querySelector(".item:not(.filtered)") !== null;
      group.classList.toggle("filtered", !some);
      if (active && some && group.tagName === "DETAILS") { group.open = true; }
    });
    all("section.group").forEach(function (section) {
      if (section.querySelector(".item")) {
        section.classList.toggle("filtered", section.querySelector(".item:not(.filtered)") === null);
      }
    });
    reset.hidden = !active;
    showFound();
  }
  function showFound() {
    if (!found) { return; }
    found.textContent = !active ? "" : shown === 0 ? say("none") : say("shown")(shown, items.length);
  }
  var waiting = 0;
  search.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  chips.forEach(function (chip) {
    chip.addEventListener("click", function () {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      apply();
    });
  });
  function clear() {
    search.value = "";
    chips.forEach(function (chip) { chip.setAttribute("aria-pressed", "false"); });
    apply();
  }
  reset.addEventListener("click", function () { clear(); search.focus(); });

  // Folding.
  var unfold = document.getElementById("unfold");
  unfold.addEventListener("click", function () {
    var open = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", String(open));
    all(".req, .area, .entries details").forEach(function (node) { node.open = open; });
  });

  // A link opens whatever hides its goal.
  function reveal() {
    var goal = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    all(".target-now").forEach(function (node) { node.classList.remove("target-now"); });
    if (!goal) { return; }
    if (goal.closest(".filtered")) { clear(); }
    for (var node = goal; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
    }
    if (goal.matches(".req, .case, .exchange, tr")) { goal.classList.add("target-now"); }
    goal.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[href^='#']") : null;
    if (link && link.getAttribute("href") === location.hash) { reveal(); }
  });

  // Keys: / searches, Escape clears.
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape" && event.target === search) {
      clear();
    }
  });

  // On paper what matters is unfolded, and afterwards all is as before.
  var folded = [];
  window.addEventListener("beforeprint", function () {
    folded = all(".req:not([open]), .area:not([open]), .entries details:not([open]), .exchange.cited:not([open])");
    folded.forEach(function (node) { node.open = true; });
  });
  window.addEventListener("afterprint", function () {
    folded.forEach(function (node) { node.open = false; });
    folded = [];
  });

  all("[data-lang]").forEach(function (button) {
    button.addEventListener("click", function () { setLanguage(button.dataset.lang); });
  });
  setLanguage(root.lang);
  reveal();
})();
