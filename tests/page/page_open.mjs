// Opens a page of demine report in the headless Chromium that PAGE_CHROMIUM names, and notes what a page must not do.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { PAGE_CHROMIUM, PAGE_PACKAGES, PAGE_FOLDER, PAGE_DEMINE, PAGE_SOURCE } = process.env;
const require = createRequire(join(PAGE_PACKAGES, "package.json"));
export const axePath = require.resolve("axe-core/axe.min.js");
export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

export function inFolder(name) {
    return join(PAGE_FOLDER, name);
}

// demine's own answer, as JSON; state and manifest are those that the page was made from.
export function askDemine(page, ...words) {
    const project = {
        video: [join(PAGE_SOURCE, "samples/video-api/demine.json"), inFolder("state-video")],
        large: [inFolder("large/demine.json"), inFolder("large/state")],
    }[page];
    const options = ["-q", "--json", "-m", project[0], "--state", project[1]];
    return JSON.parse(
        execFileSync(PAGE_DEMINE, [words[0], ...options, "--", ...words.slice(1)], {
            maxBuffer: 1 << 30,
            encoding: "utf8",
        }),
    );
}

// Runs test(page, told) with the page open; told has what the console said and what was asked of a network.
export async function withPage(name, { viewport = WIDE, colorScheme = "light", init } = {}, test) {
    const { chromium } = require("playwright-core");
    const args = [
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ];
    if (process.getuid() === 0) args.push("--no-sandbox");
    const browser = await chromium.launch({ executablePath: PAGE_CHROMIUM, args });
    try {
        const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
        const page = await context.newPage();
        const told = { console: [], requests: [] };
        page.on("console", (message) => told.console.push(`${message.type()}: ${message.text()}`));
        page.on("pageerror", (error) => told.console.push(`error: ${error.stack}`));
        const address = pathToFileURL(inFolder(`${name}.html`)).href;
        page.on(
            "request",
            (request) =>
                request.url() === address ||
                request.url().startsWith("data:") ||
                told.requests.push(request.url()),
        );
        if (init) await page.addInitScript(init);
        await page.goto(address);
        await shown(page);
        await test(page, told);
        assert.deepEqual(told, { console: [], requests: [] });
    } finally {
        await browser.close();
    }
}

// Waits until what was changed is painted, and what the page put off until then as well: each piece is a timer's, which
// run in the order in which they were set, and none sets more than one other.
export async function shown(page) {
    await page.evaluate(async () => {
        for (let i = 0; i < 6; i++) await new Promise((done) => setTimeout(done));
        for (let i = 0; i < 2; i++) await new Promise((done) => requestAnimationFrame(done));
    });
}

export function readData(page) {
    return page.evaluate(() => JSON.parse(document.getElementById("data").textContent));
}

// What the panel says: the name of the part, its sizes, and the steps of the chain as [symbol, "member · library"].
export function readPanel(page) {
    return page.evaluate(() => {
        const panel = document.getElementById("detail");
        const texts = (selector) =>
            [...panel.querySelectorAll(selector)].map((element) => element.textContent);
        const step = (item) => [
            item.querySelector("button").textContent,
            item.querySelector(".note").textContent,
        ];
        return {
            kicker: panel.querySelector(".kicker").textContent,
            name: panel.querySelector("h2").textContent,
            sizes: texts(".stats dd").map((text) => Number(text.replace(/ B.*/, "").replaceAll(",", ""))),
            chain: [...panel.querySelectorAll(".chain li")].map(step),
        };
    });
}

// Chains of demine why in the words of the panel.
export function chainsOf(answer) {
    return answer.targets.map((target) =>
        target.chain.map((step) => [step.symbol ?? `[${step.section}]`, `${step.member} · ${step.library}`]),
    );
}
