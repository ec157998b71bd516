// What colour a part has: by where it comes from, by why it is kept, or by how it changed.
const light = {
    own: "#f0a356",
    libc: "#a9bccd",
    linker: "#c9ccd1",
    unchanged: "#d5d9de",
    others: [
        "#62bba9",
        "#b9a3e3",
        "#e69ab8",
        "#d9c55a",
        "#93c47d",
        "#79b8ec",
        "#dd9a7b",
        "#c0b49a",
        "#7fc7cf",
        "#cf9fd0",
    ],
    kept: ["#a9bccd", "#f3c262", "#ee9f57", "#d68bc4"],
    grown: ["#f6d3b8", "#f0ad7c", "#e58550", "#d9622f"],
    shrunk: ["#cfe0f3", "#a3c6ea", "#74a9dd", "#4a8acb"],
    ink: ["#14202c", "#ffffff"],
};
const dark = {
    own: "#b4691b",
    libc: "#465c72",
    linker: "#4a4f57",
    unchanged: "#3a424c",
    others: [
        "#24786a",
        "#6a54a0",
        "#9a4a6e",
        "#7d6c17",
        "#4c7a37",
        "#2c6ca3",
        "#94543a",
        "#6e6450",
        "#27747d",
        "#84518a",
    ],
    kept: ["#465c72", "#8a6212", "#a3581a", "#8d4580"],
    grown: ["#6b4a33", "#8a5430", "#a9592b", "#c55a22"],
    shrunk: ["#35495f", "#34587d", "#30689c", "#2c75b8"],
    ink: ["#0d141b", "#f3f6f9"],
};

let current = light;

// To be called where the theme is another: it is asked for too often to be looked up each time.
export function refreshPalette() {
    const chosen = document.documentElement.dataset.theme;
    current = (chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches)
        ? dark
        : light;
}

// Each library has a colour of its own all over the page: the largest get the first.
export function assignOrigins(root) {
    const bytes = new Map();
    for (const top of root.children) {
        for (const library of top.children)
            bytes.set(library.name, (bytes.get(library.name) ?? 0) + library.bytes);
    }
    const names = [...bytes.keys()].filter((name) => !["own", "libc", "linker"].includes(name));
    names.sort((a, b) => bytes.get(b) - bytes.get(a) || (a < b ? -1 : 1));
    return new Map(names.map((name, i) => [name, i]));
}

export function originColour(origins, name) {
    const colours = current;
    const place = origins.get(name);
    return place === undefined
        ? (colours[name] ?? colours.linker)
        : colours.others[place % colours.others.length];
}

// Of a line, which has to stand out by itself: the colours that the other theme has for areas.
export function lineColour(i) {
    const { others } = current === dark ? light : dark;
    return others[i % others.length];
}

export function keptColour(kept) {
    return current.kept[kept];
}

// Four steps of each, by what share of the part's size came or went.
export function changeColour(delta, bytes) {
    const colours = current;
    if (delta === 0) return colours.unchanged;
    const share = Math.abs(delta) / Math.max(bytes, Math.abs(delta));
    const step = share < 0.02 ? 0 : share < 0.1 ? 1 : share < 0.5 ? 2 : 3;
    return (delta > 0 ? colours.grown : colours.shrunk)[step];
}

function luminance(colour) {
    const [r, g, b] = [1, 3, 5].map((at) => {
        const part = parseInt(colour.slice(at, at + 2), 16) / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const inks = new Map();

// Of dark and light text, what stands out more (WCAG 2.2, contrast ratio).
export function inkOn(colour) {
    if (!inks.has(colour)) {
        const contrast = (ink) => {
            const [low, high] = [luminance(ink), luminance(colour)].sort((a, b) => a - b);
            return (high + 0.05) / (low + 0.05);
        };
        const [first, second] = light.ink;
        inks.set(colour, contrast(first) >= contrast(second) ? first : second);
    }
    return inks.get(colour);
}
