// Typing that was kept and never saved is offered back above its form, with its time: use it or throw it away. It is
// never put in unasked; where it differs from the form, both are shown, and open where the record was saved since.
(() => {
  const { typing, keep } = window.eplan;

  const make = (tag, className, ...children) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  };
  const button = (words, className, act) => {
    const made = make("button", className, words);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  // What the fields are called, and what their values read like, as the page itself says it.
  const legendOf = (field) => {
    const group = field.closest("fieldset, [role=group]");
    return group && group.querySelector("legend");
  };
  const captionOf = (field) => {
    const isOption = field.type === "checkbox" || field.type === "radio";
    const caption = (isOption && legendOf(field)) || (field.labels || [])[0];
    return (caption ? caption.textContent : field.getAttribute("aria-label") || field.name).replace("*", "").trim();
  };
  // By the names of the fields; where two are called the same, with what they stand under.
  const captionsOf = (form) => {
    const fields = new Map(typing.fieldsOf(form).map((field) => [field.name, field]));
    const captions = Array.from(fields.values(), captionOf);
    const once = (caption) => captions.indexOf(caption) === captions.lastIndexOf(caption);
    return Array.from(fields, ([name, field], index) => {
      const legend = once(captions[index]) ? null : legendOf(field);
      return [name, legend ? `${legend.textContent.trim()}: ${captions[index]}` : captions[index]];
    });
  };
  const wordsOf = (field, value) => {
    if (field.tagName === "SELECT") return (Array.from(field.options).find((option) => option.value === value) || { text: value }).text;
    const isOption = field.type === "checkbox" || field.type === "radio";
    return isOption && field.labels && field.labels.length ? field.labels[0].textContent.trim() : value;
  };
  const inWords = (form, fields) => {
    const words = new Map();
    fields.forEach(([name, value]) => {
      const found = typing.fieldsOf(form).filter((field) => field.name === name);
      const field = found.find((each) => each.value === value && each.type !== "text") || found[0];
      if (field && value) words.set(name, [...(words.get(name) || []), wordsOf(field, value)]);
    });
    return words;
  };

  const comparison = (form, fields) => {
    const [stored, typed] = [inWords(form, typing.read(form)), inWords(form, fields)];
    const list = make("dl", "");
    const held = new Set(fields.map(([name]) => name));
    captionsOf(form).filter(([name]) => held.has(name)).forEach(([name, caption]) => {
      const [now, then] = [stored, typed].map((words) => (words.get(name) || ["(ว่าง)"]).join(", "));
      if (now === then) return;
      list.append(make("dt", "", caption), make("dd", "", `ในแบบฟอร์มขณะนี้: ${now}`, make("br"), `ที่กรอกไว้: ${then}`));
    });
    return list;
  };

  const show = (form, copy, next) => {
    const kept = keep.forms.get(form);
    const movedOn = String(copy.version) !== kept.version;
    const details = make("details", "", make("summary", "", "ดูว่าต่างกันอย่างไร"), comparison(form, copy.fields));
    details.open = movedOn;
    const box = make("section", `alert alert-${movedOn ? "warning" : "info"} keep-offer`);
    box.setAttribute("aria-label", "ข้อมูลที่กรอกไว้และยังไม่ได้บันทึก");
    const forget = () => {
      if (copy.token !== kept.token) kept.discard(copy.token);
      box.remove();
    };
    const use = button("ใช้", "btn btn-primary btn-sm", () => {
      typing.fill(form, copy.fields);
      kept.now();
      forget();
      typing.fieldsOf(form)[0].focus({ preventScroll: true });
    });
    const drop = button("ทิ้ง", "btn btn-secondary btn-sm", () => {
      kept.discard(copy.token);
      box.remove();
      next();
    });
    box.append(make("p", "", make("strong", "", `กู้คืนข้อมูลที่กรอกไว้เมื่อ ${keep.moment(new Date(copy.at))}`), " (ยังไม่ได้บันทึก)"));
    if (movedOn) box.append(make("p", "", "ข้อมูลในระบบถูกแก้ไขหลังจากนั้น กรุณาเทียบก่อนใช้"));
    box.append(details, make("div", "keep-choice", use, drop));
    form.before(box);
    const closed = form.closest("details");
    if (closed) closed.open = true;
  };

  const fromServer = async (kept) => {
    if (!kept.drafts) return [];
    try {
      const answer = await fetch(`${kept.drafts}?record=${encodeURIComponent(kept.record)}`, { redirect: "manual" });
      if (!answer.ok) return [];
      const { draft, ends_in: endsIn } = await answer.json();
      document.dispatchEvent(new CustomEvent("session-ends", { detail: endsIn }));
      return draft ? [draft] : [];
    } catch {
      return [];
    }
  };

  const alive = async () => {
    if (!navigator.locks) return [];
    const { held } = await navigator.locks.query();
    return held.map((lock) => lock.name.replace(/^typing\|/, ""));
  };

  const offer = async (form) => {
    const kept = keep.forms.get(form);
    const found = new Map();
    [...typing.copies(kept.record), ...(await fromServer(kept))].forEach((copy) => {
      if (!found.has(copy.token) || found.get(copy.token).at < copy.at) found.set(copy.token, copy);
    });
    const elsewhere = (await alive()).filter((token) => token !== kept.token);
    const waiting = Array.from(found.values())
      .filter((copy) => !elsewhere.includes(copy.token))
      .sort((one, other) => other.at - one.at);
    const next = () => {
      const copy = waiting.shift();
      if (!copy) return;
      if (!typing.says(form, copy.fields)) show(form, copy, next);
      else {
        if (copy.token !== kept.token) kept.discard(copy.token);
        next();
      }
    };
    next();
  };

  // Once, and after the browser has put back what it remembers itself.
  window.addEventListener("pageshow", () => keep.forms.forEach((kept, form) => offer(form)), { once: true });
})();
