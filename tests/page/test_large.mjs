// 50,000 symbols: how soon there is something to see, and how long the page is busy at a time while it is used. The
// figures are printed; a machine may be slow, and only what is out of all proportion fails.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { test } from "node:test";
import { inFolder, readData, shown, withPage } from "./page_open.mjs";

const PAINT_GOAL_MS = 2000;
const OUT_OF_PROPORTION = 10;
const TASK_MOST_MS = 3000;

// Notes tasks of over 50 ms, as browsers do.
function watchTasks() {
    window.longTasks = [];
    new PerformanceObserver((list) =>
        window.longTasks.push(...list.getEntries().map((entry) => entry.duration)),
    ).observe({ entryTypes: ["longtask"] });
}

async function longest(page, title, act) {
    await page.evaluate(() => (window.longTasks.length = 0));
    await act();
    await page.waitForTimeout(200);
    const tasks = await page.evaluate(() => window.longTasks);
    const most = Math.max(0, ...tasks);
    console.log(
        `${title}: ${tasks.length === 0 ? "no task over 50 ms" : `longest task ${most.toFixed(0)} ms, ${tasks.length} over 50 ms`}`,
    );
    assert.ok(most < TASK_MOST_MS, `${title} took ${most} ms at a time`);
}

test("50,000 symbols", async () => {
    await withPage("large", { init: watchTasks }, async (page) => {
        const data = await readData(page);
        const symbols = data.functions[0].atoms.name.length - 1;
        assert.ok(symbols >= 50000);
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
        const box = await page.locator("#treemap").boundingBox();
        await longest(page, "pointer across the treemap", async () => {
            for (let i = 0; i < 60; i++)
                await page.mouse.move(
                    box.x + (i * box.width) / 60,
                    box.y + ((i * 37) % 60) * (box.height / 60),
                );
        });
        await longest(page, "into a library and out", async () => {
            await page.mouse.click(box.x + 20, box.y + 8);
            await shown(page);
            await page.click("#crumbs button >> nth=-1");
            await shown(page);
        });
        await longest(page, "filter, letter by letter", () =>
            page.locator("#filter").pressSequentially("parse net", { delay: 30 }),
        );
        await page.fill("#filter", "");
        await longest(page, "sort by each column", async () => {
            for (const key of ["name", "member", "library", "zip", "retained", "bytes"])
                await page.click(`th[data-key="${key}"] button`);
        });
        await longest(page, "scroll through the table", async () => {
            for (let i = 0; i <= 40; i++) {
                await page
                    .locator(".scroller")
                    .evaluate((element, part) => element.scrollTo(0, element.scrollHeight * part), i / 40);
                await shown(page);
            }
        });
        await longest(page, "other colours, other areas", async () => {
            await page.click('[data-choice="colour:kept"]');
            await page.click('[data-choice="area:zip"]');
        });
    });
});
