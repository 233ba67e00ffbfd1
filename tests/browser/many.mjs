// SPDX-License-Identifier: MIT
//
// many.mjs REPORT FILES THUMBPRINT - does a report of many files turn its
// pages, and print?  The first file names the owner of that thumbprint.
import * as t from './page.mjs';

const [, , report, filesText, thumbprint] = process.argv;
const files = Number(filesText);

function shown(page) {
	return page.locator('#list tbody tr:not(.more)').count();
}

async function pages(page) {
	const last = Math.ceil(files / 50);
	t.is(await t.fitting(page), files, 'every file is a row');
	t.is(await shown(page), 50, 'a page of 50');
	t.is(await page.isDisabled('#back'), true, 'none before the first');
	const first = await page.textContent('#list .row');
	await page.focus('#next');
	await page.keyboard.press('Enter');
	t.is(await page.textContent('#page'), 'page 2 of ' + last, 'next');
	t.ok(await page.textContent('#list .row') !== first,
		'the next page has other rows');
	await page.click('#last');
	t.is(await page.textContent('#page'), 'page ' + last + ' of ' + last,
		'last');
	t.is(await shown(page), files - 50 * (last - 1), 'the rest');
	t.is(await page.isDisabled('#next'), true, 'none after the last');
	await page.click('#first');
	t.is(await page.textContent('#list .row'), first, 'first');
	await page.selectOption('#per', '1000');
	t.is(await shown(page), Math.min(files, 1000), '1,000 a page');
	await page.selectOption('#per', '50');
}

// On paper there are no pages to turn: all rows are there.
async function paper(page) {
	await page.evaluate(function () {
		addEventListener('beforeprint', function () {
			window.printed = document.querySelectorAll(
				'#list tbody tr:not(.more)').length;
			window.brief = document.querySelector(
				'#list .more').textContent;
		});
	});
	const pdf = await page.pdf({ format: 'A4' });
	t.ok(pdf.length > 10000, 'a PDF was made', pdf.length);
	t.is(await page.evaluate(() => window.printed), files,
		'all rows are on paper');
	t.ok((await page.evaluate(() => window.brief)).includes(thumbprint),
		'and who can open them');
	await page.waitForFunction(() => document.querySelectorAll(
		'#list tbody tr:not(.more)').length === 50, null, { timeout: 10000 })
		.catch(() => null);
	t.is(await shown(page), 50, 'and the page is as before');
	await page.emulateMedia({ media: 'print' });
	t.is(await page.isVisible('nav'), false, 'no navigation on paper');
	t.is(await page.isVisible('.sign'), true, 'a place to sign');
	t.is(await page.evaluate(() => getComputedStyle(document.body)
		.backgroundColor), 'rgb(255, 255, 255)', 'white paper');
}

await t.start();
const { page, trouble, close } = await t.open(report,
	{ colorScheme: 'dark' });
await pages(page);
await paper(page);
t.is(trouble.join('\n'), '', 'no error, no warning, no request');
await close();
await t.stop();
