"""Finds texts in the charts of a page that overlap each other or are cut at an edge."""

from playwright.sync_api import Page

FIND = """() => {
    const found = [];
    for (const chart of document.querySelectorAll("[data-testid='stVegaLiteChart'] svg")) {
        const key = chart.closest("[class*='st-key-figure-']")?.className.match(/st-key-figure-([\\w-]+)/)?.[1] ?? "?";
        const frame = chart.getBoundingClientRect();
        const texts = [...chart.querySelectorAll("text")].filter(text => text.textContent.trim()
            && getComputedStyle(text).opacity !== "0"
            // A halo lies behind its own text.
            && getComputedStyle(text).stroke === "none").flatMap(text => {
                const lines = [...text.querySelectorAll("tspan")];
                return lines.length ? lines : [text];
            });
        // Turned texts lie beside each other like the lines of a page: their boxes overlap, their letters do not.
        const turned = text => /rotate\\(-?(?!0\b)/.test(text.getAttribute("transform") ?? "");
        const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect(), turned(text)]);
        boxes.forEach(([words, box, isTurned], place) => {
            if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1
                || box.bottom > frame.bottom + 1 || words.includes("…")) found.push(`${key}: "${words}" is cut`);
            for (const [others, other, isOtherTurned] of boxes.slice(place + 1)) {
                if (isTurned && isOtherTurned && Math.abs(box.left - other.left) > 10) continue;
                const wide = Math.min(box.right, other.right) - Math.max(box.left, other.left);
                const high = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
                // Boxes of lines are higher than their letters.
                if (wide > 1 && high > 0.35 * Math.min(box.height, other.height))
                    found.push(`${key}: "${words}" and "${others}" overlap`);
            }
        });
    }
    return found;
}"""


def find_collisions(page: Page) -> list[str]:
    """Returns each text that is cut, and each pair that overlaps, by figure."""
    found: list[str] = page.evaluate(FIND)
    return found
