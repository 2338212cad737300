// A warning before the session ends, with a button that gives it more time. The moment is the server's.
(() => {
  const WARN = 5 * 60 * 1000;
  const { clock } = window.eplan.keep;
  let timers = [];
  let bar = null;

  const show = (words, ...more) => {
    if (bar) bar.remove();
    bar = document.createElement("div");
    bar.className = "session-warning";
    bar.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = words;
    bar.append(text, ...more);
    document.body.append(bar);
  };

  const extend = async () => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const answer = await fetch(document.body.dataset.extend, {
        method: "POST",
        body: new URLSearchParams({ csrfmiddlewaretoken: token }),
        redirect: "manual",
      });
      if (!answer.ok) return ended();
      arm((await answer.json()).ends_in);
      bar.remove();
      bar = null;
    } catch {
      bar.querySelector("p").textContent = "ต่อเวลาไม่ได้ เพราะไม่มีสัญญาณเครือข่าย กรุณาลองอีกครั้ง";
    }
  };

  const warn = (endsAt) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-primary btn-sm";
    button.textContent = "ใช้งานต่อ";
    button.addEventListener("click", extend);
    show(`การใช้งานจะหมดเวลา ${clock(new Date(endsAt))} ข้อมูลที่กรอกจะยังอยู่ แต่ต้องเข้าสู่ระบบใหม่`, button);
  };

  const ended = () => show("หมดเวลาใช้งานแล้ว ข้อมูลที่กรอกยังอยู่ เมื่อกดบันทึก ระบบจะให้เข้าสู่ระบบแล้วบันทึกให้");

  const arm = (seconds) => {
    timers.forEach(clearTimeout);
    const endsAt = Date.now() + seconds * 1000;
    timers = [setTimeout(() => warn(endsAt), Math.max(0, seconds * 1000 - WARN)), setTimeout(ended, seconds * 1000)];
  };

  document.addEventListener("session-ends", (event) => arm(event.detail));
})();
