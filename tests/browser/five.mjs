// SPDX-License-Identifier: MIT
//
// five.mjs REPORT FACTS - does the report of the image "five" work in Chromium?
//
// FACTS is JSON of what the manifest of the image and its case.db say.
import { readFileSync } from 'node:fs';
import * as t from './page.mjs';

const [, , report, factsFile] = process.argv;
const facts = JSON.parse(readFileSync(factsFile, 'utf8'));

async function names(page) {
	return page.$$eval('#list tbody tr:not(.more) .row',
		rows => rows.map(row => row.children[0].textContent));
}

async function word(page, text, wanted) {
	await page.fill('#word', text);
	t.is(await t.fitting(page), wanted, 'rows with "' + text + '"');
	t.is(await page.locator('#list tbody tr:not(.more)').count(),
		Math.min(wanted, 50), 'and so many are shown');
}

async function filters(page) {
	for (const [text, wanted] of Object.entries(facts.words))
		await word(page, text, wanted);
	await page.fill('#word', 'no such text');
	t.is(await t.fitting(page), 0, 'a text that is nowhere');
	await t.reset(page);
	for (const [status, wanted] of Object.entries(facts.status)) {
		await page.selectOption('#status', status);
		t.is(await t.fitting(page), wanted, 'filter by ' + status);
	}
	await t.reset(page);
	for (const [who, wanted] of Object.entries(facts.who)) {
		await page.selectOption('#person', who);
		t.is(await t.fitting(page), wanted, 'filter by ' + who);
	}
	await page.selectOption('#status', 'recovered_verified');
	await page.selectOption('#person', facts.both.who);
	t.is(await t.fitting(page), facts.both.verified,
		'two filters at once');
	await t.reset(page);
	t.is(await t.fitting(page), facts.files, 'all again');
}

async function order(page) {
	const head = page.locator('#list th[data-key=size]');
	await head.locator('button').click();
	t.is(await head.getAttribute('aria-sort'), 'ascending',
		'sorted by size');
	t.is(JSON.stringify((await page.$$eval('#list tbody td.n',
		cells => cells.map(cell => cell.title)))),
	JSON.stringify(facts.sizes), 'the sizes of the manifest, in order');
	await head.locator('button').click();
	t.is(await head.getAttribute('aria-sort'), 'descending',
		'and the other way');
	await page.locator('#list th[data-key=path] button').click();
	t.is(await head.getAttribute('aria-sort'), 'none',
		'one column at a time');
	t.is(JSON.stringify(await names(page)), JSON.stringify(facts.paths),
		'the paths of the manifest, in order');
}

// A row of the manifest whose plaintext is known.
async function details(page) {
	await page.fill('#word', facts.sample.path);
	const row = page.locator('#list .row').first();
	t.is(await row.getAttribute('aria-expanded'), 'false', 'closed');
	await row.focus();
	await page.keyboard.press('Enter');
	t.is(await row.getAttribute('aria-expanded'), 'true',
		'opened by the keyboard');
	const id = await row.getAttribute('aria-controls');
	const text = await page.textContent('#' + id);
	for (const wanted of facts.sample.holds)
		t.ok(text.includes(wanted), 'details: ' + wanted, text);
	await page.keyboard.press('Space');
	t.is(await page.locator('#' + id).count(), 0, 'closed again');
	await t.reset(page);
}

// What a link of another chapter says is what the table then shows.
async function links(page) {
	for (const link of facts.links) {
		const a = page.locator('a[href="' + link.href + '"]').first();
		await a.focus();
		await page.keyboard.press('Enter');
		await page.waitForFunction(
			wanted => document.getElementById('shown').textContent
				.startsWith(wanted + ' of'), link.rows,
			{ timeout: 5000 }).catch(() => null);
		t.is(await t.fitting(page), link.rows, 'link ' + link.href);
		if (link.number !== undefined)
			t.is(await a.textContent(), String(link.number),
				'which says so');
	}
	await t.reset(page);
}

async function folders(page) {
	const rows = page.locator('#matrix tbody tr:visible');
	const all = await rows.count();
	t.is(all, facts.folders, 'folders with encrypted objects');
	await page.locator('#matrix .fold').first().focus();
	await page.keyboard.press('Enter');
	t.is(await rows.count(), 1, 'the tree folds');
	await page.keyboard.press('Enter');
	t.is(await rows.count(), all, 'and unfolds');
}

async function accessible(page, scheme) {
	await page.emulateMedia({ colorScheme: scheme });
	await page.locator('#list .row').first().click();
	await page.evaluate(t.axe);
	const result = await page.evaluate(() => window.axe.run(document));
	t.is(result.violations.map(v => v.id + ': ' + v.nodes.length + ' ' +
		v.nodes[0].html).join('\n'), '', 'axe-core, ' + scheme);
	t.ok(result.passes.some(rule => rule.id === 'color-contrast'),
		'it has looked at contrast');
	await page.locator('#list .row').first().click();
}

// Nothing but the keys: from the search to the first row.
async function keyboard(page) {
	await page.focus('#word');
	await page.keyboard.type(facts.sample.path);
	for (let i = 0; i < 40; i++) {
		await page.keyboard.press('Tab');
		if (await page.evaluate(() =>
			document.activeElement.className === 'row'))
			break;
	}
	await page.keyboard.press('Enter');
	t.is(await page.locator('#list .more').count(), 1,
		'from the search to a row by Tab, and open it');
	await t.reset(page);
}

// Every chapter is there without the script, but for the table of files.
async function bare() {
	const p = await t.open(report, { javaScriptEnabled: false });
	await p.page.waitForLoadState();
	t.ok(await p.page.locator('noscript p', { hasText: 'case.db' })
		.isVisible(), 'without scripts the page says what is missing');
	t.is(await p.page.locator('#list').isVisible(), false,
		'and shows no empty table');
	t.is(await p.page.locator('#matrix tbody tr:visible').count(),
		facts.folders, 'all folders without scripts');
	t.is(p.trouble.join('\n'), '', 'no trouble without scripts');
	await p.close();
}

await t.start();
const { page, trouble, close } = await t.open(report);
t.is(await t.fitting(page), facts.files, 'every file is a row');
await filters(page);
await order(page);
await details(page);
await keyboard(page);
await links(page);
await folders(page);
await accessible(page, 'light');
await accessible(page, 'dark');
await page.setViewportSize({ width: 390, height: 800 });
t.is(await page.evaluate(() => document.documentElement.scrollWidth), 390,
	'a narrow screen scrolls in one direction');
t.is(trouble.join('\n'), '', 'no error, no warning, no request');
await close();
await bare();
await t.stop();
