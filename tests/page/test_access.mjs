// axe-core finds nothing to say of the page, in both themes, at both sizes, as it opens and as it is used.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NARROW, WIDE, axePath, shown, withPage } from "./page_open.mjs";

async function check(page, when) {
    const found = await page.evaluate(() =>
        window.axe.run({
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        }),
    );
    const problems = found.violations.map(
        (rule) =>
            `${when}: ${rule.id}: ${rule.nodes.map((node) => `${node.target} ${node.any.map((any) => any.message)}`).join("; ")}`,
    );
    assert.deepEqual(problems, []);
    assert.ok(found.passes.length > 20);
}

for (const [size, viewport] of [
    ["wide", WIDE],
    ["narrow", NARROW],
]) {
    for (const colorScheme of ["light", "dark"]) {
        test(`${size}, ${colorScheme}`, async () => {
            await withPage("video", { viewport, colorScheme }, async (page) => {
                // The page's own policy keeps other scripts out; the debugger's way in does not ask it.
                await page.evaluate((await import("node:fs")).readFileSync(axePath, "utf8"));
                await check(page, "as it opens");
                await page.click(".choice-card >> nth=1");
                await page.fill("#filter", "printf");
                await shown(page);
                await page.click("#table tbody button >> nth=2");
                await page.click('[data-choice="colour:kept"]');
                await shown(page);
                await check(page, "with a symbol selected");
                await page.fill("#filter", "no such symbol");
                await shown(page);
                await check(page, "with an empty table");
            });
        });
    }
}

test("history and changes", async () => {
    await withPage("history", {}, async (page) => {
        await page.evaluate((await import("node:fs")).readFileSync(axePath, "utf8"));
        await page.click('[data-choice="colour:change"]');
        await page.click("#history summary");
        await shown(page);
        await check(page, "with changes");
    });
});
