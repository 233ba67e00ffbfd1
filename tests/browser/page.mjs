// SPDX-License-Identifier: MIT
//
// page.mjs - a report opened in Chromium, and TAP lines
//
// What drives the browser is in build/browser (see the Makefile).
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.cwd() + '/build/browser/');
const { chromium } = require('playwright-core');
export const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

let browser, n = 0;

export async function start() {
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
		args: ['--headless', '--no-sandbox', '--disable-gpu',
			'--disable-quic', '--no-first-run',
			'--disable-background-networking',
			'--disable-component-update', '--disable-sync'],
	});
}

export async function stop() {
	await browser.close();
	console.log('1..' + n);
}

export function ok(good, name, why) {
	n++;
	console.log((good ? 'ok ' : 'not ok ') + n + ' - ' + name);
	if (!good && why !== undefined)
		console.log(String(why).replace(/^/gm, '# '));
}

export function is(got, wanted, name) {
	ok(got === wanted, name, 'got:    ' + got + '\nwanted: ' + wanted);
}

// The page, and what it must not do: `trouble` gets a line for each.
export async function open(file, options) {
	const context = await browser.newContext(options);
	const page = await context.newPage();
	const url = pathToFileURL(file).href;
	const trouble = [];

	page.on('console', function (m) {
		if (['error', 'warning'].includes(m.type()))
			trouble.push('console: ' + m.text());
	});
	page.on('pageerror', e => trouble.push('error: ' + e.message));
	page.on('dialog', function (d) {
		trouble.push('dialog: ' + d.message());
		return d.dismiss();
	});
	await page.route('**', function (route) {
		if (route.request().url().split('#')[0] === url)
			return route.continue();
		trouble.push('request: ' + route.request().url());
		return route.abort();
	});
	await page.goto(url, { waitUntil: 'commit' });
	if (!options || options.javaScriptEnabled !== false)
		await page.waitForSelector('html[data-ready]',
			{ timeout: 120000 });
	return { page, trouble, close: () => context.close() };
}

// How many rows fit the filter, as the page says.
export async function fitting(page) {
	const text = await page.textContent('#shown');
	return Number(text.split(' ')[0].replaceAll(',', ''));
}

export async function reset(page) {
	await page.click('.filter button[type=reset]');
	await page.waitForFunction(function () {
		const words = document.getElementById('shown').textContent
			.split(' ');
		return words[0] === words[2];
	});
}
