// What makes a form kinder where scripts run. Without them every field is visible and every button works.
// Each helper below looks for its own marker in the page and does one thing.
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  };

  // .form-tabs > fieldset: a strip of tabs named by the legends. A tab that holds errors says so and opens first.
  // A fieldset may not be called a tab's panel, so each gets one around it.
  const tabs = (box, number) => {
    const fieldsets = all(":scope > fieldset", box);
    if (fieldsets.length < 2) return;
    const panels = fieldsets.map((fieldset, index) => {
      const panel = make("div", { role: "tabpanel", id: `tab-${number}-${index}` });
      fieldset.replaceWith(panel);
      panel.append(fieldset);
      return panel;
    });
    const strip = make("div", { class: "tab-strip", role: "tablist" });
    const buttons = panels.map((panel, index) => {
      const legend = panel.querySelector("legend");
      const button = make("button", { type: "button", role: "tab", id: `${panel.id}-tab`, "aria-controls": panel.id }, legend.textContent.trim());
      const errors = all(".invalid-feedback", panel).length;
      if (errors) button.append(make("span", { class: "tab-errors" }, `ต้องแก้ไข ${errors} ช่อง`));
      panel.setAttribute("aria-labelledby", button.id);
      return button;
    });
    const open = (chosen, focus) => {
      buttons.forEach((button, index) => {
        button.setAttribute("aria-selected", String(index === chosen));
        button.tabIndex = index === chosen ? 0 : -1;
        panels[index].hidden = index !== chosen;
      });
      if (focus) buttons[chosen].focus();
    };
    const openFor = (element) => {
      const index = panels.findIndex((panel) => element && panel.contains(element));
      if (index >= 0 && panels[index].hidden) open(index);
    };
    buttons.forEach((button, index) => {
      button.addEventListener("click", () => open(index));
      button.addEventListener("keydown", (event) => {
        const last = buttons.length - 1;
        const to = { ArrowRight: index === last ? 0 : index + 1, ArrowLeft: index === 0 ? last : index - 1, Home: 0, End: last }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        open(to, true);
      });
    });
    strip.append(...buttons);
    box.prepend(strip);
    box.classList.add("tabbed");
    open(Math.max(0, panels.findIndex((panel) => panel.querySelector(".invalid-feedback"))));
    // The browser cannot point at a field in a closed tab, nor can a link of the error summary.
    box.addEventListener("invalid", () => openFor(box.querySelector("input:invalid, select:invalid, textarea:invalid")), true);
    document.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#"]');
      if (link) openFor(document.getElementById(link.hash.slice(1)));
    });
  };

  // .error-summary links lead to the wrapper of a field; the typing belongs in the field itself.
  const summary = (box) => {
    box.focus();
    box.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      const wrapper = link && document.getElementById(link.hash.slice(1));
      const field = wrapper && wrapper.querySelector("input:not([type=hidden]), select, textarea");
      if (!field) return;
      event.preventDefault();
      wrapper.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    });
  };

  // [data-shows-when="field=value|value"]: shown, and its fields sent, only while the named field has such a value.
  const showsWhen = (part) => {
    const [name, values] = part.dataset.showsWhen.split("=");
    const form = part.closest("form");
    const update = () => {
      const chosen = new FormData(form).getAll(name);
      const shown = values.split("|").some((value) => chosen.includes(value));
      part.hidden = !shown;
      all("input, select, textarea", part).forEach((field) => {
        field.disabled = !shown;
      });
    };
    form.addEventListener("change", update);
    update();
  };

  // [data-clear="question"]: empties the form, also of what was saved before, once the question is answered with yes.
  const clear = (button) => {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      if (!window.confirm(button.dataset.clear)) return;
      const form = button.closest("form");
      const fields = Array.from(form.elements).filter((field) => field.name && field.type !== "hidden" && !field.readOnly);
      fields.forEach((field) => {
        if (field.type === "checkbox" || field.type === "radio") field.checked = false;
        else if (field.tagName === "SELECT") field.selectedIndex = 0;
        else if (field.tagName === "TEXTAREA" || (field.tagName === "INPUT" && field.type !== "submit")) field.value = "";
      });
      form.dispatchEvent(new Event("change", { bubbles: true }));
      fields.find((field) => field.tagName !== "BUTTON").focus();
    });
  };

  // A second click on a form that is on its way does nothing. The label changes one moment later, because until then
  // the browser is still reading the button's name and value.
  const guard = (form) => {
    let sent = false;
    let labels = [];
    const buttons = () => Array.from(form.elements).filter((field) => field.type === "submit");
    const free = () => {
      sent = false;
      labels.forEach(([button, label]) => {
        button.removeAttribute("aria-disabled");
        if (button.tagName === "INPUT") button.value = label;
        else button.replaceChildren(...label);
      });
      labels = [];
    };
    form.addEventListener("submit", (event) => {
      if (sent) {
        event.preventDefault();
        return;
      }
      sent = true;
      const pressed = event.submitter || buttons()[0];
      setTimeout(() => {
        buttons().forEach((button) => {
          const isInput = button.tagName === "INPUT";
          labels.push([button, isInput ? button.value : Array.from(button.childNodes)]);
          button.setAttribute("aria-disabled", "true");
          if (button !== pressed) return;
          const busy = button.dataset.busy || "กำลังบันทึก…";
          if (isInput) button.value = busy;
          else button.replaceChildren(busy);
        });
      });
      setTimeout(() => sent && free(), 20000);
    });
    window.addEventListener("pageshow", (event) => event.persisted && free());
  };

  // [data-money]: thousands commas once the field is left; what is not a number stays as typed, for the form to refuse.
  const money = (field) => {
    field.addEventListener("blur", () => {
      const plain = field.value
        .replace(/[๐-๙]/g, (digit) => "๐๑๒๓๔๕๖๗๘๙".indexOf(digit))
        .replace(/[０-９]/g, (digit) => "０１２３４５６７８９".indexOf(digit))
        .replace(/[\s,]/g, "");
      if (!/^\d{1,15}(\.\d{1,2})?$/.test(plain)) return;
      const [whole, part] = plain.split(".");
      field.value = whole.replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
    });
  };

  // [data-max]: says how many characters are left, near the limit.
  const counter = (field) => {
    const limit = Number(field.dataset.max);
    const line = make("div", { class: "counter", "aria-live": "polite" });
    field.after(line);
    const update = () => {
      const left = limit - Array.from(field.value).length;
      line.textContent = left < 0 ? `เกินมา ${-left} ตัวอักษร` : `เหลืออีก ${left} ตัวอักษร`;
      line.hidden = left > limit / 5;
      line.classList.toggle("over", left < 0);
    };
    field.addEventListener("input", update);
    update();
  };

  all(".form-tabs").forEach(tabs);
  all("[data-shows-when]").forEach(showsWhen);
  all("[data-clear]").forEach(clear);
  all("form[method=post]").forEach(guard);
  all("[data-money]").forEach(money);
  all("[data-max]").forEach(counter);
  all("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
  all("select[data-autosubmit]").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit()));
  all(".error-summary").slice(0, 1).forEach(summary);
})();
