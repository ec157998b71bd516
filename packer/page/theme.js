// Light or dark: as the system has it, or as the person chose.
import { refreshPalette } from "./colour.js";
import { make } from "./dom.js";

const KEY = "demine-theme";
const CHOICES = ["system", "light", "dark"];
const DARK = { system: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };
const SIGNS = { system: "◐", light: "☀", dark: "☾" };

// A page that was opened as a file may have no storage, and throws.
function stored() {
    try {
        return localStorage.getItem(KEY);
    } catch {
        return null;
    }
}

function store(choice) {
    try {
        localStorage.setItem(KEY, choice);
    } catch {
        // The choice then lasts as long as the page.
    }
}

// changed() is called where the colours are others.
export function setUpTheme(button, changed) {
    let choice = CHOICES.includes(stored()) ? stored() : "system";
    const { media } = [...document.styleSheets[0].cssRules].find((rule) =>
        rule.media?.mediaText.includes("prefers-color-scheme"),
    );
    const apply = () => {
        media.mediaText = DARK[choice];
        if (choice === "system") delete document.documentElement.dataset.theme;
        else document.documentElement.dataset.theme = choice;
        refreshPalette();
        button.replaceChildren(
            make("span", { "aria-hidden": "true" }, SIGNS[choice]),
            make("span", { class: "word" }, `Theme: ${choice}`),
        );
    };
    button.addEventListener("click", () => {
        choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
        store(choice);
        apply();
        changed();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
        refreshPalette();
        changed();
    });
    apply();
}
