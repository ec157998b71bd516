// 50,000 symbols: how soon there is something to see, and how long the page is busy at a time while it is used. The
// figures are printed; a machine may be slow, and only what is out of all proportion fails. What is done for each act is
// counted as well, which is the same on every machine: as much as can be seen, not as much as there is.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { test } from "node:test";
import { NARROW, WIDE, inFolder, readData, shown, withPage } from "./page_open.mjs";

const PAINT_GOAL_MS = 2000;
const OUT_OF_PROPORTION = 10;
const TASK_MOST_MS = 20000;
const ROWS_MOST = 60;
const ELEMENTS_MOST = 1500; // that an act makes: rows in sight, perhaps twice, and the parts around them
const TEXTS_MOST = 500; // that are written for one paint of the treemap
const BOXES_MOST = 20; // that are drawn one by one: frames
const SORTED_MOST = 1000; // values in what is sorted for one act, once all is prepared: largest parts, referrers

// Notes tasks of over 50 ms, as browsers do, and counts the work.
function watch() {
    window.longTasks = [];
    new PerformanceObserver((list) =>
        window.longTasks.push(...list.getEntries().map((entry) => entry.duration)),
    ).observe({ entryTypes: ["longtask"] });
    window.work = { elements: 0, boxes: 0, texts: 0, paints: 0, sorted: 0 };
    const count = (prototype, name, key, amount = () => 1) => {
        const plain = prototype[name];
        prototype[name] = function (...given) {
            window.work[key] += amount(this);
            return plain.apply(this, given);
        };
    };
    count(Document.prototype, "createElement", "elements");
    const context = CanvasRenderingContext2D.prototype;
    for (const name of ["fillRect", "strokeRect", "fill", "stroke"]) count(context, name, "boxes");
    count(context, "fillText", "texts");
    count(context, "putImageData", "paints");
    count(Array.prototype, "sort", "sorted", (array) => array.length);
}

async function watched(page, title, act, limits = {}) {
    await page.evaluate(() => {
        window.longTasks.length = 0;
        for (const key of Object.keys(window.work)) window.work[key] = 0;
    });
    await act();
    await shown(page);
    await page.waitForTimeout(200);
    const { tasks, work, rows } = await page.evaluate(() => ({
        tasks: window.longTasks,
        work: window.work,
        rows: document.querySelectorAll("#table tbody tr").length,
    }));
    const most = Math.max(0, ...tasks);
    const busy =
        tasks.length === 0
            ? "no task over 50 ms"
            : `longest task ${most.toFixed(0)} ms, ${tasks.length} over 50 ms`;
    console.log(
        `${title}: ${busy}; ${work.elements} elements, ${work.paints} paints, ${work.texts} texts, ${work.sorted} sorted`,
    );
    assert.ok(most < TASK_MOST_MS, `${title} took ${most} ms at a time`);
    assert.ok(rows > 0 && rows < ROWS_MOST, `${title}: ${rows} rows`);
    const { acts = 1, paints = acts, sorted = acts * SORTED_MOST } = limits;
    assert.ok(work.elements < acts * ELEMENTS_MOST, `${title}: ${work.elements} elements`);
    assert.ok(work.paints <= paints, `${title}: ${work.paints} paints of the treemap, not ${paints}`);
    assert.ok(work.texts <= paints * TEXTS_MOST, `${title}: ${work.texts} texts`);
    assert.ok(work.boxes < acts * BOXES_MOST, `${title}: ${work.boxes} boxes drawn one by one`);
    assert.ok(work.sorted < sorted, `${title}: ${work.sorted} sorted`);
}

async function inAndOut(page, box) {
    const into = (title) => watched(page, title, () => page.mouse.click(box.x + 20, box.y + 8));
    const out = (title) => watched(page, title, () => page.click("#crumbs button >> nth=-1"));
    await into("into a library");
    await into("into a member");
    await watched(
        page,
        "click a symbol",
        () => page.mouse.click(box.x + box.width / 2 + 7, box.y + box.height / 2 + 3),
        { paints: 0 },
    );
    assert.match(await page.textContent("#detail .kicker"), /^Symbol in /);
    await out("out of the member");
    await out("out of the library");
}

async function filter(page) {
    const letters = [..."parse net"];
    await page.focus("#filter");
    for (const letter of letters)
        await watched(page, `filter: "${letter}"`, () => page.keyboard.press(letter));
    const rows = Number((await page.textContent("#count")).replace(/ .*/, "").replaceAll(",", ""));
    assert.ok(rows > 1000 && rows < 10000, `${rows} rows`);
    await watched(page, "filter, without a pause", () => page.keyboard.type(" cop"), { acts: 4 });
    await watched(page, "no filter", () => page.fill("#filter", ""));
}

async function sort(page) {
    for (const key of ["name", "member", "library", "zip", "retained", "kept", "bytes"]) {
        const button = page.locator(`th[data-key="${key}"] button`);
        if (await button.isVisible())
            await watched(page, `sort by ${key}`, () => button.click(), { paints: 0 });
    }
}

// Until what was to be made while there is nothing else to do is made.
async function prepared(page) {
    await page.waitForFunction(() => performance.getEntriesByName("demine-prepared").length > 0);
}

for (const [size, viewport] of [
    ["1440x900", WIDE],
    ["390x844", NARROW],
]) {
    test(`50,000 symbols, ${size}`, async () => {
        await withPage("large", { init: watch, viewport }, async (page) => {
            const data = await readData(page);
            const symbols = data.functions[0].atoms.name.length - 1;
            assert.ok(symbols >= 50000);
            // It is told once the frame was presented.
            await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
            const times = await page.evaluate(() => ({
                paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
                all: performance.getEntriesByName("demine-shown")[0].startTime,
            }));
            console.log(
                `${symbols} symbols, page of ${(statSync(inFolder("large.html")).size / 2 ** 20).toFixed(1)} MB`,
            );
            console.log(
                `first paint ${times.paint.toFixed(0)} ms, everything shown ${times.all.toFixed(0)} ms after the page was asked for (goal: ${PAINT_GOAL_MS} ms)`,
            );
            assert.ok(times.all < OUT_OF_PROPORTION * PAINT_GOAL_MS);
            await prepared(page);
            const box = await page.locator("#treemap").boundingBox();
            await inAndOut(page, box);
            await watched(
                page,
                "pointer across the treemap",
                async () => {
                    for (let i = 0; i < 60; i++)
                        await page.mouse.move(
                            box.x + (i * box.width) / 60,
                            box.y + ((i * 37) % 60) * (box.height / 60),
                        );
                },
                { acts: 60, paints: 0 },
            );
            await filter(page);
            await sort(page);
            await watched(
                page,
                "scroll through the table",
                async () => {
                    for (let i = 0; i <= 40; i++) {
                        await page
                            .locator(".scroller")
                            .evaluate(
                                (element, part) => element.scrollTo(0, element.scrollHeight * part),
                                i / 40,
                            );
                        await shown(page);
                    }
                },
                { acts: 41, paints: 0 },
            );
            await watched(page, "click a row", () => page.click("#table tbody button >> nth=3"), {
                paints: 0,
            });
            for (const choice of ["colour:kept", "colour:change", "colour:origin"])
                await watched(page, choice, () => page.click(`[data-choice="${choice}"]`));
            // By what areas stand for the parts of each part are sorted anew.
            for (const choice of ["area:zip", "area:bytes"])
                await watched(page, choice, () => page.click(`[data-choice="${choice}"]`), {
                    sorted: 1.2 * symbols,
                });
        });
    });
}
