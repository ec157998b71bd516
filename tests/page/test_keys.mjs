// The page by keyboard alone, and what a screen reader is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readPanel, shown, withPage } from "./page_open.mjs";

async function press(page, ...keys) {
    for (const key of keys) await page.keyboard.press(key);
    await page.waitForTimeout(150);
}

// What a screen reader is told, once it is that.
async function heard(page, pattern) {
    const isTold = (source) => new RegExp(source).test(document.getElementById("announce").textContent);
    await page
        .waitForFunction(isTold, pattern.source)
        .catch(async () => assert.match(await page.textContent("#announce"), pattern));
    return page.textContent("#announce");
}

const focused = (page) =>
    page.evaluate(() => document.activeElement.id || document.activeElement.textContent);

async function tabTo(page, wanted) {
    for (let i = 0; i < 60; i++) {
        await page.keyboard.press("Tab");
        if ((await focused(page)) === wanted) return;
    }
    assert.fail(`Tab does not lead to ${wanted}`);
}

test("the treemap", async () => {
    await withPage("video", {}, async (page) => {
        await tabTo(page, "treemap");
        await heard(page, /^catalog, function, [\d,]+ B\. 1 of 4\.$/);
        await press(page, "ArrowRight");
        await heard(page, /^subtitles, function/);
        await press(page, "ArrowDown");
        await heard(page, /^thumbnail, function/);
        await press(page, "Enter");
        assert.equal((await readPanel(page)).name, "thumbnail");
        await heard(page, /parts\.$/);
        assert.equal(await focused(page), "treemap", "the focus stays");
        await press(page, "ArrowRight");
        const told = await heard(page, /, library, .* % of thumbnail\. \d+ of \d+\.$/);
        await press(page, "PageDown");
        await heard(page, /, member, /);
        await press(page, "PageUp");
        assert.equal(await heard(page, /, library, /), told);
        await press(page, "Home", "Enter", "Enter");
        assert.equal((await page.$$("#crumbs li")).length, 4);
        await press(page, "Enter");
        const panel = await readPanel(page);
        assert.match(panel.kicker, /^Symbol in /);
        assert.ok(panel.chain.length > 0);
        await press(page, "Escape", "Escape", "Escape", "Escape");
        assert.equal((await readPanel(page)).name, "video-api");
        await press(page, "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowUp", "End", "Home");
        await heard(page, /^catalog, /);
    });
});

test("the table", async () => {
    await withPage("video", {}, async (page) => {
        await page.focus("#filter");
        await page.keyboard.type("libshared");
        await shown(page);
        await page.keyboard.press("Tab");
        assert.equal(await page.evaluate(() => document.activeElement.closest("th").dataset.key), "name");
        await press(page, "Enter");
        await heard(page, /^Sorted by Symbol, ascending\.$/);
        assert.equal(await page.getAttribute('th[data-key="name"]', "aria-sort"), "ascending");
        await page.focus('#table tbody [tabindex="0"]');
        const row = () =>
            page.evaluate(() => Number(document.activeElement.closest("tr").getAttribute("aria-rowindex")));
        assert.equal(await row(), 2);
        await press(page, "ArrowDown", "ArrowDown");
        assert.equal(await row(), 4);
        await press(page, "PageDown");
        assert.ok((await row()) > 10);
        await press(page, "End");
        assert.equal(await row(), Number(await page.getAttribute("#table table", "aria-rowcount")));
        const name = await focused(page);
        await press(page, "Enter");
        assert.equal((await readPanel(page)).name, name);
        assert.equal(await focused(page), name, "the focus stays in the row");
        await press(page, "Home");
        assert.equal(await row(), 2);
    });
});

test("nothing holds the focus", async () => {
    await withPage("video", {}, async (page) => {
        await page.keyboard.press("Tab");
        assert.equal(await focused(page), "Skip to the table of symbols");
        const seen = [];
        for (let i = 0; i < 80; i++) {
            await page.keyboard.press("Tab");
            seen.push(await focused(page));
        }
        for (const id of ["theme", "treemap", "filter"])
            assert.ok(seen.includes(id), `Tab does not come by ${id}`);
    });
});

test("the theme goes round and is kept", async () => {
    await withPage("video", {}, async (page) => {
        const theme = () =>
            page.evaluate(() => [
                document.documentElement.dataset.theme,
                getComputedStyle(document.body).backgroundColor,
            ]);
        const [, light] = await theme();
        await page.click("#theme");
        assert.deepEqual(await theme(), ["light", light]);
        await page.click("#theme");
        assert.equal((await theme())[0], "dark");
        assert.notEqual((await theme())[1], light);
        const dark = await theme();
        await page.reload();
        assert.deepEqual(await theme(), dark);
        await page.click("#theme");
        assert.deepEqual(await theme(), [undefined, light]);
        await page.emulateMedia({ colorScheme: "dark" });
        assert.deepEqual(await theme(), [undefined, dark[1]]);
        await page.click("#theme");
        assert.deepEqual(await theme(), ["light", light]);
    });
});
