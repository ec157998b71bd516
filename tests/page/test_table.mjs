// The table filters and sorts as the data say, and has few elements however many rows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { askDemine, shown, withPage } from "./page_open.mjs";

const ROWS_MOST = 80;

function symbols(name) {
    const one = askDemine("video", "size", name).functions[0];
    return one.libraries.flatMap((library) =>
        library.members.flatMap((member) =>
            member.symbols.map((symbol) => ({ ...symbol, member: member.name, library: library.name })),
        ),
    );
}

const firstCells = (page, key) =>
    page.$$eval(`#table tbody tr .column-${key}`, (cells) =>
        cells.slice(0, 15).map((cell) => (cell.querySelector("button") ?? cell).textContent),
    );

test("filter and sort", async () => {
    await withPage("video", {}, async (page) => {
        await page.click(".choice-card >> nth=1");
        const all = symbols("catalog");
        await page.fill("#filter", "LIBC malloc");
        await shown(page);
        const matching = all.filter(
            (one) => one.library === "libc" && `${one.name ?? one.section} ${one.member}`.includes("malloc"),
        );
        assert.match(
            await page.textContent("#count"),
            new RegExp(
                `^${matching.length} rows of [\\d,]+, ${matching.reduce((sum, one) => sum + one.bytes, 0).toLocaleString("en")} B$`,
            ),
        );
        for (const [key, field] of [
            ["bytes", "bytes"],
            ["zip", "deflated_bytes"],
            ["retained", "retained_bytes"],
        ]) {
            const down = matching.map((one) => one[field]).sort((a, b) => b - a);
            const button = `th[data-key="${key}"] button`;
            if ((await page.getAttribute(`th[data-key="${key}"]`, "aria-sort")) !== "descending")
                await page.click(button);
            assert.deepEqual(
                await firstCells(page, key),
                down.slice(0, 15).map((number) => number.toLocaleString("en")),
                key,
            );
            await page.click(button);
            assert.deepEqual(
                await firstCells(page, key),
                down
                    .reverse()
                    .slice(0, 15)
                    .map((number) => number.toLocaleString("en")),
                key,
            );
        }
        await page.click('th[data-key="name"] button');
        const names = await firstCells(page, "name");
        assert.deepEqual(names, [...names].sort());
        await page.fill("#filter", "no such symbol");
        await shown(page);
        assert.ok(await page.isVisible("#table .empty"));
        await page.fill("#filter", "");
        await shown(page);
        assert.ok(!(await page.isVisible("#table .empty")));
    });
});

test("rows are made where they are looked at", async () => {
    await withPage("large", {}, async (page) => {
        const scroller = page.locator(".scroller");
        assert.ok((await page.$$("#table tbody tr")).length < ROWS_MOST);
        const height = await scroller.evaluate((element) => element.scrollHeight);
        const count = Number(await page.getAttribute("#table table", "aria-rowcount"));
        assert.ok(count > 50000 && height > 30 * count, `${count} rows, ${height} px`);
        for (const share of [0.3, 0.71, 1]) {
            await scroller.evaluate(
                (element, part) => element.scrollTo(0, element.scrollHeight * part),
                share,
            );
            await shown(page);
            const rows = await page.$$eval("#table tbody tr[aria-rowindex]", (all) =>
                all.map((row) => Number(row.getAttribute("aria-rowindex"))),
            );
            assert.ok(rows.length < ROWS_MOST);
            const box = await scroller.boundingBox();
            const inSight = await page.evaluate(
                ([x, y]) => document.elementFromPoint(x, y).closest("tr")?.getAttribute("aria-rowindex"),
                [box.x + 100, Math.min(box.y + box.height - 20, 890)],
            );
            await scroller.scrollIntoViewIfNeeded();
            assert.ok(inSight === null || inSight === undefined || rows.includes(Number(inSight)));
            if (share === 1) assert.equal(rows.at(-1), count);
        }
    });
});
