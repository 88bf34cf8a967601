// The rail of a long form shows which part is on the screen.
addEventListener('DOMContentLoaded', () => {
  const links = [...document.querySelectorAll('.railnav a[href^="#"]')];
  const parts = links.map((link) => document.querySelector(link.hash)).filter(Boolean);
  if (!parts.length) return;
  const seen = new IntersectionObserver(
    (entries) => {
      const top = entries.filter((entry) => entry.isIntersecting)[0];
      if (!top) return;
      for (const link of links) {
        if (link.hash === `#${top.target.id}`) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      }
    },
    { rootMargin: '-10% 0px -70% 0px' },
  );
  for (const part of parts) seen.observe(part);
});
